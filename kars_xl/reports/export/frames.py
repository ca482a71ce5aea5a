"""The tidy tables as pandas frames. This is the only module that imports pandas, and only when frames are made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kars_xl.checking.source import Source
from kars_xl.reports.export.rows import FLAG, INTEGER, TEXT, Column, Row, tables_of

if TYPE_CHECKING:
    import pandas as pd

# Money and figures stay Python's Decimal, exact in every sum.
_TYPES = {TEXT: "string", INTEGER: "Int64", FLAG: "boolean"}


@dataclass(frozen=True, slots=True)
class Frames:
    """The tidy tables of one programme, one fact a row; docs/api.md lists their columns.

    Amounts (`tutar`) are Decimal in TL with two places, figures (`deger`) Decimal; a blank is NA or None.
    """

    programme: pd.DataFrame
    targets: pd.DataFrame
    activities: pd.DataFrame
    costs: pd.DataFrame
    overheads: pd.DataFrame
    units: pd.DataFrame
    indicators: pd.DataFrame
    general_tables: pd.DataFrame
    sources: pd.DataFrame


def frames_of(source: Source) -> Frames:
    """The frames of a source that has no error."""
    return Frames(**{attribute: _frame(shape.columns, rows) for attribute, (shape, rows) in tables_of(source).items()})


def _frame(columns: tuple[Column, ...], rows: list[Row]) -> pd.DataFrame:
    import pandas as pd

    made = {
        column.name: pd.Series([row[at] for row in rows], dtype=_TYPES.get(column.kind, "object"))
        for at, column in enumerate(columns)
    }
    return pd.DataFrame(made)
