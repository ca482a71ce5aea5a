"""The rows of the terminal's sections: one change each, in one or several lines."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from kars_xl.base.money import format_signed, format_tl
from kars_xl.base.place import Place
from kars_xl.findings.as_text import where
from kars_xl.reading.cell_values import format_indicator
from kars_xl.reports.diff.changes import (
    ActivityChange,
    CodeChange,
    Entry,
    IndicatorChange,
    Item,
    Line,
    Pair,
    Part,
    ValueChange,
)

WIDTH = 100
NAME, AMOUNT, PERCENT = 34, 18, 10
MISSING = "tutarı yok"
_BLANK = "boş"
_INNER = "    "


def clipped(text: str, width: int) -> str:
    """`text` on one line of at most `width` characters."""
    plain = " ".join(text.split())
    return plain if len(plain) <= width else plain[: width - 1].rstrip() + "…"


def sum_row(line: Line) -> str:
    """Name, old, new, difference and percent in columns."""
    label = f"{line.key} {line.label}" if line.key[:1].isdigit() else line.label
    return f"{clipped(label, NAME - 2):<{NAME}}{_columns(line.pair)}"


def _columns(pair: Pair) -> str:
    amounts = (format_tl(pair.old), format_tl(pair.new), format_signed(pair.difference))
    return "".join(f"{text:>{AMOUNT}}" for text in amounts) + f"{pair.percent:>{PERCENT}}"


def headed(item: Item, mark: str = "") -> str:
    return clipped(f"{mark}{item.code} {item.name}", WIDTH - 2)


def amount_row(change: ActivityChange) -> Iterator[str]:
    """The activity, its amounts, what of it is under which code, and the forms that the new amount comes from."""
    yield headed(change.entry.item)
    assert change.pair is not None
    yield f"{'':<{NAME}}{_columns(change.pair)}"
    for code in change.codes:
        yield from code_row(code)
    for part in change.parts:
        if part.pair.difference and len(change.parts) > 1:
            yield f"{_INNER}{clipped(part.whose, NAME - 6):<{NAME - 4}}{_columns(part.pair)}"
        if part.forms and (part.pair.difference or len(change.parts) == 1):
            yield _forms(part)


def code_row(change: CodeChange) -> Iterator[str]:
    """An economic code's amounts, and the cells where they stand."""
    label = change.row.title + (f" ({change.whose})" if change.unit is not None else "")
    yield f"{_INNER}{clipped(label, NAME - 6):<{NAME - 4}}{_columns(change.pair)}"
    if places := _places(change.old_place, change.new_place):
        yield f"{_INNER}  {places}"


def _places(old: Place | None, new: Place | None) -> str:
    """Both cells; nothing where neither is known."""
    named = [where(place) if place else "?" for place in (old, new)]
    return " → ".join(named) if old or new else ""


def listed_row(entry: Entry) -> list[str]:
    """An item that was added or removed, with its place."""
    place = entry.item.place
    return [headed(entry.item, "+ " if entry.added else "- "), *([f"{_INNER}{where(place)}"] if place else [])]


def whole_row(change: ActivityChange) -> list[str]:
    """An activity that was added or removed, with what it costs."""
    costs, units = (change.new, change.new_units) if change.entry.added else (change.old, change.old_units)
    amount = MISSING if costs is None else f"{format_tl(costs.total)} TL"
    heading, *places = listed_row(change.entry)
    facts = clipped(" – ".join(filter(None, (amount, ", ".join(map(str, units))))), WIDTH - 6)
    return [heading, f"{_INNER}{facts}", *places, *(_forms(part) for part in change.parts if part.forms)]


def _forms(part: Part) -> str:
    return f"{_INNER}form: {', '.join(map(where, part.forms))}"


def values_row(change: IndicatorChange) -> Iterator[str]:
    """The indicator, and each value that differs."""
    yield headed(change.entry.item)
    for value in change.values:
        if value.changed:
            yield f"{_INNER}{_value(value)}"
            if places := _places(value.old_place, value.new_place):
                yield f"{_INNER}  {places}"


def _value(change: ValueChange) -> str:
    year = str(change.new_year)
    if change.old_year != change.new_year:
        year = f"program yılı hedefi ({change.old_year} → {change.new_year})"
    old, new = (format_indicator(value) or _BLANK for value in (change.old, change.new))
    return f"{year}: {old} → {new}" if change.readable else f"{year}: okunamadı ya da belli değil, karşılaştırılamadı"


def moved_row(entry: Entry) -> list[str]:
    assert entry.old is not None
    assert entry.new is not None
    under = ""
    if entry.old.parent != entry.new.parent:
        under = f" ({entry.old.parent} → {entry.new.parent} altına)"
    return [clipped(f"{entry.old.code} → {entry.new.code}{under}: {entry.new.name}", WIDTH - 2)]


def reworded_row(entry: Entry) -> list[str]:
    """Both wordings in full: what was changed may be at their end."""
    assert entry.old is not None
    assert entry.new is not None
    rows = [f"{KIND_NAMES[entry.kind]} {entry.new.code}"]
    for side, item in (("eski", entry.old), ("yeni", entry.new)):
        inner = " " * (len(_INNER) + len(side) + 2)
        rows += wrap(f"{_INNER}{side}: {item.name or _BLANK}", WIDTH - 2, subsequent_indent=inner)
        rows += [f"{inner}{where(item.place)}"] if item.place else []
    return rows


KIND_NAMES = {
    "goal": "Amaç",
    "objective": "Hedef",
    "target": "Performans hedefi",
    "indicator": "Gösterge",
    "activity": "Faaliyet",
    "note": "Açıklama",
}


def units_row(change: ActivityChange) -> list[str]:
    old, new = (", ".join(map(str, units)) for units in (change.old_units, change.new_units))
    return [headed(change.entry.item), *wrap(f"{_INNER}{old} → {new}", WIDTH - 2, subsequent_indent=_INNER)]
