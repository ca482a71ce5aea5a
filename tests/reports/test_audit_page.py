"""The audit's page: what it says of a programme, where it is written, and that nothing in it can run or load."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape, unescape
from pathlib import Path

import pytest
from msgspec.structs import replace

from kars_xl.base.place import Place
from kars_xl.findings.as_page import as_page
from kars_xl.findings.finding import Finding, finding
from kars_xl.model.programme import Institution, Programme
from kars_xl.reports.audit import Audit, AuditOutcome
from kars_xl.reports.audit.causes import Explanation
from kars_xl.reports.audit.reconcile import Reconciliation, Sum, TotalsLine
from kars_xl.reports.audit.report import agreement, audit_report, covered, numbered, remark, result, verdict
from tests.helpers.audit_reports import SEVERITIES, SIX, Report, in_order
from tests.helpers.cli_runs import run
from tests.helpers.html_pages import EVIL, Page
from tests.helpers.repository import PUBLISHED


def page(done: Audit, findings: Sequence[Finding], files: Sequence[str]) -> str:
    return as_page(audit_report(AuditOutcome(tuple(findings), audit=done, files=tuple(files))))


def cells(row: str) -> list[list[str]]:
    """The texts of a row's cells, one list of pieces for each."""
    inner = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
    return [[unescape(part) for part in re.split("<[^>]*>", cell) if part] for cell in inner]


# What the page says


def test_the_page_opens_with_the_programme_and_the_reconciliation(report: Report) -> None:
    text, answer = report[0].read_text(encoding="utf-8"), report[1]
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


def test_every_finding_stands_on_the_page_once_and_in_order(report: Report) -> None:
    text, answer = report[0].read_text(encoding="utf-8"), report[1]
    findings = in_order(answer)
    rows = re.findall(r'<tr id="n(\d+)" data-group="([^"]*)" data-count="1">(.*?)</tr>', text, re.DOTALL)
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


def test_explanations_lead_to_the_findings_that_they_cover(report: Report) -> None:
    text, answer = report[0].read_text(encoding="utf-8"), report[1]
    findings = in_order(answer)
    items = re.findall("<li>(.*?)</li>", text.split('id="aciklama"')[1].split("</section>")[0], re.DOTALL)
    assert [unescape(item.split("<span")[0]).strip() for item in items] == [
        item["text"] for item in answer["explanations"]
    ]
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
    named = {found.key for _, found in covered(six, published.findings) if found.code == "KX301"}
    assert named == {"F.7.3.1", "F.7.3.2", "F.7.3.3", "F.8.2.1", "F.8.3.1", "F.8.3.3"}
    assert covered(six, published.findings) == [given[number - 1] for number, _ in covered(six, published.findings)]
    assert covered(replace(six, covers=()), published.findings) == []


def test_an_audit_of_the_merged_workbook_says_in_words_that_all_agrees(merged: Path, tmp_path: Path) -> None:
    html = tmp_path / "temiz.html"
    outcome = run("audit", merged, "--html", html)
    assert outcome.exit_code == 0
    text = Page(html.read_text(encoding="utf-8")).text
    assert "✓ Bütün tabloların toplamları birbirini tutuyor." in text
    assert "✗" not in text
    assert "Farkların nedenleri" not in text


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
    html = tmp_path / "formlar.html"
    assert run("audit", *sorted(inputs.glob("*_*.xlsx")), "--html", html).exit_code == 0
    text = Page(html.read_text(encoding="utf-8")).text
    assert "✓ Birden çok tabloda bulunan toplamlar birbirini tutuyor." in text
    assert "Genel yönetim giderleri: yalnız bir tabloda var (Tablo 11), karşılaştırılamadı." in text
    assert "zabita_mudurlugu.xlsx" in text


