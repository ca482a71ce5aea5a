"""What a template's formula may use: functions that every reader computes alike, nothing outside the file."""

from __future__ import annotations

ALLOWED_FUNCTIONS = frozenset({
    "SUM", "SUMIF", "SUMIFS", "SUMPRODUCT", "COUNT", "COUNTA", "COUNTBLANK", "COUNTIF", "COUNTIFS", "IF",
    "IFERROR", "AND", "OR", "NOT", "ROUND", "ABS", "MIN", "MAX", "AVERAGE", "INDEX", "MATCH", "VLOOKUP",
    "ISBLANK", "ISNUMBER", "ISTEXT", "LEN", "LEFT", "RIGHT", "MID", "TRIM", "CONCATENATE", "PRODUCT", "MOD",
    "INT", "ROW", "ROWS", "COLUMN", "COLUMNS", "EXACT", "SUBSTITUTE", "UPPER", "LOWER", "VALUE", "FIXED",
    "N", "T", "HYPERLINK", "YEAR", "DATE", "TRUE", "FALSE",
})  # fmt: skip

# The rules that Excel writes by itself for "cells that contain …" use these too; only the viewer computes them.
RULE_FUNCTIONS = ALLOWED_FUNCTIONS | {
    "ISERROR", "SEARCH", "FIND", "TODAY", "FLOOR", "WEEKDAY", "ROUNDDOWN", "MONTH", "DAY", "EDATE",
}  # fmt: skip

# Excel stores English names whatever its language, so a Turkish name in the file was never understood by Excel.
TURKISH_FUNCTIONS = {
    "TOPLA": "SUM", "ETOPLA": "SUMIF", "ÇOKETOPLA": "SUMIFS", "TOPLA.ÇARPIM": "SUMPRODUCT", "BAĞ_DEĞ_SAY": "COUNT",
    "BAĞ_DEĞ_DOLU_SAY": "COUNTA", "BOŞLUKSAY": "COUNTBLANK", "EĞERSAY": "COUNTIF", "ÇOKEĞERSAY": "COUNTIFS",
    "EĞER": "IF", "EĞERHATA": "IFERROR", "VE": "AND", "YADA": "OR", "DEĞİL": "NOT", "YUVARLA": "ROUND",
    "MUTLAK": "ABS", "MİN": "MIN", "MAK": "MAX", "ORTALAMA": "AVERAGE", "İNDİS": "INDEX", "KAÇINCI": "MATCH",
    "DÜŞEYARA": "VLOOKUP", "EBOŞSA": "ISBLANK", "ESAYIYSA": "ISNUMBER", "EMETİNSE": "ISTEXT", "UZUNLUK": "LEN",
    "SOLDAN": "LEFT", "SAĞDAN": "RIGHT", "PARÇAAL": "MID", "KIRP": "TRIM", "BİRLEŞTİR": "CONCATENATE",
    "ÇARPIM": "PRODUCT", "TAMSAYI": "INT", "SATIR": "ROW", "SATIRSAY": "ROWS", "SÜTUN": "COLUMN",
    "SÜTUNSAY": "COLUMNS", "ÖZDEŞ": "EXACT", "YERİNEKOY": "SUBSTITUTE", "BÜYÜKHARF": "UPPER", "KÜÇÜKHARF": "LOWER",
    "SAYIYAÇEVİR": "VALUE", "SAYIDÜZENLE": "FIXED", "KÖPRÜ": "HYPERLINK", "YIL": "YEAR", "TARİH": "DATE",
    "DOĞRU": "TRUE", "YANLIŞ": "FALSE", "METNEÇEVİR": "TEXT", "BUGÜN": "TODAY", "ŞİMDİ": "NOW",
    "YUKARIYUVARLA": "ROUNDUP", "AŞAĞIYUVARLA": "ROUNDDOWN",
}  # fmt: skip

# Functions that take any number of cells and ranges: one reference may become several arguments.
# The value is what stands in the place of no cells at all; None makes the whole call 0.
SEVERAL: dict[str, str | None] = {
    "SUM": "0", "MIN": "0", "MAX": "0", "PRODUCT": "0", "AND": "TRUE", "OR": "FALSE",
    "COUNT": None, "COUNTA": None, "AVERAGE": None,
}  # fmt: skip
NESTABLE = frozenset(("SUM", "MIN", "MAX", "PRODUCT", "AND", "OR"))

# Functions whose result over two ranges is the sum of their results over each: a range in pieces becomes a sum.
# The value tells which arguments are single values: (first, step), step 0 for only that one; None for none.
ADDITIVE: dict[str, tuple[int, int] | None] = {
    "SUMIF": (1, 0), "COUNTIF": (1, 0), "SUMIFS": (2, 2), "COUNTIFS": (1, 2), "COUNTBLANK": None, "SUMPRODUCT": None,
    "ROWS": None,
}  # fmt: skip

# Functions with one argument (counted from 0) that must be one range.
LOOKUPS = {"INDEX": 0, "MATCH": 1, "VLOOKUP": 1, "COLUMNS": 0}


def turkish(name: str) -> str | None:
    """The English name of a Turkish function or constant."""
    return TURKISH_FUNCTIONS.get(name.replace("i", "İ").replace("ı", "I").upper())


def function_fault(name: str, allowed: frozenset[str]) -> dict[str, str] | None:
    """The reason and facts of KX502 for a function's name, or None if it is allowed."""
    if name in allowed:
        return None
    if name == "TEXT":
        return {"reason": "text", "function": name}
    if english := turkish(name):
        return {"reason": "turkish", "function": name, "english": english}
    return {"reason": "function", "function": name}
