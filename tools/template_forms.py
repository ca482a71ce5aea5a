"""The forms to fill in: templates/birim_formu.xlsx (a directorate), templates/mali_form.xlsx (finance)."""

from __future__ import annotations

from pathlib import Path

from template_control import CONTROL, control_sheet
from template_general_tables import general_table_links, general_table_sheets
from template_kit import Book, Sheet
from template_tables import CostGrid, TargetGrid, cost_table, target_table

IDENTITY = "Kimlik"
TARGET_SHEET = "PH {{ hedef.kod }}"
MATRIX = "Toplam Kaynak İhtiyacı"
MARK = "◄"

TARGET = TargetGrid(top=5)
COST = CostGrid(top=TARGET.total + 3)  # a spacer and the heading of the cost table lie between

UNIT_HELP = (
    "1.  Sarı zeminli, koyu çerçeveli ve satırında ◄ işareti olan hücreleri doldurunuz; ötekiler kilitlidir.",
    "2.  Her performans hedefinin (PH 1.1 …) ve genel bilgi tablosunun (Tablo 1 …) kendi sayfası vardır.",
    "3.  Önce göstergelerin üç yıllık değerini yazınız: sayı, yüzde (ör. %20) ya da veri yoksa - işareti.",
    "4.  Sonra her faaliyetin maliyetini ekonomik kodlara göre, TL olarak yazınız. Toplamlar hesaplanır.",
    "5.  Ödenek istenmeyen satır boş kalır; faaliyet hiç ödenek istemiyorsa bir satırına 0 yazınız.",
    "6.  Yazım hatası gördüğünüz amaç, hedef ve faaliyet adlarını Mali Hizmetler Müdürlüğüne bildiriniz.",
    "7.  Göndermeden önce Kontrol sayfasına bakınız; her satırda TAMAM yazmalıdır.",
    "8.  Formu düzeltip yeniden gönderirken Revizyon No'yu bir artırınız ve dosyanın adını değiştirmeyiniz.",
)
FINANCE_HELP = (
    "1.  Sarı zeminli, koyu çerçeveli ve satırında ◄ işareti olan hücreleri doldurunuz; ötekiler kilitlidir.",
    "2.  Öteki sayfaya yalnız genel yönetim giderleri ile transferler ve yedek ödenek yazılır.",
    "3.  Faaliyetlerin toplamı birimlerin formlarından gelir; burada istenmez.",
    "4.  Tutarlar TL'dir. Boş bırakılan hücre sıfır sayılır. Toplamlar hesaplanır.",
    "5.  Formu düzeltip yeniden kullanırken Revizyon No'yu bir artırınız.",
)


def write_unit_form(path: Path) -> None:
    book = Book(path, "Performans Programı Birim Formu")
    sheet, row = identity(book, "Performans Programı Birim Formu", UNIT_HELP)
    target_list(sheet, row)
    control_sheet(book, TARGET_SHEET, TARGET, COST)
    target_sheet(book)
    general_table_sheets(book)
    book.close()


def write_finance_form(path: Path) -> None:
    book = Book(path, "Performans Programı Mali Hizmetler Formu")
    sheet, row = identity(book, "Performans Programı Mali Hizmetler Formu", FINANCE_HELP)
    sheet.link(f"A{row}", f"'{MATRIX}'!A1", f"► {MATRIX} sayfasına git", "link")
    sheet.paged(f"A1:C{row - 1}", IDENTITY)
    matrix_sheet(book)
    book.close()


def identity(book: Book, title: str, help_lines: tuple[str, ...]) -> tuple[Sheet, int]:
    """Writes the Kimlik sheet and returns it with the first free row below the instructions."""
    sheet = book.sheet(IDENTITY, "25 67 4")
    sheet.titled(title)
    rows: tuple[tuple[str, str | None, str], ...] = (
        ("İdare Adı", "{{ kurum.ad }}", "bold"),
        ("Program Yılı", "{{ yil }}", "left"),
        ("Harcama Birimi", "{{ birim.ad }}", "bold"),
        ("Formu Dolduran", "{{ dolduran }}", "entry"),
        ("Unvanı", None, "entry"),
        ("Telefon", None, "entry text"),
        ("Tarih", None, "entry date"),
        ("Revizyon No", "{{ revizyon }}", "entry"),
        ("Şablon Sürümü", "{{ surum }}", ""),
    )
    for row, (label, value, look) in enumerate(rows, 4):
        sheet.put(f"A{row}", label, "label")
        sheet.put(f"B{row}", value, f"cell left {look}", align="left", indent=1)
        if "entry" in look:
            sheet.put(f"C{row}", MARK, "mark")
        sheet.heights({row: 19})
        _identity_rules(sheet, row, label)
    first = 4 + len(rows) + 1
    sheet.merge(f"A{first}:B{first}", "Nasıl doldurulur?", "heading left")
    for row, line in enumerate(help_lines, first + 1):
        sheet.merge(f"A{row}:B{row}", line, "cell left")
        sheet.heights({row: 18})
    sheet.heights({first - 1: 12, first: 20, first + len(help_lines) + 1: 12})
    sheet.protect()
    sheet.raw.activate()
    return sheet, first + len(help_lines) + 2


