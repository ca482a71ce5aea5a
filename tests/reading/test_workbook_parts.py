"""A workbook's package cell by cell: values of every kind, formulas that several cells share, what is hidden and what
is refused."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from decimal import Decimal
from io import BytesIO

import pytest

from kars_xl.reading.grid import ooxml
from kars_xl.reading.grid.cells import Area, Cell, CellValue, ExcelError, Grid, Sheet, Table, UnreadableFile, Unseen
from kars_xl.reading.grid.ooxml import read_ooxml
from kars_xl.reading.grid.package import Stream, opened

SHEETS = '<sheet name="S" sheetId="1" r:id="r1"/>'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
STYLES = (
    "<styleSheet><numFmts><numFmt numFmtId='170' formatCode='0.00 &quot;TL&quot;'/></numFmts>"
    "<fonts><font/><font><strike/></font><font><color theme='4'/></font></fonts>"
    "<cellXfs><xf/><xf numFmtId='170'/><xf numFmtId='14'/><xf fontId='1'/><xf fontId='2'/></cellXfs></styleSheet>"
)


def package(
    data: str | Mapping[str, str] = "",
    *,
    book: str = SHEETS,
    strings: str = "",
    relations: Mapping[str, tuple[str, str]] | None = None,
    more: Mapping[str, str] | None = None,
) -> bytes:
    """A workbook: `data` within the worksheet (or several by their parts' names), `book` within the workbook."""
    parts = {"xl/s1.xml": data} if isinstance(data, str) else dict(data)
    links = {"r1": ("worksheet", "s1.xml"), "t": ("sharedStrings", "t.xml"), "y": ("styles", "y.xml")} | dict(
        relations or {}
    )
    told = "".join(f'<Relationship Id="{key}" Type="x/{kind}" Target="{to}"/>' for key, (kind, to) in links.items())
    files = {
        "_rels/.rels": '<R><Relationship Id="r" Type="x/officeDocument" Target="xl/workbook.xml"/></R>',
        "xl/workbook.xml": f"<workbook {R}>{book}</workbook>",
        "xl/_rels/workbook.xml.rels": f"<R>{told}</R>",
        "xl/t.xml": f"<sst>{strings}</sst>",
        "xl/y.xml": STYLES,
        **{name: f"<worksheet>{text}</worksheet>" for name, text in parts.items()},
        **(more or {}),
    }
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as target:
        for name, text in files.items():
            target.writestr(name, text)
    return made.getvalue()


def read(data: str | Mapping[str, str] = "", **more: object) -> Grid:
    grid = read_ooxml("a.xlsx", package(data, **more))  # type: ignore[arg-type]
    assert grid.file == "a.xlsx"
    return grid


def sheet(rows: str, **more: object) -> Sheet:
    """The only sheet; `rows` are within its sheetData."""
    (found,) = read(f"<sheetData>{rows}</sheetData>", **more).sheets
    assert (found.file, found.name) == ("a.xlsx", "S")
    assert all((it.file, it.sheet, it.row, it.column) == ("a.xlsx", "S", *at) for at, it in found.cells.items())
    return found


def refused(data: str | Mapping[str, str] = "", **more: object) -> tuple[str, str]:
    with pytest.raises(UnreadableFile) as told:
        read(data, **more)
    return told.value.code, told.value.reason


def only(cell: str, **more: object) -> Cell | None:
    return sheet(f'<row r="1">{cell}</row>', **more).cells.get((1, 1))


# Values


RICH = (
    "<si><t>Yol</t></si><si><r><t>A</t></r><r><rPr><strike/></rPr><t>1</t></r><rPh><t>x</t></rPh></si>"
    "<si><r><rPr><vertAlign val='superscript'/></rPr><t>5</t></r></si><si><t/></si>"
    "<si><r><rPr><strike/></rPr><t>9</t></r></si>"
    "<si><t>a_x0041__x000A_b_xD83D__xDE00__xD83D_</t></si><si><r><rPr><b/></rPr><t>7</t></r><r><t> TL</t></r></si>"
    "<si><r><rPr><vertAlign val='baseline'/></rPr><t>5</t></r></si>"
    "<si><r><rPr><vertAlign val='subscript'/></rPr><t>5</t></r></si>"
)
VALUES: list[tuple[str, CellValue, str]] = [
    # The cell's XML, its value, and why nobody sees it.
    *(("<c><v>5</v></c>", Decimal(5), ""), ("<c t='n'><v>5.25</v></c>", Decimal("5.25"), "")),
    *(("<c><v>1e3</v></c>", Decimal(1000), ""), ("<c><v>x</v></c>", "x", ""), ("<c><v>1_0</v></c>", "1_0", "")),
    *(("<c t='s'><v>0</v></c>", "Yol", ""), ("<c t='s'><v>1</v></c>", "A1", Unseen.MIXED)),
    *(("<c t='s'><v>2</v></c>", "5", Unseen.MIXED), ("<c t='s'><v>4</v></c>", "9", Unseen.STRUCK)),
    *(("<c t='s'><v>7</v></c>", "5", ""), ("<c t='s'><v>8</v></c>", "5", Unseen.MIXED)),
    *(("<c t='s'><v>6</v></c>", "7 TL", ""), ("<c t='s'><v>5</v></c>", "aA\nb\U0001f600\ufffd", "")),
    *(("<c t='inlineStr'><is><t>Su</t></is></c>", "Su", ""), ("<c t='b'><v>1</v></c>", True, "")),
    ("<c t='inlineStr'><is><r><rPr><strike/></rPr><t>Su</t></r></is></c>", "Su", Unseen.STRUCK),
    *(("<c t='b'><v> true </v></c>", True, ""), ("<c t='b'><v>0</v></c>", False, "")),
    ("<c t='b'><v>2</v></c>", False, ""),
    *(("<c t='e'><v>#REF!</v></c>", ExcelError("#REF!"), ""), ("<c t='str'><v>a_x0041_</v></c>", "aA", "")),
    *(("<c t='d'><v>2024-03-01</v></c>", Decimal(45352), ""), ("<c t='d'><v>x</v></c>", "x", "")),
    ("<c s='3'><v>5</v></c>", Decimal(5), Unseen.STRUCK),
    ("<c s='3' t='s'><v>1</v></c>", "A1", Unseen.MIXED),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(VALUES)))
