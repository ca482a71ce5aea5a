"""Tables as a recogniser leaves them, written down by hand in kuruş, and what is to be said of their amounts."""

from __future__ import annotations

from collections.abc import Mapping

from kars_xl.base.place import Place
from kars_xl.findings.finding import Finding, finding
from kars_xl.model.cost_rows import CostRow, CostTotal
from kars_xl.model.programme import IndicatorValue
from kars_xl.reading.tables import (
    ActivityRow,
    Amount,
    AmountRow,
    CostTable,
    Document,
    Heading,
    IndicatorRow,
    ResourceMatrix,
    TargetTable,
    Text,
)

Given = Amount | int | None  # an int stands for an amount that was typed


def at(row: int, column: int = 3, file: str = "fen.xlsx", sheet: str = "FMT") -> Place:
    return Place(file, sheet, row, column)


def amount(given: Given, place: Place) -> Amount:
    """None is a blank cell; what is an amount already keeps all but its place."""
    if isinstance(given, Amount):
        return given._replace(place=place)
    return Amount(given or 0, place, given=given is not None)


def computed(kurus: int | None) -> Amount:
    return Amount(kurus, Place(""), formula=True)


UNREADABLE = Amount(None, Place(""))


def heading(texts: Mapping[str, str], codes: Mapping[str, str], file: str, sheet: str) -> Heading:
    """The texts stand below each other in column B from row 1 on; a label left out has no cell."""
    found = {label: Text(value, at(row, 2, file, sheet)) for row, (label, value) in enumerate(texts.items(), 1)}
    return Heading(found, dict(codes))


def cost_table(
    code: str = "F.1.1.1",
    budget: Mapping[int, Given] | None = None,
    extra: Mapping[int, Given] | None = None,
    totals: Mapping[str, Given] | None = None,
    *,
    file: str = "fen.xlsx",
    **texts: str,
) -> CostTable:
    """Economic code n in row 10 + n, extra-budget source n in row 20 + n, totals from row 30 on, all in column C."""
    codes = {"activity_name": code} if code else {}
    table = CostTable(heading(texts, codes, file, "FMT"), at(1, 1, file))
    table.amounts = {CostRow(n): amount(given, at(10 + n, file=file)) for n, given in (budget or {}).items()} | {
        CostRow(f"source{n}"): amount(given, at(20 + n, file=file)) for n, given in (extra or {}).items()
    }
    table.totals = {
        CostTotal(label): amount(given, at(row, file=file))
        for row, (label, given) in enumerate((totals or {}).items(), 30)
    }
    return table


def full(**amounts: Given) -> dict[str, dict[int, Given]]:
    """All rows of a cost table; b3=100 is economic code 3, e0=5 the first extra-budget source, the others zero."""
    return {
        "budget": {n: amounts.get(f"b{n}", 0) for n in range(1, 9)},
        "extra": {n: amounts.get(f"e{n}", 0) for n in range(3)},
    }


def activity_row(
    code: str = "F.1.1.1",
    total: Given = None,
    budget: Given = None,
    extra: Given = None,
    *,
    row: int = 20,
    name: str = "Yol yapımı",
    file: str = "fen.xlsx",
) -> ActivityRow:
    """Name in column B, budget, extra-budget and total in columns C, D and E."""
    amounts = [amount(given, at(row, column, file, "PHT")) for given, column in ((budget, 3), (extra, 4), (total, 5))]
    place = at(row, 2, file, "PHT")
    return ActivityRow(code, Text(name, place), AmountRow(place, *amounts))


def indicator_row(
    code: str, *values: IndicatorValue | None, row: int = 10, name: str = "Açılan yol (km)", file: str = "fen.xlsx"
) -> IndicatorRow:
    """Name in column B, the three values in columns C, D and E."""
    first, second, third = (at(row, column, file, "PHT") for column in (3, 4, 5))
    name_place = at(row, 2, file, "PHT")
    return IndicatorRow(code, Text(name, name_place), (values[0], values[1], values[2]), (first, second, third))


def target_table(
    *rows: IndicatorRow | ActivityRow,
    codes: Mapping[str, str] | None = None,
    years: tuple[int | None, ...] = (2022, 2023, 2024),
    file: str = "fen.xlsx",
    **texts: str,
) -> TargetTable:
    given = {"target": "1.1"} if codes is None else codes
    table = TargetTable(heading(texts, given, file, "PHT"), at(1, 1, file, "PHT"), years)
    table.indicators = [row for row in rows if isinstance(row, IndicatorRow)]
    table.activities = [row for row in rows if isinstance(row, ActivityRow)]
    return table


def matrix(columns: Mapping[str, Mapping[int | str, Given]], *, file: str = "mali.xlsx") -> ResourceMatrix:
    """Tablo 11: each column's cells from row 2 on, one below the other."""
    table = ResourceMatrix(Heading(), at(1, 1, file, "TKT"))
    for column, (name, cells) in enumerate(columns.items(), 3):
        table.columns[name] = {
            (CostTotal if str(key).endswith("total") else CostRow)(key): amount(given, at(row, column, file, "TKT"))
            for row, (key, given) in enumerate(cells.items(), 2)
        }
    return table


def form(
    *tables: CostTable | TargetTable | ResourceMatrix, file: str = "fen.xlsx", digest: str = "", **identity: str
) -> Document:
    """A read file; `identity` are the lines of its Kimlik sheet."""
    found = Document(file, digest, list(tables))
    found.identity = {
        label: Text(value, at(row, 2, file, "Kimlik")) for row, (label, value) in enumerate(identity.items(), 1)
    }
    return found


def differs(
    code: str, place: Place, found: str, expected: str, severity: str = "", *, key: str = "F.1.1.1", **more: object
) -> Finding:
    """A finding of two amounts, both written in Turkish; machines have them with a point."""
    values = [
        (name, text.replace(".", "").replace(",", ".")) for name, text in (("expected", expected), ("found", found))
    ]
    facts = {"table": "FMT", "found": found, "expected": expected, "values": values, "severity": severity, **more}
    return finding(code, place, key=key, **facts)  # type: ignore[arg-type]
