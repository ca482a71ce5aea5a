"""From a cell to a figure: amounts in kuruş and indicator values, with a finding for all that is not plain."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import partial
from typing import Any

from kars_xl.base.money import Number, UnreadableNumber, format_decimal, format_tl, read_number, to_kurus, visible
from kars_xl.base.number_format import shown_number
from kars_xl.base.place import Place
from kars_xl.findings.finding import Effect, Finding, finding
from kars_xl.model.programme import IndicatorValue
from kars_xl.reading.grid.cells import Cell, ExcelError, Unknown, Unseen, leads_outside
from kars_xl.reading.tables import Amount

# Sums of binary numbers end in 1e-9 or so; what is nearer to a kuruş than this was meant as that kuruş.
_BINARY_NOISE = Decimal("0.000001")
# More than any budget, and about as much as Excel keeps to the kuruş.
_BEYOND = Decimal(10) ** 14
_Report = Callable[..., None]  # makes a finding at the cell of a code and facts
# What keeps a text from being a figure, the first that it is like; currencies aside.
_WHY_UNREAD = (
    ("=.*", "formülün sonucu dosyada kayıtlı değil"),
    (r"\D*", "rakam yok"),
    (r"[\W\d_oO]*[oO][\W\d_oO]*", "O harfi var"),
    (r".*[^\W\d_].*", "harf var"),
    (r"[-+%]?\d{1,3}[.,]\d{3}%?", "birden çok anlama gelebilir"),
    (r"([^.,]*[.,]){2}.*", "birden çok nokta ya da virgül var"),
    (r".*\d\s+\d.*", "rakamların arasında boşluk var"),
    (".*", "yazılışı bir sayıya uymuyor"),
)


class CellReader:
    """Reads figures and collects what is wrong with them; `table`, `key` and `label` say in findings whose they are."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.seen: set[tuple[int, int]] = set()  # rows and columns of a sheet's figures that a table has
        self.years: Counter[int] = Counter()  # what titles and headings call the programme's year

    @property
    def year(self) -> int | None:
        """The programme's year, as most of what was read so far says."""
        (first, count), (_, second) = [*self.years.most_common(2), (0, 0), (0, 0)][:2]
        return first if count > second else None

    def amount(
        self, cell: Cell | None, place: Place, table: str, key: str, label: str = "", *, total: bool = False
    ) -> Amount:
        """The amount in `cell` (kuruş); blank and dash are zero. `total`: a figure that will be recomputed anyway."""
        if cell is None:
            return Amount(0, place, given=False)
        formula = cell.formula is not None
        report = partial(self._report, cell, table, key, label)
        number, may_be_taken = self._figure(report, cell, money=True, total=total)
        if not may_be_taken:
            return Amount(None, cell.place, formula=formula)
        if number is None:
            return Amount(0, cell.place, given=not _is_blank(cell), formula=formula)
        kurus, rounded = to_kurus(number.value)
        if rounded and abs(number.value * 100 - kurus) > _BINARY_NOISE * 100 and not total:
            report("KX106", found=format_decimal(number.value), read=format_tl(kurus))
        if kurus < 0:
            report("KX105", found=format_tl(kurus))
        if isinstance(cell.value, str) and cell.sheet and not total:
            report("KX102", found=cell.value, read=format_tl(kurus))
        return Amount(kurus, cell.place, formula=formula)

    def indicator(self, cell: Cell | None, key: str, label: str = "") -> IndicatorValue | None:
        """The indicator value in `cell`; None where it is blank or unreadable (the latter with its finding)."""
        if cell is None or (cell.formula is None and _is_blank(cell)):
            return None
        report = partial(self._report, cell, "PHT", key, label)
        number, may_be_taken = self._figure(report, cell, money=False)
        if number is None or not may_be_taken:
            return IndicatorValue(None) if may_be_taken and not _is_blank(cell) else None
        if not isinstance(cell.value, str):
            amount = number.value * 100 if cell.is_percent else number.value
            form = cell.number_format
            shown = cell.shown or (shown_number(form, number.value) if "%" in form else "")
            return IndicatorValue(amount, cell.is_percent or "%" in shown)
        value = IndicatorValue(number.value, number.percent)
        if cell.sheet:
            report("KX102", found=cell.value, read=format_indicator(value))
        return value

    def _figure(self, report: _Report, cell: Cell, *, money: bool, total: bool = False) -> tuple[Number | None, bool]:
        """The cell's figure, None for a blank or a dash, and whether it may be taken; says what is wrong with it."""
        self.seen.add((cell.row, cell.column))
        try:
            number = _number(cell, total=total)
            if money and number is not None and (number.percent or abs(number.value) >= _BEYOND):
                raise _NoFigure("KX103", cell.text[:40], "yüzde işareti var" if number.percent else "çok büyük")
        except _NoFigure as unread:
            code, found, *seen = unread.args
            report(code, found=found, why=seen[0] if seen else why_unread(found))
            return None, False
        is_seen = _is_seen(report, cell, number, money=money, total=total)
        return number, is_seen and (number is None or _as_computed(report, cell, total=total))

    def count(self, cell: Cell, name: str) -> None:
        """Says of a figure of a general table that it is not what the cell shows."""
        if isinstance(cell.value, Decimal) and not cell.is_date:
            _is_seen(partial(self._report, cell, "", "", name), cell, Number(cell.value), money=False)

    def _report(self, cell: Cell, table: str, key: str, label: str, code: str, **facts: Any) -> None:
        values = [(name, fact) for name, fact in facts.items() if name != "why"]
        facts |= {"table": table, "key": key, "label": label, "values": values}
        self.findings.append(finding(code, cell.place, **facts))


