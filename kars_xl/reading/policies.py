"""Finds the tables of upper policy documents, and mission, vision and principles, in any grid of cells. A table is
known by its heading (reference and task) and goes on as long as its rows have a reference and a sentence, a sentence
below the heading of the sentences, or a section's name alone. What can't be told is left for the office's plan."""

import re
from collections.abc import Iterator, Mapping, Sequence

from kars_xl.base.text import fold, mend_letters, tidy
from kars_xl.findings.finding import Finding, finding
from kars_xl.model.programme import PolicyTask, Purpose
from kars_xl.reading.grid.cells import Cell, ListRow

_REFERENCE = re.compile(r"(?:[^\W\d_]{1,9}[.\s-]{0,2})?\d{1,4}(?:[.\-/]\d{1,3})*\s?[.)]?")
_LISTED = re.compile(r"(?:\s*(?:[-–•▪*·]|\d{1,2}\s*[-.)–]))+\s*")
_PURPOSE = re.compile(r"(?:kurumumuzun |belediyemizin )?(?:temel )?(misyon|vizyon|ilkeler)(?:u|umuz|imiz|i)?")
PURPOSE = ("misyon", "vizyon", "ilkeler")
_RULE = re.compile(r"[\s_=–—-]*")
_LONGEST = 80  # characters of such a heading
_LINES = 12  # a mission of more lines is a page of something else


def take_policies(rows: list[list[Cell]]) -> tuple[list[PolicyTask], list[list[Cell]]]:
    """The tasks of all tables of upper policy documents in a sheet's rows, and the rows that are none of theirs. A task
    may read like a line of another table ("Hedef 11.1. …"), so nothing else is to look at it."""
    tasks: list[PolicyTask] = []
    rest: list[list[Cell]] = []
    table: _Table | None = None
    for at, row in enumerate(rows):
        if table is not None and table.take(rows, at):
            continue
        table = None
        if columns := _heading(row):
            # The line right above the heading names the document.
            above = rows[at - 1] if at else []
            is_title = len(above) == 1 and above[0].row == row[0].row - 1 and isinstance(above[0].value, str)
            table = _Table(columns, tidy(mend_letters(above[0].text)) if is_title else "", tasks)
        else:
            rest.append(row)
    return tasks, rest


def take_purpose(sheet: list[list[Cell]], found: dict[str, list[str]]) -> None:
    """Mission, vision and principles of a sheet's rows go into `found`, the lines of each by its name: a heading by
    itself with its lines right below; the first of each counts."""
    rows = [row for row in sheet if len(row) > 1 or not _RULE.fullmatch(row[0].text)]
    for at, row in enumerate(rows):
        match = _PURPOSE.fullmatch(fold(row[0].text)) if len(row) == 1 and len(row[0].text) < _LONGEST else None
        if match and match[1] not in found and (lines := list(_lines_below(rows, at))):
            unmarked = (tidy(_LISTED.sub("", line, count=1)) for line in lines)
            found[match[1]] = [line for line in unmarked if line] if match[1] == "ilkeler" else lines


def purpose_of(found: Mapping[str, Sequence[str]]) -> Purpose:
    """Mission, vision and principles from their lines by name."""
    mission, vision = (" ".join(found.get(name, ())) for name in ("misyon", "vizyon"))
    return Purpose(mission, vision, tuple(found.get("ilkeler", ())))


def _lines_below(rows: list[list[Cell]], at: int) -> Iterator[str]:
    """The lines of the first block of lone texts below a heading; a blank row or another heading ends it."""
    last = 0
    for row in rows[at + 1 : at + 1 + _LINES]:
        lone = row[0] if len(row) == 1 and isinstance(row[0].value, str) else None
        if lone is None or (last and lone.row > last + 1) or _PURPOSE.fullmatch(fold(lone.text)):
            return
        last = lone.row
        yield from (tidy(mend_letters(line)) for line in lone.text.splitlines() if line.strip())


def _heading(row: list[Cell]) -> tuple[int, int] | None:
    """(column of the references, column of the tasks) where the row heads such a table."""
    reference = task = 0
    for cell in row if 2 <= len(row) <= 4 else ():
        words = fold(cell.value) if isinstance(cell.value, str) else ""
        if "referans" in words or words in ("ilgili bolum", "madde", "madde no", "tedbir no", "politika no"):
            reference = cell.column
        elif words.startswith(("verilen gorev", "gorev", "tedbir", "politika ve tedbir")) or "ihtiyac" in words:
            task = cell.column
    return (reference, task) if 0 < reference < task else None


class _Table:
    """One table below its heading; a page break may move its columns."""

    def __init__(self, columns: tuple[int, int], title: str, tasks: list[PolicyTask]) -> None:
        self.reference, self.task = columns
        self.document = title
        self.section = ""
        self.tasks = tasks

    def take(self, rows: list[list[Cell]], at: int) -> bool:
        """Reads a row below the heading; False for the first that is not the table's."""
        cells = rows[at]
        gap = cells[0].row > rows[at - 1][-1].row + 1
        if len(cells) > 1 and cells[0].column < self.reference and not _REFERENCE.fullmatch(cells[0].text):
            # The document's name may stand before the references.
            self.document = self.document or tidy(mend_letters(cells[0].text))
            cells = cells[1:]
        # A lone text after a page break is a section where a row with a reference stands right below it.
        below = rows[at + 1] if at + 1 < len(rows) else []
        before = len(below) == 2 and below[0].row == cells[0].row + 1 and _REFERENCE.fullmatch(below[0].text)
        texts = [tidy(mend_letters(cell.text)) for cell in cells]
        if len(cells) == 2 and _REFERENCE.fullmatch(texts[0]):
            self.reference, self.task = cells[0].column, cells[1].column
            reference, text = texts
        elif len(cells) != 1 or (gap and not before) or _heading(rows[at]):
            return False
        elif cells[0].column < self.task:
            self.section = texts[0]
            return True
        else:
            reference, text = "", texts[0]
        self.tasks.append(PolicyTask(self.document or "Üst Politika Belgesi", self.section, reference, text))
        return True


def read_tasks(rows: Sequence[ListRow], findings: list[Finding]) -> tuple[PolicyTask, ...]:
    """The tasks of a plan's list; KX101 for what its rows lack. A blank document is the row's above."""
    tasks: list[PolicyTask] = []
    for row in rows:
        document = row.text("document") or (tasks[-1].document if tasks else "")
        if document and row.text("text"):
            tasks.append(PolicyTask(document, row.text("section"), row.text("reference"), row.text("text")))
        elif any(map(row.text, row.cells)):
            what = "Üst Politika Belgeleri satırında " + ("verilen görev" if document else "belgenin adı")
            findings.append(finding("KX101", row.first.place, what=what, blank="satırı silin, yoksa eksik metni"))
    return tuple(tasks)