def test_values_of_every_kind(number: int) -> None:
    text, value, unseen = VALUES[number]
    found = only(text, strings=RICH)
    assert found is not None
    assert (found.value, found.unseen, found.formula) == (value, unseen, None)


@pytest.mark.parametrize(
    "cell", ["<c/>", "<c s='1'/>", "<c><v/></c>", "<c t='s'><v></v></c>", "<c t='inlineStr'/>", "<c t='str'><v/></c>"]
)
def test_what_is_no_cell(cell: str) -> None:
    assert only(cell) is None


@pytest.mark.parametrize(
    ("cell", "value", "formula"),
    [
        ("<c><f>A2+1</f><v>5</v></c>", Decimal(5), "A2+1"),
        ("<c><f>A2+1</f></c>", None, "A2+1"),
        ("<c><f>A2+1</f><v/></c>", None, "A2+1"),
        ("<c t='str'><f>A2</f><v></v></c>", "", "A2"),
        ("<c t='str'><f>A2</f></c>", None, "A2"),
        ("<c><f/><v>5</v></c>", Decimal(5), ""),
        ("<c t='e'><f>A2</f><v>#N/A</v></c>", ExcelError("#N/A"), "A2"),
    ],
)
def test_formulas_with_and_without_a_result(cell: str, value: CellValue, formula: str) -> None:
    found = only(cell)
    assert found is not None
    assert (found.value, found.formula) == (value, formula)


