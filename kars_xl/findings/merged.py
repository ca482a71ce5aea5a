"""A programme with where its figures came from and what was found wrong on the way."""

from __future__ import annotations

from dataclasses import dataclass

from kars_xl.findings.finding import Finding
from kars_xl.model.programme import Programme
from kars_xl.model.sources import ColumnSource, Contribution, GeneralTableSource, Given, IndicatorSource


@dataclass(frozen=True, slots=True)
class Merged:
    """What consolidation yields: the programme, where its figures came from, all findings, and the count of files.

    `replaced` are the files that are not used, because the same sender sent a higher revision.
    """

    programme: Programme
    contributions: tuple[Contribution, ...] = ()
    findings: tuple[Finding, ...] = ()
    files: int = 0
    columns: tuple[ColumnSource, ...] = ()
    indicators: tuple[IndicatorSource, ...] = ()
    general_tables: tuple[GeneralTableSource, ...] = ()
    replaced: frozenset[str] = frozenset()

    @property
    def sources(self) -> tuple[Given, ...]:
        """All that forms gave."""
        return (*self.contributions, *self.columns, *self.indicators, *self.general_tables)
