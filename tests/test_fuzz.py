"""Forms spoiled at random: never an exception, and either every total is right or an error is reported.

CI runs 2.000 cases that are always the same; `KARS_XL_FUZZ=50000 python -m pytest tests/test_fuzz.py -s` runs as many
new ones. What it finds is mended and kept by name in test_mutations.py.
"""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kars_xl.pipeline import check_forms
from kars_xl.reading.files import read_files
from tests.helpers import grid_edits as edit
from tests.helpers.form_files import FINANCE_FILE
from tests.helpers.fuzz_model import CONTENTS, LABELS, Base, Form, amounts_of
from tests.helpers.repository import INPUTS

CASES = int(os.environ.get("KARS_XL_FUZZ", "0"))
# One target with three activities; two targets of nine activities; the published 70 and 0,70.
UNITS = ("fen_isleri_mudurlugu.xlsx", "imar_ve_sehircilik_mudurlugu.xlsx", "hukuk_isleri_mudurlugu.xlsx")


def cases(share: float) -> Callable[..., object]:
    """The settings of a test that gets this share of all cases."""
    return settings(
        max_examples=round((CASES or 2000) * share),
        derandomize=not CASES,
        database=None,
        deadline=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )


_bases: dict[str, Base] = {}


def base(unit: str) -> Base:
    if unit not in _bases:
        _bases[unit] = Base(INPUTS, (unit, FINANCE_FILE))
    return _bases[unit]


