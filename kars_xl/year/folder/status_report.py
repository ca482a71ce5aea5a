"""The state of the round as a report: each column, and each thing that is said of a unit, stands here once."""

import os
from collections.abc import Iterator, Sequence
from functools import partial

from kars_xl.base.money import format_tl
from kars_xl.base.text import clipped, plain
from kars_xl.findings import blocks
from kars_xl.findings.as_text import said, where
from kars_xl.findings.finding import ADVICE, Effect, Finding, any_error
from kars_xl.reports.verdict import as_verdict, of_round
from kars_xl.year.folder.status import Other, Status, UnitStatus

MAILED = {"forms": "form gönderildi", "findings": "bulgular gönderildi", "reminders": "hatırlatıldı"}
_ODD = 2  # of many odd amounts
UNSURE = "belli değil (okunamayan ya da hatalı form var)"


# What is said of a unit, or of the finance office: in the text, in the JSON and on the page.
COLUMNS = (
    blocks.Column(lambda unit: unit.unit.name, "Birim", "unit"),
    *blocks.attributes("planned", "sent"),
    blocks.Column(lambda unit: unit.forms[0].at if unit.sent else None, name="at"),
    blocks.Column(lambda unit: unit.forms[0].revision if unit.sent else None, name="revision"),
    blocks.Column(lambda unit: unit.forms[0].revision if unit.sent else blocks.Cell("GELMEDİ", blocks.ABSENT), "Rev."),
    blocks.Column(lambda unit: unit.forms, name="files"),
    blocks.Column(lambda unit: unit.replaced, name="replaced"),
    blocks.Column(lambda unit: unit.rivals, name="same_revision"),
    *blocks.severity_columns(lambda unit: unit.findings if unit.sent else ()),
    *blocks.attributes("filled", "activities"),
    blocks.Column(lambda it: blocks.Filled(it.filled, it.activities, any_error(it.findings)), "Faaliyet", words=True),
    blocks.Column(lambda unit: blocks.Tl(unit.kurus), "Tutar (TL)", "amount"),
    blocks.Column(lambda unit: dict(unit.mailed), name="mailed"),
    blocks.Column(lambda unit: unit.missed, name="missed"),
)


def status_report(
    status: Status, base: str, *, path: str = "", told: Sequence[Finding] = (), written: Sequence[str] = ()
) -> blocks.Report:
    """The table, files of no unit, and the sums; files are named as they lie below `base`. `told` are problems of the
    command itself, which alone make it fail. `path` is what the next command is given."""
    finance = [status.finance] if status.finance else []
    filled, activities = (sum(getattr(unit, name) for unit in status.units) for name in ("filled", "activities"))
    facts = list(_sums(status, f"{filled}/{activities}"))
    columns = (
        blocks.Column(lambda it: _file_name(it.file, base) if it.file else "Bir dosyaya bağlı olmayan", "Dosya"),
        blocks.Column(_said, "Durumu", words=True),
        *blocks.attributes("file", "is_form"),
        blocks.Column(lambda other: [found.code for found in other.findings], name="codes"),
    )
    totals = {
        "sent": status.senders,
        "expected": len(status.units) if status.has_plan else None,
        "filled": filled,
        "activities": activities,
        "amount": blocks.Tl(status.kurus),
        "whole": status.whole,
    }
    parts: list[blocks.Block] = [
        blocks.head(("Gelen form", status.tally.forms), status.tally.counts, facts[-1]),
        blocks.Lines(lines=[plain(status.title)] if status.title else [], on=blocks.IN_TEXT),
        blocks.Data(key="plan", value=status.has_plan),
        blocks.Data(key="units", value=[blocks.record(COLUMNS, unit) for unit in (*status.units, *status.strangers)]),
        blocks.Data(key="finance", value=blocks.record(COLUMNS, status.finance) if status.finance else None),
    ]
    if units := [*status.units, *finance, *status.strangers]:
        parts.append(units_table(status, base, units))
    else:
        parts.append(blocks.Lines(lines=["Henüz form yok."]))
    if status.others:
        parts.append(blocks.Table(title="Diğer dosyalar", columns=columns, rows=status.others, look="strays"))
    parts += [
        blocks.Data(key="others", value=[blocks.record(columns, other) for other in status.others]),
        blocks.Facts(title="Toplam", rows=facts if units else []),
        blocks.Data(key="totals", value=totals),
        blocks.Data(key="written", value=written),
        blocks.Listed(findings=told, on=blocks.IN_TEXT, err=True),
        blocks.Lines(lines=[f"Sayfa kaydedildi: {file}" for file in written], on=blocks.IN_TEXT),
        as_verdict(list(of_round(status.tally, path or base)), bad=bool(status.tally.errors or status.tally.missing)),
    ]
    findings = (*status.findings, *told)
    heading = plain(status.title) or "Gelen formlar"
    return blocks.Report(
        command="status", kind="Form durumu", heading=heading, blocks=parts, findings=findings, failed=any_error(told)
    )


