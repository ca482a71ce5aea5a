"""The codes of findings, made from catalogue.toml, and what a finding of each means for the program."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Flag, StrEnum, auto
from importlib import resources


class Effect(Flag):
    """What a finding means for the program, which asks for it instead of for a code; several may hold at once."""

    UNOPENED = auto()  # a file's contents are all missing
    NO_TABLE = auto()  # the file holds no official table
    NOTHING = auto()  # there is nothing to work with
    NOT_SENT = auto()  # what was expected did not come
    UNREAD = auto()  # a figure is there and could not be read
    UNPLACED = auto()  # a figure was read and belongs to nothing that is known
    TWICE = auto()  # the same money came twice
    SPOILS_TOTALS = auto()  # a table's parts are not what its totals add up
    RECOMPUTED = auto()  # a sum that is not taken as it stands
    BLANK = auto()  # nobody filled in what must be filled in
    REVISION = auto()  # a form replaced another
    WORDING = auto()  # the same is called differently
    MOVED = auto()  # an activity stands under another target


@dataclass(frozen=True, slots=True)
class Entry:
    """A kind of finding. `sentence` and `remedy` are templates over the finding's facts.

    `others` are remedies for causes that are mended in another way, by name.
    """

    severity: str
    sentence: str
    remedy: str
    others: Mapping[str, str] = field(default_factory=dict)
    effects: Sequence[str] = ()


_ENTRIES = {
    code: Entry(**facts)
    for code, facts in tomllib.loads(
        (resources.files("kars_xl.findings") / "catalogue.toml").read_text(encoding="utf-8")
    ).items()
}


class Code(StrEnum):
    """The catalogue's codes; Code("KX301") fails where the catalogue has no such entry."""

    _ignore_ = "_code"
    for _code in _ENTRIES:
        vars()[_code] = _code

    @property
    def effects(self) -> Effect:
        """All that its entry names."""
        return _EFFECTS[self]


CATALOGUE = {Code(code): entry for code, entry in _ENTRIES.items()}
_EFFECTS = {
    code: Effect(sum(Effect[name.upper()].value for name in entry.effects)) for code, entry in CATALOGUE.items()
}
