"""The tidy tables: sums against the published programme read another way, files read by readers of another make."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl.utils.cell import coordinate_to_tuple
from python_calamine import CalamineWorkbook

import kars_xl
from kars_xl.pipeline import merge
from kars_xl.reports.export.data import WRITERS, Frames, export_data, guarded
from kars_xl.reports.export.rows import FLAG, MONEY, NUMBER, SHAPES, TEXT
from tests.helpers.cli_runs import run
from tests.helpers.form_files import (
    COSTS,
    FEN,
    FEN_FILE,
    FINANCE_FILE,
    ROAD,
    TARGET,
    ZABITA,
    ZABITA_FILE,
    finance,
    form,
    real_forms,
)
from tests.helpers.form_tables import cost_table, target_table
from tests.helpers.repository import PUBLISHED

LINES = [line.replace("<b>", "").replace("</b>", "").split("\t") for line in PUBLISHED.read_text("utf-8").splitlines()]


def lira(text: str) -> Decimal:
    """An amount as the programme prints it."""
    return Decimal(0) if text.strip() == "-" else Decimal(text.replace(".", "").replace(",", "."))


def in_kurus(sums: Any) -> dict[object, int]:
    """What is not zero of a series of sums."""
    return {key: int(value * 100) for key, value in sums.items() if value}


@pytest.fixture(scope="module")
def of_text() -> Frames:
    return kars_xl.frames(PUBLISHED)


@pytest.fixture(scope="module")
def of_book(merged: Path) -> Frames:
    return kars_xl.frames(merged)


@pytest.fixture(scope="module")
def of_forms(inputs: Path) -> Frames:
    return kars_xl.frames(inputs)


# What the programme says


def test_costs_by_code_and_unit_are_those_that_the_cost_tables_print(of_text: Frames) -> None:
    by_code: Counter[int] = Counter()
    by_unit: Counter[str] = Counter()
    unit = None
    for cells in LINES:
        if cells[0].startswith("Sorumlu Harcama Birimi"):
            unit = "".join(cells[1:]).strip()
        elif len(cells) == 3 and re.fullmatch("[1-8]", cells[0]) and unit is not None:
            by_code[int(cells[0])] += int(lira(cells[2]) * 100)
            by_unit[unit] += int(lira(cells[2]) * 100)
        elif cells[0].startswith("Toplam Kaynak"):
            unit = None
    known = of_text.costs[of_text.costs["kalem_kodu"].notna()]
    assert in_kurus(known.groupby("kalem_kodu")["tutar"].sum()) == dict(+by_code)
    # A cost table prints no unit; another table of the programme does.
    unnamed = by_unit.pop("")
    found = in_kurus(known.groupby("birim")["tutar"].sum())
    more = [found[unit] - kurus for unit, kurus in by_unit.items()]
    assert min(more) == 0
    assert sum(more) == unnamed


def test_an_amount_whose_economic_code_is_printed_nowhere_has_none(of_text: Frames) -> None:
    """Eight activities have no cost table in the publication, only an amount."""
    unknown = of_text.costs[of_text.costs["kalem"].isna()]
    assert list(unknown["faaliyet_kodu"]) == [f"F.1.3.{n}" for n in (1, 2, 3, 4)] + [
        "F.4.4.1",
        "F.4.4.2",
        "F.4.4.3",
        "F.4.5.1",
    ]
    assert of_text.costs["tutar"].sum() == Decimal("253748000.00")


def test_overheads_are_tablo_11s_own_columns(of_text: Frames, of_book: Frames) -> None:
    begin = next(at for at, cells in enumerate(LINES) if cells[0].startswith("Tablo 11 Toplam"))
    rows = [cells for cells in LINES[begin:] if len(cells) == 6 and cells[0].isdecimal()][:9]
    printed = {(column, int(cells[0])): lira(cells[at]) for cells in rows for at, column in ((3, 0), (4, 1))}
    for frames in (of_text, of_book):
        columns = list(dict.fromkeys(frames.overheads["sutun"]))
        given = frames.overheads[frames.overheads["kalem_kodu"].notna()]
        found = {
            (columns.index(column), int(code)): amount
            for column, code, amount in zip(given["sutun"], given["kalem_kodu"], given["tutar"], strict=True)
        }
        assert found == printed


def test_indicators_are_the_printed_rows(of_book: Frames) -> None:
    printed = {
        "PG." + cells[0].removeprefix("PG.").strip(): cells[2:5]
        for cells in LINES
        if cells[0].startswith("PG.") and len(cells) >= 5
    }
    frame = of_book.indicators
    assert set(frame["gosterge_kodu"]) == set(printed)
    assert len(frame) == 3 * len(printed)
    for code, rows in frame.groupby("gosterge_kodu"):
        assert list(rows["yil"]) == [2022, 2023, 2024]
        for text, value, percent, state in zip(printed[code], rows["deger"], rows["yuzde"], rows["durum"], strict=True):
            if state == "değer":
                assert (value, percent) == (lira(text.strip(" %")), "%" in text), (code, text)
            else:
                assert (text.strip(), state, value) == ("-", "çizgi", None)


def test_forms_workbook_and_text_say_the_same(of_text: Frames, of_book: Frames, of_forms: Frames) -> None:
    for attribute in ("programme", "targets", "activities", "costs", "overheads", "units", "general_tables"):
        book, forms = getattr(of_book, attribute), getattr(of_forms, attribute)
        assert book.equals(forms), attribute
    assert list(of_book.activities["faaliyet_kodu"]) == list(of_text.activities["faaliyet_kodu"])
    for frames in (of_text, of_book, of_forms):
        assert frames.sources["tutar"].dropna().sum() == Decimal("603349000.00")
        assert frames.costs["tutar"].sum() + frames.overheads["tutar"].sum() == Decimal("603349000.00")


def test_sources_name_the_forms_cell_that_holds_the_figure(of_book: Frames, of_forms: Frames, inputs: Path) -> None:
    def cell(file: str, sheet: str, address: str) -> Decimal:
        if (file, sheet) not in sheets:
            book = CalamineWorkbook.from_path(inputs / file)
            sheets[file, sheet] = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        row, column = coordinate_to_tuple(address)
        return Decimal(repr(sheets[file, sheet][row - 1][column - 1]))

    sheets: dict[tuple[str, str], list[list[object]]] = {}
    for frames in (of_book, of_forms):
        money = frames.sources[frames.sources["tur"].isin(["Maliyet", "Tablo 11"])]
        for row in money[money["tutar"].map(bool)].itertuples():
            assert cell(row.dosya, row.sayfa, row.hucre) == row.tutar
    assert len({file for file, _ in sheets}) > 15


def test_what_units_share_is_split_as_their_forms_gave_it(tmp_path: Path) -> None:
    gelen = tmp_path / "gelen"
    gelen.mkdir()
    form(gelen)
    both = (target_table(ROAD.replace("60", "90")), cost_table("Yol yapımı", "90.000,00", code=6, unit=ZABITA))
    form(gelen, *both, name=ZABITA_FILE, unit=ZABITA)
    finance(gelen)
    merge([str(gelen)], str(tmp_path / "program.xlsx"))
    for source in (gelen, tmp_path / "program.xlsx"):
        frame = kars_xl.frames(source).costs
        parts = frame[frame["tutar"].map(bool)]
        found = list(zip(parts["birim"], parts["kalem_kodu"], parts["tutar"], strict=True))
        assert found == [(FEN, 3, Decimal("60000.00")), (ZABITA, 6, Decimal("90000.00"))]


def test_a_share_that_nobody_gave_belongs_to_no_unit(tmp_path: Path) -> None:
    text = "\n".join([TARGET, cost_table("Yol yapımı", unit=f"{FEN}, {ZABITA}")])
    (tmp_path / "program.txt").write_text(text, "utf-8")
    frames = kars_xl.frames(tmp_path / "program.txt")
    assert list(frames.units["birim"]) == [FEN, ZABITA]
    assert frames.costs["birim"].isna().all()
    assert frames.costs["tutar"].sum() == 60000


# The files


@pytest.fixture(scope="module", params=WRITERS)
def folder(request: pytest.FixtureRequest, merged: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("veri") / request.param
    result = run("export", merged, "--to", request.param, "-o", target)
    assert result.exit_code == 0, result.output
    assert str(target) in result.stdout
    return target


def read_back(path: Path) -> list[dict[str, object]]:
    """Each row by a reader of another make; amounts and figures as they were kept."""
    if path.suffix == ".csv":
        return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), delimiter=";"))
    if path.suffix == ".json":
        return json.loads(path.read_text("utf-8"), parse_float=float)
    return pq.read_table(path).to_pylist()


def kept(suffix: str, kind: str, value: object) -> object:
    """What a reader must find for a frame's value."""
    if value is None:
        return "" if suffix == ".csv" else None
    if isinstance(value, Decimal):
        return {".csv": f"{value:f}".replace(".", ","), ".json": f"{value:f}"}.get(suffix, value)
    if suffix == ".csv":
        if kind == FLAG:
            return "evet" if value else "hayır"
        return guarded(str(value)) if kind == TEXT else str(value)
    return value


