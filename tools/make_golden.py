"""Writes the reviewed dumps anew, of the official workbook of 2024 and of each template: python tools/make_golden.py

Run it only where a change of a workbook is meant, and read the difference before it is committed.
"""

import hashlib
import re
import tempfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, tostring

import openpyxl
from msgspec.structs import asdict
from openpyxl.formula.tokenizer import Token, Tokenizer
from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils import get_column_letter

from kars_xl.base.place import a1
from kars_xl.pipeline import merge
from kars_xl.template.layout.regions import joined
from kars_xl.template.records import Anchor, LaidColumn, PageSetup, TemplateSheet
from kars_xl.template.source.drawing import CHART, REFERENCE, Drawing, read_chart, read_drawing, typed_texts
from kars_xl.template.source.package import Package
from kars_xl.template.source.read import load
from kars_xl.template.source.read_settings import read_bands
from kars_xl.template.source.read_styles import BORDERS, StyleReader, Theme, read_theme
from kars_xl.workbook.render import PROGRAMME_TEMPLATE, TRIED_OUT
from kars_xl.workbook.verify import trial

REPOSITORY = Path(__file__).resolve().parent.parent
TARGET = REPOSITORY / "tests" / "golden" / "performans_programi_2024.txt"
_TEMPLATES = sorted((REPOSITORY / "templates").glob("*.xlsx"))
TEMPLATES = {template: TARGET.parent / "templates" / f"{template.stem}.txt" for template in _TEMPLATES}
_LONGEST = 60  # characters of a text; of a longer one a checksum stands for the rest

_PROPERTIES = ("title", "subject", "creator", "category", "keywords", "description", "contentStatus")
# Settings of a sheet that nobody sees, and those that a program may write out although they are the usual ones.
_UNSEEN: tuple[str, ...] = ("set_selection", "set_default_row", "default_column_width", "default_row_height")
_UNSEEN += ("font_scheme", "font_family", "font_charset")
_USUAL = {"font_color": "#000000"}
_USUAL_CALLS: tuple[Any, ...] = (("set_zoom", (100,)), ("set_v_pagebreaks", ([],)))
_USUAL_CALLS += (("outline_settings", (True, True, True, False)),)
_ONE = "formatCells formatColumns formatRows insertColumns insertRows insertHyperlinks deleteColumns deleteRows sort "
_ONE += "autoFilter pivotTables scaleWithDoc alignWithMargins fitToWidth fitToHeight firstPageNumber"
_USUAL_VALUES: dict[str, tuple[str, ...]] = dict.fromkeys(_ONE.split(), ("1",))
_USUAL_VALUES |= {"pageOrder": ("downThenOver",), "orientation": ("portrait",), "scale": ("100",)}
_USUAL_VALUES |= {"gridLinesSet": ("0", "1")} | dict.fromkeys(("horizontalDpi", "verticalDpi"), ("300", "600"))
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_FONT_CODE = r'&\d+|&"[^"]*"'


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        workbook = Path(scratch) / "program.xlsx"
        if not merge([str(REPOSITORY / "inputs")], str(workbook)).written:
            raise SystemExit("inputs birleştirilemedi")
        dumps = {TARGET: dump(workbook)} | {target: template_dump(path) for path, target in TEMPLATES.items()}
    template = REPOSITORY / "templates" / PROGRAMME_TEMPLATE
    dumps[template.with_name(TRIED_OUT)] = trial(template.read_bytes()) + "\n"
    for target, text in dumps.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")


# The official workbook


def dump(path: Path) -> str:
    """A workbook as lines: of each visible sheet its set-up, then `cell|formula|value|number format|look`."""
    formulas, values = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    names = ", ".join(f"{name}={item.attr_text}" for name, item in sorted(formulas.defined_names.items())) or "-"
    lines = [f"title: {formulas.properties.title}", f"names: {names}"]
    for sheet in formulas.worksheets:
        if sheet.sheet_state == "visible":
            lines += ["", f"[{sheet.title}]", *_setup(sheet), *_cells(sheet, values[sheet.title])]
    return "\n".join(lines) + "\n"


