"""Zip packages of XML from anywhere: refused before they cost memory, read part by part as a stream."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from typing import IO
from xml.etree import ElementTree
from xml.parsers import expat

from kars_xl.reading.grid.cells import UnreadableFile

# What a damaged package makes the standard library raise.
DAMAGE = (
    zipfile.BadZipFile, zlib.error, ElementTree.ParseError, expat.ExpatError, LookupError, ValueError, EOFError,
    OSError, NotImplementedError, RuntimeError,
)  # fmt: skip
_MAX_MEMBER = 96 * 2**20
_MAX_TOTAL = 160 * 2**20
_MAX_MEMBERS = 20_000
_MAX_ELEMENTS = 2_000_000
_MAX_DEPTH = 200


def guard(package: zipfile.ZipFile) -> None:
    """Refuses packages that are locked, two-faced, or would not fit into memory, before anything is unpacked."""
    total = 0
    seen: set[str] = set()
    for info in package.infolist():
        if info.flag_bits & 1:
            raise UnreadableFile("KX002", info.filename)
        if info.filename in seen:
            raise UnreadableFile("KX003", f"{info.filename} pakette iki kez var")
        seen.add(info.filename)
        total += info.file_size
        if info.file_size > _MAX_MEMBER or total > _MAX_TOTAL or len(seen) > _MAX_MEMBERS:
            raise UnreadableFile("KX003", f"{info.filename}: {info.file_size} bayt")


class Stream:
    """Reads the parts of one package element by element; `_MAX_ELEMENTS` holds for all of them together."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self.package = package
        self.count = 0
        # The shortest element has four bytes: so small a package can't hold too many.
        self.small = sum(info.file_size for info in package.infolist()) <= 4 * _MAX_ELEMENTS

    def elements(self, part: str, *wanted: str) -> Iterator[ElementTree.Element]:
        """Elements by local name, each whole and outside any other of them, in the order of the part."""
        with self.package.open(part) as stream:
            if not self.small:
                refuse_doctype(part, stream)
                yield from self._streamed(part, wanted)
                return
            data = stream.read()
        refuse_doctype(part, BytesIO(data))
        yield from _outermost(part, ElementTree.fromstring(data), wanted)

    def _streamed(self, part: str, wanted: tuple[str, ...]) -> Iterator[ElementTree.Element]:
        """The same without the whole part in memory; what was yielded or is not wanted is let go."""
        open_elements: list[ElementTree.Element] = []
        inside = 0
        with self.package.open(part) as stream:
            for event, element in ElementTree.iterparse(stream, ("start", "end")):
                is_wanted = local_name(element.tag) in wanted
                if event == "start":
                    open_elements.append(element)
                    inside += is_wanted
                    self.count += 1
                    if self.count > _MAX_ELEMENTS or len(open_elements) > _MAX_DEPTH:
                        raise UnreadableFile("KX003", f"{part}: çok fazla öğe")
                    continue
                open_elements.pop()
                inside -= is_wanted
                if is_wanted and not inside:
                    yield element
                if not inside and open_elements:
                    open_elements[-1].clear()


def _outermost(part: str, root: ElementTree.Element, wanted: tuple[str, ...]) -> Iterator[ElementTree.Element]:
    levels = [iter((root,))]
    while levels:
        for element in levels[-1]:
            if local_name(element.tag) in wanted:
                yield element
            elif len(element):
                if len(levels) > _MAX_DEPTH:
                    raise UnreadableFile("KX003", f"{part}: çok fazla öğe")
                levels.append(iter(element))
                break
        else:
            levels.pop()


@lru_cache(maxsize=1024)
def local_name(tag: str) -> str:
    """A tag without its namespace."""
    return tag.rpartition("}")[2]


class _Root(Exception):
    """The root element is reached, and no document type stood before it."""


def refuse_doctype(part: str, stream: IO[bytes]) -> None:
    """Refuses XML that declares a document type, and with it entities: no spreadsheet writes such."""

    def doctype(*_: object) -> None:
        raise UnreadableFile("KX003", f"{part}: DOCTYPE")

    def root(*_: object) -> None:
        raise _Root

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = root
    try:
        while chunk := stream.read(65536):
            parser.Parse(chunk, False)
    except _Root:
        return
