"""What the summary sheets have in common: the places of the official figures, total rows, verdicts in words."""

from __future__ import annotations

from typing import NamedTuple

from template_kit import Sheet
from template_tables import CostGrid, TargetGrid

FMT, PHT, IPT, TKT = (
    "'Faaliyet Maliyetleri'!",
    "'Performans Hedefleri'!",
    "'İdare Performans Tablosu'!",
    "'Toplam Kaynak İhtiyacı'!",
)
COST, TARGET = CostGrid(top=4), TargetGrid(top=4)
HEAD = 5  # heading row


class Part(NamedTuple):
    """Budget, extra-budget or total: where the tables have it."""

    head: str
    cost: int  # row of a cost table
    target: str  # cell of a target table
    summary: str  # column of İdare Performans Tablosu
    matrix: int  # row of Tablo 11
    source: str  # column of Kaynak


PARTS = (
    Part("Bütçe (TL)", COST.budget, f"C{TARGET.total}", "D", 7, "I"),
    Part("Bütçe dışı (TL)", COST.extra, f"D{TARGET.total}", "F", 9, "J"),
    Part("Toplam (TL)", COST.total, f"E{TARGET.total}", "H", 10, "K"),
)


class Grid(NamedTuple):
    """Rows of the totals below a summary's list, and the columns of its three parts."""

    activities: int
    columns: str

    @property
    def general(self) -> int:
        return self.activities + 1

    @property
    def transfers(self) -> int:
        return self.activities + 2

    @property
    def total(self) -> int:
        return self.activities + 3

    @property
    def verdict(self) -> int:
        return self.activities + 4

    @property
    def share(self) -> str:
        """The column after the parts."""
        return chr(ord(self.columns[-1]) + 1)


def heading_row(sheet: Sheet, code: str, name: str, counts: tuple[str, ...]) -> None:
    heads = (code, name, *counts, *(part.head for part in PARTS), "Pay (%)")
    for column, head in zip("ABCDEFGH", heads, strict=False):
        sheet.put(f"{column}{HEAD}", head, "heading")


def share_of_all(sheet: Sheet, grid: Grid, row: int, styles: str = "cell share") -> None:
    """The row's share of the grand total."""
    total = f"{grid.columns[-1]}${grid.total}"
    sheet.put(f"{grid.share}{row}", f"=IF({total}=0,0,{grid.columns[-1]}{row}/{total})", styles)


def total_rows(sheet: Sheet, grid: Grid, last: int, counts: dict[str, str]) -> None:
    """Activities, general administration, transfers, and all; `last` is the row of the list that is summed."""
    last_label = chr(ord(grid.columns[0]) - 1)
    rows = (
        (grid.activities, "Bütün faaliyetler", [f"=SUM({column}{last}:{column}{last})" for column in grid.columns]),
        (grid.general, "Genel yönetim giderleri", [f"={IPT}{part.summary}9" for part in PARTS]),
        (grid.transfers, "Diğer idarelere transfer, yedek ödenek", [f"={IPT}{part.summary}10" for part in PARTS]),
        (
            grid.total,
            "Genel toplam",
            [f"=SUM({column}{grid.activities}:{column}{grid.transfers})" for column in grid.columns],
        ),
    )
    for row, label, formulas in rows:
        total_label(sheet, row, label, last_label)
        for column, formula in zip(grid.columns, formulas, strict=True):
            sheet.put(f"{column}{row}", formula, "total money")
        share_of_all(sheet, grid, row, "total share")
    for column, formula in counts.items():
        sheet.put(f"{column}{grid.activities}", formula, "total count", left=0, right=0)
    sheet.heights(dict.fromkeys(range(grid.activities, grid.total + 1), 18.0))
    pairs = [
        (f"{column}{grid.total}", f"{TKT}F{part.matrix}") for column, part in zip(grid.columns, PARTS, strict=True)
    ]
    verdict_row(sheet, grid.verdict, grid.share, pairs, "Tablo 11'deki")


def total_label(sheet: Sheet, row: int, label: str, last: str) -> None:
    """A total row's label from column A on, over styled blanks up to `last`."""
    sheet.put(f"A{row}", label, "total open_right")
    for code in range(ord("B"), ord(last) + 1):
        sheet.put(f"{chr(code)}{row}", None, "total", left=0, right=0)


def verdict_row(sheet: Sheet, row: int, last: str, pairs: list[tuple[str, str]], place: str) -> None:
    """Says in words whether the grand total is that of another table."""
    passed = ",".join(agrees(f"({one}-{other})", one) for one, other in pairs)
    sheet.put(f"A{row}", "Denetim", "label")
    sheet.merge(
        f"B{row}:{last}{row}",
        f'=IF(AND({passed}),"TAMAM: genel toplam {place} ile aynı","HATA: genel toplam {place} ile aynı değil")',
        "cell left bold",
    )
    sheet.heights({row: 20})


def agrees(difference: str, amount: str) -> str:
    """Sums of trillions carry more digits than a spreadsheet holds; their last ones are no difference."""
    return f"OR(ROUND({difference},2)=0,ABS({difference})<ABS({amount})*1E-14)"


def finish(sheet: Sheet, area: str, section: str, *, landscape: bool = False) -> None:
    sheet.raw.freeze_panes(HEAD, 2)
    sheet.paged(area, section, landscape=landscape, titles=f"{HEAD}:{HEAD}")
    sheet.one_page_wide()
