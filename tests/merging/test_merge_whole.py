"""Many documents as one programme: of which institution and year, with whose units and policies, checked as a whole."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace

from kars_xl.base.place import Place
from kars_xl.checking.rules import run_checks
from kars_xl.findings.finding import Finding, Merged, finding
from kars_xl.merging.consolidate import institutions, years
from kars_xl.model.cost_rows import CostRow
from kars_xl.model.programme import Costs, IndicatorValue, Institution, PolicyTask, Programme, ProgrammeTable, Purpose
from kars_xl.model.units import Unit
from kars_xl.reading.tables import Document, Text
from tests.helpers.form_files import FEN
from tests.helpers.form_tables import document as recognised
from tests.helpers.form_tables import merged_forms
from tests.helpers.tables_by_hand import activity_row, at, cost_table, form, full, indicator_row, matrix, target_table

PARK, KARS = "Park ve Bahçeler Müdürlüğü", "T.C. KARS BELEDİYESİ"
FINANCE = form(matrix({"general": {n: n % 9 for n in range(1, 10)}, "transfers": {1: 5}}), file="mali.xlsx")


def unit_form(
    file: str = "fen.xlsx", unit: str = FEN, code: str = "F.1.1.1", amount: int = 100, **identity: str
) -> Document:
    """A form of one activity, in kuruş, that the target table and the cost table give alike."""
    costs = cost_table(code, **full(b3=amount), file=file)
    row = activity_row(code, total=amount, file=file)
    return form(target_table(row, file=file, target="Yollar"), costs, file=file, unit=unit, **identity)


def planned(*documents: Document) -> Programme:
    return merged_forms([*documents, FINANCE]).programme


def named(document: Document, name: str) -> Document:
    """The document, whose first table's heading calls the institution so."""
    document.tables[0].heading.texts["institution"] = Text(name, at(9, 2, document.file, "PHT"))
    return document


def dated(document: Document, year: int, *, own_place: bool = True) -> Document:
    """The document, whose cost tables are of that year."""
    for table in document.costs:
        table.year, table.year_place = year, at(5, 3, document.file) if own_place else None
    return document


def of(merged: Merged, code: str) -> list[Finding]:
    return [found for found in merged.findings if found.code == code]


def test_what_comes_out_of_two_forms_and_tablo_11() -> None:
    first = unit_form(institution=KARS, year="2024")
    first.findings.append(finding("KX102", at(3), found="1", read="1"))
    merged = merged_forms([first, unit_form("park.xlsx", PARK, amount=50), FINANCE])
    programme = merged.programme
    assert (programme.institution, programme.year) == (Institution(KARS), 2024)
    assert (merged.files, merged.findings) == (3, tuple(first.findings))
    assert [(given.sender.unit.name, given.costs.total) for given in merged.contributions] == [(FEN, 100), (PARK, 50)]
    assert [source.column for source in merged.columns] == ["general", "transfers"]
    assert programme.administration == Costs.of({CostRow(code): code for code in range(1, 9)})
    assert programme.transfers == Costs.of({CostRow(1): 5})
    assert [(item.code, item.costs.total) for item in programme.targets] == [("1.1", 150)]
    assert [goal.code for goal in programme.goals] == ["1"]
    assert [objective.code for objective in programme.objectives] == ["1.1"]
    assert programme.units == (Unit(FEN), Unit(PARK))


def test_only_the_highest_revision_counts_where_that_is_wanted() -> None:
    forms = [unit_form("eski.xlsx", amount=70, revision="1"), unit_form(revision="2"), FINANCE]
    latest = merged_forms(forms, latest=True)
    assert (latest.files, latest.programme.activity_costs.total) == (2, 100)
    assert [found.code for found in latest.findings] == ["KX209"]
    every = merged_forms(forms)
    assert (every.files, [found.code for found in every.findings]) == (3, ["KX204"])


