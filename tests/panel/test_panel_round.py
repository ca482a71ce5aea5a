"""The round of 2024 through the page alone, from the plan to the workbook and down again to a form's cell."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from kars_xl.base.place import Place
from tests.helpers.form_files import FEN, FEN_FILE, ITFAIYE_FILE, ZABITA, ZABITA_FILE
from tests.helpers.panels import (
    FEN_CELL,
    FEN_SHEET,
    Watched,
    corrected,
    environment,
    panel,
    spoilt,
    year_with_the_plan,
)
from tests.helpers.repository import INPUTS, PUBLISHED

RESOURCES = "Toplam Kaynak İhtiyacı"
SPOILT = "12 milyon"
PATIENCE = 90_000


@dataclass
class Round:
    """What the officer saw, from the first page to the last, each as the text of the page."""

    folder: Path
    seen: dict[str, str] = field(default_factory=dict)
    marked: list[str] = field(default_factory=list)
    downloaded: Path = Path()
    ends: list[str] = field(default_factory=list)
    meant: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)


def what_is_sent(folder: Path) -> list[Path]:
    """The forms of 2024, two of them faulty and one twice, and a list of meals."""
    folder.mkdir()
    forms = [path for path in INPUTS.glob("*.xlsx") if path.name != "plan.xlsx"]
    sent = [Path(shutil.copy(path, folder)) for path in forms if path.name not in (FEN_FILE, ZABITA_FILE)]
    sent.append(spoilt(INPUTS / FEN_FILE, folder / FEN_FILE, Place("", FEN_SHEET, 35, 3), SPOILT))
    sent.append(spoilt(INPUTS / ZABITA_FILE, folder / ZABITA_FILE, cost_cell(INPUTS / ZABITA_FILE), "abc"))
    sent.append(Path(shutil.copy(INPUTS / ITFAIYE_FILE, folder / "itfaiye (1).xlsx")))
    meals = openpyxl.Workbook()
    meals.active["A1"] = "Mercimek çorbası"
    meals.save(folder / "yemek listesi.xlsx")
    return [*sent, folder / "yemek listesi.xlsx"]


def cost_cell(form: Path) -> Place:
    """The first amount of a form's first activity."""
    book = openpyxl.load_workbook(form)
    sheet = next(sheet for sheet in book if sheet.title.startswith("PH"))
    row = next(row for row in range(1, 200) if sheet.cell(row, 2).value == "Personel Giderleri")
    return Place("", sheet.title, row, 3)


def dragged(page: Page, form: Path) -> None:
    """A file dropped onto the field, as from the desktop."""
    transfer = page.evaluate_handle(
        """([name, bytes]) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([new Uint8Array(bytes)], name));
            return transfer;
        }""",
        [form.name, list(form.read_bytes())],
    )
    page.dispatch_event("[data-drop]", "drop", {"dataTransfer": transfer})


def text_of(page: Page) -> str:
    return page.locator("main").inner_text()


def job_done(page: Page) -> str:
    """The page of the job once it has its answer."""
    expect(page).to_have_url(re.compile("/is$"))
    expect(page.locator("main")).to_contain_text("Durum sayfasına dön", timeout=PATIENCE)
    return text_of(page)


def board(page: Page) -> str:
    page.get_by_role("link", name="Durum", exact=True).click()
    expect(page.locator("#birimler")).to_be_visible(timeout=PATIENCE)
    return text_of(page)


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Round]:
    """The round, played once."""
    folder = tmp_path_factory.mktemp("tur")
    made = Round(year_with_the_plan(folder / "2024"))
    sent = what_is_sent(folder / "gelen")
    with panel(made.folder, folder / "state") as running, chromium.new_context() as context:
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        watched = Watched(page)
        page.goto(running.address)
        made.seen["empty"] = board(page)
        play(page, made, sent)
        made.log = watched.log
        yield made


def play(page: Page, made: Round, sent: list[Path]) -> None:
    seen = made.seen
    page.locator("input[type=file]").set_input_files(sent)
    page.get_by_role("button", name="Topla").click()
    seen["collected"], seen["board"] = job_done(page), board(page)
    page.get_by_role("link", name=FEN).click()
    seen["unit"] = text_of(page)
    made.marked = page.locator(".meant").all_inner_texts()

    page.get_by_role("link", name="← Durum").click()
    cells = {FEN_FILE: {FEN_CELL: 12_000_000}, ZABITA_FILE: {}}
    for name, typed in cells.items():
        dragged(page, corrected(INPUTS / name, sent[0].parent / f"düzeltilmiş {name}", 1, typed))
        seen[f"again {name}"] = job_done(page)
        seen["mended"] = board(page)
    page.get_by_role("button", name="ilgilenildi").click()
    seen["dealt with"] = board(page)

    page.get_by_role("button", name="Formları birleştir").click()
    seen["merged"] = job_done(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="dosyasını indir").click()
    made.downloaded = made.folder.parent / "indirilen.xlsx"
    download.value.save_as(made.downloaded)

    page.get_by_role("link", name="Program", exact=True).click()
    seen["programme"] = text_of(page)
    page.locator("select").select_option(RESOURCES)
    page.get_by_role("button", name="Göster").click()
    row = page.locator(".sheet tr").filter(has_text="Mal ve Hizmet Alım Giderleri").first
    row.get_by_role("link").first.click()
    seen["trace"] = text_of(page)
    made.ends = page.locator("#formlarda ~ table a").all_inner_texts()
    page.get_by_role("link", name="fen_isleri").click()
    seen["cell"] = text_of(page)
    made.meant = page.locator(".meant").all_inner_texts()

    page.get_by_role("link", name="Başka program denetle").click()
    for name, file in (("own", made.downloaded), ("published", PUBLISHED)):
        page.goto(page.url.partition("/is")[0].removesuffix("/denetim") + "/denetim")
        page.locator("input[type=file]").set_input_files(file)
        page.get_by_role("button", name="Denetle").click()
        seen[f"audit of the {name}"] = job_done(page)


