"""The programme's control sheet Denetim: live checks of its tables against each other and against the forms."""

from __future__ import annotations

from typing import NamedTuple

from template_kit import GREY, Book, Sheet
from template_sources import sum_of_activity, sum_of_column, sum_of_kind
from template_summaries import COLUMN_VERDICTS, GOALS_BY_CODE, GRAND_TOTALS
from template_tables import BUDGET_TOTAL, COST_TOTAL, EXTRA_TOTAL, CostGrid, TargetGrid

FMT, PHT, IPT, TKT, SHB = (
    "'Faaliyet Maliyetleri'!",
    "'Performans Hedefleri'!",
    "'İdare Performans Tablosu'!",
    "'Toplam Kaynak İhtiyacı'!",
    "'Harcama Birimleri'!",
)
# A column of Tablo 11 that comes from the finance office: what it is, its letter, its name in Kaynak.
COLUMNS = (
    ("Genel yönetim giderleri", "D", "Genel Yönetim Giderleri"),
    ("Diğer idarelere transfer, yedek ödenek", "E", "Diğer İdarelere Transfer + Yedek Ödenek"),
)
COST, TARGET = CostGrid(top=4), TargetGrid(top=4)

HEAD = 8  # heading row of the check table
MONEY, SHARE, COUNT = ("money", 2), ("share", 6), ("count", 0)  # style, decimals that must agree
WORDS = ("left", 0)
# Rows of Tablo 11: an economic code's, an extra-budget source's.
CODE_ROW, SOURCE_ROW = 6, 8


class Check(NamedTuple):
    """Two cells of the programme that must be equal."""

    what: str
    where_a: str
    a: str
    where_b: str
    b: str
    kind: tuple[str, int] = MONEY


class Section(NamedTuple):
    title: str
    checks: tuple[Check, ...]
    repeat: str = ""


class Part(NamedTuple):
    """Budget, extra-budget or total: where each table has it."""

    name: str
    cost_label: str
    cost: int
    target: str
    summary: str
    share: str
    matrix: str
    source: str


# The matrix's row is in `matrix`: 7 budget, 9 extra-budget, 10 both. @ stands for its column.
PARTS = (
    Part("bütçe", BUDGET_TOTAL, COST.budget, f"C{TARGET.total}", "D", "E", "@7", "I"),
    Part("bütçe dışı", EXTRA_TOTAL, COST.extra, f"D{TARGET.total}", "F", "G", "@9", "J"),
    Part("toplam", COST_TOTAL, COST.total, f"E{TARGET.total}", "H", "I", "@10", "K"),
)


def check_sheet(book: Book) -> None:
    sheet = book.sheet("Denetim", "44 26 18 26 18 16 11 3 14", tab=GREY)
    sheet.titled("Denetim", "I1")
    sheet.put("A5", "Genel durum", "label", font_size=11)
    sheet.merge(
        "B5:D5",
        '=IF(COUNTIF($G:$G,"HATA")>0,"HATA: "&COUNTIF($G:$G,"HATA")&" denetim tutmuyor",'
        'IF(B6>0,"TASLAK: tablolar birbirini tutuyor, ancak "&B6&" bulgu var",'
        '"TAMAM: bütün tablolar birbirini tutuyor"))',
        "total left",
        font_size=11,
    )
    sheet.put("A6", "Taslaktaki bulgu sayısı", "label")
    heads = ("Denetim", "Birinci yer", "Birinci değer", "İkinci yer", "İkinci değer", "Fark", "Sonuç")
    sheet.row(HEAD, "heading", **dict(zip("ABCDEFG", heads, strict=True)))
    row = HEAD + 1
    for section in _sections(_row_of_targets()):
        row = _write_section(sheet, row, section)
    findings = row + 1
    sheet.put("B6", f"=COUNTA(A{findings + 2}:A{findings + 2})", "total count", align="left", indent=1)
    last = _findings(sheet, findings)
    sheet.signal("B5")
    sheet.signal(f"G{HEAD + 1}:G{row - 1}")
    sheet.heights({3: 16, 4: 4, 5: 24, 6: 18, 7: 8, HEAD: 20})
    sheet.raw.freeze_panes(HEAD, 1)
    sheet.paged(f"A1:G{last}", "Denetim", landscape=True, titles=f"{HEAD}:{HEAD}")
    sheet.one_page_wide()


def _row_of_targets() -> int:
    """The row of the first check that is repeated for each target."""
    row = HEAD + 1
    for section in _sections(0):
        if section.repeat == "hedef":
            return row + 1
        row += 1 + len(section.checks)
    raise LookupError("hedef")


