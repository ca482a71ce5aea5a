"""Programmes of other institutions: their headings, years, columns and letters, read as ours or refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from kars_xl.base.text import mend_letters, read_code
from kars_xl.model.cost_rows import CostRow, CostTotal
from kars_xl.pipeline import check, import_plan
from kars_xl.reading.grid import UnreadableFile
from kars_xl.reading.grid.plain import read_plain
from kars_xl.reading.recognise import recognise
from kars_xl.reading.tables import Document
from kars_xl.reports.audit import audit
from tests.helpers.audit_examples import audited
from tests.helpers.form_tables import cost_table, document, target_table
from tests.helpers.found import codes
from tests.helpers.printed_programmes import Printed, printed

Rows = list[list[str]]
ROAD = "F.1.1.1\tYol onarımı\t60.000,00"
TITLE = "2024 YILI PERFORMANS PROGRAMI\n\n"
PAGE = printed(8, targets=2)


def tabs(rows: Rows) -> str:
    return "\n".join("\t".join(row) for row in rows)


def read(rows: Rows, write: Callable[[Rows], str] = tabs) -> Document:
    return recognise(read_plain("program.txt", write(rows).encode()))


def figures(found: Document) -> list[object]:
    """All that the five tables say in figures."""
    return [
        [
            [(row.code, row.values) for row in table.indicators]
            + [(row.code, row.amounts[1:]) for row in table.activities]
            for table in found.targets
        ],
        [[amount.kurus for amount in table.amounts.values()] for table in found.costs],
        [[(row.code, row.amounts.total) for row in table.rows] for table in found.summaries],
    ]


def kurus_of(found: Document) -> list[int | None]:
    """What the rows of each table add up to that an activity costs."""
    rows = [row.amounts.total for table in found.targets for row in table.activities]
    rows += [row.amounts.total for table in found.summaries for row in table.rows]
    costs = [table.totals[CostTotal.NEED].kurus for table in found.costs]
    return [amount.kurus if amount else None for amount in rows] + costs


# Cost tables of several years: each heading says whose column it is.


def of_years(*headings: str, amount: str = "60.000,00", title: str = TITLE) -> Document:
    """The year's amount is 60.000,00, and nothing in the other columns is."""
    text = cost_table("Yol onarımı").replace("\t2024", "\t" + "\t".join(headings))
    own = next(at for at, heading in enumerate(headings) if re.match("2024(?! Haz)|t.1", heading))
    cells = ["90.000,00"] * len(headings)
    cells[own] = amount
    text = text.replace("\t60.000,00", "\t" + "\t".join(cells)).replace("\t-", "\t-" * len(headings))
    return document(title + target_table(ROAD), text)


@pytest.mark.parametrize(
    "headings",
    [
        ("2024", "2025", "2026"),
        ("2023", "2024"),
        ("t+1", "t+2", "t+3"),
        ("t", "t+1"),
        ("2022 Gerçekleşme", "2023 Tahmin", "2024 Bütçe"),
        ("2024 Yılı Bütçe Teklifi (TL)", "2025 Yılı Tahmini", "2026 Yılı Tahmini"),
        ("2024 Haziran Gerçekleşmesi", "2024 Bütçe"),
    ],
)
def test_the_programme_s_year_is_taken(headings: tuple[str, ...]) -> None:
    found = of_years(*headings)
    assert found.costs[0].amounts[CostRow.GOODS_AND_SERVICES].kurus == 60_000_00
    assert found.costs[0].totals[CostTotal.NEED].kurus == 60_000_00
    assert codes(found.findings) == []


def test_years_that_nothing_tells_apart_are_no_amounts() -> None:
    found = of_years("2024", "2025", title="")
    assert codes(found.findings) == ["KX113"]
    assert {amount.kurus for amount in found.costs[0].amounts.values()} == {None}


def indicators(*headings: str, values: str) -> Document:
    table = target_table(ROAD, indicators=f"PG.1.1.1\tOnarılan yol (km)\t{values}")
    return document(TITLE + table.replace("\t2022\t2023\t2024", "\t" + "\t".join(headings)))


