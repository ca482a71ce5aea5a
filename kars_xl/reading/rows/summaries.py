"""The rows of the tables that list all activities: İdare Performans Tablosu and the responsible units."""

from __future__ import annotations

from kars_xl.base.text import read_code, split_code, tidy
from kars_xl.reading.cell_values import Labels, TableRows, at, code_cell, here, text_of
from kars_xl.reading.grid.cells import Cell
from kars_xl.reading.labels import label_of
from kars_xl.reading.tables import (
    AMOUNTS,
    AmountRow,
    ResponsibilityRow,
    ResponsibilityTable,
    ShareCell,
    SummaryRow,
    SummaryTable,
    Text,
)


class SummaryRows(TableRows):
    """İdare Performans Tablosu: a row an activity with three amounts and their shares, then four totals."""

    kind, short = SummaryTable, "İPT"
    table: SummaryTable
    _TOTALS = ("activities_total", "general", "transfers", "grand_total")

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
        nameless = Text("", row[0].place)
        label = label_of(row[0].text)[0] if isinstance(row[0].value, str) else ""
        if self.ended:
            return False
        if found := code_cell(row, 2):
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
            for part in AMOUNTS:
                right = [share for share in shares if share > self.columns[part]]
                self.columns |= {f"{part}_share": share for share in right[:1]}
        else:
            return False
        return True

    def _row(self, row: list[Cell], code: str, label: str, target: Text, name: Text) -> SummaryRow:
        key = code or row[0].text
        amounts = AmountRow(row[0].place, *(self.amount(row, self.columns[part], key) for part in AMOUNTS))
        shares = [at(row, self.columns.get(f"{part}_share", 0)) for part in AMOUNTS]
        read = (ShareCell(self.reader.indicator(cell, key), cell.place) if cell else None for cell in shares)
        return SummaryRow(code, label, target, name, amounts, tuple(read))


class ResponsibilityRows(TableRows):
    """Faaliyetlerden Sorumlu Harcama Birimleri: target, activity (with its code where it has one), units."""

    kind, short = ResponsibilityTable, "SHB"
    table: ResponsibilityTable

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
        activity = Text(tidy(name), middle[-1].place)
        place = here(row, self.columns["unit"])
        code = f"F.{found[1]}" if found else ""
        self.table.rows.append(ResponsibilityRow(target, code, activity, Text(units, place)))
        return True
