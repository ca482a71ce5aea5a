"""What a command answers, as a value: a report of blocks. `as_text`, `as_json` and `as_page` show it, each its own way.
What is to be said stands here once: a column that a table gets is in the text, in the JSON and on the page. Amounts are
kuruş. Only `Data` is in the JSON; `on` says which of those that people read shows it."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Any

from msgspec import Struct, field

from kars_xl import __version__
from kars_xl.base.money import to_tl
from kars_xl.base.place import Place
from kars_xl.findings.finding import COUNTED, HEADINGS, SEVERITIES, Finding, any_error
from kars_xl.model.cost_rows import CostRow
from kars_xl.model.programme import Costs, IndicatorValue
from kars_xl.model.units import Unit

TEXT, PAGE, ALL = "text", "page", "all"
IN_TEXT, ON_PAGE, BOTH = frozenset({TEXT}), frozenset({PAGE}), frozenset({TEXT, PAGE})
WITH_ALL = frozenset({ALL})  # in a text where all is asked for
# How something looks beside what else there is: as a severity does, right, wrong, or as nothing.
GOOD, BAD, ABSENT, NONE, PLAIN = "same", "differs", "missing", "zero", ""


class Tl(Struct, frozen=True):
    """An amount in kuruş; None is a dash. `signed` for differences."""

    kurus: int | None
    signed: bool = False


class Filled(Struct, frozen=True):
    """How much of something is done; what is `wrong` is not done, however much of it is there."""

    done: int
    of: int
    wrong: bool = False


class Note(Struct, frozen=True):
    """What stands below a figure or a row, on a line of its own; `links` are words and the ids that they lead to."""

    text: str
    look: str = PLAIN
    on: frozenset[str] = BOTH
    links: tuple[tuple[str, str], ...] = ()


class Cell(Struct, frozen=True):
    """A value with a look; `link` is the id of what it leads to on a page, or the address of another page."""

    value: object
    look: str = PLAIN
    notes: tuple[Note, ...] = ()
    link: str = ""


def counted(number: int, look: str) -> Cell:
    """A number of something that has a look, unless it is none."""
    return Cell(number, look if number else NONE)


class Column(Struct, frozen=True):
    """A fact of a table's rows: `name` in the JSON, `title` for people, either "" where it is not shown there. `of`
    takes it from a row. The first column names the row, the others are figures unless they are `words`."""

    of: Callable[[Any], object]
    title: str = ""
    name: str = ""
    words: bool = False


def record(columns: Iterable[Column], row: object) -> dict[str, object]:
    """A row by its columns' names."""
    return {column.name: column.of(row) for column in columns if column.name}


def attributes(*paths: str) -> list[Column]:
    """Columns of the JSON alone: what a row has at each path, by the path's last name."""
    return [Column(attrgetter(path), name=path.rpartition(".")[2]) for path in paths]


def severity_columns(told: Callable[[Any], Iterable[Finding]]) -> list[Column]:
    """How many findings of each severity are `told` of a row."""

    def of(severity: str) -> Callable[[object], Cell]:
        return lambda row: counted(sum(found.severity == severity for found in told(row)), severity)

    return [Column(of(it), COUNTED[it], it) for it in SEVERITIES]


class NextStep(str):
    """A sentence of a verdict that names the command that comes next; where buttons are, nobody needs it."""


class Block(Struct, frozen=True, kw_only=True):
    """`anchor` is its id on a page; `err`: it is a message and not the answer. A text that is longer than a screen
    leaves out what is a `detail`, of findings all but a line of each kind, unless all is asked for."""

    anchor: str = ""
    title: str = ""
    on: frozenset[str] = BOTH
    err: bool = False
    detail: bool = False


class Data(Block, frozen=True, kw_only=True):
    """For machines only: any value that `plain` takes, by its `key` in the JSON."""

    key: str
    value: object
    on: frozenset[str] = frozenset()


class Lines(Block, frozen=True, kw_only=True):
    """Sentences; `bullet` begins each, the text shows `most` of them. `look` is that of a verdict."""

    lines: Sequence[str | Cell]
    bullet: str = ""
    look: str = PLAIN
    most: int | None = None


class Verdict(Lines, frozen=True, kw_only=True):
    """Whether the job is done, and what comes next: the end of a text, the top of a page, "verdict" in the JSON."""

    lines: Sequence[str]


