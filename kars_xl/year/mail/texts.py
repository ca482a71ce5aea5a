"""What the letters say: subjects and plain text, in the words of an office. One paragraph is one line of text."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kars_xl.base.money import format_tl, share_percent
from kars_xl.base.place import Place
from kars_xl.findings.as_text import row_of
from kars_xl.findings.catalogue import ERROR, WARNING
from kars_xl.findings.finding import Finding
from kars_xl.findings.severity import kinds
from kars_xl.model.programme import Programme
from kars_xl.model.units import Unit
from kars_xl.year.mail.letter import one_line

_SHOWN = 10
# What the catalogue says of these to whoever gathers the forms, said to whoever fills one.
_REMEDIES = {
    "KX203": "Eksik olanı forma ekleyip formu yeniden gönderin.",
    "KX205": "Öteki birimle görüşüp iki forma da aynı değeri yazın.",
}


@dataclass(frozen=True, slots=True)
class Text:
    """A letter's subject and body."""

    subject: str
    body: str


def forms_text(programme: Programme, unit: Unit, files: Sequence[str], deadline: dt.date) -> Text:
    return Text(
        f"{_year(programme)} formu – {one_line(unit.name)} (son gün {say_day(deadline)})",
        _body(
            _greeting(unit),
            f"{_programme(programme)} için doldurulacak form ektedir: {', '.join(files)}",
            f"Son gün: {say_day(deadline)}",
            "1. Eki bilgisayarınıza kaydedip Excel'de açın. Üstte “Korumalı Görünüm” yazıyorsa “Düzenlemeyi "
            "Etkinleştir” düğmesine basın.\n"
            "2. Yalnız sarı hücreleri doldurun. Satır, sütun ve sayfa silmeyin; toplamlar kendiliğinden hesaplanır.\n"
            "3. Kimlik sayfasına formu dolduranın adını ve telefonunu yazın.\n"
            "4. Dosyayı aynı adla kaydedin ve bu iletiyi yanıtlayarak ekinde gönderin.",
            "Gönderdikten sonra bir şeyi düzeltirseniz Kimlik sayfasındaki Revizyon No'yu bir artırıp formu yeniden "
            "gönderin.",
            _signature(programme),
        ),
    )


def reminder_text(programme: Programme, unit: Unit, deadline: dt.date, today: dt.date) -> Text:
    left = (deadline - today).days
    when = f"{left} gün kaldı" if left else "son gün bugün"
    return Text(
        f"Hatırlatma: {_year(programme)} formu – {one_line(unit.name)} (son gün {say_day(deadline)})",
        _body(
            _greeting(unit),
            f"{_programme(programme)} için doldurulacak formunuz {say_date(today)} tarihi itibarıyla bize ulaşmadı.",
            f"Son gün: {say_day(deadline)} ({when})",
            "Formu doldurup bu iletiyi yanıtlayarak ekinde gönderin. Form elinizde yoksa yine bu iletiyi yanıtlayarak "
            "isteyin. Gönderdiyseniz ulaşmamış olabilir; bir kez daha gönderin.",
            _signature(programme),
        ),
    )


