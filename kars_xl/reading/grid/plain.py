"""Reads text: tab-separated tables in .txt/.md/.tsv, and .csv. A line is a row; HTML and Markdown marks fall off."""

from __future__ import annotations

import csv
import io
import re

from kars_xl.reading.grid.cells import Cell, Grid, Sheet, UnreadableFile

_MARKS = re.compile(r"</?(?:b|i|u|strong|em|br)\s*/?>|\*\*|__", re.IGNORECASE)
_EDGE_MARKS = re.compile(r"^\s*#{1,6}\s+|^\*(?=\S)|(?<=\S)\*$")


def read_plain(path: str, data: bytes) -> Grid:
    """Tables of a text file. Raises UnreadableFile (KX001) where it is no text."""
    text = _decode(data)
    sheet = Sheet(path, "")
    rows = _separated(text) if path.lower().endswith(".csv") else _tabs(text)
    for number, row in enumerate(rows, start=1):
        for column, raw in enumerate(row, start=1):
            content = _EDGE_MARKS.sub("", _MARKS.sub("", raw)).strip()
            if content:
                sheet.cells[number, column] = Cell(path, "", number, column, content)
    return Grid(path, [sheet])


def _tabs(text: str) -> list[list[str]]:
    return [line.split("\t") for line in re.split("\r\n?|\n", text)]


def _separated(text: str) -> list[list[str]]:
    try:
        # Any kind of line end, those of old Macs too.
        return list(csv.reader(io.StringIO(text, newline=None), delimiter=_delimiter(text)))
    except csv.Error as error:
        raise UnreadableFile("KX001", "bir hücresi bir tabloya sığmayacak kadar uzun") from error


def _decode(data: bytes) -> str:
    if b"\x00" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableFile("KX001", "metin dosyası değil")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Excel on Turkish Windows saves .csv and .txt in the code page of the system.
        return data.decode("cp1254", errors="replace")


def _delimiter(text: str) -> str:
    """The separator that the first lines hold most of; Turkish Excel writes semicolons."""
    head = "\n".join(text.splitlines()[:50])
    return max(";\t,", key=head.count)
