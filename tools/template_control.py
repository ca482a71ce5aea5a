"""The Kontrol sheet of a directorate's form: live formulas that show most faults before the form is sent."""

from __future__ import annotations

from template_general_tables import SHAPES, general_table_control
from template_kit import GREEN, RED, Book, Sheet
from template_tables import CostGrid, TargetGrid

CONTROL = "Kontrol"
_TARGET_ROW = 9
_ACTIVITY_ROW = 13
_TABLE_ROW = 17
_TABLE_VERDICTS = " ".join(f"G{row}:G{row}" for row in range(_TABLE_ROW, _TABLE_ROW + len(SHAPES)))
_TARGET_HEADS = ("Sayfa", "Performans hedefi", "Boş değer", None, "Sayı olmayan", None, "Sonuç")
_ACTIVITY_HEADS = ("Faaliyet", "Adı", "Boş mu", "Eksi tutar", "Sayı olmayan", "Maliyet (TL)", "Sonuç")


def control_sheet(book: Book, target_sheet: str, target: TargetGrid, cost: CostGrid) -> None:
    """A row for each target, activity and general table, its verdict, the sum to be signed, one verdict on all."""
    sheet = book.sheet(CONTROL, "12 44 10 10 12 18 16 14")
    sheet.titled("Kontrol: göndermeden önce bakınız")
    sheet.put("A2", "{{ birim.ad }} – {{ yil }} Mali Yılı Performans Programı Formu", "subtitle")
    sheet.link("H1", "'Kimlik'!A1", "◄ Kimlik")
    _verdict(sheet)
    _targets(sheet, target_sheet, target)
    _activities(sheet, target_sheet, target, cost)
    general_table_control(sheet, _TABLE_ROW - 1)
    _signals(book, sheet, f"B4:B5 G{_TARGET_ROW}:G{_TARGET_ROW} G{_ACTIVITY_ROW}:G{_ACTIVITY_ROW} {_TABLE_VERDICTS}")
    sheet.raw.freeze_panes(3, 0)
    sheet.paged(f"A1:G{_TABLE_ROW + len(SHAPES) - 1}", CONTROL, landscape=True)
    sheet.protect()


def _verdict(sheet: Sheet) -> None:
    areas = (f"G{_TARGET_ROW}:G{_TARGET_ROW}", f"G{_ACTIVITY_ROW}:G{_ACTIVITY_ROW}", *_TABLE_VERDICTS.split())
    wrong = "+".join(f'COUNTA({area})-COUNTIF({area},"TAMAM")' for area in areas)
    sheet.put("A4", "Form", "label")
    sheet.put(
        "B4", f'=IF({wrong}=0,"TAMAM: form gönderilebilir","EKSİK: "&({wrong})&" satıra bakınız")', "cell left bold"
    )
    sheet.put("A5", "Dolduran", "label")
    sheet.put("B5", '=IF(ISBLANK(Kimlik!B7),"EKSİK: Kimlik sayfasına adınızı yazınız","TAMAM")', "cell left bold")
    sheet.heights({4: 20, 5: 20, 6: 10})


def _targets(sheet: Sheet, target_sheet: str, target: TargetGrid) -> None:
    row = _TARGET_ROW
    _heads(sheet, row - 1, _TARGET_HEADS)
    values = f"'{target_sheet}'!C{target.indicator}:E{target.indicator}"
    sheet.link(f"A{row}", f"'{target_sheet}'!A1", target_sheet, "cell left textlink")
    sheet.put(f"B{row}", "{{ hedef.ad }}", "cell left")
    sheet.put(f"C{row}", f"=COUNTBLANK({values})", "cell count")
    sheet.put(f"E{row}", f"=COUNTA({values})-({_numbers(values)})", "cell count")
    sheet.put(f"G{row}", f'=IF(C{row}>0,"EKSİK",IF(E{row}>0,"SAYI DEĞİL","TAMAM"))', "cell center bold")
    sheet.row(row, "cell", D=None, F=None)
    sheet.repeat("hedef", f"A{row}:G{row}")
    sheet.heights({row - 1: 20, row: 18, row + 1: 12})


def _activities(sheet: Sheet, target_sheet: str, target: TargetGrid, cost: CostGrid) -> None:
    row = _ACTIVITY_ROW
    _heads(sheet, row - 1, _ACTIVITY_HEADS)
    areas = [f"'{target_sheet}'!C{first}:C{last}" for first, last in (cost.codes, cost.sources)]
    filled = "+".join(f"COUNTA({area})" for area in areas)
    numbers = "+".join(map(_numbers, areas))
    negative = "+".join(f'COUNTIF({area},"<0")' for area in areas)
    sheet.put(f"A{row}", "{{ faaliyet.kod }}", "cell left bold nowrap")
    sheet.put(f"B{row}", "{{ faaliyet.ad }}", "cell left")
    sheet.put(f"C{row}", f'=IF({filled}=0,"BOŞ","")', "cell center")
    sheet.put(f"D{row}", f"={negative}", "cell count")
    sheet.put(f"E{row}", f"={filled}-({numbers})", "cell count")
    sheet.put(f"F{row}", f"='{target_sheet}'!C{cost.total}", "cell money")
    differs = f"ROUND('{target_sheet}'!E{target.activity}-F{row},2)<>0"
    verdict = f'IF(D{row}>0,"EKSİ TUTAR",IF(E{row}>0,"SAYI DEĞİL",IF({differs},"TOPLAM FARKLI","TAMAM")))'
    sheet.put(f"G{row}", f'=IF(C{row}="BOŞ","EKSİK",{verdict})', "cell center bold")
    sheet.repeat("faaliyet", f"A{row}:G{row}")
    sheet.put(f"A{row + 1}", "İmzalanacak toplam (TL)", "total")
    sheet.row(row + 1, "total", B=None, C=None, D=None, E=None, G=None)
    sheet.put(f"F{row + 1}", f"=SUM(F{row}:F{row})", "total money")
    sheet.heights({row - 1: 20, row: 18, row + 1: 20})


def _numbers(area: str) -> str:
    """How many cells hold a number, or the dash that stands for none.

    COUNTIF(…,"-") would count zeros too: LibreOffice reads a lone dash as the number 0.
    """
    return f'COUNT({area})+SUMPRODUCT(({area}="-")*1)'


def _heads(sheet: Sheet, row: int, heads: tuple[str | None, ...]) -> None:
    for column, head in zip("ABCDEFG", heads, strict=False):
        sheet.put(f"{column}{row}", head, "heading")


def _signals(book: Book, sheet: Sheet, areas: str) -> None:
    """Colours the verdicts; the words themselves are the first signal."""
    for area in areas.split():
        first = area.partition(":")[0]
        for criteria, colour, ground in (
            (f'=LEFT({first},5)="TAMAM"', GREEN, "#E3F1E7"),
            (f'=LEFT({first},5)<>"TAMAM"', RED, "#F9DEDC"),
        ):
            style = book.file.add_format({"font_color": colour, "bg_color": ground, "bold": True})
            sheet.raw.conditional_format(area, {"type": "formula", "criteria": criteria, "format": style})
