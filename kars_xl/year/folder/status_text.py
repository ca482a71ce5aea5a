"""The state of the round as a table for a terminal of 80 to 120 columns."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from textwrap import wrap

from kars_xl.base.money import format_tl
from kars_xl.base.place import Place
from kars_xl.base.text import tidy
from kars_xl.findings.as_text import count_line, where
from kars_xl.findings.severity import SEVERITIES
from kars_xl.reports.diff.text import clipped
from kars_xl.reports.page import document
from kars_xl.year.folder import status_text as status_words
from kars_xl.year.folder.status import Form, Other, Status, UnitStatus

NARROW, WIDE = 80, 120
_BAR = 8
_NAME = 40
_NAME_LINES = 3
# Revision, errors, warnings, advice.
_COUNTS = (("Rev.", 4), ("Hata", 5), ("Uyarı", 6), ("Öneri", 6))
_FILLED = _BAR + 6


def status_text(status: Status, base: str, width: int = 100) -> str:
    """The table, then files of no unit, then the sums; lines no wider than `width` as far as amounts allow."""
    lines = [plain(status.title), ""] if status.title else []
    table = _Table(status, base, max(NARROW, min(width, WIDE)))
    lines += table.lines()
    if status.others:
        lines += ["", "Öteki dosyalar", *table.others()]
    names = [name for name, _ in sums(status)]
    column = max(map(len, names)) + 2
    lines += ["", *(f"{name:<{column}}{value}" for name, value in sums(status))]
    return "\n".join(line.rstrip() for line in lines)


def bar(filled: int, activities: int) -> str:
    """Filled activities as blocks: full only where all are, and not empty where one is."""
    if not activities:
        return ""
    full = filled * _BAR // activities
    full = max(full, 1) if filled else 0
    return "█" * full + "░" * (_BAR - full)


class _Table:
    def __init__(self, status: Status, base: str, width: int) -> None:
        self.status, self.base = status, base
        self.units = [*status.units, *status.strangers]
        amounts = [format_tl(unit.kurus) for unit in (*self.units, *filter(None, [status.finance]))]
        self.amount = max(10, *map(len, amounts)) if amounts else 10
        self.right = sum(size for _, size in _COUNTS) + 2 + _FILLED + 1 + self.amount
        self.name = min(_NAME, width - self.right - 1)
        self.width = self.name + 1 + self.right

    def lines(self) -> Iterator[str]:
        heads = "".join(f"{name:>{size}}" for name, size in _COUNTS)
        yield f"{'Birim':<{self.name}} {heads}  {'Faaliyet':<{_FILLED}} {'Tutar (TL)':>{self.amount}}"
        yield "─" * self.width
        for unit in self.status.units:
            yield from self._unit(unit)
        if self.status.finance is not None:
            yield from self._unit(self.status.finance)
        if self.status.strangers:
            yield "─" * self.width
            yield "Planda olmayan birimler"
            for unit in self.status.strangers:
                yield from self._unit(unit)
        if not self.units and self.status.finance is None:
            yield "Henüz form yok."
        yield "─" * self.width

    def _unit(self, unit: UnitStatus) -> Iterator[str]:
        """The name, on as many lines as it needs, with the figures beside it; below what else is to be said."""
        names = wrap(plain(unit.name), self.name, max_lines=_NAME_LINES, placeholder=" …") or [""]
        yield f"{names[0]:<{self.name}} {self._figures(unit)}"
        yield from names[1:]
        yield from self._wrapped(" · ".join(details(unit, self.base)), "  ")
        if problem := rivalry(unit):
            yield from self._wrapped(problem, "  ! ")

    def _wrapped(self, text: str, indent: str) -> list[str]:
        inner = " " * len(indent)
        return wrap(text, self.width, initial_indent=indent, subsequent_indent=inner, break_on_hyphens=False)

    def _figures(self, unit: UnitStatus) -> str:
        size = sum(size for _, size in _COUNTS)
        counts = f"  {NOT_SENT}".ljust(size)
        if unit.sent:
            cells = [str(unit.forms[0].revision), *(str(unit.count(severity) or "-") for severity in SEVERITIES)]
            counts = "".join(f"{cell:>{width}}" for cell, (_, width) in zip(cells, _COUNTS, strict=True))
        filled = f"{bar(unit.filled, unit.activities)} {unit.filled}/{unit.activities}" if unit.activities else ""
        return f"{counts}  {filled:<{_FILLED}} {format_tl(unit.kurus):>{self.amount}}"

    def others(self) -> Iterator[str]:
        for other in self.status.others:
            name, said = other_text(other, self.base)
            yield from self._wrapped(f"{name}: {said}" if said else name, "  • ")


MAILED = {"forms": "form gönderildi", "findings": "bulgular gönderildi", "reminders": "hatırlatıldı"}
NOT_SENT = "GELMEDİ"
_SAID = 160
UNSURE = "belli değil (okunamayan ya da hatalı form var)"


def plain(text: str) -> str:
    """Text of a form or a file's name, on one line and with nothing that a terminal would obey."""
    line = tidy(unicodedata.normalize("NFC", text))
    return "".join("\ufffd" if unicodedata.category(letter).startswith("C") else letter for letter in line)