def findings_text(
    programme: Programme, unit: Unit, files: Sequence[str], findings: Sequence[Finding], deadline: dt.date | None
) -> Text:
    errors, warnings = (sum(found.severity == severity for found in findings) for severity in (ERROR, WARNING))
    advice = len(findings) - errors - warnings
    counted = [f"{errors} yer düzeltilmeli" if errors else "", f"{warnings} yere bakılmalı" if warnings else ""]
    said = ", ".join(filter(None, counted)) or "düzeltilecek bir yer yok"
    asked = (
        "Düzeltmeleri kendi formunuzda yapın, Kimlik sayfasındaki Revizyon No'yu bir artırın ve formu bu iletiyi "
        "yanıtlayarak ekinde gönderin."
    )
    return Text(
        f"{_year(programme)} formunuzda {said} – {one_line(unit.name)}",
        _body(
            _greeting(unit),
            f"{_programme(programme)} için gönderdiğiniz form denetlendi: {said}.",
            f"Ekte formunuzun işaretli kopyası var ({', '.join(files)}): ilgili hücreler renklidir, üzerine gelince "
            "notu açılır; bulguların hepsi kopyanın kendi listesinde de yazar.",
            f"Son gün: {say_day(deadline)}" if deadline else "",
            _group("DÜZELTİLMESİ GEREKENLER", ERROR, findings),
            _group("BAKILMASI GEREKENLER (doğruysa olduğu gibi bırakın)", WARNING, findings),
            f"ÖNERİLER: işaretli kopyada {advice} öneri var; uymak zorunlu değildir." if advice else "",
            asked if errors or warnings else "",
            _signature(programme),
        ),
    )


def final_text(programme: Programme, files: Sequence[str], *, is_draft: bool) -> Text:
    """The totals and what is attached; what is left to mend is the office's to know, not the council's."""
    totals = programme.totals
    rows = (
        ("Performans Hedefleri Maliyetleri", totals.activities),
        ("Genel Yönetim Giderleri", totals.administration),
        ("Diğer İdarelere Transfer ve Yedek Ödenek", totals.transfers),
        ("Genel Toplam", totals.grand),
    )
    amounts = [
        f"{name}: {format_tl(costs.total)} TL ({share_percent(costs.total, totals.grand.total)})"
        for name, costs in rows
    ]
    indicators = sum(len(target.indicators) for target in programme.targets)
    draft = "Bu bir TASLAKTIR; rakamlar kesin değildir." if is_draft else ""
    return Text(
        ("TASLAK – " if is_draft else "") + f"{_year(programme)} – {one_line(programme.institution.name)}",
        _body(
            "Sayın ilgili,",
            draft,
            f"{_programme(programme)} ektedir: {', '.join(files)}",
            f"{len(programme.targets)} performans hedefi, {indicators} gösterge, {len(programme.activities)} faaliyet",
            "\n".join(amounts),
            _signature(programme),
        ),
    )


def _group(heading: str, severity: str, findings: Sequence[Finding]) -> str:
    """The findings of one severity, numbered, those of one remedy together."""
    blocks = []
    for number, (_, code, fix, group) in enumerate(kinds(f for f in findings if f.severity == severity), start=1):
        lines = [f"{number}. {one_line(_REMEDIES.get(code, fix))}"]
        lines += (f"   - {line}" for line in _places(group))
        blocks.append("\n".join(lines))
    return "\n\n".join([heading, *blocks]) if blocks else ""


def _places(group: Sequence[Finding]) -> Iterator[str]:
    for found in group[:_SHOWN]:
        yield one_line(": ".join(filter(None, (_where(found.place), row_of(found), found.message))))
    if len(group) > _SHOWN:
        yield f"… ve {len(group) - _SHOWN} yer daha; hepsi işaretli kopyadadır."


def _where(place: Place) -> str:
    """A cell as a clerk finds it; nothing where the finding is about the whole form."""
    sheet = f"{place.sheet} sayfası" if place.sheet else ""
    return ", ".join(filter(None, (sheet, f"{place.cell} hücresi" if place.cell else "")))


def _greeting(unit: Unit) -> str:
    return f"Sayın {one_line(unit.name)} yetkilisi,"


def _year(programme: Programme) -> str:
    return f"{programme.year} Performans Programı" if programme.year else "Performans Programı"


def _programme(programme: Programme) -> str:
    year = f"{programme.year} Mali Yılı Performans Programı" if programme.year else "Performans Programı"
    return one_line(f"{programme.institution.name} {year}")


def _signature(programme: Programme) -> str:
    return f"Saygılarımızla,\n{one_line(programme.institution.name)}".rstrip()


def _body(*parts: str) -> str:
    return "\n\n".join(filter(None, parts)) + "\n"


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
