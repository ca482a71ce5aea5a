"""Packages of XML part by part: what is refused before it costs anything, and how parts lead to each other."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO
from xml.etree.ElementTree import Element, fromstring

import pytest

from kars_xl.reading.grid import package as module
from kars_xl.reading.grid.cells import UnreadableFile
from kars_xl.reading.grid.package import (
    Stream,
    attribute,
    child_of,
    elements_of,
    first_of,
    is_on,
    opened,
    part_name,
    refuse_doctype,
)

Parts = Mapping[str, str | bytes]


def zipped(parts: Parts) -> bytes:
    data = BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return data.getvalue()


def refused(data: bytes) -> tuple[str, str]:
    """Code and reason."""
    with pytest.raises(UnreadableFile) as told, opened(data):
        pass
    return told.value.code, told.value.reason


def stream(parts: Parts) -> Stream:
    return Stream(zipfile.ZipFile(BytesIO(zipped(parts))))


def texts(parts: Parts, part: str, *wanted: str) -> list[tuple[str, str]]:
    """The elements wanted with all texts in them, however large the package is."""
    given = stream(parts)
    found = [(it.tag.rpartition("}")[2], "".join(it.itertext())) for it in given.elements(part, *wanted)]
    given.small = not given.small
    streamed = [(it.tag.rpartition("}")[2], "".join(it.itertext())) for it in given.elements(part, *wanted)]
    assert streamed == found
    return found


# What is refused


def test_a_package_is_opened_and_what_is_wrong_within_is_damage() -> None:
    with opened(zipped({"a.xml": "<a/>"})) as found:
        assert [*found.elements("a.xml", "a")] != []
    for error in (ValueError("x"), KeyError("x"), zipfile.BadZipFile(), OSError(), RuntimeError()):
        with pytest.raises(UnreadableFile) as told, opened(zipped({})):
            raise error
        assert (told.value.code, told.value.reason) == ("KX001", module.DAMAGED)
    assert refused(b"x") == ("KX001", module.DAMAGED)
    assert refused(zipped({"a": "x" * 999})[:50]) == ("KX001", module.DAMAGED)


def test_a_package_with_a_password_is_refused() -> None:
    data = bytearray(zipped({"a.xml": "<a/>", "b.xml": "<b/>"}))
    data[data.rindex(b"PK\1\2") + 8] |= 1  # the flag in the last entry of the directory
    assert refused(bytes(data)) == ("KX002", "b.xml")


@pytest.mark.parametrize("other", ["A.xml", "/a.xml", "x/../a.xml", "%61.xml", "x/../A.xml"])
def test_a_part_that_is_there_twice_is_refused(other: str) -> None:
    assert refused(zipped({"a.xml": "<a/>", "b.xml": "<b/>", other: "<a/>"})) == (
        *("KX003", f"{other} pakette iki kez var"),
    )


def test_what_is_too_large_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = {"a": "x" * 60, "b": "x" * 50, "c": ""}
    for name, most, told in (
        ("_MAX_MEMBER", 60, ""),
        ("_MAX_MEMBER", 59, "a: 60 bayt"),
        ("_MAX_TOTAL", 110, ""),
        ("_MAX_TOTAL", 109, "b: 50 bayt"),
        ("_MAX_MEMBERS", 3, ""),
        ("_MAX_MEMBERS", 2, "c: 0 bayt"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(module, name, most)
            if told:
                assert refused(zipped(parts)) == ("KX003", told)
            else:
                with opened(zipped(parts)) as found:
                    assert [*found.names] == ["a", "b", "c"]


def test_the_limits_are_those_of_what_offices_write() -> None:
    assert (module._MAX_MEMBER, module._MAX_TOTAL, module._MAX_MEMBERS) == (96 * 2**20, 160 * 2**20, 20_000)


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        *(("xl/Workbook.xml", "xl/workbook.xml"), ("/xl/a.xml", "xl/a.xml"), ("xl\\a.xml", "xl/a.xml")),
        *(("xl/../a.xml", "a.xml"), ("../a.xml", "a.xml"), ("xl/./a%20b.xml", "xl/a b.xml"), ("", "")),
    ],
)
def test_the_name_of_a_part(name: str, plain: str) -> None:
    assert part_name(name) == plain


# Reading parts


def test_parts_are_found_whatever_their_capitals() -> None:
    given = stream({"XL/A.xml": "<a>1</a>"})
    assert given.names == {"xl/a.xml": "XL/A.xml"}
    with given.open("xl/A.XML") as part:
        assert part.read() == b"<a>1</a>"
    assert [it.text for it in given.elements("/xl/a.xml", "a")] == ["1"]
    assert [*given.elements("b.xml", "a")] == []


def test_the_wanted_elements_are_whole_and_in_order() -> None:
    parts = {"a": '<r xmlns="u"><a>1<b>2</b></a><x><b>3</b><c>4</c><a>5<a>6</a></a></x><b>7</b></r>'}
    assert texts(parts, "a", "a", "b") == [("a", "12"), ("b", "3"), ("a", "56"), ("b", "7")]
    assert texts(parts, "a", "r") == [("r", "1234567")]
    assert texts(parts, "a", "none") == []
    assert texts(parts, "a") == []


@pytest.mark.parametrize("small", [True, False])
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<!DOCTYPE a><a/>", "a: DOCTYPE"),
        ('<a x="' + "y" * module._LONG + '"/>', "a: 262144 bayttan uzun etiket"),
    ],
    ids=["doctype", "tag"],
)
def test_what_no_office_writes_is_refused(text: str, reason: str, small: bool) -> None:
    given = stream({"a": text})
    given.small = small
    with pytest.raises(UnreadableFile) as told:
        [*given.elements("a", "row")]
    assert (told.value.code, told.value.reason) == ("KX003", reason)


def test_how_deep_elements_may_stand() -> None:
    for small, most in ((True, 201), (False, 200)):
        for depth, is_refused in ((most, False), (most + 1, True)):
            given = stream({"a": "<a>" * (depth - 1) + "<row/>" + "</a>" * (depth - 1)})
            given.small = small
            if is_refused:
                with pytest.raises(UnreadableFile) as told:
                    [*given.elements("a", "row")]
                assert (told.value.code, told.value.reason) == ("KX003", "a: çok fazla öğe")
            else:
                assert len([*given.elements("a", "row")]) == 1


def test_how_many_elements_there_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """In all parts together, where a package is large enough to hold so many."""
    given = stream({"a": "<a><b/><b/></a>", "c": "<c><b/></c>"})
    given.small = False
    monkeypatch.setattr(module, "_MAX_ELEMENTS", 4)
    assert len([*given.elements("a", "b")]) == 2
    with pytest.raises(UnreadableFile) as told:
        [*given.elements("c", "b")]
    assert (told.value.code, told.value.reason) == ("KX003", "c: çok fazla öğe")
    assert given.count == 5


def test_a_part_that_is_held_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing part has no elements; one without contents is damaged, whatever its package's size."""
    given = stream({"a": "<a><b/><b/></a>", "empty": ""})
    for given.small in (True, False):
        assert (given.whole("none"), given.whole("empty")) == (None, b"")
        assert len([*elements_of("a", given.whole("a"), "b")]) == 2
        assert [*elements_of("none", None, "b")] == []
        for read in (given.elements, lambda part, *wanted: elements_of(part, b"", *wanted)):
            with pytest.raises(module.ParseError):
                list(read("empty", "b"))
    monkeypatch.setattr(module, "_MAX_ELEMENTS", 2)
    assert len([*elements_of("a", b"<a><b/><b/></a>", "b")]) == 2  # four tags
    with pytest.raises(UnreadableFile) as told:
        [*elements_of("a", b"<a><b/><b/><b/></a>", "b")]
    assert (told.value.code, told.value.reason) == ("KX003", "a: çok fazla öğe")


