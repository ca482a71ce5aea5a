"""Text files whose separators, marks and letters nobody tells, and workbooks of Excel 97 to 2003."""

from __future__ import annotations

from decimal import Decimal

import pytest
import xlrd

from kars_xl.reading.grid.cells import ExcelError, Grid, UnreadableFile, Unseen
from kars_xl.reading.grid.plain import read_plain, read_xls
from tests.helpers.old_workbook import BLACK, RED, WHITE, Font, Look, Old, OldSheet, old_workbook

Texts = dict[tuple[int, int], str]


def texts(data: bytes | str, name: str = "a.csv") -> Texts:
    grid = read_plain(name, data.encode() if isinstance(data, str) else data)
    (sheet,) = grid.sheets
    assert (grid.file, sheet.file, sheet.name) == (name, name, "")
    assert all((it.file, it.sheet, it.row, it.column) == (name, "", *at) for at, it in sheet.cells.items())
    return {at: it.text for at, it in sheet.cells.items()}


def refused(data: bytes, name: str = "a.csv") -> tuple[str, str]:
    with pytest.raises(UnreadableFile) as told:
        read_plain(name, data)
    return told.value.code, told.value.reason


# Text


def table(separator: str) -> str:
    """Two rows of an official table, a code with a comma in its name and an amount with one."""
    return f"Faaliyet Adı{separator}Toplam\nF.1.1.1{separator}x, y; z\nPersonel Giderleri{separator}5"


@pytest.mark.parametrize("separator", [";", "\t", ",", "|"])
def test_the_separator_is_the_one_that_tells_most_of_the_tables(separator: str) -> None:
    rows = table(separator).replace("x, y; z", "z")
    found = {(1, 1): "Faaliyet Adı", (1, 2): "Toplam", (2, 1): "F.1.1.1", (2, 2): "z", (3, 1): "Personel Giderleri"}
    assert texts(rows) == found | {(3, 2): "5"}


def test_where_no_table_is_told_the_rows_of_one_length_tell_the_separator() -> None:
    assert texts("a,b;c\nd;e\nf;g") == {(1, 1): "a,b", (1, 2): "c", (2, 1): "d", (2, 2): "e", (3, 1): "f", (3, 2): "g"}
    assert texts("a;b,c\nd,e\nf,g") == {(1, 1): "a;b", (1, 2): "c", (2, 1): "d", (2, 2): "e", (3, 1): "f", (3, 2): "g"}
    # Two more labels weigh more than any number of rows.
    assert texts("Amaç;Hedef\n" + "a,b\n" * 3)[1, 2] == "Hedef"
    assert texts("F.1.1.1;a,b\nF.1.1.2;c,d\nx,y")[1, 1] == "F.1.1.1"
    assert texts("a") == {(1, 1): "a"}
    # The first of equals is Excel's own in Turkish.
    assert texts("a;b,c\nd;e,f") == {(1, 1): "a", (1, 2): "b,c", (2, 1): "d", (2, 2): "e,f"}


def test_only_the_beginning_of_a_large_file_tells() -> None:
    text = "x,y\n" * 1000 + "Amaç;Hedef\n" * 900
    assert texts(text)[1, 2] == "y"
    assert texts("x,y\n" * 999 + "Amaç;Hedef\n" * 900)[1000, 2] == "Hedef"
    wide = "x," * 1000 + "y\n" + ";" * 999 + "Amaç"
    assert (2, 1000) in texts(wide)
    assert (3, 1001) not in texts("x," * 1000 + "y\n" + "x," * 1000 + "y\n" + ";" * 1000 + "Amaç")


@pytest.mark.parametrize("head", ["sep=,\n", "SEP=,\r\n", "sep=,\r\n"])
def test_the_line_that_names_the_separator(head: str) -> None:
    assert texts(f"{head}a;b,c") == {(1, 1): "a;b", (1, 2): "c"}
    assert texts(f"x\n{head}a;b")[2, 1].lower().startswith("sep")


def test_quotes_and_line_ends_of_a_csv() -> None:
    assert texts('a;"b;""c""\nd"\r\ne;f\rg;h\n') == {
        **{(1, 1): "a", (1, 2): 'b;"c"\nd', (2, 1): "e", (2, 2): "f", (3, 1): "g", (3, 2): "h"},
    }
    why = "bir hücrenin açılan tırnağı kapanmamış ya da hücre çok uzun"
    assert refused(b'a;"b\nc;d') == ("KX001", why)
    assert refused(b"a;" + b"x" * 131_073) == ("KX001", why)
    assert texts("") == {}
    assert texts('"a\n', "a.txt") == {(1, 1): '"a'}
    assert texts("a;b", "A.CSV") == {(1, 1): "a", (1, 2): "b"}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        *(
            ("<b>A</b>", "A"),
            ("<STRONG>A</STRONG>", "A"),
            ("A<br/>B", "AB"),
            ("A<br />B<i>C</i><u>D</u><em>E</em>", "ABCDE"),
        ),
        *(("**A**", "A"), ("__A__", "A"), ("*A*", "A"), ("*A", "A"), ("A*", "A"), ("* A *", "* A *"), ("A*B", "A*B")),
        *(
            ("# A", "A"),
            ("###### A", "A"),
            ("####### A", "####### A"),
            ("#A", "#A"),
            ("  ## A ", "A"),
            ("A # B", "A # B"),
        ),
        *(("<bx>", "<bx>"), ("a < b", "a < b"), ("5*", "5")),
    ],
)
def test_marks_fall_off(written: str, read: str) -> None:
    assert texts(f"x\t{written}", "a.txt") == {(1, 1): "x", (1, 2): read}


