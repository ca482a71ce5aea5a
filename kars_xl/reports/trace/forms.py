"""The forms that a workbook was merged from: where they lie now, and whether they still are what they were."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kars_xl.base.place import Place, a1
from kars_xl.findings.catalogue import finding
from kars_xl.findings.finding import Finding
from kars_xl.reading.grid import Grid, UnreadableFile, open_grid
from kars_xl.reading.grid.cells import CellValue
from kars_xl.reading.kaynak_sheet import place_in_form
from kars_xl.reports.trace.book import Address, Book
from kars_xl.reports.trace.facts import ORDER, Fact, Origin, figure_in
from kars_xl.reports.trace.precedents import precedents
from kars_xl.reports.trace.tree import Tree, shown

SAME, CHANGED, MISSING = "same", "changed", "missing"
_FOLDER = "inputs"


@dataclass(frozen=True, slots=True)
class Form:
    """A form as it is now; `path` is "" where it was not found. Without a known hash it passes for unchanged."""

    name: str
    path: str = ""
    state: str = MISSING


def usual_folders(workbook: str) -> list[tuple[Path, bool]]:
    """Where forms lie when nobody says it, each with whether its subfolders are searched too."""
    here, output = Path.cwd(), Path(workbook).resolve().parent
    around = [(folder / _FOLDER, True) for folder in (here, here.parent, output, output.parent)]
    return [*around, (output, False)]


class Forms:
    """Finds each form once, and reads it only where it has changed."""

    def __init__(self, folders: Sequence[tuple[Path, bool]]) -> None:
        self._folders = folders
        self._files: dict[Path, list[Path]] = {}
        self._found: dict[tuple[str, str], Form] = {}
        self._grids: dict[str, Grid | None] = {}
        self._changes: dict[str, dict[Place, str]] = {}

    def form(self, origin: Origin) -> Form:
        key = origin.row.file, origin.row.digest
        if key not in self._found:
            self._found[key] = self._find(*key)
        return self._found[key]

    def all(self) -> list[Form]:
        """The forms that were asked for, in that order."""
        return list(self._found.values())

    def now(self, origin: Origin) -> str:
        """What the cell of a changed form says today, where that is another figure; "" otherwise."""
        form = self.form(origin)
        if form.state != CHANGED:
            return ""
        changes = self._changes.setdefault(form.path, {})
        place = place_in_form(form.path, origin.row.sheet, origin.cell)
        if place is None:
            return ""
        grid = self._grid(form.path)
        sheet = next((item for item in grid.sheets if item.name == origin.row.sheet), None) if grid else None
        if sheet is None:
            changes[place] = text = "sayfası yok"
            return text
        value, text = figure_in(sheet.cells.get((place.row, place.column)), origin.key)
        if value == origin.value and (value is not None or text in (origin.text, "boş")):
            return ""
        changes[place] = f"{origin.text or 'boş'} idi, şimdi {text}"
        return text

    def findings(self) -> list[Finding]:
        """KX603 for each form that is not the one that was merged, at its first figure that differs."""
        found = []
        for form in dict.fromkeys(self._found.values()):
            if form.state != CHANGED:
                continue
            changes = list(self._changes.get(form.path, {}).items())
            place = changes[0][0] if changes else Place(form.path)
            what = "izlenen rakamları aynı"
            if changes:
                what = f"{place.sheet} ▸ {place.cell}: {changes[0][1]}"
                what += f"; {len(changes) - 1} hücre daha" if len(changes) > 1 else ""
            found.append(finding("KX603", place, related=[other for other, _ in changes[1:]], what=what))
        return found

    def _find(self, name: str, digest: str) -> Form:
        tail = tuple(_plain(part) for part in name.split("/"))
        found = [path for path in self._candidates() if tuple(map(_plain, path.parts[-len(tail) :])) == tail]
        for path in found:
            if not digest or _sha256(path) == digest:
                return Form(name, _short(path), SAME)
        return Form(name, _short(found[0]), CHANGED) if found else Form(name)

    def _candidates(self) -> Iterator[Path]:
        for folder, below in self._folders:
            if folder not in self._files:
                self._files[folder] = list(_files(folder, below))
            yield from self._files[folder]

    def _grid(self, path: str) -> Grid | None:
        if path not in self._grids:
            try:
                self._grids[path] = open_grid(path)
            except UnreadableFile:
                self._grids[path] = None
        return self._grids[path]


def _short(path: Path) -> str:
    """The path from the current directory, where it lies below that."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _files(folder: Path, below: bool) -> Iterator[Path]:
    """The files of a folder by their whole paths, in order; nothing where it can't be read."""
    folder = folder.resolve()
    try:
        yield from sorted(path for path in (folder.rglob("*") if below else folder.iterdir()) if path.is_file())
    except OSError:
        return


def _plain(name: str) -> str:
    """A file's name as file systems compare it: without regard to capitals and to how letters are composed."""
    return unicodedata.normalize("NFC", name).casefold()


def _sha256(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


@dataclass(frozen=True, slots=True)
class Feed:
    """A cell that a figure goes into; `step` counts the formulas between, 0 for the cell that took it over."""

    address: Address
    fact: Fact
    value: CellValue
    text: str
    step: int

    @property
    def cell(self) -> str:
        return a1(*self.address[1:])


def dependents(book: Book) -> dict[Address, list[Address]]:
    """For each cell the cells whose formulas take their value from it."""
    found: dict[Address, list[Address]] = defaultdict(list)
    for cell in book.formulas():
        for address in precedents(book, cell).cells:
            found[address].append((cell.sheet, cell.row, cell.column))
    return found


def feeds_of(tree: Tree, starts: Iterable[Address]) -> list[Feed]:
    """All that follows from the cells `starts`, as the figure goes: cost table, target, summary, Tablo 11, the rest."""
    followers = dependents(tree.book)
    steps: dict[Address, int] = {}
    level = dict.fromkeys(starts)
    while level:
        steps.update(dict.fromkeys(level, max(steps.values(), default=-1) + 1))
        level = {address: None for one in level for address in followers.get(one, ()) if address not in steps}
    sheets = {name: number for number, name in enumerate(tree.book.sheets)}
    found = [_feed(tree, address, step) for address, step in steps.items()]
    return sorted(
        found, key=lambda feed: (ORDER.index(feed.fact.table), sheets[feed.address[0]], feed.step, feed.address)
    )


def _feed(tree: Tree, address: Address, step: int) -> Feed:
    cell = tree.book.cell(address)
    assert cell is not None
    fact = tree.fact(cell)
    return Feed(address, fact, cell.value, shown(cell, fact.kind), step)
