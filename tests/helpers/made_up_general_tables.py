"""Made-up general tables of other programmes: other captions, classes, rows and figures, all adding up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import docx
import openpyxl

CLASSES = ("Memur", "İşçi", "Sözleşmeli Personel", "Geçici İşçi", "Şirket Personeli")
Value = str | int | float | None
Row = list[Value]


@dataclass
class Table:
    """A caption and rows, the heading first. `sums` are the (row, column) of cells that some total counts, or is."""

    caption: str
    rows: list[Row]
    kind: str
    sums: list[tuple[int, int]] = field(default_factory=list)


def dotted(value: int) -> str:
    return f"{value:,}".replace(",", ".")


def parts_of(random: Random, whole: int, count: int) -> list[int]:
    """`whole` as a sum of `count` counts, zero among them at times."""
    cuts = sorted(random.randint(0, whole) for _ in range(count - 1))
    return [after - before for before, after in zip([0, *cuts], [*cuts, whole], strict=True)]


def crossed(
    caption: str, kind: str, first: str, labels: Sequence[str], columns: Sequence[str], counts: list[list[int]]
) -> Table:
    """A table of counts with totals right and below; `counts` by label and column."""
    rows: list[Row] = [[first, *columns, "Toplam"]]
    rows += [[label, *own, sum(own)] for label, own in zip(labels, counts, strict=True)]
    totals = [sum(column) for column in zip(*counts, strict=True)]
    rows.append(["TOPLAM", *totals, sum(totals)])
    cells = [(row, column) for row in range(1, len(rows)) for column in range(1, len(rows[0]))]
    return Table(caption, rows, kind, cells)


def turned(table: Table) -> Table:
    """Rows as columns."""
    rows = [list(row) for row in zip(*table.rows, strict=True)]
    return Table(table.caption, rows, table.kind, [(column, row) for row, column in table.sums])


def staff_tables(random: Random, classes: Sequence[str]) -> list[Table]:
    people = [random.randint(20, 900) for _ in classes]
    found = []
    cadre: list[Row] = [["Kadro Türü", "Personel Sayısı", "Oran (%)"]]
    cadre += [
        [name, count, f"{100 * count / sum(people):.2f}".replace(".", ",")]
        for name, count in zip(classes, people, strict=True)
    ]
    cadre.append(["Toplam", sum(people), "100"])
    cells = [(row, 1) for row in range(1, len(cadre))]
    found.append(Table("Personelin Kadrolara Dağılımı", cadre, "staff_by_cadre", cells))
    vacant = [random.randint(1, 300) for _ in classes]
    posts = crossed("Dolu ve Boş Kadrolar", "occupancy", "Durumu", ["Dolu", "Boş"], classes, [people, vacant])
    found.append(posts)
    for caption, kind, first, labels in (
        ("Cinsiyet Durumu", "gender", "Cinsiyet", ["Kadın", "Erkek"]),
        ("Öğrenim Durumu", "education", "Öğrenim", ["İlkokul", "Ortaokul", "Lise", "Ön Lisans", "Lisans", "Doktora"]),
        ("Yaş Grupları", "age", "Yaş", ["18-30 yaş", "31-40 yaş", "41-50 yaş", "51 yaş ve üzeri"]),
    ):
        by_class = [parts_of(random, count, len(labels)) for count in people]
        counts = [list(row) for row in zip(*by_class, strict=True)]
        found.append(crossed(caption, kind, first, labels, classes, counts))
    return [turned(table) if table.kind != "staff_by_cadre" and random.random() < 0.4 else table for table in found]


def buildings(random: Random) -> Table:
    """Areas with every unit, two groups with subtotals, a right compound and a blank."""
    write: list[Callable[[int], Value]] = [lambda v: f"{dotted(v)} m²", lambda v: f"{v}m2", lambda v: v, dotted]
    rows: list[Row] = [["Bina Adı", "Kat Sayısı", "Alan (m²)"]]
    cells: list[tuple[int, int]] = []
    grand = 0
    for group in ("Kapalı Alanlar", "Açık Alanlar"):
        areas = [random.randint(50, 30_000) for _ in range(random.randint(2, 6))]
        for number, area in enumerate(areas):
            rows.append([f"{group} {number + 1}. Tesis", random.randint(1, 5), random.choice(write)(area)])
            cells.append((len(rows) - 1, 2))
        rows.append([f"{group} Toplamı", None, dotted(sum(areas)) + " m2"])
        cells.append((len(rows) - 1, 2))
        grand += sum(areas)
    closed, opened = random.randint(20, 900), random.randint(20, 9000)
    rows.append(["Asfalt Şantiyesi", 1, f"{closed + opened}({closed}m2Kapalı+{opened}m2Açık)m2"])
    rows.append(["Su Deposu", None, "-"])
    rows.append(["Genel Toplam", None, f"{dotted(grand + closed + opened)} m2"])
    cells.append((len(rows) - 1, 2))
    return Table("Belediyemize Ait Taşınmazlar", rows, "buildings", cells)


def vehicles(random: Random) -> Table:
    names = ["Otomobil", "Kamyon", "Otobüs", "Greyder", "Vidanjör", "Toplam İstasyon Aracı"]
    counts = [[random.randint(0, 30), random.randint(0, 9)] for _ in names]
    plain = crossed("Araç ve İş Makineleri", "vehicles", "Cinsi", names, ["Resmî", "Kiralık"], counts)
    rows: list[Row] = [["Sıra No", *plain.rows[0]]]
    rows += [[number, *row] for number, row in enumerate(plain.rows[1:-1], start=1)]
    rows.append(["TOPLAM", None, *plain.rows[-1][1:]])
    return Table(plain.caption, rows, plain.kind, [(row, column + 1) for row, column in plain.sums])


def software(random: Random) -> Table:
    names = random.sample(["EBYS", "Coğrafi bilgi sistemi 2", "Muhasebe 10", "Antivirüs", "Nikâh işlemleri"], 4)
    rows: list[Row] = [["S.No", "Kullanılan Yazılımlar"]]
    return Table("Yazılımlar", [*rows, *([n, name] for n, name in enumerate(names, start=1))], "software")


def general_tables(seed: int) -> list[Table]:
    """Right general tables of one programme."""
    random = Random(seed)
    classes = random.sample(CLASSES, random.randint(2, len(CLASSES)))
    tables = [buildings(random), vehicles(random), software(random), *staff_tables(random, classes)]
    style = random.choice(["Tablo {} {}", "Tablo {}: {}", "TABLO-{} {}", "Tablo 1.{}. {}", "Çizelge {} – {}", "{1}"])
    for number, table in enumerate(tables, start=1):
        table.caption = style.format(number, table.caption)
    return tables


def as_lines(tables: Sequence[Table], *, below: bool = False) -> tuple[list[Row], dict[int, int]]:
    """All tables as the rows of one sheet, and the row (from 1) at which each table's heading stands by its index."""
    rows: list[Row] = [["C- Fiziksel Kaynaklar"], ["Kaynaklar aşağıdaki tablolarda 3 başlıkta verilmiştir."], []]
    at: dict[int, int] = {}
    for index, table in enumerate(tables):
        if not below:
            rows.append([table.caption])
        at[index] = len(rows) + 1
        rows += table.rows
        if below:
            rows.append([table.caption])
        rows += [[], ["Şekil 1 Dağılım"], []]
    return rows, at