def _identity_rules(sheet: Sheet, row: int, label: str) -> None:
    if label == "Revizyon No":
        sheet.raw.data_validation(
            f"B{row}",
            {
                "validate": "integer",
                "criteria": ">=",
                "value": 0,
                "input_title": "Revizyon No",
                "input_message": "İlk gönderimde 0; her düzeltmede bir artırınız.",
                "error_title": "Revizyon No",
                "error_message": "0 veya daha büyük bir tam sayı yazınız.",
            },
        )
    elif label == "Tarih":
        sheet.raw.data_validation(
            f"B{row}",
            {"validate": "any", "input_title": "Tarih", "input_message": "gün.ay.yıl, ör. 15.10.2024"},
        )


def target_list(sheet: Sheet, row: int) -> None:
    """Links to the sheets of the targets and of the general tables, and to the control sheet."""
    sheet.put(f"A{row}", "Sayfa", "heading left")
    sheet.put(f"B{row}", "Bu formda doldurulacaklar", "heading left")
    sheet.link(f"A{row + 1}", f"'{TARGET_SHEET}'!A1", "► " + TARGET_SHEET, "cell left textlink bold")
    sheet.put(f"B{row + 1}", "{{ hedef.ad }}", "cell left")
    sheet.repeat("hedef", f"A{row + 1}:B{row + 1}")
    last = general_table_links(sheet, row + 2)
    sheet.link(f"A{last}", f"'{CONTROL}'!A1", f"► {CONTROL}", "cell left textlink bold")
    sheet.put(f"B{last}", f"='{CONTROL}'!B4", "cell left")
    sheet.heights({row: 20, row + 1: 18, last: 18})
    sheet.paged(f"A1:C{last}", IDENTITY)


def target_sheet(book: Book) -> None:
    """One target: its table and below it a cost table for each activity of the unit."""
    sheet = book.sheet(TARGET_SHEET, "15 39 14.5 12.5 14.5 2.5 14")
    sheet.titled("Performans Hedefi {{ hedef.kod }}")
    sheet.put("A2", "{{ birim.ad }} – {{ yil }} Mali Yılı Performans Programı Formu", "subtitle")
    sheet.link("G1", f"'{IDENTITY}'!A1", "◄ Kimlik")
    sheet.put("A4", "Sarı zeminli, koyu çerçeveli, satırında ◄ olan hücreler doldurulur.", "note nowrap")
    target_table(sheet, TARGET, "", COST, entry=True)
    sheet.put(f"F{TARGET.note}", MARK, "mark")
    sheet.put(f"F{TARGET.indicator}", MARK, "mark")
    head = COST.top - 1
    sheet.merge(f"A{head}:E{head}", "FAALİYET MALİYETLERİ TABLOSU", "heading", font_size=11)
    cost_table(sheet, COST, units="{{ birim.ad }}", last="E", entry=True)
    _cost_marks(sheet)
    sheet.repeat("faaliyet_2", f"A{head}:E{COST.total + 1}")
    sheet.heights({4: 14, TARGET.note: 30, head - 1: 16, head: 22, COST.total + 1: 16})
    _amount_rule(sheet, f"C{COST.codes[0]}:C{COST.codes[1]}")
    _amount_rule(sheet, f"C{COST.sources[0]}:C{COST.sources[1]}")
    _indicator_rule(sheet, f"C{TARGET.indicator}:E{TARGET.indicator}")
    # On paper the target table and each cost table have a page of their own, so that none is torn.
    sheet.raw.set_h_pagebreaks([head - 1, COST.total + 1])
    sheet.raw.freeze_panes(3, 0)
    sheet.paged(f"A1:F{COST.total + 1}", "Performans Hedefi {{ hedef.kod }}")
    sheet.protect()


