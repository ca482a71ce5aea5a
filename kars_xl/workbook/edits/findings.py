"""What somebody changed in the workbook after it was written, as findings: one for each cause."""

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from decimal import Decimal
from itertools import groupby
from pathlib import PurePath
from typing import TypeVar

from kars_xl.base.money import format_as
from kars_xl.base.place import Place, a1, column_letters
from kars_xl.base.text import clipped, lower
from kars_xl.findings.finding import ADVICE, ERROR, WARNING, Finding, finding
from kars_xl.reading.grid.cells import Cell, Grid, Sheet
from kars_xl.reading.recognise import recognise
from kars_xl.workbook.edits.compare import Change, Kind, changes, unlike_written
from kars_xl.workbook.edits.match import Axis, Matching, Pair, Span, match, plain_text
from kars_xl.workbook.edits.record import DamagedRecord, read_record

# From this many cells in a block on, they are said once.
_BLOCK = 4
_LONGEST = 301

Block = list[Change]
T = TypeVar("T")


def changes_since_written(grid: Grid) -> list[Finding] | None:
    """KX601, KX602, KX604 for every change since kars-xl wrote the workbook, KX605 where that can't be told.
    None: kars-xl did not write it, or its record was deleted."""
    try:
        record = read_record(grid)
    except DamagedRecord as error:
        return [finding("KX605", Place(grid.file), extent="denetlenemedi", reason=str(error))]
    if record is None:
        return None
    matching = match(record, grid)
    readable = PurePath(grid.file).suffix.lower() != ".xls" or any(
        cell.formula is not None for sheet in grid.sheets for cell in sheet.cells.values()
    )
    changed = list(changes(matching, formulas=readable))
    edits = [change for change in changed if change.kind is not Kind.RESULT]
    looks = list(unlike_written(matching, record.unlike))
    # Which sheets were written with one of the five tables is asked only where it matters.
    tables = recognise(Grid(grid.file, record.sheets)).tables if looks or matching.removed else ()
    official = {table.place.sheet for table in tables}
    structure = list(moves(matching, grid.file, official))
    seen = list(_seen(looks, official))
    consequences = len(changed) - len(edits) if len(edits) == 1 and not structure else 0
    # Where something was edited, other results follow from it and are no edits of their own.
    told = edits if edits or structure else changed
    found = [_finding(block, consequences) for block in _blocks(told)]
    if not readable:
        extent, reason = "tam denetlenemedi", "bu dosya türünde formüller okunamıyor, yalnız değerler karşılaştırıldı"
        structure.append(finding("KX605", Place(grid.file), severity=WARNING, extent=extent, reason=reason))
    order = {sheet.name: at for at, sheet in enumerate(grid.sheets)}
    return sorted([*structure, *found, *seen], key=lambda item: (order.get(item.place.sheet, -1), *item.place[2:]))


def _seen(looks: Iterable[tuple[Cell, Cell, str, str]], official: Set[str]) -> Iterator[Finding]:
    """KX606 once for each sheet and reason: what is not seen as it was written. Another figure is an error."""
    groups: dict[tuple[str, str], list[tuple[Cell, Cell, str]]] = {}
    for written, current, shown, why in looks:
        if written.sheet in official:
            groups.setdefault((current.sheet, why), []).append((written, current, shown))
    for (_, why), group in groups.items():
        written, _, shown = group[0]
        place, *related = (cell.place for _, cell, _ in group)
        severity, reason = WARNING, why
        if why == "other":
            severity, reason = ERROR, f"yazılan {_text(written, written.number_format)}, görünen “{shown}”"
        yield finding("KX606", place, severity=severity, related=related, count=str(len(group)), reason=reason)


def _blocks(edits: Sequence[Change]) -> Iterator[Block]:
    """Changes of one kind in neighbouring cells: first down each column, then columns of the same rows side by side."""

    def alike(change: Change) -> tuple[str, str, str]:
        return change.place.sheet, change.kind.name, severity(change)

    def rows(run: Block) -> list[int]:
        return [change.place.row for change in run]

    ordered = sorted(edits, key=lambda change: (alike(change), change.place.column, change.place.row))
    for _, group in groupby(ordered, key=alike):
        runs = _runs(group, lambda a, b: a.place.column == b.place.column and a.rank + 1 == b.rank)
        columns = sorted(runs, key=lambda run: (rows(run), run[0].place.column))
        for beside in _runs(columns, lambda a, b: rows(a) == rows(b) and a[0].place.column + 1 == b[0].place.column):
            block = [change for run in beside for change in run]
            whole = len(block) >= _BLOCK
            yield from [sorted(block, key=lambda change: change.place)] if whole else ([change] for change in block)


def _runs(items: Iterable[T], follows: Callable[[T, T], bool]) -> list[list[T]]:
    """The items in their order, cut where one does not follow the one before."""
    runs: list[list[T]] = []
    for item in items:
        if runs and follows(runs[-1][-1], item):
            runs[-1].append(item)
        else:
            runs.append([item])
    return runs


def severity(change: Change) -> str:
    """A formula or a figure is an error, a wording a warning, what was only added an advice if it is no number."""
    if change.kind.loses_formula:
        return ERROR
    if change.kind is Kind.ADDED:
        return ADVICE if change.current is not None and isinstance(change.current.value, str) else WARNING
    return ERROR if change.is_figure else WARNING


