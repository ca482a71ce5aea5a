"""Each amount that is told to be odd, from how much on and in which words; contributions written by hand in lira."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from kars_xl.base.place import Place
from kars_xl.checking.known_amounts import check_known_amounts, check_last_year
from kars_xl.findings.finding import Finding, Merged, finding
from kars_xl.model.cost_rows import CostRow
from kars_xl.model.programme import Activity, Costs, Institution, Limits, PastCosts, Programme, Target
from kars_xl.model.sources import Contribution, Sender
from kars_xl.model.units import NO_UNIT, Unit
from kars_xl.reading.tables import Amount, Document
from tests.helpers.tables_by_hand import at, cost_table, form

KARS = Institution("Kars Belediyesi")
NAMES = ("Fen", "Zabıta", "Park", "Hukuk", "Yazı", "Etüt", "Basın", "Su")
Found = list[tuple[str, str]]


def place(number: int) -> Place:
    return Place(f"{number}.xlsx", "FMT", number, 3)


def costs(*lira: int) -> Costs:
    """The rows of a cost table from the first economic code on."""
    return Costs.of({row: amount * 100 for row, amount in zip(CostRow, lira, strict=False)})


def asked(*given: tuple[str, str, Sequence[int]], findings: Sequence[Finding] = ()) -> Merged:
    """(activity, unit, amounts of its rows) of each cost table; the first stands in 1.xlsx."""
    contributions = tuple(
        Contribution(activity=activity, costs=costs(*lira), place=place(number), sender=Sender(unit=Unit(unit)))
        for number, (activity, unit, lira) in enumerate(given, start=1)
    )
    return Merged(Programme(KARS, 2025), contributions, tuple(findings))


def plan(*had: tuple[str, str, int], codes: Sequence[str] | None = None, limits: Limits = Limits()) -> Programme:  # noqa: B008
    """(activity, unit, lira) of last year; `codes` are those of the plan, all that had money where none is given."""
    past = tuple(PastCosts(code, 2024, Unit(unit), costs(lira)) for code, unit, lira in had)
    known = dict.fromkeys([code for code, _, _ in had] if codes is None else codes)
    activities = tuple(Activity(code, code) for code in known)
    return Programme(
        KARS, 2025, targets=(Target("1.1", "1", "1.1", "Yollar", activities=activities),), past=past, limits=limits
    )


def told(merged: Merged, known: Programme | None = None) -> Found:
    return [(str(item.code), item.key) for item in check_known_amounts(merged, known, "plan.xlsx")]


# Units


@pytest.mark.parametrize(
    ("now", "before", "is_odd"),
    [(10_000, 100, True), (9_999, 100, False), (100, 10_000, True), (101, 10_000, False), (0, 10_000, False)],
)
def test_a_unit_against_its_last_year(now: int, before: int, is_odd: bool) -> None:
    known = plan(("F.1", "Fen", before // 2), ("F.2", "Fen", before - before // 2), codes=("F.1", "F.2", "F.3", "F.4"))
    merged = asked(("F.3", "Fen", [now // 2]), ("F.4", "Fen", [now - now // 2]), ("F.5", "Park", [5]))
    assert told(merged, known) == ([("KX220", "Fen")] if is_odd else [])


def test_what_is_said_of_a_unit() -> None:
    merged = asked(("F.1", "Fen", [40]), ("F.2", "Fen", [60]), ("F.3", "Park", [7]))
    (found,) = check_known_amounts(merged, plan(("F.1", "Fen", 25_050), codes=["F.1"]))
    assert (found.place, found.related, found.table, found.key) == (place(1), (place(2),), "FMT", "Fen")
    assert found.message == (
        "Fen tutarları 2024 yılına göre 250 kat küçük: 100,00 TL; geçen yılki toplam 25.050,00 TL."
    )  # 25.050 / 100 = 250,5, to the even neighbour
    (found,) = check_known_amounts(asked(("F.1", "Fen", [30_000])), plan(("F.1", "Fen", 100)))
    assert found.message == "Fen tutarları 2024 yılına göre 300 kat büyük: 30.000,00 TL; geçen yılki toplam 100,00 TL."


def peers(amount: int, *others: int) -> Merged:
    """The first unit has three rows of one amount, the others one of theirs."""
    given = [(f"F.{number}", name, [lira]) for number, (name, lira) in enumerate(zip(NAMES[1:], others, strict=False))]
    return asked(("F.9", NAMES[0], [amount, 0, amount, amount]), *given)


@pytest.mark.parametrize(
    ("merged", "said"),
    [
        # A third of a hundred times its peers' is enough where nothing is known of last year.
        (peers(3400, 100, 100, 100, 100, 100), [("KX220", "Fen")]),
        (peers(3300, 100, 100, 100, 100, 100), []),
        (peers(100, 3400, 3400, 3400, 3400, 3400), [("KX220", "Fen")]),
        # Five of them are needed, and of two in the midst the larger counts.
        (peers(9999, 100, 100, 100, 100), []),
        (peers(3400, 100, 100, 100, 150, 160, 170), []),
        (peers(5000, 100, 100, 100, 150, 160, 170), [("KX220", "Fen")]),
        (peers(4999, 100, 100, 100, 150, 160, 170), []),
        # Who asks for nothing is no peer.
        (peers(9999, 100, 100, 100, 100, 0), []),
        (peers(0, 100, 100, 100, 100, 100), []),
    ],
)
def test_a_unit_against_its_peers(merged: Merged, said: Found) -> None:
    assert told(merged) == said
    assert told(merged, plan(("F.77", "Başka", 1), codes=("F.77",), limits=Limits(scale=Decimal(100)))) == said


def test_what_is_said_of_a_unit_and_its_peers() -> None:
    merged = asked(
        ("F.9", "Fen", [9000, 5000]), ("F.8", "Fen", [4000]), *((f"F.{at}", NAMES[at], [100]) for at in range(1, 6))
    )
    (found,) = check_known_amounts(merged, None)
    assert (found.place, found.related) == (place(1), (place(2),))
    # In the midst of 4.000, 5.000 and 9.000.
    assert found.message == (
        "Fen tutarları diğer birimlere göre 50 kat büyük: 5.000,00 TL; ortanca tutar, diğer birimlerde 100,00 TL."
    )
    strict = plan(("F.77", "Başka", 1), codes=("F.77",), limits=Limits(scale=Decimal(151)))
    assert told(merged, strict) == []


def test_a_table_of_several_units_is_none_of_theirs() -> None:
    both = "Fen Müdürlüğü; Park Müdürlüğü"
    known = plan(("F.1", both, 1), ("F.1", "Fen Müdürlüğü", 100))
    assert told(asked(("F.1", both, [900])), known) == []
    assert told(asked(("F.1", "", [900])), plan(("F.1", "", 1), limits=Limits(growth=Decimal(9999)))) == []


def test_of_a_unit_out_of_scale_nothing_more_is_said() -> None:
    limits = Limits(growth=Decimal(10))
    known = plan(("F.1", "Fen", 10), ("F.2", "Park", 10), ("F.3", "Park", 500), limits=limits)
    merged = asked(("F.1", "Fen", [5000]), ("F.2", "Park", [200]), ("F.3", "Park", [500]))
    assert told(merged, known) == [("KX220", "Fen"), ("KX221", "F.2")]
    # Not of an activity either that it shares.
    shared = asked(("F.1", "Fen", [5000]), ("F.2", "Park", [200]), ("F.2", "Fen", [1]), ("F.3", "Park", [500]))
    assert told(shared, known) == [("KX220", "Fen")]


# Activities


@pytest.mark.parametrize(
    ("now", "before", "is_odd"),
    [
        *((1000, 100, True), (999, 100, False), (100, 10_000, True), (101, 10_000, False), (100, 100, False)),
        (5000, 0, False),
    ],
)
def test_an_activity_against_its_last_year(now: int, before: int, is_odd: bool) -> None:
    """Ten times as much is odd, and a hundredth."""
    others = (("F.2", "Fen", 50_000), ("F.3", "Park", 50_000))
    known = plan(("F.1", "Fen", before - before // 2), ("F.1", "Park", before // 2), *others)
    rest = (("F.2", "Fen", [50_000]), ("F.3", "Park", [50_000]))
    merged = asked(("F.1", "Fen", [now // 4]), ("F.1", "Park", [now - now // 4]), *rest)
    assert told(merged, known) == ([("KX221", "F.1")] if is_odd else [])


def test_what_is_said_of_an_activity() -> None:
    rest = (("F.2", "Fen", 50_000), ("F.3", "Park", 50_000))
    merged = asked(
        *(("F.1", "Fen", [100, 300]), ("F.1", "Park", [800, 800]), ("F.1", "Fen", [400])),
        *((code, unit, [lira]) for code, unit, lira in rest),
    )
    (found,) = check_known_amounts(merged, plan(("F.1", "Fen", 100), *rest))
    assert (found.place, found.table, found.key) == (place(2), "FMT", "F.1")
    assert found.message == "F.1 tutarı 2.400,00 TL; 2024 ödeneği 100,00 TL idi (24 kat büyük)."


def eight(large: int, *others: int) -> Merged:
    """The first activity, and seven more of one unit."""
    return asked(*((f"F.{at}", "Fen", [lira]) for at, lira in enumerate((large, *others), start=1)))


@pytest.mark.parametrize(
    ("merged", "had", "said"),
    [
        # A quarter of the whole.
        (eight(7, *[3] * 7), {}, [("KX222", "F.1")]),
        (eight(699, *[300] * 7), {}, []),
        # Of fewer than eight nothing is said; nor of those without money.
        (eight(9, *[3] * 6), {}, []),
        (eight(9, *[3] * 6, 0), {}, []),
        (eight(9, *[3] * 6, 3), {}, [("KX222", "F.1")]),
        # Not where it had as much last year; less than that is no excuse, nor are others' amounts.
        (eight(7, *[3] * 7), {"F.1": 25, "F.2": 75}, []),
        (eight(7, *[3] * 7), {"F.1": 24, "F.2": 76}, [("KX222", "F.1")]),
        (eight(7, *[3] * 7), {"F.2": 28}, [("KX222", "F.1")]),
    ],
)
def test_an_activity_with_a_large_share(merged: Merged, had: dict[str, int], said: Found) -> None:
    wide = Limits(growth=Decimal(9999), scale=Decimal(9999))
    known = plan(*((code, "Fen", lira) for code, lira in had.items()), limits=wide) if had else None
    assert told(merged, known) == said


def test_what_is_said_of_a_large_share() -> None:
    merged = asked(("F.1", "Fen", [2]), ("F.1", "Park", [5]), *((f"F.{at}", "Fen", [3]) for at in range(2, 9)))
    (found,) = check_known_amounts(merged, plan(codes=(), limits=Limits(share=Decimal(25))))
    assert (found.place, found.table, found.key) == (place(2), "FMT", "F.1")
    assert found.message == "F.1 tutarı 7,00 TL, bütün faaliyetlerin toplamının %25 kadarı (28,00 TL)."
    third = asked(("F.1", "Fen", [10]), *((f"F.{at}", "Fen", [3]) for at in range(2, 9)))
    assert "%32 kadarı" in [*check_known_amounts(third, None)][0].message  # noqa: RUF015
    # The whole is all units', those that are out of scale too.
    strange = asked(("F.1", "Fen", [7]), *((f"F.{at}", "Park", [3000]) for at in range(2, 9)))
    known = plan(("F.2", "Park", 10), codes=("F.2",))
    assert told(strange, known) == [("KX220", "Park")]


# What is gone


def test_an_activity_that_had_money_and_is_gone() -> None:
    known = plan(("F.1", "Fen", 70), ("F.2", "Fen", 0), ("F.3", "Fen", 30), ("F.1", "Park", 7), codes=("F.3",))
    # For who makes the forms of the plan; once forms have come it is no unit's matter.
    (found,) = check_known_amounts(asked(), known, "plan.xlsx")
    assert (found.code, found.severity, found.place, found.key) == ("KX223", "advice", Place("plan.xlsx"), "F.1")
    assert (found.table, found.message) == ("FMT", "F.1 faaliyetinin 2024 ödeneği 77,00 TL idi, bu yıl planda yok.")
    assert told(asked(("F.3", "Fen", [90])), known) == []


def test_an_activity_for_which_nothing_is_asked() -> None:
    known = plan(("F.1", "Fen", 70), ("F.2", "Fen", 0), ("F.3", "Fen", 30), ("F.4", "Fen", 9))
    none = (("F.2", "Fen", [0]), ("F.1", "Fen", [0]), ("F.1", "Park", [0]), ("F.3", "Fen", [30]))
    (found,) = check_known_amounts(asked(*none), known)
    assert (found.code, found.severity, found.place, found.key) == ("KX223", "warning", place(2), "F.1")
    assert (found.table, found.message) == (
        *("FMT", "F.1 faaliyetinin 2024 ödeneği 70,00 TL idi, bu yıl ödenek istenmiyor."),
    )
    some = asked(*none, ("F.1", "Su", [3]))
    assert told(some, known) == []
    # Where the form has an error of its own that is what must be mended.
    wrong = finding("KX113", place(2), key="F.1", found="x")
    assert told(asked(*none, findings=[wrong]), known) == []
    other = finding("KX113", place(2), key="F.3", found="x")
    assert told(asked(*none, findings=[other]), known) == [("KX223", "F.1")]


# Last year's column of a form


FEN, PARK = Unit("Fen"), Unit("Park")
GOODS, CAPITAL = CostRow.GOODS_AND_SERVICES, CostRow.CAPITAL


def last_year(kurus: int | None, own: int | None = 5, *, year: int = 2024, unit: str = "Fen") -> list[Document]:
    """A form whose column of `year` says so of goods, and `own` of this year."""
    table = cost_table("F.1.1.1", {} if own is None else {3: own})
    table.other_years = {(year, GOODS): Amount(kurus, at(13, 4))}
    table.year = 2025
    return [form(table, **({"unit": unit} if unit else {}))]


def planned(*past: PastCosts) -> Programme:
    return Programme(KARS, 2025, past=past)


HAD = PastCosts("F.1.1.1", 2024, FEN, Costs.of({GOODS: 700, CAPITAL: 900}))


@pytest.mark.parametrize(
    ("documents", "past", "codes"),
    [
        (last_year(700), [HAD], []),
        (last_year(900), [HAD], ["KX126"]),
        (last_year(900, own=None), [HAD], ["KX112"]),
        (last_year(900, own=0), [HAD], ["KX112"]),
        (last_year(0), [HAD], []),
        # What is known of the activity's other rows, units and years is something else.
        (last_year(700, unit="Park"), [HAD], ["KX126"]),
        (last_year(700), [HAD._replace(activity="F.1.1.2")], ["KX126"]),
        (last_year(700), [HAD._replace(year=2023)], []),
        (last_year(700, year=2023), [HAD], []),
        (last_year(700), [], []),
        (last_year(0), [HAD._replace(activity="F.1.1.2")], []),
        # What several units had together, or nobody's, may be this one's.
        (last_year(700), [HAD._replace(unit=NO_UNIT)], []),
        (last_year(700), [HAD._replace(unit=Unit("Fen Müdürlüğü; Park Müdürlüğü"))], []),
        (last_year(1400), [HAD, HAD], []),
        (last_year(1400), [HAD, HAD._replace(unit=PARK)], ["KX126"]),
        # Of a file that is no form nothing is said.
        (last_year(900, unit=""), [HAD], []),
    ],
)
def test_figures_in_last_years_column(documents: list[Document], past: list[PastCosts], codes: list[str]) -> None:
    assert [item.code for item in check_last_year(documents, planned(*past))] == codes


def test_what_is_said_of_a_figure_in_last_years_column() -> None:
    (found,) = check_last_year(last_year(95_000), planned(HAD))
    assert (found.place, found.severity, found.table, found.key) == (at(13, 4), "warning", "FMT", "F.1.1.1")
    assert (found.label, "“950,00”" in found.message) == ("3 Mal ve Hizmet Alım Giderleri", True)
    documents = last_year(95_000, own=None)
    (found,) = check_last_year(documents, planned(HAD))
    assert (found.severity, found.place, "950,00" in found.message) == ("error", at(13, 4), True)
    assert "“2025”" in found.fix
    documents[0].costs[0].year = None
    (found,) = check_last_year(documents, Programme(KARS, 2031, past=(HAD,)))
    assert "“2031”" in found.fix
