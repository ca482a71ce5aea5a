"""A sheet's settings, conditional formats and data validations; what XlsxWriter is asked for, in its words."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from xml.etree.ElementTree import Element

from kars_xl.base.place import column_number
from kars_xl.template.formula.formula import LAST_COLUMN, LAST_ROW, parse_reference
from kars_xl.template.formula.parse import FormulaParser
from kars_xl.template.nodes import Text, text_or_plain
from kars_xl.template.records import Area, Call, Faults, PageSetup, TemplateRule
from kars_xl.template.source.package import number, yes
from kars_xl.template.source.read_styles import StyleReader

Lost = list[tuple[str, str]]  # what stays behind: its cell ("" for none), in words

# One of the ranges of a print area; the sheet's name before it may hold anything, commas too. LibreOffice writes all
# of it in small letters where the name begins with Ş.
_AREA = re.compile(r"!(\$?[A-Z]+\$?\d+(?::\$?[A-Z]+\$?\d+)?)(?=,|\Z)", re.IGNORECASE)

_TITLE_ROWS = re.compile(r"!\$?(\d+):\$?(\d+)")
_TITLE_COLUMNS = re.compile(r"!\$?([A-Z]+):\$?([A-Z]+)(?=,|\Z)", re.IGNORECASE)
# Inches, where a sheet says nothing.
_MARGINS = {"left": 0.75, "right": 0.75, "top": 1.0, "bottom": 1.0, "header": 0.5, "footer": 0.5}
_ALLOWANCES = {
    "objects": "objects", "scenarios": "scenarios", "formatCells": "format_cells", "formatColumns": "format_columns",
    "formatRows": "format_rows", "insertColumns": "insert_columns", "insertRows": "insert_rows",
    "insertHyperlinks": "insert_hyperlinks", "deleteColumns": "delete_columns", "deleteRows": "delete_rows",
    "selectLockedCells": "select_locked_cells", "sort": "sort", "autoFilter": "autofilter",
    "pivotTables": "pivot_tables", "selectUnlockedCells": "select_unlocked_cells",
}  # fmt: skip
_USUALLY_ALLOWED = ("objects", "scenarios", "selectLockedCells", "selectUnlockedCells")


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
    page, sizes, band = sheet.find("pageSetup"), sheet.find("sheetFormatPr"), sheet.find("headerFooter")
    outline, margins = sheet.find("sheetPr/outlinePr"), sheet.find("pageMargins")
    inches = {side: usual if margins is None else number(margins, side) or 0.0 for side, usual in _MARGINS.items()}
    options = {
        "scale_with_doc": yes(band, "scaleWithDoc", default=True),
        "align_with_margins": yes(band, "alignWithMargins", default=True),
    }
    titles, filtered = printed.get("_xlnm.Print_Titles", ""), sheet.find("autoFilter")
    rows, columns = _TITLE_ROWS.search(titles), _TITLE_COLUMNS.search(titles)
    scale, paper = number(page, "scale"), number(page, "paperSize")
    height = 15.0 if sizes is None else number(sizes, "defaultRowHeight")
    row_breaks, column_breaks = (
        sorted(int(found.get("id", 0)) for found in sheet.iterfind(f"{kind}/brk"))
        for kind in ("rowBreaks", "colBreaks")
    )
    fit, pane, freeze = None, sheet.find("sheetViews/sheetView/pane"), None
    if yes(sheet.find("sheetPr/pageSetUpPr"), "fitToPage"):
        wide, tall = (number(page, name) for name in ("fitToWidth", "fitToHeight"))
        fit = 1 if wide is None else int(wide), 1 if tall is None else int(tall)
    if pane is not None and pane.get("state") in ("frozen", "frozenSplit"):
        freeze = int(number(pane, "ySplit") or 0) + 1, int(number(pane, "xSplit") or 0) + 1
    return PageSetup(
        state=state, calls=list(_calls(sheet, colour(sheet.find("sheetPr/tabColor")), height)),
        outline=tuple(
            yes(where, name, default=True)
            for where, name in (
                (sheet.find("sheetViews/sheetView"), "showOutlineSymbols"), (outline, "summaryBelow"),
                (outline, "summaryRight"),
            )
        ),
        default_row_height=height, default_column_width=number(sizes, "defaultColWidth"),
        margins={side: inches[side] for side in ("left", "right", "top", "bottom")},
        paper=int(paper) if paper else None, landscape=page is not None and page.get("orientation") == "landscape",
        scale=None if scale is None else int(scale), fit=fit, header_options=options | {"margin": inches["header"]},
        footer_options=options | {"margin": inches["footer"]}, freeze=freeze,
        print_areas=[area(part) for part in _AREA.findall(printed.get("_xlnm.Print_Area", ""))],
        title_rows=(int(rows[1]), int(rows[2])) if rows else None,
        title_columns=(column_number(columns[1]), column_number(columns[2])) if columns else None,
        autofilter=area(filtered.get("ref", "")) if filtered is not None else None, row_breaks=row_breaks,
        column_breaks=column_breaks,
    )  # fmt: skip


def _calls(sheet: Element, tab_colour: str | None, height: float | None) -> Iterator[Call]:
    """What XlsxWriter is asked for, in its words, where the sheet differs from what it does by itself."""
    view, page, options = (sheet.find(name) for name in ("sheetViews/sheetView", "pageSetup", "printOptions"))
    protection, shown = sheet.find("sheetProtection"), view.get("view") if view is not None else None
    zoom, first, band = number(view, "zoomScale"), number(page, "firstPageNumber"), sheet.find("headerFooter")
    apart = yes(band, "differentOddEven"), yes(band, "differentFirst")
    # 0 prints grid lines, 1 only shows them, 2 neither.
    gridlines = 2 if not yes(view, "showGridLines", default=True) else 0 if yes(options, "gridLines") else 1
    # The file lists what is forbidden, XlsxWriter takes what is allowed.
    allowed = {new: not yes(protection, old, default=old not in _USUALLY_ALLOWED) for old, new in _ALLOWANCES.items()}
    for name, wanted, *arguments in (
        ("set_tab_color", tab_colour, tab_colour),
        ("set_zoom", zoom, int(zoom or 0)),
        ("hide_gridlines", True, gridlines),
        ("hide_row_col_headers", not yes(view, "showRowColHeaders", default=True)),
        ("hide_zero", not yes(view, "showZeros", default=True)),
        ("right_to_left", yes(view, "rightToLeft")),
        ("set_pagebreak_view", shown == "pageBreakPreview"),
        ("set_page_view", shown == "pageLayout"),
        ("set_default_row", height, height),
        ("center_horizontally", yes(options, "horizontalCentered")),
        ("center_vertically", yes(options, "verticalCentered")),
        ("print_across", page is not None and page.get("pageOrder") == "overThenDown"),
        ("set_start_page", yes(page, "useFirstPageNumber") and first is not None, int(first or 0)),
        ("print_black_and_white", yes(page, "blackAndWhite")),
        ("print_row_col_headers", yes(options, "headings")),
        ("protect", yes(protection, "sheet"), "", allowed),
        ("print_grid", gridlines == 2 and yes(options, "gridLines")),
        ("tell_pages_apart", any(apart), *apart),
    ):
        if wanted:
            yield name, tuple(arguments)


# In the order of the schema.
BANDS = tuple(f"{pages}{place}" for pages in ("odd", "even", "first") for place in ("Header", "Footer"))
_PICTURE = re.compile(r"(?<!&)((?:&&)*)&G")


def read_bands(sheet: Element) -> tuple[dict[str, str], bool]:
    """The headers and footers by their names, and whether one shows a picture, which stays behind."""
    texts = {name: sheet.findtext(f"headerFooter/{name}", "").replace("_x000a_", "\n") for name in BANDS}
    found = {name: _PICTURE.sub(r"\1", text) for name, text in texts.items() if text}
    return found, any(found[name] != texts[name] for name in found)


_OPERATORS = {
    "between": "between", "notBetween": "not between", "equal": "equal to", "notEqual": "not equal to",
    "greaterThan": "greater than", "lessThan": "less than", "greaterThanOrEqual": "greater than or equal to",
    "lessThanOrEqual": "less than or equal to",
}  # fmt: skip
_MESSAGES = {"input_title": "promptTitle", "input_message": "prompt", "error_title": "errorTitle"}
_MESSAGES |= {"error_message": "error"}
_VALIDATIONS = {"whole": "integer", "textLength": "length", "none": "any"}
_ICONS = {
    "3Arrows": "3_arrows", "3Flags": "3_flags", "3TrafficLights2": "3_traffic_lights_rimmed",
    "3Symbols": "3_symbols_circled", "4Arrows": "4_arrows", "4RedToBlack": "4_red_to_black",
    "4TrafficLights": "4_traffic_lights", "5ArrowsGray": "5_arrows_gray", "5Quarters": "5_quarters",
    "3ArrowsGray": "3_arrows_gray", "3TrafficLights1": "3_traffic_lights", "3TrafficLights": "3_traffic_lights",
    "3Signs": "3_signs", "3Symbols2": "3_symbols", "4ArrowsGray": "4_arrows_gray", "4Rating": "4_ratings",
    "5Arrows": "5_arrows", "5Rating": "5_ratings",
}  # fmt: skip


def _add_formula(
    rule: TemplateRule, option: str, text: object, parser: FormulaParser, faults: Faults, where: str
) -> bool:
    """Add an option which is a formula; False if it can't be used."""
    formula = "=" + str(text).removeprefix("=")
    parsed = parser.parse(formula)
    if not faults(parsed, rule.address, formula, where):
        return False
    rule.formulas[option] = (formula, parsed)
    return True


