"""The rows of the tables that list activities: of one target, of all (İdare Performans Tablosu), by unit."""

import re

from kars_xl.base.place import Place
from kars_xl.base.text import fold, read_code, split_code, squeeze, tidy
from kars_xl.reading import tables
from kars_xl.reading.grid.cells import Cell, ExcelError
from kars_xl.reading.labels import label_of
from kars_xl.reading.row_cells import at, code_cell, here, is_dated, of_year, text_of, year_of
from kars_xl.reading.rows.table_rows import Labels, TableRows

# What a form says in place of the values of an indicator that another unit fills.
_OTHERS = re.compile(r".{3,} doldurur")
_UNIT_OF_MEASURE = re.compile(r"olcu|(?:olcu )?birimi?|olcum birimi")


def _amount_columns(labels: Labels) -> dict[str, int]:
    return {name: labels[name].column for name in tables.AMOUNTS if name in labels}


class TargetRows(TableRows):
    """Performans Hedefi Tablosu: indicators, then activities with their amounts."""

    kind, short = tables.TargetTable, "PHT"
    table: tables.TargetTable
    section = ""
    year_columns: tuple[int, ...] = ()
    unit_column = 0
    unsure: Place | None = None  # a heading, where it can't be told which columns hold the three years
    uncoded: tuple[Cell, ...] = ()  # where rows without a code begin

    def columns_from(self, row: list[Cell], labels: Labels) -> None:
        self.section = "indicators" if "indicators" in labels else "activities"
        self.known = set()
        if self.section == "indicators":
            headings = [cell for cell in row[1:] if not cell.is_mark]
            self.known = {cell.column for cell in headings}
            units = [cell for cell in headings if _UNIT_OF_MEASURE.fullmatch(fold(cell.text))]
            self.unit_column = units[0].column if units else 0
            years = self._years([cell for cell in headings if cell not in units])
            self.year_columns = tuple(cell.column for cell in years)
            self.table.years = tuple(year_of(cell) for cell in years)
            self.table.year_place = years[-1].place if years else None
        self.columns |= _amount_columns(labels)

    def _years(self, headings: list[Cell]) -> list[Cell]:
        """The headings of the three years, of more those of the programme's; KX113 where they can't be told."""
        values = [cell for cell in headings if is_dated(cell)]
        if len(values) < 3:
            values = headings
        found = [of_year(values, off, self.reader.year) for off in (-2, -1, 0)] if len(values) > 3 else []
        if any(len(cells) != 1 for cells in found):
            self.refuse(values[0], ", ".join(cell.text for cell in values))
            self.unsure = values[0].place
        return [cells[0] for cells in found] if found and self.unsure is None else values[:3]

    def take(self, row: list[Cell], labels: Labels) -> bool:
        # A bare "Toplam" below activities is the last total.
        bare = labels.get("total") is row[0] and self.table.activities and any(it.looks_like_figure for it in row[1:])
        label = next((name for name in ("subtotal", "grand_total") if name in labels), "grand_total" if bare else "")
        if label:
            self.table.totals[label] = self._total_row(row, labels.get(label, row[0]))
            self.ended = label == "grand_total"
            return True
        if "total" in labels and ({"budget", "extra"} & labels.keys()):
            self.columns |= _amount_columns(labels)
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
        """A row of the table whose code is gone: an error, never a skipped row; kept where none has a code."""
        figures = [cell for cell in row[1:] if cell.looks_like_figure]
        if len(row) < 2 or not figures or all(not cell.text.strip(" 0,.-") for cell in figures):
            return False
        number = row[0].text.strip(" .)-").isdecimal()
        if any(self.table.codes) or row[int(number)].looks_like_figure:
            return self.refuse(row[0], tidy(row[0].text)[:60])
        self.uncoded += (row[0],)
        take = self._indicator if self.section == "indicators" else self._activity
        take(row, 0 if number else -1, "")
        return True

    def finish(self, document: tables.Document) -> None:
        if self.uncoded and any(self.table.codes):
            for cell in self.uncoded:
                self.refuse(cell, tidy(cell.text)[:60])
            self.table.indicators = [row for row in self.table.indicators if row.code]
            self.table.activities = [row for row in self.table.activities if row.code]
        super().finish(document)

    def _name(self, row: list[Cell], index: int) -> tables.Text:
        rest = row[index + 1 :]
        first_value = min([*self.year_columns, *self.columns.values()], default=1 << 20)
        named = rest and (rest[0].column < first_value or not rest[0].looks_like_figure)
        return text_of(rest[0] if named else None, here(row, row[index].column + 1 if index >= 0 else row[0].column))

    def _indicator(self, row: list[Cell], index: int, code: str) -> None:
        name = self._name(row, index)
        after = name.place.column + 1
        given = [cell for cell in row if cell.column >= after and not cell.is_mark]
        if given and all(_OTHERS.fullmatch(fold(cell.text)) for cell in given):
            return  # a figure beside the sentence is read, and the sentence then is no value
        unit = at(row, self.unit_column)
        if unit is not None and fold(unit.text) and squeeze(unit.text) not in squeeze(name.value):
            name = name._replace(value=f"{name.value} ({tidy(unit.text)})")
        if self.unsure is not None:
            places = (self.unsure, self.unsure, self.unsure)
            self.table.indicators.append(tables.IndicatorRow(code, name, (None, None, None), places))
            return
        columns = self.year_columns or tuple(range(after, after + 3))
        shift = max(0, after - columns[0])
        columns = tuple(column + shift for column in columns)
        columns += tuple(range(columns[-1] + 1, columns[-1] + 4 - len(columns)))
        if 0 < len(self.year_columns) < 3 and not shift:
            # A value whose year's heading is gone: the others may stand under a wrong one then.
            typed = [cell for cell in row if cell.formula is None and cell.looks_like_figure and cell.has_digit]
            headed = {*columns, *self.known}
            if lost := [cell for cell in typed if cell.column >= after and cell.column not in headed]:
                self.refuse(lost[0])
        cells = [at(row, column) for column in columns]
        first, second, third = (self.reader.indicator(cell, code, name.value) for cell in cells)
        places = (here(row, columns[0]), here(row, columns[1]), here(row, columns[2]))
        written = tuple(tidy(cell.value) if cell and isinstance(cell.value, str) else "" for cell in cells)
        self.table.indicators.append(tables.IndicatorRow(code, name, (first, second, third), places, written))

    def _activity(self, row: list[Cell], index: int, code: str) -> None:
        name = self._name(row, index)
        after = name.place.column + 1
        columns = self.columns or {label: after + offset for offset, label in enumerate(tables.AMOUNTS)}
        shift = max(0, after - min(columns.values()))
        amounts = self._amounts(row, {label: column + shift for label, column in columns.items()}, code)
        self.table.activities.append(tables.ActivityRow(code, name, amounts))

    def _total_row(self, row: list[Cell], label_cell: Cell) -> tables.AmountRow:
        """A total row of a text has its amounts right after the label, whatever the heading's columns are."""
        figures = [cell for cell in row if cell.column > label_cell.column]
        columns = self.columns
        if len(figures) == 3 and len(columns) in (0, 3):
            order = sorted(columns, key=lambda label: columns[label]) if columns else tables.AMOUNTS
            columns = {label: cell.column for label, cell in zip(order, figures, strict=True)}
        parts = [row.amounts for row in self.table.activities]
        broken = any(cell and cell.kurus is None for part in parts for cell in (part.budget, part.extra, part.total))
        return self._amounts(row, columns, label_cell.text, broken=broken)

    def _amounts(self, row: list[Cell], columns: dict[str, int], key: str, *, broken: bool = False) -> tables.AmountRow:
        found: dict[str, tables.Amount | None] = {}
        for label, column in columns.items():
            cell = at(row, column)
            if cell is not None and isinstance(cell.value, ExcelError):
                if broken:
                    # A cost table that is gone leaves an error in each formula of its row and below: one is said.
                    found[label] = tables.Amount(None, cell.place, formula=cell.formula is not None)
                    continue
                broken = True
            found[label] = self.amount(row, column, key)
        return tables.AmountRow(row[0].place, found.get("budget"), found.get("extra"), found.get("total"))


