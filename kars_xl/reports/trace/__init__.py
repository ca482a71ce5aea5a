"""Where a figure comes from, down to the forms' cells; and which figures a form's cell goes into.

The formulas lead from cell to cell, the sheet Kaynak from a table's figure to the form that gave it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from kars_xl.base.place import Place, a1
from kars_xl.findings.catalogue import finding
from kars_xl.findings.finding import Finding
from kars_xl.reading.grid import Grid, UnreadableFile, open_grid
from kars_xl.reading.recognise import recognise
from kars_xl.reports.trace.book import Address, Book, WrongAddress, find_cell
from kars_xl.reports.trace.facts import OTHER, Fact, Key, Origin, fact_by_place, facts_of, read_origins
from kars_xl.reports.trace.forms import Feed, Forms, feeds_of, usual_folders
from kars_xl.reports.trace.tree import Node, Tree, shown

__all__ = ["Feeds", "Trace", "Unopened", "WrongAddress", "trace_back", "trace_forward"]

_WITH_FORMULAS = (".xlsx", ".xlsm", ".ods")


class Unopened(Exception):
    """A file that can't be read; `finding` says why."""

    def __init__(self, found: Finding) -> None:
        super().__init__(found.message)
        self.finding = found


@dataclass(frozen=True, slots=True)
class Trace:
    """The tree of a figure, the forms that it leads to, what is wrong with them, and what there is to say of all."""

    root: Node
    forms: Forms
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Feeds:
    """A form's cell and all that it feeds, as a figure goes; `why` says why there is nothing."""

    file: str
    address: Address
    fact: Fact
    text: str
    feeds: tuple[Feed, ...]
    findings: tuple[Finding, ...]
    why: str = ""

    @property
    def cell(self) -> str:
        return a1(*self.address[1:])


class _Form:
    """A form with what its cells are."""

    def __init__(self, path: str) -> None:
        self.grid = _open(path)
        self.book = Book(self.grid)
        self.facts = facts_of(recognise(self.grid))


class Workbook(_Form):
    """A workbook with all that is asked of it."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        _refuse_without_formulas(self.grid)
        self.origins = read_origins(self.book)
        self.tree = Tree(self.book, self.facts, self.origins)


def _open(path: str) -> Grid:
    if not Path(path).exists():
        raise Unopened(finding("KX007", Place(path)))
    try:
        return open_grid(path)
    except UnreadableFile as error:
        raise Unopened(finding(error.code, Place(path), reason=error.reason)) from error


def _refuse_without_formulas(grid: Grid) -> None:
    if PurePath(grid.file).suffix.lower() in _WITH_FORMULAS:
        return
    if not any(cell.formula is not None for sheet in grid.sheets for cell in sheet.cells.values()):
        name = PurePath(grid.file).name
        raise WrongAddress(f"{name}: bu tür dosyada formüller okunamaz, rakam izlenemez; .xlsx olarak kaydedin.")


def trace_forward(path: str, address: str, folders: Sequence[str] = ()) -> Trace:
    """The tree of the cell `address` ("Sheet!Cell") of a workbook; forms are looked for in `folders`.

    Raises Unopened for the workbook, WrongAddress for an address that leads to no filled cell.
    """
    workbook = Workbook(path)
    root = workbook.tree.node(find_cell(workbook.book, address))
    where = [(Path(folder), True) for folder in folders] or usual_folders(path)
    forms = Forms(where)
    for origin in origins_below(root):
        forms.now(origin)
    notes = []
    if not workbook.origins.present:
        notes.append(
            "Kaynak sayfası yok: rakamlar yalnız formüllerle izlendi, uçlardaki hücrelerin kaynağı bilinmiyor."
        )
    if missing := [form.name for form in forms.all() if not form.path]:
        advice = "Bulundukları klasörü --forms ile gösterirseniz değişip değişmedikleri denetlenir."
        notes.append(f"Bulunamayan form: {', '.join(missing)}. {advice}")
    return Trace(root, forms, tuple(forms.findings()), tuple(notes))


def nodes_below(root: Node) -> list[Node]:
    """The node and all nodes below it, each once, in the order in which a reader meets them."""
    found: dict[Address, Node] = {}
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.address not in found:
            found[node.address] = node
            waiting += [child for _, child in reversed(node.children)]
    return list(found.values())


def origins_below(root: Node) -> list[Origin]:
    """The forms' cells that the tree ends in, each once."""
    return list(dict.fromkeys(origin for node in nodes_below(root) for origin in node.origins))


def trace_back(path: str, form: str, address: str) -> Feeds:
    """What the cell `address` of the form `form` feeds in the workbook.

    Raises Unopened for either file, WrongAddress for an address that leads to no filled cell of the form.
    """
    workbook, sent = Workbook(path), _Form(form)
    at = find_cell(sent.book, address)
    cell = sent.book.cell(at)
    assert cell is not None
    fact = sent.facts.get(at)
    named = [origin for origins in workbook.origins.by_key.values() for origin in origins if _is_of(origin, form)]
    forms = Forms([(Path(form).resolve().parent, False)])
    exact = [
        origin for origin in named if origin.row.sheet == at[0] and origin.cell == a1(*at[1:]) and not origin.whole
    ]
    for origin in exact:
        forms.now(origin)
    if named:
        forms.form(named[0])
    key = exact[0].key if exact else fact.key if fact else None
    why, starts = _starts(workbook, fact, key, bool(named))
    fact = fact or fact_by_place(sent.book, cell)
    text = shown(cell, fact.kind)
    feeds = feeds_of(workbook.tree, starts) if starts else []
    return Feeds(form, at, fact, text, tuple(feeds), tuple(forms.findings()), why)


def _is_of(origin: Origin, form: str) -> bool:
    """Whether Kaynak's file is this one: its name, and the folders that stand with it."""
    tail = tuple(part.casefold() for part in origin.row.file.split("/"))
    return tuple(part.casefold() for part in Path(form).resolve().parts[-len(tail) :]) == tail


def _starts(workbook: Workbook, fact: Fact | None, key: Key | None, named: bool) -> tuple[str, list[Address]]:
    """(why it feeds nothing, the cells that took the figure over)."""
    if workbook.origins.present and not named:
        return "Bu form çalışma kitabının Kaynak sayfasında yok: birleştirmeye girmemiş ya da adı değişmiş.", []
    if key is not None:
        starts = [address for address, found in workbook.facts.items() if found.key == key]
        return ("" if starts else "Çalışma kitabında karşılığı yok."), starts
    if fact is None or fact.kind == OTHER:
        return "Bu hücre birleştirmede kullanılan bir rakam değil: etiket, ad ya da tablo dışı bir hücre.", []
    return (
        "Formdaki toplamlar ve formüller birleştirmede kullanılmaz: çalışma kitabındakiler parçalarından yeniden "
        "hesaplanır. Parçaların hücrelerini izleyin.",
        [],
    )
