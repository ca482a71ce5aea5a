"""The rows of each official table: which column is which, and what a row is, as one small class a table."""

from kars_xl.reading.cell_values import TableRows, starts_with_code
from kars_xl.reading.rows.costs import CostRows, MatrixRows
from kars_xl.reading.rows.summaries import ResponsibilityRows, SummaryRows
from kars_xl.reading.rows.targets import TargetRows

__all__ = [
    "CostRows",
    "MatrixRows",
    "ResponsibilityRows",
    "SummaryRows",
    "TableRows",
    "TargetRows",
    "starts_with_code",
]
