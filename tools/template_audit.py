"""The report of an audit: templates/denetim_raporu.xlsx with the reconciliation, the findings and the advice."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from template_kit import AMBER, ENTRY, GREEN, GREY, NAVY, RED, Book, Sheet

TOTALS, FINDINGS, ADVICE = "Mutabakat", "Bulgular", "Öneriler"
DIFFERENCE = "+#,##0.00;-#,##0.00;0.00"

# Rows of the sheet Mutabakat.
STATE, COUNTS, FILES = 4, 5, 6
HEAD, TABLE, BASIS, RESULT, NOTE = 8, 9, 10, 11, 12
CAUSES, CAUSE_HEAD, CAUSE = 14, 15, 16
# Each amount's column has its difference at its right.
AMOUNTS = (
    ("B", "C", "Faaliyetler toplamı", "faaliyetler"),
    ("D", "E", "Genel yönetim giderleri", "genel_yonetim"),
    ("F", "G", "Diğer idarelere transfer", "transfer"),
    ("H", "I", "Genel toplam", "genel_toplam"),
)
BASIS_NOTE = (
    "Esas alınan: tabloların çoğunda yazan tutar; çoğunluk yoksa İdare Performans Tablosu'ndaki. Farklar ve sonuçlar "
    "formüldür; bir tutarı değiştirirseniz onlar da değişir."
)


class Column(NamedTuple):
    head: str
    field: str
    width: float
    look: str = "cell left top"


COLUMNS = (
    Column("No", "no", 6, "cell center top"),
    Column("Önem", "onem", 8, "cell center bold top"),
    Column("Kod", "kod", 8, "cell center top"),
    Column("Tablo", "tablo", 15),
    Column("Konu", "konu", 12, "cell left bold top"),
    Column("Dosya", "dosya", 18),
    Column("Sayfa", "sayfa", 14),
    Column("Hücre", "hucre", 10),
    Column("Ne yanlış", "metin", 48),
    Column("Nasıl düzeltilir", "cozum", 32),
    Column("Beklenen", "beklenen", 15, "cell money top"),
    Column("Bulunan", "bulunan", 15, "cell money top"),
    Column("Fark", "fark", 15, "cell money top"),
)
LETTERS = "ABCDEFGHIJKLM"
LIST_HEAD, LIST_ROW = 4, 5


def write_audit(path: Path) -> None:
    book = Book(path, "Performans Programı Denetim Raporu")
    reconciliation(book)
    listing(book, FINDINGS, "Bulgular: hatalar ve uyarılar", "bulgu", "hata ve uyarı")
    listing(book, ADVICE, "Öneriler", "oneri", "öneri")
    book.close()


def reconciliation(book: Book) -> None:
    sheet = book.sheet(TOTALS, "32 18 16 18 16 18 16 18 16 14 24")
    _titled(sheet, "Denetim raporu: tabloların mutabakatı")
    _state(sheet)
    sheet.put(f"A{HEAD}", "Tablo", "heading")
    sheet.put(f"A{TABLE}", "{{ tablo.ad }}", "cell left bold")
    sheet.put(f"A{BASIS}", "Esas alınan", "total")
    sheet.put(f"A{RESULT}", "Sonuç", "total")
    for amount, difference, name, field in AMOUNTS:
        sheet.row(HEAD, "heading", **{amount: f"{name} (TL)", difference: "Fark (TL)"})
        sheet.put(f"{amount}{TABLE}", f"{{{{ tablo.{field} }}}}", "cell money")
        formula = f'=IF(ISNUMBER({amount}{TABLE}),ROUND({amount}{TABLE}-{amount}${BASIS},2),"")'
        sheet.put(f"{difference}{TABLE}", formula, "cell money", num_format=DIFFERENCE)
        sheet.put(f"{amount}{BASIS}", f"{{{{ esas.{field} }}}}", "total money")
        sheet.put(f"{difference}{BASIS}", None, "total")
        sheet.put(f"{amount}{RESULT}", _agreement(amount), "total right")
        sheet.put(f"{difference}{RESULT}", None, "total")
    sheet.row(HEAD, "heading", J="Esas alınana göre", K="Yazıldığı yer")
    differences = ",".join(f"ABS(N({difference}{TABLE}))" for _, difference, *_ in AMOUNTS)
    compared = ",".join(f'AND(ISNUMBER({amount}{TABLE}),{amount}${RESULT}<>"TEK TABLO")' for amount, *_ in AMOUNTS)
    own = f'=IF(OR({compared}),IF(MAX({differences})>0,"FARKLI","AYNI"),"–")'
    sheet.put(f"J{TABLE}", own, "cell center bold")
    sheet.put(f"K{TABLE}", "{{ tablo.yer }}", "cell left small")
    for row in (BASIS, RESULT):
        sheet.row(row, "total", J=None, K=None)
    sheet.merge(f"A{NOTE}:K{NOTE}", BASIS_NOTE, "note")
    sheet.repeat("tablo", f"A{TABLE}:K{TABLE}")
    last = _causes(sheet)
    for area in (f"B{STATE}", f"B{RESULT}:H{RESULT}", f"J{TABLE}"):
        _signal(book, sheet, area)
    sheet.heights({STATE: 24, COUNTS: 18, FILES: 18, 7: 8, HEAD: 30, TABLE: 18, BASIS: 20, RESULT: 20, NOTE: 14})
    _paged(sheet, f"A1:K{last}", TOTALS)


def _agreement(column: str) -> str:
    """Whether the tables' amounts of a column are all the same, in a word."""
    cells = f"{column}{TABLE}:{column}{TABLE}"
    same = f'IF(ROUND(MAX({cells})-MIN({cells}),2)=0,"AYNI","FARKLI")'
    return f'=IF(COUNT({cells})=0,"–",IF(COUNT({cells})=1,"TEK TABLO",{same}))'


