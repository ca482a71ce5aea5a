"""The five official tables as read from a file: typed rows, every value with its place, nothing judged yet."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Generic, NamedTuple, TypeVar

from msgspec import Struct, field

from kars_xl.base.place import Place
from kars_xl.base.text import read_revision
from kars_xl.findings.finding import Finding
from kars_xl.model.cost_rows import CostKey, CostRow, CostTotal
from kars_xl.model.programme import Costs, IndicatorValue, PolicyTask, Purpose
from kars_xl.model.sources import Sender
from kars_xl.model.units import Unit
from kars_xl.reading.kaynak_sheet import SourceRow

# The parts of an AmountRow, in the order of their columns.
AMOUNTS = ("budget", "extra", "total")


class Text(NamedTuple):
    """A text and where it stands; "" with the place where it was expected."""

    value: str
    place: Place


class Amount(NamedTuple):
    """An amount in kuruş. `given` is False for a blank cell (zero); `kurus` None where the cell could not be read."""

    kurus: int | None
    place: Place
    given: bool = True
    formula: bool = False


class AmountRow(NamedTuple):
    """Budget, extra-budget and total of one row; None where the table lacks the column."""

    place: Place
    budget: Amount | None
    extra: Amount | None
    total: Amount | None


class IndicatorRow(NamedTuple):
    """`written` are the three values as text, "" where the cell holds a number."""

    code: str
    name: Text
    values: tuple[IndicatorValue | None, IndicatorValue | None, IndicatorValue | None]
    places: tuple[Place, Place, Place]
    written: tuple[str, ...] = ("", "", "")


class ActivityRow(NamedTuple):
    code: str
    name: Text
    amounts: AmountRow


class Heading(Struct):
    """The label rows above a target or cost table; a missing one is None. `codes` are those beside the labels."""

    texts: dict[str, Text] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    place: Place | None = None

    def text(self, label: str) -> str:
        return self.texts[label].value if label in self.texts else ""


class _Official(Struct):
    heading: Heading
    place: Place

    def text(self, label: str) -> Text:
        """What stands beside a label of its heading, else "" at the table."""
        return self.heading.texts.get(label) or Text("", self.place)

    @property
    def texts(self) -> list[Text]:
        """How it and its rows are called, and what is said above it."""
        lists = (getattr(self, name) for name in self.__struct_fields__)
        rows = [row for found in lists if isinstance(found, list) for row in found]
        return [*self.heading.texts.values(), *(text for row in rows for text in row if isinstance(text, Text))]


class TargetTable(_Official):
    """PHT. `years` are those in the indicators' heading, None where unreadable; `year_place` is the last one's."""

    years: tuple[int | None, ...] = ()
    year_place: Place | None = None
    indicators: list[IndicatorRow] = field(default_factory=list)
    activities: list[ActivityRow] = field(default_factory=list)
    totals: dict[str, AmountRow] = field(default_factory=dict)

    @property
    def codes(self) -> list[str]:
        """The codes of its indicators and activities."""
        return [row.code for row in self.indicators] + [row.code for row in self.activities]


class CostTable(_Official):
    """FMT: the amounts of its rows and its three totals; `other_years` are those in columns of other years."""

    year: int | None = None
    year_place: Place | None = None
    amounts: dict[CostRow, Amount] = field(default_factory=dict)
    totals: dict[CostTotal, Amount] = field(default_factory=dict)
    other_years: dict[tuple[int, CostRow], Amount] = field(default_factory=dict)


def costs_of(amounts: Mapping[CostKey, Amount] | Mapping[CostRow, Amount]) -> Costs:
    """The costs that the rows of a table give; what is missing or could not be read is zero."""
    return Costs.of({row: amount.kurus for row, amount in amounts.items() if isinstance(row, CostRow)})


class ShareCell(NamedTuple):
    """PAY (%): the share as displayed, in percent text exactly as read; None where blank."""

    value: IndicatorValue | None
    place: Place


class SummaryRow(NamedTuple):
    """A row of İPT: an activity's (code), or one of the four totals' (label)."""

    code: str
    label: str
    target: Text
    name: Text
    amounts: AmountRow
    shares: tuple[ShareCell | None, ...]


class SummaryTable(_Official):
    """İPT."""

    rows: list[SummaryRow] = field(default_factory=list)
    totals: dict[str, SummaryRow] = field(default_factory=dict)


class ResourceMatrix(_Official):
    """TKT (Tablo 11): columns by label (activity_column, general, transfers, grand_total), then by row."""

    columns: dict[str, dict[CostKey, Amount]] = field(default_factory=dict)


class ResponsibilityRow(NamedTuple):
    target: Text
    code: str
    activity: Text
    unit: Text


class ResponsibilityTable(_Official):
    """SHB."""

    rows: list[ResponsibilityRow] = field(default_factory=list)


class GeneralCell(NamedTuple):
    """A cell of a general table: a count, an area or words. `readings` are all figures that it can mean, as written
    first; () for a blank and for what is no figure. `parts` are those in brackets behind the figure:
    5200(200m2Kapalı+5000m2Açık)m2. `blank` is true for dashes too."""

    text: str
    place: Place
    readings: tuple[Decimal, ...] = ()
    parts: tuple[Decimal, ...] = ()
    percent: bool = False
    blank: bool = False

    @property
    def value(self) -> Decimal | None:
        """The figure as written."""
        return self.readings[0] if self.readings else None


class GeneralColumn(NamedTuple):
    """A column of a general table; `role` is "number" (Sıra No), "label", "figure", "percent" or "text"."""

    heading: Text
    role: str
    total: bool = False

    @property
    def number(self) -> int:
        """Which column of the sheet it is."""
        return self.heading.place.column

    @property
    def counts(self) -> bool:
        return self.role == "figure"


class GeneralRow(NamedTuple):
    """A row with a cell for each column; `total` where it is named as a total or subtotal."""

    label: Text
    number: str
    cells: tuple[GeneralCell, ...]
    total: bool = False


class GeneralTable(Struct):
    """One of Tablo 1–10, or a table like them. `kind` is a key of kars_xl.reading.general.kinds.KINDS, told by wording
    and never by number; "" for any other table. `number` is the printed one, "" where there is none."""

    kind: str
    caption: Text
    number: str
    place: Place
    columns: tuple[GeneralColumn, ...]
    rows: list[GeneralRow] = field(default_factory=list)


class GoalLine(NamedTuple):
    """A line of the list of goals and objectives: "Amaç 1 : …" or "Hedef 1.1 : …"."""

    kind: str
    code: str
    text: Text


Table = TargetTable | CostTable | SummaryTable | ResourceMatrix | ResponsibilityTable
_T = TypeVar("_T", bound=_Official)


class _TablesOf(Generic[_T]):
    """The tables of one kind of what has `tables`."""

    def __init__(self, kind: type[_T]) -> None:
        self.kind = kind

    def __get__(self, holder: Any, _: object = None) -> list[_T]:
        return [table for table in holder.tables if isinstance(table, self.kind)]


class Tables(Struct):
    """What has `tables`, by their kinds."""

    targets = _TablesOf(TargetTable)
    costs = _TablesOf(CostTable)
    summaries = _TablesOf(SummaryTable)
    matrices = _TablesOf(ResourceMatrix)
    responsibilities = _TablesOf(ResponsibilityTable)


class Document(Tables):
    """All that was recognised in one file. `identity` holds the Kimlik sheet's lines by label, `contact` what the cover
    says of the institution by field, `kaynak` the rows of a merged workbook's list of sources, if it has one."""

    file: str
    digest: str
    tables: list[Table] = field(default_factory=list)
    general_tables: list[GeneralTable] = field(default_factory=list)
    goals: list[GoalLine] = field(default_factory=list)
    identity: dict[str, Text] = field(default_factory=dict)
    contact: dict[str, str] = field(default_factory=dict)
    purpose: Purpose = field(default_factory=Purpose)
    policies: tuple[PolicyTask, ...] = ()
    kaynak: tuple[SourceRow, ...] | None = None
    findings: list[Finding] = field(default_factory=list)

    @property
    def place(self) -> Place:
        """The file as a whole."""
        return Place(self.file)

    @property
    def unit(self) -> Unit:
        """The unit that the Kimlik sheet names, as it is spelt there; nobody where it names none."""
        return Unit(self._line("unit"))

    @property
    def sender(self) -> Sender:
        return Sender(unit=self.unit, revision=self.revision, filled_by=self._line("filled_by"), digest=self.digest)

    @property
    def revision(self) -> int:
        return read_revision(self._line("revision")) or 0

    def _line(self, label: str) -> str:
        return self.identity[label].value if label in self.identity else ""