@pytest.mark.parametrize(
    ("headings", "values"),
    [
        (("2022", "2023", "2024", "2025", "2026"), "4\t5\t6\t7\t8"),
        (("2022 Gerçekleşme", "2023 Hedef", "2023 Haziran", "2023 Yıl Sonu Tahmini", "2024 Hedef"), "4\t9\t1\t5\t6"),
        (
            (
                "2021 Gerçekleşme",
                "2022 Hedef",
                "2022 Gerçekleşme",
                "2023 Hedef",
                "2023 Gerçekleşme Tahmini",
                "2024",
                "2025",
            ),
            "3\t9\t4\t9\t5\t6\t7",
        ),
        (("Ölçü Birimi", "2022", "2023", "2024"), "km\t4\t5\t6"),
    ],
)
def test_three_values_of_more(headings: tuple[str, ...], values: str) -> None:
    found = indicators(*headings, values=values)
    row = found.targets[0].indicators[0]
    assert [value.amount for value in row.values if value] == [4, 5, 6]
    assert row.name.value == "Onarılan yol (km)"
    assert codes(found.findings) == []


def test_the_unit_s_column_goes_to_the_name() -> None:
    table = target_table(ROAD, indicators="PG.1.1.1\tOnarılan yol\tkm\t4\t5\t6")
    found = document(table.replace("\t2022", "\tÖlçü Birimi\t2022"))
    assert found.targets[0].indicators[0].name.value == "Onarılan yol (km)"


def test_values_of_one_year_that_nothing_tells_apart_are_refused_once() -> None:
    found = indicators("2022", "2023 A", "2023 B", "2024", values="4\t5\t5\t6")
    assert codes(found.findings) == ["KX113"]
    assert found.targets[0].indicators[0].values == (None, None, None)


@pytest.mark.parametrize("day", ["2024-01-01", "2024-12-31"])
def test_a_date_is_its_year(tmp_path: Path, day: str) -> None:
    import datetime

    book = openpyxl.Workbook()
    for line in cost_table("Yol onarımı").splitlines():
        book.active.append([cell or None for cell in line.split("\t")])
    heading = next(row[2] for row in book.active.iter_rows() if row[2].value == "2024")
    heading.value = datetime.date.fromisoformat(day)
    book.save(tmp_path / "form.xlsx")
    from kars_xl.reading.grid import open_grid

    assert recognise(open_grid(str(tmp_path / "form.xlsx"))).costs[0].year == 2024


# Codes and amounts


@pytest.mark.parametrize("text", ["Ｆ.１.３.３", "F.1.3.3\u200b", "F.1.\u00ad3.3", "F.1.3.3\xa0", "\ufeffF.1.3.3"])
def test_a_code_is_what_is_seen(text: str) -> None:
    assert read_code(text) == ("F", "1.3.3")


def whole(rows: Rows) -> Rows:
    """Amounts as whole lira, 1.234.567."""
    return [[re.sub(r"^(\d{1,3}(?:\.\d{3})+),\d\d$", r"\1", cell) for cell in row] for row in rows]


def test_an_amount_is_no_code() -> None:
    found, wanted = read(whole(PAGE.rows)), read(PAGE.rows)
    assert [row.code for row in found.summaries[0].rows] == [row.code for row in wanted.summaries[0].rows]
    assert found.summaries[0].totals.keys() == wanted.summaries[0].totals.keys()
    assert found.findings == wanted.findings


@pytest.mark.parametrize("tail", ["-TL", ",-TL", ".-TL", ",-", " -TL"])
def test_a_dash_behind_an_amount_is_read_or_refused(tail: str) -> None:
    amounts = document(cost_table("Yol onarımı", f"60.000{tail}")).costs[0].amounts
    assert amounts[CostRow.GOODS_AND_SERVICES].kurus in (None, 60_000_00)


