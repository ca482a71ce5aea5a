"""The audit's report: a page that a real browser shows, and a workbook whose formulas other engines confirm."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from html import escape, unescape
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from chrome import chrome
from click.testing import CliRunner
from openpyxl.worksheet.worksheet import Worksheet
from oracles import ENGINES, differences, ironcalc, shares, stored_results
from pages import Page
from test_docs import GUIDE, paths

from kars_xl.audit import Audit, audit_documents
from kars_xl.audit.causes import Explanation
from kars_xl.audit.listing import covered, numbered
from kars_xl.audit.page import page
from kars_xl.audit.reconcile import Reconciliation, Sum, TotalsLine
from kars_xl.audit.tree import report_tree
from kars_xl.audit.verdict import agreement, remark, result, verdict
from kars_xl.catalogue import finding
from kars_xl.cli import main
from kars_xl.grid import open_grid
from kars_xl.model import Finding, Institution, Place, Programme
from kars_xl.recognise import recognise
from kars_xl.workbook import render, template_path

TEXT = Path(__file__).parent / "data" / "kars_2024.txt"
TEMPLATE = "denetim_raporu.xlsx"
EVIL = "<script>document.title='kotu'</script>"
SEVERITIES = {"error": "HATA", "warning": "UYARI", "advice": "ÖNERİ"}
SIX = ("F.7.3.1", "F.7.3.2", "F.7.3.3", "F.8.2.1", "F.8.3.1", "F.8.3.3")
HEADS = ("No", "Önem", "Kod", "Tablo", "Konu", "Dosya", "Sayfa", "Hücre", "Ne yanlış", "Nasıl düzeltilir")
NUMBERS = ("Beklenen", "Bulunan", "Fark")


def run(*arguments: str | Path) -> Any:
    return CliRunner().invoke(main, ["audit", *map(str, arguments)])


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, dict[str, Any]]:
    """The published programme's page and workbook, and the same findings as JSON."""
    folder = tmp_path_factory.mktemp("rapor")
    html, book = folder / "denetim.html", folder / "denetim.xlsx"
    answer = json.loads(run(TEXT, "--html", html, "-o", book, "--format", "json").stdout)
    assert answer["written"] == [str(html), str(book)]
    return html, book, answer


@pytest.fixture(scope="module")
def published() -> Audit:
    return audit_documents([recognise(open_grid(str(TEXT)))])