def _finding(block: Block, consequences: int) -> Finding:
    """Changes of one kind, shown by the first of them; `consequences` other formulas' results followed."""
    first, places = block[0], [change.place for change in block]
    expected, found = _texts(first)
    current, more = first.current, ""
    now = "formül" if current is not None and current.formula is not None else _noun(current).lower()
    what = first.kind.value.format(was=_noun(first.written), now=now)
    sides = [("expected", first.written), ("found", current)]
    values = [(name, cell.text if cell else "") for name, cell in sides]
    formulas = [(name, cell.formula) for name, cell in sides if cell and cell.formula is not None]
    values += [(f"{name}_formula", "=" + formula.removeprefix("=")) for name, formula in formulas]
    if len(block) > 1:
        _, _, rows, columns = zip(*places, strict=True)
        corners = f"{a1(min(rows), min(columns))}:{a1(max(rows), max(columns))}"
        what = f"{len(block)} hücrede ({corners}) {lower(what[0])}{what[1:]}, ilki"
        values.append(("count", str(len(block))))
        changed = sum(change.is_figure for change in block)
        if first.kind is Kind.OVERWRITTEN and changed:
            more = f" {changed} hücrede rakam da değişmiş."
    if consequences:
        more += f" Buna bağlı {consequences} formülün sonucu değişmiş."
    facts = {"what": what, "found": found, "expected": expected, "more": more}
    code = "KX602" if first.kind.loses_formula else "KX601"
    return finding(code, places[0], severity=severity(first), values=values, related=places[1:], **facts)


def _noun(cell: Cell | None) -> str:
    value = cell.value if cell is not None else None
    if isinstance(value, Decimal):
        return "Tarih" if isinstance(cell, Cell) and cell.is_date else "Sayı"
    return "Metin" if isinstance(value, str) else "Değer"


def _texts(change: Change) -> list[str]:
    """[as written, as it stands now], formulas with results; in full where rounding would make them look alike."""
    sides = written, current = change.written, change.current
    style = "%" if current and current.is_percent else ""
    if written and isinstance(written.value, Decimal):
        # Whatever format the number has now.
        style = written.number_format
    texts = [_text(cell, style) for cell in sides]
    if texts[0] == texts[1] and all(sides) and len({cell.value for cell in sides if cell}) > 1:
        texts = [_text(cell, style, full=True) for cell in sides]
    return [
        text
        if cell is None or cell.formula is None
        else f"{clipped('=' + cell.formula.removeprefix('of:').removeprefix('='), _LONGEST)} (sonucu {text})"
        for cell, text in zip(sides, texts, strict=True)
    ]


def _text(cell: Cell | None, style: str, *, full: bool = False) -> str:
    value = cell.value if cell else None
    if cell is None or value is None or value == "":
        return "boş"
    if isinstance(value, bool):
        return "DOĞRU" if value else "YANLIŞ"
    if isinstance(value, str):
        return f"“{clipped(value, _LONGEST)}”"
    if not isinstance(value, Decimal):
        return cell.text
    if cell.is_date and abs(value) < 2_900_000:
        return cell.day
    return format_as(value, style, full=full)


def moves(matching: Matching, file: str, official: Set[str]) -> Iterator[Finding]:
    """The findings at the place where something is now: a sheet's at its first cell, a removed sheet's at the file."""
    for old in matching.removed:
        if old.name in official:
            yield finding("KX607", Place(file), what=f"“{old.name}” sayfası")
        else:
            yield finding("KX604", Place(file), what=f"“{old.name}” sayfası silinmiş")
    for new in matching.added:
        yield finding("KX604", Place(file, new.name), what=f"“{new.name}” sayfası eklenmiş")
    for pair in matching.pairs:
        if pair.renamed:
            what = f"Sayfanın adı değiştirilmiş: kars-xl'in yazdığı “{pair.written.name}”, şimdi “{pair.current.name}”"
            yield finding("KX604", Place(file, pair.current.name), what=what)
        yield from _lines(pair, pair.rows[0], 0)
        yield from _lines(pair, pair.columns[0], 1)


def _lines(pair: Pair, axis: Axis, of: int) -> Iterator[Finding]:
    """Inserted and deleted rows (`of` 0) or columns (1)."""

    def start(line: int) -> Place:
        return Place(pair.current.file, pair.current.name, *((1, line) if of else (line, 1)))

    def inside(sheet: Sheet, span: Span) -> list[Cell]:
        return [cell for at, cell in sorted(sheet.cells.items()) if span[0] <= at[of] <= span[1]]

    for span in axis.inserted:
        what = f"{_named(span, of)} eklenmiş{_content(inside(pair.current, span))}"
        yield finding("KX604", start(span[0]), severity=WARNING, what=what)
    for span in axis.deleted:
        gone = inside(pair.written, span)
        what = f"{_named(span, of)} silinmiş (numarası yazıldığındaki){_content(gone)}"
        lost = any(cell.formula is not None or isinstance(cell.value, Decimal) for cell in gone)
        # The line that stands where the deleted ones were.
        line = next(first + shift for first, _, shift in axis.runs if first > span[1])
        yield finding("KX604", start(line), severity=ERROR if lost else WARNING, what=what)


def _named(span: Span, of: int) -> str:
    first, last = (str(line) if of == 0 else column_letters(line) for line in span)
    noun = ("satır", "satırlar") if of == 0 else ("sütun", "sütunlar")
    return f"{first}. {noun[0]}" if first == last else f"{first}–{last}. {noun[1]}"


def _content(inside: Sequence[Cell]) -> str:
    """What stands (or stood) in lines: their first wording, and how many figures."""
    numbers = sum(isinstance(cell.value, Decimal) for cell in inside)
    texts = (cell.value for cell in inside if isinstance(cell.value, str) and cell.value.strip())
    text = clipped(plain_text(next(texts, "")), _LONGEST)
    parts = ([f"“{text}”"] if text else []) + ([f"{numbers} sayı"] if numbers else [])
    return f": {', '.join(parts)}" if parts else ""
