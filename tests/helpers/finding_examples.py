"""For every code of the catalogue the smallest form, folder or template that has it: code → a function to be run.

Tests show with them that each code can be met; tools/make_docs.py shows with them what a clerk then reads.
"""

from __future__ import annotations

import os
import shutil
import sys
import zipfile
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import openpyxl
from openpyxl import Workbook
from openpyxl.cell import Cell

from kars_xl.base.place import Place
from kars_xl.checking.general.rules import check_arithmetic
from kars_xl.findings.finding import Finding
from kars_xl.merging.consolidate import consolidate
from kars_xl.model.cost_rows import CostRow, CostTotal
from kars_xl.pipeline import check, make_forms, merge
from kars_xl.reading.grid import open_grid
from kars_xl.reading.tables import Document
from kars_xl.reports.book import export_book
from kars_xl.reports.export.data import export_data
from kars_xl.reports.trace import trace_forward
from kars_xl.workbook.edits.findings import changes_since_written
from kars_xl.workbook.render import PROGRAMME_TEMPLATE, template_path
from kars_xl.year.folder.init import init
from tests.helpers.amount_examples import AMOUNT_EXAMPLES
from tests.helpers.audit_examples import AUDIT_EXAMPLES
from tests.helpers.collect_examples import COLLECT_EXAMPLES
from tests.helpers.form_files import (
    BRIDGE,
    COSTS,
    FEN_FILE,
    ROAD,
    TARGET,
    ZABITA,
    ZABITA_FILE,
    checked,
    finance,
    form,
    plan_of_two_units,
    read,
    write,
)
from tests.helpers.form_tables import MATRIX, cost_table, target_table
from tests.helpers.mail_examples import MAIL_EXAMPLES
from tests.helpers.template_faults import (
    SUMMARY,
    division_by_zero,
    long_header,
    misspelt_repetition,
    several_cells,
    typed_over,
    unknown_placeholder,
)
from tests.helpers.workbook_edits import edited, find, sheet_with

# One cell spoiled


def spoiled(folder: Path, where: Callable[[Document], Place], value: object) -> Iterable[Finding]:
    """The findings of a form with another value in one cell."""
    path = write(folder / FEN_FILE, [TARGET, COSTS])
    return checked(write(path, [TARGET, COSTS], {where(*read(path)): value}))


def amount(form: Document) -> Place:
    """The amount under Mal ve Hizmet Alım Giderleri."""
    return form.costs[0].amounts[CostRow(3)].place


def without_result(folder: Path, formula: str) -> Iterable[Finding]:
    """The findings of a form with a formula in an amount's cell ("{cell}" in it), whose result is not stored."""
    path = write(folder / FEN_FILE, [TARGET, COSTS])
    place = amount(*read(path))
    book = openpyxl.load_workbook(path)
    book[place.sheet][place.cell] = formula.format(cell=place.cell)
    book.save(path)
    return checked(path)


def budget_total(form: Document) -> Place:
    return form.costs[0].totals[CostTotal.BUDGET].place


def indicator(form: Document) -> Place:
    return form.targets[0].indicators[0].places[0]


def beside(place: Place, columns: int) -> Place:
    return Place(place.file, place.sheet, place.row, place.column + columns)


def hidden_amount(folder: Path) -> Iterable[Finding]:
    path = write(folder / FEN_FILE, [TARGET, COSTS])
    return checked(write(path, [TARGET, COSTS], hidden_row=amount(*read(path)).row))


def looks(folder: Path, change: Callable[[Workbook, Any], None]) -> Iterable[Finding]:
    """The findings of a form whose amount looks otherwise."""
    path = write(folder / FEN_FILE, [TARGET, COSTS])
    place = amount(*read(path))
    book = openpyxl.load_workbook(path)
    change(book, book[place.sheet][place.cell])
    book.save(path)
    return checked(path)


def merged_over_the_next_row(book: Workbook, cell: Any) -> None:
    cell.parent.cell(cell.row + 1, cell.column).value = None
    cell.parent.merge_cells(start_row=cell.row, end_row=cell.row + 1, start_column=cell.column, end_column=cell.column)


def amount_in_another_column(folder: Path) -> Iterable[Finding]:
    path = write(folder / FEN_FILE, [TARGET, COSTS])
    place = amount(*read(path))
    return checked(write(path, [TARGET, COSTS], {place: "", beside(place, 1): 60000}))


# Files