def _cost_marks(sheet: Sheet) -> None:
    """The mark of each entry row, and the line that leads the eye to it."""
    entries = (*range(COST.codes[0], COST.codes[1] + 1), *range(COST.sources[0], COST.sources[1] + 1))
    for row in entries:
        sheet.put(f"D{row}", MARK, "mark")


def _amount_rule(sheet: Sheet, area: str) -> None:
    sheet.raw.data_validation(
        area,
        {
            "validate": "decimal",
            "criteria": ">=",
            "value": 0,
            "input_title": "Tutar (TL)",
            "input_message": "Yalnız sayı yazınız, ör. 60000 ya da 60000,50. Ödenek yoksa boş bırakınız.",
            "error_title": "Tutar okunamadı",
            "error_message": "Sıfır veya daha büyük bir sayı yazınız; TL, harf veya eksi işareti yazmayınız.",
        },
    )


def _indicator_rule(sheet: Sheet, area: str) -> None:
    first = area.partition(":")[0]
    sheet.raw.data_validation(
        area,
        {
            "validate": "custom",
            "value": f'=OR(ISNUMBER({first}),{first}="-")',
            "input_title": "Gösterge değeri",
            "input_message": "Sayı ya da yüzde (ör. 70%) yazınız. Veri yoksa - yazınız.",
            "error_title": "Gösterge değeri okunamadı",
            "error_message": "Yalnız sayı, yüzde ya da - yazınız; birimini (adet, km) yazmayınız.",
        },
    )


def matrix_sheet(book: Book) -> None:
    """Tablo 11 without the activities' column."""
    sheet = book.sheet(MATRIX, "5 32 18 20 18 2.5 14")
    sheet.titled("Tablo 11 Toplam Kaynak İhtiyacı")
    sheet.link("G1", f"'{IDENTITY}'!A1", "◄ Kimlik")
    sheet.put("E4", "TL", "subtitle right")
    sheet.merge("A5:B5", "Ekonomik Kod", "heading left")
    sheet.row(
        5,
        "heading",
        C="Genel Yönetim Giderleri Toplamı",
        D="Diğer İdarelere Transfer Edilecek Kaynaklar + Yedek Ödenek Toplamı",
        E="Genel Toplam",
    )
    code, budget, source, extra, total = range(6, 11)
    sheet.put(f"A{code}", "{{ ekonomik_kod.kod }}", "cell center")
    sheet.put(f"B{code}", "{{ ekonomik_kod.ad }}", "cell left")
    sheet.put(f"A{source}", None, "cell")
    sheet.put(f"B{source}", "{{ kaynak_turu.ad }}", "cell left bold")
    for row, kind in ((code, "ekonomik_kod"), (source, "kaynak_turu")):
        sheet.put(f"C{row}", f"{{{{ {kind}.genel_yonetim }}}}", "cell money entry nowrap")
        sheet.put(f"D{row}", f"{{{{ {kind}.transfer }}}}", "cell money entry nowrap")
        sheet.put(f"E{row}", f"=SUM(C{row}:D{row})", "cell money bold")
        sheet.put(f"F{row}", MARK, "mark")
        sheet.repeat(kind, f"A{row}:E{row}")
        _amount_rule(sheet, f"C{row}:D{row}")
    totals = (
        (budget, "Toplam Bütçe Kaynak İhtiyacı", f"=SUM(@{code}:@{code})"),
        (extra, "Toplam Bütçe Dışı Kaynak İhtiyacı", f"=SUM(@{source}:@{source})"),
        (total, "GENEL TOPLAM", f"=@{budget}+@{extra}"),
    )
    for row, label, formula in totals:
        sheet.put(f"A{row}", None, "total open_right")
        sheet.put(f"B{row}", label, "total open_left left")
        for column in "CDE":
            sheet.put(f"{column}{row}", formula.replace("@", column), "total money")
    sheet.merge("A12:E12", "Yedek ödenek (9) yalnız ikinci sütuna, dokuzuncu koda yazılır.", "note")
    sheet.heights({4: 14, 5: 54, 12: 14, **dict.fromkeys(range(6, 11), 20.0)})
    sheet.raw.freeze_panes(5, 0)
    sheet.paged("A1:F12", "Toplam Kaynak İhtiyacı (Tablo 11)")
    sheet.protect()