@pytest.mark.parametrize("mark", ["", "1"])
def test_tables_without_codes_have_those_of_the_other_tables(mark: str) -> None:
    rows = [
        [re.sub(r"^(PG|F)\.[\d.]+\.(\d+)$", r"\2" if mark else "", row[0]), *row[1:]] if row else row
        for row in PAGE.rows
    ]
    found = read(rows)
    wanted = read(PAGE.rows)
    assert [table.codes for table in found.targets] == [table.codes for table in wanted.targets]
    assert codes(found.findings) == ["KX219"]


def test_without_a_word_on_its_target_a_table_without_codes_is_refused_once() -> None:
    table = target_table(ROAD, ROAD.replace("1\tYol onarımı", "2\tKöprü"))
    found = document(table.replace("PG.1.1.1", "").replace("F.1.1.1", "").replace("F.1.1.2", ""))
    assert codes(found.findings) == ["KX317"]
    assert found.targets[0].codes == []


def test_one_code_that_is_gone_is_an_error() -> None:
    found = document(target_table(ROAD, "\tKöprü yapımı\t40.000,00"))
    assert codes(found.findings) == ["KX113"]


# Headings


@pytest.mark.parametrize(
    "heading",
    [
        "Faaliyet/Proje Adı",
        "FAALİYET / PROJE ADI",
        "Faaliyet-Proje Adı",
        "Faaliyetin Adı",
        "Faaliyet veya Projenin Adı",
    ],
)
def test_headings_of_the_activity(heading: str) -> None:
    found = document(cost_table("Yol onarımı").replace("Faaliyet Adı", heading))
    assert found.costs[0].heading.text("activity_name") == "Yol onarımı"


def test_an_unknown_heading_is_said_in_its_words() -> None:
    found = document(cost_table("Yol onarımı").replace("Faaliyet Adı", "İşin Konusu"))
    assert codes(found.findings) == ["KX319"]
    assert "İşin Konusu" in found.findings[0].message


# Layouts of text


def bars(rows: Rows) -> str:
    return "\n".join(f"| {' | '.join(row)} |" if len(row) > 1 else "".join(row) for row in rows)


def in_line(rows: Rows, *, right: bool = False, gap: int = 2) -> str:
    """As `pdftotext -layout` has them: columns in line, figures at the right on demand, blocks apart."""
    lines: list[str] = []
    block: Rows = []
    for row in [*rows, []]:
        if len(row) > 1:
            block.append(row)
            continue
        for cells in block:
            widths = [max(len(line[at]) for line in block if at < len(line)) for at in range(max(map(len, block)))]
            texts = [
                cell.rjust(width) if right and re.fullmatch(r"[\d.,%-]+", cell) else cell.ljust(width)
                for cell, width in zip(cells, widths, strict=False)
            ]
            lines.append((" " * gap).join(texts).rstrip())
        block = []
        lines.append("".join(row))
    return "\n".join(lines)


@pytest.mark.parametrize(
    "write", [bars, in_line, lambda rows: in_line(rows, gap=6), lambda rows: in_line(rows, right=True, gap=3)]
)
def test_a_text_s_columns(write: Callable[[Rows], str]) -> None:
    for seed in range(4):
        rows = printed(seed, targets=3).rows
        assert kurus_of(read(rows, write)) == kurus_of(read(rows))


def test_rules_and_escaped_bars_of_a_table() -> None:
    text = "| a | b \\| c |\n|---|:--|\n| 1 |  |\n"
    cells = read_plain("x.md", text.encode()).sheets[0].cells
    assert {at: cell.value for at, cell in cells.items()} == {(1, 1): "a", (1, 2): "b | c", (3, 1): "1"}


def test_pushed_columns_are_said() -> None:
    rows = [["F.1.1.1", "Yol", "1.000,00", "2.000,00"], ["F.1.1.2", "Köprü onarımı", "3.000,00", "4.000,00"]]
    text = "\n".join("  ".join(cell.ljust(8) for cell in row) for row in rows)
    with pytest.raises(UnreadableFile) as told:
        read_plain("x.txt", text.encode())
    assert "hizaları" in told.value.reason


