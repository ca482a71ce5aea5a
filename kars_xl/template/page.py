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
