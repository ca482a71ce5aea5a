"""The findings of one file as numbered lines: what its list says and its cells' notes refer to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kars_xl.base.place import Place
from kars_xl.findings.finding import Finding
from kars_xl.findings.severity import HEADINGS, SEVERITIES


@dataclass(frozen=True, slots=True)
class Line:
    """A finding with its number in the list, and where it stands in this file."""

    number: int
    finding: Finding
    place: Place

    @property
    def severity(self) -> str:
        """HATA, UYARI or ÖNERİ."""
        return HEADINGS[self.finding.severity]

    @property
    def others(self) -> tuple[Place, ...]:
        """The finding's other places, those in other files included."""
        return tuple(
            place for place in dict.fromkeys((self.finding.place, *self.finding.related)) if place != self.place
        )


def lines_of(file: str, findings: Iterable[Finding]) -> list[Line]:
    """What concerns `file`, worst first: its own findings, and those of other files that name a place in it.

    Whoever filled this form must know too that another form gives another value.
    """
    own = [(found, place) for found in findings if (place := _place_in(file, found)) is not None]
    own.sort(key=lambda pair: SEVERITIES.index(pair[0].severity))
    return [Line(number, found, place) for number, (found, place) in enumerate(own, start=1)]


def _place_in(file: str, found: Finding) -> Place | None:
    return next((place for place in (found.place, *found.related) if place.file == file), None)
