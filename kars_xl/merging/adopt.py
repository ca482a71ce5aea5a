"""Takes over a published programme, or last year's workbook, as it is: mends what it lacks, says what was mended. A
published programme can't be sent back to be corrected. So what would be an error in a form is a warning here, and the
plan that comes of it is for the finance office to look through."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any, NamedTuple

from msgspec.structs import replace

from kars_xl.base.text import clean_spelling, mend_letters, squeeze
from kars_xl.findings.finding import CATALOGUE, WARNING, Effect, Finding, Merged, finding
from kars_xl.merging.consolidate import consolidate
from kars_xl.merging.notes import Known, Wanted, match_names
from kars_xl.merging.tables import cost_codes, known_activities
from kars_xl.model.cost_rows import CostRow
from kars_xl.model.programme import Activity, Costs, Goal, Indicator, Objective, Programme, Target
from kars_xl.model.units import Unit
from kars_xl.reading.general.kinds import keeper
from kars_xl.reading.tables import ActivityRow, Amount, CostTable, Document, Heading, TargetTable, Text

# The economic code that takes an amount for which the source has no cost table: Mal ve Hizmet Alım Giderleri.
DEFAULT_ROW = CostRow.GOODS_AND_SERVICES


class Adopted(NamedTuple):
    """A published source taken over: `document` is a mended copy of it, `merged` its programme with warnings only.
    `strict` are the findings of merging it, each as grave as it is in a form. `assumed` are the activities without a
    cost table, whose amount was put under `DEFAULT_ROW`."""

    document: Document
    merged: Merged
    strict: tuple[Finding, ...]
    assumed: frozenset[str]


def adopt(source: Document) -> Adopted:
    """The programme of one published source, with a warning for all that was not plain in it."""
    # The cost tables are mended; the source stays as it is.
    document = replace(source, tables=[deepcopy(it) if isinstance(it, CostTable) else it for it in source.tables])
    known = known_activities(document.targets)
    responsible = _responsible(document, known)
    findings = [*_fill_units(document, known, responsible)]
    have = {table.heading.codes.get("activity_name") for table in document.costs}
    without = [(table, row) for table in document.targets for row in table.activities if row.code not in have]
    document.tables += [_cost_table(table, row, responsible.get(row.code)) for table, row in without]
    findings += [_missing_table(row) for _, row in without]
    merged = consolidate([document])
    told = (*findings, *(lowered(found) for found in merged.findings))
    contact = replace(merged.programme.institution, **document.contact)
    programme: Programme = _mended(replace(merged.programme, institution=contact), _speller(document))
    # A published source does not say which unit keeps a general table; its name does.
    kept = tuple(replace(table, unit=keeper(table.kind, programme.units)) for table in programme.general_tables)
    assumed = frozenset(row.code for _, row in without)
    given = tuple(replace(part, sender=_mended(part.sender)) for part in merged.contributions)
    programme = replace(programme, general_tables=kept)
    taken = replace(merged, programme=programme, contributions=given, findings=told)
    return Adopted(document, taken, merged.findings, assumed)


def lowered(found: Finding) -> Finding:
    """As it is said of a published source: no error but where its amounts are no lira, and nothing for a unit to do."""
    error = found.is_error and not found.has(Effect.OTHER_MONEY)
    fix = CATALOGUE[found.code].others.get("published", found.fix)
    return replace(found, severity=WARNING if error else found.severity, fix=fix, clerk="")


def _responsible(document: Document, known: list[Known]) -> dict[str, Text]:
    """Units by activity from the responsibility table, rows without a code told by their wording."""
    rows = [row for table in document.responsibilities for row in table.rows]
    coded = {row.code: row.unit for row in rows if row.code}
    others = [row for row in rows if not row.code]
    # The target's name stands in its first row only, and often a row too high or too low: no help in matching.
    codes = match_names([Wanted(row.activity.value) for row in others], [it for it in known if it.code not in coded])
    return coded | {code: row.unit for code, row in zip(codes, others, strict=True) if code}


def _fill_units(document: Document, known: list[Known], responsible: dict[str, Text]) -> Iterator[Finding]:
    """Gives each cost table the code it means, and where its unit is blank that of the responsibility table."""
    for table, code in zip(document.costs, cost_codes(document, known), strict=True):
        if code is None:
            continue
        table.heading.codes["activity_name"] = code
        unit, own = responsible.get(code), table.text("responsible")
        if unit and not own.value:
            facts: Any = {"read": f"Sorumlu birimler tablosundaki “{unit.value}” alındı.", "related": [unit.place]}
            yield finding("KX310", own.place, table="FMT", key=code, what=f"{code} sorumlu birimi", **facts)
            table.heading.texts["responsible"] = Text(unit.value, own.place)
        elif unit and unit.value and Unit(unit.value) != Unit(own.value):
            # The cost table's unit is taken: a row too many or too few shifts the responsibility table's.
            facts = {"related": [own.place], "found": unit.value, "expected": own.value}
            said = finding("KX304", unit.place, table="SHB", key=code, severity=WARNING, **facts)
            yield replace(said, message=said.message + " Maliyet tablosundaki alındı.")


def _cost_table(table: TargetTable, row: ActivityRow, unit: Text | None) -> CostTable:
    own = {"activity_name": row.name, "responsible": unit or Text("", row.name.place)}
    heading = Heading(table.heading.texts | own, {"activity_name": row.code}, row.name.place)
    given = [amount for amount in (row.amounts.budget, row.amounts.total) if amount and amount.given]
    place = given[0].place if given else row.name.place
    amounts = {DEFAULT_ROW: Amount(given[0].kurus if given else 0, place)}
    if row.amounts.extra and row.amounts.extra.kurus:
        amounts[CostRow.REVOLVING_FUND] = row.amounts.extra
    return CostTable(heading, place, amounts=amounts)


def _missing_table(row: ActivityRow) -> Finding:
    amount = row.amounts.budget or row.amounts.total
    base = finding("KX302", amount.place if amount else row.name.place, table="PHT", key=row.code, severity=WARNING)
    sentence = f" Tutarı hedef tablosundan {DEFAULT_ROW.code} koduna alındı." if amount and amount.kurus else ""
    return replace(base, message=base.message + sentence)


def _mended(value: Any, spell: Callable[[str], str] = str) -> Any:
    """A value of the model, however deep, with sound letters in all its texts; `spell` says how a name is written."""
    if isinstance(value, str):
        return mend_letters(value)
    names = getattr(value, "_fields", None) or getattr(value, "__struct_fields__", ())
    if isinstance(value, tuple) and not names:
        return tuple(_mended(item, spell) for item in value)
    if isinstance(value, Costs) or not names:
        return value
    parts = {name: getattr(value, name) for name in names}
    if isinstance(value, Goal | Objective | Target | Indicator | Activity):
        parts |= {name: spell(parts[name]) for name in ("name", "note") if name in parts}
    return type(value)(**{name: _mended(part, spell) for name, part in parts.items()})


def _speller(document: Document) -> Callable[[str], str]:
    """A wording as most of the source's tables spell it."""
    variants: dict[str, list[str]] = defaultdict(list)
    for text in (*(line.text for line in document.goals), *(text for it in document.tables for text in it.texts)):
        variants[squeeze(text.value)].append(text.value)
    return lambda text: clean_spelling(variants.get(squeeze(text), [text])).lstrip(" .:") if text else text
