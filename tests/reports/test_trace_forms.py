"""The trace and the forms behind it: changed, moved or renamed after the merge, and workbooks edited since."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from kars_xl.model.cost_rows import CostRow, CostTotal
from kars_xl.reading.grid import open_grid
from kars_xl.reading.recognise import recognise
from kars_xl.reading.tables import Document
from kars_xl.reports.trace import nodes_below, trace_forward
from kars_xl.workbook.render import PROGRAMME_TEMPLATE, template_path
from tests.helpers.cli_runs import answer, run
from tests.helpers.form_files import COSTS, FEN_FILE, ROAD, TARGET, ZABITA, ZABITA_FILE, finance, form
from tests.helpers.form_tables import cost_table, target_table
from tests.helpers.traced_workbooks import GRAND_TOTAL, IPT, folder_in, leaves, merged_of, road, total_of, with_values
from tests.helpers.workbook_edits import rename, sheet_with


def test_a_form_that_changed_after_the_merge_is_said_with_both_figures(small: Path, tmp_path: Path) -> None:
    folder = folder_in(tmp_path)
    code, found = answer("trace", small, road(small), "--forms", folder)
    assert (code, found["findings"]) == (0, [])
    form(folder, target_table(ROAD.replace("60", "90")), cost_table("Yol yapımı", "90.000,00"))
    code, found = answer("trace", small, f"{IPT}!H7", "--forms", folder)
    assert code == 0
    (finding,) = found["findings"]
    (source,) = leaves(found["trace"])
    assert (finding["code"], finding["severity"]) == ("KX603", "warning")
    assert (finding["sheet"], finding["cell"]) == (source["sheet"], source["cell"])
    assert Path(finding["file"]).name == source["file"] == FEN_FILE
    assert "60.000,00 TL idi, şimdi 90.000,00 TL" in finding["message"]
    assert source["form"]["state"] == "changed"
    assert source["form"]["now"] == "90.000,00 TL"
    text = run("trace", small, f"{IPT}!H7", "--forms", folder).stdout
    assert "60.000,00 TL (3 Mal ve Hizmet Alım Giderleri) – formda şimdi 90.000,00 TL" in text


def test_a_form_that_changed_elsewhere_is_said_without_another_figure(small: Path, tmp_path: Path) -> None:
    folder = folder_in(tmp_path)
    form(folder, TARGET.replace("Yolları onarmak", "Yolların onarımı"), COSTS)
    _, found = answer("trace", small, road(small), "--forms", folder)
    assert [(item["code"], item["cell"]) for item in found["findings"]] == [("KX603", "")]
    assert "izlenen rakamları aynı" in found["findings"][0]["message"]


def test_an_unreadable_changed_form_and_one_without_the_sheet_are_said(small: Path, tmp_path: Path) -> None:
    folder = folder_in(tmp_path)
    shutil.copy(finance(tmp_path), folder / FEN_FILE)
    _, found = answer("trace", small, road(small), "--forms", folder)
    assert "sayfası yok" in found["findings"][0]["message"]
    (folder / FEN_FILE).write_bytes(b"PK damaged")
    code, found = answer("trace", small, road(small), "--forms", folder)
    assert (code, [item["code"] for item in found["findings"]]) == (0, ["KX603"])


def test_a_form_that_lies_nowhere_is_a_note(small: Path, tmp_path: Path) -> None:
    (tmp_path / "bos").mkdir()
    code, found = answer("trace", small, road(small), "--forms", tmp_path / "bos")
    assert (code, found["findings"]) == (0, [])
    assert FEN_FILE in found["notes"][0]
    assert leaves(found["trace"])[0]["form"] == {"path": None, "state": "missing", "now": None}


@pytest.mark.parametrize("where", ["cwd/inputs", "inputs", "out", "out/inputs"])
def test_forms_are_found_where_they_usually_lie(
    where: str, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cwd").mkdir()
    (tmp_path / "out").mkdir()
    monkeypatch.chdir(tmp_path / "cwd")
    output = shutil.move(small, tmp_path / "out" / "program.xlsx")
    (tmp_path / where).mkdir(exist_ok=True)
    shutil.move(tmp_path / "gelen" / FEN_FILE, tmp_path / where / FEN_FILE)
    _, found = answer("trace", output, road(Path(output)))
    assert leaves(found["trace"])[0]["form"]["state"] == "same"


def test_two_forms_of_one_name_are_told_apart(tmp_path: Path) -> None:
    folder = folder_in(tmp_path)
    paths = []
    for name, amount in (("fen", "60.000,00"), ("zabita", "40.000,00")):
        (folder / name).mkdir()
        tables = (target_table(ROAD.replace("60.000,00", amount)), cost_table("Yol yapımı", amount, unit=name))
        paths.append(form(folder / name, *tables, name="form.xlsx", unit=f"{name.title()} Müdürlüğü"))
    output = merged_of(tmp_path, *paths)
    _, found = answer("trace", output, f"{IPT}!H7", "--forms", folder)
    sources = leaves(found["trace"])
    assert [source["file"] for source in sources] == ["fen/form.xlsx", "zabita/form.xlsx"]
    assert [Path(source["form"]["path"]).parts[-2:] for source in sources] == [
        ("fen", "form.xlsx"),
        ("zabita", "form.xlsx"),
    ]
    assert {source["form"]["state"] for source in sources} == {"same"}


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """Two units share the road: 60.000 and 40.000 TL."""
    folder = folder_in(tmp_path)
    other = (target_table(ROAD.replace("60", "40")), cost_table("Yol yapımı", "40.000,00", unit=ZABITA))
    return merged_of(tmp_path, form(folder), form(folder, *other, name=ZABITA_FILE, unit=ZABITA))


def test_a_shared_activity_shows_each_units_cell(shared: Path, tmp_path: Path) -> None:
    found = trace_forward(str(shared), road(shared), [str(folder_in(tmp_path))])
    assert [(origin.row.unit.name, origin.text) for origin in found.root.origins] == [
        ("Fen İşleri Müdürlüğü", "60.000,00 TL"),
        (ZABITA, "40.000,00 TL"),
    ]
    assert (found.root.text, found.root.notes) == ("100.000,00 TL", [])
    text = run("trace", shared, road(shared), "--forms", folder_in(tmp_path)).stdout
    assert f"40.000,00 TL (3 Mal ve Hizmet Alım Giderleri) – {ZABITA}" in text


def test_a_figure_that_was_edited_no_longer_is_what_the_forms_gave(shared: Path, tmp_path: Path) -> None:
    copy = with_values(shared, tmp_path / "kopya.xlsx", {road(shared): 90000})
    root = trace_forward(str(copy), f"{IPT}!H7").root
    notes = [note for node in nodes_below(root) for note in node.notes if "sıfır" not in note]
    assert root.value == 90000
    assert notes == ["formların toplamı 100.000,00 TL, burada 90.000,00 TL: birleştirmeden sonra değiştirilmiş"]


def test_an_indicator_that_was_edited_is_said(small: Path, tmp_path: Path) -> None:
    place = recognise(open_grid(str(small))).targets[0].indicators[0].places[2]
    where = f"{place.sheet}!{place.cell}"
    root = trace_forward(str(with_values(small, tmp_path / "kopya.xlsx", {where: 7})), where).root
    assert root.notes == ["formda 6, burada 7: birleştirmeden sonra değiştirilmiş"]


def test_a_figure_typed_in_after_the_merge_comes_from_no_form(small: Path, tmp_path: Path) -> None:
    document = recognise(open_grid(str(small)))
    other, total = document.costs[0].amounts[CostRow(1)].place, document.costs[0].totals[CostTotal.BUDGET].place
    changes = {f"{other.sheet}!{other.cell}": 5, f"{total.sheet}!{total.cell}": 123}
    copy = str(with_values(small, tmp_path / "kopya.xlsx", changes))
    for where in changes:
        (note,) = trace_forward(copy, where).root.notes
        assert note == "Kaynak sayfasında yok: bir formdan gelmiyor, elle yazılmış"


def test_a_renamed_kaynak_and_renamed_sheets_of_another_template(tmp_path: Path) -> None:
    template = openpyxl.load_workbook(template_path(PROGRAMME_TEMPLATE))
    rename(sheet_with(template, "{{ faaliyet.gider_1 }}"), "Maliyetler & Kaynaklar")
    rename(sheet_with(template, "{{ tutar.kalem }}"), "Formlar")
    template.save(tmp_path / "sablon.xlsx")
    output = merged_of(tmp_path, form(folder_in(tmp_path)), template=str(tmp_path / "sablon.xlsx"))
    assert road(output).startswith("Maliyetler & Kaynaklar!")
    for where in (f"{IPT}!H7", "maliyetler & kaynaklar!" + road(output).partition("!")[2]):
        _, found = answer("trace", output, where, "--forms", folder_in(tmp_path))
        assert [source["text"] for source in leaves(found["trace"])] == ["60.000,00 TL"]
        assert "notes" in found


# For machines


def test_the_answer_for_machines(merged: Path, inputs: Path, document: Document) -> None:
    code, found = answer("trace", merged, total_of(document, "grand_total"), "--forms", inputs)
    assert code == 0
    assert list(found) == ["version", "command", "summary", "findings", "verdict", "trace", "feeds", "notes"]
    assert (found["command"], found["findings"], found["feeds"]) == ("trace", [], [])
    root = found["trace"]
    assert (root["sheet"], root["value"], root["text"]) == (IPT, "603349000.00", "603.349.000,00 TL")
    assert root["formula"].startswith("=SUM(")
    sources = leaves(root)
    assert sum(Decimal(source["value"]) for source in sources) == GRAND_TOTAL
    for source in sources:
        assert source["sha256"] == open_digest(inputs / source["file"])
        assert source["form"]["state"] == "same"


def test_what_stands_in_the_tree_already_is_only_named_there(merged: Path, inputs: Path) -> None:
    """A share is its row's amount by a total that the amount is part of."""
    _, found = answer("trace", merged, f"{IPT}!I7", "--forms", inputs)
    amounts = [node for node in walk([found["trace"]]) if (node["sheet"], node["cell"]) == (IPT, "H7")]
    assert [(node.get("repeated"), "children" in node) for node in amounts] == [(None, True), (True, False)]
    assert [node["cell"] for node in walk([found["trace"]]) if node.get("repeated")] == ["H7"]


def open_digest(path: Path) -> str:
    import hashlib

    return hashlib.sha256(path.read_bytes()).hexdigest()


def walk(nodes: Sequence[dict]) -> Iterator[dict]:
    for node in nodes:
        yield node
        yield from walk(node.get("children", []))
