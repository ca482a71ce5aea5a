"""The rows of a cost table and of Tablo 11 in their official order, and the totals below them."""

from enum import Enum

# What Tablo 11's columns of the finance office are called, and the four sums of a programme, by their keys.
COLUMN_NAMES = {"general": "Genel Yönetim Giderleri", "transfers": "Diğer İdarelere Transfer + Yedek Ödenek"}
TOTAL_NAMES = {"activities": "Performans Hedefleri Maliyetleri", **COLUMN_NAMES, "grand": "Genel Toplam"}


class CostRow(Enum):
    """An economic code or an extra-budget source; its value, code or "source0" to "source2", is its name in JSON.
    `label` is the official wording, `title` that with the code in front, `field` the templates' name for its amount."""

    PERSONNEL = (1, "Personel Giderleri")
    SOCIAL_SECURITY = (2, "SGK Devlet Primi Giderleri")
    GOODS_AND_SERVICES = (3, "Mal ve Hizmet Alım Giderleri")
    INTEREST = (4, "Faiz Giderleri")
    CURRENT_TRANSFERS = (5, "Cari Transferler")
    CAPITAL = (6, "Sermaye Giderleri")
    CAPITAL_TRANSFERS = (7, "Sermaye Transferleri")
    LENDING = (8, "Borç Verme")
    RESERVE = (9, "Yedek Ödenek")
    REVOLVING_FUND = ("source0", "Döner Sermaye", "doner_sermaye")
    OTHER_DOMESTIC = ("source1", "Diğer Yurt İçi", "diger_yurt_ici")
    FOREIGN = ("source2", "Yurt Dışı", "yurt_disi")

    code: int | None  # economic code, None for a source
    label: str
    title: str
    field: str
    position: int
    __hash__ = object.__hash__  # Enum's own is Python's, and a merge asks 27.000 times

    def __new__(cls, value: int | str, label: str, field: str = "") -> "CostRow":
        row = object.__new__(cls)
        row._value_ = value
        row.code = value if isinstance(value, int) else None
        row.label = label
        row.title = f"{row.code} {label}" if row.code else label
        row.field = field or f"gider_{value}"
        row.position = len(cls.__members__)
        return row

    @property
    def is_budget(self) -> bool:
        return self.code is not None


BUDGET_ROWS = tuple(row for row in CostRow if row.is_budget)
EXTRA_ROWS = tuple(row for row in CostRow if not row.is_budget)
COST_TABLE_ROWS = tuple(row for row in CostRow if row is not CostRow.RESERVE)  # only Tablo 11 has it


class CostTotal(Enum):
    """A total row and the rows that it adds up; its value is the label's name, `title` the official wording."""

    BUDGET = ("budget_total", "Toplam Bütçe Kaynak İhtiyacı", BUDGET_ROWS)
    EXTRA = ("extra_total", "Toplam Bütçe Dışı Kaynak İhtiyacı", EXTRA_ROWS)
    NEED = ("need_total", "Toplam Kaynak İhtiyacı", tuple(CostRow))  # a cost table's
    GRAND = ("grand_total", "Genel Toplam", tuple(CostRow))  # Tablo 11's

    title: str
    rows: tuple[CostRow, ...]
    __hash__ = object.__hash__

    def __new__(cls, value: str, title: str, rows: tuple[CostRow, ...]) -> "CostTotal":
        total = object.__new__(cls)
        total._value_ = value
        total.title = title
        total.rows = rows
        return total


PART_TOTALS = (CostTotal.BUDGET, CostTotal.EXTRA)
COST_TABLE_TOTALS = (*PART_TOTALS, CostTotal.NEED)
CostKey = CostRow | CostTotal
