"""The report of a comparison: templates/fark_raporu.xlsx, a summary and a list of each kind of change."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from template_kit import GREY, Book, Sheet

HEAD, ROW = 4, 5  # heading and prototype row of every list
SUMMARY, ACTIVITIES = "Özet", "Faaliyetler"
CODE = "cell left bold nowrap text"
SIGNED = "+#,##0.00;-#,##0.00;0.00"
SIGNED_SHARE = "+0.00%;-0.00%;0.00%"


class Column(NamedTuple):
    """A column of a list: its heading, a placeholder path or a formula with @ for the row, its width and look."""

    head: str
    content: str
    width: float
    look: str = "cell left"
    number_format: str = ""


def difference(old: str, new: str) -> str:
    """New minus old where both are figures: a text beside them says why there is none."""
    return f'=IF(AND(ISNUMBER({old}@),ISNUMBER({new}@)),ROUND({new}@-{old}@,2),"-")'


def percent(old: str, new: str) -> str:
    change = f"({new}@-{old}@)/ABS({old}@)"
    return f'=IF(AND(ISNUMBER({old}@),ISNUMBER({new}@)),IF({old}@=0,IF({new}@=0,0,"yeni"),{change}),"-")'


def amounts(kind: str, first: str) -> tuple[Column, ...]:
    """Old, new, difference and percent in four columns from `first` on."""
    old, new = first, chr(ord(first) + 1)
    return (
        Column("Eski (TL)", f"{kind}.eski", 18, "cell money"),
        Column("Yeni (TL)", f"{kind}.yeni", 18, "cell money"),
        Column("Fark (TL)", difference(old, new), 18, "cell money bold", SIGNED),
        Column("Fark %", percent(old, new), 11, "cell share", SIGNED_SHARE),
    )


def write_diff(path: Path) -> None:
    book = Book(path, "Fark Raporu")
    summary(book)
    activities(book)
    listed(
        book,
        "Kod Ayrıntısı",
        "Ekonomik kod ayrıntısı: tutarı değişen her kod ve hücresi",
        "kod_farki",
        (
            Column("Kod", "kod_farki.kod", 11, CODE),
            Column("Faaliyet ya da sütun", "kod_farki.ad", 44),
            Column("Birim", "kod_farki.birim", 22),
            Column("Ekonomik kod", "kod_farki.kalem", 28),
            *amounts("kod_farki", "E"),
            *places("kod_farki"),
        ),
    )
    listed(
        book,
        "Göstergeler",
        "Göstergeler: değeri değişen, eklenen, çıkarılan ve taşınan",
        "gosterge",
        (
            Column("Eski kod", "gosterge.eski_kod", 11, CODE),
            Column("Yeni kod", "gosterge.yeni_kod", 11, CODE),
            Column("Performans göstergesi", "gosterge.ad", 50),
            Column("Durum", "gosterge.durum", 22),
            Column("Yıl", "gosterge.yil", 18),
            Column("Eski", "gosterge.eski", 14, "cell right"),
            Column("Yeni", "gosterge.yeni", 14, "cell right"),
            *places("gosterge"),
        ),
    )
    sums(book, "Hedefler", "Performans hedeflerine göre tutarlar", "hedef", "Performans hedefi")
    sums(book, "Birimler", "Harcama birimlerine göre tutarlar", "birim", "Harcama birimi", coded=False)
    sums(book, "Ekonomik Kodlar", "Ekonomik koda göre tutarlar", "ekonomik_kod", "Ekonomik kod ya da kaynak")
    forms(book)
    listed(
        book,
        "Eklenen ve Taşınan",
        "Eklenen, çıkarılan, taşınan ve kodu değişenler",
        "kayit",
        (
            Column("Tür", "kayit.tur", 20),
            Column("Durum", "kayit.durum", 26, "cell left bold"),
            Column("Eski kod", "kayit.eski_kod", 11, CODE),
            Column("Yeni kod", "kayit.yeni_kod", 11, CODE),
            Column("Adı", "kayit.ad", 70),
            *places("kayit"),
        ),
    )
    listed(
        book,
        "Metin Değişiklikleri",
        "Metin değişiklikleri: iki metin yan yana",
        "metin",
        (
            Column("Tür", "metin.tur", 18),
            Column("Kod", "metin.kod", 11, CODE),
            Column("Eski metin", "metin.eski", 55),
            Column("Yeni metin", "metin.yeni", 55),
            *places("metin"),
        ),
    )
    book.close()


def places(kind: str) -> tuple[Column, Column]:
    """Where both values stand."""
    return (
        Column("Eski yeri", f"{kind}.eski_yer", 26, "cell left small"),
        Column("Yeni yeri", f"{kind}.yeni_yer", 26, "cell left small"),
    )


def headed(sheet: Sheet, title: str) -> None:
    sheet.put("A1", title, "title")
    sheet.put("A2", "Eski: {{ eski.dosya }}   Yeni: {{ yeni.dosya }}", "subtitle")
    sheet.heights({1: 24, 2: 14, 3: 8})


def printed(sheet: Sheet, area: str, *, landscape: bool = True, titles: str = "") -> None:
    sheet.paged(area, sheet.name, landscape=landscape, titles=titles)
    small = '&8&"Arial,Regular"'
    sheet.raw.set_header(f"&L{small}{{{{ yeni.idare }}}}&R{small}Fark raporu")
    sheet.one_page_wide()


def listed(book: Book, name: str, title: str, kind: str, columns: Sequence[Column], *, total: str = "") -> Sheet:
    """A sheet with one list; `total` is the first of the amount columns that are added up below it."""
    sheet = book.sheet(name, " ".join(str(column.width) for column in columns))
    headed(sheet, title)
    letters = "ABCDEFGHIJKLMN"[: len(columns)]
    for letter, column in zip(letters, columns, strict=True):
        sheet.put(f"{letter}{HEAD}", column.head, "heading")
        put(sheet, f"{letter}{ROW}", column, ROW)
    sheet.repeat(kind, f"A{ROW}:{letters[-1]}{ROW}")
    sheet.heights({HEAD: 28, ROW: 18})
    last = ROW
    if total:
        last = ROW + 1
        totalled(sheet, letters, total, last)
    sheet.raw.autofilter(f"A{HEAD}:{letters[-1]}{ROW}")
    sheet.raw.freeze_panes(HEAD, 0)
    printed(sheet, f"A1:{letters[-1]}{last}", titles=f"{HEAD}:{HEAD}")
    return sheet


def put(sheet: Sheet, cell: str, column: Column, row: int) -> None:
    content = column.content
    value = content.replace("@", str(row)) if content.startswith("=") else f"{{{{ {content} }}}}"
    extra = {"num_format": column.number_format} if column.number_format else {}
    sheet.put(cell, value, column.look, **extra)


def totalled(sheet: Sheet, letters: str, first: str, row: int) -> None:
    """The row of sums below a list; its difference and percent are of the sums themselves."""
    for letter in letters:
        sheet.put(f"{letter}{row}", "TOPLAM" if letter == "A" else None, "total")
    old, new, change, ratio = (chr(ord(first) + step) for step in range(4))
    for letter in (old, new):
        sheet.put(f"{letter}{row}", f"=SUM({letter}{ROW}:{letter}{ROW})", "total money")
    sheet.put(f"{change}{row}", difference(old, new).replace("@", str(row)), "total money", num_format=SIGNED)
    sheet.put(f"{ratio}{row}", percent(old, new).replace("@", str(row)), "total share", num_format=SIGNED_SHARE)
    sheet.heights({row: 20})


def activities(book: Book) -> None:
    columns = (
        Column("Eski kod", "faaliyet.eski_kod", 11, CODE),
        Column("Yeni kod", "faaliyet.yeni_kod", 11, CODE),
        Column("Faaliyet", "faaliyet.ad", 50),
        Column("Durum", "faaliyet.durum", 22),
        Column("Sorumlu birimler", "faaliyet.birimler", 26),
        *amounts("faaliyet", "F"),
        Column("Yeni tutarın formu", "faaliyet.form", 30, "cell left small"),
    )
    listed(book, ACTIVITIES, "Faaliyetler: bütün faaliyetlerin tutarı", "faaliyet", columns, total="F")


def sums(book: Book, name: str, title: str, kind: str, head: str, *, coded: bool = True) -> None:
    """Sums over all amounts; below them whether they add up to the grand total of the summary."""
    first = "C" if coded else "B"
    named = (Column(head, f"{kind}.ad", 62), *amounts(kind, first))
    columns = (Column("Kod", f"{kind}.kod", 10, CODE), *named) if coded else named
    sheet = listed(book, name, title, kind, columns, total=first)
    row = ROW + 2
    sheet.put(f"A{row}", "Özet sayfasındaki genel toplamla", "note", text_wrap=False)
    for letter, total in ((first, "B"), (chr(ord(first) + 1), "C")):
        result = f'=IF(ROUND({letter}{row - 1}-{SUMMARY}!{total}{TOTAL},2)=0,"TAMAM","HATA")'
        sheet.put(f"{letter}{row}", result, "note right")
    printed(sheet, f"A1:{chr(ord(first) + 3)}{row}", titles=f"{HEAD}:{HEAD}")


def forms(book: Book) -> None:
    columns = (
        Column("Form", "form.ad", 60),
        Column("Fark (TL)", "form.fark", 20, "cell money bold", SIGNED),
        Column("Tutar", "form.tutar", 12, "cell count"),
        Column("Gösterge değeri", "form.deger", 12, "cell count"),
        Column("Metin", "form.metin", 12, "cell count"),
        Column("Ekleme, çıkarma, taşıma", "form.kayit", 16, "cell count"),
    )
    sheet = listed(book, "Formlar", "Formlara göre: hangi form neyi değiştirdi", "form", columns)
    row = ROW + 1
    sheet.put(f"A{row}", "TOPLAM", "total")
    sheet.put(f"B{row}", f"=SUM(B{ROW}:B{ROW})", "total money", num_format=SIGNED)
    for letter in "CDEF":
        sheet.put(f"{letter}{row}", f"=SUM({letter}{ROW}:{letter}{ROW})", "total count")
    printed(sheet, f"A1:F{row}", titles=f"{HEAD}:{HEAD}")


# Rows of the summary: the two sources, the totals, the counts, then what could not be compared.
SOURCES, TOTALS, COLUMN_ROW, TOTAL, COUNTS, GAPS = 4, 10, 12, 13, 16, 20


def summary(book: Book) -> None:
    sheet = book.sheet(SUMMARY, "44 20 20 20 14 18", tab=GREY)
    sheet.put("A1", "Fark raporu", "title")
    sheet.put("A2", "{{ sonuc }}", "subtitle bold")
    sheet.heights({1: 24, 2: 16, 3: 8})
    for letter, head in (("A", "Kaynaklar"), ("E", "Yıl"), ("F", "Birim")):
        sheet.put(f"{letter}{SOURCES}", head, "heading")
    sheet.merge(f"B{SOURCES}:D{SOURCES}", "Dosya ya da klasör", "heading")
    for row, (label, side) in enumerate((("Eski kaynak", "eski"), ("Yeni kaynak", "yeni")), SOURCES + 1):
        sheet.put(f"A{row}", label, "label")
        sheet.merge(f"B{row}:D{row}", f"{{{{ {side}.dosya }}}}", "cell left")
        sheet.put(f"E{row}", f"{{{{ {side}.yil }}}}", "cell center")
        sheet.put(f"F{row}", f"{{{{ {side}.birim }}}}", "cell left")
        sheet.heights({row: 26})
    summary_totals(sheet)
    summary_counts(sheet)
    sheet.put(f"A{GAPS - 1}", "Karşılaştırılamayan", "total")
    sheet.merge(f"B{GAPS - 1}:F{GAPS - 1}", "{{ eksik_sayisi }} rakam", "total")
    sheet.put(f"A{GAPS}", "{{ eksik.yan }} kaynak: {{ eksik.yer }}", "cell left small")
    sheet.merge(f"B{GAPS}:F{GAPS}", "{{ eksik.metin }}", "cell left")
    sheet.repeat("eksik", f"A{GAPS}:F{GAPS}")
    sheet.heights({GAPS: 24})
    sheet.put(f"A{GAPS + 2}", "kars-xl {{ surum }}", "note")
    printed(sheet, f"A1:F{GAPS + 2}")
    sheet.raw.activate()


def summary_totals(sheet: Sheet) -> None:
    heads = ("Tutarlar", "Eski (TL)", "Yeni (TL)", "Fark (TL)", "Fark %")
    for letter, head in zip("ABCDE", heads, strict=True):
        sheet.put(f"{letter}{TOTALS}", head, "heading")
    first = TOTALS + 1
    sums_of = {"B": f"={ACTIVITIES}!F{ROW + 1}", "C": f"={ACTIVITIES}!G{ROW + 1}"}
    summary_row(sheet, first, "Performans Hedefleri Maliyetleri", sums_of, "cell", "label")
    own = {"B": "{{ sutun.eski }}", "C": "{{ sutun.yeni }}"}
    summary_row(sheet, COLUMN_ROW, "{{ sutun.ad }}", own, "cell", "label")
    sheet.repeat("sutun", f"A{COLUMN_ROW}:F{COLUMN_ROW}")
    grand = {letter: f"={letter}{first}+SUM({letter}{COLUMN_ROW}:{letter}{COLUMN_ROW})" for letter in "BC"}
    summary_row(sheet, TOTAL, "Genel Toplam", grand, "total", "total")


def summary_row(sheet: Sheet, row: int, label: str, values: dict[str, str], look: str, label_look: str) -> None:
    sheet.put(f"A{row}", label, label_look)
    for letter, value in values.items():
        sheet.put(f"{letter}{row}", value, f"{look} money")
    sheet.put(f"D{row}", difference("B", "C").replace("@", str(row)), f"{look} money bold", num_format=SIGNED)
    sheet.put(f"E{row}", percent("B", "C").replace("@", str(row)), f"{look} share", num_format=SIGNED_SHARE)
    sheet.heights({row: 20})


def summary_counts(sheet: Sheet) -> None:
    heads = ("Sayılar", "Eklenen", "Çıkarılan", "Metni değişen", "Taşınan", "Rakamı değişen")
    fields = ("ad", "eklenen", "cikarilan", "metni_degisen", "tasinan", "rakami_degisen")
    for letter, head, field in zip("ABCDEF", heads, fields, strict=True):
        sheet.put(f"{letter}{COUNTS}", head, "heading")
        sheet.put(f"{letter}{COUNTS + 1}", f"{{{{ sayim.{field} }}}}", "label" if letter == "A" else "cell count")
    sheet.repeat("sayim", f"A{COUNTS + 1}:F{COUNTS + 1}")
    sheet.heights({COUNTS + 1: 18})
