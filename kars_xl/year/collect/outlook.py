"""Outlook's own formats: .msg files, a compound file with a stream for each property ([MS-OXMSG]); and winmail.dat
([MS-OXTNEF]), what Outlook and Exchange wrap a letter's attachments in. Both hold the properties of MAPI."""

import datetime as dt
import struct
from collections.abc import Iterator, Mapping
from contextlib import suppress
from io import BytesIO
from itertools import islice

from msgspec import Struct
from olefile import OleFileIO

from kars_xl.base.text import shown
from kars_xl.reading.grid.archives import Part
from kars_xl.reading.grid.cells import UnreadableFile
from kars_xl.reading.grid.containers import TNEF
from kars_xl.year.collect.eml import DEEPEST, LARGEST, MOST_ITEMS, Letter, decoded, read_eml
from kars_xl.year.collect.links import linked, links_in

_UNICODE, _ANSI, _BINARY, _OBJECT, _TIME, _INTEGER = 0x001F, 0x001E, 0x0102, 0x000D, 0x0040, 0x0003
_SUBJECT, _HEADERS, _MESSAGE_ID = 0x0037, 0x007D, 0x1035
_BODY, _PAGE = 0x1000, 0x1013
_SENDER_NAME, _SENDER_ADDRESS, _SENDER_SMTP = 0x0C1A, 0x0C1F, 0x5D01
_SUBMITTED, _DELIVERED = 0x0039, 0x0E06
_DATA, _METHOD, _FILE_NAME, _LONG_FILE_NAME, _DISPLAY_NAME = 0x3701, 0x3705, 0x3704, 0x3707, 0x3001
_BY_REFERENCE = (b"\2", b"\3", b"\4", b"\7")  # methods of what is no file but leads to one
_PROPERTIES = "__properties_version1.0"
# Length of what stands before the entries of a property stream.
_HEADER_OF_MESSAGE, _HEADER_OF_EMBEDDED, _HEADER_OF_ATTACHMENT = 32, 24, 8
_EPOCH = dt.datetime(1601, 1, 1, tzinfo=dt.UTC)
_TNEF_ATTACHMENT, _TNEF_TITLE, _TNEF_DATA, _TNEF_PROPERTIES = 0x00069002, 0x00018010, 0x0006800F, 0x00069005
_ATTRIBUTE, _CHECKSUM = struct.Struct("<BII"), 2
_SIZES = {0x0005: 8, 0x0006: 8, 0x0007: 8, 0x0014: 8, 0x0040: 8, 0x0048: 16}
_SEVERAL, _GUID = 0x1000, 16


def read_msg(data: bytes, depth: int = 0) -> Letter:
    """The message in `data`. Raises UnreadableFile where it is damaged or too large."""
    if len(data) > LARGEST:
        raise UnreadableFile("KX003", f"ileti {len(data)} bayt")
    try:
        with OleFileIO(BytesIO(data)) as ole:
            return _letter(_Storage(ole, []), _HEADER_OF_MESSAGE, depth)
    except UnreadableFile:
        raise
    except Exception as error:  # olefile meets a damaged file with whatever it stumbles over
        raise UnreadableFile("KX001", "Outlook iletisi bozuk") from error


class _Storage(Struct):
    """A folder inside the compound file: one message or one attachment."""

    ole: OleFileIO
    path: list[str]

    def stream(self, name: str) -> bytes | None:
        where = [*self.path, name]
        if not self.ole.exists(where) or self.ole.get_type(where) != 2:
            return None
        if self.ole.get_size(where) > LARGEST:
            raise UnreadableFile("KX003", f"{self.ole.get_size(where)} bayt")
        with self.ole.openstream(where) as stream:
            return bytes(stream.read())

    def value(self, tag: int, kind: int) -> bytes | None:
        return self.stream(f"__substg1.0_{tag:04X}{kind:04X}")

    def text(self, tag: int) -> str:
        """A text property; one in 8-bit letters is taken as UTF-8 or as Windows' Turkish."""
        data = self.value(tag, _UNICODE)
        if data is not None:
            return data.decode("utf-16-le", errors="replace").rstrip("\0")
        return decoded((self.value(tag, _ANSI) or b"").rstrip(b"\0"))

    def fixed(self, tag: int, kind: int, header: int) -> bytes:
        """The eight bytes of a property of fixed length; b"" where there is none."""
        entries = self.stream(_PROPERTIES) or b""
        wanted = struct.pack("<HH", kind, tag)
        rows = (entries[at : at + 16] for at in range(header, len(entries) - 15, 16))
        return next((row[8:] for row in rows if row[:4] == wanted), b"")

    def attachments(self) -> Iterator["_Storage"]:
        depth, entries = len(self.path), self.ole.listdir(streams=True, storages=True)
        own = {entry[depth] for entry in entries if len(entry) > depth and entry[:depth] == self.path}
        names = sorted(name for name in own if name.startswith("__attach_version1.0_#"))
        return (_Storage(self.ole, [*self.path, name]) for name in names)


def _letter(storage: _Storage, header: int, depth: int, called: str = "") -> Letter:
    name, address = storage.text(_SENDER_NAME), _address(storage)
    return Letter(
        name=called,
        sender=shown(f"{name} <{address}>" if name and address and name != address else name or address),
        address=shown(address).lower(),
        date=_date(storage, header),
        subject=shown(storage.text(_SUBJECT)),
        message_id=storage.text(_MESSAGE_ID).strip(),
        parts=tuple(_parts(storage, depth)),
    )


