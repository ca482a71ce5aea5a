"""The page of findings: what it says, that nothing in it can run or load, and how a real browser shows it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from html import escape, unescape
from pathlib import Path
from typing import Any

import pytest

from kars_xl.base.place import Place
from kars_xl.findings.as_page import as_page
from kars_xl.findings.finding import Finding, Merged, finding
from kars_xl.model.cost_rows import CostRow
from kars_xl.model.programme import Costs, Institution, Programme
from kars_xl.model.sources import Contribution
from kars_xl.model.units import Unit
from kars_xl.reading.grid import open_grid
from kars_xl.reading.recognise import recognise
from kars_xl.reading.tables import Document, Text
from kars_xl.reports.answer import Outcome, answer
from kars_xl.reports.units import UnitOverview, overview
from tests.helpers.cli_runs import run
from tests.helpers.form_files import FEN_FILE, FINANCE_FILE, ITFAIYE_FILE, real_forms
from tests.helpers.html_pages import EVIL, Page, in_frames
from tests.helpers.repository import REPOSITORY
from tests.helpers.workbook_edits import type_over


def page(units: Sequence[UnitOverview], merged: Merged | None) -> str:
    return as_page(answer("check", Outcome((), merged, units=tuple(units))))


def error(file: str, cell_row: int = 3, found: str = "abc") -> Finding:
    return finding(
        "KX103", Place(file, "PH 1.1", cell_row, 2), table="FMT", key="F.1.1.1", found=found, why="rakam yok"
    )


def merged(*parts: Contribution) -> Merged:
    programme = Programme(
        Institution("T.C. KARS BELEDİYE BAŞKANLIĞI"), 2024, administration=Costs.of({CostRow(1): 100})
    )
    return Merged(programme, parts)


def form(file: str, unit: str) -> Document:
    return Document(file, "", identity={"unit": Text(unit, Place(file))})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A form with a script for an amount, one that is clean, the finance form, and a plan that wants more."""
    target = real_forms(tmp_path, FEN_FILE, ITFAIYE_FILE, FINANCE_FILE, "plan.xlsx")
    amounts = recognise(open_grid(str(target / FEN_FILE))).costs[0].amounts
    type_over(
        target / FEN_FILE,
        (amounts[CostRow(3)].place, EVIL),
        (amounts[CostRow(1)].place, -5),
        (amounts[CostRow(2)].place, "1.500,00 TL"),
    )
    return target


@pytest.fixture
def written(folder: Path, tmp_path: Path) -> tuple[str, dict[str, Any]]:
    """The page as written by the command, and the same findings as JSON."""
    arguments = ["check", str(folder), "--html", str(tmp_path / "rapor.html"), "--format", "json"]
    answer = json.loads(run(*arguments).stdout)
    return (tmp_path / "rapor.html").read_text(encoding="utf-8"), answer


# What it says


def test_every_finding_stands_on_the_page_with_code_place_and_remedy(written: tuple[str, dict[str, Any]]) -> None:
    text, answer = written
    read = Page(text)
    # That a unit's form has not come is said in its row.
    told = [item for item in answer["findings"] if item["code"] != "KX203"]
    for item in told:
        assert item["message"] in read.text
        assert item["fix"] in read.text
        assert item["code"] in read.text
        place = " ▸ ".join(part for part in (Path(item["file"]).name, item["sheet"], item["cell"]) if part)
        assert place in read.text
    rows = [attrs for tag, attrs in read.tags if tag == "td" and "role" not in attrs]
    # What says the same of several cells is one row with all of them.
    assert len(rows) == 2 * len({(item["message"], str(item["related"]), Path(item["file"]).name) for item in told})
    assert sum(answer["summary"].values()) == len(answer["findings"])


def test_title_headings_and_counts(written: tuple[str, dict[str, Any]]) -> None:
    text, answer = written
    title = re.search("<title>(.*)</title>", text)
    assert title
    assert title[1] == "T.C. KARS BELEDİYE BAŞKANLIĞI – 2024 Mali Yılı Performans Programı – form denetimi"
    counts = dict(re.findall("<dt>([^<]*)</dt><dd>([^<]*)</dd>", text))
    assert counts["Gelen form"] == "3/21"
    missing = sum(item["code"] == "KX203" for item in answer["findings"])
    assert missing == 18
    assert counts["HATA"] == str(answer["summary"]["error"] - missing)
    assert counts["UYARI"] == str(answer["summary"]["warning"])
    assert counts["ÖNERİ"] == str(answer["summary"]["advice"])
    assert len(re.findall("<h1>", text)) == 1


