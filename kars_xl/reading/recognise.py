"""Finds the official tables in any grid by their headings and labels, wherever on a sheet they stand. Rows are taken in
order; each says by its labels whether it opens a table, heads a section or belongs to the open table."""

import re
from collections.abc import Iterable
from itertools import pairwise

from kars_xl.base.text import fold, is_doubtful, mend_letters, read_code, split_code, tidy
from kars_xl.findings.finding import Finding, finding
from kars_xl.reading.around import Strays, other_money
from kars_xl.reading.cell_values import CellReader, unseen_once
from kars_xl.reading.codes import give_codes
from kars_xl.reading.general.read import take_general_tables
from kars_xl.reading.grid.cells import Cell, Grid, Sheet, within
from kars_xl.reading.labels import CONTACT, label_of
from kars_xl.reading.policies import purpose_of, take_policies, take_purpose
from kars_xl.reading.row_cells import programme_years, starts_with_code
from kars_xl.reading.rows.costs import CostRows, MatrixRows
from kars_xl.reading.rows.lists import ResponsibilityRows, SummaryRows, TargetRows
from kars_xl.reading.rows.table_rows import TableRows
from kars_xl.reading.tables import CostTable, Document, GoalLine, Heading, TargetTable, Text

_HEADING_LABELS = ("institution", "goal", "objective", "target", "note", "activity_name", "responsible")
_IDENTITY_LABELS = ("institution", "year", "unit", "filled_by", "revision")
# Rows that Kimlik lines may lie apart, and labels that only a sheet with tables has.
_APART = 4
_TABLE_LABELS = {"activity_name", "economic_code", "indicators", "activities", "goal", "objective"}
_EXAMPLES = 3
_LONGEST_CELL = 32_767  # letters that a workbook's cell holds
_SURE = 1000  # the Kimlik sheet outweighs all headings
_PLACE_AND_YEAR = re.compile(r"([A-ZÇĞİÖŞÜ]{2,20})\s*/\s*(?:19|20)\d\d")
_GOAL_LINE = re.compile(r"(?:stratejik\s+)?(amaç|hedef)\s+(\d{1,2}(?:\.\d{1,2})*)\s*[:.–-]\s*(\S.*)", re.I | re.S)


def recognise(grid: Grid) -> Document:
    """All official tables of a file, the Kimlik lines and the list of goals, with findings about unreadable cells."""
    document = Document(grid.file, grid.digest)
    take_sheets(document, grid.sheets)
    return document


def take_sheets(document: Document, sheets: Iterable[Sheet], *, around: bool = True) -> None:
    """Puts all that `sheets` hold into the document; each is looked at once, and no longer needed afterwards. `around`
    the tables it looks for other money and figures that no table has taken."""
    reader = CellReader()
    purpose: dict[str, list[str]] = {}
    doubtful: list[Cell] = []
    for sheet in sheets:
        cells = list(sheet.rows())
        take_purpose(cells, purpose)
        _contact(cells, document)
        reader.years.update(programme_years(cells))
        if not (cells := _identity(cells, document, reader)):
            continue
        policies, rows = take_policies(cells)
        document.policies += tuple(policies)
        general_tables, rest = take_general_tables(rows)
        document.general_tables += general_tables
        for row in (row for table in general_tables for row in table.rows):
            for figure in (figure for figure in row.cells if figure.readings):
                reader.count(sheet.cells[figure.place.row, figure.place.column], row.label.value)
        known = len(document.tables)
        reader.seen.clear()
        strays = [found for band in _bands(rest) for found in _Scan(document, reader).run(band, around)]
        if around and document.tables:
            for cell, text in ((cell, cell.value) for row in rest for cell in row if isinstance(cell.value, str)):
                doubtful += [cell] if is_doubtful(text) else []
                if len(text) > _LONGEST_CELL:
                    document.findings.append(finding("KX608", cell.place, count=str(len(text))))
        # Where no official table is, a figure is of something else.
        if around and (tables := document.tables[known:]):
            document.findings += [*other_money(rest, tables, reader.seen), *strays]
    document.purpose = purpose_of(purpose)
    document.findings.extend(unseen_once(reader.findings))
    if doubtful:
        words = dict.fromkeys(word.strip(".,;:()") for cell in doubtful for word in cell.text.split())
        shown = [f"“{word}” {mend_letters(word)}" for word in words if is_doubtful(word)][:_EXAMPLES]
        place, *more = (cell.place for cell in doubtful)
        count, examples = str(len(doubtful)), ", ".join(shown)
        document.findings.append(finding("KX218", place, related=more, count=count, examples=examples))
    give_codes(document)


