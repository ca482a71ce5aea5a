"""`Sheet!Cell` as people write it: with or without quotes, dollars, capitals and Turkish letters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kars_xl.base.addresses import a1, column_number
from kars_xl.base.text import fold, lower, squeeze
from kars_xl.reports.trace.book import Address, Book

_CELL = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_CAPITALS = str.maketrans("ıiİ", "III")
_SHOWN = 12


class WrongAddress(ValueError):
    """The address leads to no cell; the text says in Turkish what there is instead."""


def find_cell(book: Book, text: str) -> Address:
    """The address that `text` means in the workbook. Raises WrongAddress, also where the cell is blank."""
    name, separator, cell = text.strip().rpartition("!")
    if not separator:
        raise WrongAddress(
            f'“{text}” bir hücre adresi değil; sayfayı da yazın: "Sayfa!Hücre". Sayfalar: {_listed(book)}.'
        )
    sheet = _sheet(book, name)
    match = _CELL.fullmatch(cell.strip().translate(_CAPITALS).upper())
    if match is None:
        raise WrongAddress(f"“{cell.strip()}” bir hücre değil; tek bir hücre yazın, C8 gibi.")
    address = (sheet, int(match[2]), column_number(match[1]))
    if book.cell(address) is None:
        raise WrongAddress(f"{sheet}!{a1(*address[1:])} boş. {_neighbours(book, address)}")
    return address


def _sheet(book: Book, text: str) -> str:
    """The sheet of that name; failing that the one whose title begins with it ("Tablo 11")."""
    name = text.strip()
    if len(name) > 1 and name[0] == name[-1] == "'":
        name = name[1:-1]
    name = name.replace("''", "'").strip()
    for wanted, of in ((name, str), (lower(name), lower), (squeeze(name), squeeze)):
        found = [sheet for sheet in book.sheets if of(sheet) == wanted]
        if len(found) == 1:
            return found[0]
    words = fold(name)
    titled = [sheet for sheet, title in _titles(book) if words and f"{fold(title)} ".startswith(f"{words} ")]
    if len(titled) == 1:
        return titled[0]
    raise WrongAddress(f"“{name}” adında bir sayfa yok. Sayfalar: {_listed(book)}.")


def _titles(book: Book) -> Iterator[tuple[str, str]]:
    for name, sheet in book.sheets.items():
        row = next(sheet.rows(), None)
        if row:
            yield name, row[0].text


def _listed(book: Book) -> str:
    names = [name for name, sheet in book.sheets.items() if not sheet.hidden]
    more = f" ve {len(names) - _SHOWN} sayfa daha" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def _neighbours(book: Book, address: Address) -> str:
    """What is filled in the cell's row, else where the sheet's filled cells are."""
    sheet, row, _ = address
    cells = book.sheets[sheet].cells
    if not cells:
        return "Sayfada dolu hücre yok."
    beside = [a1(*at) for at in sorted(cells) if at[0] == row]
    if beside:
        return f"O satırda dolu olanlar: {', '.join(beside[:_SHOWN])}{' …' if len(beside) > _SHOWN else ''}."
    last = a1(max(at[0] for at in cells), max(at[1] for at in cells))
    return f"Sayfanın dolu alanı: {a1(min(at[0] for at in cells), min(at[1] for at in cells))}:{last}."
