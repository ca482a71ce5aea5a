"""General tables of the output against the programme: every label, heading, figure and sum."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kars_xl.base.money import format_decimal
from kars_xl.merging.general_tables import GivenTable, given_tables
from kars_xl.model.general_tables import ProgrammeTable
from kars_xl.model.programme import Programme
from kars_xl.reading.general.kinds import KINDS, LISTS
from kars_xl.reading.tables import Document
from kars_xl.workbook.verify.figures import Difference

_PARTS = (("Fiziksel Kaynaklar", LISTS), ("İnsan Kaynakları", tuple(kind for kind in KINDS if kind not in LISTS)))


def general_table_differences(document: Document, programme: Programme) -> Iterator[Difference]:
    """What differs; a kind of which the template has no table is no difference."""
    given = given_tables(document, programme.general_tables)
    shown = {id(item.planned): item for item in given}
    for table in programme.general_tables:
        of_kind = [item for item in given if item.read.table is not None and item.read.table.kind == table.kind]
        item = shown.get(id(table))
        if item is not None:
            yield from _table(item, table)
        elif of_kind:
            yield Difference(of_kind[0].source.place, table.title, "yok", "tablo")


def _table(item: GivenTable, table: ProgrammeTable) -> Iterator[Difference]:
    place, found = item.source.place, item.read.table
    if found is None:
        yield Difference(place, table.title, "boş", f"{len(table.rows)} satır")
        return
    for fault in item.read.findings:
        values = dict(fault.values)
        yield Difference(fault.place, f"{table.title} {fault.key}", values.get("found", ""), values.get("expected", ""))
    if (found.heading, found.columns) != (table.heading, table.columns):
        shown, expected = (", ".join((one.heading, *one.columns)) for one in (found, table))
        yield Difference(place, f"{table.title} başlıkları", shown, expected)
        return
    if len(found.rows) != len(table.rows):
        yield Difference(place, table.title, f"{len(found.rows)} satır", str(len(table.rows)))
        return
    for row, expected_row, places in zip(found.rows, table.rows, item.read.places, strict=True):
        if row._replace(values=expected_row.values) != expected_row:
            shown, expected = (" ".join(filter(None, (one.label, one.note))) for one in (row, expected_row))
            yield Difference(places[0], table.title, f"“{shown}”", f"“{expected}”")
        for at, (one, other) in enumerate(zip(row.values, expected_row.values, strict=True)):
            if one != other:
                yield Difference(places[at], f"{table.title} {expected_row.label}", _shown(one), _shown(other))


def _shown(value: object) -> str:
    return "boş" if value is None else format_decimal(value)  # type: ignore[arg-type]


def missing_tables(document: Document, kinds: Iterable[str]) -> list[str]:
    """What the template has no table of, of the kinds that the programme has; all of a part under its name."""
    have = {item.source.kind for item in given_tables(document, ())}
    wanted = set(kinds)
    missing = []
    for name, part in _PARTS:
        lost = [kind for kind in part if kind in wanted and kind not in have]
        whole = lost and not have & set(part)
        missing += [f"{name} tabloları"] if whole else [KINDS[kind] for kind in lost]
    return missing
