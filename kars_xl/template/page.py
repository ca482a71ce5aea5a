"""A sheet's settings: what of them is the same in each copy, and the ranges that move with its rows."""

from __future__ import annotations

from dataclasses import dataclass, field

Area = tuple[int, int, int, int]  # row1, col1, row2, col2


@dataclass(slots=True)
class PageSetup:
    """Settings of one template sheet; ranges and rows are the template's."""

    state: str = "visible"
    tab_colour: str | None = None
    zoom: int | None = None
    gridlines: bool = True
    row_column_headers: bool = True
    zeros: bool = True
    right_to_left: bool = False
    view: str = "normal"
    selection: str | None = None
    freeze: tuple[int, int] | None = None
    default_row_height: float | None = None
    default_column_width: float | None = None
    outline_below: bool = True
    outline_right: bool = True
    margins: dict[str, float] = field(default_factory=dict)  # inches
    paper: int | None = None
    landscape: bool = False
    scale: int | None = None
    fit: tuple[int, int] | None = None  # pages wide, pages tall (0: as many as it takes)
    centre_horizontally: bool = False
    centre_vertically: bool = False
    across: bool = False
    first_page: int | None = None
    black_and_white: bool = False
    print_gridlines: bool = False
    print_headers: bool = False
    header_options: dict[str, bool] = field(default_factory=dict)
    print_areas: list[Area] = field(default_factory=list)
    title_rows: tuple[int, int] | None = None
    title_columns: tuple[int, int] | None = None
    autofilter: Area | None = None
    row_breaks: list[int] = field(default_factory=list)
    column_breaks: list[int] = field(default_factory=list)
    protection: dict[str, bool] | None = None  # XlsxWriter's protect() options: what stays allowed
