"""Blocks of rows: how they nest, which rows are their own, which instances share a context, where rows went."""

from __future__ import annotations

from itertools import permutations

import pytest

from kars_xl.template.formula.formula import LAST_ROW
from kars_xl.template.layout.regions import Band, Instance, SheetCopy, loop_kind, nest
from kars_xl.template.nodes import Problem, Problems

# A goal lists targets, a target lists activities and indicators.
HANGS = {"": {"amac", "hedef", "faaliyet", "bulgu"}, "amac": {"hedef"}, "hedef": {"faaliyet", "gosterge"}}
COPY = SheetCopy(0, "S")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("her_faaliyet", "faaliyet"),
        ("HER_Faaliyet_2", "Faaliyet"),
        ("her_alt_birim", "alt_birim"),
        ("her_alt_birim_12", "alt_birim"),
        ("her_2", "2"),
        ("faaliyet", None),
        ("bu_her_faaliyet", None),
        ("her_", None),
    ],
)
def test_names_that_repeat(name: str, kind: str | None) -> None:
    assert loop_kind(name) == kind


def nested(*bands: Band) -> tuple[Band, list[Problem]]:
    problems = Problems()
    return nest(list(bands), "S", HANGS, problems), problems.list()


def tree(band: Band) -> object:
    return (band.name, [tree(child) for child in band.children]) if band.children else band.name


def band(name: str, first: int, last: int) -> Band:
    return Band(name.split("_")[0], name, first, last)


def test_blocks_nest_and_keep_the_rows_that_are_theirs_alone() -> None:
    targets, activities, again = band("hedef", 3, 10), band("faaliyet", 4, 5), band("faaliyet_2", 8, 10)
    root, problems = nested(again, activities, targets, band("bulgu", 12, 12))
    assert problems == []
    assert tree(root) == ("", [("hedef", ["faaliyet", "faaliyet_2"]), "bulgu"])
    assert [found.segments for found in root.walk()] == [
        [(1, 2), (11, 11), (13, LAST_ROW)],
        [(3, 3), (6, 7)],
        [(4, 5)],
        [(8, 10)],
        [(12, 12)],
    ]
    assert (activities.parent, again.parent, targets.parent, root.parent) == (targets, targets, root, None)
    others = activities, again, targets, root, band("x", 10, 11)
    assert [targets.holds(other.first, other.last) for other in others] == [True, True, True, False, False]


def test_neighbours_do_not_nest() -> None:
    root, problems = nested(band("hedef", 1, 3), band("faaliyet", 4, 4), band("bulgu", 5, 9))
    assert (tree(root), problems) == (("", ["hedef", "faaliyet", "bulgu"]), [])
    assert root.segments == [(10, LAST_ROW)]


@pytest.mark.parametrize("names", list(permutations(("amac", "hedef", "faaliyet"))))
def test_blocks_of_equal_rows_nest_by_what_lists_what(names: tuple[str, ...]) -> None:
    root, problems = nested(*(band(name, 2, 3) for name in names))
    assert (tree(root), problems) == (("", [("amac", [("hedef", ["faaliyet"])])]), [])
    assert [found.segments for found in root.walk()] == [[(1, 1), (4, LAST_ROW)], [], [], [(2, 3)]]


def test_blocks_of_equal_rows_that_do_not_list_each_other() -> None:
    _, problems = nested(band("faaliyet", 2, 3), band("gosterge", 2, 3))
    assert problems == [Problem("KX503", "S", "", {"name": "gosterge", "reason": "order", "other": "faaliyet"})]
    # Nor does a goal list activities: without the targets between, each goal would have all of them.
    _, problems = nested(band("amac", 2, 3), band("faaliyet", 2, 3))
    assert [problem.values["other"] for problem in problems] == ["amac"]
    # Blocks that share a row only with their first or last one are no such blocks.
    assert nested(band("faaliyet", 2, 4), band("gosterge", 2, 3))[1] == []
    assert nested(band("faaliyet", 2, 4), band("gosterge", 3, 4))[1] == []


def test_blocks_of_equal_rows_that_list_each_other() -> None:
    problems = Problems()
    each = {"birim": {"faaliyet"}, "faaliyet": {"birim"}}
    nest([band("birim", 2, 2), band("faaliyet", 2, 2)], "S", each, problems)
    assert [problem.values["reason"] for problem in problems.list()] == ["order"]


def test_overlapping_blocks_are_left_out_and_said() -> None:
    root, problems = nested(band("hedef", 2, 4), band("faaliyet", 4, 5), band("bulgu", 6, 6))
    assert tree(root) == ("", ["hedef", "bulgu"])
    assert problems == [Problem("KX503", "S", "", {"name": "faaliyet", "reason": "overlap", "other": "hedef"})]


def lay(of: Band, order: int, **context: str) -> Instance:
    made = Instance(of, COPY, None, None, context, {}, order)
    of.instances.append(made)
    return made


