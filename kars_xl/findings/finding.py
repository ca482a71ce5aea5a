"""One thing that is wrong, as a value."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass

from kars_xl.base.place import Place
from kars_xl.findings.codes import Code, Effect
from kars_xl.model.programme import Programme
from kars_xl.model.sources import ColumnSource, Contribution, GeneralTableSource, Given, IndicatorSource


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, and how to mend it.

    `table` is the short name (FMT), `key` what it is about (F.1.4.2), `label` the row's name as it stands there;
    `values` are facts for machines, `related` other places of it.
    """

    code: Code
    severity: str
    place: Place
    message: str
    fix: str
    _: KW_ONLY
    table: str = ""
    key: str = ""
    label: str = ""
    values: tuple[tuple[str, str], ...] = ()
    related: tuple[Place, ...] = ()

    @property
    def is_error(self) -> bool:
        return self.severity == "error"

    def has(self, effects: Effect) -> bool:
        """Whether it has one of these effects."""
        return bool(self.code.effects & effects)


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
    def in_error(self) -> frozenset[str]:
        """What some error is about: the keys of findings."""
        return frozenset(found.key for found in self.findings if found.is_error)

    @property
    def sources(self) -> tuple[Given, ...]:
        """All that forms gave."""
        return (*self.contributions, *self.columns, *self.indicators, *self.general_tables)
