"""Ways to spoil the cells of a form, that combine, and what the form's amounts are for a person who looks at it.

A `Draft` is a form as cells with their looks; `write` puts it into a file of any kind. A spoiling changes cells and
says what is true afterwards: an amount by what a person reads there, or that there is none (`REFUSE`), and where.
"""

from __future__ import annotations

import csv
import random
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import docx
import xlsxwriter

from kars_xl.base.money import format_tl
from kars_xl.base.place import a1
from tests.helpers.form_tables import cost_table, target_table

REFUSE = None
UNIT = "Fen İşleri Müdürlüğü"
KIMLIK = [f"Harcama Birimi\t{UNIT}", "Program Yılı\t2024", "Revizyon No\t0"]
NAMES = {"F.1.1.1": "Yol yapımı", "F.1.1.2": "Köprü yapımı", "F.1.1.3": "Kavşak düzenlemesi"}
AMOUNT = 3  # column
Where = tuple[int, int]


@dataclass(frozen=True)
class Look:
    """A cell: its text or its figure in TL, and how it stands there. `result` None: a formula without a stored one."""

    value: str | float
    formula: str = ""
    result: str | float | None = None
    number_format: str = "#,##0.00"
    style: tuple[tuple[str, Any], ...] = ()
    runs: tuple[tuple[str, str], ...] = ()  # (style, text)
    rows: int = 1


@dataclass
class Draft:
    """A form. `amounts` are where its amounts stand, with the kuruş that a person reads; `bad` what no figure may be
    taken from: for each fault the cells of which an error must name one."""

    cells: dict[Where, Look] = field(default_factory=dict)
    amounts: dict[Where, int | None] = field(default_factory=dict)
    totals: list[Where] = field(default_factory=list)
    hidden_rows: dict[int, str] = field(default_factory=dict)
    bad: list[set[Where]] = field(default_factory=list)
    larger: list[Where] = field(default_factory=list)  # totals that say more than their parts
    last: int = 0

    def named(self) -> list[set[Where]]:
        """What errors must name. A total over a part that can't be read can't be held against its parts."""
        above = {total: range(total[0] - 20, total[0]) for total in self.larger}
        unread = {row for cells in self.bad for row, _ in cells}
        return self.bad + [{total} for total, rows in above.items() if not unread & {*rows}]

    def refuse(self, at: Where) -> None:
        self.bad.append({at})
        if at in self.amounts:
            self.amounts[at] = REFUSE


def draft(chance: random.Random) -> Draft:
    """A sound form of three activities, with amounts under three economic codes each, and its totals."""
    found = Draft()
    lines = target_table(*(f"{code}\t{name}\t0,00" for code, name in NAMES.items())).split("\n")
    starts = []
    for name in NAMES.values():
        starts.append(len(lines))
        lines += cost_table(name, "0,00").split("\n")
    for row, line in enumerate(lines, start=1):
        for column, text in enumerate(line.split("\t"), start=1):
            if text and text != "0,00" and text != "-":
                found.cells[row, column] = Look(text)
    for start, code in zip(starts, NAMES, strict=True):
        first = start + 6
        whole = 0
        for number in range(1, 9):
            kurus = chance.choice((0, 0, chance.randrange(1, 10**7) * 100, chance.randrange(100_000, 10**9)))
            found.cells[first + number - 1, AMOUNT] = Look(kurus / 100)
            found.amounts[first + number - 1, AMOUNT] = kurus
            whole += kurus
        for row, kurus in ((first + 8, whole), (first + 12, 0), (first + 13, whole)):
            found.cells[row, AMOUNT] = Look(kurus / 100)
        found.totals += [(first + 8, AMOUNT), (first + 13, AMOUNT)]
        row = next(row for (row, column), cell in found.cells.items() if cell.value == code)
        found.cells[row, AMOUNT] = found.cells[row, 5] = Look(whole / 100)
    found.last = len(lines)
    return found


Spoil = Callable[[Draft, random.Random], None]
SPOILINGS: dict[str, Spoil] = {}


def spoiling(spoil: Spoil) -> Spoil:
    SPOILINGS[spoil.__name__] = spoil
    return spoil


def free(draft: Draft, chance: random.Random, *, zero: bool = True) -> Where | None:
    """An amount that nothing was done to."""
    left = [
        at
        for at, kurus in draft.amounts.items()
        if kurus is not REFUSE
        and draft.cells[at] == Look(kurus / 100)
        and not any(at in cells for cells in draft.bad)
        and (zero or kurus)
    ]
    return chance.choice(left) if left else None


