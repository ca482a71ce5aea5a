"""What was sent and could not be taken, so that it is not forgotten: `collect` writes it down, others tell it."""

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec

from kars_xl.base.atomic import write_atomically
from kars_xl.model.programme import Programme
from kars_xl.model.units import NO_UNIT, Unit

_SEPARATORS = re.compile(r"[;,\s]+")


class Missed(msgspec.Struct, frozen=True):
    """An attachment: when the message was sent (ISO 8601, "" where it does not say), by whom, and why it was left."""

    at: str
    sender: str
    address: str
    subject: str
    what: str

    @property
    def when(self) -> datetime | None:
        """`at` as a time."""
        with suppress(ValueError):
            return datetime.fromisoformat(self.at).astimezone()
        return None

    def __str__(self) -> str:
        day = f"{self.at[8:10]}.{self.at[5:7]}.{self.at[:4]} tarihli " if self.at else ""
        return f"{day}“{self.subject or 'konusuz'}” iletisindeki {self.what}"


def read_missed(path: Path) -> list[Missed]:
    """All that was written down; lines that can't be read are passed over, as is a file that is not there."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
        with suppress(ValueError):
            found.append(msgspec.json.decode(line, type=Missed))
    return found


def add_missed(path: Path, missed: Iterable[Missed]) -> None:
    """Writes down what is new. Raises OSError."""
    known = read_missed(path)
    if more := [it for it in dict.fromkeys(missed) if it not in known]:
        write_atomically(path, msgspec.json.Encoder().encode_lines([*known, *more]))


def unit_at(address: str, plan: Programme | None) -> Unit:
    """The one unit of the plan with this e-mail address; none where it is several units', or none's."""
    named = plan.known if plan and address else ()
    found = [unit for unit in named if address in _SEPARATORS.split(unit.email.lower())]
    return found[0] if len(found) == 1 else NO_UNIT
