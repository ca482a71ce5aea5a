"""An invented town's programme, written down as tables in other words than Kars's, and what is advised on it."""

from __future__ import annotations

from collections.abc import Sequence

from kars_xl.checking.rules import run_checks
from kars_xl.findings.finding import Finding
from kars_xl.model.programme import Programme
from kars_xl.reading.tables import Document
from tests.helpers.form_tables import COST_ROWS, document, merged_forms
from tests.helpers.found import keys

TOWN, PARKS, WORKS = "YEŞİLOVA BELEDİYESİ", "Park ve Bahçeler Şefliği", "Yapım İşleri Şefliği"
HEDGE = "Budanan çit uzunluğu (m)\t120\t140\t160"


def target(*rows: str, code: str = "2.3", activities: Sequence[str] = ("Budama\t900,00",), start: int = 1) -> str:
    """A target table of 2031; `rows` are indicators "name<TAB>values", `activities` "name<TAB>amount"."""
    lines = [f"İDARE ADI\t{TOWN}", "STRATEJİK AMAÇ\tDoğa", "STRATEJİK HEDEF\tYeşil alan"]
    lines += [f"PERFORMANS HEDEFİ {code}\tYeşil alanların bakımı {code}", "GÖSTERGELER\t\t2029\t2030\t2031"]
    lines += [f"PG.{code}.{number}\t{row}" for number, row in enumerate(rows or (HEDGE,), start)]
    lines += ["FAALİYETLER\t\tKAYNAK İHTİYACI", "\t\tBÜTÇE\tBÜTÇE DIŞI\tTOPLAM"]
    for number, row in enumerate(activities, start):
        name, amount = row.split("\t")
        lines.append(f"F.{code}.{number}\t{name}\t{amount}\t0,00\t{amount}")
    return "\n".join([*lines, "GENEL TOPLAM\t\t\t\t", ""])


def cost(name: str, amount: str = "900,00", *, economic: int = 3, extra: str = "-", unit: str = PARKS) -> str:
    lines = [f"İDARE ADI\t\t{TOWN}", f"FAALİYET ADI\t\t{name}", f"SORUMLU HARCAMA BİRİMİ\t\t{unit}"]
    lines += ["EKONOMİK KOD\t\t2031"]
    lines += [f"{n}\t{row}\t{amount if n == economic else '-'}" for n, row in enumerate(COST_ROWS, start=1)]
    return "\n".join([*lines, f"\tDöner Sermaye\t{extra}", ""])


def tablo_11(**amounts: str) -> str:
    """The finance office's columns; amounts by "general" or "transfers" and economic code, e.g. general_9."""
    lines = [
        f"İDARE ADI\t{TOWN}",
        "\tEKONOMİK KOD\tGENEL YÖNETİM GİDERLERİ\tDİĞER İDARELERE TRANSFER + YEDEK ÖDENEK\tGENEL TOPLAM",
    ]
    for number, row in enumerate((*COST_ROWS, "Yedek Ödenek"), start=1):
        cells = [amounts.get(f"{column}_{number}", "0,00") for column in ("general", "transfers")]
        lines.append(f"{number}\t{row}\t{cells[0]}\t{cells[1]}\t")
    return "\n".join([*lines, ""])


def advice(*documents: Document, plan: Programme | None = None) -> list[Finding]:
    return run_checks(documents, merged_forms(documents, plan), plan)


def of_values(name: str, values: str, code: str, amount: str = "900,00") -> list[str]:
    """Keys of a code's findings for one indicator with these values."""
    row = f"{name}\t" + values.replace(" ", "\t")
    tables = (target(row, activities=(f"Budama\t{amount}",)), cost("Budama", amount), tablo_11(general_3="100,00"))
    return keys(advice(document(*tables)), code)