def test_indicators_are_merged_and_each_forms_values_are_kept() -> None:
    forms = [unit_form(), unit_form("park.xlsx", PARK)]
    for document, row in zip(forms, (10, 12), strict=True):
        six = IndicatorValue(Decimal(6))
        document.targets[0].indicators = [indicator_row("PG.1.1.1", six, six, six, row=row, file=document.file)]
    merged = merged_forms([*forms, FINANCE])
    assert [item.code for item in merged.programme.targets[0].indicators] == ["PG.1.1.1"]
    assert [(given.sender.unit.name, given.places[2].row) for given in merged.indicators] == [(FEN, 10), (PARK, 12)]


def test_general_tables_are_merged_by_the_plans_names_and_said_where_two_units_sent_them() -> None:
    vehicles = "Tablo 2 Hizmet Taşıtları\nTaşıtın Cinsi\tAdet\nBinek Otomobil\t13\nKamyon\t16\n"
    forms = [
        unit_form(),
        recognised(vehicles, name="a.txt", unit=Unit(FEN)),
        recognised(vehicles, name="b.txt", unit=PARK),
        FINANCE,
    ]
    merged = merged_forms(forms)
    (table,) = merged.programme.general_tables
    assert (table.number, table.caption) == ("2", "Hizmet Taşıtları")
    assert [(row.label, *row.values) for row in table.rows] == [("Binek Otomobil", 13), ("Kamyon", 16)]
    cells = [(given.row, given.sender.unit.name, given.places[0].cell) for given in merged.general_tables]
    assert cells == [("Binek Otomobil", FEN, "B3"), ("Kamyon", FEN, "B4")]
    assert [(found.code, found.place.file) for found in merged.findings] == [("KX210", "a.txt")]
    plan = replace(planned(unit_form()), general_tables=(ProgrammeTable(table.kind, "Araçlar", "5", unit=Unit(FEN)),))
    (table,) = merged_forms(forms, plan).programme.general_tables
    assert table.title == "Tablo 5 Araçlar"


# Institution and year


def test_the_institution_is_the_one_most_forms_name() -> None:
    forms = [unit_form(institution="IĞDIR"), named(unit_form("b.xlsx"), KARS), unit_form("c.xlsx", institution=KARS)]
    merged = merged_forms([*forms, FINANCE])
    assert merged.programme.institution == Institution(KARS)
    place = Place("fen.xlsx", "Kimlik", 2, 2)
    facts = {"found": "IĞDIR", "expected": KARS}
    values = [("expected", KARS), ("found", "IĞDIR")]
    assert of(merged, "KX201") == [finding("KX201", place, key="İdare", values=values, what="İdare", **facts)]


def test_the_plans_institution_goes_before() -> None:
    plan = replace(planned(unit_form()), institution=Institution("KARS", head="Başkan"))
    merged = merged_forms([unit_form(institution="T.C. KARS"), FINANCE], plan)
    assert merged.programme.institution is plan.institution
    assert [(found.code, found.message.count("KARS")) for found in of(merged, "KX201")] == [("KX201", 2)]


def test_another_institution_is_said_once_a_file_and_name_however_it_is_spelt() -> None:
    first = named(unit_form(institution="Iğdır  Belediyesi"), "IĞDIR BELEDİYESİ")
    second = named(unit_form("b.xlsx", institution="ARDAHAN"), "IĞDIR BELEDİYESİ")
    plan = replace(planned(unit_form()), institution=Institution("Kars Belediyesi"))
    merged = merged_forms([first, second, named(unit_form("c.xlsx"), "KARS BELEDİYESİ"), FINANCE], plan)
    assert [(found.place.file, found.place.sheet) for found in of(merged, "KX201")] == [
        ("fen.xlsx", "PHT"),
        ("b.xlsx", "PHT"),
        ("b.xlsx", "Kimlik"),
    ]


def test_without_any_name_or_year_there_is_none() -> None:
    bare = named(unit_form(year="?"), "")
    bare.targets[0].years = ()
    merged = merged_forms([bare, FINANCE])
    assert (merged.programme.institution, merged.programme.year, merged.findings) == (Institution(""), 0, ())


