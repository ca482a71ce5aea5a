"""A programme's source in, a folder with one file for each tidy table out, or the tables as pandas frames. CSV is for
Excel on a Turkish computer; JSON and Parquet are for programs."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from kars_xl.base.atomic import system_reason, write_atomically
from kars_xl.base.place import Place
from kars_xl.checking.source import Source, read_source
from kars_xl.findings.finding import Finding, finding, refused_target
from kars_xl.reading.files import Progress
from kars_xl.reports.export import Export
from kars_xl.reports.export.rows import FLAG, INTEGER, MONEY, NUMBER, TEXT, Column, Row, Shape, tables_of

if TYPE_CHECKING:
    import pandas as pd

# Of a file of comma-separated values Excel makes formulas, numbers and dates of what only looks like one: "=1+1",
# "0-3", "5 Mart", "12/5". An apostrophe in front keeps it the text that it is.
_MONTHS = (
    "oca(?:k)?|şub(?:at)?|mar(?:t)?|nis(?:an)?|may(?:ıs)?|haz(?:iran)?|tem(?:muz)?|ağu(?:stos)?|eyl(?:ül)?|eki(?:m)?"
    "|kas(?:ım)?|ara(?:lık)?|jan(?:uary)?|feb(?:ruary)?|march|apr(?:il)?|june?|july?|aug(?:ust)?|sep(?:tember)?"
    "|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_BETWEEN = r"[\s.,/\-–]*"
_TAKEN = re.compile(
    r"[\t\r]"
    r"|\s*(?:[=+\-@].*\S"
    r"|[(₺$€%]*\d[\d\s.,:;/\-–()%₺$€e+]*"
    rf"|\d+{_BETWEEN}(?:{_MONTHS})(?:{_BETWEEN}\d+)?"
    rf"|(?:{_MONTHS}){_BETWEEN}\d+(?:{_BETWEEN}\d+)?"
    r"|doğru|yanlış|true|false)\s*$",
    re.IGNORECASE | re.DOTALL,
)
# Digits before and behind the decimal mark of a figure in Parquet; money has two behind.
_DIGITS, _SCALE, _CENTS = 38, 18, 2
# Money and figures stay Python's Decimal, exact in every sum.
_TYPES = {TEXT: "string", INTEGER: "Int64", FLAG: "boolean"}


def export_data(
    path: str,
    kind: str,
    output: str | None = None,
    *,
    plan: str | None = None,
    latest: bool = True,
    progress: Progress = lambda _: None,
) -> Export:
    """A merged workbook, a published programme or a folder of forms → its tidy tables in the folder `output`. `kind` is
    one of WRITERS. An error in the source, and nothing is written, as when forms are merged."""
    given = Path(path).resolve()
    # program.xlsx → program_veri, beside it.
    target = Path(output or given.with_name(f"{given.name if given.is_dir() else given.stem}_veri"))
    if problem := _refused(path, target):
        return Export((problem,))
    source = read_source([path], plan=plan, latest=latest, progress=progress)
    if source.failed:
        return Export(source.findings)
    progress("tablolar yazılıyor")
    tables = {f"{shape.name}.{kind}": (shape, rows) for shape, rows in tables_of(source)}
    if refused := [it for name in tables for it in refused_target(str(target / name), source.reading.files)]:
        return Export((*source.findings, *refused))
    try:
        files = {name: WRITERS[kind](*table) for name, table in tables.items()}
    except ImportError:
        problem = finding("KX012", Place(str(target)), what=kind.capitalize(), library="pyarrow")
        return Export((*source.findings, problem))
    try:
        _write(target, files)
    except OSError as error:
        place = Place(str(error.filename2 or error.filename or target))
        return Export((*source.findings, finding("KX006", place, reason=system_reason(error))))
    return Export(source.findings, str(target), tuple((name, len(rows)) for name, (_, rows) in tables.items()))


def _refused(source: str, target: Path) -> Finding | None:
    if not Path(source).exists():
        return finding("KX007", Place(source))
    reason = ""
    if Path(source).is_dir() and target.resolve().is_relative_to(Path(source).resolve()):
        # Merging the folder again would take the tables for forms.
        reason = "veri, formların klasörünün içine yazılamaz"
    elif target.exists() and not target.is_dir():
        reason = "bu bir klasör değil, dosya"
    return finding("KX006", Place(str(target)), remedy="elsewhere", reason=reason) if reason else None


def _write(target: Path, files: Mapping[str, bytes]) -> None:
    """All files or none: a new folder is moved into place whole; in an old one each file is tried first."""
    if target.exists():
        # A file that Excel has open or that is read-only is known before any other is replaced.
        for path in filter(Path.exists, (target / name for name in files)):
            if not path.stat().st_mode & 0o200:
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
            with open(path, "r+b"):
                pass
        for name, data in files.items():
            write_atomically(target / name, data)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".kars-xl-", dir=target.parent, ignore_cleanup_errors=True) as scratch:
        for name, data in files.items():
            write_atomically(Path(scratch, target.name, name), data)
        os.rename(Path(scratch, target.name), target)


def csv_bytes(shape: Shape, rows: Sequence[Row]) -> bytes:
    """UTF-8 with its mark, semicolons, decimal commas, line ends of Windows: Excel opens it with a double click."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow(column.name for column in shape.columns)
    writer.writerows(map(_cell, shape.columns, row) for row in rows)
    return stream.getvalue().encode("utf-8-sig")


