"""Checks of one table's rows: values against their unit (KX111), codes (KX208), typed totals, the reserve (KX312)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from kars_xl.base.money import format_decimal
from kars_xl.base.place import Place
from kars_xl.base.text import code_key, parent_code
from kars_xl.checking.indicator_names import PERCENT, unit_of
from kars_xl.findings.finding import Finding, finding
from kars_xl.merging.targets import target_code
from kars_xl.model.programme import Programme, Target, by_code
from kars_xl.reading.cell_values import format_indicator
from kars_xl.reading.tables import ActivityRow, Document, IndicatorRow, TargetTable

Row = IndicatorRow | ActivityRow

_YEARS = ("t-1", "t", "t+1")
# What a dot that was meant to group thousands makes of a figure, or one that was not.
_SLIPS = (Decimal(1000), Decimal("0.001"))
# Three values are of one size where none is more than this many times another.
_ONE_SIZE = 2


def year_label(years: Sequence[int | None], index: int) -> str:
    """The year of a value's column, by its place in the table where the heading's year could not be read."""
    year = years[index] if index < len(years) else None
    return str(year) if year else _YEARS[index]


def check_units(documents: Sequence[Document]) -> list[Finding]:
    """KX111: at most one for a row, at the first value that does not fit."""
    found = []
    for document in documents:
        for table in document.targets:
            for row in table.indicators:
                odd, reason = _misfits(row)
                if odd:
                    found.append(_misfit(table, row, odd, reason))
    return found


def _misfit(table: TargetTable, row: IndicatorRow, odd: Sequence[int], reason: str) -> Finding:
    return finding(
        "KX111",
        row.places[odd[0]],
        table="PHT",
        key=row.code,
        label=row.name.value,
        related=[row.places[index] for index in odd[1:]],
        year=year_label(table.years, odd[0]),
        found=format_indicator(row.values[odd[0]]),
        reason=reason,
    )


def _misfits(row: IndicatorRow) -> tuple[list[int], str]:
    """Which of the row's three values do not fit, and why."""
    unit = unit_of(row.name.value)
    percent = [index for index, value in enumerate(row.values) if value and value.percent]
    given = {index: value for index, value in enumerate(row.values) if value and value.amount}
    plain = {index: value.amount for index, value in given.items() if value.amount and not value.percent}
    if percent and unit not in (PERCENT, ""):
        return percent, f"göstergenin birimi {unit}"
    if percent and plain:
        if not unit and len(percent) < len(plain):
            return percent, f"aynı satırda {format_decimal(next(iter(plain.values())))} var"
        return list(plain), f"aynı satırda {format_indicator(row.values[percent[0]])} var"
    if unit == PERCENT:
        return _fraction(plain)
    return _slipped(plain)


def _fraction(values: dict[int, Decimal]) -> tuple[list[int], str]:
    """0,7 beside 70, both without a percent sign."""
    for index, value in values.items():
        if 0 < value < 1 and value * 100 in values.values():
            return [index], f"aynı satırda {format_decimal(value * 100)} var"
    return [], ""


def _slipped(values: dict[int, Decimal]) -> tuple[list[int], str]:
    """One of three values a thousandth of the others, or a thousand times as much: 1 beside 1.250 and 1.500."""
    if len(values) == 3:
        for index, value in values.items():
            others = [other for at, other in values.items() if at != index]
            if any(_one_size(value * factor, *others) for factor in _SLIPS):
                return [index], f"öteki yıllar {format_decimal(others[0])} ve {format_decimal(others[1])}"
    return [], ""


def _one_size(*values: Decimal) -> bool:
    return min(values) > 0 and max(values) <= _ONE_SIZE * min(values)


def check_codes(documents: Sequence[Document], plan: Programme | None = None) -> list[Finding]:
    """KX208: codes of another target or depth, given twice or out of order in a table; gaps within a target."""
    found: list[Finding] = []
    for document in documents:
        for table in document.targets:
            for rows in _kinds(table):
                found += _in_table(table, rows)
    return [*found, *_gaps(documents, plan)]


def _kinds(table: TargetTable) -> tuple[Sequence[Row], Sequence[Row]]:
    return table.indicators, table.activities


def _finding(code: str, text: str, row: Row, related: Sequence[Place] = ()) -> Finding:
    return finding("KX208", row.name.place, table="PHT", key=code, related=related, found=text)


def _in_table(table: TargetTable, rows: Sequence[Row]) -> Iterator[Finding]:
    target = target_code(table)
    # Some institutions number within the objective where it has one target only.
    parents = (target, table.heading.codes.get("objective", target))
    strange = [row for row in rows if parent_code(row.code) not in parents]
    if strange:
        # A table under the wrong heading has all its codes wrong; one finding says it.
        codes = ", ".join(row.code for row in strange[:3]) + (" …" if len(strange) > 3 else "")
        related = [row.name.place for row in strange[1:]]
        yield _finding(strange[0].code, f"{codes} (performans hedefinin kodu {target or 'yok'})", strange[0], related)
    first: dict[str, Row] = {}
    for row in rows:
        earlier = first.setdefault(row.code, row)
        if earlier is not row:
            yield _finding(row.code, f"{row.code} bu tabloda iki kez var", row, [earlier.name.place])
    own = [row for row in first.values() if row not in strange]
    for before, after in pairwise(own):
        if code_key(after.code) < code_key(before.code):
            yield _finding(after.code, f"{after.code}, {before.code} satırından sonra geliyor", after)
            return


def _gaps(documents: Sequence[Document], plan: Programme | None) -> Iterator[Finding]:
    """Numbers left out within a target, all forms and the plan together.

    Other units' forms may hold the missing codes, so where there is no plan one form by itself tells nothing.
    """
    giving = [document for document in documents if document.targets]
    if plan is None and len(giving) < 2 and not any(document.summaries for document in giving):
        return
    planned: dict[tuple[str, str], set[str]] = defaultdict(set)
    for code in (code for target in plan.targets for code in _codes(target)) if plan else ():
        planned[code.partition(".")[0] + ".", parent_code(code)].add(code)
    for target, kinds in _by_target(giving).items():
        for prefix, rows in zip(("PG.", "F."), kinds, strict=True):
            codes = by_code({*rows, *planned[prefix, target]})
            for before, after in pairwise(["0", *codes]):
                if after in rows and code_key(after)[-1] > code_key(before)[-1] + 1:
                    missing = f"{after.rpartition('.')[0]}.{code_key(before)[-1] + 1}"
                    yield _finding(after, f"{after} var, {missing} yok", rows[after])


def _codes(target: Target) -> list[str]:
    return [item.code for item in target.indicators] + [item.code for item in target.activities]


def _by_target(documents: Sequence[Document]) -> dict[str, tuple[dict[str, Row], dict[str, Row]]]:
    """The first row of each code by target, indicators and activities apart; codes of other targets left out."""
    found: dict[str, tuple[dict[str, Row], dict[str, Row]]] = defaultdict(lambda: ({}, {}))
    for table in (table for document in documents for table in document.targets):
        target = target_code(table)
        for known, rows in zip(found[target], _kinds(table), strict=True):
            for row in rows:
                if parent_code(row.code) == target:
                    known.setdefault(row.code, row)
    return found
