"""The programme's figures: sheets Teşkilat, Personel Şekilleri and Şekiller, charts bound to the tables' cells.

Each chart is legible in grey: values stand at the bars, and where there are several series each has its own pattern.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from template_general import STAFF, STAFF_BLOCKS, STAFF_LOOK, rows_of
from template_kit import LINE, MIDDLE, NAVY, Book, Sheet
from template_summaries import BY_CODE, BY_UNIT, CODE
from template_summary_kit import HEAD
from template_tables import TargetGrid

ORGANISATION, STAFF_FIGURES, FIGURES = "Teşkilat", "Personel Şekilleri", "Şekiller"

_WIDTHS = "12 56 19 10"
_LAST = "D"
_MILLIONS = "#,##0.0,,"  # TL shown as million TL
_BARS_ONLY = f'[=0]"";{_MILLIONS}'  # nothing beside bars that are not there
_FONT = {"name": "Arial", "size": 9, "color": "#000000"}
_PIXELS_PER_POINT = 4 / 3
_BELOW_EDGE = 3  # pixels

# One after the other told apart by lightness and by pattern, printed in grey too.
_FILLS: Sequence[Mapping[str, object]] = (
    {"fill": {"color": NAVY}},
    {"pattern": {"pattern": "wide_upward_diagonal", "fg_color": NAVY, "bg_color": "#FFFFFF"}},
    {"fill": {"color": MIDDLE}},
)


class Data(NamedTuple):
    """A series: its name, and the cells of its values."""

    name: str
    values: str


class Figure(NamedTuple):
    """A bar chart: title, what it says to those who don't see it, cells of the categories, and its series."""

    title: str
    description: str
    categories: str
    series: Sequence[Data]
    number_format: str = _MILLIONS


class Span(NamedTuple):
    """Rows that a chart stands over, with their heights in points: it grows when one of them is repeated."""

    first: int
    heights: Sequence[float]


def organisation(book: Book) -> None:
    """Şekil 2: the head, and under it a box for each unit of the list."""
    sheet = book.sheet(ORGANISATION, "10 8 79 3 14")
    sheet.titled("Teşkilat Yapısı", "E1")
    sheet.put("A4", "Şekil 2: Belediyenin harcama birimleri", "bold")
    sheet.merge("A6:C6", "{{ kurum.ad }}", "heading", font_size=12)
    head = "{{ kurum.ust_yonetici_unvan }}"
    sheet.merge("A7:C7", f'=IF("{head}"="","Üst Yönetici","{head}")', "subheading")
    # The trunk runs down the first column; a narrow row keeps two boxes apart.
    trunk = {"right": 2, "right_color": NAVY}
    for row in (8, 9, 10):
        sheet.put(f"A{row}", None, "", **trunk)
    sheet.put("B9", None, "", bottom=2, bottom_color=NAVY)
    sheet.put("C9", "{{ birim.ad }}", "label", border=2, border_color=NAVY, left=5, left_color=NAVY)
    sheet.repeat("birim", "A9:C10")
    sheet.heights({4: 20, 5: 6, 6: 30, 7: 20, 8: 12, 9: 20, 10: 8})
    sheet.paged("A1:C10", "Teşkilat Yapısı")


