"""The official programme: templates/performans_programi.xlsx, one function per sheet."""

from __future__ import annotations

from pathlib import Path

from template_charts import FIGURES, ORGANISATION, STAFF_FIGURES, figures, organisation, staff_figures
from template_checks import check_sheet
from template_general import PHYSICAL, STAFF, general_tables
from template_kit import GREY, LINE, NAVY, PROGRAMME, Book, Sheet
from template_policies import GOALS, POLICIES, goals, policies
from template_sources import source_sheet
from template_summaries import BY_CODE, BY_GOAL, BY_UNIT, GOALS_BY_CODE, summaries
from template_tables import CostGrid, TargetGrid, cost_table, target_table

TARGETS, COSTS, SUMMARY = "Performans Hedefleri", "Faaliyet Maliyetleri", "İdare Performans Tablosu"
MATRIX, UNITS = "Toplam Kaynak İhtiyacı", "Harcama Birimleri"

TARGET = TargetGrid(top=4)
COST = CostGrid(top=4)

CONTENTS = (
    (ORGANISATION, "Teşkilat Yapısı"),
    (PHYSICAL, "Fiziksel Kaynaklar: hizmet binaları, taşıtlar, donanım ve yazılım"),
    (STAFF, "İnsan Kaynakları: kadro, doluluk, cinsiyet, eğitim ve yaş"),
    (STAFF_FIGURES, "İnsan Kaynakları: şekiller"),
    (POLICIES, POLICIES),
    (GOALS, GOALS),
    (TARGETS, "Performans Hedefi Tabloları"),
    (COSTS, "Faaliyet Maliyetleri Tabloları"),
    (SUMMARY, "İdare Performans Tablosu"),
    (MATRIX, "Toplam Kaynak İhtiyacı (Tablo 11)"),
    (UNITS, "Faaliyetlerden Sorumlu Harcama Birimleri"),
    (BY_UNIT, "Birimlere Göre Kaynak İhtiyacı"),
    (BY_GOAL, "Amaçlara Göre Kaynak İhtiyacı"),
    (BY_CODE, "Ekonomik Koda Göre Kaynak İhtiyacı"),
    (GOALS_BY_CODE, "Amaç ve Ekonomik Koda Göre Faaliyet Maliyetleri"),
    (FIGURES, "Şekiller: kaynakların dağılımı, amaçlara, birimlere ve ekonomik koda göre"),
    ("Denetim", "Denetim: tabloların birbirini tutup tutmadığı"),
    ("Kaynak", "Kaynak: her rakamın geldiği form, sayfa ve hücre"),
)


def write_programme(path: Path) -> None:
    book = Book(path, PROGRAMME)
    cover(book)
    contents(book)
    organisation(book)
    general_tables(book)
    staff_figures(book)
    policies(book)
    goals(book)
    targets(book)
    costs(book)
    summary(book)
    matrix(book)
    units(book)
    summaries(book)
    figures(book)
    check_sheet(book)
    source_sheet(book)
    book.close()


def cover(book: Book) -> None:
    sheet = book.sheet("Kapak", "97")
    sheet.put("A1", "{{ kurum.ad }}", "title center", font_size=20, text_wrap=True)
    sheet.put("A2", None, "", top=5, top_color=NAVY)
    sheet.put("A4", "{{ yil }} MALİ YILI\nPERFORMANS PROGRAMI", "heading", font_size=32, border=0)
    sheet.put("A6", "{{ taslak }}", "draft center", font_size=28)
    sheet.put("A8", "{{ kurum.yer_ve_yil }}", "title center", font_size=16)
    sheet.put("A9", None, "", bottom=1, bottom_color=LINE)
    for row, field in enumerate(("adres", "telefon", "web", "eposta"), 10):
        sheet.put(f"A{row}", f"{{{{ kurum.{field} }}}}", "center", font_color=GREY)
    sheet.heights({1: 80, 2: 10, 3: 120, 4: 150, 5: 30, 6: 50, 7: 170, 8: 30, 9: 12})
    sheet.heights(dict.fromkeys(range(10, 14), 15.0))
    sheet.paged("A1:A13", "")
    sheet.raw.set_header("")
    sheet.raw.set_footer("")
    sheet.raw.activate()


