"""All tables of a programme as one book: what every table says of each activity, wherever its rows stand.

Every rule between tables reads a book, and a book is of one of two kinds. What a merge takes from forms, or from a
source that is made a plan of, is *recomputed*: only target tables, cost tables and Tablo 11's own columns count, each
file by itself, and what is made anew (a sum, a wording, an activity's place) is a warning. A published programme stands
as it is, all its tables together: what is wrong there nobody mends, so it is an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from msgspec import Struct, field
from rapidfuzz import fuzz

from kars_xl.base.place import Place
from kars_xl.base.text import fold, squeeze
from kars_xl.findings.finding import ERROR, WARNING, Effect
from kars_xl.merging.notes import Known, Wanted, match_names
from kars_xl.merging.tables import cost_codes, target_code
from kars_xl.model.cost_rows import CostTotal
from kars_xl.model.programme import Costs, Programme
from kars_xl.reading.tables import (
    ActivityRow,
    Amount,
    AmountRow,
    CostTable,
    Document,
    ResourceMatrix,
    ResponsibilityRow,
    ResponsibilityTable,
    SummaryRow,
    SummaryTable,
    TargetTable,
    Text,
    costs_of,
)

# Percent of shared words that make two names one, and by how much more than with any other name.
_SHARED, _CLEARLY = 75.0, 15.0
PARTS = ("total", "budget", "extra")
# Where a table is mentioned within a sentence.
IN = {
    "PHT": "performans hedefi tablosunda",
    "FMT": "maliyet tablosunda",
    "İPT": "İdare Performans Tablosunda",
    "TKT": "Tablo 11'de",
    "SHB": "sorumlu birimler tablosunda",
}


class Figure(Struct, frozen=True):
    """What one kind of table says an activity costs (kuruş; None where it does not say or can't be read). `cells` are
    those that say it, by part, where they are a row's."""

    table: str
    place: Place
    total: int | None
    budget: int | None
    extra: int | None
    cells: Mapping[str, Amount] = field(default_factory=dict)

    def part(self, name: str) -> int | None:
        found: int | None = getattr(self, name)
        return found

    def at(self, name: str) -> Place:
        """Where it says a part."""
        return self.cells[name].place if name in self.cells else self.place


class Entry(Struct):
    """One activity with its rows and tables in each kind of table; `target` is the code of the first that has it."""

    code: str
    name: str
    target: str = ""
    targets: list[tuple[TargetTable, ActivityRow]] = field(default_factory=list)
    costs: list[CostTable] = field(default_factory=list)
    summaries: list[SummaryRow] = field(default_factory=list)
    responsibles: list[ResponsibilityRow] = field(default_factory=list)

    def of_file(self) -> Entry:
        """The same activity, for what one file says of it."""
        return Entry(self.code, self.name, self.target)

    @property
    def place(self) -> Place:
        """Where the activity is named first."""
        if self.targets:
            return self.targets[0][1].name.place
        return self.summaries[0].name.place if self.summaries else self.costs[0].place

    def figures(self) -> list[Figure]:
        """The figures that can be compared, in the order PHT, FMT, İPT."""
        # Forms give each unit's part of a shared activity; within one file the first row counts.
        first_of_file = {row.name.place.file: row for _, row in reversed(self.targets)}
        given = (
            [row_figure("PHT", row.amounts) for row in first_of_file.values()],
            [cost_figure(table) for table in self.costs],
            [row_figure("İPT", row.amounts) for row in self.summaries[:1]],
        )
        return [figures[0] if len(figures) == 1 else _added(figures) for figures in given if figures]


class Orphan(Struct, frozen=True):
    """A row or table that no target table knows: of which kind, how it is called, what it costs (kuruş)."""

    table: str
    code: str
    name: Text
    kurus: int | None

    @property
    def label(self) -> str:
        """Code and name, as far as they are given."""
        return " ".join(filter(None, (self.code, self.name.value))) or "?"


class Book(Struct, dict=True):
    """`entries` by code in order of first mention; `orphans` are in a table by themselves. `target_names` is how each
    target is called, by its code: in the plan, and by its own name, else its objective's. `plan` is what the names are
    held against where there is one."""

    documents: Sequence[Document]
    recomputed: bool = False
    plan: Programme | None = None
    target_names: dict[str, list[Text]] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)
    orphans: list[Orphan] = field(default_factory=list)

    @property
    def made_anew(self) -> str:
        """The severity of what a merge makes anew."""
        return WARNING if self.recomputed else ERROR

    def held(self) -> Iterator[Entry]:
        """What is held against each other: of a recomputed book what each file says of an activity, else all."""
        for entry in self.entries.values():
            if not self.recomputed:
                yield entry
                continue
            files: dict[str, Entry] = {}
            for table, row in entry.targets:
                files.setdefault(row.name.place.file, entry.of_file()).targets.append((table, row))
            for cost in entry.costs:
                files.setdefault(cost.place.file, entry.of_file()).costs.append(cost)
            yield from files.values()

    def is_spoiled(self, table: str, file: str, key: str = "", *, severity: str = "") -> bool:
        """Whether cells of a table (of an activity, where a key is given) could not be taken as they stand."""
        return (table, file, key, severity) in self._spoiled

    @cached_property
    def _spoiled(self) -> set[tuple[str, str, str, str]]:
        findings = [(document.file, found) for document in self.documents for found in document.findings]
        return {
            (found.table, file, key, severity)
            for file, found in findings
            if found.has(Effect.SPOILS_TOTALS)
            for key in ("", found.key)
            for severity in ("", found.severity)
        }

    @property
    def targets(self) -> list[TargetTable]:
        """Of a recomputed book those that are taken: without a code no target can be told."""
        tables = [table for document in self.documents for table in document.targets]
        return [table for table in tables if target_code(table) or not self.recomputed]

    @property
    def costs(self) -> list[CostTable]:
        return [table for document in self.documents for table in document.costs]

    @property
    def summaries(self) -> list[SummaryTable]:
        return [table for document in self.documents for table in document.summaries if not self.recomputed]

    @property
    def matrices(self) -> list[ResourceMatrix]:
        return [table for document in self.documents for table in document.matrices]

    @property
    def responsibilities(self) -> list[ResponsibilityTable]:
        return [table for document in self.documents for table in document.responsibilities if not self.recomputed]


