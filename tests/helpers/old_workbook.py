"""Old workbooks (BIFF8) record by record, as Excel 97 to 2003 kept them."""

from __future__ import annotations

from collections.abc import Sequence
from struct import pack
from typing import NamedTuple

_GLOBALS, _SHEET = 5, 16
RED, BLACK, WHITE = 10, 8, 9  # of the default palette


class Font(NamedTuple):
    struck: bool = False
    colour: int = 0x7FFF  # automatic
    raised: int = 0

    def record(self) -> bytes:
        options = 8 * self.struck
        return _record(0x31, pack("<5HBBBB", 200, options, self.colour, 400, self.raised, 0, 0, 0, 0) + _text("A", "B"))


class Look(NamedTuple):
    """A cell's format: font by number, number format by key, fill pattern and its colour."""

    font: int = 0
    form: int = 0
    pattern: int = 0
    colour: int = 64

    def record(self, *, style: bool = False) -> bytes:
        kind = 0xFFF5 if style else 1
        return _record(
            0xE0,
            pack("<HHHBBBBIIH", self.font, self.form, kind, 0, 0, 0, 0, 0, self.pattern << 26, self.colour | 65 << 7),
        )


class Old(NamedTuple):
    """A cell: a number, a text (with runs of fonts, by where each begins), a truth or an error's code; its look."""

    value: float | str | bool | bytes | None
    look: int = 1
    runs: Sequence[tuple[int, int]] = ()

    def record(self, row: int, column: int) -> bytes:
        at = pack("<3H", row, column, self.look)
        if isinstance(self.value, bool):
            return _record(0x205, at + bytes([self.value, 0]))
        if isinstance(self.value, bytes):
            return _record(0x205, at + self.value + b"\1")
        if isinstance(self.value, str) and self.runs:
            runs = b"".join(pack("<HH", start, font) for start, font in self.runs)
            return _record(0xD6, at + _text(self.value, "H") + pack("<H", len(self.runs)) + runs)
        if isinstance(self.value, str):
            return _record(0x204, at + _text(self.value, "H"))
        return _record(0x201, at) if self.value is None else _record(0x203, at + pack("<d", self.value))


class OldSheet(NamedTuple):
    """Cells by row and column from 0 on; rows (height, whether hidden) and columns (width, hidden); merged ranges as
    first and last row, first and last column."""

    name: str
    cells: dict[tuple[int, int], Old]
    rows: dict[int, tuple[int, bool]] = {}  # noqa: RUF012
    columns: dict[int, tuple[int, bool]] = {}  # noqa: RUF012
    merged: Sequence[tuple[int, int, int, int]] = ()
    visibility: int = 0

    def records(self) -> bytes:
        parts = [_begin(_SHEET)]
        parts += [_record(0x7D, pack("<6H", at, at, wide, 0, gone, 0)) for at, (wide, gone) in self.columns.items()]
        parts += [
            _record(0x208, pack("<6HI", at, 0, 9, high, 0, 0, 0x20 * gone)) for at, (high, gone) in self.rows.items()
        ]
        parts += [cell.record(*at) for at, cell in sorted(self.cells.items())]
        if self.merged:
            parts.append(_record(0xE5, pack("<H", len(self.merged)) + b"".join(pack("<4H", *it) for it in self.merged)))
        return b"".join(parts) + _record(0x0A)


def old_workbook(
    *sheets: OldSheet,
    looks: Sequence[Look] = (Look(),),
    fonts: Sequence[Font] = (),
    forms: dict[int, str] | None = None,
    since_1904: bool = False,
) -> bytes:
    """The workbook; looks count from 1, fonts from 1 (there is no fourth), 0 is the usual of each."""
    made = [_begin(_GLOBALS), _record(0x42, pack("<H", 1200)), _record(0x22, pack("<H", since_1904))]
    made += [font.record() for font in (Font(), *fonts)]
    made += [_record(0x41E, pack("<H", key) + _text(form, "H")) for key, form in (forms or {}).items()]
    made += [Look().record(style=True), *(look.record() for look in looks)]
    bodies = [sheet.records() for sheet in sheets]
    names = [_text(sheet.name, "B") for sheet in sheets]
    start = sum(map(len, made)) + sum(4 + 6 + len(name) for name in names) + 4
    for sheet, name, body in zip(sheets, names, bodies, strict=True):
        made.append(_record(0x85, pack("<IBB", start, sheet.visibility, 0) + name))
        start += len(body)
    return b"".join([*made, _record(0x0A), *bodies])


def _record(kind: int, data: bytes = b"") -> bytes:
    return pack("<HH", kind, len(data)) + data


def _begin(kind: int) -> bytes:
    return _record(0x809, pack("<4HII", 0x600, kind, 0x0DBB, 0x07CC, 0, 6))


def _text(text: str, length: str) -> bytes:
    return pack(f"<{length}B", len(text), 1) + text.encode("utf-16-le")