def json_bytes(shape: Shape, rows: Sequence[Row]) -> bytes:
    """A list of objects, one a line; amounts and figures are decimal strings, blanks null."""
    names = [column.name for column in shape.columns]
    objects = (dict(zip(names, row, strict=True)) for row in rows)
    lines = [json.dumps(each, ensure_ascii=False, default=lambda figure: f"{figure:f}") for each in objects]
    return ("[\n" + ",\n".join(lines) + "\n]\n" if lines else "[]\n").encode()


def parquet_bytes(shape: Shape, rows: Sequence[Row]) -> bytes:
    """Amounts are decimal128(38, 2), figures decimal128(38, 18). ImportError without pyarrow."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {
        TEXT: pa.string(),
        INTEGER: pa.int64(),
        FLAG: pa.bool_(),
        MONEY: pa.decimal128(_DIGITS, _CENTS),
        NUMBER: pa.decimal128(_DIGITS, _SCALE),
    }
    schema = pa.schema([(column.name, types[column.kind]) for column in shape.columns])
    # A figure finer than Parquet can hold is rounded there; all that people write is coarser.
    lines = (
        [round(it, _SCALE) if isinstance(it, Decimal) and it != round(it, _SCALE) else it for it in row] for row in rows
    )
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([dict(zip(schema.names, line, strict=True)) for line in lines], schema), sink)
    return sink.getvalue()


WRITERS: Mapping[str, Callable[[Shape, Sequence[Row]], bytes]]
WRITERS = {"csv": csv_bytes, "json": json_bytes, "parquet": parquet_bytes}


def _cell(column: Column, value: object) -> str:
    if value is None:
        return ""
    if column.kind == TEXT:
        return guarded(str(value))
    if column.kind == FLAG:
        return "evet" if value else "hayır"
    return f"{value:f}".replace(".", ",") if isinstance(value, Decimal) else str(value)


def guarded(text: str) -> str:
    """The text, with an apostrophe in front where Excel would make something else of it."""
    return "'" + text if _TAKEN.match(text) else text


class Frames(Struct, frozen=True):
    """The tidy tables of one programme, one fact a row; docs/api.md lists their columns. Amounts (`tutar`) are Decimal
    in TL with two places, figures (`deger`) Decimal; a blank is NA or None."""

    programme: pd.DataFrame
    targets: pd.DataFrame
    activities: pd.DataFrame
    costs: pd.DataFrame
    overheads: pd.DataFrame
    units: pd.DataFrame
    indicators: pd.DataFrame
    general_tables: pd.DataFrame
    sources: pd.DataFrame


def frames_of(source: Source) -> Frames:
    """The frames of a source that has no error."""
    return Frames(**{shape.attribute: _frame(shape.columns, rows) for shape, rows in tables_of(source)})


def _frame(columns: tuple[Column, ...], rows: list[Row]) -> pd.DataFrame:
    import pandas as pd

    types = ((column.name, _TYPES.get(column.kind, "object")) for column in columns)
    return pd.DataFrame({it: pd.Series([row[at] for row in rows], dtype=of) for at, (it, of) in enumerate(types)})
