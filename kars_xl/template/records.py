"""A template as read, and an output as laid out: plain records. Rows and columns are 1-based, sizes in points."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from msgspec import Struct, field

from kars_xl.base.number_format import format_of
from kars_xl.base.place import a1
from kars_xl.template.formula.formula import Parsed, Ref
from kars_xl.template.nodes import Problem, Problems, Text

Area = tuple[int, int, int, int]  # row1, col1, row2, col2
Call = tuple[str, tuple[Any, ...]]  # a method of XlsxWriter's worksheet, and its arguments
# XlsxWriter's object_position.
MOVES_AND_SIZES, MOVES, STAYS = 1, 2, 3
Faults = Callable[[Parsed, str, str, str], bool]  # parsed, template address, formula, where; True if usable


class PageSetup(Struct, kw_only=True):
    """Settings of a sheet; ranges and rows are the template's, or those of the output that it is laid out in.
    `calls` and `carried` are all settings that nobody but XlsxWriter needs to know: calls, and attributes of elements.
    A sheet that `fits` is scaled to the pages that its "pageSetup" says."""

    state: str = "visible"
    calls: list[Call] = field(default_factory=list)
    carried: dict[str, dict[str, str]] = field(default_factory=dict)
    default_row_height: float | None = None
    default_column_width: float | None = None
    fits: bool = False
    freeze: tuple[int, int] | None = None  # first row and column that scroll
    print_areas: list[Area] = field(default_factory=list)
    title_rows: tuple[int, int] | None = None
    autofilter: Area | None = None
    row_breaks: list[int] = field(default_factory=list)


def code_of(style: Mapping[str, Any]) -> str:
    """The number format of a style, also where XlsxWriter is told but its number."""
    given = style.get("num_format", 0)
    return format_of(given) if isinstance(given, int) else str(given)


class StyleTable(Struct):
    """`properties[i]` is what XlsxWriter's add_format takes; `normal` are those of the Normal style's font."""

    properties: list[dict[str, Any]] = field(default_factory=list)
    normal: dict[str, Any] = field(default_factory=dict)
    _by_properties: dict[tuple[tuple[str, Any], ...], int] = field(default_factory=dict)

    def add(self, properties: dict[str, Any]) -> int:
        """Index of a set of properties; equal sets share one."""
        at = self._by_properties.setdefault(tuple(sorted(properties.items())), len(self.properties))
        if at == len(self.properties):
            self.properties.append(properties)
        return at

    def with_number_format(self, style: int, number_format: str) -> int:
        """Index of the same style with another number format."""
        return self.add({**self.properties[style], "num_format": number_format})

    def for_date(self, style: int) -> int:
        """Index of a style that shows a date as a date: its own, or one with the Turkish date format."""
        number_format = self.properties[style].get("num_format", 0)
        return self.with_number_format(style, "dd.mm.yyyy") if number_format in (0, "General") else style


class Anchor(Struct, frozen=True):
    """Where an object is fixed in a template; offsets and size in pixels.
    An object between two cells has its lower right corner in (`row2`, `col2`) and no size of its own."""

    row: int
    col: int
    x: float
    y: float
    positioning: int
    width: float | None = None
    height: float | None = None
    row2: int | None = None
    col2: int | None = None
    x2: float = 0
    y2: float = 0


class Drawn(NamedTuple):
    """A picture or chart, in the template or in the output: its part as it stands in the package, and its anchor."""

    anchor: Anchor
    data: bytes
    name: str
    description: str
    decorative: bool = False


class TemplateChart(Struct):
    """A chart of the template; `references` and `texts` are those of `xml`, in the order of its elements.
    `title` is what people know it by: its title where that is typed into it, else the drawing's name."""

    part: Drawn
    title: str
    description: Text | str
    xml: Element
    references: list[list[Ref]] = field(default_factory=list)
    texts: list[Text | None] = field(default_factory=list)