def _sections(targets: int) -> tuple[Section, ...]:
    """All checks; those of the targets stand from row `targets` on."""
    totals = tuple(check for at, part in enumerate(PARTS) for check in _total_checks(part, targets + at))
    return (
        Section("Tabloların toplamları", totals),
        Section("Genel yönetim giderleri ve transferler", tuple(_matrix_checks())),
        Section("Paylar", tuple(check for part in PARTS for check in _share_checks(part))),
        Section("Her ekonomik kod: Tablo 11 ile maliyet tabloları", (_code_check(),), "ekonomik_kod"),
        Section("Her bütçe dışı kaynak: Tablo 11 ile maliyet tabloları", (_source_check(),), "kaynak_turu"),
        Section("Birimlere, amaçlara ve ekonomik koda göre özetler", tuple(_summary_checks())),
        Section("Faaliyet sayısı", tuple(_count_checks())),
        Section("Tutarlar ve formlar", tuple(_form_checks())),
        Section(
            "Her performans hedefi: hedef tablosu ile maliyet tabloları",
            tuple(_target_check(part) for part in PARTS),
            "hedef",
        ),
        Section(
            "Her faaliyet: maliyet tablosu ile formlar, sorumlu birimler",
            (*(_activity_check(part) for part in PARTS[:2]), _unit_check()),
            "faaliyet",
        ),
    )


def _cost_sum(part: Part) -> str:
    """By label and not by cell: hundreds of activities must not make the formula too long."""
    return f'=SUMIF({FMT}$A:$A,"{part.cost_label}",{FMT}$C:$C)'


def _total_checks(part: Part, target: int) -> tuple[Check, ...]:
    """The tables' totals; that of the target tables adds up this sheet's own rows, for their addresses are short."""
    cost, place = _cost_sum(part), "Faaliyet Maliyetleri"
    summary, matrix = f"={IPT}{part.summary}", f"={TKT}{part.matrix}"
    return (
        Check(f"Faaliyetler, {part.name}", place, cost, "Performans Hedefleri", f"=SUM(C{target}:C{target})"),
        Check(f"Faaliyetler, {part.name}", place, cost, "İdare Performans Tablosu", f"{summary}8"),
        Check(f"Faaliyetler, {part.name}", place, cost, "Tablo 11", matrix.replace("@", "C")),
        Check(
            f"Genel toplam, {part.name}",
            "İdare Performans Tablosu",
            f"{summary}11",
            "Tablo 11",
            matrix.replace("@", "F"),
        ),
    )


def _matrix_checks() -> list[Check]:
    return [
        Check(
            f"{name}, {part.name}",
            "İdare Performans Tablosu",
            f"={IPT}{part.summary}{row}",
            "Tablo 11",
            f"={TKT}{part.matrix.replace('@', column)}",
        )
        for (name, column, _), row in zip(COLUMNS, (9, 10), strict=True)
        for part in PARTS
    ]


def _share_checks(part: Part) -> tuple[Check, ...]:
    share, amount = f"{IPT}{part.share}", f"{IPT}{part.summary}"
    return (
        Check(
            f"Faaliyet payları, {part.name}",
            "İdare Performans Tablosu",
            f"=SUM({share}7:{part.share}7)",
            "Olması gereken",
            # An office may take the shares of the grand total instead; then they add up to the total row's own.
            f"=IF({amount}8=0,0,IF(ABS(SUM({share}7:{part.share}7)-{share}8)<ABS(SUM({share}7:{part.share}7)-1),{share}8,1))",
            SHARE,
        ),
        Check(
            f"Toplam satırlarının payları, {part.name}",
            "İdare Performans Tablosu",
            f"=SUM({share}8:{part.share}10)",
            "Olması gereken",
            f"=IF({amount}11=0,0,1)",
            SHARE,
        ),
    )


def _summary_checks() -> list[Check]:
    """Every summary has the grand total of Tablo 11, and the goals by code have the columns of the table by code."""
    return [
        Check(f"{sheet}, {part.name}", sheet, f"='{sheet}'!{cell}", "Tablo 11", f"={TKT}F{part.matrix[1:]}")
        for sheet, cells in GRAND_TOTALS.items()
        for cell, part in zip(cells, PARTS, strict=True)
    ] + [
        Check(
            "Amaçların ekonomik kodları, tutmayan sütun",
            GOALS_BY_CODE,
            f"=COUNTIF('{GOALS_BY_CODE}'!{COLUMN_VERDICTS},\"HATA\")",
            "Olması gereken",
            "=0",
            COUNT,
        )
    ]


def _count_checks() -> list[Check]:
    tables = f'=COUNTIF({FMT}$A:$A,"Faaliyet Adı")'
    others = (
        ("Performans Hedefleri", f'=COUNTIF({PHT}$A:$A,"F.*")'),
        ("İdare Performans Tablosu", f"=COUNTA({IPT}B7:B7)"),
        ("Harcama Birimleri", f"=COUNTA({SHB}B6:B6)"),
    )
    return [
        Check("Faaliyet sayısı", "Faaliyet Maliyetleri", tables, place, formula, COUNT) for place, formula in others
    ]


