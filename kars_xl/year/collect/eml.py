"""Reads messages as they travel (.eml): headers as programs really write them, and what is attached."""

import base64
import binascii
import datetime as dt
import quopri
import re
from collections.abc import Iterator
from contextlib import suppress
from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime

from msgspec import Struct

from kars_xl.base.text import shown
from kars_xl.reading.grid import containers
from kars_xl.reading.grid.archives import Part
from kars_xl.reading.grid.cells import UnreadableFile
from kars_xl.year.collect.links import has_table, linked, links_in

LARGEST = 96 * 2**20
DEEPEST = 16
MOST_ITEMS = 1000  # that are taken from one message
_MOST_PARTS = 20_000
# Thunderbird's mark (8, of a number in base 16) on a message that was deleted but is still in the file.
_EXPUNGED = re.compile(r"[0-9A-Fa-f]*[89A-Fa-f]")
_BODIES = ("text/plain", "text/html", "text/enriched", "text/calendar", "text/x-amp-html", "text/watch-html")
# The first part of a message that nobody has announced, the headers of one that has strayed, a file in letters.
_BOUNDARY = re.compile(rb"^--([^\r\n]{1,200}?)[ \t]*\r?\n(?=Content-)", re.MULTILINE | re.IGNORECASE)
_ATTACHED = re.compile(
    rb"^(?:Content-[^\n]*\n(?:[ \t][^\n]*\n){0,20}){0,20}?"
    rb"(?:Content-Transfer-Encoding:\s*base64|Content-Disposition:\s*attachment)",
    re.MULTILINE | re.IGNORECASE,
)
_BEFORE_COLON = re.compile(rb"^(Content-[A-Za-z-]{1,40})[ \t]+:", re.MULTILINE | re.IGNORECASE)
_UUENCODED = re.compile(rb"^begin(-base64)? [0-7]{3,4} ([^\r\n]{1,500})\r?\n", re.MULTILINE)
# A workbook's first letters in base64, wherever it stands: in a page's link, in a calendar, in a quoted message.
_BASE64 = re.compile(rb"(?:UEsDB|0M8R4KGx)[A-Za-z0-9+/]{50,}=*(?:\r?\n[> \t]*[A-Za-z0-9+/]+=*(?=[\s\"'<&)]|\Z))*")
_OTHER_CODES = re.compile(rb"^=ybegin |^\(This file must be converted with BinHex", re.MULTILINE)
# What Excel makes of a workbook that is saved as a page or sent as a letter.
_EXCEL_PAGE = re.compile(
    rb"content=[\"']?Excel\.Sheet|xmlns:x=[\"']urn:schemas-microsoft-com:office:excel", re.IGNORECASE
)
_AS_IT_STANDS = policy.compat32.clone(cte_type="8bit", max_line_length=None, mangle_from_=False)


class Letter(Struct, frozen=True, kw_only=True):
    """A message. `sender` is shown, `address` compared (small letters, "" for none); `name` is an attached one's."""

    name: str = ""
    sender: str = ""
    address: str = ""
    date: dt.datetime | None = None
    subject: str = ""
    message_id: str = ""
    deleted: bool = False
    parts: "tuple[Part | Letter, ...]" = ()


def read_eml(data: bytes, depth: int = 0) -> Letter:
    """The message in `data`. Raises UnreadableFile where it is too large or nested too deeply to be read."""
    if len(data) > LARGEST:
        raise UnreadableFile("KX003", f"ileti {len(data)} bayt")
    # Each nested level of parts costs the parser time for every line below it.
    if data.count(b"boundary=") > 1000 or data.count(b"\n--") > _MOST_PARTS:
        raise UnreadableFile("KX003", "ileti çok fazla parçadan oluşuyor")
    try:
        # The newer policies parse headers as they are met, and raise on some that nobody should send.
        return _letter(message_from_bytes(_mended(data), policy=policy.compat32), depth)
    except RecursionError:
        raise UnreadableFile("KX003", "ileti çok fazla iç içe") from None
    except Exception as error:  # the parser meets malformed messages with whatever it stumbles over
        raise UnreadableFile("KX001", "ileti bozuk") from error


def _mended(data: bytes) -> bytes:
    """The message without what stands before or between its headers, and would end them for the parser."""
    data = _BEFORE_COLON.sub(rb"\1:", containers.opened(data))
    end = re.search(rb"\n(?:--|\r?\n)", data)
    head, body = (data[: end.start()], data[end.start() :]) if end else (data, b"")
    kept = [line for line in head.split(b"\n") if containers.opens_message(line) or line[:1] in (b" ", b"\t")]
    return b"\n".join([*kept, b""]) + (b"\n" if body.startswith(b"\n--") else b"") + body.removeprefix(b"\n")