def contents(book: Book) -> None:
    sheet = book.sheet("İçindekiler", "18 79")
    sheet.titled("İÇİNDEKİLER")
    sheet.merge("A4:B4", "Bölümler", "heading left")
    for row, (name, text) in enumerate(CONTENTS, 5):
        sheet.put(f"A{row}", "=ROW()-4", "cell center")
        sheet.link(f"B{row}", f"'{name}'!A1", text, "cell left textlink")
        if name == POLICIES:
            sheet.repeat("politika_sayfasi", f"A{row}:B{row}")
    last = 4 + len(CONTENTS)
    sheet.put(f"A{last + 1}", "Denetim sonucu", "label")
    sheet.put(f"B{last + 1}", "=Denetim!B5", "total left")
    first = last + 4
    sheet.merge(f"A{first - 1}:B{first - 1}", "Performans hedefleri", "heading left")
    sheet.put(f"A{first}", "{{ hedef.kod }}", "cell center bold")
    sheet.link(f"B{first}", f"'{TARGETS}'!A{TARGET.top}", "{{ hedef.ad }}", "cell left textlink")
    sheet.repeat("hedef", f"A{first}:B{first}")
    sheet.heights(dict.fromkeys(range(4, first + 1), 18.0))
    sheet.heights({last + 2: 10})
    sheet.paged(f"A1:B{first}", "İçindekiler")


def targets(book: Book) -> None:
    sheet = book.sheet(TARGETS, "15 40.5 14.5 12.5 14.5 3 14")
    sheet.titled("Performans Hedefi Tabloları", "G1")
    target_table(sheet, TARGET, f"'{COSTS}'!", COST)
    end = TARGET.total + 1
    sheet.repeat("hedef", f"A{TARGET.top}:E{end}")
    sheet.heights({end: 12})
    sheet.raw.set_h_pagebreaks([end])
    sheet.raw.freeze_panes(3, 0)
    sheet.paged(f"A1:E{end}", "Performans Hedefi Tabloları")


def costs(book: Book) -> None:
    sheet = book.sheet(COSTS, "21 28 48 3 14")
    sheet.titled("Faaliyet Maliyetleri Tabloları", "E1")
    cost_table(sheet, COST, units="{{ faaliyet.birimler }}")
    gap = COST.total + 1
    page_end = gap + 1  # a row of the page's own, after which the page breaks
    sheet.repeat("faaliyet", f"A{COST.top}:C{gap}")
    sheet.repeat("sayfa", f"A{COST.top}:C{page_end}")
    sheet.heights({gap: 16, page_end: 3})
    sheet.raw.set_h_pagebreaks([page_end])
    sheet.raw.freeze_panes(3, 0)
    sheet.paged(f"A1:C{page_end}", "Faaliyet Maliyetleri Tabloları")


def summary(book: Book) -> None:
    """One row per activity; an activity's share is of row 8, a total row's of row 11."""
    sheet = book.sheet(SUMMARY, "26 10 40 17 10 16 10 17 10 3 14")
    sheet.titled("İdare Performans Tablosu", "K1")
    sheet.put("A4", "İdare Adı", "label")
    sheet.merge("B4:I4", "{{ kurum.ad }}", "cell left bold")
    for area, text in (("A5:A6", "Performans Hedefi"), ("B5:B6", "Faaliyet"), ("C5:C6", "AÇIKLAMA")):
        sheet.merge(area, text, "heading")
    for area, text in (("D5:E5", "BÜTÇE İÇİ"), ("F5:G5", "BÜTÇE DIŞI"), ("H5:I5", "TOPLAM")):
        sheet.merge(area, text, "heading")
    for column in "DFH":
        sheet.put(f"{column}6", "TL", "subheading")
    for column in "EGI":
        sheet.put(f"{column}6", "PAY (%)", "subheading nowrap", font_size=8)
    # A target's name stands in its first activity's row only: lines above it are drawn by the rule below.
    sheet.put("A7", "{{ faaliyet.hedef_ad_ilk }}", "cell left bold", top=0, bottom=0)
    sheet.put("B7", "{{ faaliyet.kod }}", "cell left bold nowrap")
    sheet.put("C7", "{{ faaliyet.ad }}", "cell left")
    sheet.group_line("A7")
    for amount, share, total in (("D", "E", COST.budget), ("F", "G", COST.extra), ("H", "I", COST.total)):
        sheet.put(f"{amount}7", f"='{COSTS}'!C{total}", "cell money")
        sheet.put(f"{share}7", f"=IF({amount}$8=0,0,{amount}7/{amount}$8)", "cell share")
    sheet.repeat("faaliyet", "A7:I7")
    _summary_totals(sheet)
    sheet.heights({4: 18, 5: 18, 6: 16, 7: 18, 8: 20, 9: 20, 10: 20, 11: 22})
    sheet.raw.freeze_panes(6, 3)
    sheet.paged("A1:I11", "İdare Performans Tablosu", landscape=True, titles="5:6")
    sheet.one_page_wide()