def change(draft: Draft, at: Where | None, **looks: Any) -> None:
    if at is not None:
        draft.cells[at] = replace(draft.cells[at], **looks)


SILENT = (
    "General", "0", "#,##0", '#,##0.00 "TL"', "#,##0.00\\ [$₺-41F]",
    '_-* #,##0.00\\ "₺"_-;-* #,##0.00\\ "₺"_-;_-* "-"??_-',
    "#,##0.00;[Red]-#,##0.00", '#,##0.00;-#,##0.00;"-"', "[$-41F]#,##0.00", '"₺"#,##0.00', "# ##0", "@",
)  # fmt: skip
OTHER = (
    '0"000"', '#,##0" Bin TL"', '"bin "0', "#,##0\\ \\b\\i\\n", '0.00" Milyon"', "[$$-409]#,##0.00",
    "[$€-2]\\ #,##0.00", '"$"#,##0', '#,##0 "USD"', "0%", "0.00%", '#,##0" Kuruş"',
    '"1"#,##0', "[$£-809]#,##0", '#,##0.00" €"', '0"00"',
)  # fmt: skip
HIDING = (";;;", "#,##0,", "#,##0,,", '""')


@spoiling
def silent_format(draft: Draft, chance: random.Random) -> None:
    change(draft, free(draft, chance), number_format=chance.choice(SILENT))


@spoiling
def other_format(draft: Draft, chance: random.Random) -> None:
    at = free(draft, chance, zero=False)
    change(draft, at, number_format=chance.choice(OTHER))
    if at:
        draft.refuse(at)


@spoiling
def hiding_format(draft: Draft, chance: random.Random) -> None:
    change(draft, free(draft, chance, zero=False), number_format=chance.choice(HIDING))


@spoiling
def hidden_row(draft: Draft, chance: random.Random) -> None:
    if at := free(draft, chance):
        draft.hidden_rows[at[0]] = chance.choice(("hidden", "height"))


@spoiling
def look_of_a_cell(draft: Draft, chance: random.Random) -> None:
    looks = ({"font_strikeout": True}, {"font_color": "#FFFFFF"}, {"bold": True}, {"bg_color": "#FFFF00"})
    change(draft, free(draft, chance), style=tuple(chance.choice(looks).items()))


@spoiling
def typed_text(draft: Draft, chance: random.Random) -> None:
    if at := free(draft, chance):
        text = format_tl(draft.amounts[at])
        change(draft, at, value=chance.choice((text, f"{text} TL", f" {text}", f"₺{text}", text.replace(".", ""))))


@spoiling
def unreadable_text(draft: Draft, chance: random.Random) -> None:
    if at := free(draft, chance):
        change(draft, at, value=chance.choice(("1,500", "12.34.56", "6O.000", "yüz bin", "60.000 USD", "5 bin", "%20")))
        draft.refuse(at)


@spoiling
def half_struck(draft: Draft, chance: random.Random) -> None:
    if at := free(draft, chance, zero=False):
        text = format_tl(draft.amounts[at])
        cut = chance.randrange(1, max(2, text.find(",")))
        style = chance.choice(("strike", "superscript"))
        runs = chance.choice(
            (((style, text[:cut]), ("", text[cut:])), (("", text), (style, str(chance.randrange(1, 9)))))
        )
        change(draft, at, value="".join(part for _, part in runs), runs=runs)
        draft.refuse(at)


@spoiling
def formula(draft: Draft, chance: random.Random) -> None:
    """A sum of two helper cells beside nothing, with or without its stored result."""
    if at := free(draft, chance):
        kurus = draft.amounts[at]
        part = chance.randrange(0, 10**6)
        text = f"={(kurus - part) / 100!r}+{part / 100!r}"
        change(draft, at, formula=text, result=chance.choice((None, kurus / 100)))


@spoiling
def unknown_formula(draft: Draft, chance: random.Random) -> None:
    """What can't be computed just as Excel would, and has no stored result."""
    if at := free(draft, chance):
        label = f"B{at[0]}"
        texts = (f"={label}*1", f"=VALUE({label})", "=NOW()", "=RAND()*5", "=[1]Sayfa1!A1", "='C:\\a\\[b.xlsx]S'!A1+1")
        texts += ("=YOKBOYLEBIRAD", f"={a1(*at)}+1", "=1/0", '="12"+1', "=BILINMEYEN(3)", '=INDIRECT("A1")')
        change(draft, at, formula=chance.choice(texts), result=None)
        draft.refuse(at)