def test_the_overview_has_every_unit_and_its_figures_add_up(written: tuple[str, dict[str, Any]]) -> None:
    text, answer = written
    table = re.search(r'<table class="cards units".*?</table>', text, re.DOTALL)
    assert table
    rows = [re.sub("<[^>]+>", "|", row) for row in re.findall("<tr.*?</tr>", table[0], re.DOTALL)]
    cells = [[unescape(part) for part in row.split("|") if part.strip()] for row in rows]
    assert cells[0] == ["Birim", "Form", "Hata", "Uyarı", "Öneri", "Tutar (TL)"]
    names = [row[0] for row in cells[1:]]
    # Sent by two units and the finance office; the plan knows eighteen more.
    assert len(names) == 3 + 18 + 1  # and the totals
    assert names[:2] == ["Bilgi İşlem Müdürlüğü", "Destek Hizmetleri Müdürlüğü"]
    missing = next(row for row in cells if row[0] == "Zabıta Müdürlüğü")
    assert missing == ["Zabıta Müdürlüğü", "form gelmedi", "0", "0", "0", "0", "-"]
    totals = cells[-1]
    # One of the three has errors: its money is not in the total, which says so.
    assert totals[:2] == ["Toplam (1 form hariç)", "3"]
    assert totals[3:5] == [str(answer["summary"][severity]) for severity in ("warning", "advice")]
    column = [row[-5:] for row in cells[1:-1]]
    for index in range(4):
        assert sum(int(row[index]) for row in column) == int(totals[index - 5])


def test_units_are_grouped_and_amounts_told_to_their_forms() -> None:
    documents = [
        form("a/form.xlsx", "Fen İşleri Müdürlüğü"),
        form("b/form.xlsx", "FEN İŞLERİ MÜDÜRLÜĞÜ"),
        form("c.xlsx", ""),
    ]
    parts = [
        Contribution(activity="F.1.1.1", costs=Costs.of({CostRow(3): 700}), place=Place(file, "PH", 3, 2))
        for file in ("a/form.xlsx", "b/form.xlsx", "c.xlsx")
    ]
    found = [
        error("c.xlsx"),
        error("b/form.xlsx"),
        finding("KX008", Place("")),
        finding("KX001", Place("d.xlsx"), reason="x"),
    ]
    sound = overview(documents, [], merged(*parts), None)
    assert [(unit.name, unit.kurus) for unit in sound] == [("Fen İşleri Müdürlüğü", 1400), ("c.xlsx", 700)]
    units = overview(documents, found, merged(*parts), None)
    # With an error among its findings a unit has no sum: it would be a wrong figure that looks right.
    assert [(unit.name, len(unit.forms), len(unit.findings), unit.kurus) for unit in units] == [
        ("Fen İşleri Müdürlüğü", 2, 1, None),
        ("c.xlsx", 1, 1, None),
        ("", 0, 1, None),
        ("d.xlsx", 0, 1, None),
    ]
    text = Page(page(units, merged(*parts))).text
    assert "a ▸ form.xlsx, b ▸ form.xlsx" in text
    assert "b ▸ form.xlsx ▸ PH 1.1 ▸ B3" in text
    assert "Bir dosyaya bağlı olmayan bulgular" in text


def test_kinds_stand_worst_first_and_places_of_one_kind_together() -> None:
    found = [
        finding("KX106", Place("f.xlsx", "S", 1, 1), found="1", read="1"),
        error("f.xlsx", 3),
        finding("KX105", Place("f.xlsx", "S", 2, 1), found="-1"),
        error("f.xlsx", 4),
    ]
    text = page([UnitOverview(unit=Unit("Fen İşleri Müdürlüğü"), forms=["f.xlsx"], findings=found)], None)
    heads = [re.sub("<[^>]+>", "", head) for head in re.findall("<h3>(.*?)</h3>", text)]
    assert heads == ["HATA KX103 (2 yerde)", "HATA KX105", "UYARI KX106"]


