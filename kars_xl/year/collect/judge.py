"""An attachment in; out comes a form with its unit and revision, as its cells tell them, or why it is none."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kars_xl.base.place import Place
from kars_xl.findings.catalogue import finding
from kars_xl.findings.finding import Finding
from kars_xl.merging.consolidate import years
from kars_xl.model.programme import Programme
from kars_xl.model.units import NO_UNIT, Unit
from kars_xl.reading.grid import UnreadableFile, read_grid
from kars_xl.reading.kaynak_sheet import read_source_rows
from kars_xl.reading.plan import is_plan
from kars_xl.reading.recognise import recognise
from kars_xl.reading.tables import Document
from kars_xl.year.collect import sniff
from kars_xl.year.collect.eml import Part
from kars_xl.year.collect.unpack import Envelope

_SEPARATORS = re.compile(r"[;,\s]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form to be stored. No `unit` where nothing tells it; `by_address` where only the sender's address does."""

    data: bytes
    suffix: str
    unit: Unit
    revision: int
    digest: str
    is_blank: bool
    by_address: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """What is no form, and the findings where somebody has to do something about it."""

    reason: str
    findings: tuple[Finding, ...] = ()


def judge(envelope: Envelope, item: Part, plan: Programme | None) -> Form | Refused:
    """`item` as a form to be stored, of a unit as the `plan` spells it; else why not. Reads bytes, touches no file."""
    place = envelope.place_of(item)
    if item.refused:
        about = (finding(item.code, place, reason=item.refused),) if item.code else ()
        return Refused(item.refused, about)
    try:
        grid = read_grid(place.file, item.data)
    except UnreadableFile as error:
        found = finding(error.code, place, reason=error.reason)
        return Refused(found.message, (found,))
    if is_plan(grid):
        return Refused("plan çalışma kitabı, birim formu değil")
    document = recognise(grid)
    unit = plan.known.of(document.unit) if plan else document.unit
    if not document.tables and not document.general_tables:
        if not unit:
            return Refused("resmî tablo yok")
        return Refused("birim adı var ama resmî tablo yok", (finding("KX004", place, severity="error", key=unit.name),))
    if not unit and (document.summaries or document.responsibilities or read_source_rows(grid.sheets) is not None):
        return Refused("bütün bir program, birim formu değil")
    if plan is not None and (other := _other_year(document, plan)):
        year, where = other
        found = finding("KX201", where, key=unit.name, what="Program yılı", found=str(year), expected=str(plan.year))
        return Refused(f"{year} yılının formu, plan {plan.year} yılının", (found,))
    address = envelope.letter.address if envelope.letter else ""
    by_address = NO_UNIT if unit else unit_at(address, plan)
    return Form(
        data=item.data,
        suffix=sniff.suffix_of(item.name, item.data),
        unit=unit or by_address,
        revision=document.revision,
        digest=grid.digest,
        is_blank=_is_blank(document),
        by_address=bool(by_address),
    )


def _other_year(document: Document, plan: Programme) -> tuple[int, Place] | None:
    """The year of a form that is another year's altogether, and where it says so; a slip in one table is for check."""
    given = years(document)
    if not plan.year or plan.year in [year for year, _ in given]:
        return None
    return given[0] if given else None


def unit_at(address: str, plan: Programme | None) -> Unit:
    """The one unit of the plan with this e-mail address; none where it is several units', or none's."""
    named = plan.known if plan and address else ()
    found = [unit for unit in named if address in _SEPARATORS.split(unit.email.lower())]
    return found[0] if len(found) == 1 else NO_UNIT


def _is_blank(document: Document) -> bool:
    """Whether nobody has put an amount into it yet."""
    amounts = [amount for table in document.costs for amount in table.amounts.values()]
    for table in document.matrices:
        amounts += [amount for column in table.columns.values() for amount in column.values()]
    return not any(amount.given and not amount.formula for amount in amounts)