def _address(storage: _Storage) -> str:
    """The sender's address on the internet; within one organisation Outlook keeps another kind of address as well."""
    found = (storage.text(tag) for tag in (_SENDER_SMTP, _SENDER_ADDRESS))
    if own := next((address for address in found if "@" in address), ""):
        return own
    headers = storage.text(_HEADERS)
    return read_eml(headers.encode("utf-8", "replace")).address if headers else ""


def _date(storage: _Storage, header: int) -> dt.datetime | None:
    times = (int.from_bytes(storage.fixed(tag, _TIME, header), "little") for tag in (_SUBMITTED, _DELIVERED))
    if ticks := next(filter(None, times), 0):
        with suppress(OverflowError, ValueError, OSError):
            return (_EPOCH + dt.timedelta(microseconds=ticks // 10)).astimezone()
    return None


def _parts(storage: _Storage, depth: int) -> Iterator[Part | Letter]:
    yield from (*links_in(storage.text(_BODY)), *links_in(decoded(storage.value(_PAGE, _BINARY) or b"")))
    # One more than anybody takes, so that it is said.
    for attachment in islice(storage.attachments(), MOST_ITEMS + 1):
        name = shown(attachment.text(_LONG_FILE_NAME) or attachment.text(_FILE_NAME)) or "adsız ek"
        yield _part(attachment, name, depth)


def _part(attachment: _Storage, name: str, depth: int) -> Part | Letter:
    data = attachment.value(_DATA, _BINARY)
    if data is not None:
        return Part(name, data)
    embedded = _Storage(attachment.ole, [*attachment.path, f"__substg1.0_{_DATA:04X}{_OBJECT:04X}"])
    if embedded.stream(_PROPERTIES) is not None:
        if depth >= DEEPEST:
            return Part(name, refused="iletiler çok fazla iç içe", code="KX003")
        return _letter(embedded, _HEADER_OF_EMBEDDED, depth + 1, name)
    if attachment.fixed(_METHOD, _INTEGER, _HEADER_OF_ATTACHMENT)[:1] in _BY_REFERENCE:
        return linked(name)
    return Part(name, refused="iletinin içinde açılamayan bir nesne", code="KX016")


def read_tnef(data: bytes) -> Iterator[Part]:
    """The files of a winmail.dat; a letter attached to it is a winmail.dat again. Where it is cut short, so far."""
    found: list[dict[int, bytes]] = []
    at, whole = len(TNEF) + 2, True
    while whole and at < len(data):
        head = data[at : at + _ATTRIBUTE.size]
        _, attribute, length = _ATTRIBUTE.unpack(head) if len(head) == _ATTRIBUTE.size else (0, 0, len(data))
        at += _ATTRIBUTE.size
        whole = at + length + _CHECKSUM <= len(data)
        if attribute == _TNEF_ATTACHMENT:
            found.append({})
        elif found and whole:
            found[-1].setdefault(attribute, data[at : at + length])
        at += length + _CHECKSUM
    yield from map(_wrapped, found)
    if not whole:
        yield Part("winmail.dat", refused="winmail.dat bozuk", code="KX001")


def _wrapped(attributes: Mapping[int, bytes]) -> Part:
    more: dict[int, bytes] = {}
    with suppress(struct.error):
        more.update(_properties(attributes.get(_TNEF_PROPERTIES, bytes(4))))
    title = decoded(attributes.get(_TNEF_TITLE, b"").rstrip(b"\0"))
    long_name, *others = (more.get(tag, b"").decode() for tag in (_LONG_FILE_NAME, _FILE_NAME, _DISPLAY_NAME))
    name = shown(next(filter(None, (long_name, title, *others)), "")) or "adsız ek"
    data = attributes.get(_TNEF_DATA) or more.get(_DATA, b"")
    if not data and more.get(_METHOD, b"")[:1] in _BY_REFERENCE:
        return linked(name)
    # Before an attached letter stands what kind of object it is.
    data = data[_GUID:] if data[_GUID:].startswith(TNEF) else data
    return Part(name, data) if data else Part(name, refused="winmail.dat içinde açılamayan bir nesne", code="KX016")


def _properties(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(number, value) of each property, texts in UTF-8. Raises struct.error where it is cut short."""
    (count,), at = struct.unpack_from("<I", data), 4
    for _ in range(count):
        kind, number = struct.unpack_from("<HH", data, at)
        at += 4
        if number >= 0x8000:  # one with a name: whose it is, what kind of name, and the name
            (named, length) = struct.unpack_from("<II", data, at + _GUID)
            at += _GUID + 8 + (length + -length % 4 if named else 0)
        several, kind = kind & _SEVERAL, kind & ~_SEVERAL
        sized = kind in (_ANSI, _UNICODE, _OBJECT, _BINARY)
        values = 1
        if several or sized:
            (values,) = struct.unpack_from("<I", data, at)
            at += 4
        for number_of_value in range(min(values, len(data))):
            length = _SIZES.get(kind, 4)
            if sized:
                (length,) = struct.unpack_from("<I", data, at)
                at += 4
            if at + length > len(data):
                raise struct.error
            if not number_of_value:
                yield number, _value(kind, data[at : at + length])
            at += length + -length % 4


def _value(kind: int, data: bytes) -> bytes:
    if kind == _UNICODE:
        return data.decode("utf-16-le", "replace").rstrip("\0").encode("utf-8", "replace")
    if kind == _ANSI:
        return decoded(data.rstrip(b"\0")).encode("utf-8", "replace")
    return data
