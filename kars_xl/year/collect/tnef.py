"""Reads a winmail.dat ([MS-OXTNEF]): what Outlook and Exchange wrap a letter's attachments in."""

import struct
from collections.abc import Iterator, Mapping
from contextlib import suppress

from kars_xl.base.text import shown
from kars_xl.reading.grid.archives import Part
from kars_xl.reading.grid.containers import TNEF
from kars_xl.year.collect.eml import decoded
from kars_xl.year.collect.links import BY_REFERENCE, linked

_NEW_ATTACHMENT, _TITLE, _DATA, _PROPERTIES = 0x00069002, 0x00018010, 0x0006800F, 0x00069005
_ATTRIBUTE = struct.Struct("<BII")
_CHECKSUM = 2
# Properties of MAPI: what an attachment holds, how it is attached, and its names.
_HELD, _METHOD, _NAMES = 0x3701, 0x3705, (0x3707, 0x3704, 0x3001)
_STRING, _UNICODE, _OBJECT, _BINARY = 0x001E, 0x001F, 0x000D, 0x0102
_SIZES = {0x0005: 8, 0x0006: 8, 0x0007: 8, 0x0014: 8, 0x0040: 8, 0x0048: 16}
_SEVERAL, _GUID = 0x1000, 16
_DAMAGED = Part("winmail.dat", refused="winmail.dat bozuk", code="KX001")


def read_tnef(data: bytes) -> Iterator[Part]:
    """The files of a winmail.dat; a letter attached to it is a winmail.dat again. Where it is cut short, so far."""
    found: list[dict[int, bytes]] = []
    at, whole = len(TNEF) + 2, True
    while whole and at < len(data):
        head = data[at : at + _ATTRIBUTE.size]
        _, attribute, length = _ATTRIBUTE.unpack(head) if len(head) == _ATTRIBUTE.size else (0, 0, len(data))
        at += _ATTRIBUTE.size
        whole = at + length + _CHECKSUM <= len(data)
        if attribute == _NEW_ATTACHMENT:
            found.append({})
        elif found and whole:
            found[-1].setdefault(attribute, data[at : at + length])
        at += length + _CHECKSUM
    yield from map(_part, found)
    if not whole:
        yield _DAMAGED


def _part(attributes: Mapping[int, bytes]) -> Part:
    more: dict[int, bytes] = {}
    with suppress(struct.error):
        more.update(_properties(attributes.get(_PROPERTIES, bytes(4))))
    title = decoded(attributes.get(_TITLE, b"").rstrip(b"\0").decode("ascii", "surrogateescape"))
    long_name, *others = (more.get(tag, b"").decode() for tag in _NAMES)
    name = shown(next(filter(None, (long_name, title, *others)), "")) or "adsız ek"
    data = attributes.get(_DATA) or more.get(_HELD, b"")
    if not data and more.get(_METHOD, b"")[:1] in BY_REFERENCE:
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
        sized = kind in (_STRING, _UNICODE, _OBJECT, _BINARY)
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
    if kind == _STRING:
        return decoded(data.rstrip(b"\0").decode("ascii", "surrogateescape")).encode("utf-8", "replace")
    return data
