"""The data tree that fills a template, its texts with placeholders, and the problems that filling them can meet."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from msgspec import Struct, field

from kars_xl.base.text import writable

_PLACEHOLDER = re.compile(r"(\{\{.*?\}\})", re.DOTALL)
_PATH = re.compile(r"[^\W\d]\w*(\.\w+)*\Z")


class Styled(NamedTuple):
    """A value that brings its own number format, e.g. a percentage in a column of counts."""

    value: object
    number_format: str


class Node(Struct, eq=False):
    """One thing of the data tree; `kind` is its Turkish name ("" for the root), `up` its owner in the plan."""

    kind: str
    key: str
    fields: Mapping[str, object]
    up: "Node | None" = None
    lists: dict[str, "list[Node]"] = field(default_factory=dict)

    def chain(self) -> "Iterator[Node]":
        """This node and its owners, nearest first, without the root."""
        node: Node | None = self
        while node is not None and node.kind:
            yield node
            node = node.up


# What `Problem.values` holds, by code; workbook/render.py has each `reason` in words:
#   KX005 what: an object of the template that stays behind, in words
#   KX501 path: the placeholder as typed; reason
#   KX502 formula: the template's (or the name's, the rule's); where: "cell" | "name" | "conditional_format" |
#         "validation" | "chart"; reason, and with it function, english, sheet, name or reference
#   KX503 name: the defined name or the sheet's name; reason, and with it kind or other
#   KX505 formula: the template's; reference: the reference in it ("" where none); count: how many cells or ranges (or
#         characters) were found; target: the sheet and cell of the output that needs it; reason
#   KX506 sheet, cell: the first cell of the output that fails; count: how many do, from this template cell;
#         formula: as written there; error: "#DIV/0!" …
class Problem(Struct, frozen=True):
    """A fault of the template: catalogue code, template sheet and cell (A1), and the facts of the message."""

    code: str
    sheet: str
    cell: str
    values: dict[str, str] = field(default_factory=dict)


class TemplateError(Exception):
    """All problems found in one pass; nothing was produced."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{p.code} {p.sheet}!{p.cell} {p.values}" for p in problems[:5]))


class RefusedError(ValueError):
    """XlsxWriter did not take something: args name the sheet, the place and the reason."""


class Problems(Struct):
    """Collects problems once each, in the order they are met."""

    found: dict[tuple[str, ...], Problem] = field(default_factory=dict)

    def add(self, code: str, sheet: str, cell: str, /, **values: str) -> None:
        # The output cell is left out of the key: the fault is the template's, and one line for it is enough.
        key = (code, sheet, cell, *(v for k, v in values.items() if k not in ("target", "count")))
        self.found.setdefault(key, Problem(code, sheet, cell, values))

    def unknown(self, error: Exception, sheet: str, cell: str) -> None:
        """A placeholder whose path leads nowhere, as `UnknownPathError` says."""
        self.add("KX501", sheet, cell, path=error.args[0], reason=error.args[1])

    def filled(self, text: "Text | str", scope: Mapping[str, Node], root: Node, sheet: str = "", cell: str = "") -> str:
        """The text filled; "" where a placeholder leads nowhere, which is a problem of that sheet and cell."""
        try:
            return filled(text, scope, root)
        except UnknownPathError as error:
            self.unknown(error, sheet, cell)
            return ""

    def list(self) -> list[Problem]:
        return list(self.found.values())


Path = tuple[str, ...]
Scope = Mapping[str, Node]


class UnknownPathError(Exception):
    """A placeholder's path leads nowhere; args: the path as typed, the reason of KX501."""


class Text(Struct, frozen=True):
    """A text split into literal parts (str) and paths (tuples)."""

    parts: tuple[str | Path, ...]

    @property
    def only_path(self) -> Path | None:
        """The path of a text that is exactly one placeholder."""
        return self.parts[0] if len(self.parts) == 1 and isinstance(self.parts[0], tuple) else None

    @property
    def paths(self) -> list[Path]:
        return [part for part in self.parts if isinstance(part, tuple)]

    def fill(self, scope: Scope, root: Node) -> str:
        """The text with each placeholder's value in words; raises UnknownPathError."""
        return "".join(p if isinstance(p, str) else spoken(look_up(p, scope, root)) for p in self.parts)


def compile_text(text: str, *, whole: bool = True) -> Text | None:
    """The compiled text, or None if it holds no placeholder; raises UnknownPathError where one can't be read.
    A part of a cell's text is not the `whole` of it."""
    if "{{" not in text:
        return None
    parts: list[str | Path] = []
    for piece in filter(None, _PLACEHOLDER.split(text)):
        path = piece[2:-2].strip() if piece.startswith("{{") else ""
        if "{{" in piece and not (piece.endswith("}}") and _PATH.match(path)):
            raise UnknownPathError(piece.strip(), "syntax")
        parts.append(tuple(path.split(".")) if path else piece)
    # Blanks around a lone placeholder are a slip of the hand, not text.
    paths = [part for part in parts if isinstance(part, tuple)]
    lone = whole and len(paths) == 1 and not "".join(part for part in parts if isinstance(part, str)).strip()
    return Text(tuple(paths if lone else parts))


def text_or_plain(text: str) -> Text | str:
    """The compiled text; as it is typed where it holds no placeholder, or one that can't be read."""
    try:
        return compile_text(text) or text
    except UnknownPathError:
        return text


def filled(text: Text | str, scope: Scope, root: Node) -> str:
    """A text that may hold placeholders, filled; raises UnknownPathError."""
    return text if isinstance(text, str) else text.fill(scope, root)


def look_up(path: Path, scope: Scope, root: Node) -> object:
    """The value at a path: a field of the node of that kind, else of the root; raises UnknownPathError."""
    node = scope.get(path[0]) if len(path) > 1 else None
    value: object = root.fields if node is None else node.fields
    for name in path if node is None else path[1:]:
        if not isinstance(value, dict) or name not in value:
            raise UnknownPathError(".".join(path), "unrepeated" if value is root.fields and path[1:] else "unknown")
        value = value[name]
    if isinstance(value, dict):
        raise UnknownPathError(".".join(path), "mapping")
    return writable(value) if isinstance(value, str) else value


def spoken(value: object) -> str:
    """A value inside a text, as Turkish writes it: 12,5 and %70 and 31.12.2024; None is nothing."""
    if value is None:
        return ""
    if isinstance(value, Styled):
        if "%" in value.number_format and isinstance(value.value, int | float | Decimal):
            return "%" + spoken(Decimal(str(value.value)) * 100)
        return spoken(value.value)
    if isinstance(value, bool):
        return "Evet" if value else "Hayır"
    if isinstance(value, (float, Decimal)):
        text = f"{Decimal(str(value)):f}"
        return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")
    if isinstance(value, date):
        return value.strftime("%d.%m.%Y")
    return str(value)
