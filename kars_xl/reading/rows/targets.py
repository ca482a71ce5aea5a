"""The rows of a Performans Hedefi Tablosu: indicators, then activities with their amounts."""

from __future__ import annotations

from kars_xl.base.text import fold, tidy
from kars_xl.reading.cell_values import (
    Labels,
    TableRows,
    at,
    code_cell,
    here,
    is_mark,
    looks_like_figure,
    text_of,
    year_of,
)
from kars_xl.reading.grid.cells import Cell, ExcelError
from kars_xl.reading.tables import AMOUNTS, ActivityRow, Amount, AmountRow, IndicatorRow, TargetTable, Text


class TargetRows(TableRows):
    """Performans Hedefi Tablosu: indicators, then activities with their amounts."""

    kind, short = TargetTable, "PHT"
    table: TargetTable
    section = ""
    year_columns: tuple[int, ...] = ()
    headed: frozenset[int] = frozenset()

    def columns_from(self, row: list[Cell], labels: Labels) -> None:
        self.section = "indicators" if "indicators" in labels else "activities"
        if self.section == "indicators":
            headings = [cell for cell in row[1:] if not is_mark(cell)]
            self.headed = frozenset(cell.column for cell in headings)
            years = self._years(headings)
            self.year_columns = tuple(cell.column for cell in years)
            self.table.years = tuple(year_of(cell) for cell in years)
            self.table.year_place = years[-1].place if years else None
        self._amount_columns(labels)

    def _years(self, headings: list[Cell]) -> list[Cell]:
        """The headings of the three years; KX113 where more could be them."""
        values = [cell for cell in headings if year_of(cell)]
        if len(values) != 3:
            values = [cell for cell in headings if "olcu" not in fold(cell.text)]
        if len(values) > 3:
            self.refuse(values[0], ", ".join(cell.text for cell in values))
        return values[:3]

    def _amount_columns(self, labels: Labels) -> None:
        self.columns |= {name: labels[name].column for name in AMOUNTS if name in labels}

    def take(self, row: list[Cell], labels: Labels) -> bool:
        # A bare "Toplam" below activities is the last total.
        bare = labels.get("total") is row[0] and self.table.activities and any(map(looks_like_figure, row[1:]))
        label = next((name for name in ("subtotal", "grand_total") if name in labels), "grand_total" if bare else "")
        if label:
            self.table.totals[label] = self._total_row(row, labels.get(label, row[0]))
            self.ended = label == "grand_total"
            return True
        if "total" in labels and ({"budget", "extra"} & labels.keys()):
            self._amount_columns(labels)
            return True
        found = None if self.ended else code_cell(row, 2)
        if found is None:
            return bool(self.section) and not self.ended and self._without_code(row)
        index, kind, number = found
        if kind == "PG" or (kind != "F" and self.section == "indicators"):
            self._indicator(row, index, f"PG.{number}")
        else:
            self._activity(row, index, f"F.{number}")
        return True

    def _without_code(self, row: list[Cell]) -> bool:
        """A row of the table whose code is gone: an error, never a skipped row."""
        figures = [cell for cell in row[1:] if looks_like_figure(cell)]
        if len(row) < 2 or not figures or all(not cell.text.strip(" 0,.-") for cell in figures):
            return False
        return self.refuse(row[0], tidy(row[0].text)[:60])

    def _name(self, row: list[Cell], index: int) -> tuple[Text, int]:
        """The wording after the code, and its column."""
        rest = row[index + 1 :]
        first_value = min([*self.year_columns, *self.columns.values()], default=1 << 20)
        named = rest and (rest[0].column < first_value or not looks_like_figure(rest[0]))
        text = text_of(rest[0] if named else None, here(row, row[index].column + 1))
        return text, text.place.column

    def _indicator(self, row: list[Cell], index: int, code: str) -> None:
        name, name_column = self._name(row, index)
        columns = self.year_columns or tuple(range(name_column + 1, name_column + 4))
        shift = max(0, name_column + 1 - columns[0])
        columns = tuple(column + shift for column in columns)
        columns += tuple(range(columns[-1] + 1, columns[-1] + 4 - len(columns)))
        if 0 < len(self.year_columns) < 3 and not shift:
            self._report_unheaded(row, name_column, {*columns, *self.headed})
        cells = [at(row, column) for column in columns]
        first, second, third = (self.reader.indicator(cell, code, name.value) for cell in cells)
        places = (here(row, columns[0]), here(row, columns[1]), here(row, columns[2]))
        written = tuple(tidy(cell.value) if cell and isinstance(cell.value, str) else "" for cell in cells)
        self.table.indicators.append(IndicatorRow(code, name, (first, second, third), places, written))

    def _report_unheaded(self, row: list[Cell], name_column: int, headed: set[int]) -> None:
        """A value whose year's heading is gone: the others may stand under a wrong one then."""
        typed = [cell for cell in row if cell.formula is None and looks_like_figure(cell)]
        beside = [cell for cell in typed if cell.column > name_column and cell.column not in headed]
        lost = [cell for cell in beside if any(ch.isdigit() for ch in cell.text)]
        if lost:
            self.refuse(lost[0])

    def _activity(self, row: list[Cell], index: int, code: str) -> None:
        name, name_column = self._name(row, index)
        columns = self.columns or {label: name_column + 1 + offset for offset, label in enumerate(AMOUNTS)}
        shift = max(0, name_column + 1 - min(columns.values()))
        amounts = self._amounts(row, {label: column + shift for label, column in columns.items()}, code)
        self.table.activities.append(ActivityRow(code, name, amounts))

    def _total_row(self, row: list[Cell], label_cell: Cell) -> AmountRow:
        """A total row of a text has its amounts right after the label, whatever the heading's columns are."""
        figures = [cell for cell in row if cell.column > label_cell.column]
        columns = self.columns
        if len(figures) == 3 and len(columns) in (0, 3):
            order = sorted(columns, key=lambda label: columns[label]) if columns else AMOUNTS
            columns = {label: cell.column for label, cell in zip(order, figures, strict=True)}
        return self._amounts(row, columns, label_cell.text)

    def _amounts(self, row: list[Cell], columns: dict[str, int], key: str) -> AmountRow:
        found: dict[str, Amount | None] = {}
        broken = False
        for label, column in columns.items():
            cell = at(row, column)
            if cell is not None and isinstance(cell.value, ExcelError):
                if broken:
                    # A cost table that is gone leaves an error in each of the row's formulas: one is said.
                    found[label] = Amount(None, cell.place, formula=cell.formula is not None)
                    continue
                broken = True
            found[label] = self.amount(row, column, key)
        return AmountRow(row[0].place, found.get("budget"), found.get("extra"), found.get("total"))
