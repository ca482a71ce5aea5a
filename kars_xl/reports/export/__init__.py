"""The programme in other forms: the booklet as PDF, tidy tables as pandas frames and as files."""

from kars_xl.findings.finding import Result


class Export(Result, frozen=True):
    """What was written, None where something kept it from being written; `rows` is each file of data with its count."""

    written: str | None = None
    rows: tuple[tuple[str, int], ...] = ()
