"""From a form's cell to all that it feeds."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from kars_xl.base.place import a1
from kars_xl.model.cost_rows import CostRow, CostTotal
from kars_xl.reading.grid import open_grid
from kars_xl.reading.recognise import recognise
from kars_xl.reports.trace import origins_below, trace_back
from kars_xl.reports.trace.facts import MONEY
from kars_xl.reports.trace.tree import Tree
from tests.helpers.cli_runs import answer, run
from tests.helpers.form_files import FEN_FILE, ROAD, ZABITA, ZABITA_FILE, form
from tests.helpers.form_tables import cost_table, target_table
from tests.helpers.traced_workbooks import FMT, IPT, PHT, TKT, address, folder_in, with_values

LEAVES = [("mali_hizmetler_mudurlugu.xlsx", 3), ("fen_isleri_mudurlugu.xlsx", 6), ("zabita_mudurlugu.xlsx", 3)]


@pytest.mark.parametrize(("name", "code"), LEAVES)
def test_backwards_is_forwards_inverted(name: str, code: int, book: Tree, merged: Path, inputs: Path) -> None:
    """A form's cell feeds an official cell just where that cell's tree ends in it."""
    path = inputs / name
    place = next(
        amount.place
        for table in recognise(open_grid(str(path))).costs
        if (amount := table.amounts[CostRow(code)]).kurus
    )
    found = trace_back(str(merged), str(path), f"{place.sheet}!{place.cell}")
    assert found.why == ""
    fed = {feed.address for feed in found.feeds if feed.fact.table}
    forward = set()
    for official in book.facts:
        if book.book.cell(official) is None:
            continue
        ends = {(origin.row.file, origin.row.sheet, origin.cell) for origin in origins_below(book.node(official))}
        if (name, place.sheet, place.cell) in ends:
            forward.add(official)
    assert fed == forward
    assert {address[0] for address in fed} == {FMT, PHT, IPT, TKT}


def test_what_a_cell_feeds_is_what_changes_with_it(merged: Path, book: Tree, inputs: Path, tmp_path: Path) -> None:
    """Against another calculator: a changed figure moves all amounts that it feeds and nothing else."""
    found = trace_back(str(merged), str(inputs / "mali_hizmetler_mudurlugu.xlsx"), "PH 1.1!C40")
    first = found.feeds[0].address
    copy = with_values(merged, tmp_path / "kopya.xlsx", {f"{first[0]}!{a1(*first[1:])}": 6_000_007})
    moved = {
        address(cell)
        for sheet in open_grid(str(copy)).sheets
        for cell in sheet.cells.values()
        if isinstance(cell.value, Decimal)
        and abs(cell.value - (book.book.value(address(cell)) or 0)) > Decimal("0.000000001")  # type: ignore[operator]
    }
    fed = {feed.address: feed for feed in found.feeds}
    assert moved <= fed.keys()
    assert {where for where, feed in fed.items() if feed.fact.kind == MONEY} <= moved
    assert len(moved) > 100


def test_the_order_of_what_is_fed_is_that_of_the_figure(merged: Path, inputs: Path) -> None:
    path = inputs / "mali_hizmetler_mudurlugu.xlsx"
    found = trace_back(str(merged), str(path), "ph 1.1!c40")
    tables = list(dict.fromkeys(feed.fact.table for feed in found.feeds))
    assert tables == ["FMT", "PHT", "İPT", "TKT", ""]
    assert [feed.step for feed in found.feeds if feed.fact.table == "FMT"] == [0, 1, 2]
    text = run("trace", merged, "PH 1.1!C40", "--form", path).stdout
    headings = [line for line in text.splitlines() if line in (FMT, PHT, IPT, TKT) or line.startswith("Denetim")]
    assert headings[:4] == [FMT, PHT, IPT, TKT]
    assert headings[4].startswith("Denetim: ")
    assert all(len(line) <= 100 for line in text.splitlines())


def test_an_indicator_feeds_its_cell(merged: Path, inputs: Path) -> None:
    path = inputs / "mali_hizmetler_mudurlugu.xlsx"
    place = recognise(open_grid(str(path))).targets[0].indicators[0].places[2]
    found = trace_back(str(merged), str(path), f"{place.sheet}!{place.cell}")
    assert [feed.fact.table for feed in found.feeds] == ["PHT"]
    assert found.feeds[0].fact.label == found.start.fact.label


def test_an_empty_looking_zero_of_a_form_is_followed_too(merged: Path, inputs: Path) -> None:
    path = inputs / "saglik_hizmetleri_mudurlugu.xlsx"
    table = recognise(open_grid(str(path))).costs[0]
    place = next(amount.place for amount in table.amounts.values() if amount.given and not amount.kurus)
    found = trace_back(str(merged), str(path), f"{place.sheet}!{place.cell}")
    assert {feed.fact.table for feed in found.feeds} >= {"FMT", "PHT", "İPT", "TKT"}


def test_totals_and_labels_of_a_form_feed_nothing(small: Path, tmp_path: Path) -> None:
    path = folder_in(tmp_path) / FEN_FILE
    sent = recognise(open_grid(str(path)))
    total, label = sent.costs[0].totals[CostTotal.NEED].place, sent.costs[0].heading.texts["responsible"].place
    for place, why in ((total, "toplamlar ve formüller"), (label, "etiket, ad ya da tablo dışı")):
        code, found = answer("trace", small, f"{place.sheet}!{place.cell}", "--form", path)
        assert (code, found["feeds"]) == (0, [])
        assert why in found["notes"][0]
        assert "Hiçbir hücreyi beslemez." in run("trace", small, f"{place.sheet}!{place.cell}", "--form", path).stdout


def test_a_form_that_was_not_merged_and_one_that_changed_are_said(small: Path, tmp_path: Path) -> None:
    folder = folder_in(tmp_path)
    other = form(folder, name=ZABITA_FILE, unit=ZABITA)
    place = recognise(open_grid(str(other))).costs[0].amounts[CostRow(3)].place
    where = f"{place.sheet}!{place.cell}"
    assert "Kaynak sayfasında yok" in answer("trace", small, where, "--form", other)[1]["notes"][0]
    form(folder, target_table(ROAD.replace("60", "90")), cost_table("Yol yapımı", "90.000,00"))
    code, found = answer("trace", small, where, "--form", folder / FEN_FILE)
    assert (code, [item["code"] for item in found["findings"]]) == (0, ["KX603"])
    assert found["feeds"][0]["value"] == "60000.00"


def test_a_workbook_without_kaynak_is_told_by_its_tables(small: Path, tmp_path: Path) -> None:
    opened = openpyxl.load_workbook(small)
    del opened["Kaynak"]
    opened.save(tmp_path / "kopya.xlsx")
    path = folder_in(tmp_path) / FEN_FILE
    place = recognise(open_grid(str(path))).costs[0].amounts[CostRow(3)].place
    found = trace_back(str(tmp_path / "kopya.xlsx"), str(path), f"{place.sheet}!{place.cell}")
    assert found.feeds[0].address[0] == FMT


def test_backwards_for_machines(merged: Path, inputs: Path) -> None:
    code, found = answer("trace", merged, "PH 1.1!C40", "--form", inputs / "mali_hizmetler_mudurlugu.xlsx")
    assert code == 0
    assert found["trace"] is None
    assert (found["form"]["sheet"], found["form"]["cell"], found["form"]["text"]) == ("PH 1.1", "C40", "60.000,00 TL")
    assert found["feeds"][0] | {"label": ""} == {
        "sheet": FMT,
        "cell": "C11",
        "table": "FMT",
        "label": "",
        "kind": "money",
        "value": "60000.00",
        "text": "60.000,00 TL",
        "step": 0,
    }
