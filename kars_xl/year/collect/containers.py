"""Unpacks files in which somebody's program has wrapped others: .zip, and winmail.dat, Outlook's own ([MS-OXTNEF])."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator
from io import BytesIO

from kars_xl.reading.grid.package import DAMAGE
from kars_xl.year.collect.eml import Part, Unopened, decoded, shown

_MOST_MEMBERS = 1000
_LARGEST_TOTAL = 256 * 2**20
_LARGEST_MEMBER = 96 * 2**20
TNEF = struct.pack("<I", 0x223E9F78)
_NEW_ATTACHMENT, _TITLE, _DATA = 0x00069002, 0x00018010, 0x0006800F
_ATTRIBUTE = struct.Struct("<BII")
_CHECKSUM = 2


def read_zip(data: bytes) -> Iterator[Part]:
    """The files of a .zip; what its directory says of sizes is not believed.

    One that is locked or too large has the reason instead of its bytes. Raises Unopened.
    """
    left = _LARGEST_TOTAL
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            members = [info for info in package.infolist() if not info.is_dir()]
            if len(members) > _MOST_MEMBERS:
                raise Unopened("KX003", f"arşivde {len(members)} dosya var")
            for info in members:
                part = _zipped(package, info, min(left, _LARGEST_MEMBER))
                left -= len(part.data)
                yield part
    except DAMAGE as error:
        raise Unopened("KX001", "arşiv bozuk") from error


def _zipped(package: zipfile.ZipFile, info: zipfile.ZipInfo, largest: int) -> Part:
    name = shown(_name(info)) or "adsız dosya"
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


def _name(info: zipfile.ZipInfo) -> str:
    """The last part of the path; Windows programs write Turkish names in DOS' code page and don't say so."""
    name = info.filename
    if not info.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("cp857")
        except UnicodeError:
            name = info.filename
    return name.replace("\\", "/").rpartition("/")[2]


def read_tnef(data: bytes) -> list[Part]:
    """The files of a winmail.dat. Raises Unopened where it is cut short before its end."""
    found: list[dict[int, bytes]] = []
    at = len(TNEF) + 2
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
    return [_wrapped(attributes) for attributes in found]


def _wrapped(attributes: dict[int, bytes]) -> Part:
    title = attributes.get(_TITLE, b"").rstrip(b"\0")
    name = shown(decoded(title.decode("ascii", "surrogateescape"))) or "adsız ek"
    if _DATA not in attributes:
        return Part(name, refused="winmail.dat içinde açılamayan bir nesne")
    return Part(name, attributes[_DATA])
