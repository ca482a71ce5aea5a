"""What is read of an .ods, from its XML: kinds of values, what is repeated, hidden, merged, struck out or unseen."""

from __future__ import annotations

import zipfile
from decimal import Decimal
from io import BytesIO

import pytest

from kars_xl.reading.grid.cells import Cell, CellValue, ExcelError, Grid, UnreadableFile, Unseen
from kars_xl.reading.grid.ods import read_ods

NAMESPACES = {
    **dict.fromkeys(("office", "table", "text", "style"), "urn:oasis:names:tc:opendocument:xmlns:{}:1.0"),
    "number": "urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
    "calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
}
DECLARED = " ".join(f'xmlns:{name}="{uri.format(name)}"' for name, uri in NAMESPACES.items())


def document(tables: str, styles: str = "", *, elsewhere: str = "", manifest: str = "<manifest/>") -> Grid:
    """The sheets of a file with these tables and styles; `elsewhere` are styles of styles.xml."""
    packed = BytesIO()
    parts = {"content.xml": styles + f"<office:body>{tables}</office:body>", "styles.xml": elsewhere}
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr("META-INF/manifest.xml", manifest)
        for name, inside in parts.items():
            package.writestr(name, f"<office:document {DECLARED}>{inside}</office:document>")
    return read_ods("a.ods", packed.getvalue())


def sheet(rows: str, styles: str = "", columns: str = "", **more: str) -> dict[tuple[int, int], Cell]:
    """The cells of one sheet by row and column."""
    table = f'<table:table table:name="S">{columns}{rows}</table:table>'
    return document(table, styles, **more).sheets[0].cells


def row(*cells: str, **attributes: str) -> str:
    told = "".join(f' table:{name.replace("_", "-")}="{value}"' for name, value in attributes.items())
    return f"<table:table-row{told}>{''.join(cells)}</table:table-row>"


def cell(text: str = "", kind: str = "string", value: str = "", attributes: str = "") -> str:
    name = {"date": "date-value", "time": "time-value", "boolean": "boolean-value", "string": "string-value"}
    told = f' office:{name.get(kind, "value")}="{value}"' if value else ""
    shown = f"<text:p>{text}</text:p>" if text else ""
    return f'<table:table-cell office:value-type="{kind}"{told} {attributes}>{shown}</table:table-cell>'


FIVE = cell("5", "float", "5")
BLANK = "<table:table-cell/>"


@pytest.mark.parametrize(
    ("given", "value", "form"),
    [
        (FIVE, Decimal(5), "General"),
        (cell("1.250,50", "float", "1250.5"), Decimal("1250.5"), "General"),
        (cell("50%", "percentage", "0.5"), Decimal("0.5"), "0.00%"),
        (cell("5 TL", "currency", "5"), Decimal(5), "General"),
        (cell("x", "float", "x"), "x", "General"),
        (cell("12.05.2024", "date", "2024-05-12"), Decimal(45424), "dd.mm.yyyy"),
        (cell("12.05.2024 12:00", "date", "2024-05-12T12:00:00"), Decimal("45424.5"), "dd.mm.yyyy"),
        (cell("36:30", "time", "PT36H30M00S"), Decimal("2190") / 1440, "[h]:mm"),
        (cell("00:45", "time", "PT00H45M30.5S"), Decimal("45") / 1440, "[h]:mm"),
        (cell("x", "time", "PT1X"), "x", "General"),
        (cell("DOĞRU", "boolean", "true"), True, "General"),
        (cell("YANLIŞ", "boolean", "false"), False, "General"),
        (cell("Kömür"), "Kömür", "General"),
        (cell("", "string", "Kömür"), "Kömür", "General"),
        (cell("Kömür", "string", "başka"), "Kömür", "General"),
        # Errors, by their text or by what LibreOffice says of them; #FMT says that a number does not fit its format.
        (cell("#REF!", "float", "0"), ExcelError("#REF!"), "General"),
        (cell("#YOK", "string"), ExcelError("#YOK"), "General"),
        (cell("#DIV/0!"), ExcelError("#DIV/0!"), "General"),
        (cell("Err:502", "float", "0"), ExcelError("Err:502"), "General"),
        (cell("#BAŞVURU!"), ExcelError("#BAŞVURU!"), "General"),
        (cell("#FMT", "float", "5"), Decimal(5), "General"),
        (cell("# 5"), "# 5", "General"),
        (cell("x", attributes='calcext:value-type="error"'), ExcelError("x"), "General"),
        (cell("", attributes='calcext:value-type="error"'), ExcelError("#HATA"), "General"),
    ],
)
def test_the_value_of_a_cell(given: str, value: CellValue, form: str) -> None:
    found = sheet(row(given))[1, 1]
    assert (found.value, found.number_format) == (value, form)
    assert type(found.value) is type(value)


