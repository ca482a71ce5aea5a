"""The rows of each official table: which column is which, and what a row is, as one small class a table."""

from __future__ import annotations

from kars_xl.catalogue import finding
from kars_xl.grid.cells import Cell
from kars_xl.labels import economic_code_of, label_of
from kars_xl.model import ECONOMIC_CODES, Place
from kars_xl.tables import (
    ActivityRow,
    Amount,
    AmountRow,
    CostTable,
    Document,
    Heading,
    IndicatorRow,
    ResourceMatrix,
    ResponsibilityRow,
    ResponsibilityTable,
    ShareCell,
    SummaryRow,
    SummaryTable,
    TargetTable,
    Text,
)
from kars_xl.text import read_code, split_code, tidy
from kars_xl.values import CellReader, year_of

Labels = dict[str, Cell]
_AMOUNTS = ("budget", "extra", "total")


class TableRows:
    """A table that is being read: told its columns, then given row after row."""

    def __init__(self, heading: Heading, place: Place, reader: CellReader) -> None:
        self.heading = heading
        self.place = heading.place or place
        self.reader = reader
        self.columns: dict[str, int] = {}
        self.ended = False

    def columns_from(self, row: list[Cell], labels: Labels) -> None:
        """Takes a heading row."""
        raise NotImplementedError

    def take(self, row: list[Cell], labels: Labels) -> bool:
        """Reads a row of the table; False where it is none."""
        raise NotImplementedError

    def finish(self, document: Document) -> None:
        """Adds the table to the document."""
        raise NotImplementedError

    def continues(self) -> bool:
        """True while a repeated heading goes on with this table (a page break), and does not open another."""
        return not self.ended


def _at(row: list[Cell], column: int) -> Cell | None:
    return next((cell for cell in row if cell.column == column), None)


def _here(row: list[Cell], column: int) -> Place:
    return Place(row[0].file, row[0].sheet, row[0].row, column)


def _code_cell(row: list[Cell], within: int) -> tuple[int, str, str] | None:
    """(index, kind, number) of the code among the row's first cells."""
    for index, cell in enumerate(row[:within]):
        if isinstance(cell.value, str) and (found := read_code(cell.text)) and "." in found[1]:
            return index, *found
    return None


def _looks_like_figure(cell: Cell) -> bool:
    """True for numbers, errors and text without words: "1.000,00 TL", "-"."""
    return not isinstance(cell.value, str) or not any(ch.isalpha() for ch in cell.text.replace("TL", ""))


