"""The answer of the jobs that read forms or write workbooks."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

from msgspec.structs import replace

from kars_xl.base.money import format_tl, share_percent
from kars_xl.base.text import few
from kars_xl.checking.official import found_line
from kars_xl.findings import blocks
from kars_xl.findings.as_text import count_line, names_of
from kars_xl.findings.finding import Effect, Finding, Merged, Result, any_error
from kars_xl.model.cost_rows import TOTAL_NAMES
from kars_xl.reports.units import Tally, UnitOverview, running_total, tally
from kars_xl.reports.verdict import as_verdict, next_step, of_merge, of_round, stopped

if TYPE_CHECKING:
    from kars_xl.reports.diff import Revision


_NAMED = 8


class Outcome(Result, frozen=True):
    """What a job found and wrote; `merged` is None where reading came to nothing, `notes` say more of what it wrote.
    `revisions` are units whose later form replaced another, `units` findings by unit, `tables` those read by kind."""

    merged: Merged | None = None
    written: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    revisions: "tuple[Revision, ...]" = ()
    units: tuple[UnitOverview, ...] = ()
    tables: Mapping[str, int] | None = None

    @property
    def tally(self) -> Tally:
        return tally(self.findings, self.units)

    def with_written(self, target: str, problems: Sequence[Finding]) -> Self:
        """`target` was written unless there is an error among the problems."""
        written = self.written if any_error(problems) else (*self.written, target)
        return replace(self, findings=(*self.findings, *problems), written=written)


def found_blocks(tables: Mapping[str, int] | None) -> Iterator[blocks.Block]:
    """Which official tables were read, for people and machines."""
    if tables:
        yield blocks.Lines(lines=[found_line(tables)])
    if tables is not None:
        yield blocks.Data(key="tables", value=tables)


def answer(command: str, outcome: Outcome, path: str = "") -> blocks.Report:
    """What is asked for is the answer: of `check` the findings, of a command that writes what it wrote. Errors that
    kept it from writing are messages, which are seen even if the answer goes to a file. A draft was asked for in spite
    of its errors, but they are still there. `path` is what the next command is given."""
    merged, missing = outcome.merged, outcome.tally.missing
    told = [found for found in outcome.findings if not found.has(Effect.REVISION)]
    # A form that did not come is missing once, however much of the plan should have been in it.
    counted = {id(found) for found in (outcome.tally.told if missing else told)}
    absent, told = ([it for it in told if (id(it) in counted) == came] for came in (False, True))
    title = merged.programme.title if merged else "Denetlenen dosyalar"
    parts: list[blocks.Block] = [*found_blocks(outcome.tables), *(_of_units(outcome) if command == "check" else ())]
    files = [given.place.file for given in merged.contributions] if merged else []
    err, merging = outcome.failed and command != "check", command == "merge"
    # Of a merge that came to nothing only what stopped it; the rest is there for the asking.
    stopping = [found for found in told if found.is_error] if merging and not outcome.written else told
    rest = [found for found in told if not found.is_error] if stopping is not told else []
    listed = blocks.Listed(
        findings=stopping, files=files, advice=not merging, err=err, on=blocks.IN_TEXT, detail=merging
    )
    parts.append(listed)
    if absent:
        lines = [f"{len(missing)} form gelmedi: {few(missing, _NAMED)} ({absent[0].code}).", f"  ➜ {absent[0].fix}"]
        parts.append(blocks.Lines(lines=lines, err=err, on=blocks.IN_TEXT))
        parts.append(blocks.Lines(lines=[it.message for it in absent], bullet="  • ", err=err, on=blocks.WITH_ALL))
    parts.append(blocks.Listed(findings=rest, files=files, err=err, on=blocks.WITH_ALL))
    if command in ("check", "merge"):
        if outcome.revisions:
            # The comparison is imported only where forms came again.
            from kars_xl.reports.diff import revision_blocks

            parts += revision_blocks(outcome.revisions)
        else:
            parts.append(blocks.Data(key="revisions", value=[]))
        alone = Path(path).is_file() and any(unit.unit or unit.is_finance for unit in outcome.units)
        parts += _summary(merged, outcome, alone=alone) if merged and (outcome.written or not err) else ()
    parts += (blocks.Data(key=key, value=value) for key, value in _data(command, outcome))
    if command not in ("check", "merge"):
        parts.append(blocks.Lines(lines=[count_line(told)] if told and not outcome.failed else [], on=blocks.IN_TEXT))
    parts.append(blocks.Lines(lines=outcome.notes, on=blocks.IN_TEXT))
    end = list(_verdict(command, outcome, path))
    parts.append(as_verdict(end, bad=outcome.failed, err=err and not outcome.written))
    return blocks.Report(command=command, kind="Form denetimi", heading=title, blocks=parts, findings=outcome.findings)


def _verdict(command: str, outcome: Outcome, path: str) -> Iterator[str]:
    written, merged = outcome.written, outcome.merged
    if command == "check":
        yield from of_round(outcome.tally, path) if merged else stopped(outcome.findings, "Denetlenemedi")
    elif command == "merge":
        total = merged.programme.totals.grand.total if merged and not outcome.failed else None
        yield from of_merge(outcome.findings, outcome.tally, written, total, path)
    elif outcome.failed:
        yield from stopped(outcome.findings)
    elif not written:
        return
    elif command == "import":
        yield f"Plan kaydedildi: {written[0]}"
        yield next_step("forms", written[0], what="planı Excel'de gözden geçirin, sonra formları üretin")
    elif command == "forms":
        yield f"{len(written)} form kaydedildi: {Path(written[0]).parent}"
        yield next_step("mail", "forms", path, "--deadline", "GÜN.AY.YIL", what="formları birimlere gönderin")
    else:
        yield f"{merged.programme.year if merged else ''} yılının çalışma klasörü kuruldu: {path}"
        yield next_step("forms", path, what="planı Excel'de gözden geçirin, sonra formları üretin")


def _data(command: str, outcome: Outcome) -> Iterator[tuple[str, object]]:
    if command == "init":
        yield "year", outcome.merged.programme.year if outcome.merged else None
        yield "notes", outcome.notes
    if command in ("init", "check"):
        yield "written", outcome.written
    if command == "merge":
        yield "output", next(iter(outcome.written), None)
        sure = outcome.merged.programme.totals if outcome.merged and (outcome.written or not outcome.failed) else ()
        parts = {"budget": "budget_total", "extra_budget": "extra_total", "total": "total"}
        sums = {
            name: {key: blocks.Tl(getattr(costs, of)) for key, of in parts.items()}
            for name, costs in zip(TOTAL_NAMES, sure, strict=False)
        }
        yield "totals", sums or None


def _summary(merged: Merged, outcome: Outcome, *, alone: bool) -> Iterator[blocks.Block]:
    programme = merged.programme
    indicators = sum(len(target.indicators) for target in programme.targets)
    said = f"{merged.files} form, {len(programme.units)} birim, {len(programme.targets)} performans hedefi, "
    said += f"{indicators} gösterge, {len(programme.activities)} faaliyet"
    yield blocks.Lines(lines=[programme.title, said], on=blocks.IN_TEXT)
    if outcome.failed:
        when = "hatalar giderilince" if outcome.tally.errors else "bütün formlar gelince"
        yield blocks.Lines(lines=[f"Toplamlar, {when} hesaplanır."], on=blocks.IN_TEXT)
        return
    totals = zip(TOTAL_NAMES.values(), (costs.total for costs in programme.totals), strict=True)
    whole = programme.totals.grand.total
    rows = [(f"  {name}", f"{format_tl(kurus)} TL", share_percent(kurus, whole)) for name, kurus in totals]
    yield blocks.Facts(rows=[("Formun toplamı:", rows[-1][1])] if alone else rows, on=blocks.IN_TEXT)


def _of_units(outcome: Outcome) -> Iterator[blocks.Block]:
    """The head of the page, its table of units, and all findings by unit."""
    units, told = outcome.units, outcome.tally
    files = [file for unit in units for file in (*unit.forms, *unit.replaced)]
    ids = {id(unit): f"b{number}" for number, unit in enumerate(units, start=1)}
    sure, unsure = running_total(units)
    whole = UnitOverview(file="Toplam" + (f" ({unsure} form hariç)" if unsure else ""), kurus=sure)
    whole.forms = [file for unit in units for file in unit.forms]
    # A finding of two units is one.
    whole.findings = list({id(found): found for unit in units for found in unit.counted}.values())
    names = names_of(files, whole.findings)

    def name(unit: UnitOverview) -> str:
        return unit.name if unit.unit or unit is whole else names[unit.file] or "Bir dosyaya bağlı olmayan bulgular"

    def link(unit: UnitOverview) -> blocks.Cell:
        return blocks.Cell(name(unit), link=ids.get(id(unit), "") if unit.counted else "")

    def notes(unit: UnitOverview) -> Iterator[blocks.Note]:
        if unit.unit:
            forms = ", ".join(names[file] for file in unit.forms) or "form gelmedi"
            replaced = ", ".join(names[file] for file in unit.replaced)
            yield blocks.Note(f"{forms} (kullanılmayan eski form: {replaced})" if replaced else forms)

    columns = (
        blocks.Column(link, "Birim"),
        blocks.Column(lambda unit: blocks.counted(len(unit.forms), "form"), "Form"),
        *blocks.severity_columns(lambda unit: unit.counted),
        blocks.Column(lambda unit: blocks.Tl(unit.kurus if unit.forms else None), "Tutar (TL)"),
    )
    groups = [blocks.Group(ids[id(unit)], name(unit), unit.counted) for unit in units if unit.counted]
    choice = ("Birim", "birim", [(group.id, group.heading) for group in groups])
    total = (f"Toplam (TL){f', {unsure} form hariç' if unsure else ''}", blocks.Tl(sure))
    yield blocks.head(("Gelen form", told.forms), told.counts, total)
    yield blocks.Table(title="Birimler", columns=columns, rows=units, notes=notes, foot=[whole], on=blocks.ON_PAGE)
    yield blocks.Listed(findings=whole.findings, files=files, groups=groups, choice=choice, on=blocks.ON_PAGE)