def _summary_totals(sheet: Sheet) -> None:
    budget, extra = MATRIX_BUDGET, MATRIX_EXTRA
    rows = (
        (8, "Performans Hedefleri Maliyetleri Toplamı", ("=SUM(D7:D7)", "=SUM(F7:F7)", "=SUM(H7:H7)")),
        (9, "Genel Yönetim Giderleri", _from_matrix("D", budget, extra)),
        (10, "Diğer İdarelere Transfer Edilecek Kaynaklar Toplamı", _from_matrix("E", budget, extra)),
        (11, "Genel Toplam", ("=SUM(D8:D10)", "=SUM(F8:F10)", "=SUM(H8:H10)")),
    )
    for row, label, formulas in rows:
        sheet.put(f"A{row}", label, "total open_right")
        sheet.put(f"B{row}", None, "total open_right open_left")
        sheet.put(f"C{row}", None, "total open_left")
        for amount, share, formula in zip("DFH", "EGI", formulas, strict=True):
            sheet.put(f"{amount}{row}", formula, "total money")
            sheet.put(f"{share}{row}", f"=IF({amount}$11=0,0,{amount}{row}/{amount}$11)", "total share")


def _from_matrix(column: str, budget: int, extra: int) -> tuple[str, str, str]:
    first, second = f"'{MATRIX}'!{column}{budget}", f"'{MATRIX}'!{column}{extra}"
    return f"={first}", f"={second}", f"={first}+{second}"


# Rows of Tablo 11: economic codes, budget total, sources, extra-budget total, grand total.
MATRIX_CODE, MATRIX_BUDGET, MATRIX_SOURCE, MATRIX_EXTRA, MATRIX_TOTAL = 6, 7, 8, 9, 10


def matrix(book: Book) -> None:
    sheet = book.sheet(MATRIX, "5 30 17 17 18 17 3 14")
    sheet.titled("Tablo 11 Toplam Kaynak İhtiyacı", "H1")
    sheet.put("F4", "TL", "subtitle right")
    sheet.merge("A5:B5", "Ekonomik Kod", "heading left")
    sheet.row(
        5,
        "heading",
        C="Faaliyet Toplamı",
        D="Genel Yönetim Giderleri Toplamı",
        E="Diğer İdarelere Transfer Edilecek Kaynaklar + Yedek Ödenek Toplamı",
        F="Genel Toplam",
    )
    code, source = MATRIX_CODE, MATRIX_SOURCE
    costs_a, costs_b, costs_c = (f"'{COSTS}'!${column}:${column}" for column in "ABC")
    sheet.put(f"A{code}", "{{ ekonomik_kod.kod }}", "cell center")
    sheet.put(f"B{code}", "{{ ekonomik_kod.ad }}", "cell left")
    sheet.put(f"C{code}", f"=SUMIF({costs_a},$A{code},{costs_c})", "cell money")
    sheet.put(f"A{source}", None, "cell")
    sheet.put(f"B{source}", "{{ kaynak_turu.ad }}", "cell left bold")
    sheet.put(f"C{source}", f"=SUMIF({costs_b},$B{source},{costs_c})", "cell money")
    for row, kind in ((code, "ekonomik_kod"), (source, "kaynak_turu")):
        sheet.put(f"D{row}", f"{{{{ {kind}.genel_yonetim }}}}", "cell money")
        sheet.put(f"E{row}", f"{{{{ {kind}.transfer }}}}", "cell money")
        sheet.put(f"F{row}", f"=SUM(C{row}:E{row})", "cell money bold")
        sheet.repeat(kind, f"A{row}:F{row}")
    _matrix_totals(sheet)
    _signatures(sheet, MATRIX_TOTAL + 3)
    sheet.heights({4: 13, 5: 54, **dict.fromkeys(range(6, 10), 20.0), 10: 24})
    sheet.paged(f"A1:F{MATRIX_TOTAL + 6}", "Toplam Kaynak İhtiyacı (Tablo 11)")
    sheet.raw.freeze_panes(5, 2)
    sheet.one_page_wide()


