"""The target table (PHT) and the cost table (FMT), drawn alike in the programme and in a form."""

from __future__ import annotations

from dataclasses import dataclass

from template_kit import Sheet

from kars_xl.model.cost_rows import COST_TABLE_ROWS, COST_TABLE_TOTALS, EXTRA_ROWS

ECONOMIC_CODES = tuple(row.label for row in COST_TABLE_ROWS if row.is_budget)
SOURCES = tuple((row.label, row.field) for row in EXTRA_ROWS)
BUDGET_TOTAL, EXTRA_TOTAL, COST_TOTAL = (total.title for total in COST_TABLE_TOTALS)


@dataclass(frozen=True)
class TargetGrid:
    """Rows of a target table whose heading stands in row `top`."""

    top: int

    @property
    def note(self) -> int:
        return self.top + 5

    @property
    def indicator(self) -> int:
        return self.top + 7

    @property
    def activity(self) -> int:
        return self.top + 10

    @property
    def subtotal(self) -> int:
        return self.top + 11

    @property
    def total(self) -> int:
        return self.top + 12


@dataclass(frozen=True)
class CostGrid:
    """Rows of a cost table whose first row (İdare Adı) is row `top`."""

    top: int

    @property
    def codes(self) -> tuple[int, int]:
        """First and last row of the economic codes 1-8."""
        return self.top + 5, self.top + 12

    @property
    def budget(self) -> int:
        return self.top + 13

    @property
    def sources(self) -> tuple[int, int]:
        return self.top + 14, self.top + 16

    @property
    def extra(self) -> int:
        return self.top + 17

    @property
    def total(self) -> int:
        return self.top + 18


def target_table(sheet: Sheet, grid: TargetGrid, cost_sheet: str, cost: CostGrid, *, entry: bool = False) -> None:
    """Draws one target table in columns A:E; its amounts are formulas to the table `cost` on `cost_sheet`."""
    top = grid.top
    sheet.merge(f"A{top}:E{top}", "PERFORMANS HEDEFİ TABLOSU", "heading", font_size=11)
    labels = (
        ("İdare Adı", "{{ kurum.ad }}", "bold"),
        ("Amaç {{ amac.kod }}", "{{ amac.ad }}", ""),
        ("Hedef {{ stratejik_hedef.kod }}", "{{ stratejik_hedef.ad }}", ""),
        ("Performans Hedefi {{ hedef.kod }}", "{{ hedef.ad }}", "bold"),
        ("Açıklamalar", "{{ hedef.aciklama }}", "entry" if entry else ""),
    )
    for row, (label, value, look) in enumerate(labels, top + 1):
        sheet.put(f"A{row}", label, "label")
        sheet.merge(f"B{row}:E{row}", value, f"cell left {look}")
    _indicators(sheet, grid, entry)
    _activities(sheet, grid, cost_sheet, cost)
    sheet.heights({top: 22, **dict.fromkeys(range(top + 1, grid.total + 1), 16.5)})


def _indicators(sheet: Sheet, grid: TargetGrid, entry: bool) -> None:
    row = grid.indicator
    sheet.merge(f"A{row - 1}:B{row - 1}", "Performans Göstergeleri", "subheading left")
    sheet.row(row - 1, "subheading", C="{{ iki_onceki_yil }}", D="{{ onceki_yil }}", E="{{ yil }}")
    sheet.put(f"A{row}", "{{ gosterge.kod }}", "cell left bold nowrap")
    sheet.put(f"B{row}", "{{ gosterge.ad }}", "cell left")
    values = "cell money entry nowrap" if entry else "cell money"
    sheet.row(row, values, C="{{ gosterge.iki_onceki }}", D="{{ gosterge.onceki }}", E="{{ gosterge.deger }}")
    sheet.repeat("gosterge", f"A{row}:E{row}")


