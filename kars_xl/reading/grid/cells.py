"""The grid: sheets of cells, sparse, each cell knowing its Place. Rows and columns count from 1."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from itertools import groupby, product
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import category

from msgspec import Struct, field

from kars_xl.base.number_format import is_percent_format, is_plain, section_for, shown_number, shown_text, taken_for
from kars_xl.base.place import Place
from kars_xl.base.text import fold, tidy

if TYPE_CHECKING:
    from kars_xl.reading.grid.formulas import Formulas

_MOST = 256  # rows of a merged range that are looked at for contents of their own
# [1]Sayfa!A1, 'C:\\x\\[kitap.xlsx]Sayfa'!A1, 'file:///x.ods'#$Sayfa.A1; Tablo1[2024] is a table of the same workbook.
_EXTERNAL = re.compile(r"(?<![\w\]])\[[^\]]+\][^!\[\]]*!|'[^']*\[[^\]]+\][^']*'!|'file:")


class ExcelError(Struct, frozen=True):
    """An error value such as #REF!; never a blank."""

    text: str


def leads_outside(formula: str) -> bool:
    """Whether a formula has a link to another workbook."""
    return _EXTERNAL.search(formula) is not None


class Unknown(Struct, frozen=True):
    """What a formula results in can't be known: for a `link` to another workbook, in a circle, or else."""

    link: str = ""
    circular: bool = False


CellValue = str | Decimal | bool | ExcelError | Unknown | None


class Unseen(StrEnum):
    """Why nobody sees what a cell holds, or not as it is stored."""

    HIDDEN = "gizli satır, sütun ya da sayfada"
    COVERED = "birleştirilmiş hücrenin altında"
    FORMAT = "hücre biçimi göstermiyor"
    SCALED = "hücre biçimi son haneleri göstermiyor"
    COLOUR = "yazı rengi zeminle aynı"
    STRUCK = "üstü çizili"
    MIXED = "bir bölümü çizili ya da üst simge"


class Cell(Struct):
    """One cell as stored. `value` None with a formula: the formula has no stored result. `unseen` is an Unseen, or ""
    where the cell is visible; `shown` what the file itself says that is seen; `rows` those with contents it covers."""

    file: str
    sheet: str
    row: int
    column: int
    value: CellValue
    formula: str | None = None
    number_format: str = "General"
    unseen: Unseen | str = ""
    shown: str = ""
    rows: int = 1
    since_1904: bool = False
    formulas: "Formulas | None" = None
    _number: str = ""

    @property
    def place(self) -> Place:
        return Place(self.file, self.sheet, self.row, self.column)

    @property
    def key(self) -> tuple[str, int, int]:
        """Where it stands in its workbook."""
        return self.sheet, self.row, self.column

    @property
    def text(self) -> str:
        """The value as label text; numbers without trailing zeros, errors as they show."""
        value = self.value
        if isinstance(value, str):
            return value
        if isinstance(value, Decimal):
            # A recogniser asks again and again, and a number once read stays as it is.
            self._number = self._number or format(value.normalize(), "f")
            return self._number
        if isinstance(value, ExcelError):
            return value.text
        if isinstance(value, Unknown):
            return "=" + str(self.formula).lstrip("=")
        return "" if value is None else str(value)

    @property
    def is_date(self) -> bool:
        value, form = self.value, self.number_format
        return isinstance(value, Decimal) and form != "General" and section_for(form, value).is_date

    @property
    def is_percent(self) -> bool:
        return is_percent_format(self.number_format)

    @property
    def is_mark(self) -> bool:
        """Whether it is a sign with which a form marks its entry cells (◄)."""
        return isinstance(self.value, str) and all(category(ch) == "So" for ch in self.value.strip() or "-")

    @property
    def has_digit(self) -> bool:
        return isinstance(self.value, Decimal) or any(map(str.isdigit, self.text))

    @property
    def looks_like_figure(self) -> bool:
        """True for numbers, errors and text without words: "1.000,00 TL", "-"."""
        return not isinstance(self.value, str) or not _has_words(self.value)

    def seen(self, *, money: bool) -> tuple[str, str]:
        """(what a person sees, "" or why it is not the value): an Unseen, or "other" for another figure."""
        value, form, text = self.value, self.number_format, self.text
        if not isinstance(value, Decimal) or (self.shown == "" and is_plain(form, money=money)):
            shown = shown_text(form, value) if isinstance(value, str) and form != "General" else text
            if shown == text:
                return shown, self.unseen
            return shown, "other" if shown.strip() else Unseen.FORMAT
        shown = self.shown or shown_number(form, value)
        taken = taken_for(shown, value * 100 if self.is_percent else value, money=money)
        return shown, {"hidden": Unseen.FORMAT, "scaled": Unseen.SCALED}.get(taken) or taken or self.unseen

    @property
    def day(self) -> str:
        """A date as a person reads it, dd.mm.yyyy, in the date system of its file; a duration as hours and minutes."""
        assert isinstance(self.value, Decimal)
        letters = "".join(text for kind, text in section_for(self.number_format, self.value).parts if kind == "date")
        days = self.value // 1
        if not set("dyge") & set(letters.lower()) and set("hs") & set(letters.lower()):
            minutes = round(self.value * 1440)
            return f"{minutes // 60}:{minutes % 60:02d}"
        first = dt.date(1904, 1, 1) if self.since_1904 else dt.date(1899, 12, 31 if 0 < days < 60 else 30)
        try:
            return (first + dt.timedelta(days=int(days))).strftime("%d.%m.%Y")
        except OverflowError:
            return self.text