def file_of(folder: Path, name: str, data: bytes) -> Iterable[Finding]:
    (folder / name).write_bytes(data)
    return checked(folder / name)


def suspicious(folder: Path) -> Iterable[Finding]:
    with zipfile.ZipFile(folder / "form.ods", "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", '<!DOCTYPE x [<!ENTITY y "z">]><x/>')
        package.writestr("META-INF/manifest.xml", "<manifest/>")
    return checked(folder / "form.ods")


def with_an_object(folder: Path) -> Iterable[Finding]:
    path = form(folder)
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("xl/embeddings/oleObject1.bin", b"")
    return checked(path)


def unwritable(folder: Path) -> Iterable[Finding]:
    return check([str(form(folder))], html=str(folder / "rapor.xlsx")).findings


def without_libreoffice(folder: Path) -> Iterable[Finding]:
    with patch.dict(os.environ, PATH=""):
        return export_book(str(form(folder)), "pdf").findings


def empty_folder(folder: Path) -> Iterable[Finding]:
    (folder / "gelen").mkdir()
    return checked(folder / "gelen")


def folder_with_a_plan(folder: Path) -> Iterable[Finding]:
    init(str(folder / "2031"), [], 2031, next_year=2031)
    return init(str(folder / "2031"), [], 2031, next_year=2031).findings


def two_plans(folder: Path) -> Iterable[Finding]:
    init(str(folder / "2031"), [], 2031, next_year=2031)
    inputs = folder / "2031" / "inputs"
    shutil.copy(inputs / "plan.xlsx", inputs / "eski plan.xlsx")
    return check([str(inputs)]).findings


def beside_a_form(folder: Path, name: str, data: bytes) -> Iterable[Finding]:
    form(folder)
    (folder / name).write_bytes(data)
    return check([str(folder)]).findings


def output_among_forms(folder: Path) -> Iterable[Finding]:
    form(folder)
    finance(folder)
    merge([str(folder)], str(folder / "program.xlsx"))
    return check([str(folder)]).findings


def plan_without_activities(folder: Path) -> Iterable[Finding]:
    init(str(folder / "2031"), [], 2031, next_year=2031)
    return make_forms(str(folder / "2031" / "inputs" / "plan.xlsx"), str(folder / "formlar"), filled=False).findings


def without_pyarrow(folder: Path) -> Iterable[Finding]:
    gelen = folder / "gelen"
    gelen.mkdir()
    form(gelen)
    finance(gelen)
    with patch.dict(sys.modules, {"pyarrow": None}):
        return export_data(str(gelen), "parquet").findings


# Forms against each other and against the plan


def one(folder: Path, *tables: str) -> Iterable[Finding]:
    """The findings of one form and the finance office's."""
    return checked(form(folder, *tables), finance(folder))


def indicators(folder: Path, *rows: str) -> Iterable[Finding]:
    return one(folder, target_table(ROAD, indicators="\n".join(rows)), COSTS)


def against_plan(folder: Path, sent: Path, *tables: str) -> Iterable[Finding]:
    """The findings of a form against the plan that `tables` make."""
    (folder / "plan").mkdir()
    plan = consolidate(read(form(folder / "plan", *tables), finance(folder / "plan")))
    return checked(sent, finance(folder), plan=plan)


def sent_by_another(folder: Path) -> Iterable[Finding]:
    """A unit's form comes again under a name that the plan does not have."""
    (sent := folder / "gelen").mkdir()
    form(sent, unit="Fen İşeri Müdürlüğü", name="fen_2.xlsx")
    return against_plan(folder, form(sent).parent)


def two_units(folder: Path, **second: str) -> Iterable[Finding]:
    """The findings of two units' forms of one target; the second's table is another one."""
    other = form(folder, target_table(ROAD, **second), COSTS, name=ZABITA_FILE, unit=ZABITA)
    return checked(form(folder), other, finance(folder))


def forms_of_another_year(folder: Path) -> Iterable[Finding]:
    """Two units' forms of 2024 beside the plan of 2025."""
    plan = plan_of_two_units(folder / "gelen")
    book = openpyxl.load_workbook(plan)
    for cell in (cell for row in book["Kurum"].iter_rows() for cell in row if cell.value == 2024):
        cell.value = 2025
    book.save(plan)
    form(plan.parent, name=ZABITA_FILE, unit=ZABITA)
    return check([str(form(plan.parent).parent)]).findings


