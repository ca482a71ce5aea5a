"""The sheet Kaynak of a merged workbook, read back: which form's cells gave which figure, and who filled them in.
Columns are known by their headings. A row is one figure, or a whole cost table in a template that lists `kaynak`."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from msgspec import Struct

from kars_xl.base.money import to_kurus
from kars_xl.base.place import Place, cell_at
from kars_xl.base.text import fold, read_code
from kars_xl.model.cost_rows import CostRow
from kars_xl.model.units import Unit
from kars_xl.reading.grid.cells import Cell, Grid, Sheet
from kars_xl.reading.labels import cost_row_of, label_of

# What the sheet opens with on which a merged workbook keeps a record of itself.
RECORD_MARK = "kars-xl kaydı"
_COLUMNS = {
    "dosya": "file", "sayfa": "sheet", "hucre": "cell", "hucreler": "cell", "satir": "item_text",
    "harcama birimi": "unit", "birim": "unit", "revizyon": "revision",
    "formu dolduran": "filled_by", "dolduran": "filled_by",
}  # fmt: skip
# Below these an indicator has its values of the three years.
_FIGURES = (("butce disi", "extra"), ("butce", "budget"), ("toplam", "total"))
_NEEDED = {"file", "sheet", "cell", "unit"}
_KINDS = ("F", "PG")
_MATRIX_COLUMNS = ("general", "transfers")


def is_own(grid: Grid) -> bool:
    """Whether kars-xl merged the workbook from forms, as its record says."""
    firsts = (sheet.cells.get((1, 1)) for sheet in grid.sheets)
    return any(cell is not None and cell.text.strip().startswith(RECORD_MARK) for cell in firsts)


class SourceRow(Struct, frozen=True, kw_only=True, eq=False):
    """A row: what it is of, the form's cells, and what was taken over from them. `code` is an activity's ("F.1.2.3") or
    an indicator's ("PG.1.2.3"); a row of Tablo 11 has a `column` instead. `item` is the row of a cost table, if any."""

    code: str
    column: str
    item: CostRow | None
    item_text: str
    file: str
    sheet: str
    cell: str  # an indicator's three, with commas between
    unit: Unit
    filled_by: str
    revision: str
    digest: str
    # budget, extra, total; or the three years
    figures: tuple[Cell | None, Cell | None, Cell | None]
    cells: tuple[Cell, ...]

    @property
    def is_indicator(self) -> bool:
        return self.code.startswith("PG.")

    @property
    def years(self) -> Iterator[tuple[str, Cell | None]]:
        """Of an indicator each year's cell of the form, and the cell of Kaynak that has its value."""
        return zip((cell.strip() for cell in self.cell.split(",")), self.figures, strict=False)

    @property
    def places(self) -> tuple[Place, ...]:
        """The form's cells; nothing for what is no address."""
        found = (place_in_form(self.file, self.sheet, cell) for cell in self.cell.split(","))
        return tuple(place for place in found if place is not None)

    @property
    def kurus(self) -> int:
        """What a row of amounts gave, budget and extra-budget."""
        values = (cell.value for cell in self.figures[:2] if cell is not None)
        return sum(to_kurus(value)[0] for value in values if isinstance(value, Decimal))


def read_source_rows(sheets: Iterable[Sheet]) -> tuple[SourceRow, ...] | None:
    """The rows that name a form's cell, of the sheet with Kaynak's headings, however it is called; None without one."""
    for sheet in sheets:
        rows = sheet.rows()
        for row in rows:
            typed = [cell for cell in reversed(row) if isinstance(cell.value, str) and cell.formula is None]
            columns = {name: cell.column for cell in typed if (name := _column(fold(cell.text)))}
            if columns.keys() >= _NEEDED:
                return tuple(source for below in rows if (source := _source_row(below, columns)))
    return None


def place_in_form(file: str, sheet: str, cell: str) -> Place | None:
    """The place that "C40" names; None for any other text."""
    at = cell_at(cell.strip())
    return Place(file, sheet, *at) if at else None


def _column(text: str) -> str:
    figure = next((name for begin, name in _FIGURES if text.startswith(begin)), "")
    return _COLUMNS.get(text) or ("digest" if "sha 256" in text else figure)


def _source_row(cells: list[Cell], columns: Mapping[str, int]) -> SourceRow | None:
    named = {name: cell for cell in cells for name, column in columns.items() if cell.column == column}
    text = {name: named[name].text if name in named else "" for name in {*_COLUMNS.values(), "digest"}}
    if not text["file"] or not text["cell"]:
        return None
    # What the row is of stands under headings that templates word as they like.
    others = [cell.text for cell in cells if cell.column not in columns.values()]
    code = next((".".join(found) for part in others if (found := read_code(part)) and found[0] in _KINDS), "")
    column = "" if code else next((label for part in others if (label := label_of(part)[0]) in _MATRIX_COLUMNS), "")
    item, unit = cost_row_of(text["item_text"]), Unit(text.pop("unit"))
    figures = (named.get("budget"), named.get("extra"), named.get("total"))
    return SourceRow(code=code, column=column, item=item, unit=unit, figures=figures, cells=tuple(cells), **text)