class TemplateRule(Struct):
    """A conditional format or validation on template areas. `varying` is what differs from instance to instance: the
    number of an element of `xml`, its attribute ("": its text), as typed, and what that means."""

    areas: list[Area]
    xml: Element
    style: int | None = None
    varying: list[tuple[int, str, str, Parsed | Text]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return a1(*self.areas[0][:2])


class LaidCell(Struct, gc=False):
    """One cell of the output; `origin` is its template cell ("Sheet!A1")."""

    value: object
    formula: str | None
    style: int
    origin: str
    link: tuple[str, str] | None = None  # where it leads, and what is said of it
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


class LaidChart(NamedTuple):
    """A chart in output rows; `cells` are the (sheet, area) that each reference element of `xml` names."""

    part: Drawn
    xml: Element
    cells: Mapping[Element, tuple[tuple[str, Area], ...]]


class LaidRule(NamedTuple):
    """A conditional format or validation on its areas."""

    areas: tuple[Area, ...]
    xml: Element
    style: int | None = None  # index into Layout.styles of the differential format


class LaidSheet(Struct):
    """One sheet of the output."""

    name: str
    template: str
    page: PageSetup
    cells: dict[tuple[int, int], LaidCell] = field(default_factory=dict)
    rows: dict[int, LaidRow] = field(default_factory=dict)
    row_heights: dict[int, float] = field(default_factory=dict)
    columns: list[LaidColumn] = field(default_factory=list)
    merges: list[Area] = field(default_factory=list)
    bands: dict[str, str] = field(default_factory=dict)  # oddHeader …: headers and footers
    conditional_formats: list[LaidRule] = field(default_factory=list)
    validations: list[LaidRule] = field(default_factory=list)
    comments: list[tuple[int, int, str, dict[str, Any]]] = field(default_factory=list)  # row, column, text, options
    images: list[Drawn] = field(default_factory=list)
    charts: list[LaidChart] = field(default_factory=list)
    # Sheets (None: this one) with the columns that its formulas refer to (None: all).
    looked_at: set[tuple[str | None, int | None, int | None]] = field(default_factory=set)


class Layout(Struct):
    """The whole output; `styles` are XlsxWriter format properties, indexed by `LaidCell.style`."""

    sheets: list[LaidSheet]
    styles: list[dict[str, Any]]
    names: list[tuple[str, str]]  # as XlsxWriter's define_name takes them
    properties: dict[str, str]
    default_font: dict[str, Any]
    active: int = 0
    lost: list[Problem] = field(default_factory=list)  # what of the template stays behind (KX005)

    def sheet(self, name: str) -> LaidSheet:
        """The output sheet of that name; KeyError if there is none."""
        return {sheet.name: sheet for sheet in self.sheets}[name]


class Link(NamedTuple):
    """A hyperlink: an address outside (`target`), or a place inside (`location`)."""

    target: Text | str
    tip: Text | str
    location: str


class TemplateCell(Struct):
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
    comment: tuple[Text | str, dict[str, Any]] | None = None  # with XlsxWriter's options
    runs: list[tuple[int | None, Text | str]] | None = None
    laid: LaidCell | None = None  # of a constant, once laid: the same in all its copies

    @property
    def address(self) -> str:
        return a1(self.row, self.col)


class Loop(NamedTuple):
    """A `her_` name: the kind, and the template rows that it repeats."""

    name: str
    kind: str
    first: int
    last: int


class TemplateSheet(Struct):
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
    merges: list[Area] = field(default_factory=list)
    pictures: list[Drawn] = field(default_factory=list)
    charts: list[TemplateChart] = field(default_factory=list)
    lost: list[tuple[str, str]] = field(default_factory=list)  # objects that stay behind: cell ("" none), what it is
    bands: dict[str, Text | str] = field(default_factory=dict)  # oddHeader …: headers and footers
    conditional_formats: list[TemplateRule] = field(default_factory=list)
    validations: list[TemplateRule] = field(default_factory=list)


class TemplateName(NamedTuple):
    """A defined name that is no loop, and the template sheet that it belongs to (None: the workbook)."""

    name: str
    meaning: Parsed
    owner: str | None


class Template(Struct):
    """A template workbook as read.
    `problems` is what lint found, raised together with the rest by `expand`; `lost` is what stays behind (KX005)."""

    sheets: list[TemplateSheet]
    styles: StyleTable
    names: list[TemplateName]
    properties: dict[str, Text | str]
    active: int
    problems: Problems
    lost: list[Problem]
