"""Where a figure comes from, down to the forms' cells; and which figures a form's cell goes into. The formulas lead
from cell to cell, the sheet Kaynak from a table's figure to the form that gave it."""

import hashlib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path, PurePath

from msgspec import Struct, field

from kars_xl.base.place import Place
from kars_xl.base.text import few, read_code, writable
from kars_xl.findings.finding import Finding, finding
from kars_xl.reading.files import Reading, held_files, open_file
from kars_xl.reading.grid import UnreadableFile, file_bytes, open_grid
from kars_xl.reading.grid.cells import Sheet
from kars_xl.reading.kaynak_sheet import place_in_form
from kars_xl.reading.recognise import recognise
from kars_xl.reports.trace.book import Address, Book, WrongAddress, find_cell
from kars_xl.reports.trace.facts import ORDER, OTHER, Origin, facts_of, figure_in
from kars_xl.reports.trace.tree import Node, Tree, precedents

__all__ = ["Feeds", "Trace", "Unopened", "WrongAddress", "trace_back", "trace_forward"]


SAME, CHANGED, MISSING = "same", "changed", "missing"


class Form(Struct, frozen=True, dict=True):
    """A form as it is now; `path` is "" where it was not found. Without a known hash it passes for unchanged. `changes`
    say of the cells that were asked for what differs now."""

    name: str
    path: str = ""
    state: str = MISSING
    changes: dict[Place, str] = field(default_factory=dict)

    @cached_property
    def sheets(self) -> Mapping[str, Sheet]:
        """None of a form that can't be read."""
        with suppress(UnreadableFile):
            return {sheet.name: sheet for sheet in open_grid(self.path).sheets}
        return {}


class Forms:
    """Finds each form once, and reads it only where it has changed."""

    def __init__(self, folders: Sequence[tuple[Path, bool]]) -> None:
        self._folders = folders
        # What was asked for, in that order.
        self.found: dict[tuple[str, str], Form] = {}

    def form(self, origin: Origin) -> Form:
        key = origin.row.file, origin.row.digest
        if key not in self.found:
            self.found[key] = self._find(*key)
        return self.found[key]

    def now(self, origin: Origin) -> str:
        """What the cell of a changed form says today, where that is another figure; "" otherwise."""
        form = self.form(origin)
        place = place_in_form(form.path, origin.row.sheet, origin.cell)
        if form.state != CHANGED or place is None:
            return ""
        sheet = form.sheets.get(origin.row.sheet)
        if sheet is None:
            form.changes[place] = text = "sayfası yok"
            return text
        value, text = figure_in(sheet.cells.get((place.row, place.column)), origin.key)
        if value == origin.value and (value is not None or text in (origin.text, "boş")):
            return ""
        form.changes[place] = f"{origin.text or 'boş'} idi, şimdi {text}"
        return text

    def findings(self) -> Iterator[Finding]:
        """KX603 for each form that is not the one that was merged, at its first figure that differs."""
        for form in (form for form in self.found.values() if form.state == CHANGED):
            place, *others = form.changes or [Place(form.path)]
            what = "izlenen rakamları aynı"
            if form.changes:
                more = f"; {len(others)} hücre daha" if others else ""
                what = f"{place.sheet} ▸ {place.cell}: {form.changes[place]}{more}"
            yield finding("KX603", place, related=others, what=what)

    def _find(self, name: str, digest: str) -> Form:
        here, found = Path.cwd(), [path for path in self._files if is_file(name, path)]
        # From the current directory, where they lie below that.
        shown = [str(path.relative_to(here) if path.is_relative_to(here) else path) for path in found]
        for path in shown:
            with suppress(UnreadableFile):
                if not digest or hashlib.sha256(file_bytes(path)).hexdigest() == digest:
                    return Form(name, path, SAME)
        return Form(name, shown[0], CHANGED) if shown else Form(name)

    @cached_property
    def _files(self) -> list[Path]:
        """The folders' files by their whole paths, in order; nothing of what can't be read."""
        found: list[Path] = []
        for folder, below in self._folders:
            whole = folder.resolve()
            with suppress(OSError):
                files = sorted(path for path in (whole.rglob("*") if below else whole.iterdir()) if path.is_file())
                found += (Path(file) for path in files for file in held_files(str(path)))
        return found


def is_file(name: str, path: Path) -> bool:
    """Whether Kaynak's `name` (a file's, after folders) is a path's, whatever its capitals and composed letters."""
    wanted = unicodedata.normalize("NFC", name).casefold().split("/")
    return [unicodedata.normalize("NFC", writable(it)).casefold() for it in path.parts[-len(wanted) :]] == wanted


def feeds_of(tree: Tree, starts: Iterable[Address]) -> list[Node]:
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
    found = [tree.leaf(address, step) for address, step in steps.items()]
    return sorted(found, key=lambda it: (ORDER.index(it.fact.table), sheets[it.sheet], it.step, it.address))


class Unopened(Exception):
    """A file that can't be read; `finding` says why."""

    def __init__(self, found: Finding) -> None:
        super().__init__(found.message)
        self.finding = found


class Trace(Struct, frozen=True):
    """The tree of a figure, the forms that it leads to, what is wrong with them, and what there is to say of all."""

    root: Node
    forms: Forms
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]


