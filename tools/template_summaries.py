"""The summaries of the programme, which add up to the same grand total: by unit, by goal, by economic code."""

from __future__ import annotations

from template_kit import GREY, Book, Sheet
from template_sources import COSTS as KIND
from template_sources import NAME as SOURCES
from template_summary_kit import (
    COST,
    FMT,
    HEAD,
    IPT,
    PARTS,
    PHT,
    TARGET,
    TKT,
    Grid,
    agrees,
    finish,
    heading_row,
    share_of_all,
    total_label,
    total_rows,
    verdict_row,
)
from template_tables import ECONOMIC_CODES

BY_UNIT, BY_GOAL, BY_CODE = "Birimlere Göre", "Amaçlara Göre", "Ekonomik Koda Göre"
GOALS_BY_CODE = "Amaç ve Ekonomik Koda Göre"


UNIT, GOAL = Grid(HEAD + 2, "DEF"), Grid(HEAD + 3, "EFG")
# Of the sheet by code: rows of a code, of all codes, of a source, of all sources, of all; the columns.
CODE, CODES, EXTRA, EXTRAS, ALL = range(HEAD + 1, HEAD + 6)
_VERDICT = ALL + 1
# Of the sheet by goal and code: rows of a goal, a target, the total, its difference and verdict; the columns.
GOAL_ROW, TARGET_ROW, GOALS_TOTAL, GOALS_FAULT, GOALS_VERDICT = range(HEAD + 1, HEAD + 6)
_CODE_COLUMNS = "CDEFGHIJ"
GOALS_EXTRA, GOALS_ALL = "K", "L"

# For the sheet Denetim: where each summary has its grand total (budget, extra-budget, both), and its columns' verdicts.
GRAND_TOTALS = {
    BY_UNIT: [f"{column}{UNIT.total}" for column in UNIT.columns],
    BY_GOAL: [f"{column}{GOAL.total}" for column in GOAL.columns],
    BY_CODE: [f"F{CODES}", f"F{EXTRAS}", f"F{ALL}"],
}
COLUMN_VERDICTS = f"{_CODE_COLUMNS[0]}{GOALS_VERDICT}:{GOALS_ALL}{GOALS_VERDICT}"


def summaries(book: Book) -> None:
    by_unit(book)
    by_goal(book)
    by_code(book)
    goals_by_code(book)


def by_unit(book: Book) -> None:
    sheet = book.sheet(BY_UNIT, "11 42 10 15.5 14 15.5 9 3 14")
    sheet.titled("Birimlere Göre Kaynak İhtiyacı", "I1")
    row, detail = HEAD + 1, UNIT.verdict + 5
    heading_row(sheet, "Sıra", "Harcama birimi", ("Faaliyet sayısı",))
    sheet.put(f"A{row}", f"=ROW()-{HEAD}", "cell center")
    sheet.link(f"B{row}", f"'{BY_UNIT}'!A{detail}", "{{ birim_ozeti.ad }}", "cell left textlink")
    sheet.put(f"C{row}", f"=COUNTA(A{detail + 1}:A{detail + 1})+COUNTA(A{detail + 2}:A{detail + 2})", "cell count")
    for column in UNIT.columns:
        sheet.put(f"{column}{row}", f"={column}{detail + 3}", "cell money")
    share_of_all(sheet, UNIT, row)
    sheet.repeat("birim_ozeti", f"A{row}:G{row}")
    total_rows(sheet, UNIT, row, {"C": f"='{BY_GOAL}'!C{GOAL.activities}"})
    sheet.merge(
        f"A{UNIT.verdict + 1}:G{UNIT.verdict + 1}",
        "Tek birimin faaliyeti maliyet tablosundan gelir ve onunla birlikte değişir. Ortak faaliyette her birimin "
        "karşısında kendi formundaki tutar vardır (Kaynak sayfasından): ortak bir maliyet tablosu elle değiştirilirse "
        "fark birimlere dağıtılmaz, denetim HATA gösterir. Formlarda ayrılmamış ortak faaliyetin birimleri birlikte "
        "tek satırdır.",
        "left",
        text_wrap=True,
        font_color=GREY,
    )
    sheet.put(f"A{detail - 2}", "Birimlerin faaliyetleri", "title", font_size=12)
    _unit_block(sheet, detail)
    sheet.signal(f"B{UNIT.verdict}")
    sheet.heights({4: 6, HEAD: 28, row: 17, UNIT.verdict + 1: 52, detail - 2: 24, detail - 1: 6})
    finish(sheet, f"A1:G{detail + 4}", "Birimlere Göre Kaynak İhtiyacı")