def in_order(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The findings as the report has them: by severity and code, those of one remedy together."""
    found = answer["findings"]
    remedies = {(item["code"], item["fix"]): at for at, item in reversed(list(enumerate(found)))}
    rank = list(SEVERITIES).index
    return sorted(found, key=lambda item: (rank(item["severity"]), item["code"], remedies[item["code"], item["fix"]]))


def cells(row: str) -> list[list[str]]:
    """The texts of a row's cells, one list of pieces for each."""
    inner = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
    return [[unescape(part) for part in re.split("<[^>]*>", cell) if part] for cell in inner]


# What the page says


def test_the_page_opens_with_the_programme_and_the_reconciliation(report: tuple[Path, Path, dict[str, Any]]) -> None:
    text, answer = report[0].read_text(encoding="utf-8"), report[2]
    assert "<h1>T.C. KARS BELEDİYE BAŞKANLIĞI – 2024 Mali Yılı Performans Programı</h1>" in text
    boxes = dict(re.findall("<dt>([^<]*)</dt><dd>([^<]*)</dd>", text))
    counts = [str(answer["summary"][severity]) for severity in SEVERITIES]
    assert [*boxes.values()] == ["1", *counts, "tutmuyor"]
    assert text.index('id="mutabakat"') < text.index('id="aciklama"') < text.index('id="error"')
    table = re.search(r'<table class="cards totals".*?</table>', text, re.DOTALL)
    assert table
    rows = [cells(row) for row in re.findall("<tr.*?</tr>", table[0], re.DOTALL)]
    assert [row[0] for row in rows] == [
        ["Tablo"],
        ["Performans Hedefi"],
        ["Faaliyet Maliyetleri"],
        ["İdare Performans Tablosu"],
        ["Tablo 11"],
        ["Sonuç"],
    ]
    assert [cell[:2] for cell in rows[1][1:]] == [["308.748.000,00", "✗ fark +55.000.000,00"], ["–"], ["–"], ["–"]]
    assert rows[2][1][:2] == ["252.473.000,00", "✗ fark -1.275.000,00"]
    assert [cell[:2] for cell in rows[3][1:]] == [
        ["253.748.000,00", "esas alınan"],
        ["349.601.000,00", "✓ tutuyor"],
        ["0,00", "✓ tutuyor"],
        ["603.349.000,00", "esas alınan"],
    ]
    assert rows[4][1][:2] == ["300.748.000,00", "✗ fark +47.000.000,00"]
    assert rows[4][4][:2] == ["650.349.000,00", "✗ fark +47.000.000,00"]
    assert rows[4][4][2].startswith("satır ")
    assert rows[5] == [["Sonuç"], ["✗ 4 ayrı tutar"], ["✓ hepsi aynı"], ["✓ hepsi aynı"], ["✗ 2 ayrı tutar"]]
    assert "Genel yönetim giderleri: İdare Performans Tablosu, Tablo 11 aynı." in text


def test_every_finding_stands_on_the_page_once_and_in_order(report: tuple[Path, Path, dict[str, Any]]) -> None:
    text, answer = report[0].read_text(encoding="utf-8"), report[2]
    findings = in_order(answer)
    rows = re.findall(r'<tr id="n(\d+)" data-group="([^"]*)">(.*?)</tr>', text, re.DOTALL)
    assert [int(number) for number, *_ in rows] == list(range(1, len(findings) + 1))
    for (number, group, row), item in zip(rows, findings, strict=True):
        place, message = cells(row)
        line = re.sub("[A-Z]", "", item["cell"])
        assert place[0] == (f"satır {line}" if line else "dosyanın tümü")
        assert place[-1].startswith(f"No {number}")
        assert item["key"] in place[-1]
        assert message[0] == item["message"]
        assert unescape(group) == (item["table"] or "-")
    heads = re.findall(r'<h3><span class="severity">(.*?)</span> <span class="code">(.*?)</span>', text)
    kinds = [(SEVERITIES[item["severity"]], item["code"], item["fix"]) for item in findings]
    assert heads == [(severity, code) for severity, code, _ in dict.fromkeys(kinds)]
    remedies = [unescape(fix) for fix in re.findall(r"Nasıl düzeltilir:</strong> (.*?)</p>", text)]
    assert remedies == [fix for *_, fix in dict.fromkeys(kinds)]


def test_explanations_lead_to_the_findings_that_they_cover(report: tuple[Path, Path, dict[str, Any]]) -> None:
    text, answer = report[0].read_text(encoding="utf-8"), report[2]
    findings = in_order(answer)
    items = re.findall(r'<li id="a\d+">(.*?)</li>', text, re.DOTALL)
    assert [unescape(item.split("<span")[0]) for item in items] == [item["text"] for item in answer["explanations"]]
    targets = [[findings[int(number) - 1] for number in re.findall('href="#n(\\d+)"', item)] for item in items]
    assert [(item["code"], item["key"]) for item in targets[0]] == [
        *(("KX301", key) for key in SIX),
        ("KX309", "Faaliyetler toplamı"),
    ]
    assert [item["code"] for item in targets[1]] == ["KX302"] * 8 + ["KX309"]
    # Tablo 11's excess is the difference of the grand totals, too.
    assert [(item["code"], item["key"]) for item in targets[2]] == [
        ("KX308", "3"),
        ("KX309", "Faaliyetler toplamı"),
        ("KX309", "Genel toplam"),
    ]
    assert all(targets)


def test_an_explanation_names_the_numbers_of_its_findings(published: Audit) -> None:
    given = numbered(published.findings)
    six = next(item for item in published.explanations if item.difference == 55_000_000_00)
    named = {item.found.key for item in covered(six, given) if item.found.code == "KX301"}
    assert named == {"F.7.3.1", "F.7.3.2", "F.7.3.3", "F.8.2.1", "F.8.3.1", "F.8.3.3"}
    assert [item.number for item in covered(six, given)] == sorted(item.number for item in covered(six, given))
    assert covered(replace(six, covers=()), given) == []


def test_an_audit_of_the_merged_workbook_says_in_words_that_all_agrees(merged: Path, tmp_path: Path) -> None:
    html, book = tmp_path / "temiz.html", tmp_path / "temiz.xlsx"
    outcome = run(merged, "--html", html, "-o", book)
    assert outcome.exit_code == 0
    text = Page(html.read_text(encoding="utf-8")).text
    assert "✓ Bütün tabloların toplamları birbirini tutuyor." in text
    assert "✗" not in text
    assert "Farkların nedenleri" not in text
    sheet = openpyxl.load_workbook(book, data_only=True)["Mutabakat"]
    texts = [cell.value for row in sheet.iter_rows() for cell in row]
    assert "TAMAM: bütün tabloların toplamları birbirini tutuyor" in texts
    assert "Açıklanacak fark yok" in texts
    assert "FARKLI" not in texts
    assert [cell.value for cell in sheet["J"] if cell.value][1:] == ["AYNI"] * 4


def test_the_words_for_tables_that_agree_in_part_or_stand_alone() -> None:
    def totals(**kurus: int) -> Reconciliation:
        lines = tuple(TotalsLine(table, {"activities": Sum(value)}) for table, value in kurus.items())
        return Reconciliation(lines, {"activities": 100, "general": 0, "transfers": 0, "grand": 0})

    partly = totals(PHT=100, FMT=100, TKT=107)
    assert verdict(partly) == ("differs", "✗ Tablolar birbirini tutmuyor: faaliyetler toplamı farklı.")
    assert agreement(partly, "activities") == (
        "Faaliyetler toplamı: 2 ayrı tutar var; birbirini tutanlar Performans Hedefi = Faaliyet Maliyetleri."
    )
    assert [remark(partly, line, "activities") for line in partly.lines] == [
        ("same", "✓ tutuyor"),
        ("same", "✓ tutuyor"),
        ("differs", "✗ fark +0,07"),
    ]
    alone = totals(PHT=100)
    assert verdict(alone) == ("", "Karşılaştırılacak ikinci bir tablo yok.")
    assert result(alone, "activities") == ("", "yalnız bir tabloda")
    assert remark(alone, alone.lines[0], "activities") == ("", "")
    assert agreement(alone, "grand") == ""


def test_forms_are_reconciled_where_two_tables_say_the_same_thing(inputs: Path, tmp_path: Path) -> None:
    """The finance office's columns stand in its own form only: they are not said to agree with anything."""
    html, path = tmp_path / "formlar.html", tmp_path / "formlar.xlsx"
    assert run(*sorted(inputs.glob("*_*.xlsx")), "--html", html, "-o", path).exit_code == 0
    text = Page(html.read_text(encoding="utf-8")).text
    assert "✓ Birden çok tabloda bulunan toplamlar birbirini tutuyor." in text
    assert "Genel yönetim giderleri: yalnız bir tabloda var (Tablo 11), karşılaştırılamadı." in text
    assert "zabita_mudurlugu.xlsx" in text
    sheet = openpyxl.load_workbook(path, data_only=True)["Mutabakat"]
    assert sheet["B4"].value == "TAMAM: birden çok tabloda bulunan toplamlar birbirini tutuyor"
    assert [sheet[f"J{row}"].value for row in (9, 10, 11)] == ["AYNI", "AYNI", "–"]
    assert [sheet[f"{column}13"].value for column in "BDFH"] == ["AYNI", "TEK TABLO", "TEK TABLO", "–"]
    assert "zabita_mudurlugu.xlsx" in sheet["B6"].value


def test_a_programme_without_name_year_or_figures(published: Audit, tmp_path: Path) -> None:
    nothing = Audit(Programme(Institution(""), 0), (), Reconciliation((), published.totals.reference), ())
    text = page(nothing, [], ["a.xlsx"])
    assert "<h1>Performans Programı</h1>" in text
    assert "Sorun bulunmadı." in text
    assert "<form" not in text
    target = tmp_path / "bos.xlsx"
    assert render(template_path(TEMPLATE), report_tree(nothing, [], ["a.xlsx"]), str(target)) == []
    book = openpyxl.load_workbook(target, data_only=True)
    assert book["Mutabakat"]["A2"].value == "Performans Programı"
    assert book["Bulgular"]["A3"].value == "Hiç hata ve uyarı yok."
    assert book["Öneriler"]["A3"].value == "Hiç öneri yok."
    assert "0 hata, 0 uyarı, 0 öneri" in [cell.value for cell in book["Mutabakat"]["B"]]
    assert "Karşılaştırılacak ikinci bir tablo yok" in [cell.value for cell in book["Mutabakat"]["B"]]


def test_several_files_are_told_apart(published: Audit) -> None:
    found = [
        finding("KX302", Place("2023/program.txt", "", 7, 1), key="F.1.1.1"),
        finding("KX001", Place("bozuk.xlsx"), reason="x"),
    ]
    text = Page(page(published, found, ["2023/program.txt", "2024/program.txt"])).text
    assert "Denetlenen dosyalar: 2023 ▸ program.txt, 2024 ▸ program.txt" in text
    assert "2023 ▸ program.txt ▸ satır 7" in text
    assert "bozuk.xlsx" in text


# That nothing in it can run or load


@pytest.mark.parametrize("evil", [EVIL, "\"'><b>&amp;", "$title ${style}", "a\x00b\ud800c", "=1+1"])
def test_any_text_anywhere_stays_text(published: Audit, evil: str) -> None:
    place = Place("kötü.xlsx", evil, 3, 2)
    found = Finding("KX103", "error", place, evil, evil, evil, f"F.1{evil}", evil, related=(place,))
    explained = Explanation(evil, (found,), (evil,), ("PHT",))
    programme = replace(published.programme, institution=Institution(evil))
    done = replace(published, programme=programme, explanations=(explained,))
    text = page(done, [found], ["kötü.xlsx"])
    text.encode("utf-8")
    harmless = Finding("KX103", "error", Place("a.xlsx", "S", 3, 2), "a", "a", "a", "a", "a", related=(place,))
    same = (replace(explained, text="a", covers=(harmless,)),)
    clean = page(replace(published, explanations=same), [harmless], ["a.xlsx"])
    assert {tag for tag, _ in Page(text).tags} == {tag for tag, _ in Page(clean).tags}
    assert not any(name.startswith("on") for _, attrs in Page(text).tags for name in attrs)
    if evil.isprintable():
        assert Page(text).text.count(evil) >= 7
        assert escape(evil) in text


def test_nothing_is_loaded_and_all_links_lead_somewhere(report: tuple[Path, Path, dict[str, Any]]) -> None:
    text = report[0].read_text(encoding="utf-8")
    read = Page(text)
    assert not {"link", "img", "iframe", "object", "embed"} & {tag for tag, _ in read.tags}
    assert "http:" not in text
    assert "https:" not in text
    policy = next(attrs["content"] for attrs in read.all("meta") if attrs.get("http-equiv"))
    assert policy
    assert policy.startswith("default-src 'none'; ")
    ids = [attrs["id"] for _, attrs in read.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert {str(attrs["href"])[1:] for attrs in read.all("a")} <= set(ids)
    assert {attrs["aria-labelledby"] for _, attrs in read.tags if "aria-labelledby" in attrs} <= set(ids)
    assert all(attrs.get("scope") in ("col", "row") for attrs in read.all("th"))
    # Without a script all is shown: only the form, which is of no use then, is not.
    assert [tag for tag, attrs in read.tags if "hidden" in attrs] == ["form"]


# In a real browser

_STATE = """(() => ({
    shown: document.getElementById("gosterilen").textContent,
    groups: Array.from(document.querySelectorAll("section.group")).filter(s => s.offsetParent).map(s => s.id),
    rows: Array.from(document.querySelectorAll(".kind tbody tr")).filter(r => r.offsetParent).map(r => r.id),
    what: Array.from(document.querySelectorAll(".what")).filter(w => w.offsetParent).map(w => w.textContent),
    active: document.activeElement.name || document.activeElement.getAttribute("href") || "",
}))()"""


def test_the_keyboard_chooses_and_follows_links(report: tuple[Path, Path, dict[str, Any]], tmp_path: Path) -> None:
    html, _, answer = report
    findings = in_order(answer)
    counts, total = answer["summary"], len(findings)
    with chrome(html, tmp_path / "profil") as browser:
        whole = browser.run(_STATE)
        assert whole["shown"] == f"{total} bulgunun tümü gösteriliyor."
        assert whole["groups"] == ["error", "warning", "advice"]
        stops = []
        while "onem" not in stops[-1:]:
            browser.press("Tab")
            stops.append(browser.run(_STATE)["active"])
            assert len(stops) < 100
        links = [attrs["href"] for attrs in Page(html.read_text(encoding="utf-8")).all("a")]
        assert stops == [*links, "tablo", "onem"]
        browser.press(" ")  # errors are hidden
        state = browser.run(_STATE)
        assert state["groups"] == ["warning", "advice"]
        assert state["shown"] == f"{total} bulgudan {total - counts['error']} tanesi gösteriliyor."
        browser.run(f"document.querySelector('a[href=\"{links[0]}\"]').focus()")
        browser.press("Enter")
        # The finding is shown again, and the browser has gone there.
        assert browser.run(_STATE)["rows"] == whole["rows"]
        assert browser.run("document.querySelector(':target').id") == links[0].removeprefix("#")
        where = browser.run("document.querySelector(':target').getBoundingClientRect().top")
        assert -1 < where < browser.run("innerHeight")
        assert browser.log == []


def test_the_choice_of_a_table_hides_rows_and_counts_them(
    report: tuple[Path, Path, dict[str, Any]], tmp_path: Path
) -> None:
    html, _, answer = report
    findings = in_order(answer)
    with chrome(html, tmp_path / "profil") as browser:
        options = browser.run("Array.from(document.querySelector('select').options).map(o => [o.value, o.text])")
        assert options[0] == ["", "Tümü"]
        assert ["İPT", "İdare Performans Tablosu"] in options
        assert {value for value, _ in options[1:]} == {item["table"] or "-" for item in findings}
        for table, _ in options[1:]:
            browser.run(
                f"""(() => {{ const s = document.querySelector("select"); s.value = {json.dumps(table)};
                s.dispatchEvent(new Event("change", {{bubbles: true}})); }})()"""
            )
            wanted = [item for item in findings if (item["table"] or "-") == table]
            state = browser.run(_STATE)
            assert state["rows"] == [f"n{findings.index(item) + 1}" for item in wanted]
            assert state["groups"] == list(dict.fromkeys(item["severity"] for item in wanted))
            assert state["shown"] == f"{len(findings)} bulgudan {len(wanted)} tanesi gösteriliyor."
            if table == "SHB":
                of_wording = [item for item in findings if item["code"] == "KX207"]
                of_list = [item for item in of_wording if item["table"] == "SHB"]
                assert f"({len(of_wording)} yerden {len(of_list)})" in state["what"]
        assert browser.log == []


def test_no_width_needs_scrolling_sideways_and_no_column_is_crushed(published: Audit, tmp_path: Path) -> None:
    long = "a" * 300
    place = Place(f"{long[:200]}.xlsx", "b" * 31, 1048576, 16384)
    sums = {measure: Sum(21_000_000_000_000 + at, place) for at, measure in enumerate(published.totals.reference)}
    lines = tuple(TotalsLine(table, sums, "satırlar") for table in ("PHT", "FMT", "İPT", "TKT"))
    extra = Finding("KX103", "error", place, long, long, "FMT", f"F.1{long}", related=(place,))
    wide = replace(
        published,
        totals=Reconciliation(lines, dict.fromkeys(sums, 0)),
        explanations=(Explanation(long, (extra,), (long,), ("PHT",)),),
        programme=replace(published.programme, institution=Institution(long)),
    )
    for name, text in (("gercek", page(published, published.findings, [str(TEXT)])), ("uzun", page(wide, [extra], []))):
        html = tmp_path / f"{name}.html"
        html.write_text(text, encoding="utf-8")
        with chrome(html, tmp_path / f"profil_{name}") as browser:
            for width in (320, 360, 640, 700, 768, 960, 961, 1280):
                browser.screen(width)
                sizes = browser.run("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
                assert sizes[0] <= sizes[1], (name, width)
                first = browser.run("document.querySelector('.totals tbody th').clientWidth")
                assert first >= 90, (name, width)
            assert browser.log == []


def test_it_is_printed_whole_on_a4(report: tuple[Path, Path, dict[str, Any]], tmp_path: Path) -> None:
    with chrome(report[0], tmp_path / "profil") as browser:
        printed = browser.pdf(tmp_path / "denetim.pdf").read_bytes()
        boxes = set(re.findall(rb"/MediaBox\s*\[([^\]]*)\]", printed))
        sizes = {tuple(round(float(size)) for size in box.split()) for box in boxes}
        assert sizes == {(0, 0, 595, 842)}
        browser.call("Emulation.setEmulatedMedia", media="print")
        browser.screen(680)  # the width of an A4 page between its margins
        assert browser.run("getComputedStyle(document.getElementById('suz')).display") == "none"
        assert browser.run("getComputedStyle(document.querySelector('.totals thead')).display") == "table-header-group"
        assert browser.run("document.querySelector('.totals tbody th').clientWidth") >= 60
        assert browser.run("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


# The workbook


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
        TEXT.name,
        None,
        f"satır {line}" if line else None,
        item["message"],
        item["fix"],
    ]


def test_every_finding_is_in_the_workbook_once_and_in_order(report: tuple[Path, Path, dict[str, Any]]) -> None:
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


def test_the_workbook_opens_with_the_reconciliation(report: tuple[Path, Path, dict[str, Any]]) -> None:
    _, path, answer = report
    shown, typed = (openpyxl.load_workbook(path, data_only=only)["Mutabakat"] for only in (True, False))
    assert shown["A2"].value == "T.C. KARS BELEDİYE BAŞKANLIĞI – 2024 Mali Yılı Performans Programı"
    assert shown["B4"].value == "HATA: 2 toplam tablolar arasında farklı"
    counts = answer["summary"]
    assert shown["B5"].value == f"{counts['error']} hata, {counts['warning']} uyarı, {counts['advice']} öneri"
    assert shown["B6"].value == TEXT.name
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
def test_another_engine_computes_what_is_stored(
    report: tuple[Path, Path, dict[str, Any]], tmp_path: Path, engine: str
) -> None:
    path = report[1]
    (computed,) = ENGINES[engine]([path], tmp_path)
    stored = stored_results(path)
    assert len(stored) > 30
    # An empty text and no value are one thing to some readers.
    for values in (stored, computed):
        values.update({cell: "" for cell, value in values.items() if value is None})
    assert differences(stored, computed, shares(path)) == []


def test_the_reconciliation_lives(report: tuple[Path, Path, dict[str, Any]], tmp_path: Path) -> None:
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
    report: tuple[Path, Path, dict[str, Any]],
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
    text = TEXT.read_text(encoding="utf-8")
    assert text.count(name) > 2
    source = tmp_path / "program.txt"
    source.write_text(text.replace(name, '=HYPERLINK("http://kotu")'), encoding="utf-8")
    target = tmp_path / "rapor.xlsx"
    assert run(source, "-o", target, "--html", tmp_path / "rapor.html").exit_code == 1
    for sheet in openpyxl.load_workbook(target):
        formulas = [cell.value for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
        assert not any("HYPERLINK" in formula for formula in formulas)
    assert "=HYPERLINK(&quot;http://kotu&quot;)" in (tmp_path / "rapor.html").read_text(encoding="utf-8")


# Where it goes


def test_two_runs_write_the_same_bytes(report: tuple[Path, Path, dict[str, Any]], tmp_path: Path) -> None:
    html, book, _ = report
    run(TEXT, "--html", tmp_path / "b.html", "-o", tmp_path / "b.xlsx")
    assert (tmp_path / "b.html").read_bytes() == html.read_bytes()
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
        outcome = run(TEXT, option, target)
        assert outcome.exit_code == 1
        assert "HATA KX006" in outcome.stdout
        assert re.search(f"Çıktı yazılamadı: ({reason})", outcome.stdout), outcome.stdout
        assert "Yazıldı" not in outcome.stdout
    assert sorted(tmp_path.rglob("*")) == before
    assert locked.read_bytes() == b"eski"


@pytest.mark.parametrize("name", ["program.txt", "rapor.xlsx", "rapor"])
def test_a_page_is_written_as_a_page_or_not_at_all(name: str, tmp_path: Path) -> None:
    target = tmp_path / name
    target.write_text("önemli", encoding="utf-8")
    outcome = run(TEXT, "--html", target)
    assert (outcome.exit_code, target.read_text(encoding="utf-8")) == (1, "önemli")
    assert "raporun adı .html ile bitmeli" in outcome.stdout


# What the guide says


def test_the_guide_names_all_that_the_template_can_hold(published: Audit) -> None:
    tree = report_tree(published, published.findings, [str(TEXT)])
    section = GUIDE.read_text(encoding="utf-8").split("## Denetim raporunun şablonu")[1].split("\n## ")[0]
    path = re.compile(r"`([a-z_]+(?:\.[a-z_0-9]+)?)`")
    table, lists = section.split("|---|---|")[1].split("Denetim raporunun listeleri: ")
    assert set(path.findall(table)) == set(paths(tree))
    assert set(path.findall(lists)) == set(tree.lists)
