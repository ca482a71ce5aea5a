"""What a number format makes of a value: the text that a Turkish spreadsheet shows, and what a person takes it for."""

import datetime as dt
import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

from kars_xl.base.money import format_decimal, visible
from kars_xl.base.text import fold

BUILTIN_FORMATS = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 14: "dd.mm.yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "dd.mm.yyyy hh:mm", 37: "#,##0;-#,##0", 38: "#,##0;[Red]-#,##0",
    39: "#,##0.00;-#,##0.00", 40: "#,##0.00;[Red]-#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0",
    48: "##0.0E+0", 49: "@",
}  # fmt: skip
# What these show the machine decides, whatever code a file has for them: in Turkey lira.
_OF_THE_MACHINE = dict.fromkeys((5, 6, 7, 8, 41, 42, 43, 44), "#,##0.00")
_EAST_ASIAN = dict.fromkeys((*range(27, 37), *range(50, 59), *range(71, 82)), "dd.mm.yyyy")
_PART = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|(?P<gap>_.)|\*.|\[(?P<bracket>[^\]]*)\]|(?P<end>;)|(?P<general>General)'
    r"|(?P<clock>AM/PM|A/P)|(?P<power>E[+-][0#?]+)|(?P<digit>[#0?])|(?P<point>\.)|(?P<comma>,)|(?P<percent>%)"
    r"|(?P<text>@)|(?P<date>[dmyhsgeb])|(?P<bare>.)",
    re.IGNORECASE | re.DOTALL,
)
_SHORT, _SCALING = {"digit": "#", "comma": ","}, re.compile(r"#,+(?![,#])")
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_LITERAL = ("quoted", "escaped", "bare", "gap")
# A word with the digit of "m2" behind it.
_WORD = re.compile(r"[^\W\d_]+(?:[23](?!\d))?")
_FIGURE = re.compile(r"\d(?:[\d., ]*\d)?")
_TURKISH = re.compile(r"(?:[1-9]\d{0,2}(?:[. ]\d{3})+|\d+)(?:,\d+)?")
_ENGLISH = re.compile(r"(?:[1-9]\d{0,2}(?:,\d{3})+|\d+)(?:\.(?:\d{1,2}|\d{4,}))?")
_POWER = re.compile(r"(\d)(?:[.,](\d+))?E([+-]\d+)")
_MINUS = re.compile(r"[-−(][^\d]*\d")
_SCALES = dict.fromkeys(("bin", "thousand"), 3) | dict.fromkeys(("milyon", "mn", "mio", "mlyn", "million"), 6)
_SCALES |= dict.fromkeys(("milyar", "mr", "mlr", "mrd", "bn", "billion"), 9)
# What may stand beside an amount and leaves it one in lira.
_LIRA = re.compile("tl|try|ytl|turk|lira(?:si|dir)?|dir|kdv|dahil|haric|toplam|tutar|net|brut|yil(?:lik)?")
# If a format shows these as they are, it shows any amount so.
_SAMPLES = tuple(map(Decimal, ("1234567.89", "225000", "225", "-1234567.89", "0")))


def format_of(number: int, code: str = "") -> str:
    """The code of a number format by its number and what the file says of it."""
    return _OF_THE_MACHINE.get(number) or code or BUILTIN_FORMATS.get(number) or _EAST_ASIAN.get(number, "General")


class Section(NamedTuple):
    """One part of a number format: (kind, text) after (kind, text), for the values that `condition` names."""

    parts: tuple[tuple[str, str], ...]
    condition: tuple[str, Decimal] | None = None
    colour: str = ""
    is_date: bool = False  # shows a day, a time of day or a duration

    def has(self, *kinds: str) -> bool:
        return any(kind in kinds for kind, _ in self.parts)

    def holds(self, value: Decimal, otherwise: str) -> bool:
        sign, limit = self.condition or (otherwise, Decimal(0))
        return (value > limit and ">" in sign) or (value < limit and "<" in sign) or (value == limit and "=" in sign)