def moment(at: datetime | None) -> str:
    """A file's time as people here write it."""
    return f"{at:%d.%m.%Y %H:%M}" if at else "-"


def file_name(file: str, base: str) -> str:
    """A file as it is found below the folder that was asked about."""
    try:
        return plain(os.path.relpath(file, base))
    except ValueError:  # another drive
        return plain(file)


def details(unit: UnitStatus, base: str) -> Iterator[str]:
    """What is to be said of a unit beside its figures, a phrase each: files, other revisions, e-mails."""
    for form in unit.forms:
        yield f"{moment(form.at)} {file_name(form.file, base)}"
    if unit.replaced:
        yield f"kullanılmayan eski form: {', '.join(_old(form, unit, base) for form in unit.replaced)}"
    for kind, at in unit.mailed:
        if kind in MAILED:
            yield f"{MAILED[kind]}: {at:%d.%m.%Y}"


def rivalry(unit: UnitStatus) -> str:
    """That two forms of one revision differ, and what to do; "" where all is right."""
    if not unit.rivals:
        return ""
    return (
        f"Revizyonu aynı (No {unit.rivals[0].revision}), içeriği farklı {len(unit.rivals)} form var; hangisinin "
        "geçerli olduğunu birime sorun, eskisini klasörden çıkarın."
    )


def _old(form: Form, unit: UnitStatus, base: str) -> str:
    revision = "kopya" if form.revision == unit.forms[0].revision else f"No {form.revision}"
    return f"{file_name(form.file, base)} ({revision})"


def other_text(other: Other, base: str) -> tuple[str, str]:
    """(file, what is to be said of it)."""
    said = [
        clipped(f"{_at(found.place)}{found.message}", _SAID) for found in other.findings if found.severity != "advice"
    ]
    if other.is_form:
        said.insert(0, "Hangi birimin formu olduğu yazmıyor (Kimlik sayfası).")
    more = f" (ve {len(said) - 2} bulgu daha)" if len(said) > 2 else ""
    name = file_name(other.file, base) if other.file else "Bir dosyaya bağlı olmayan"
    return name, plain(" ".join(said[:2])) + more


def _at(place: Place) -> str:
    cell = where(Place("", place.sheet, place.row, place.column))
    return f"{cell}: " if cell else ""


def sums(status: Status) -> Iterator[tuple[str, str]]:
    """(name, value) of what stands below the table."""
    if status.has_plan:
        waiting = len(status.units) - status.senders
        yield "Gelen birim", f"{status.senders}/{len(status.units)}" + (f" (gelmeyen: {waiting})" if waiting else "")
    else:
        yield "Gelen birim", f"{status.senders} (plan yok; beklenen birimler bilinmiyor)"
    if status.strangers:
        yield "Planda olmayan birim", str(len(status.strangers))
    filled, activities = (sum(getattr(unit, name) for unit in status.units) for name in ("filled", "activities"))
    yield "Doldurulan faaliyet", f"{filled}/{activities}"
    yield "Formlardaki bulgular", count_line(status.told)
    kurus = status.kurus
    came = any(unit.sent for unit in (*status.units, *status.strangers))
    amount = f"{format_tl(kurus)} TL" if kurus is not None else (UNSURE if came else "henüz form gelmedi")
    yield "Faaliyetlerin toplamı" if status.whole else "Gelen formların toplamı", amount


def status_page(status: Status, base: str) -> str:
    """The page; files are named as they lie below `base`."""
    # What the boxes say of findings and the amount is not said again below.
    amount = (list(status_words.sums(status))[-1][0] + " (TL)", format_tl(status.kurus))
    return document(
        "status.html",
        "Form durumu",
        status_words.plain(status.title) or "Gelen formlar",
        status=status,
        base=base,
        words=status_words,
        sent=f"{status.senders}/{len(status.units)}" if status.has_plan else str(status.senders),
        amount=amount,
        tables=(
            ("birimler", "Birimler", status.units),
            ("mali", "Mali Hizmetler", (status.finance,) if status.finance else ()),
            ("planda-yok", "Planda olmayan birimler", status.strangers),
        ),
    )
