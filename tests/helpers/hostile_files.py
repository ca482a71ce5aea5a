"""Workbooks made to do harm: parts of a form in the place of its own, and the codes of what is said of them."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
Part = str | bytes | Iterator[bytes]


def package(path: Path, source: Path, **changed: Part | None) -> Path:
    """A copy of a workbook with parts replaced (by the last word of their name), added or (None) left out."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            word = name.rpartition("/")[2].removesuffix(".xml")
            part = changed.get(word, old.read(name))
            if isinstance(part, str | bytes):
                new.writestr(name, part)
            elif part is not None:
                with new.open(name, "w", force_zip64=True) as stream:
                    for chunk in part:
                        stream.write(chunk)
    return path


def repeated(head: str, body: str, times: int, tail: str) -> Iterator[bytes]:
    yield head.encode()
    block = (body * 10_000).encode()
    for _ in range(times // 10_000):
        yield block
    yield tail.encode()


def nested(depth: int) -> bytes:
    return b"<a>" * depth + b"</a>" * depth


SHEET = f'<worksheet xmlns="{MAIN}"><sheetData>'
_STYLES = f'<styleSheet xmlns="{MAIN}"><cellXfs>'
_STRINGS = f'<sst xmlns="{MAIN}">'
_LOL = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
PARTS: dict[str, tuple[str, Callable[[], Part], str]] = {
    "zip bombası": ("sheet3", lambda: repeated(SHEET, " " * 100, 3_000_000, "</sheetData></worksheet>"), "KX003"),
    "büyük metin": ("sharedStrings", lambda: repeated(_STRINGS, "x" * 30, 3_000_000, "</sst>"), "KX001"),
    "milyonlarca öğe": ("sheet3", lambda: repeated(SHEET, "<row/>", 6_000_000, "</sheetData></worksheet>"), "KX003"),
    "milyonlarca metin": ("sharedStrings", lambda: repeated(_STRINGS, "<si/>", 4_000_000, "</sst>"), "KX003"),
    "milyonlarca hücre": (
        "sheet3",
        lambda: repeated(SHEET, "<row><c><v>1</v></c></row>", 600_000, "</sheetData></worksheet>"),
        "KX003",
    ),
    "derin iç içe": ("sheet3", lambda: nested(1_000_000), "KX003"),
    "varlık bombası": ("sharedStrings", lambda: f'<!DOCTYPE x [<!ENTITY l0 "a">{_LOL}]><sst>&l9;</sst>', "KX003"),
    "geç gelen DOCTYPE": ("workbook", lambda: "<!--" + "x" * 9000 + '--><!DOCTYPE x [<!ENTITY a "b">]><x/>', "KX003"),
    "EBCDIC DOCTYPE": (
        "workbook",
        lambda: '<?xml version="1.0" encoding="cp037"?><!DOCTYPE x><x/>'.encode("cp037"),
        "KX001",
    ),
    "dışarıdan varlık": (
        "sharedStrings",
        lambda: '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><sst>&e;</sst>',
        "KX003",
    ),
    "metin numarası yok": (
        "sheet3",
        lambda: SHEET + '<row r="1"><c r="A1" t="s"><v>99999</v></c></row></sheetData></worksheet>',
        "KX001",
    ),
    "metin numarası eksi": (
        "sheet3",
        lambda: SHEET + '<row r="1"><c r="A1" t="s"><v>-1</v></c></row></sheetData></worksheet>',
        "KX001",
    ),
    "satır numarası eksi": (
        "sheet3",
        lambda: SHEET + '<row r="-5"><c r="A1"><v>1</v></c></row></sheetData></worksheet>',
        "KX001",
    ),
    "satır numarası çok büyük": (
        "sheet3",
        lambda: SHEET + f'<row r="{10**15}"><c r="A1"><v>1</v></c></row></sheetData></worksheet>',
        "KX001",
    ),
    "sütun çok büyük": (
        "sheet3",
        lambda: SHEET + '<row r="1"><c r="ZZZZZZZ1"><v>1</v></c></row></sheetData></worksheet>',
        "KX001",
    ),
    "sütun harfi değil": (
        "sheet3",
        lambda: SHEET + '<row r="1"><c r="ß1"><v>1</v></c></row></sheetData></worksheet>',
        "KX001",
    ),
    "aynı hücre iki kez": (
        "sheet3",
        lambda: SHEET + '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row></sheetData></worksheet>',
        "KX001",
    ),
    "boş parça": ("workbook", lambda: b"", "KX001"),
    "parça XML değil": ("sheet3", lambda: os.urandom(1000), "KX001"),
}


# What a file of a few kilobytes makes of itself: letters, formulas to be parsed, rows to be looked at.
GROWING = {
    "text": "".join(f'<row r="{n}"><c r="A{n}"><f>A{n - 1}&amp;A{n - 1}</f></c></row>' for n in range(2, 60)),
    "chain": "".join(f'<row r="{n}"><c r="A{n}"><f>A{n - 1}+{n}</f></c></row>' for n in range(2, 200_000)),
    "rows": "".join(f'<row r="{n}"><c r="B{n}"><v>{n}</v></c></row>' for n in range(1, 450_000)),
}
