"""The audit's page in a real browser: by keyboard, filtered, on narrow screens and on paper."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from kars_xl.base.place import Place
from kars_xl.findings.as_page import as_page
from kars_xl.findings.finding import Finding
from kars_xl.model.programme import Institution
from kars_xl.reports.audit import Audit, AuditOutcome
from kars_xl.reports.audit.causes import Explanation
from kars_xl.reports.audit.reconcile import Reconciliation, Sum, TotalsLine
from kars_xl.reports.audit.report import audit_report
from tests.helpers.audit_reports import Report, in_order
from tests.helpers.chrome import chrome
from tests.helpers.html_pages import Page
from tests.helpers.repository import PUBLISHED

_STATE = """(() => ({
    shown: document.getElementById("gosterilen").textContent,
    groups: Array.from(document.querySelectorAll("section.group")).filter(s => s.offsetParent).map(s => s.id),
    rows: Array.from(document.querySelectorAll(".kind tbody tr")).filter(r => r.offsetParent).map(r => r.id),
    what: Array.from(document.querySelectorAll(".what")).filter(w => w.offsetParent).map(w => w.textContent),
    active: document.activeElement.name || document.activeElement.getAttribute("href") || "",
}))()"""


def page(done: Audit, findings: Sequence[Finding], files: Sequence[str]) -> str:
    return as_page(audit_report(AuditOutcome(tuple(findings), audit=done, files=tuple(files))))


def test_the_keyboard_chooses_and_follows_links(report: Report, tmp_path: Path) -> None:
    html, answer = report
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


def test_the_choice_of_a_table_hides_rows_and_counts_them(report: Report, tmp_path: Path) -> None:
    html, answer = report
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
    extra = Finding("KX103", "error", place, long, long, table="FMT", key=f"F.1{long}", related=(place,))
    wide = replace(
        published,
        totals=Reconciliation(lines, dict.fromkeys(sums, 0)),
        explanations=(Explanation(long, (extra,), (long,), ("PHT",)),),
        programme=replace(published.programme, institution=Institution(long)),
    )
    for name, text in (
        ("gercek", page(published, published.findings, [str(PUBLISHED)])),
        ("uzun", page(wide, [extra], [])),
    ):
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


def test_it_is_printed_whole_on_a4(report: Report, tmp_path: Path) -> None:
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