def _identity(sheet: list[list[Cell]], document: Document, reader: CellReader) -> list[list[Cell]]:
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
        text = value.day[-4:] if value and label == "year" and value.is_date else value.text if value else ""
        document.identity[label] = Text(tidy(text), place)
    if "year" in lines and (year := document.identity["year"].value).isdigit():
        reader.years[int(year)] += _SURE
    return [row for row in sheet if row not in lines.values()] if is_table else []


def _contact(sheet: list[list[Cell]], document: Document) -> None:
    """Address, telephone and the like from a cover: a label by itself ("Adres:") with its lines below."""
    rows = [row for row in sheet if len(row) == 1 and isinstance(row[0].value, str)]
    for index, (cell,) in enumerate(rows):
        if place := _PLACE_AND_YEAR.fullmatch(cell.text):
            document.contact.setdefault("place", tidy(place[1]))
        field = CONTACT.get(fold(cell.text)) if cell.text.endswith(":") else None
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
    for row in (row for row in rows if len(row) > 2):
        labels = [label_of(cell.value)[0] if isinstance(cell.value, str) else "" for cell in row]
        for label in {"institution", "activity_name"}.intersection(labels):
            anchors = [index for index, own in enumerate(labels) if own == label]
            # A second label right beside the first is its value ("Amaç" as an institution's name), not another table.
            starts.update(row[after].column for before, after in pairwise(anchors) if after > before + 1)
    edges = [1, *sorted(starts), 1 << 20]
    return [within(rows, low, high) for low, high in pairwise(edges)] if starts else [rows]