def _state(sheet: Sheet) -> None:
    results = f"B{RESULT}:H{RESULT}"
    state = (
        f'=IF(COUNTIF({results},"FARKLI")>0,"HATA: "&COUNTIF({results},"FARKLI")&" toplam tablolar arasında farklı",'
        f'IF(COUNTIF({results},"AYNI")=0,"Karşılaştırılacak ikinci bir tablo yok",'
        f'IF(COUNTIF({results},"TEK TABLO")>0,"TAMAM: birden çok tabloda bulunan toplamlar birbirini tutuyor",'
        '"TAMAM: bütün tabloların toplamları birbirini tutuyor")))'
    )
    sheet.put(f"A{STATE}", "Genel durum", "label", font_size=11)
    sheet.merge(f"B{STATE}:G{STATE}", state, "total left", font_size=11)
    columns = {name: f"'{name}'!$B:$B" for name in (FINDINGS, ADVICE)}
    counts = (
        f'=COUNTIF({columns[FINDINGS]},"HATA")&" hata, "&COUNTIF({columns[FINDINGS]},"UYARI")&" uyarı, "'
        f'&COUNTIF({columns[ADVICE]},"ÖNERİ")&" öneri"'
    )
    sheet.put(f"A{COUNTS}", "Bulgular", "label")
    sheet.merge(f"B{COUNTS}:G{COUNTS}", counts, "cell left")
    sheet.put(f"A{FILES}", "Denetlenen dosyalar", "label")
    sheet.merge(f"B{FILES}:G{FILES}", "{{ dosyalar }}", "cell left")


