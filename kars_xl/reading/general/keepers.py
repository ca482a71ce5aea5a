"""The kinds of general tables that a programme carries, in their order, and which units usually keep them."""

from __future__ import annotations

from collections.abc import Sequence

from kars_xl.base.text import code_key, fold, sort_key
from kars_xl.model.general_tables import ProgrammeTable
from kars_xl.model.units import NO_UNIT, Unit
from kars_xl.reading.general.kinds import KINDS

ORDER = tuple(KINDS)
# A form and the workbook have room for so many columns of figures.
MOST_COLUMNS = 6
# Tables whose columns are parts of a whole, so that each row has a total of its own.
CROSS = ("vehicles", "staff_by_unit", "occupancy", "gender", "education", "age", "service")
# Of these the rows are what is counted (levels, ages …) and the columns the classes of staff.
CLASSES_IN_COLUMNS = ("occupancy", "gender", "education", "age", "service")
_PHYSICAL = ("buildings", "vehicles")
_COMPUTING = ("hardware", "software", "systems")
# Words of the names of units that keep such tables, the surest first.
_KEEPERS = {
    **dict.fromkeys(_PHYSICAL, ("destek hizmet", "idari ve mali", "idari isler", "makine ikmal", "emlak", "isletme")),
    **dict.fromkeys(_COMPUTING, ("bilgi islem", "bilgi teknoloji", "bilisim", "destek hizmet")),
}
_STAFF_KEEPERS = ("insan kaynak", "personel", "ozluk", "yazi isleri")


def in_order(tables: Sequence[ProgrammeTable]) -> tuple[ProgrammeTable, ...]:
    """By kind as the official programme has them, then by number and caption."""
    return tuple(
        sorted(tables, key=lambda table: (ORDER.index(table.kind), code_key(table.number), sort_key(table.caption)))
    )


def keeper(kind: str, units: Sequence[Unit]) -> Unit:
    """The unit that by its name keeps such tables; nobody where none or more than one does."""
    for words in _KEEPERS.get(kind, _STAFF_KEEPERS):
        fitting = [unit for unit in units if words in fold(unit.name)]
        if fitting:
            return fitting[0] if len(fitting) == 1 else NO_UNIT
    return NO_UNIT
