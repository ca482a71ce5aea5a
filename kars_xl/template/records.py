"""A template as read: plain records, which need nothing of what read them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from kars_xl.base.place import a1
from kars_xl.template.charts import TemplateChart
from kars_xl.template.formula.formula import Parsed
from kars_xl.template.laid import LaidColumn, LaidRow
from kars_xl.template.layout.placeholders import Text
from kars_xl.template.layout.rules import TemplateRule
from kars_xl.template.nodes import Problem, Problems
from kars_xl.template.source.drawing import Picture


class Link(NamedTuple):
    """A hyperlink: an address outside (`target`), or a place inside (`location`)."""

    target: Text | str
    location: str
    tip: Text | str


class Comment(NamedTuple):
    """A cell's comment, with XlsxWriter's options."""

    text: Text | str
    options: dict[str, Any]


@dataclass(slots=True)
class TemplateCell:
    """A cell of the template: a constant, a text with placeholders, or a formula."""

    row: int
    col: int
    origin: str  # "Sheet!A1"
    style: int
    value: object = None
    text: Text | None = None
    formula: Parsed | None = None
    formula_text: str = ""
    link: Link | None = None
    comment: Comment | None = None
    runs: list[tuple[int | None, Text | str]] | None = None

    @property
    def address(self) -> str:
        return a1(self.row, self.col)


class Loop(NamedTuple):
    """A `her_` name: the kind, and the template rows that it repeats."""

    name: str
    kind: str
    first: int
    last: int


@dataclass(slots=True)
class TemplateSheet:
    """One sheet of the template."""

    index: int
    title: str
    title_text: Text | None
    page: PageSetup
    last_row: int
    cells: dict[int, list[TemplateCell]]
    rows: dict[int, LaidRow]
    columns: list[LaidColumn]
    loops: list[Loop] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    charts: list[TemplateChart] = field(default_factory=list)
    lost: list[tuple[str, str]] = field(default_factory=list)  # objects that stay behind: cell ("" none), what it is
    header: Text | str = ""
    footer: Text | str = ""
    conditional_formats: list[TemplateRule] = field(default_factory=list)
    validations: list[TemplateRule] = field(default_factory=list)


class TemplateName(NamedTuple):
    """A defined name that is no loop, and the template sheet that it belongs to (None: the workbook)."""

    name: str
    meaning: Parsed
    owner: str | None


@dataclass(slots=True)
class Template:
    """A template workbook as read.

    `problems` is what lint found, raised together with the rest by `expand`; `lost` is what stays behind (KX005).
    """

    sheets: list[TemplateSheet]
    styles: StyleTable
    names: list[TemplateName]
    properties: dict[str, Text | str]
    active: int
    problems: Problems
    lost: list[Problem]


DATE_FORMAT = "dd.mm.yyyy"


@dataclass(slots=True)
class StyleTable:
    """`properties[i]` is what XlsxWriter's add_format takes; `normal` are those of the Normal style's font."""

    properties: list[dict[str, Any]] = field(default_factory=list)
    normal: dict[str, Any] = field(default_factory=dict)
    _by_properties: dict[tuple[tuple[str, Any], ...], int] = field(default_factory=dict)
    _variants: dict[tuple[int, str], int] = field(default_factory=dict)

    def add(self, properties: dict[str, Any]) -> int:
        """Index of a set of properties; equal sets share one."""
        key = tuple(sorted(properties.items()))
        if key not in self._by_properties:
            self._by_properties[key] = len(self.properties)
            self.properties.append(properties)
        return self._by_properties[key]

    def with_number_format(self, style: int, number_format: str) -> int:
        """Index of the same style with another number format."""
        key = (style, number_format)
        if key not in self._variants:
            self._variants[key] = self.add({**self.properties[style], "num_format": number_format})
        return self._variants[key]

    def for_date(self, style: int) -> int:
        """Index of a style that shows a date as a date: its own, or one with the Turkish date format."""
        number_format = self.properties[style].get("num_format", 0)
        return self.with_number_format(style, DATE_FORMAT) if number_format in (0, "General") else style


Area = tuple[int, int, int, int]  # row1, col1, row2, col2
Call = tuple[str, tuple[Any, ...]]  # a method of XlsxWriter's worksheet, and its arguments


@dataclass(slots=True, kw_only=True)
class PageSetup:
    """Settings of a sheet; ranges and rows are the template's, or those of the output that it is laid out in.

    `calls` are all settings that nobody but XlsxWriter needs to know.
    """

    state: str = "visible"
    calls: list[Call] = field(default_factory=list)
    outline: tuple[bool, bool] = (True, True)  # whether sums stand below their rows, and right of their columns
    default_row_height: float | None = None
    default_column_width: float | None = None
    margins: dict[str, float] = field(default_factory=dict)  # inches
    paper: int | None = None
    landscape: bool = False
    scale: int | None = None
    fit: tuple[int, int] | None = None  # pages wide, pages tall (0: as many as it takes)
    header_options: dict[str, Any] = field(default_factory=dict)
    footer_options: dict[str, Any] = field(default_factory=dict)
    freeze: tuple[int, int] | None = None  # first row and column that scroll
    print_areas: list[Area] = field(default_factory=list)  # one at the most in the output
    title_rows: tuple[int, int] | None = None
    title_columns: tuple[int, int] | None = None
    autofilter: Area | None = None
    row_breaks: list[int] = field(default_factory=list)
    column_breaks: list[int] = field(default_factory=list)