def test_nothing_wrong_and_nothing_read() -> None:
    text = page([UnitOverview(unit=Unit("Fen İşleri Müdürlüğü"), forms=["f.xlsx"], kurus=5)], merged())
    assert "Sorun bulunmadı." in text
    assert "<form" not in text
    assert "Denetlenen dosyalar" in page([], None)


# That nothing in it can run or load


def test_text_from_a_form_stays_text(written: tuple[str, dict[str, Any]]) -> None:
    text, _ = written
    assert escape(EVIL) in text
    assert EVIL not in text
    assert len(Page(text).all("script")) == 1


@pytest.mark.parametrize(
    "evil", ["<img src=x onerror=alert(1)>", "\"'><b>&amp;", "$title ${style}", "a\x00b\x0b\ud800c"]
)
def test_any_text_anywhere_stays_text(evil: str) -> None:
    place = Place(f"{evil}/f.xlsx".replace("\x00", "").replace("\ud800", ""), evil, 3, 2)
    found = Finding("KX103", "error", place, evil, evil, table="FMT", key=f"F.1{evil}", related=(place,))
    programme = Programme(Institution(evil), 2024)
    units = [
        UnitOverview(unit=Unit(evil), forms=[place.file], findings=[found]),
        UnitOverview(file=place.file, findings=[found]),
    ]
    clean, text = (
        page([UnitOverview(unit=Unit("a"), forms=["f.xlsx"], findings=[error("f.xlsx")])], None),
        page(units, Merged(programme)),
    )
    text.encode("utf-8")
    assert {tag for tag, _ in Page(text).tags} == {tag for tag, _ in Page(clean).tags}
    assert not any(name.startswith("on") for _, attrs in Page(text).tags for name in attrs)
    if evil.isprintable():
        assert Page(text).text.count(evil) >= 5


def test_nothing_is_loaded_from_anywhere(written: tuple[str, dict[str, Any]]) -> None:
    text, _ = written
    read = Page(text)
    assert not {"link", "img", "iframe", "object", "embed"} & {tag for tag, _ in read.tags}
    assert all(not attrs.get("src") for _, attrs in read.tags)
    assert all(str(attrs["href"]).startswith("#b") for attrs in read.all("a"))
    assert "url(" not in text
    assert "@import" not in text
    assert "http:" not in text
    assert "https:" not in text
    policy = next(attrs["content"] for attrs in read.all("meta") if attrs.get("http-equiv"))
    assert policy
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy


