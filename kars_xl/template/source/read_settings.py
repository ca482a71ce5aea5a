"""A sheet's settings, conditional formats and data validations; what XlsxWriter is asked for, in its words."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from kars_xl.base.place import column_number
from kars_xl.template.formula.formula import LAST_COLUMN, LAST_ROW, parse_reference
from kars_xl.template.formula.parse import FormulaParser
from kars_xl.template.nodes import Text, text_or_plain
from kars_xl.template.records import Area, Call, Faults, PageSetup, TemplateRule
from kars_xl.template.source.package import carried, number, yes
from kars_xl.template.source.read_styles import StyleReader

Lost = list[tuple[str, str]]  # what stays behind: its cell ("" for none), in words

# One of the ranges of a print area; the sheet's name before it may hold anything, commas too. LibreOffice writes all
# of it in small letters where the name begins with Ş.
_AREA = re.compile(r"!(\$?[A-Z]+\$?\d+(?::\$?[A-Z]+\$?\d+)?)(?=,|\Z)", re.IGNORECASE)

_TITLE_ROWS = re.compile(r"!\$?(\d+):\$?(\d+)")
_TITLE_COLUMNS = re.compile(r"!\$?([A-Z]+):\$?([A-Z]+)(?=,|\Z)", re.IGNORECASE)
# Inches, where a sheet says nothing.
_MARGINS = {"left": "0.75", "right": "0.75", "top": "1", "bottom": "1", "header": "0.5", "footer": "0.5"}
# Settings that go to the output as they stand.
_AS_THEY_STAND = ("sheetProtection", "printOptions", "pageSetup", "headerFooter")
# In the order of the schema.
BANDS = tuple(f"{pages}{place}" for pages in ("odd", "even", "first") for place in ("Header", "Footer"))
_PICTURE = re.compile(r"(?<!&)((?:&&)*)&G")
# Elements with formulas, and where: in an attribute, or ("") as their text.
_NUMBER = re.compile(r"-?[\d.]+(E[+-]?\d+)?", re.IGNORECASE)
_FORMULAS = {"formula": "", "formula1": "", "formula2": "", "cfvo": "val"}
LONGEST_TEXTS = {"promptTitle": 32, "errorTitle": 32, "prompt": 255, "error": 255}
# Kinds of rules with their attributes. All others have a formula as well: what Excel's wizard calls "text that
# contains", "blanks", dates.
_RULES = {
    "cellIs": ("operator",), "top10": ("percent", "bottom", "rank"), "duplicateValues": (), "uniqueValues": (),
    "aboveAverage": ("aboveAverage", "equalAverage", "stdDev"), "colorScale": (), "dataBar": (), "iconSet": (),
}  # fmt: skip


def area(text: str) -> Area:
    """A range's text as (row1, col1, row2, col2); ValueError for any other text."""
    if (ref := parse_reference(text)) is None:
        raise ValueError(text)
    return ref.row1 or 1, ref.col1 or 1, ref.row2 or LAST_ROW, ref.col2 or LAST_COLUMN


def areas(text: str) -> list[Area]:
    """Ranges with blanks between them, sorted."""
    return sorted({area(part) for part in text.split()})


def read_page(
    sheet: Element, state: str, printed: Mapping[str, str], colour: Callable[[Element | None], str | None]
) -> PageSetup:
    """Settings of a worksheet; `printed` are its own defined names."""
    sizes, edges, filtered = (sheet.find(name) for name in ("sheetFormatPr", "pageMargins", "autoFilter"))
    margins = _MARGINS if edges is None else {side: f"{number(edges, side) or 0:.16g}" for side in _MARGINS}
    rows = _TITLE_ROWS.search(printed.get("_xlnm.Print_Titles", ""))
    height = 15.0 if sizes is None else number(sizes, "defaultRowHeight")
    fits = yes(sheet.find("sheetPr/pageSetUpPr"), "fitToPage")
    pane, freeze = sheet.find("sheetViews/sheetView/pane"), None
    if pane is not None and pane.get("state") in ("frozen", "frozenSplit"):
        freeze = int(number(pane, "ySplit") or 0) + 1, int(number(pane, "xSplit") or 0) + 1
    carry = {name: carried(found) for name in _AS_THEY_STAND if (found := sheet.find(name)) is not None}
    unused = {"scale"} if fits else {"fitToWidth", "fitToHeight"}
    if not number(sheet.find("pageSetup"), "scale"):
        unused.add("scale")
    for name in unused:
        carry.get("pageSetup", {}).pop(name, None)
    return PageSetup(
        state=state, calls=list(_calls(sheet, printed, colour(sheet.find("sheetPr/tabColor")), height)),
        carried={**carry, "pageMargins": margins}, fits=fits, freeze=freeze,
        default_row_height=height, default_column_width=number(sizes, "defaultColWidth"),
        print_areas=[area(part) for part in _AREA.findall(printed.get("_xlnm.Print_Area", ""))],
        title_rows=(int(rows[1]), int(rows[2])) if rows else None, row_breaks=_breaks(sheet, "rowBreaks"),
        autofilter=area(filtered.get("ref", "")) if filtered is not None else None,
    )  # fmt: skip


def _breaks(sheet: Element, kind: str) -> list[int]:
    return sorted(int(found.get("id", 0)) for found in sheet.iterfind(f"{kind}/brk"))


