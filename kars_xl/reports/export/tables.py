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


_YEAR = Column("program_yili", INTEGER)
_TARGET = tuple(
    Column(name) for name in ("performans_hedefi_kodu", "performans_hedefi", "hedef_kodu", "hedef", "amac_kodu", "amac")
)
_ACTIVITY = (Column("faaliyet_kodu"), Column("faaliyet"))
_ITEM = (Column("kaynak_turu"), Column("kalem_kodu", INTEGER), Column("kalem"))
_AMOUNT = Column("tutar", MONEY)

SHAPES = (
    Shape("programme", "program", (_YEAR, Column("idare"))),
    Shape("targets", "performans_hedefleri", (_YEAR, *_TARGET, Column("aciklama"))),
    Shape("activities", "faaliyetler", (_YEAR, *_ACTIVITY, *_TARGET)),
    Shape("costs", "maliyetler", (_YEAR, *_ACTIVITY, *_TARGET, Column("birim"), *_ITEM, _AMOUNT)),
    Shape("overheads", "genel_giderler", (_YEAR, Column("sutun"), *_ITEM, _AMOUNT)),
    Shape("units", "birimler", (_YEAR, Column("birim"), *_ACTIVITY)),
    Shape(
        "indicators",
        "gostergeler",
        (
            _YEAR,
            Column("gosterge_kodu"),
            Column("gosterge"),
            Column("olcu_birimi"),
            *_TARGET,
            Column("yil", INTEGER),
            Column("deger", NUMBER),
            Column("yuzde", FLAG),
            Column("durum"),
        ),
    ),
    Shape(
        "general_tables",
        "genel_tablolar",
        (
            _YEAR,
            Column("tablo"),
            Column("tur"),
            Column("satir_no", INTEGER),
            Column("satir"),
            Column("sutun"),
            Column("deger", NUMBER),
            Column("ara_toplam", FLAG),
            Column("aciklama"),
        ),
    ),
    Shape(
        "sources",
        "kaynaklar",
        (
            _YEAR,
            Column("tur"),
            Column("kod"),
            Column("kalem"),
            Column("yil", INTEGER),
            Column("birim"),
            Column("dosya"),
            Column("sayfa"),
            Column("hucre"),
            _AMOUNT,
            Column("deger", NUMBER),
            Column("revizyon", INTEGER),
            Column("dolduran"),
            Column("sha256"),
        ),
    ),
)
