"""Programmes as they are printed: all five tables of an invented town, in rows of text, with the address of every cell.

A fault is put into a cell by its address, and the address is where the audit must say it.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import xlsxwriter

from kars_xl.reading.grid import open_grid
from kars_xl.reading.grid.plain import read_plain
from kars_xl.reading.recognise import recognise
from kars_xl.reading.tables import Document
from tests.helpers.form_tables import COST_ROWS

VERBS = [
    "yapılması",
    "onarılması",
    "temizlenmesi",
    "kurulması",
    "boyanması",
    "dikilmesi",
    "denetlenmesi",
    "taşınması",
    "ölçülmesi",
    "eğitilmesi",
]
THINGS = [
    "köprü",
    "kaldırım",
    "çeşme",
    "kütüphane",
    "dalgakıran",
    "bisiklet",
    "güzergâh",
    "kreş",
    "otobüs",
    "mezbaha",
    "şelale",
    "arşiv",
    "hamam",
    "yüzme",
    "kanal",
    "ışıklandırma",
    "çöplük",
    "fidanlık",
    "iskele",
    "seyir",
    "terası",
    "gölet",
    "pazar",
    "bulvar",
    "tünel",
    "ambar",
    "ilkyardım",
    "ölçüm",
    "koruluk",
]
UNITS = ("Fen İşleri", "Park ve Bahçeler", "Zabıta", "İtfaiye", "Ulaşım", "Çevre Koruma", "Özel Kalem", "İmar")
ROWS = (*COST_ROWS, "Yedek Ödenek")
Address = tuple[int, int]


def tl(kurus: int) -> str:
    """1234567 → "12.345,67"; computed apart from the package."""
    whole, rest = divmod(abs(kurus), 100)
    return f"{'-' if kurus < 0 else ''}{whole:,}".replace(",", ".") + f",{rest:02d}"


def percent(part: int, whole: int) -> str:
    share = Decimal(part) * 100 / Decimal(whole) if whole else Decimal(0)
    return f"{share.quantize(Decimal('0.01'), ROUND_HALF_UP)}%".replace(".", ",")


@dataclass
class Item:
    """An activity: what it is called, who pays, and kuruş by economic code and from the revolving fund."""

    code: str
    name: str
    unit: str
    budget: dict[int, int]
    extra: int

    @property
    def costs(self) -> tuple[int, int, int]:
        inside = sum(self.budget.values())
        return inside, self.extra, inside + self.extra


@dataclass
class Printed:
    """Rows of texts; `at` has the address (row, column from 1) of each cell by table, code and what it holds."""

    year: int
    town: str
    items: list[Item]
    targets: dict[str, str]
    general: dict[int, int]
    transfers: dict[int, int]
    rows: list[list[str]] = field(default_factory=list)
    at: dict[tuple[str, ...], Address] = field(default_factory=dict)

    def put(self, *cells: str | tuple[str, tuple[str, ...]]) -> None:
        """A row; a cell that is (text, key) is known by its key."""
        texts = []
        for column, cell in enumerate(cells, start=1):
            if isinstance(cell, tuple):
                self.at[cell[1]] = (len(self.rows) + 1, column)
                cell = cell[0]
            texts.append(cell)
        self.rows.append(texts)

    def get(self, *key: str) -> str:
        row, column = self.at[key]
        return self.rows[row - 1][column - 1]

    def set(self, text: str, *key: str) -> Address:
        row, column = self.at[key]
        self.rows[row - 1][column - 1] = text
        return row, column

    def drop(self, first: tuple[str, ...], last: tuple[str, ...] | None = None) -> None:
        """Empties rows, so that no address changes."""
        for row in range(self.at[first][0], self.at[last or first][0] + 1):
            self.rows[row - 1] = []

    def of(self, target: str) -> list[Item]:
        return [item for item in self.items if item.code.rpartition(".")[0] == f"F.{target}"]

    def document(self) -> Document:
        text = "\n".join("\t".join(row) for row in self.rows)
        return recognise(read_plain("program.txt", text.encode()))

    def workbook(self, path: Path) -> Document:
        """The same as an .xlsx with number cells; addresses stay."""
        with xlsxwriter.Workbook(str(path)) as book:
            sheet = book.add_worksheet("Program")
            styles = {unit: book.add_format({"num_format": unit}) for unit in ("#,##0.00", "0.00%")}
            for row, cells in enumerate(self.rows):
                for column, text in enumerate(cells):
                    number = text.rstrip("%").replace(".", "").replace(",", ".")
                    if ("," in text or "%" in text) and number.replace(".", "", 1).replace("-", "", 1).isdigit():
                        value, unit = (float(number) / 100, "0.00%") if "%" in text else (float(number), "#,##0.00")
                        sheet.write_number(row, column, value, styles[unit])
                    elif text:
                        sheet.write_string(row, column, text)
        return recognise(open_grid(str(path)))


def printed(seed: int, *, targets: int = 4, extra: bool = True) -> Printed:
    """A whole programme without a fault."""
    rng = random.Random(seed)
    year = rng.randrange(2015, 2040)
    names = [f"{thing.capitalize()} {verb}" for thing in THINGS for verb in VERBS]
    rng.shuffle(names)
    codes = [f"{goal}.{number}" for goal in range(1, 6) for number in range(1, 4)]
    chosen = sorted(rng.sample(codes, targets), key=lambda code: [int(part) for part in code.split(".")])
    found = {code: f"{names.pop()} yoluyla {names.pop().lower()} ({code})" for code in chosen}
    items = []
    for code in chosen:
        for number in range(1, rng.randrange(2, 5)):
            budget = {rng.choice((1, 3, 5, 6)): rng.randrange(1, 90_000) * 100_000 + rng.randrange(100)}
            budget.setdefault(3, rng.randrange(1, 9_000) * 100_000)
            outside = rng.randrange(1, 500) * 100_000 if extra and rng.random() < 0.4 else 0
            items.append(Item(f"F.{code}.{number}", names.pop(), f"{rng.choice(UNITS)} Müdürlüğü", budget, outside))
    general = {number: rng.randrange(1, 900_000) * 100_000 for number in range(1, 9)}
    result = Printed(year, f"{rng.choice(THINGS).upper()}OVA BELEDİYESİ", items, found, general, {9: 7_000_000_00})
    for code in chosen:
        _target(result, code, rng)
    for item in items:
        _cost(result, item)
    _summary(result)
    _matrix(result)
    _units(result)
    return result


def _heading(page: Printed, code: str) -> None:
    page.put("İdare Adı", page.town)
    page.put(f"Amaç {code.split('.')[0]}", f"Kentin {code.split('.')[0]} numaralı amacı")
    page.put(f"Hedef {code}", f"Kentin {code} numaralı hedefi")
    page.put("Performans Hedefi", (page.targets[code], ("PHT", code, "target")))


def _target(page: Printed, code: str, rng: random.Random) -> None:
    _heading(page, code)
    years = [str(page.year + offset) for offset in (-2, -1, 0)]
    page.put("Performans Göstergeleri", "", *years)
    for number in range(1, 4):
        base = rng.randrange(1_100, 9_000)
        values = [f"{base + 100 * step:,}".replace(",", ".") + ",00" for step in range(3)]
        if number == 3:
            values = [f"{rng.randrange(20, 50) + step}%" for step in range(3)]
        name = f"Yapılan {rng.choice(THINGS)} {'oranı (%)' if number == 3 else f'sayısı {number} (adet)'}"
        cells = [(value, ("PG", f"PG.{code}.{number}", str(index))) for index, value in enumerate(values)]
        page.put(f"PG.{code}.{number}", (name, ("PG", f"PG.{code}.{number}", "name")), *cells)
    page.put("Faaliyetler", "", "Kaynak İhtiyacı")
    page.put("", "", "Bütçe", "Bütçe Dışı", "Toplam")
    for item in page.of(code):
        _amounts(page, "PHT", item.code, item.costs, (item.code, ("PHT", item.code, "code")), item.name)
    sums = _sums(page.of(code))
    _amounts(page, "PHT", code, sums, "Genel Toplam", "")
    page.put()


def _sums(items: Sequence[Item]) -> tuple[int, int, int]:
    return sum(i.costs[0] for i in items), sum(i.costs[1] for i in items), sum(i.costs[2] for i in items)


def _amounts(
    page: Printed, table: str, key: str, costs: Sequence[int], first: str | tuple[str, tuple[str, ...]], name: str
) -> None:
    cells = [(tl(kurus), (table, key, part)) for kurus, part in zip(costs, ("budget", "extra", "total"), strict=True)]
    page.put(first, (name, (table, key, "name")), *cells)


def _cost(page: Printed, item: Item) -> None:
    key = ("FMT", item.code)
    target = page.targets[item.code.removeprefix("F.").rpartition(".")[0]]
    page.put(("İdare Adı", (*key, "first")), "", page.town)
    page.put("Performans Hedefi", "", (target, (*key, "target")))
    page.put("Faaliyet Adı", "", (item.name, (*key, "name")))
    page.put("Sorumlu Harcama Birimi veya Birimleri", "", (item.unit, (*key, "unit")))
    page.put("Ekonomik Kod", "", (str(page.year), (*key, "year")))
    for number, row in enumerate(COST_ROWS, start=1):
        page.put(str(number), row, (tl(item.budget.get(number, 0)), (*key, str(number))))
    inside, outside, total = item.costs
    page.put("Toplam Bütçe Kaynak İhtiyacı", "", (tl(inside), (*key, "budget")))
    page.put("Bütçe Dışı", "Döner Sermaye", (tl(outside), (*key, "fund")))
    page.put("", "Diğer Yurt İçi", "-")
    page.put("", "Yurt Dışı", "-")
    page.put("Toplam Bütçe Dışı Kaynak İhtiyacı", "", (tl(outside), (*key, "extra")))
    page.put(("Toplam Kaynak İhtiyacı", (*key, "last")), "", (tl(total), (*key, "total")))
    page.put()


def _summary(page: Printed) -> None:
    page.put("İdare Adı", "", page.town)
    page.put("Performans Hedefi", "Faaliyet", "AÇIKLAMA", "BÜTÇE İÇİ", "", "BÜTÇE DIŞI", "", "TOPLAM", "")
    page.put("", "", "", "TL", "PAY (%)", "TL", "PAY (%)", "TL", "PAY (%)")
    whole = _sums(page.items)
    grand = [a + b + c for a, b, c in zip(whole, _column(page.general), _column(page.transfers), strict=True)]
    for item in page.items:
        target = page.targets[item.code.removeprefix("F.").rpartition(".")[0]]
        first = target if item.code.endswith(".1") else ""
        _shares(page, item.code, item.costs, whole, (first, (item.code), item.name))
    for label, costs in (
        ("Performans Hedefleri Maliyetleri Toplamı", whole),
        ("Genel Yönetim Giderleri", _column(page.general)),
        ("Diğer İdarelere Transfer Edilecek Kaynaklar Toplamı", _column(page.transfers)),
        ("Genel Toplam", tuple(grand)),
    ):
        _shares(page, label, costs, grand, (label, "", ""))
    page.put()


def _column(amounts: dict[int, int]) -> tuple[int, int, int]:
    return sum(amounts.values()), 0, sum(amounts.values())


def _shares(page: Printed, key: str, costs: Sequence[int], base: Sequence[int], head: tuple[str, str, str]) -> None:
    cells: list[str | tuple[str, tuple[str, ...]]] = [
        (head[0], ("İPT", key, "first")),
        head[1],
        (head[2], ("İPT", key, "name")),
    ]
    for kurus, whole, part in zip(costs, base, ("budget", "extra", "total"), strict=True):
        cells += [(tl(kurus), ("İPT", key, part)), (percent(kurus, whole), ("İPT", key, f"{part} share"))]
    page.put(*cells)


def _matrix(page: Printed) -> None:
    page.put("İdare Adı", "", page.town)
    page.put(
        "",
        "Ekonomik Kod",
        "Faaliyet Toplamı",
        "Genel Yönetim Giderleri Toplamı",
        "Diğer İdarelere Transfer Edilecek Kaynaklar + Yedek Ödenek Toplamı",
        "Genel Toplam",
    )
    by_code = {number: sum(item.budget.get(number, 0) for item in page.items) for number in range(1, 10)}
    fund = sum(item.extra for item in page.items)
    body = [
        (str(number), row, (by_code[number], page.general.get(number, 0), page.transfers.get(number, 0)))
        for number, row in enumerate(ROWS, start=1)
    ]
    budget = tuple(sum(row[2][column] for row in body) for column in range(3))
    body += [("", "Toplam Bütçe Kaynak İhtiyacı", budget), ("", "Döner Sermaye", (fund, 0, 0))]
    body += [("", "Diğer Yurt İçi", (0, 0, 0)), ("", "Yurt Dışı", (0, 0, 0))]
    body += [("", "Toplam Bütçe Dışı Kaynak İhtiyacı", (fund, 0, 0))]
    body += [("", "GENEL TOPLAM", (budget[0] + fund, budget[1], budget[2]))]
    for number, row, amounts in body:
        cells = [
            (tl(kurus), ("TKT", number or row, column))
            for kurus, column in zip(
                (*amounts, sum(amounts)), ("activities", "general", "transfers", "all"), strict=True
            )
        ]
        page.put(number, row, *cells)
    page.put()


def _units(page: Printed) -> None:
    page.put("İdare Adı", page.town)
    page.put("PERFORMANS HEDEFİ", "FAALİYETLER", "SORUMLU BİRİMLER")
    for item in page.items:
        target = page.targets[item.code.removeprefix("F.").rpartition(".")[0]]
        first = (target if item.code.endswith(".1") else "", ("SHB", item.code, "target"))
        page.put(first, (item.name, ("SHB", item.code, "name")), (item.unit, ("SHB", item.code, "unit")))
    page.put(("", ("SHB", "", "target")), ("", ("SHB", "", "name")), ("", ("SHB", "", "unit")))