def test_a_programme_without_name_year_or_figures(published: Audit) -> None:
    nothing = Audit(Programme(Institution(""), 0), (), Reconciliation((), published.totals.reference), ())
    text = page(nothing, [], ["a.xlsx"])
    assert "<h1>Performans Programı</h1>" in text
    assert "Sorun bulunmadı." in text
    assert "<form" not in text
    assert "Karşılaştırılacak ikinci bir tablo yok" in text


def test_several_files_are_told_apart(published: Audit) -> None:
    found = [
        finding("KX302", Place("2023/program.txt", "", 7, 1), key="F.1.1.1"),
        finding("KX001", Place("bozuk.xlsx"), reason="x"),
    ]
    text = Page(page(published, found, ["2023/program.txt", "2024/program.txt"])).text
    assert "Denetlenen dosyalar: 2023 ▸ program.txt, 2024 ▸ program.txt" in text
    assert "2023 ▸ program.txt ▸ satır 7" in text
    assert "bozuk.xlsx" in text


# Where it goes


def test_two_runs_write_the_same_bytes(report: Report, tmp_path: Path) -> None:
    run("audit", PUBLISHED, "--html", tmp_path / "b.html")
    # A page says when it was made.
    made = [re.sub(r"\d\d\.\d\d\.\d{4}", "", page.read_text("utf-8")) for page in (tmp_path / "b.html", report[0])]
    assert made[0] == made[1]


def test_a_target_that_cant_be_written_is_said_and_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "dosya").write_text("x")
    (tmp_path / "klasor.html").mkdir()
    before = sorted(tmp_path.rglob("*"))
    for target, reason in (
        (tmp_path / "dosya" / "rapor.html", "aynı adda bir dosya var|yoldaki bir ad klasör değil"),
        (tmp_path / "klasor.html", "bu bir klasör"),
    ):
        outcome = run("audit", PUBLISHED, "--html", target)
        assert outcome.exit_code == 1
        assert "HATA KX006" in outcome.stdout
        assert re.search(f"Çıktı kaydedilemedi: ({reason})", outcome.stdout), outcome.stdout
        assert "Kaydedildi" not in outcome.stdout
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("name", ["program.txt", "rapor.xlsx"])
def test_a_page_is_written_as_a_page_or_not_at_all(name: str, tmp_path: Path) -> None:
    target = tmp_path / name
    target.write_text("önemli", encoding="utf-8")
    outcome = run("audit", PUBLISHED, "--html", target)
    assert (outcome.exit_code, target.read_text(encoding="utf-8")) == (1, "önemli")
    assert "raporun adı .html ile bitmeli" in outcome.stdout


# That nothing in it can run or load


@pytest.mark.parametrize("evil", [EVIL, "\"'><b>&amp;", "$title ${style}", "a\x00b\ud800c", "=1+1"])
def test_any_text_anywhere_stays_text(published: Audit, evil: str) -> None:
    place = Place("kötü.xlsx", evil, 3, 2)
    found = Finding("KX103", "error", place, evil, evil, table=evil, key=f"F.1{evil}", label=evil, related=(place,))
    explained = Explanation(evil, (found,), (evil,), ("PHT",))
    programme = replace(published.programme, institution=Institution(evil))
    done = replace(published, programme=programme, explanations=(explained,))
    text = page(done, [found], ["kötü.xlsx"])
    text.encode("utf-8")
    harmless = Finding(
        "KX103", "error", Place("a.xlsx", "S", 3, 2), "a", "a", table="a", key="a", label="a", related=(place,)
    )
    same = (replace(explained, text="a", covers=(harmless,)),)
    clean = page(replace(published, explanations=same), [harmless], ["a.xlsx"])
    assert {tag for tag, _ in Page(text).tags} == {tag for tag, _ in Page(clean).tags}
    assert not any(name.startswith("on") for _, attrs in Page(text).tags for name in attrs)
    if evil.isprintable():
        assert Page(text).text.count(evil) >= 7
        assert escape(evil) in text


def test_nothing_is_loaded_and_all_links_lead_somewhere(report: Report) -> None:
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