def staff_figures(book: Book) -> None:
    """Şekil 3–6, each below the other; what the programme has no table of leaves no figure."""
    sheet = book.sheet(STAFF_FIGURES, f"{_WIDTHS} 3 14")
    sheet.titled("İnsan Kaynakları: Şekiller", "F1")
    sheet.put("A4", "Bu programda personel tablosu yok.", "note nowrap")
    sheet.repeat("personel_tablosu_yok", "A4")
    table = rows_of(STAFF_BLOCKS)
    row = 5
    for kind, title, what in (
        ("doluluk_tablosu", "Şekil 3: Kadroların doluluğu (kadro sayısı)", "boş ve dolu kadroların"),
        ("cinsiyet_tablosu", "Şekil 4: Cinsiyete göre personel (kişi)", "kadın ve erkek personelin"),
        ("egitim_tablosu", "Şekil 5: Eğitim durumuna göre personel (kişi)", "her eğitim durumundaki personelin"),
        ("yas_tablosu", "Şekil 6: Yaşa göre personel (kişi)", "her yaş grubundaki personelin"),
    ):
        cells = f"='{STAFF}'!$@${table[kind].row}:$@${table[kind].row}"
        figure = Figure(
            title,
            f"Yatay çubuk grafik: {what} toplam sayısı, tablodaki sırayla. Rakamlar {STAFF} sayfasındaki "
            f"{{{{ {kind}.baslik }}}} tablosundandır.",
            cells.replace("@", STAFF_LOOK.label),
            (Data("Toplam", cells.replace("@", STAFF_LOOK.total)),),
            "#,##0",
        )
        # The row of a bar repeats with the table's rows; the last row keeps the figures apart.
        _draw(sheet, figure, Span(row, (46, 27)))
        sheet.repeat(f"bilgi_satiri_{row}", f"A{row + 1}:{_LAST}{row + 1}")
        sheet.repeat(kind, f"A{row}:{_LAST}{row + 2}")
        sheet.heights({row + 2: 14})
        row += 3
    sheet.paged(f"A1:{_LAST}{row - 1}", "İnsan Kaynakları: Şekiller")


def figures(book: Book) -> None:
    sheet = book.sheet(FIGURES, f"{_WIDTHS} 3 14")
    sheet.titled("Şekiller", "F1")
    note = "Şekillerdeki rakamlar tablolardan gelir; tablo değişince şekil de değişir."
    sheet.put("A4", note, "note", text_wrap=False)
    _distribution(sheet, 5)
    sheet.heights({6: 8})
    goals_end = _goals(sheet, 7)
    units_end = _units(sheet, goals_end + 1)
    _codes(sheet, units_end + 1)
    sheet.raw.set_h_pagebreaks([goals_end, units_end])
    sheet.paged(f"A1:{_LAST}{units_end + 2}", "Şekiller")


def _distribution(sheet: Sheet, row: int) -> None:
    figure = Figure(
        "Şekil 7: Kaynak ihtiyacının dağılımı, {{ yil }} (milyon TL)",
        "Yatay çubuk grafik: faaliyetlerin, genel yönetim giderlerinin ve diğer idarelere transferlerin toplamı, "
        "milyon TL. Rakamlar İdare Performans Tablosu sayfasındaki toplam satırlarındandır.",
        "='İdare Performans Tablosu'!$A$8:$A$10",
        (Data("Toplam kaynak ihtiyacı", "='İdare Performans Tablosu'!$H$8:$H$10"),),
    )
    _draw(sheet, figure, Span(row, (170,)))


def _goals(sheet: Sheet, head: int) -> int:
    """The goals with their costs, and their chart below; the row after it is returned, after which the page ends."""
    row, total, gap, chart = head + 1, head + 2, head + 3, head + 4
    for column, text in zip("ABCD", ("Amaç", "Adı", "Kaynak ihtiyacı (TL)", "Pay (%)"), strict=True):
        sheet.put(f"{column}{head}", text, "heading")
    sheet.put(f"A{row}", "Amaç {{ amac.kod }}", "cell left bold nowrap")
    sheet.put(f"B{row}", "{{ amac.ad }}", "cell left")
    sheet.put(f"C{row}", f"=SUM('Performans Hedefleri'!E{TargetGrid(top=4).total})", "cell money")
    sheet.put(f"D{row}", f"=IF(C${total}=0,0,C{row}/C${total})", "cell share")
    sheet.repeat("amac", f"A{row}:D{row}")
    sheet.put(f"A{total}", "Bütün faaliyetler", "total open_right")
    sheet.put(f"B{total}", None, "total open_left")
    sheet.put(f"C{total}", f"=SUM(C{row}:C{row})", "total money")
    sheet.put(f"D{total}", f"=SUM(D{row}:D{row})", "total share")
    figure = Figure(
        "Şekil 8: Amaçlara göre faaliyetlerin kaynak ihtiyacı, {{ yil }} (milyon TL)",
        "Yatay çubuk grafik: her amacın faaliyetlerinin toplamı, milyon TL, amaç sırasıyla. Rakamlar ve amaçların "
        "adları bu sayfada şeklin üstündeki tablodadır.",
        f"='{FIGURES}'!$A${row}:$A${row}",
        (Data("Kaynak ihtiyacı", f"='{FIGURES}'!$C${row}:$C${row}"),),
    )
    sheet.heights({head: 20, row: 18, total: 20, gap: 10})
    _draw(sheet, figure, Span(chart, (50, 26)))
    sheet.repeat("amac_2", f"A{chart + 1}:{_LAST}{chart + 1}")
    sheet.heights({chart + 2: 6})
    return chart + 2


