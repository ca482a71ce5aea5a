"""How the state of the round is said: the words that terminal and page have in common."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from datetime import datetime

from kars_xl.base.money import format_tl
from kars_xl.base.place import Place
from kars_xl.base.text import tidy
from kars_xl.findings.as_text import count_line, where
from kars_xl.reports.diff.details import clipped
from kars_xl.year.folder.status import Form, Other, Status, UnitStatus

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