@spoiling
def error_value(draft: Draft, chance: random.Random) -> None:
    if at := free(draft, chance):
        change(draft, at, formula="=1/0", result="#DIV/0!")
        draft.refuse(at)


@spoiling
def merged_down(draft: Draft, chance: random.Random) -> None:
    """One figure over the rows of two codes."""
    at = free(draft, chance, zero=False)
    if at and (below := (at[0] + 1, at[1])) in draft.amounts and draft.cells[below] == Look(0.0):
        change(draft, at, rows=2)
        del draft.cells[below], draft.amounts[below]
        draft.refuse(at)
        draft.bad[-1].add(below)


@spoiling
def stray_right(draft: Draft, chance: random.Random) -> None:
    """A figure in a column that has no heading, beside an amount."""
    if at := free(draft, chance):
        where = (at[0], AMOUNT + chance.choice((1, 1, 2)))
        draft.cells.setdefault(where, Look(float(chance.randrange(10_000, 10**7))))
        draft.bad.append({where, at})


@spoiling
def stray_below(draft: Draft, chance: random.Random) -> None:
    """A row of money after a table's last total."""
    row = chance.choice(draft.totals[1::2])[0] + 1
    if (row, 1) not in draft.cells:
        draft.cells[row, 2] = Look(chance.choice(("Ek ödenek", "İlave", "Ek", "Aktarma")))
        draft.cells[row, AMOUNT] = Look(float(chance.randrange(10_000, 10**7)))
        draft.bad.append({(row, 2), (row, AMOUNT)})


@spoiling
def larger_total(draft: Draft, chance: random.Random) -> None:
    at = chance.choice(draft.totals)
    value = draft.cells[at].value
    assert isinstance(value, float)
    change(draft, at, value=value + chance.randrange(1, 10**6))
    draft.larger.append(at)


@spoiling
def smaller_total(draft: Draft, chance: random.Random) -> None:
    at = chance.choice(draft.totals)
    if at not in draft.larger and isinstance(value := draft.cells[at].value, float) and value > 1:
        change(draft, at, value=value - 1)


@spoiling
def pasted_table(draft: Draft, chance: random.Random) -> None:
    """A cost table once more below, with another figure in it."""
    end = chance.choice(draft.totals[1::2])[0]
    start = end - 18
    shift = draft.last + 2 - start
    for (row, column), look in [*draft.cells.items()]:
        if start <= row <= end:
            draft.cells[row + shift, column] = look
    place = next(at for at in draft.amounts if start <= at[0] <= end)
    change(draft, (place[0] + shift, place[1]), value=77_777.0)
    draft.bad.append({(row + shift, column) for row in range(start, end + 1) for column in (1, 2, 3)})
    draft.last += 25


@spoiling
def words_of_scale(draft: Draft, chance: random.Random) -> None:
    """A note beside the tables that says that amounts are not single lira."""
    text = chance.choice(
        ("Bin TL", "(Bin TL)", "x1000 TL", "Birim: 1.000 TL", "Tutarlar bin TL'dir.", "USD", "Milyon ₺")
    )
    where = chance.choice(((draft.last + 1, 1), (1, 6)))
    if where not in draft.cells:
        draft.cells[where] = Look(text)
        draft.bad.append({where})


# Files


def write(draft: Draft, path: Path) -> Path:
    {".xlsx": _xlsx, ".csv": _csv, ".ods": _ods, ".docx": _docx}[path.suffix](draft, path)
    return path


def _xlsx(draft: Draft, path: Path) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        identity = book.add_worksheet("Kimlik")
        for row, line in enumerate(KIMLIK):
            for column, text in enumerate(line.split("\t")):
                identity.write_string(row, column, text)
        sheet = book.add_worksheet("PH 1.1")
        for (row, column), look in draft.cells.items():
            style = book.add_format({"num_format": look.number_format, **dict(look.style)})
            at = (row - 1, column - 1)
            if look.rows > 1:
                sheet.merge_range(*at, at[0] + look.rows - 1, at[1], None, style)
            if look.formula:
                sheet.write_formula(*at, look.formula, style, "" if look.result is None else look.result)
            elif look.runs:
                formats = {"strike": {"font_strikeout": True}, "superscript": {"font_script": 1}}
                parts: list[Any] = []
                for kind, text in look.runs:
                    parts += ([book.add_format(formats[kind])] if kind else []) + [text]
                sheet.write_rich_string(*at, *parts, style)
            elif isinstance(look.value, str):
                sheet.write_string(*at, look.value, style if look.style else None)
            else:
                sheet.write_number(*at, look.value, style)
        for row, how in draft.hidden_rows.items():
            sheet.set_row(row - 1, 0 if how == "height" else None, None, {"hidden": how == "hidden"})
    _drop_empty_results(path)


