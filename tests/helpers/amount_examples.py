"""Examples of findings about amounts that are odd by what is known of them, and about indicators without an owner."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from msgspec.structs import replace

from kars_xl.findings.finding import Finding
from kars_xl.merging.consolidate import consolidate
from kars_xl.model.cost_rows import CostRow
from kars_xl.model.programme import Costs, PastCosts
from kars_xl.pipeline import make_forms
from tests.helpers.form_files import FEN_FILE, ROAD, checked, finance, form, plan_of_two_units, read
from tests.helpers.form_tables import cost_table, target_table


def against_last_year(folder: Path, lira: int, *tables: str) -> Iterable[Finding]:
    """The findings of a form with road works for 60.000 TL, for which there were so many last year."""
    (folder / "plan").mkdir()
    plan = consolidate(read(form(folder / "plan"), finance(folder / "plan")))
    (given,) = plan.contributions
    had = Costs.of({CostRow.GOODS_AND_SERVICES: lira * 100})
    past = (PastCosts(given.activity, 2023, given.sender.unit, had),)
    plan = replace(plan, programme=replace(plan.programme, past=past))
    return checked(form(folder, *tables), finance(folder), plan=plan)


def one_large_activity(folder: Path) -> Iterable[Finding]:
    """Eight activities, one of them with the amount of all others together nine times."""
    names = {f"F.1.1.{number}": f"{number}. cadde" for number in range(1, 9)}
    amounts = {code: "3.200.000.500,00" if code == "F.1.1.8" else "500.000,00" for code in names}
    rows = [f"{code}\t{name} yapımı\t{amounts[code]}" for code, name in names.items()]
    costs = [cost_table(f"{name} yapımı", amounts[code]) for code, name in names.items()]
    return checked(form(folder, target_table(*rows), *costs, name=FEN_FILE), finance(folder))


def no_longer_asked_for(folder: Path) -> Iterable[Finding]:
    none = ROAD.replace("60.000,00", "0,00")
    return against_last_year(folder, 60_000, target_table(none), cost_table("Yol yapımı", "0,00"))


def without_an_owner(folder: Path) -> Iterable[Finding]:
    plan = plan_of_two_units(folder / "plan")
    return make_forms(str(plan), str(folder / "formlar"), filled=False).findings


AMOUNT_EXAMPLES: dict[str, Callable[[Path], Iterable[Finding]]] = {
    "KX216": without_an_owner,
    "KX220": lambda folder: against_last_year(folder, 60_000_000),
    "KX221": lambda folder: against_last_year(folder, 5_000),
    "KX222": one_large_activity,
    "KX223": no_longer_asked_for,
}
