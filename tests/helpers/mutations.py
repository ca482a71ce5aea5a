"""Ways to spoil a form, by name: what is done to which cell, and what must be said about it.

Values are typed into the real form with openpyxl (which drops all stored results, as many programs do); rows, columns
and sheets are moved as Excel moves them, by `sheet_edits`. Nothing is stored but this table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from kars_xl.reading.grid import ExcelError, Grid, Sheet
from tests.helpers import grid_edits as edit
from tests.helpers.form_files import FEN_FILE, FINANCE_FILE

PH = "PH 7.3"
TKT = "Toplam Kaynak İhtiyacı"

# Where amounts stand: (file, sheet, cell, activity or column, economic code or source).
AMOUNT_PLACES = [
    (FEN_FILE, PH, "C38", "F.7.3.1", 6),
    (FEN_FILE, PH, "C75", "F.7.3.3", 1),
    (FEN_FILE, PH, "C64", "F.7.3.2", "source1"),
    (FINANCE_FILE, TKT, "C8", "general", 3),
    (FINANCE_FILE, TKT, "D14", "transfers", 9),
]
# Amounts typed as text that can mean one thing only: read, with KX102.
TEXT_AMOUNTS = {
    "60.000,00": 6000000,
    "60.000,00 TL": 6000000,
    "₺60.000": 6000000,
    "1.500": 150000,
    "200.000,0": 20000000,
    "６０.０００,５０": 6000050,
    "60\xa0000,00": 6000000,
    "200,000,000.00": 20000000000,
    "100.00": 10000,
    "'45000": 4500000,
    " 60000 ": 6000000,
    "1.234.567,89": 123456789,
    "60000tl": 6000000,
}
# Text that can mean two things or none: KX103, never a guess.
NO_AMOUNTS = [
    "1,500", "14..,.-", "60.000,0O", "6O.000", "altmış bin", "1.50.000", "12,5,5", "20 bin", "5.000 + 3.000", "%20",
    "TL", "yok", "=1+1 ", "F.7.3.2", "PG.7.3.1", "Personel Giderleri", "Yurt Dışı", "Toplam Kaynak İhtiyacı",
    "3.2.2024",
]  # fmt: skip


@dataclass(frozen=True)
class Typed:
    """A value typed into an amount's cell, and the code (or none) that it gets; `kurus` None where it can't be read."""

    name: str
    value: object
    code: str
    kurus: int | None
    style: str = ""


TYPED = [
    Typed("eksi", -5, "KX105", -500),
    Typed("eksi metin", "-1.000,00", "KX105", -100000),
    Typed("ayraç içinde", "(500)", "KX105", -50000),
    Typed("kuruştan ince", 12.345, "KX106", 1235),
    Typed("tarih olmuş 3.2", 45325, "KX107", None, "dd.mm.yyyy"),
    Typed("saat olmuş", 0.5, "KX107", None, "hh:mm"),
    Typed("başvuru hatası", "#REF!", "KX104", None),
    Typed("yok hatası", "#N/A", "KX104", None),
    Typed("bölme hatası", "=1/0", "KX104", None),
    Typed("mantıksal", True, "KX103", None),
    Typed("çok büyük", 1e300, "KX103", None),
    Typed("bağlantı, sonucu yok", "=[1]Sayfa!A1", "KX118", None),
    Typed("toplam formülü", "=30000+15000", "", 4500000),
    Typed("çarpım formülü", "=12*1500.5", "", 1800600),
    Typed("boş", None, "", 0),
    Typed("tire", "-", "", 0),
    Typed("uzun tire", "–", "", 0),
    Typed("boşluk", "  ", "", 0),
    Typed("sıfır", 0, "", 0),
    Typed("kuruşlu", 0.07, "", 7),
    Typed("ikili gürültü", 0.1 + 0.2, "", 30),
]


@dataclass(frozen=True)
class Moved:
    """Something done to the structure of the form. `found`: (code, sheet, cell) of all errors and warnings.

    `found` None means: errors there are, `most` of them at most, whatever they are called; the figures may be gone.
    """

    name: str
    do: Callable[[Grid], None]
    found: tuple[tuple[str, str, str], ...] | None = ()
    most: int = 3


def _ph(grid: Grid) -> Sheet:
    return edit.sheet_named(grid, PH)


def _rows(at: int, count: int = 1) -> Callable[[Grid], None]:
    return lambda grid: edit.insert_rows(grid, _ph(grid), at, count)


def _columns(at: int, count: int = 1) -> Callable[[Grid], None]:
    return lambda grid: edit.insert_columns(grid, _ph(grid), at, count)


def _cut_rows(at: int, count: int = 1) -> Callable[[Grid], None]:
    def do(grid: Grid) -> None:
        edit.delete_rows(grid, _ph(grid), at, count)
        edit.recalculate(grid)

    return do


def _cut_columns(at: int, count: int = 1) -> Callable[[Grid], None]:
    def do(grid: Grid) -> None:
        edit.delete_columns(grid, _ph(grid), at, count)
        edit.recalculate(grid)

    return do


def _type(cell: str, value: object, sheet: str = PH) -> Callable[[Grid], None]:
    def do(grid: Grid) -> None:
        content = Decimal(str(value)) if isinstance(value, int | float) else value
        target = edit.sheet_named(grid, sheet)
        if value is None:
            target.cells.pop(edit.address(cell))
        else:
            edit.put(target, edit.address(cell), content)  # type: ignore[arg-type]

    return do


def _all(*steps: Callable[[Grid], None]) -> Callable[[Grid], None]:
    def do(grid: Grid) -> None:
        for step in steps:
            step(grid)

    return do


def _hide(**what: object) -> Callable[[Grid], None]:
    return lambda grid: edit.hide(_ph(grid), **what)  # type: ignore[arg-type]


def _merge(top: int, left: int, bottom: int, right: int) -> Callable[[Grid], None]:
    return lambda grid: edit.merge(_ph(grid), (top, left, bottom, right))


def _each_label(label: str, text: str | None) -> Callable[[Grid], None]:
    """Every cell of the form with this label gets another text."""

    def do(grid: Grid) -> None:
        for cell in _ph(grid).cells.values():
            if cell.value == label:
                cell.value = text or ExcelError("#NAME?")

    return do


_ROWS = (1, 5, 11, 12, 15, 19, 20, 22, 24, 26, 27, 30, 32, 33, 36, 41, 43, 46, 47, 60)
HARMLESS = [Moved(f"satır eklendi, {at} üstüne {n}", _rows(at, n)) for at in _ROWS for n in (1, 3)]
HARMLESS += [Moved(f"sütun eklendi, {at} önüne {n}", _columns(at, n)) for at in (1, 2, 3, 4, 5, 6) for n in (1, 2)]
HARMLESS += [Moved(f"süs satırı silindi, {at}", _cut_rows(at)) for at in (1, 2, 3, 4, 5, 10, 26, 27, 47, 48)]
HARMLESS += [
    Moved("işaret sütunu silindi", _cut_columns(6, 2)),
    Moved("sayfa adı değişti", lambda grid: edit.rename(grid, _ph(grid), "Sayfa1")),
    Moved("sayfa adı formül gibi", lambda grid: edit.rename(grid, _ph(grid), "=1+1")),
    Moved("sayfa adında kesme", lambda grid: edit.rename(grid, _ph(grid), "fen'in")),
    Moved("sayfalar ters sırada", lambda grid: grid.sheets.reverse()),
    Moved("Kontrol silindi", lambda grid: grid.sheets.remove(edit.sheet_named(grid, "Kontrol"))),
    Moved("başlık birleştirildi", _merge(1, 1, 1, 6)),
    Moved("etiket birleştirildi", _merge(28, 1, 28, 2)),
    Moved("sıfırlı satır gizli", _hide(rows=[33])),
    Moved("boş sütun gizli", _hide(columns=[9])),
    Moved("etiket büyük harf", _each_label("Ekonomik Kod", "EKONOMİK KOD")),
    Moved("etikette yazım hatası", _each_label("Ekonomik Kod", "Ekonomk Kod")),
    Moved("etikette çift boşluk", _each_label("Faaliyet Adı", "Faaliyet  Adı :")),
    Moved("gider adında yazım hatası", _each_label("Personel Giderleri", "Personel Gideleri")),
    Moved("gider adı kısaltılmış", _each_label("SGK Devlet Primi Giderleri", "SGK Devlet Primi")),
    Moved("toplam adında yazım hatası", _each_label("Toplam Kaynak İhtiyacı", "Toplam Kaynk İhtiyacı")),
    Moved("gider adı başka söz, numarası yerinde", _type("B38", "Çeşitli işler")),
    Moved("Faaliyetler başlığı bozuldu", _type("A19", "İşler")),
    Moved("numara yerinde etiket", _type("A59", "Performans Hedefi")),
    Moved("noktasız i", _each_label("Toplam Kaynak İhtiyacı", "TOPLAM KAYNAK IHTIYACI")),
]

FAULTY = [
    Moved("satır gizli", _hide(rows=[38]), (("KX109", PH, "C38"),)),
    Moved("sütun gizli", _hide(columns=[3]), (("KX109", PH, "C12"),)),
    Moved("sayfa gizli", _hide(whole=True), (("KX109", PH, "C12"),)),
    Moved("süzgeçle gizlenmiş göstergeler", _hide(rows=range(12, 15)), (("KX109", PH, "C12"),)),
    Moved("tutar yana kaydı", _all(_type("C38", None), _type("E38", 15000000)), (("KX112", PH, "E38"),)),
    Moved("ekonomik kod değişti", _type("A38", 7), (("KX113", PH, "A38"),)),
    Moved("gider adı başka gidere döndü", _type("B38", "Cari Transferler"), (("KX113", PH, "A38"),)),
    Moved("gider adı kaynağa döndü", _type("B38", "Yurt Dışı"), (("KX113", PH, "A38"),)),
    Moved("satır iki kez", _all(_type("A39", 6), _type("B39", "Sermaye Giderleri")), (("KX113", PH, "B39"),)),
    Moved("bütçe toplamı elle", _type("C41", 14000000), (("KX108", PH, "C41"),)),
    Moved("genel ihtiyaç elle", _type("C46", 1), (("KX108", PH, "C46"),)),
    Moved("bütçe dışı toplamı elle", _type("C45", 7), (("KX127", PH, "C45"),)),
    Moved("PHT tutarı elle", _all(_type("E21", 14000000), edit.recalculate), (("KX301", PH, "E21"),)),
    Moved("PHT bütçe tutarı elle", _all(_type("C22", 5), edit.recalculate), (("KX301", PH, "C22"),)),
    Moved("PHT bütçe dışı tutarı elle", _all(_type("D23", 5), edit.recalculate), (("KX301", PH, "D23"),)),
    Moved("gösterge boş", _type("D14", None), (("KX101", PH, "D14"),)),
    Moved(
        "gösterge hata",
        lambda grid: edit.put(_ph(grid), (14, 4), ExcelError("#REF!")) and None,
        (("KX104", PH, "D14"),),
    ),
    Moved("gösterge okunmuyor", _type("E13", "çok"), (("KX103", PH, "E13"),)),
    Moved("gösterge 1,500", _type("E13", "1,500"), (("KX103", PH, "E13"),)),
    Moved("gösterge %20 metin", _type("C17", "%20"), (("KX102", PH, "C17"),)),
    Moved("gösterge 20% metin", _type("C17", "20%"), (("KX102", PH, "C17"),)),
    Moved("gösterge kodu silindi", _type("A14", None), (("KX113", PH, "B14"),)),
    Moved("gösterge kodu bozuk", _type("A14", "PG 7,3,3"), (("KX113", PH, "A14"),)),
    Moved("gösterge kodu yinelendi", _type("A14", "PG.7.3.2"), None, 4),
    Moved("faaliyet kodu silindi", _type("A22", None), None, 3),
    Moved("maliyette faaliyet kodu değişti", _type("B30", "F.7.3.9"), None, 3),
    Moved("maliyette faaliyet kodu başkasının", _type("B30", "F.7.3.2"), None, 3),
    Moved("hedefte faaliyet kodu değişti", _type("A21", "F.7.3.9"), None, 4),
    Moved("maliyet tablosu silindi", _cut_rows(48, 20), None, 3),
    Moved("hedef tablosunda faaliyet satırı silindi", _cut_rows(22), (("KX303", PH, "C50"),)),
    Moved("maliyet yılı geçen yıl", _type("C32", 2023), None, 2),
    Moved("kimlikte yıl başka", _type("B5", 2023, "Kimlik"), (("KX201", "Kimlik", "B5"),)),
    Moved("kimlikte idare başka", _type("B4", "ARDAHAN BELEDİYESİ", "Kimlik"), (("KX201", "Kimlik", "B4"),)),
    Moved("sayfa kopyalandı", lambda grid: edit.copy_sheet(grid, _ph(grid), "PH 7.3 (2)") and None, None, 2),
    Moved("tutar sütunu silindi", _cut_columns(3), None, 14),
    Moved("kaynak adı yerinde etiket", _type("B64", "Açıklamalar"), (("KX113", PH, "B64"),)),
    Moved("numara yerinde toplamın adı", _type("A76", "Toplam Kaynak İhtiyacı"), (("KX113", PH, "A76"),)),
    Moved("toplam satırı adı bozuldu", _type("A41", "Ödenekler"), (("KX113", PH, "A41"),)),
    Moved("başlıktaki faaliyet adı etiketi bozuldu", _type("A30", "İşin konusu"), None, 3),
]