@lru_cache(maxsize=1024)
def sections_of(number_format: str) -> tuple[Section, ...]:
    """A number format's sections in their order; at least one."""
    found: list[Section] = []
    parts: list[tuple[str, str]] = []
    condition, colour = None, ""
    for match in _PART.finditer(number_format + ";"):
        kind = match.lastgroup or ""
        text = match[kind] if kind else ""
        if kind == "end":
            letters = {shown.lower() for kind, shown in parts if kind == "date"}
            is_date = bool(letters & set("dmyhs")) or (bool(letters) and all(kind != "digit" for kind, _ in parts))
            found.append(Section(tuple(parts), condition, colour, is_date))
            parts, condition, colour = [], None, ""
        elif kind != "bracket":
            parts += [(kind, " " if kind == "gap" else text)] if kind else []
        elif text.startswith("$"):
            parts.append(("quoted", text[1:].rpartition("-")[0] if "-" in text else text[1:]))
        elif text.lower().strip("hms") == "":
            parts.append(("date", text[:1]))
        elif told := _CONDITION.fullmatch(text.strip()):
            condition = told[1], Decimal(told[2])
        else:
            colour = colour or text.lower()
    return tuple(found)


def section_for(number_format: str, value: Decimal) -> Section:
    """The section that shows `value`."""
    sections = sections_of(number_format)[:3]
    if len(sections) == 1 or sections[0].holds(value, ">" if len(sections) == 3 else ">="):
        return sections[0]
    return sections[1] if len(sections) == 2 or sections[1].holds(value, "<") else sections[2]


@lru_cache(maxsize=1024)
def is_date_format(number_format: str) -> bool:
    """True for number formats that show a day or a time of day."""
    return sections_of(number_format)[0].is_date


@lru_cache(maxsize=1024)
def is_percent_format(number_format: str) -> bool:
    """True for number formats that multiply by a hundred; a quoted percent sign does not."""
    return any(section.has("percent") for section in sections_of(number_format))


def shown_number(number_format: str, value: Decimal) -> str:
    """`value` as a Turkish spreadsheet shows it; powers and fractions as the figure that they stand for."""
    section = section_for(number_format, value)
    parts = section.parts
    kinds = [kind for kind, _ in parts]
    value = abs(value) * 100 ** kinds.count("percent")
    point = kinds.index("point") if "point" in kinds else len(kinds)
    whole = [at for at, kind in enumerate(kinds[:point]) if kind == "digit"]
    rest = [parts[at][1] for at in range(point, len(kinds)) if kinds[at] == "digit"]
    if section.has("general", "power", "text") or ("bare", "/") in parts:
        at = next((at for at, kind in enumerate(kinds) if kind in ("general", "digit", "text")), 0)
        if section.has("power") and value:
            value = round(value, len(rest) - value.adjusted())
        return "".join(
            format_decimal(value) if at == here else text
            for here, (kind, text) in enumerate(parts)
            if at == here or (kind in _LITERAL and text != "/")
        )
    grouped = bool(whole) and "comma" in kinds[whole[0] : whole[-1]]
    # Commas right behind the last digit, before the point or at the end, divide by a thousand each.
    scaling = _SCALING.search("".join(_SHORT.get(kind, "-") for kind in kinds))
    scale = len(scaling[0]) - 1 if scaling else 0
    figure = (value / 1000**scale).quantize(Decimal(1).scaleb(-len(rest)), rounding=ROUND_HALF_UP)
    digits, _, decimals = f"{figure:f}".partition(".")
    digits = digits.lstrip("0")

    def shown_digit(place: int, pattern: str = "") -> str:
        """The digit of a place, counted from the right, and the point behind it that parts thousands."""
        digit = digits[-1 - place] if place < len(digits) else pattern.replace("#", "").replace("?", " ")
        return digit + "." if grouped and place and place % 3 == 0 and digit.strip() else digit

    written = {at: shown_digit(place, parts[at][1]) for place, at in enumerate(reversed(whole))}
    beyond = "".join(map(shown_digit, range(len(digits) - 1, len(whole) - 1, -1)))
    shown: list[str] = []
    for at, (kind, text) in enumerate(parts):
        if at == whole[0] if whole else kind == "point":
            shown.append(beyond)
        if kind == "digit" and at > point:
            mark, decimals = decimals[:1], decimals[1:]
            shown.append(mark if text == "0" or (mark + decimals).strip("0") else "")
        elif kind == "point":
            shown.append("," if rest else "")
        elif kind in _LITERAL or kind == "percent":
            shown.append(text)
        shown.append(written.get(at, ""))
    return "".join(shown)