def test_every_table_is_a_file_that_holds_its_frame(folder: Path, of_book: Frames) -> None:
    suffix = "." + folder.name
    assert {path.name for path in folder.iterdir()} == {shape.name + suffix for shape in SHAPES}
    for shape in SHAPES:
        frame = getattr(of_book, shape.attribute)
        rows = read_back(folder / (shape.name + suffix))
        assert len(rows) == len(frame)
        for column in shape.columns:
            series = frame[column.name]
            expected = [None if blank else value for value, blank in zip(series, series.isna(), strict=True)]
            assert [row[column.name] for row in rows] == [kept(suffix, column.kind, value) for value in expected]


def test_money_is_never_a_float(folder: Path, of_book: Frames) -> None:
    for shape in SHAPES:
        for column in shape.columns:
            if column.kind in (MONEY, NUMBER):
                values = getattr(of_book, shape.attribute)[column.name].dropna()
                assert all(isinstance(value, Decimal) for value in values)
    if folder.name == "parquet":
        schema = pq.read_schema(folder / "maliyetler.parquet")
        assert schema.field("tutar").type == pa.decimal128(38, 2)


def test_csv_is_what_turkish_excel_opens_by_itself(merged: Path, tmp_path: Path) -> None:
    run("export", merged, "--to", "csv", "-o", tmp_path / "veri")
    data = (tmp_path / "veri" / "maliyetler.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfprogram_yili;faaliyet_kodu;")
    assert data.count(b"\n") == data.count(b"\r\n") == 1 + 968
    assert b";60000,00\r\n" in data


