"""The jobs of kars-xl, each as one function that reads from top to bottom. Nothing here prints or exits."""

from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path

from msgspec.structs import replace

from kars_xl.base.file_names import FINANCE_FORM, form_files
from kars_xl.base.place import Place
from kars_xl.checking.known_amounts import check_known_amounts
from kars_xl.checking.official import check_found, is_filled, mistaken, official, plan_above, single_form
from kars_xl.checking.source import forms, published
from kars_xl.findings.finding import (
    ADVICE,
    WARNING,
    Effect,
    Finding,
    Merged,
    any_error,
    finding,
    misnamed,
    refused_target,
)
from kars_xl.merging.consolidate import years
from kars_xl.model.programme import Programme
from kars_xl.reading.files import Progress, Reading, read_file, read_files
from kars_xl.reports.answer import Outcome, answer
from kars_xl.reports.units import overview
from kars_xl.workbook.nodes.programme import form_trees, programme_tree
from kars_xl.workbook.render import (
    FINANCE_TEMPLATE,
    FORM_TEMPLATE,
    PLAN_TEMPLATE,
    PROGRAMME_TEMPLATE,
    render,
    template_path,
)

_NAMED = 6  # of many codes in a sentence


def merge(
    paths: Sequence[str],
    output: str | Callable[[int], str],
    *,
    plan: str | None = None,
    template: str | None = None,
    draft: bool = False,
    latest: bool = True,
    progress: Progress = lambda _: None,
) -> Outcome:
    """Forms → the official workbook at `output`, which may be named by the programme's year. With an error nothing is
    written, unless it is a draft."""
    if isinstance(output, str) and (refused := misnamed(output)):
        return Outcome(tuple(refused))
    reading = read_files(paths, plan, progress)
    if not draft and (wrong := mistaken(reading, paths, merging=True)):
        return Outcome(tuple(wrong))
    if not isinstance(output, str):
        told = [year for document in reading.documents for year, _ in years(document)]
        output = output(reading.plan.programme.year if reading.plan else max(told, key=told.count, default=0))
    # What was merged before, as its record says, is written anew.
    if problems := refused_target(output, [file for file in reading.files if file not in reading.outputs]):
        return Outcome(tuple(problems))
    before = [file for file in reading.outputs if Path(file).resolve() == Path(output).resolve()]
    reading.documents = [document for document in reading.documents if document.file not in before]
    checked = check_forms(reading, latest=latest)
    if checked.merged is None or (checked.failed and not draft):
        return checked
    reading.documents.clear()  # of a thousand forms they are a hundred megabytes
    progress("çalışma kitabı kuruluyor")
    # A draft lists what keeps it from being final; advice does not.
    listed = [found for found in checked.findings if draft and found.severity != ADVICE]
    programme = checked.merged.programme
    pattern, sources = template or template_path(PROGRAMME_TEMPLATE), checked.merged.sources
    problems = render(pattern, programme_tree(programme, sources, listed, draft=draft), output, programme, draft=draft)
    return checked.with_written(output, problems)


def check(
    paths: Sequence[str],
    *,
    plan: str | None = None,
    latest: bool = True,
    annotate: str | None = None,
    html: str | None = None,
    progress: Progress = lambda _: None,
) -> Outcome:
    """Forms → their findings; on request also marked copies of them in `annotate`, and a page about all at `html`."""
    one = len(paths) == 1 and Path(paths[0]).is_file()
    reading = read_files(paths, plan or (plan_above(paths[0]) if one else None), progress, keep=annotate is not None)
    if wrong := mistaken(reading, paths):
        return Outcome(tuple(wrong))
    outcome = replace(check_forms(reading, latest=latest), tables=official(reading))
    one = one and len(reading.documents) == 1
    outcome = _alone(outcome) if one else outcome
    if not any_error(outcome.findings) and (none := check_found(reading.documents, WARNING)) and any_error(none):
        outcome = replace(outcome, findings=(*outcome.findings, *none))
    files = [document.file for document in reading.documents]
    if annotate is not None:
        from kars_xl.reports.annotate import annotate as run

        done = run([*paths, *reading.files], files, reading.grids, outcome.findings, annotate, progress)
        findings = (*outcome.findings, *done.findings)
        outcome = replace(outcome, findings=findings, written=tuple(done.written), notes=tuple(done.notes))
    outcome = _by_unit(reading, outcome, alone=one)
    if html is not None:
        outcome = _write_page(reading, outcome, html, paths[0])
    return outcome


def check_forms(reading: Reading, *, latest: bool = True) -> Outcome:
    """All findings about the forms, by unit as well, the programme that they make together, and what revisions
    changed."""
    source = forms(reading, latest=latest)
    outcome = _by_unit(reading, Outcome(source.findings, source.merged))
    if source.merged is None or not source.merged.replaced:
        return outcome
    from kars_xl.reports.diff import revisions_of

    return replace(outcome, revisions=tuple(revisions_of(reading.documents)))