def test_formulas_that_several_cells_share_are_moved_along() -> None:
    rows = (
        '<row r="2"><c r="B2"><f t="shared" ref="B2:C4" si="0">A2*$A$1+B$1</f><v>1</v></c>'
        '<c r="C2"><f t="shared" si="0"/><v>1</v></c></row>'
        '<row r="4"><c r="B4"><f t="shared" si="0"/></c><c r="D4"><f t="shared" si="1">A1</f></c>'
        '<c r="E4"><f t="shared" si="1">A9</f></c><c r="F4"><f t="shared" si="1"/></c><c r="G4"><f si="1"/></c></row>'
        '<row r="5"><c r="A5"><f t="shared" si="9"/></c><c r="D5"><f t="shared" si="3">D4</f></c></row>'
        '<row r="7"><c r="E7"><f t="shared" si="3"/></c></row>'
    )
    assert {at: it.formula for at, it in sheet(rows).cells.items()} == {
        **{(2, 2): "A2*$A$1+B$1", (2, 3): "B2*$A$1+C$1", (4, 2): "A4*$A$1+B$1", (4, 4): "A1", (4, 5): "A9"},
        **{(4, 6): "C1", (4, 7): "", (5, 1): "(paylaşılan formül)"},
        **{(5, 4): "D4", (7, 5): "E6"},
    }


def test_shared_formulas_of_too_many_letters_are_told_and_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ooxml, "_MAX_SHARED", 6)
    cells = '<c r="A1"><f t="shared" si="0">B10</f></c>' + "".join(
        f'<c r="{column}1"><f t="shared" si="0"/></c>' for column in "BCD"
    )
    found = [it.formula for it in sheet(f'<row r="1">{cells}</row>').cells.values()]
    assert found == ["B10", "C10", "D10", "(paylaşılan formül)"]
    # What is shared is so within its sheet alone.
    other = {
        "xl/s1.xml": f"<sheetData><row>{cells}</row></sheetData>",
        "xl/s2.xml": "<sheetData><row><c><f t='shared' si='0'/></c></row></sheetData>",
    }
    book = SHEETS + '<sheet name="T" r:id="r2"/>'
    grid = read(other, book=book, relations={"r2": ("worksheet", "s2.xml")})
    assert grid.sheets[1].cells[1, 1].formula == "(paylaşılan formül)"


def test_formulas_over_ranges_cell_by_cell() -> None:
    rows = '<row r="3"><c r="B3"><f t="array" ref="B3:B4">A1:A2*2</f><v>1</v></c><c r="C3"><f t="x">A1</f></c></row>'
    grid = read(f"<sheetData>{rows}</sheetData>")
    assert grid.arrays == {("S", 3, 2)}
    assert grid.sheets[0].cells[3, 2].formula == "A1:A2*2"


# Where cells stand


def test_cells_and_rows_without_an_address_follow_the_one_before() -> None:
    rows = (
        '<row><c><v>1</v></c><c r="C1"><v>2</v></c><c><v>3</v></c></row><row r="5"><c r="ab5"><v>4</v></c></row>'
        "<row><c r='A$6'><v>5</v></c><c/><c><v>6</v></c></row>"
    )
    assert {at: str(it.value) for at, it in sheet(rows).cells.items()} == {
        **{(1, 1): "1", (1, 3): "2", (1, 4): "3", (5, 28): "4", (6, 1): "5", (6, 3): "6"},
    }


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("<row r='1'><c r='A1'><v>1</v></c><c r='A1'><v>2</v></c></row>", "S: “A1” hücresi geçersiz"),
        ("<row r='1'><c><v>1</v></c></row><row r='1'><c><v>2</v></c></row>", "S: “1” hücresi geçersiz"),
        ("<row r='0'><c r='A0'><v>1</v></c></row>", "S: “A0” hücresi geçersiz"),
        ("<row r='-1'><c><v>1</v></c></row>", "S: “-1” hücresi geçersiz"),
        ("<row r='1048577'><c r='A1048577'><v>1</v></c></row>", "S: “A1048577” hücresi geçersiz"),
        ("<row r='1'><c r='1'><v>1</v></c></row>", "S: “1” hücresi geçersiz"),
        ("<row r='1'><c r='XFE1'><v>1</v></c></row>", "S: “XFE1” hücresi geçersiz"),
        ("<row r='1'><c r='A1' t='s'><v>-1</v></c></row>", "metin numarası -1"),
    ],
)
def test_a_cell_in_no_place_is_refused(rows: str, told: str) -> None:
    assert refused(f"<sheetData>{rows}</sheetData>") == ("KX001", told)


