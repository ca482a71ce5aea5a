"""Puts forms into the working folder, each once and none over another; what is there already is known by its bytes."""

import contextlib
import datetime as dt
import hashlib
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from kars_xl.base.atomic import create_atomically, sweep
from kars_xl.base.file_names import file_stem
from kars_xl.base.place import Place
from kars_xl.findings.finding import Finding, finding
from kars_xl.merging.consolidate import years
from kars_xl.model.programme import Programme
from kars_xl.model.units import NO_UNIT, Unit
from kars_xl.reading.files import list_files, read_files
from kars_xl.reading.grid import SUFFIXES, UnreadableFile, on_disk, read_grid
from kars_xl.reading.grid.archives import Part
from kars_xl.reading.grid.containers import is_workbook_name, suffix_of
from kars_xl.reading.grid.limits import limited
from kars_xl.reading.kaynak_sheet import read_source_rows
from kars_xl.reading.plan import is_plan
from kars_xl.reading.recognise import recognise
from kars_xl.year.collect.unpack import REFUSED, Attachment, Envelope
from kars_xl.year.folder.folder import Folder, unit_at

_UNKNOWN = "birimi_belirsiz"
_FIRST_PLAUSIBLE = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_DAY = dt.timedelta(days=1)


class Stored(Struct, frozen=True):
    """A form in the folder; `modified` (seconds since 1970) is when it was sent, as far as that is known."""

    file: str
    unit: Unit
    revision: int
    digest: str
    modified: float
    is_new: bool = False


class Form(Struct, frozen=True, kw_only=True):
    """A form to be stored. No `unit` where nothing tells it; `by_address` where only the sender's address does."""

    data: bytes
    suffix: str
    unit: Unit
    revision: int
    digest: str
    is_blank: bool  # nobody has put an amount into it yet
    by_address: bool = False


class Store:
    """The forms in a folder's `inputs`, and what was sent out from it."""

    def __init__(self, folder: Folder, plan: Programme | None) -> None:
        self.inputs = folder.inputs
        self.forms: list[Stored] = []
        self.failed = False  # whether a form could not be written
        if self.inputs.is_dir():
            for place in (self.inputs, *filter(Path.is_dir, self.inputs.iterdir())):
                sweep(place)
            for document in read_files([str(self.inputs)]).documents:
                unit = plan.known.of(document.unit) if plan else document.unit
                modified = on_disk(document.file).stat().st_mtime
                self.forms.append(Stored(document.file, unit, document.revision, document.digest, modified))
        self.sent_blank = _digests(folder.forms)
        self.sent_marked = _digests(folder.annotated)

    def put(self, form: Form, sent: dt.datetime | None) -> Stored:
        """The form as a new file; OSError where it can't be written."""
        folder = self.inputs / (file_stem(form.unit.name) if form.unit else _UNKNOWN)
        # Forms of nobody known have nothing to be told apart by but what is in them.
        name = f"{folder.name}_r{form.revision}" if form.unit else f"{folder.name}_{form.digest[:12]}"
        modified = sent.timestamp() if sent and _FIRST_PLAUSIBLE < sent < dt.datetime.now(dt.UTC) + _DAY else None
        folder.mkdir(parents=True, exist_ok=True)
        for number in itertools.count(1):
            stem = name if number == 1 else f"{name}_{number}"
            target = folder / f"{stem}{form.suffix}"
            if not any((folder / f"{stem}{suffix}").exists() for suffix in SUFFIXES):
                # Another program may be quicker.
                with contextlib.suppress(FileExistsError):
                    create_atomically(target, form.data, modified)
                    break
        written = modified if modified is not None else target.stat().st_mtime
        stored = Stored(str(target), form.unit, form.revision, form.digest, written, is_new=True)
        self.forms.append(stored)
        return stored

    def conflicts(self) -> Iterator[Finding]:
        """What is to be said of new forms beside the others of their unit (KX213, KX214)."""
        new_ones = [(at, form) for at, form in enumerate(self.forms) if form.is_new and form.unit]
        # Of two new ones the later is told of the earlier.
        for new, other in ((new, it) for at, new in new_ones for it in self.forms[:at] if it.unit == new.unit):
            low, high = sorted((new, other), key=lambda form: form.revision)
            facts: dict[str, Any] = {"found": _named(low), "other": _named(high), "revision": str(low.revision)}
            facts |= {"key": new.unit.name, "related": (Place(high.file),)}
            if low.revision == high.revision:
                yield finding("KX213", Place(low.file), next=str(low.revision + 1), **facts)
            elif low.modified > high.modified:
                yield finding("KX214", Place(low.file), higher=str(high.revision), **facts)


def _named(form: Stored) -> str:
    return f"{Path(form.file).name} ({dt.datetime.fromtimestamp(form.modified):%d.%m.%Y %H:%M})"


def _digests(folder: Path) -> set[str]:
    found = set()
    for file in list_files([str(folder)])[0] if folder.is_dir() else ():
        with contextlib.suppress(OSError):
            found.add(hashlib.sha256(Path(file).read_bytes()).hexdigest())
    return found


def judge(envelope: Envelope, item: Part, plan: Programme | None) -> tuple[Form | Attachment, list[Finding]]:
    """`item` as a form to be stored, of a unit as the `plan` spells it; else why not, and what is to be said where
    somebody has to do something about it. Reads bytes, touches no file."""
    place = envelope.place_of(item)

    def refused(reason: str, *findings: Finding, may_hold: bool = False) -> tuple[Attachment, list[Finding]]:
        found = Attachment(item.name, REFUSED, reason=reason, may_hold=may_hold, remedy=item.remedy)
        return found, list(findings)

    if item.refused:
        if not item.code:
            return refused(item.refused, may_hold=item.may_hold)
        return refused(item.refused, finding(item.code, place, reason=item.refused, remedy=item.remedy))
    try:
        with limited():
            grid = read_grid(place.file, item.data)
            document = None if is_plan(grid) else recognise(grid)
    except UnreadableFile as error:
        found = finding(error.code, place, reason=error.reason, remedy=error.remedy)
        return refused(found.message, found)
    if document is None:
        return refused("plan çalışma kitabı, birim formu değil")
    unit = plan.known.of(document.unit) if plan else document.unit
    if not document.tables and not document.general_tables:
        if not unit:
            return refused("resmî tablo yok", may_hold=is_workbook_name(item.name))
        return refused("birim adı var ama resmî tablo yok", finding("KX004", place, severity="error", key=unit.name))
    if not unit and (document.summaries or document.responsibilities or read_source_rows(grid.sheets) is not None):
        return refused("bütün bir program, birim formu değil")
    # A form that is another year's altogether; a slip in one table is for check.
    given = years(document)
    if plan is not None and plan.year and given and plan.year not in [year for year, _ in given]:
        year, where = given[0]
        found = finding("KX201", where, key=unit.name, what="Program yılı", found=str(year), expected=str(plan.year))
        return refused(f"{year} yılının formu, plan {plan.year} yılının", found)
    by_address = NO_UNIT if unit else unit_at(envelope.letter.address if envelope.letter else "", plan)
    amounts = [amount for table in document.costs for amount in table.amounts.values()]
    amounts += [it for table in document.matrices for column in table.columns.values() for it in column.values()]
    form = Form(
        data=item.data,
        suffix=suffix_of(item.name, item.data),
        unit=unit or by_address,
        revision=document.revision,
        digest=grid.digest,
        is_blank=not any(amount.given and not amount.formula for amount in amounts),
        by_address=bool(by_address),
    )
    return form, []
