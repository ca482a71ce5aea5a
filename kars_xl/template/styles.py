"""The distinct styles of a template, as XlsxWriter takes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

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