def _alone(outcome: Outcome) -> Outcome:
    """One form by itself: what others have not sent is not its matter."""
    own = [unit for unit in outcome.units if unit.forms]
    others = {id(found) for unit in outcome.units if unit not in own for found in unit.findings}
    kept = [found for found in outcome.findings if not (found.has(Effect.NOT_SENT) and id(found) in others)]
    return replace(outcome, findings=tuple(kept))


def _by_unit(reading: Reading, outcome: Outcome, *, alone: bool = False) -> Outcome:
    plan = reading.plan.programme if reading.plan else None
    units = overview(reading.documents, outcome.findings, outcome.merged, plan)
    return replace(outcome, units=tuple(unit for unit in units if unit.forms or not (alone and unit.unit)))


def _write_page(reading: Reading, outcome: Outcome, target: str, path: str) -> Outcome:
    """The findings as a page at `target`."""
    from kars_xl.findings.as_page import write_page

    problems = write_page(target, answer("check", outcome, path), reading.files)
    notes = outcome.notes if problems else (*outcome.notes, f"Rapor kaydedildi: {target}")
    return replace(outcome.with_written(target, problems), notes=notes)


def import_plan(path: str, output: str, *, progress: Progress = lambda _: None) -> Outcome:
    """A published programme, or last year's workbook, → a plan workbook at `output`, with warnings of the unclear."""
    if refused := misnamed(output):
        return Outcome(tuple(refused))
    reading = read_files([path], None, progress)
    if refused := single_form(reading, [path]) or refused_target(output, reading.files):
        return Outcome((*reading.findings, *refused))
    found = official(reading)
    lacking = check_found(reading.documents, WARNING)
    if any_error(lacking):
        unread = [] if any_error(reading.findings) else lacking
        return Outcome((*reading.findings, *unread), tables=found)
    merged = published(reading, reading.documents[0]).merged
    assert merged is not None
    if any_error(merged.findings):
        return Outcome((*reading.findings, *merged.findings), merged)
    problems = render(template_path(PLAN_TEMPLATE), programme_tree(merged.programme, merged.sources), output)
    read = Outcome((*reading.findings, *lacking, *merged.findings), merged, tables=found)
    return read.with_written(output, problems)


def make_forms(plan: str, folder: str, *, filled: bool, progress: Progress = lambda _: None) -> Outcome:
    """A plan → one form per unit and the finance office's form, in `folder`."""
    reading = read_files([], plan, progress)
    if reading.plan is None:
        return Outcome(tuple(reading.findings))
    merged = reading.plan
    units = merged.programme.asked
    files = form_files(unit.name for unit in units)
    nobody = () if units else (finding("KX011", Place(plan)),)
    gone = check_known_amounts(Merged(merged.programme), merged.programme, plan)
    outcome = Outcome((*reading.findings, *nobody, *_unowned(merged.programme, plan), *gone), merged)
    if not (units and merged.programme.year and merged.programme.institution.name):
        return outcome
    trees = form_trees(merged.programme, merged.contributions, filled=filled)
    ours = ((files[unit.name], FORM_TEMPLATE, tree) for unit, tree in trees)
    finance = merged.programme if filled else replace(merged.programme, administration=None, transfers=None)
    extra = {"birim": {"ad": "Mali Hizmetler", "eposta": ""}, "revizyon": 0, "dolduran": None}
    last = (FINANCE_FORM, FINANCE_TEMPLATE, programme_tree(finance, extra=extra))
    for number, (name, template, tree) in enumerate(chain(ours, [last]), start=1):
        progress(f"form yazılıyor {number}/{len(units) + 1}: {name}")
        target = str(Path(folder) / name)
        # Somebody's work: the folder of the forms that came back was named by mistake.
        kept = [finding("KX006", Place(target), reason="orada doldurulmuş bir form var")]
        has_figures = not filled and any(is_filled(it) for reading in read_file(target) for it in reading.documents)
        kept = refused_target(target, [plan]) or (kept if has_figures else [])
        outcome = outcome.with_written(target, kept or render(template_path(template), tree, target))
    return outcome


def _unowned(programme: Programme, plan: str) -> list[Finding]:
    """KX216 where indicators are asked of several units."""
    shared = [target for target in programme.targets if len(target.units) > 1]
    codes = [item.code for target in shared for item in target.indicators if not item.units]
    named = ", ".join(codes[:_NAMED]) + (" …" if len(codes) > _NAMED else "")
    return [finding("KX216", Place(plan), count=str(len(codes)), codes=named)] if codes else []
