"""The documentation as its readers use it: pages up to date, links and pictures there, commands that work."""

from __future__ import annotations

import importlib
import re
import shlex
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import click
import openpyxl
import pytest
from openpyxl.workbook import Workbook
from pypdf import PdfReader

from kars_xl.base.money import exact
from kars_xl.cli import main
from kars_xl.template.formula.formula import ALLOWED_FUNCTIONS
from tests.helpers.chrome import chrome
from tests.helpers.repository import REPOSITORY

DOCS = REPOSITORY / "docs"
PAGES = [REPOSITORY / "README.md", *sorted(DOCS.glob("*.md"))]
STALE = "run: python tools/make_docs.py"
LARGEST_PICTURE = 250_000  # bytes

_FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.M | re.S)
_LINK = re.compile(r"(!?)\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.M)


def tool(name: str) -> ModuleType:
    if str(REPOSITORY / "tools") not in sys.path:
        sys.path.append(str(REPOSITORY / "tools"))
    return importlib.import_module(name)


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


# Generated pages


def test_the_commands_page_is_what_the_commands_say() -> None:
    assert text_of(DOCS / "komutlar.md") == tool("docs_commands").commands_page(), STALE


def test_the_guides_output_is_what_its_commands_say(tmp_path: Path) -> None:
    told = text_of(DOCS / "kilavuz.md")
    assert told.count("```text\n> kars-xl") > 12
    assert tool("docs_guide").guide(told, tmp_path) == told, STALE


def test_the_clerks_page_is_up_to_date_and_prints_on_one_sheet(tmp_path: Path) -> None:
    made = tool("docs_sheet")
    assert text_of(made.SHEET) == made.sheet(), STALE
    with chrome(made.SHEET, tmp_path / "profile") as page:
        (sheet,) = PdfReader(page.pdf(tmp_path / "birim.pdf")).pages
        assert page.log == []
    assert [round(float(side)) for side in sheet.mediabox.upper_right] == [595, 842]
    assert "Revizyon No" in sheet.extract_text()


# Links and pictures


def anchor(heading: str) -> str:
    """As GitHub names it: "1. Çalışma klasörünü kurmak" → "1-çalışma-klasörünü-kurmak"."""
    plain = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


def links(page: Path) -> Iterator[tuple[bool, str]]:
    for mark, target in _LINK.findall(_FENCE.sub("", text_of(page))):
        if not re.match(r"[a-z]+:", target):
            yield bool(mark), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    for _, target in links(page):
        path, _, place = target.partition("#")
        file = page.parent / path if path else page
        assert file.is_file(), target
        if place:
            assert place in map(anchor, _HEADING.findall(_FENCE.sub("", text_of(file)))), target


def test_every_page_is_in_the_index_and_every_picture_is_used_and_small() -> None:
    listed = {target for _, target in links(DOCS / "README.md")}
    assert {page.name for page in DOCS.glob("*.md")} - {"README.md"} <= listed
    shown = {(page.parent / target).resolve() for page in PAGES for picture, target in links(page) if picture}
    shown |= {(REPOSITORY / target).resolve() for _, target in links(REPOSITORY / "README.md")}
    pictures = list((DOCS / "pictures").iterdir())
    assert {picture.resolve() for picture in pictures} <= shown
    assert all(picture.stat().st_size < LARGEST_PICTURE for picture in pictures)


# Commands


def commands(text: str) -> Iterator[tuple[str, bool]]:
    """What stands in a page to be typed, and whether it is whole; what is left out is "…"."""
    for _, block in _FENCE.findall(text):
        for line in block.splitlines():
            if found := re.match(r'(?:> |\$ |\s*)(?:\S*[\\/])?(kars-xl(?:\.exe")? [^"\n].*|kars-xl)$', line):
                yield found[1].replace('.exe"', ""), True
    for span in re.findall(r"`(?:… |\S*/)?(kars-xl(?: [^`]+)?)`", _FENCE.sub("", text)):
        yield span, False


def understood(line: str, whole: bool) -> None:
    """Takes a line as the command line does; raises click's own error where it would refuse it."""
    words = [word for word in shlex.split(line)[1:] if word != "…"]
    command: click.Command = main
    context = click.Context(main, info_name="kars-xl")
    while isinstance(command, click.Group) and words and not words[0].startswith("-") and words[0] != "KOMUT":
        name = words.pop(0)
        found = command.get_command(context, name)
        assert found is not None, f"{line}: there is no command {name}"
        command, context = found, click.Context(found, context, info_name=name)
    if whole and "…" not in line and not isinstance(command, click.Group):
        command.make_context(command.name, words, parent=context.parent, resilient_parsing="--help" in words)
        return
    known = {option for parameter in command.get_params(context) for option in (*parameter.opts, "--version")}
    assert {word for word in words if word.startswith("--")} <= known, line


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_is_one(page: Path) -> None:
    for line, whole in commands(text_of(page)):
        if not line.startswith("kars-xl["):
            understood(line, whole)


def test_a_wrong_command_would_be_found() -> None:
    with pytest.raises(AssertionError):
        understood("kars-xl mreg inputs", True)
    with pytest.raises(click.UsageError):
        understood("kars-xl merge inputs --olmayan -o a.xlsx", True)
    with pytest.raises(AssertionError):
        understood("kars-xl merge --olmayan", False)
    assert list(commands("```text\n> kars-xl merge inputs\n```\n`kars-xl`")) == [
        ("kars-xl merge inputs", True),
        ("kars-xl", False),
    ]


# The template's guide


def test_the_allowed_functions_are_listed() -> None:
    line = text_of(DOCS / "sablon.md").split("İzinli işlevler: ")[1].split(".\n")[0]
    assert set(re.findall(r"`([A-Z]+)`", line)) == ALLOWED_FUNCTIONS


def test_the_worked_change_of_the_template_gives_what_is_said(tmp_path: Path) -> None:
    output = tmp_path / "program.xlsx"
    example = tool("docs_template")
    example.merged_with_example(output)
    sheet = openpyxl.load_workbook(output)[example.SHEET]
    shown = openpyxl.load_workbook(output, data_only=True)[example.SHEET]
    assert shown["A1"].value == "FAALİYETLER, SORUMLU BİRİMLER VE TUTARLAR (2024)"
    assert sheet["E94"].value == "=SUM(E6:E93)"
    assert exact(shown["E94"].value) == 253_748_000  # the published sum of all activities
    assert shown["C94"].value == "Toplam"
    assert [cell.value for (cell,) in shown["B6:B8"]] == ["F.1.1.1", "F.1.1.2", "F.1.1.3"]
    assert [cell.value for (cell,) in shown["E6:E8"]] == [60_000, 150_000, 75_000]  # their cost tables
    assert sheet.print_area.endswith("$A$1:$E$94")


# What the questions page says of hidden things


def hidden_in(book: Workbook) -> list[str]:
    found = [sheet.title for sheet in book if sheet.sheet_state != "visible"]
    for sheet in book:
        dimensions = (*sheet.column_dimensions.values(), *sheet.row_dimensions.values())
        found += [f"{sheet.title} {dimension.index}" for dimension in dimensions if dimension.hidden]
        found += [f"{sheet.title} {name}" for name in sheet.defined_names]
    return [*found, *book.defined_names]


def outside_links_and_macros(path: Path) -> list[str]:
    return [
        name for name in zipfile.ZipFile(path).namelist() if re.search("vba|externalLink|activeX|connections", name)
    ]


@pytest.mark.parametrize("name", ["zabita_mudurlugu.xlsx", "tablo_11_mali_hizmetler.xlsx", "plan.xlsx"])
def test_forms_and_plan_hide_nothing(inputs: Path, name: str) -> None:
    book = openpyxl.load_workbook(inputs / name)
    assert hidden_in(book) == []
    assert outside_links_and_macros(inputs / name) == []
    assert not book.properties.creator
    assert not any(sheet.protection.password for sheet in book)


def test_the_workbook_hides_only_its_record(merged: Path) -> None:
    book = openpyxl.load_workbook(merged)
    assert hidden_in(book) == ["_kars_xl"]
    assert book["_kars_xl"].sheet_state == "veryHidden"
    assert outside_links_and_macros(merged) == []
    assert not book.properties.creator
