"""The answer of the jobs that read forms or write workbooks, and the forms, findings and amounts by unit."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

from msgspec import Struct, field
from msgspec.structs import replace

from kars_xl.base.money import format_tl, share_percent
from kars_xl.base.text import sort_key
from kars_xl.checking.official import found_line
from kars_xl.findings import blocks
from kars_xl.findings.as_text import NOTHING_WRITTEN, count_line, names_of, programme_title
from kars_xl.findings.finding import Effect, Finding, Merged, Result, any_error
from kars_xl.merging.consolidate import Owner, is_finance, owner
from kars_xl.model.programme import Programme
from kars_xl.model.units import NO_UNIT, Unit, Units
from kars_xl.reading.tables import Document

if TYPE_CHECKING:
    from kars_xl.reports.diff import Revision


FINANCE = "Mali Hizmetler (Tablo 11)"


class UnitOverview(Struct, kw_only=True):
    """A unit, the finance office with its Tablo 11, or a `file` that is no unit's. `replaced` are forms that are not
    used because a later revision came. `kurus` is what the used ones cost together, None where they say nothing or not
    all of it can be read. `planned`: the plan names the unit."""

    unit: Unit = NO_UNIT
    file: str = ""
    forms: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    kurus: int | None = None
    replaced: list[str] = field(default_factory=list)
    is_finance: bool = False
    planned: bool = False

    @property
    def name(self) -> str:
        return self.unit.name or self.file


def overview(
    documents: Sequence[Document], findings: Sequence[Finding], merged: Merged | None, plan: Programme | None
) -> list[UnitOverview]:
    """Units in alphabetical order, those of the plan that sent nothing included; then the other files with findings, ""
    for none. A finding belongs to the unit whose form it is in; what the plan misses of a unit is the unit's, too."""
    units: dict[Owner, UnitOverview] = {}
    of_file: dict[str, UnitOverview] = {}
    amounts = Counter[str]()
    for given in (*merged.contributions, *merged.columns) if merged else ():
        amounts[given.place.file] += given.costs.total
    unused = merged.replaced if merged else frozenset()
    known = plan.known if plan else Units()
    for document in documents:
        unit, file = known.of(document.unit), "" if document.unit else document.file
        mine = UnitOverview(unit=unit, file=file, is_finance=is_finance(document))
        own = units.setdefault(owner(document), mine)
        of_file[document.file] = own
        (own.replaced if document.file in unused else own.forms).append(document.file)
        if document.file in amounts:
            own.kurus = (own.kurus or 0) + amounts[document.file]
    for unit in (unit for activity in (plan.activities if plan else ()) for unit in activity.units):
        units.setdefault((unit, False), UnitOverview(unit=unit)).planned = True
    others: dict[str, UnitOverview] = {}
    for found in findings:
        file = found.place.file
        if found.has(Effect.NOT_SENT) and found.table == "TKT":
            # That the finance office's form is missing is said at no file, but is that office's matter.
            group = units.setdefault(("", True), UnitOverview(unit=Unit(FINANCE), is_finance=True))
        else:
            missed = Unit(dict(found.values).get("unit", found.key))
            group = of_file.get(file) or units.get((missed, False)) or others.setdefault(file, UnitOverview(file=file))
        group.findings.append(found)
    for group in units.values():
        if any_error(group.findings):
            # Without the cells that could not be read the sum would be a wrong figure that looks right.
            group.kurus = None
    ordered = (sorted(it.values(), key=lambda one: (not one.unit, sort_key(one.name))) for it in (units, others))
    return [group for groups in ordered for group in groups]


_TOTALS = {
    "activities": "Performans Hedefleri Maliyetleri",
    "general": "Genel Yönetim Giderleri",
    "transfers": "Diğer İdarelere Transfer + Yedek Ödenek",
    "grand": "Genel Toplam",
}


class Outcome(Result, frozen=True):
    """What a job found and wrote; `merged` is None where reading came to nothing, `notes` say more of what it wrote.
    `revisions` are units whose later form replaced another, `units` findings by unit, `tables` those read by kind."""

    merged: Merged | None = None
    written: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    revisions: "tuple[Revision, ...]" = ()
    units: tuple[UnitOverview, ...] = ()
    tables: Mapping[str, int] | None = None

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