@dataclass(frozen=True)
class Edit:
    """One thing done to a form: what, on which sheet, about which cell (all modulo what there is), with what."""

    what: str
    sheet: int
    spot: int
    number: int = 1
    content: int = 0

    def apply(self, form: Form) -> None:
        sheets = form.sheets()
        if not sheets:
            return
        grid, sheet = sheets[self.sheet % len(sheets)]
        if not sheet.cells:
            return
        spots = sorted(sheet.cells)
        at = spots[self.spot % len(spots)]
        content = CONTENTS[self.content % len(CONTENTS)]
        if self.what == "type":
            form.type(sheet, at, content)
        elif self.what == "type_amount":
            wanted = [spot for spot in spots if id(sheet.cells[spot]) in form.keys]
            if wanted:
                form.type(sheet, wanted[self.spot % len(wanted)], content)
        elif self.what == "type_beside":
            form.type(sheet, (at[0] + self.number % 3, at[1] + 1 + self.number % 2), content)
        elif self.what == "relabel":
            texts = [spot for spot in spots if isinstance(sheet.cells[spot].value, str)]
            if texts:
                form.type(sheet, texts[self.spot % len(texts)], LABELS[self.content % len(LABELS)])
        elif self.what == "misspell":
            cell = sheet.cells[at]
            if isinstance(cell.value, str) and cell.value and cell.formula is None and id(cell) not in form.keys:
                cut = self.content % len(cell.value)
                cell.value = cell.value[:cut] + "xı "[self.number % 3] * (self.number % 4) + cell.value[cut + 1 :]
        elif self.what == "insert_rows":
            edit.insert_rows(grid, sheet, at[0], self.number)
        elif self.what == "delete_rows":
            edit.delete_rows(grid, sheet, at[0], self.number)
        elif self.what == "insert_columns":
            edit.insert_columns(grid, sheet, at[1], self.number)
        elif self.what == "delete_columns":
            edit.delete_columns(grid, sheet, at[1], self.number)
        elif self.what == "merge":
            form.merge(sheet, (at[0], at[1], at[0] + self.number // 2, at[1] + self.number))
        elif self.what == "hide":
            ways = ({"rows": [at[0]]}, {"columns": [at[1]]}, {"whole": True})
            edit.hide(sheet, **ways[self.number % 3])  # type: ignore[arg-type]
        elif self.what == "rename":
            edit.rename(grid, sheet, ("Sayfa1", "PH 7.3 (2)", "=1+1", "a'b")[self.number % 4] + str(self.spot % 9))
        elif self.what == "copy_sheet":
            form.copy_sheet(grid, sheet, f"{sheet.name[:20]} ({self.spot % 9})")
        elif self.what == "delete_sheet":
            grid.sheets.remove(sheet)
        elif self.what == "reorder":
            grid.sheets.reverse()
        elif self.what == "paste":
            other = sheets[self.content % len(sheets)][1]
            to = sorted(other.cells)[self.content % len(other.cells)] if other.cells else (1, 1)
            form.paste(sheet, (at[0], at[1], at[0] + self.number * 4, at[1] + self.number - 1), other, to)
        elif self.what == "recalculate":
            edit.recalculate(grid)


VALUES = ("type", "type_amount", "type_amount", "type_beside", "relabel", "misspell")
STRUCTURE = (
    "insert_rows", "delete_rows", "insert_columns", "delete_columns", "merge", "hide", "rename", "copy_sheet",
    "delete_sheet", "reorder", "paste",
)  # fmt: skip


def edits(*kinds: str) -> st.SearchStrategy[Edit]:
    big = st.integers(0, 2000)
    return st.builds(Edit, st.sampled_from(kinds), st.integers(0, 9), big, st.integers(1, 5), big)


def judge(unit: str, done: list[Edit], *, planned: bool) -> None:
    form = base(unit).form()
    for one in done:
        one.apply(form)
    outcome = base(unit).check(form.grids, planned=planned)
    if outcome.failed or outcome.merged is None or form.doubtful:
        return
    found = amounts_of(outcome.merged)
    assert form.right(found), (found, form.expected())


@pytest.mark.parametrize("unit", UNITS)
def test_untouched_forms_are_read_exactly(unit: str) -> None:
    judge(unit, [], planned=True)
    outcome = base(unit).check(base(unit).form().grids)
    assert not outcome.failed, [found.message for found in outcome.findings if found.is_error]


@cases(0.35)
@given(st.sampled_from(UNITS), st.lists(edits(*VALUES), min_size=1, max_size=4), st.booleans())
def test_values_of_all_kinds_anywhere(unit: str, done: list[Edit], planned: bool) -> None:
    judge(unit, done, planned=planned)


@cases(0.30)
@given(st.sampled_from(UNITS), st.lists(edits(*STRUCTURE), min_size=1, max_size=3), st.booleans())
def test_rows_columns_and_sheets_moved(unit: str, done: list[Edit], recalculated: bool) -> None:
    judge(unit, [*done, *([Edit("recalculate", 0, 0)] if recalculated else [])], planned=True)


@cases(0.15)
@given(st.sampled_from(UNITS), st.lists(edits(*VALUES, *STRUCTURE, "recalculate"), min_size=2, max_size=8))
def test_everything_at_once(unit: str, done: list[Edit]) -> None:
    judge(unit, done, planned=True)


@pytest.fixture(scope="module")
def spoiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz") / "form.xlsx"


@cases(0.20)
@given(
    st.sampled_from(UNITS),
    st.sampled_from(("flip", "cut", "swap", "drop", "flip_inside", "cut_inside")),
    st.integers(0, 1 << 20),
    st.integers(0, 1 << 20),
)
def test_bytes_of_the_package(spoiled: Path, unit: str, what: str, spot: int, other: int) -> None:
    """Bits turned, bytes cut and members swapped or left out; those within a member with its check sum made right."""
    data = (INPUTS / unit).read_bytes()
    if what == "flip":
        at = spot % len(data)
        data = data[:at] + bytes([data[at] ^ 1 << other % 8]) + data[at + 1 :]
    elif what == "cut":
        data = data[: spot % len(data)] + data[other % len(data) :]
    else:
        data = _repacked(data, what, spot, other)
    spoiled.write_bytes(data)
    reading = read_files([str(spoiled), str(INPUTS / FINANCE_FILE)])
    reading.plan = base(unit).plan
    outcome = check_forms(reading)
    if not outcome.failed and outcome.merged is not None and what != "flip_inside":
        assert amounts_of(outcome.merged) == base(unit).form().expected()[0]


def _repacked(data: bytes, what: str, spot: int, other: int) -> bytes:
    """The package with one member's bytes spoiled, left out, or swapped with another's."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    names = list(parts)
    name, second = names[spot % len(names)], names[other % len(names)]
    part = parts[name]
    if what == "swap":
        parts[name], parts[second] = parts[second], part
    elif what == "drop":
        del parts[name]
    elif what == "cut_inside":
        parts[name] = part[: other % len(part)]
    else:
        at = other % len(part)
        parts[name] = part[:at] + bytes([part[at] ^ 1 << spot % 7]) + part[at + 1 :]
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return stream.getvalue()
