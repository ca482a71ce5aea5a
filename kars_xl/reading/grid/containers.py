"""What a file is, told by its bytes and not by its name."""

import re
import zipfile
from functools import lru_cache
from io import BytesIO
from pathlib import PurePath
from typing import NamedTuple

from kars_xl.reading.grid.package import DAMAGE, Stream

# What programs and systems leave in folders and archives, and nobody means to send.
_LITTER = re.compile(r"(?i)[.].*|~\$.*|thumbs\.db|ehthumbs.*\.db|desktop\.ini|__macosx|icon\r")
TNEF = b"\x78\x9f\x3e\x22"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TEXTS = (".csv", ".tsv", ".txt", ".md")


class Kind(NamedTuple):
    """What a file is: one of those below, else in words and with the name of KX014's remedy for it."""

    what: str
    remedy: str = ""


WORKBOOK, TEXT, OWN_PAGE, ARCHIVE = Kind("tablo"), Kind("metin"), Kind("kars-xl'in raporu"), Kind("arşiv", "archive")
LETTER, OUTLOOK = Kind("e-posta iletisi", "mail"), Kind("Outlook iletisi", "mail")
MBOX, WINMAIL = Kind("posta kutusu", "mail"), Kind("winmail.dat", "mail")
EMPTY, UNKNOWN = Kind("boş dosya"), Kind("tanınmayan dosya türü")
# Nobody fills in a form in these, and letters are full of them.
_ORNAMENTS = {"sayısal imza", "takvim kaydı", "kartvizit", "Mac'in dosya bilgisi", "biçim dosyası"}
PICTURE, PAGE = Kind("resim", "picture"), Kind("web sayfası", "save")
# What letters have with them beside a form, as their wording or their picture.
_COVERS = {"PDF belgesi", "RTF belgesi", "eski Word belgesi (.doc)", "PowerPoint sunusu", "XML belgesi", "resim"}
# A picture in the text of a letter, as signatures have them, is smaller.
_LARGE_PICTURE = 200_000
_SIGNATURE = re.compile(r"(?i)(?:image|outlook|att)[-_]?\d|.*(?:logo|imza|signature|banner|icon|amblem)")
_ARCHIVES = {
    "RAR": b"Rar!", "7z": b"7z\xbc\xaf", "gzip": b"\x1f\x8b", "bzip2": b"BZh", "xz": b"\xfd7zXZ", "CAB": b"MSCF"
}  # fmt: skip
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"\1\0\0\0", b"\xd7\xcd\xc6\x9a")
_XML = Kind("XML belgesi", "save")
# What else a file may be: how it begins, and how its name ends where the bytes don't tell.
_OTHERS: tuple[tuple[Kind, tuple[bytes, ...], tuple[str, ...]], ...] = (
    (PICTURE, _PICTURES, (".svg", ".webp", ".heic", ".heif")),
    *((Kind(f"{name} arşivi", "archive"), (begin,), ()) for name, begin in _ARCHIVES.items()),
    (Kind("TAR arşivi", "archive"), (), (".tar",)),
    (Kind("program", "archive"), (b"MZ",), ()),
    (Kind("PDF belgesi", "pdf"), (b"%PDF",), ()),
    (Kind("RTF belgesi", "save"), (b"{\\rtf",), ()),
    (_XML, (), (".xml",)),
    (Kind("Outlook veri dosyası (.pst)", "pst"), (b"!BDN",), ()),
    (Kind("imzalı ya da şifreli ileti", "locked"), (), (".p7m",)),
    (Kind("şifreli ileti", "locked"), (b"-----BEGIN PGP MESSAGE",), (".pgp",)),
    (Kind("sayısal imza"), (b"-----BEGIN PGP SIGNATURE", b"-----BEGIN PGP PUBLIC"), (".p7s", ".asc")),
    (Kind("internet kısayolu", "link"), (b"[InternetShortcut]",), (".gsheet", ".gdoc", ".webloc")),
    (Kind("kısayol", "link"), (b"L\0\0\0\1\x14\2\0",), ()),
    (Kind("Mac'in dosya bilgisi"), (b"\0\5\x16",), ()),
    (Kind("takvim kaydı"), (), (".ics",)),
    (Kind("kartvizit"), (), (".vcf",)),
    (Kind("biçim dosyası"), (), (".emz", ".wmz", ".mso", ".thmx")),
)
# What programs save tables as that are no workbooks, in the first letters of a text.
_MARKUP = re.compile(rb"\s*<(?:\?xml|!doctype|html|table|head|meta|style)\b", re.IGNORECASE)
_OWN_MARK = b'<meta name="generator" content="kars-xl'
_WORKBOOK_NAMES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".xltx", ".xltm", ".xlt", ".ods", ".docx", ".csv", ".tsv")
_HEADER_LINE = re.compile(rb"([!-9;-~]{1,76})[ \t]*:|[ \t]+\S")
_MAIL_HEADERS = {
    b"from", b"to", b"date", b"subject", b"received", b"return-path", b"message-id", b"mime-version", b"delivered-to",
    b"content-type", b"x-unsent", b"x-mozilla-status", b"dkim-signature", b"authentication-results",
}  # fmt: skip


