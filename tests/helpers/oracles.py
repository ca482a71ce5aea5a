"""Other calculators than the one that kars-xl writes with, and a workbook's official figures as one flat table.

No engine gets the stored results to lean on: LibreOffice finds them removed (with them it does not compute on load),
the others find nonsense in their place.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import re
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
import zipfile
from collections.abc import Callable, Iterator, Sequence, Set
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

import formualizer
import pytest
from openpyxl.utils import coordinate_to_tuple

from kars_xl.reading.grid import Grid, open_grid
from kars_xl.reading.recognise import recognise
from kars_xl.reading.tables import AmountRow, CostTable, Document, ResourceMatrix, SummaryTable, TargetTable

Cell = tuple[str, str]  # sheet, A1 address
Values = dict[Cell, Any]  # float, str or bool; None for no result
Figure = tuple[str, str, int | str]  # table, what the row or column belongs to, which figure of it
Engine = Callable[[Sequence[Path], Path], list[Values]]

HALF_KURUS = 0.005
SHARE_TOLERANCE = 1e-9
_NONSENSE = "-987654321.5"

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
DISTINCTIVE = 123_456_789  # kuruş: what a figure is raised by, to be told from all else
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_PERCENT = ("9", "10")  # built-in number formats 0% and 0.00%
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_FORMULA_CELL = re.compile(r"<c\b([^>]*)>(<f\b[^>]*?(?:/>|>[^<]*</f>))(?:<v\s*/>|<v>[^<]*</v>)?</c>")
_TYPE = re.compile(r'\s+t="\w+"')


def stored_results(path: Path) -> Values:
    """What the file itself holds as the results of its formulas: what a mail preview shows.

    None where the result is missing; an error value is its text. Read from the XML, where openpyxl can't tell a
    missing result from an empty text.
    """
    found: Values = {}
    with zipfile.ZipFile(path) as package:
        for title, part in _sheets(package):
            for cell in ElementTree.fromstring(package.read(part)).iter(f"{_MAIN}c"):
                if cell.find(f"{_MAIN}f") is not None:
                    found[title, cell.attrib["r"]] = _result(cell)
    return found


def shares(path: Path) -> set[Cell]:
    """The formula cells whose number format shows a percentage."""
    with zipfile.ZipFile(path) as package:
        styles = ElementTree.fromstring(package.read("xl/styles.xml"))
        codes = {given.attrib["numFmtId"]: given.attrib["formatCode"] for given in styles.iter(f"{_MAIN}numFmt")}
        used = [style.get("numFmtId", "0") for style in styles.iterfind(f"{_MAIN}cellXfs/{_MAIN}xf")]
        percent = {str(at) for at, given in enumerate(used) if given in _PERCENT or "%" in codes.get(given, "")}
        return {
            (title, cell.attrib["r"])
            for title, part in _sheets(package)
            for cell in ElementTree.fromstring(package.read(part)).iter(f"{_MAIN}c")
            if cell.find(f"{_MAIN}f") is not None and cell.get("s", "0") in percent
        }


def _sheets(package: zipfile.ZipFile) -> list[tuple[str, str]]:
    """(name, part of the package) of each sheet."""
    links = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
    parts = {link.attrib["Id"]: link.attrib["Target"].removeprefix("/xl/") for link in links}
    book = ElementTree.fromstring(package.read("xl/workbook.xml"))
    return [(sheet.attrib["name"], "xl/" + parts[sheet.attrib[_LINK]]) for sheet in book.iter(f"{_MAIN}sheet")]


def _result(cell: ElementTree.Element) -> Any:
    value = cell.find(f"{_MAIN}v")
    if value is None:
        return None
    text, kind = value.text or "", cell.get("t", "n")
    if kind == "b":
        return text == "1"
    return float(text) if kind == "n" and text else text


def with_stored_results(path: Path, copy: Path, result: str | None) -> Path:
    """A copy of a workbook in which every formula's stored result is `result`, or removed where that is None."""

    def replaced(found: re.Match[str]) -> str:
        stored = "" if result is None else f"<v>{result}</v>"
        return f"<c{_TYPE.sub('', found[1])}>{found[2]}{stored}</c>"

    with zipfile.ZipFile(path) as source, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            if _SHEET.fullmatch(name):
                text, count = _FORMULA_CELL.subn(replaced, data.decode())
                assert count == len(re.findall(r"<c\b[^>]*><f\b", text)), f"{name}: a formula cell was not understood"
                data = text.encode()
            target.writestr(name, data)
    return copy


# The engines


def libreoffice(paths: Sequence[Path], folder: Path) -> list[Values]:
    """What LibreOffice computes for each workbook; all in one start of it."""
    emptied = [with_stored_results(path, folder / f"{number}.xlsx", None) for number, path in enumerate(paths)]
    computed = convert(emptied, folder)
    found = [stored_results(path) for path in computed]
    return [{cell: of.get(cell) for cell in stored_results(path)} for path, of in zip(paths, found, strict=True)]


def convert(paths: Sequence[Path], folder: Path, kind: str = "xlsx") -> list[Path]:
    """Workbooks opened and saved again by LibreOffice as `kind` (xlsx, ods, xls, pdf), into `folder`/saved."""
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    if soffice is None:
        not_there("LibreOffice (soffice) is not installed")
    saved = folder / "saved"
    profile = (folder / "profile").as_uri()
    options = ["--headless", f"-env:UserInstallation={profile}", "--convert-to", kind, "--outdir", str(saved)]
    run = subprocess.run([soffice, *options, *map(str, paths)], capture_output=True, text=True, check=False)
    results = [(saved / path.name).with_suffix(f".{kind}") for path in paths]
    assert all(path.is_file() for path in results), f"LibreOffice converted nothing:\n{run.stdout}{run.stderr}"
    return results


