"""The sums of a comparison: totals, by target, by unit, by economic code and by form. Each adds up to the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath

from kars_xl.base.place import Place
from kars_xl.base.text import sort_key
from kars_xl.model.programme import ECONOMIC_CODES, EXTRA_SOURCES, total_costs
from kars_xl.model.units import Unit
from kars_xl.reports.diff.amounts import by_key
from kars_xl.reports.diff.changes import (
    ACTIVITIES,
    GRAND,
    ActivityChange,
    CodeChange,
    Entry,
    FormLine,
    IndicatorChange,
    Line,
    Pair,
    unit_label,
)
from kars_xl.reports.diff.source import Source
from kars_xl.workbook.nodes.sources import COLUMN_NAMES

_TOTALS = {ACTIVITIES: "Performans Hedefleri Maliyetleri", **COLUMN_NAMES, GRAND: "Genel Toplam"}
CODE_NAMES: Mapping[int | str, str] = ECONOMIC_CODES | {f"source{i}": name for i, name in enumerate(EXTRA_SOURCES)}
_NO_CODE = "Ekonomik kodu kaynakta olmayan"
_ZERO = Pair(0, 0)

Columns = Sequence[tuple[str, tuple[CodeChange, ...]]]
Sums = tuple[tuple[Line, ...], tuple[Line, ...], tuple[Line, ...], tuple[Line, ...], tuple[FormLine, ...]]


def sums(
    old: Source,
    new: Source,
    targets: Sequence[Entry],
    activities: Sequence[ActivityChange],
    indicators: Sequence[IndicatorChange],
    columns: Columns,
    entries: Sequence[Entry],
) -> Sums:
    """Totals, by_target, by_unit, by_code, by_form: over what has a figure on both sides."""
    known = [change for change in activities if change.pair is not None]
    given = {name: pair for name in COLUMN_NAMES if (pair := _column(name, old, new)) is not None}
    lines = tuple(Line(name, label, given[name]) for name, label in COLUMN_NAMES.items() if name in given)
    total = _sum(change.pair for change in known)
    totals = {ACTIVITIES: total, **given}
    if given:
        totals[GRAND] = _sum(totals.values())
    return (
        tuple(Line(name, label, totals[name]) for name, label in _TOTALS.items() if name in totals),
        (*_by_target(targets, known), *lines),
        (*_by_unit(known), *lines),
        tuple(_by_code(old, new, known, given)),
        tuple(_by_form(old, new, known, entries, indicators, columns)),
    )


def _sum(pairs: Iterable[Pair | None]) -> Pair:
    total = _ZERO
    for pair in pairs:
        total += pair or _ZERO
    return total


def _column(name: str, old: Source, new: Source) -> Pair | None:
    one, other = getattr(old.programme, name), getattr(new.programme, name)
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


def _by_code(old: Source, new: Source, known: Sequence[ActivityChange], given: Mapping[str, Pair]) -> Iterator[Line]:
    """By economic code and source. What one side gives without a code stands on a line of its own on both."""
    pairs = [(change.old, change.new) for change in known if not change.assumed]
    pairs += [(getattr(old.programme, name), getattr(new.programme, name)) for name in given]
    before = by_key(total_costs(costs for costs, _ in pairs if costs is not None))
    after = by_key(total_costs(costs for _, costs in pairs if costs is not None))
    for key, name in CODE_NAMES.items():
        if before[key] or after[key]:
            yield Line(str(key), name, Pair(before[key], after[key]))
    assumed = _sum(change.pair for change in known if change.assumed)
    if assumed != _ZERO:
        yield Line("", _NO_CODE, assumed)


def _by_form(
    old: Source,
    new: Source,
    known: Sequence[ActivityChange],
    entries: Sequence[Entry],
    indicators: Sequence[IndicatorChange],
    columns: Columns,
) -> list[FormLine]:
    """What each form changed. Where forms are not known at all this says nothing."""
    found: dict[str, FormLine] = {}

    def note(file: str, pair: Pair = _ZERO, **counts: int) -> None:
        line = found.get(file, FormLine(file, _ZERO))
        more = {name: getattr(line, name) + count for name, count in counts.items()}
        found[file] = replace(line, pair=line.pair + pair, **more)

    for change in known:
        for part in change.parts:
            if part.pair.difference:
                note(_files(part.forms, old, new), part.pair, amounts=1)
        if change.codes and change.pair is not None and not change.pair.difference:
            note(_files(change.parts[0].forms if change.parts else (), old, new), amounts=1)
    for name, changes in columns:
        if changes:
            note(_file(old.form(name), new.form(name), old, new), _sum(change.pair for change in changes), amounts=1)
    for indicator in indicators:
        values = [value for value in indicator.values if value.changed]
        if values and indicator.entry.old and indicator.entry.new:
            keys = [("value", item.code, "2") for item in (indicator.entry.old, indicator.entry.new)]
            note(_file(old.form(*keys[0]), new.form(*keys[1]), old, new), values=len(values))
    for entry in entries:
        before, after = entry.old, entry.new
        file = _file(
            old.form(entry.kind, before.code) if before and not after else None,
            new.form(entry.kind, after.code) if after else None,
            old,
            new,
        )
        if entry.reworded:
            note(file, texts=1)
        if entry.added or entry.removed or entry.moved:
            note(file, listed=1)
    if set(found) == {""}:
        return []
    return sorted(found.values(), key=lambda line: (not line.file, -abs(line.pair.difference), line.file))


def _file(before: Place | None, after: Place | None, old: Source, new: Source) -> str:
    """The form of a thing: the new one, the old one where the new one is not known."""
    if after is not None:
        return form_name(after, new)
    return form_name(before, old) if before is not None else ""


def _files(forms: Sequence[Place], old: Source, new: Source) -> str:
    """Several forms that gave one amount together are one line."""
    names = {form_name(form, new if _inside(form, new) else old) for form in forms}
    return " + ".join(sorted(names))


def _inside(form: Place, source: Source) -> bool:
    return source.side.file in (form.file, *map(str, PurePath(form.file).parents))


def form_name(form: Place, source: Source) -> str:
    """The form as it is called within its folder."""
    path = PurePath(form.file)
    if _inside(form, source) and form.file != source.side.file:
        return path.relative_to(source.side.file).as_posix()
    return path.name if _inside(form, source) else form.file