def test_the_page_can_be_read_by_everyone(written: tuple[str, dict[str, Any]]) -> None:
    text, _ = written
    read = Page(text)
    assert read.all("html") == [{"lang": "tr"}]
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in read.all("meta")
    assert all(attrs.get("scope") in ("col", "row") for attrs in read.all("th"))
    ids = [attrs["id"] for _, attrs in read.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    targets = [str(attrs["href"])[1:] for attrs in read.all("a")]
    assert targets
    assert set(targets) <= set(ids)
    labels = [attrs["aria-labelledby"] for _, attrs in read.tags if "aria-labelledby" in attrs]
    assert set(labels) <= set(ids)
    assert "@media print" in text


def test_colours_have_contrast_enough() -> None:
    css = (REPOSITORY / "kars_xl" / "findings" / "page" / "page.css").read_text(encoding="utf-8")
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", css))

    def luminance(colour: str) -> float:
        parts = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for ink in ("ink", "soft", "link", "error", "warning", "advice"):
        for ground in ("paper", "wash", *([f"{ink}-wash"] if f"{ink}-wash" in colours else [])):
            light, dark = sorted((luminance(colours[ink]), luminance(colours[ground])), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (ink, ground)


# Where it goes


def test_a_page_is_written_as_a_page_or_not_at_all(folder: Path, tmp_path: Path) -> None:
    before = (folder / FEN_FILE).read_bytes()
    for target in (folder / FEN_FILE, tmp_path / "rapor.txt", tmp_path):
        result = run("check", folder, "--html", target)
        assert result.exit_code == 1
        assert "KX006" in result.output
    assert (folder / FEN_FILE).read_bytes() == before
    (tmp_path / "dosya").write_text("x")
    result = run("check", folder, "--html", tmp_path / "dosya" / "rapor.html")
    assert (result.exit_code, "KX006" in result.output) == (1, True)
    result = run("check", folder, "--html", tmp_path / "yeni" / "rapor.HTM")
    assert f"Rapor kaydedildi: {tmp_path / 'yeni' / 'rapor.HTM'}" in result.stdout


# In a real browser


_STATE = """{
    title: doc.title,
    shown: doc.getElementById("gosterilen").textContent,
    kinds: Array.from(doc.querySelectorAll(".kind")).filter(k => k.offsetParent).map(k => k.dataset.severity),
    units: Array.from(doc.querySelectorAll("section.group")).filter(u => u.offsetParent).map(u => u.id),
}"""


def test_the_filters_choose_and_no_script_of_a_form_runs(written: tuple[str, dict[str, Any]], tmp_path: Path) -> None:
    text, answer = written
    total = sum(item["code"] != "KX203" for item in answer["findings"])
    wrong = sum(item["code"] != "KX203" for item in answer["findings"] if item["severity"] == "error")
    (states,) = in_frames(
        [(text, 1000)],
        tmp_path,
        f"""(() => {{
            const form = doc.getElementById("suz");
            const changed = () => {{ form.dispatchEvent(new Event("change")); return {_STATE}; }};
            const whole = {_STATE};
            form.querySelectorAll("input").forEach(box => {{ box.checked = box.value === "error"; }});
            const errors = changed();
            form.reset();
            form.elements.birim.selectedIndex = 1;
            const one = changed();
            // Another unit's line in the overview, which the choice hides.
            const other = form.elements.birim.options[2].value;
            const hidden = doc.getElementById(other).hidden;
            doc.querySelector(`a[href="#${{other}}"]`).click();
            return {{whole, errors, one, hidden, revealed: !doc.getElementById(other).hidden}};
        }})()""",
    )
    assert states["whole"]["title"].endswith("form denetimi")
    assert states["whole"]["shown"] == f"{total} bulgunun tümü gösteriliyor."
    assert {"error", "warning"} <= set(states["whole"]["kinds"])
    assert len(states["whole"]["units"]) > 2
    assert set(states["errors"]["kinds"]) == {"error"}
    assert states["errors"]["shown"] == f"{total} bulgudan {wrong} tanesi gösteriliyor."
    assert len(states["one"]["units"]) == 1
    assert (states["hidden"], states["revealed"]) == (True, True)


def test_without_javascript_everything_is_shown(written: tuple[str, dict[str, Any]], tmp_path: Path) -> None:
    text, answer = written
    assert [tag for tag, attrs in Page(text).tags if "hidden" in attrs] == ["form"]
    shown = """[
        doc.getElementById("suz").hidden,
        Array.from(doc.querySelectorAll(".kind tbody tr")).filter(row => row.offsetParent).length,
        doc.getElementById("gosterilen").textContent,
    ]"""
    total = sum(item["code"] != "KX203" for item in answer["findings"])
    assert in_frames([(text, 1000)], tmp_path, shown, scripts=False) == [[True, total, ""]]


def test_no_width_needs_scrolling_sideways(written: tuple[str, dict[str, Any]], tmp_path: Path) -> None:
    text, _ = written
    long = "a" * 300
    place = Place(f"{long[:200]}.xlsx", long[:31], 1048576, 16384)
    extra = Finding("KX103", "error", place, long, long, table="FMT", key=f"F.1{long}", related=(place,))
    units = [
        UnitOverview(unit=Unit(long), forms=[place.file], findings=[extra], kurus=10**16),
        UnitOverview(file=place.file, findings=[extra]),
    ]
    wide = page(units, Merged(Programme(Institution(long), 2024, units=(Unit(long),))))
    pages = [(content, width) for content in (text, wide) for width in (320, 360, 768, 1280)]
    sizes = in_frames(pages, tmp_path, "[doc.documentElement.scrollWidth, doc.documentElement.clientWidth]")
    assert len(sizes) == 8
    assert [size for size in sizes if size[0] > size[1]] == []
