"""A working folder in the middle of its round: forms of 2024 with errors, some missing, one sent again."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import openpyxl

from tests.helpers.form_files import FEN_FILE, FINANCE_FILE, ITFAIYE_FILE, ZABITA_FILE
from tests.helpers.repository import INPUTS

# Of 20 units and the finance office these have not sent.
MISSING = ("muhtarlik_isleri_mudurlugu.xlsx", "veteriner_isleri_mudurlugu.xlsx", FINANCE_FILE)


def spoilt_round(root: Path) -> Path:
    """The folder: 18 of 21 forms came and one came again; two have errors, and two contradict each other."""
    inputs = root / "inputs"
    shutil.copytree(INPUTS, inputs)
    for name in MISSING:
        (inputs / name).unlink()
    costs = {f"C{row}": text for row, text in ((33, "1,500"), (35, "??"), (54, "çok"), (56, "-5"), (75, "1.50.0"))}
    _edit(inputs / FEN_FILE, {("PH 7.3", cell): text for cell, text in costs.items()})
    _edit(inputs / ITFAIYE_FILE, {("Kimlik", "B5"): 2023, ("PH 5.3", "C53"): "yüz bin", ("PH 5.3", "D12"): "yok"})
    # An indicator of two units.
    _edit(inputs / "hukuk_isleri_mudurlugu.xlsx", {("PH 1.3", "E12"): 7})
    again = inputs / "zabita_mudurlugu_r1.xlsx"
    shutil.copy(inputs / ZABITA_FILE, again)
    _edit(again, {("Kimlik", "B11"): 1, ("PH 5.2", "C38"): 1_000_000})
    return root


def _edit(path: Path, values: Mapping[tuple[str, str], object]) -> None:
    book = openpyxl.load_workbook(path)
    for (sheet, cell), value in values.items():
        book[sheet][cell] = value
    book.save(path)
