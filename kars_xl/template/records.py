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
from kars_xl.template.page import PageSetup, StyleTable
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
