"""Why totals differ: one explanation for many findings, given only where it accounts for a difference to the kuruş."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from msgspec import Struct

from kars_xl.base.money import format_signed, format_tl
from kars_xl.checking.book import Book, Entry
from kars_xl.checking.tables.owners import units_in, units_of_costs
from kars_xl.checking.tables.totals import row_differences
from kars_xl.checking.tables.wording import another
from kars_xl.findings.finding import Code, Finding
from kars_xl.model.units import Unit
from kars_xl.reading.tables import ResponsibilityRow
from kars_xl.reports.audit.reconcile import MEASURES, ROWS, Reconciliation

_LISTED = 8
_NAMES = {"PHT": "Performans hedefi tabloları", "FMT": "Maliyet tabloları", "İPT": "İdare Performans Tablosu"}
# The rules whose findings an explanation covers.
_AMOUNT, _NO_COSTS, _ONLY_THERE = Code("KX301"), Code("KX302"), Code("KX303")
_UNIT, _TARGET, _SUM, _MATRIX, _TOTALS = Code("KX304"), Code("KX305"), Code("KX306"), Code("KX308"), Code("KX309")


class Explanation(Struct, frozen=True):
    """A sentence that accounts for `difference` (kuruş; None where it is not about money) and the findings it covers.
    `keys` are the activities, rows or names that it is about; `tables` those between which the difference is."""

    text: str
    covers: tuple[Finding, ...]
    keys: tuple[str, ...]
    tables: tuple[str, ...]
    difference: int | None = None


def explain(book: Book, totals: Reconciliation, findings: Sequence[Finding]) -> list[Explanation]:
    """All explanations that hold exactly."""
    of_sums = (*_between_tables(book, totals, findings), *_matrix(book, totals, findings))
    return [*of_sums, *_stale_totals(book, findings), *_slips(book, findings)]


def _between_tables(book: Book, totals: Reconciliation, findings: Sequence[Finding]) -> Iterator[Explanation]:
    """PHT, FMT and İPT in pairs: the difference of their sums is that of their activities, one by one."""
    sums: dict[str, int] = {}
    # What a table's rows add up to comes before what it prints.
    for line in sorted(totals.lines, key=lambda line: line.kind != ROWS):
        if "activities" in line.sums:
            sums.setdefault(line.table, line.sums["activities"].kurus)
    # Where there is an İPT both others are held against it.
    for one, other in (("PHT", "İPT"), ("FMT", "İPT")) if "İPT" in sums else (("PHT", "FMT"),):
        if one in sums and other in sums and sums[one] != sums[other]:
            yield from _pair(book, one, other, sums[one] - sums[other], findings)


def _pair(book: Book, one: str, other: str, difference: int, findings: Sequence[Finding]) -> Iterator[Explanation]:
    changed: dict[str, int] = {}
    lacking: dict[str, int] = {}
    for entry in book.entries.values():
        by_table = {figure.table: figure.total for figure in entry.figures()}
        mine, theirs = by_table.get(one), by_table.get(other)
        if mine != theirs:
            (lacking if mine is None or theirs is None else changed)[entry.code] = (mine or 0) - (theirs or 0)
    alone = [orphan for orphan in book.orphans if orphan.table in (one, other)]
    orphans = {orphan.label: (orphan.kurus or 0) * (1 if orphan.table == one else -1) for orphan in alone}
    if sum((*changed.values(), *lacking.values(), *orphans.values())) != difference:
        return
    reasons = []
    if changed:
        reasons.append(f"{len(changed)} faaliyetin tutarı iki yerde farklı yazılmış ({_listed(changed)})")
    if lacking:
        who = one if sum(lacking.values()) < 0 or one == "FMT" else other
        with_money = {key: kurus for key, kurus in lacking.items() if kurus}
        rest = f", {len(lacking) - len(with_money)} tanesi sıfır tutarlı" if len(with_money) < len(lacking) else ""
        what = "maliyet tablosu yok" if who == "FMT" else f"{_NAMES[who]} satırı yok"
        reasons.append(f"{len(lacking)} faaliyetin {what} ({_listed(with_money)}{rest})")
    if orphans:
        reasons.append(f"{len(orphans)} satırın diğer tabloda karşılığı yok ({_listed(orphans)})")
    # An orphan is known by its name, all else by its code.
    covers = [
        item
        for item in findings
        if (item.code is _AMOUNT and item.key in changed)
        or (item.code in (_NO_COSTS, _ONLY_THERE) and item.key in lacking)
        or (item.code is _ONLY_THERE and item.table in (one, other) and item.label in orphans)
        or (item.code is _TOTALS and item.key == MEASURES["activities"])
    ]
    text = f"{_NAMES[one]} toplamı {_NAMES[other]} toplamından {_more(difference)}: {'; '.join(reasons)}. "
    text += "Bu, farkın tamamıdır."
    yield Explanation(text, tuple(covers), (*changed, *lacking, *orphans), (one, other), difference)


def _more(difference: int) -> str:
    return f"{format_tl(abs(difference))} TL {'fazla' if difference > 0 else 'eksik'}"


def _listed(amounts: dict[str, int]) -> str:
    shown = [f"{key} {format_signed(kurus)}" for key, kurus in list(amounts.items())[:_LISTED]]
    more = len(amounts) - len(shown)
    return ", ".join(shown) + (f" ve {more} tane daha" if more > 0 else "")


def _matrix(book: Book, totals: Reconciliation, findings: Sequence[Finding]) -> Iterator[Explanation]:
    """Tablo 11's activity column: which rows make the difference, and what missing cost tables have to do with it."""
    sums = {line.table: line.sums["grand"].kurus for line in totals.lines if "grand" in line.sums}
    for table in book.matrices:
        rows = row_differences(book, table)
        assigned = {item.row.title: item.assigned for item in rows if item.assigned}
        wrong = [item for item in rows if item.difference]
        if difference := sum(item.difference for item in wrong):
            grand = "TKT" in sums and "İPT" in sums and sums["TKT"] - sums["İPT"] == difference
            text = f"Tablo 11'in faaliyet sütunu diğer tablolardan {_more(difference)}: farkın tamamı "
            text += f"{_listed({item.row.title: item.difference for item in wrong})} satırında"
            text += "; genel toplamlar arasındaki fark da budur." if grand else "."
            # What is said at the rows themselves, and of the sums of the tables.
            told: set[tuple[Code, object]] = {(_MATRIX, item.amount.place) for item in wrong}
            told |= {(_TOTALS, MEASURES["activities"]), (_TOTALS, MEASURES["grand" if grand else "activities"])}
            covers = [it for it in findings if (it.code, it.place) in told or (it.code, it.key) in told]
            keys = tuple(str(item.row.value) for item in wrong)
            yield Explanation(text, tuple(covers), keys, ("TKT", "İPT"), difference)
        if assigned:
            text = f"Maliyet tablosu olmayan faaliyetler Tablo 11'de şu satırlardadır: {_listed(assigned)}."
            covers = [item for item in findings if item.code is _NO_COSTS]
            yield Explanation(text, tuple(covers), tuple(assigned), ("TKT", "FMT"), sum(assigned.values()))


