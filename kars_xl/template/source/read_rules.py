"""Conditional formats and data validations of a template, as XlsxWriter options."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kars_xl.template.formula.formula import Parsed
from kars_xl.template.formula.parse import FormulaParser
from kars_xl.template.layout.placeholders import text_or_plain
from kars_xl.template.layout.rules import TemplateRule
from kars_xl.template.page import Area
from kars_xl.template.source.read_styles import StyleReader

Faults = Callable[[Parsed, str, str, str], bool]  # parsed, template address, formula, where; True if usable

_OPERATORS = {
    "between": "between", "notBetween": "not between", "equal": "equal to", "notEqual": "not equal to",
    "greaterThan": "greater than", "lessThan": "less than", "greaterThanOrEqual": "greater than or equal to",
    "lessThanOrEqual": "less than or equal to",
}  # fmt: skip
_VALIDATIONS = {"whole": "integer", "textLength": "length", None: "any"}
_ICONS = {
    "3Arrows": "3_arrows", "3Flags": "3_flags", "3TrafficLights2": "3_traffic_lights_rimmed",
    "3Symbols": "3_symbols_circled", "4Arrows": "4_arrows", "4RedToBlack": "4_red_to_black",
    "4TrafficLights": "4_traffic_lights", "5ArrowsGray": "5_arrows_gray", "5Quarters": "5_quarters",
    "3ArrowsGray": "3_arrows_gray", "3TrafficLights1": "3_traffic_lights", "3TrafficLights": "3_traffic_lights",
    "3Signs": "3_signs", "3Symbols2": "3_symbols", "4ArrowsGray": "4_arrows_gray", "4Rating": "4_ratings",
    "5Arrows": "5_arrows", "5Rating": "5_ratings",
}  # fmt: skip


def _areas(sqref: Any) -> list[Area]:
    # openpyxl keeps the ranges of a rule in a set; their order in the file is lost, and must not vary by run.
    return sorted((r.min_row, r.min_col, r.max_row, r.max_col) for r in sqref.ranges)


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


def read_conditional_formats(ws: Any, parser: FormulaParser, styles: StyleReader, faults: Faults) -> list[TemplateRule]:
    """The sheet's conditional formats, most important first."""
    found: list[tuple[int, TemplateRule]] = []
    for group in ws.conditional_formatting:
        areas = _areas(group.sqref)
        for source in group.rules:
            rule = TemplateRule(areas, {}, style=styles.differential(source.dxf))
            if source.stopIfTrue:
                rule.options["stop_if_true"] = True
            if _translate(source, rule, parser, styles, faults):
                found.append((source.priority, rule))
    return [rule for _, rule in sorted(found, key=lambda item: item[0])]


