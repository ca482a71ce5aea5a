"""Values as people read them: amounts "15.000.000,00", shares "42,06%", texts in quotes."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

from kars_xl.base.money import format_decimal, format_tl, to_kurus
from kars_xl.reading.grid.cells import Cell
from kars_xl.workbook.edits.record import MONEY, PERCENT, PLAIN, WrittenCell

_LONGEST = 300
_NOTHING = "boş"


def both(written: WrittenCell | None, current: Cell | None) -> tuple[str, str]:
    """(as written, as it is now); in full where rounding would make them look alike."""
    shown = written.shown if written is not None else PLAIN
    if current is not None and (written is None or not isinstance(written.value, Decimal)):
        shown = PERCENT if current.is_percent else PLAIN
    was, now = (_text(written.value if written else None, shown), current_text(current, shown))
    if was == now and written is not None and current is not None and written.value != current.value:
        return _text(written.value, shown, full=True), current_text(current, shown, full=True)
    return was, now


def current_text(cell: Cell | None, shown: str, *, full: bool = False) -> str:
    if cell is not None and cell.is_date and isinstance(cell.value, Decimal) and abs(cell.value) < 2_900_000:
        return (dt.date(1899, 12, 30) + dt.timedelta(days=int(cell.value))).strftime("%d.%m.%Y")
    return _text(cell.value if cell is not None else None, shown, full=full)


def _text(value: object, shown: str, *, full: bool = False) -> str:
    if value is None or value == "":
        return _NOTHING
    if isinstance(value, bool):
        return "DOĞRU" if value else "YANLIŞ"
    if isinstance(value, Decimal):
        return _number(value, shown, full)
    if isinstance(value, str):
        return f"“{shortened(value)}”"
    return str(getattr(value, "text", value))


def _number(value: Decimal, shown: str, full: bool) -> str:
    if shown == PERCENT:
        percent = value * 100
        rounded = percent if full else percent.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
        return (format_decimal(rounded) if full else f"{rounded:,f}".translate(_TURKISH)) + "%"
    if shown == MONEY and not full:
        return format_tl(to_kurus(value)[0])
    return format_decimal(value)


_TURKISH = str.maketrans(",.", ".,")


def formula_text(formula: str) -> str:
    return shortened("=" + formula.removeprefix("of:").removeprefix("="))


def shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
