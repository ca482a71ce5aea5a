"""A working folder in, its State out: what is there, how far the round is. A broken file is one of its faults."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from kars_xl.base.place import Place
from kars_xl.findings.catalogue import finding
from kars_xl.findings.codes import Effect
from kars_xl.findings.finding import Finding
from kars_xl.model.programme import Programme
from kars_xl.model.units import Unit
from kars_xl.pipeline import check_forms
from kars_xl.reading.files import Progress, Reading, read_files
from kars_xl.reading.grid import SUFFIXES
from kars_xl.reports.findings.by_unit import FINANCE
from kars_xl.year.folder.folder import Folder, read_log, seen
from kars_xl.year.folder.next_step import State
from kars_xl.year.folder.rollover import has_figures
from kars_xl.year.mail.compose import NAMES
from kars_xl.year.mail.letter import FINAL, FINDINGS, FORMS, REMINDERS


def working_folders(here: Path) -> list[Path]:
    """`here` itself if it is one, else those right below it, by name."""
    if (here / "inputs").is_dir():
        return [here]
    try:
        below = sorted(path for path in here.iterdir() if path.is_dir())
    except OSError:
        return []
    return [path for path in below if (path / "inputs" / "plan.xlsx").is_file() or Folder(path).readme.is_file()]


def look(root: Path, progress: Progress = lambda _: None) -> State:
    """The state of the working folder `root`."""
    folder = Folder(root)
    reading = read_files([str(folder.inputs)], None, progress)
    outcome = check_forms(reading, latest=True)
    plan = reading.plan.programme if reading.plan else None
    plan_file = reading.plan_file or str(folder.plan)
    missing = tuple(_missing(reading, plan)) if reading.documents else ()
    errors = [item for item in outcome.findings if item.is_error and not _says_missing(item, missing)]
    faults = [item for item in errors if item.place.file != plan_file or item.has(Effect.NOT_SENT)]
    plan_faults = [item for item in errors if item not in faults]
    if plan is not None and not plan.asked:
        plan_faults.append(finding("KX011", Place(plan_file)))
    forms = {document.file for document in reading.documents} | {item.place.file for item in faults} - {plan_file, ""}
    # What a unit left out is at no form of its own.
    faulty = {item.place.file for item in faults}
    known = plan or (outcome.merged.programme if outcome.merged else None)
    year = known.year if known else 0
    blank = [path for path in seen(folder.forms, "**/*") if path.suffix.lower() in SUFFIXES]
    # What follows from the order in which things were written; letters are told by nothing else.
    made, planned, arrived, mailed = _newest(blank), _newest([plan_file]), _newest(forms), _mailed(folder)
    spoilt = _newest(faulty if faulty <= forms else forms)
    output = _newest([folder.programme(year)])
    printed = _newest([folder.programme(year).with_suffix(".pdf")])
    return State(
        folder,
        year=year,
        has_plan=Path(plan_file).is_file(),
        plan_faults=tuple(plan_faults),
        units=len(plan.asked) if plan else 0,
        activities=len(plan.activities) if plan else 0,
        without_mail=sum(not unit.email for unit in plan.asked) if plan else 0,
        prefilled=plan is not None and has_figures(plan),
        forms=len(blank),
        outdated=bool(blank) and made < planned,
        mailed=mailed[FORMS] >= made,
        came=len(forms),
        faulty=tuple(sorted({_fault_name(item, plan_file) for item in faults})),
        faults=len(faults),
        missing=tuple(map(str, missing)),
        marked=_newest(seen(folder.annotated, "**/*")) >= spoilt,
        findings_mailed=mailed[FINDINGS] >= spoilt,
        # Nobody is reminded twice a day.
        reminded=mailed[REMINDERS] >= arrived or dt.date.fromtimestamp(mailed[REMINDERS] / 10**9) == dt.date.today(),
        merged=output > 0 and output >= max(arrived, planned),
        audited=_newest([folder.outputs / "denetim.html"]) >= output,
        printed=printed >= output,
        final_mailed=mailed[FINAL] >= max(output, printed),
    )


def _missing(reading: Reading, plan: Programme | None) -> Iterator[Unit]:
    """Whose form has not come, the finance office's included."""
    senders = {unit for document in reading.documents for unit in document.unit.parts}
    yield from (unit for unit in (plan.asked if plan else ()) if unit not in senders)
    if not any("general" in matrix.columns for document in reading.documents for matrix in document.matrices):
        yield Unit(FINANCE)


def _says_missing(item: Finding, missing: Sequence[Unit]) -> bool:
    """Whether the error is only that a form has not come; KX008 says it of all."""
    unsent = Unit(item.key) in missing or (item.table == "TKT" and Unit(FINANCE) in missing)
    return item.has(Effect.NOTHING) or (item.has(Effect.NOT_SENT) and unsent)


def _fault_name(item: Finding, plan_file: str) -> str:
    """The form with the fault; of what a unit left out, what that is."""
    return item.key if item.place.file == plan_file else Path(item.place.file).name or item.key


def _mailed(folder: Folder) -> dict[str, int]:
    """When the last letter of each kind was drafted or sent, in nanoseconds; 0 where none was."""
    drafts = list(seen(folder.mail, "**/*.eml"))
    times = {
        kind: _newest(path for path in drafts if path.stem == name or path.stem.startswith(f"{name}_"))
        for kind, name in NAMES.items()
    }
    with contextlib.suppress(OSError):
        for sent in read_log(folder.log):
            if sent.when is not None:
                at = int(sent.when.timestamp() * 1_000_000) * 1000
                times[sent.kind] = max(at, times.get(sent.kind, 0))
    return times


def _newest(files: Iterable[str | Path]) -> int:
    """When the newest of them was written or came to this place, in nanoseconds; 0 where none is there."""
    newest = 0
    for file in files:
        # A copy keeps the time of writing; of what vanishes meanwhile there is nothing to say.
        with contextlib.suppress(OSError):
            found = Path(file).stat()
            newest = max(newest, found.st_mtime_ns, found.st_ctime_ns)
    return newest
