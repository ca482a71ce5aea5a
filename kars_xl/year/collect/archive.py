"""Unpacks a .zip that somebody attached; what its directory says of sizes is not believed."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from io import BytesIO

from kars_xl.reading.grid.package import DAMAGE
from kars_xl.year.collect.letters import Part, Unopened, shown

_MOST_MEMBERS = 1000
_LARGEST_TOTAL = 256 * 2**20
_LARGEST_MEMBER = 96 * 2**20


def read_zip(data: bytes) -> Iterator[Part]:
    """Its files; one that is locked or too large has the reason instead of its bytes. Raises Unopened."""
    left = _LARGEST_TOTAL
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            members = [info for info in package.infolist() if not info.is_dir()]
            if len(members) > _MOST_MEMBERS:
                raise Unopened("KX003", f"arşivde {len(members)} dosya var")
            for info in members:
                part = _part(package, info, min(left, _LARGEST_MEMBER))
                left -= len(part.data)
                yield part
    except DAMAGE as error:
        raise Unopened("KX001", "arşiv bozuk") from error


def _part(package: zipfile.ZipFile, info: zipfile.ZipInfo, largest: int) -> Part:
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
