"""The difference as a person reads it in a terminal of 100 columns: the summary first, the largest changes on top."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kars_xl.base.money import format_signed
from kars_xl.findings.as_text import where
from kars_xl.reports.diff.changes import ActivityChange, Difference, FormLine, Line, Side
from kars_xl.reports.diff.details import (
    AMOUNT,
    NAME,
    PERCENT,
    amount_row,
    clipped,
    code_row,
    listed_row,
    moved_row,
    reworded_row,
    sum_row,
    units_row,
    values_row,
    whole_row,
)
from kars_xl.reports.diff.sums import KINDS, MARKS, counts

SAME = "İki kaynak arasında fark yok."
SIDES = {"old": "eski", "new": "yeni"}
_SHOWN = 10
_KIND = 22

Section = tuple[str, Sequence[Iterable[str]]]


def difference_text(diff: Difference, *, everything: bool = False) -> str:
    """The whole comparison; of each section the first few, unless `everything` is asked for."""
    lines = [f"Eski: {_side(diff.old)}", f"Yeni: {_side(diff.new)}", ""]
    if diff.same:
        return "\n".join([*lines, SAME])
    if not diff.complete:
        lines += ["KARŞILAŞTIRMA EKSİK: rakamı olmayan satır, iki yanda da toplamlara katılmadı.", ""]
    summary = [_heads(), *map(sum_row, diff.totals), "", *_counts(diff)]
    lines += [*(f"  {line}".rstrip() for line in summary), ""]
    for title, rows in _sections(diff):
        if rows:
            lines += _section(title, rows, everything)
    return "\n".join(lines).rstrip()


def _side(side: Side) -> str:
    facts = [side.institution, str(side.year) if side.year else "yılı belli değil"]
    facts += [side.unit.name, f"revizyon {side.revision}"] if side.unit else []
    return f"{side.file} ({', '.join(filter(None, facts))})"


def _heads() -> str:
    heads = "".join(f"{name:>{AMOUNT}}" for name in ("Eski (TL)", "Yeni (TL)", "Fark (TL)"))
    return f"{'':<{NAME}}{heads}{'Fark %':>{PERCENT}}"


def _counts(diff: Difference) -> Iterator[str]:
    yield f"{'':<{_KIND}}" + "".join(f"{name:>15}" for name in MARKS.values())
    for kind, found in counts(diff).items():
        # Only indicators and activities have figures of their own.
        cells = [str(found[mark] or "-") for mark in MARKS if mark != "changed" or kind in ("indicator", "activity")]
        yield f"{KINDS[kind]:<{_KIND}}" + "".join(f"{text:>15}" for text in cells)


def _section(title: str, rows: Sequence[Iterable[str]], everything: bool) -> Iterator[str]:
    shown = rows if everything else rows[:_SHOWN]
    yield f"{title} ({len(rows)})"
    for row in shown:
        yield from (f"  {line}" for line in row)
    if len(rows) > len(shown):
        yield f"  … ve {len(rows) - len(shown)} tane daha (tümü için --all)."
    yield ""


def _sections(diff: Difference) -> Iterator[Section]:
    """Title and rows of each section."""
    yield "Karşılaştırılamayan", [_gap(diff, index) for index in range(len(diff.gaps))]
    amounts = sorted((change for change in diff.activities if change.changed), key=_weight)
    yield "Tutarı değişen faaliyetler", [amount_row(change) for change in amounts]
    for name, codes in diff.columns:
        label = next((line.label for line in diff.totals if line.key == name), name)
        yield f"{label}: değişen kodlar", [code_row(code) for code in codes]
    added = sorted((change for change in diff.activities if change.entry.added), key=_weight)
    yield "Eklenen faaliyetler", [whole_row(change) for change in added]
    removed = sorted((change for change in diff.activities if change.entry.removed), key=_weight)
    yield "Çıkarılan faaliyetler", [whole_row(change) for change in removed]
    yield "Sorumlu birimi değişen faaliyetler", [units_row(row) for row in diff.activities if row.units_changed]
    for title, lines in (("Hedefe", diff.by_target), ("Birime", diff.by_unit), ("Ekonomik koda", diff.by_code)):
        yield f"{title} göre değişen toplamlar", [[sum_row(line)] for line in _changed(lines)]
    yield "Formlara göre", [_form(line) for line in diff.by_form]
    yield "Değeri değişen göstergeler", [values_row(row) for row in diff.indicators if row.changed]
    others = [entry for entry in diff.entries if entry.kind != "activity" and (entry.added or entry.removed)]
    for kind, name in KINDS.items():
        own = [listed_row(entry) for entry in others if entry.kind == kind]
        yield f"{name}: eklenen (+) ve çıkarılan (-)", own
    yield "Taşınan ya da kodu değişen", [moved_row(entry) for entry in diff.entries if entry.moved]
    yield "Hedefiyle birlikte kodu değişen", [moved_row(entry) for entry in diff.entries if entry.follows]
    yield "Metni değişen", [reworded_row(entry) for entry in (*diff.entries, *diff.notes) if entry.reworded]


def _weight(change: ActivityChange) -> int:
    return -abs(change.pair.difference) if change.pair else 0


def _changed(lines: Sequence[Line]) -> list[Line]:
    """The largest difference first."""
    return sorted((line for line in lines if line.pair.difference), key=lambda line: -abs(line.pair.difference))


def _gap(diff: Difference, index: int) -> list[str]:
    gap = diff.gaps[index]
    place = f" [{where(gap.place)}]" if gap.place else ""
    return [f"{SIDES[gap.side]}: {gap.what}{place}"]


def _form(line: FormLine) -> list[str]:
    counted = (
        (line.amounts, "tutar"),
        (line.values, "gösterge değeri"),
        (line.texts, "metin"),
        (line.listed, "ekleme, çıkarma ya da taşıma"),
    )
    what = ", ".join(f"{count} {name}" for count, name in counted if count)
    name = clipped(line.file or "formu bilinmeyen", NAME - 2)
    return [f"{name:<{NAME}}{format_signed(line.pair.difference):>{AMOUNT}} TL", f"    {what}"]
