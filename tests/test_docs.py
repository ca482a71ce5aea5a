"""What the documentation says of the templates is what they offer."""

from __future__ import annotations

import gettext
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

from msgspec.structs import replace

from kars_xl.base.place import Place
from kars_xl.findings.finding import finding
from kars_xl.model.programme import Costs, PastCosts
from kars_xl.model.units import Unit
from kars_xl.reading.grid import open_grid
from kars_xl.reading.plan import read_plan
from kars_xl.workbook.nodes.lists import (
    ALL,
    CROSS_FORM,
    KIND_LISTS,
    LIST_FORM,
    ROW,
    SINGLE_FORM,
    SPARE,
    SUBTOTAL,
)
from kars_xl.workbook.nodes.programme import form_trees, programme_tree
from kars_xl.workbook.verify import probe_programme
from tests.helpers.placeholders import GUIDE, paths
from tests.helpers.repository import REPOSITORY

OTHERS = ((), (Unit("Arşiv Müdürlüğü"),))
SHAPES = (LIST_FORM, SINGLE_FORM, CROSS_FORM)
GENERAL = tuple(f"{kind}." for kind in (*KIND_LISTS.values(), *SHAPES, ALL, ROW, SUBTOTAL, SPARE))
_PATH = re.compile(r"`([a-z_]+(?:\.[a-z_0-9]+)?)`")


def test_every_placeholder_is_in_the_guide_and_none_else(inputs: Path) -> None:
    plan = read_plan(open_grid(str(inputs / "plan.xlsx")))
    findings = [finding("KX004", Place("a.xlsx"))]
    offered = set(paths(programme_tree(*probe_programme(plan.programme.year), findings)))
    # Every second indicator is another unit's.
    others = [
        replace(target, indicators=tuple(replace(it, units=OTHERS[at % 2]) for at, it in enumerate(target.indicators)))
        for target in plan.programme.targets
    ]
    shared = replace(plan.programme, targets=tuple(others))
    form = next(form for unit, form in form_trees(shared, plan.contributions, filled=True) if unit not in OTHERS[1])
    offered |= set(paths(form))
    past = (PastCosts("F.1.1.1", plan.programme.year - 1, Unit("Fen İşleri Müdürlüğü"), Costs()),)
    offered |= set(paths(programme_tree(replace(plan.programme, past=past))))
    table = GUIDE.read_text(encoding="utf-8").split("## Tekrarlanan satırlar")[0]
    documented = set(_PATH.findall(table.split("|---|---|")[1]))
    for kind in ("faaliyet", "kaynak", "gecmis"):
        documented |= {f"{kind}.gider_{number}" for number in range(1, 10)}
    documented |= {f"faaliyet.gecen_gider_{number}" for number in range(1, 10)}
    general = {path for path in offered if path.startswith(GENERAL)}
    assert documented == offered - general
    # The lists of general tables have the same fields, so the guide names those of one.
    section = GUIDE.read_text(encoding="utf-8").split("## Genel bilgi tabloları")[1].split("\n## ")[0]
    documented = {path for path in _PATH.findall(section) if "." in path}
    for kind in ("deger", "deger_sondan", "sutun", "sutun_sondan"):
        owner = "bilgi_satiri" if kind.startswith("deger") else "egitim_tablosu"
        documented |= {f"{owner}.{kind}_{number}" for number in range(1, 7)}
    table = re.compile(rf"^(?:{'|'.join((*KIND_LISTS.values(), *SHAPES, 'bilgi_tablosu'))})\.")
    assert {table.sub("", path) for path in documented} == {table.sub("", path) for path in general}


def test_every_list_is_in_the_guide(inputs: Path) -> None:
    plan = read_plan(open_grid(str(inputs / "plan.xlsx")))
    lists = set(programme_tree(plan.programme).lists)
    line = GUIDE.read_text(encoding="utf-8").split("Listeler: ")[1].split(".")[0]
    assert set(_PATH.findall(line)) == lists


def test_the_command_lines_own_words_are_those_of_their_source() -> None:
    """kars_xl/cli/locale is what tools/make_messages.py makes, and gettext can read it."""
    source = REPOSITORY / "tools" / "make_messages.py"
    made = runpy.run_path(str(source))
    assert made["TARGET"].read_bytes() == made["messages"]()
    with made["TARGET"].open("rb") as stream:
        words = gettext.GNUTranslations(stream)
    assert words.gettext("Usage:") == "Kullanım:"


def test_wrong_usage_is_said_in_turkish() -> None:
    environment = {**os.environ, "LANG": "en_US.UTF-8", "LANGUAGE": "en"}
    command = [sys.executable, "-m", "kars_xl", "merge", "gelen", "--olmayan"]
    found = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment)
    assert found.returncode == 2
    assert found.stderr.startswith("Kullanım: kars-xl merge [SEÇENEKLER] [KLASÖR...]")
    assert "'--olmayan' diye bir seçenek yok." in found.stderr
