"""An edit by hand after the merge: Denetim says so in the spreadsheet program, and the audit of the file the same."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from kars_xl.reports.audit import audit
from tests.helpers.libreoffice_edits import edited_by_libreoffice
from tests.helpers.workbook_edits import find

TKT, IPT, SHB, PHT = "Toplam Kaynak İhtiyacı", "İdare Performans Tablosu", "Harcama Birimleri", "Performans Hedefleri"


@pytest.fixture(scope="module")
def edits(merged: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, str, str]]:
    """By name: the edited workbook, and the sheet and cell that was typed over."""
    book = openpyxl.load_workbook(merged)
    row = {
        TKT: find(book[TKT], "Mal ve Hizmet Alım Giderleri").row,
        IPT: find(book[IPT], "F.7.3.1").row,
        SHB: find(book[SHB], "F.7.3.1").row,
        PHT: find(book[PHT], "F.7.3.1").row,
    }
    typed = {
        "kod": (TKT, f"C{row[TKT]}", "Value = 246348000"),
        "genel": (TKT, f"D{row[TKT]}", "Value = 1"),
        "birim": (SHB, f"D{row[SHB]}", 'String = "Denizcilik"'),
        "faaliyet": (PHT, f"E{row[PHT]}", "Value = 30000000"),
        "özet": (IPT, f"H{row[IPT]}", "Value = 30000000"),
    }
    statements = {
        name: f'  sheets.getByName("{sheet}").getCellRangeByName("{cell}").{value}\n  book.calculateAll()'
        for name, (sheet, cell, value) in typed.items()
    }
    files = edited_by_libreoffice(merged, statements, tmp_path_factory.mktemp("elle"))
    return {name: (files[name], sheet, cell) for name, (sheet, cell, _) in typed.items()}


# What Denetim says "HATA" of, and the codes that the audit gives at the cell that was typed over.
SAID = {
    "kod": ({"Kod 3, Mal ve Hizmet Alım Giderleri"}, {"KX308", "KX602"}),
    "genel": ({"Formdan gelen, Genel yönetim giderleri, bütçe"}, {"KX601"}),
    "birim": ({"Faaliyet F.7.3.1, sorumlu birim"}, {"KX304", "KX601"}),
    "faaliyet": ({"Performans Hedefi 7.3, toplam"}, {"KX301", "KX602"}),
    "özet": ({"Faaliyetler, toplam"}, {"KX301", "KX602"}),
}


@pytest.mark.parametrize("name", SAID)
def test_both_say_what_was_typed_over(name: str, edits: dict[str, tuple[Path, str, str]]) -> None:
    path, sheet, cell = edits[name]
    checks = openpyxl.load_workbook(path, data_only=True)["Denetim"]
    failed = {str(row[0].value) for row in checks.iter_rows() if len(row) > 6 and row[6].value == "HATA"}
    lines, codes = SAID[name]
    assert lines <= failed
    assert str(checks["B5"].value).startswith("HATA")
    found = audit([str(path)]).findings
    at_the_cell = {item.code for item in found if (item.place.sheet, item.place.cell) == (sheet, cell)}
    assert codes <= at_the_cell