def _unit_block(sheet: Sheet, row: int) -> None:
    """A unit's activities, alone and shared, and their sum; `row` is the unit's own."""
    alone, shared, total = row + 1, row + 2, row + 3
    for column in "ABCDEFG":
        sheet.put(f"{column}{row}", "{{ birim_ozeti.ad }}" if column == "A" else None, "label nowrap", left=0, right=0)
    for line, note in ((alone, None), (shared, "ortak")):
        sheet.put(f"A{line}", "{{ faaliyet.kod }}", "cell left bold nowrap")
        sheet.put(f"B{line}", "{{ faaliyet.ad }}", "cell left")
        sheet.put(f"C{line}", note, "cell center small")
        share_of_all(sheet, UNIT, line)
    sheet.put(f"B{shared}", "{{ faaliyet.ad }} (ortak: {{ ortak_faaliyet.diger_birimler }})", "cell left")
    of_unit = f'SUMIFS({SOURCES}!$@:$@,{SOURCES}!$A:$A,"{KIND}",{SOURCES}!$B:$B,$A{shared},{SOURCES}!$E:$E,$A{row})'
    for column, part in zip(UNIT.columns, PARTS, strict=True):
        sheet.put(f"{column}{alone}", f"={FMT}C{part.cost}", "cell money")
        sheet.put(f"{column}{shared}", "=" + of_unit.replace("@", part.source), "cell money")
        sheet.put(f"{column}{total}", f"=SUM({column}{alone}:{column}{shared})", "total money")
    total_label(sheet, total, "Birim toplamı", "C")
    share_of_all(sheet, UNIT, total, "total share")
    sheet.repeat("birim_faaliyeti", f"A{alone}:G{alone}")
    sheet.repeat("ortak_faaliyet", f"A{shared}:G{shared}")
    sheet.repeat("birim_ozeti_2", f"A{row}:G{total + 1}")
    sheet.heights({row: 20, alone: 16, shared: 16, total: 18, total + 1: 12})


def by_goal(book: Book) -> None:
    sheet = book.sheet(BY_GOAL, "8 42 10 10 15.5 14 15.5 9 3 14")
    sheet.titled("Amaçlara Göre Kaynak İhtiyacı", "J1")
    goal, target = HEAD + 1, HEAD + 2
    heading_row(sheet, "Kod", "Amaç ve altında performans hedefleri", ("Faaliyet sayısı", "Gösterge sayısı"))
    sheet.put(f"A{goal}", "{{ amac.kod }}", "total center", indent=0)
    sheet.put(f"B{goal}", "{{ amac.ad }}", "total", text_wrap=True)
    _target_name(sheet, target)
    for column, row in (("C", TARGET.activity), ("D", TARGET.indicator)):
        sheet.put(f"{column}{goal}", f"=SUM({column}{target}:{column}{target})", "total count")
        sheet.put(f"{column}{target}", f"=COUNTA({PHT}A{row}:A{row})", "cell count")
    for column, part in zip(GOAL.columns, PARTS, strict=True):
        sheet.put(f"{column}{goal}", f"=SUM({column}{target}:{column}{target})", "total money")
        sheet.put(f"{column}{target}", f"={PHT}{part.target}", "cell money")
    share_of_all(sheet, GOAL, goal, "total share")
    share_of_all(sheet, GOAL, target)
    sheet.repeat("hedef", f"A{target}:H{target}")
    sheet.repeat("amac", f"A{goal}:H{target}")
    total_rows(sheet, GOAL, target, {column: f"=SUM({column}{target}:{column}{target})" for column in "CD"})
    sheet.signal(f"B{GOAL.verdict}")
    sheet.heights({4: 6, HEAD: 28, goal: 20, target: 16})
    finish(sheet, f"A1:H{GOAL.verdict}", "Amaçlara Göre Kaynak İhtiyacı")


def by_code(book: Book) -> None:
    sheet = book.sheet(BY_CODE, "10 38 15.5 15.5 15.5 15.5 9 3 14")
    sheet.titled("Ekonomik Koda Göre Kaynak İhtiyacı", "I1")
    heads = ("Kod", "Gider türü ya da kaynak", "Faaliyetlere", "Genel yönetime", "Transfere ve yedeğe", "Tümü (TL)")
    sheet.row(HEAD, "heading", **dict(zip("ABCDEF", heads, strict=True)), G="Pay (%)")
    for row, kind, source in ((CODE, "ekonomik_kod", 6), (EXTRA, "kaynak_turu", 8)):
        sheet.put(f"A{row}", "{{ ekonomik_kod.kod }}" if kind == "ekonomik_kod" else None, "cell center")
        sheet.put(f"B{row}", f"{{{{ {kind}.ad }}}}", "cell left")
        for column in "CDE":
            sheet.put(f"{column}{row}", f"={TKT}{column}{source}", "cell money")
        sheet.put(f"F{row}", f"=SUM(C{row}:E{row})", "cell money bold")
        sheet.put(f"G{row}", f"=IF(F${ALL}=0,0,F{row}/F${ALL})", "cell share")
        sheet.repeat(kind, f"A{row}:G{row}")
    totals = (
        (CODES, "Bütçe toplamı", f"=SUM(@{CODE}:@{CODE})"),
        (EXTRAS, "Bütçe dışı toplamı", f"=SUM(@{EXTRA}:@{EXTRA})"),
        (ALL, "Genel toplam", f"=@{CODES}+@{EXTRAS}"),
    )
    for row, label, formula in totals:
        total_label(sheet, row, label, "B")
        for column in "CDEF":
            sheet.put(f"{column}{row}", formula.replace("@", column), "total money")
        sheet.put(f"G{row}", f"=IF(F${ALL}=0,0,F{row}/F${ALL})", "total share")
    pairs = [(f"F{row}", f"{IPT}{column}11") for row, column in ((CODES, "D"), (EXTRAS, "F"), (ALL, "H"))]
    verdict_row(sheet, _VERDICT, "G", pairs, "İdare Performans Tablosu'ndaki")
    sheet.signal(f"B{_VERDICT}")
    sheet.heights({4: 6, HEAD: 28, **dict.fromkeys(range(CODE, ALL + 1), 18.0)})
    finish(sheet, f"A1:G{_VERDICT}", "Ekonomik Koda Göre Kaynak İhtiyacı")