def test_the_last_cell_of_a_sheet_is_one() -> None:
    rows = "<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>"
    assert [*sheet(rows).cells] == [(1048576, 16384)]


def test_a_text_without_letters_is_no_cell() -> None:
    strings = "<si><t/></si><si><r><t/></r><r><t>A</t><t>B</t></r></si>"
    assert only("<c t='s'><v>0</v></c>", strings=strings) is None
    found = only("<c t='s'><v>1</v></c>", strings=strings)
    assert found is not None
    assert found.value == "AB"


def test_a_text_that_is_not_there_is_damage() -> None:
    assert refused("<sheetData><row><c t='s'><v>3</v></c></row></sheetData>")[0] == "KX001"


# Looks


def test_number_formats_and_dates() -> None:
    row = "<row><c><v>1</v></c><c s='1'><v>1</v></c><c s='2'><v>1</v></c><c s='9'><v>1</v></c>"
    row += "<c t='d'><v>2024-03-01</v></c><c t='d' s='2'><v>2024-03-01</v></c><c t='d' s='1'><v>x</v></c></row>"
    cells = [*sheet(row).cells.values()]
    forms = [it.number_format for it in cells]
    assert forms == ["General", '0.00 "TL"', forms[2], "General", "dd.mm.yyyy", forms[2], '0.00 "TL"']
    assert [it.is_date for it in cells] == [False, False, True, False, True, True, False]
    assert {it.since_1904 for it in cells} == {False}


def test_the_colours_of_a_theme() -> None:
    """The fifth of them is white here, so that nobody sees what is written in it."""
    colours = "".join(f"<a{at}><srgbClr val='{'FFFFFF' if at == 4 else '101010'}'/></a{at}>" for at in range(12))
    theme = {"xl/theme.xml": f"<theme><clrScheme>{colours}</clrScheme></theme>"}
    cell = "<row><c s='4'><v>5</v></c></row>"
    found = sheet(cell, relations={"h": ("theme", "theme.xml")}, more=theme)
    assert found.cells[1, 1].unseen == Unseen.COLOUR
    assert sheet(cell).cells[1, 1].unseen == ""


@pytest.mark.parametrize(("mark", "since"), [("1", True), ("true", True), ("0", False), ("x", False)])
def test_the_date_system_of_a_workbook(mark: str, since: bool) -> None:
    book = f'<workbookPr date1904="{mark}"/>{SHEETS}'
    (cell,) = sheet("<row><c t='d'><v>2024-03-01</v></c></row>", book=book).cells.values()
    assert (cell.since_1904, cell.value, cell.day) == (since, Decimal(45352 - 1462 * since), "01.03.2024")


@pytest.mark.parametrize(
    ("attributes", "hidden"),
    [
        *(("", False), ("hidden='1'", True), ("hidden='true'", True), ("hidden='0'", False)),
        *(("ht='0'", True), ("ht='0.5'", True), ("ht='0.75'", False), ("ht='15'", False)),
        *(("customHeight='1'", True), ("customHeight='true'", True), ("customHeight='1' ht='9'", False)),
        ("customHeight='0'", False),
    ],
)
def test_rows_that_are_hidden_or_have_no_height(attributes: str, hidden: bool) -> None:
    cells = sheet(f"<row {attributes}><c><v>1</v></c></row><row><c><v>2</v></c></row>").cells
    assert (cells[1, 1].unseen, cells[2, 1].unseen) == (Unseen.HIDDEN if hidden else "", "")