class _Scan:
    """One pass over the rows of a sheet (or column band)."""

    def __init__(self, document: Document, reader: CellReader) -> None:
        self.document = document
        self.reader = reader
        self.strays = Strays(reader, of_form=bool(document.unit))
        self.heading = Heading()
        self.open: TableRows | None = None
        self.cut_short = False
        self.strange: list[Cell] = []  # rows of the heading whose label is unknown

    def run(self, rows: list[list[Cell]], around: bool) -> list[Finding]:
        """Reads the rows; what it returns is said of the figures that no table has taken, if they are looked for."""
        for row in rows:
            told = len(self.reader.findings)
            how = self._take(row)
            if around:
                self.strays.look(row, self.open, how, self.reader.findings[told:])
        self._close()
        return self.strays.found

    def _take(self, row: list[Cell]) -> str:
        """What became of the row: a "row" of a table, a "label" or "columns" of a heading, "" nothing."""
        labels = {label: cell for cell in row if isinstance(cell.value, str) and (label := label_of(cell.value)[0])}
        if starts_with_code(row):
            # It is data, whatever its wording looks like; in a row of costs that is the wording or the amount, spoiled.
            kept = labels if isinstance(self.open, CostRows | MatrixRows) else {}
            if self.open is not None and self.open.take(row, kept):
                return "row"
            if self.heading.texts.keys().isdisjoint(("goal", "objective")):
                return ""
            # The line "Performans Göstergeleri" or "Faaliyetler" above it is gone.
            self._open(TargetRows, row).take(row, {})
            return "row"
        for kind in (SummaryRows, MatrixRows, ResponsibilityRows) if len(labels) > 1 else ():
            if kind.is_heading(labels):
                return self._columns(kind, row, labels, isinstance(self.open, kind) and not self.open.ended)
        first, code = label_of(row[0].text) if isinstance(row[0].value, str) else ("", "")
        if self._is_heading_row(first, row):
            return self._heading_row(first, code, row)
        if first == "economic_code" or ("economic_code" in labels and not isinstance(self.open, MatrixRows)):
            # Repeated without a heading of its own it goes on with the open table: a page ended there.
            goes_on = isinstance(self.open, CostRows) and not self.open.ended and not self.heading.texts
            return self._columns(CostRows, row, labels, goes_on)
        if first in ("indicators", "activities"):
            return self._columns(TargetRows, row, labels, isinstance(self.open, TargetRows))
        if self.open is not None and self.open.take(row, labels):
            return "row"
        if self.open is None and "activity_name" in self.heading.texts and CostRows.is_row(row):
            # The line "Ekonomik Kod" above it is gone.
            self._open(CostRows, row).take(row, labels)
            return "row"
        if self.open is None and self.cut_short and CostRows.is_row(row) and any(it.has_digit for it in row[1:]):
            # A cost row with a figure below a table that another label cut short.
            self.reader.findings.append(finding("KX113", row[0].place, table="FMT", found=row[0].text))
            return "row"
        if self.heading.texts and len(row) > 1:
            self.strange.append(row[0])
        text = tidy(" ".join(cell.text for cell in row))
        if match := _GOAL_LINE.fullmatch(text):
            owner = "goal" if match[1].lower().startswith("a") else "objective"
            self.document.goals.append(GoalLine(owner, match[2], Text(tidy(match[3]), row[-1].place)))
        return ""

    def _is_heading_row(self, label: str, row: list[Cell]) -> bool:
        """Whether the row is one of the label rows above a table, and not the name "Açıklama" within one."""
        if label not in _HEADING_LABELS:
            return False
        if isinstance(self.open, ResponsibilityRows | SummaryRows) and label != "institution":
            return len(row) <= 3 and label in ("activity_name", "goal")
        if isinstance(self.open, CostRows | MatrixRows):
            return not self.open.goes_on(row)
        return True

    def _heading_row(self, label: str, code: str, row: list[Cell]) -> str:
        # İdare Adı stands first in every table, so what came before it (a sheet's title, say) is no part of this one.
        if self.open is not None or label in self.heading.texts or label == "institution":
            self._close()
        values = _values(row)
        number = code
        if len(values) > 1 and (found := read_code(values[0].text)):
            self.reader.seen.add((values[0].place.row, values[0].place.column))
            number, values = found[1], values[1:]
        # An empty one would stand below the others of its heading, else right beside its label.
        columns = [text.place.column for text in self.heading.texts.values()]
        empty = row[0].place._replace(column=max(columns, default=row[0].column + 1))
        text, place = (values[0].text, values[0].place) if values else ("", empty)
        if label == "activity_name" and not number and (parts := split_code(text)):
            number, text = parts[1], parts[2]
        # Units keep their lines apart; other wording is one line.
        lines = [tidy(line) for line in text.splitlines()]
        self.heading.texts[label] = Text(("\n" if label == "responsible" else " ").join(lines).strip(), place)
        if number:
            self.heading.codes[label] = f"F.{number}" if label == "activity_name" else number
        self.heading.place = self.heading.place or row[0].place
        return "label"

    def _columns(self, kind: type[TableRows], row: list[Cell], labels: dict[str, Cell], goes_on: bool) -> str:
        """The row heads columns: those of the open table, which then `goes_on`, or of a new one."""
        table = self.open if goes_on and self.open is not None else self._open(kind, row)
        table.columns_from(row, labels)
        return "columns"

    def _open(self, kind: type[TableRows], row: list[Cell]) -> TableRows:
        if self.open is not None:
            self.open.finish(self.document)
        self.cut_short = False
        self.open = kind(self.heading, row[0].place, self.reader)
        if kind is CostRows and self.strange and "activity_name" not in self.heading.texts:
            # Whose money it is stands in a row that nothing here knows.
            words = "”, “".join(tidy(cell.text) for cell in self.strange)
            self.reader.findings.append(finding("KX319", self.strange[0].place, table="FMT", found=words))
        self.heading, self.strange = Heading(), []
        return self.open

    def _close(self) -> None:
        """Ends the open table; a heading that never got rows still is a table, so that nothing is lost."""
        if self.open is not None:
            self.cut_short = isinstance(self.open, CostRows | MatrixRows) and not self.open.ended
            self.open.finish(self.document)
            self.open = None
        elif self.heading.place is not None and len(self.heading.texts) > 1:
            if "activity_name" in self.heading.texts:
                self.document.tables.append(CostTable(self.heading, self.heading.place))
            elif {"goal", "objective"} & self.heading.texts.keys():
                self.document.tables.append(TargetTable(self.heading, self.heading.place))
        self.heading, self.strange = Heading(), []
