"""The trace of a figure down to the forms' cells, in the programme of 2024 and in any workbook."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from kars_xl.model.cost_rows import CostRow
from kars_xl.reading.grid import open_grid
from kars_xl.reading.recognise import recognise
from kars_xl.reading.tables import Document
from kars_xl.reports.trace import WrongAddress, nodes_below, origins_below, trace_forward
from kars_xl.reports.trace.book import find_cell
from kars_xl.reports.trace.facts import MONEY, SHARE
from kars_xl.reports.trace.tree import Node, Tree
from tests.helpers.cli_runs import answer, run
from tests.helpers.form_files import TARGET
from tests.helpers.oracles import convert
from tests.helpers.traced_workbooks import GRAND_TOTAL, IPT, TKT, address, in_forms, total_of

# Forwards


@pytest.mark.parametrize("label", ["grand_total", "activities_total", "general", "transfers"])
def test_a_total_leads_to_the_cells_of_the_forms_that_add_up_to_it(
    label: str, merged: Path, inputs: Path, document: Document
) -> None:
    found = trace_forward(str(merged), total_of(document, label), [str(inputs)])
    values = list(in_forms(origins_below(found.root), inputs))
    assert sum(Decimal(str(value)) for value in values) == found.root.value
    assert len(values) == len(set(origins_below(found.root)))
    assert found.findings == ()
    assert {form.state for form in found.forms.found.values()} <= {"same"}
    if label == "grand_total":
        assert found.root.value == GRAND_TOTAL


def test_every_figure_of_the_five_tables_ends_in_forms_cells_that_hold_it_or_in_zeros(book: Tree, inputs: Path) -> None:
    """All of them, and what is not told by the tree itself: the sum of the cells, as openpyxl reads them."""
    origins = sorted({origin for found in book.origins.by_key.values() for origin in found}, key=str)
    values = dict(zip(origins, in_forms(origins, inputs), strict=True))
    seen = 0
    for place, fact in book.facts.items():
        cell = book.book.cell(place)
        if cell is None or not isinstance(cell.value, Decimal):
            continue
        root = book.node(place)
        below = nodes_below(root)
        for node in below:
            assert node.children or node.origins or not node.value, (place, node.address)
            assert not any("elle" in note or "değiştirilmiş" in note for note in node.notes), (place, node.notes)
        if fact.kind == MONEY:
            given = sum(Decimal(str(values[origin])) for origin in origins_below(root))
            assert given == cell.value, (place, fact.label)
        seen += 1
    assert seen > 88 * 20


def test_a_share_shows_the_part_and_the_whole(book: Tree, document: Document) -> None:
    row = document.summaries[0].rows[0]
    assert row.shares[2] is not None
    place = row.shares[2].place
    root = book.node((place.sheet, place.row, place.column))
    assert root.fact.kind == SHARE
    (part, first), (whole, second) = root.children
    assert (part, whole) == ("pay", "payda")
    assert row.amounts.total is not None
    assert first.address == (IPT, row.amounts.total.place.row, row.amounts.total.place.column)
    assert second.text == "603.349.000,00 TL"
    assert first.value / second.value == pytest.approx(root.value)  # type: ignore[operator]
    # The part is one of the whole's, and is not written out twice.
    assert first.address in {node.address for node in nodes_below(second)}


def test_a_share_of_nothing_shows_it_too(book: Tree, document: Document) -> None:
    share = document.summaries[0].totals["transfers"].shares[2]
    assert share is not None
    root = book.node((share.place.sheet, share.place.row, share.place.column))
    assert [(role, node.text) for role, node in root.children] == [("pay", "0,00 TL"), ("payda", "603.349.000,00 TL")]


def test_an_indicator_leads_to_its_cell_in_every_form_that_gave_it(
    book: Tree, document: Document, inputs: Path
) -> None:
    given: dict[str, int] = {}
    for path in inputs.glob("*_mudurlugu.xlsx"):
        for table in recognise(open_grid(str(path))).targets:
            for row in table.indicators:
                given[row.code] = given.get(row.code, 0) + 1
    assert max(given.values()) > 1
    for table in document.targets:
        for row in table.indicators:
            for place in row.places:
                node = book.node((place.sheet, place.row, place.column))
                assert len(node.origins) == given[row.code]
                assert {origin.text for origin in node.origins} == {node.text}
                assert node.notes == []


def test_a_figure_of_tablo_11_leads_to_the_finance_office(merged: Path, inputs: Path) -> None:
    found = trace_forward(str(merged), "Tablo 11!D6", [str(inputs)])
    (origin,) = found.root.origins
    assert (origin.row.file, origin.row.unit.name, origin.text) == (
        "tablo_11_mali_hizmetler.xlsx",
        "Mali Hizmetler",
        "83.400.000,00 TL",
    )
    assert list(in_forms([origin], inputs)) == [83_400_000]


def test_a_sumif_leads_to_the_cells_that_it_sums_and_no_others(book: Tree, document: Document) -> None:
    place = document.matrices[0].columns["activity_column"][CostRow(6)].place
    root = book.node((place.sheet, place.row, place.column))
    codes = {node.fact.key[2] for _, node in root.children if node.fact.key}
    assert codes == {CostRow.CAPITAL}
    assert sum(node.value for _, node in root.children) == root.value == Decimal(53_800_000)  # type: ignore[misc]
    assert len(root.children) + root.zeros == 88
    assert (
        f"{root.zeros} sıfır/boş hücre" in run("trace", book.book.file, f"{place.sheet}!{place.cell}", "--all").stdout
    )


def test_a_live_check_leads_to_the_rows_of_kaynak(book: Tree) -> None:
    rows = [cell for cell in book.book.formulas() if cell.formula and "SUMIFS(Kaynak" in cell.formula]
    assert len(rows) == 6
    root = book.node(address(rows[0]))
    assert {node.sheet for _, node in root.children} == {"Kaynak"}
    assert sum(origin.value or 0 for origin in origins_below(root)) == root.value == 349_601_000


def test_zeros_say_which_form_they_are_of(book: Tree, document: Document) -> None:
    place = document.costs[0].amounts[CostRow(1)].place
    (note,) = book.node((place.sheet, place.row, place.column)).notes
    assert note == "sıfır: formda boş ya da sıfır (mali_hizmetler_mudurlugu.xlsx)"


def test_the_terminal_has_each_row_once_and_fits(merged: Path, inputs: Path, document: Document) -> None:
    text = run("trace", merged, total_of(document, "grand_total"), "--forms", inputs, "--all").stdout
    lines = text.splitlines()
    assert lines[0] == "603.349.000,00 TL  Genel Toplam ▸ toplam"
    tree = lines[: lines.index("Formlar")]
    assert all(len(line) <= 100 for line in tree if "⇐" not in line)
    assert len([line for line in tree if "⇐" in line]) == len({line.lstrip("│ ") for line in tree if "⇐" in line})
    assert "mali_hizmetler_mudurlugu.xlsx ▸ PH 1.1 ▸ C40: 60.000,00 TL (3 Mal ve Hizmet Alım Giderleri)" in text
    digest = open_grid(str(inputs / "mali_hizmetler_mudurlugu.xlsx")).digest
    assert text.count(f"SHA-256 {digest}") == 1
    share = document.summaries[0].rows[0].shares[2]
    assert share is not None
    assert "(yukarıda gösterildi)" in run("trace", merged, f"{IPT}!{share.place.cell}", "--all").stdout


def test_the_brief_form_says_on_one_screen_what_each_form_gave(merged: Path, inputs: Path, document: Document) -> None:
    lines = run("trace", merged, total_of(document, "grand_total"), "--forms", inputs).stdout.splitlines()
    assert len(lines) <= 26
    assert (lines[0], lines[19]) == ("Formlar", "  … ve 3 tane daha (tümü için --all).")
    finance = "Mali Hizmetler – tablo_11_mali_hizmetler.xlsx ▸ Toplam Kaynak İhtiyacı ▸ C6 ve 7 hücre daha"
    assert lines[1].lstrip() == f"349.601.000,00 TL  {finance}"
    # All of them, added up, are the figure.
    whole = run("trace", merged, total_of(document, "grand_total"), "--forms", inputs, "--all").stdout.splitlines()
    start, end = whole.index("Formlar"), whole.index("Formların kaydı")
    given = [Decimal(line.split()[0].replace(".", "").replace(",", ".")) for line in whole[start + 1 : end - 1]]
    assert (len(given), sum(given), sorted(given, reverse=True)) == (21, GRAND_TOTAL, given)


# Any workbook


def other_workbook(path: Path, cells: dict[str, object], sheet: str = "Sayfa1") -> Path:
    with xlsxwriter.Workbook(str(path)) as made:
        written = made.add_worksheet(sheet)
        for cell, value in cells.items():
            if isinstance(value, str) and value.startswith("="):
                # Without a stored result, so that the reader computes it.
                written.write_formula(cell, value, None, "")
            else:
                written.write(cell, value)
    return path


def labelled(root: Node) -> list[tuple[str, str]]:
    return [(role, node.cell) for role, node in root.children]


def test_a_workbook_without_kaynak_is_traced_by_its_formulas(tmp_path: Path) -> None:
    path = other_workbook(
        tmp_path / "baska.xlsx", {"A1": "Gider", "B1": 10, "A2": "Gelir", "B2": 30, "A3": "Fark", "B3": "=B2-B1"}
    )
    found = trace_forward(str(path), "sayfa1!b3")
    assert labelled(found.root) == [("", "B2"), ("", "B1")]
    assert [node.fact.label for _, node in found.root.children] == ["Gelir", "Gider"]
    assert "Kaynak sayfası yok" in found.notes[0]


FORMULAS: list[tuple[str, list[tuple[str, str]]]] = [
    ("=SUM(B1:B4)", [("", "B1"), ("", "B2")]),
    ("=IF(B2>0,B1/B2,0)", [("pay", "B1"), ("payda", "B2")]),
    ('=SUMIF(A:A,"elma",B:B)', [("", "B1")]),
    ('=SUMIF(A1:A4,"E*",B1)', [("", "B1")]),
    ('=SUMIF(B:B,">15")', [("", "B2")]),
    ('=SUMIF(B1:B4,"<>0",B1:B4)', [("", "B1"), ("", "B2")]),
    ("=SUMIF(A1:A4,A2,B1:B4)", [("", "B2")]),
    ('=SUMIF(A1:A4,"el"&"ma",B1:B4)', [("", "B1")]),
    ('=SUMIFS(B:B,A:A,"armut",B:B,">=20")', [("", "B2")]),
    ('=SUMIFS(B:B,A:A,"armut",B:B,"<20")', []),
    ("=COUNTIF(B:B,20)", [("", "B2")]),
    ("=SUM(B2,$B$1,B2)", [("", "B2"), ("", "B1")]),
    ("=Sayfa1!B1+'Sayfa1'!B2", [("", "B1"), ("", "B2")]),
    ("=SUMPRODUCT((B1:B4>5)*B1:B4)", [("", "B1"), ("", "B2")]),
    ("=12", []),
]


@pytest.mark.parametrize(("formula", "expected"), FORMULAS)
def test_the_cells_of_a_formula(formula: str, expected: list[tuple[str, str]], tmp_path: Path) -> None:
    cells = {"A1": "Elma", "B1": 10, "A2": "Armut", "B2": 20, "A3": "Erik", "B3": 0, "D9": formula}
    root = trace_forward(str(other_workbook(tmp_path / "baska.xlsx", cells)), "Sayfa1!D9").root
    assert labelled(root) == expected


@pytest.mark.parametrize(
    ("formula", "note"),
    [
        ("='[gecen.xlsx]Sayfa1'!B1+B1", "başka bir dosyaya bağlantı"),
        ("=Bütçe+B1", "ad “Bütçe”"),
        ("=Yok!B1+B1", "olmayan sayfa “Yok”"),
        ("=SUM(#REF!)+B1", "bozuk başvuru"),
    ],
)
def test_what_can_not_be_followed_is_said(formula: str, note: str, tmp_path: Path) -> None:
    root = trace_forward(str(other_workbook(tmp_path / "baska.xlsx", {"B1": 10, "D9": formula})), "Sayfa1!D9").root
    assert labelled(root) == [("", "B1")]
    assert any(note in found for found in root.notes), root.notes


def test_cycles_and_long_chains_come_to_an_end(tmp_path: Path) -> None:
    chain = {"A1": 1} | {f"A{row}": f"=A{row - 1}+1" for row in range(2, 5001)}
    path = other_workbook(tmp_path / "uzun.xlsx", {**chain, "C1": "=D1+1", "D1": "=C1+1"})
    assert len(nodes_below(trace_forward(str(path), "Sayfa1!A5000").root)) == 5000
    assert "daha derine inmek için" in run("trace", path, "Sayfa1!A5000", "--all").stdout
    assert answer("trace", path, "Sayfa1!A5000")[0] == 0
    assert "(yukarıda gösterildi)" in run("trace", path, "Sayfa1!C1").stdout
    assert answer("trace", path, "Sayfa1!C1")[0] == 0


def test_a_formula_that_excel_shares_is_followed_in_every_cell(tmp_path: Path) -> None:
    """Excel keeps the formula of a column that was filled down once, in its first cell."""
    import zipfile

    path = other_workbook(tmp_path / "baska.xlsx", {"A1": 1, "A2": 2, "B1": "=A1*2", "B2": "=A2*2"})
    shared = tmp_path / "ortak.xlsx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(shared, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            data = data.replace(b"<f>A1*2</f>", b'<f t="shared" ref="B1:B2" si="0">A1*2</f>')
            target.writestr(name, data.replace(b"<f>A2*2</f>", b'<f t="shared" si="0"/>'))
    assert labelled(trace_forward(str(shared), "Sayfa1!B2").root) == [("", "A2")]


def test_an_ods_is_traced_like_the_workbook_that_it_was(merged: Path, document: Document, tmp_path: Path) -> None:
    (path,) = convert([merged], tmp_path, "ods")
    found = trace_forward(str(path), total_of(document, "grand_total"))
    assert found.root.text == "603.349.000,00 TL"
    assert sum(origin.value or 0 for origin in origins_below(found.root)) == GRAND_TOTAL


def test_a_file_without_formulas_is_refused(tmp_path: Path) -> None:
    (tmp_path / "program.txt").write_text(TARGET, encoding="utf-8")
    result = run("trace", tmp_path / "program.txt", "A!B2")
    assert result.exit_code == 2
    assert ".xlsx olarak kaydedin" in result.stderr


# Addresses


@pytest.mark.parametrize(
    "text",
    [
        "Toplam Kaynak İhtiyacı!C8",
        "'Toplam Kaynak İhtiyacı'!$C$8",
        "toplam kaynak ihtiyacı!c8",
        "TOPLAM KAYNAK IHTIYACI!C8",
        "toplam kaynak ihtiyaci ! C$8",
        "Tablo 11!C8",
    ],
)
def test_an_address_is_read_as_people_write_it(text: str, book: Tree) -> None:
    assert find_cell(book.book, text) == (TKT, 8, 3)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("C8", "sayfayı da yazın"),
        ("Yok!C8", "Sayfalar: Kapak, İçindekiler"),
        ("Kaynak!8C", "tek bir hücre yazın"),
        ("Kaynak!A1:B2", "tek bir hücre yazın"),
        ("Tablo 11!Z8", "O satırda dolu olanlar: A8, B8, C8"),
        ("Tablo 11!C9999", "dolu alanı: A1:"),
        ("!C8", "adında bir sayfa yok"),
        ("", "bir hücre adresi değil"),
    ],
)
def test_a_wrong_address_is_wrong_usage_and_says_what_there_is(text: str, said: str, book: Tree, merged: Path) -> None:
    with pytest.raises(WrongAddress, match=r"[.!]") as error:
        find_cell(book.book, text)
    assert said in str(error.value)
    result = run("trace", merged, text)
    assert result.exit_code == 2
    assert said in result.stderr


def test_missing_and_damaged_files_are_findings(merged: Path, tmp_path: Path) -> None:
    (tmp_path / "bozuk.xlsx").write_bytes(b"PK nothing")
    for arguments, code in (
        ((tmp_path / "yok.xlsx", "A!B1"), "KX007"),
        ((tmp_path / "bozuk.xlsx", "A!B1"), "KX001"),
        ((merged, "PH 1.1!C40", "--form", tmp_path / "yok.xlsx"), "KX007"),
    ):
        exit_code, found = answer("trace", *arguments)
        assert (exit_code, [item["code"] for item in found["findings"]]) == (1, [code])
    assert run("trace", merged, "Kaynak!A1", "--forms", tmp_path / "yok").exit_code == 2