def test_instances_that_share_a_context() -> None:
    activities = band("faaliyet", 2, 2)
    first, second = lay(activities, 0, hedef="1", faaliyet="F1"), lay(activities, 1, hedef="1", faaliyet="F2")
    third = lay(activities, 2, hedef="2", faaliyet="F3")
    activities.seal()
    assert activities.kinds == ("faaliyet", "hedef")
    assert not activities.repeats_context
    assert activities.sharing({}) == [first, second, third]
    assert activities.sharing({"hedef": "1"}) == [first, second]
    assert activities.sharing({"hedef": "1", "faaliyet": "F2", "birim": "Fen"}) == [second]
    assert activities.sharing({"hedef": "2", "faaliyet": "F2"}) == []
    assert activities.sharing({"birim": "Fen"}) == [first, second, third]


def test_an_instance_without_owner_shares_with_all_in_output_order() -> None:
    findings = band("bulgu", 2, 2)
    of_one, of_none = lay(findings, 0, bulgu="a", hedef="1"), lay(findings, 1, bulgu="b")
    of_two = lay(findings, 2, bulgu="c", hedef="2")
    findings.seal()
    assert findings.sharing({"hedef": "1"}) == [of_one, of_none]
    assert findings.sharing({"hedef": "2"}) == [of_none, of_two]
    assert findings.sharing({"hedef": "3"}) == [of_none]
    assert findings.sharing({"hedef": "2", "bulgu": "b"}) == [of_none]
    assert findings.sharing({"hedef": "2", "bulgu": "x"}) == []
    assert findings.sharing({}) == [of_one, of_none, of_two]


def test_the_kinds_are_those_of_every_instance_whichever_is_last() -> None:
    findings = band("bulgu", 2, 2)
    lay(findings, 0, bulgu="a", hedef="1")
    lay(findings, 1, bulgu="b")
    findings.seal()
    assert findings.kinds == ("bulgu", "hedef")


def test_a_context_given_twice_is_noted() -> None:
    activities = band("faaliyet", 2, 2)
    lay(activities, 0, faaliyet="F1")
    lay(activities, 1, faaliyet="F1")
    activities.seal()
    assert activities.repeats_context


def laid_out() -> tuple[Instance, Instance, list[Instance]]:
    """Rows 1–2, a block 3–6 of two activities whose row 4 repeats three and no times, and row 7: eleven rows.

    Output: 1, 2 | 3, 4 4 4, 5, 6 | 3, 5, 6 | 7.
    """
    outer, inner = Band("hedef", "hedef", 3, 6), Band("faaliyet", "faaliyet", 4, 4)
    root, _ = nested(outer, inner)
    top = Instance(root, COPY, None, None, {}, {}, 0, starts=[1, 12])
    one = Instance(outer, COPY, None, top, {}, {}, 1, starts=[3, 7])
    rows = [Instance(inner, COPY, None, one, {}, {}, 2 + n, starts=[4 + n]) for n in range(3)]
    one.children = [rows]
    two = Instance(outer, COPY, None, top, {}, {}, 5, starts=[9, 10], children=[[]])
    top.children = [[one, two]]
    return top, one, rows


def row_of(instance: Instance, template_row: int) -> int:
    return next(instance.spread(template_row, template_row))[0]


def test_where_an_instances_own_rows_went() -> None:
    top, one, rows = laid_out()
    assert [row_of(top, row) for row in (1, 2, 7, 8)] == [1, 2, 12, 13]
    assert [row_of(one, row) for row in (3, 5, 6)] == [3, 7, 8]
    assert [row_of(row, 4) for row in rows] == [4, 5, 6]
    assert row_of(top, LAST_ROW) == LAST_ROW


def test_rows_spread_over_the_blocks_inside() -> None:
    top, one, _ = laid_out()
    assert sorted(one.spread(3, 6)) == [(3, 3), (4, 4), (5, 5), (6, 6), (7, 8)]
    assert sorted(top.spread(4, 4)) == [(4, 4), (5, 5), (6, 6)]
    assert sorted(top.spread(2, 3)) == [(2, 2), (3, 3), (9, 9)]
    assert sorted(top.spread(6, 9)) == [(8, 8), (11, 11), (12, 14)]
    assert sorted(top.spread(LAST_ROW - 1, LAST_ROW)) == [(LAST_ROW, LAST_ROW)]


def test_the_span_of_rows() -> None:
    top, one, rows = laid_out()
    assert one.span(3, 6) == (3, 8)
    assert one.span(4, 5) == (4, 7)
    assert top.span(4, 4) == (4, 6)
    assert top.span(5, 7) == (7, 12)
    assert one.span(1, 2) is None
    assert rows[1].span(1, 9) == (5, 5)
    (_, two) = top.children[0]
    assert two.span(4, 4) is None
