"""The same faults in forms and in the published programme that they make are told by the same codes and keys."""

from __future__ import annotations

import random
from collections.abc import Iterable

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from kars_xl.checking.source import forms_of
from kars_xl.findings.finding import Effect, Finding
from kars_xl.reading.grid.plain import read_plain
from kars_xl.reading.recognise import recognise
from kars_xl.reading.tables import Document
from kars_xl.reports.audit import audit_documents
from tests.helpers.printed_programmes import Item, Printed, printed
from tests.reports.test_audit_rules import FAULTS, Fault, Told, spoil

# What an audit alone can see (the summary table, the list of units, Tablo 11's column of the activities) is not asked.
TABLES = {"PHT", "FMT"}
BOTH = {"KX103", "KX201", "KX111", "KX207", "KX208", "KX301", "KX302", "KX303", "KX305", "KX306", "KX310"}


def last_letter(page: Printed, item: Item, off: int) -> list[Told]:
    """The cost table's name lacks a letter, so that it can still be told."""
    page.set(item.name[:-1], "FMT", item.code, "name")
    return [("KX207", ("FMT", item.code, "name"))]


# A cost table that is renamed beyond recognition an audit tells by elimination, which a merge must not do.
GIVEN = [fault for fault in FAULTS if fault.name != "other_wording"]
GIVEN.append(Fault("last_letter", last_letter))


def as_forms(page: Printed) -> list[Document]:
    """A form for each target with the cost tables of its activities, and the finance office's Tablo 11."""
    matrix = page.at["TKT", "1", "activities"][0] - 1
    costs = {item.code: page.at["FMT", item.code, "first"][0] - 1 for item in page.items}
    first_cost = min(costs.values())
    starts = [page.at["PHT", code, "target"][0] - 4 for code in page.targets]
    forms = []
    for code, start, end in zip(page.targets, starts, [*starts[1:], first_cost], strict=True):
        rows = page.rows[start:end]
        for item in page.of(code):
            rows += page.rows[costs[item.code] : page.at["FMT", item.code, "last"][0] + 1]
        forms.append(read(f"{code}.txt", rows))
    heading = max(row for row in range(matrix) if page.rows[row][:1] == ["İdare Adı"])
    finance = read("mali.txt", page.rows[heading : page.at["TKT", "GENEL TOPLAM", "all"][0]])
    for table in finance.matrices:
        del table.columns["activity_column"], table.columns["grand_total"]
    return [*forms, finance]


def read(name: str, rows: list[list[str]]) -> Document:
    return recognise(read_plain(name, "\n".join("\t".join(row) for row in rows).encode()))


def seen(findings: Iterable[Finding]) -> set[tuple[str, str]]:
    """Codes with keys; a sum is called wrong where nobody makes it anew (KX306), else it is made anew (KX108)."""
    found = {
        ("KX306" if item.has(Effect.RECOMPUTED) else str(item.code), item.key)
        for item in findings
        if item.table in TABLES or not item.table
    }
    # Of a code that stands twice an audit tells the cost table by elimination, which a merge must not do.
    doubled = {("KX302", key) for code, key in found if code == "KX207"}
    return {(code, key) for code, key in found - doubled if code in BOTH} | {
        (item.code, item.key) for item in findings if item.code == "KX312"
    }


def test_without_a_fault_nothing_is_said() -> None:
    page = printed(7, targets=4)
    assert len(as_forms(page)) == 5
    assert seen(forms_of(as_forms(page)).findings) == seen(audit_documents([page.document()]).findings) == set()


@given(st.integers(0, 10_000), st.lists(st.sampled_from(GIVEN), max_size=3))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_forms_and_the_programme_are_told_the_same(seed: int, faults: list[Fault]) -> None:
    page, rng, taken = printed(seed, targets=4), random.Random(seed), set[str]()
    # Of two activities that lost their codes an audit pairs tables by elimination, which a merge must not do.
    assume(sum(fault.name == "code_of_another" for fault in faults) < 2)
    for fault in faults:
        spoil(page, fault, rng, taken)
    assert seen(forms_of(as_forms(page)).findings) == seen(audit_documents([page.document()]).findings)


@pytest.mark.parametrize("fault", GIVEN, ids=str)
def test_each_fault_by_itself(fault: Fault) -> None:
    page = printed(31, targets=4)
    told = spoil(page, fault, random.Random(5), set())
    forms, audit = seen(forms_of(as_forms(page)).findings), seen(audit_documents([page.document()]).findings)
    assert forms == audit
    assert {code for code, key in told if code in BOTH and key[0] in TABLES} <= {code for code, _ in forms}
