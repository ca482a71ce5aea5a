"""The trace of a figure: down to the forms' cells, and from a form's cell to all that it feeds."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from click.testing import CliRunner, Result
from form_files import COSTS, FEN_FILE, ROAD, TARGET, ZABITA, ZABITA_FILE, finance, form
from forms import cost_table, target_table
from office import rename, sheet_with
from oracles import convert

from kars_xl.cli import main
from kars_xl.grid import open_grid
from kars_xl.grid.cells import Cell
from kars_xl.pipeline import merge
from kars_xl.recognise import recognise
from kars_xl.tables import Document
from kars_xl.template.reference import a1
from kars_xl.trace import Workbook, WrongAddress, nodes_below, origins_below, trace_back, trace_forward
from kars_xl.trace.address import find_cell
from kars_xl.trace.book import Address
from kars_xl.trace.facts import MONEY, SHARE
from kars_xl.trace.origins import Origin
from kars_xl.trace.tree import Node
from kars_xl.workbook import PROGRAMME_TEMPLATE, template_path

FMT, PHT, IPT, TKT = (
    "Faaliyet Maliyetleri",
    "Performans Hedefleri",
    "İdare Performans Tablosu",
    "Toplam Kaynak İhtiyacı",
)
GRAND_TOTAL = Decimal("603349000")


@pytest.fixture(scope="module")
def book(merged: Path) -> Workbook:
    return Workbook(str(merged))


@pytest.fixture(scope="module")
def document(merged: Path) -> Document:
    return recognise(open_grid(str(merged)))


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["trace", *(str(argument) for argument in arguments)])


def answer(*arguments: object) -> tuple[int, dict]:
    result = run(*arguments, "--format", "json")
    return result.exit_code, json.loads(result.stdout)


def address(cell: Cell) -> Address:
    return cell.sheet, cell.row, cell.column


def total_of(document: Document, label: str, part: str = "total") -> str:
    place = getattr(document.summaries[0].totals[label].amounts, part).place
    return f"{place.sheet}!{place.cell}"


def in_forms(origins: Iterable[Origin], folder: Path) -> Iterator[object]:
    """What openpyxl finds in the forms' cells."""
    books = {path.name: openpyxl.load_workbook(path, data_only=True) for path in folder.glob("*.xlsx")}
    for origin in origins:
        yield books[origin.file][origin.sheet][origin.cell].value


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
    assert {form.state for form in found.forms.all()} <= {"same"}
    if label == "grand_total":
        assert found.root.value == GRAND_TOTAL


def test_every_figure_of_the_five_tables_ends_in_forms_cells_that_hold_it_or_in_zeros(
    book: Workbook, inputs: Path
) -> None:
    """All of them, and what is not told by the tree itself: the sum of the cells, as openpyxl reads them."""
    origins = sorted({origin for found in book.origins.by_key.values() for origin in found}, key=str)
    values = dict(zip(origins, in_forms(origins, inputs), strict=True))
    seen = 0
    for place, fact in book.facts.items():
        cell = book.book.cell(place)
        if cell is None or not isinstance(cell.value, Decimal):
            continue
        root = book.tree.node(place)
        below = nodes_below(root)
        for node in below:
            assert node.children or node.origins or not node.value, (place, node.address)
            assert not any("elle" in note or "değiştirilmiş" in note for note in node.notes), (place, node.notes)
        if fact.kind == MONEY:
            given = sum(Decimal(str(values[origin])) for origin in origins_below(root))
            assert given == cell.value, (place, fact.label)
        seen += 1
    assert seen > 88 * 20


def test_a_share_shows_the_part_and_the_whole(book: Workbook, document: Document) -> None:
    row = document.summaries[0].rows[0]
    assert row.shares[2] is not None
    place = row.shares[2].place
    root = book.tree.node((place.sheet, place.row, place.column))
    assert root.fact.kind == SHARE
    (part, first), (whole, second) = root.children
    assert (part, whole) == ("pay", "payda")
    assert row.amounts.total is not None
    assert first.address == (IPT, row.amounts.total.place.row, row.amounts.total.place.column)
    assert second.text == "253.748.000,00 TL"
    assert first.value / second.value == pytest.approx(root.value)  # type: ignore[operator]
    # The part is one of the whole's, and is not written out twice.
    assert first.address in {node.address for node in nodes_below(second)}