def test_at_first_nobody_has_sent(year: Round) -> None:
    assert year.seen["empty"].count("GELMEDİ") == 21
    assert "Alınmayanlar" not in year.seen["empty"]


def test_what_is_dropped_is_collected(year: Round) -> None:
    assert "21 form alındı, 1 zaten vardı, 1 alınmadı" in year.seen["collected"]
    assert "21/21" in year.seen["board"]


def test_what_is_no_form_stays_visible_with_its_reason(year: Round) -> None:
    for page in ("board", "mended"):
        assert re.search(r"Alınmayanlar\s+yemek listesi\.xlsx: \w+", year.seen[page]), page


def test_what_was_dealt_with_is_gone(year: Round) -> None:
    assert "Alınmayanlar" not in year.seen["dealt with"]
    assert not [line for line in year.seen["dealt with"].splitlines() if "yemek" in line]


def test_a_unit_s_page_marks_the_faulty_cell_among_the_rows_around_it(year: Round) -> None:
    assert SPOILT in year.marked
    assert "Personel Giderleri" in year.seen["unit"]
    assert f"{FEN_SHEET} ▸ {FEN_CELL}" in year.seen["unit"]
    assert "Nasıl düzeltilir" in year.seen["unit"]


def test_the_next_step_follows_the_round(year: Round) -> None:
    assert "Gelen formlarda hata var" in year.seen["board"]
    assert "Beklenen her şey geldi, hata yok" in year.seen["mended"]


@pytest.mark.parametrize(("name", "unit"), [(FEN_FILE, FEN), (ZABITA_FILE, ZABITA)])
def test_the_corrected_form_takes_the_faulty_one_s_place(year: Round, name: str, unit: str) -> None:
    assert f"{unit}, revizyon 1" in year.seen[f"again {name}"]


def test_the_downloaded_workbook_is_the_command_s_to_the_byte(year: Round, tmp_path: Path) -> None:
    target = tmp_path / "komut.xlsx"
    command = [sys.executable, "-m", "kars_xl", "merge", str(year.folder), "-o", str(target)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment(tmp_path))
    assert done.returncode == 0, done.stderr
    assert year.downloaded.read_bytes() == target.read_bytes()


def test_the_merge_is_told_with_its_sum(year: Round) -> None:
    # 12 million more than the programme that was published.
    assert "genel toplam 615.349.000,00 TL" in year.seen["merged"]


@pytest.mark.parametrize("chart", ["Amaçlara göre", "Birimlere göre", "Ekonomik kodlara göre (Tablo 11)"])
def test_the_programme_is_charted(year: Round, chart: str) -> None:
    assert chart in year.seen["programme"]


def test_code_3_of_table_11_leads_to_the_cell_of_fen_isleri(year: Round) -> None:
    assert "Mal ve Hizmet Alım Giderleri" in year.seen["trace"]
    assert any(f"{FEN_SHEET} ▸ {FEN_CELL}" in end for end in year.ends)
    assert year.meant == ["12.000.000,00"]
    assert f"{FEN_SHEET} ▸ {FEN_CELL}" in year.seen["cell"]


def test_the_ends_of_a_figure_add_up_to_it(year: Round) -> None:
    whole = re.search(r"faaliyet toplamı: ([\d.]+,\d\d) TL", year.seen["trace"])
    assert whole
    ends = re.findall(r"([\d.]+,\d\d) TL$", year.seen["trace"], re.MULTILINE)
    assert sum(map(kurus, ends)) == kurus(whole[1])


def kurus(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def test_the_own_workbook_and_the_published_text_are_audited(year: Round) -> None:
    own, published = (year.seen[f"audit of the {name}"] for name in ("own", "published"))
    assert "Bütün tabloların toplamları birbirini tutuyor" in own
    for page in (own, published):
        assert "Mutabakat" in page
    assert "✗ Tablolar birbirini tutmuyor" in published


def test_nothing_went_wrong_in_the_browser(year: Round) -> None:
    assert year.log == []
