"""Generated programmes with known edits: exactly these are found, and all sums add up."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from kars_xl.model.cost_rows import BUDGET_ROWS, CostRow
from kars_xl.model.programme import Activity, Costs, Goal, Indicator, IndicatorValue, Objective, Programme, Target
from kars_xl.model.units import Unit
from kars_xl.reports.diff.changes import Pair
from tests.helpers.compared_programmes import amounts, assert_adds_up, between, marked
from tests.helpers.generated_programmes import programmes


def named(old: Programme, words: list[str]) -> Programme:
    """The programme with a wording of its own for every item, unlike any other."""
    pool = iter(words)

    def unlike(kind: str) -> str:
        return f"{next(pool)} {kind}"

    targets = tuple(
        replace(
            target,
            name=unlike("hedefi"),
            indicators=tuple(replace(item, name=unlike("sayısı")) for item in target.indicators),
            activities=tuple(replace(item, name=unlike("işi")) for item in target.activities),
        )
        for target in old.targets
    )
    return replace(
        old,
        goals=tuple(Goal(goal.code, unlike("amacı")) for goal in old.goals),
        objectives=tuple(Objective(item.code, unlike("alt hedefi")) for item in old.objectives),
        targets=targets,
    )


def _words() -> list[str]:
    """Wordings of which no two have much in common: each of other letters, in another order."""
    letters = "abcçdefghıijklmnoöprsştuüvyz"
    return [
        "".join(letters[(step * number + step * step * 3 + number // 7) % len(letters)] for step in range(1, 13))
        + letters[number % len(letters)] * 3
        + letters[number // len(letters)] * 5
        for number in range(28 * 9)
    ]


def _pick(data: st.DataObject, targets: list[Target], kind: str) -> tuple[int, int] | None:
    places = [(at, n) for at, target in enumerate(targets) for n in range(len(getattr(target, kind)))]
    return data.draw(st.sampled_from(places)) if places else None


def _put(targets: list[Target], at: int, number: int, thing: Activity | Indicator | None, kind: str) -> None:
    things = list(getattr(targets[at], kind))
    things[number : number + 1] = [] if thing is None else [thing]
    targets[at] = replace(targets[at], **{kind: tuple(things)})


@given(programmes(max_targets=4), st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_exactly_the_edits_that_were_made_are_found(generated: Programme, data: st.DataObject) -> None:
    old = named(generated, _words())
    targets = list(old.targets)
    touched: set[str] = set()
    expected: dict[str, set[str]] = {
        "amount": set(),
        "removed": set(),
        "added": set(),
        "reworded": set(),
        "moved": set(),
    }
    values: set[str] = set()
    for edit in data.draw(
        st.lists(st.sampled_from(["amount", "removed", "added", "reworded", "moved", "value"]), max_size=6)
    ):
        kind = "indicators" if edit == "value" else "activities"
        at = _pick(data, targets, kind)
        if edit == "added":
            home = data.draw(st.integers(0, len(targets) - 1))
            code = f"F.{targets[home].code}.{50 + len(expected['added'])}"
            fresh = Activity(
                code,
                f"Bambaşka {len(touched) * 7919} kütüphane {code}",
                (Unit("Kültür"),),
                Costs.of(dict.fromkeys(BUDGET_ROWS, 1_00)),
            )
            targets[home] = replace(targets[home], activities=(*targets[home].activities, fresh))
            expected["added"].add(f">{code}")
            touched.add(code)
            continue
        if at is None:
            continue
        thing = getattr(targets[at[0]], kind)[at[1]]
        if thing.code in touched:
            continue
        touched.add(thing.code)
        if edit == "value":
            changed = (*thing.values[:2], IndicatorValue(Decimal("123456789.5")))
            _put(targets, *at, replace(thing, values=changed), kind)
            values.add(thing.code)
        elif edit == "amount":
            more = thing.costs + Costs.of({CostRow.PERSONNEL: 1})
            _put(targets, *at, replace(thing, costs=more), kind)
            expected["amount"].add(thing.code)
        elif edit == "removed":
            _put(targets, *at, None, kind)
            expected["removed"].add(f"{thing.code}>")
        elif edit == "reworded":
            _put(targets, *at, replace(thing, name=f"{thing.name} ve bakımı"), kind)
            expected["reworded"].add(f"{thing.code}>{thing.code}")
        else:
            home = data.draw(st.integers(0, len(targets) - 1))
            code = f"F.{targets[home].code}.{70 + len(expected['moved'])}"
            _put(targets, *at, None, kind)
            targets[home] = replace(targets[home], activities=(*targets[home].activities, replace(thing, code=code)))
            expected["moved"].add(f"{thing.code}>{code}")
            touched.add(code)
    diff = between(old, replace(old, targets=tuple(targets)))
    found: Mapping[str, set[str]] = {
        mark: set(marked(diff, mark)) for mark in ("removed", "added", "reworded", "moved")
    } | {"amount": set(amounts(diff))}
    assert found == expected
    assert {change.item.code for change in diff.indicators if change.values} == values
    assert marked(diff, "follows") == []
    assert_adds_up(diff)


@given(programmes(max_targets=3), programmes(max_targets=3))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_sums_add_up_between_any_two_programmes(old: Programme, new: Programme) -> None:
    diff = between(old, new)
    assert_adds_up(diff)
    one, other = diff.total("activities"), (old.activity_costs.total, new.activity_costs.total)
    assert one == Pair(*other)
    # Nothing is lost and nothing is there twice.
    for kind in ("activities", "indicators"):
        entries = getattr(diff, kind)
        assert sorted(entry.old.code for entry in entries if entry.old) == codes_of(old, kind)
        assert sorted(entry.new.code for entry in entries if entry.new) == codes_of(new, kind)


def codes_of(of: Programme, kind: str) -> list[str]:
    return sorted(item.code for target in of.targets for item in getattr(target, kind))


@given(programmes())
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_a_programme_is_the_same_as_itself(generated: Programme) -> None:
    assert between(generated, generated).same
