"""A sheet's settings: what of them is the same in each copy, and the ranges that move with its rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

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
