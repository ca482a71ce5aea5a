"""A letter before it is a message: to whom, what it says, what is attached."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from kars_xl.base.text import tidy, writable
from kars_xl.findings.finding import Finding
from kars_xl.model.units import Unit

FORMS, FINDINGS, REMINDERS, FINAL = "forms", "findings", "reminders", "final"
PLANNED = "planned"
# A header's line takes 998 characters, and three bytes of one letter are nine there.
_LONGEST_STEM, _LONGEST_SUFFIX = 90, 8


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to go with a letter, under a name that no mail program and no file system stumbles over."""

    name: str
    data: bytes

    @classmethod
    def of(cls, path: Path) -> Attachment:
        """The file at `path`; OSError where it can't be read."""
        return cls(attachment_name(path.name), path.read_bytes())


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter to a unit (to none where it goes to people by their addresses). `to` are checked addresses."""

    kind: str
    unit: Unit
    to: tuple[str, ...]
    subject: str
    text: str
    attachments: tuple[Attachment, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 by which a repetition is known: of the attached bytes in order, of the text where there are none."""
        if not self.attachments:
            return hashlib.sha256(self.text.encode()).hexdigest()
        whole = hashlib.sha256()
        for attachment in self.attachments:
            whole.update(attachment.data)
        return whole.hexdigest()

    @property
    def whose(self) -> str:
        """How the user knows it: the unit, else the addresses."""
        return self.unit.name or ", ".join(self.to)


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters of a call, what kept others from being written, what else is to be said; the programme's year."""

    letters: tuple[Letter, ...] = ()
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    year: int = 0


@dataclass(slots=True)
class Handled:
    """A letter and what came of it: `waiting` are who is still to get it, `got` who has, `draft` its file."""

    letter: Letter
    waiting: tuple[str, ...] = ()
    got: tuple[str, ...] = ()
    state: str = PLANNED
    reason: str = ""
    message_id: str = ""
    draft: str = ""


@dataclass(slots=True)
class Sending:
    """All letters of a call, in their order, the findings on the way, and what else is to be said."""

    handled: list[Handled] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def one_line(text: str) -> str:
    """`text` as it may stand in a header or a sentence: no line ends, no control characters."""
    return tidy("".join(letter for letter in writable(text) if letter.isspace() or letter.isprintable()))


def attachment_name(name: str) -> str:
    """A file's name without what Windows forbids in one, and without ";", at which some mail readers end it.

    Turkish letters stay, each as one character.
    """
    plain = unicodedata.normalize("NFC", one_line(name))
    plain = "".join("_" if letter in '<>:"/\\|?*;' else letter for letter in plain).strip(" .")
    stem, dot, suffix = plain.rpartition(".")
    return f"{stem[:_LONGEST_STEM]}{dot}{suffix[:_LONGEST_SUFFIX]}" if dot else plain[:_LONGEST_STEM] or "ek"
