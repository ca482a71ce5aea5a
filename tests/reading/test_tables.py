"""The tables as they were read: their headings, all their texts, and the tables of a document by kind."""

from __future__ import annotations

import pytest

from kars_xl.base.place import Place
from kars_xl.model.cost_rows import CostRow, CostTotal
from kars_xl.model.programme import Costs
from kars_xl.model.units import Unit
from kars_xl.reading.tables import (
    Amount,
    CostTable,
    Document,
    GeneralCell,
    GeneralColumn,
    Heading,
    ResponsibilityRow,
    ResponsibilityTable,
    SummaryTable,
    TargetTable,
    Text,
    costs_of,
)
from tests.helpers.tables_by_hand import activity_row, cost_table, form, indicator_row, matrix, target_table

PLACE, HERE = Place("a.xlsx", "S", 1, 1), Place("a.xlsx", "S", 2, 2)


def test_the_text_beside_a_label() -> None:
    heading = Heading({"goal": Text("Amaç metni", HERE)})
    assert (heading.text("goal"), heading.text("objective")) == ("Amaç metni", "")
    table = CostTable(heading, PLACE)
    assert table.text("goal") == Text("Amaç metni", HERE)
    assert table.text("objective") == Text("", PLACE)
    blank = CostTable(Heading({"goal": Text("", HERE)}), PLACE)
    assert blank.text("goal") == Text("", HERE)


def test_all_texts_of_a_table() -> None:
    table = target_table(indicator_row("PG.1.1.1", None, None, None), activity_row(), target="Yollar", note="Not")
    assert [text.value for text in table.texts] == ["Yollar", "Not", "Açılan yol (km)", "Yol yapımı"]
    assert table.codes == ["PG.1.1.1", "F.1.1.1"]
    row = ResponsibilityRow(Text("Yollar", HERE), "F.1.1.1", Text("Yol", HERE), Text("Fen", HERE))
    listed = ResponsibilityTable(Heading(), PLACE, [row])
    assert [text.value for text in listed.texts] == ["Yollar", "Yol", "Fen"]


def test_the_costs_of_a_tables_rows() -> None:
    amounts = {CostRow(3): Amount(500, HERE), CostRow(1): Amount(None, HERE), CostTotal("need_total"): Amount(9, HERE)}
    assert costs_of(amounts) == Costs.of({CostRow(3): 500})
    assert costs_of({}) == Costs.of({})


def test_the_tables_of_a_document_by_kind() -> None:
    target, cost, other = target_table(), cost_table(), cost_table("F.1.1.2")
    summary, listed, tablo_11 = SummaryTable(Heading(), PLACE), ResponsibilityTable(Heading(), PLACE), matrix({})
    document = Document("a.xlsx", "", [cost, target, summary, listed, tablo_11, other])
    assert document.targets == [target]
    assert document.costs == [cost, other]
    assert (document.summaries, document.responsibilities, document.matrices) == ([summary], [listed], [tablo_11])
    assert Document("a.xlsx", "").targets == []
    assert all(isinstance(it, TargetTable) for it in document.targets)


@pytest.mark.parametrize(("written", "revision"), [("2", 2), ("Rev. 3", 3), ("", 0), ("-", 0), ("1/2", 0), ("-4", 0)])
def test_who_sent_a_form(written: str, revision: int) -> None:
    """A revision that can't be told is none."""
    document = form(unit="Fen İşleri", filled_by="Ayşe Kaya", revision=written, digest="abc")
    assert (document.unit, document.revision) == (Unit("Fen İşleri"), revision)
    sender = document.sender
    assert (sender.unit, sender.revision, sender.filled_by) == (Unit("Fen İşleri"), revision, "Ayşe Kaya")
    assert sender.digest == "abc"
    assert document.place == Place("fen.xlsx")


def test_a_document_without_a_kimlik_sheet_names_nobody() -> None:
    document = Document("a.xlsx", "")
    assert (document.unit, document.revision, document.sender.filled_by) == (Unit(""), 0, "")
    assert not document.unit


def test_a_general_tables_cells_and_columns() -> None:
    column = GeneralColumn(Text("Adet", Place("a.xlsx", "S", 3, 4)), "figure")
    assert (column.number, column.counts, column._replace(role="percent").counts) == (4, True, False)
    assert GeneralCell("x", HERE).value is None