def _causes(sheet: Sheet) -> int:
    """What explains the differences; without anything only one line shows. Returns the last row."""
    none = f"COUNTA(A{CAUSE}:A{CAUSE})=0"
    unexplained = "Farkları tam olarak açıklayan bir neden bulunamadı"
    without = f'IF(LEFT(B{STATE},4)="HATA","{unexplained}","Açıklanacak fark yok")'
    title = f'=IF({none},{without},"Farkların nedenleri")'
    sheet.put(f"A{CAUSES}", title, "title", font_size=11)
    for letter, head in (("A", "Neden"), ("B", "Açıklama"), ("I", "Fark (TL)"), ("J", "Bulgu numaraları")):
        sheet.put(f"{letter}{CAUSE_HEAD}", f'=IF({none},"","{head}")', "left bold", font_color=GREY)
    sheet.put(f"A{CAUSE}", "{{ aciklama.no }}", "cell center")
    # Prose, not data: nobody sorts or filters it.
    sheet.merge(f"B{CAUSE}:H{CAUSE}", "{{ aciklama.metin }}", "cell left")
    sheet.put(f"I{CAUSE}", "{{ aciklama.fark }}", "cell money", num_format=DIFFERENCE)
    sheet.merge(f"J{CAUSE}:K{CAUSE}", "{{ aciklama.bulgular }}", "cell left")
    sheet.repeat("aciklama", f"A{CAUSE}:K{CAUSE}")
    sheet.heights({CAUSES: 22, CAUSE_HEAD: 18, CAUSE: 18})
    return CAUSE


def listing(book: Book, name: str, title: str, kind: str, counted: str) -> None:
    sheet = book.sheet(name, " ".join(str(column.width) for column in COLUMNS))
    _titled(sheet, title)
    count = f"COUNTA(A{LIST_ROW}:A{LIST_ROW})"
    sheet.put("A3", f'=IF({count}=0,"Hiç {counted} yok.",{count}&" {counted}")', "bold", font_color=NAVY)
    for letter, column in zip(LETTERS, COLUMNS, strict=True):
        sheet.put(f"{letter}{LIST_HEAD}", column.head, "heading")
        sheet.put(f"{letter}{LIST_ROW}", f"{{{{ {kind}.{column.field} }}}}", column.look)
    sheet.repeat(kind, f"A{LIST_ROW}:M{LIST_ROW}")
    _signal(book, sheet, f"B{LIST_ROW}")
    sheet.raw.autofilter(f"A{LIST_HEAD}:M{LIST_ROW}")
    sheet.raw.freeze_panes(LIST_HEAD, 3)
    sheet.heights({3: 18, LIST_HEAD: 22, LIST_ROW: 18})
    _paged(sheet, f"A1:M{LIST_ROW}", name, f"{LIST_HEAD}:{LIST_HEAD}")


def _titled(sheet: Sheet, title: str) -> None:
    sheet.put("A1", title, "title")
    sheet.put("A2", "{{ program }}", "subtitle")
    sheet.heights({1: 24, 2: 14, 3: 8})


def _paged(sheet: Sheet, area: str, section: str, titles: str = "") -> None:
    sheet.paged(area, section, landscape=True, titles=titles)
    # Any programme's name and year stand here, or what could be read of them.
    small = '&8&"Arial,Regular"'
    sheet.raw.set_header(f"&L{small}{{{{ program }}}}&R{small}Denetim raporu")
    sheet.one_page_wide()


def _signal(book: Book, sheet: Sheet, area: str) -> None:
    """Colours what begins with one of the words; the words themselves are the first signal."""
    first = area.partition(":")[0]
    bad, good, attention = (RED, "#F9DEDC"), (GREEN, "#E3F1E7"), (AMBER, ENTRY)
    words = {"HATA": bad, "FARKLI": bad, "TAMAM": good, "AYNI": good, "UYARI": attention}
    for word, (colour, ground) in words.items():
        style = book.file.add_format({"font_color": colour, "bg_color": ground, "bold": True})
        criteria = f'=LEFT({first},{len(word)})="{word}"'
        sheet.raw.conditional_format(area, {"type": "formula", "criteria": criteria, "format": style})