def _calls(sheet: Element, printed: Mapping[str, str], tab_colour: str | None, height: float | None) -> Iterator[Call]:
    """What XlsxWriter is asked for, in its words, where the sheet differs from what it does by itself."""
    view, outline = sheet.find("sheetViews/sheetView"), sheet.find("sheetPr/outlinePr")
    shown, zoom = view.get("view") if view is not None else None, number(view, "zoomScale")
    symbols, below, right = (
        yes(where, name, default=True)
        for where, name in ((view, "showOutlineSymbols"), (outline, "summaryBelow"), (outline, "summaryRight"))
    )
    columns = _TITLE_COLUMNS.search(printed.get("_xlnm.Print_Titles", ""))
    calls: tuple[tuple[Any, ...], ...] = (
        ("outline_settings", True, symbols, below, right, False),
        ("set_tab_color", tab_colour, tab_colour),
        ("set_zoom", zoom, int(zoom or 0)),
        ("hide_gridlines", True, 1 if yes(view, "showGridLines", default=True) else 2),
        ("hide_row_col_headers", not yes(view, "showRowColHeaders", default=True)),
        ("hide_zero", not yes(view, "showZeros", default=True)),
        ("right_to_left", yes(view, "rightToLeft")),
        ("set_pagebreak_view", shown == "pageBreakPreview"),
        ("set_page_view", shown == "pageLayout"),
        ("set_default_row", height, height),
        ("set_v_pagebreaks", True, _breaks(sheet, "colBreaks")),
        ("repeat_columns", columns, *(column_number(letters) - 1 for letters in (columns.groups() if columns else ()))),
    )
    yield from ((name, tuple(arguments)) for name, wanted, *arguments in calls if wanted)


def read_bands(sheet: Element) -> tuple[dict[str, str], bool]:
    """The headers and footers by their names, and whether one shows a picture, which stays behind."""
    texts = {name: sheet.findtext(f"headerFooter/{name}", "").replace("_x000a_", "\n") for name in BANDS}
    found = {name: _PICTURE.sub(r"\1", text) for name, text in texts.items() if text}
    return found, any(found[name] != texts[name] for name in found)


def _vary(rule: TemplateRule, parser: FormulaParser, faults: Faults, where: str) -> bool:
    """Find what of a rule differs from instance to instance; False if one of its formulas can't be used."""
    for at, element in enumerate(rule.xml.iter()):
        for name in LONGEST_TEXTS:
            if isinstance(text := text_or_plain(element.get(name, "")), Text):
                rule.varying.append((at, name, "", text))
        if (attribute := _FORMULAS.get(element.tag)) is None:
            continue
        typed = element.get(attribute, "0") if attribute else element.text or ""
        choices = rule.xml.get("type") == "list" and typed.startswith('"')
        if not choices and not _NUMBER.fullmatch(typed):
            formula = "=" + typed.removeprefix("=")
            parsed = parser.parse(formula)
            if not faults(parsed, rule.address, formula, where):
                return False
            rule.varying.append((at, attribute, formula, parsed))
    return True


def read_conditional_formats(
    sheet: Element, parser: FormulaParser, styles: StyleReader, faults: Faults, lost: Lost
) -> list[TemplateRule]:
    """The sheet's conditional formats, most important first; of those that newer Excels note apart, formulas."""
    found: list[tuple[int, TemplateRule]] = []
    for group in sheet.iter("conditionalFormatting"):
        for source in group.iterfind("cfRule"):
            style, left = styles.differential(source)
            xml, where = _plain(source, styles), group.get("sqref")
            rule = TemplateRule(areas(where or group.findtext("sqref") or ""), xml, style)
            lost += [(rule.address, word) for word in left if rule.areas]
            needs_formula = where is None or xml.get("type") in ("expression", "cellIs")
            complete = rule.areas and (not needs_formula or xml.find("formula") is not None)
            if complete and _vary(rule, parser, faults, "conditional_format"):
                found.append((int(source.get("priority", 0)), rule))
    return [rule for _, rule in sorted(found, key=lambda item: item[0])]


def _plain(source: Element, styles: StyleReader) -> Element:
    """A conditional format without what is said elsewhere, with colours that need no theme."""
    kind = source.get("type", "")
    names = ("stopIfTrue", *_RULES.get(kind, ()))
    rule = Element("cfRule", {"type": kind if kind in _RULES else "expression"})
    rule.attrib |= {name: source.get(name, "") for name in names if name in source.attrib}
    for child in source:
        if child.tag in ("formula", "f"):
            SubElement(rule, "formula").text = child.text
        elif child.tag == kind:
            inner = SubElement(rule, kind, carried(child))
            for point in child:
                is_colour = point.tag == "color"
                colour = {"rgb": "FF" + (styles.colour(point) or "#638EC6")[1:]}
                SubElement(inner, point.tag, colour if is_colour else point.attrib)
    return rule


def read_validations(sheet: Element, parser: FormulaParser, faults: Faults) -> list[TemplateRule]:
    """The sheet's data validations; those that newer Excels note apart, too."""
    found: list[TemplateRule] = []
    for source in sheet.iter("dataValidation"):
        kind, operator = source.get("type", "none"), source.get("operator", "between")
        rule = TemplateRule(areas(source.get("sqref") or source.findtext("sqref") or ""), Element(source.tag))
        rule.xml.attrib = {name: value for name, value in source.attrib.items() if name != "sqref" and "}" not in name}
        bounds = 2 if operator in ("between", "notBetween") and kind not in ("list", "custom") else 1
        for name in ("formula1", "formula2")[: bounds if kind != "none" else 0]:
            SubElement(rule.xml, name).text = source.findtext(f"{name}/f") or source.findtext(name) or ""
        silent = kind == "none" and not (source.get("prompt") or source.get("promptTitle"))
        if rule.areas and not silent and _vary(rule, parser, faults, "validation"):
            found.append(rule)
    return found
