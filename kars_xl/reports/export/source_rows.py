"""Where the figures come from as rows: by the sheet Kaynak where a workbook has one, else by what was read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from kars_xl.base.money import to_tl
from kars_xl.base.place import Place
from kars_xl.base.short_names import short_names
from kars_xl.base.text import squeeze
from kars_xl.checking.source import Source
from kars_xl.findings.merged import Merged
from kars_xl.model.programme import Programme
from kars_xl.model.sources import ColumnSource, Contribution, Given, IndicatorSource
from kars_xl.reading.grid.cells import Cell
from kars_xl.reading.kaynak_sheet import SourceRow
from kars_xl.reports.export.tables import Row, figure
from kars_xl.workbook.nodes.sources import COLUMN_NAMES, WHOLE_TABLE, file_of

COST, COLUMN, INDICATOR, GENERAL = "Maliyet", "Tablo 11", "Gösterge", "Genel tablo"


def source_rows(source: Source) -> Iterator[Row]:
    """(kind, code, item, year, unit, file, sheet, cell, amount, figure, revision, filled by, digest) of each figure.

    Amounts that are zero have no row, but a table of nothing else has one, as in the sheet Kaynak.
    """
    assert source.merged is not None
    if source.kaynak is not None:
        titles = {squeeze(table.title): table.title for table in source.merged.programme.general_tables}
        for row in source.kaynak:
            yield from _listed(row, source.merged.programme, titles)
    else:
        yield from _read(source.merged)


def years_of(programme: Programme) -> Sequence[int | None]:
    """The years of an indicator's three values, None each where the programme's is not known."""
    return [programme.year - 2, programme.year - 1, programme.year] if programme.year else [None] * 3


def _read(merged: Merged) -> Iterator[Row]:
    names = short_names(map(file_of, merged.sources))
    for item in merged.sources:
        sender = item.sender
        for kind, code, label, year, place, amount, value in _facts(item, merged.programme):
            form = ("/".join(names[place.file]), place.sheet or None, place.cell or None)
            trail = (sender.revision, sender.filled_by or None, sender.digest or None)
            yield (kind, code, label, year, sender.unit.name or None, *form, amount, value, *trail)


_Fact = tuple[str, str | None, str | None, int | None, Place, Decimal | None, Decimal | None]


def _facts(item: Given, programme: Programme) -> Iterator[_Fact]:
    if isinstance(item, Contribution | ColumnSource):
        kind, code = (COST, item.activity) if isinstance(item, Contribution) else (COLUMN, COLUMN_NAMES[item.column])
        for row, kurus in item.costs:
            if kurus:
                yield kind, code, row.title, None, item.places.get(row, item.place), to_tl(kurus), None
        if isinstance(item, Contribution) and not any(item.costs.amounts):
            yield kind, code, WHOLE_TABLE, None, item.place, to_tl(0), None
    elif isinstance(item, IndicatorSource):
        for year, value, place in zip(years_of(programme), item.values, item.places, strict=True):
            yield INDICATOR, item.indicator, None, year, place, None, figure(value.amount if value else None)
    else:
        for place in item.places:
            yield GENERAL, item.table, item.row, None, place, None, None


def _listed(row: SourceRow, programme: Programme, titles: dict[str, str]) -> Iterator[Row]:
    """A row of Kaynak; an indicator's has its three years."""
    revision = int(row.revision) if row.revision.isdecimal() else None
    trail = (revision, row.filled_by or None, row.digest or None)
    form = (row.unit.name or None, row.file, row.sheet or None)
    if row.is_indicator:
        for year, (cell, shown) in zip(years_of(programme), row.years, strict=False):
            yield (INDICATOR, row.code, None, year, *form, cell, None, _shown(shown), *trail)
    elif row.code or row.column:
        kind, code = (COST, row.code) if row.code else (COLUMN, COLUMN_NAMES[row.column])
        yield (kind, code, row.item_text or None, None, *form, row.cell, to_tl(row.kurus), None, *trail)
    else:
        title = next((titles[name] for cell in row.cells if (name := squeeze(cell.text)) in titles), None)
        for cell in row.cell.split(","):
            yield (GENERAL, title, row.item_text or None, None, *form, cell.strip(), None, None, *trail)


def _shown(cell: Cell | None) -> Decimal | None:
    """The figure as displayed: a cell with 0,2 that shows 20% is 20."""
    if cell is None or not isinstance(cell.value, Decimal):
        return None
    return figure(cell.value.scaleb(2) if "%" in (cell.number_format or "") else cell.value)
