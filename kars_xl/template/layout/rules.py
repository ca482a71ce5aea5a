"""Conditional formats and data validations, expanded once for all instances of their cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from kars_xl.base.place import a1
from kars_xl.template.formula.formula import Expression, Parsed, shifted
from kars_xl.template.formula.reference import LAST_ROW
from kars_xl.template.laid import LaidRule
from kars_xl.template.layout.placeholders import Text, UnknownPathError
from kars_xl.template.layout.regions import Band, Instance, SheetCopy, joined
from kars_xl.template.layout.render import FormulaWriter, ReferenceFault
from kars_xl.template.page import Area

Trouble = Callable[[Exception, str, str, int, int], None]  # error, template address, formula, output row, column


@dataclass(slots=True)
class TemplateRule:
    """A rule on template areas; `formulas` and `texts` are the options that differ from instance to instance."""

    areas: list[Area]
    options: dict[str, Any]
    formulas: dict[str, tuple[str, Parsed]] = field(default_factory=dict)  # option: (as typed, parsed)
    texts: dict[str, Text] = field(default_factory=dict)
    style: int | None = None

    @property
    def address(self) -> str:
        return a1(self.areas[0][0], self.areas[0][1])


@dataclass(slots=True)
class _Group:
    """The cells in which a rule reads the same: runs of rows per pair of columns, and the options at the topmost."""

    runs: dict[tuple[int, int], list[tuple[int, int]]] = field(default_factory=dict)
    tops: dict[tuple[int, int], tuple[int, dict[str, Any]]] = field(default_factory=dict)

    def needs_options(self, columns: tuple[int, int], row: int) -> bool:
        return columns not in self.tops or row < self.tops[columns][0]

    def rules(self, style: int | None) -> Iterator[LaidRule]:
        """One rule per set of rows: its first area is then its top left, whichever way a reader looks."""
        by_rows: dict[tuple[tuple[int, int], ...], list[tuple[int, int]]] = {}
        for columns, runs in sorted(self.runs.items()):
            by_rows.setdefault(tuple(joined(runs)), []).append(columns)
        for rows, columns_list in by_rows.items():
            areas = sorted((first, col1, last, col2) for first, last in rows for col1, col2 in columns_list)
            yield LaidRule(tuple(areas), self.tops[columns_list[0]][1], style)


def expand_rules(
    rules: list[TemplateRule], copy: SheetCopy, last_row: int, writer: FormulaWriter, trouble: Trouble
) -> list[LaidRule]:
    """The rules of one output sheet; instances in which a rule reads the same share one rule."""
    found: list[LaidRule] = []
    for rule in rules:
        groups: dict[tuple[str, ...], _Group] = {}
        for area in rule.areas:
            for instance, template_row, first, last in _cells(area, copy, last_row, bool(rule.formulas or rule.texts)):
                _place(rule, area, instance, template_row, (first, last), groups, writer, trouble)
        for group in groups.values():
            found += group.rules(rule.style)
    return found


def _cells(area: Area, copy: SheetCopy, last_row: int, by_row: bool) -> Iterator[tuple[Instance, int, int, int]]:
    """Instance, template row and output rows of an area, downwards; single rows if the rule has formulas."""
    row1, _, row2, _ = area

    def walk(instance: Instance) -> Iterator[tuple[Instance, int, int, int]]:
        band: Band = instance.band
        for (top, bottom), start in zip(band.segments, instance.starts, strict=True):
            a, b = max(row1, top), min(row2, bottom)
            if a > b:
                continue
            # Below the template's last row all rows are alike.
            singles = range(a, min(b, last_row) + 1) if by_row else ()
            for row in singles:
                yield instance, row, start + row - top, start + row - top
            rest = singles[-1] + 1 if singles else a
            if rest <= b:
                yield instance, rest, min(start + rest - top, LAST_ROW), min(start + b - top, LAST_ROW)
        for child, copies in zip(band.children, instance.children, strict=True):
            if child.first <= row2 and row1 <= child.last:
                for inner in copies:
                    yield from walk(inner)

    return iter(sorted(walk(copy.root), key=lambda found: found[2]))


def _place(
    rule: TemplateRule,
    area: Area,
    instance: Instance,
    template_row: int,
    rows: tuple[int, int],
    groups: dict[tuple[str, ...], _Group],
    writer: FormulaWriter,
    trouble: Trouble,
) -> None:
    _, col1, _, col2 = area
    anchor_row, anchor_col, _, _ = rule.areas[0]
    signature: list[str] = []
    pieces: dict[str, Expression] = {}
    formula = ""
    try:
        relative = FormulaWriter(writer.rows, writer.root, (rows[0], col1))
        for option, (formula, parsed) in rule.formulas.items():  # noqa: B007
            pieces[option] = shifted(parsed.pieces, template_row - anchor_row, col1 - anchor_col)
            signature.append(relative.write_pieces(pieces[option], instance))
        texts = {option: text.fill(instance.scope, writer.root) for option, text in rule.texts.items()}
        group = groups.setdefault((*signature, *texts.values()), _Group())
        if group.needs_options((col1, col2), rows[0]):
            written = {option: "=" + writer.write_pieces(found, instance) for option, found in pieces.items()}
            group.tops[col1, col2] = (rows[0], {**rule.options, **written, **texts})
    except (ReferenceFault, UnknownPathError) as error:
        trouble(error, rule.address, formula, rows[0], col1)
        return
    group.runs.setdefault((col1, col2), []).append(rows)