def units_table(
    status: Status, base: str, units: Sequence[UnitStatus], columns: Sequence[blocks.Column] = COLUMNS
) -> blocks.Table:
    """The units, and below each what is to be said of it."""
    return blocks.Table(title="Birimler", columns=columns, rows=units, notes=partial(_notes, status=status, base=base))


def _notes(unit: UnitStatus, status: Status, base: str) -> Iterator[blocks.Note]:
    """What is to be said of a unit beside its figures: files, revisions, e-mails, and what is not in order."""
    facts = [f"{said(form.at)} {_file_name(form.file, base)}" for form in unit.forms]
    if unit.replaced:
        newest = unit.forms[0].revision
        named = ((_file_name(form.file, base), form.revision) for form in unit.replaced)
        old = [f"{name} ({'kopya' if number == newest else f'No {number}'})" for name, number in named]
        facts.append(f"kullanılmayan eski form: {', '.join(old)}")
    facts += [f"{MAILED[kind]}: {at:%d.%m.%Y}" for kind, at in unit.mailed if kind in MAILED]
    if facts:
        yield blocks.Note(" · ".join(facts))
    odd = [found.message for found in unit.findings if found.has(Effect.ODD)]
    yield from (blocks.Note(text, blocks.BAD) for text in odd[:_ODD])
    if len(odd) > _ODD:
        yield blocks.Note(f"… ve {len(odd) - _ODD} tutar daha: kars-xl check", blocks.BAD)
    if unit in status.strangers:
        yield blocks.Note("Planda olmayan birim")
    for text in unit.missed:
        yield blocks.Note(f"Gönderdiği alınamadı: {text}. Formu .xlsx olarak yeniden isteyin.", blocks.BAD)
    if unit.rivals:
        yield blocks.Note(
            f"Revizyonu aynı (No {unit.rivals[0].revision}), içeriği farklı {len(unit.rivals)} form var; hangisinin "
            "geçerli olduğunu birime sorun, eskisini klasörden çıkarın.",
            blocks.BAD,
        )


def _file_name(file: str, base: str) -> str:
    try:
        return plain(os.path.relpath(file, base))
    except ValueError:  # another drive
        return plain(file)


def _said(other: Other) -> str:
    """What is to be said of a file of no unit."""
    told = [(where(found.place._replace(file="")), found) for found in other.findings if found.severity != ADVICE]
    found = [clipped(f"{at}: {it.message}" if at else it.message, 160) for at, it in told]
    if other.is_form:
        found.insert(0, "Hangi birimin formu olduğu yazmıyor (Kimlik sayfası).")
    more = f" (ve {len(found) - 2} bulgu daha)" if len(found) > 2 else ""
    return plain(" ".join(found[:2])) + more


def _sums(status: Status, filled: str) -> Iterator[tuple[str, str]]:
    """(name, value) of what stands below the table."""
    if status.has_plan:
        waiting = len(status.tally.missing)
        yield "Gelen form", status.tally.forms + (f" (gelmeyen: {waiting})" if waiting else "")
    else:
        yield "Gelen form", f"{status.tally.forms} (plan yok; beklenen birimler bilinmiyor)"
    if status.strangers:
        yield "Planda olmayan birim", str(len(status.strangers))
    yield "Doldurulan faaliyet", filled
    came = any(unit.sent for unit in (*status.units, *status.strangers))
    sure, unsure = status.running
    amount = f"{format_tl(sure)} TL" if sure is not None else UNSURE if came else "henüz form gelmedi"
    amount += f" ({unsure} form hariç)" if sure is not None and unsure else ""
    yield "Faaliyetlerin toplamı" if status.whole else "Gelen formların toplamı", amount
