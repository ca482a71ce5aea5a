"""Every table's totals side by side: which agree, and by how much the others differ (KX309)."""

from collections.abc import Iterator, Sequence

from msgspec import Struct, field

from kars_xl.base.money import excess, format_tl, to_tl
from kars_xl.base.place import Place
from kars_xl.checking.book import Book, cost_figure, kurus_of, row_figure
from kars_xl.findings.finding import Finding, finding
from kars_xl.model.cost_rows import CostTotal
from kars_xl.reading.tables import Amount

MEASURES = {
    "activities": "Faaliyetler toplamı",
    "general": "Genel yönetim giderleri",
    "transfers": "Diğer idarelere transfer",
    "grand": "Genel toplam",
}
ROWS, PRINTED = "satırlar", "yazılı"
_SUMMARY = {"activities": "activities_total", "general": "general", "transfers": "transfers", "grand": "grand_total"}
_MATRIX = {"activities": "activity_column", "general": "general", "transfers": "transfers", "grand": "grand_total"}
_NAMES = {
    "PHT": "Performans Hedefi",
    "FMT": "Faaliyet Maliyetleri",
    "İPT": "İdare Performans Tablosu",
    "TKT": "Tablo 11",
}


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
    lines = tuple(line for line in (*_targets(book), *_costs(book), *_summaries(book), *_matrices(book)) if line.sums)
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
    if not given:
        return 0
    values = [kurus for _, kurus in given]
    most = max(values.count(value) for value in values)
    if most > 1 and len({value for value in values if values.count(value) == most}) == 1:
        return max(values, key=values.count)
    preferred = [kurus for table, kurus in given if table == "İPT"]
    return preferred[-1] if preferred else values[0]


def _added(table: str, kind: str, kurus: Sequence[int | None]) -> list[TotalsLine]:
    if not kurus or None in kurus:
        return []
    return [TotalsLine(table, {"activities": Sum(sum(item or 0 for item in kurus))}, kind)]


def _targets(book: Book) -> list[TotalsLine]:
    rows = [row_figure("PHT", row.amounts).total for table in book.targets for row in table.activities]
    added = _added("PHT", ROWS, rows)
    printed: list[int | None] = []
    for table in book.targets:
        total = table.totals.get("grand_total") or table.totals.get("subtotal")
        if total is None or total.total is None or not total.total.given:
            return added
        printed.append(row_figure("PHT", total).total)
    return _with_printed(added, _added("PHT", PRINTED, printed))


def _costs(book: Book) -> list[TotalsLine]:
    added = _added("FMT", ROWS, [cost_figure(table).total for table in book.costs])
    totals = [table.totals.get(CostTotal.NEED) for table in book.costs]
    printed = [kurus_of(total) for total in totals if total is not None and total.given]
    if len(printed) < len(totals):
        return added
    return _with_printed(added, _added("FMT", PRINTED, printed))


def _with_printed(added: list[TotalsLine], printed: list[TotalsLine]) -> list[TotalsLine]:
    """One line where the printed totals add up to what the rows do, else both."""
    if added and printed and not excess(added[0].sums["activities"].kurus, printed[0].sums["activities"].kurus):
        return [TotalsLine(added[0].table, added[0].sums)]
    return added + printed


def _summaries(book: Book) -> Iterator[TotalsLine]:
    for table in book.summaries:
        printed = {name: table.totals[label].amounts.total for name, label in _SUMMARY.items() if label in table.totals}
        own = {name: item for name, amount in printed.items() if (item := _sum(amount))}
        rows = _added("İPT", ROWS, [row_figure("İPT", row.amounts).total for row in table.rows])
        activities = own.get("activities")
        agree = rows and activities is not None and not excess(rows[0].sums["activities"].kurus, activities.kurus)
        if rows and not agree:
            yield rows[0]
        yield TotalsLine("İPT", own, "" if agree or not rows else PRINTED)


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
    if amount is None or amount.kurus is None or not amount.given:
        return None
    return Sum(amount.kurus, amount.place)


def check_grand_totals(totals: Reconciliation) -> list[Finding]:
    """KX309: one for each measure on which the tables differ, with every table's figure."""
    found = []
    for measure, name in MEASURES.items():
        lines = [line for line in totals.lines if measure in line.sums]
        if len({line.sums[measure].kurus for line in lines}) < 2:
            continue
        reference = totals.reference[measure]
        places = [place for line in lines if (place := line.sums[measure].place)]
        wrong = [line for line in lines if line.sums[measure].kurus != reference]
        printed = [place for line in wrong if (place := line.sums[measure].place)]
        place = (printed or places or [Place("")])[0]
        amounts = ", ".join(f"{line.name} {format_tl(line.sums[measure].kurus)}" for line in lines)
        values = [("expected", str(to_tl(reference))), ("found", str(to_tl(wrong[0].sums[measure].kurus)))]
        values += [(line.name, str(to_tl(line.sums[measure].kurus))) for line in lines]
        related = [other for other in places if other != place]
        table = next((line.table for line in lines if line.sums[measure].place == place), lines[0].table)
        facts = {"what": name, "amounts": amounts}
        found.append(finding("KX309", place, table=table, key=name, values=values, related=related, **facts))
    return found