def goals_by_code(book: Book) -> None:
    """The activities' costs of each goal and target, a column for each code."""
    sheet = book.sheet(GOALS_BY_CODE, "10 40 " + "14.5 " * 10 + "3 14")
    sheet.titled("Amaç ve Ekonomik Koda Göre Faaliyet Maliyetleri", "N1")
    heads = [f"{number} {name}" for number, name in enumerate(ECONOMIC_CODES, 1)]
    sheet.row(HEAD, "heading", A="Kod", B="Amaç ve altında performans hedefleri", K="Bütçe dışı", L="Tümü (TL)")
    for column, head in zip(_CODE_COLUMNS, heads, strict=True):
        sheet.put(f"{column}{HEAD}", head, "heading")
    sheet.put(f"A{GOAL_ROW}", "{{ amac.kod }}", "total center", indent=0)
    sheet.put(f"B{GOAL_ROW}", "{{ amac.ad }}", "total", text_wrap=True)
    _target_name(sheet, TARGET_ROW)
    for row, label in (
        (GOALS_TOTAL, "Bütün faaliyetler"),
        (GOALS_FAULT, f"Fark: {BY_CODE} sayfasından"),
        (GOALS_VERDICT, "Denetim"),
    ):
        total_label(sheet, row, label, "B")
    first = COST.codes[0]
    rows = [first + at for at in range(len(_CODE_COLUMNS))] + [COST.extra, COST.total]
    codes, amounts = (f"'{BY_CODE}'!${column}${CODE}:${column}${CODE}" for column in "AC")
    expected = [f"SUMIF({codes},{number},{amounts})" for number in range(1, len(_CODE_COLUMNS) + 1)]
    expected += [f"'{BY_CODE}'!$C${EXTRAS}", f"'{BY_CODE}'!$C${ALL}"]
    for column, row, other in zip(_CODE_COLUMNS + GOALS_EXTRA + GOALS_ALL, rows, expected, strict=True):
        total = f"=SUM({column}{TARGET_ROW}:{column}{TARGET_ROW})"
        sheet.put(f"{column}{GOAL_ROW}", total, "total dash")
        sheet.put(f"{column}{TARGET_ROW}", f"=SUM({FMT}C{row})", "cell dash")
        sheet.put(f"{column}{GOALS_TOTAL}", total, "total money")
        sheet.put(f"{column}{GOALS_FAULT}", f"={column}{GOALS_TOTAL}-{other}", "cell money")
        passed = agrees(f"{column}{GOALS_FAULT}", f"{column}{GOALS_TOTAL}")
        sheet.put(f"{column}{GOALS_VERDICT}", f'=IF({passed},"TAMAM","HATA")', "cell center bold")
    sheet.repeat("hedef", f"A{TARGET_ROW}:{GOALS_ALL}{TARGET_ROW}")
    sheet.repeat("amac", f"A{GOAL_ROW}:{GOALS_ALL}{TARGET_ROW}")
    sheet.signal(COLUMN_VERDICTS)
    sheet.heights({4: 6, HEAD: 40, GOAL_ROW: 18, TARGET_ROW: 16})
    sheet.heights({GOALS_TOTAL: 18, GOALS_FAULT: 18, GOALS_VERDICT: 18})
    area = f"A1:{GOALS_ALL}{GOALS_VERDICT}"
    finish(sheet, area, "Amaç ve Ekonomik Koda Göre Faaliyet Maliyetleri", landscape=True)


def _target_name(sheet: Sheet, row: int) -> None:
    """A target's code and name; the code leads to its table (LibreOffice wraps no text that is a link)."""
    sheet.link(f"A{row}", f"{PHT}A{TARGET.top}", "{{ hedef.kod }}", "cell center textlink")
    sheet.put(f"B{row}", "{{ hedef.ad }}", "cell left")