def _setup(sheet: Any) -> Iterator[str]:
    page, fit = sheet.page_setup, sheet.sheet_properties.pageSetUpPr
    size = f"fit {page.fitToWidth}x{page.fitToHeight}" if fit and fit.fitToPage else f"scale {page.scale or 100}"
    yield f"page: paper {page.paperSize}, {page.orientation or 'portrait'}, {size}"
    yield f"print: area {sheet.print_area or '-'}, titles {sheet.print_title_rows or '-'}"
    yield f"frozen: {sheet.freeze_panes or '-'}"
    margins = sheet.page_margins
    yield f"margins: {margins.left:g} {margins.right:g} {margins.top:g} {margins.bottom:g}"
    yield f"header: {_band(sheet.oddHeader)}"
    yield f"footer: {_band(sheet.oddFooter)}"
    yield f"breaks: {' '.join(str(item.id) for item in sheet.row_breaks.brk) or '-'}"
    columns = sorted(sheet.column_dimensions.values(), key=lambda column: int(column.min))
    widths = (f"{get_column_letter(c.min)}:{get_column_letter(c.max)}={c.width:.2f}" for c in columns)
    yield f"widths: {' '.join(widths)}"
    heights = {at: f"{row.height:g}" for at, row in sheet.row_dimensions.items() if row.height is not None}
    yield f"heights: {_runs(heights)}"
    yield f"merges: {_areas(sheet.merged_cells)}"
    for area, rules in sheet.conditional_formatting._cf_rules.items():
        yield f"rule: {area.sqref} {' '.join(str(rule.formula[0]) for rule in rules if rule.formula)}"
    for rule in sheet.data_validations.dataValidation:
        yield f"validation: {rule.sqref} {rule.type} {rule.formula1}"
    yield f"filter: {sheet.auto_filter.ref or '-'}"
    yield f"pictures: {len(sheet._images)}, charts: {len(sheet._charts)}"


def _band(band: Any) -> str:
    return " | ".join(str(part.text or "") for part in (band.left, band.center, band.right))


def _runs(values: Mapping[int, str], name: Callable[[int], str] = str) -> str:
    """Runs of rows or columns of one value: 5-9=16.5."""
    groups: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for at, value in values.items():
        groups[value].append((at, at))
    runs = sorted((first, last, value) for value, places in groups.items() for first, last in joined(places))
    return " ".join(f"{name(first)}-{name(last)}={value}" for first, last, value in runs) or "-"


def _cells(sheet: Any, results: Any) -> Iterator[str]:
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is None:
                continue
            formula = cell.value if cell.data_type == "f" else ""
            shown = cell.number_format if cell.number_format != "General" else ""
            fill = str(cell.fill.fgColor.rgb)[2:] if cell.fill.fill_type else ""
            link = f"→{cell.hyperlink.location}" if cell.hyperlink is not None else ""
            look = " ".join(filter(None, ("bold" if cell.font.b else "", fill, link)))
            fields = (cell.coordinate, formula, _text(results[cell.coordinate].value), shown, look)
            yield "|".join(map(str, fields)).rstrip("|")


