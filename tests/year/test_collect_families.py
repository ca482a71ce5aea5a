"""What mail programs and people do to a form on its way: it is taken, or sender, subject and reason are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from kars_xl.year.collect.job import Collected, collect
from kars_xl.year.collect.unpack import TAKEN
from tests.helpers.cli_runs import run
from tests.helpers.form_files import form
from tests.helpers.letter_kinds import HEAD, NAMED, SILENT, TAKEN_FROM, TEXT, mail, part


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return form(tmp_path_factory.mktemp("form")).read_bytes()


def collected(folder: Path, content: bytes, name: str = "ileti.eml") -> Collected:
    (folder / name).write_bytes(content)
    return collect([str(folder / name)], str(folder / "2024"))


@pytest.mark.parametrize("way", TAKEN_FROM)
@pytest.mark.parametrize("ends", [b"\r\n", b"\n"])
def test_the_form_is_taken(way: str, ends: bytes, data: bytes, tmp_path: Path) -> None:
    content = TAKEN_FROM[way](data)
    found = collected(tmp_path, content if way == "UTF-16" else content.replace(b"\r\n", ends))
    taken = [item for item in found.attachments if item.result == TAKEN]
    assert [Path(item.file).read_bytes() for item in taken] == [data]
    assert (found.findings, found.failed) == ([], False)


@pytest.mark.parametrize("way", NAMED)
@pytest.mark.parametrize("box", [False, True])
def test_what_is_not_taken_is_named(way: str, box: bool, data: bytes, tmp_path: Path) -> None:
    content = NAMED[way](data)
    is_outlook = way == "Outlook's link"
    if box and not is_outlook:
        start = b"From x Tue Nov 14 10:00:00 2023\n"
        content = start + HEAD.replace(b"Formumuz", b"Baska") + TEXT + b"\n" + start + content.replace(b"\r\n", b"\n")
    found = collected(tmp_path, content, "posta.msg" if is_outlook else "posta")
    said = [
        it
        for it in found.findings
        if not is_outlook and "Formumuz" in it.place.file and "fen@kars.bel.tr" in it.place.file
    ]
    assert said or (is_outlook and found.findings)
    assert found.failed
    assert all(it.fix for it in found.findings)
    assert run("collect", tmp_path / ("posta.msg" if is_outlook else "posta"), "-o", tmp_path / "2024").exit_code == 1


def test_no_form_of_any_kind_is_lost_in_silence(data: bytes, tmp_path: Path) -> None:
    """Of all kinds: forms found, forms sent; those not found are each told."""
    found: dict[str, int] = {}
    for way, build in (TAKEN_FROM | NAMED).items():
        content = build(data)
        (tmp_path / "ileti.eml").write_bytes(content)
        year = tmp_path / f"y{len(found)}"
        ran = run("collect", tmp_path / "ileti.eml", "-o", year, "--format", "json")
        found[way] = sum(path.read_bytes() == data for path in (year / "inputs").rglob("*") if path.is_file())
        is_told = any(f'"severity": "{severity}"' in ran.stdout for severity in ("warning", "error"))
        assert (ran.exit_code, is_told) == (way in NAMED, way in NAMED), way
    print(f"forms found ÷ forms sent: {sum(found.values())} ÷ {len(found)}")
    assert all(found[way] for way in TAKEN_FROM)


@pytest.mark.parametrize("way", SILENT)
def test_what_holds_no_form_is_no_matter(way: str, data: bytes, tmp_path: Path) -> None:
    found = collected(tmp_path, SILENT[way](data))
    assert (found.findings, found.failed) == ([], False)


def test_a_line_from_in_a_letter_of_a_mailbox_costs_no_form(data: bytes, tmp_path: Path) -> None:
    start = b"From ali@x Tue Nov 14 10:00:00 2023\n"
    pasted = b"Content-Type: text/plain\n\nSelam\n\n" + start + b"Subject: eski\n\nxx\n"
    first, second = mail(pasted, part(data)), mail(part(data), boundary=b"iki")
    cut = mail(part(data[:500]), boundary=b"sinir")[:-40]
    box = b"".join(start + each.replace(b"\r\n", b"\n") + b"\n" for each in (first, cut, second))
    found = collected(tmp_path, box, "gelen.mbox")
    assert [len(message.attachments) for message in found.messages] == [1, 1, 1]
    assert [item.result for item in found.attachments] == ["taken", "refused", "same"]


def test_what_could_not_be_taken_is_remembered_until_a_form_comes(data: bytes, tmp_path: Path, inputs: Path) -> None:
    from tests.helpers.form_files import FEN, plan_of_two_units

    plan_of_two_units(tmp_path / "2024" / "inputs", fen="fen@kars.bel.tr")
    rar = mail(part(b"Rar!\x1a\x07", "form.rar"))
    for _ in range(2):
        collected(tmp_path, rar)
    told = "14.11.2023 tarihli “Formumuz” iletisindeki form.rar (RAR arşivi)"
    assert run("status", tmp_path / "2024", "--format", "json").stdout.count(told) == 1
    assert run("mail", "reminders", tmp_path / "2024", "--deadline", "31.12.2098", "--dry-run").exit_code == 0
    run("mail", "reminders", tmp_path / "2024", "--deadline", "31.12.2098")
    (draft,) = (tmp_path / "2024" / "mail").glob("hatirlatma_fen*.eml")
    assert b"form.rar" in draft.read_bytes()
    collected(tmp_path, mail(part(data)).replace(b"14 Nov", b"15 Nov"))
    status = run("status", tmp_path / "2024", "--format", "json").stdout
    assert FEN in status
    assert told not in status
