"""One unit in many spellings: every command gives the answer that the plan's own spelling gets."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from kars_xl.base.file_names import FINANCE_FORM, file_stem, form_files
from kars_xl.base.text import tidy
from kars_xl.cli import main
from kars_xl.merging.consolidate import consolidate
from kars_xl.model.programme import Programme
from kars_xl.model.units import Unit, Units
from kars_xl.pipeline import make_forms
from kars_xl.reading.files import read_file
from kars_xl.workbook.nodes.programme import programme_tree
from kars_xl.workbook.render import PLAN_TEMPLATE, render, template_path
from tests.helpers.form_files import FEN, ZABITA, finance, form, read
from tests.helpers.form_tables import cost_table, target_table
from tests.helpers.html_pages import Page

IMAR, IMAR_FILE = "İmar ve Şehircilik Müdürlüğü", "imar_ve_sehircilik_mudurlugu.xlsx"
SPELLINGS = [
    "İMAR VE ŞEHİRCİLİK MÜDÜRLÜĞÜ",
    "imar ve şehircilik müdürlüğü",
    "IMAR VE SEHIRCILIK MÜDÜRLÜGÜ",
    "İmar ve Şehircilik Müd.",
    "İmar ve Şehircilik Md",
    "İmar\u00a0ve  Şehircilik\u2009Müd . lüğü",
    "Şehircilik ve İmar Müdürlüğü",
    "Şehircilik & İmar Md.",
    "İmar-ve-Şehircilik, Müdürlüğü.",
    "I\u0307mar ve S\u0327ehircilik Mu\u0308du\u0308rlu\u0308g\u0306u\u0308",
]
# Units that nobody may take for İmar, and others that are no two spellings of one.
OTHERS = [
    "İmar ve Şehircilik",
    "İmar Müdürlüğü",
    "İmar ve Şehircilik Daire Başkanlığı",
    "İmar ve Şehircilik Şefliği",
    "İmar ve Çevre Müdürlüğü",
    "İmar Şehircilik Müdürlüğü",
    "测量",
    "测绘",
]
PLAN_DAY = ("--deadline", "20.11.2030")
ACTIVITIES = {
    "F.1.1.1": ("Yol yapımı", IMAR, 60),
    "F.1.1.2": ("Plan yapımı", IMAR, 40),
    "F.1.1.3": ("Denetim", ZABITA, 5),
}
# What in an answer differs from one spelling to the next for good reason: the files' own bytes and folders.
_SHA = re.compile("[0-9a-f]{64}")
_OF_THE_FILE = {"sha256", "digest", "file", "path", "at", "folder", "inputs", "written"}


def tables_of(unit: str, *, worded: str = "") -> list[str]:
    """A unit's target table and cost tables; its first activity called otherwise where `worded` says so."""
    own = [(code, name, amount) for code, (name, whose, amount) in ACTIVITIES.items() if whose == unit]
    named = [
        (code, worded if worded and at == 0 else name, f"{amount},00") for at, (code, name, amount) in enumerate(own)
    ]
    target = target_table(*("\t".join(row) for row in named))
    return [target, *(cost_table(name, amount, unit=unit) for _, name, amount in named)]


@cache
def programme() -> Programme:
    import tempfile

    with tempfile.TemporaryDirectory() as scratch:
        forms = [
            form(Path(scratch), *tables_of(unit), name=f"{at}.xlsx", unit=unit)
            for at, unit in enumerate((IMAR, ZABITA))
        ]
        made = consolidate(read(*forms)).programme
    return replace(made, units=(Unit(IMAR, "imar@kars.bel.tr"), Unit(ZABITA, "zabita@kars.bel.tr")))


def write_plan(path: Path, changed: Programme | None = None) -> Path:
    assert not render(template_path(PLAN_TEMPLATE), programme_tree(changed or programme()), str(path))
    return path


def run(*arguments: object, code: int = 0) -> str:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exit_code == code, result.output
    return result.stdout