def _is_seen(report: _Report, cell: Cell, number: Number | None, *, money: bool, total: bool = False) -> bool:
    """Whether the figure is what a person reads in the cell; says (KX109) what nobody sees."""
    shown, unlike = cell.seen(money=money)
    if unlike == "other":
        report("KX120", found=cell.text[:40], shown=shown.strip()[:40])
        return False
    if number is not None and number.value and cell.rows > 1:
        report("KX121", found=shown.strip()[:40], count=str(cell.rows))
        return False
    if unlike and number is not None and number.value and not total:
        report("KX109", found=format_decimal(number.value), reason=str(unlike))
    return True


def _as_computed(report: _Report, cell: Cell, *, total: bool = False) -> bool:
    """Whether a formula's stored result may be taken; says where it is another than the formula comes to."""
    if cell.formula is None:
        return True
    computed = None if total or cell.formulas is None else cell.formulas.of(cell)
    if computed and isinstance(computed.value, Unknown) and computed.value.circular:
        report("KX117", found=_formula(cell))
        return False
    if link := _formula(cell) if leads_outside(cell.formula) else computed.link if computed else "":
        report("KX110", found=link)
    if computed and computed.differs(cell.value):
        assert isinstance(computed.value, Decimal)
        report("KX116", found=cell.text, computed=format_decimal(computed.value))
    return True


def unseen_once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """KX109 once for all figures of a sheet that are unseen for one reason; the other findings as they are."""
    groups: dict[object, list[Finding]] = {}
    for found in findings:
        alike = found.has(Effect.UNSEEN)
        values = dict(found.values)
        groups.setdefault((found.place.sheet, values["reason"]) if alike else id(found), []).append(found)
    for first, *more in groups.values():
        if more:
            facts: dict[str, Any] = {name: getattr(first, name) for name in ("table", "key", "label", "values")}
            facts |= first.values
            facts["found"] += f" ve {len(more)} rakam daha"
            yield finding(first.code, first.place, related=[found.place for found in more], **facts)
        else:
            yield first


class _NoFigure(Exception):
    """The cell holds no figure: the code that says so, what the cell shows, and why it is none, if it doesn't show."""


def _number(cell: Cell, *, total: bool = False) -> Number | None:
    """The cell's figure; None for blank or dash, and for a `total` without a stored result. Raises _NoFigure."""
    value = cell.value
    if isinstance(value, str):
        if cell.unseen is Unseen.MIXED and any(map(str.isdigit, value)):
            raise _NoFigure("KX103", value, "bir bölümünün üstü çizili")
        try:
            return read_number(value)
        except UnreadableNumber:
            raise _NoFigure("KX103", value) from None
    if isinstance(value, ExcelError):
        raise _NoFigure("KX104", value.text)
    if isinstance(value, Unknown):
        raise _NoFigure("KX117" if value.circular else "KX118" if value.link else "KX103", value.link or _formula(cell))
    if isinstance(value, bool):
        raise _NoFigure("KX103", "DOĞRU" if value else "YANLIŞ")
    if value is None:
        if cell.formula is None or total:
            return None
        raise _NoFigure("KX103", _formula(cell))
    if cell.is_date:
        raise _NoFigure("KX107", cell.day)
    return Number(value)


def why_unread(text: str) -> str:
    """What stands in the way of reading `text` as a figure, in Turkish."""
    figure = re.sub(r"₺|\b(?:TL|TRY)\b\.?", "", visible(text), flags=re.IGNORECASE).strip()
    return next(why for pattern, why in _WHY_UNREAD if re.fullmatch(pattern, figure, re.DOTALL))


def _formula(cell: Cell) -> str:
    return "=" + str(cell.formula).lstrip("=")


def _is_blank(cell: Cell) -> bool:
    """Nothing to be seen, though people clear cells with the space bar and formulas with ""."""
    return cell.value is None or (isinstance(cell.value, str) and not visible(cell.value))


def format_indicator(value: IndicatorValue | None) -> str:
    """As people read it: "6.000", "%37,5", "-" for no value, "" for a blank."""
    if value is None or value.amount is None:
        return "" if value is None else "-"
    return "%" * value.percent + format_decimal(value.amount)
