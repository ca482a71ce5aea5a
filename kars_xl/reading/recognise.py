"""Finds the official tables in any grid by their headings and labels, wherever on a sheet they stand.

Rows are taken in order; each says by its labels whether it opens a table, heads a section or belongs to the open table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from kars_xl.base.text import fold, lower, read_code, split_code, tidy
from kars_xl.findings.finding import finding
from kars_xl.reading.cell_values import CellReader, TableRows, has_digit, starts_with_code
from kars_xl.reading.general.read import take_general_tables
from kars_xl.reading.grid.cells import Cell, Grid, Sheet, within
from kars_xl.reading.labels import label_of
from kars_xl.reading.policies import PurposeReader, take_policies
from kars_xl.reading.rows.costs import CostRows, MatrixRows
from kars_xl.reading.rows.lists import ResponsibilityRows, SummaryRows, TargetRows
from kars_xl.reading.tables import CostTable, Document, GoalLine, Heading, Text

_HEADING_LABELS = ("institution", "goal", "objective", "target", "note", "activity_name", "responsible")
_IDENTITY_LABELS = ("institution", "year", "unit", "filled_by", "revision")
# Rows that Kimlik lines may lie apart, and labels that only a sheet with tables has.
_APART = 4
_TABLE_LABELS = {"activity_name", "economic_code", "indicators", "activities", "goal", "objective"}
_LONGEST_HEADING = 60
# "(Bin TL)", "Milyon ₺", "(000 TL)"; not "5 milyon TL'lik yatırım".
_SCALED = re.compile(r"(?<![\w.,])(?<!\d )(?:bin|milyon|milyar|000)\s*(?:tl|₺|lira|türk lirası)(?!\w|['’])")
_ANCHORS = ("institution", "activity_name")
_CONTACT = {"adres": "address", "telefon": "phone", "web": "web", "e mail": "email", "e posta": "email"}
_PLACE_AND_YEAR = re.compile(r"([A-ZÇĞİÖŞÜ]{2,20})\s*/\s*(?:19|20)\d\d")
_GOAL_LINE = re.compile(r"(?:stratejik\s+)?(amaç|hedef)\s+(\d{1,2}(?:\.\d{1,2})*)\s*[:.–-]\s*(\S.*)", re.I | re.S)


def recognise(grid: Grid) -> Document:
    """All official tables of a file, the Kimlik lines and the list of goals, with findings about unreadable cells."""
    document = Document(grid.file, grid.digest)
    take_sheets(document, grid.sheets)
    return document


def take_sheets(document: Document, sheets: Iterable[Sheet]) -> None:
    """Puts all that `sheets` hold into the document; each is looked at once, and no longer needed afterwards."""
    reader, purpose = CellReader(), PurposeReader()
    for sheet in sheets:
        cells = list(sheet.rows())
        purpose.take(cells)
        _contact(cells, document)
        if cells := _identity(cells, document):
            policies, rows = take_policies(cells)
            document.policies += tuple(policies)
            general_tables, rest = take_general_tables(rows)
            document.general_tables += general_tables
            known = len(document.tables)
            for band in _bands(rest):
                _Scan(document, reader).run(band)
            texts = [cell for row in rest for cell in row if isinstance(cell.value, str)]
            # Headings that say that amounts are in thousands or millions.
            for cell in texts if len(document.tables) > known else ():
                if len(cell.text) <= _LONGEST_HEADING and _is_scaled(cell.text):
                    document.findings.append(finding("KX115", cell.place, found=tidy(cell.text)))
    document.purpose = purpose.purpose()
    document.findings.extend(reader.findings)


@lru_cache(maxsize=1 << 13)
def _is_scaled(text: str) -> bool:
    return _SCALED.search(lower(tidy(text))) is not None


def _identity(sheet: list[list[Cell]], document: Document) -> list[list[Cell]]:
    """Reads the Kimlik lines of a sheet, labels with a value beside each; the rows that are left are its tables'."""
    labels = [label_of(row[0].text)[0] for row in sheet]
    is_table = not _TABLE_LABELS.isdisjoint(labels)
    found: dict[str, int] = {}
    for unit in (at for at, label in enumerate(labels) if label == "unit"):
        # A sheet without tables is Kimlik's whole, whatever stands between its lines.
        found = {"unit": unit} if is_table else {label: at for at, label in reversed([*enumerate(labels)])}
        for way in (range(unit - 1, -1, -1), range(unit + 1, len(sheet))) if is_table else ():
            before = sheet[unit][0].row
            for at in way:
                # Lines of other things may stand between; a table begins with another label, or has more cells.
                is_line = labels[at] in _IDENTITY_LABELS and labels[at] not in found
                opens = labels[at] == "institution" and labels[at + 1 : at + 2] and labels[at + 1] in _TABLE_LABELS
                apart = abs(sheet[at][0].row - before)
                if apart > _APART or len(_values(sheet[at])) > 1 or opens or (labels[at] and not is_line):
                    break
                before = sheet[at][0].row
                found |= {labels[at]: at} if is_line else {}
        if not found.keys().isdisjoint(("year", "revision")):
            break
    else:
        return sheet
    lines = {label: sheet[found[label]] for label in _IDENTITY_LABELS if label in found}
    for label, row in lines.items():
        value = next(iter(_values(row)), None)
        place = value.place if value else row[0].place._replace(column=row[0].column + 1)
        document.identity[label] = Text(tidy(value.text) if value else "", place)
    return [row for row in sheet if row not in lines.values()] if is_table else []