def test_what_is_only_marks_is_no_cell() -> None:
    assert texts("x\t** **\t \ty", "a.txt") == {(1, 1): "x", (1, 4): "y"}


TURKISH = "Çığ öşü ĞÜŞİÖ"


@pytest.mark.parametrize("page", ["utf-8", "utf-8-sig", "utf-16", "cp1254", "cp857"])
def test_letters_are_those_of_the_page_that_makes_turkish_of_them(page: str) -> None:
    assert texts(TURKISH.encode(page)) == {(1, 1): TURKISH}


def test_what_is_no_text() -> None:
    assert refused(b"a\0b") == ("KX001", "metin dosyası değil")
    assert refused(b"a" * 4095 + b"\0", "a.txt") == ("KX001", "metin dosyası değil")
    assert texts(b"a" * 4096 + b"\0")[1, 1].startswith("aaa")
    assert texts(b"\x81") == {(1, 1): "ü"}  # no letter of cp1254


@pytest.mark.parametrize("separator", [*"\t\n\r;,|"])
def test_too_many_cells_are_refused_before_they_are_made(separator: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(count: int) -> None:
        raise UnreadableFile("KX003", str(count))

    monkeypatch.setattr("kars_xl.reading.grid.plain.refuse_cells", refuse)
    assert refused(f"a{separator * 7}b".encode()) == ("KX003", "7")


# Old workbooks


def opened(*sheets: OldSheet, since_1904: bool = False, **more: object) -> Grid:
    return read_xls("a.xls", old_workbook(*sheets, since_1904=since_1904, **more))  # type: ignore[arg-type]


def test_the_cells_of_an_old_workbook() -> None:
    first = OldSheet(
        "Bir",
        {
            **{(0, 0): Old("Ödenek"), (0, 2): Old(5.0), (1, 1): Old(2.25), (1, 3): Old(True), (2, 0): Old(False)},
            **{(2, 2): Old(b"\x07"), (2, 3): Old(b"\x2a"), (3, 0): Old(None), (3, 1): Old(""), (4, 0): Old(-7.0)},
            **{(5, 0): Old(1e15), (5, 1): Old(0.1 + 0.2)},
        },
    )
    grid = opened(first, OldSheet("İki", {(0, 0): Old(1.0)}))
    assert (grid.file, [sheet.name for sheet in grid.sheets]) == ("a.xls", ["Bir", "İki"])
    cells = grid.sheets[0].cells
    assert {at: it.value for at, it in cells.items()} == {
        **{(1, 1): "Ödenek", (1, 3): Decimal(5), (2, 2): Decimal("2.25"), (2, 4): True, (3, 1): False},
        **{(3, 3): ExcelError("#DIV/0!"), (3, 4): ExcelError("#N/A"), (5, 1): Decimal(-7)},
        **{(6, 1): Decimal(10**15), (6, 2): Decimal("0.30000000000000004")},
    }
    assert all((it.file, it.sheet, it.row, it.column) == ("a.xls", "Bir", *at) for at, it in cells.items())
    assert {(it.unseen, it.since_1904, it.number_format) for it in cells.values()} == {("", False, "General")}
    assert (grid.sheets[0].file, grid.sheets[0].hidden) == ("a.xls", False)
    assert grid.sheets[1].cells[1, 1].sheet == "İki"


def test_an_error_that_nobody_knows() -> None:
    assert opened(OldSheet("S", {(0, 0): Old(b"\x63")})).sheets[0].cells[1, 1].value == ExcelError("#HATA")


def test_number_formats_and_dates_of_an_old_workbook() -> None:
    looks = [Look(), Look(form=164), Look(form=10), Look(form=14), Look(form=166)]
    sheet = OldSheet("S", {(0, at): Old(45_000.0, at + 1) for at in range(5)})
    grid = opened(sheet, looks=looks, forms={164: '#,##0.00 "TL"'}, since_1904=True)
    cells = [*grid.sheets[0].cells.values()]
    assert [it.number_format for it in cells] == [
        "General",
        '#,##0.00 "TL"',
        "0.00%",
        cells[3].number_format,
        "General",
    ]
    assert [it.is_date for it in cells] == [False, False, False, True, False]
    assert {it.since_1904 for it in cells} == {True}
    assert cells[3].day == "16.03.2027"  # the 45.000th day after 1 January 1904


def test_what_nobody_sees_of_an_old_workbook() -> None:
    cells = {(row, column): Old(1.0) for row in range(4) for column in range(4)}
    sheet = OldSheet(
        "S", cells, {1: (255, True), 2: (0, False), 3: (300, False)}, {1: (900, True), 2: (0, False), 3: (9, False)}
    )
    found = opened(
        sheet, OldSheet("T", {(0, 0): Old(1.0)}, visibility=1), OldSheet("U", {(0, 0): Old(1.0)}, visibility=2)
    )
    unseen = {at for at, it in found.sheets[0].cells.items() if it.unseen == Unseen.HIDDEN}
    assert unseen == {at for at in found.sheets[0].cells if at[0] in (2, 3) or at[1] in (2, 3)}
    assert [(it.hidden, it.cells[1, 1].unseen) for it in found.sheets[1:]] == 2 * [(True, Unseen.HIDDEN)]


def test_merged_cells_of_an_old_workbook() -> None:
    cells = {(row, column): Old(float(row)) for row in range(5) for column in range(4)}
    found = opened(OldSheet("S", cells, merged=[(1, 2, 1, 2), (3, 4, 3, 3)])).sheets[0].cells
    assert {at for at, it in found.items() if it.unseen == Unseen.COVERED} == {(2, 3), (3, 2), (3, 3), (5, 4)}
    assert (found[2, 2].rows, found[4, 4].rows, found[1, 1].rows) == (2, 2, 1)


FONTS = [Font(struck=True), Font(raised=1), Font(raised=2), Font(colour=WHITE), Font(colour=RED), Font(colour=BLACK)]
# The fourth font does not exist: what comes fourth is called 5.
STRUCK, HIGH, LOW, IN_WHITE, IN_RED, IN_BLACK = 1, 2, 3, 5, 6, 7


@pytest.mark.parametrize(
    ("look", "unseen"),
    [
        *((Look(), ""), (Look(STRUCK), Unseen.STRUCK), (Look(HIGH), Unseen.MIXED), (Look(LOW), Unseen.MIXED)),
        *((Look(IN_WHITE), Unseen.COLOUR), (Look(IN_BLACK), ""), (Look(IN_RED), "")),
        # On a fill of one colour, on none, and on a pattern, of which nobody knows.
        *((Look(IN_WHITE, 0, 1, RED), ""), (Look(IN_RED, 0, 1, RED), Unseen.COLOUR), (Look(IN_RED, 0, 0, RED), "")),
        *(
            (Look(IN_RED, 0, 2, RED), ""),
            (Look(IN_WHITE, 0, 2, WHITE), ""),
            (Look(IN_BLACK, 0, 1, BLACK), Unseen.COLOUR),
        ),
        *((Look(0, 0, 1, BLACK), Unseen.COLOUR), (Look(IN_WHITE, 0, 1, 64), Unseen.COLOUR)),
    ],
)
def test_looks_of_an_old_workbook(look: Look, unseen: str) -> None:
    sheet = OldSheet("S", {(0, 0): Old(5.0, 2), (1, 0): Old("5,00", 2), (2, 0): Old("5,00")})
    cells = opened(sheet, looks=[Look(), look], fonts=FONTS).sheets[0].cells
    assert (cells[1, 1].unseen, cells[2, 1].unseen, cells[3, 1].unseen) == (unseen, unseen, "")


@pytest.mark.parametrize(
    ("runs", "look", "unseen"),
    [
        *(([(2, STRUCK)], 0, Unseen.MIXED), ([(2, IN_RED)], 0, ""), ([(0, STRUCK)], 0, Unseen.STRUCK)),
        *(([(0, STRUCK), (2, 0)], 0, Unseen.MIXED), ([(2, HIGH), (3, 0)], 0, Unseen.MIXED), ([(4, STRUCK)], 0, "")),
        *(([(2, 0)], STRUCK, Unseen.MIXED), ([(2, STRUCK)], STRUCK, Unseen.STRUCK)),
    ],
)
def test_texts_of_several_looks(runs: list[tuple[int, int]], look: int, unseen: str) -> None:
    sheet = OldSheet("S", {(0, 0): Old("5000", 1, runs)})
    assert opened(sheet, looks=[Look(look)], fonts=FONTS).sheets[0].cells[1, 1].unseen == unseen


def test_old_workbooks_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def told(data: bytes) -> tuple[str, str]:
        with pytest.raises(UnreadableFile) as found:
            read_xls("a.xls", data)
        return found.value.code, found.value.reason

    damaged = told(b"x")
    assert damaged == told(b"")
    assert damaged[0] == "KX001"
    assert told("EncryptedPackage".encode("utf-16-le")) == ("KX002", "EncryptedPackage")
    assert told("DRMEncryptedTransform".encode("utf-16-le")) == ("KX019", "DRMEncryptedTransform")
    for error, code in (
        (xlrd.XLRDError("Workbook is encrypted"), "KX002"),
        (xlrd.XLRDError("ENCRYPTED"), "KX002"),
        (xlrd.XLRDError("x"), "KX001"),
        (ValueError("encrypted"), "KX001"),
    ):

        def broken(*_: object, error: Exception = error, **__: object) -> None:
            raise error

        monkeypatch.setattr(xlrd, "open_workbook", broken)
        assert told(b"x") == (code, damaged[1])
    assert capsys.readouterr() == ("", "")
