"""The log of sent e-mail: what is in it can be read again, whatever interrupted its writing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from msgspec.structs import asdict

from kars_xl.year.folder.folder import FAILED, SENDING, Sent, append, read_entries, read_log


def sent(unit: str, state: str = "sent") -> Sent:
    to = "çiğdem@kars.bel.tr"
    return Sent(
        "2026-11-23T10:15:00+03:00", "forms", unit, to, "<1@x>", files=("form.xlsx",), sha256="ab12", state=state
    )


def test_what_was_appended_is_read_in_order(tmp_path: Path) -> None:
    log = tmp_path / "mail" / "gonderim.jsonl"
    units = ["Fen İşleri", "Ğüz \"ışık\"\n/'ç'", "Zabıta\u2028Müdürlüğü"]
    for unit in units:
        append(log, sent(unit))
    assert read_log(log) == [sent(unit) for unit in units]
    assert len(log.read_bytes().splitlines()) == 3


def test_there_is_nothing_without_a_log(tmp_path: Path) -> None:
    assert read_log(tmp_path / "gonderim.jsonl") == []


def test_only_accepted_messages_are_sent_ones(tmp_path: Path) -> None:
    log = tmp_path / "gonderim.jsonl"
    for state in (SENDING, FAILED, SENDING, "sent"):
        append(log, sent("Fen", state))
    assert read_log(log) == [sent("Fen")]
    assert [entry.state for entry in read_entries(log, Sent)[0]] == [SENDING, FAILED, SENDING, "sent"]


def test_a_line_of_the_plain_contract_is_an_accepted_message(tmp_path: Path) -> None:
    log = tmp_path / "gonderim.jsonl"
    facts = asdict(sent("Fen"))
    del facts["state"]
    log.write_text(json.dumps({**facts, "more": 1}) + "\n", encoding="utf-8")
    assert read_log(log) == [sent("Fen")]


def test_a_torn_last_line_is_passed_over_and_then_cut_off(tmp_path: Path) -> None:
    """At every byte at which a write can stop."""
    log = tmp_path / "gonderim.jsonl"
    append(log, sent("Fen"))
    first = log.read_bytes()
    append(log, sent("Zabıta"))
    whole = log.read_bytes()
    for length in range(len(first), len(whole) + 1):
        log.write_bytes(whole[:length])
        complete = length >= len(whole) - 1  # the line end alone may be missing
        known = [sent("Fen"), sent("Zabıta")] if complete else [sent("Fen")]
        assert read_entries(log, Sent) == (known, [])
        append(log, sent("Hukuk"))
        assert read_log(log) == [*known, sent("Hukuk")]


def test_zeros_that_a_power_cut_leaves_at_the_end_are_cut_off(tmp_path: Path) -> None:
    log = tmp_path / "gonderim.jsonl"
    append(log, sent("Fen"))
    log.write_bytes(log.read_bytes() + b"\0" * 300)
    append(log, sent("Zabıta"))
    assert read_log(log) == [sent("Fen"), sent("Zabıta")]


@pytest.mark.parametrize("line", [b"{", b"[]", b'{"at": 1}', b"\xff", b'"x"', b"null"])
def test_a_damaged_line_further_up_is_told_and_never_removed(tmp_path: Path, line: bytes) -> None:
    log = tmp_path / "gonderim.jsonl"
    append(log, sent("Fen"))
    log.write_bytes(log.read_bytes() + line + b"\n")
    append(log, sent("Zabıta"))
    assert read_entries(log, Sent)[1] == [2]
    assert read_log(log) == [sent("Fen"), sent("Zabıta")]
    assert line in log.read_bytes()