class Facts(Block, frozen=True, kw_only=True):
    """Names and what they are, the last ones of a row of values at the right; `boxes` are the head of a page."""

    rows: Sequence[Sequence[object]]
    boxes: bool = False


def head(first: tuple[str, object], counts: Mapping[str, int], last: tuple[str, object]) -> Facts:
    """The boxes at the head of a page: a name and its value, the number of each severity's findings, another name."""
    by_severity = [(HEADINGS[it], Cell(counts[it], it)) for it in SEVERITIES]
    return Facts(rows=[first, *by_severity, (last[0], Cell(last[1], "wide"))], boxes=True, on=ON_PAGE)


class Table(Block, frozen=True, kw_only=True):
    """Rows of anything; `notes` are lines below a row. Of many rows the text shows `most`, unless all is asked for."""

    columns: Sequence[Column]
    rows: Sequence[Any]
    notes: Callable[[Any], Iterable[Note]] = lambda _: ()
    foot: Sequence[Any] = ()
    look: str = "units"
    counted: bool = False
    most: int | None = None


class Group(Struct, frozen=True):
    """Findings under one heading of a page; `shown` are their numbers there, and what they can be chosen by."""

    id: str
    heading: str
    findings: Sequence[Finding]


class Listed(Block, frozen=True, kw_only=True):
    """Findings, worst first, those of one remedy together. `files` are all that there are, to name each clearly. With
    `advice` False the text only counts advice. A page has them in `groups`, chosen by `choice`: the label of the
    choice, what it goes by, and the names of its options."""

    findings: Sequence[Finding]
    files: Sequence[str] = ()
    advice: bool = True
    numbered: bool = False
    groups: Sequence[Group] = ()
    choice: tuple[str, str, Sequence[tuple[str, str]]] = ("", "", ())


class Branch(Struct, frozen=True):
    """A node of a tree: what it is, lines below that, and its children, each with its part in it."""

    text: str
    lines: Sequence[str] = ()
    children: Sequence["Branch"] = ()


class Tree(Block, frozen=True, kw_only=True):
    root: Branch


class Report(Struct, frozen=True, kw_only=True):
    """The answer of `command`; `kind` says what a page reports ("Form durumu"), `heading` about what."""

    command: str
    blocks: Sequence[Block]
    findings: Sequence[Finding] = field(default=())
    kind: str = ""
    heading: str = ""
    failed: bool | None = None

    @property
    def has_failed(self) -> bool:
        return any_error(self.findings) if self.failed is None else self.failed


def as_json(report: Report) -> dict[str, object]:
    """The whole answer for machines: version, command, counts, findings, and every `Data` by its key.
    Amounts are decimal strings in TL, times ISO 8601, places file, sheet and cell."""
    counts = Counter(found.severity for found in report.findings)
    answer: dict[str, object] = {
        "version": __version__,
        "command": report.command,
        "summary": {severity: counts[severity] for severity in SEVERITIES},
        "findings": [_finding(found) for found in report.findings],
    }
    for block in report.blocks:
        if isinstance(block, Verdict):
            answer["verdict"] = " ".join(block.lines)
    return answer | {block.key: plain(block.value) for block in report.blocks if isinstance(block, Data)}


def plain(value: Any) -> Any:
    """Any value of a report as JSON has it; what is no value of its own is told by its fields."""
    match value:
        case None | bool() | int() | str():
            return value
        case CostRow():
            return value.value
        case Tl():
            return None if value.kurus is None else str(to_tl(value.kurus))
        case Costs():
            return str(to_tl(value.total))
        case Cell():
            return plain(value.value)
        case Decimal():
            return f"{value:f}"
        case IndicatorValue():
            # "-" for the dash of "no value".
            return "-" if value.amount is None else f"{value.amount:f}" + ("%" if value.percent else "")
        case date():
            return value.isoformat()
        case Place():
            return {"file": value.file, "sheet": value.sheet, "cell": value.cell}
        case Unit():
            return value.name
        case Mapping():
            return {key: plain(item) for key, item in value.items()}
    return _fields(value) if isinstance(value, Struct) else [plain(item) for item in value]


def _fields(value: Struct) -> dict[str, Any]:
    return {name: plain(getattr(value, name)) for name in value.__struct_fields__}


def _finding(found: Finding) -> dict[str, Any]:
    """Its own place stands among the fields."""
    facts = _fields(found)
    place: dict[str, Any] = facts.pop("place")
    del facts["clerk"]  # said in letters and marked copies alone
    return facts | place | {"values": dict(found.values)}
