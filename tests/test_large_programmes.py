"""Generated programmes (benchmarks/generate.py): valid, the same each time, and merged to the generator's own sums."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from kars_xl.findings.blocks import as_json
from kars_xl.pipeline import check, make_forms, merge
from kars_xl.reports.answer import answer
from tests.helpers.repository import REPOSITORY

BENCHMARKS = REPOSITORY / "benchmarks"
FORMS = 16


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(BENCHMARKS), *sys.path])
        import generate as module

    return module


@pytest.fixture(scope="module")
def folder(generate: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plan, the finance form and 16 forms; read them, never change them."""
    path = tmp_path_factory.mktemp("uretilen")
    generate.write_forms(generate.make(FORMS, seed=3), path)
    return path


def test_nothing_is_wrong_with_them_and_the_totals_are_the_generators(
    generate: ModuleType, folder: Path, tmp_path: Path
) -> None:
    made = generate.make(FORMS, seed=3)
    outcome = merge([str(folder)], str(tmp_path / "program.xlsx"))
    assert outcome.findings == ()
    assert outcome.merged is not None
    assert outcome.merged.programme == made.programme
    assert as_json(answer("merge", outcome))["totals"] == made.totals()
    # Some activities are shared, so that there are more cost tables than activities.
    assert len(outcome.merged.contributions) == len(made.contributions) > len(made.programme.activities)
    assert check([str(folder)]).findings == ()


def test_the_forms_are_those_that_the_command_writes(folder: Path, tmp_path: Path) -> None:
    outcome = make_forms(str(folder / "plan.xlsx"), str(tmp_path), filled=True)
    assert len(outcome.written) == FORMS + 1
    for name in map(Path, outcome.written):
        assert name.read_bytes() == (folder / name.name).read_bytes(), name.name


def test_a_seed_makes_one_programme_and_another_seed_another(generate: ModuleType) -> None:
    assert generate.make(FORMS, seed=3) == generate.make(FORMS, seed=3) != generate.make(FORMS, seed=4)


def test_a_thousand_forms_have_the_proportions_of_the_real_ones(generate: ModuleType) -> None:
    programme = generate.make(1000).programme
    assert len(programme.units) == 1000
    assert len(programme.activities) == 3500
    assert 5 < sum(len(target.indicators) for target in programme.targets) / len(programme.targets) < 7
    assert len(programme.targets) > 1000
