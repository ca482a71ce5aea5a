"""The worked change of the template in docs/sablon.md, done as its table says: for its picture, and for its test."""

import re
import tempfile
from copy import copy
from pathlib import Path

import openpyxl
from openpyxl.styles import Alignment
from openpyxl.worksheet.worksheet import Worksheet

from kars_xl.pipeline import merge
from kars_xl.template.formula.formula import TURKISH_FUNCTIONS
from kars_xl.workbook.render import PROGRAMME_TEMPLATE, template_path

_REPOSITORY = Path(__file__).resolve().parent.parent
GUIDE = _REPOSITORY / "docs" / "sablon.md"
SHEET = "Harcama Birimleri"
_ROW = re.compile(r"^\| `([A-Z]+\d+)` \| (?:`([A-Z]+\d+)` gibi|kendi biçimi) \| `(.+)` \|$", re.M)
_FUNCTION = re.compile(r"([A-ZÇĞİÖŞÜ_.]+)(?=\()")


def change(sheet: Worksheet) -> None:
    """Does what the example tells its reader to do."""
    text = GUIDE.read_text(encoding="utf-8").split("## Örnek: tabloya sütun eklemek")[1].split("\n## ")[0]
    steps = _ROW.findall(text)
    assert len(steps) == 5, "the example's table is not as it was"
    for cell, like, value in steps:
        if like:
            sheet[cell]._style = copy(sheet[like]._style)
        sheet[cell].value = _as_stored(value)
    for cell in ("E6", "E7"):
        sheet[cell].number_format = _only(r"sayı biçimi `([^`]+)`", text)
        sheet[cell].alignment = Alignment("right", "center")
    sheet.column_dimensions["E"].width = float(_only(r"genişletin \((\d+)\)", text))
    sheet.print_area = _only(r"Yazdırma Alanı\*: `([^`]+)`", text)


def _as_stored(value: str) -> str:
    """As Excel saves what is typed in Turkish: function names are English in the file."""
    return _FUNCTION.sub(lambda found: TURKISH_FUNCTIONS[found[1]], value) if value.startswith("=") else value


def _only(pattern: str, text: str) -> str:
    (found,) = re.findall(pattern, text)
    return str(found)


def merged_with_example(output: Path) -> None:
    """The real forms merged with the changed template."""
    book = openpyxl.load_workbook(template_path(PROGRAMME_TEMPLATE))
    change(book[SHEET])
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "sablonum.xlsx"
        book.save(template)
        outcome = merge([str(_REPOSITORY / "inputs")], str(output), template=str(template))
    if outcome.failed:
        raise SystemExit("\n".join(found.message for found in outcome.findings if found.is_error))
