"""What is kept from one run to the next: never another's, never an old one, and no fault where it can't be."""

from __future__ import annotations

import os
import shutil
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from kars_xl.base import cache as kept
from kars_xl.base.place import Place
from kars_xl.pipeline import merge
from kars_xl.reading.files import read_file


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KARS_XL_CACHE", str(tmp_path / "kept"))
    return tmp_path / "kept"


def test_what_was_kept_comes_back_as_a_new_object(folder: Path) -> None:
    assert kept.get(b"a") is None
    made = {"tutar": Decimal("1.50"), "yer": Place("form.xlsx", "PH 1.1", 3, 4)}
    kept.put(b"a", made)
    assert kept.get(b"a") == made
    assert kept.get(b"a") is not kept.get(b"a")
    assert kept.get(b"b") is None


@pytest.mark.parametrize("spoil", [lambda data: data[:-1], lambda data: data[:40] + b"!" + data[41:], lambda data: b""])
def test_what_is_not_as_it_was_written_is_nothing(folder: Path, spoil: object) -> None:
    kept.put(b"a", [1, 2, 3])
    (file,) = folder.glob("*.kept")
    file.write_bytes(spoil(file.read_bytes()))  # type: ignore[operator]
    assert kept.get(b"a") is None


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can give a file away")
def test_what_another_user_wrote_is_not_read(folder: Path) -> None:
    kept.put(b"a", 1)
    (file,) = folder.glob("*.kept")
    os.chown(file, 65534, 65534)
    assert kept.get(b"a") is None


def test_a_changed_installation_keeps_apart(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.put(b"a", 1)
    monkeypatch.setattr(kept, "_stamp", lambda: b"another")
    assert kept.get(b"a") is None


def test_without_a_folder_or_with_a_bad_one_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    for named in ("", "yok", str(tmp_path / "file" / "below")):
        monkeypatch.setenv("KARS_XL_CACHE", named)
        kept.put(b"a", 1)
        assert kept.get(b"a") is None


def test_the_oldest_go_where_there_is_too_much(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_MOST", 3000)
    for age, name in enumerate((b"new", b"older", b"oldest")):
        kept.put(name, bytes(1000))
        newest = max(folder.glob("*.kept"), key=lambda path: path.stat().st_mtime)
        os.utime(newest, (1_000_000_000 - age, 1_000_000_000 - age))
    kept._make_room.cache_clear()
    kept.put(b"more", bytes(1000))
    assert kept.get(b"oldest") is None
    assert kept.get(b"new") == kept.get(b"more") == bytes(1000)


def test_a_changed_form_is_read_anew(folder: Path, inputs: Path, tmp_path: Path) -> None:
    form = tmp_path / "form.xlsx"
    shutil.copy(inputs / "fen_isleri_mudurlugu.xlsx", form)
    first = read_file(str(form))
    assert read_file(str(form)) == first
    book = openpyxl.load_workbook(form)
    sheet = next(sheet for sheet in book if sheet.title.startswith("PH"))
    cell = next(
        cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, int) and cell.value > 10_000
    )
    cell.value += 1
    book.save(form)
    assert read_file(str(form)) != first
    other = tmp_path / "kopya.xlsx"
    shutil.copy(form, other)
    (document,) = read_file(str(other)).documents
    assert document.file == str(other), "a copy under another name must not point to the first"


def test_a_second_merge_writes_the_same_bytes(folder: Path, inputs: Path, tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        assert merge([str(inputs)], str(tmp_path / name)).written
    assert list(folder.glob("*.kept"))
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