def as_text(rows: Sequence[Row], path: Path) -> Path:
    lines = ("\t".join("" if value is None else str(value) for value in row) for row in rows)
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def as_xlsx(rows: Sequence[Row], path: Path, *, left: int = 0) -> Path:
    """A hand-made sheet: captions in merged cells, figures as numbers, the tables `left` columns to the right."""
    book = openpyxl.Workbook()
    sheet = book.active
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1 + left):
            if value is not None:
                sheet.cell(number, column, value)
        if len(row) == 1:
            sheet.merge_cells(start_row=number, end_row=number, start_column=1 + left, end_column=4 + left)
    book.save(path)
    return path


def as_docx(rows: Sequence[Row], path: Path) -> Path:
    """A Word file: runs of rows with two cells or more as tables, all else as paragraphs."""
    document = docx.Document()
    run: list[Row] = []
    for row in [*rows, []]:
        if len(row) > 1:
            run.append(row)
            continue
        if run:
            table = document.add_table(len(run), max(map(len, run)))
            for line, cells in zip(table.rows, run, strict=True):
                for cell, value in zip(line.cells, cells, strict=False):
                    cell.text = "" if value is None else str(value)
            run = []
        document.add_paragraph(str(row[0]) if row else "")
    document.save(str(path))
    return path