def ironcalc(paths: Sequence[Path], folder: Path) -> list[Values]:
    """What IronCalc computes for each workbook."""
    return [_values(path, ironcalc_model(path, folder / f"{number}.xlsx")) for number, path in enumerate(paths)]


def ironcalc_model(path: Path, scratch: Path) -> Callable[[str, int, int], Any]:
    """IronCalc's answer for (sheet, row, column) of a workbook."""
    model = _ironcalc(path, scratch)
    sheets = [sheet["name"] for sheet in model.get_worksheets_properties()]
    return lambda sheet, row, column: model.get_cell_value(sheets.index(sheet), row, column)


def displayed(path: Path, scratch: Path) -> Callable[[str, int, int], str]:
    """The text that IronCalc shows for (sheet, row, column): the value in the cell's number format."""
    model = _ironcalc(path, scratch)
    sheets = [sheet["name"] for sheet in model.get_worksheets_properties()]
    return lambda sheet, row, column: str(model.get_formatted_cell_value(sheets.index(sheet), row, column))


def _ironcalc(path: Path, scratch: Path) -> Any:
    if importlib.util.find_spec("ironcalc") is None:
        not_there("ironcalc is not installed")
    model = importlib.import_module("ironcalc").load_from_xlsx(str(with_stored_results(path, scratch, _NONSENSE)))
    model.evaluate()
    return model


def fresh_formualizer(paths: Sequence[Path], folder: Path) -> list[Values]:
    """What formualizer computes from the written file: not from the layout, as it does when kars-xl writes."""
    found = []
    for number, path in enumerate(paths):
        book: Any = formualizer.load_workbook(str(with_stored_results(path, folder / f"{number}.xlsx", _NONSENSE)))
        book.evaluate_all()
        found.append(_values(path, book.get_value))
    return found


ENGINES: dict[str, Engine] = {
    "LibreOffice": libreoffice,
    "IronCalc": ironcalc,
    "formualizer": fresh_formualizer,
}


def not_there(reason: str) -> NoReturn:
    """Skips the test; where KARS_XL_REQUIRE_ORACLES=1 (as in CI) it fails."""
    if os.environ.get("KARS_XL_REQUIRE_ORACLES") == "1":
        pytest.fail(f"{reason}, and KARS_XL_REQUIRE_ORACLES=1")
    pytest.skip(reason)


def _values(path: Path, value_at: Callable[[str, int, int], Any]) -> Values:
    return {(sheet, cell): value_at(sheet, *coordinate_to_tuple(cell)) for sheet, cell in stored_results(path)}


# Comparing


def differences(stored: Values, computed: Values, shares: Set[Cell]) -> list[str]:
    """The formula cells whose results differ: amounts by half a kuruş, `shares` by 1e-9, texts at all."""
    return [
        f"{sheet}!{cell}: stored {value!r}, computed {computed[sheet, cell]!r}"
        for (sheet, cell), value in stored.items()
        if not _equal(value, computed[sheet, cell], SHARE_TOLERANCE if (sheet, cell) in shares else HALF_KURUS)
    ]


def _equal(stored: Any, computed: Any, tolerance: float) -> bool:
    numbers = [isinstance(value, int | float) and not isinstance(value, bool) for value in (stored, computed)]
    if not all(numbers):
        return type(stored) is type(computed) and bool(stored == computed)
    return bool(abs(stored - computed) < tolerance)


def recomputed_grid(path: Path, values: Values) -> Grid:
    """The workbook as a reader would see it who opened and recalculated it in the engine that gave `values`."""
    grid = open_grid(str(path))
    for sheet in grid.sheets:
        for cell in sheet.cells.values():
            if cell.formula is not None:
                value = values[sheet.name, cell.place.cell]
                cell.value = Decimal(repr(value)) if isinstance(value, int | float) else value
    return grid


def figures(document: Document) -> dict[Figure, int]:
    """Every amount of the official tables in kuruş, by what it is and not by where it stands."""
    found: dict[Figure, int] = {}
    for key, kurus in _figures(document):
        assert key not in found, f"{key} stands twice in {document.file}"
        assert kurus is not None, f"{key} can't be read in {document.file}"
        found[key] = kurus
    return found


def _figures(document: Document) -> Iterator[tuple[Figure, int | None]]:
    for table in document.tables:
        if isinstance(table, CostTable):
            code = table.heading.codes["activity_name"]
            for key, amount in (table.amounts | table.totals).items():
                yield ("FMT", code, key.value), amount.kurus
        elif isinstance(table, TargetTable):
            for row in table.activities:
                yield from _row("PHT", row.code, row.amounts)
            for label, amounts in table.totals.items():
                yield from _row("PHT", f"{table.heading.codes['target']} {label}", amounts)
        elif isinstance(table, SummaryTable):
            for summary in [*table.rows, *table.totals.values()]:
                yield from _row("İPT", summary.code or summary.label, summary.amounts)
        elif isinstance(table, ResourceMatrix):
            for column, cells in table.columns.items():
                for key, amount in cells.items():
                    yield ("TKT", column, key.value), amount.kurus


def _row(table: str, of: str, row: AmountRow) -> Iterator[tuple[Figure, int | None]]:
    for part, amount in (("budget", row.budget), ("extra", row.extra), ("total", row.total)):
        assert amount is not None, f"{table} {of} has no column {part}"
        yield (table, of, part), amount.kurus


def document_of(path: Path) -> Document:
    """The official tables of a workbook as its stored results show them."""
    return recognise(open_grid(str(path)))