def row_figure(table: str, row: AmountRow) -> Figure:
    """The figure of a row; a total column that is not there is the sum of the other two."""
    given = {"total": row.total, "budget": row.budget, "extra": row.extra}
    cells = {part: amount for part, amount in given.items() if amount is not None and amount.given}
    budget, extra, total = (kurus_of(cells.get(part)) for part in ("budget", "extra", "total"))
    if "total" not in cells:
        total = None if budget is None else budget + (extra or 0)
    shown = next((amount for amount in (*cells.values(), *given.values()) if amount is not None), None)
    return Figure(table, shown.place if shown else row.place, total, budget, extra, cells)


def cost_figure(table: CostTable) -> Figure:
    """The figure of a cost table by its parts; where it has none, by its printed totals."""
    total = table.totals.get(CostTotal.NEED)
    place = total.place if total else table.place
    costs = parts_of(table)
    if costs is None or not table.amounts:
        return Figure("FMT", place, kurus_of(total), None, None)
    return Figure("FMT", place, costs.total, costs.budget_total, costs.extra_total)


def parts_of(table: CostTable) -> Costs | None:
    """The parts of a cost table; None where one could not be read."""
    return None if any(amount.kurus is None for amount in table.amounts.values()) else costs_of(table.amounts)


def kurus_of(amount: Amount | None) -> int | None:
    return amount.kurus if amount else None


def _added(figures: Sequence[Figure]) -> Figure:
    values = [[figure.part(part) for figure in figures] for part in PARTS]
    total, budget, extra = (None if None in given else sum(kurus or 0 for kurus in given) for given in values)
    return Figure(figures[0].table, figures[0].place, total, budget, extra)


def book_of(documents: Sequence[Document], *, recomputed: bool = False, plan: Programme | None = None) -> Book:
    """The book; rows and tables without a known code are told by their wording, never by guess."""
    book = Book(documents, recomputed, plan)
    for planned in plan.targets if plan else ():
        book.target_names[planned.code] = [Text(planned.name, Place(""))]
    for table in book.targets:
        target = target_code(table)
        texts = [table.heading.texts.get(label) for label in ("target", "objective")]
        given = [text for text in texts if text is not None and text.value]
        book.target_names.setdefault(target, []).extend(given[:1])
        for row in table.activities:
            entry = book.entries.setdefault(row.code, Entry(row.code, row.name.value, target))
            entry.targets.append((table, row))
    _summaries(book)
    _costs(book, recomputed or bool(book.entries))
    _responsibles(book)
    return book