def _text(value: object) -> str:
    """A value on one line; numbers to 12 digits, which holds every kuruş and no platform's last bit."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:.12g}"
    text = "" if value is None else str(value).replace("\n", "⏎")
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…{zlib.crc32(text.encode()):08x}"


# The templates: what programs spell each in their own way and nobody sees is spelled one way


def template_dump(path: Path) -> str:
    """Of the workbook properties and names; of each sheet its set-up, names, rules, drawings, looks and contents."""
    book: Any = openpyxl.load_workbook(path, rich_text=True, keep_links=False)
    package, template = Package(path), load(path)
    main = package.related("", "officeDocument")
    theme = read_theme(package.part(package.related(main, "theme")))
    styles = StyleReader(package.tree(package.related(main, "styles")), theme)
    parts = {relation: part for relation, (_, part) in package.relations(main).items()}
    lines = [f"{name}: {value}" for name in _PROPERTIES if (value := getattr(book.properties, name))]
    lines += [f"opens: {book.active.title}", *_defined(book.defined_names)]
    for number, (sheet, read) in enumerate(zip(book.worksheets, template.sheets, strict=True)):
        part = parts[package.tree(main).findall("sheets/sheet")[number].get(RELATION, "")]
        drawing = read_drawing(package, package.related(part, "drawing"))
        found, _ = read_bands(package.tree(part))
        bands = [found.get(name, "") for name in ("oddHeader", "oddFooter")]
        lines += ["", f"[{sheet.title}]", *_page(sheet, read, styles, bands), *_defined(sheet.defined_names)]
        lines += [*_rules(sheet, styles), *_drawn(drawing, theme), *_looks(sheet, read, template.styles.properties)]
        lines += _contents(sheet, styles)
    return "\n".join(line.replace("\n", "⏎") for line in lines) + "\n"


def _defined(names: Any) -> Iterator[str]:
    for name, item in sorted(names.items()):
        if not name.startswith("_xlnm"):
            yield f"name: {name} = {_formula(item.attr_text)}"


def _page(sheet: Any, read: TemplateSheet, styles: StyleReader, bands: list[str]) -> Iterator[str]:
    page = read.page
    calls = (call for call in page.calls if call[0] not in _UNSEEN and call not in _USUAL_CALLS)
    yield from sorted(f"{name}: {_said(value)}".rstrip() for name, value in calls)
    for name, attributes in sorted(page.carried.items()):
        bare = () if any(bands) else ("header", "footer")
        if said := _attributes({key: value for key, value in attributes.items() if key not in bare}):
            yield f"{name}: {said}"
    page.calls, page.carried = [], {}
    new = asdict(PageSetup())
    yield from (f"{name}: {_said(value)}" for name, value in _unusual(asdict(page)).items() if value != new[name])
    yield from (f"{name}: {_header(text, styles)}" for name, text in zip(("header", "footer"), bands, strict=True))
    usual = page.default_row_height or 15
    heights = {at: f"{row.height or usual:g}{' hidden' * row.hidden}" for at, row in read.rows.items()}
    widths = _by_column(read, lambda given: f"{given.width:.1f}{' hidden' * given.hidden}" if given.width else "")
    yield f"widths: {_runs(widths, get_column_letter)}"
    yield f"heights: {_runs({row: height for row, height in heights.items() if height != f'{usual:g}'})}"
    yield f"merges: {_areas(sheet.merged_cells)}"


def _attributes(attributes: Mapping[str, str]) -> str:
    """Attributes in one order, numbers and truths in one spelling, without what is usual."""
    found = {name: {"true": "1", "false": "0"}.get(value, value) for name, value in sorted(attributes.items())}
    found = {name: f"{float(value):g}" if re.fullmatch(r"[\d.]+", value) else value for name, value in found.items()}
    return _said({name: value for name, value in found.items() if value not in _USUAL_VALUES.get(name, ("0",))})


def _by_column(read: TemplateSheet, said: Callable[[LaidColumn], str]) -> dict[int, str]:
    given = {column: said(group) for group in read.columns for column in range(group.first, group.last + 1)}
    return {column: text for column, text in given.items() if text}


def _unusual(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in properties.items() if name not in _UNSEEN and value != _USUAL.get(name)}


def _said(value: Any) -> str:
    if isinstance(value, dict):
        said = ((name.removeprefix("font_"), item) for name, item in value.items() if item is not False)
        return ", ".join(name if item is True else f"{name} {_said(item)}" for name, item in said)
    if isinstance(value, tuple) and len(value) == 4:
        return f"{a1(*value[:2])}:{a1(*value[2:])}"
    return " ".join(map(_said, value)) if isinstance(value, list | tuple) else str(value)


def _header(text: str, styles: StyleReader) -> str:
    """A header or footer; a part that begins with the Normal style's font, which it has anyway, does not say so."""
    usual = (f"&{styles.table.normal['font_size']:g}", f'&"{styles.table.normal["font_name"]},Regular"')

    def head(found: re.Match[str]) -> str:
        return found[1] + "".join(sorted(code for code in re.findall(_FONT_CODE, found[2]) if code not in usual))

    return re.sub(f"(&[LCR])((?:{_FONT_CODE})*)", head, text) or "-"


def _areas(ranges: Any) -> str:
    return " ".join(sorted(str(area) for area in ranges.ranges)) or "-"


def _rules(sheet: Any, styles: StyleReader) -> Iterator[str]:
    found = sheet.conditional_formatting
    rules = [(_areas(group.sqref), rule.priority, rule) for group in found for rule in group.rules]
    for areas, _, rule in sorted(rules, key=lambda found: found[:2]):
        style, _ = styles.differential(Element("cfRule", {} if rule.dxfId is None else {"dxfId": str(rule.dxfId)}))
        parts = [rule.type, rule.operator, *map(_formula, rule.formula), "stop" * bool(rule.stopIfTrue)]
        parts += [
            tostring(scale.to_tree(), "unicode") for scale in (rule.colorScale, rule.dataBar, rule.iconSet) if scale
        ]
        parts += [_look(styles.table.properties[style])] if style is not None else []
        yield f"rule: {areas} {' '.join(filter(None, parts))}"
    for rule in sorted(sheet.data_validations.dataValidation, key=lambda rule: _areas(rule.sqref)):
        given = {name: value for name, value in rule if value not in ("0", "stop", "between") and name != "sqref"}
        needed = {None: 0, "list": 1, "custom": 1}.get(rule.type, 1 + (rule.operator or "between").endswith("etween"))
        bounds = [_formula(bound) for bound in (rule.formula1, rule.formula2)[:needed]]
        yield f"validation: {_areas(rule.sqref)} {' '.join(bounds)} {_said(dict(sorted(given.items())))}"


