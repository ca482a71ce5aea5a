"""Dates as they are typed and as a letter says them: "20 Kasım 2026 Cuma"."""

from __future__ import annotations

import datetime as dt
import re

_MONTHS = (
    *("Ocak", "Şubat", "Mart", "Nisan", "Mayıs", "Haziran"),
    *("Temmuz", "Ağustos", "Eylül", "Ekim", "Kasım", "Aralık"),
)
_DAYS = ("Pazartesi", "Salı", "Çarşamba", "Perşembe", "Cuma", "Cumartesi", "Pazar")
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})")
_DAY_FIRST = re.compile(r"(?P<day>\d{1,2})[./](?P<month>\d{1,2})[./](?P<year>\d{4})")


def read_date(text: str) -> dt.date:
    """2026-11-20, 20.11.2026 or 20/11/2026; ValueError with the reason in Turkish."""
    found = _YEAR_FIRST.fullmatch(text.strip()) or _DAY_FIRST.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"“{text}” tarih olarak okunamadı; 20.11.2026 ya da 2026-11-20 gibi yazın.")
    try:
        return dt.date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError as error:
        raise ValueError(f"“{text}” takvimde yok.") from error


def say_date(date: dt.date) -> str:
    return f"{date.day} {_MONTHS[date.month - 1]} {date.year}"


def say_day(date: dt.date) -> str:
    """The date with its day of the week."""
    return f"{say_date(date)} {_DAYS[date.weekday()]}"


def deadline_notes(day: dt.date, year: int) -> tuple[str, ...]:
    """What is odd about `day` as the last one for the forms of the programme of `year` (0: not known)."""
    notes = []
    if year and day.year >= year:
        notes.append(
            f"Son gün ({say_day(day)}) programın yılına ya da sonrasına geliyor; {year} programı {year - 1} yılının "
            "sonunda hazırlanır. Tarihin yılını denetleyin."
        )
    if day.weekday() >= 5:
        notes.append(f"Son gün hafta sonuna geliyor: {say_day(day)}.")
    return tuple(notes)