def read_conditional_formats(
    sheet: Element, parser: FormulaParser, styles: StyleReader, faults: Faults, lost: Lost
) -> list[TemplateRule]:
    """The sheet's conditional formats, most important first; those that newer Excels note apart, too."""
    found: list[tuple[int, TemplateRule]] = []
    for group in sheet.iter("conditionalFormatting"):
        for source in group.iterfind("cfRule"):
            options = {"stop_if_true": True} if yes(source, "stopIfTrue") else {}
            style, left = styles.differential(source)
            rule = TemplateRule(areas(group.get("sqref") or group.findtext("sqref") or ""), options, style=style)
            lost += [(rule.address, word) for word in left if rule.areas]
            if rule.areas and _translate(source, rule, parser, styles, faults):
                found.append((int(source.get("priority", 0)), rule))
    return [rule for _, rule in sorted(found, key=lambda item: item[0])]


def _translate(source: Element, rule: TemplateRule, parser: FormulaParser, styles: StyleReader, faults: Faults) -> bool:
    where, kind, operator = "conditional_format", source.get("type"), source.get("operator", "")
    options, formulas = rule.options, [found.text or "" for found in source if found.tag in ("formula", "f")]
    shown = source.find(kind) if kind in ("colorScale", "dataBar", "iconSet") else None
    points = shown.findall("cfvo") if shown is not None else []
    if kind == "cellIs" and formulas:
        options |= {"type": "cell", "criteria": _OPERATORS.get(operator, "equal to")}
        names: tuple[str, ...] = ("minimum", "maximum") if operator in ("between", "notBetween") else ("value",)
        pairs = zip(names, formulas, strict=False)
        return all(_add_formula(rule, name, text, parser, faults, where) for name, text in pairs)
    if kind in ("duplicateValues", "uniqueValues"):
        options["type"] = "duplicate" if kind == "duplicateValues" else "unique"
    elif kind == "top10":
        options |= {"type": "bottom" if yes(source, "bottom") else "top", "value": int(source.get("rank", 10))}
        options |= {"criteria": "%"} if yes(source, "percent") else {}
    elif kind == "aboveAverage":
        side = "above" if yes(source, "aboveAverage", default=True) else "below"
        if deviations := int(source.get("stdDev", 0)):
            side = f"{deviations} std dev {side}"
        elif yes(source, "equalAverage"):
            side = f"equal or {side}"
        options |= {"type": "average", "criteria": side}
    elif shown is not None and kind == "colorScale":
        names = ("min", "mid", "max") if len(points) == 3 else ("min", "max")
        options["type"] = f"{len(names)}_color_scale"
        colours = (styles.colour(colour) or "#FFFFFF" for colour in shown.iterfind("color"))
        options |= {f"{name}_color": colour for name, colour in zip(names, colours, strict=False)}
        return all(_point(rule, n, p, parser, faults) for n, p in zip(names, points, strict=False))
    elif shown is not None and kind == "dataBar":
        options |= {"type": "data_bar", "bar_color": styles.colour(shown.find("color")) or "#638EC6"}
        options |= {} if yes(shown, "showValue", default=True) else {"bar_only": True}
        return all(_point(rule, n, p, parser, faults) for n, p in zip(("min", "max"), points, strict=False))
    elif shown is not None:
        options |= {"type": "icon_set", "icon_style": _ICONS.get(shown.get("iconSet", ""), "3_traffic_lights")}
        options |= {"reverse_icons": yes(shown, "reverse"), "icons_only": not yes(shown, "showValue", default=True)}
        options["icons"] = [
            {"criteria": ">=" if yes(point, "gte", default=True) else ">", "value": _number(point.get("val"))}
            | {"type": "number" if point.get("type") == "num" else point.get("type")}
            for point in reversed(points[1:])
        ]
        cells = (
            (icon_value(n), icon["value"]) for n, icon in enumerate(options["icons"]) if isinstance(icon["value"], str)
        )
        return all(_add_formula(rule, name, value, parser, faults, where) for name, value in cells)
    elif formulas:
        # "Text that contains", "blanks", dates: Excel stores the formula beside the wizard's choice.
        options["type"] = "formula"
        return _add_formula(rule, "criteria", formulas[0], parser, faults, where)
    else:
        return False
    return True


