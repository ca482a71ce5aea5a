"""Money in whole kuruş, and numbers as people type them. The only place that turns text into figures."""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import NamedTuple

_AFFIXED = re.compile(
    r"([+-]?)\s*(₺|TL|TRY|%)?\s*([+-]?)\s*(.*?)\s*(₺|TL\.?|TRY|%)?", re.ASCII | re.IGNORECASE | re.DOTALL
)
# Thousands in groups of three, by points or by spaces; what begins with 0 is no group: 0.500 may be 0,5 or 500.
_TURKISH = re.compile(r"(?:[1-9]\d{0,2}(?:\.\d{3})+|[1-9]\d{0,2}(?: \d{3})+|\d+)(?:,\d+)?", re.ASCII)
_ENGLISH = re.compile(
    r"[1-9]\d{0,2}(?:,\d{3})+\.\d+|[1-9]\d{0,2}(?:,\d{3}){2,}|(?:\d+|[1-9]\d{0,2}(?: \d{3})+)\.(?:\d{1,2}|\d{4,})",
    re.ASCII,
)
_AMBIGUOUS = re.compile(r"[1-9]\d{0,2},\d{3}")
_ZERO = re.compile(r"0+\.0+", re.ASCII)
_MAX_DIGITS = 18
# Of a figure's digits a spreadsheet holds so many.
_DIGITS = 15


class UnreadableNumber(ValueError):
    """The text can mean two figures, or none."""


class Number(NamedTuple):
    """A figure read from text: its exact value, and whether a percent sign stood with it."""

    value: Decimal
    percent: bool = False


def read_number(text: str) -> Number | None:
    """The figure a person meant by `text`; None for blank or a dash. Raises UnreadableNumber, never guesses."""
    if "No" in map(unicodedata.category, text):
        raise UnreadableNumber(text)  # 1500² would become 15002
    plain = visible(text).removeprefix("'")
    sign, mark, figure = _parts(plain.replace("−", "-").replace("–", "-"), text)
    if figure.startswith("(") and figure.endswith(")") and not sign:
        sign, inner, figure = _parts(figure[1:-1].strip(), text)
        if sign or (mark and inner) or not figure:
            raise UnreadableNumber(text)
        sign, mark = "-", mark or inner
    percent = mark == "%"
    if figure in ("", "—"):
        if percent or (not figure and (sign == "+" or (mark and not sign))):
            raise UnreadableNumber(text)
        return None
    # `1,500` may be 1,5 (Turkish) or 1500 (English): three digits after a lone comma say nothing.
    if _AMBIGUOUS.fullmatch(figure):
        raise UnreadableNumber(text)
    if _TURKISH.fullmatch(figure):
        digits = figure.replace(".", "").replace(",", ".")
    elif _ENGLISH.fullmatch(figure) or _ZERO.fullmatch(figure):
        digits = figure.replace(",", "")
    else:
        raise UnreadableNumber(text)
    if sum(map(str.isdigit, digits)) > _MAX_DIGITS:
        raise UnreadableNumber(text)
    return Number(Decimal(sign + digits.replace(" ", "")), percent)


def visible(text: str) -> str:
    """The text in its plainest letters, without what nobody sees at its ends or anywhere."""
    if text.isascii():
        return text.strip()
    return "".join(ch for ch in unicodedata.normalize("NFKC", text) if unicodedata.category(ch) != "Cf").strip()


def _parts(plain: str, text: str) -> tuple[str, str, str]:
    """Sign, currency or percent mark, and the figure between them; raises UnreadableNumber for two of one."""
    found = _AFFIXED.fullmatch(plain)
    assert found is not None  # it takes any text
    outer, before, inner, figure, after = found.groups(default="")
    if (outer and inner) or (before and after):
        raise UnreadableNumber(text)
    return outer or inner, before or after, figure


def exact(number: int | float | Decimal) -> Decimal:
    """A spreadsheet's binary number by way of its shortest text: 1.1 is 1.1 and not 1.1000000000000000888."""
    return number if isinstance(number, Decimal) else _exact(number, type(number).__name__)


@lru_cache(maxsize=1 << 14)
def _exact(number: int | float, _: str) -> Decimal:
    """Most of a programme's figures are zeros; the type keeps 1 and 1.0 apart."""
    return Decimal(repr(number + 0))  # a negative zero is zero


def stored_number(text: str) -> Decimal | None:
    """The number that a spreadsheet's file writes so; None for what is no number there, though Python reads more."""
    if "_" in text or not text.isascii():
        return None
    try:
        number = exact(float(text)) if "." in text or "e" in text.lower() else Decimal(text)
    except (InvalidOperation, ValueError):
        return None
    return number if number.is_finite() else None


def to_kurus(value: Decimal) -> tuple[int, bool]:
    """(kuruş, rounded?): `value` in TL as whole kuruş, half up; the flag tells that it was finer than a kuruş."""
    kurus = (value * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return int(kurus), kurus != value * 100


def to_tl(kurus: int) -> Decimal:
    """Kuruş as exact TL."""
    return Decimal(kurus).scaleb(-2)


def format_tl(kurus: int | None) -> str:
    """Kuruş as a Turkish amount, "253.748.000,00"; a dash for None."""
    if kurus is None:
        return "-"
    lira, cents = divmod(abs(kurus), 100)
    return ("-" if kurus < 0 else "") + f"{lira:,}".replace(",", ".") + f",{cents:02d}"


def format_signed(kurus: int) -> str:
    """A difference with its sign, "+1.250,00"."""
    return ("+" if kurus > 0 else "") + format_tl(kurus)


def format_decimal(value: Decimal) -> str:
    """A figure as Turkish text with just the decimals it has: "1.234,5"."""
    whole, _, rest = f"{value:,f}".partition(".")
    rest = rest.rstrip("0")
    return whole.replace(",", ".") + ("," + rest if rest else "")


def format_as(value: Decimal, number_format: str, *, full: bool = False) -> str:
    """A figure as a cell with this format shows it: with two decimals where the format has any, or in `full`."""
    percent = "%" in number_format
    figure = value * 100 if percent else value
    rounded = not full and (percent or "0.00" in number_format)
    text = format_tl(to_kurus(figure)[0]) if rounded else format_decimal(figure)
    return as_percent(text) if percent else text


def as_percent(figure: str) -> str:
    """A figure with the sign before it, as Turkish has it: "%42,06", "-%5"."""
    return f"-%{figure[1:]}" if figure.startswith("-") else f"%{figure}"


def share_percent(part: int, whole: int) -> str:
    """`part` of `whole`, "%42,06"; %0,00 of nothing."""
    ratio = Decimal(part) / Decimal(whole) * 100 if whole else Decimal(0)
    return as_percent(f"{ratio.quantize(Decimal('0.01'), rounding=ROUND_HALF_UP)}".replace(".", ","))


def excess(found: int, expected: int) -> int:
    """`found` less `expected` (kuruş); 0 where they are equal as far as a spreadsheet can hold them."""
    beyond = len(str(abs(expected))) - _DIGITS
    difference = found - expected
    return 0 if beyond > 0 and abs(difference) <= 10**beyond else difference
