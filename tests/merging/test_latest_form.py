"""Which of a sender's forms counts: by revision, by content, by who sent it; and what is said of the others."""

from __future__ import annotations

import pytest

from kars_xl.base.place import Place
from kars_xl.findings.finding import finding
from kars_xl.merging.consolidate import Choice, choices, is_finance, owner, take_latest
from kars_xl.model.units import Unit
from kars_xl.reading.tables import Document
from tests.helpers.form_files import FEN
from tests.helpers.tables_by_hand import at, cost_table, form, matrix, target_table

GENERAL = matrix({"general": {1: 5}})


def sent(file: str, revision: str = "0", unit: str = FEN, digest: str = "") -> Document:
    return form(cost_table(), file=file, unit=unit, revision=revision, digest=digest)


@pytest.mark.parametrize(
    ("document", "finance"),
    [
        (form(GENERAL), True),
        (form(matrix({"activity_column": {1: 5}}), GENERAL), True),
        (form(matrix({"activity_column": {1: 5}})), False),
        (form(GENERAL, cost_table()), False),
        (form(GENERAL, target_table()), False),
        (form(), False),
    ],
)
def test_the_finance_offices_own_form(document: Document, finance: bool) -> None:
    assert is_finance(document) is finance


def test_whose_form_it_is() -> None:
    assert owner(sent("a")) == owner(sent("b", unit="FEN İŞLERİ  MÜDÜRLÜĞÜ")) == (Unit(FEN), False)
    assert owner(sent("a.xlsx", unit="")) == ("a.xlsx", False)
    # Tablo 11 is one, whoever signed it.
    assert owner(form(GENERAL, unit=FEN)) == owner(form(GENERAL, unit="Mali Hizmetler")) == ("", True)


def test_the_highest_revision_of_each_sender_in_the_order_they_came() -> None:
    one, three, other, two = sent("1", "1"), sent("3", "Rev. 3"), sent("p", "9", unit="Park"), sent("2", "2")
    assert choices([one, three, other, two]) == [Choice((three,), (two, one)), Choice((other,))]
    taken, old, found = take_latest([one, three, other, two])
    assert [document.file for document in taken] == ["3", "p"]
    facts = {"unit": FEN, "count": "3", "revision": "3"}
    assert found == [finding("KX209", Place("3"), related=[Place("2"), Place("1")], **facts)]
    assert old == {"1", "2"}


def test_two_of_the_highest_revision_both_count_unless_one_is_a_copy() -> None:
    first, second, old = sent("1", "2", digest="a"), sent("2", "2", digest="b"), sent("0", "1", digest="a")
    copy = sent("kopya", "2", digest="a")
    assert choices([first, second, old]) == [Choice((first, second), (old,))]
    assert choices([first, second, copy, old]) == [Choice((first, second), (copy, old))]
    facts = {"unit": FEN, "count": "4", "revision": "2"}
    _, replaced, found = take_latest([first, second, copy, old])
    assert replaced == {"kopya", "0"}
    assert found == [finding("KX209", Place("1"), related=[Place("kopya"), Place("0")], **facts)]
    # What has no digest is no copy of anything.
    assert choices([sent("1"), sent("2")]) == [Choice((sent("1"), sent("2")))]


def test_forms_that_are_equal_in_all_are_told_apart() -> None:
    documents = [sent("a", digest="d"), sent("a", digest="d")]
    taken, _, found = take_latest(documents)
    assert len(taken) == 1
    assert taken[0] is documents[0]
    assert [item.code for item in found] == ["KX209"]


def test_a_revision_that_can_not_be_read_replaces_nothing() -> None:
    known, untold = sent("1", "1"), sent("2", "ikinci")
    assert choices([known, untold]) == [Choice((known, untold), (), (untold,))]
    taken, old, found = take_latest([known, untold])
    place = at(2, 2, "2", "Kimlik")
    unreadable = finding("KX103", place, remedy="count", label="Revizyon No", found="ikinci", why="rakam yok")
    assert (taken, old, found) == ([known, untold], frozenset(), [unreadable])
    # Alone it has nothing to replace, and one without the line is revision 0.
    assert choices([untold]) == [Choice((untold,))]
    bare = form(cost_table(), file="3", unit=FEN)
    assert choices([bare, known]) == [Choice((known,), (bare,))]


def test_a_form_without_unit_is_called_by_its_file() -> None:
    documents = [form(GENERAL, file=file, revision=revision) for file, revision in (("m1", "1"), ("m2", "2"))]
    facts = {"unit": "m2", "count": "2", "revision": "2"}
    assert take_latest(documents)[2] == [finding("KX209", Place("m2"), related=[Place("m1")], **facts)]
