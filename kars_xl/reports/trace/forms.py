"""The forms that a workbook was merged from: where they lie now, and whether they still are what they were."""

import hashlib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kars_xl.base.place import Place, a1
from kars_xl.base.text import writable
from kars_xl.findings.finding import Finding, finding
from kars_xl.reading.files import held_files
from kars_xl.reading.grid import UnreadableFile, file_bytes, open_grid
from kars_xl.reading.grid.cells import CellValue, Sheet
from kars_xl.reading.kaynak_sheet import place_in_form
from kars_xl.reports.trace.book import Address
from kars_xl.reports.trace.facts import ORDER, Fact, Origin, figure_in
from kars_xl.reports.trace.tree import Tree, precedents, shown

SAME, CHANGED, MISSING = "same", "changed", "missing"


@dataclass(frozen=True, slots=True)
class Form:
    """A form as it is now; `path` is "" where it was not found. Without a known hash it passes for unchanged."""

    name: str
    path: str = ""
    state: str = MISSING


def usual_folders(workbook: str) -> list[tuple[Path, bool]]:
    """Where forms lie when nobody says it, each with whether its subfolders are searched too."""
    here, output = Path.cwd(), Path(workbook).resolve().parent
    around = [(folder / "inputs", True) for folder in (here, here.parent, output, output.parent)]
    return [*around, (output, False)]


class Forms:
    """Finds each form once, and reads it only where it has changed."""

    def __init__(self, folders: Sequence[tuple[Path, bool]]) -> None:
        self._folders = folders
        self._files: dict[Path, list[Path]] = {}
        self._found: dict[tuple[str, str], Form] = {}
        self._sheets: dict[str, dict[str, Sheet]] = {}
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
        place = place_in_form(form.path, origin.row.sheet, origin.cell)
        if form.state != CHANGED or place is None:
            return ""
        changes = self._changes.setdefault(form.path, {})
        sheet = self._read(form.path).get(origin.row.sheet)
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
        for path in dict.fromkeys(form.path for form in self.all() if form.state == CHANGED):
            changes = self._changes.get(path)
            if not changes:
                found.append(finding("KX603", Place(path), what="izlenen rakamları aynı"))
                continue
            place, *others = changes
            what = f"{place.sheet} ▸ {place.cell}: {changes[place]}"
            what += f"; {len(others)} hücre daha" if others else ""
            found.append(finding("KX603", place, related=others, what=what))
        return found

    def _find(self, name: str, digest: str) -> Form:
        found = [path for path in self._candidates() if is_file(name, path)]
        for path in found:
            with suppress(UnreadableFile):
                if not digest or hashlib.sha256(file_bytes(str(path))).hexdigest() == digest:
                    return Form(name, _short(path), SAME)
        return Form(name, _short(found[0]), CHANGED) if found else Form(name)

    def _candidates(self) -> Iterator[Path]:
        """The folders' files by their whole paths, in order; nothing of what can't be read."""
        for folder, below in self._folders:
            if folder not in self._files:
                whole = folder.resolve()
                with suppress(OSError):
                    found = (path for path in (whole.rglob("*") if below else whole.iterdir()) if path.is_file())
                    self._files[folder] = [Path(file) for path in sorted(found) for file in held_files(str(path))]
            yield from self._files.get(folder, ())

    def _read(self, path: str) -> dict[str, Sheet]:
        if path not in self._sheets:
            self._sheets[path] = {}
            with suppress(UnreadableFile):
                self._sheets[path] = {sheet.name: sheet for sheet in open_grid(path).sheets}
        return self._sheets[path]


def _short(path: Path) -> str:
    """The path from the current directory, where it lies below that."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def is_file(name: str, path: Path) -> bool:
    """Whether Kaynak's `name` (a file's, after folders) is that of a path, compared as file systems do it: without
    regard to capitals and to how letters are composed."""
    wanted = unicodedata.normalize("NFC", name).casefold().split("/")
    return [unicodedata.normalize("NFC", writable(it)).casefold() for it in path.parts[-len(wanted) :]] == wanted


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


def feeds_of(tree: Tree, starts: Iterable[Address]) -> list[Feed]:
    """All that follows from the cells `starts`, as the figure goes: cost table, target, summary, Tablo 11, the rest."""
    # For each cell the cells whose formulas take their value from it.
    followers: dict[Address, list[Address]] = defaultdict(list)
    for cell in tree.book.formulas():
        for address in precedents(tree.book, cell).cells:
            followers[address].append((cell.sheet, cell.row, cell.column))
    steps: dict[Address, int] = {}
    level = dict.fromkeys(starts)
    while level:
        steps.update(dict.fromkeys(level, max(steps.values(), default=-1) + 1))
        level = {address: None for one in level for address in followers.get(one, ()) if address not in steps}
    sheets = {name: number for number, name in enumerate(tree.book.sheets)}
    found = []
    for address, step in steps.items():
        cell = tree.book.sheets[address[0]].cells[address[1:]]
        fact = tree.fact(cell)
        found.append(Feed(address, fact, cell.value, shown(cell, fact.kind), step))
    return sorted(found, key=lambda it: (ORDER.index(it.fact.table), sheets[it.address[0]], it.step, it.address))
