"""What a file is, told by its bytes: an attachment's name and declared type are what the sender's program made up."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import PurePath

from kars_xl.reading.grid.package import DAMAGE
from kars_xl.year.collect.containers import TNEF
from kars_xl.year.collect.eml import starts_mbox

WORKBOOK, TEXT, LETTER, OUTLOOK, MBOX, WINMAIL, ARCHIVE = (
    "workbook", "text", "letter", "outlook", "mbox", "winmail", "archive"
)  # fmt: skip
CONTAINERS = (LETTER, OUTLOOK, MBOX, WINMAIL, ARCHIVE)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TEXTS = (".csv", ".tsv", ".txt", ".md")
# Signature → what it is, as the report says it.
_OTHERS = (
    (b"%PDF", "PDF belgesi"),
    (b"\x89PNG", "resim"),
    (b"\xff\xd8\xff", "resim"),
    (b"GIF8", "resim"),
    (b"BM", "resim"),
    (b"II*\0", "resim"),
    (b"MM\0*", "resim"),
    (b"\1\0\0\0", "resim"),
    (b"\xd7\xcd\xc6\x9a", "resim"),
    (b"Rar!", "RAR arşivi; açıp içindeki formları gönderin"),
    (b"7z\xbc\xaf", "7z arşivi; açıp içindeki formları gönderin"),
    (b"\x1f\x8b", "gzip arşivi; açıp içindeki formları gönderin"),
    (b"!BDN", "Outlook veri dosyası (.pst); iletileri Outlook'tan bir klasöre sürükleyip .msg olarak kaydedin"),
    (b"{\\rtf", "RTF belgesi"),
    (b"MZ", "program"),
)
_BY_SUFFIX = {
    ".p7m": "imzalı ya da şifreli ileti; posta programında açıp eki kaydedin",
    ".p7s": "sayısal imza",
    ".asc": "sayısal imza",
    ".pgp": "şifreli ileti; posta programında açıp eki kaydedin",
    ".html": "web sayfası",
    ".htm": "web sayfası",
    ".ics": "takvim kaydı",
    ".vcf": "kartvizit",
    ".svg": "resim",
    ".webp": "resim",
    ".heic": "resim",
}
# Streams of compound files by which the programs know their own.
_OLE_KINDS = (
    ("WordDocument", "eski Word belgesi (.doc)"),
    ("PowerPoint Document", "PowerPoint sunusu"),
)
_HEADER_LINE = re.compile(rb"([!-9;-~]{1,76})[ \t]*:|[ \t]+\S")
_MAIL_HEADERS = {
    b"from", b"to", b"date", b"subject", b"received", b"return-path", b"message-id", b"mime-version", b"delivered-to",
    b"content-type", b"x-unsent", b"x-mozilla-status", b"dkim-signature", b"authentication-results",
}  # fmt: skip


def kind_of(name: str, data: bytes) -> str:
    """One of the kinds above; of anything else what it is, in words."""
    if not data:
        return "boş dosya"
    if data.startswith(_OLE):
        return _ole_kind(data)
    if data.startswith(b"PK"):
        return _zip_kind(data)
    if data.startswith(TNEF):
        return WINMAIL
    suffix = PurePath(name.lower()).suffix
    if starts_mbox(data[:8192]):
        return MBOX
    if _starts_letter(data[:65536]):
        return LETTER
    if suffix in _TEXTS:
        return TEXT
    found = (what for signature, what in _OTHERS if data.startswith(signature))
    return next(found, _BY_SUFFIX.get(suffix, "tanınmayan dosya türü"))


def _ole_kind(data: bytes) -> str:
    def has(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    # Any other compound file may be an old workbook, or one that a password locks.
    if has("__properties_version1.0"):
        return OUTLOOK
    return next((what for stream, what in _OLE_KINDS if has(stream) and not has("Workbook")), WORKBOOK)


def _zip_kind(data: bytes) -> str:
    try:
        names = _members(data)
    except DAMAGE:
        return WORKBOOK  # which says that it is damaged
    if "[Content_Types].xml" in names and any(name.startswith("ppt/") for name in names):
        return "PowerPoint sunusu"
    return WORKBOOK if names & {"[Content_Types].xml", "mimetype"} else ARCHIVE


def _members(data: bytes) -> set[str]:
    with zipfile.ZipFile(BytesIO(data)) as package:
        return set(package.namelist())


def _starts_letter(head: bytes) -> bool:
    """Whether the first lines are headers, a mail's own among them."""
    names = []
    for line in head.lstrip(b"\r\n").split(b"\n"):
        match = _HEADER_LINE.match(line)
        if match is None:
            if line.strip():
                return False
            break
        if match[1]:
            names.append(match[1].lower())
    return bool(_MAIL_HEADERS.intersection(names))


def suffix_of(name: str, data: bytes) -> str:
    """The suffix to store a form under, by what it is; a text's own, which is one of four."""
    if data.startswith(_OLE):
        return ".xls"
    if not data.startswith(b"PK"):
        return PurePath(name.lower()).suffix
    if b"mimetypeapplication/vnd.oasis.opendocument" in data[:200]:
        return ".ods"
    names = _members(data)
    if "word/document.xml" in names:
        return ".docx"
    return ".xlsm" if "xl/vbaProject.bin" in names else ".xlsx"
