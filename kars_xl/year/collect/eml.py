"""Reads messages as they travel (.eml, mbox): headers as programs really write them, and what is attached."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from itertools import chain, pairwise
from typing import IO

from msgspec import Struct

from kars_xl.base.text import tidy, writable

LARGEST = 96 * 2**20
DEEPEST = 8
# Thunderbird's mark (8, of a number in base 16) on a message that was deleted but is still in the file.
_EXPUNGED = re.compile(r"[0-9A-Fa-f]*[89A-Fa-f]")
_HEADER_LINE = re.compile(rb"[!-9;-~]{1,76}[ \t]*:")
_WITH_TIME = re.compile(rb"From .*\d\d:\d\d")


class Part(Struct, frozen=True):
    """An attachment or a file: its bytes, or the message that it is; `refused` says why there is neither. `code` is the
    finding that this is, "" where nobody has to do anything about it."""

    name: str
    data: bytes = b""
    letter: "Letter | None" = None
    refused: str = ""
    code: str = ""


class Unopened(Exception):
    """Something that holds messages or files can't be opened; `code` is the finding it becomes, `reason` a fact."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason

    def part(self, name: str) -> Part:
        """What is called `name` and can't be opened."""
        return Part(name, refused=self.reason, code=self.code)


class Letter(Struct, frozen=True, kw_only=True):
    """A message. `sender` is shown, `address` compared (small letters, "" where there is none)."""

    sender: str = ""
    address: str = ""
    date: dt.datetime | None = None
    subject: str = ""
    message_id: str = ""
    deleted: bool = False
    parts: tuple[Part, ...] = ()


def read_eml(data: bytes, depth: int = 0) -> Letter:
    """The message in `data`. Raises Unopened where it is too large or nested too deeply to be read."""
    if len(data) > LARGEST:
        raise Unopened("KX003", f"ileti {len(data)} bayt")
    # Each nested level of parts costs the parser time for every line below it.
    if data.count(b"boundary=") > 1000:
        raise Unopened("KX003", "ileti çok fazla parçadan oluşuyor")
    try:
        # The newer policies parse headers as they are met, and raise on some that nobody should send.
        return _letter(message_from_bytes(data, policy=policy.compat32), depth)
    except RecursionError:
        raise Unopened("KX003", "ileti çok fazla iç içe") from None


def _letter(message: Message, depth: int) -> Letter:
    raw: dict[str, str] = {}
    for name, value in message.raw_items():
        raw.setdefault(name.lower(), str(value)[:8000])
    name, address = _address(raw.get("from", ""))
    date = None
    with suppress(ValueError, TypeError, OverflowError, IndexError, OSError):
        written = parsedate_to_datetime(raw.get("date", ""))
        date = (written if written.tzinfo else written.replace(tzinfo=dt.UTC)).astimezone()
    return Letter(
        sender=shown(f"{name} <{address}>" if name and address else name or address),
        address=address.lower(),
        date=date,
        subject=shown(decoded(raw.get("subject", ""))),
        message_id=raw.get("message-id", "").strip(),
        deleted=bool(_EXPUNGED.fullmatch(raw.get("x-mozilla-status", "").strip())),
        parts=tuple(_parts(message, depth)),
    )


def _parts(message: Message, depth: int) -> list[Part]:
    kind = message.get_content_type()
    inner = message.get_payload()
    if kind == "message/rfc822" and isinstance(inner, list) and inner:
        return [_attached_letter(message, inner[0], depth)]
    if isinstance(inner, list):
        return [part for child in inner if isinstance(child, Message) for part in _parts(child, depth)]
    name = _name(message)
    if message.get_content_maintype() == "multipart":
        return [Part(name, refused="iletinin yapısı bozuk, ekleri ayrılamadı")]
    bodies = ("text/plain", "text/html", "text/enriched", "text/calendar")
    if kind in bodies and not name and message.get_content_disposition() != "attachment":
        return []
    data = message.get_payload(decode=True)
    return [Part(name or kind, data if isinstance(data, bytes) else b"")]


def _attached_letter(message: Message, inner: object, depth: int) -> Part:
    name = _name(message) or "ekli ileti"
    if not isinstance(inner, Message):
        return Part(name, refused="ekli ileti bozuk")
    if depth >= DEEPEST:
        return Part(name, refused="iletiler çok fazla iç içe")
    coding = str(message.get("content-transfer-encoding", "")).strip().lower()
    if coding in ("base64", "quoted-printable") and not inner.keys():
        # Some programs encode an attached message like any file, which the parser does not expect.
        inner["Content-Transfer-Encoding"] = coding
        data = inner.get_payload(decode=True)
        return Part(name, data if isinstance(data, bytes) else b"")
    return Part(name, letter=_letter(inner, depth + 1))


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


def decoded(raw: str) -> str:
    """A header's text: encoded words read, bytes without a declared code taken as UTF-8 or as Windows' Turkish."""
    text = _readable(raw)
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


def starts_mbox(head: bytes) -> bool:
    """Whether a file that begins like this is an mbox: a "From " line with a header below it."""
    lines = head.lstrip(b"\r\n").split(b"\n", 2)
    return lines[0].startswith(b"From ") and len(lines) > 1 and _opens_message(lines[1])


def read_mbox(stream: IO[bytes]) -> Iterator[bytes | int]:
    """Each message's bytes; of one that is too large only how many there are. The standard library's mailbox.mbox opens
    for writing, and takes every line that begins with "From " for a new message, so that one such line in a letter's
    text would cost the attachments behind it."""
    message: list[bytes] | None = None
    size, after_blank = 0, True
    lines = iter(lambda: stream.readline(LARGEST), b"")
    for line, following in pairwise(chain(lines, (b"",))):
        # A blank line should stand before it; not every program writes one.
        is_separator = line.startswith(b"From ") and (after_blank or _WITH_TIME.match(line))
        if is_separator and _opens_message(following):
            if message is not None:
                yield b"".join(message) if size <= LARGEST else size
            message, size = [], 0
        elif message is not None:
            size += len(line)
            if size <= LARGEST:
                message.append(line)
        after_blank = not line.strip(b"\r\n")
    if message is not None:
        yield b"".join(message) if size <= LARGEST else size


def _opens_message(line: bytes) -> bool:
    # ">From " is how some programs keep the line of the mbox that a message came from.
    return bool(_HEADER_LINE.match(line)) or line.startswith(b">From ")


_LONGEST_SHOWN = 120


def shown(text: str) -> str:
    """One line of at most 120 letters without what changes a terminal or turns the direction of writing about."""
    one_line = tidy(writable(text[:4000]))
    plain = "".join(letter for letter in one_line if unicodedata.category(letter) not in ("Cc", "Cf", "Zl", "Zp"))
    # The end of a file's name says most of what it is.
    return plain if len(plain) <= _LONGEST_SHOWN else f"{plain[: _LONGEST_SHOWN - 21]}…{plain[-20:]}"
