"""The programme in other forms: the booklet as PDF, tidy tables as pandas frames and as files."""

from kars_xl.findings.finding import Result


class Export(Result, frozen=True):
    """What was written, None where something kept it from being written; `rows` is each file of data with its count.
    Of a book `empty` are the headings of sections that nobody has written, `left_out` the sheets that are not in it."""

    written: str | None = None
    rows: tuple[tuple[str, int], ...] = ()
    empty: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
