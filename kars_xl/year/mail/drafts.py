"""Letters as .eml files for the user's own mail program, which opens them as messages that wait to be sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kars_xl.base.atomic import system_reason, write_atomically
from kars_xl.base.file_names import file_stem, free_name
from kars_xl.base.place import Place
from kars_xl.findings.catalogue import finding
from kars_xl.findings.finding import Finding
from kars_xl.year.mail.compose import draft
from kars_xl.year.mail.letter import FINAL, FINDINGS, FORMS, REMINDERS, Letter

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