def _contact(sheet: list[list[Cell]], document: Document) -> None:
    """Address, telephone and the like from a cover: a label by itself ("Adres:") with its lines below."""
    rows = [row for row in sheet if len(row) == 1 and isinstance(row[0].value, str)]
    for index, (cell,) in enumerate(rows):
        if place := _PLACE_AND_YEAR.fullmatch(cell.text):
            document.contact.setdefault("place", tidy(place[1]))
        field = _CONTACT.get(fold(cell.text)) if cell.text.endswith(":") else None
        if field is None or field in document.contact:
            continue
        lines: list[str] = []
        below = cell.row + 1
        for (line,) in rows[index + 1 :]:
            # One blank line may stand between the label and its lines, none within them.
            if line.row > below + (not lines) or line.text.endswith(":"):
                break
            lines.append(tidy(line.text))
            below = line.row + 1
        document.contact[field] = " ".join(lines)


def _values(row: list[Cell]) -> list[Cell]:
    """The cells beside a row's label; the signs with which a form marks its entry cells (◄) are no values."""
    return [cell for cell in row[1:] if not isinstance(cell.value, str) or fold(cell.text)]


def _bands(rows: list[list[Cell]]) -> list[list[list[Cell]]]:
    """A sheet's rows; where tables stand side by side, the rows of each column band by itself."""
    starts: set[int] = set()
    for row in rows:
        labels = [label_of(cell.value)[0] if isinstance(cell.value, str) else "" for cell in row]
        # A second label right beside the first is its value ("Amaç" as an institution's name), not another table.
        for label in _ANCHORS:
            if labels.count(label) < 2:
                continue
            anchors = [index for index, own in enumerate(labels) if own == label]
            starts.update(row[after].column for before, after in pairwise(anchors) if after > before + 1)
    edges = [1, *sorted(starts), 1 << 20]
    if len(edges) == 2:
        return [rows]
    return [within(rows, low, high) for low, high in pairwise(edges)]


