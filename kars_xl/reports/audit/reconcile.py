"""Every table's totals side by side: which agree, and by how much the others differ (KX309)."""

from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec import Struct, field

from kars_xl.base.money import excess, format_tl, to_tl
from kars_xl.base.place import Place
from kars_xl.checking.book import Book, cost_figure, row_figure
from kars_xl.findings.as_text import TABLES
from kars_xl.findings.finding import Finding, finding
from kars_xl.model.cost_rows import CostTotal
from kars_xl.reading.tables import Amount

MEASURES = {
    "activities": "Faaliyetler toplamı",
    "general": "Genel yönetim giderleri",
    "transfers": "Diğer idarelere transfer + yedek ödenek",
    "grand": "Genel toplam",
}
ROWS, PRINTED = "satırlar", "yazılı"
_SUMMARY = {"activities": "activities_total", "general": "general", "transfers": "transfers", "grand": "grand_total"}
_MATRIX = {"activities": "activity_column", "general": "general", "transfers": "transfers", "grand": "grand_total"}
_NAMES = TABLES | {"PHT": "Performans Hedefi"}


class Sum(Struct, frozen=True):
    """A total of a table (kuruş), and where it is printed; `place` is None for what was added up from its rows."""

    kurus: int
    place: Place | None = None


class TotalsLine(Struct, frozen=True):
    """One line of the reconciliation; `kind` tells a table's rows from its printed total where the two differ."""

    table: str
    sums: dict[str, Sum] = field(default_factory=dict)
    kind: str = ""

    @property
    def name(self) -> str:
        return _NAMES[self.table] + (f" ({self.kind})" if self.kind else "")


class Reconciliation(Struct, frozen=True):
    """All lines; `reference` by measure is what most lines say, the summary table's figure where none prevails."""

    lines: tuple[TotalsLine, ...]
    reference: dict[str, int]

    def difference(self, line: TotalsLine, measure: str) -> int | None:
        """By how much a line's total differs from the reference (kuruş); None where it has none."""
        own = line.sums.get(measure)
        return None if own is None else own.kurus - self.reference[measure]

    def agreeing(self, measure: str) -> list[list[TotalsLine]]:
        """The lines grouped by equal totals, the largest group first."""
        groups: dict[int, list[TotalsLine]] = {}
        for line in self.lines:
            if measure in line.sums:
                groups.setdefault(line.sums[measure].kurus, []).append(line)
        return sorted(groups.values(), key=len, reverse=True)


def reconcile(book: Book) -> Reconciliation:
    """The totals of all tables; a kind of table that is not there, or can't be read, has no line."""
    rows = [row_figure("PHT", row.amounts).total for table in book.targets for row in table.activities]
    totals = [table.totals.get("grand_total") or table.totals.get("subtotal") for table in book.targets]
    targets = _rows_and_printed("PHT", rows, [total and total.total for total in totals])
    rows, needs = [cost_figure(it).total for it in book.costs], [it.totals.get(CostTotal.NEED) for it in book.costs]
    made = (*targets, *_rows_and_printed("FMT", rows, needs), *_summaries(book), *_matrices(book))
    lines = tuple(line for line in made if line.sums)
    for measure in MEASURES:
        # Sums that differ only beyond the digits of a spreadsheet become one and the same.
        known: list[int] = []
        for line in (line for line in lines if measure in line.sums):
            own = line.sums[measure]
            known.append(next((kurus for kurus in known if not excess(own.kurus, kurus)), own.kurus))
            line.sums[measure] = Sum(known[-1], own.place)
    return Reconciliation(lines, {measure: _reference(lines, measure) for measure in MEASURES})


def _reference(lines: Sequence[TotalsLine], measure: str) -> int:
    given = [(line.table, line.sums[measure].kurus) for line in lines if measure in line.sums]
    counted = Counter(kurus for _, kurus in given)
    most = [kurus for kurus, count in counted.items() if count == max(counted.values()) > 1]
    if len(most) == 1:
        return most[0]
    preferred = [kurus for table, kurus in given if table == "İPT"]
    return preferred[-1] if preferred else given[0][1] if given else 0


def _rows_and_printed(table: str, rows: Sequence[int | None], totals: Sequence[Amount | None]) -> list[TotalsLine]:
    """One line where the printed totals add up to what the rows do, else both, as far as each is known."""
    printed = [total.kurus if total and total.given else None for total in totals]
    lines = [
        TotalsLine(table, {"activities": Sum(sum(item or 0 for item in kurus))}, kind)
        for kind, kurus in ((ROWS, rows), (PRINTED, printed))
        if kurus and None not in kurus
    ]
    if len(lines) == 2 and not excess(*(line.sums["activities"].kurus for line in lines)):
        return [TotalsLine(table, lines[0].sums)]
    return lines


def _summaries(book: Book) -> Iterator[TotalsLine]:
    for table in book.summaries:
        printed = {name: table.totals[label].amounts.total for name, label in _SUMMARY.items() if label in table.totals}
        own = {name: item for name, amount in printed.items() if (item := _sum(amount))}
        rows = _rows_and_printed("İPT", [row_figure("İPT", row.amounts).total for row in table.rows], ())
        activities = own.get("activities")
        if rows and activities and not excess(rows[0].sums["activities"].kurus, activities.kurus):
            rows = []
        yield from rows
        yield TotalsLine("İPT", own, PRINTED if rows else "")


def _matrices(book: Book) -> Iterator[TotalsLine]:
    for table in book.matrices:
        found = {}
        for measure, label in _MATRIX.items():
            column = table.columns.get(label, {})
            # Where the total row is not given, its parts make it.
            total = _sum(column.get(CostTotal.GRAND)) or _sum(column.get(CostTotal.BUDGET))
            # The finance office's form has two columns only: their sum is no grand total.
            if total is not None and (measure != "grand" or "activity_column" in table.columns):
                found[measure] = total
        yield TotalsLine("TKT", found)


def _sum(amount: Amount | None) -> Sum | None:
    return Sum(amount.kurus, amount.place) if amount and amount.kurus is not None and amount.given else None


def check_grand_totals(totals: Reconciliation) -> Iterator[Finding]:
    """KX309: one for each measure on which the tables differ, with every table's figure."""
    for measure, name in MEASURES.items():
        if len(totals.agreeing(measure)) < 2:
            continue
        reference = totals.reference[measure]
        given = [(line, line.sums[measure]) for line in totals.lines if measure in line.sums]
        places = [item.place for _, item in given if item.place]
        wrong = [item for _, item in given if item.kurus != reference]
        place = next((item.place for item in wrong if item.place), (places or [Place("")])[0])
        amounts = ", ".join(f"{line.name} {format_tl(item.kurus)}" for line, item in given)
        values = [("expected", str(to_tl(reference))), ("found", str(to_tl(wrong[0].kurus)))]
        values += [(line.name, str(to_tl(item.kurus))) for line, item in given]
        related = [other for other in places if other != place]
        table = next((line.table for line, item in given if item.place == place), given[0][0].table)
        yield finding("KX309", place, table=table, key=name, values=values, related=related, what=name, amounts=amounts)
