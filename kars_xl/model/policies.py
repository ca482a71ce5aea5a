"""What a programme says before its figures: mission, vision, principles, and the tasks of upper policy documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Purpose:
    """Misyon, vizyon and ilkeler as the strategic plan has them; "" and () where they are not given."""

    mission: str = ""
    vision: str = ""
    principles: tuple[str, ...] = ()


class PolicyTask(NamedTuple):
    """A task that an upper policy document gives: "264.2." of a section, and its sentence.

    `section` and `reference` are "" where the document has none.
    """

    document: str
    section: str
    reference: str
    text: str
