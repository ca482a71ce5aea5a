"""What must add up in a general table: each total with the cells that it counts, along columns and along rows."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from kars_xl.reading.general.kinds import STAFF, is_no_part, is_of_which, is_people, is_plain_total
from kars_xl.reading.tables import GeneralCell, GeneralRow, GeneralTable

ZERO = Decimal(0)
_MOST_SUMS = 512
# Tables whose rows may be parts of a row above them ("Hizmet Binası 1000", "- zemin 600", "- birinci kat 400").
_NESTED = ("", "buildings")


class Equation(NamedTuple):
    """A total and its parts, of which the `optional` ones may repeat others. `line` is "column" where the parts stand
    above or below the total, "row" where beside it."""

    line: str
    total: GeneralCell
    parts: tuple[GeneralCell, ...]
    optional: tuple[GeneralCell, ...] = ()

    @property
    def unread(self) -> list[GeneralCell]:
        """Parts that are neither figures nor blank."""
        return [part for part in self.parts if not part.readings and not part.blank]

    def sums(self) -> list[Decimal]:
        """All sums that the parts can mean, the one of the figures as written first; [] where they are too many."""
        found = {ZERO: None}
        for part in self.parts:
            choices = (*(part.readings or (ZERO,)), *((ZERO,) if part in self.optional else ()))
            found = {known + choice: None for choice in choices for known in found}
            if len(found) > _MOST_SUMS:
                return []
        return list(found)

    def holds(self) -> bool:
        """Whether it may hold, but for what rounding to the decimals that are printed can make of a sum."""
        sums = self.sums()
        exponents = [cell.value.normalize().as_tuple().exponent if cell.value else 0 for cell in self.cells]
        finest = min(exponent for exponent in exponents if isinstance(exponent, int))
        slack = Decimal(len(self.parts)).scaleb(finest) / 2 if finest < 0 else ZERO
        return not sums or any(abs(total - found) <= slack for total in self.total.readings for found in sums)

    def excess(self, cell: GeneralCell) -> Decimal | None:
        """By how much `cell` is too great if it alone is wrong; None where that can't be: no count is below zero."""
        sums = self.sums()
        if len(sums) != 1 or len(self.total.readings) != 1 or self.unread:
            return None
        difference = sums[0] - self.total.readings[0]
        excess = -difference if cell is self.total else difference
        return excess if (cell.value or ZERO) >= excess else None

    @property
    def cells(self) -> list[GeneralCell]:
        return [*self.parts, self.total]


class Line(NamedTuple):
    """A column or row of counts: its name, whether it is a total, its cells."""

    name: str
    total: bool
    cells: list[GeneralCell]


def lines_of(table: GeneralTable) -> tuple[list[Line], list[Line]]:
    """(columns, rows) of counts, each cut by the others cell by cell."""
    columns, rows = counting(table), counted_rows(table)
    headed = ((table.columns[at], at) for at in columns)
    across = [Line(row.label.value, row.total, [row.cells[at] for at in columns]) for row in rows]
    return [Line(column.heading.value, column.total, [row.cells[at] for row in rows]) for column, at in headed], across


def counted_rows(table: GeneralTable) -> list[GeneralRow]:
    """Rows without the averages and percentages, which no total counts."""
    columns = counting(table)
    rows = (row for row in table.rows if not is_no_part(row.label.value))
    return [row for row in rows if not any(row.cells[at].readings and row.cells[at].percent for at in columns)]


def counting(table: GeneralTable) -> list[int]:
    """The columns that hold counts or areas; averages are none."""
    return [at for at, column in enumerate(table.columns) if column.counts and not is_no_part(column.heading.value)]


def equations_of(table: GeneralTable) -> tuple[list[Equation], list[Equation]]:
    """(along columns, along rows), right and wrong ones."""
    rows = counted_rows(table)
    down = [equation for at in counting(table) for equation in _along_column(table, rows, at)]
    return down, [*_along_rows(table.kind, lines_of(table)[0])]


def _along_column(table: GeneralTable, rows: Sequence[GeneralRow], at: int) -> Iterator[Equation]:
    # A subtotal without a figure ("Kapalı Alanlar Toplamı -") parts nothing.
    line = [row for row in rows if not row.total or row.cells[at].readings]
    marks = [row.total for row in line]
    cells = [row.cells[at] for row in line]
    children = _children(cells, marks) if table.kind in _NESTED else set()
    for index, row in enumerate(line):
        last = not any(marks[index + 1 :])
        # In a table of an unknown kind "Toplam Nüfus" may be a fact by itself.
        only = last and sum(marks) == 1 and row is table.rows[-1]
        if row.total and (table.kind or is_plain_total(row.label.value) or only):
            equations = []
            for parts in _options(marks, index, children, partial=not last):
                optional = tuple(cells[part] for part in parts if is_of_which(line[part].label.value))
                equations.append(Equation("column", cells[index], tuple(cells[part] for part in parts), optional))
            if equations:
                yield next((equation for equation in equations if equation.holds()), equations[0])


def _options(marks: Sequence[bool], index: int, children: set[int], *, partial: bool) -> list[list[int]]:
    """What the total at `index` may count, the likeliest first; `marks` tells which of the line are totals. `children`
    are counted by a line above them; `partial` allows only some of the lines beside the total."""
    totals = [at for at, mark in enumerate(marks) if mark]
    upper = [at for at in totals if at < index]
    following = min((at for at in totals if at > index), default=len(marks))
    section = list(range(max(upper, default=-1) + 1, index))
    below = list(range(index + 1, following))
    before = [at for at in range(index) if not marks[at]]
    after = [at for at in range(index + 1, len(marks)) if not marks[at]]
    options = [before, section] if following == len(marks) else [section, before]
    options += [[*upper, *section], [at for at in before if at not in children], below, after]
    if partial:
        # A subtotal may count some of the rows right above or below it, a column only those beside it.
        options += [section[-count:] for count in range(2, len(section))]
        options += [below[:count] for count in range(2, len(below))]
    return [option for option in options if option]


def _children(cells: Sequence[GeneralCell], marks: Sequence[bool]) -> set[int]:
    """Rows that an unmarked row above them already counts: its figure is the sum of theirs."""
    values = [ZERO if mark or cell.value is None else cell.value for cell, mark in zip(cells, marks, strict=True)]
    children: set[int] = set()
    for parent, value in enumerate(values):
        if not value or parent in children:
            continue
        running = ZERO
        for at in range(parent + 1, len(values)):
            running += values[at]
            if marks[at] or running > value:
                break
            if running == value and at > parent + 1:
                children.update(range(parent + 1, at + 1))
                break
    return children


def _along_rows(kind: str, columns: Sequence[Line]) -> Iterator[Equation]:
    marks = [column.total for column in columns]
    # Whether the headings leave no doubt: classes of staff, women and men, filled and vacant.
    surely = kind in STAFF and all(column.total or is_people(column.name) for column in columns)
    for index in (index for index, mark in enumerate(marks) if mark):
        totals = [(row, total) for row, total in enumerate(columns[index].cells) if total.readings]
        options = [option for option in _options(marks, index, set(), partial=True) if len(option) > 1]
        tried = (
            [Equation("row", total, tuple(columns[at].cells[row] for at in option)) for row, total in totals]
            for option in options
        )
        best = max(tried, key=_fitting, default=[])
        # Columns that never add up ("Kat Sayısı" beside areas) are no parts of a total.
        if surely or 0 < len(best) <= 2 * _fitting(best):
            yield from best


def _fitting(equations: Sequence[Equation]) -> int:
    return sum(equation.holds() and any(equation.total.readings) for equation in equations)
