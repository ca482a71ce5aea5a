"""Unpacks winmail.dat, in which Outlook wraps attachments for other Outlooks ([MS-OXTNEF])."""

from __future__ import annotations

import struct

from kars_xl.year.collect.eml import decoded
from kars_xl.year.collect.letters import Part, Unopened, shown

SIGNATURE = struct.pack("<I", 0x223E9F78)
_NEW_ATTACHMENT, _TITLE, _DATA = 0x00069002, 0x00018010, 0x0006800F
_ATTRIBUTE = struct.Struct("<BII")
_CHECKSUM = 2


def read_tnef(data: bytes) -> list[Part]:
    """The files in `data`. Raises Unopened where it is cut short before its end."""
    found: list[dict[int, bytes]] = []
    at = len(SIGNATURE) + 2
    while at < len(data):
        if at + _ATTRIBUTE.size > len(data):
            raise Unopened("KX001", "winmail.dat bozuk")
        _, attribute, length = _ATTRIBUTE.unpack_from(data, at)
        at += _ATTRIBUTE.size
        if at + length + _CHECKSUM > len(data):
            raise Unopened("KX001", "winmail.dat bozuk")
        if attribute == _NEW_ATTACHMENT:
            found.append({})
        elif found:
            found[-1].setdefault(attribute, data[at : at + length])
        at += length + _CHECKSUM
    return [_part(attributes) for attributes in found]


def _part(attributes: dict[int, bytes]) -> Part:
    title = attributes.get(_TITLE, b"").rstrip(b"\0")
    name = shown(decoded(title.decode("ascii", "surrogateescape"))) or "adsız ek"
    if _DATA not in attributes:
        return Part(name, refused="winmail.dat içinde açılamayan bir nesne")
    return Part(name, attributes[_DATA])