class SummaryRows(TableRows):
    """İdare Performans Tablosu: a row an activity with three amounts and their shares, then four totals."""

    kind, short = tables.SummaryTable, "İPT"
    table: tables.SummaryTable
    _TOTALS = ("activities_total", "general", "transfers", "grand_total")

    @staticmethod
    def is_heading(labels: Labels) -> bool:
        return {"budget", "extra", "total"} <= labels.keys() and bool({"activity", "target", "note"} & labels.keys())

    def columns_from(self, row: list[Cell], labels: Labels) -> None:
        self.columns = _amount_columns(labels)
        # Beside its amount, unless an amount stands there or a line below says where.
        amounts = set(self.columns.values())
        shares = {f"{name}_share": column + 1 for name, column in self.columns.items()}
        self.columns |= {name: column for name, column in shares.items() if column not in amounts}
        if named := labels.get("note") or labels.get("activity_name"):
            self.columns["name"] = named.column

    def take(self, row: list[Cell], labels: Labels) -> bool:
        nameless = tables.Text("", row[0].place)
        label = label_of(row[0].text)[0] if isinstance(row[0].value, str) else ""
        if self.ended:
            return False
        named = [cell for cell in row if cell.column < min(self.columns[part] for part in tables.AMOUNTS)]
        if found := code_cell(named, 2):
            index, _, number = found
            name = at(row, self.columns["name"]) if "name" in self.columns else next(iter(row[index + 1 :]), None)
            target = text_of(row[0], row[0].place) if index else nameless
            self.table.rows.append(self._row(row, f"F.{number}", "", target, text_of(name, row[index].place)))
        elif label in self._TOTALS:
            self.table.totals[label] = self._row(row, "", label, nameless, nameless)
            self.ended = label == "grand_total"
        elif {"share", "lira"} & labels.keys():
            # The TL / PAY (%) line below the heading: each share's column is the first PAY right of its amount.
            shares = [cell.column for cell in row if label_of(cell.text)[0] == "share"]
            for part in tables.AMOUNTS:
                right = [share for share in shares if share > self.columns[part]]
                self.columns |= {f"{part}_share": share for share in right[:1]}
        else:
            return False
        return True

    def _row(self, row: list[Cell], code: str, label: str, target: tables.Text, name: tables.Text) -> tables.SummaryRow:
        key = code or row[0].text
        amounts = (self.amount(row, self.columns[part], key, total=not code) for part in tables.AMOUNTS)
        shares = [at(row, self.columns.get(f"{part}_share", 0)) for part in tables.AMOUNTS]
        read = (tables.ShareCell(self.reader.indicator(cell, key), cell.place) if cell else None for cell in shares)
        return tables.SummaryRow(code, label, target, name, tables.AmountRow(row[0].place, *amounts), tuple(read))


