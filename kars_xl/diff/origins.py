"""The forms behind a merged workbook's figures, as its sheet Kaynak lists them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from kars_xl.grid import Cell, Grid, Sheet
from kars_xl.labels import economic_code_of, label_of
from kars_xl.model import EXTRA_SOURCES, Costs, Place
from kars_xl.money import to_kurus
from kars_xl.text import fold, read_code, tidy

_COLUMNS = {
    "faaliyet": "code",
    "kod": "code",
    "harcama birimi": "unit",
    "birim": "unit",
    "dosya": "file",
    "sayfa": "sheet",
    "hucre": "cell",
    "butce": "budget",
    "butce disi": "extra",
}
_NEEDED = set(_COLUMNS.values())
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")


@dataclass(frozen=True, slots=True)
class Origin:
    """What one unit's form gave for an activity: its total in kuruş, a cell of it, its costs where listed by code."""

    unit: str
    total: int
    form: Place
    costs: Costs | None = None


@dataclass(frozen=True, slots=True)
class Origins:
    """By activity what each form gave; and the cells of forms by ("value", indicator, "0".."2") and ("general",)."""

    activities: Mapping[str, tuple[Origin, ...]] = field(default_factory=dict)
    places: Mapping[tuple[str, ...], Place] = field(default_factory=dict)


@dataclass(slots=True)
class _Given:
    form: Place
    total: int = 0
    codes: dict[int | str, int] = field(default_factory=dict)
    by_code: bool = True


def read_origins(grid: Grid) -> Origins:
    """What a workbook says of its forms; nothing where it has no such sheet."""
    given: dict[tuple[str, str], _Given] = {}
    places: dict[tuple[str, ...], Place] = {}
    for sheet in grid.sheets:
        for row in _rows(sheet):
            texts = {name: cells[0].text for name, cells in row.items()}
            forms = list(_forms(texts))
            code = read_code(texts.get("code", ""))
            if not forms:
                continue
            if code and code[0] == "F":
                _take(f"F.{code[1]}", forms[0], row, given)
            elif code and code[0] == "PG":
                places |= {("value", f"PG.{code[1]}", str(index)): form for index, form in enumerate(forms)}
            elif not code:
                places |= {(label,): forms[0] for cell in row.get("", ()) if (label := label_of(cell.text)[0])}
    found: dict[str, tuple[Origin, ...]] = {}
    for (activity, unit), item in given.items():
        costs = _costs(item) if item.by_code else None
        found[activity] = (*found.get(activity, ()), Origin(unit, item.total, item.form, costs))
    return Origins(found, places)


def _rows(sheet: Sheet) -> Iterator[dict[str, list[Cell]]]:
    """Cells by column name below a heading that has them all; what stands in other columns is under ""."""
    names: dict[int, str] = {}
    for row in sheet.rows():
        heads = {cell.column: _COLUMNS.get(fold(cell.text).split(" tl")[0], "") for cell in row}
        if set(heads.values()) >= _NEEDED:
            names = heads
        elif names:
            found: dict[str, list[Cell]] = {}
            for cell in row:
                found.setdefault(names.get(cell.column, ""), []).append(cell)
            yield found


def _forms(texts: Mapping[str, str]) -> Iterator[Place]:
    """The cells that a row names: one, or an indicator's three."""
    for text in texts.get("cell", "").split(","):
        if match := _CELL.fullmatch(text.strip()):
            column = 0
            for letter in match[1]:
                column = column * 26 + ord(letter) - 64
            yield Place(texts.get("file", ""), texts.get("sheet", ""), int(match[2]), column)


def _take(activity: str, form: Place, row: Mapping[str, list[Cell]], given: dict[tuple[str, str], _Given]) -> None:
    unit = tidy(row["unit"][0].text) if "unit" in row else ""
    item = given.setdefault((activity, unit), _Given(form))
    amount = sum(_kurus(cell) for name in ("budget", "extra") for cell in row.get(name, ()))
    item.total += amount
    key = next((key for cell in row.get("", ()) if (key := _key(cell))), None)
    if key is not None:
        item.codes[key] = item.codes.get(key, 0) + amount
    elif amount:
        item.by_code = False


def _key(cell: Cell) -> int | str | None:
    """The economic code or source that a cell names."""
    if not isinstance(cell.value, str):
        return None
    label = label_of(cell.text)[0]
    return label if label.startswith("source") else economic_code_of(cell.text)


def _kurus(cell: Cell) -> int:
    return to_kurus(cell.value)[0] if isinstance(cell.value, Decimal) else 0


def _costs(item: _Given) -> Costs:
    return Costs(
        tuple(item.codes.get(number, 0) for number in range(1, 10)),
        tuple(item.codes.get(f"source{index}", 0) for index in range(len(EXTRA_SOURCES))),
    )