@pytest.mark.parametrize(
    ("columns", "hidden"),
    [
        *(("<col min='2' max='3' width='9' hidden='1'/>", {2, 3}), ("<col min='2' max='3' width='9'/>", set())),
        *(("<col min='2' max='2' width='0'/>", {2}), ("<col min='2' max='2' width='0.75'/>", set())),
        *(("<col min='2' max='2'/>", {2}), ("<col max='2' hidden='true'/>", {1, 2}), ("<col hidden='1'/>", {1})),
        *(("<col min='3' max='99999999' hidden='1'/>", {3, 4}), ("<col min='-9' max='1' hidden='1'/>", {1})),
    ],
)
def test_columns_that_are_hidden_or_have_no_width(columns: str, hidden: set[int]) -> None:
    row = "<sheetData><row>" + "<c><v>1</v></c>" * 4 + "</row></sheetData>"
    (found,) = read(f"<cols>{columns}</cols>{row}").sheets
    assert {at[1] for at, it in found.cells.items() if it.unseen == Unseen.HIDDEN} == hidden


def test_the_last_column_can_be_hidden() -> None:
    (found,) = read(
        "<cols><col min='16384' max='16384' hidden='1'/></cols>"
        "<sheetData><row><c r='XFD1'><v>1</v></c></row></sheetData>"
    ).sheets
    assert found.cells[1, 16384].unseen == Unseen.HIDDEN


def test_merged_cells() -> None:
    rows = "".join(f"<row>{'<c><v>1</v></c>' * 3}</row>" for _ in range(3))
    merges = "".join(f'<mergeCell ref="{ref}"/>' for ref in ("B1:B2", "A3:B3", "C3", "x:y", "A1:B2:C3", ""))
    (found,) = read(f"<sheetData>{rows}</sheetData><mergeCells>{merges}</mergeCells>").sheets
    assert {at for at, it in found.cells.items() if it.unseen} == {(2, 2), (3, 2)}
    assert found.cells[1, 2].rows == 2


# The workbook


def test_sheets_in_order_and_which_are_hidden() -> None:
    book = '<sheet name="B" r:id="r2" state="hidden"/><sheet name="A" r:id="r1" state="visible"/>'
    book += '<sheet name="C" r:id="r3" state="veryHidden"/><sheet name="D" r:id="r4"/>'
    links = {"r2": ("worksheet", "s2.xml"), "r3": ("worksheet", "s3.xml"), "r4": ("chartsheet", "s4.xml")}
    data = {f"xl/s{at}.xml": f"<sheetData><row><c><v>{at}</v></c></row></sheetData>" for at in range(1, 5)}
    found = read(data, book=book, relations=links).sheets
    assert [(it.name, it.hidden, str(it.cells[1, 1].value), it.cells[1, 1].unseen) for it in found] == [
        ("B", True, "2", Unseen.HIDDEN),
        ("A", False, "1", ""),
        ("C", True, "3", Unseen.HIDDEN),
    ]


@pytest.mark.parametrize(
    ("book", "relations", "told"),
    [
        ('<sheet name="S" r:id="r9"/>', {}, "“S” sayfası dosyada yok"),
        ('<sheet name="S"/>', {}, "“S” sayfası dosyada yok"),
        ("<sheet/>", {}, "“” sayfası dosyada yok"),
        (SHEETS, {"r1": ("worksheet", "s7.xml")}, "“S” sayfası dosyada yok"),
        (f'{SHEETS}<sheet name="T" r:id="r1"/>', {}, "“T” sayfası dosyada yok"),
    ],
)
def test_a_sheet_that_is_not_there(book: str, relations: dict[str, tuple[str, str]], told: str) -> None:
    assert refused(book=book, relations=relations) == ("KX001", told)


def test_a_package_without_a_workbook() -> None:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as target:
        target.writestr("a.xml", "<a/>")
    with pytest.raises(UnreadableFile) as told:
        read_ooxml("a.xlsx", made.getvalue())
    assert (told.value.code, told.value.reason) == ("KX001", "xl/workbook.xml yok")


