"""What somebody gave in place of the forms of a round: told before the hundred findings that would follow from it."""

from collections.abc import Sequence
from pathlib import Path

from kars_xl.base.place import Place
from kars_xl.base.text import command_line
from kars_xl.findings.finding import Finding, finding
from kars_xl.merging.consolidate import years
from kars_xl.reading.files import Reading
from kars_xl.reading.tables import Document


def mistaken(reading: Reading, paths: Sequence[str], *, merging: bool = False) -> list[Finding]:
    """KX020 where what was read can't be the forms meant: all blank, all of another year than the plan, a workbook that
    was merged before; and, for `merging`, a single form or the plan."""
    if merging and (alone := single_form(reading, paths)):
        return alone
    documents, one = reading.documents, len(paths) == 1 and Path(paths[0]).is_file()
    step = "merge" if merging else "check"
    folder = command_line((step, str(Path(paths[0]).parent if one else _round_of(Path(paths[0])))))
    forms = [document for document in documents if document.unit]
    found = {year for document in forms for year, _ in years(document)}
    plan = reading.plan.programme.year if reading.plan else 0
    reason = remedy = ""
    if merging and one and Path(paths[0]).name == Path(reading.plan_file or ".").name and not documents:
        reason, remedy = "bu dosya plan", f"Birimlerden gelen formların klasörünü verin: {folder}"
    elif len(documents) == 1 and documents[0].file in reading.outputs:
        reason = "bu, formlardan birleştirilmiş kitabın kendisi"
        remedy = f"Kitap {command_line(('audit', *paths))} ile denetlenir; yenisi için formların klasörünü verin."
    elif (merging or len(forms) > 1) and forms and not any(map(is_filled, documents)):
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


def _round_of(folder: Path) -> Path:
    """The working folder whose part `folder` is."""
    return folder.parent if (folder.parent / "inputs").is_dir() else folder


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
