"""What a council reads before it votes: the sums, the largest activities, what changed against last year and why, and
what the audit says; as pieces of a page."""

from collections.abc import Callable, Sequence

from kars_xl.base.money import format_signed, format_tl, share_percent
from kars_xl.base.text import few
from kars_xl.checking.source import Source
from kars_xl.findings.finding import COUNTED, SEVERITIES
from kars_xl.model.cost_rows import TOTAL_NAMES
from kars_xl.model.programme import Activity, PastCosts, Programme
from kars_xl.reading.grid import Grid
from kars_xl.reading.kaynak_sheet import is_own
from kars_xl.reports.audit import audit_documents
from kars_xl.reports.book.sheets import Box, Piece, Table

_LARGEST, _CHANGES, _SAID = 10, 8, 4
_SHARE = "Genel toplamdaki pay"


def summary(which: str, source: Source, grid: Grid) -> list[Piece] | None:
    """A part of the summary by its name in the template; None for one that there is not."""
    assert source.merged is not None
    programme = source.merged.programme
    parts: dict[str, Callable[[], list[Piece]]] = {
        "toplamlar": lambda: _totals(programme),
        "en büyük faaliyetler": lambda: _largest(programme),
        "geçen yıla göre": lambda: _changes(programme, source.plan.past if source.plan else ()),
        "denetim": lambda: _audit(source, grid),
    }
    return parts[which]() if which in parts else None


def _totals(programme: Programme) -> list[Piece]:
    whole = programme.totals.grand.total
    named = zip(TOTAL_NAMES.values(), programme.totals, strict=True)
    rows = [[name, format_tl(costs.total), share_percent(costs.total, whole)] for name, costs in named]
    indicators = sum(len(target.indicators) for target in programme.targets)
    units = {unit for activity in programme.activities for one in activity.units for unit in one.parts}
    counts = (
        f"{len(programme.goals)} amaç, {len(programme.objectives)} hedef, {len(programme.targets)} performans hedefi, "
        f"{indicators} gösterge, {len(programme.activities)} faaliyet, {len(units)} harcama birimi."
    )
    return [_table((6, 3, 2), ["", "Tutar (TL)", _SHARE], rows, words=1, last_bold=True), Box(counts)]


def _largest(programme: Programme) -> list[Piece]:
    whole = programme.totals.grand.total
    known = filter(_cost, sorted(programme.activities, key=_cost, reverse=True)[:_LARGEST])
    rows = [
        [it.code, it.name, few([*map(str, it.units)], 2), format_tl(_cost(it)), share_percent(_cost(it), whole)]
        for it in known
    ]
    return [_table((1.2, 7.4, 3.2, 2.3, 1.8), ["Kod", "Faaliyet", "Birim", "Tutar (TL)", "Pay"], rows, words=3)]


def _changes(programme: Programme, past: Sequence[PastCosts]) -> list[Piece]:
    """The largest differences by activity, with what the units say of their targets."""
    if not past:
        return [Box("Geçen yılın tutarları verilmedi (planın Geçen Yıl sayfasında durur); karşılaştırma yapılmadı.")]
    before: dict[str, int] = {}
    for item in past:
        before[item.activity] = before.get(item.activity, 0) + item.costs.total
    now = {it.code: it for it in programme.activities}
    notes = {it.code: target.note for target in programme.targets for it in target.activities}
    year, total, last = past[0].year, programme.activity_costs.total, sum(before.values())
    change = f" ({share_percent(total - last, last)})" if last else ""
    said = (
        f"Faaliyetlerin toplamı {year} yılında {format_tl(last)} TL idi; fark {format_signed(total - last)} TL{change}."
    )
    differences = {code: (_cost(now[code]) if code in now else 0) - before.get(code, 0) for code in {*now, *before}}
    largest = sorted(filter(differences.get, differences), key=lambda code: (-abs(differences[code]), code))[:_CHANGES]
    rows = []
    for code in largest:
        name = now[code].name if code in now else "bu yıl yok"
        why = notes.get(code) or ("yeni faaliyet" if code not in before else "birim açıklama yazmadı")
        rows.append([code, name, why, format_tl(before.get(code, 0)), format_signed(differences[code])])
    heading = ["Kod", "Faaliyet", "Birimin açıklaması", f"{year} (TL)", "Fark (TL)"]
    return [Box(said), *([_table((1.3, 4.6, 4.6, 2.2, 2.3), heading, rows, words=3)] if rows else [])]


def _audit(source: Source, grid: Grid) -> list[Piece]:
    audit = audit_documents(source.documents, {grid.file} if is_own(grid) else ())
    by_severity = [(it, [found for found in audit.findings if found.severity == it]) for it in SEVERITIES]
    told = ", ".join(f"{len(found)} {COUNTED[it].lower()}" for it, found in by_severity if found)
    worst = by_severity[0][1] or by_severity[1][1]
    kinds = {found.code: found for found in reversed(worst)}
    lines = [Box(f"• {found.message}") for found in [*kinds.values()][:_SAID]]
    more = [Box(f"… ve benzeri {len(worst) - len(lines)} bulgu.")] if len(worst) > len(lines) else []
    return [Box(f"Programın tabloları birbiriyle karşılaştırıldı: {told or 'sorun bulunmadı'}."), *lines, *more]


def _cost(activity: Activity) -> int:
    return activity.costs.total if activity.costs else 0


def _table(
    widths: Sequence[float],
    heading: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    words: int,
    last_bold: bool = False,
) -> Table:
    """The first `words` columns are words, the others figures."""
    head = [Box(text, True, "center", "#17374B", "#FFFFFF") for text in heading]
    made = [
        [Box(text, last_bold and row is rows[-1], "left" if at < words else "right") for at, text in enumerate(row)]
        for row in rows
    ]
    return Table(widths, [head, *made])