def icon_value(number: int) -> str:
    """The option that holds an icon's threshold where that is a formula."""
    return f"icon {number}"


def _number(text: str | None) -> Any:
    try:
        return float(text or "")
    except ValueError:
        return text


def _point(rule: TemplateRule, name: str, point: Element, parser: FormulaParser, faults: Faults) -> bool:
    kind, value = point.get("type"), _number(point.get("val"))
    rule.options[f"{name}_type"] = kind
    if isinstance(value, str):
        return _add_formula(rule, f"{name}_value", value, parser, faults, "conditional_format")
    if value is not None:
        rule.options[f"{name}_value"] = value
    return True


def read_validations(sheet: Element, parser: FormulaParser, faults: Faults) -> list[TemplateRule]:
    """The sheet's data validations; those that newer Excels note apart, too."""
    found: list[TemplateRule] = []
    for source in sheet.iter("dataValidation"):
        kind = source.get("type", "none")
        # Of the list Excel says "show", and means the opposite.
        options: dict[str, Any] = {
            "validate": _VALIDATIONS.get(kind, kind), "ignore_blank": yes(source, "allowBlank"),
            "dropdown": not yes(source, "showDropDown"), "show_input": yes(source, "showInputMessage"),
            "show_error": yes(source, "showErrorMessage"), "error_type": source.get("errorStyle", "stop"),
        }  # fmt: skip
        rule = TemplateRule(areas(source.get("sqref") or source.findtext("sqref") or ""), options)
        for option, name in _MESSAGES.items():
            if isinstance(text := text_or_plain(source.get(name, "")), Text):
                rule.texts[option] = text
            elif text:
                options[option] = text
        silent = kind == "none" and not (rule.texts or options.get("input_message") or options.get("input_title"))
        if rule.areas and not silent and _validation_values(rule, kind, source, parser, faults):
            found.append(rule)
    return found


def _validation_values(rule: TemplateRule, kind: str, source: Element, parser: FormulaParser, faults: Faults) -> bool:
    first, second = (source.findtext(f"{name}/f") or source.findtext(name) or "" for name in ("formula1", "formula2"))
    if kind == "list" and first.startswith('"'):
        rule.options["value"] = first[1:-1].replace('""', '"').split(",")
    if kind == "none" or "value" in rule.options:
        return True
    pairs = [("value", first)]
    if kind not in ("list", "custom"):
        operator = source.get("operator", "between")
        rule.options["criteria"] = _OPERATORS[operator]
        if operator in ("between", "notBetween"):
            pairs.append(("maximum", second))
    return all(_add_formula(rule, name, text, parser, faults, "validation") for name, text in pairs)
