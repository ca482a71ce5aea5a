"""The files packed in another: in a .zip, or attached to a letter."""

import zipfile
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import PurePosixPath

from msgspec import Struct

from kars_xl.base.file_names import free_name
from kars_xl.base.text import shown
from kars_xl.reading.grid.cells import UnreadableFile
from kars_xl.reading.grid.containers import OLE, is_litter
from kars_xl.reading.grid.package import DAMAGE

_LARGEST_TOTAL = 256 * 2**20
_LARGEST_MEMBER = 96 * 2**20


class Unpacking(Struct):
    """How many bytes may still come out of a file and of all archives in it."""

    left: int = _LARGEST_TOTAL


class Part(Struct, frozen=True):
    """A file out of another: its bytes; `refused` says why there are none. `code` and `remedy` are the finding that
    this is. Without a code nobody has to act; but one that `may_hold` a form is missed where none came with it."""

    name: str
    data: bytes = b""
    refused: str = ""
    code: str = ""
    remedy: str = ""
    may_hold: bool = False


def read_zip(data: bytes, unpacking: Unpacking | None = None) -> Iterator[Part]:
    """The files of a .zip by their paths in it; what its directory says of sizes is not believed. One that is too large
    or damaged has the reason instead of its bytes. Raises UnreadableFile."""
    unpacking = unpacking or Unpacking()
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            members = _members(package)
            if len(members) > 1000:
                raise UnreadableFile("KX003", f"arşivde {len(members)} dosya var")
            locked = [name for name, info in members.items() if info.flag_bits & 1]
            if locked:
                more = f" ve {len(locked) - 1} dosya daha" if locked[1:] else ""
                yield Part(locked[0], refused=f"arşivdeki dosya parolalı{more}", remedy="archive")
            for name, info in members.items():
                if name not in locked:
                    part = _unpacked(package, name, info, min(unpacking.left, _LARGEST_MEMBER))
                    # No more comes out than the directory says, and of what is refused it has come out, too.
                    unpacking.left -= min(info.file_size, unpacking.left)
                    # What a system hides may have been hidden by a person.
                    if not is_litter(name.rpartition("/")[2]) or part.data.startswith((b"PK", OLE)):
                        yield part
    except DAMAGE as error:
        raise UnreadableFile("KX001", "arşiv bozuk") from error


def packed(data: bytes, name: str) -> bytes:
    """The one file of a .zip, or of a .zip in it, that `read_zip` calls so. Raises UnreadableFile."""
    for part in read_zip(data):
        if part.name == name and not part.refused:
            return part.data
        if name.startswith(f"{part.name}/"):
            return packed(part.data, name.removeprefix(f"{part.name}/"))
    raise UnreadableFile("KX001", "arşivde böyle bir dosya yok")


def _members(package: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The files by paths that lead nowhere else, no two alike."""
    found: dict[str, zipfile.ZipInfo] = {}
    taken: set[str] = set()
    for info in package.infolist():
        path = info.filename
        # Windows programs write Turkish names in DOS' code page and don't say so.
        if not info.flag_bits & 0x800:
            with suppress(UnicodeError):
                path = path.encode("cp437").decode("cp857")
        parts = [shown(part) for part in path.replace("\\", "/").split("/")]
        parts = [part for part in parts if part.strip(". ")]
        if not info.is_dir() and "__MACOSX" not in parts:
            whole = PurePosixPath(*parts or ["adsız dosya"])
            found[free_name(str(whole.with_suffix("")), whole.suffix, taken)] = info
    return found


def _unpacked(package: zipfile.ZipFile, name: str, info: zipfile.ZipInfo, largest: int) -> Part:
    try:
        with package.open(info) as stream:
            data = stream.read(largest + 1)
    except DAMAGE:
        return Part(name, refused="arşivdeki dosya bozuk", code="KX001")
    too_large = Part(name, refused="arşivdeki dosya çok büyük", code="KX003")
    return too_large if len(data) > largest else Part(name, data)