def _letter(message: Message, depth: int, named: str = "") -> Letter:
    raw: dict[str, str] = {}
    for name, value in message.raw_items():
        raw.setdefault(name.lower(), str(value)[:8000])
    name, address = _address(raw.get("from", ""))
    date = None
    with suppress(ValueError, TypeError, OverflowError, IndexError, OSError):
        written = parsedate_to_datetime(raw.get("date", ""))
        date = (written if written.tzinfo else written.replace(tzinfo=dt.UTC)).astimezone()
    return Letter(
        name=named,
        sender=shown(f"{name} <{address}>" if name and address else name or address),
        address=address.lower(),
        date=date,
        subject=shown(decoded(raw.get("subject", ""))),
        message_id=raw.get("message-id", "").strip(),
        deleted=bool(_EXPUNGED.fullmatch(raw.get("x-mozilla-status", "").strip())),
        parts=tuple(_parts(message, depth)),
    )


def _parts(message: Message, depth: int) -> Iterator[Part | Letter]:
    kind, name = message.get_content_type(), _name(message)
    inner = message.get_payload()
    children = [it for it in inner if isinstance(it, Message)] if isinstance(inner, list) else []
    if depth > DEEPEST:
        yield Part(name or "ekli ileti", refused="iletiler çok fazla iç içe", code="KX003")
    elif kind == "message/partial":
        yield Part(name or "ileti", refused="ileti bölünerek gönderilmiş, bu yalnız bir parçası", code="KX016")
    elif kind == "message/external-body" or message.get("x-mozilla-cloud-part"):
        yield linked(name or "ek")
    elif kind in ("message/delivery-status", "message/disposition-notification"):
        pass  # machines tell what became of a message that we sent
    elif message.get_content_maintype() == "message" and children:
        yield _attached_letter(message, children[0], depth, name or "ekli ileti")
    elif children:
        for child in children:
            yield from _parts(child, depth)
        for text in (message.preamble, message.epilogue):
            yield from _in_text(str(text or "").encode("utf-8", "surrogateescape"), depth)
    elif message.get_content_maintype() == "multipart":
        # Its parts are not parted by what was said to part them.
        found = list(_in_text(_content(message), depth))
        yield from found or [Part(name or "ekler", refused="iletinin yapısı bozuk, ekleri ayrılamadı", code="KX016")]
    else:
        data, disposition = _content(message), message.get_content_disposition()
        if kind in _BODIES and not name and disposition != "attachment":
            charset = str(message.get_content_charset() or "")
            # Of other codes the letters that say what a text is are those of ASCII.
            wide = charset.startswith(("utf-16", "utf-32")) and not data.startswith(b"PK")
            yield from in_body(_text(data, charset).encode() if wide else data, depth)
        elif not (disposition == "inline" or message.get("content-id")) or not containers.is_ornament(name, data):
            yield Part(name or ("adsız.csv" if kind == "text/csv" else kind), data)


def _attached_letter(message: Message, inner: Message, depth: int, name: str) -> Part | Letter:
    """The letter within the part `message`; some programs encode one like any file, which the parser doesn't expect."""
    if _coding(message):
        data = _decoded(inner.as_bytes(policy=_AS_IT_STANDS).lstrip(), _coding(message))
        if containers.kind_of("", data) == containers.LETTER:
            return Part(name, data)
    if not inner.keys() and not inner.get_payload():
        return Part(name, refused="ekli iletinin içi boş", code="KX016")
    return _letter(inner, depth + 1, name)


def in_body(data: bytes, depth: int) -> Iterator[Part | Letter]:
    """What a part that calls itself the letter's text holds: a file without a name, files in the text, links."""
    kind = containers.kind_of("", data)
    files = (containers.WORKBOOK, containers.OUTLOOK, containers.WINMAIL, containers.ARCHIVE)
    if kind in files or kind.remedy in ("pdf", "locked"):
        yield Part("adsız ek", data)
        return
    if _EXCEL_PAGE.search(data) or has_table(_text(data)):
        yield Part("iletinin metni", refused="tablo, dosya olarak değil iletinin metninde", code="KX016", remedy="save")
    yield from _in_text(data, depth)