def test_where_a_cell_stands_and_its_formula() -> None:
    rows = row(BLANK, cell("5", "float", "5", 'table:formula="of:=[.A1]*2"'), cell(attributes='table:formula="of:=1"'))
    grid = document(f'<table:table table:name="Bir">{rows}</table:table><table:table table:name="İki"></table:table>')
    assert [(it.file, it.name) for it in grid.sheets] == [("a.ods", "Bir"), ("a.ods", "İki")]
    cells = grid.sheets[0].cells
    assert {at: (it.row, it.column, it.file, it.sheet) for at, it in cells.items()} == {
        (1, 2): (1, 2, "a.ods", "Bir"),
        (1, 3): (1, 3, "a.ods", "Bir"),
    }
    assert [(it.value, it.formula) for it in cells.values()] == [(Decimal(5), "of:=[.A1]*2"), (None, "of:=1")]
    assert sheet(row(BLANK, "<other/>", FIVE)).keys() == {(1, 2)}


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (cell("5,00", "float", "5"), "5,00"),
        (cell("5 ₺", "currency", "5", 'office:currency="TRY"'), "5 ₺"),
        (cell("5 TL", "currency", "5", 'office:currency="TL"'), "5 TL"),
        (cell("5", "currency", "5", 'office:currency="USD"'), "5 USD"),
        (cell("Kömür"), ""),
    ],
)
def test_what_the_file_says_that_is_seen(given: str, shown: str) -> None:
    assert sheet(row(given))[1, 1].shown == shown


@pytest.mark.parametrize(
    ("paragraph", "text"),
    [
        ("bir<text:s/>iki", "bir iki"),
        ('bir<text:s text:c="3"/>iki', "bir   iki"),
        ("bir<text:tab/>iki<text:line-break/>üç", "bir\tiki\nüç"),
        ("bir<text:span> iki</text:span> üç", "bir iki üç"),
        ("bir<text:a>iki<text:span>üç</text:span></text:a>dört", "birikiüçdört"),
        ("bir<office:annotation><text:p>not</text:p></office:annotation> iki", "bir iki"),
        ("bir<text:note>1</text:note><text:ruby-text>x</text:ruby-text> iki", "bir iki"),
        ("bir</text:p><text:p>iki", "bir\niki"),
        ("</text:p><text:p>bir</text:p><text:p>", "bir"),
        ('x<text:s text:c="99999999"/>', "x" + " " * 32768),
    ],
)
def test_the_text_of_a_paragraph(paragraph: str, text: str) -> None:
    assert sheet(row(cell(paragraph)))[1, 1].value == text


def test_what_is_repeated_stands_more_than_once() -> None:
    twice = FIVE.replace("<table:table-cell", '<table:table-cell table:number-columns-repeated="2"')
    three = BLANK.replace("/>", ' table:number-columns-repeated="3"/>')
    assert sheet(row(twice, three, FIVE)).keys() == {(1, 1), (1, 2), (1, 6)}
    assert sheet(row(FIVE, number_rows_repeated="2") + row(FIVE)).keys() == {(1, 1), (2, 1), (3, 1)}
    assert sheet(row(BLANK, number_rows_repeated="1048570") + row(FIVE)).keys() == {(1048571, 1)}
    assert sheet(row(BLANK.replace("/>", ' table:number-columns-repeated="0"/>'), FIVE)).keys() == {(1, 2)}