def test_where_a_document_names_institution_and_year() -> None:
    document = dated(named(unit_form(institution="A", year="2023"), "B"), 2024)
    assert [text.value for text in institutions(document)] == ["B", "A"]
    (target,) = document.targets
    target.years = (2022, 2023, 2025)
    kimlik = Place("fen.xlsx", "Kimlik", 3, 2)
    assert years(document) == [(2023, kimlik), (2024, at(5)), (2025, at(1, 1, sheet="PHT"))]
    target.year_place = at(4, 5, sheet="PHT")
    assert years(document)[2] == (2025, at(4, 5, sheet="PHT"))
    assert years(dated(document, 2024, own_place=False))[1] == (2024, at(1, 1))


@pytest.mark.parametrize("unread", [(2022, 2023), (2022, 2023, None), (2022, 2023, 2024, 2025), ()])
def test_a_heading_of_other_than_three_years_tells_no_year(unread: tuple[int | None, ...]) -> None:
    document = unit_form(year="2024 yılı")
    document.targets[0].years = unread
    assert years(document) == []


def test_the_year_is_the_one_most_tables_name_and_others_are_said_once_a_file() -> None:
    def undated(document: Document) -> Document:
        document.targets[0].years = ()
        return document

    two = form(cost_table("F.1.1.1"), cost_table("F.1.1.1"), file="b.xlsx", unit=PARK)
    forms = [dated(undated(unit_form()), 2024), dated(two, 2023), undated(unit_form("c.xlsx", year="2024"))]
    forms.append(undated(unit_form("d.xlsx", year="2024")))
    merged = merged_forms([*forms, FINANCE])
    assert merged.programme.year == 2024
    other = finding(
        "KX201",
        at(5, 3, "b.xlsx"),
        key="Program yılı",
        values=[("expected", "2024"), ("found", "2023")],
        related=[at(5, 3, "b.xlsx")],
        what="Program yılı",
        found="2023",
        expected="2024",
    )
    assert of(merged, "KX201") == [other]
    plan = replace(planned(unit_form()), year=2023)
    found = of(merged_forms([*forms, FINANCE], plan), "KX201")
    assert [(item.place.file, item.message.count("2023")) for item in found] == [
        ("fen.xlsx", 1),
        ("c.xlsx", 1),
        ("d.xlsx", 1),
    ]


# Units and policies


def test_units_are_those_of_the_activities_with_the_plans_addresses() -> None:
    plan = replace(
        planned(unit_form()), units=(Unit("FEN İŞLERİ MÜDÜRLÜĞÜ", "fen@kars.bel.tr"), Unit("Zabıta", "z@kars.bel.tr"))
    )
    forms = [unit_form("a.xlsx", "Çevre Birimi"), unit_form(), unit_form("d.xlsx", "Dış İlişkiler Birimi"), FINANCE]
    assert [(unit.name, unit.email) for unit in merged_forms(forms, plan).programme.units] == [
        ("Çevre Birimi", ""),
        ("Dış İlişkiler Birimi", ""),
        ("FEN İŞLERİ MÜDÜRLÜĞÜ", "fen@kars.bel.tr"),  # as the plan spells it
    ]


def test_purpose_and_policies_are_the_plans_or_the_first_documents_that_has_them() -> None:
    first, second, third = Purpose(mission="Birinci"), Purpose(mission="İkinci"), Purpose(mission="Plandaki")
    tasks = [(PolicyTask("Plan", "", name, "Görev"),) for name in ("bir", "iki", "üç")]
    one, two = unit_form(), unit_form("b.xlsx", PARK)
    one.purpose, two.purpose, two.policies = first, second, tasks[1]
    forms = [FINANCE, one, two]
    programme = merged_forms(forms).programme
    assert (programme.purpose, programme.policies) == (first, tasks[1])
    plan = replace(planned(unit_form()), purpose=third, policies=tasks[2])
    programme = merged_forms(forms, plan).programme
    assert (programme.purpose, programme.policies) == (third, tasks[2])
    programme = merged_forms(forms, planned(unit_form())).programme
    assert (programme.purpose, programme.policies) == (first, tasks[1])
    programme = planned(unit_form())
    assert (programme.purpose, programme.policies) == (Purpose(), ())


