"""The merged workbook to read: its sheets drawn as they are, sums as charts, and each figure's way down to the form."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from pathlib import Path
from urllib.parse import urlencode

from msgspec import Struct

from kars_xl.base.money import to_tl
from kars_xl.base.number_format import shown_number
from kars_xl.base.place import Place, a1, column_letters
from kars_xl.model.cost_rows import CostRow
from kars_xl.model.programme import Programme
from kars_xl.reading.grid import Cell, Grid, Sheet, UnreadableFile, open_grid
from kars_xl.reading.grid.cells import Unknown
from kars_xl.reports.diff import read_edition
from kars_xl.reports.diff.edition import Edition, shares_of
from kars_xl.reports.trace import Form, Trace, Unopened, WrongAddress, open_tree, origins_below, trace_forward
from kars_xl.reports.trace.facts import Origin
from kars_xl.reports.trace.tree import Tree

_AROUND, _COLUMNS, _ROWS = 3, 16, 4000  # rows above and below a cell; the most of a sheet that is drawn


class DrawnCell(Struct, frozen=True):
    """A cell as its sheet shows it; `link` leads on where it is a figure, `is_meant` is the one that is spoken of."""

    text: str
    is_number: bool = False
    is_meant: bool = False
    link: str = ""


class Drawn(Struct, frozen=True):
    """Rows of a sheet under the letters of their columns; cells that hold nothing are None."""

    sheet: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[int, Sequence[DrawnCell | None]]]


def draw(
    sheet: Sheet, top: int = 1, bottom: int = _ROWS, meant: str = "", link: Callable[[Cell], str] = lambda _: ""
) -> Drawn:
    """The rows from `top` to `bottom` that hold anything, and the columns that these have."""
    shown = [cell for cell in sheet.cells.values() if top <= cell.row <= bottom and _text(cell)]
    columns = sorted({cell.column for cell in shown})[:_COLUMNS]
    rows = sorted({cell.row for cell in shown})

    def drawn(cell: Cell | None) -> DrawnCell | None:
        if cell is None or not (text := _text(cell)):
            return None
        return DrawnCell(text, isinstance(cell.value, Decimal), cell.place.cell == meant, link(cell))

    lines = [(row, [drawn(sheet.cells.get((row, column))) for column in columns]) for row in rows]
    return Drawn(sheet.name, tuple(map(column_letters, columns)), lines)


def _text(cell: Cell) -> str:
    if cell.is_date:
        return cell.day
    if isinstance(cell.value, Decimal) and cell.number_format != "General":
        return cell.shown or shown_number(cell.number_format, cell.value)
    # What a formula results in stands in a file only if a spreadsheet has computed it.
    return "…" if isinstance(cell.value, Unknown) else cell.text


@lru_cache(maxsize=64)
def _grid(path: str, _: int) -> Grid:
    return open_grid(path)


def draw_around(place: Place) -> Drawn | None:
    """The rows around a form's cell, as its clerk sees them; None where there is no such cell, or no reading it."""
    try:
        grid = _grid(place.file, Path(place.file).stat().st_mtime_ns) if place.row else None
    except (OSError, UnreadableFile):
        return None
    sheet = next((it for it in grid.sheets if it.name == place.sheet), None) if grid else None
    return draw(sheet, place.row - _AROUND, place.row + _AROUND, place.cell) if sheet else None


class Bar(Struct, frozen=True):
    """A line of a chart: what it is of, kuruş, and the figures that it is made of."""

    label: str
    kurus: int
    parts: Sequence["Bar"] = ()
    link: str = ""


class Book(Struct, frozen=True):
    """A merged workbook that was opened."""

    path: Path
    tree: Tree
    edition: Edition | None

    @property
    def sheets(self) -> list[str]:
        return [sheet.name for sheet in self.tree.book.sheets.values() if not sheet.hidden]

    def draw(self, name: str) -> Drawn:
        """A sheet, each figure of it with the way to where it comes from."""

        def link(cell: Cell) -> str:
            address = cell.sheet, cell.row, cell.column
            is_figure = address in self.tree.facts or cell.formula is not None
            return traced(f"{cell.sheet}!{cell.place.cell}") if is_figure and isinstance(cell.value, Decimal) else ""

        return draw(self.tree.book.sheets[name], link=link)

    def charts(self) -> Iterator[tuple[str, list[Bar]]]:
        """What the programme costs by goal, unit and code; of the first two with the activities below them."""
        if self.edition is None:
            return
        programme = self.edition.programme
        yield "Amaçlara göre", list(_by_goal(programme))
        by_unit: dict[str, list[Bar]] = defaultdict(list)
        for activity in programme.activities:
            for share in shares_of(self.edition, activity):
                bar = Bar(f"{activity.code} {activity.name}", share.total, link=traced(activity.code))
                by_unit[share.unit.name or "Birimi belli olmayan"].append(bar)
        units = [Bar(unit, sum(bar.kurus for bar in parts), parts) for unit, parts in by_unit.items()]
        yield "Birimlere göre", sorted(units, key=lambda bar: -bar.kurus)
        amounts = dict(programme.totals.grand)
        yield (
            "Ekonomik kodlara göre (Tablo 11)",
            [Bar(row.title, kurus, link=self._matrix(row, kurus)) for row, kurus in amounts.items() if kurus],
        )

    def _matrix(self, row: CostRow, kurus: int) -> str:
        """The way to the cell of Tablo 11 with the sum of a row, its last one; "" where the workbook has none."""
        wanted = to_tl(kurus)
        own = [at for at, fact in self.tree.facts.items() if fact.table == "TKT" and fact.parts[0] == row.title]
        found = [at for at in own if self.tree.book.value(at) == wanted]
        return traced(f"{found[-1][0]}!{a1(*found[-1][1:])}") if found else ""

    def trace(self, address: str, forms: Path) -> Trace:
        """Raises WrongAddress."""
        return trace_forward(str(self.path), address, [str(forms)] if forms.is_dir() else (), self.tree)


def _by_goal(programme: Programme) -> Iterator[Bar]:
    for goal in programme.goals:
        own = chain.from_iterable(target.activities for target in programme.targets if target.goal == goal.code)
        known = [(it, it.costs.total) for it in own if it.costs is not None]
        parts = [Bar(f"{it.code} {it.name}", kurus, link=traced(it.code)) for it, kurus in known]
        yield Bar(f"{goal.code} {goal.name}", sum(bar.kurus for bar in parts), parts)


def traced(address: str) -> str:
    """The page that says where a figure of the workbook comes from."""
    return f"/iz?{urlencode({'hucre': address})}"


def ends_of(trace: Trace) -> Iterator[tuple[Origin, Form]]:
    """The forms' cells that a figure ends in, each with its form."""
    return ((origin, trace.forms.form(origin)) for origin in origins_below(trace.root))


@lru_cache(maxsize=1)
def _opened(path: Path, _: int) -> Book:
    return Book(path, open_tree(str(path), formulas=True), read_edition(str(path))[0])


def open_book(path: Path) -> Book | None:
    """The workbook at `path`, opened once for each state of it; None where there is none that can be read."""
    try:
        return _opened(path, path.stat().st_mtime_ns)
    except (OSError, Unopened, WrongAddress):
        return None