def test_a_figure_that_is_repeated_without_end_is_refused() -> None:
    assert len(sheet(row(FIVE, number_rows_repeated="1000"))) == 1000
    with pytest.raises(UnreadableFile):
        sheet(row(FIVE, number_rows_repeated="1001"))
    with pytest.raises(UnreadableFile) as caught:
        sheet(row(FIVE) + row(FIVE, number_rows_repeated="1048575"))
    assert (caught.value.code, caught.value.reason) == ("KX003", "S: 2. satır 1048575 kez tekrarlanıyor")
    wide = FIVE.replace("<table:table-cell", '<table:table-cell table:number-columns-repeated="{}"')
    assert len(sheet(row(wide.format(1000)))) == 1000
    with pytest.raises(UnreadableFile):
        sheet(row(wide.format(16384)))


def style(name: str, family: str, properties: str, more: str = "") -> str:
    return f'<style:style style:name="{name}" style:family="{family}" {more}><style:p {properties}/></style:style>'


STYLES = (
    style("low", "table-row", 'style:row-height="0.01in"')
    + style("high", "table-row", 'style:row-height="0.03in"')
    + style("narrow", "table-column", 'style:column-width=".001cm"')
    + style("away", "table", 'table:display="false"')
    + style("shown", "table", 'table:display="true"')
    + style("white", "table-cell", 'fo:color="#ffffff"')
    + style("on black", "table-cell", 'fo:color="#ffffff" fo:background-color="#000000"')
    + style("black", "table-cell", 'fo:background-color="#000000" fo:color="#000000"')
    + style("window", "table-cell", 'fo:background-color="#000000" style:use-window-font-color="true"')
    + style("own", "table-cell", 'fo:color="#ffffff" style:use-window-font-color="true"')
    + style("struck", "table-cell", 'style:text-line-through-style="solid"')
    + style("whole", "table-cell", 'style:text-line-through-type="single"')
    + style("unstruck", "table-cell", 'style:text-line-through-style="none" style:text-line-through-type="single"')
    + style("child", "table-cell", "", 'style:parent-style-name="struck"')
    + style("grandchild", "table-cell", 'fo:color="#ff0000"', 'style:parent-style-name="child"')
    + style("circle", "table-cell", "", 'style:parent-style-name="circle"')
    + style("line", "text", 'style:text-line-through-style="solid"')
    + style("type", "text", 'style:text-line-through-type="single"')
    + style("super", "text", 'style:text-position="33% 58%"')
    + style("flat", "text", 'style:text-position="0% 100%"')
    + style("zero", "text", 'style:text-position="0 100%"')
    + '<number:number-style style:name="nothing"><number:text/></number:number-style>'
    + '<number:number-style style:name="digits"><number:number/></number:number-style>'
    + style("blank", "table-cell", "", 'style:data-style-name="nothing"')
    + style("number", "table-cell", "", 'style:data-style-name="digits"')
)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        *(("", ""), ("white", Unseen.COLOUR), ("on black", ""), ("black", Unseen.COLOUR), ("window", ""), ("own", "")),
        *(("struck", Unseen.STRUCK), ("whole", Unseen.STRUCK), ("unstruck", ""), ("child", Unseen.STRUCK)),
        *(("grandchild", Unseen.STRUCK), ("circle", ""), ("none", ""), ("blank", ""), ("line", "")),
    ],
)
def test_the_look_of_a_style(name: str, why: Unseen | str) -> None:
    styled = FIVE.replace("<table:table-cell", f'<table:table-cell table:style-name="{name}"') if name else FIVE
    assert sheet(row(styled), STYLES)[1, 1].unseen == why
    assert sheet(row(styled), elsewhere=STYLES)[1, 1].unseen == why
    # A row's or a column's style is that of its cells without one.
    assert sheet(row(FIVE, default_cell_style_name=name), STYLES)[1, 1].unseen == why
    columns = f'<table:table-column/><table:table-column table:default-cell-style-name="{name}"/>'
    cells = sheet(row(FIVE, FIVE, FIVE), STYLES, columns)
    assert [cells[1, column].unseen for column in (1, 2, 3)] == ["", why, ""]