class ResponsibilityRows(TableRows):
    """Faaliyetlerden Sorumlu Harcama Birimleri: target, activity (with its code where it has one), units."""

    kind, short = tables.ResponsibilityTable, "SHB"
    table: tables.ResponsibilityTable

    @staticmethod
    def is_heading(labels: Labels) -> bool:
        return bool({"responsibles", "responsible"} & labels.keys()) and "activities" in labels

    def columns_from(self, row: list[Cell], labels: Labels) -> None:
        unit = labels.get("responsibles") or labels["responsible"]
        self.columns = {"activity": labels["activities"].column, "unit": unit.column}

    def take(self, row: list[Cell], labels: Labels) -> bool:
        unit = at(row, self.columns["unit"])
        before = [cell for cell in row if cell.column < self.columns["activity"]]
        middle = [cell for cell in row if self.columns["activity"] <= cell.column < self.columns["unit"]]
        if not middle or not isinstance(middle[-1].value, str):
            return False
        found = read_code(middle[0].text) if len(middle) > 1 else None
        name = middle[-1].text
        if found is None and (parts := split_code(name)):
            found, name = parts[:2], parts[2]
        target = text_of(next(iter(before), None), row[0].place)
        units = "\n".join(tidy(line) for line in unit.text.splitlines()) if unit else ""
        activity = tables.Text(tidy(name), middle[-1].place)
        place = here(row, self.columns["unit"])
        code = f"F.{found[1]}" if found else ""
        self.table.rows.append(tables.ResponsibilityRow(target, code, activity, tables.Text(units, place)))
        return True
