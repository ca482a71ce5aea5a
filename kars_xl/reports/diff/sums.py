"""The sums of a comparison: totals, by target, by unit, by economic code and by form. Each adds up to the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath

from kars_xl.base.place import Place
from kars_xl.base.text import sort_key
from kars_xl.model.cost_rows import CostRow
from kars_xl.model.programme import total_costs
from kars_xl.model.units import Unit
from kars_xl.reports.diff.changes import (
    ACTIVITIES,
    GRAND,
    ActivityChange,
    Difference,
    Entry,
    FormLine,
    Line,
    Pair,
    unit_label,
)
from kars_xl.reports.diff.edition import Edition
from kars_xl.workbook.nodes.lists import COLUMN_NAMES

_TOTALS = {ACTIVITIES: "Performans Hedefleri Maliyetleri", **COLUMN_NAMES, GRAND: "Genel Toplam"}
_NO_CODE = "Ekonomik kodu kaynakta olmayan"
_ZERO = Pair(0, 0)


def with_sums(diff: Difference, old: Edition, new: Edition) -> Difference:
    """The difference with its sums over what has a figure on both sides."""
    known = [change for change in diff.activities if change.pair is not None]
    given = {name: pair for name in COLUMN_NAMES if (pair := _column(name, old, new)) is not None}
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
    total = _ZERO
    for pair in pairs:
        total += pair or _ZERO
    return total


def _column(name: str, old: Edition, new: Edition) -> Pair | None:
    one, other = old.programme.column(name), new.programme.column(name)
    return Pair(one.total, other.total) if one is not None and other is not None else None


def _by_target(targets: Sequence[Entry], known: Sequence[ActivityChange]) -> list[Line]:
    """A moved activity's old amount counts for its old target, its new one for its new target."""
    olds: dict[str, int] = defaultdict(int)
    news: dict[str, int] = defaultdict(int)
    for change in known:
        if change.pair is not None and change.entry.old is not None:
            olds[change.entry.old.parent] += change.pair.old
        if change.pair is not None and change.entry.new is not None:
            news[change.entry.new.parent] += change.pair.new
    lines = []
    for entry in targets:
        pair = Pair(olds[entry.old.code] if entry.old else 0, news[entry.new.code] if entry.new else 0)
        lines.append(Line(entry.item.code, entry.item.name, pair))
    return lines


def _by_unit(known: Sequence[ActivityChange]) -> list[Line]:
    found: dict[Unit, Pair] = defaultdict(lambda: _ZERO)
    for change in known:
        for part in change.parts:
            found[part.unit] += part.pair
    labels = sorted(((unit_label(unit), pair) for unit, pair in found.items()), key=lambda item: sort_key(item[0]))
    return [Line(label, label, pair) for label, pair in labels]


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
        yield Line("", _NO_CODE, assumed)


def _by_form(diff: Difference, old: Edition, new: Edition) -> list[FormLine]:
    """What each form changed. Where forms are not known at all this says nothing."""
    found: dict[str, FormLine] = {}

    def note(file: str, pair: Pair = _ZERO, **counts: int) -> None:
        line = found.get(file, FormLine(file, _ZERO))
        more = {name: getattr(line, name) + count for name, count in counts.items()}
        found[file] = replace(line, pair=line.pair + pair, **more)

    def file_of(before: Place | None, after: Place | None) -> str:
        """The form of a thing: the new one, the old one where the new one is not known."""
        if after is not None:
            return form_name(after, new)
        return form_name(before, old) if before is not None else ""

    def files_of(forms: Sequence[Place]) -> str:
        """Several forms that gave one amount together are one line."""
        return " + ".join(sorted({form_name(form, new if _inside(form, new) else old) for form in forms}))

    for change in (change for change in diff.activities if change.pair is not None):
        for part in change.parts:
            if part.pair.difference:
                note(files_of(part.forms), part.pair, amounts=1)
        if change.codes and change.pair is not None and not change.pair.difference:
            note(files_of(change.parts[0].forms if change.parts else ()), amounts=1)
    for name, changes in diff.columns:
        if changes:
            note(file_of(old.form(name), new.form(name)), _sum(code.pair for code in changes), amounts=1)
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
    found = {kind: _marks(kind, diff.entries) for kind in KINDS}
    found["indicator"]["changed"] = sum(change.changed for change in diff.indicators)
    found["activity"]["changed"] = sum(change.changed for change in diff.activities)
    return found


def _marks(kind: str, entries: tuple[Entry, ...]) -> dict[str, int]:
    own = [entry for entry in entries if entry.kind == kind]
    return {mark: sum(bool(getattr(entry, mark, False)) for entry in own) for mark in MARKS}
