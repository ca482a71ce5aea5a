"""What an activity, or a column of Tablo 11, cost and costs; and the sums, each of which adds up to the same."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from pathlib import PurePath

from msgspec.structs import replace

from kars_xl.base.place import Place
from kars_xl.base.text import sort_key
from kars_xl.model.cost_rows import CostRow
from kars_xl.model.programme import Activity, Costs, total_costs
from kars_xl.model.units import Unit
from kars_xl.reports.diff import changes
from kars_xl.reports.diff.changes import ACTIVITIES, GRAND, ActivityChange, CodeChange, Difference, Entry, Line, Pair
from kars_xl.reports.diff.edition import Edition, Share
from kars_xl.workbook.nodes.lists import COLUMN_NAMES

_NOWHERE: Mapping[CostRow, Place] = {}


def activity_change(entry: Entry, old: Edition, new: Edition) -> ActivityChange:
    """Both sides' amounts of one activity."""
    before = old.activity(entry.old) if entry.old else None
    after = new.activity(entry.new) if entry.new else None
    # Zero where the activity does not exist, None where its figure is not known.
    one, other = (
        Costs() if found is None else None if found.code in side.source.trust.unread else found.costs
        for found, side in ((before, old), (after, new))
    )
    units = before.units if before else (), after.units if after else ()
    assumed = any(item and item.code in side.source.assumed for item, side in ((entry.old, old), (entry.new, new)))
    parts: Iterable[changes.Part] = ()
    codes: Iterable[CodeChange] = ()
    if one is not None and other is not None:
        shares = _paired(_shares(old, before), _shares(new, after))
        parts = (_part(*pair) for pair in shares)
        codes = () if assumed or entry.added or entry.removed else _codes(one, other, shares)
    # A unit that nobody named is no other unit.
    changed = all(units) and set(units[0]) != set(units[1])
    return ActivityChange(entry, one, other, *units, changed, assumed, tuple(parts), tuple(codes))


def column_changes(name: str, old: Edition, new: Edition) -> tuple[CodeChange, ...]:
    """The codes of Genel Yönetim Giderleri or the transfers that changed; none where a side is not known."""
    one, other = old.programme.column(name), new.programme.column(name)
    if one is None or other is None:
        return ()
    of = ((it.places for it in edition.merged.columns if it.column == name) for edition in (old, new))
    before, after = (next(places, _NOWHERE) for places in of)
    return tuple(_differing(None, one, other, before, after))


def _shares(edition: Edition, activity: Activity | None) -> list[Share]:
    """By unit what was given; the forms behind a merged workbook where they add up to what it says."""
    if activity is None or activity.costs is None:
        return []
    given = [part for part in edition.merged.contributions if part.activity == activity.code]
    if not given:
        return [Share(_together(activity.units), activity.costs.total, activity.costs)]
    origins = edition.origins.get(activity.code, ())
    if origins and sum(item.total for item in origins) == activity.costs.total:
        cells = given[0].places if len(given) == len(origins) == 1 else _NOWHERE
        place = given[0].place
        known = [item.costs for item in origins if item.costs is not None]
        by_code = len(known) == len(origins) and total_costs(known) == activity.costs
        if len(origins) == 1:
            return [replace(origins[0], costs=activity.costs, place=place, cells=cells)]
        return [replace(it, costs=it.costs if by_code else None, place=place, cells=cells) for it in origins]
    form = attrgetter("place") if edition.source.is_forms else lambda _: None
    return [Share(it.sender.unit, it.costs.total, it.costs, it.place, form(it), it.places) for it in given]


def _paired(old: Sequence[Share], new: Sequence[Share]) -> list[tuple[list[Share], list[Share]]]:
    """Shares of one unit beside each other. What a side gives for units together is compared for them together."""
    together = any(len(share.unit.parts) > 1 for share in (*old, *new))
    named = [{unit for share in side for unit in share.unit.parts} for side in (old, new)]
    if together and named[0] == named[1]:
        return [(list(old), list(new))]
    units = dict.fromkeys(share.unit for share in (*old, *new))
    return [([it for it in old if it.unit == unit], [it for it in new if it.unit == unit]) for unit in units]


