"""A message as all kinds of mail files yield it, and texts of strangers made fit to be shown."""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import dataclass

from kars_xl.base.text import tidy, writable

_LONGEST_SHOWN = 120


@dataclass(frozen=True, slots=True)
class Part:
    """An attachment or a file: its bytes, or the message that it is; `refused` says why there is neither.

    `code` is the finding that this is, "" where nobody has to do anything about it.
    """

    name: str
    data: bytes = b""
    letter: Letter | None = None
    refused: str = ""
    code: str = ""


class Unopened(Exception):
    """Something that holds messages or files can't be opened; `code` is the finding it becomes, `reason` a fact."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason

    def part(self, name: str) -> Part:
        """What is called `name` and can't be opened."""
        return Part(name, refused=self.reason, code=self.code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message. `sender` is shown, `address` compared (small letters, "" where there is none)."""

    sender: str = ""
    address: str = ""
    date: dt.datetime | None = None
    subject: str = ""
    message_id: str = ""
    deleted: bool = False
    parts: tuple[Part, ...] = ()


def shown(text: str) -> str:
    """One line of at most 120 letters without what changes a terminal or turns the direction of writing about."""
    one_line = tidy(writable(text[:4000]))
    plain = "".join(letter for letter in one_line if unicodedata.category(letter) not in ("Cc", "Cf", "Zl", "Zp"))
    # The end of a file's name says most of what it is.
    return plain if len(plain) <= _LONGEST_SHOWN else f"{plain[: _LONGEST_SHOWN - 21]}…{plain[-20:]}"