@pytest.mark.parametrize(
    "text", ["=1+1", "+90 474", "-Yol", "@SUM(A1)", "1.1", "0-3", "5 Mart", "Mart 2024", "12/5", "%20", "1e5", "DOĞRU"]
)
def test_what_excel_would_change_keeps_its_letters(text: str) -> None:
    assert guarded(text) == "'" + text


@pytest.mark.parametrize(
    "text", ["F.1.1.1", "PH1.1", "46-55 Yaş", "3 araç", "-", "%", "5 Martı köprüsü", "2 Temmuz Parkı", "C47", "Ocak"]
)
def test_other_text_is_written_as_it_is(text: str) -> None:
    assert guarded(text) == text


def test_a_second_export_is_the_same_byte_for_byte(folder: Path, merged: Path, tmp_path: Path) -> None:
    export_data(str(merged), folder.name, str(tmp_path / "veri"))
    for path in folder.iterdir():
        assert (tmp_path / "veri" / path.name).read_bytes() == path.read_bytes()


# The command, and what goes wrong


def test_the_answer_for_machines(merged: Path, tmp_path: Path) -> None:
    book = tmp_path / "program.xlsx"
    shutil.copy(merged, book)
    result = run("export", book, "--to", "json", "--format", "json")
    answer = json.loads(result.stdout)
    assert (result.exit_code, answer["command"]) == (0, "export")
    assert Path(answer["output"]) == tmp_path / "program_veri"
    assert answer["rows"]["maliyetler.json"] == 968
    assert answer["summary"]["error"] == 0


