"""Zip packages of XML from anywhere: refused before they cost memory, read part by part as a stream."""

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from io import BytesIO
from typing import IO
from urllib.parse import unquote
from xml.etree.ElementTree import Element, ParseError, fromstring, iterparse
from xml.parsers import expat

from kars_xl.base.atomic import DAMAGED
from kars_xl.reading.grid.cells import UnreadableFile

# What a damaged package makes the standard library raise.
DAMAGE = (
    zipfile.BadZipFile, zlib.error, ParseError, expat.ExpatError, LookupError, ValueError, EOFError,
    OSError, NotImplementedError, RuntimeError,
)  # fmt: skip
_MAX_MEMBER = 96 * 2**20
_MAX_TOTAL = 160 * 2**20
_MAX_MEMBERS = 20_000
_MAX_ELEMENTS = 2_000_000
_MAX_DEPTH = 200
# No office writes a tag so long, and a parser takes minutes for one of a million attributes.
_LONG = 1 << 18
_LONG_TAG = re.compile(rb"<[^<>]{%d}" % _LONG)
# Cells of a spreadsheet that hold nothing but a look; forms are formatted to the two hundred thousandth row.
_BLANK = re.compile(rb'(?:<c r="[A-Z]{1,3}\d{1,7}"(?: s="\d+")?/>)+(?=<c r="|</row>)')


class _Filled:
    """A part's bytes without cells that only look like something; none of which a program needs to place another."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream

    def read(self, size: int = -1, /) -> bytes:
        while chunk := self.stream.read(size):
            if left := _BLANK.sub(b"", chunk):
                return left
        return b""


@contextmanager
def opened(data: bytes) -> Iterator["Stream"]:
    """The package in `data`. Refuses, before it unpacks them, packages damaged, locked, two-faced or too large."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            total = 0
            seen: set[str] = set()
            for info in package.infolist():
                if info.flag_bits & 1:
                    raise UnreadableFile("KX002", info.filename)
                if (name := part_name(info.filename)) in seen:
                    raise UnreadableFile("KX003", f"{info.filename} pakette iki kez var")
                seen.add(name)
                total += info.file_size
                if info.file_size > _MAX_MEMBER or total > _MAX_TOTAL or len(seen) > _MAX_MEMBERS:
                    raise UnreadableFile("KX003", f"{info.filename}: {info.file_size} bayt")
            yield Stream(package)
    except DAMAGE as error:
        raise UnreadableFile("KX001", DAMAGED) from error


@lru_cache(maxsize=1024)
def part_name(name: str) -> str:
    """A part's name as packages compare them: whatever its capitals, slashes and escapes."""
    return posixpath.normpath(posixpath.join("/", unquote(name).replace("\\", "/"))).lstrip("/").casefold()


class Stream:
    """Reads the parts of one package element by element; `_MAX_ELEMENTS` holds for all of them together."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self.package = package
        self.names = {part_name(name): name for name in package.namelist()}
        self.count = 0
        # The shortest element has four bytes: so small a package can't hold too many.
        self.small = sum(info.file_size for info in package.infolist()) <= 4 * _MAX_ELEMENTS

    def open(self, part: str) -> IO[bytes]:
        return self.package.open(self.names[part_name(part)])

    def values(self, part: str, value: re.Pattern[bytes]) -> int:
        """How often `value` stands in a part too large to be parsed unseen. Refuses tags too long, or too many."""
        found, tags, before = 0, 0, b""
        with self.open(part) as stream:
            while chunk := stream.read(1 << 20):
                found += len(value.findall(chunk))
                tags += chunk.count(b"<")
                if tags > 2 * _MAX_ELEMENTS:
                    raise UnreadableFile("KX003", f"{part}: çok fazla öğe")
                if _LONG_TAG.search(before + chunk):
                    raise UnreadableFile("KX003", f"{part}: {_LONG} bayttan uzun etiket")
                before = chunk[-_LONG:]
        return found

    def relations(self, part: str) -> dict[str, list[tuple[str, str]]]:
        """Relations of a part by the last word of their type: (id, target part)."""
        folder, name = posixpath.split(part)
        found: dict[str, list[tuple[str, str]]] = {}
        for element in self.elements(posixpath.join(folder, "_rels", name + ".rels"), "Relationship"):
            target = element.get("Target", "")
            if element.get("TargetMode") != "External":
                target = part_name(posixpath.join(folder, target))
            kind = element.get("Type", "").rsplit("/", 1)[-1]
            found.setdefault(kind, []).append((element.get("Id", ""), target))
        return found

    def main(self) -> tuple[str, str]:
        """(name of the main part, its root element); ("", "") where the package has none."""
        part = first_of(self.relations(""), "officeDocument") or "xl/workbook.xml"
        if part not in self.names:
            return "", ""
        with self.open(part) as stream:
            return part, refuse_doctype(part, stream)

    def elements(self, part: str, *wanted: str) -> Iterator[Element]:
        """Elements by local name, each whole and outside any other, in order; none of a part that is missing."""
        if self.small or part_name(part) not in self.names:
            return elements_of(part, self.whole(part), *wanted)
        self.values(part, _LONG_TAG)
        with self.open(part) as stream:
            refuse_doctype(part, stream)
        return self._streamed(part, wanted)

    def whole(self, part: str) -> bytes | None:
        """A part's bytes; None where it is missing."""
        if part_name(part) not in self.names:
            return None
        with self.open(part) as stream:
            return stream.read()

    def _streamed(self, part: str, wanted: tuple[str, ...]) -> Iterator[Element]:
        """The same without the whole part in memory; what was yielded or is not wanted is let go."""
        open_elements: list[Element] = []
        inside = 0
        with self.open(part) as stream:
            for event, element in iterparse(_Filled(stream), ("start", "end")):
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


