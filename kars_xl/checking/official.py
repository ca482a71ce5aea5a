"""What was given: which of the five official tables documents hold, and which are missing (KX318); and what somebody
gave in place of the forms of a round, told before the hundred findings that would follow from it (KX020)."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from kars_xl.base.place import Place
from kars_xl.base.text import command_line
from kars_xl.findings.as_text import TABLES
from kars_xl.findings.finding import WARNING, Effect, Finding, finding
from kars_xl.merging.consolidate import is_finance, years
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


def mistaken(reading: Reading, paths: Sequence[str], *, merging: bool = False) -> list[Finding]:
    """KX020 where what was read can't be the forms meant: all blank, all of another year than the plan, a workbook that
    was merged before; and, for `merging`, a single form or the plan."""
    if merging and (alone := single_form(reading, paths)):
        return alone
    documents, one = reading.documents, len(paths) == 1 and Path(paths[0]).is_file()
    above = Path(paths[0]).parent
    # Of a part of a working folder that folder is meant.
    meant = above if one or (above / "inputs").is_dir() else Path(paths[0])
    folder = command_line(("merge" if merging else "check", str(meant)))
    forms = [document for document in documents if document.unit]
    found = {year for document in forms for year, _ in years(document)}
    plan = reading.plan.programme.year if reading.plan else 0
    reason = remedy = ""
    if merging and one and Path(paths[0]).name == Path(reading.plan_file or ".").name and not documents:
        reason, remedy = "bu dosya plan", f"Birimlerden gelen formların klasörünü verin: {folder}"
    elif len(documents) == 1 and documents[0].file in reading.outputs:
        reason = "bu, formlardan birleştirilmiş kitabın kendisi"
        remedy = f"Kitap {command_line(('audit', *paths))} ile denetlenir; yenisi için formların klasörünü verin."
    elif forms and (merging or len(forms) > len(paths)) and not any(map(is_filled, documents)):
        reason = "hiçbiri doldurulmamış, bunlar birimlere gönderilen boş formlar"
        remedy = f"Birimlerden gelen formların klasörünü verin: {folder}"
    elif len(forms) > 1 and plan and found and plan not in found:
        said = ", ".join(map(str, sorted(found)))
        reason = f"formlar {said} yılının, plan ({Path(reading.plan_file).name}) {plan} yılının"
        remedy = f"{plan} formlarının klasörünü verin ya da {said} planını --plan ile gösterin."
    return [finding("KX020", Place(", ".join(paths)), reason=reason, statement=remedy)] if reason else []


def single_form(reading: Reading, paths: Sequence[str]) -> list[Finding]:
    """KX020 where all that was given is one unit's form."""
    forms = [document for document in reading.documents if document.unit]
    if len(paths) > 1 or len(reading.documents) != 1 or not forms or forms[0].file != str(Path(paths[0])):
        return []
    remedy = f"Onu denetlemek için {command_line(('check', *paths))}; hepsini birleştirmek için "
    remedy += command_line(("merge", str(Path(paths[0]).parent)))
    reason = f"tek bir form verildi ({forms[0].unit})"
    return [finding("KX020", Place(paths[0]), reason=reason, statement=remedy)]


def is_filled(document: Document) -> bool:
    """Whether somebody has given an amount or a value of this year."""
    amounts = [amount for table in document.costs for amount in table.amounts.values()]
    columns = [table.columns.get(it, {}) for table in document.matrices for it in ("general", "transfers")]
    amounts += [amount for column in columns for amount in column.values()]
    values = [row.values[2] for table in document.targets for row in table.indicators]
    # A blank form's own totals are formulas.
    given = any(amount.given and not amount.formula for amount in amounts)
    return given or any(value is not None and value.amount is not None for value in values)


def plan_above(form: str) -> str | None:
    """The plan of the folder in which a form lies, or of the working folder around it."""
    here = Path(form).resolve().parent
    near = (here / "plan.xlsx", here.parent / "plan.xlsx", here / "inputs" / "plan.xlsx")
    found = [plan for plan in (*near, here.parent / "inputs" / "plan.xlsx") if plan.is_file()]
    return str(found[0]) if found and found[0] != Path(form).resolve() else None