class _Scan:
    """One pass over the rows of a sheet (or column band)."""

    def __init__(self, document: Document, reader: CellReader) -> None:
        self.document = document
        self.reader = reader
        self.heading = Heading()
        self.open: TableRows | None = None
        self.cut_short = False

    def run(self, rows: list[list[Cell]]) -> None:
        for row in rows:
            self._row(row)
        self._close()

    def _row(self, row: list[Cell]) -> None:
        labels = {label: cell for cell in row if isinstance(cell.value, str) and (label := label_of(cell.value)[0])}
        if starts_with_code(row):
            # What looks like a code in a row of costs is the wording or the amount, spoiled.
            self._code_row(row, labels if isinstance(self.open, CostRows | MatrixRows) else {})
            return
        for kind in (SummaryRows, MatrixRows, ResponsibilityRows) if len(labels) > 1 else ():
            if kind.is_heading(labels):
                self._columns(kind, row, labels, isinstance(self.open, kind) and self.open.continues())
                return
        first, code = label_of(row[0].text) if isinstance(row[0].value, str) else ("", "")
        if self._is_heading_row(first, row):
            self._heading_row(first, code, row)
        elif first == "economic_code" or ("economic_code" in labels and not isinstance(self.open, MatrixRows)):
            # Repeated without a heading of its own it goes on with the open table: a page ended there.
            goes_on = isinstance(self.open, CostRows) and self.open.continues() and not self.heading.texts
            self._columns(CostRows, row, labels, goes_on)
        elif first in ("indicators", "activities"):
            self._columns(TargetRows, row, labels, isinstance(self.open, TargetRows))
        elif self.open is not None and self.open.take(row, labels):
            pass
        elif self.open is None and "activity_name" in self.heading.texts and CostRows.is_row(row, labels):
            # The line "Ekonomik Kod" above it is gone.
            self._open(CostRows, row).take(row, labels)
        elif self.open is None and self.cut_short and CostRows.is_row(row, labels) and any(map(has_digit, row[1:])):
            # A cost row with a figure below a table that another label cut short.
            self.reader.findings.append(finding("KX113", row[0].place, table="FMT", found=row[0].text))
        else:
            text = tidy(" ".join(cell.text for cell in row))
            if match := _GOAL_LINE.fullmatch(text):
                owner = "goal" if match[1].lower().startswith("a") else "objective"
                self.document.goals.append(GoalLine(owner, match[2], Text(tidy(match[3]), row[-1].place)))

    def _code_row(self, row: list[Cell], labels: dict[str, Cell]) -> None:
        """A row with an indicator's or activity's code is data, whatever its wording looks like."""
        if self.open is not None and self.open.take(row, labels):
            return
        if self.heading.texts.keys() & {"goal", "objective"}:
            # The line "Performans Göstergeleri" or "Faaliyetler" above it is gone.
            self._open(TargetRows, row).take(row, {})

    def _is_heading_row(self, label: str, row: list[Cell]) -> bool:
        """Whether the row is one of the label rows above a table, and not the name "Açıklama" within one."""
        if label not in _HEADING_LABELS:
            return False
        if isinstance(self.open, ResponsibilityRows | SummaryRows) and label != "institution":
            return len(row) <= 3 and label in ("activity_name", "goal")
        if isinstance(self.open, CostRows | MatrixRows):
            return not self.open.goes_on(row)
        return True

    def _heading_row(self, label: str, code: str, row: list[Cell]) -> None:
        # İdare Adı stands first in every table, so what came before it (a sheet's title, say) is no part of this one.
        if self.open is not None or label in self.heading.texts or label == "institution":
            self._close()
        values = _values(row)
        number = code
        if len(values) > 1 and (found := read_code(values[0].text)):
            number, values = found[1], values[1:]
        # An empty one would stand below the others of its heading, else right beside its label.
        columns = [text.place.column for text in self.heading.texts.values()]
        empty = row[0].place._replace(column=max(columns, default=row[0].column + 1))
        place = values[0].place if values else empty
        text = values[0].text if values else ""
        if label == "activity_name" and not number and (parts := split_code(text)):
            number, text = parts[1], parts[2]
        # Units keep their lines apart; other wording is one line.
        lines = [tidy(line) for line in text.splitlines()]
        self.heading.texts[label] = Text(("\n" if label == "responsible" else " ").join(lines).strip(), place)
        if number:
            self.heading.codes[label] = f"F.{number}" if label == "activity_name" else number
        self.heading.place = self.heading.place or row[0].place

    def _columns(self, kind: type[TableRows], row: list[Cell], labels: dict[str, Cell], goes_on: bool) -> None:
        """The row heads columns: those of the open table, which then `goes_on`, or of a new one."""
        table = self.open if goes_on and self.open is not None else self._open(kind, row)
        table.columns_from(row, labels)

    def _open(self, kind: type[TableRows], row: list[Cell]) -> TableRows:
        if self.open is not None:
            self.open.finish(self.document)
        self.cut_short = False
        self.open = kind(self.heading, row[0].place, self.reader)
        self.heading = Heading()
        return self.open

    def _close(self) -> None:
        """Ends the open table; a heading that never got rows still is a table, so that nothing is lost."""
        if self.open is not None:
            self.cut_short = isinstance(self.open, CostRows | MatrixRows) and not self.open.ended
            self.open.finish(self.document)
            self.open = None
        elif self.heading.place is not None and len(self.heading.texts) > 1:
            texts = self.heading.texts
            if "activity_name" in texts:
                self.document.tables.append(CostTable(self.heading, self.heading.place))
            elif "goal" in texts or "objective" in texts:
                TargetRows(self.heading, self.heading.place, self.reader).finish(self.document)
        self.heading = Heading()