def _activities(sheet: Sheet, grid: TargetGrid, cost_sheet: str, cost: CostGrid) -> None:
    row = grid.activity
    sheet.merge(f"A{row - 2}:B{row - 1}", "Faaliyetler", "subheading left")
    sheet.merge(f"C{row - 2}:E{row - 2}", "Kaynak İhtiyacı ({{ yil }}) (TL)", "subheading")
    sheet.row(row - 1, "subheading", C="Bütçe", D="Bütçe Dışı", E="Toplam")
    sheet.put(f"A{row}", "{{ faaliyet.kod }}", "cell left bold nowrap")
    sheet.put(f"B{row}", "{{ faaliyet.ad }}", "cell left")
    sheet.row(
        row,
        "cell money",
        C=f"={cost_sheet}C{cost.budget}",
        D=f"={cost_sheet}C{cost.extra}",
        E=f"={cost_sheet}C{cost.total}",
    )
    sheet.repeat("faaliyet", f"A{row}:E{row}")
    for total, label in ((grid.subtotal, "Ara Toplam"), (grid.total, "Genel Toplam")):
        sheet.put(f"A{total}", label, "total open_right")
        sheet.put(f"B{total}", None, "total open_left")
        for column in "CDE":
            sheet.put(f"{column}{total}", f"=SUM({column}{row}:{column}{row})", "total money")


def cost_table(sheet: Sheet, grid: CostGrid, *, units: str, last: str = "C", entry: bool = False) -> None:
    """Draws one cost table: label or code in A, label in B, value in C (wordings merged to column `last`)."""
    top = grid.top
    heads = (
        ("İdare Adı", None, "{{ kurum.ad }}", "bold"),
        ("Performans Hedefi", "{{ hedef.kod }}", "{{ hedef.ad }}", ""),
        ("Faaliyet Adı", "{{ faaliyet.kod }}", "{{ faaliyet.ad }}", ""),
        ("Sorumlu Harcama Birimi veya Birimleri", None, units, ""),
    )
    for row, (label, code, value, look) in enumerate(heads, top):
        sheet.put(f"A{row}", label, "label")
        sheet.put(f"B{row}", code, "cell left bold nowrap")
        _wide(sheet, row, last, value, f"cell left {look}")
    sheet.put(f"A{top + 4}", "Ekonomik Kod", "subheading open_right", align="left", indent=1)
    sheet.put(f"B{top + 4}", None, "subheading open_left")
    sheet.put(f"C{top + 4}", "{{ yil }}", "subheading right")
    _cost_amounts(sheet, grid, "cell dash entry nowrap right" if entry else "cell dash right")
    for row in range(top, grid.total + 1):
        sheet.raw.set_row(row - 1, 14.5)
    sheet.heights({top + 3: 25})


def _cost_amounts(sheet: Sheet, grid: CostGrid, amount: str) -> None:
    first_code, last_code = grid.codes
    for number, name in enumerate(ECONOMIC_CODES, 1):
        row = first_code + number - 1
        sheet.put(f"A{row}", number, "cell center")
        sheet.put(f"B{row}", name, "cell left nowrap")
        sheet.put(f"C{row}", f"{{{{ faaliyet.gider_{number} }}}}", amount)
    first_source, last_source = grid.sources
    for row, (name, field) in enumerate(SOURCES, first_source):
        first, last = row == first_source, row == last_source
        sheet.put(f"A{row}", "Bütçe Dışı" if first else None, "cell left", top=int(first), bottom=int(last))
        sheet.put(f"B{row}", name, "cell left nowrap")
        sheet.put(f"C{row}", f"{{{{ faaliyet.{field} }}}}", amount)
    totals = (
        (grid.budget, BUDGET_TOTAL, f"=SUM(C{first_code}:C{last_code})"),
        (grid.extra, EXTRA_TOTAL, f"=SUM(C{first_source}:C{last_source})"),
        (grid.total, COST_TOTAL, f"=C{grid.budget}+C{grid.extra}"),
    )
    for row, label, formula in totals:
        sheet.put(f"A{row}", label, "total open_right")
        sheet.put(f"B{row}", None, "total open_left")
        sheet.put(f"C{row}", formula, "total dash right")


def _wide(sheet: Sheet, row: int, last: str, value: str, styles: str) -> None:
    """A wording in column C, merged to column `last` where that is further right."""
    if last == "C":
        sheet.put(f"C{row}", value, styles)
    else:
        sheet.merge(f"C{row}:{last}{row}", value, styles)
