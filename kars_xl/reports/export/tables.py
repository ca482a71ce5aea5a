"""The tidy tables of a programme: their names, columns and types. One fact a row; docs/api.md says what each means."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

# What a column holds. MONEY is exact TL with two decimals, NUMBER an exact figure of any kind; a blank is None.
TEXT, INTEGER, FLAG, MONEY, NUMBER = "text", "integer", "flag", "money", "number"

Value = object
Row = tuple[Value, ...]


def figure(value: Decimal | None) -> Decimal | None:
    """A figure without the zeros that say nothing: 20.0 and 20 are written alike, whatever the source had."""
    if value is None:
        return None
    short = value.normalize()
    return short.quantize(Decimal(1)) if int(short.as_tuple().exponent) > 0 else short


class Column(NamedTuple):
    name: str
    kind: str = TEXT


@dataclass(frozen=True, slots=True)
class Shape:
    """A table: `attribute` is its name in Python, `name` that of its file."""

    attribute: str
    name: str
    columns: tuple[Column, ...]


def _shape(attribute: str, name: str, columns: str) -> Shape:
    """The columns as text: their names, with what one holds behind a colon where that is no text."""
    parted = [column.partition(":") for column in f"program_yili:{INTEGER} {columns}".split()]
    return Shape(attribute, name, tuple(Column(name, kind or TEXT) for name, _, kind in parted))


_TARGET = "performans_hedefi_kodu performans_hedefi hedef_kodu hedef amac_kodu amac"
_ACTIVITY = "faaliyet_kodu faaliyet"
_ITEM = "kaynak_turu kalem_kodu:integer kalem tutar:money"

SHAPES = (
    _shape("programme", "program", "idare"),
    _shape("targets", "performans_hedefleri", f"{_TARGET} aciklama"),
    _shape("activities", "faaliyetler", f"{_ACTIVITY} {_TARGET}"),
    _shape("costs", "maliyetler", f"{_ACTIVITY} {_TARGET} birim {_ITEM}"),
    _shape("overheads", "genel_giderler", f"sutun {_ITEM}"),
    _shape("units", "birimler", f"birim {_ACTIVITY}"),
    _shape(
        "indicators",
        "gostergeler",
        f"gosterge_kodu gosterge olcu_birimi {_TARGET} yil:integer deger:number yuzde:flag durum",
    ),
    _shape(
        "general_tables",
        "genel_tablolar",
        "tablo tur satir_no:integer satir sutun deger:number ara_toplam:flag aciklama",
    ),
    _shape(
        "sources",
        "kaynaklar",
        "tur kod kalem yil:integer birim dosya sayfa hucre tutar:money deger:number revizyon:integer dolduran sha256",
    ),
)