class Feeds(Struct, frozen=True):
    """A form's cell and all that it feeds, as a figure goes; `why` says why there is nothing."""

    file: str
    start: Node
    feeds: tuple[Node, ...]
    findings: tuple[Finding, ...]
    why: str = ""


def open_tree(path: str, *, formulas: bool = False) -> Tree:
    """A workbook, or a form, with all that is asked of it. Raises Unopened, and WrongAddress where `formulas` are
    needed and can't be read."""
    reading = Reading()
    grid = open_file(path, reading)
    if grid is None:
        raise Unopened(reading.findings[0])
    tree = Tree(Book(grid), facts_of(recognise(grid)))
    name = PurePath(path)
    if formulas and name.suffix.lower() not in (".xlsx", ".xlsm", ".ods") and not any(tree.book.formulas()):
        raise WrongAddress(f"{name.name}: bu tür dosyada formüller okunamaz, rakam izlenemez; .xlsx olarak kaydedin.")
    return tree


def trace_forward(path: str, address: str, folders: Sequence[str] = (), opened: Tree | None = None) -> Trace:
    """The tree of the cell `address` ("Sheet!Cell", or an activity's code) of a workbook, which may be `opened`; forms
    are looked for in `folders`. Raises Unopened for the workbook, WrongAddress for an address of no filled cell."""
    workbook = opened or open_tree(path, formulas=True)
    root = workbook.node(activity_total(workbook, address) or find_cell(workbook.book, address))
    # Where forms lie when nobody says it; in the workbook's own folder its subfolders are not searched.
    here, output = Path.cwd(), Path(path).resolve().parent
    usual = [(folder / "inputs", True) for folder in (here, here.parent, output, output.parent)]
    forms = Forms([(Path(folder), True) for folder in folders] or [*usual, (output, False)])
    for origin in origins_below(root):
        forms.now(origin)
    no_source = "Kaynak sayfası yok: rakamlar yalnız formüllerle izlendi, uçlardaki hücrelerin kaynağı bilinmiyor."
    notes = [] if workbook.origins.present else [no_source]
    if missing := [form.name for form in forms.found.values() if not form.path]:
        advice = "Bulundukları klasörü --forms ile gösterirseniz değişip değişmedikleri denetlenir."
        notes.append(f"Bulunamayan form: {few(missing, 2)}. {advice}")
    return Trace(root, forms, tuple(forms.findings()), tuple(notes))


def activity_total(tree: Tree, text: str) -> Address | None:
    """The cell of an activity's whole cost, where `text` is its code; None where it is something else."""
    code = read_code(text)
    if code is None or code[0] != "F":
        return None
    name = f"F.{code[1]}"
    own = [(fact.table, at) for at, fact in tree.facts.items() if fact.key is None and fact.parts[0].split()[0] == name]
    for wanted in ("FMT", "PHT"):
        if totals := [at for table, at in own if table == wanted]:
            return max(totals)
    raise WrongAddress(f'Kitapta {name} faaliyeti yok. Kodu kitaptaki gibi yazın ya da bir hücre verin: "Sayfa!C8".')


def nodes_below(root: Node) -> list[Node]:
    """The node and all nodes below it, each once, in the order in which a reader meets them."""
    found: dict[Node, None] = {}
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node not in found:
            found[node] = None
            waiting += [child for _, child in reversed(node.children)]
    return list(found)


def origins_below(root: Node) -> list[Origin]:
    """The forms' cells that the tree ends in, each once."""
    return list(dict.fromkeys(origin for node in nodes_below(root) for origin in node.origins))


def trace_back(path: str, form: str, address: str) -> Feeds:
    """What the cell `address` of the form `form` feeds in the workbook. Raises Unopened for either file, WrongAddress
    for an address that leads to no filled cell of the form."""
    workbook, sent = open_tree(path, formulas=True), open_tree(form)
    start = sent.leaf(find_cell(sent.book, address))
    own = Path(form).resolve()
    named = [it for origins in workbook.origins.by_key.values() for it in origins if is_file(it.row.file, own)]
    forms = Forms([(own.parent, False)])
    exact = [it for it in named if (it.row.sheet, it.cell) == (start.sheet, start.cell) and not it.whole]
    for origin in exact:
        forms.now(origin)
    if named:
        forms.form(named[0])
    key = exact[0].key if exact else start.fact.key
    starts = [address for address, found in workbook.facts.items() if key and found.key == key]
    if workbook.origins.present and not named:
        why = "Bu form çalışma kitabının Kaynak sayfasında yok: birleştirmeye girmemiş ya da adı değişmiş."
    elif key is not None:
        why = "" if starts else "Çalışma kitabında karşılığı yok."
    elif start.fact.kind == OTHER:
        why = "Bu hücre birleştirmede kullanılan bir rakam değil: etiket, ad ya da tablo dışı bir hücre."
    else:
        why = (
            "Formdaki toplamlar ve formüller birleştirmede kullanılmaz: çalışma kitabındakiler parçalarından yeniden "
            "hesaplanır. Parçaların hücrelerini izleyin."
        )
    return Feeds(form, start, () if why else tuple(feeds_of(workbook, starts)), tuple(forms.findings()), why)