def test_prose_is_no_table() -> None:
    sheet = read_plain("x.txt", "Bir cümle.  İki boşluklu.\nİkinci satır.".encode()).sheets[0]
    assert [cell.value for cell in sheet.cells.values()] == ["Bir cümle.  İki boşluklu.", "İkinci satır."]


# Letters


@pytest.mark.parametrize(
    ("spoilt", "sound"),
    [
        ("BELEDĠYE BAġKANLIĞI", "BELEDİYE BAŞKANLIĞI"),
        ("geliĢtirmek", "geliştirmek"),
        ("Đdare", "İdare"),
        ("BELEDĐYE DOĐRU", "BELEDİYE DOĞRU"),
        ("sađlamak", "sağlamak"),
        ("BELEDÝYE BAÞKANLIÐI", "BELEDİYE BAŞKANLIĞI"),
    ],
)
def test_letters_of_a_pdf(spoilt: str, sound: str) -> None:
    assert mend_letters(spoilt) == sound


@pytest.mark.parametrize(
    "letters", [{"İ": "Ġ", "Ş": "ġ", "ş": "Ģ"}, {"İ": "Đ"}, {"İ": "Ý", "ş": "þ", "Ş": "Þ", "ğ": "ð"}]
)
def test_a_plan_of_spoilt_letters_has_sound_ones(letters: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "p.txt").write_text(tabs(PAGE.rows).translate(str.maketrans(letters)), encoding="utf-8")
    outcome = import_plan(str(tmp_path / "p.txt"), str(tmp_path / "plan.xlsx"))
    assert outcome.written
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx")
    texts = "".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
    assert not set(texts) & set("ĠġĢĐÝþÞð")
    assert ("KX218" in codes(outcome.findings)) == bool({"Ġ", "Đ"} & set(letters.values()))


# Which tables there are


def without(page: Printed, first: str, last: str) -> Rows:
    starts = [at for at, row in enumerate(page.rows) if first in row]
    ends = [at for at, row in enumerate(page.rows) if last in row]
    return page.rows[: min(starts) - 1] + page.rows[max(ends) + 1 :]


def test_a_missing_table_is_an_error_of_an_audit_and_a_warning_of_an_import(tmp_path: Path) -> None:
    rows = without(printed(8, targets=2), "Faaliyet Adı", "Toplam Kaynak İhtiyacı")
    (tmp_path / "p.txt").write_text(tabs(rows), encoding="utf-8")
    outcome = audit([str(tmp_path / "p.txt")])
    assert outcome.tables is not None
    assert outcome.tables["FMT"] == 0
    assert [(item.severity, item.table) for item in outcome.findings if item.code == "KX318"] == [("error", "FMT")]
    taken = import_plan(str(tmp_path / "p.txt"), str(tmp_path / "plan.xlsx"))
    assert [item.severity for item in taken.findings if item.code == "KX318"] == ["warning"]
    assert taken.written


def test_a_whole_programme_lacks_none(tmp_path: Path) -> None:
    assert "KX318" not in codes(audited(tmp_path, printed(8, targets=2)))


@pytest.mark.parametrize(
    "text",
    [
        "Merhaba\n",
        "Hedef 8.3 : Parkları çoğaltmak\n",
        "Amaç 1\tGüzellik\nHedef 1.1\tPark\n",
        "Tablo 1 Araçlar\nAraç\tAdet\nKamyon\t3\nToplam\t3\n",
    ],
)
def test_what_is_no_programme_is_an_error(text: str, tmp_path: Path) -> None:
    path = tmp_path / "p.txt"
    path.write_text(text, encoding="utf-8")
    for outcome in (audit([str(path)]), check([str(path)]), import_plan(str(path), str(tmp_path / "plan.xlsx"))):
        assert outcome.failed
    assert not (tmp_path / "plan.xlsx").exists()