def _units(sheet: Sheet, row: int) -> int:
    figure = Figure(
        "Şekil 9: Harcama birimlerine göre faaliyetlerin kaynak ihtiyacı, {{ yil }} (milyon TL, alfabe sırasıyla)",
        f"Yatay çubuk grafik: her harcama biriminin faaliyetlerinin toplamı, milyon TL, alfabe sırasıyla. Rakamlar "
        f"{BY_UNIT} sayfasındandır.",
        f"='{BY_UNIT}'!$B${HEAD + 1}:$B${HEAD + 1}",
        (Data("Kaynak ihtiyacı", f"='{BY_UNIT}'!$F${HEAD + 1}:$F${HEAD + 1}"),),
    )
    _draw(sheet, figure, Span(row, (50, 25)))
    sheet.repeat("birim_ozeti", f"A{row + 1}:{_LAST}{row + 1}")
    sheet.heights({row + 2: 6})
    return row + 2


def _codes(sheet: Sheet, row: int) -> None:
    columns = (("Faaliyetler", "C"), ("Genel yönetim giderleri", "D"), ("Transfer ve yedek ödenek", "E"))
    figure = Figure(
        "Şekil 10: Ekonomik koda göre kaynak ihtiyacı, {{ yil }} (milyon TL)",
        "Yatay çubuk grafik: her ekonomik kod için faaliyetlere, genel yönetime, transfere ve yedek ödeneğe ayrılan "
        f"tutar, milyon TL, kod sırasıyla. Rakamlar {BY_CODE} sayfasındandır.",
        f"='{BY_CODE}'!$B${CODE}:$B${CODE}",
        [Data(name, f"='{BY_CODE}'!${column}${CODE}:${column}${CODE}") for name, column in columns],
        _BARS_ONLY,
    )
    _draw(sheet, figure, Span(row, (80, 60)))
    sheet.repeat("ekonomik_kod", f"A{row + 1}:{_LAST}{row + 1}")


def _draw(sheet: Sheet, figure: Figure, span: Span) -> None:
    """A bar chart over the columns of the page and the rows of the span; several series get a legend."""
    chart = sheet.book.file.add_chart({"type": "bar"})
    for data, fill in zip(figure.series, _FILLS, strict=False):
        chart.add_series(
            {
                "name": data.name,
                "categories": figure.categories,
                "values": data.values,
                "data_labels": {"value": True, "num_format": figure.number_format, "font": _FONT},
                "border": {"color": NAVY},
                "gap": 40,
                **fill,
            }
        )
    chart.set_title({"name": figure.title, "overlay": False, "name_font": {**_FONT, "size": 11, "color": NAVY}})
    # Of a bar chart XlsxWriter calls the axis that stands upright the y axis.
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})
    chart.set_y_axis(
        {
            "reverse": True,
            "num_font": _FONT,
            "line": {"color": NAVY},
            "major_tick_mark": "none",
            "major_gridlines": {"visible": False},
        }
    )
    several = len(figure.series) > 1
    chart.set_legend({"position": "bottom", "font": _FONT} if several else {"none": True})
    chart.set_chartarea({"border": {"color": LINE}})
    width = sum(int(float(width) * 7 + 5) for width in _WIDTHS.split())
    height = sum(round(points * _PIXELS_PER_POINT) for points in span.heights) - _BELOW_EDGE
    chart.set_size({"width": width, "height": height})
    sheet.heights(dict(enumerate(span.heights, span.first)))
    # A little below the row's edge, or the line of its frame would show on the page above.
    options = {"object_position": 1, "y_offset": _BELOW_EDGE, "description": figure.description}
    sheet.raw.insert_chart(f"A{span.first}", chart, options)
