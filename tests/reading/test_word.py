"""A Word file as Word shows it: its paragraphs and tables in rows, without what is deleted, moved away or hidden."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from kars_xl.reading.grid.cells import Sheet, Unseen
from kars_xl.reading.grid.word import read_docx

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
Shown = dict[tuple[int, int], str | None]


def read(body: str, styles: str = "", numbering: str = "") -> Sheet:
    """The only sheet of a package whose document has this body."""
    names = {"styles": styles, "numbering": numbering}
    relations = "".join(f'<Relationship Id="{name}" Type="x/{name}" Target="{name}.xml"/>' for name in names)
    root = '<Relationship Id="r" Type="x/officeDocument" Target="word/document.xml"/>'
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as package:
        package.writestr("_rels/.rels", f"<R>{root}</R>")
        package.writestr("word/_rels/document.xml.rels", f"<R>{relations}</R>")
        package.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
        for name, text in names.items():
            package.writestr(f"word/{name}.xml", f"<w:{name} {W}>{text}</w:{name}>")
    grid = read_docx("a.docx", data.getvalue())
    assert grid.file == "a.docx"
    (sheet,) = grid.sheets
    assert (sheet.file, sheet.name) == ("a.docx", "")
    return sheet


def shown(body: str, styles: str = "", numbering: str = "") -> Shown:
    cells = read(body, styles, numbering).cells
    assert all(
        (cell.row, cell.column) == at and (cell.file, cell.sheet) == ("a.docx", "") for at, cell in cells.items()
    )
    return {at: cell.value for at, cell in cells.items()}  # type: ignore[misc]


def run(text: str, properties: str = "") -> str:
    look = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*parts: str, properties: str = "") -> str:
    """Of runs; what is no element is a run's text."""
    look = f"<w:pPr>{properties}</w:pPr>" if properties else ""
    return f"<w:p>{look}{''.join(part if part.startswith('<') else run(part) for part in parts)}</w:p>"


def cell(*contents: str, look: str = "") -> str:
    """Of blocks; what is no element is a paragraph."""
    blocks = "".join(it if it.startswith("<") else paragraph(it) for it in contents)
    return f"<w:tc><w:tcPr>{look}</w:tcPr>{blocks}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    return (
        f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(it if it.startswith('<') else cell(it) for it in cells)}</w:tr>"
    )