def _together(units: Iterable[Unit]) -> Unit:
    """The one unit that these are spellings of, or all of them as one, each as it is spelt last."""
    named = {part: part for unit in units for part in unit.parts}
    return Unit("\n".join(map(str, sorted(named.values()))))


def _part(old: list[Share], new: list[Share]) -> changes.Part:
    forms = tuple(share.form for share in new or old if share.form is not None)
    pair = Pair(sum(share.total for share in old), sum(share.total for share in new))
    before, after = (side[0].place if side else None for side in (old, new))
    return changes.Part(_together(share.unit for share in (*old, *new)), pair, before, after, forms)


def _codes(old: Costs, new: Costs, shares: Sequence[tuple[list[Share], list[Share]]]) -> Iterator[CodeChange]:
    """Changes by unit where each unit's costs are known on both sides, else of the whole activity."""
    single = all(len(before) == 1 == len(after) for before, after in shares)
    pairs = [(before[0], after[0]) for before, after in shares] if single else []
    if not pairs or any(share.costs is None for pair in pairs for share in pair):
        sides = ([share.cells for pair in shares for share in pair[side]] for side in (0, 1))
        before, after = (cells[0] if len(cells) == 1 else _NOWHERE for cells in sides)
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
            yield CodeChange(row, unit, Pair(kurus, new[row]), before.get(row), after.get(row))


_TOTALS = {ACTIVITIES: "Performans Hedefleri Maliyetleri", **COLUMN_NAMES, GRAND: "Genel Toplam"}
_ZERO = Pair(0, 0)


def with_sums(diff: Difference, old: Edition, new: Edition) -> Difference:
    """The difference with its sums over what has a figure on both sides."""
    known = [change for change in diff.activities if change.pair is not None]
    columns = {name: (old.programme.column(name), new.programme.column(name)) for name in COLUMN_NAMES}
    given = {name: Pair(one.total, other.total) for name, (one, other) in columns.items() if one and other}
    lines = tuple(Line(name, label, given[name]) for name, label in COLUMN_NAMES.items() if name in given)
    totals = {ACTIVITIES: _sum(change.pair for change in known), **given}
    if given:
        totals[GRAND] = _sum(totals.values())
    return replace(
        diff,
        totals=tuple(Line(name, label, totals[name]) for name, label in _TOTALS.items() if name in totals),
        by_target=(*_by_target(diff.targets, known), *lines),
        by_unit=(*_by_unit(known), *lines),
        by_code=tuple(_by_code(old, new, known, given)),
        by_form=tuple(_by_form(diff, old, new)),
    )


def _sum(pairs: Iterable[Pair | None]) -> Pair:
    return sum((pair for pair in pairs if pair), _ZERO)


def _by_target(targets: Sequence[Entry], known: Sequence[ActivityChange]) -> list[Line]:
    """A moved activity's old amount counts for its old target, its new one for its new target."""
    olds, news = Counter[str](), Counter[str]()
    for change in known:
        if change.old is not None and change.entry.old is not None:
            olds[change.entry.old.parent] += change.old.total
        if change.new is not None and change.entry.new is not None:
            news[change.entry.new.parent] += change.new.total
    pairs = [Pair(olds[it.old.code] if it.old else 0, news[it.new.code] if it.new else 0) for it in targets]
    return [Line(entry.item.code, entry.item.name, pair) for entry, pair in zip(targets, pairs, strict=True)]


def _by_unit(known: Sequence[ActivityChange]) -> list[Line]:
    found: dict[Unit, Pair] = defaultdict(lambda: _ZERO)
    for change in known:
        for part in change.parts:
            found[part.unit] += part.pair
    lines = (Line(label := changes.unit_label(unit), label, pair) for unit, pair in found.items())
    return sorted(lines, key=lambda line: sort_key(line.label))


