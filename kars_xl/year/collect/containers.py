"""What a file is, told by its bytes, and the files wrapped in one: .zip, winmail.dat ([MS-OXTNEF])."""

import re
import struct
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import PurePath

from kars_xl.reading.grid.package import DAMAGE
from kars_xl.year.collect.eml import Part, Unopened, decoded, shown, starts_mbox

_LARGEST_TOTAL = 256 * 2**20
_LARGEST_MEMBER = 96 * 2**20
TNEF = struct.pack("<I", 0x223E9F78)
_NEW_ATTACHMENT, _TITLE, _DATA = 0x00069002, 0x00018010, 0x0006800F
_ATTRIBUTE = struct.Struct("<BII")
_CHECKSUM = 2


def read_zip(data: bytes) -> Iterator[Part]:
    """The files of a .zip; what its directory says of sizes is not believed. One that is locked or too large has the
    reason instead of its bytes. Raises Unopened."""
    left = _LARGEST_TOTAL
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            members = [info for info in package.infolist() if not info.is_dir()]
            if len(members) > 1000:
                raise Unopened("KX003", f"arşivde {len(members)} dosya var")
            for info in members:
                part = _zipped(package, info, min(left, _LARGEST_MEMBER))
                left -= len(part.data)
                yield part
    except DAMAGE as error:
        raise Unopened("KX001", "arşiv bozuk") from error


def _zipped(package: zipfile.ZipFile, info: zipfile.ZipInfo, largest: int) -> Part:
    path = info.filename
    # Windows programs write Turkish names in DOS' code page and don't say so.
    if not info.flag_bits & 0x800:
        with suppress(UnicodeError):
            path = path.encode("cp437").decode("cp857")
    name = shown(path.replace("\\", "/").rpartition("/")[2]) or "adsız dosya"
    if info.flag_bits & 1:
        return Part(name, refused="arşiv parolalı")
    try:
        with package.open(info) as stream:
            data = stream.read(largest + 1)
    except DAMAGE:
        return Part(name, refused="arşivdeki dosya bozuk")
    if len(data) > largest:
        return Part(name, refused="arşivdeki dosya çok büyük")
    return Part(name, data)


def read_tnef(data: bytes) -> list[Part]:
    """The files of a winmail.dat. Raises Unopened where it is cut short before its end."""
    found: list[dict[int, bytes]] = []
    at = len(TNEF) + 2
    while at < len(data):
        head = data[at : at + _ATTRIBUTE.size]
        _, attribute, length = _ATTRIBUTE.unpack(head) if len(head) == _ATTRIBUTE.size else (0, 0, len(data))
        at += _ATTRIBUTE.size
        if at + length + _CHECKSUM > len(data):
            raise Unopened("KX001", "winmail.dat bozuk")
        if attribute == _NEW_ATTACHMENT:
            found.append({})
        elif found:
            found[-1].setdefault(attribute, data[at : at + length])
        at += length + _CHECKSUM
    parts = []
    for it in found:
        name = shown(decoded(it.get(_TITLE, b"").rstrip(b"\0").decode("ascii", "surrogateescape"))) or "adsız ek"
        refused = "" if _DATA in it else "winmail.dat içinde açılamayan bir nesne"
        parts.append(Part(name, it.get(_DATA, b""), refused=refused))
    return parts


WORKBOOK, TEXT, LETTER, OUTLOOK, MBOX, WINMAIL, ARCHIVE = (
    "workbook", "text", "letter", "outlook", "mbox", "winmail", "archive"
)  # fmt: skip
CONTAINERS = (LETTER, OUTLOOK, MBOX, WINMAIL, ARCHIVE)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TEXTS = (".csv", ".tsv", ".txt", ".md")
# Signature → what it is, as the report says it.
_OTHERS = (
    (b"%PDF", "PDF belgesi"),
    *((signature, "resim") for signature in (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*")),
    *((signature, "resim") for signature in (b"\1\0\0\0", b"\xd7\xcd\xc6\x9a")),
    (b"Rar!", "RAR arşivi; açıp içindeki formları gönderin"),
    (b"7z\xbc\xaf", "7z arşivi; açıp içindeki formları gönderin"),
    (b"\x1f\x8b", "gzip arşivi; açıp içindeki formları gönderin"),
    (b"!BDN", "Outlook veri dosyası (.pst); iletileri Outlook'tan bir klasöre sürükleyip .msg olarak kaydedin"),
    (b"{\\rtf", "RTF belgesi"),
    (b"MZ", "program"),
)
_BY_SUFFIX = {
    ".p7m": "imzalı ya da şifreli ileti; posta programında açıp eki kaydedin",
    **dict.fromkeys((".p7s", ".asc"), "sayısal imza"),
    ".pgp": "şifreli ileti; posta programında açıp eki kaydedin",
    **dict.fromkeys((".html", ".htm"), "web sayfası"),
    ".ics": "takvim kaydı",
    ".vcf": "kartvizit",
    **dict.fromkeys((".svg", ".webp", ".heic"), "resim"),
}
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
        streams = ("__properties_version1.0", "WordDocument", "PowerPoint Document", "Workbook")
        outlook, word, powerpoint, workbook = (stream.encode("utf-16-le") in data for stream in streams)
        # Any other compound file may be an old workbook, or one that a password locks.
        if outlook or workbook or not (word or powerpoint):
            return OUTLOOK if outlook else WORKBOOK
        return "eski Word belgesi (.doc)" if word else "PowerPoint sunusu"
    if data.startswith(b"PK"):
        try:
            names = _members(data)
        except DAMAGE:
            return WORKBOOK  # which says that it is damaged
        if "[Content_Types].xml" in names and any(name.startswith("ppt/") for name in names):
            return "PowerPoint sunusu"
        return WORKBOOK if names & {"[Content_Types].xml", "mimetype"} else ARCHIVE
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


def _members(data: bytes) -> set[str]:
    with zipfile.ZipFile(BytesIO(data)) as package:
        return set(package.namelist())


def _starts_letter(head: bytes) -> bool:
    """Whether the first lines are headers, a mail's own among them."""
    names: list[bytes] = []
    for line in head.lstrip(b"\r\n").split(b"\n"):
        match = _HEADER_LINE.match(line)
        if match is None:
            return not line.strip() and not _MAIL_HEADERS.isdisjoint(names)
        names.append((match[1] or b"").lower())
    return not _MAIL_HEADERS.isdisjoint(names)


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
