"""`status` as a job: looks at the working folder, and reads what changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from kars_xl.base.atomic import system_reason
from kars_xl.base.place import Place
from kars_xl.findings.catalogue import finding
from kars_xl.findings.finding import Finding
from kars_xl.reading.files import Progress
from kars_xl.year.folder.folder import Folder, Sent, read_log
from kars_xl.year.folder.reading import Forms, Stamps, scan, watch
from kars_xl.year.folder.status import Status, status_of


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