def answer(command: str, outcome: Outcome) -> blocks.Report:
    """What is asked for is the answer: of `check` the findings, of a command that writes what it wrote. Errors that
    kept it from writing are messages, which are seen even if the answer goes to a file. A draft was asked for in spite
    of its errors, but they are still there."""
    merged, findings = outcome.merged, outcome.findings
    title = programme_title(merged.programme) if merged else "Denetlenen dosyalar"
    parts: list[blocks.Block] = [*found_blocks(outcome.tables), *(_of_units(outcome) if command == "check" else ())]
    files = [given.place.file for given in merged.contributions] if merged else []
    err = outcome.failed and command != "check"
    parts.append(blocks.Listed(findings=findings, files=files, advice=command != "merge", err=err, on=blocks.IN_TEXT))
    if command in ("check", "merge"):
        if outcome.revisions:
            # The comparison is imported only where forms came again.
            from kars_xl.reports.diff import revision_blocks

            parts += revision_blocks(outcome.revisions)
        else:
            parts.append(blocks.Data(key="revisions", value=[]))
        parts += _summary(merged, outcome.failed) if merged else ()
    parts += (blocks.Data(key=key, value=value) for key, value in _data(command, outcome))
    written = outcome.notes
    if outcome.written and not outcome.notes:
        first, *others = outcome.written
        written = (f"{1 + len(others)} dosya kaydedildi: {Path(first).parent}" if others else f"Kaydedildi: {first}",)
    parts.append(blocks.Lines(lines=[count_line(findings), *written], on=blocks.IN_TEXT))
    if not written and command != "check":
        parts.append(blocks.Lines(lines=[NOTHING_WRITTEN], on=blocks.IN_TEXT, err=True))
    return blocks.Report(command=command, kind="Form denetimi", heading=title, blocks=parts, findings=findings)


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
            for name, costs in zip(_TOTALS, sure, strict=False)
        }
        yield "totals", sums or None


def _summary(merged: Merged, failed: bool) -> Iterator[blocks.Block]:
    programme = merged.programme
    indicators = sum(len(target.indicators) for target in programme.targets)
    said = f"{merged.files} form, {len(programme.units)} birim, {len(programme.targets)} performans hedefi, "
    said += f"{indicators} gösterge, {len(programme.activities)} faaliyet"
    yield blocks.Lines(lines=[programme_title(programme), said], on=blocks.IN_TEXT)
    if failed:
        yield blocks.Lines(lines=["Toplamlar, hatalar giderilince hesaplanır."], on=blocks.IN_TEXT)
        return
    totals = zip(_TOTALS.values(), (costs.total for costs in programme.totals), strict=True)
    whole = programme.totals.grand.total
    rows = [(f"  {name}", f"{format_tl(kurus)} TL", share_percent(kurus, whole)) for name, kurus in totals]
    yield blocks.Facts(rows=rows, on=blocks.IN_TEXT)


def _of_units(outcome: Outcome) -> Iterator[blocks.Block]:
    """The head of the page, its table of units, and all findings by unit."""
    units = outcome.units
    files = [file for unit in units for file in (*unit.forms, *unit.replaced)]
    ids = {id(unit): f"b{number}" for number, unit in enumerate(units, start=1)}
    whole = UnitOverview(file="Toplam", kurus=_total(units))
    whole.forms = [file for unit in units for file in unit.forms]
    whole.findings = [found for unit in units for found in unit.findings]
    names = names_of(files, whole.findings)

    def name(unit: UnitOverview) -> str:
        return unit.name if unit.unit or unit is whole else names[unit.file] or "Bir dosyaya bağlı olmayan bulgular"

    def link(unit: UnitOverview) -> blocks.Cell:
        return blocks.Cell(name(unit), link=ids.get(id(unit), "") if unit.findings else "")

    def notes(unit: UnitOverview) -> Iterator[blocks.Note]:
        if unit.unit:
            forms = ", ".join(names[file] for file in unit.forms) or "form gelmedi"
            replaced = ", ".join(names[file] for file in unit.replaced)
            yield blocks.Note(f"{forms} (kullanılmayan eski form: {replaced})" if replaced else forms)

    columns = (
        blocks.Column(link, "Birim"),
        blocks.Column(lambda unit: blocks.counted(len(unit.forms), "form"), "Form"),
        *blocks.severity_columns(lambda unit: unit.findings),
        blocks.Column(lambda unit: blocks.Tl(_total([unit])), "Tutar (TL)"),
    )
    groups = [blocks.Group(ids[id(unit)], name(unit), unit.findings) for unit in units if unit.findings]
    choice = ("Birim", "birim", [(group.id, group.heading) for group in groups])
    total = ("Formların toplam tutarı (TL)", blocks.Tl(whole.kurus))
    yield blocks.head(("Form", len(whole.forms)), whole.findings, total)
    yield blocks.Table(title="Birimler", columns=columns, rows=units, notes=notes, foot=[whole], on=blocks.ON_PAGE)
    yield blocks.Listed(findings=whole.findings, files=files, groups=groups, choice=choice, on=blocks.ON_PAGE)


def _total(units: Sequence[UnitOverview]) -> int | None:
    """Kuruş; None where a unit that sent a form has no sum."""
    sent = [unit.kurus for unit in units if unit.forms]
    return None if None in sent or not sent else sum(kurus or 0 for kurus in sent)