def _form_checks() -> list[Check]:
    return [
        Check(
            f"Formlardan gelen, {part.name}",
            "Faaliyet Maliyetleri",
            _cost_sum(part),
            "Kaynak (formlar)",
            sum_of_kind(part.source),
        )
        for part in PARTS
    ] + [
        Check(
            f"Formdan gelen, {name}, {part.name}",
            "Tablo 11",
            f"={TKT}{part.matrix.replace('@', column)}",
            "Kaynak (formlar)",
            sum_of_column(part.source, source),
        )
        for name, column, source in COLUMNS
        for part in PARTS
    ]


def _target_check(part: Part) -> Check:
    return Check(
        f"Performans Hedefi {{{{ hedef.kod }}}}, {part.name}",
        "Performans Hedefleri",
        f"=SUM({PHT}{part.target})",
        "Faaliyet Maliyetleri",
        f"=SUM({FMT}C{part.cost})",
    )


def _activity_check(part: Part) -> Check:
    return Check(
        f"Faaliyet {{{{ faaliyet.kod }}}}, {part.name}",
        "Faaliyet Maliyetleri",
        f"=SUM({FMT}C{part.cost})",
        "Kaynak (formlar)",
        sum_of_activity(part.source),
    )


def _code_check() -> Check:
    return Check(
        "Kod {{ ekonomik_kod.kod }}, {{ ekonomik_kod.ad }}",
        "Tablo 11",
        f"={TKT}C{CODE_ROW}",
        "Faaliyet Maliyetleri",
        f"=SUMIF({FMT}$A:$A,{TKT}A{CODE_ROW},{FMT}$C:$C)",
    )


def _source_check() -> Check:
    return Check(
        "{{ kaynak_turu.ad }}",
        "Tablo 11",
        f"={TKT}C{SOURCE_ROW}",
        "Faaliyet Maliyetleri",
        f"=SUMIF({FMT}$B:$B,{TKT}B{SOURCE_ROW},{FMT}$C:$C)",
    )


def _unit_check() -> Check:
    return Check(
        "Faaliyet {{ faaliyet.kod }}, sorumlu birim",
        "Harcama Birimleri",
        f'={SHB}D6&""',
        "Faaliyet Maliyetleri",
        f'={FMT}C{COST.top + 3}&""',
        WORDS,
    )


def _write_section(sheet: Sheet, row: int, section: Section) -> int:
    """Writes the section from `row` on and returns the row after it."""
    for column in "ABCDEFG":
        sheet.put(f"{column}{row}", section.title if column == "A" else None, "label nowrap", left=0, right=0)
    sheet.heights({row: 18})
    for check in section.checks:
        row += 1
        style, decimals = check.kind
        sheet.put(f"A{row}", check.what, "cell left")
        sheet.row(row, "cell left", B=check.where_a, D=check.where_b)
        sheet.put(f"C{row}", check.a, f"cell {style}")
        sheet.put(f"E{row}", check.b, f"cell {style}")
        words = check.kind is WORDS
        sheet.put(
            f"F{row}",
            f"=IF(C{row}=E{row},0,1)" if words else f"=C{row}-E{row}",
            "cell count" if words else f"cell {style}",
        )
        # Sums of trillions carry more digits than a spreadsheet holds; their last ones are no difference.
        passed = f"F{row}=0" if words else f"OR(ROUND(F{row},{decimals})=0,ABS(F{row})<ABS(C{row})*1E-14)"
        sheet.put(f"G{row}", f'=IF({passed},"TAMAM","HATA")', "cell center bold")
        sheet.heights({row: 16})
    if section.repeat:
        sheet.repeat(section.repeat, f"A{row - len(section.checks) + 1}:G{row}")
    return row + 1


def _findings(sheet: Sheet, row: int) -> int:
    """The list of a draft's findings; without any, only one line shows. Returns its last row."""
    prototype = row + 2
    text = '=IF(B6=0,"Eksik ya da hatalı olan yok","Taslakta eksik ve hatalı olanlar")'
    sheet.put(f"A{row}", text, "title", font_size=11)
    heads = ("Bulgu", "Çözüm", "Dosya", "Sayfa", "Hücre", "Önem", "Kod")
    fields = ("metin", "cozum", "dosya", "sayfa", "hucre", "onem", "kod")
    for column, head, field in zip("ABCDEFG", heads, fields, strict=True):
        sheet.put(f"{column}{row + 1}", f'=IF($B$6=0,"","{head}")', "left bold", font_color=GREY)
        sheet.put(f"{column}{prototype}", f"{{{{ bulgu.{field} }}}}", "cell left")
    sheet.repeat("bulgu", f"A{prototype}:G{prototype}")
    sheet.heights({row - 1: 14, row: 22, row + 1: 18, prototype: 16})
    return prototype
