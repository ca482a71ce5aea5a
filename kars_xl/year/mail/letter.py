"""A letter before it is a message: to whom, what it says, what is attached."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from kars_xl.base.atomic import system_reason, write_atomically
from kars_xl.base.file_names import file_stem, free_name
from kars_xl.base.place import Place
from kars_xl.base.text import tidy, writable
from kars_xl.findings.catalogue import finding
from kars_xl.findings.finding import Finding
from kars_xl.model.units import Unit
from kars_xl.year.mail.compose import draft

FORMS, FINDINGS, REMINDERS, FINAL = "forms", "findings", "reminders", "final"
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


def as_one(letters: Sequence[Letter]) -> tuple[Letter, ...]:
    """The same letter to several as one to all of them."""
    return (replace(letters[0], to=tuple(address for letter in letters for address in letter.to)),) if letters else ()


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


# How the files' names begin, by the kind of letter.
NAMES = {FORMS: "form", FINDINGS: "bulgu", REMINDERS: "hatirlatma", FINAL: "program"}


@dataclass(slots=True)
class Drafts:
    """The file of each letter, "" where it could not be written; `old` are drafts of this kind from earlier calls."""

    files: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    old: list[str] = field(default_factory=list)


def write_drafts(kind: str, letters: Sequence[Letter], folder: Path, sender: str = "") -> Drafts:
    """One file per letter in `folder`. The same letter makes the same file; drafts of other letters stay."""
    result = Drafts()
    taken: set[str] = set()
    for letter in letters:
        # Units' names may differ in signs that no file name keeps.
        stem = f"{NAMES[kind]}_{file_stem(letter.unit.name)}" if letter.unit else NAMES[kind]
        target = folder / free_name(stem, ".eml", taken)
        try:
            write_atomically(target, draft(letter, sender))
        except OSError as error:
            result.findings.append(finding("KX006", Place(str(target)), reason=system_reason(error)))
            result.files.append("")
        else:
            result.files.append(str(target))
    pattern = f"{NAMES[kind]}*.eml"
    result.old = sorted(str(path) for path in folder.glob(pattern) if path.name.casefold() not in taken)
    return result