def shown_text(number_format: str, text: str) -> str:
    """What a cell with this format shows for a text: by the section with an @, by the fourth, else the text itself."""
    sections = sections_of(number_format)
    section = next((section for section in sections if section.has("text")), sections[3] if len(sections) > 3 else None)
    if section is None:
        return text
    return "".join(text if kind == "text" else part for kind, part in section.parts if kind in ("text", *_LITERAL))


def days_of(text: str, *, since_1904: bool = False) -> Decimal | str:
    """The number that a spreadsheet keeps for an ISO date or time; `text` itself where it is none."""
    try:
        moment = dt.datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return text
    passed = moment - dt.datetime(*((1904, 1, 1) if since_1904 else (1899, 12, 30)))
    return Decimal(passed.days) + Decimal(passed.seconds) / 86400


def taken_for(text: str, value: Decimal, *, money: bool) -> str:
    """What a person takes the shown `text` of `value` for. "" for the value itself, "hidden" where no figure is to be
    seen, "scaled" where it lacks its last digits, "other" for another figure: other digits, a word of scale, and for
    money a percent sign or anything that is not lira."""
    plain = visible(text)
    if power := _POWER.search(plain):
        plain = plain.replace(power[0], format_decimal(Decimal(power[0].replace(",", "."))))
    words = fold(" ".join(_WORD.findall(plain))).split()
    figure = _WORD.sub(" ", plain)
    found = _FIGURE.findall(figure)
    if not found:
        return "hidden" if value else ""
    strange = {word for word in words if not _LIRA.fullmatch(word) and word not in _SCALES}
    strange |= {ch for ch in figure if ch in "%‰" or (unicodedata.category(ch) == "Sc" and ch != "₺")}
    if len(found) > 1 or (value > 0 and _MINUS.search(figure)) or (money and strange):
        return "other"
    factor = Decimal(10) ** sum(_SCALES.get(word, 0) for word in words)
    plainly = found[0].replace(" ", "")
    turkish, english = (any(map(kind.fullmatch, (found[0], plainly))) for kind in (_TURKISH, _ENGLISH))
    meant = [plainly.replace(".", "").replace(",", ".")] if turkish else []
    meant += [plainly.replace(",", "")] if english else []
    if factor > 1 and len(set(meant)) > 1:
        return "other"  # "225,000 Bin": who knows which
    for scale in range(5):
        for number in meant:
            unit = factor * 1000**scale
            slack = Decimal(5).scaleb(-1 - len(number.partition(".")[2]))
            if abs(Decimal(number) * unit - abs(value)) <= slack * unit:
                return "" if unit == 1 else "scaled"
    return "other"


@lru_cache(maxsize=1024)
def is_plain(number_format: str, *, money: bool) -> bool:
    """Whether the format shows every figure for what it is."""
    if any(section.condition for section in sections_of(number_format)) or is_date_format(number_format):
        return False
    percent = 100 if is_percent_format(number_format) else 1
    return not any(taken_for(shown_number(number_format, one), one * percent, money=money) for one in _SAMPLES)