def table(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/>{''.join(rows)}</w:tbl>"


SPAN, RESTART, GOES_ON = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>', "<w:vMerge/>"


def test_paragraphs_and_tables_in_order() -> None:
    body = paragraph("Başlık") + paragraph("") + table(row("A", "B"), row("", "C")) + paragraph("Son")
    assert shown(body) == {(1, 1): "Başlık", (3, 1): "A", (3, 2): "B", (4, 2): "C", (5, 1): "Son"}


def test_a_cell_has_all_its_paragraphs() -> None:
    assert shown(table(row(cell("A", "", " B ")))) == {(1, 1): "A\n\n B"}
    assert shown(paragraph("A", " b ", "c")) == {(1, 1): "A b c"}


def test_wide_cells_and_cells_before_the_first() -> None:
    body = table(
        row(cell("A", look=SPAN), "B"),
        row("C", "D", "E"),
        row("F", cell("G", look='<w:gridSpan w:val="3"/>'), "H", properties='<w:gridBefore w:val="2"/>'),
    )
    assert shown(body) == {
        **{(1, 1): "A", (1, 3): "B", (2, 1): "C", (2, 2): "D", (2, 3): "E"},
        **{(3, 3): "F", (3, 4): "G", (3, 7): "H"},
    }


def test_cells_over_several_rows() -> None:
    """What stands below the first of them is covered, and a figure beside several rows is whose nobody can tell."""
    body = table(
        row("A", cell("5", look=RESTART), cell("x", look=RESTART + SPAN)),
        row("B", cell("6", look=GOES_ON), cell("y", look=GOES_ON + SPAN)),
        row("C", cell("7", look=GOES_ON), cell("z")),
        row("D", cell("8", look=RESTART), cell("w", look=GOES_ON)),
    )
    cells = read(body).cells
    assert {at for at, it in cells.items() if it.unseen == Unseen.COVERED} == {(2, 2), (2, 3), (3, 2)}
    assert (cells[1, 2].rows, cells[1, 3].rows, cells[3, 3].rows, cells[4, 2].rows, cells[4, 3].rows) == (3, 2, 1, 1, 1)
    # One that is no longer open begins anew.
    again = read(
        table(row(cell("1", look=RESTART)), row("2"), row(cell("3", look=GOES_ON)), row(cell("4", look=GOES_ON)))
    )
    assert {at for at, it in again.cells.items() if it.unseen} == {(4, 1)}
    # What is merged over columns covers those beside it.
    wide = read(table(row(cell("1", look=RESTART + SPAN)), row("2", "3"), row("4", "5")))
    assert not any(it.unseen for it in wide.cells.values())


def test_what_is_deleted_is_not_there() -> None:
    body = table(row("A", properties="<w:del/>"), row(cell("B", look="<w:cellDel/>"), "C"), row("D"))
    assert shown(body) == {(1, 2): "C", (2, 1): "D"}
    gone = "".join(f"<w:{tag}>{run('x')}</w:{tag}>" for tag in ("del", "moveFrom", "Fallback", "rt", "sdtPr"))
    kept = "".join(f"<w:{tag}>{run(tag)} </w:{tag}>" for tag in ("ins", "moveTo", "hyperlink", "smartTag"))
    assert shown(paragraph(gone, kept)) == {(1, 1): "insmoveTohyperlinksmartTag"}
    control = f"<w:sdt><w:sdtPr>{paragraph('x')}</w:sdtPr><w:sdtContent>{paragraph('A')}</w:sdtContent></w:sdt>"
    assert shown(control + table(f"<w:sdt><w:sdtContent>{row('B')}</w:sdtContent></w:sdt>")) == {
        **{(1, 1): "A", (2, 1): "B"},
    }


@pytest.mark.parametrize("mark", ["<w:del/>", "<w:moveFrom/>", "<w:vanish/>"])
def test_paragraphs_whose_end_is_gone_are_one(mark: str) -> None:
    first = paragraph("A", properties=f"<w:rPr>{mark}</w:rPr>")
    assert shown(first + paragraph("B") + paragraph("C")) == {(1, 1): "AB", (2, 1): "C"}
    assert shown(table(row(cell(first, "B", "C")))) == {(1, 1): "AB\nC"}


def test_the_text_of_a_run() -> None:
    parts = "<w:t>A</w:t><w:tab/><w:t>B</w:t><w:br/><w:cr/><w:noBreakHyphen/><w:ptab/><w:sym w:char='20BA'/><w:sym/>"
    assert shown(f"<w:p><w:r>{parts}<w:t/><w:lastRenderedPageBreak/><w:t>C</w:t></w:r></w:p>") == {
        (1, 1): "A\tB\n\n-\t₺\ufffdC",
    }
    assert shown(paragraph("A", "<w:r><w:delText>x</w:delText><w:instrText>y</w:instrText></w:r>")) == {(1, 1): "A"}


STYLES = "".join(
    f'<w:style w:styleId="{name}">{f"<w:basedOn w:val={chr(34)}{base}{chr(34)}/>" if base else ""}'
    f"{f'<w:rPr>{look}</w:rPr>' if look else ''}</w:style>"
    for name, base, look in (
        ("gizli", "", "<w:vanish/>"),
        ("alt", "gizli", ""),
        ("alt2", "alt", "<w:b/>"),
        ("belli", "gizli", '<w:vanish w:val="0"/>'),
        ("cizili", "", "<w:strike/>"),
        ("halka", "halka", ""),
    )
)


@pytest.mark.parametrize(
    ("own", "style", "is_there"),
    [
        *(("", "", True), ("<w:vanish/>", "", False), ("<w:specVanish/>", "", False), ("<w:b/>", "", True)),
        *(("", "gizli", False), ("", "alt", False), ("", "alt2", False), ("", "belli", True), ("", "halka", True)),
        *(('<w:vanish w:val="0"/>', "gizli", True), ("<w:b/>", "gizli", False), ("", "yok", True)),
        *(('<w:rStyle w:val="gizli"/>', "", False), ('<w:rStyle w:val="belli"/>', "gizli", True)),
        *(('<w:rStyle w:val="alt2"/>', "belli", False), ('<w:vanish w:val="0"/><w:rStyle w:val="gizli"/>', "", True)),
    ],
)
def test_what_is_hidden_by_its_look_or_its_styles(own: str, style: str, is_there: bool) -> None:
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    found = shown(paragraph("A", run("B", own), properties=named) + paragraph("C"), STYLES)
    kept = "" if style in ("gizli", "alt", "alt2") else "A"
    assert found.get((1, 1), "") == kept + ("B" if is_there else "")
    assert found[2, 1] == "C"


@pytest.mark.parametrize(
    ("looks", "unseen"),
    [
        (("", ""), ""),
        (("<w:strike/>", "<w:dstrike/>"), Unseen.STRUCK),
        (("<w:strike/>", ""), Unseen.MIXED),
        (("", '<w:vertAlign w:val="superscript"/>'), Unseen.MIXED),
        (("", '<w:vertAlign w:val="subscript"/>'), Unseen.MIXED),
        (("", '<w:vertAlign w:val="baseline"/>'), ""),
        (('<w:rStyle w:val="cizili"/>', '<w:rStyle w:val="cizili"/>'), Unseen.STRUCK),
        (('<w:rStyle w:val="cizili"/>', '<w:strike w:val="0"/><w:rStyle w:val="cizili"/>'), Unseen.MIXED),
    ],
)
def test_what_is_struck_or_raised(looks: tuple[str, str], unseen: str) -> None:
    found = read(paragraph(*(run(text, look) for text, look in zip("12", looks, strict=True))), STYLES)
    assert (found.cells[1, 1].value, found.cells[1, 1].unseen) == ("12", unseen)


def test_a_struck_style_holds_within_links_and_fields() -> None:
    inner = f'<w:hyperlink>{run("1")}</w:hyperlink><w:fldSimple w:instr="x">{run("2")}</w:fldSimple>'
    found = read(paragraph(inner, "3", properties='<w:pStyle w:val="cizili"/>'), STYLES).cells[1, 1]
    assert (found.value, found.unseen) == ("123", Unseen.STRUCK)


def test_the_number_of_a_list_is_no_struck_text() -> None:
    found = read(listed(run("5", "<w:strike/>")), numbering=NUMBERING).cells[1, 1]
    assert (found.value, found.unseen) == ("3. 5", Unseen.MIXED)


def test_a_row_that_is_hidden() -> None:
    cells = read(table(row("1", properties="<w:hidden/>"), row("2", properties='<w:hidden w:val="0"/>'))).cells
    assert (cells[1, 1].unseen, cells[2, 1].unseen) == (Unseen.HIDDEN, "")
    assert read(paragraph("3")).cells[1, 1].unseen == ""


# Fields


def field(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def code(text: str) -> str:
    return f"<w:r><w:instrText>{text}</w:instrText><w:t>x</w:t></w:r>"


BEGIN, SEPARATE, END = field("begin"), field("separate"), field("end")


@pytest.mark.parametrize(
    ("parts", "value", "formula"),
    [
        (["A ", BEGIN, code("=SUM(ABOVE)"), SEPARATE, "5", END, " B"], "A 5 B", None),
        # Fields within another's instruction or its result.
        ([BEGIN, code("IF"), BEGIN, code("y"), SEPARATE, "1", END, SEPARATE, "2", END, "3"], "23", None),
        ([BEGIN, code("x"), SEPARATE, "1", BEGIN, code("y"), SEPARATE, "2", END, "3", END], "123", None),
        (["1", END, "2", SEPARATE, "3"], "123", None),
        # Without a result it is a formula that nobody has computed.
        ([BEGIN, code("=SUM(ABOVE)"), END], None, "?"),
        ([BEGIN, code("=SUM(ABOVE)"), SEPARATE, END], None, None),
        ([BEGIN, code("=SUM(ABOVE)"), END, "5"], "5", None),
        ([BEGIN, code("IF"), BEGIN, code("y"), END, code("z"), SEPARATE, END], None, None),
        ([BEGIN, code("IF"), BEGIN, code("y"), END, SEPARATE, END], None, None),
        ([BEGIN, code("IF"), BEGIN, code("y"), END, code("z"), END], None, "?"),
        ([BEGIN, code("IF"), SEPARATE, BEGIN, code("y"), END, END], None, "?"),
        # Another field behind it, of which the result is empty, does not make it one.
        ([BEGIN, code("=SUM(ABOVE)"), END, BEGIN, code("y"), SEPARATE, END], None, "?"),
        (['<w:fldSimple w:instr=" =SUM(ABOVE) "/>'], None, "=SUM(ABOVE)"),
        (["<w:fldSimple/>"], None, "?"),
        ([f'<w:fldSimple w:instr="x">{run("5")}</w:fldSimple>'], "5", None),
        (["1", '<w:fldSimple w:instr="x"/>'], "1", None),
        ([run("", "<w:strike/>"), '<w:fldSimple w:instr="x"><w:r><w:t/></w:r></w:fldSimple>'], None, "x"),
    ],
)
def test_fields(parts: list[str], value: str | None, formula: str | None) -> None:
    """Of each only the result is there; the cell below has nothing of it."""
    cells = read(paragraph(*parts) + paragraph("Son") + paragraph("")).cells
    found = cells.get((1, 1))
    assert (found and found.value, found and found.formula) == (value, formula)
    assert (cells[2, 1].value, cells[2, 1].formula, (3, 1) in cells) == ("Son", None, False)


# Lists


NUMBERING = (
    '<w:abstractNum w:abstractNumId="7">'
    '<w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1.%2)"/></w:lvl>'
    '<w:lvl w:ilvl="2"><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/></w:lvl>'
    '<w:lvl w:ilvl="3"><w:numFmt w:val="none"/><w:lvlText w:val="%4"/></w:lvl>'
    '<w:lvl w:ilvl="4"><w:start w:val="4"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="(%5)"/></w:lvl>'
    "</w:abstractNum>"
    '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="9"/></w:num>'
)


def listed(text: str, level: int | None = None, name: str = "1") -> str:
    depth = "" if level is None else f'<w:ilvl w:val="{level}"/>'
    return paragraph(text, properties=f'<w:numPr>{depth}<w:numId w:val="{name}"/></w:numPr>')


def test_the_numbers_of_lists() -> None:
    levels = [0, 1, 1, None, 1, 2, 3, 4, 4, 0, 4]
    numbers = ["3.", "3.a)", "3.b)", "4.", "4.a)", "", "", "(IV)", "(V)", "5.", "(IV)"]
    body = "".join(listed("x", level) for level in levels)
    assert [*shown(body, numbering=NUMBERING).values()] == [f"{number} x".strip() for number in numbers]
    # A level whose list has not begun has its first number.
    assert shown(listed("x", 1), numbering=NUMBERING) == {(1, 1): "3.a) x"}


def test_paragraphs_of_no_list_have_no_number() -> None:
    for name in ("2", "5", "0"):
        assert shown(listed("x", 0, name) + listed("y", 0), numbering=NUMBERING) == {(1, 1): "x", (2, 1): "3. y"}


def test_a_style_may_be_of_a_list() -> None:
    style = '<w:style w:styleId="L"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    body = paragraph("x", properties='<w:pStyle w:val="L"/>') + paragraph("y", properties='<w:pStyle w:val="M"/>')
    own = '<w:pStyle w:val="L"/><w:numPr><w:numId w:val="0"/></w:numPr>'
    assert shown(body + paragraph("z", properties=own), style, NUMBERING) == {(1, 1): "3. x", (2, 1): "y", (3, 1): "z"}


@pytest.mark.parametrize(
    ("kind", "start", "written"),
    [
        *(("decimal", 12, "12"), ("decimalZero", 7, "07"), ("decimalZero", 17, "17"), ("x", 5, "5")),
        *(("lowerLetter", 1, "a"), ("upperLetter", 26, "Z"), ("lowerLetter", 27, "aa"), ("upperLetter", 54, "BBB")),
        *(("lowerRoman", 14, "xiv"), ("upperRoman", 19, "XIX"), ("lowerRoman", 38, "xxxviii"), ("lowerRoman", 6, "vi")),
    ],
)
def test_how_numbers_of_lists_are_written(kind: str, start: int, written: str) -> None:
    level = f'<w:lvl w:ilvl="0"><w:start w:val="{start}"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="%1"/></w:lvl>'
    numbering = f'<w:abstractNum w:abstractNumId="7">{level}</w:abstractNum>{NUMBERING[NUMBERING.index("<w:num ") :]}'
    assert shown(listed("x"), numbering=numbering) == {(1, 1): f"{written} x"}


# Tables in tables, and boxes


def test_a_table_in_a_cell_has_rows_of_its_own() -> None:
    inner = table(row("A", "B"), row("C", "D"))
    assert shown(table(row("x", cell("y", inner), "z"), row("w"))) == {
        **{(1, 1): "x", (2, 1): "y", (3, 1): "A", (3, 2): "B", (4, 1): "C", (4, 2): "D"},
        **{(1, 3): "z", (5, 1): "w"},
    }
    # Of one cell it only is a frame.
    assert shown(table(row("x", cell("y", table(row("A"))), "z"))) == {(1, 1): "x", (1, 2): "y\nA", (1, 3): "z"}


def test_boxes_stand_below_their_paragraph_or_in_their_cell() -> None:
    box = f"<w:r><w:pict><w:txbxContent>{paragraph('K')}{table(row('L', 'M'))}</w:txbxContent></w:pict></w:r>"
    assert shown(paragraph("A", box) + paragraph("B")) == {
        **{(1, 1): "A", (2, 1): "K", (3, 1): "L", (3, 2): "M", (4, 1): "B"},
    }
    small = f"<w:r><w:pict><w:txbxContent>{paragraph('K')}{paragraph('L')}</w:txbxContent></w:pict></w:r>"
    assert shown(table(row(cell(paragraph("A", small), "B"), "C"))) == {(1, 1): "A\nK\nL\nB", (1, 2): "C"}
