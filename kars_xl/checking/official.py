"""Which of the five official tables documents hold, and which are missing (KX318)."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kars_xl.base.place import Place
from kars_xl.findings.as_text import TABLES
from kars_xl.findings.finding import WARNING, Effect, Finding, finding
from kars_xl.merging.consolidate import is_finance
from kars_xl.reading.files import Reading
from kars_xl.reading.tables import CostTable, Document, ResourceMatrix, ResponsibilityTable, SummaryTable, TargetTable

# Of each kind its short name, and whether it has a row: a heading alone is no table.
_KINDS: dict[type, tuple[str, Callable[[Any], object]]] = {
    TargetTable: ("PHT", lambda table: table.codes),
    CostTable: ("FMT", lambda table: table.amounts or table.totals),
    SummaryTable: ("İPT", lambda table: table.rows or table.totals),
    ResourceMatrix: ("TKT", lambda table: any(table.columns.values())),
    ResponsibilityTable: ("SHB", lambda table: table.rows),
}


def official(reading: Reading) -> dict[str, int]:
    """How many of each kind were found, by short name. What forms need not have is not missing, nor is anything where
    no file could be opened."""
    found = _counted(reading.documents)
    without = (it for it in reading.findings if it.has(Effect.NO_TABLE))
    opened = reading.documents or any(not it.has(Effect.UNOPENED) for it in without)
    partial = not opened or any(map(is_form, reading.documents))
    return {name: count for name, count in found.items() if count or not partial}


def _counted(documents: Sequence[Document]) -> dict[str, int]:
    """By short name, each of the five."""
    kinds = [(*_KINDS[type(table)], table) for document in documents for table in document.tables]
    return dict.fromkeys(TABLES, 0) | Counter(name for name, filled, table in kinds if filled(table))


def found_line(found: Mapping[str, int]) -> str:
    """What an answer opens with."""
    there = ", ".join(f"{TABLES[name]} {count}" for name, count in found.items() if count) or "yok"
    missing = ", ".join(TABLES[name] for name, count in found.items() if not count)
    return f"Bulunan resmî tablolar: {there}." + (f" Bulunmayan: {missing}." if missing else "")


def is_form(document: Document) -> bool:
    """A unit's form or the finance office's, which hold some of the tables only."""
    return bool(document.unit) or is_finance(document)


def check_found(documents: Sequence[Document], severity: str = "") -> list[Finding]:
    """KX318: once where there is none at all, else for each that a whole programme lacks."""
    found = _counted(documents)
    place, related = (documents[0].place, [it.place for it in documents[1:]]) if documents else (Place(""), [])
    if not any(found.values()):
        all_of_them = "hiçbiri (" + ", ".join(TABLES.values()) + ")"
        forms = any(document.unit for document in documents)
        return [] if forms else [finding("KX318", place, remedy="none", related=related, missing=all_of_them)]
    if any(map(is_form, documents)):
        return []
    # One kind by itself is a part that somebody wants to see checked.
    severity = severity if sum(map(bool, found.values())) > 1 else WARNING
    lacking = [name for name, count in found.items() if not count]
    facts: Any = {"related": related, "severity": severity}
    return [finding("KX318", place, table=name, missing=TABLES[name], **facts) for name in lacking]
