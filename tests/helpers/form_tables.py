"""Small forms written inline: tables as tab-separated text, and workbooks from rows of Python values."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import xlsxwriter

from kars_xl.checking.source import forms
from kars_xl.findings.finding import Merged
from kars_xl.model.programme import Programme
from kars_xl.reading.files import Reading
from kars_xl.reading.grid.plain import read_plain
from kars_xl.reading.recognise import recognise
from kars_xl.reading.tables import Document

COST_ROWS = (
    "Personel Giderleri",
    "SGK Devlet Primi Giderleri",
    "Mal ve Hizmet Alım Giderleri",
    "Faiz Giderleri",
    "Cari Transferler",
    "Sermaye Giderleri",
    "Sermaye Transferleri",
    "Borç verme",
)


def cost_table(name: str, amount: str = "60.000,00", *, code: int = 3, unit: str = "Fen İşleri Müdürlüğü") -> str:
    """A cost table as the published programme prints it, `amount` under `code`."""
    lines = [
        "İdare Adı\t\tT.C. KARS BELEDİYE BAŞKANLIĞI",
        "Performans Hedefi\t\tYolları onarmak",
        f"Faaliyet Adı\t\t{name}",
        f"Sorumlu Harcama Birimi veya Birimleri\t\t{unit}",
        "Ekonomik Kod\t\t2024",
    ]
    lines += [f"{n}\t{row}\t{amount if n == code else '-'}" for n, row in enumerate(COST_ROWS, start=1)]
    lines += [f"Toplam Bütçe Kaynak İhtiyacı\t\t{amount}", "Bütçe Dışı\tDöner Sermaye\t-", "\tDiğer Yurt İçi\t-"]
    lines += ["\tYurt Dışı\t-", "Toplam Bütçe Dışı Kaynak İhtiyacı\t\t-", f"Toplam Kaynak İhtiyacı\t\t{amount}", ""]
    return "\n".join(lines)


def target_table(*activities: str, target: str = "Yolları onarmak", indicators: str = "") -> str:
    """A target table 1.1; `activities` are "code<TAB>name<TAB>amount"."""
    rows = []
    for activity in activities:
        code, name, amount = activity.split("\t")
        rows.append(f"{code}\t{name}\t{amount}\t\t{amount}")
    return "\n".join(
        [
            "PERFORMANS HEDEFİ TABLOSU",
            "İdare Adı\tT.C. KARS BELEDİYE BAŞKANLIĞI",
            "Amaç\tUlaşımı güçlendirmek",
            "Hedef\tYol ağını yenilemek",
            f"Performans Hedefi\t{target}",
            "Açıklamalar",
            "Performans Göstergeleri\t\t2022\t2023\t2024",
            indicators or "PG.1.1.1\tOnarılan yol (km)\t4,00\t5,00\t6,00",
            "Faaliyetler\t\tKaynak İhtiyacı (t+1) (TL)",
            "\t\tBütçe\tBütçe Dışı\tToplam",
            *rows,
            "Ara Toplam",
            "Genel Toplam",
            "",
        ]
    )


MATRIX = "\n".join(
    [
        "İdare Adı\tT.C. KARS BELEDİYE BAŞKANLIĞI",
        "\tEkonomik Kod\tGenel Yönetim Giderleri Toplamı\tDiğer İdarelere Transfer Edilecek Kaynaklar + Yedek Ödenek "
        "Toplamı\tGenel Toplam",
        *(f"{n}\t{row}\t1.000,00\t0,00\t1.000,00" for n, row in enumerate((*COST_ROWS, "Yedek Ödenek"), start=1)),
        "\tGENEL TOPLAM\t9.000,00\t0,00\t9.000,00",
        "",
    ]
)


def document(*tables: str, name: str = "form.txt", unit: str = "", revision: int = 0) -> Document:
    """The tables as one read file; `unit` and `revision` as its Kimlik sheet would say."""
    found = recognise(read_plain(name, "\n".join(tables).encode()))
    if unit:
        kimlik = f"Harcama Birimi\t{unit}\nProgram Yılı\t2024\nRevizyon No\t{revision}"
        found.identity = recognise(read_plain(name, kimlik.encode())).identity
    return found


def workbook(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    """A real .xlsx of plain rows; a text that begins with = is a formula."""
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row, values in enumerate(rows):
                for column, value in enumerate(values):
                    if value is not None:
                        sheet.write(row, column, value)
    return path


def merged_forms(documents: Sequence[Document], plan: Programme | None = None, *, latest: bool = False) -> Merged:
    """The documents merged as forms, with what their tables say against each other."""
    merged = forms(Reading(documents=list(documents), plan=Merged(plan) if plan else None), latest=latest).merged
    assert merged is not None
    return merged