def _drawn(drawing: Drawing, theme: Theme) -> Iterator[str]:
    for picture in drawing.pictures:
        digest = hashlib.sha256(picture.data).hexdigest()[:16]
        yield f"picture: {_place(picture.anchor)} {digest} {picture.description}"
    for chart in drawing.charts:
        xml, _ = read_chart(chart.data, theme)
        kinds = [element.tag.removeprefix(CHART) for element in xml.iter() if element.tag.endswith("Chart")]
        yield f"chart: {_place(chart.anchor)} {' '.join(kinds)} {chart.description}".rstrip()
        yield from (f"  {_formula(element.text or '')}" for element in xml.iter(REFERENCE))
        yield from (f"  “{element.text}”" for element in typed_texts(xml))
    yield from (f"drawing: {name}" for name in drawing.lost)


def _place(anchor: Anchor) -> str:
    """The first cell, the pixels to the object in it, and its size or last cell: not one that it only touches."""
    start = f"{a1(anchor.row, anchor.col)}+{anchor.x:.0f}+{anchor.y:.0f}"
    if anchor.row2 is None or anchor.col2 is None:
        return f"{start} {anchor.width or 0:.0f}×{anchor.height or 0:.0f}"
    return f"{start}:{a1(anchor.row2 - (not anchor.y2), anchor.col2 - (not anchor.x2))}"


def _looks(sheet: Any, read: TemplateSheet, properties: list[dict[str, Any]]) -> Iterator[str]:
    looks = {(cell.row, cell.col): _look(properties[cell.style]) for row in read.cells.values() for cell in row}
    columns = _by_column(read, lambda given: "" if given.style is None else _look(properties[given.style]))
    yield f"columns: {_runs(columns, get_column_letter)}"
    plain = _look(properties[0])
    cells: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for place, cell in sorted(sheet._cells.items()):
        look = looks.get(place, plain)
        # A blank cell that looks as its column does is there or not, as the program likes.
        if cell.value is not None or look != columns.get(place[1], plain):
            cells[look].append(place)
    yield from (f"look: {' '.join(_blocks(places))} = {found}" for found, places in cells.items())


def _blocks(places: list[tuple[int, int]]) -> list[str]:
    """Cells as ranges: neighbours in a row together, then rows with the same neighbours."""
    columns: dict[int, list[tuple[int, int]]] = defaultdict(list)
    rows: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for row, column in places:
        columns[row].append((column, column))
    for row, runs in columns.items():
        for run in joined(runs):
            rows[run].append((row, row))
    found = sorted((top, left, end, right) for (left, right), runs in rows.items() for top, end in joined(runs))
    return [_said(block) if block[:2] != block[2:] else a1(*block[:2]) for block in found]


def _look(properties: Mapping[str, Any]) -> str:
    """A style in words; number formats without quotes or backslashes before signs that mean themselves."""
    said = _unusual(properties)
    borders: dict[str, list[str]] = defaultdict(list)
    for side in ("left", "right", "top", "bottom"):
        if side in said:
            borders[f"{BORDERS[said.pop(side)]} {said.pop(f'{side}_color', '')}".rstrip()].append(side)
    if not said.pop("locked", True):
        said["unlocked"] = True
    if code := said.get("num_format"):
        text = re.sub(r'"([-/ ]+)"|\\([-+/ ()])', r"\1\2", str(BUILTIN_FORMATS.get(code, code)))
        said["num_format"] = text.replace("\\.", ".") if "yy" in text else text
    return ", ".join(filter(None, (_said(said), *(f"{line} {' '.join(sides)}" for line, sides in borders.items()))))


def _formula(text: str) -> str:
    """A formula without blanks, quotes that a sheet's name does not need, and long spellings of numbers."""
    parsed = Tokenizer(f"={text.removeprefix('=')}")
    for token in parsed.items:
        if token.subtype == Token.NUMBER:
            token.value = f"{float(token.value):.15g}"
        elif token.subtype == Token.RANGE:
            token.value = re.sub(r"'([^\W\d]\w*)'!", r"\1!", token.value)
        elif token.type == Token.WSPACE:
            token.value = ""
    return str(parsed.render())[1:]


def _contents(sheet: Any, styles: StyleReader) -> Iterator[str]:
    for _, cell in sorted(sheet._cells.items()):
        parts = [f"={_formula(cell.value)}" if cell.data_type == "f" else "" if cell.value is None else str(cell.value)]
        if isinstance(cell.value, list):  # rich text: runs with fonts of their own
            fonts = [
                f"‹{_said(styles.font(run.font.to_tree('rPr')))}›" if hasattr(run, "font") else "‹›"
                for run in cell.value
            ]
            parts = [f"{font}{run}" for font, run in zip(fonts, cell.value, strict=True)]
        parts += [f"→ {cell.hyperlink.target or cell.hyperlink.location}"] if cell.hyperlink else []
        parts += [f"({cell.comment.text})"] if cell.comment else []
        if any(parts):
            yield f"{cell.coordinate} {' '.join(parts)}"


if __name__ == "__main__":
    main()
