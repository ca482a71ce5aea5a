"""The audit's workbook: its lists, its formulas confirmed by other engines, and where both reports go."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from msgspec.structs import replace
from openpyxl.worksheet.worksheet import Worksheet

from kars_xl.base.place import Place
from kars_xl.findings.finding import finding
from kars_xl.model.programme import Institution
from kars_xl.reports.audit import Audit, report_tree
from kars_xl.reports.audit.causes import Explanation
from kars_xl.workbook.render import render, template_path
from tests.helpers.audit_reports import SEVERITIES, SIX, TEMPLATE, Report, in_order
from tests.helpers.cli_runs import run
from tests.helpers.oracles import ENGINES, differences, ironcalc, shares, stored_results
from tests.helpers.placeholders import GUIDE, paths
from tests.helpers.repository import PUBLISHED

HEADS = ("No", "Önem", "Kod", "Tablo", "Konu", "Dosya", "Sayfa", "Hücre", "Ne yanlış", "Nasıl düzeltilir")
NUMBERS = ("Beklenen", "Bulunan", "Fark")


def rows_of(sheet: Worksheet) -> list[dict[str, Any]]:
    heads = [cell.value for cell in sheet[4]]
    return [dict(zip(heads, row, strict=True)) for row in sheet.iter_rows(min_row=5, values_only=True)]


def expected_row(number: int, item: Mapping[str, Any]) -> list[Any]:
    names = {"PHT": "Performans Hedefi Tablosu", "FMT": "Faaliyet Maliyetleri", "İPT": "İdare Performans Tablosu"}
    names |= {"TKT": "Tablo 11", "SHB": "Sorumlu Harcama Birimleri"}
    line = re.sub("[A-Z]", "", item["cell"])
    return [
        number,
        SEVERITIES[item["severity"]],
        item["code"],
        names.get(item["table"], item["table"]) or None,
        item["key"] or item["label"] or None,
        PUBLISHED.name,
        None,
        f"satır {line}" if line else None,
        item["message"],
        item["fix"],
    ]


def test_every_finding_is_in_the_workbook_once_and_in_order(report: Report) -> None:
    _, path, answer = report
    book = openpyxl.load_workbook(path, data_only=True)
    assert book.sheetnames == ["Mutabakat", "Bulgular", "Öneriler"]
    wanted = list(enumerate(in_order(answer), start=1))
    for sheet, advice in (("Bulgular", False), ("Öneriler", True)):
        rows = rows_of(book[sheet])
        own = [(number, item) for number, item in wanted if (item["severity"] == "advice") is advice]
        assert own
        assert [[row[head] for head in HEADS] for row in rows] == [expected_row(*given) for given in own]
        for row, (_, item) in zip(rows, own, strict=True):
            values = {name: text for name, text in item["values"].items() if re.fullmatch(r"-?[\d.]+", text)}
            figures = {name: Decimal(text) for name, text in values.items()}
            given, found = figures.get("expected"), figures.get("found")
            difference = found - given if given is not None and found is not None else None
            shown = [row[head] for head in NUMBERS]
            assert all(isinstance(value, int | float | None) for value in shown)
            assert [None if value is None else Decimal(str(value)) for value in shown] == [given, found, difference]
    six = [row for row in rows_of(book["Bulgular"]) if row["Kod"] == "KX301"]
    assert [row["Konu"] for row in six] == [*SIX]
    assert sum(row["Fark"] for row in six) == 55_000_000


def test_the_workbook_opens_with_the_reconciliation(report: Report) -> None:
    _, path, answer = report
    shown, typed = (openpyxl.load_workbook(path, data_only=only)["Mutabakat"] for only in (True, False))
    assert shown["A2"].value == "T.C. KARS BELEDİYE BAŞKANLIĞI – 2024 Mali Yılı Performans Programı"
    assert shown["B4"].value == "HATA: 2 toplam tablolar arasında farklı"
    counts = answer["summary"]
    assert shown["B5"].value == f"{counts['error']} hata, {counts['warning']} uyarı, {counts['advice']} öneri"
    assert shown["B6"].value == PUBLISHED.name
    rows = {row[0]: row[1:10] for row in shown.iter_rows(min_row=9, max_row=14, values_only=True)}
    assert rows == {
        "Performans Hedefi": (308_748_000, 55_000_000, "–", None, "–", None, "–", None, "FARKLI"),
        "Faaliyet Maliyetleri": (252_473_000, -1_275_000, "–", None, "–", None, "–", None, "FARKLI"),
        "İdare Performans Tablosu": (253_748_000, 0, 349_601_000, 0, 0, 0, 603_349_000, 0, "AYNI"),
        "Tablo 11": (300_748_000, 47_000_000, 349_601_000, 0, 0, 0, 650_349_000, 47_000_000, "FARKLI"),
        "Esas alınan": (253_748_000, None, 349_601_000, None, 0, None, 603_349_000, None, None),
        "Sonuç": ("FARKLI", None, "AYNI", None, "AYNI", None, "FARKLI", None, None),
    }
    for row in range(9, 13):
        assert all(str(typed[f"{column}{row}"].value).startswith("=") for column in "CEGIJ")
    assert all(str(typed[f"{column}14"].value).startswith("=") for column in "BDFH")
    first = next(row for row in shown.iter_rows(min_row=15, values_only=True) if row[0] == 1)
    total = next(at for at, item in enumerate(in_order(answer), 1) if item["key"] == "Faaliyetler toplamı")
    numbers = f"KX301: 1–6; KX309: {total}"
    assert (first[1], first[8], first[9]) == (answer["explanations"][0]["text"], 55_000_000, numbers)


@pytest.mark.parametrize("engine", ["LibreOffice", "IronCalc"])
def test_another_engine_computes_what_is_stored(report: Report, tmp_path: Path, engine: str) -> None:
    path = report[1]
    (computed,) = ENGINES[engine]([path], tmp_path)
    stored = stored_results(path)
    assert len(stored) > 30
    # An empty text and no value are one thing to some readers.
    for values in (stored, computed):
        values.update({cell: "" for cell, value in values.items() if value is None})
    assert differences(stored, computed, shares(path)) == []


def test_the_reconciliation_lives(report: Report, tmp_path: Path) -> None:
    """Figures that are put right in Excel make the tables agree there."""
    book = openpyxl.load_workbook(report[1])
    sheet = book["Mutabakat"]
    for cell, value in (("B9", 253_748_000), ("B10", 253_748_000), ("B12", 253_748_000), ("H12", 603_349_000)):
        sheet[cell] = value
    mended = tmp_path / "duzeltilmis.xlsx"
    book.save(mended)
    (values,) = ironcalc([mended], tmp_path)
    assert values["Mutabakat", "B4"] == "TAMAM: bütün tabloların toplamları birbirini tutuyor"
    assert [values["Mutabakat", f"J{row}"] for row in range(9, 13)] == ["AYNI"] * 4
    assert values["Mutabakat", "C9"] == 0


def test_the_lists_can_be_filtered_and_are_printed_as_official_workbooks_are(
    report: Report,
) -> None:
    book = openpyxl.load_workbook(report[1])
    for sheet in book:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        # One page wide is what a file says by saying nothing.
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.oddFooter.right.text == "Sayfa &P / &N"
        assert "2024 Mali Yılı" in sheet.oddHeader.left.text
        last = f"{'K' if sheet.title == 'Mutabakat' else 'M'}${sheet.max_row}"
        assert sheet.print_area.endswith(f"!$A$1:${last}")
    for name in ("Bulgular", "Öneriler"):
        sheet = book[name]
        assert sheet.auto_filter.ref == f"A4:M{sheet.max_row}"
        assert sheet.print_title_rows == "$4:$4"
        assert sheet.freeze_panes == "D5"
        assert sheet.merged_cells.ranges == set()


def test_text_that_looks_like_a_formula_stays_text(published: Audit, tmp_path: Path) -> None:
    evil = ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "'=1"]
    found = [finding("KX302", Place(text, text, 1, 1), table=text, key=text, label=text) for text in evil]
    found += [replace(item, severity="advice", message=item.key, fix=item.key) for item in found]
    done = replace(
        published,
        programme=replace(published.programme, institution=Institution("=1+1")),
        explanations=tuple(Explanation(text, tuple(found), (text,), ("PHT",)) for text in evil),
    )
    target = tmp_path / "formul.xlsx"
    assert render(template_path(TEMPLATE), report_tree(done, found, [evil[0]]), str(target)) == []
    book = openpyxl.load_workbook(target)
    for sheet in ("Bulgular", "Öneriler"):
        cells = list(book[sheet].iter_rows(min_row=5))
        assert {cell.data_type for row in cells for cell in row[1:10]} == {"s"}
        assert [row[4].value for row in cells] == evil
    texts = [row[1] for row in book["Mutabakat"].iter_rows(min_row=15) if row[1].value in evil]
    assert [cell.value for cell in texts] == evil
    assert {cell.data_type for cell in texts} == {"s"}


def test_an_activity_that_is_called_a_formula_is_audited_as_text(tmp_path: Path) -> None:
    name = "Kapalı ve modern halk pazarının yapılması."
    text = PUBLISHED.read_text(encoding="utf-8")
    assert text.count(name) > 2
    source = tmp_path / "program.txt"
    source.write_text(text.replace(name, '=HYPERLINK("http://kotu")'), encoding="utf-8")
    target = tmp_path / "rapor.xlsx"
    assert run("audit", source, "-o", target, "--html", tmp_path / "rapor.html").exit_code == 1
    for sheet in openpyxl.load_workbook(target):
        formulas = [cell.value for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
        assert not any("HYPERLINK" in formula for formula in formulas)
    assert "=HYPERLINK(&quot;http://kotu&quot;)" in (tmp_path / "rapor.html").read_text(encoding="utf-8")


# Where it goes


def test_two_runs_write_the_same_bytes(report: Report, tmp_path: Path) -> None:
    html, book, _ = report
    run("audit", PUBLISHED, "--html", tmp_path / "b.html", "-o", tmp_path / "b.xlsx")
    # A page says when it was made.
    made = [re.sub(r"\d\d\.\d\d\.\d{4} \d\d:\d\d", "", page.read_text()) for page in (tmp_path / "b.html", html)]
    assert made[0] == made[1]
    assert (tmp_path / "b.xlsx").read_bytes() == book.read_bytes()


def test_a_target_that_cant_be_written_is_said_and_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "dosya").write_text("x")
    (tmp_path / "klasor.xlsx").mkdir()
    (tmp_path / "klasor.html").mkdir()
    locked = tmp_path / "kilitli.xlsx"
    locked.write_bytes(b"eski")
    os.chmod(locked, 0o444)
    before = sorted(tmp_path.rglob("*"))
    for option, target, reason in (
        ("-o", tmp_path / "dosya" / "rapor.xlsx", "aynı adda bir dosya var|yoldaki bir ad klasör değil"),
        ("--html", tmp_path / "dosya" / "rapor.html", "aynı adda bir dosya var|yoldaki bir ad klasör değil"),
        ("-o", tmp_path / "klasor.xlsx", "bu bir klasör"),
        ("--html", tmp_path / "klasor.html", "bu bir klasör"),
        ("-o", locked, "erişim izni yok"),
    ):
        outcome = run("audit", PUBLISHED, option, target)
        assert outcome.exit_code == 1
        assert "HATA KX006" in outcome.stdout
        assert re.search(f"Çıktı kaydedilemedi: ({reason})", outcome.stdout), outcome.stdout
        assert "Kaydedildi" not in outcome.stdout
    assert sorted(tmp_path.rglob("*")) == before
    assert locked.read_bytes() == b"eski"


@pytest.mark.parametrize("name", ["program.txt", "rapor.xlsx"])
def test_a_page_is_written_as_a_page_or_not_at_all(name: str, tmp_path: Path) -> None:
    target = tmp_path / name
    target.write_text("önemli", encoding="utf-8")
    outcome = run("audit", PUBLISHED, "--html", target)
    assert (outcome.exit_code, target.read_text(encoding="utf-8")) == (1, "önemli")
    assert "raporun adı .html ile bitmeli" in outcome.stdout


# What the guide says


def test_the_guide_names_all_that_the_template_can_hold(published: Audit) -> None:
    tree = report_tree(published, published.findings, [str(PUBLISHED)])
    section = GUIDE.read_text(encoding="utf-8").split("## Denetim raporunun şablonu")[1].split("\n## ")[0]
    path = re.compile(r"`([a-z_]+(?:\.[a-z_0-9]+)?)`")
    table, lists = section.split("|---|---|")[1].split("Denetim raporunun listeleri: ")
    assert set(path.findall(table)) == set(paths(tree))
    assert set(path.findall(lists)) == set(tree.lists)
