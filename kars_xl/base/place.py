"""Where a value stands."""

from __future__ import annotations

from typing import NamedTuple

from kars_xl.base.addresses import a1


class Place(NamedTuple):
    """Where a value stands: file as named by the user, sheet ("" in a text file), row and column from 1."""

    file: str
    sheet: str = ""
    row: int = 0
    column: int = 0

    @property
    def cell(self) -> str:
        """A1 address; "" where the place is a whole sheet or file."""
        return a1(self.row, self.column) if self.row else ""
