"""What a command answers, as a value: a report of blocks. `as_text`, `as_json` and `as_page` show it, each its own way.

What is to be said stands here once: a column that a table gets is in the text, in the JSON and on the page. Amounts
are kuruş. A block without a key is not in the JSON; `on` says which of the two that people read shows it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from kars_xl.findings.finding import Finding, any_error

TEXT, PAGE = "text", "page"
BOTH = frozenset({TEXT, PAGE})
# How something looks beside what else there is: as a severity does, right, wrong, or as nothing.
GOOD, BAD, ABSENT, NONE, PLAIN = "same", "differs", "missing", "zero", ""


@dataclass(frozen=True, slots=True)
class Tl:
    """An amount in kuruş; None is a dash. `signed` for differences."""

    kurus: int | None
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Filled:
    """How much of something is done."""

    done: int
    of: int


@dataclass(frozen=True, slots=True)
class Note:
    """What stands below a figure or a row, on a line of its own; `links` are words and the ids that they lead to."""

    text: str
    look: str = PLAIN
    on: frozenset[str] = BOTH
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """A value with a look; `link` is the id of what it leads to on a page."""

    value: object
    look: str = PLAIN
    notes: tuple[Note, ...] = ()
    link: str = ""


def counted(number: int, look: str) -> Cell:
    """A number of something that has a look, unless it is none."""
    return Cell(number, look if number else NONE)


@dataclass(frozen=True, slots=True)
class Column:
    """A fact of a table's rows: `name` in the JSON, `title` for people, either "" where it is not shown there.

    `of` takes it from a row. The first column names the row, the others are figures unless they are `words`.
    """

    of: Callable[[Any], object]
    title: str = ""
    name: str = ""
    words: bool = False


def record(columns: Iterable[Column], row: object) -> dict[str, object]:
    """A row by its columns' names."""
    return {column.name: column.of(row) for column in columns if column.name}


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """`key` is its name in the JSON, `anchor` its id on a page; `err`: it is a message and not the answer."""

    key: str = ""
    anchor: str = ""
    title: str = ""
    on: frozenset[str] = BOTH
    err: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Data(Block):
    """For machines only: any value that `as_json.plain` takes."""

    value: object
    on: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines(Block):
    """Sentences; `bullet` begins each, the text shows `most` of them. `look` is that of a verdict."""

    lines: Sequence[str | Cell]
    bullet: str = ""
    look: str = PLAIN
    most: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts(Block):
    """Names and what they are, the last ones of a row of values at the right; `boxes` are the head of a page."""

    rows: Sequence[Sequence[object]]
    boxes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Block):
    """Rows of anything; `notes` are lines below a row. Of many rows the text shows `most`, unless all is asked for."""

    columns: Sequence[Column]
    rows: Sequence[Any]
    notes: Callable[[Any], Iterable[Note]] = lambda _: ()
    foot: Sequence[Any] = ()
    look: str = "units"
    counted: bool = False
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Findings under one heading of a page; `shown` are their numbers there, and what they can be chosen by."""

    id: str
    heading: str
    findings: Sequence[Finding]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed(Block):
    """Findings, worst first, those of one remedy together. `files` are all that there are, to name each clearly.

    With `advice` False the text only counts advice. A page has them in `groups`, chosen by `choice`: the label of
    the choice, what it goes by, and the names of its options.
    """

    findings: Sequence[Finding]
    files: Sequence[str] = ()
    advice: bool = True
    numbered: bool = False
    groups: Sequence[Group] = ()
    choice: tuple[str, str, Sequence[tuple[str, str]]] = ("", "", ())


@dataclass(frozen=True, slots=True)
class Branch:
    """A node of a tree: what it is, lines below that, and its children, each with its part in it."""

    text: str
    lines: Sequence[str] = ()
    children: Sequence["Branch"] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree(Block):
    root: Branch


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
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