@pytest.fixture
def gelen(tmp_path: Path) -> Path:
    """One unit's form and the finance office's."""
    return real_forms(tmp_path, FEN_FILE, FINANCE_FILE)


def test_forms_with_an_error_are_refused_as_by_merge(tmp_path: Path) -> None:
    gelen = tmp_path / "gelen"
    gelen.mkdir()
    form(gelen, TARGET, cost_table("Yol yapımı", "1,500"))
    result = run("export", gelen, "--to", "csv")
    assert (result.exit_code, "KX103" in result.stderr) == (1, True)
    assert "Kaydedilmedi: " in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["gelen"]
    with pytest.raises(kars_xl.Refused) as refused:
        kars_xl.frames(gelen)
    assert "KX103" in {found.code for found in refused.value.findings}
    assert kars_xl.read(gelen).programme is None


def test_a_publication_whose_figure_can_not_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "program.txt").write_text("\n".join([TARGET, COSTS.replace("60.000,00", "14..,.-")]), "utf-8")
    found = export_data(str(tmp_path / "program.txt"), "csv")
    assert found.written is None
    assert "KX103" in {item.code for item in found.findings if item.is_error}


@pytest.mark.parametrize("target", [".", "veri", "alt/veri"])
def test_tables_are_not_written_among_the_forms(target: str, gelen: Path) -> None:
    result = run("export", gelen, "--to", "csv", "-o", gelen / target)
    assert (result.exit_code, "KX006" in result.stderr) == (1, True)
    assert len(list(gelen.rglob("*"))) == 2


def test_of_files_that_can_not_be_replaced_none_is(gelen: Path, tmp_path: Path) -> None:
    target = tmp_path / "veri"
    assert run("export", gelen, "--to", "csv", "-o", target).exit_code == 0
    for path in target.iterdir():
        path.write_bytes(b"eski")
    (target / "kaynaklar.csv").chmod(0o444)
    result = run("export", gelen, "--to", "csv", "-o", target)
    assert (result.exit_code, "KX006" in result.stderr, "kaynaklar.csv" in result.stderr) == (1, True, True)
    assert {path.read_bytes() for path in target.iterdir()} == {b"eski"}
    (target / "kaynaklar.csv").chmod(0o644)
    (target / "notlarim.txt").write_text("kalsın")
    assert run("export", gelen, "--to", "csv", "-o", target).exit_code == 0
    assert (target / "notlarim.txt").read_text() == "kalsın"
    assert (target / "program.csv").read_bytes() != b"eski"


def test_a_target_that_is_a_file_and_a_source_that_is_not_there(gelen: Path, tmp_path: Path) -> None:
    (tmp_path / "veri").write_text("eski")
    assert "KX006" in run("export", gelen, "--to", "csv", "-o", tmp_path / "veri").stderr
    assert (tmp_path / "veri").read_text() == "eski"
    assert "KX007" in run("export", tmp_path / "yok.xlsx", "--to", "csv").stderr
    (tmp_path / "bos").mkdir()
    assert "KX008" in run("export", tmp_path / "bos", "--to", "csv").stderr


def test_without_pyarrow_only_parquet_is_refused(gelen: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    result = run("export", gelen, "--to", "parquet", "-o", tmp_path / "veri")
    assert (result.exit_code, "KX012" in result.stderr, "pip install pyarrow" in result.stderr) == (1, True, True)
    assert not (tmp_path / "veri").exists()
    assert run("export", gelen, "--to", "csv", "-o", tmp_path / "veri").exit_code == 0


def test_plan_and_latest_are_not_for_the_pdf(gelen: Path) -> None:
    assert run("export", gelen, "--to", "pdf", "--all-revisions").exit_code == 2
