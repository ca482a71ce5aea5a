"""What an activity, or a column of Tablo 11, cost and costs; and the sums, each of which adds up to the same."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import starmap
from pathlib import PurePath

from msgspec.structs import replace

from kars_xl.base.place import Place
from kars_xl.base.text import sort_key
from kars_xl.model.cost_rows import COLUMN_NAMES, TOTAL_NAMES, CostRow
from kars_xl.model.programme import Costs, total_costs
from kars_xl.model.units import Unit
from kars_xl.reports.diff import changes
from kars_xl.reports.diff.changes import ACTIVITIES, GRAND, CodeChange, Difference, Entry, Line, Pair, unit_label
from kars_xl.reports.diff.edition import NOWHERE, Edition, Share, shares_of, together

_ZERO = Pair(0, 0)


def activity_change(entry: Entry) -> Entry:
    """The entry of an activity with what each unit gave for it, and which codes and units differ."""
    (one, other), (before, after), marks = entry.costs, entry.units, entry.marks
    parts: tuple[changes.Part, ...] = ()
    codes: tuple[CodeChange, ...] = ()
    if one is not None and other is not None:
        shares = _paired(*(shares_of(item.edition, item.thing) if item else [] for item in entry.sides))
        parts = tuple(starmap(_part, shares))
        if entry.old and entry.new:
            codes = () if entry.assumed else tuple(_codes(one, other, shares))
            marks += ("amount",) if codes or one.total != other.total else ()
    # A unit that nobody named is no other unit.
    marks += ("units",) if before and after and set(before) != set(after) else ()
    return replace(entry, marks=marks, parts=parts, codes=codes)


def column_change(name: str, old: Edition, new: Edition) -> Entry:
    """Genel Yönetim Giderleri or the transfers; no code differs where a side is not known."""
    one, other = (changes.Item("", COLUMN_NAMES[name], side, costs=side.programme.column(name)) for side in (old, new))
    codes: tuple[CodeChange, ...] = ()
    if one.costs is not None and other.costs is not None:
        given = ((it.places for it in side.merged.columns if it.column == name) for side in (old, new))
        codes = tuple(_differing(None, one.costs, other.costs, *(next(cells, NOWHERE) for cells in given)))
    return Entry(name, one, other, codes=codes)


def _paired(old: Sequence[Share], new: Sequence[Share]) -> list[tuple[list[Share], list[Share]]]:
    """Shares of one unit beside each other. What a side gives for units together is compared for them together."""
    together = any(len(share.unit.parts) > 1 for share in (*old, *new))
    named = [{unit for share in side for unit in share.unit.parts} for side in (old, new)]
    if together and named[0] == named[1]:
        return [(list(old), list(new))]
    units = dict.fromkeys(share.unit for share in (*old, *new))
    return [([it for it in old if it.unit == unit], [it for it in new if it.unit == unit]) for unit in units]


def _part(old: list[Share], new: list[Share]) -> changes.Part:
    forms = tuple(share.form for share in new or old if share.form is not None)
    pair = Pair(sum(share.total for share in old), sum(share.total for share in new))
    before, after = (side[0].place if side else None for side in (old, new))
    return changes.Part(together(share.unit for share in (*old, *new)), pair, forms, old_place=before, new_place=after)


def _codes(old: Costs, new: Costs, shares: Sequence[tuple[list[Share], list[Share]]]) -> Iterator[CodeChange]:
    """Changes by unit where each unit's costs are known on both sides, else of the whole activity."""
    single = all(len(before) == 1 == len(after) for before, after in shares)
    pairs = [(before[0], after[0]) for before, after in shares] if single else []
    if not pairs or any(share.costs is None for pair in pairs for share in pair):
        sides = ([share.cells for pair in shares for share in pair[side]] for side in (0, 1))
        before, after = (cells[0] if len(cells) == 1 else NOWHERE for cells in sides)
        yield from _differing(None, old, new, before, after)
        return
    for one, other in pairs:
        if one.costs is not None and other.costs is not None:
            unit = other.unit if len(pairs) > 1 else None
            yield from _differing(unit, one.costs, other.costs, one.cells, other.cells)


def _differing(
    unit: Unit | None, old: Costs, new: Costs, before: Mapping[CostRow, Place], after: Mapping[CostRow, Place]
) -> Iterator[CodeChange]:
    for row, kurus in old:
        if kurus != new[row]:
            yield CodeChange(row, unit, Pair(kurus, new[row]), old_place=before.get(row), new_place=after.get(row))