def _translate(source: Any, rule: TemplateRule, parser: FormulaParser, styles: StyleReader, faults: Faults) -> bool:
    where = "conditional_format"
    options, formulas = rule.options, list(source.formula)
    if source.type == "cellIs" and formulas:
        options |= {"type": "cell", "criteria": _OPERATORS.get(source.operator, "equal to")}
        names: tuple[str, ...] = ("minimum", "maximum") if source.operator in ("between", "notBetween") else ("value",)
        pairs = zip(names, formulas, strict=False)
        return all(_add_formula(rule, name, text, parser, faults, where) for name, text in pairs)
    if source.type in ("duplicateValues", "uniqueValues"):
        options["type"] = "duplicate" if source.type == "duplicateValues" else "unique"
    elif source.type == "top10":
        options |= {"type": "bottom" if source.bottom else "top", "value": source.rank or 10}
        if source.percent:
            options["criteria"] = "%"
    elif source.type == "aboveAverage":
        below = source.aboveAverage is False
        side = "below" if below else "above"
        if source.stdDev:
            side = f"{source.stdDev} std dev {side}"
        elif source.equalAverage:
            side = f"equal or {side}"
        options |= {"type": "average", "criteria": side}
    elif source.type == "colorScale" and source.colorScale is not None:
        scale = source.colorScale
        names = ("min", "mid", "max") if len(scale.cfvo) == 3 else ("min", "max")
        options["type"] = f"{len(names)}_color_scale"
        for name, point, colour in zip(names, scale.cfvo, scale.color, strict=False):
            options[f"{name}_color"] = styles.colour(colour) or "#FFFFFF"
            if not _point(rule, name, point, parser, faults):
                return False
    elif source.type == "dataBar" and source.dataBar is not None:
        bar = source.dataBar
        options |= {"type": "data_bar", "bar_color": styles.colour(bar.color) or "#638EC6"}
        if bar.showValue is False:
            options["bar_only"] = True
        return all(_point(rule, n, p, parser, faults) for n, p in zip(("min", "max"), bar.cfvo, strict=False))
    elif source.type == "iconSet" and source.iconSet is not None:
        icons = source.iconSet
        options |= {"type": "icon_set", "icon_style": _ICONS.get(icons.iconSet, "3_traffic_lights")}
        options["reverse_icons"], options["icons_only"] = bool(icons.reverse), icons.showValue is False
        options["icons"] = [
            {
                "criteria": ">" if p.gte is False else ">=",
                "type": "number" if p.type == "num" else p.type,
                "value": _number(p.val),
            }
            for p in reversed(icons.cfvo[1:])
        ]
    elif formulas:
        # "Text that contains", "blanks", dates: Excel stores the formula beside the wizard's choice.
        options["type"] = "formula"
        return _add_formula(rule, "criteria", formulas[0], parser, faults, where)
    else:
        return False
    return True


def _number(text: Any) -> Any:
    try:
        return float(text)
    except (TypeError, ValueError):
        return text


def _point(rule: TemplateRule, name: str, point: Any, parser: FormulaParser, faults: Faults) -> bool:
    rule.options[f"{name}_type"] = point.type
    if point.type == "formula" and isinstance(_number(point.val), str):
        return _add_formula(rule, f"{name}_value", point.val, parser, faults, "conditional_format")
    if point.val is not None:
        rule.options[f"{name}_value"] = _number(point.val)
    return True


def read_validations(ws: Any, parser: FormulaParser, faults: Faults) -> list[TemplateRule]:
    """The sheet's data validations."""
    found: list[TemplateRule] = []
    for source in ws.data_validations.dataValidation:
        kind = source.type if source.type != "none" else None
        rule = TemplateRule(_areas(source.sqref), {"validate": _VALIDATIONS.get(kind, kind)})
        if not rule.areas:
            continue
        options = rule.options
        options |= {
            "ignore_blank": bool(source.allowBlank),
            # Excel calls it "show", and means the opposite.
            "dropdown": not source.showDropDown,
            "show_input": bool(source.showInputMessage),
            "show_error": bool(source.showErrorMessage),
            "error_type": source.errorStyle or "stop",
        }
        for option, text in (
            ("input_title", source.promptTitle),
            ("input_message", source.prompt),
            ("error_title", source.errorTitle),
            ("error_message", source.error),
        ):
            if text:
                compiled = text_or_plain(text)
                if isinstance(compiled, str):
                    options[option] = compiled
                else:
                    rule.texts[option] = compiled
        if kind is None and not (rule.texts or options.get("input_message") or options.get("input_title")):
            continue
        if _validation_values(rule, kind, source, parser, faults):
            found.append(rule)
    return found


def _validation_values(
    rule: TemplateRule, kind: str | None, source: Any, parser: FormulaParser, faults: Faults
) -> bool:
    if kind is None:
        return True
    if kind == "list" and str(source.formula1 or "").startswith('"'):
        rule.options["value"] = str(source.formula1)[1:-1].replace('""', '"').split(",")
        return True
    pairs = [("value", source.formula1)]
    if kind not in ("list", "custom"):
        operator = source.operator or "between"
        rule.options["criteria"] = _OPERATORS[operator]
        if operator in ("between", "notBetween"):
            pairs.append(("maximum", source.formula2))
    return all(_add_formula(rule, name, text, parser, faults, "validation") for name, text in pairs)