def answer(*arguments: object, code: int = 0) -> Any:
    return json.loads(run(*arguments, "--format", "json", code=code))


def plain(found: object) -> object:
    """An answer without what is each file's own."""
    if isinstance(found, Mapping):
        return {key: plain(value) for key, value in found.items() if key not in _OF_THE_FILE}
    return [plain(item) for item in found] if isinstance(found, list) else found


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with a plan and the forms to be sent out."""
    folder = tmp_path_factory.mktemp("baslangic")
    (folder / "inputs").mkdir()
    run("forms", write_plan(folder / "inputs" / "plan.xlsx"), "-o", folder / "forms")
    return folder


def year_of(begun: Path, folder: Path, spelling: str) -> Path:
    """The folder after İmar has sent its form under this name and Zabıta nothing; Tablo 11 is there."""
    shutil.copytree(begun, folder)
    inputs = folder / "inputs"
    form(inputs, *tables_of(IMAR, worded="Yolların yapılması"), name="gelen.xlsx", unit=spelling)
    finance(inputs)
    return folder


def facts_of(begun: Path, folder: Path, spelling: str) -> dict[str, Any]:
    """What each command that knows units says of one and the same folder."""
    year = year_of(begun, folder, spelling)
    inputs, program = year / "inputs", year / "program.xlsx"
    found: dict[str, Any] = {"check": plain(answer("check", inputs, "--html", year / "denetim.html", code=1))}
    found["page"] = Page((year / "denetim.html").read_text("utf-8")).text
    found["status"] = plain(answer("status", year))
    found["reminders"] = answer("mail", "reminders", year, *PLAN_DAY, "--dry-run")
    (year / "forms" / IMAR_FILE).unlink()
    form(year / "forms", *tables_of(IMAR), name=IMAR_FILE, unit=spelling)
    found["mail forms"] = answer("mail", "forms", year, *PLAN_DAY, "--dry-run")
    found["findings"] = answer("mail", "findings", year, "--warnings", "--dry-run")
    form(inputs, *tables_of(ZABITA), name="zabita.xlsx", unit=ZABITA)
    found["merge"] = plain(answer("merge", inputs, "-o", program))
    found["cells"] = [
        [[value for value in row if not _SHA.fullmatch(str(value))] for row in sheet.iter_rows(values_only=True)]
        for sheet in openpyxl.load_workbook(program, data_only=True, read_only=True).worksheets
        if sheet.sheet_state == "visible"
    ]
    found["export"] = export(inputs, year / "veri") + export(program, year / "program_veri")
    found["trace"] = plain(answer("trace", program, "PH 1.1!C29", "--form", inputs / "gelen.xlsx"))
    posted = year / "gelen"
    posted.mkdir()
    form(posted, *tables_of(IMAR), name="ek.xlsx", unit=spelling, revision=1)
    collected = answer("collect", posted / "ek.xlsx", "-o", year)
    found["collect"] = [
        (item["unit"], item["revision"], Path(item["file"]).relative_to(year).as_posix())
        for message in collected["messages"]
        for item in message["attachments"]
    ]
    found["latest"] = plain(answer("check", inputs, "--latest"))
    return found


def export(source: Path, target: Path) -> list[str]:
    """The lines that name a unit, but for where they come from."""
    run("export", source, "--to", "csv", "-o", target)
    return [(target / f"{name}.csv").read_text("utf-8-sig") for name in ("maliyetler", "birimler")]


@pytest.fixture(scope="module")
def usual(begun: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("planin_adiyla") / "2024"
    return folder, facts_of(begun, folder, IMAR)


def test_the_plans_own_spelling_gets_the_right_answer(usual: tuple[Path, dict[str, Any]]) -> None:
    _, found = usual
    assert [(item["code"], item["key"]) for item in found["check"]["findings"] if item["severity"] == "error"] == [
        ("KX203", ZABITA)
    ]
    units = {unit["unit"]: (unit["sent"], unit["filled"], unit["planned"]) for unit in found["status"]["units"]}
    assert units == {IMAR: (True, 2, True), ZABITA: (False, 0, True)}
    assert [letter["unit"] for letter in found["reminders"]["messages"]] == [ZABITA]
    assert [(letter["unit"], letter["files"]) for letter in found["mail forms"]["messages"]] == [
        (IMAR, [IMAR_FILE]),
        (ZABITA, ["zabita_mudurlugu.xlsx"]),
    ]
    assert [letter["unit"] for letter in found["findings"]["messages"]] == [IMAR]
    assert "100,00" in found["page"]
    assert found["collect"] == [(IMAR, 1, "inputs/imar_ve_sehircilik_mudurlugu/imar_ve_sehircilik_mudurlugu_r1.xlsx")]
    assert found["export"][0].count(IMAR) == 2 * 11
    assert [item["key"] for item in found["latest"]["findings"] if item["code"] in ("KX203", "KX204", "KX206")] == []


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_another_spelling_gets_the_same_answers(
    tmp_path: Path, begun: Path, usual: tuple[Path, dict[str, Any]], spelling: str
) -> None:
    folder, expected = usual
    year = tmp_path / "2024"
    found = facts_of(begun, year, spelling)
    for command, told in expected.items():
        text = json.dumps(found[command], ensure_ascii=False).replace(str(year), str(folder))
        if command == "latest":  # which of a unit's forms counts is said in the words of the newest
            text = text.replace(tidy(spelling), IMAR)
        assert json.loads(text) == json.loads(json.dumps(told)), command
    # Between the two folders of forms nothing has changed hands, and no unit is another.
    diff = answer("diff", folder / "inputs", year / "inputs", "--latest")["diff"]
    assert (diff["same"], diff["activities"]) == (True, [])
    assert [line["label"] for line in diff["by_unit"]][:2] == [IMAR, ZABITA]


# Which unit a spelling means


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_spelling_means_the_plans_unit(spelling: str) -> None:
    known = Units([Unit(IMAR, "imar@kars.bel.tr"), Unit(FEN)])
    assert Unit(spelling) == Unit(IMAR)
    assert len({Unit(spelling), Unit(IMAR)}) == 1
    assert (known.of(Unit(spelling)).name, known.of(Unit(spelling)).email) == (IMAR, "imar@kars.bel.tr")


def test_nothing_is_guessed() -> None:
    assert len({Unit(IMAR), *map(Unit, OTHERS)}) == 1 + len(OTHERS)
    assert Units([Unit(IMAR)]).of(Unit(OTHERS[0])).name == OTHERS[0]
    assert not Unit(" \n")
    assert Unit("") != Unit("测量")


def test_units_named_together_are_each_of_them_in_any_order() -> None:
    both = Unit(f"{FEN}; İMAR VE ŞEHİRCİLİK MÜD.")
    assert both == Unit(f"{IMAR}\n{FEN}")
    assert both.parts == (Unit(FEN), Unit(IMAR))
    assert Unit(FEN) != both


# The two ways in which money got lost


def activities_in(folder: Path) -> dict[str, list[str]]:
    return {
        path.name: sorted(
            row.code
            for reading in read_file(str(path))
            for found in reading.documents
            for table in found.targets
            for row in table.activities
        )
        for path in folder.iterdir()
    }


@pytest.mark.parametrize("spelling", SPELLINGS[:7])
def test_one_cell_of_the_plan_spelt_otherwise_takes_no_activity_from_a_form(tmp_path: Path, spelling: str) -> None:
    plan = write_plan(tmp_path / "plan.xlsx")
    book = openpyxl.load_workbook(plan)
    assert book["Faaliyetler"]["C2"].value == IMAR
    book["Faaliyetler"]["C2"] = spelling
    book.save(plan)
    written = make_forms(str(plan), str(tmp_path / "forms"), filled=False).written
    assert len(written) == len(set(written)) == 3
    assert activities_in(tmp_path / "forms") == {
        IMAR_FILE: ["F.1.1.1", "F.1.1.2"],
        "zabita_mudurlugu.xlsx": ["F.1.1.3"],
        FINANCE_FORM: [],
    }


def test_an_abbreviation_in_the_plan_is_one_unit_for_every_command(tmp_path: Path) -> None:
    (target,) = programme().targets
    short = Unit("Fen İşleri Müd.", "fen@kars.bel.tr")
    activities = tuple(replace(item, units=(short,)) for item in target.activities)
    inputs = tmp_path / "inputs"
    inputs.mkdir()
    write_plan(
        inputs / "plan.xlsx", replace(programme(), units=(short,), targets=(replace(target, activities=activities),))
    )
    form(inputs, *tables_of(IMAR), unit=FEN)
    finance(inputs)
    missed = [item["key"] for item in answer("check", inputs, "--html", tmp_path / "s.html", code=1)["findings"]]
    assert short.name not in missed
    (unit,) = answer("status", tmp_path)["units"]
    assert (unit["unit"], unit["sent"], unit["filled"], unit["activities"]) == (short.name, True, 2, 3)
    assert FEN not in Page((tmp_path / "s.html").read_text("utf-8")).text
    assert answer("mail", "reminders", tmp_path, *PLAN_DAY, "--dry-run")["messages"] == []


# The plan's own lists


def test_a_unit_listed_twice_is_one_with_both_addresses(tmp_path: Path) -> None:
    twice = (Unit(IMAR, "imar@kars.bel.tr"), Unit(ZABITA, "zabita@kars.bel.tr"))
    plan = write_plan(tmp_path / "plan.xlsx", replace(programme(), units=twice))
    book = openpyxl.load_workbook(plan)
    book["Birimler"].append(["İMAR VE ŞEHİRCİLİK MÜD.", "sehir@kars.bel.tr"])
    book.save(plan)
    found = read_file(str(plan))[0].plan
    assert found is not None
    assert [(unit.name, unit.email) for unit in found.programme.asked] == [
        (IMAR, "imar@kars.bel.tr, sehir@kars.bel.tr"),
        (ZABITA, "zabita@kars.bel.tr"),
    ]


@pytest.mark.parametrize(
    "units",
    [
        ["Park & Bahçeler Müdürlüğü", "Park Bahçeler Müdürlüğü", "Tablo 11 Mali Hizmetler"],
        ["测量", "测绘", "Con", "Con Birimi"],
    ],
)
def test_units_whose_files_would_be_called_alike_get_files_of_their_own(units: Iterable[str]) -> None:
    named = form_files(units)
    assert len({*named.values(), FINANCE_FORM}) == len(named) + 1
    assert named == form_files(units)


def test_two_units_of_one_file_name_both_get_their_form(tmp_path: Path) -> None:
    (target,) = programme().targets
    names = ["Park & Bahçeler Müdürlüğü", "Park Bahçeler Müdürlüğü", ZABITA]
    assert file_stem(names[0]) == file_stem(names[1])
    activities = tuple(replace(item, units=(Unit(name),)) for item, name in zip(target.activities, names, strict=True))
    mails = tuple(Unit(name, f"{at}@kars.bel.tr") for at, name in enumerate(names))
    changed = replace(programme(), units=mails, targets=(replace(target, activities=activities),))
    plan = write_plan(tmp_path / "plan.xlsx", changed)
    (tmp_path / "inputs").mkdir()
    plan.rename(tmp_path / "inputs" / "plan.xlsx")
    run("forms", tmp_path / "inputs" / "plan.xlsx", "-o", tmp_path / "forms")
    assert sorted(code for codes in activities_in(tmp_path / "forms").values() for code in codes) == list(ACTIVITIES)
    letters = answer("mail", "forms", tmp_path, *PLAN_DAY, "--dry-run")["messages"]
    assert {letter["unit"]: len(letter["files"]) for letter in letters} == dict.fromkeys(names, 1)
    assert len({file for letter in letters for file in letter["files"]}) == 3