def with_sums(diff: Difference) -> Difference:
    """The difference with its sums over what has a figure on both sides."""
    known = [change for change in diff.activities if change.pair is not None]
    columns = [column for column in diff.columns if column.pair is not None]
    lines = [Line(column.kind, column.item.name, column.pair) for column in columns if column.pair]
    totals = {ACTIVITIES: _sum(known)} | {line.key: line.pair for line in lines}
    if lines:
        totals[GRAND] = _sum((*known, *columns))
    return replace(
        diff,
        totals=tuple(Line(name, label, totals[name]) for name, label in TOTAL_NAMES.items() if name in totals),
        by_target=(*_by_target(diff.targets, known), *lines),
        by_unit=(*_by_unit(known), *lines),
        by_code=tuple(_by_code((*known, *columns))),
        by_form=tuple(_by_form(diff)),
    )


def _sum(entries: Iterable[Entry]) -> Pair:
    return sum((entry.pair for entry in entries if entry.pair), _ZERO)


def _by_target(targets: Sequence[Entry], known: Sequence[Entry]) -> Iterator[Line]:
    """A moved activity's old amount counts for its old target, its new one for its new target."""
    olds, news = Counter[str](), Counter[str]()
    for change in known:
        for sums, item in zip((olds, news), change.sides, strict=True):
            if item and item.costs:
                sums[item.parent] += item.costs.total
    for entry in targets:
        sides = zip((olds, news), entry.sides, strict=True)
        yield Line(entry.item.code, entry.item.name, Pair(*(sums[item.code] if item else 0 for sums, item in sides)))


def _by_unit(known: Sequence[Entry]) -> list[Line]:
    found: dict[Unit, Pair] = defaultdict(lambda: _ZERO)
    for part in (part for change in known for part in change.parts):
        found[part.unit] += part.pair
    lines = (Line(label := unit_label(unit), label, pair) for unit, pair in found.items())
    return sorted(lines, key=lambda line: sort_key(line.label))


def _by_code(known: Sequence[Entry]) -> Iterator[Line]:
    """By economic code and source. What one side gives without a code stands on a line of its own on both."""
    told = [change.costs for change in known if not change.assumed]
    before, after = (total_costs(costs for pair in told if (costs := pair[side])) for side in (0, 1))
    for row in CostRow:
        if before[row] or after[row]:
            yield Line(str(row.value), row.label, Pair(before[row], after[row]))
    assumed = _sum(change for change in known if change.assumed)
    if assumed != _ZERO:
        yield Line("", "Ekonomik kodu kaynakta olmayan", assumed)


def _by_form(diff: Difference) -> list[changes.FormLine]:
    """What each form changed. Where forms are not known at all this says nothing."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    new, old = editions = diff.new, diff.old

    def note(forms: Sequence[Place | None], pair: Pair = _ZERO, **counts: int) -> None:
        """Several forms that gave one amount together are one line."""
        file = " + ".join(sorted({_form_name(form, editions) for form in forms if form}))
        found[file].update(counts, old=pair.old, new=pair.new)

    for change in diff.activities:
        for part in change.parts:
            if part.pair.difference:
                note(part.forms, part.pair, amounts=1)
        if change.codes and change.pair and not change.pair.difference:
            note(change.parts[0].forms if change.parts else (), amounts=1)
    for column in (column for column in diff.columns if column.codes):
        note([new.form(column.kind) or old.form(column.kind)], _sum([column]), amounts=1)
    for entry in (*diff.entries, *diff.notes):
        form = [entry.item.edition.form(entry.kind, entry.item.code)]
        if entry.values:
            places = (item.edition.form("value", item.code, "2") for item in reversed(entry.sides) if item)
            note([next(filter(None, places), None)], values=len(entry.values))
        if "reworded" in entry.marks:
            note(form, texts=1)
        if not {"added", "removed", "moved"}.isdisjoint(entry.marks):
            note(form, listed=1)
    if set(found) == {""}:
        return []
    lines = (changes.FormLine(file, Pair(told.pop("old"), told.pop("new")), **told) for file, told in found.items())
    return sorted(lines, key=lambda line: (not line.file, -abs(line.pair.difference), line.file))


def _form_name(form: Place, editions: Iterable[Edition]) -> str:
    """The form as it is called within its folder."""
    path = PurePath(form.file)
    for edition in editions:
        if form.file == edition.file:
            return path.name
        if edition.file in map(str, path.parents):
            return path.relative_to(edition.file).as_posix()
    return form.file
