"""Where a figure comes from, down to the forms' cells; and which figures a form's cell goes into.

The formulas lead from cell to cell, the sheet Kaynak from a table's figure to the form that gave it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from kars_xl.base.place import a1
from kars_xl.findings.finding import Finding
from kars_xl.reading.files import Reading, open_file
from kars_xl.reading.recognise import recognise
from kars_xl.reports.trace.book import Address, Book, WrongAddress, find_cell
from kars_xl.reports.trace.facts import OTHER, Fact, Origin, fact_by_place, facts_of, read_origins
from kars_xl.reports.trace.forms import Feed, Forms, feeds_of, is_file, usual_folders
from kars_xl.reports.trace.tree import Node, Tree, shown

__all__ = ["Feeds", "Trace", "Unopened", "WrongAddress", "trace_back", "trace_forward"]


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


class Workbook:
    """A workbook, or a form, with all that is asked of it. Raises Unopened."""

    def __init__(self, path: str) -> None:
        reading = Reading()
        grid = open_file(path, reading)
        if grid is None:
            raise Unopened(reading.findings[0])
        self.book = Book(grid)
        self.facts = facts_of(recognise(grid))
        self.origins = read_origins(self.book)
        self.tree = Tree(self.book, self.facts, self.origins)


def _with_formulas(path: str) -> Workbook:
    workbook = Workbook(path)
    name = PurePath(path)
    if name.suffix.lower() not in (".xlsx", ".xlsm", ".ods") and not any(workbook.book.formulas()):
        raise WrongAddress(f"{name.name}: bu tür dosyada formüller okunamaz, rakam izlenemez; .xlsx olarak kaydedin.")
    return workbook


def trace_forward(path: str, address: str, folders: Sequence[str] = ()) -> Trace:
    """The tree of the cell `address` ("Sheet!Cell") of a workbook; forms are looked for in `folders`.

    Raises Unopened for the workbook, WrongAddress for an address that leads to no filled cell.
    """
    workbook = _with_formulas(path)
    root = workbook.tree.node(find_cell(workbook.book, address))
    forms = Forms([(Path(folder), True) for folder in folders] or usual_folders(path))
    for origin in origins_below(root):
        forms.now(origin)
    no_source = "Kaynak sayfası yok: rakamlar yalnız formüllerle izlendi, uçlardaki hücrelerin kaynağı bilinmiyor."
    notes = [] if workbook.origins.present else [no_source]
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
    workbook, sent = _with_formulas(path), Workbook(form)
    at = find_cell(sent.book, address)
    cell = sent.book.sheets[at[0]].cells[at[1:]]
    fact = sent.facts.get(at)
    own = Path(form).resolve()
    named = [it for origins in workbook.origins.by_key.values() for it in origins if is_file(it.row.file, own)]
    forms = Forms([(own.parent, False)])
    exact = [it for it in named if (it.row.sheet, it.cell) == (at[0], a1(*at[1:])) and not it.whole]
    for origin in exact:
        forms.now(origin)
    if named:
        forms.form(named[0])
    key = exact[0].key if exact else fact.key if fact else None
    starts = [address for address, found in workbook.facts.items() if key and found.key == key]
    if workbook.origins.present and not named:
        why = "Bu form çalışma kitabının Kaynak sayfasında yok: birleştirmeye girmemiş ya da adı değişmiş."
    elif key is not None:
        why = "" if starts else "Çalışma kitabında karşılığı yok."
    elif fact is None or fact.kind == OTHER:
        why = "Bu hücre birleştirmede kullanılan bir rakam değil: etiket, ad ya da tablo dışı bir hücre."
    else:
        why = (
            "Formdaki toplamlar ve formüller birleştirmede kullanılmaz: çalışma kitabındakiler parçalarından yeniden "
            "hesaplanır. Parçaların hücrelerini izleyin."
        )
    fact = fact or fact_by_place(sent.book, cell)
    feeds = () if why else tuple(feeds_of(workbook.tree, starts))
    return Feeds(form, at, fact, shown(cell, fact.kind), feeds, tuple(forms.findings()), why)