def is_litter(name: str) -> bool:
    """Whether a file or a folder of this name is passed over: hidden, or some program's own."""
    return _LITTER.fullmatch(name) is not None


def is_workbook_name(name: str) -> bool:
    """Whether its name promises tables, so that what can't be read of it may be a form."""
    return name.lower().endswith(_WORKBOOK_NAMES)


def kind_of(name: str, data: bytes) -> Kind:
    """What `data` is; the name has a say only where the bytes have none."""
    suffix = PurePath(name.lower()).suffix
    if not data:
        return TEXT if suffix in (".txt", ".md") else EMPTY
    if data.startswith(OLE):
        streams = ("__properties_version1.0", "WordDocument", "PowerPoint Document", "Workbook")
        outlook, word, powerpoint, workbook = (stream.encode("utf-16-le") in data for stream in streams)
        # Any other compound file may be an old workbook, or one that a password locks.
        if outlook or workbook or not (word or powerpoint):
            return OUTLOOK if outlook else WORKBOOK
        return Kind("eski Word belgesi (.doc)" if word else "PowerPoint sunusu", "save")
    if data.startswith(b"PK"):
        return _kind_of_zip(data)
    if data.startswith(TNEF):
        return WINMAIL
    if starts_mbox(data[:8192]):
        return MBOX
    if _starts_letter(data[:65536]):
        return LETTER
    head = unmarked(data[:4096])
    is_text = b"\0" not in head
    if _MARKUP.match(head) and suffix not in (*TEXTS, ".svg"):
        is_page = not head.lstrip().startswith(b"<?xml") or suffix in (".htm", ".html", ".xhtml")
        return OWN_PAGE if _OWN_MARK in head else PAGE if is_page else _XML
    begun = (kind for kind, begins, _ in _OTHERS if head.startswith(begins))
    found = next(begun, None) or next((kind for kind, _, ends in _OTHERS if suffix in ends), None)
    if found and found.what == "program" and zipfile.is_zipfile(BytesIO(data)):
        return ARCHIVE  # one that opens itself
    # A file without a suffix may be a table in text.
    if suffix in TEXTS and (is_text or not found) and not head.startswith(b"%PDF"):
        return TEXT
    return found or (TEXT if is_text and not suffix and b"\t" in head else UNKNOWN)


