"""Each page of the panel for whoever reads it: with a screen reader, on a telephone, on paper, with keys alone."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from kars_xl.findings import blocks
from kars_xl.pipeline import merge
from tests.helpers.form_files import COSTS, FEN, FEN_FILE, TARGET, form
from tests.helpers.panels import Panel, Watched, panel_here, small_year, the_command

AGAIN = "fen_isleri_r1.xlsx"
SPOILT = "3\tMal ve Hizmet Alım Giderleri\t12 milyon"
WIDTHS = (390, 1280)
OVERFLOW = "document.documentElement.scrollWidth - window.innerWidth"
# Page → its heading.
PAGES = {
    "board": "T.C. KARS BELEDİYE BAŞKANLIĞI – 2024 Mali Yılı Performans Programı",
    "unit": FEN,
    "programme": "Program",
    "sheet": "Toplam Kaynak İhtiyacı",
    "trace": "Toplam Kaynak İhtiyacı!C8 nereden geliyor?",
    "wrong address": "Olmayan!A1 nereden geliyor?",
    "form cell": f"{FEN_FILE} ▸ PH 1.1 ▸ C22",
    "changes": "Birleştirmeden sonra ne değişti?",
    "finish": "Bitir",
    "audit": "Başka bir programı denetle",
    "answer": "Formları denetle, hataları kopyalarda işaretle",
    "question": "Formların iletilerini hazırla",
    "fault": "Olmadı",
    "start": "Yeni çalışma klasörü",
    "no programme": "Program",
    "job": "Formları birleştir",
    "busy": "Bir iş sürüyor",
}


def the_year(folder: Path) -> Path:
    """A small town's year after the merge: Fen İşleri has sent its form again, faulty."""
    year, sent = small_year(folder)
    for path in sent:
        shutil.copy(path, year / "inputs")
    merge([str(year)], str(year / "outputs" / "performans_programi_2024.xlsx"))
    form(
        year / "inputs",
        TARGET,
        COSTS.replace("3\tMal ve Hizmet Alım Giderleri\t60.000,00", SPOILT),
        name=AGAIN,
        revision=1,
    )
    return year


@dataclass
class Visit:
    """What one page is to one who cannot see it, at each width, on paper; and what the browser complained of."""

    heading: str = ""
    violations: list[str] = field(default_factory=list)
    overflow: dict[int, int] = field(default_factory=dict)
    printed: str = ""
    log: list[str] = field(default_factory=list)


class Tour:
    """Opens pages of panels that are in one state or another, each page once."""

    def __init__(self, browser: Browser, full: Panel, empty: Panel, stuck: Panel) -> None:
        self.browser, self.full, self.empty, self.stuck = browser, full, empty, stuck
        self.visits: dict[str, Visit] = {}

    def visit(self, name: str) -> Visit:
        if name not in self.visits:
            self.visits[name] = self._visit(name)
        return self.visits[name]

    def _visit(self, name: str) -> Visit:
        found = Visit()
        with self.browser.new_context(viewport={"width": 1280, "height": 800}) as context:
            page = context.new_page()
            watched = Watched(page)
            self.open(page, name)
            found.heading = page.locator("h1").inner_text()
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                found.overflow[width] = page.evaluate(OVERFLOW)
                found.violations += violations(page)
            found.printed = "".join(sheet.extract_text() for sheet in PdfReader(BytesIO(page.pdf())).pages)
            found.log = watched.log
        return found

    def open(self, page: Page, name: str) -> None:
        trace, cell = {"hucre": "Toplam Kaynak İhtiyacı!C8"}, {"yol": f"inputs/{FEN_FILE}", "sayfa": "PH 1.1"}
        full = {
            "board": "/",
            "unit": f"/birim?{urlencode({'ad': FEN})}",
            "programme": "/program",
            "sheet": f"/program?{urlencode({'sayfa': 'Toplam Kaynak İhtiyacı'})}",
            "trace": f"/iz?{urlencode(trace)}",
            "wrong address": f"/iz?{urlencode({'hucre': 'Olmayan!A1'})}",
            "form cell": f"/hucre?{urlencode({**cell, 'hucre': 'C22'})}",
            "changes": "/degisen",
            "finish": "/bitir",
            "audit": "/denetim",
            "answer": "/is",
            "question": "/bitir",
            "fault": "/yok",
        }
        stuck = {"job": "/is", "busy": "/bitir"}
        here = self.full if name in full else self.stuck if name in stuck else self.empty
        page.goto(here.address)
        page.goto(here.base + {**full, **stuck, "start": "/", "no programme": "/program"}[name])
        if name in ("question", "busy"):
            page.evaluate("document.querySelectorAll('[required]').forEach(it => it.removeAttribute('required'))")
            words = "Formların iletilerini hazırla" if name == "question" else "PDF kitapçığı yap"
            page.get_by_role("button", name=words, exact=True).click()
        expect(page.locator("h1")).to_be_visible()


def violations(page: Page) -> list[str]:
    answer: dict[str, Any] = Axe().run(page).response
    return [f"{it['id']}: {node['html']}" for it in answer["violations"] for node in it["nodes"]]


@pytest.fixture(scope="module")
def tour(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Tour]:
    folder = tmp_path_factory.mktemp("sayfalar")
    released = threading.Event()

    def never_ends(argv: object, progress: Callable[[str], None]) -> blocks.Report:
        progress("okunuyor 3/21: zabita_mudurlugu.xlsx")
        released.wait()
        return blocks.Report(command="merge", blocks=[])

    (folder / "boş").mkdir()
    with ExitStack() as stack:
        year, _ = small_year(folder)
        full = stack.enter_context(panel_here(the_year(folder / "tam")))
        empty = stack.enter_context(panel_here(folder / "boş"))
        stuck = stack.enter_context(panel_here(year, never_ends))
        stack.callback(released.set)
        office = full.client()
        office.board()
        office.drop(("davetiye.docx", b"PK\x03\x04"), ("yemek listesi <br>.xlsx", b"yok"))
        office.wait()
        office.press("denetle")
        office.wait()
        stuck.client().board()
        stuck.client().press("birlestir")
        yield Tour(chromium, full, empty, stuck)


