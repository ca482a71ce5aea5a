"""`{{ faaliyet.kod }}`: texts with placeholders, compiled once and filled from the nodes around a cell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kars_xl.template.nodes import Node, Styled

_PLACEHOLDER = re.compile(r"\{\{\s*(.*?)\s*\}\}", re.DOTALL)
_PATH = re.compile(r"[^\W\d]\w*(\.\w+)*\Z")

Path = tuple[str, ...]
Scope = Mapping[str, Node]


class UnknownPathError(Exception):
    """A placeholder's path leads nowhere; args: the path as typed, the reason of KX501."""


@dataclass(frozen=True, slots=True)
class Text:
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


def compile_text(text: str) -> Text | None:
    """The compiled text, or None if it holds no placeholder; raises UnknownPathError where one can't be read."""
    if "{{" not in text:
        return None
    parts: list[str | Path] = []
    end = 0
    for match in _PLACEHOLDER.finditer(text):
        if match.start() > end:
            parts.append(text[end : match.start()])
        if not _PATH.match(match[1]):
            raise UnknownPathError(match[0], "syntax")
        parts.append(tuple(match[1].split(".")))
        end = match.end()
    if end < len(text):
        if "{{" in text[end:]:
            raise UnknownPathError(text[end:].strip(), "syntax")
        parts.append(text[end:])
    # Blanks around a lone placeholder are a slip of the hand, not text.
    spaces = [p for p in parts if isinstance(p, str)]
    if len(parts) - len(spaces) == 1 and not "".join(spaces).strip():
        parts = [p for p in parts if isinstance(p, tuple)]
    return Text(tuple(parts))


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
    node = scope.get(path[0])
    value: object
    if node is not None and len(path) > 1:
        value, rest = node.fields, path[1:]
    else:
        value, rest = root.fields, path
    for name in rest:
        if not isinstance(value, dict) or name not in value:
            raise UnknownPathError(".".join(path), "unknown")
        value = value[name]
    if isinstance(value, dict):
        raise UnknownPathError(".".join(path), "mapping")
    return value


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
    if isinstance(value, float | Decimal):
        text = f"{Decimal(str(value)):f}"
        if "." in text:
            text = text.rstrip("0").rstrip(".")
        return text.replace(".", ",")
    if isinstance(value, date):
        return value.strftime("%d.%m.%Y")
    return str(value)
