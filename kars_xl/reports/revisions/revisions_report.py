"""What changed between revisions, as parts of a report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from operator import attrgetter
from pathlib import PurePath

from kars_xl.base.money import format_decimal, format_signed, format_tl
from kars_xl.findings import blocks
from kars_xl.findings.words import clipped, where
from kars_xl.model.programme import IndicatorValue
from kars_xl.reading.cell_values import format_indicator
from kars_xl.reading.tables import Document
from kars_xl.reports.diff.report import KIND_NAMES
from kars_xl.reports.revisions.revisions import (
    ADDED,
    AMOUNT,
    CODE,
    GAP,
    REMOVED,
    WORDING,
    Change,
    Figure,
    Revision,
)

_SHOWN = 10
_NAME = 40
_TEXT = 60
_BLANK = "boş"
_UNKNOWN = "okunamadı ya da verilmemiş"


def revision_blocks(revisions: Sequence[Revision]) -> Iterator[blocks.Block]:
    """By unit which form is used, and what it changed; all of it for machines as "revisions"."""
    yield blocks.Data(key="revisions", value=[_data(revision) for revision in revisions])
    for revision in revisions:
        used = f"No {revision.used[0].revision} kullanıldı ({_names(revision.used)})"
        title = f"REVİZYON – {revision.unit or _names(revision.used)}: {used}"
        yield blocks.Lines(title=title, lines=list(_facts(revision)), bullet="  ")
        if revision.before:
            changes = [_line(change) for change in revision.changes]
            yield blocks.Lines(
                lines=changes or ["Rakamlarda ve metinlerde değişiklik yok."], bullet="  • ", most=_SHOWN
            )


def _facts(revision: Revision) -> Iterator[str]:
    """What it is compared with, what else is not used, and what the total became."""
    if not revision.before:
        yield f"Birebir aynı kopya kullanılmadı: {_names(revision.replaced)}"
        return
    number = revision.before[0].revision
    yield f"Önceki: No {number} ({_names(revision.before)})"
    if others := [form for form in revision.replaced if form.revision != number]:
        yield f"Kullanılmayan öteki formlar: {_names(others)}"
    if (total := revision.total) and total.difference:
        amounts = f"{format_tl(total.old)} → {format_tl(total.new)} TL"
        yield f"Toplam: {amounts} ({format_signed(total.difference)})"


def _names(forms: Iterable[Document]) -> str:
    return ", ".join(PurePath(form.file).name for form in forms)


def _line(change: Change) -> str:
    """ "F.1.1.1 Yol yapımı ▸ 3 Mal ve Hizmet Alım Giderleri: 60.000,00 → 70.000,00 [PH 1.1 ▸ C17]"."""
    gone = "" if change.new_place or change.kind == GAP else "önceki formda "
    # Without the file, which stands above.
    place = f" [{gone}{where(change.place._replace(file=''))}]" if change.place else ""
    name = clipped(" ".join(filter(None, (change.key, change.name))), _NAME)
    if change.kind == GAP:
        side = "yeni" if change.new_place else "önceki"
        return f"{side} formda karşılaştırılamayan: {change.name}{place}"
    if change.kind in (ADDED, REMOVED):
        figure = change.new if change.kind == ADDED else change.old
        amount = f" ({format_tl(figure)} TL)" if isinstance(figure, int) else ""
        return f"{name}: {'eklendi' if change.kind == ADDED else 'çıkarıldı'}{amount}{place}"
    if change.kind == CODE:
        return f"{clipped(change.name, _NAME)}: kodu {change.old} → {change.new}{place}"
    if change.kind == WORDING:
        old, new = (clipped(str(text), _TEXT) or _BLANK for text in (change.old, change.new))
        return f"{KIND_NAMES[change.item]} {change.key} metni: “{old}” → “{new}”{place}"
    subject = " ▸ ".join(filter(None, (name, change.item)))
    return f"{subject}: {_shown(change, change.old)} → {_shown(change, change.new)}{place}"


def _shown(change: Change, figure: Figure) -> str:
    if figure is None:
        return _UNKNOWN if change.kind == AMOUNT else _BLANK
    if isinstance(figure, IndicatorValue):
        return format_indicator(figure)
    if isinstance(figure, Decimal):
        return format_decimal(figure)
    return format_tl(figure) if isinstance(figure, int) else figure


def _data(revision: Revision) -> dict[str, object]:
    total = revision.total
    return {
        "unit": revision.unit,
        "revision": revision.used[0].revision,
        "used": _forms(revision.used),
        "compared_with": _forms(revision.before),
        "replaced": _forms(revision.replaced),
        "total": total
        and {"old": blocks.Tl(total.old), "new": blocks.Tl(total.new), "difference": blocks.Tl(total.difference)},
        "changes": [blocks.record(_CHANGE, change) for change in revision.changes],
    }


def _forms(forms: Iterable[Document]) -> list[dict[str, object]]:
    return [{"file": form.file, "revision": form.revision} for form in forms]


def _figure(figure: Figure) -> object:
    """A whole number is an amount: of counts, which general tables hold, the type is another."""
    return blocks.Tl(figure) if isinstance(figure, int) else figure


_CHANGE = (
    *(blocks.Column(attrgetter(name), name=name) for name in ("kind", "key", "name", "item")),
    blocks.Column(lambda change: _figure(change.old), name="old"),
    blocks.Column(lambda change: _figure(change.new), name="new"),
    *(blocks.Column(attrgetter(name), name=name) for name in ("old_place", "new_place")),
)