def test_a_package_is_small_that_can_not_hold_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MAX_ELEMENTS", 5)
    assert stream({"a": "x" * 10, "b": "x" * 10}).small
    assert not stream({"a": "x" * 10, "b": "x" * 11}).small
    assert stream({}).count == 0


def test_values_of_a_part_are_counted_unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    given = stream({"a": "<v>1</v><v/><x>" + " " * (1 << 20) + "<v></v>"})
    assert given.values("a", module.re.compile(rb"<v[ />]")) == 3
    monkeypatch.setattr(module, "_MAX_ELEMENTS", 3)
    assert given.values("a", module.re.compile(rb"<x>")) == 1  # six tags
    monkeypatch.setattr(module, "_MAX_ELEMENTS", 2)
    with pytest.raises(UnreadableFile) as told:
        given.values("a", module.re.compile(rb"<x>"))
    assert (told.value.code, told.value.reason) == ("KX003", "a: çok fazla öğe")


@pytest.mark.parametrize("before", [0, (1 << 20) - 100, (1 << 20) - module._LONG + 1])
def test_a_tag_that_is_too_long_is_found_over_the_ends_of_what_is_read_at_once(before: int) -> None:
    pattern = module.re.compile(rb"<v")
    for length, is_long in ((module._LONG - 1, False), (module._LONG, True)):
        given = stream({"a": " " * before + "<" + "v" * length + ">"})
        if is_long:
            with pytest.raises(UnreadableFile) as told:
                given.values("a", pattern)
            assert (told.value.code, told.value.reason) == ("KX003", "a: 262144 bayttan uzun etiket")
        else:
            assert given.values("a", pattern) == 1