def _in_text(data: bytes, depth: int) -> Iterator[Part | Letter]:
    """The files that a text holds in letters, whatever has put them there, and its links to files."""
    if part := _BOUNDARY.search(data):
        text, boundary = data[: part.start()], part[1].replace(b"\\", b"\\\\").replace(b'"', b'\\"')
        head = b'Content-Type: multipart/mixed; boundary="%s"\n\n' % boundary
        yield from _parts(message_from_bytes(head + data[part.start() :], policy=policy.compat32), depth + 1)
    elif part := _ATTACHED.search(data):
        text = data[: part.start()]
        yield from _parts(message_from_bytes(data[part.start() :], policy=policy.compat32), depth + 1)
    else:
        text = data
    end = 0
    for begin in _UUENCODED.finditer(text):
        if begin.start() >= end:
            is_base64, name = begin.groups()
            end = text.find(b"\n====" if is_base64 else b"\nend", begin.end() - 1) % (len(text) + 1)
            yield Part(shown(_text(name)), _decoded(text[begin.end() : end], "base64" if is_base64 else "uu"))
    for found in _BASE64.findall(text):
        yield Part("adsız ek", _decoded(re.sub(rb"^[> \t]+", b"", found, flags=re.MULTILINE), "base64"))
    if _OTHER_CODES.search(text):
        yield Part("adsız ek", refused="ek, iletinin metnine tanınmayan bir kodla yazılmış", code="KX016")
    yield from links_in(_text(text))


def _content(message: Message) -> bytes:
    """What a part holds, decoded as it says, or as it evidently is."""
    coding = _coding(message)
    # Without the header the parser gives the bytes as they came.
    del message["content-transfer-encoding"]
    raw = message.get_payload(decode=True)
    data = raw if isinstance(raw, bytes) else b""
    if coding:
        return _decoded(data, coding)
    if re.fullmatch(rb"[A-Za-z0-9+/=\s]{100,}", data):
        guess = _decoded(data, "base64")
        return guess if guess.startswith((b"PK", b"\xd0\xcf\x11\xe0", containers.TNEF)) else data
    return data


def _coding(message: Message) -> str:
    """How it is encoded: "base64", "quoted-printable" or "uu"; "" where it is not, or nobody knows how."""
    raw = re.sub(r"\([^)]*\)|[\s\"';]", "", str(message.get("content-transfer-encoding", ""))).lower()
    return "uu" if raw.endswith(("uuencode", "uue")) else raw if raw in ("base64", "quoted-printable") else ""


def _decoded(data: bytes, coding: str) -> bytes:
    """The bytes; what can't be decoded of them is left out."""
    if coding == "quoted-printable":
        return quopri.decodestring(data)
    if coding == "base64":
        letters = re.sub(rb"[^A-Za-z0-9+/=]", b"", data)
        with suppress(binascii.Error):
            return base64.b64decode(letters + b"==")  # more signs at the end than it needs do no harm
        return base64.b64decode(letters[:-1])
    found = b""
    for line in data.splitlines():
        with suppress(binascii.Error):
            # Some programs write more letters than the line says that it has bytes.
            found += binascii.a2b_uu(line[: (((line[0] - 32) & 63) * 4 + 5) // 3 + 1]) if line else b""
    return found


def _name(message: Message) -> str:
    """The file name as the sender gave it, for reading only; "" where there is none or it can't be made out."""
    for header in ("Content-Disposition", "Content-Type"):
        raw = next((str(value) for key, value in message.raw_items() if key.lower() == header.lower()), "")
        if raw:
            message.replace_header(header, _readable(raw))
    try:
        name = message.get_filename()
    except Exception:  # the parser meets malformed parameters with whatever it stumbles over
        return "adı okunamayan ek"
    return shown(decoded(name)) if name else ""


def _address(raw: str) -> tuple[str, str]:
    """(name, address) of the first sender; the address is taken before the name is decoded, which may hold any sign."""
    try:
        name, address = parseaddr(raw)
    except Exception:  # as above
        return shown(decoded(raw)), ""
    return shown(decoded(name)), shown(address)


def decoded(raw: str | bytes) -> str:
    """A header's text: encoded words read, bytes without a declared code taken as UTF-8 or as Windows' Turkish."""
    text = _text(raw) if isinstance(raw, bytes) else _readable(raw)
    try:
        pieces = decode_header(text)
    except (HeaderParseError, ValueError):
        return text
    return "".join(piece if isinstance(piece, str) else _text(piece, charset or "") for piece, charset in pieces)


def _readable(raw: str) -> str:
    """Bytes that are no ASCII, which the parser keeps as halves of surrogates, as text."""
    try:
        return _text(raw.encode("utf-8", "surrogateescape"))
    except UnicodeEncodeError:
        return raw  # halves that are no bytes


def _text(data: bytes, charset: str = "") -> str:
    for code in (charset, "utf-8"):
        with suppress(LookupError, ValueError):
            return data.decode(code)
    return data.decode("cp1254", errors="replace")
