"""All tables of a programme as one book: what every table says of each activity, wherever its rows stand. Every rule
between tables reads a book, and a book is of one of two kinds. What a merge takes from forms, or from a source that is
made a plan of, is *recomputed*: only target tables, cost tables and Tablo 11's own columns count, each file by itself,
and what is made anew (a sum, a wording, an activity's place) is a warning. A published programme stands as it is, all
its tables together: what is wrong there nobody mends, so it is an error."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import product
from typing import Any

from msgspec import Struct, field
from rapidfuzz import fuzz

from kars_xl.base.place import Place
from kars_xl.base.text import fold, squeeze
from kars_xl.findings.finding import Effect
from kars_xl.merging.notes import Known, Wanted, match_names
from kars_xl.merging.tables import cost_codes, known_activities, target_code
from kars_xl.model.cost_rows import CostTotal
from kars_xl.model.programme import Costs, Programme
from kars_xl.reading import tables as read

# Percent of shared words that make two names one, and by how much more than with any other name.
_SHARED, _CLEARLY = 75.0, 15.0
PARTS = ("total", "budget", "extra")
# Where a table is mentioned within a sentence.
IN = {
    "PHT": "performans hedefi tablosunda", "FMT": "maliyet tablosunda", "İPT": "İdare Performans Tablosunda",
    "TKT": "Tablo 11'de", "SHB": "sorumlu birimler tablosunda",
}  # fmt: skip
_Told = tuple[Any, str, read.Text]  # a row or table, the code beside it, how it calls the activity


class Figure(Struct, frozen=True):
    """What one kind of table says an activity costs (kuruş; None if it can't be told); `cells` are a row's, by part."""

    table: str
    place: Place
    total: int | None
    budget: int | None
    extra: int | None
    cells: Mapping[str, read.Amount] = field(default_factory=dict)

    def part(self, name: str) -> int | None:
        return {"total": self.total, "budget": self.budget, "extra": self.extra}[name]

    def at(self, name: str) -> Place:
        """Where it says a part."""
        return self.cells[name].place if name in self.cells else self.place


class Entry(Struct):
    """One activity with its rows and tables in each kind of table; `target` is the code of the first that has it."""

    code: str
    name: str
    target: str = ""
    targets: list[tuple[read.TargetTable, read.ActivityRow]] = field(default_factory=list)
    costs: list[read.CostTable] = field(default_factory=list)
    summaries: list[read.SummaryRow] = field(default_factory=list)
    responsibles: list[read.ResponsibilityRow] = field(default_factory=list)

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
    name: read.Text
    kurus: int | None

    @property
    def label(self) -> str:
        """Code and name, as far as they are given."""
        return " ".join(filter(None, (self.code, self.name.value))) or "?"


class Book(read.Tables, dict=True):
    """The `tables` that count; `entries` by code in order of first mention, `orphans` are in a table by themselves.
    `target_names` is how each target is called, by its code: in the plan, and by its own name, else its objective's.
    `plan` is what the names are held against where there is one."""

    documents: Sequence[read.Document]
    recomputed: bool = False
    plan: Programme | None = None
    tables: Sequence[read.Table] = ()
    target_names: dict[str, list[str]] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)
    orphans: list[Orphan] = field(default_factory=list)

    def held(self) -> Iterator[Entry]:
        """What is held against each other: of a recomputed book what each file says of an activity, else all."""
        yield from self.entries.values() if not self.recomputed else ()
        for entry in self.entries.values() if self.recomputed else ():
            files: dict[str, Entry] = defaultdict(partial(Entry, entry.code, entry.name, entry.target))
            for table, row in entry.targets:
                files[row.name.place.file].targets.append((table, row))
            for cost in entry.costs:
                files[cost.place.file].costs.append(cost)
            yield from files.values()

    @property
    def costed(self) -> list[tuple[Entry, read.CostTable]]:
        """Each cost table with its activity."""
        return [(entry, table) for entry in self.entries.values() for table in entry.costs]

    def is_spoiled(self, table: str, file: str, key: str = "", *, severity: str = "") -> bool:
        """Whether cells of a table (of an activity, where a key is given) could not be taken as they stand."""
        return (table, file, key, severity) in self._spoiled

    @cached_property
    def target_wordings(self) -> Mapping[str, set[str]]:
        """The codes of the targets that are called so, by the squeezed name."""
        found: dict[str, set[str]] = defaultdict(set)
        for code, name in ((code, name) for code, names in self.target_names.items() for name in names):
            found[squeeze(name)].add(code)
        return found

    @cached_property
    def _spoiled(self) -> set[tuple[str, str, str, str]]:
        spoiling = ((it.file, found) for it in self.documents for found in it.findings)
        return {
            (found.table, file, *about)
            for file, found in spoiling
            if found.has(Effect.SPOILS_TOTALS)
            for about in product(("", found.key), ("", found.severity))
        }


def row_figure(table: str, row: read.AmountRow) -> Figure:
    """The figure of a row; a total column that is not there is the sum of the other two."""
    columns = {part: amount for part in PARTS if (amount := getattr(row, part)) is not None}
    cells = {part: amount for part, amount in columns.items() if amount.given}
    total, budget, extra = (kurus_of(cells.get(part)) for part in PARTS)
    if "total" not in cells:
        total = None if budget is None else budget + (extra or 0)
    place = next((amount.place for amount in (*cells.values(), *columns.values())), row.place)
    return Figure(table, place, total, budget, extra, cells)


def cost_figure(table: read.CostTable) -> Figure:
    """The figure of a cost table by its parts; where it has none, by its printed totals."""
    total = table.totals.get(CostTotal.NEED)
    place = total.place if total else table.place
    costs = parts_of(table)
    if costs is None or not table.amounts:
        return Figure("FMT", place, kurus_of(total), None, None)
    return Figure("FMT", place, costs.total, costs.budget_total, costs.extra_total)


def parts_of(table: read.CostTable) -> Costs | None:
    """The parts of a cost table; None where one could not be read."""
    return None if any(amount.kurus is None for amount in table.amounts.values()) else read.costs_of(table.amounts)


def kurus_of(amount: read.Amount | None) -> int | None:
    return amount.kurus if amount else None


def _added(figures: Sequence[Figure]) -> Figure:
    values = [[figure.part(part) for figure in figures] for part in PARTS]
    total, budget, extra = (None if None in given else sum(kurus or 0 for kurus in given) for given in values)
    return Figure(figures[0].table, figures[0].place, total, budget, extra)


def book_of(documents: Sequence[read.Document], *, recomputed: bool = False, plan: Programme | None = None) -> Book:
    """The book; rows and tables without a known code are told by their wording, never by guess."""
    tables = [table for document in documents for table in document.tables]
    if recomputed:
        # A merge takes nothing of the lists, and without a code it can't tell a target.
        given = [table for table in tables if not isinstance(table, read.SummaryTable | read.ResponsibilityTable)]
        tables = [table for table in given if not isinstance(table, read.TargetTable) or target_code(table)]
    book = Book(documents, recomputed, plan, tables)
    for planned in plan.targets if plan else ():
        book.target_names[planned.code] = [planned.name]
    for table in book.targets:
        target = target_code(table)
        name = table.heading.text("target") or table.heading.text("objective")
        book.target_names.setdefault(target, []).extend([name] if name else [])
        for row in table.activities:
            book.entries.setdefault(row.code, Entry(row.code, row.name.value, target)).targets.append((table, row))
    _assign(book, "summaries", [(row, row.code, row.name) for summary in book.summaries for row in summary.rows])
    known = _known(book)
    codes = [code for document in documents for code in cost_codes(document, known)]
    told = [(cost, code or "", cost.text("activity_name")) for cost, code in zip(book.costs, codes, strict=True)]
    _assign(book, "costs", told, by_name=False)
    if book.entries:
        rows = [(row, row.code, row.activity) for listed in book.responsibilities for row in listed.rows]
        _assign(book, "responsibles", rows)
    return book


def _assign(book: Book, slot: str, rows: Sequence[_Told], *, by_name: bool = True) -> None:
    """Each row or table to the activity of its code or (`by_name`) wording, else by elimination; those of none are
    orphans. Where no table before it names any activity it does."""
    if not (book.entries or book.recomputed):
        rows = [item for item in rows if item[1]]
        for _, code, name in rows:
            book.entries.setdefault(code, Entry(code, name.value))
    left = []
    for item, told in zip(rows, _codes(rows, book) if by_name else [code for _, code, _ in rows], strict=True):
        if told in book.entries:
            getattr(book.entries[told], slot).append(item[0])
        else:
            left.append(item)
    # A merge tells nothing by elimination; an audit that does not would call one reworded activity two.
    lacking = [entry for entry in book.entries.values() if not getattr(entry, slot) and not book.recomputed]
    for (row, code, name), found in zip(left, _by_words([name for _, _, name in left], lacking), strict=True):
        if found is not None and not code:
            getattr(found, slot).append(row)
        elif isinstance(row, read.CostTable):
            book.orphans.append(Orphan("FMT", code, name, cost_figure(row).total))
        elif isinstance(row, read.SummaryRow):
            book.orphans.append(Orphan("İPT", code, name, row_figure("İPT", row.amounts).total))
        else:
            book.orphans.append(Orphan("SHB", code, name, None))


def _known(book: Book) -> list[Known]:
    return known_activities(book.targets) or [Known(entry.code, entry.name) for entry in book.entries.values()]


def _by_words(names: Sequence[read.Text], lacking: Sequence[Entry]) -> list[Entry | None]:
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


def _codes(rows: Sequence[_Told], book: Book) -> list[str | None]:
    """The activity of each row by its code, else by its wording; an equal wording may stand in several rows."""
    known, told = _known(book), {code for _, code, _ in rows}
    unknown = [name.value for _, code, name in rows if code not in book.entries]
    matched = iter(match_names([Wanted(name) for name in unknown], [it for it in known if it.code not in told]))
    by_name = {squeeze(item.name): item.code for item in known}
    return [
        code if code in book.entries else next(matched) or by_name.get(squeeze(name.value) or "?")
        for _, code, name in rows
    ]
