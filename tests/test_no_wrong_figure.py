"""Whatever is done to a form: its totals are those that a person reads in it, or an error names the cell.

    python -m pytest tests/test_no_wrong_figure.py --invariant 50000

runs so many forms instead of the few of every day.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from kars_xl.pipeline import check_forms
from kars_xl.reading.files import read_files
from tests.helpers.form_files import FINANCE_FILE, finance
from tests.helpers.spoilings import ONLY_IN, REFUSE, SPOILINGS, Draft, draft, write

KINDS = (".xlsx", ".xlsx", ".xlsx", ".ods", ".csv", ".docx")
SHARDS = 20


def spoiled(seed: int, folder: Path) -> tuple[Draft, Path, list[str]]:
    """The form of a seed: sound, or spoiled in up to three ways."""
    chance = random.Random(seed)
    form = draft(chance)
    kind = chance.choice(KINDS)
    ways = [way for way in SPOILINGS if kind in ONLY_IN.get(way, KINDS)]
    chosen = chance.choices(ways, k=chance.choice((0, 1, 1, 2, 2, 3)))
    for way in chosen:
        SPOILINGS[way](form, chance)
    return form, write(form, folder / f"fen{kind}"), chosen


def wrong(seed: int, folder: Path) -> str:
    """What passed that may not pass; "" where all is right."""
    form, path, ways = spoiled(seed, folder)
    checked = check_forms(read_files([str(path), str(folder / FINANCE_FILE)]))
    errors = [found for found in checked.findings if found.is_error]
    path.unlink()
    named = {(place.row, place.column) for found in errors for place in (found.place, *found.related)}
    said = f"seed {seed} {path.suffix} {ways}: "
    if unnamed := [cells for cells in form.named() if not cells & named]:
        return (
            said + f"passed, or is not named: {sorted(unnamed[0])[:3]}; errors: {[str(found.code) for found in errors]}"
        )
    if form.bad or form.larger:
        return ""
    if errors:
        return said + f"refused without reason: {errors[0].code} {errors[0].place.cell} {errors[0].message}"
    assert checked.merged is not None
    programme = checked.merged.programme
    total = programme.activity_costs.total
    expected = sum(kurus for kurus in form.amounts.values() if kurus is not REFUSE)
    return "" if total == expected else said + f"{total}, not {expected}"


@pytest.mark.parametrize("shard", range(SHARDS))
def test_totals_are_right_or_an_error_names_the_cell(shard: int, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    finance(tmp_path)
    forms = pytestconfig.getoption("--invariant")
    found = [said for seed in range(shard, forms, SHARDS) if (said := wrong(seed, tmp_path))]
    assert not found, "\n".join(found[:20])