class TargetRows(TableRows):
    """Performans Hedefi Tablosu: indicators, then activities with their amounts."""

    def __init__(self, heading: Heading, place: Place, reader: CellReader) -> None:
        super().__init__(heading, place, reader)
        self.table = TargetTable(heading, self.place)
        self.section = ""
        self.year_columns: list[int] = []

    def columns_from(self, row: list[Cell], labels: Labels) -> None:
        self.section = "indicators" if "indicators" in labels else "activities"
        if self.section == "indicators":
            years = row[1:]
            self.year_columns = [cell.column for cell in years][:3]
            self.table.years = tuple(year_of(cell) for cell in years[:3])
        self._amount_columns(labels)

    def _amount_columns(self, labels: Labels) -> None:
        found = {name: labels[name].column for name in _AMOUNTS if name in labels}
        self.columns.update(found)

    def take(self, row: list[Cell], labels: Labels) -> bool:
        if {"subtotal", "grand_total"} & labels.keys():
            label = "subtotal" if "subtotal" in labels else "grand_total"
            self.table.totals[label] = self._total_row(row, labels[label], label)
            self.ended = label == "grand_total"
            return True
        if "total" in labels and ({"budget", "extra"} & labels.keys()):
            self._amount_columns(labels)
            return True
        if self.ended or not self.section:
            return False
        found = _code_cell(row, 2)
        if found is None:
            return self._without_code(row)
        index, kind, number = found
        if kind == "PG" or (kind != "F" and self.section == "indicators"):
            self._indicator(row, index, f"PG.{number}")
        else:
            self._activity(row, index, f"F.{number}")
        return True

    def _without_code(self, row: list[Cell]) -> bool:
        """A row of the table whose code is gone: an error, never a skipped row."""
        figures = [cell for cell in row[1:] if _looks_like_figure(cell)]
        if len(row) < 2 or not figures or all(not cell.text.strip(" 0,.-") for cell in figures):
            return False
        self.reader.findings.append(finding("KX113", row[0].place, table="PHT", found=tidy(row[0].text)[:60]))
        return True

    def _name(self, row: list[Cell], index: int) -> tuple[Text, int]:
        """The wording after the code, and its column."""
        code_column = row[index].column
        rest = row[index + 1 :]
        first_value = min([*self.year_columns, *self.columns.values()], default=1 << 20)
        if rest and (rest[0].column < first_value or not _looks_like_figure(rest[0])):
            return Text(tidy(rest[0].text), rest[0].place), rest[0].column
        return Text("", _here(row, code_column + 1)), code_column + 1

    def _indicator(self, row: list[Cell], index: int, code: str) -> None:
        name, name_column = self._name(row, index)
        columns = self.year_columns or [name_column + 1 + offset for offset in range(3)]
        shift = max(0, name_column + 1 - columns[0])
        columns = [column + shift for column in columns]
        columns += [columns[-1] + 1 + offset for offset in range(3 - len(columns))]
        values = [self.reader.indicator(_at(row, column), code) for column in columns]
        places = [_here(row, column) for column in columns]
        self.table.indicators.append(
            IndicatorRow(code, name, (values[0], values[1], values[2]), (places[0], places[1], places[2]))
        )

    def _activity(self, row: list[Cell], index: int, code: str) -> None:
        name, name_column = self._name(row, index)
        columns = self.columns or {label: name_column + 1 + offset for offset, label in enumerate(_AMOUNTS)}
        shift = max(0, name_column + 1 - min(columns.values()))
        amounts = self._amounts(row, {label: column + shift for label, column in columns.items()}, code)
        self.table.activities.append(ActivityRow(code, name, amounts))

    def _total_row(self, row: list[Cell], label_cell: Cell, key: str) -> AmountRow:
        """A total row of a text has its amounts right after the label, whatever the heading's columns are."""
        figures = [cell for cell in row if cell.column > label_cell.column]
        columns = self.columns
        if len(figures) == 3 and len(columns) in (0, 3):
            order = sorted(columns, key=lambda label: columns[label]) if columns else _AMOUNTS
            columns = {label: cell.column for label, cell in zip(order, figures, strict=True)}
        return self._amounts(row, columns, key)

    def _amounts(self, row: list[Cell], columns: dict[str, int], key: str) -> AmountRow:
        found: dict[str, Amount | None] = {
            label: self.reader.amount(_at(row, column), _here(row, column), "PHT", key, total=True)
            for label, column in columns.items()
        }
        return AmountRow(row[0].place, found.get("budget"), found.get("extra"), found.get("total"))

    def finish(self, document: Document) -> None:
        document.tables.append(self.table)


_COST_TOTALS = ("budget_total", "extra_total", "need_total")


def _cost_key(row: list[Cell], labels: Labels) -> int | str | None:
    """What a cost row is: an economic code, "source0".."source2", a total's label; None for no cost row.

    A number and a name that contradict each other are no cost row: whether the name or the number was changed by
    mistake can't be told.
    """
    for label in (*_COST_TOTALS, "source0", "source1", "source2"):
        if label in labels:
            return label
    number: int | None = None
    if (text := row[0].text.strip(" .-)")) and text.isdigit() and int(text) in ECONOMIC_CODES:
        number = int(text)
    names = {code for cell in row[:3] if isinstance(cell.value, str) and (code := economic_code_of(cell.text))}
    if len(names) > 1 or (number and names and names != {number}):
        return None
    if number is None and not names:
        return None
    return number or names.pop()