def test_a_cells_own_style_goes_before_its_rows_and_columns() -> None:
    columns = '<table:table-column table:default-cell-style-name="white"/>'
    own = FIVE.replace("<table:table-cell", '<table:table-cell table:style-name="on black"')
    assert sheet(row(own, default_cell_style_name="struck"), STYLES, columns)[1, 1].unseen == ""
    assert sheet(row(FIVE, default_cell_style_name="struck"), STYLES, columns)[1, 1].unseen == Unseen.STRUCK
    assert sheet(row(FIVE), STYLES, columns)[1, 1].unseen == Unseen.COLOUR


def test_a_format_without_digits_shows_no_figure() -> None:
    for name, text, why in (("blank", "", Unseen.FORMAT), ("blank", "x", ""), ("number", "", "")):
        given = cell(text, "float", "5", f'table:style-name="{name}"')
        assert sheet(row(given), STYLES)[1, 1].unseen == why


def test_what_is_hidden() -> None:
    hidden = Unseen.HIDDEN
    for attributes, why in (
        ({"visibility": "collapse"}, hidden),
        ({"visibility": "filter"}, hidden),
        ({"visibility": "visible"}, ""),
        ({"style_name": "low"}, hidden),
        ({"style_name": "high"}, ""),
    ):
        assert sheet(row(FIVE, **attributes), STYLES)[1, 1].unseen == why
    for told in ('table:style-name="narrow"', 'table:visibility="collapse"'):
        columns = f'<table:table-column/><table:table-column {told} table:number-columns-repeated="2"/>'
        cells = sheet(row(FIVE, FIVE, FIVE, FIVE), STYLES, columns)
        assert [cells[1, column].unseen for column in (1, 2, 3, 4)] == ["", hidden, hidden, ""]
    for name, why in (("away", hidden), ("shown", "")):
        grid = document(f'<table:table table:name="S" table:style-name="{name}">{row(FIVE)}</table:table>', STYLES)
        assert (grid.sheets[0].cells[1, 1].unseen, grid.sheets[0].hidden) == (why, bool(why))


@pytest.mark.parametrize(
    ("paragraph", "why"),
    [
        ('<text:span text:style-name="line">225</text:span>', Unseen.STRUCK),
        ('<text:span text:style-name="type">225</text:span>', Unseen.STRUCK),
        ('<text:span text:style-name="line">225</text:span>300', Unseen.MIXED),
        ('225<text:span text:style-name="super">1</text:span>', Unseen.MIXED),
        ('225<text:span text:style-name="flat">1</text:span>', ""),
        ('225<text:span text:style-name="zero">1</text:span>', ""),
        ('225<text:span text:style-name="none">1</text:span>', ""),
        ('<text:span text:style-name="line">2<text:s/>2<text:tab/>5<text:a>6</text:a>7</text:span>', Unseen.STRUCK),
        ('<text:span text:style-name="line">2</text:span><text:s/>', Unseen.STRUCK),
        ('<text:a text:style-name="line">225</text:a>', ""),
    ],
)
def test_the_look_of_a_text(paragraph: str, why: Unseen | str) -> None:
    assert sheet(row(cell(paragraph)), STYLES)[1, 1].unseen == why
    mixed = Unseen.MIXED if why == Unseen.MIXED else Unseen.HIDDEN
    assert sheet(row(cell(paragraph), visibility="collapse"), STYLES)[1, 1].unseen == mixed


def test_a_merged_range_covers_its_cells() -> None:
    merged = FIVE.replace("<table:table-cell", '<table:table-cell table:number-rows-spanned="2"')
    covered = FIVE.replace("table-cell", "covered-table-cell")
    cells = sheet(row(cell("a"), merged) + row(cell("b"), covered))
    assert (cells[1, 2].rows, cells[2, 2].unseen, cells[2, 2].value) == (2, Unseen.COVERED, 5)
    wide = FIVE.replace("<table:table-cell", '<table:table-cell table:number-columns-spanned="2"')
    cells = sheet(row(wide, covered, FIVE))
    assert [cells[1, column].unseen for column in (1, 2, 3)] == ["", Unseen.COVERED, ""]


def test_a_file_with_a_password_is_told() -> None:
    with pytest.raises(UnreadableFile) as caught:
        document("", manifest="<manifest:encryption-data xmlns:manifest='m'/>")
    assert (caught.value.code, caught.value.reason) == ("KX002", "manifest.xml")
