"""The sheets of a unit's form for its general tables: a list, a table of one column, a table of several."""

from __future__ import annotations

from typing import NamedTuple

from template_kit import Book, Sheet

MARK = "◄"
HEAD, ROW, SUBTOTAL, SPARE, TOTAL = 5, 6, 7, 8, 9
# Zeros of rows that nobody has filled in are no figures.
_NO_ZERO = '#,##0;-#,##0;""'
_LOCKED_NOTE = (
    "Sarı zeminli, koyu çerçeveli, satırında ◄ olan hücreler doldurulur. Boş satırlara yeni satır yazabilirsiniz."
)


class Shape(NamedTuple):
    """One of the three sheets: its list, the letters of its figures, of the total (if any), and of the remarks."""

    kind: str
    figures: str
    total: str
    note: str
    widths: str

    @property
    def name(self) -> str:
        return f"Tablo {{{{ {self.kind}.sayfa_no }}}}"

    @property
    def mark(self) -> str:
        return chr(ord(self.note) + 1)

    def areas(self, column: str = "") -> tuple[str, str]:
        """Rows and spare rows of the figures, or of another column, as references from another sheet."""
        first, last = (column, column) if column else (self.figures[0], self.figures[-1])
        return (f"'{self.name}'!{first}{ROW}:{last}{ROW}", f"'{self.name}'!{first}{SPARE}:{last}{SPARE}")


LIST = Shape("liste", "", "", "C", "6 64 26 3 3 14")
SINGLE = Shape("tek_sutun", "C", "", "D", "6 42 15 34 3 14")
CROSS = Shape("cok_sutun", "CDEFGH", "I", "J", "6 27 9 9 9 9 9 9 9 13 3 14")
SHAPES = (LIST, SINGLE, CROSS)


def general_table_sheets(book: Book) -> None:
    for shape in SHAPES:
        _sheet(book, shape)


def _sheet(book: Book, shape: Shape) -> None:
    kind = shape.kind
    sheet = book.sheet(shape.name, shape.widths)
    sheet.titled(f"{{{{ {kind}.baslik }}}}")
    sheet.put("A2", "{{ birim.ad }} – {{ yil }} Mali Yılı Performans Programı Formu", "subtitle")
    sheet.link(f"{chr(ord(shape.mark) + 1)}1", "'Kimlik'!A1", "◄ Kimlik")
    sheet.put("A4", _LOCKED_NOTE, "note nowrap")
    _heading(sheet, shape)
    _entries(sheet, shape, ROW, "bilgi_satiri")
    _entries(sheet, shape, SPARE, "bos_satir")
    _sums(sheet, shape, SUBTOTAL, "{{ bilgi_ara_toplam.ad }}", (ROW,))
    last = SPARE
    if shape.figures:
        last = TOTAL
        _sums(sheet, shape, TOTAL, "Toplam", (ROW, SPARE))
    for name, area in (
        ("bilgi_satiri", f"A{ROW}:{shape.note}{ROW}"),
        ("bilgi_ara_toplam", f"A{SUBTOTAL}:{shape.note}{SUBTOTAL}"),
        ("bilgi_bolumu", f"A{ROW}:{shape.note}{SUBTOTAL}"),
        ("bos_satir", f"A{SPARE}:{shape.note}{SPARE}"),
    ):
        sheet.repeat(name, area)
    sheet.heights({4: 14, ROW: 17, SUBTOTAL: 18, SPARE: 17, last: 18})
    sheet.raw.freeze_panes(HEAD, 0)
    sheet.paged(f"A1:{shape.mark}{last}", f"Tablo {{{{ {kind}.sayfa_no }}}}", titles=f"{HEAD}:{HEAD}")
    sheet.one_page_wide()
    sheet.protect()


def _heading(sheet: Sheet, shape: Shape) -> None:
    kind = shape.kind
    sheet.put(f"A{HEAD}", "S. No", "heading")
    sheet.put(f"B{HEAD}", f"{{{{ {kind}.satir_basligi }}}}", "heading left")
    for at, letter in enumerate(shape.figures, start=1):
        # A class of staff that is new this year gets a column of its own.
        look = "heading" if shape is SINGLE else "heading entry"
        sheet.put(f"{letter}{HEAD}", f"{{{{ {kind}.sutun_{at} }}}}", look, align="center", bold=True, font_size=8)
    if shape.total:
        sheet.put(f"{shape.total}{HEAD}", f"{{{{ {kind}.toplam_basligi }}}}", "heading")
        sheet.put(f"{shape.mark}{HEAD}", MARK, "mark")
    sheet.put(f"{shape.note}{HEAD}", "Açıklama", "heading")
    sheet.heights({HEAD: 34 if shape is CROSS else 20})


