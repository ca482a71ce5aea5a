"""Conditional formats and data validations of a template, as XlsxWriter options."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element

from kars_xl.template.formula.formula import Parsed
from kars_xl.template.formula.parse import FormulaParser
from kars_xl.template.layout.placeholders import text_or_plain
from kars_xl.template.layout.rules import TemplateRule
from kars_xl.template.source.package import yes
from kars_xl.template.source.read_page import areas
from kars_xl.template.source.read_styles import StyleReader

Faults = Callable[[Parsed, str, str, str], bool]  # parsed, template address, formula, where; True if usable

_OPERATORS = {
    "between": "between", "notBetween": "not between", "equal": "equal to", "notEqual": "not equal to",
    "greaterThan": "greater than", "lessThan": "less than", "greaterThanOrEqual": "greater than or equal to",
    "lessThanOrEqual": "less than or equal to",
}  # fmt: skip
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
    sheet: Element, parser: FormulaParser, styles: StyleReader, faults: Faults
) -> list[TemplateRule]:
    """The sheet's conditional formats, most important first."""
    found: list[tuple[int, TemplateRule]] = []
    for group in sheet.iterfind("conditionalFormatting"):
        for source in group.iterfind("cfRule"):
            style = styles.differential(source.get("dxfId"))
            rule = TemplateRule(areas(group.get("sqref", "")), {}, style=style)
            if yes(source, "stopIfTrue"):
                rule.options["stop_if_true"] = True
            if rule.areas and _translate(source, rule, parser, styles, faults):
                found.append((int(source.get("priority", 0)), rule))
    return [rule for _, rule in sorted(found, key=lambda item: item[0])]


def _translate(source: Element, rule: TemplateRule, parser: FormulaParser, styles: StyleReader, faults: Faults) -> bool:
    where, kind, operator = "conditional_format", source.get("type"), source.get("operator", "")
    options, formulas = rule.options, [found.text or "" for found in source.iterfind("formula")]
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
        if yes(source, "percent"):
            options["criteria"] = "%"
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
        for name, point, colour in zip(names, points, shown.iterfind("color"), strict=False):
            options[f"{name}_color"] = styles.colour(colour) or "#FFFFFF"
            if not _point(rule, name, point, parser, faults):
                return False
    elif shown is not None and kind == "dataBar":
        options |= {"type": "data_bar", "bar_color": styles.colour(shown.find("color")) or "#638EC6"}
        if not yes(shown, "showValue", default=True):
            options["bar_only"] = True
        return all(_point(rule, n, p, parser, faults) for n, p in zip(("min", "max"), points, strict=False))
    elif shown is not None:
        options |= {"type": "icon_set", "icon_style": _ICONS.get(shown.get("iconSet", ""), "3_traffic_lights")}
        options["reverse_icons"], options["icons_only"] = (
            yes(shown, "reverse"),
            not yes(shown, "showValue", default=True),
        )
        options["icons"] = [
            {
                "criteria": ">=" if yes(point, "gte", default=True) else ">",
                "type": "number" if point.get("type") == "num" else point.get("type"),
                "value": _number(point.get("val")),
            }
            for point in reversed(points[1:])
        ]
    elif formulas:
        # "Text that contains", "blanks", dates: Excel stores the formula beside the wizard's choice.
        options["type"] = "formula"
        return _add_formula(rule, "criteria", formulas[0], parser, faults, where)
    else:
        return False
    return True


def _number(text: str | None) -> Any:
    try:
        return float(text or "")
    except ValueError:
        return text


def _point(rule: TemplateRule, name: str, point: Element, parser: FormulaParser, faults: Faults) -> bool:
    kind, value = point.get("type"), _number(point.get("val"))
    rule.options[f"{name}_type"] = kind
    if kind == "formula" and isinstance(value, str):
        return _add_formula(rule, f"{name}_value", value, parser, faults, "conditional_format")
    if value is not None:
        rule.options[f"{name}_value"] = value
    return True


def read_validations(sheet: Element, parser: FormulaParser, faults: Faults) -> list[TemplateRule]:
    """The sheet's data validations."""
    found: list[TemplateRule] = []
    for source in sheet.iterfind("dataValidations/dataValidation"):
        kind = source.get("type", "none")
        options: dict[str, Any] = {
            "validate": _VALIDATIONS.get(kind, kind),
            "ignore_blank": yes(source, "allowBlank"),
            # Excel calls it "show", and means the opposite.
            "dropdown": not yes(source, "showDropDown"),
            "show_input": yes(source, "showInputMessage"),
            "show_error": yes(source, "showErrorMessage"),
            "error_type": source.get("errorStyle", "stop"),
        }
        rule = TemplateRule(areas(source.get("sqref", "")), options)
        for option, name in (
            ("input_title", "promptTitle"),
            ("input_message", "prompt"),
            ("error_title", "errorTitle"),
            ("error_message", "error"),
        ):
            if text := source.get(name):
                compiled = text_or_plain(text)
                if isinstance(compiled, str):
                    options[option] = compiled
                else:
                    rule.texts[option] = compiled
        silent = kind == "none" and not (rule.texts or options.get("input_message") or options.get("input_title"))
        if rule.areas and not silent and _validation_values(rule, kind, source, parser, faults):
            found.append(rule)
    return found


def _validation_values(rule: TemplateRule, kind: str, source: Element, parser: FormulaParser, faults: Faults) -> bool:
    if kind == "none":
        return True
    first = source.findtext("formula1", "")
    if kind == "list" and first.startswith('"'):
        rule.options["value"] = first[1:-1].replace('""', '"').split(",")
        return True
    pairs = [("value", first)]
    if kind not in ("list", "custom"):
        operator = source.get("operator", "between")
        rule.options["criteria"] = _OPERATORS[operator]
        if operator in ("between", "notBetween"):
            pairs.append(("maximum", source.findtext("formula2", "")))
    return all(_add_formula(rule, name, text, parser, faults, "validation") for name, text in pairs)