def _drop_empty_results(path: Path) -> None:
    """A formula without a result has no `<v>`; XlsxWriter writes an empty one."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    name = "xl/worksheets/sheet2.xml"
    parts[name] = parts[name].replace(b' t="str"><f>', b"><f>").replace(b"<v></v>", b"")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)


def _shown(look: Look) -> str:
    """As a person types it into a file that holds only texts."""
    if look.formula:
        return str(look.result or "")
    return look.value if isinstance(look.value, str) else format_tl(round(look.value * 100))


def _lines(draft: Draft) -> Iterator[list[str]]:
    last = max(row for row, _ in draft.cells)
    for row in range(1, last + 1):
        yield [_shown(draft.cells[row, column]) if (row, column) in draft.cells else "" for column in range(1, 7)]


def _csv(draft: Draft, path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream, delimiter=";").writerows(_lines(draft))


_ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table='
    '"urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'office:version="1.2"><office:body><office:spreadsheet>{}</office:spreadsheet></office:body></office:document-content>'
)


def _ods(draft: Draft, path: Path) -> None:
    kimlik = "".join(
        "<table:table-row>" + "".join(_ods_cell(Look(text)) for text in line.split("\t")) + "</table:table-row>"
        for line in KIMLIK
    )
    rows = ""
    for row in range(1, max(row for row, _ in draft.cells) + 1):
        hidden = ' table:visibility="collapse"' if row in draft.hidden_rows else ""
        cells = "".join(_ods_at(draft, (row, column)) for column in range(1, 7))
        rows += f"<table:table-row{hidden}>{cells}</table:table-row>"
    body = (
        f'<table:table table:name="Kimlik">{kimlik}</table:table><table:table table:name="PH 1.1">{rows}</table:table>'
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(zipfile.ZipInfo("mimetype"), kind)
        package.writestr("content.xml", _ODS.format(body))
        package.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>',
        )


def _ods_at(draft: Draft, at: Where) -> str:
    if at in draft.cells:
        return _ods_cell(draft.cells[at])
    above = draft.cells.get((at[0] - 1, at[1]))
    return "<table:covered-table-cell/>" if above and above.rows > 1 else "<table:table-cell/>"


def _ods_cell(look: Look) -> str:
    span = f' table:number-rows-spanned="{look.rows}"' if look.rows > 1 else ""
    shown = f"<text:p>{escape(_shown(look))}</text:p>"
    if look.formula:
        formula = escape("of:" + look.formula, {'"': "&quot;"})
        stored = f' office:value-type="float" office:value="{look.result!r}"' if isinstance(look.result, float) else ""
        return f'<table:table-cell{span} table:formula="{formula}"{stored}/>'
    kind = f'"float" office:value="{look.value!r}"' if isinstance(look.value, float) else '"string"'
    return f"<table:table-cell{span} office:value-type={kind}>{shown}</table:table-cell>"


def _docx(draft: Draft, path: Path) -> None:
    document = docx.Document()
    rows = [*_lines(draft)]
    table = document.add_table(rows=len(rows), cols=6)
    for row, (line, cells) in enumerate(zip(rows, table.rows, strict=True), start=1):
        for column, (text, cell) in enumerate(zip(line, cells.cells, strict=True), start=1):
            look = draft.cells.get((row, column))
            if look and look.runs:
                for kind, part in look.runs:
                    run = cell.paragraphs[0].add_run(part)
                    run.font.strike = kind == "strike" or None
                    run.font.superscript = kind == "superscript" or None
            elif text:
                cell.text = text
    for (row, column), look in draft.cells.items():
        if look.rows > 1:
            table.cell(row - 1, column - 1).merge(table.cell(row, column - 1))
    document.save(str(path))


# What a file of texts can't show: such a spoiling is none there.
ONLY_IN = {
    "silent_format": (".xlsx",), "other_format": (".xlsx",), "hiding_format": (".xlsx",), "look_of_a_cell": (".xlsx",),
    "hidden_row": (".xlsx", ".ods"), "half_struck": (".xlsx", ".docx"), "formula": (".xlsx",),
    "unknown_formula": (".xlsx", ".ods"), "error_value": (".xlsx",), "merged_down": (".xlsx", ".ods", ".docx"),
}  # fmt: skip