def test_a_share_of_nothing_shows_it_too(book: Workbook, document: Document) -> None:
    share = document.summaries[0].totals["transfers"].shares[2]
    assert share is not None
    root = book.tree.node((share.place.sheet, share.place.row, share.place.column))
    assert [(role, node.text) for role, node in root.children] == [("pay", "0,00 TL"), ("payda", "603.349.000,00 TL")]


def test_an_indicator_leads_to_its_cell_in_every_form_that_gave_it(
    book: Workbook, document: Document, inputs: Path
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
                node = book.tree.node((place.sheet, place.row, place.column))
                assert len(node.origins) == given[row.code]
                assert {origin.text for origin in node.origins} == {node.text}
                assert node.notes == []


def test_a_figure_of_tablo_11_leads_to_the_finance_office(merged: Path, inputs: Path) -> None:
    found = trace_forward(str(merged), "Tablo 11!D6", [str(inputs)])
    (origin,) = found.root.origins
    assert (origin.file, origin.unit, origin.text) == (
        "tablo_11_mali_hizmetler.xlsx",
        "Mali Hizmetler",
        "83.400.000,00 TL",
    )
    assert list(in_forms([origin], inputs)) == [83_400_000]


def test_a_sumif_leads_to_the_cells_that_it_sums_and_no_others(book: Workbook, document: Document) -> None:
    place = document.matrices[0].columns["activity_column"][6].place
    root = book.tree.node((place.sheet, place.row, place.column))
    codes = {node.fact.key[2] for _, node in root.children if node.fact.key}
    assert codes == {6}
    assert sum(node.value for _, node in root.children) == root.value == Decimal(53_800_000)  # type: ignore[misc]
    assert len(root.children) + root.zeros == 88
    assert f"{root.zeros} sıfır/boş hücre" in run(book.book.file, f"{place.sheet}!{place.cell}").stdout


def test_a_live_check_leads_to_the_rows_of_kaynak(book: Workbook) -> None:
    rows = [cell for cell in book.book.formulas() if cell.formula and "SUMIFS(Kaynak" in cell.formula]
    assert len(rows) == 6
    root = book.tree.node(address(rows[0]))
    assert {node.sheet for _, node in root.children} == {"Kaynak"}
    assert sum(origin.value or 0 for origin in origins_below(root)) == root.value == 349_601_000


def test_zeros_say_which_form_they_are_of(book: Workbook, document: Document) -> None:
    place = document.costs[0].budget[1].place
    (note,) = book.tree.node((place.sheet, place.row, place.column)).notes
    assert note == "sıfır: formda boş ya da sıfır (mali_hizmetler_mudurlugu.xlsx)"


def test_the_terminal_has_each_row_once_and_fits(merged: Path, inputs: Path, document: Document) -> None:
    text = run(merged, total_of(document, "grand_total"), "--forms", inputs).stdout
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
    assert "(yukarıda gösterildi)" in run(merged, f"{IPT}!{share.place.cell}").stdout


# Edits and forms after the merge


def edited(workbook: Path, target: Path, changes: dict[str, object]) -> Path:
    opened = openpyxl.load_workbook(workbook)
    for where, value in changes.items():
        sheet, _, cell = where.rpartition("!")
        opened[sheet][cell] = value
    opened.save(target)
    return target


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A programme of one form and the finance office's, merged in a folder of its own."""
    return merged_of(tmp_path, form(folder_in(tmp_path)))


def folder_in(tmp_path: Path) -> Path:
    folder = tmp_path / "gelen"
    folder.mkdir(exist_ok=True)
    return folder


def merged_of(tmp_path: Path, *forms: Path, template: str | None = None) -> Path:
    output = tmp_path / "program.xlsx"
    paths = [str(path) for path in (*forms, finance(folder_in(tmp_path)))]
    outcome = merge(paths, str(output), template=template)
    assert outcome.written, [found.message for found in outcome.findings]
    return output


def road(output: Path) -> str:
    """The road's cost under code 3 in the merged workbook."""
    place = recognise(open_grid(str(output))).costs[0].budget[3].place
    return f"{place.sheet}!{place.cell}"


def test_a_form_that_changed_after_the_merge_is_said_with_both_figures(small: Path, tmp_path: Path) -> None:
    folder = folder_in(tmp_path)
    code, found = answer(small, road(small), "--forms", folder)
    assert (code, found["findings"]) == (0, [])
    form(folder, target_table(ROAD.replace("60", "90")), cost_table("Yol yapımı", "90.000,00"))
    code, found = answer(small, f"{IPT}!H7", "--forms", folder)
    assert code == 0
    (finding,) = found["findings"]
    (source,) = leaves(found["trace"])
    assert (finding["code"], finding["severity"]) == ("KX603", "warning")
    assert (finding["sheet"], finding["cell"]) == (source["sheet"], source["cell"])
    assert Path(finding["file"]).name == source["file"] == FEN_FILE
    assert "60.000,00 TL idi, şimdi 90.000,00 TL" in finding["message"]
    assert source["form"]["state"] == "changed"
    assert source["form"]["now"] == "90.000,00 TL"
    text = run(small, f"{IPT}!H7", "--forms", folder).stdout
    assert "60.000,00 TL (3 Mal ve Hizmet Alım Giderleri) – formda şimdi 90.000,00 TL" in text


def test_a_form_that_changed_elsewhere_is_said_without_another_figure(small: Path, tmp_path: Path) -> None:
    folder = folder_in(tmp_path)
    form(folder, TARGET.replace("Yolları onarmak", "Yolların onarımı"), COSTS)
    _, found = answer(small, road(small), "--forms", folder)
    assert [(item["code"], item["cell"]) for item in found["findings"]] == [("KX603", "")]
    assert "izlenen rakamları aynı" in found["findings"][0]["message"]


def leaves(node: dict) -> list[dict]:
    return node.get("sources", []) + [source for child in node.get("children", []) for source in leaves(child)]


def test_an_unreadable_changed_form_and_one_without_the_sheet_are_said(small: Path, tmp_path: Path) -> None:
    folder = folder_in(tmp_path)
    shutil.copy(finance(tmp_path), folder / FEN_FILE)
    _, found = answer(small, road(small), "--forms", folder)
    assert "sayfası yok" in found["findings"][0]["message"]
    (folder / FEN_FILE).write_bytes(b"PK damaged")
    code, found = answer(small, road(small), "--forms", folder)
    assert (code, [item["code"] for item in found["findings"]]) == (0, ["KX603"])


def test_a_form_that_lies_nowhere_is_a_note(small: Path, tmp_path: Path) -> None:
    (tmp_path / "bos").mkdir()
    code, found = answer(small, road(small), "--forms", tmp_path / "bos")
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
    _, found = answer(output, road(Path(output)))
    assert leaves(found["trace"])[0]["form"]["state"] == "same"


def test_two_forms_of_one_name_are_told_apart(tmp_path: Path) -> None:
    folder = folder_in(tmp_path)
    paths = []
    for name, amount in (("fen", "60.000,00"), ("zabita", "40.000,00")):
        (folder / name).mkdir()
        tables = (target_table(ROAD.replace("60.000,00", amount)), cost_table("Yol yapımı", amount, unit=name))
        paths.append(form(folder / name, *tables, name="form.xlsx", unit=f"{name.title()} Müdürlüğü"))
    output = merged_of(tmp_path, *paths)
    _, found = answer(output, f"{IPT}!H7", "--forms", folder)
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
    assert [(origin.unit, origin.text) for origin in found.root.origins] == [
        ("Fen İşleri Müdürlüğü", "60.000,00 TL"),
        (ZABITA, "40.000,00 TL"),
    ]
    assert (found.root.text, found.root.notes) == ("100.000,00 TL", [])
    text = run(shared, road(shared), "--forms", folder_in(tmp_path)).stdout
    assert f"40.000,00 TL (3 Mal ve Hizmet Alım Giderleri) – {ZABITA}" in text


def test_a_figure_that_was_edited_no_longer_is_what_the_forms_gave(shared: Path, tmp_path: Path) -> None:
    copy = edited(shared, tmp_path / "kopya.xlsx", {road(shared): 90000})
    root = trace_forward(str(copy), f"{IPT}!H7").root
    notes = [note for node in nodes_below(root) for note in node.notes if "sıfır" not in note]
    assert root.value == 90000
    assert notes == ["formların toplamı 100.000,00 TL, burada 90.000,00 TL: birleştirmeden sonra değiştirilmiş"]


def test_an_indicator_that_was_edited_is_said(small: Path, tmp_path: Path) -> None:
    place = recognise(open_grid(str(small))).targets[0].indicators[0].places[2]
    where = f"{place.sheet}!{place.cell}"
    root = trace_forward(str(edited(small, tmp_path / "kopya.xlsx", {where: 7})), where).root
    assert root.notes == ["formda 6, burada 7: birleştirmeden sonra değiştirilmiş"]


def test_a_figure_typed_in_after_the_merge_comes_from_no_form(small: Path, tmp_path: Path) -> None:
    document = recognise(open_grid(str(small)))
    other, total = document.costs[0].budget[1].place, document.costs[0].totals["budget_total"].place
    changes = {f"{other.sheet}!{other.cell}": 5, f"{total.sheet}!{total.cell}": 123}
    copy = str(edited(small, tmp_path / "kopya.xlsx", changes))
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
        _, found = answer(output, where, "--forms", folder_in(tmp_path))
        assert [source["text"] for source in leaves(found["trace"])] == ["60.000,00 TL"]
        assert "notes" in found


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
    assert "daha derine inmek için" in run(path, "Sayfa1!A5000").stdout
    assert answer(path, "Sayfa1!A5000")[0] == 0
    assert "(yukarıda gösterildi)" in run(path, "Sayfa1!C1").stdout
    assert answer(path, "Sayfa1!C1")[0] == 0


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
    result = run(tmp_path / "program.txt", "A!B2")
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
def test_an_address_is_read_as_people_write_it(text: str, book: Workbook) -> None:
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
def test_a_wrong_address_is_wrong_usage_and_says_what_there_is(
    text: str, said: str, book: Workbook, merged: Path
) -> None:
    with pytest.raises(WrongAddress, match=r"[.!]") as error:
        find_cell(book.book, text)
    assert said in str(error.value)
    result = run(merged, text)
    assert result.exit_code == 2
    assert said in result.stderr


def test_missing_and_damaged_files_are_findings(merged: Path, tmp_path: Path) -> None:
    (tmp_path / "bozuk.xlsx").write_bytes(b"PK nothing")
    for arguments, code in (
        ((tmp_path / "yok.xlsx", "A!B1"), "KX007"),
        ((tmp_path / "bozuk.xlsx", "A!B1"), "KX001"),
        ((merged, "PH 1.1!C40", "--form", tmp_path / "yok.xlsx"), "KX007"),
    ):
        exit_code, found = answer(*arguments)
        assert (exit_code, [item["code"] for item in found["findings"]]) == (1, [code])
    assert run(merged, "Kaynak!A1", "--forms", tmp_path / "yok").exit_code == 2


# Backwards


LEAVES = [("mali_hizmetler_mudurlugu.xlsx", 3), ("fen_isleri_mudurlugu.xlsx", 6), ("zabita_mudurlugu.xlsx", 3)]


@pytest.mark.parametrize(("name", "code"), LEAVES)
def test_backwards_is_forwards_inverted(name: str, code: int, book: Workbook, merged: Path, inputs: Path) -> None:
    """A form's cell feeds an official cell just where that cell's tree ends in it."""
    path = inputs / name
    place = next(
        amount.place for table in recognise(open_grid(str(path))).costs if (amount := table.budget[code]).kurus
    )
    found = trace_back(str(merged), str(path), f"{place.sheet}!{place.cell}")
    assert found.why == ""
    fed = {feed.address for feed in found.feeds if feed.fact.table}
    forward = set()
    for official in book.facts:
        if book.book.cell(official) is None:
            continue
        ends = {(origin.file, origin.sheet, origin.cell) for origin in origins_below(book.tree.node(official))}
        if (name, place.sheet, place.cell) in ends:
            forward.add(official)
    assert fed == forward
    assert {address[0] for address in fed} == {FMT, PHT, IPT, TKT}


def test_what_a_cell_feeds_is_what_changes_with_it(merged: Path, book: Workbook, inputs: Path, tmp_path: Path) -> None:
    """Against another calculator: a changed figure moves all amounts that it feeds and nothing else."""
    found = trace_back(str(merged), str(inputs / "mali_hizmetler_mudurlugu.xlsx"), "PH 1.1!C40")
    first = found.feeds[0].address
    copy = edited(merged, tmp_path / "kopya.xlsx", {f"{first[0]}!{a1(*first[1:])}": 6_000_007})
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
    text = run(merged, "PH 1.1!C40", "--form", path).stdout
    headings = [line for line in text.splitlines() if line in (FMT, PHT, IPT, TKT) or line.startswith("Denetim")]
    assert headings[:4] == [FMT, PHT, IPT, TKT]
    assert headings[4].startswith("Denetim: ")
    assert all(len(line) <= 100 for line in text.splitlines())


def test_an_indicator_feeds_its_cell(merged: Path, inputs: Path) -> None:
    path = inputs / "mali_hizmetler_mudurlugu.xlsx"
    place = recognise(open_grid(str(path))).targets[0].indicators[0].places[2]
    found = trace_back(str(merged), str(path), f"{place.sheet}!{place.cell}")
    assert [feed.fact.table for feed in found.feeds] == ["PHT"]
    assert found.feeds[0].fact.label == found.fact.label


def test_an_empty_looking_zero_of_a_form_is_followed_too(merged: Path, inputs: Path) -> None:
    path = inputs / "saglik_hizmetleri_mudurlugu.xlsx"
    table = recognise(open_grid(str(path))).costs[0]
    place = next(amount.place for amount in table.budget.values() if amount.given and not amount.kurus)
    found = trace_back(str(merged), str(path), f"{place.sheet}!{place.cell}")
    assert {feed.fact.table for feed in found.feeds} >= {"FMT", "PHT", "İPT", "TKT"}


def test_totals_and_labels_of_a_form_feed_nothing(small: Path, tmp_path: Path) -> None:
    path = folder_in(tmp_path) / FEN_FILE
    sent = recognise(open_grid(str(path)))
    total, label = sent.costs[0].totals["need_total"].place, sent.costs[0].heading.texts["responsible"].place
    for place, why in ((total, "toplamlar ve formüller"), (label, "etiket, ad ya da tablo dışı")):
        code, found = answer(small, f"{place.sheet}!{place.cell}", "--form", path)
        assert (code, found["feeds"]) == (0, [])
        assert why in found["notes"][0]
        assert "Hiçbir hücreyi beslemez." in run(small, f"{place.sheet}!{place.cell}", "--form", path).stdout


def test_a_form_that_was_not_merged_and_one_that_changed_are_said(small: Path, tmp_path: Path) -> None:
    folder = folder_in(tmp_path)
    other = form(folder, name=ZABITA_FILE, unit=ZABITA)
    place = recognise(open_grid(str(other))).costs[0].budget[3].place
    where = f"{place.sheet}!{place.cell}"
    assert "Kaynak sayfasında yok" in answer(small, where, "--form", other)[1]["notes"][0]
    form(folder, target_table(ROAD.replace("60", "90")), cost_table("Yol yapımı", "90.000,00"))
    code, found = answer(small, where, "--form", folder / FEN_FILE)
    assert (code, [item["code"] for item in found["findings"]]) == (0, ["KX603"])
    assert found["feeds"][0]["value"] == "60000.00"


def test_a_workbook_without_kaynak_is_told_by_its_tables(small: Path, tmp_path: Path) -> None:
    opened = openpyxl.load_workbook(small)
    del opened["Kaynak"]
    opened.save(tmp_path / "kopya.xlsx")
    path = folder_in(tmp_path) / FEN_FILE
    place = recognise(open_grid(str(path))).costs[0].budget[3].place
    found = trace_back(str(tmp_path / "kopya.xlsx"), str(path), f"{place.sheet}!{place.cell}")
    assert found.feeds[0].address[0] == FMT


# For machines


def test_the_answer_for_machines(merged: Path, inputs: Path, document: Document) -> None:
    code, found = answer(merged, total_of(document, "grand_total"), "--forms", inputs)
    assert code == 0
    assert list(found) == ["version", "command", "summary", "findings", "trace", "feeds", "notes"]
    assert (found["command"], found["findings"], found["feeds"]) == ("trace", [], [])
    root = found["trace"]
    assert (root["sheet"], root["value"], root["text"]) == (IPT, "603349000.00", "603.349.000,00 TL")
    assert root["formula"].startswith("=SUM(")
    sources = leaves(root)
    assert sum(Decimal(source["value"]) for source in sources) == GRAND_TOTAL
    for source in sources:
        assert source["sha256"] == open_digest(inputs / source["file"])
        assert source["form"]["state"] == "same"
    again = [node for node in walk([root]) if node.get("repeated")]
    assert all("children" not in node for node in again)


def open_digest(path: Path) -> str:
    import hashlib

    return hashlib.sha256(path.read_bytes()).hexdigest()


def walk(nodes: Sequence[dict]) -> Iterator[dict]:
    for node in nodes:
        yield node
        yield from walk(node.get("children", []))


def test_backwards_for_machines(merged: Path, inputs: Path) -> None:
    code, found = answer(merged, "PH 1.1!C40", "--form", inputs / "mali_hizmetler_mudurlugu.xlsx")
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