def _stale_totals(book: Book, findings: Sequence[Finding]) -> Iterator[Explanation]:
    """A total that does not add up (KX306) by just what one row, or all rows with another amount, account for."""
    for item in findings:
        if item.code is not _SUM or item.table not in ("PHT", "İPT"):
            continue
        values = dict(item.values)
        found, expected = (int(values[name].replace(".", "")) for name in ("found", "expected"))
        off = found - expected
        lines, own = _rows_of(item, book)
        left_out = [code for code, kurus in lines.items() if kurus and kurus == -off]
        if own and sum(own.values()) == -off:
            text = f"{item.key} toplamı, {len(own)} faaliyetin tutarı diğer tablolardaki gibiyken tutuyor "
            text += f"({_listed(own)}): tutarlar değişmiş, toplam güncellenmemiş."
            covers = [item, *(other for other in findings if other.code is _AMOUNT and other.key in own)]
            yield Explanation(text, tuple(covers), tuple(own), (item.table,), off)
        elif len(left_out) == 1:
            text = f"{item.key} toplamı {left_out[0]} satırının tutarı kadar eksik: satır toplama girmemiş."
            yield Explanation(text, (item,), (left_out[0],), (item.table,), off)


def _rows_of(item: Finding, book: Book) -> tuple[dict[str, int], dict[str, int]]:
    """The activities that the total of a KX306 adds up (in the summary table all, else the target's own), in kuruş; and
    of those on which the other tables agree how much more the total's table says."""
    rows: dict[str, int] = {}
    changed: dict[str, int] = {}
    for entry in book.entries.values():
        own = entry.figures() if item.table == "İPT" or entry.target == item.key else ()
        by_table = {figure.table: figure.total for figure in own}
        if (kurus := by_table.pop(item.table, None)) is not None:
            rows[entry.code] = kurus
            others = set(by_table.values())
            other = others.pop() if len(others) == 1 else None
            if other is not None and kurus != other:
                changed[entry.code] = kurus - other
    return rows, changed


def _slips(book: Book, findings: Sequence[Finding]) -> Iterator[Explanation]:
    """Activities in the list of units with their neighbour's unit, or beside which its target is named."""

    def units_of(entry: Entry) -> set[Unit]:
        return {unit for text in units_of_costs(entry) for unit in units_in(text)}

    def target_named(row: ResponsibilityRow) -> set[str]:
        return {another(row.target.value, "?", book.target_wordings)} - {""} if row.target.value else set()

    units = list(_slipped(book, lambda row: units_in(row.unit), units_of))
    targets = list(_slipped(book, target_named, lambda entry: {entry.target} - {""}))
    for code, column, slipped in ((_UNIT, "birim", units), (_TARGET, "hedef", targets)):
        for step, row, way in ((1, "alttaki", "yukarı"), (-1, "üstteki", "aşağı")):
            codes = tuple(activity for activity, by in slipped if by == step)
            if len(codes) > 1:
                text = f"Sorumlu birimler tablosunda {len(codes)} satırda {row} satırın {column}i yazılı "
                text += f"({', '.join(codes)}): {column} sütunu buralarda bir satır {way} kaymış."
                covers = [item for item in findings if item.code is code and item.table == "SHB" and item.key in codes]
                yield Explanation(text, tuple(covers), codes, ("SHB",))


def _slipped(
    book: Book, said: Callable[[ResponsibilityRow], set[Any]], right: Callable[[Entry], set[Any]]
) -> Iterator[tuple[str, int]]:
    """Activities with what is right for the row below (1) or above (-1)."""
    by_row = {id(row): entry for entry in book.entries.values() for row in entry.responsibles}
    for table in book.responsibilities:
        entries = [by_row.get(id(row)) for row in table.rows]
        # Before the first row and after the last there is nothing.
        expected = [set[Any](), *(right(entry) if entry else set() for entry in entries), set[Any]()]
        for at, (row, entry) in enumerate(zip(table.rows, entries, strict=True), start=1):
            given = said(row)
            if entry is not None and given and expected[at] and given != expected[at]:
                yield from ((entry.code, step) for step in (1, -1) if given == expected[at + step])