@lru_cache(maxsize=1 << 14)
def _has_words(text: str) -> bool:
    return any(map(str.isalpha, text.replace("TL", "")))


class ListRow(NamedTuple):
    """A row of a list: its first cell, and its cells by the names of their columns."""

    first: Cell
    cells: dict[str, Cell]

    def text(self, name: str) -> str:
        """What stands in the column `name`; "" where nothing does."""
        return tidy(self.cells[name].text) if name in self.cells else ""


class Sheet(Struct):
    """A sheet's non-blank cells by (row, column), in row order."""

    file: str
    name: str
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    hidden: bool = False

    def rows(self) -> Iterator[list[Cell]]:
        """Each row that holds anything, its cells from left to right."""
        for _, places in groupby(sorted(self.cells), key=itemgetter(0)):
            yield [self.cells[place] for place in places]

    def listed(self, names: Mapping[str, str]) -> list[ListRow]:
        """The rows below the headings in the first row, `names` by folded heading."""
        heading, *rows = [*self.rows()] or [[]]
        columns = {cell.column: names[fold(cell.text)] for cell in heading if fold(cell.text) in names}
        named = [(row, {columns[cell.column]: cell for cell in row if cell.column in columns}) for row in rows]
        return [ListRow(row[0], cells) for row, cells in named if cells]

    def inside(self, top: int, left: int, bottom: int, right: int) -> Iterator[Cell]:
        """The cells of a rectangle."""
        if (bottom - top + 1) * (right - left + 1) > len(self.cells):
            return (cell for (row, at), cell in self.cells.items() if top <= row <= bottom and left <= at <= right)
        return filter(None, map(self.cells.get, product(range(top, bottom + 1), range(left, right + 1))))

    def merge(self, ranges: Iterable[Sequence[int]]) -> None:
        """Takes the sheet's merged ranges (top, left, bottom, right): what they cover is not seen."""
        over_rows = []
        for top, left, bottom, right in ranges:
            for cell in self.inside(top, left, bottom, right):
                if (cell.row, cell.column) != (top, left):
                    cell.unseen = cell.unseen or Unseen.COVERED
            if bottom > top and (top, left) in self.cells:
                over_rows.append((top, left, min(bottom, top + _MOST)))
        for top, left, bottom in over_rows:
            # A hidden row counts as well: whose the figure is can't be told of one that is hidden above or below.
            beside = self.inside(top + 1, 1, bottom, left - 1)
            self.cells[top, left].rows += len({cell.row for cell in beside if cell.unseen is not Unseen.COVERED})


class Area(NamedTuple):
    """A rectangle of a sheet, whose name is in small letters."""

    sheet: str
    row1: int
    column1: int
    row2: int
    column2: int

    @property
    def shape(self) -> tuple[int, int]:
        return self.row2 - self.row1 + 1, self.column2 - self.column1 + 1


class Table(NamedTuple):
    """A table of the workbook: all of it, its column names, and how many rows its heading and its totals have."""

    area: Area
    columns: tuple[str, ...]
    heading: int
    totals: int


class Grid(Struct):
    """A file as sheets, with its SHA-256 and what of it kars-xl does not carry on (macros, links, objects). `names` are
    the meanings of defined names in small letters, a sheet's own as "sheet!name"; so are `tables`; `arrays` where
    formulas stand that go through their ranges cell by cell."""

    file: str
    sheets: list[Sheet]
    digest: str = ""
    not_carried: tuple[str, ...] = ()
    names: dict[str, str] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    arrays: set[tuple[str, int, int]] = field(default_factory=set)


def within(rows: Iterable[list[Cell]], low: int, high: int) -> list[list[Cell]]:
    """The cells of `rows` in the columns from `low` to before `high`; rows that have none there are left out."""
    return [cut for row in rows if (cut := [cell for cell in row if low <= cell.column < high])]


class UnreadableFile(Exception):
    """The file can't be read; `code` is the finding that it becomes, with a `reason` and one of its other remedies."""

    def __init__(self, code: str, reason: str, remedy: str = "") -> None:
        super().__init__(reason)
        self.code, self.reason, self.remedy = code, reason, remedy
