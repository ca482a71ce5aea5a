"""`status` as a job: looks at the working folder, reads what changed, and makes of it table, data or page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from kars_xl.base.atomic import system_reason
from kars_xl.base.money import to_tl
from kars_xl.base.place import Place
from kars_xl.findings.catalogue import finding
from kars_xl.findings.finding import Finding
from kars_xl.findings.severity import SEVERITIES
from kars_xl.reading.files import Progress
from kars_xl.year.folder.folder import Folder, Sent, read_log
from kars_xl.year.folder.reading import Forms, Stamps, scan, watch
from kars_xl.year.folder.status import Form, Status, UnitStatus, status_of

Data = dict[str, object]


@dataclass(slots=True)
class Desk:
    """A folder that is looked at, and what is known of it from the look before."""

    folder: Folder
    progress: Progress = lambda _: None
    _forms: Forms = field(default_factory=Forms)
    _unseen: list[Finding] = field(default_factory=list)

    @property
    def base(self) -> str:
        """The folder from which files are named; of a single form that in which it lies."""
        here = self.folder.inputs
        return str(here.parent if here.is_file() else here)

    def look(self) -> Stamps:
        """What is there, the plan and the log of what was mailed included."""
        stamps, self._unseen = scan(self.folder.inputs, (self.folder.chosen, self.folder.log))
        return stamps

    def status(self, stamps: Stamps) -> Status:
        """The state of the round as these files tell it; only those that changed are read again."""
        reading = self._forms.read(stamps, self.folder.chosen, self.progress)
        reading.findings += self._unseen
        log: list[Sent] = []
        try:
            log = read_log(self.folder.log)
        except OSError as error:
            reading.findings.append(finding("KX001", Place(str(self.folder.log)), reason=system_reason(error)))
        times = {
            path: datetime.fromtimestamp(stamp[1] // 10**9).astimezone()
            for path, stamp in stamps.items()
            if stamp is not None
        }
        return status_of(reading, times, log)

    def changes(self) -> Iterator[Status]:
        """The state whenever it has changed, for ever."""
        for stamps in watch(self.look):
            yield self.status(stamps)


def open_desk(path: str, plan: str | None, progress: Progress) -> tuple[Desk | None, list[Finding]]:
    """A desk for the folder at `path`; None where it, or the plan that was named, is not there or may not be seen."""
    try:
        folder = Folder.of(path, plan)
        missing = [name for name in (folder.inputs, folder.chosen) if name is not None and not name.exists()]
    except OSError as error:
        return None, [finding("KX001", Place(path), reason=system_reason(error))]
    if missing:
        return None, [finding("KX007", Place(str(name))) for name in missing]
    return Desk(folder, progress), []


def write_status_page(status: Status, base: str, target: str | Path) -> list[Finding]:
    """The page at `target`; what kept it from being written."""
    from kars_xl.reports.page import write_page
    from kars_xl.year.folder.status_text import status_page

    return write_page(str(target), status_page(status, base))


def status_data(status: Status) -> Data:
    """What `--format json` gives beside the findings: times in ISO 8601, amounts as decimal strings in TL."""
    return {
        "plan": status.has_plan,
        "units": [_unit(unit) for unit in (*status.units, *status.strangers)],
        "finance": _unit(status.finance) if status.finance else None,
        "others": [
            {"file": other.file, "is_form": other.is_form, "codes": [found.code for found in other.findings]}
            for other in status.others
        ],
        "totals": {
            "sent": status.senders,
            "expected": len(status.units) if status.has_plan else None,
            "filled": sum(unit.filled for unit in status.units),
            "activities": sum(unit.activities for unit in status.units),
            "amount": _tl(status.kurus),
            "whole": status.whole,
        },
    }


def _unit(unit: UnitStatus) -> Data:
    return {
        "unit": unit.name,
        "planned": unit.planned,
        "sent": unit.sent,
        "at": unit.forms[0].at.isoformat() if unit.sent and unit.forms[0].at else None,
        "revision": unit.forms[0].revision if unit.sent else None,
        "files": _forms(unit.forms),
        "replaced": _forms(unit.replaced),
        "same_revision": _forms(unit.rivals),
        **{severity: unit.count(severity) for severity in SEVERITIES},
        "filled": unit.filled,
        "activities": unit.activities,
        "amount": _tl(unit.kurus),
        "mailed": {kind: at.isoformat() for kind, at in unit.mailed},
    }


def _forms(forms: Sequence[Form]) -> list[Data]:
    return [
        {"file": form.file, "revision": form.revision, "at": form.at.isoformat() if form.at else None} for form in forms
    ]


def _tl(kurus: int | None) -> str | None:
    return None if kurus is None else str(to_tl(kurus))