# The checks that follow


def checked(*documents: Document, plan: Programme | None = None, latest: bool = False) -> list[Finding]:
    merged = merged_forms(documents, plan, latest=latest)
    return run_checks(documents, merged, plan, "plan.xlsx") if plan else run_checks(documents, merged)


def odd_form() -> Document:
    """Three indicators, of which the first is a thousandth of itself and the last has the code of another target."""
    document = unit_form()
    thousand, one, share = (IndicatorValue(Decimal(n)) for n in (1250, 1, 70))
    document.targets[0].indicators = [
        indicator_row("PG.1.1.1", one, thousand, thousand, name="Dikilen ağaç (adet)"),
        indicator_row("PG.1.1.2", share, share, share, name="Memnuniyet (%)"),
        indicator_row("PG.9.1.1", thousand, thousand, one, name="Kurulan bank (adet)"),
    ]
    return document


def test_all_checks_are_made_one_after_the_other() -> None:
    table = ProgrammeTable("araclar", "Hizmet Taşıtları", "2", unit=Unit(FEN))
    lamps = unit_form("park.xlsx", PARK, "F.1.1.2")
    plan = replace(planned(odd_form(), lamps), general_tables=(table,))
    found = checked(odd_form(), FINANCE, plan=plan)
    assert [(item.code, item.key, item.place.file) for item in found] == [
        ("KX203", PARK, "plan.xlsx"),
        ("KX203", "Tablo 2 Hizmet Taşıtları", "plan.xlsx"),
        ("KX111", "PG.1.1.1", "fen.xlsx"),
        ("KX111", "PG.9.1.1", "fen.xlsx"),
        ("KX208", "PG.9.1.1", "fen.xlsx"),
        ("KX404", "PG.1.1.2", "fen.xlsx"),
    ]
    without = checked(odd_form(), FINANCE)
    assert [item.code for item in without] == ["KX111", "KX111", "KX208", "KX404"]
    assert [item.key for item in checked(odd_form(), FINANCE, plan=planned(lamps)) if item.code == "KX202"] == [
        "PG.1.1.1", "PG.1.1.2", "PG.9.1.1", "F.1.1.1",
    ]  # fmt: skip


def test_the_plan_is_asked_which_codes_there_are() -> None:
    third = unit_form(code="F.1.1.3")
    found = checked(third, FINANCE, plan=planned(unit_form(code="F.1.1.1")))
    assert [item.key for item in found if item.code == "KX208"] == ["F.1.1.3"]
    assert checked(third, FINANCE) == []


def test_advice_on_the_whole_waits_until_nothing_is_wrong() -> None:
    """Reserve 900 of 1.000: over a tenth; but not while a unit's form is outstanding, or an amount unreadable."""
    reserve = form(matrix({"general": {9: 900}, "transfers": {1: 0}}), file="mali.xlsx")
    assert [item.code for item in checked(unit_form(), reserve)] == ["KX408"]
    plan = planned(unit_form(), unit_form("park.xlsx", PARK, "F.1.1.2"))
    assert [item.code for item in checked(unit_form(), reserve, plan=plan)] == ["KX203"]
    unread = unit_form()
    unread.findings.append(finding("KX103", at(3), found="?", why="rakam yok"))
    assert checked(unread, reserve) == []


def test_a_form_that_a_newer_one_replaced_is_not_checked() -> None:
    old, new = odd_form(), unit_form("yeni.xlsx", revision="2")
    assert checked(old, new, FINANCE, latest=True) == []
    old.file = "eski.xlsx"
    assert [item.code for item in checked(old, FINANCE, latest=True)] == ["KX111", "KX111", "KX208", "KX404"]


def test_without_a_plans_file_the_finding_stands_nowhere() -> None:
    plan = planned(unit_form(), unit_form("park.xlsx", PARK, "F.1.1.2"))
    (missing,) = run_checks([unit_form(), FINANCE], merged_forms([unit_form(), FINANCE], plan), plan)
    assert missing.place == Place("")
