"""The rows of the tables that list all activities: İdare Performans Tablosu and the responsible units."""

from __future__ import annotations

from kars_xl.base.place import Place
from kars_xl.base.text import read_code, split_code, tidy
from kars_xl.reading.cell_values import CellReader, Labels, TableRows, at, code_cell, here
from kars_xl.reading.grid.cells import Cell
from kars_xl.reading.labels import label_of
from kars_xl.reading.tables import (
    AMOUNTS,
    AmountRow,
    Document,
    Heading,
    ResponsibilityRow,
    ResponsibilityTable,
    ShareCell,
    SummaryRow,
    SummaryTable,
    Text,
)


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
        self.columns = {name: labels[name].column for name in AMOUNTS}
        # Beside its amount, unless an amount stands there or a line below says where.
        amounts = set(self.columns.values())
        shares = {f"{name}_share": column + 1 for name, column in self.columns.items()}
        self.columns |= {name: column for name, column in shares.items() if column not in amounts}
        if "note" in labels:
            self.columns["name"] = labels["note"].column

    def take(self, row: list[Cell], labels: Labels) -> bool:
        if self.ended:
            return False
        found = code_cell(row, 2)
        if found is None:
            return self._total_or_heading(row, labels)
        index, _, number = found
        target = Text(tidy(row[0].text), row[0].place) if index else Text("", row[0].place)
        after = row[index + 1] if len(row) > index + 1 else None
        name = at(row, self.columns["name"]) if "name" in self.columns else after
        text = Text(tidy(name.text) if name else "", name.place if name else row[index].place)
        self.table.rows.append(self._summary_row(row, f"F.{number}", "", target, text))
        return True

    def _total_or_heading(self, row: list[Cell], labels: Labels) -> bool:
        label = label_of(row[0].text)[0] if isinstance(row[0].value, str) else ""
        if label in self._TOTALS:
            nameless = Text("", row[0].place)
            self.table.totals[label] = self._summary_row(row, "", label, nameless, nameless)
            self.ended = label == "grand_total"
        elif {"share", "lira"} & labels.keys():
            self._share_columns(row)
        else:
            return False
        return True

    def _share_columns(self, row: list[Cell]) -> None:
        """The TL / PAY (%) line below the heading: each share's column is the first PAY right of its amount."""
        shares = [cell.column for cell in row if label_of(cell.text)[0] == "share"]
        for name in AMOUNTS:
            column = next((share for share in shares if share > self.columns[name]), None)
            if column is not None:
                self.columns[f"{name}_share"] = column

    def _summary_row(self, row: list[Cell], code: str, label: str, target: Text, name: Text) -> SummaryRow:
        key = code or row[0].text
        amounts = [
            self.reader.amount(at(row, self.columns[part]), here(row, self.columns[part]), "İPT", key, total=True)
            for part in AMOUNTS
        ]
        shares = [self._share(row, self.columns.get(f"{part}_share", 0), key) for part in AMOUNTS]
        return SummaryRow(
            code, label, target, name, AmountRow(row[0].place, *amounts), (shares[0], shares[1], shares[2])
        )

    def _share(self, row: list[Cell], column: int, key: str) -> ShareCell | None:
        cell = at(row, column)
        return ShareCell(self.reader.indicator(cell, key), cell.place) if cell else None

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
        unit = at(row, self.columns["unit"])
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
        place = unit.place if unit else here(row, self.columns["unit"])
        activity = Text(tidy(name), middle[-1].place)
        code = f"F.{found[1]}" if found else ""
        self.table.rows.append(ResponsibilityRow(target, code, activity, Text(units, place)))
        return True

    def finish(self, document: Document) -> None:
        document.tables.append(self.table)