def _matrix_totals(sheet: Sheet) -> None:
    totals = (
        (MATRIX_BUDGET, "Toplam Bütçe Kaynak İhtiyacı", f"=SUM(@{MATRIX_CODE}:@{MATRIX_CODE})"),
        (MATRIX_EXTRA, "Toplam Bütçe Dışı Kaynak İhtiyacı", f"=SUM(@{MATRIX_SOURCE}:@{MATRIX_SOURCE})"),
        (MATRIX_TOTAL, "GENEL TOPLAM", f"=@{MATRIX_BUDGET}+@{MATRIX_EXTRA}"),
    )
    for row, label, formula in totals:
        sheet.put(f"A{row}", None, "total open_right")
        sheet.put(f"B{row}", label, "total open_left left", text_wrap=True)
        for column in "CDEF":
            sheet.put(f"{column}{row}", formula.replace("@", column), "total money")


def _signatures(sheet: Sheet, row: int) -> None:
    signers = (
        ("A", "B", "Hazırlayan", "", ""),
        ("C", "D", "Kontrol Eden", "", ""),
        ("E", "F", "Onaylayan", "{{ kurum.ust_yonetici }}", "{{ kurum.ust_yonetici_unvan }}"),
    )
    for left, right, role, name, title in signers:
        lines = (
            (role, "bold center", GREY),
            ("", "center", GREY),  # room for the signature
            (name or "…………………………", "bold center", "#000000"),
            (title or "Adı Soyadı, Unvanı", "center", GREY),
        )
        for line, (text, styles, colour) in enumerate(lines, row):
            sheet.merge(f"{left}{line}:{right}{line}", text, styles, font_color=colour)
    sheet.heights({row - 1: 30, row: 16, row + 1: 44, row + 2: 16, row + 3: 16})


def units(book: Book) -> None:
    sheet = book.sheet(UNITS, "28 10 37 22 3 14")
    sheet.titled("FAALİYETLERDEN SORUMLU HARCAMA BİRİMLERİNE İLİŞKİN TABLO", "F1")
    sheet.put("A1", "FAALİYETLERDEN SORUMLU HARCAMA BİRİMLERİNE İLİŞKİN TABLO", "title", font_size=12)
    sheet.put("A4", "İdare Adı", "label")
    sheet.merge("B4:D4", "{{ kurum.ad }}", "cell left bold")
    sheet.put("A5", "PERFORMANS HEDEFİ", "heading")
    sheet.merge("B5:C5", "FAALİYETLER", "heading")
    sheet.put("D5", "SORUMLU BİRİMLER", "heading")
    sheet.put("A6", "{{ faaliyet.hedef_ad_ilk }}", "cell left bold", top=0, bottom=0)
    sheet.put("B6", "{{ faaliyet.kod }}", "cell left bold nowrap")
    sheet.put("C6", "{{ faaliyet.ad }}", "cell left")
    sheet.put("D6", "{{ faaliyet.birimler }}", "cell left")
    sheet.put("A7", None, "", top=1, top_color=LINE)  # closes the open first column
    sheet.group_line("A6")
    sheet.repeat("faaliyet", "A6:D6")
    sheet.heights({4: 18, 5: 22, 6: 18, 7: 6})
    sheet.raw.freeze_panes(5, 0)
    sheet.paged("A1:D7", "Faaliyetlerden Sorumlu Harcama Birimleri", titles="5:5")
    sheet.one_page_wide()
