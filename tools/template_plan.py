"""The plan workbook: templates/plan.xlsx, plain lists with one header row each."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from template_kit import Book, Sheet
from template_tables import ECONOMIC_CODES, SOURCES


class Column(NamedTuple):
    head: str
    field: str  # a placeholder path, or a formula with "=" first
    width: float
    help: str
    look: str = "cell left"


CODE = "cell left bold nowrap text"
GENERAL_TABLE_COLUMNS = 6
INDICATOR_HELP = "Göstergenin bu yıla ait değeri: sayı, yüzde ya da veri yoksa -"


def write_plan(path: Path) -> None:
    book = Book(path, "Performans Programı Planı")
    institution(book)
    goals = (
        Column("KOD", "amac.kod", 10, "Amacın sıra numarası, ör. 1", CODE),
        Column("AMAÇ", "amac.ad", 100, "Stratejik planın amacı, tam metin"),
    )
    table(book, "Amaçlar", goals, ("amac",))
    objectives = (
        Column("KOD", "stratejik_hedef.kod", 10, "Amaç ve hedef numarası, ör. 1.1", CODE),
        Column("HEDEF", "stratejik_hedef.ad", 100, "Stratejik planın hedefi, tam metin"),
    )
    table(book, "Hedefler", objectives, ("amac", "stratejik_hedef"))
    table(book, "Üst Politika Belgeleri", policies(), ("politika",))
    targets = (
        Column("KOD", "hedef.kod", 10, "Bağlı olduğu hedefin numarası, ör. 1.1", CODE),
        Column("PERFORMANS HEDEFİ", "hedef.ad", 80, "Boş bırakılırsa hedefin metni alınır"),
        Column("AÇIKLAMALAR", "hedef.aciklama", 50, "Hedef tablosunun Açıklamalar satırı; boş olabilir"),
    )
    table(book, "Performans Hedefleri", targets, ("hedef",))
    table(book, "Göstergeler", indicators(), ("gosterge",))
    activities = (
        Column("KOD", "faaliyet.kod", 12, "Faaliyetin kodu, ör. F.1.1.1", CODE),
        Column("FAALİYET", "faaliyet.ad", 85, "Faaliyetin adı, tam metin"),
        Column("SORUMLU BİRİMLER", "faaliyet.birimler", 45, "Birden çok birim virgülle ayrılır"),
    )
    table(book, "Faaliyetler", activities, ("faaliyet",))
    table(book, "Maliyetler", costs(), ("kaynak",))
    units = (
        Column("BİRİM", "birim.ad", 55, "Harcama biriminin tam adı"),
        Column("E-POSTA", "birim.eposta", 45, "Formun gönderileceği adres"),
    )
    table(book, "Birimler", units, ("birim",))
    table(book, "Genel Bilgi Tabloları", general_table_lists(), ("bilgi_tablosu",))
    table(book, "Genel Bilgi Satırları", general_table_rows(), ("bilgi_satiri",))
    general_administration(book)
    book.close()


def policies() -> tuple[Column, ...]:
    return (
        Column("BELGE", "politika_belgesi.ad", 36, "Üst politika belgesinin adı; boşsa üstteki satırınki alınır"),
        Column("BÖLÜM", "politika_bolumu.ad", 36, "Belgedeki bölümün adı; boş olabilir"),
        Column("REFERANS", "politika.referans", 13, "Belgedeki numara, ör. 264.2.; boş olabilir", CODE),
        Column("VERİLEN GÖREV / İHTİYAÇ", "politika.gorev", 100, "Belgenin belediyelere verdiği görev, tam metin"),
    )


def indicators() -> tuple[Column, ...]:
    return (
        Column("KOD", "gosterge.kod", 13, "Göstergenin kodu, ör. PG.1.1.1", CODE),
        Column("PERFORMANS GÖSTERGESİ", "gosterge.ad", 70, "Göstergenin adı ve birimi, ör. … sayısı (adet)"),
        Column("{{ iki_onceki_yil }}", "gosterge.iki_onceki", 14, INDICATOR_HELP, "cell money"),
        Column("{{ onceki_yil }}", "gosterge.onceki", 14, INDICATOR_HELP, "cell money"),
        Column("{{ yil }}", "gosterge.deger", 14, INDICATOR_HELP, "cell money"),
    )


def costs() -> tuple[Column, ...]:
    amount = "Bu faaliyet için bu birimin ödenek isteği, TL"
    last = chr(ord("C") + len(ECONOMIC_CODES) + len(SOURCES) - 1)
    return (
        Column("KOD", "faaliyet.kod", 12, "Faaliyetin kodu; birim başına bir satır", CODE),
        Column("BİRİM", "kaynak.birim", 34, "Ödeneği isteyen harcama birimi"),
        *(
            Column(f"{number} {name}", f"kaynak.gider_{number}", 16, amount, "cell money")
            for number, name in enumerate(ECONOMIC_CODES, 1)
        ),
        *(Column(name, f"kaynak.{field}", 16, amount, "cell money") for name, field in SOURCES),
        Column("TOPLAM", f"=SUM(C2:{last}2)", 17, "Satırın toplamı; kendiliğinden oluşur", "total money"),
    )


def general_table_lists() -> tuple[Column, ...]:
    return (
        Column("NO", "bilgi_tablosu.no", 8, "Tablonun numarası, ör. 9; boş olabilir", CODE),
        Column("TABLO ADI", "bilgi_tablosu.ad", 48, "Numarasız adı; Genel Bilgi Satırları sayfasında da değişmeli"),
        Column("TÜR", "bilgi_tablosu.tur", 30, "Hizmet binaları, Taşıtlar, … ; çalışma kitabındaki yerini belirler"),
        Column("BİRİM", "bilgi_tablosu.birim", 40, "Tabloyu dolduracak birim; boşsa tablo istenmez"),
        Column("SATIR BAŞLIĞI", "bilgi_tablosu.satir_basligi", 26, "Satır adlarının üstündeki başlık"),
        *(
            Column(f"SÜTUN {at}", f"bilgi_tablosu.sutun_{at}", 18, "Rakam sütununun başlığı; listede hepsi boş")
            for at in range(1, GENERAL_TABLE_COLUMNS + 1)
        ),
    )


def general_table_rows() -> tuple[Column, ...]:
    value = "Son bilinen değer; formlara yalnız --filled ile yazılır"
    return (
        Column("TABLO", "bilgi_tablosu.baslik", 44, "Tablo 9 Personel Eğitim Durumu gibi: numarası ve adı"),
        Column("SATIR", "bilgi_satiri.ad", 52, "Satırın adı; toplam satırı yazılmaz, formda formüldür"),
        *(
            Column(f"DEĞER {at}", f"bilgi_satiri.deger_{at}", 12, value, "cell count")
            for at in range(1, GENERAL_TABLE_COLUMNS + 1)
        ),
        Column("AÇIKLAMA", "bilgi_satiri.aciklama", 40, "Rakamın yanında söylenen"),
        Column("ARA TOPLAM", "bilgi_satiri.ara_toplam", 12, "Satır üstündekileri topluyorsa Evet"),
    )


def institution(book: Book) -> None:
    sheet = book.sheet("Kurum", "26 75")
    _head(sheet, "A1", "BİLGİ", "Kurumun bilgileri; satırların adları değiştirilmez")
    _head(sheet, "B1", "DEĞER", "Kapakta, başlıklarda ve imza yerinde kullanılır")
    rows = (
        ("İdare Adı", "kurum.ad"),
        ("Program Yılı", "yil"),
        ("Yer", "kurum.yer"),
        ("Adres", "kurum.adres"),
        ("Telefon", "kurum.telefon"),
        ("Web", "kurum.web"),
        ("E-posta", "kurum.eposta"),
        ("Üst Yönetici", "kurum.ust_yonetici"),
        ("Üst Yönetici Unvanı", "kurum.ust_yonetici_unvan"),
        ("Misyon", "kurum.misyon"),
        ("Vizyon", "kurum.vizyon"),
        ("İlkeler", "kurum.ilkeler"),
    )
    for row, (label, field) in enumerate(rows, 2):
        sheet.put(f"A{row}", label, "label")
        sheet.put(f"B{row}", f"{{{{ {field} }}}}", "cell left")
        sheet.heights({row: 18})
    _finish(sheet, f"A1:B{1 + len(rows)}", landscape=False)
    sheet.raw.activate()


def table(book: Book, name: str, columns: tuple[Column, ...], loops: tuple[str, ...]) -> None:
    """A sheet with its headers in row 1 and one prototype row, repeated by each of `loops` (outer first)."""
    sheet = book.sheet(name, " ".join(str(column.width) for column in columns))
    area = f"A2:{_letter(columns)}2"
    for letter, column in zip(_letters(columns), columns, strict=True):
        _head(sheet, f"{letter}1", column.head, column.help)
        value = column.field if column.field.startswith("=") else f"{{{{ {column.field} }}}}"
        sheet.put(f"{letter}2", value, column.look)
    for loop in loops:
        sheet.repeat(loop, area)
    sheet.heights({2: 16})
    _finish(sheet, f"A1:{_letter(columns)}2", landscape=True)


def general_administration(book: Book) -> None:
    """Economic codes 1-9, then the extra-budget sources, which have no code."""
    sheet = book.sheet("Genel Yönetim", "10 40 28 28")
    heads = (
        ("KOD", "Ekonomik kod 1-9; bütçe dışı kaynaklarda boş"),
        ("EKONOMİK KOD", "Kodun ya da bütçe dışı kaynağın adı"),
        ("GENEL YÖNETİM GİDERLERİ", "Faaliyetlere dağıtılmayan giderler, TL"),
        ("DİĞER İDARELERE TRANSFER + YEDEK ÖDENEK", "Aktarılacak tutarlar ve yedek ödenek, TL"),
    )
    for letter, (head, text) in zip("ABCD", heads, strict=True):
        _head(sheet, f"{letter}1", head, text)
    for row, kind in ((2, "ekonomik_kod"), (3, "kaynak_turu")):
        sheet.put(f"A{row}", "{{ ekonomik_kod.kod }}" if row == 2 else None, "cell bold left")
        sheet.put(f"B{row}", f"{{{{ {kind}.ad }}}}", "cell left")
        sheet.put(f"C{row}", f"{{{{ {kind}.genel_yonetim }}}}", "cell money")
        sheet.put(f"D{row}", f"{{{{ {kind}.transfer }}}}", "cell money")
        sheet.repeat(kind, f"A{row}:D{row}")
        sheet.heights({row: 16})
    _finish(sheet, "A1:D3", landscape=False)


def _head(sheet: Sheet, cell: str, text: str, help_text: str) -> None:
    sheet.put(cell, text, "heading")
    options = {"author": "kars-xl", "font_name": "Arial", "font_size": 9, "x_scale": 1.4, "y_scale": 0.7}
    sheet.raw.write_comment(cell, help_text, options)


def _finish(sheet: Sheet, area: str, *, landscape: bool) -> None:
    sheet.heights({1: 32})
    sheet.raw.freeze_panes(1, 0)
    sheet.raw.autofilter(area)
    sheet.paged(area, sheet.name, landscape=landscape, titles="1:1")
    sheet.one_page_wide()


def _letters(columns: tuple[Column, ...]) -> str:
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[: len(columns)]


def _letter(columns: tuple[Column, ...]) -> str:
    return _letters(columns)[-1]