def _by_code(old: Edition, new: Edition, known: Sequence[ActivityChange], given: Mapping[str, Pair]) -> Iterator[Line]:
    """By economic code and source. What one side gives without a code stands on a line of its own on both."""
    pairs = [(change.old, change.new) for change in known if not change.assumed]
    pairs += [(old.programme.column(name), new.programme.column(name)) for name in given]
    before = total_costs(costs for costs, _ in pairs if costs is not None)
    after = total_costs(costs for _, costs in pairs if costs is not None)
    for row in CostRow:
        if before[row] or after[row]:
            yield Line(str(row.value), row.label, Pair(before[row], after[row]))
    assumed = _sum(change.pair for change in known if change.assumed)
    if assumed != _ZERO:
        yield Line("", "Ekonomik kodu kaynakta olmayan", assumed)


def _by_form(diff: Difference, old: Edition, new: Edition) -> list[changes.FormLine]:
    """What each form changed. Where forms are not known at all this says nothing."""
    found: dict[str, changes.FormLine] = {}

    def note(file: str, pair: Pair = _ZERO, **counts: int) -> None:
        line = found.get(file, changes.FormLine(file, _ZERO))
        more = {name: getattr(line, name) + count for name, count in counts.items()}
        found[file] = replace(line, pair=line.pair + pair, **more)

    def file_of(before: Place | None, after: Place | None) -> str:
        """The form of a thing: the new one, the old one where the new one is not known."""
        return form_name(after, new) if after else form_name(before, old) if before else ""

    def files_of(forms: Sequence[Place]) -> str:
        """Several forms that gave one amount together are one line."""
        return " + ".join(sorted({form_name(form, new if _inside(form, new) else old) for form in forms}))

    for change in (change for change in diff.activities if change.pair is not None):
        for part in change.parts:
            if part.pair.difference:
                note(files_of(part.forms), part.pair, amounts=1)
        if change.codes and change.pair is not None and not change.pair.difference:
            note(files_of(change.parts[0].forms if change.parts else ()), amounts=1)
    for name, codes in diff.columns:
        if codes:
            note(file_of(old.form(name), new.form(name)), _sum(code.pair for code in codes), amounts=1)
    for indicator in diff.indicators:
        values, entry = [value for value in indicator.values if value.changed], indicator.entry
        if values and entry.old and entry.new:
            places = old.form("value", entry.old.code, "2"), new.form("value", entry.new.code, "2")
            note(file_of(*places), values=len(values))
    for entry in (*diff.entries, *diff.notes):
        before = old.form(entry.kind, entry.old.code) if entry.old and entry.removed else None
        file = file_of(before, new.form(entry.kind, entry.new.code) if entry.new else None)
        if entry.reworded:
            note(file, texts=1)
        if entry.added or entry.removed or entry.moved:
            note(file, listed=1)
    if set(found) == {""}:
        return []
    return sorted(found.values(), key=lambda line: (not line.file, -abs(line.pair.difference), line.file))


def _inside(form: Place, edition: Edition) -> bool:
    return edition.side.file in (form.file, *map(str, PurePath(form.file).parents))


def form_name(form: Place, edition: Edition) -> str:
    """The form as it is called within its folder."""
    path = PurePath(form.file)
    if _inside(form, edition) and form.file != edition.side.file:
        return path.relative_to(edition.side.file).as_posix()
    return path.name if _inside(form, edition) else form.file


KINDS = {
    "goal": "Amaç",
    "objective": "Hedef",
    "target": "Performans hedefi",
    "indicator": "Performans göstergesi",
    "activity": "Faaliyet",
}
MARKS = {
    "added": "eklenen",
    "removed": "çıkarılan",
    "reworded": "metni değişen",
    "moved": "taşınan",
    "changed": "rakamı değişen",
}


def counts(diff: Difference) -> dict[str, dict[str, int]]:
    """By kind: added, removed, reworded, moved; changed is of values and amounts."""
    found = {}
    for kind in KINDS:
        own = [entry for entry in diff.entries if entry.kind == kind]
        found[kind] = {mark: sum(bool(getattr(entry, mark, False)) for entry in own) for mark in MARKS}
    found["indicator"]["changed"] = sum(change.changed for change in diff.indicators)
    found["activity"]["changed"] = sum(change.changed for change in diff.activities)
    return found
