"""What changed between revisions, as text of a terminal and as data."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import PurePath

from kars_xl.base.money import format_decimal, format_tl, to_tl
from kars_xl.base.text_templates import fill
from kars_xl.findings.as_text import place_data, where
from kars_xl.model.programme import IndicatorValue
from kars_xl.reading.cell_values import format_indicator
from kars_xl.reading.tables import Document
from kars_xl.reports.diff.text import KIND_NAMES, clipped
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

Data = dict[str, object]
_SHOWN = 10
_NAME = 40
_TEXT = 60
_BLANK = "boş"
_UNKNOWN = "okunamadı ya da verilmemiş"


def revisions_text(revisions: Sequence[Revision], *, everything: bool = False) -> str:
    """By unit which form is used, and what it changed: of each unit the first few, unless all is asked for."""
    most = None if everything else _SHOWN
    return fill("reports/revisions/revisions.txt", revisions=revisions, most=most, names=_names, line=_line)


def _names(forms: Sequence[Document]) -> str:
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


def revisions_data(revisions: Sequence[Revision]) -> list[Data]:
    """What `--format json` gives as "revisions"; amounts as decimal strings in TL."""
    return [
        {
            "unit": revision.unit.name,
            "revision": revision.used[0].revision,
            "used": _forms(revision.used),
            "compared_with": _forms(revision.before),
            "replaced": _forms(revision.replaced),
            "total": _total(revision),
            "changes": [_change(change) for change in revision.changes],
        }
        for revision in revisions
    ]


def _forms(forms: Sequence[Document]) -> list[Data]:
    return [{"file": form.file, "revision": form.revision} for form in forms]


def _total(revision: Revision) -> Data | None:
    pair = revision.total
    if pair is None:
        return None
    return {"old": str(to_tl(pair.old)), "new": str(to_tl(pair.new)), "difference": str(to_tl(pair.difference))}


def _change(change: Change) -> Data:
    return {
        "kind": change.kind,
        "key": change.key,
        "name": change.name,
        "item": change.item,
        "old": _plain(change.old),
        "new": _plain(change.new),
        "old_place": place_data(change.old_place) if change.old_place else None,
        "new_place": place_data(change.new_place) if change.new_place else None,
    }


def _plain(figure: Figure) -> str | None:
    """A decimal, an indicator's with its percent sign; "-" for the dash of "no value", None for nothing."""
    if isinstance(figure, IndicatorValue):
        return "-" if figure.amount is None else f"{figure.amount:f}" + ("%" if figure.percent else "")
    if isinstance(figure, Decimal):
        return f"{figure:f}"
    return str(to_tl(figure)) if isinstance(figure, int) else figure
