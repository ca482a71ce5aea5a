"""What a file is by its bytes, whatever its name says; and which of a letter's attachments may be a form."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import docx
import openpyxl
import pytest

from kars_xl.reading.grid.containers import (
    ARCHIVE,
    EMPTY,
    LETTER,
    MBOX,
    OUTLOOK,
    OWN_PAGE,
    PAGE,
    PICTURE,
    TEXT,
    UNKNOWN,
    WINMAIL,
    WORKBOOK,
    Kind,
    is_litter,
    is_ornament,
    is_signature,
    is_workbook_name,
    kind_of,
    may_be_cover,
    opened,
    opens_message,
    starts_mbox,
    suffix_of,
    unmarked,
)

OLE = bytes.fromhex("D0CF11E0A1B11AE1")
ZIP = {"a.txt": b"x"}
XML_TABLE = b'<?xml version="1.0"?><Workbook/>'
PNG = b"\x89PNG\r\n" + b"\0" * 99


def zipped(parts: Mapping[str, bytes | str]) -> bytes:
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return data.getvalue()


def compound(*streams: str) -> bytes:
    return OLE + b"\0" * 504 + b"".join(stream.encode("utf-16-le") for stream in streams)


def types(*kinds: str, **more: str) -> bytes:
    """A package with these content types, and parts more."""
    return zipped({"[Content_Types].xml": "".join(f'<Override ContentType="{kind}"/>' for kind in kinds)} | more)


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        *((".DS_Store", True), (".x", True), ("~$form.xlsx", True), ("Thumbs.db", True), ("ehthumbs_vista.db", True)),
        *(("desktop.ini", True), ("__MACOSX", True), ("Icon\r", True)),
        *(("form.xlsx", False), ("x.ini", False), ("x~$", False), ("Icon", False), ("mythumbs.db", False)),
    ],
)
def test_what_programs_leave_behind(name: str, is_one: bool) -> None:
    assert is_litter(name) is is_one


@pytest.mark.parametrize(
    ("name", "is_one"),
    [("a.xlsx", True), ("A.XLS", True), ("a.csv", True), ("a.docx", True), ("a.txt", False), ("xlsx", False)],
)
def test_a_name_that_promises_tables(name: str, is_one: bool) -> None:
    assert is_workbook_name(name) is is_one


BEGINNINGS: list[tuple[str, bytes, Kind | str, str]] = [
    # Name, contents, what it is and the remedy for it.
    *(("a.txt", b"", TEXT, ""), ("a.MD", b"", TEXT, ""), ("a.csv", b"", EMPTY, ""), ("a", b"", EMPTY, "")),
    *(("a.txt", b"x", TEXT, ""), ("a.tsv", b"x", TEXT, ""), ("a.csv", b"x;y", TEXT, ""), ("a.md", b"x", TEXT, "")),
    *(("a", b"x\ty", TEXT, ""), ("a", b"x", UNKNOWN, ""), ("a.dat", b"x\ty", UNKNOWN, "")),
    ("a", b"x\ty\0", UNKNOWN, ""),
    *(("a.csv", b"x\0y", TEXT, ""), ("a.xlsx", b"x", UNKNOWN, ""), ("a.xlsx", b"x\ty", UNKNOWN, "")),
    # Old workbooks and what is kept like them.
    *(("a.xls", compound("Workbook"), WORKBOOK, ""), ("a.xls", compound(), WORKBOOK, "")),
    ("a.doc", compound("EncryptedPackage"), WORKBOOK, ""),
    ("a.msg", compound("__properties_version1.0"), OUTLOOK, "mail"),
    ("a.msg", compound("__properties_version1.0", "Workbook"), OUTLOOK, "mail"),
    ("a.msg", compound("__properties_version1.0", "WordDocument"), OUTLOOK, "mail"),
    ("a.doc", compound("WordDocument"), "eski Word belgesi (.doc)", "save"),
    ("a.xls", compound("WordDocument", "Workbook"), WORKBOOK, ""),
    ("a.ppt", compound("PowerPoint Document"), "PowerPoint sunusu", "save"),
    ("a.doc", compound("PowerPoint Document", "WordDocument"), "eski Word belgesi (.doc)", "save"),
    # Packages.
    ("a.xlsx", types("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"), WORKBOOK, ""),
    ("a.zip", types("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"), WORKBOOK, ""),
    ("a.xlsx", zipped({"[CONTENT_TYPES].XML": "x.main"}), WORKBOOK, ""),
    ("a.pptx", types("x.presentationml.presentation.main"), "PowerPoint sunusu", "save"),
    ("a.xlsx", types("x.presentation", "x.sheet.main"), WORKBOOK, ""),
    ("a.xlsb", types("x.sheet.binary.macroEnabled.main"), "ikili çalışma kitabı (.xlsb)", "save"),
    ("a.eyp", types("text/plain"), ARCHIVE, "archive"),
    ("a.xlsx", zipped({"[Content_Types].xml": "", "XL/workbook.xml": ""}), WORKBOOK, ""),
    ("a.docx", zipped({"[Content_Types].xml": "", "word/document.xml": ""}), WORKBOOK, ""),
    ("a.zip", zipped({"[Content_Types].xml": "", "a/xl/x": "", "sword/x": ""}), ARCHIVE, "archive"),
    *(("a.zip", zipped(ZIP), ARCHIVE, "archive"), ("a.xlsx", zipped(ZIP), ARCHIVE, "archive")),
    *(("a.ods", zipped({"mimetype": b"x"}), WORKBOOK, ""), ("a.ods", zipped({"_rels/.rels": b"x"}), WORKBOOK, "")),
    ("a", zipped({"Index/Document.iwa": b"x"}), "Apple Numbers ya da Pages belgesi", "save"),
    *(("a.zip", b"PK\3\4broken", WORKBOOK, ""), ("a.txt", b"PK", WORKBOOK, "")),
    # Letters.
    *(("winmail.dat", b"\x78\x9f\x3e\x22x", WINMAIL, "mail"), ("a.txt", b"\x78\x9f\x3e\x22x", WINMAIL, "mail")),
    ("a", b"From a@b\nDate: x\n\n", MBOX, "mail"),
    *(("a.eml", b"From: a@b\n\nx", LETTER, "mail"), ("a.txt", b"Subject: x\r\n\r\ny", LETTER, "mail")),
    # Pages and other markup.
    *(("a.htm", b"<html>", PAGE, "save"), ("a.xls", b"  \n<TABLE border=1>", PAGE, "save")),
    *(("a.xls", b"<!DOCTYPE html>", PAGE, "save"), ("a.xls", XML_TABLE, "XML belgesi", "save")),
    *(("a.html", XML_TABLE, PAGE, "save"), ("a.HTM", XML_TABLE, PAGE, "save"), ("a.xhtml", XML_TABLE, PAGE, "save")),
    *(("a.xls", b"\xef\xbb\xbf<html>", PAGE, "save"), ("a.xls", "<html>".encode("utf-16"), PAGE, "save")),
    ("a.html", b'<html><meta name="generator" content="kars-xl 1">', OWN_PAGE, ""),
    ("a.html", b'<html><meta name="generator" content="Word">', PAGE, "save"),
    *(("a.txt", b"<html>", TEXT, ""), ("a.md", b"<table>", TEXT, ""), ("a.svg", b"<?xml?><svg/>", PICTURE, "picture")),
    *(("a.x", b"<htmlx>", UNKNOWN, ""), ("a.xml", b"x", "XML belgesi", "save")),
    # Pictures.
    *((f"a{at}", begin, PICTURE, "picture") for at, begin in enumerate((PNG, b"\xff\xd8\xff\xe0", b"GIF89a", b"BMx"))),
    *((f"a{at}", begin, PICTURE, "picture") for at, begin in enumerate((b"II*\0x", b"MM\0*x", b"\1\0\0\0x"))),
    *((f"a{end}", b"?", PICTURE, "picture") for end in (".svg", ".webp", ".heic", ".HEIF")),
    # Archives and programs.
    *((("a", b"Rar!x", "RAR arşivi", "archive"), ("a", b"7z\xbc\xaf", "7z arşivi", "archive"))),
    *((("a", b"\x1f\x8bx", "gzip arşivi", "archive"), ("a", b"BZh9", "bzip2 arşivi", "archive"))),
    *((("a", b"\xfd7zXZ", "xz arşivi", "archive"), ("a", b"MSCFx", "CAB arşivi", "archive"))),
    *(("a.tar", b"x", "TAR arşivi", "archive"), ("a.exe", b"MZx", "program", "archive")),
    ("a.exe", b"MZ" + zipped(ZIP), ARCHIVE, "archive"),
    ("a.pdf", b"%PDF" + zipped(ZIP), "PDF belgesi", "pdf"),
    # Others.
    *(("a.pdf", b"%PDF-1.4", "PDF belgesi", "pdf"), ("a.txt", b"%PDF-1.4", "PDF belgesi", "pdf")),
    *(("a.rtf", b"{\\rtf1", "RTF belgesi", "save"), ("a.txt", b"{\\rtf1", TEXT, "")),
    *(("a.txt", PNG, PICTURE, "picture"), ("a.txt", b"MZx", TEXT, "")),
    ("a", b"!BDNx", "Outlook veri dosyası (.pst)", "pst"),
    *(("a.p7m", b"x", "imzalı ya da şifreli ileti", "locked"), ("a.pgp", b"x", "şifreli ileti", "locked")),
    ("a", b"-----BEGIN PGP MESSAGE-----", "şifreli ileti", "locked"),
    *(("a", b"-----BEGIN PGP SIGNATURE", "sayısal imza", ""), ("a", b"-----BEGIN PGP PUBLIC", "sayısal imza", "")),
    *(("a.p7s", b"x", "sayısal imza", ""), ("a.asc", b"x", "sayısal imza", ""), ("a.ics", b"x", "takvim kaydı", "")),
    *(("a", b"[InternetShortcut]", "internet kısayolu", "link"), ("a.gsheet", b"{", "internet kısayolu", "link")),
    *(("a.lnk", b"L\0\0\0\1\x14\2\0", "kısayol", "link"), ("._a", b"\0\5\x16x", "Mac'in dosya bilgisi", "")),
    *(("a.vcf", b"x", "kartvizit", ""), ("a.emz", b"x", "biçim dosyası", ""), ("a.thmx", b"x", "biçim dosyası", "")),
    *(("a.png", b"x", UNKNOWN, ""), ("a.pdf", b"x", UNKNOWN, "")),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(BEGINNINGS)))
def test_what_a_file_is(number: int) -> None:
    name, data, kind, remedy = BEGINNINGS[number]
    assert kind_of(name, data) == (kind if isinstance(kind, Kind) else Kind(kind, remedy))
    assert not isinstance(kind, Kind) or kind.remedy == remedy


def test_what_real_programs_write_is_a_workbook(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "a.xlsx")
    docx.Document().save(str(tmp_path / "b.docx"))
    for name, suffix in (("a.xlsx", ".xlsx"), ("b.docx", ".docx")):
        data = (tmp_path / name).read_bytes()
        assert kind_of("x", data) == WORKBOOK
        assert suffix_of("x.txt", data) == suffix
        # A package that ends in its midst is one that is damaged.
        assert kind_of("x", data[: len(data) // 2]) == WORKBOOK
        assert suffix_of("x", data[: len(data) // 2]) == ".xlsx"


def test_the_suffix_that_a_form_should_have() -> None:
    assert suffix_of("a.txt", compound("Workbook")) == ".xls"
    assert [suffix_of(f"a{end}", b"x") for end in (".csv", ".TSV", ".md", ".txt", ".dat", "")] == [
        *(".csv", ".tsv", ".md", ".txt", ".txt", ".txt"),
    ]
    ods = zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"})
    assert suffix_of("a.xlsx", ods) == ".ods"
    other = zipped({"x" * 300: "", "mimetype": "application/vnd.oasis.opendocument.spreadsheet"})
    assert suffix_of("a.ods", other) == ".xlsx"
    book = {"xl/workbook.xml": "<workbook/>"}
    assert suffix_of("a.zip", zipped(book)) == ".xlsx"
    assert suffix_of("a.xlsx", zipped(book | {"xl/vbaProject.bin": "x"})) == ".xlsm"
    # A document with a workbook's parts, and a workbook with a document's.
    relations = '<Relationships><Relationship Id="1" Type="x/officeDocument" Target="{}"/></Relationships>'
    for part, root, suffix in (("word/x.xml", "w:document", ".docx"), ("xl/workbook.xml", "workbook", ".xlsx")):
        parts = {
            "_rels/.rels": relations.format(part),
            part: f"<{root} xmlns:w='w'/>",
            "word/document.xml": "<document/>",
        }
        assert suffix_of("a", zipped(book | parts)) == suffix


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        (b"x", b"x"),
        (b"\xef\xbb\xbfx", b"x"),
        (b"x\xef\xbb\xbf", b"x\xef\xbb\xbf"),
        ("çx".encode("utf-16"), "çx".encode()),
        (b"\xfe\xff" + "çx".encode("utf-16-be"), "çx".encode()),
        (b"\xff\xfex", "\ufffd".encode()),
    ],
)
def test_a_text_without_its_mark(given: bytes, plain: bytes) -> None:
    assert unmarked(given) == plain


@pytest.mark.parametrize(
    ("given", "letter"),
    [
        (b"From: a", b"From: a"),
        (b" \r\n\0From: a", b"From: a"),
        (b"1234\nFrom: a", b"From: a"),
        (b"1234 \t\r\nFrom: a 12\n", b"From: a 12\n"),
        (b"1234 From: a", b"1234 From: a"),
        (b"\xef\xbb\xbf\nFrom: a", b"From: a"),
    ],
)
def test_a_letter_without_what_stands_before_it(given: bytes, letter: bytes) -> None:
    assert opened(given) == letter


@pytest.mark.parametrize(
    ("head", "is_one"),
    [
        *((b"From a\nDate: x", True), (b"From a\n>From b\n", True), (b"\r\n\nFrom a\r\nX-Y: z\r\n", True)),
        *((b"\xef\xbb\xbfFrom a\nDate: x", True), (b"From a\nDate : x\nz", True)),
        *((b"From: a\nDate: x", False), (b"From a", False), (b"From a\n", False), (b"From a\n\nDate: x", False)),
        *((b"From a\n Date: x", False), (b" From a\nDate: x", False), (b"x\nFrom a\nDate: x", False)),
        *((b"From a\nBir cumle: x y", False), (b"From a\nFrom b", False)),
    ],
)  # fmt: skip
def test_what_begins_an_mbox(head: bytes, is_one: bool) -> None:
    assert starts_mbox(head) is is_one
    lines = head.lstrip(b"\xef\xbb\xbf\r\n").split(b"\n")
    assert is_one is (lines[0].startswith(b"From ") and len(lines) > 1 and opens_message(lines[1]))


@pytest.mark.parametrize(
    ("head", "is_one"),
    [
        *((b"From: a\n\n", True), (b"FROM: a", True), (b"X-Other: a\nFrom: b\n\n", True), (b"\n12\nTo: a\n", True)),
        *((b"Subject: a\n b\n\tc\n\nx", True), (b"Subject : a\n\n", True), (b"Received: a\r\nX: y\r\n\r\nz", True)),
        *((b"X-Other: a\n\nFrom: b", False), (b"Konu: a\nx\n\n", False), (b"", False), (b"x", False)),
        # One line that is no header may stand among three of a mail's own.
        *((b"From: a\nbozuk\nTo: b\nDate: c\n\n", True), (b"From: a\nbozuk\nTo: b\n\n", False)),
        *((b"bozuk\nFrom: a\nTo: b\nDate: c\n\n", True), (b"From: a\nbozuk\nbozuk\nTo: b\nDate: c\n", False)),
        *((b"From: a\nTo: b\nDate: c\nbozuk\nbozuk", True), (b"From: a\nTo: b\nbozuk\nbozuk\nDate: c", False)),
        # A table whose first words read like headers.
        *((b"Tarih: x\nKonu: y\n\n", False), (b"From: a\n devami\nTo: b\n\n", True)),
    ],
)  # fmt: skip
def test_what_begins_a_letter(head: bytes, is_one: bool) -> None:
    assert (kind_of("a.txt", head) == LETTER) is is_one


def test_how_much_of_a_file_tells_that_it_is_a_letter() -> None:
    before = b"X-Long: " + b"a" * 65_000 + b"\n"
    assert kind_of("a.txt", before + b"From: a\n\n") == LETTER
    assert kind_of("a.txt", before + b"X: " + b"a" * 600 + b"\nFrom: a\n\n") == TEXT
    assert kind_of("a.txt", b"From " + b"a" * 8000 + b"\nDate: x\n\n") == MBOX
    assert kind_of("a.txt", b"From " + b"a" * 8200 + b"\nDate: x\n\n") == TEXT


LARGE, SMALL = b"\x89PNG" + b"\0" * 199_996, b"\x89PNG" + b"\0" * 199_995


@pytest.mark.parametrize(
    ("name", "data", "ornament", "signature"),
    [
        *(("a.png", SMALL, True, False), ("a.png", LARGE, False, False), ("image001.png", SMALL, True, True)),
        *(("Outlook-x3.png", SMALL, True, False), ("ATT_1.png", SMALL, True, True), ("image-1", SMALL, True, True)),
        *(("belediye LOGO.png", SMALL, True, True), ("imza.jpg", SMALL, True, True)),
        ("image001.png", LARGE, False, False),
        *(("a.p7s", b"x", True, True), ("a.ics", b"x", True, True), ("a.vcf", b"x", True, True)),
        *(("a.emz", b"x", True, True), ("._a", b"\0\5\x16", True, True), ("a.pdf", b"%PDF", False, False)),
        *(("logo.xlsx", b"x", False, False), ("a.p7m", b"x", False, False)),
    ],
)  # fmt: skip
def test_what_nobody_fills_in(name: str, data: bytes, ornament: bool, signature: bool) -> None:
    assert (is_ornament(name, data), is_signature(name, data)) == (ornament, signature)


@pytest.mark.parametrize(
    ("name", "data", "is_one"),
    [
        *(("a.pdf", b"%PDF", True), ("a.doc", compound("WordDocument"), True), ("a.rtf", b"{\\rtf", True)),
        *(("a.xml", b"<?xml", True), ("a.png", PNG, True), ("a.html", b"<html>", True)),
        *(("a.ppt", compound("PowerPoint Document"), True), ("a.xlsx", b"%PDF", False), ("a.xls", b"<html>", False)),
        *(("a.zip", zipped(ZIP), False), ("a", b"x", False), ("a.txt", b"x", False)),
    ],
)  # fmt: skip
def test_what_goes_with_a_form(name: str, data: bytes, is_one: bool) -> None:
    assert may_be_cover(name, kind_of(name, data)) is is_one
