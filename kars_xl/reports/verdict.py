"""Whether a job is done, what stopped it, and what comes next: the sentences that end every answer."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from textwrap import shorten

from kars_xl.base.money import format_tl
from kars_xl.base.text import clipped, command_line, few, upper
from kars_xl.findings import blocks
from kars_xl.findings.as_text import where
from kars_xl.findings.finding import Finding, any_error
from kars_xl.reports.units import Tally

# Of one error, which stands right above, a line is enough.
_LONGEST, _LINE = 240, 118
_DAY = "GÜN.AY.YIL"


def next_step(*argv: str, what: str = "") -> str:
    """The command that comes next, and `what` it is for."""
    return blocks.NextStep(f"Sıradaki adım: {what}{': ' if what and argv else ''}{command_line(argv) if argv else ''}")


def stopped(findings: Iterable[Finding], done: str = "Kaydedilmedi", told: Tally | None = None) -> list[str]:
    """That nothing was done, how many errors there are, and the first of them; their remedies stand above."""
    errors = [found for found in findings if found.is_error]
    if not errors:
        return [f"{done}."]
    first = errors[0] if told is None else next((it for it in errors if it.place.cell), errors[0])
    said = ": ".join(filter(None, (where(first.place), first.message)))
    if len(errors) == 1:
        return [shorten(f"{done}: {said}", _LINE, placeholder=" …")]
    return [f"{done}: {told.short if told else f'{len(errors)} hata'}.", f"İlk hata: {clipped(said, _LONGEST)}"]


def of_round(told: Tally, path: str) -> Iterator[str]:
    """How forms stand, and what comes next; `path` is the folder or the form that was asked for."""
    if Path(path).is_file():
        yield f"Bu formda {told.findings}."
        again = next_step("check", path, what="formu düzeltip yeniden denetleyin")
        yield again if told.errors else next_step("status", str(Path(path).parent), what="bütün formlara bakın")
        return
    yield f"{upper(str(told)[:1])}{str(told)[1:]}."
    yield round_step(told, path)


def round_step(told: Tally, path: str) -> str:
    """What the finance office does with forms that stand so."""
    if told.expected is None and not told.came:
        return next_step(what="birimlerden gelen formları klasöre koyun ya da kars-xl collect ile toplayın.")
    if told.expected is None:
        marked = ("check", path, "--annotate", "isaretli", "--html", "rapor.html")
        return next_step(*marked, what="hataları hücrelerinde gösterin") if told.errors else _merge(path)
    if told.errors:
        return next_step("mail", "findings", path, what="hatalı formları birimlere geri gönderin")
    if told.missing:
        return next_step("mail", "reminders", path, "--deadline", _DAY, what="gelmeyen formları isteyin")
    return _merge(path)


def _merge(path: str) -> str:
    return next_step("merge", path, what="formları birleştirin")


def of_merge(
    findings: Sequence[Finding], told: Tally, written: Sequence[str], total: int | None, path: str
) -> list[str]:
    """Of the official workbook: written, a draft with errors, or what kept it from being written."""
    if written and not any_error(findings):
        amount = "" if total is None else f", genel toplam {format_tl(total)} TL"
        return [f"Kaydedildi: {written[0]}{amount}; {told}.", next_step("audit", written[0], what="kitabı denetleyin")]
    step = next_step("check", path, what="bütün bulguları ve nasıl düzeltileceklerini görün")
    if written:
        return [f"TASLAK kaydedildi: {written[0]}; resmî kitap için giderilecek: {told}.", step]
    if told.missing and not told.errors:
        lacking = f"Kaydedilmedi: formlarda hata yok, ama {len(told.missing)} form gelmedi: {few(told.missing, 3)}."
        return [lacking, "Beklemeden taslağını yazmak için --draft.", round_step(told, path)]
    end = stopped(findings, told=told)
    return [*end, *([step] if told.came and len(end) > 1 else [])]


def as_verdict(lines: Sequence[str], *, bad: bool = False, err: bool = False) -> blocks.Verdict:
    """The block that ends a report."""
    return blocks.Verdict(lines=lines, look=blocks.BAD if bad else blocks.GOOD, err=err)


def refusal(command: str, lines: Sequence[str]) -> blocks.Report:
    """Of a command that could not begin, or did not come to its end."""
    return blocks.Report(command=command, blocks=[as_verdict(lines, bad=True)], failed=True)
