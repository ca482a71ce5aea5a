"""The general tables of a programme (Tablo 1–10) as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from kars_xl.model.units import NO_UNIT, Unit


class ProgrammeTableRow(NamedTuple):
    """A row of a general table: its figures by column (None for a blank), and what is said beside them.

    `subtotal`: the row sums those above it since the last such row, and its figures follow from them.
    """

    label: str
    values: tuple[Decimal | None, ...] = ()
    note: str = ""
    subtotal: bool = False


@dataclass(frozen=True, slots=True)
class ProgrammeTable:
    """A general table (Tablo 1–10) without totals and percentages, which follow from its rows.

    `kind` is a key of kars_xl.reading.general.kinds.KINDS, `heading` stands above the labels; a list has no columns.
    `unit` is whom the plan asks for it, nobody in a merged programme.
    """

    kind: str
    caption: str
    number: str = ""
    heading: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[ProgrammeTableRow, ...] = ()
    unit: Unit = NO_UNIT

    @property
    def title(self) -> str:
        """ "Tablo 9 Personel Eğitim Durumu", or what stands there without a number."""
        return f"Tablo {self.number} {self.caption}".rstrip() if self.number else self.caption


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