class CostRows(TableRows):
    """Faaliyet Maliyetleri Tablosu: an amount for each economic code and extra-budget source, and three totals."""

    def __init__(self, heading: Heading, place: Place, reader: CellReader) -> None:
        super().__init__(heading, place, reader)
        self.table = CostTable(heading, self.place)
        self.key = heading.codes.get("activity_name") or heading.text("activity_name")
        self.heading_text = ""

    @staticmethod
    def is_row(row: list[Cell], labels: Labels) -> bool:
        return _cost_key(row, labels) is not None

    def started(self) -> bool:
        return bool(self.table.budget or self.table.extra or self.table.totals)

    def columns_from(self, row: list[Cell], labels: Labels) -> None:
        beside = [cell for cell in row if cell.column > labels["economic_code"].column]
        if beside:
            self.columns["amount"] = beside[-1].column
            self.heading_text = beside[-1].text
            self.table.year = year_of(beside[-1])

    def take(self, row: list[Cell], labels: Labels) -> bool:
        if self.ended:
            return False
        key = _cost_key(row, labels)
        if key is None:
            return self._unknown(row)
        name = self._name_cell(row)
        column = self.columns.setdefault("amount", max(row[-1].column, name.column + 1))
        cell = _at(row, column)
        is_total = key in _COST_TOTALS
        beyond = [other for other in row if other.column > name.column]
        if cell is None and (stray := [other for other in beyond if any(ch.isdigit() for ch in other.text)]):
            heading, found = self.heading_text or "tutar", stray[0].text
            self.reader.findings.append(
                finding("KX112", stray[0].place, table="FMT", key=self.key, found=found, heading=heading)
            )
        amount = self.reader.amount(cell, _here(row, column), "FMT", self.key, total=is_total)
        if isinstance(key, int):
            self._put(self.table.budget, key, amount, name)
        elif is_total:
            self.table.totals.setdefault(key, amount)
            self.ended = key == "need_total"
        else:
            self._put(self.table.extra, int(key[-1]), amount, name)
        return True

    def _put(self, rows: dict[int, Amount], key: int, amount: Amount, name: Cell) -> None:
        if key in rows:
            self.reader.findings.append(finding("KX113", name.place, table="FMT", key=self.key, found=name.text))
        else:
            rows[key] = amount

    @staticmethod
    def _name_cell(row: list[Cell]) -> Cell:
        """The last cell of the row that names it."""
        named = [cell for cell in row[:3] if isinstance(cell.value, str) and not _looks_like_figure(cell)]
        return named[-1] if named else row[0]

    def _unknown(self, row: list[Cell]) -> bool:
        """A row among the cost rows that can't be told: an error where it holds a figure."""
        column = self.columns.get("amount", 0)
        cell = _at(row, column)
        if cell is None or (cell is row[0] and len(row) == 1) or not _looks_like_figure(cell):
            return False
        self.reader.findings.append(finding("KX113", row[0].place, table="FMT", key=self.key, found=row[0].text))
        return True

    def finish(self, document: Document) -> None:
        document.tables.append(self.table)


class SummaryRows(TableRows):
    """İdare Performans Tablosu: a row an activity with three amounts and their shares, then four totals."""

    _TOTALS = ("activities_total", "general", "transfers", "grand_total")

    def __init__(self, heading: Heading, place: Place, reader: CellReader) -> None:
        super().__init__(heading, place, reader)
        self.table = SummaryTable(heading, self.place)

    @staticmethod
    def is_heading(labels: Labels) -> bool:
        return {"budget", "extra", "total"} <= labels.keys() and bool({"activity", "target", "note"} & labels.keys())

    def columns_from(self, row: list[Cell], labels: Labels) -> None:
        self.columns = {name: labels[name].column for name in _AMOUNTS}
        self.columns |= {f"{name}_share": column + 1 for name, column in self.columns.items()}

    def take(self, row: list[Cell], labels: Labels) -> bool:
        if self.ended:
            return False
        first = label_of(row[0].text)[0] if isinstance(row[0].value, str) else ""
        if first in self._TOTALS:
            self.table.totals[first] = self._summary_row(row, "", first, Text("", row[0].place), Text("", row[0].place))
            self.ended = first == "grand_total"
            return True
        if {"share", "lira"} & labels.keys():
            self._share_columns(row)
            return True
        found = _code_cell(row, 3)
        if found is None:
            return False
        index, _, number = found
        target = Text(tidy(row[0].text), row[0].place) if index else Text("", row[0].place)
        name = row[index + 1] if len(row) > index + 1 else row[index]
        text = Text(tidy(name.text), name.place)
        self.table.rows.append(self._summary_row(row, f"F.{number}", "", target, text))
        return True

    def _share_columns(self, row: list[Cell]) -> None:
        """The TL / PAY (%) line below the heading: each share's column is the first PAY right of its amount."""
        shares = [cell.column for cell in row if label_of(cell.text)[0] == "share"]
        for name in _AMOUNTS:
            column = next((share for share in shares if share > self.columns[name]), None)
            if column is not None:
                self.columns[f"{name}_share"] = column

    def _summary_row(self, row: list[Cell], code: str, label: str, target: Text, name: Text) -> SummaryRow:
        key = code or label
        amounts = [
            self.reader.amount(_at(row, self.columns[part]), _here(row, self.columns[part]), "İPT", key, total=True)
            for part in _AMOUNTS
        ]
        shares = [self._share(row, self.columns[f"{part}_share"], key) for part in _AMOUNTS]
        return SummaryRow(
            code, label, target, name, AmountRow(row[0].place, *amounts), (shares[0], shares[1], shares[2])
        )

    def _share(self, row: list[Cell], column: int, key: str) -> ShareCell | None:
        cell = _at(row, column)
        return ShareCell(self.reader.indicator(cell, key), cell.place) if cell else None

    def finish(self, document: Document) -> None:
        document.tables.append(self.table)


