"""What is laid out and ready to write: plain data, rows and columns 1-based, sizes in points unless said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from kars_xl.template.page import Area, PageSetup
from kars_xl.template.source.drawing import Anchor, ChartPart, Picture


@dataclass(slots=True)
class LaidCell:
    """One cell of the output; `origin` is its template cell ("Sheet!A1")."""

    value: object
    formula: str | None
    style: int
    link: str | None
    origin: str
    tip: str | None = None
    runs: list[tuple[int | None, str]] | None = None  # rich text: (index into Layout.styles, text)


class LaidRow(NamedTuple):
    """A row's height (None: the sheet's default), visibility, outline level and style of its blank cells."""

    height: float | None = None
    hidden: bool = False
    level: int = 0
    collapsed: bool = False
    style: int | None = None


class LaidColumn(NamedTuple):
    """Columns first … last; the width is the file's (characters of the normal font, padding included)."""

    first: int
    last: int
    width: float | None
    hidden: bool
    level: int
    collapsed: bool
    style: int | None


class LaidComment(NamedTuple):
    """A cell's comment, with XlsxWriter's options."""

    row: int
    col: int
    text: str
    options: Mapping[str, Any]


class LaidImage(NamedTuple):
    """A picture in a row of the output, with its size in pixels (None: its own size)."""

    row: int
    width: float | None
    height: float | None
    picture: Picture


class LaidChart(NamedTuple):
    """A chart at an anchor of output rows; `cells` are the (sheet, area) that each reference element of `xml` names."""

    anchor: Anchor
    part: ChartPart
    description: str
    xml: Element
    cells: Mapping[Element, tuple[tuple[str, Area], ...]]


class LaidRule(NamedTuple):
    """A conditional format or validation on its areas, with XlsxWriter's options."""

    areas: tuple[Area, ...]
    options: Mapping[str, Any]
    style: int | None = None  # index into Layout.styles of the differential format


@dataclass(slots=True)
class LaidSheet:
    """One sheet of the output."""

    name: str
    template: str
    page: PageSetup
    cells: dict[tuple[int, int], LaidCell] = field(default_factory=dict)
    rows: dict[int, LaidRow] = field(default_factory=dict)
    row_heights: dict[int, float] = field(default_factory=dict)
    columns: list[LaidColumn] = field(default_factory=list)
    merges: list[Area] = field(default_factory=list)
    header: str = ""
    footer: str = ""
    conditional_formats: list[LaidRule] = field(default_factory=list)
    validations: list[LaidRule] = field(default_factory=list)
    comments: list[LaidComment] = field(default_factory=list)
    images: list[LaidImage] = field(default_factory=list)
    charts: list[LaidChart] = field(default_factory=list)


@dataclass(slots=True)
class Layout:
    """The whole output; `styles` are XlsxWriter format properties, indexed by `LaidCell.style`."""

    sheets: list[LaidSheet]
    styles: list[dict[str, Any]]
    names: list[tuple[str, str]]  # as XlsxWriter's define_name takes them
    properties: dict[str, str]
    default_font: dict[str, Any]
    active: int = 0

    def sheet(self, name: str) -> LaidSheet:
        """The output sheet of that name; KeyError if there is none."""
        return {sheet.name: sheet for sheet in self.sheets}[name]