@lru_cache(maxsize=1)
def _kind_of_zip(data: bytes) -> Kind:
    types = "[Content_Types].xml"
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            names = {name.lower() for name in package.namelist()}
            if "index/document.iwa" in names:
                return Kind("Apple Numbers ya da Pages belgesi", "save")
            if types.lower() not in names:
                return ARCHIVE if names.isdisjoint(("mimetype", "_rels/.rels")) else WORKBOOK
            (info,) = (info for info in package.infolist() if info.filename.lower() == types.lower())
            with package.open(info) as stream:
                parts = stream.read(2**20)
    except DAMAGE:
        return WORKBOOK  # which says that it is damaged
    if b"presentation" in parts and b"sheet.main" not in parts:
        return Kind("PowerPoint sunusu", "save")
    if b"sheet.binary" in parts:
        return Kind("ikili çalışma kitabı (.xlsb)", "save")
    # A package of another office (.eyp, an official letter with its attachments) has whole files for parts.
    return WORKBOOK if b".main" in parts or any(name.startswith(("xl/", "word/")) for name in names) else ARCHIVE


def unmarked(data: bytes) -> bytes:
    """Text without the mark that some programs put before it, and in UTF-8 where it was in UTF-16."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace").encode()
    return data.removeprefix(b"\xef\xbb\xbf")


def opened(data: bytes) -> bytes:
    """A message without what may stand before it: marks, blanks, and how many letters it has (.emlx)."""
    return re.sub(rb"\A[\0\s]*(?:\d+[ \t]*\r?\n)?", b"", unmarked(data))


def is_ornament(name: str, data: bytes) -> bool:
    """Whether nobody fills in a form in it, if it stands in a letter's text."""
    kind = kind_of(name, data)
    return kind.what in _ORNAMENTS or (kind == PICTURE and len(data) < _LARGE_PICTURE)


def is_signature(name: str, data: bytes) -> bool:
    """The same, where only the name of a picture tells that it is of the text."""
    return is_ornament(name, data) and (kind_of(name, data) != PICTURE or _SIGNATURE.match(name) is not None)


def may_be_cover(name: str, kind: Kind) -> bool:
    """Whether it rather is what goes with a form than the form itself."""
    return (kind == PAGE or kind.what in _COVERS) and not is_workbook_name(name)


def starts_mbox(head: bytes) -> bool:
    """Whether a file that begins like this is an mbox: a "From " line with a header below it."""
    lines = unmarked(head).lstrip(b"\r\n").split(b"\n", 2)
    return lines[0].startswith(b"From ") and len(lines) > 1 and opens_message(lines[1])


def opens_message(line: bytes) -> bool:
    """Whether an mbox's message may begin with this line."""
    # ">From " is how some programs keep the line of the mbox that a message came from.
    header = _HEADER_LINE.match(line)
    return bool(header and header[1]) or line.startswith(b">From ")


def _starts_letter(head: bytes) -> bool:
    """Whether the first lines are headers, a mail's own among them; one may be no header where there are several."""
    names: list[bytes] = []
    others = 0
    for line in opened(head).split(b"\n"):
        match = _HEADER_LINE.match(line)
        others += match is None and bool(line.strip())
        if not line.strip() or others > 1:
            break
        names.append((match[1] or b"").lower() if match else b"")
    return len(_MAIL_HEADERS.intersection(names)) > (2 if others else 0)


def suffix_of(name: str, data: bytes) -> str:
    """The suffix that a form should have, by what it is; a text's own, which is one of four."""
    if data.startswith(OLE):
        return ".xls"
    if not data.startswith(b"PK"):
        suffix = PurePath(name.lower()).suffix
        return suffix if suffix in TEXTS else ".txt"
    if b"mimetypeapplication/vnd.oasis.opendocument" in data[:200]:
        return ".ods"
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            stream = Stream(package)
            # By the main part: a workbook may have a document embedded, and no part's name is fixed.
            if stream.main()[1] == "document":
                return ".docx"
            return ".xlsm" if "xl/vbaproject.bin" in stream.names else ".xlsx"
    except DAMAGE:
        return ".xlsx"
