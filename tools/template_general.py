"""The programme's general tables: the sheets Fiziksel Kaynaklar (Tablo 1–5) and İnsan Kaynakları (Tablo 6–10).

One block for each kind of table, which leaves nothing where nobody gave one. Figures stand right-aligned beside their
total, so that a table of two columns has the same edge as one of six; rows and columns are those of the forms.
"""

from __future__ import annotations

from typing import NamedTuple

from template_kit import LINE, Book, Sheet

PHYSICAL, STAFF = "Fiziksel Kaynaklar", "İnsan Kaynakları"
FIRST_ROW = 5
_COLUMNS = 6
_TOTAL = "Toplam"


class Look(NamedTuple):
    """Where the columns of a sheet stand; `number` and `share` are "" where it has none."""

    number: str
    label: str
    figures: str  # letters of the figures' columns
    total: str
    share: str
    note: str

    @property
    def first(self) -> str:
        return self.number or self.label


class Block(NamedTuple):
    """A kind of table: its list, and what it has beside its rows."""

    kind: str
    figures: bool = True
    cross: bool = False  # each row has a total
    share: str = ""  # heading of the column of shares
    rate: bool = False  # a row of occupancy below the total


PHYSICAL_LOOK = Look("A", "B", "CDEFGH", "I", "", "J")
STAFF_LOOK = Look("", "A", "BCDEFG", "H", "I", "J")
PHYSICAL_BLOCKS = (
    Block("bina_tablosu"),
    Block("tasit_tablosu", cross=True),
    Block("donanim_tablosu"),
    Block("yazilim_tablosu", figures=False),
    Block("sistem_tablosu", figures=False),
)
STAFF_BLOCKS = (
    Block("kadro_tablosu", share="Pay (%)"),
    Block("birim_kadro_tablosu", cross=True, share="Pay (%)"),
    Block("doluluk_tablosu", cross=True, share="Oran (%)", rate=True),
    Block("cinsiyet_tablosu", cross=True, share="Pay (%)"),
    Block("egitim_tablosu", cross=True, share="Pay (%)"),
    Block("yas_tablosu", cross=True, share="Pay (%)"),
    Block("hizmet_suresi_tablosu", cross=True, share="Pay (%)"),
)


class Rows(NamedTuple):
    """The template rows of a block."""

    caption: int
    heading: int
    row: int
    subtotal: int
    total: int
    rate: int
    last: int


def rows_of(blocks: tuple[Block, ...]) -> dict[str, Rows]:
    """The rows of each block by its list, one block below the other."""
    found: dict[str, Rows] = {}
    top = FIRST_ROW + 1
    for block in blocks:
        total = top + 4 if block.figures else 0
        rate = total + 1 if block.rate else 0
        last = max(total, rate, top + 3) + 1
        found[block.kind] = Rows(top, top + 1, top + 2, top + 3, total, rate, last)
        top = last + 1
    return found


def general_tables(book: Book) -> None:
    physical = book.sheet(PHYSICAL, "5 32 6.5 6.5 6.5 6.5 6.5 6.5 9 26 3 14")
    physical.titled("Fiziksel Kaynaklar", "L1")
    _sheet(physical, PHYSICAL_LOOK, PHYSICAL_BLOCKS, "fiziksel_tablo_yok", "fiziksel kaynak")
    staff = book.sheet(STAFF, "28 9 9 9 9 9 9 9.5 9.5 12 3 14")
    staff.titled("İnsan Kaynakları", "L1")
    _sheet(staff, STAFF_LOOK, STAFF_BLOCKS, "personel_tablosu_yok", "personel")


def _sheet(sheet: Sheet, look: Look, blocks: tuple[Block, ...], none: str, what: str) -> None:
    sheet.put(f"A{FIRST_ROW}", f"Bu programda {what} tablosu yok.", "note nowrap")
    sheet.repeat(none, f"A{FIRST_ROW}")
    rows = rows_of(blocks)
    for number, block in enumerate(blocks, start=1):
        _block(sheet, look, block, rows[block.kind], number)
    sheet.raw.freeze_panes(3, 0)
    last = max(found.last for found in rows.values())
    sheet.paged(f"A1:{look.note}{last}", sheet.name)
    sheet.one_page_wide()


def _block(sheet: Sheet, look: Look, block: Block, rows: Rows, number: int) -> None:
    kind = block.kind
    sheet.put(f"A{rows.caption}", f"{{{{ {kind}.baslik }}}}", "bold nowrap", font_size=10)
    _heading(sheet, look, block, rows.heading)
    _row(sheet, look, block, rows)
    _subtotal(sheet, look, block, rows)
    if block.figures:
        _total(sheet, look, block, rows)
    if block.rate:
        _rate(sheet, look, kind, rows)
    area = f"{look.first}{{}}:{look.note}{{}}"
    sheet.repeat(f"bilgi_satiri_{number}", area.format(rows.row, rows.row))
    sheet.repeat(f"bilgi_ara_toplam_{number}", area.format(rows.subtotal, rows.subtotal))
    sheet.repeat(f"bilgi_bolumu_{number}", area.format(rows.row, rows.subtotal))
    sheet.repeat(kind, area.format(rows.caption, rows.last))
    sheet.heights({rows.caption: 20, rows.row: 16, rows.subtotal: 17, rows.last: 12})
    if rows.total:
        sheet.heights({rows.total: 18})