def two_revisions(folder: Path) -> Iterable[Finding]:
    old, new = form(folder, name="fen_isleri_eski.xlsx", revision=1), form(folder, revision=2)
    return checked(old, new, finance(folder), latest=True)


def under_two_targets(folder: Path) -> Iterable[Finding]:
    second = target_table(ROAD, indicators="PG.1.2.1\tYapılan köprü (adet)\t1,00\t2,00\t3,00")
    return one(folder, TARGET, second.replace("Performans Hedefi\t", "Performans Hedefi 1.2\t"), COSTS)


def too_great_a_reserve(folder: Path) -> Iterable[Finding]:
    reserve = MATRIX.replace("Yedek Ödenek\t1.000,00", "Yedek Ödenek\t40.000,00")
    return checked(form(folder), finance(folder, reserve))


def vehicles(columns: int) -> str:
    """A general table with so many columns of figures."""
    rows = [f"{name}\t" + "\t".join("5" for _ in range(columns)) for name in ("Binek Otomobil", "Kamyon")]
    heading = "Taşıtın Cinsi\t" + "\t".join(f"{at}. şube" for at in range(1, columns + 1))
    return "\n".join(["Tablo 2 Hizmet Taşıtları", heading, *rows, ""])


def wrong_general_total(folder: Path) -> Iterable[Finding]:
    table = "Tablo 2 Hizmet Taşıtları\nTaşıtın Cinsi\tAdet\nBinek Otomobil\t13\nKamyon\t16\nTOPLAM\t39"
    path = folder / "program_2024.txt"
    path.write_text(table, encoding="utf-8")
    return check_arithmetic(read(path))


# Templates


def form_changed_after_the_merge(folder: Path) -> Iterable[Finding]:
    output = str(folder / "program.xlsx")
    merge([str(form(folder)), str(finance(folder))], output)
    form(folder, target_table(ROAD.replace("60", "90")), cost_table("Yol yapımı", "90.000,00"))
    return trace_forward(output, "İdare Performans Tablosu!H7").findings


def template(folder: Path, change: Callable[[Workbook], object]) -> Iterable[Finding]:
    """The findings of a merge with a template that an office has changed."""
    changed = edited(template_path(PROGRAMME_TEMPLATE), folder / "sablonum.xlsx", change)
    forms_folder = folder / "gelen"
    forms_folder.mkdir()
    form(forms_folder)
    finance(forms_folder)
    return merge([str(forms_folder)], str(folder / "program.xlsx"), template=str(changed)).findings


def turkish_function(book: Workbook) -> None:
    find(sheet_with(book, SUMMARY), "Genel Toplam").offset(row=2).value = "=TOPLA(B1:B2)"


def reworded_total(book: Workbook) -> None:
    find(sheet_with(book, SUMMARY), "Performans Hedefleri Maliyetleri Toplamı").value = "Birinci satır"


# After the merge


def changed_after_merge(folder: Path, change: Callable[[Workbook], None]) -> Iterable[Finding]:
    """What is said of a merged workbook that somebody then changed."""
    gelen = folder / "gelen"
    gelen.mkdir()
    form(gelen)
    finance(gelen)
    path = folder / "performans_programi.xlsx"
    merge([str(gelen)], str(path))
    return changes_since_written(open_grid(str(edited(path, path, change)))) or []


def first_cost(book: Workbook, label: str) -> Cell:
    """The figure beside a label of the first cost table."""
    sheet = book["Faaliyet Maliyetleri"]
    return next(cell for cell in sheet[find(sheet, label).row][1:] if cell.data_type in "fn" and cell.value is not None)


def another_amount(book: Workbook) -> None:
    first_cost(book, "Mal ve Hizmet Alım Giderleri").value = 75000


def typed_over_a_total(book: Workbook) -> None:
    first_cost(book, "Toplam Bütçe Kaynak İhtiyacı").value = 75000


def another_sheet(book: Workbook) -> None:
    book.create_sheet("Notlar")


def another_format(book: Workbook) -> None:
    first_cost(book, "Mal ve Hizmet Alım Giderleri").number_format = '#,##0".000"'


def no_summary(book: Workbook) -> None:
    del book["İdare Performans Tablosu"]


def without_codes(folder: Path) -> Iterable[Finding]:
    """A target table without codes, beside the list of goals that has its objective's."""
    bare = TARGET.replace("PG.1.1.1", "").replace("F.1.1.1", "")
    return checked(write(folder / FEN_FILE, ["Hedef 1.1 : Yol ağını yenilemek\n", bare, COSTS]))


