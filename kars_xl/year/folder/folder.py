"""Where things lie in the working folder of a year. Paths only: nothing is read or made here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Folder:
    """A working folder, or a plain folder of forms (`gathered`) whose other parts lie beside it, in `root`.

    `chosen` is the plan that the user named; it wins over the one in the folder.
    """

    root: Path
    gathered: Path | None = None
    chosen: Path | None = None

    @classmethod
    def of(cls, path: str | Path, plan: str | Path | None = None) -> Folder:
        """The working folder at `path`, which has `inputs` in it; else `path` is taken as a folder of forms itself."""
        here = Path(path)
        chosen = None if plan is None else Path(plan)
        if (here / "inputs").is_dir():
            return cls(here, None, chosen)
        # The parent of "." and of ".." is not told by their names.
        beside = here.parent if here.name not in ("", "..") else here.resolve().parent
        return cls(beside, here, chosen)

    @property
    def readme(self) -> Path:
        return self.root / "OKUBENİ.txt"

    @property
    def inputs(self) -> Path:
        """Where the forms that came back lie, at any depth."""
        return self.gathered or self.root / "inputs"

    @property
    def plan(self) -> Path | None:
        """The plan's path, which in a working folder need not be there yet; None where a plain folder has no plan."""
        if self.chosen is not None:
            return self.chosen
        plan = self.inputs / "plan.xlsx"
        return plan if self.gathered is None or plan.is_file() else None

    @property
    def forms(self) -> Path:
        """The empty forms that go out."""
        return self.root / "forms"

    @property
    def annotated(self) -> Path:
        """The marked copies of faulty forms."""
        return self.root / "annotated"

    @property
    def mail(self) -> Path:
        """The drafts."""
        return self.root / "mail"

    @property
    def log(self) -> Path:
        """The append-only log of what was sent."""
        return self.mail / "gonderim.jsonl"

    @property
    def outputs(self) -> Path:
        """The programme and the reports on it."""
        return self.root / "outputs"