def _figures(look: Look, block: Block) -> dict[str, int]:
    """The letter of each figure's column with its place from the end."""
    letters = look.figures if block.cross else (look.figures + look.total)[1:]
    return {letter: _COLUMNS - at for at, letter in enumerate(letters)}


def _open(look: Look) -> str:
    return look.figures + look.total


def _heading(sheet: Sheet, look: Look, block: Block, row: int) -> None:
    kind = block.kind
    for letter in filter(None, (look.number, look.label, *_open(look), look.share, look.note)):
        sheet.put(f"{letter}{row}", None, "heading", border=0)
    if look.number:
        sheet.put(f"{look.number}{row}", "S. No", "heading", font_size=8, border=0)
    sheet.put(f"{look.label}{row}", f"{{{{ {kind}.satir_basligi }}}}", "heading left", border=0)
    if block.figures:
        for letter, at in _figures(look, block).items():
            sheet.put(f"{letter}{row}", f"{{{{ {kind}.sutun_sondan_{at} }}}}", "heading", font_size=8, border=0)
    if block.cross:
        sheet.put(f"{look.total}{row}", _TOTAL, "heading", font_size=8, border=0)
    if block.share:
        sheet.put(f"{look.share}{row}", block.share, "heading", font_size=8, border=0)
    sheet.put(f"{look.note}{row}", f"{{{{ {kind}.aciklama_basligi }}}}", "heading", font_size=8, border=0)


def _row(sheet: Sheet, look: Look, block: Block, rows: Rows) -> None:
    row = rows.row
    if look.number:
        sheet.put(f"{look.number}{row}", "{{ bilgi_satiri.sira }}", "cell center")
    # A list's names run on into the blank cells beside them; beside figures they wrap.
    sheet.put(f"{look.label}{row}", "{{ bilgi_satiri.ad }}", "cell left open_right", text_wrap=block.figures)
    for letter in _open(look):
        sheet.put(f"{letter}{row}", None, "cell open_right open_left")
    if block.figures:
        for letter, at in _figures(look, block).items():
            value = f"{{{{ bilgi_satiri.deger_sondan_{at} }}}}"
            sheet.put(f"{letter}{row}", value, "cell count open_left open_right")
            _line_where_used(sheet, letter, rows)
    if block.cross:
        first, last = look.figures[0], look.figures[-1]
        sheet.put(f"{look.total}{row}", f"=SUM({first}{row}:{last}{row})", "cell count bold")
    if look.share:
        share = f"=IF({look.total}{rows.total}=0,0,{look.total}{row}/{look.total}{rows.total})"
        sheet.put(f"{look.share}{row}", share, "cell share")
    sheet.put(f"{look.note}{row}", "{{ bilgi_satiri.aciklama }}", "cell left small")


def _line_where_used(sheet: Sheet, letter: str, rows: Rows) -> None:
    """The line between columns, drawn only where the column has a heading."""
    sides = {
        f"{side}{what}": value for side in ("left", "top", "bottom") for what, value in (("", 1), ("_color", LINE))
    }
    line = sheet.book.file.add_format(sides)
    rule = {"type": "formula", "criteria": f'={letter}${rows.heading}<>""', "format": line}
    sheet.raw.conditional_format(f"{letter}{rows.row}:{letter}{rows.row}", rule)


def _subtotal(sheet: Sheet, look: Look, block: Block, rows: Rows) -> None:
    row = rows.subtotal
    _total_cells(sheet, look, row, "{{ bilgi_ara_toplam.ad }}")
    if block.figures:
        _sums(sheet, look, block, rows, row)


def _total(sheet: Sheet, look: Look, block: Block, rows: Rows) -> None:
    _total_cells(sheet, look, rows.total, _TOTAL)
    _sums(sheet, look, block, rows, rows.total)
    if look.share:
        total = f"{look.total}{rows.total}"
        sheet.put(f"{look.share}{rows.total}", f"=IF({total}=0,0,{total}/{total})", "total share")


def _total_cells(sheet: Sheet, look: Look, row: int, label: str) -> None:
    for letter in filter(None, (look.number, *_open(look), look.share, look.note)):
        sheet.put(f"{letter}{row}", None, "total open_right open_left")
    sheet.put(f"{look.label}{row}", label, "total left open_right")


def _sums(sheet: Sheet, look: Look, block: Block, rows: Rows, row: int) -> None:
    """The sums of the rows around: of all in the total, of its section in a subtotal."""
    for letter in _figures(look, block):
        formula = f'=IF({letter}${rows.heading}="","",SUM({letter}{rows.row}:{letter}{rows.row}))'
        sheet.put(f"{letter}{row}", formula, "total count open_right open_left")
    if block.cross:
        formula = f"=SUM({look.total}{rows.row}:{look.total}{rows.row})"
        sheet.put(f"{look.total}{row}", formula, "total count")


def _rate(sheet: Sheet, look: Look, kind: str, rows: Rows) -> None:
    """How many of the posts of each class are filled."""
    _total_cells(sheet, look, rows.rate, "Doluluk Oranı (%)")
    label, row = look.label, rows.row
    for letter in _open(look):
        filled = (
            f'SUMIF({label}{row}:{label}{row},"{{{{ {kind}.dolu_adi }}}}",{letter}{row}:{letter}{row})'
            f"/{letter}{rows.total}"
        )
        formula = f'=IF({letter}${rows.heading}="","",IF({letter}{rows.total}=0,0,{filled}))'
        sheet.put(f"{letter}{rows.rate}", formula, "total share open_right open_left")
    sheet.heights({rows.rate: 18})