def test_defined_names_and_whose_they_are() -> None:
    names = "<definedName name='Oran'>5</definedName><definedName name='ORAN' localSheetId='0'>S!$A$1</definedName>"
    names += (
        "<definedName name='x' localSheetId='7'>1</definedName><definedName name='y' localSheetId='-1'/><definedName/>"
    )
    assert read(book=SHEETS + names).names == {"oran": "5", "s!oran": "S!$A$1", "x": "1", "y": "", "": ""}


def test_a_sheet_of_a_chart_is_counted_by_whose_a_name_is() -> None:
    book = f'<sheet name="Grafik" r:id="r4"/>{SHEETS}<definedName name="oran" localSheetId="1">5</definedName>'
    links = {"r1": ("worksheet", "s1.xml"), "r4": ("chartsheet", "s4.xml")}
    found = read({"xl/s1.xml": "", "xl/s4.xml": ""}, book=book, relations=links)
    assert ([it.name for it in found.sheets], found.names) == (["S"], {"s!oran": "5"})


def test_tables_of_a_workbook() -> None:
    columns = "<tableColumns><tableColumn name='Ödenek'/><tableColumn/></tableColumns>"
    more = {
        "xl/_rels/s1.xml.rels": "<R><Relationship Id='1' Type='x/table' Target='tables/a.xml'/><Relationship Id='2' "
        "Type='x/table' Target='tables/b.xml'/><Relationship Id='3' Type='x/table' Target='tables/c.xml'/></R>",
        "xl/tables/a.xml": f"<table ref='B2:C9' displayName='Giderler'>{columns}</table>",
        "xl/tables/b.xml": "<table ref='E1:E3' displayName='b' headerRowCount='0' totalsRowCount='1'/>",
        "xl/tables/c.xml": "<table ref='E1'/>",
    }
    assert read(more=more).tables == {
        "giderler": Table(Area("s", 2, 2, 9, 3), ("ödenek", ""), 1, 0),
        "b": Table(Area("s", 1, 5, 3, 5), (), 0, 1),
    }


@pytest.mark.parametrize(
    ("relations", "more", "carried"),
    [
        ({}, {}, ()),
        ({"m": ("vbaProject", "v.bin")}, {}, ("makro",)),
        ({"m": ("externalLink", "e.xml")}, {}, ("başka dosyaya bağlantı",)),
        ({}, {"xl/embeddings/a.bin": ""}, ("gömülü nesne",)),
        ({}, {"xl/activeX/a.bin": ""}, ("gömülü nesne",)),
        (
            {"m": ("externalLink", "e.xml"), "n": ("vbaProject", "v.bin")},
            {"xl/embeddings/a.bin": ""},
            ("makro", "başka dosyaya bağlantı", "gömülü nesne"),
        ),
    ],
)
def test_what_is_not_carried_on(
    relations: dict[str, tuple[str, str]], more: dict[str, str], carried: tuple[str, ...]
) -> None:
    assert read(relations=relations, more=more).not_carried == carried


def test_too_many_cells_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """In all sheets together; those of a large package before they are parsed."""
    counts: list[int] = []
    monkeypatch.setattr(ooxml, "refuse_cells", counts.append)
    rows = "<sheetData><row><c><v>1</v></c><c><x:v xmlns:x='u'>2</x:v></c><c><value/></c></row></sheetData>"
    data = {"xl/s1.xml": rows, "xl/s2.xml": rows}
    made = package(data, book=SHEETS + '<sheet name="T" r:id="r2"/>', relations={"r2": ("worksheet", "s2.xml")})
    read_ooxml("a.xlsx", made)
    assert counts == [2, 4]
    counts.clear()
    with opened(made) as stream:
        assert isinstance(stream, Stream)
        stream.small = False
        ooxml._Reader("a.xlsx", stream).read()
    assert counts == [2, 2, 4, 4]