@pytest.fixture(params=PAGES)
def name(request: pytest.FixtureRequest) -> str:
    given: str = request.param
    return given


def test_it_is_the_page_that_is_meant(tour: Tour, name: str) -> None:
    assert tour.visit(name).heading == PAGES[name]


def test_axe_finds_nothing(tour: Tour, name: str) -> None:
    assert tour.visit(name).violations == []


def test_no_page_is_wider_than_its_window(tour: Tour, name: str) -> None:
    assert {width: by for width, by in tour.visit(name).overflow.items() if by > 0} == {}


def test_on_paper_it_has_what_it_says_and_no_navigation(tour: Tour, name: str) -> None:
    printed = tour.visit(name).printed
    assert "".join(PAGES[name].split()) in "".join(printed.split())
    for only_on_screen in ("İçeriğe geç", "Başka program denetle", "buraya bırakın"):
        assert only_on_screen not in printed.removeprefix(PAGES[name])


def test_the_browser_has_nothing_to_complain_of(tour: Tour, name: str) -> None:
    # That an address leads nowhere is what these two pages say.
    ends = {"fault": "404", "wrong address": "404", "question": "400", "busy": "409"}
    told = [line for line in tour.visit(name).log if f"status of {ends.get(name)} " not in line]
    assert told == []


# Keys alone


class Keys:
    """A person without a mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, words: str) -> None:
        """Tab until what has the focus says `words`."""
        for _ in range(300):
            self.page.keyboard.press("Tab")
            if words in self.focused():
                return
        raise AssertionError(f"no key leads to {words!r}")

    def focused(self) -> str:
        said: str = self.page.evaluate(
            "(it => it === document.body ? '' : it.type === 'file' ? 'dosya seç' : it.innerText || it.value || '')"
            "(document.activeElement)"
        )
        return said

    def follow(self, words: str) -> None:
        self.reach(words)
        self.page.keyboard.press("Enter")


def test_the_round_is_done_with_keys_alone(tmp_path: Path, chromium: Browser) -> None:
    year, sent = small_year(tmp_path)
    with panel_here(year, the_command) as running, chromium.new_context() as context:
        page = context.new_page()
        keys = Keys(page)
        page.goto(running.address)
        expect(page.locator("#birimler")).to_be_visible()
        keys.reach("dosya seç")
        # The system's own window for files is no part of the page.
        page.locator("*:focus").set_input_files(sent)
        keys.follow("Topla")
        expect(page.locator("main")).to_contain_text("3 form alındı")
        keys.follow("Durum")
        expect(page.locator("#birimler")).to_be_visible()
        keys.follow("Formları birleştir")
        expect(page.locator("main")).to_contain_text("Kaydedildi")
        keys.follow("Program")
        expect(page.locator("h1")).to_have_text("Program")
        keys.follow(",00")
        expect(page.locator("h1")).to_contain_text("nereden geliyor?")
        keys.follow("← Program")
        expect(page.locator("h1")).to_have_text("Program")


def test_the_first_key_leads_past_the_navigation(tmp_path: Path, chromium: Browser) -> None:
    with panel_here(small_year(tmp_path)[0]) as running, chromium.new_context() as context:
        page = context.new_page()
        page.goto(running.address)
        Keys(page).follow("İçeriğe geç")
        assert page.evaluate("document.activeElement.id") == "icerik"


# Pages that stay open


def test_more_pages_than_a_browser_has_connections_are_all_answered(tmp_path: Path, chromium: Browser) -> None:
    with panel_here(small_year(tmp_path)[0]) as running, chromium.new_context() as context:
        pages = [context.new_page() for _ in range(8)]
        for page in pages:
            page.goto(running.address)
            expect(page.locator("#birimler")).to_be_visible()


def test_a_page_follows_the_folder_and_keeps_what_was_typed(tmp_path: Path, chromium: Browser) -> None:
    year, sent = small_year(tmp_path)
    with panel_here(year) as running, chromium.new_context() as context:
        board, finish = context.new_page(), context.new_page()
        board.goto(running.address)
        expect(board.locator("#birimler")).to_be_visible()
        finish.goto(f"{running.base}/bitir")
        finish.locator("[name=yanit]").first.fill("müdür@kars.bel.tr")
        finish.locator("h1").click()
        shutil.copy(sent[0], year / "inputs")
        expect(board.locator("main")).to_contain_text(sent[0].name)
        finish.wait_for_timeout(500)
        assert finish.locator("[name=yanit]").first.input_value() == "müdür@kars.bel.tr"


def test_what_a_button_was_answered_with_stays_while_the_job_goes_on(tour: Tour) -> None:
    with tour.browser.new_context() as context:
        page = context.new_page()
        tour.open(page, "busy")
        page.wait_for_timeout(1000)
        assert page.locator("h1").inner_text() == PAGES["busy"]


def test_a_page_says_that_its_panel_has_ended(tmp_path: Path, chromium: Browser) -> None:
    with chromium.new_context() as context:
        page = context.new_page()
        with panel_here(small_year(tmp_path)[0]) as running:
            page.goto(running.address)
            expect(page.locator("#birimler")).to_be_visible()
        expect(page.get_by_role("status")).to_contain_text("Panel kapanmış")
