"""Findings on a page: what is said of each beside its message, and which of them stand in one table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from kars_xl.base.place import Place
from kars_xl.base.short_names import short_names
from kars_xl.findings.as_text import row_of, where
from kars_xl.findings.finding import Finding

_RELATED_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Row:
    """A finding as a row: `number` stands in it and names it for links (0: none), the choice goes by `group`."""

    found: Finding
    number: int = 0
    group: str = ""


def page_names(files: Iterable[str], findings: Iterable[Finding]) -> dict[str, str]:
    """What each file is called on a page: `files`, and those that findings are about."""
    places = [place for found in findings for place in (found.place, *found.related)]
    named = [file for file in dict.fromkeys([*files, *(place.file for place in places)]) if file]
    return {file: " ▸ ".join(parts) for file, parts in short_names(named).items()}


@dataclass(frozen=True, slots=True)
class Listing:
    """Tables of findings; `names` says how each file is called on the page, "" where it need not be named."""

    names: Mapping[str, str]

    def kinds(self, rows: Iterable[Row]) -> Iterator[tuple[str, str, str, Sequence[Row]]]:
        """(severity, code, remedy, rows) of each table; `rows` are in the order of their kinds."""
        for kind, group in groupby(rows, key=lambda row: (row.found.severity, row.found.code, row.found.fix)):
            yield *kind, list(group)

    def where(self, place: Place) -> str:
        """A place in words."""
        shown = where(place._replace(file=self.names.get(place.file, place.file)))
        return shown or ("dosyanın tümü" if place.file else "")

    def about(self, row: Row) -> str:
        return " · ".join(filter(None, (f"No {row.number}" if row.number else "", row_of(row.found))))

    def related(self, found: Finding) -> str:
        """The first few of the other places that a finding is about."""
        others = [self.where(place) for place in found.related[:_RELATED_SHOWN]]
        if len(found.related) > len(others):
            others.append(f"ve {len(found.related) - len(others)} yer daha")
        return "; ".join(others)