def _known(book: Book) -> list[Known]:
    return [
        Known(entry.code, entry.name, entry.targets[0][0].heading.text("target") if entry.targets else "")
        for entry in book.entries.values()
    ]


def _summaries(book: Book) -> None:
    rows = [row for table in book.summaries for row in table.rows]
    if not book.entries:
        for row in rows:
            book.entries.setdefault(row.code, Entry(row.code, row.name.value))
    for row, code in zip(rows, _codes([(row.code, row.name.value) for row in rows], book), strict=True):
        if code is None:
            name = row.name if row.name.value else Text(row.code, row.name.place)
            book.orphans.append(Orphan("İPT", row.code, name, row_figure("İPT", row.amounts).total))
        else:
            book.entries[code].summaries.append(row)


def _costs(book: Book, has_entries: bool) -> None:
    known = _known(book)
    left: list[tuple[CostTable, str | None]] = []
    for document in book.documents:
        for table, code in zip(document.costs, cost_codes(document, known), strict=True):
            if code is not None and not has_entries:
                book.entries.setdefault(code, Entry(code, table.heading.text("activity_name")))
            if code in book.entries:
                book.entries[code].costs.append(table)
            elif has_entries:
                left.append((table, code))
    names = [table.heading.texts.get("activity_name") or Text("", table.place) for table, _ in left]
    # A merge tells no table by elimination; an audit that does not would call one reworded activity two.
    lacking = [entry for entry in book.entries.values() if not entry.costs and not book.recomputed]
    for (table, code), name, found in zip(left, names, _by_words(names, lacking), strict=True):
        if found is not None and code is None:
            found.costs.append(table)
        else:
            book.orphans.append(Orphan("FMT", code or "", name, cost_figure(table).total))


def _responsibles(book: Book) -> None:
    rows = [row for table in book.responsibilities for row in table.rows]
    left = []
    for row, code in zip(rows, _codes([(row.code, row.activity.value) for row in rows], book), strict=True):
        if code is not None:
            book.entries[code].responsibles.append(row)
        elif book.entries:
            left.append(row)
    lacking = [entry for entry in book.entries.values() if not entry.responsibles]
    for row, found in zip(left, _by_words([row.activity for row in left], lacking), strict=True):
        if found is not None and not row.code:
            found.responsibles.append(row)
        else:
            book.orphans.append(Orphan("SHB", row.code, row.activity, None))


def _by_words(names: Sequence[Text], lacking: Sequence[Entry]) -> list[Entry | None]:
    """By elimination: of the activities that nothing was told to, the one that shares its words with a name alone."""
    scores = [[fuzz.token_set_ratio(fold(name.value), fold(entry.name)) for entry in lacking] for name in names]
    found: list[Entry | None] = []
    for index, row in enumerate(scores):
        best = max(range(len(row)), key=row.__getitem__, default=0)
        rivals = [other for at, other in enumerate(row) if at != best]
        rivals += [other[best] for at, other in enumerate(scores) if at != index] if row else []
        sure = bool(row) and row[best] >= _SHARED and all(row[best] - rival >= _CLEARLY for rival in rivals)
        found.append(lacking[best] if sure else None)
    return found


def _codes(rows: Sequence[tuple[str, str]], book: Book) -> list[str | None]:
    """The activity of each row by its code, else by its wording; an equal wording may stand in several rows."""
    codes = [code if code in book.entries else None for code, _ in rows]
    known = _known(book)
    told = {*codes}
    free = [item for item in known if item.code not in told]
    left = [index for index, code in enumerate(codes) if code is None]
    for index, code in zip(left, match_names([Wanted(rows[index][1]) for index in left], free), strict=True):
        codes[index] = code
    by_name = {squeeze(item.name): item.code for item in known}
    for index in left:
        codes[index] = codes[index] or by_name.get(squeeze(rows[index][1]) or "?")
    return codes