def elements_of(part: str, data: bytes | None, *wanted: str) -> Iterator[Element]:
    """`Stream.elements` of a part that is held as a whole."""
    if data is None:
        return iter(())
    if len(data) > _LONG and _LONG_TAG.search(data):
        raise UnreadableFile("KX003", f"{part}: {_LONG} bayttan uzun etiket")
    if len(data) > 4 * _MAX_ELEMENTS and data.count(b"<") > 2 * _MAX_ELEMENTS:
        raise UnreadableFile("KX003", f"{part}: çok fazla öğe")
    refuse_doctype(part, BytesIO(data))
    return _outermost(part, (fromstring(data),), wanted)


def _outermost(part: str, elements: Iterable[Element], wanted: tuple[str, ...], depth: int = 0) -> Iterator[Element]:
    if depth > _MAX_DEPTH:
        raise UnreadableFile("KX003", f"{part}: çok fazla öğe")
    for element in elements:
        if local_name(element.tag) in wanted:
            yield element
        elif len(element):
            yield from _outermost(part, element, wanted, depth + 1)


@lru_cache(maxsize=1024)
def local_name(tag: str) -> str:
    """A tag without its namespace."""
    return tag.rpartition("}")[2]


def first_of(relations: dict[str, list[tuple[str, str]]], kind: str) -> str:
    """The part that the first relation of this kind leads to; "" where there is none."""
    return relations.get(kind, [("", "")])[0][1]


def child_of(element: Element | None, *names: str) -> Element | None:
    """A child's child's … of these names; None where one is missing."""
    for name in names:
        children = () if element is None else element
        element = next((child for child in children if local_name(child.tag) == name), None)
    return element


def attribute(element: Element | None, name: str = "val", otherwise: str = "") -> str:
    """An attribute, whatever its namespace."""
    attributes = {} if element is None else element.attrib
    return next((value for key, value in attributes.items() if local_name(key) == name), otherwise)


def is_on(parent: Element | None, *names: str) -> bool:
    """Whether one of these marks (`<strike/>`, `<w:vanish w:val="true"/>`) is set."""
    marks = (child for child in (() if parent is None else parent) if local_name(child.tag) in names)
    return any(attribute(mark, otherwise="1") not in ("0", "false", "off", "none") for mark in marks)


def refuse_doctype(part: str, stream: IO[bytes]) -> str:
    """Refuses XML that declares a document type, and with it entities: no office writes such. Its root element."""

    def doctype(*_: object) -> None:
        raise UnreadableFile("KX003", f"{part}: DOCTYPE")

    def first(tag: str, _: object) -> None:
        tags.append(tag)
        parser.StartElementHandler = None

    tags: list[str] = []
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler, parser.StartElementHandler = doctype, first
    # No document type may stand behind the first element.
    while not tags and (chunk := stream.read(512)):
        parser.Parse(chunk, False)
    return tags[0].rpartition(":")[2] if tags else ""