def spoiled_record(book: Workbook) -> None:
    book["_kars_xl"]["A3"].value = "…"


EXAMPLES: dict[str, Callable[[Path], Iterable[Finding]]] = {
    **AMOUNT_EXAMPLES,
    **AUDIT_EXAMPLES,
    **MAIL_EXAMPLES,
    **COLLECT_EXAMPLES,
    "KX001": lambda folder: file_of(folder, FEN_FILE, b""),
    "KX002": lambda folder: file_of(
        folder, FEN_FILE, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
    ),
    "KX003": suspicious,
    "KX004": lambda folder: file_of(folder, "toplanti_notlari.txt", b"pazartesi"),
    "KX005": with_an_object,
    "KX006": unwritable,
    "KX007": lambda folder: checked(folder / "gelen"),
    "KX008": empty_folder,
    "KX009": without_libreoffice,
    "KX010": folder_with_a_plan,
    "KX011": plan_without_activities,
    "KX012": without_pyarrow,
    "KX013": two_plans,
    "KX014": lambda folder: beside_a_form(folder, "fen_isleri.pdf", b"%PDF-1.7"),
    "KX015": output_among_forms,
    "KX019": lambda folder: file_of(
        folder, FEN_FILE, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "DRMEncryptedTransform".encode("utf-16-le")
    ),
    "KX020": forms_of_another_year,
    "KX101": lambda folder: spoiled(folder, indicator, ""),
    "KX102": lambda folder: spoiled(folder, amount, "60.000,00 TL"),
    "KX103": lambda folder: spoiled(folder, amount, "1,500"),
    "KX104": lambda folder: spoiled(folder, amount, "=B1/0\t#DIV/0!"),
    "KX105": lambda folder: spoiled(folder, amount, -500),
    "KX106": lambda folder: spoiled(folder, amount, 1234.567),
    "KX107": lambda folder: spoiled(folder, amount, datetime(2024, 2, 3)),
    "KX108": lambda folder: spoiled(folder, budget_total, 50000),
    "KX126": lambda folder: spoiled(folder, lambda form: beside(amount(form), 1), 50000),
    "KX127": lambda folder: spoiled(folder, budget_total, 100000),
    "KX109": hidden_amount,
    "KX110": lambda folder: spoiled(folder, amount, "='[gecen_yil.xlsx]Sayfa1'!C17\t60000"),
    "KX111": lambda folder: indicators(folder, "PG.1.1.1\tAsfaltlı yol oranı (%)\t0,70\t70%\t75%"),
    "KX112": amount_in_another_column,
    "KX113": lambda folder: spoiled(folder, lambda form: beside(amount(form), -1), "Faiz Giderleri"),
    "KX115": lambda folder: checked(
        write(folder / FEN_FILE, [TARGET, COSTS.replace("Ekonomik Kod\t\t2024", "Ekonomik Kod\t\t2024 (Bin TL)")])
    ),
    "KX116": lambda folder: spoiled(folder, amount, "=30000+30000\t61000"),
    "KX117": lambda folder: without_result(folder, "={cell}+1"),
    "KX118": lambda folder: without_result(folder, "='[butce.xlsx]Sayfa1'!$B$2"),
    "KX114": lambda folder: one(folder, TARGET, COSTS, vehicles(7)),
    "KX120": lambda folder: looks(folder, lambda book, cell: setattr(cell, "number_format", '#,##0".000"')),
    "KX121": lambda folder: looks(folder, merged_over_the_next_row),
    "KX201": lambda folder: against_plan(folder, form(folder, TARGET.replace("2024", "2023"), COSTS)),
    "KX202": lambda folder: against_plan(folder, form(folder, target_table(ROAD, BRIDGE), COSTS)),
    "KX203": lambda folder: against_plan(
        folder, form(folder), target_table(ROAD, BRIDGE), COSTS, cost_table("Köprü yapımı", "0,00")
    ),
    "KX204": lambda folder: checked(form(folder), form(folder, name="fen_isleri_kopya.xlsx"), finance(folder)),
    "KX205": lambda folder: two_units(folder, indicators="PG.1.1.1\tOnarılan yol (km)\t4,00\t5,00\t7,00"),
    "KX206": lambda folder: against_plan(folder, form(folder, unit=ZABITA, name=ZABITA_FILE)),
    "KX207": lambda folder: two_units(folder, target="Yolların onarımı"),
    "KX208": lambda folder: indicators(
        folder, "PG.1.1.1\tOnarılan yol (km)\t4,00\t5,00\t6,00", "PG.1.2.2\tYapılan yol (km)\t1,00\t2,00\t3,00"
    ),
    "KX209": two_revisions,
    "KX210": lambda folder: checked(
        form(folder, TARGET, COSTS, vehicles(2)), form(folder, vehicles(2), name=ZABITA_FILE, unit=ZABITA)
    ),
    "KX215": sent_by_another,
    "KX313": lambda folder: checked(
        form(folder, name=ZABITA_FILE), form(folder, vehicles(2), name="araclar.xlsx", unit=ZABITA), finance(folder)
    ),
    "KX218": lambda folder: one(folder, TARGET.replace("İdare", "Đdare"), COSTS),
    "KX219": without_codes,
    "KX301": lambda folder: one(folder, target_table(ROAD.replace("60", "90")), COSTS),
    "KX302": lambda folder: one(folder, target_table(ROAD, BRIDGE), COSTS),
    "KX303": lambda folder: one(folder, TARGET, COSTS, cost_table("Bisiklet dağıtımı")),
    "KX305": under_two_targets,
    "KX310": lambda folder: one(folder, target_table(ROAD, target=""), COSTS),
    "KX311": wrong_general_total,
    "KX317": lambda folder: one(folder, TARGET.replace("PG.1.1.1", "").replace("F.1.1.1", ""), COSTS),
    "KX319": lambda folder: one(folder, TARGET, COSTS.replace("Faaliyet Adı", "İşin Konusu")),
    "KX401": lambda folder: indicators(folder, "PG.1.1.1\tOnarılan yol (km)\t0,00\t0,00\t0,00"),
    "KX402": lambda folder: indicators(folder, "PG.1.1.1\tOnarılan yol uzunluğu\t4,00\t5,00\t6,00"),
    "KX403": lambda folder: indicators(
        folder, "PG.1.1.1\tOnarılan yol (km)\t4,00\t5,00\t6,00", "PG.1.1.2\tOnarılan Yol (km)\t1,00\t2,00\t3,00"
    ),
    "KX404": lambda folder: indicators(folder, "PG.1.1.1\tOnarılan yol (km)\t4,00\t4,00\t4,00"),
    "KX405": lambda folder: one(folder, target_table(ROAD, BRIDGE), COSTS, cost_table("Köprü yapımı", "0,00")),
    "KX406": lambda folder: indicators(folder, "PG.1.1.1\tOnarılan yol (km)\t4,00\t5,00\t0,00"),
    "KX407": lambda folder: indicators(
        folder, "PG.1.1.1\tYapılan köprü ve dikilen ağaç sayısı (adet)\t4,00\t5,00\t6,00"
    ),
    "KX408": too_great_a_reserve,
    "KX501": lambda folder: template(folder, unknown_placeholder),
    "KX502": lambda folder: template(folder, turkish_function),
    "KX503": lambda folder: template(folder, misspelt_repetition),
    "KX504": lambda folder: template(folder, typed_over),
    "KX505": lambda folder: template(folder, several_cells),
    "KX506": lambda folder: template(folder, division_by_zero),
    "KX507": lambda folder: template(folder, reworded_total),
    "KX508": lambda folder: template(folder, long_header),
    "KX601": lambda folder: changed_after_merge(folder, another_amount),
    "KX602": lambda folder: changed_after_merge(folder, typed_over_a_total),
    "KX604": lambda folder: changed_after_merge(folder, another_sheet),
    "KX605": lambda folder: changed_after_merge(folder, spoiled_record),
    "KX606": lambda folder: changed_after_merge(folder, another_format),
    "KX607": lambda folder: changed_after_merge(folder, no_summary),
    "KX608": lambda folder: file_of(
        folder, "form.txt", TARGET.replace("Açıklamalar", "Açıklamalar\t" + "ş" * 40_000).encode()
    ),
    "KX603": form_changed_after_the_merge,
}


def example(code: str, folder: Path) -> Finding:
    """The first finding with `code` of its example, made in an empty `folder`."""
    found = list(EXAMPLES[code](folder))
    for item in found:
        if item.code == code:
            return item
    raise AssertionError(f"{code} not met, but {[(item.code, item.message) for item in found]}")