def _entries(sheet: Sheet, shape: Shape, row: int, source: str) -> None:
    """A row to fill in; those to spare have nothing but their number."""
    filled = source == "bilgi_satiri"
    sheet.put(f"A{row}", f"{{{{ {source}.sira }}}}", "cell center")
    sheet.put(f"B{row}", "{{ bilgi_satiri.ad }}" if filled else None, "cell left entry text")
    for at, letter in enumerate(shape.figures, start=1):
        value = f"{{{{ bilgi_satiri.deger_{at} }}}}" if filled else None
        sheet.put(f"{letter}{row}", value, "cell count entry nowrap")
        _figure_rule(sheet, f"{letter}{row}")
    if shape.total:
        first, last = shape.figures[0], shape.figures[-1]
        formula = f'=IF({shape.total}${HEAD}="","",SUM({first}{row}:{last}{row}))'
        sheet.put(f"{shape.total}{row}", formula, "cell count bold", num_format=_NO_ZERO)
    sheet.put(f"{shape.note}{row}", "{{ bilgi_satiri.aciklama }}" if filled else None, "cell left entry text small")
    sheet.put(f"{shape.mark}{row}", MARK, "mark")


def _sums(sheet: Sheet, shape: Shape, row: int, label: str, rows: tuple[int, ...]) -> None:
    sheet.put(f"A{row}", None, "total")
    sheet.put(f"B{row}", label, "total left")
    for letter in shape.figures:
        sheet.put(f"{letter}{row}", _sum(letter, rows), "total count")
    if shape.total:
        sheet.put(f"{shape.total}{row}", _sum(shape.total, rows), "total count")
    sheet.put(f"{shape.note}{row}", None, "total")


def _sum(letter: str, rows: tuple[int, ...]) -> str:
    parts = ",".join(f"{letter}{row}:{letter}{row}" for row in rows)
    return f'=IF({letter}${HEAD}="","",SUM({parts}))'


def _figure_rule(sheet: Sheet, area: str) -> None:
    sheet.raw.data_validation(
        area,
        {
            "validate": "decimal",
            "criteria": ">=",
            "value": 0,
            "input_title": "Sayı",
            "input_message": "Yalnız sayı yazınız, ör. 104. Birimini yazmayınız; ayrıntıyı Açıklamaya yazınız.",
            "error_title": "Sayı okunamadı",
            "error_message": "Sıfır veya daha büyük bir sayı yazınız; harf, birim veya eksi işareti yazmayınız.",
        },
    )


def general_table_links(sheet: Sheet, row: int) -> int:
    """A row for each shape in the list of the form's sheets; returns the first free row."""
    for at, shape in enumerate(SHAPES, start=row):
        sheet.link(f"A{at}", f"'{shape.name}'!A1", "► " + shape.name, "cell left textlink bold")
        sheet.put(f"B{at}", f"{{{{ {shape.kind}.baslik }}}}", "cell left")
        sheet.repeat(shape.kind, f"A{at}:B{at}")
        sheet.heights({at: 18})
    return row + len(SHAPES)


def general_table_control(sheet: Sheet, row: int) -> None:
    """On the Kontrol sheet, headings in `row`: what each table lacks, and a verdict in column G."""
    heads = ("Sayfa", "Genel bilgi tablosu", "Dolu hücre", "Eksi değer", "Sayı olmayan", None, "Sonuç")
    for letter, head in zip("ABCDEFG", heads, strict=True):
        sheet.put(f"{letter}{row}", head, "heading")
    for at, shape in enumerate(SHAPES, start=row + 1):
        rows, spare = shape.areas() if shape.figures else shape.areas("B")
        sheet.link(f"A{at}", f"'{shape.name}'!A1", shape.name, "cell left textlink")
        sheet.put(f"B{at}", f"{{{{ {shape.kind}.baslik }}}}", "cell left")
        sheet.put(f"C{at}", f"=COUNTA({rows})+COUNTA({spare})", "cell count")
        if shape.figures:
            sheet.put(f"D{at}", f'=COUNTIF({rows},"<0")+COUNTIF({spare},"<0")', "cell count")
            numbers = "+".join(f'COUNT({area})+SUMPRODUCT(({area}="-")*1)' for area in (rows, spare))
            sheet.put(f"E{at}", f"=C{at}-({numbers})", "cell count")
        else:
            sheet.row(at, "cell", D=None, E=None)
        sheet.put(f"F{at}", None, "cell")
        faults = f'IF(D{at}>0,"EKSİ DEĞER",IF(E{at}>0,"SAYI DEĞİL","TAMAM"))' if shape.figures else '"TAMAM"'
        sheet.put(f"G{at}", f'=IF(C{at}=0,"EKSİK",{faults})', "cell center bold")
        sheet.repeat(shape.kind, f"A{at}:G{at}")
        sheet.heights({at: 18})
    sheet.repeat("genel_bilgi", f"A{row}:G{row + len(SHAPES)}")
    sheet.heights({row: 20})
