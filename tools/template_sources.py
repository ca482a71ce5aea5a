"""The programme's sheet Kaynak: for each figure the form, sheet and cell that it came from."""

from __future__ import annotations

from typing import NamedTuple

from template_kit import GREY, Book

NAME = "Kaynak"
HEAD = 4
COSTS, COLUMNS, INDICATORS, GENERAL_TABLES = "Maliyet", "Tablo 11", "Gösterge", "Genel bilgi"


class Column(NamedTuple):
    """A column: its heading, and what stands in it for a cost, a figure of Tablo 11, an indicator, a general table."""

    head: str
    cost: str
    column: str
    indicator: str
    general_tables: str = ""
    styles: str = "cell left"


_ROWS = (  # list, field of the form it came from
    ("tutar", "kaynak"),
    ("mali_tutar", "mali_tutar"),
    ("gosterge_kaynagi", "gosterge_kaynagi"),
    ("bilgi_kaynagi", "bilgi_kaynagi"),
)


def _form(head: str, field: str, styles: str = "cell left") -> Column:
    """A column that says something of the form itself."""
    cost, column, indicator, general_tables = (f"{{{{ {form}.{field} }}}}" for _, form in _ROWS)
    return Column(head, cost, column, indicator, general_tables, styles)


def _cell(head: str, field: str) -> Column:
    return Column(head, *(f"{{{{ {kind}.{field} }}}}" for kind, _ in _ROWS))


def _amount(head: str, year: str, field: str, value: str, styles: str = "cell money") -> Column:
    """A column of amounts; of an indicator it has the value of a year."""
    return Column(
        f"{head} (TL)\ngöstergede {{{{ {year} }}}}",
        f"{{{{ tutar.{field} }}}}",
        f"{{{{ mali_tutar.{field} }}}}",
        f"{{{{ gosterge_kaynagi.{value} }}}}",
        styles=styles,
    )


_COLUMNS = (
    Column("Tablo", COSTS, COLUMNS, INDICATORS, GENERAL_TABLES),
    Column("Kod", "{{ faaliyet.kod }}", "", "{{ gosterge.kod }}", styles="cell left bold nowrap"),
    Column(
        "Faaliyet, sütun ya da gösterge",
        "{{ faaliyet.ad }}",
        "{{ mali_tutar.sutun }}",
        "{{ gosterge.ad }}",
        "{{ bilgi_kaynagi.tablo }}",
    ),
    Column(
        "Satır",
        "{{ tutar.kalem }}",
        "{{ mali_tutar.kalem }}",
        "t-1, t ve t+1 değerleri",
        "{{ bilgi_kaynagi.satir }}",
    ),
    _form("Harcama birimi", "birim"),
    _cell("Dosya", "dosya"),
    _cell("Sayfa", "sayfa"),
    _cell("Hücre", "hucre"),
    _amount("Bütçe", "iki_onceki_yil", "butce", "iki_onceki"),
    _amount("Bütçe dışı", "onceki_yil", "butce_disi", "onceki"),
    _amount("Toplam", "yil", "toplam", "deger", "cell money bold"),
    _form("Revizyon", "revizyon", "cell center"),
    _form("Formu dolduran", "dolduran"),
    _form("Dosyanın özeti (SHA-256)", "ozet", "cell left small"),
)
_LETTERS = "ABCDEFGHIJKLMN"


def source_sheet(book: Book) -> None:
    """One list under one heading, so that it can be filtered by form, unit or activity as a whole."""
    sheet = book.sheet(NAME, "9 11 36 24 21 30 8 12 15 15 15 9 14 22 3 14", tab=GREY)
    sheet.titled("Kaynak: her rakamın geldiği form, sayfa ve hücre", "P1")
    last = HEAD + len(_ROWS)
    for letter, column in zip(_LETTERS, _COLUMNS, strict=True):
        sheet.put(f"{letter}{HEAD}", column.head, "heading")
        for row, text in enumerate(column[1:5], HEAD + 1):
            sheet.put(f"{letter}{row}", text or None, column.styles)
    for row, (kind, _) in enumerate(_ROWS, HEAD + 1):
        sheet.repeat(kind, f"A{row}:N{row}")
        sheet.heights({row: 18})
    sheet.raw.autofilter(f"A{HEAD}:N{last}")
    sheet.heights({HEAD: 30})
    sheet.raw.freeze_panes(HEAD, 2)
    sheet.paged(f"A1:N{last}", NAME, landscape=True, titles=f"{HEAD}:{HEAD}")
    sheet.one_page_wide()


# Sums by what stands in the rows and not by their place: the list may be sorted.


def sum_of_kind(letter: str) -> str:
    """All amounts of the cost tables in a column of Kaynak."""
    return f'=SUMIF({NAME}!$A:$A,"{COSTS}",{NAME}!${letter}:${letter})'


def sum_of_activity(letter: str) -> str:
    return f'=SUMIF({NAME}!$B:$B,"{{{{ faaliyet.kod }}}}",{NAME}!${letter}:${letter})'


def sum_of_column(letter: str, column: str) -> str:
    """The amounts of a column of Tablo 11."""
    return f'=SUMIFS({NAME}!${letter}:${letter},{NAME}!$A:$A,"{COLUMNS}",{NAME}!$C:$C,"{column}")'
