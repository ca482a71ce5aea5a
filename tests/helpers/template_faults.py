"""Faults that an office can put into the official template: each puts one in, and says what is to be found of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName

from tests.helpers.workbook_edits import find, formulas, sheet_with

Broken = Callable[[Workbook], tuple[str, str, str]]  # breaks the template; code, sheet and cell of the finding

# A text by which each sheet of the template is known.
TARGETS, COSTS, SUMMARY = "{{ gosterge.deger }}", "{{ faaliyet.gider_1 }}", "PAY (Genel Toplamda %)"
UNITS, HEADING = "SORUMLU BİRİMLER", "PERFORMANS HEDEFİ TABLOSU"


def at(code: str, cell: Any) -> tuple[str, str, str]:
    return code, cell.parent.title, cell.coordinate


def unknown_placeholder(book: Workbook) -> tuple[str, str, str]:
    cell = find(sheet_with(book, COSTS), "{{ faaliyet.ad }}")
    cell.value = "{{ faaliyet.adı }}"
    return at("KX501", cell)


def unknown_in_a_text(book: Workbook) -> tuple[str, str, str]:
    cell = find(sheet_with(book, TARGETS), HEADING)
    cell.value = f"{HEADING} {{{{ belediye.kod }}}}"
    return at("KX501", cell)


def turkish_function(book: Workbook) -> tuple[str, str, str]:
    cell = budget_total(book)
    cell.value = cell.value.replace("SUM(", "TOPLA(")
    return at("KX502", cell)


def semicolon(book: Workbook) -> tuple[str, str, str]:
    cell = budget_total(book)
    cell.value = cell.value.replace(":", ";")
    return at("KX502", cell)


def other_workbook(book: Workbook) -> tuple[str, str, str]:
    cell = budget_total(book)
    cell.value = "=[1]Bütçe!C17"
    return at("KX502", cell)


def deleted_sheet(book: Workbook) -> tuple[str, str, str]:
    """The sheet goes, but Denetim still looks at it."""
    units = sheet_with(book, UNITS)
    cell = next(cell for cell in formulas(book) if f"'{units.title}'!" in cell.value)
    book.remove(units)
    return at("KX502", cell)


def misspelt_repetition(book: Workbook) -> tuple[str, str, str]:
    sheet = sheet_with(book, SUMMARY)
    area = sheet.defined_names.pop("her_faaliyet").attr_text
    sheet.defined_names["her_faliyet"] = DefinedName("her_faliyet", attr_text=area)
    return "KX503", sheet.title, ""


def several_cells(book: Workbook) -> tuple[str, str, str]:
    """A single cell is wanted below the table, where the table has one for each activity."""
    sheet = sheet_with(book, SUMMARY)
    cell = find(sheet, "Genel Toplam").offset(row=2)
    cell.value = f"={find(sheet, '{{ faaliyet.kod }}').coordinate}"
    return at("KX505", cell)


def division_by_zero(book: Workbook) -> tuple[str, str, str]:
    cell = find(sheet_with(book, SUMMARY), "Genel Toplam").offset(row=2)
    cell.value = "=1/0"
    return at("KX506", cell)


def broken_range(book: Workbook) -> tuple[str, str, str]:
    """The budget total leaves out all economic codes but the first two."""
    cell = budget_total(book)
    first, last = cell.row - 8, cell.row - 1
    assert cell.value == f"=SUM({cell.column_letter}{first}:{cell.column_letter}{last})"
    cell.value = f"=SUM({cell.column_letter}{first}:{cell.column_letter}{first + 1})"
    return at("KX504", cell)


def typed_over(book: Workbook) -> tuple[str, str, str]:
    """Somebody typed an amount over the formula."""
    cell = budget_total(book)
    cell.value = 12345
    return at("KX504", cell)


def budget_total(book: Workbook) -> Any:
    """The cell of the cost table's budget total."""
    sheet = sheet_with(book, COSTS)
    label = find(sheet, "Toplam Bütçe Kaynak İhtiyacı")
    return next(cell for cell in sheet[label.row] if cell.data_type == "f")


BROKEN: list[Broken] = [
    unknown_placeholder,
    unknown_in_a_text,
    turkish_function,
    semicolon,
    other_workbook,
    deleted_sheet,
    misspelt_repetition,
    several_cells,
    division_by_zero,
    broken_range,
    typed_over,
]


def long_header(book: Workbook) -> tuple[str, str, str]:
    sheet = sheet_with(book, COSTS)
    sheet.oddHeader.left.text = "{{ kurum.ad }} " * 12
    return "KX508", sheet.title, ""