class MatrixRows(TableRows):
    """Toplam Kaynak İhtiyacı (Tablo 11), or the finance form's part of it."""

    _COLUMNS = ("activity_column", "general", "transfers", "grand_total")

    def __init__(self, heading: Heading, place: Place, reader: CellReader) -> None:
        super().__init__(heading, place, reader)
        self.table = ResourceMatrix(heading, self.place)

    @staticmethod
    def is_heading(labels: Labels) -> bool:
        return "economic_code" in labels and len(labels.keys() & set(MatrixRows._COLUMNS)) >= 2

    def columns_from(self, row: list[Cell], labels: Labels) -> None:
        self.columns = {name: labels[name].column for name in self._COLUMNS if name in labels}
        self.table.columns = {name: {} for name in self.columns}

    def take(self, row: list[Cell], labels: Labels) -> bool:
        if self.ended:
            return False
        before = [cell for cell in row if cell.column < min(self.columns.values())]
        if not before:
            return False
        names = {label_of(cell.text)[0] for cell in before if isinstance(cell.value, str)}
        key = "grand_total" if "grand_total" in names else _cost_key(before, dict.fromkeys(names, row[0]))
        if key is None:
            figures = [cell for cell in row if cell not in before and _looks_like_figure(cell)]
            if figures:
                self.reader.findings.append(finding("KX113", row[0].place, table="TKT", found=row[0].text))
            return bool(figures)
        is_total = key in (*_COST_TOTALS, "grand_total")
        for name, column in self.columns.items():
            recomputed = is_total or name in ("activity_column", "grand_total")
            cell = _at(row, column)
            amount = self.reader.amount(cell, _here(row, column), "TKT", str(key), total=recomputed)
            self.table.columns[name].setdefault(key, amount)
        self.ended = key == "grand_total"
        return True

    def finish(self, document: Document) -> None:
        document.tables.append(self.table)


class ResponsibilityRows(TableRows):
    """Faaliyetlerden Sorumlu Harcama Birimleri: target, activity (with its code where it has one), units."""

    def __init__(self, heading: Heading, place: Place, reader: CellReader) -> None:
        super().__init__(heading, place, reader)
        self.table = ResponsibilityTable(heading, self.place)

    @staticmethod
    def is_heading(labels: Labels) -> bool:
        return bool({"responsibles", "responsible"} & labels.keys()) and "activities" in labels

    def columns_from(self, row: list[Cell], labels: Labels) -> None:
        unit = labels.get("responsibles") or labels["responsible"]
        self.columns = {"activity": labels["activities"].column, "unit": unit.column}

    def take(self, row: list[Cell], labels: Labels) -> bool:
        unit = _at(row, self.columns["unit"])
        middle = [cell for cell in row if self.columns["activity"] <= cell.column < self.columns["unit"]]
        if not middle or not isinstance(middle[-1].value, str):
            return False
        found = read_code(middle[0].text) if len(middle) > 1 else None
        name = middle[-1].text
        if found is None and (parts := split_code(name)):
            found, name = parts[:2], parts[2]
        before = [cell for cell in row if cell.column < self.columns["activity"]]
        target = Text(tidy(before[0].text), before[0].place) if before else Text("", row[0].place)
        units = "\n".join(tidy(line) for line in unit.text.splitlines()) if unit else ""
        place = unit.place if unit else _here(row, self.columns["unit"])
        activity = Text(tidy(name), middle[-1].place)
        code = f"F.{found[1]}" if found else ""
        self.table.rows.append(ResponsibilityRow(target, code, activity, Text(units, place)))
        return True

    def finish(self, document: Document) -> None:
        document.tables.append(self.table)