def test_cells_that_only_look_like_something_are_left_out() -> None:
    cells = '<c r="A1" s="1"/><c r="B1"/>'
    blank = "<row>" + cells + '<c r="C1" s="2"><v>5</v></c><c r="D1"/></row>'
    # A cell without an address counts from the one before it, which must stay.
    placed = '<row><c r="A1"/><c><v>6</v></c></row>'
    assert module._Filled(BytesIO((blank + placed).encode())).read(1 << 16).decode() == (
        '<row><c r="C1" s="2"><v>5</v></c></row>' + placed
    )
    given = module._Filled(BytesIO(b"abcdef"))
    assert [given.read(4), given.read(4), given.read(4)] == [b"abcd", b"ef", b""]
    assert module._Filled(BytesIO(b"abc")).read() == b"abc"
    # What is nothing but such cells is not the end of the part.
    only = b'<c r="A1"/><c r="B1"'
    assert module._Filled(BytesIO(only + b"/>x")).read(len(only) - 9) == b'<c r="A1"/>'


# How parts lead to each other


def relation(kind: str, target: str, name: str = "r1", mode: str = "") -> str:
    where = f' TargetMode="{mode}"' if mode else ""
    return f'<Relationship Id="{name}" Type="http://x/{kind}" Target="{target}"{where}/>'


def test_the_relations_of_a_part() -> None:
    links = [relation("sheet", "Sheets/A.xml"), relation("sheet", "/b.xml", "r2"), relation("theme", "../c.xml", "r3")]
    links += [relation("link", "http://X/y", "r4", "External"), relation("link", "d.xml", "r5", "Internal")]
    parts = {"xl/_rels/book.xml.rels": f"<R>{''.join(links)}<Relationship/></R>"}
    assert stream(parts).relations("xl/book.xml") == {
        "sheet": [("r1", "xl/sheets/a.xml"), ("r2", "b.xml")],
        "theme": [("r3", "c.xml")],
        "link": [("r4", "http://X/y"), ("r5", "xl/d.xml")],
        "": [("", "xl")],
    }
    assert stream(parts).relations("book.xml") == {}
    assert first_of({"a": [("r1", "x"), ("r2", "y")]}, "a") == "x"
    assert first_of({}, "a") == ""


@pytest.mark.parametrize(
    ("parts", "main"),
    [
        ({"_rels/.rels": f"<R>{relation('officeDocument', 'A/B.xml')}</R>", "a/b.xml": "<w:document/>"}, "a/b.xml"),
        ({"xl/workbook.xml": "<w:document/>"}, "xl/workbook.xml"),
        ({"_rels/.rels": f"<R>{relation('officeDocument', 'none.xml')}</R>", "xl/workbook.xml": "<document/>"}, ""),
        ({"a.xml": "<document/>"}, ""),
    ],
)
def test_the_main_part(parts: Parts, main: str) -> None:
    assert stream(parts).main() == (main, "document" if main else "")


@pytest.mark.parametrize(
    ("text", "root"),
    [
        *(("<a/>", "a"), ("<x:a><b/></x:a>", "a"), (f"<!--{'x' * 1000}--><a>", "a"), ("", ""), (" ", "")),
        ('<?xml version="1.0"?><a><b/>', "a"),
    ],
)
def test_the_root_of_a_part(text: str, root: str) -> None:
    assert refuse_doctype("p", BytesIO(text.encode())) == root


def test_a_document_type_is_refused_however_late_it_stands() -> None:
    for before in ("", f"<!--{'x' * 1000}-->"):
        with pytest.raises(UnreadableFile) as told:
            refuse_doctype("p.xml", BytesIO(f"{before}<!DOCTYPE a [<!ENTITY b 'c'>]><a/>".encode()))
        assert (told.value.code, told.value.reason) == ("KX003", "p.xml: DOCTYPE")
    # No more is read than says so.
    part = BytesIO(b"<a>" + b" " * 5000)
    refuse_doctype("p", part)
    assert part.tell() == 512


# Elements


def element(text: str) -> Element:
    return fromstring(f'<r xmlns:w="u">{text}</r>')


def test_a_child_by_names() -> None:
    root = element("<w:a><w:b n='1'/><b n='2'/></w:a><a/>")
    found = child_of(root, "a", "b")
    assert found is not None
    assert found.get("n") == "1"
    assert child_of(root) is root
    assert (child_of(root, "b"), child_of(root, "a", "c"), child_of(None, "a"), child_of(None)) == (None,) * 4


def test_an_attribute_whatever_its_namespace() -> None:
    child = child_of(element("<a w:val='1' id='2'/>"), "a")
    assert (attribute(child), attribute(child, "id"), attribute(child, "x"), attribute(child, "x", "y")) == (
        *("1", "2", "", "y"),
    )
    assert (attribute(None), attribute(None, otherwise="z")) == ("", "z")


@pytest.mark.parametrize(
    ("text", "on"),
    [
        *(("<b/>", True), ("<w:b/>", True), ("<b w:val='true'/>", True), ("<b val='1'/>", True), ("<x/>", False)),
        *((f"<b w:val='{off}'/>", False) for off in ("0", "false", "off", "none")),
        *(("<b val='0'/><c/>", True), ("<b val='0'/><c val='0'/>", False), ("<x><b/></x>", False), ("", False)),
    ],
)
def test_whether_a_mark_is_set(text: str, on: bool) -> None:
    assert is_on(element(text), "b", "c") is on


def test_no_element_has_no_mark() -> None:
    assert is_on(None, "b") is False
