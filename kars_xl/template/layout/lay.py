"""Lays the rows of all sheets out for a data tree: which instance of which block starts where."""

import re
from collections.abc import Iterable
from itertools import chain

from msgspec.structs import replace

from kars_xl.template.formula.formula import LAST_ROW
from kars_xl.template.layout.regions import Band, Instance, SheetCopy, nest
from kars_xl.template.nodes import Node, Problems
from kars_xl.template.records import Area, PageSetup, TemplateSheet

_LONGEST = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
# Names that differ only by these letters are one name to some readers and two to others.
_FOLD = str.maketrans("İIı", "iii")


class Rows:
    """The instances of every block; sheets are laid in the order in which `copies` is called for them."""

    def __init__(self, root: Node, problems: Problems) -> None:
        self.root, self.problems = root, problems
        self._hangs, self.kinds = _tree(root)
        self._order = 0
        self._taken: set[str] = set()
        self._instances: dict[tuple[SheetCopy, Band], list[Instance]] = {}

    def bands(self, sheet: TemplateSheet) -> Band:
        bands = []
        for loop in sheet.loops:
            kind = loop.kind if loop.kind in self.kinds else loop.kind.lower()
            if kind not in self.kinds:
                self.problems.add("KX503", sheet.title, "", name=loop.name, reason="list", kind=loop.kind)
                continue
            bands.append(Band(kind, loop.name, loop.first, loop.last))
        return nest(bands, sheet.title, self._hangs, self.problems)

    def copies(self, sheet: TemplateSheet, band: Band) -> list[SheetCopy]:
        """The output sheets of a template sheet, rows laid out."""
        kind = self._sheet_kind(sheet)
        nodes: Iterable[Node | None] = (None,) if kind is None else self.root.lists.get(kind, ())
        copies = []
        for node in nodes:
            copy = SheetCopy(sheet.index, "")
            copy.root, row = self._lay(band, node, None, copy, 1, sheet.last_row)
            copy.last_row, text = row - 1, sheet.title_text or sheet.title
            name = self.problems.filled(text, copy.root.scope, self.root, sheet.title)
            copy.name = valid_sheet_name(name, self._taken)
            copies.append(copy)
        return copies

    def _sheet_kind(self, sheet: TemplateSheet) -> str | None:
        """The kind for whose nodes a sheet repeats: the innermost of those in its name."""
        if sheet.title_text is None:
            return None
        named = [path[0] for path in sheet.title_text.paths if len(path) > 1 and path[0] in self.kinds]
        kinds = [kind for kind in named if kind in self.root.lists]
        if not kinds and named and named[0] not in self.root.fields:
            self.problems.add("KX503", sheet.title, "", name=sheet.title, reason="list", kind=named[0])
        for kind in kinds:
            nodes = self.root.lists[kind]
            owners = {n.kind for n in nodes[0].chain()} if nodes else {kind}
            if set(kinds) <= owners:
                return kind
        return kinds[0] if kinds else None

    def _lay(
        self, band: Band, node: Node | None, parent: Instance | None, copy: SheetCopy, row: int, last_row: int
    ) -> tuple[Instance, int]:
        """Lay an instance and all inside it from an output row on; the row after it is returned too."""
        scope = _scope(node, parent)
        context = {kind: inner.key for kind, inner in scope.items()}
        instance = Instance(band, copy, node, parent, context, scope, self._order)
        self._order += 1
        band.instances.append(instance)
        self._instances.setdefault((copy, band), []).append(instance)
        instance.first = row
        for part in band.parts:
            if not isinstance(part, Band):
                top, bottom = part
                instance.starts.append(row)
                row += min(bottom, last_row) - top + 1 if top <= last_row else 0
                continue
            inner = []
            for item in self._list(part.kind, instance):
                found, row = self._lay(part, item, instance, copy, row, last_row)
                inner.append(found)
            instance.children.append(inner)
        instance.last = row - 1
        return instance, row

    def _list(self, kind: str, instance: Instance) -> list[Node]:
        """The list of a kind: of the nodes around, innermost first, each with its owners; else the root's."""
        nodes = (node for around in instance.around() if around.node is not None for node in around.node.chain())
        return next((node.lists[kind] for node in nodes if kind in node.lists), self.root.lists.get(kind, []))

    def spans(self, copy: SheetCopy, row1: int, row2: int) -> list[tuple[int, int]]:
        """Output rows of a template block in each instance that holds all of it."""
        return [span for _, span in self.placed(copy, row1, row2)]

    def placed(self, copy: SheetCopy, row1: int, row2: int) -> list[tuple[Instance, tuple[int, int]]]:
        """The same, each with its instance."""
        found = self._instances.get((copy, copy.root.band.innermost(row1, row2)), [])
        return [(instance, span) for instance in found if (span := instance.span(row1, row2))]

    def breaks(self, copy: SheetCopy, row: int) -> list[int]:
        """Output rows after which a page ends; at the end of nested blocks the outermost block is meant."""
        band = copy.root.band.innermost(row, row)
        while band.parent is not None and band.parent.last == row:
            band = band.parent
        found = self._instances.get((copy, band), [])
        if band.last == row:
            return [instance.last for instance in found if instance.last >= instance.first]
        return [last for instance in found for _, last in instance.spread(row, row)]


def _scope(node: Node | None, parent: Instance | None) -> dict[str, Node]:
    """The nodes by kind that a cell can name: of the loops around it, then their owners, innermost first."""
    scope = dict(parent.scope) if parent is not None else {}
    if node is None:
        return scope
    loops = {around.node.kind for around in (parent.around() if parent else ()) if around.node is not None}
    for owner in reversed(list(node.chain())):
        if owner is node or owner.kind not in loops:
            scope[owner.kind] = owner
    return scope


def _tree(root: Node) -> tuple[dict[str, set[str]], set[str]]:
    """Which kinds of list hang from which kind of node, and all kinds of list there are."""
    hangs: dict[str, set[str]] = {}
    seen: set[int] = set()
    todo = [root]
    while todo:
        node = todo.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        hangs.setdefault(node.kind, set()).update(node.lists)
        todo += chain.from_iterable(node.lists.values())
    return hangs, {kind for kinds in hangs.values() for kind in kinds}


def valid_sheet_name(name: str, taken: set[str]) -> str:
    """The name without what Excel forbids, cut to length, unlike any in `taken` (folded; it is added there)."""
    clean = " ".join(_FORBIDDEN.sub("-", name).split()).strip("'") or "Sayfa"
    if clean.casefold() == "history":
        clean += " 1"
    found, number = clean[:_LONGEST].rstrip(), 1
    while _folded(found) in taken:
        number += 1
        tail = f" ({number})"
        found = clean[: _LONGEST - len(tail)].rstrip() + tail
    taken.add(_folded(found))
    return found


def _folded(name: str) -> str:
    return name.translate(_FOLD).casefold()


def page_of(sheet: TemplateSheet, copy: SheetCopy, rows: Rows) -> PageSetup:
    """The settings of an output sheet: the template's, with the ranges where its rows went."""

    def hull(area: Area) -> list[Area]:
        """The area from the first to the last row of all that its rows became."""
        row1, col1, row2, col2 = area
        spans = rows.spans(copy, row1, row2)
        return [(min(a for a, _ in spans), col1, max(b for _, b in spans), col2)] if spans else []

    page, freeze = sheet.page, sheet.page.freeze
    if freeze:
        freeze = min(first for first, _ in copy.root.spread(freeze[0], LAST_ROW)), freeze[1]
    titles = next(iter(rows.spans(copy, *page.title_rows)), None) if page.title_rows else None
    if titles and page.title_rows:
        # Of a block among them only its first rows.
        titles = titles[0], min(titles[1], titles[0] + page.title_rows[1] - page.title_rows[0])
    breaks = {row for at in page.row_breaks for row in rows.breaks(copy, at)}
    areas = [found for a in page.print_areas for found in hull((a[0], a[1], min(a[2], sheet.last_row), a[3]))]
    return replace(
        page,
        row_breaks=sorted(row for row in breaks if row < copy.last_row),
        print_areas=areas,
        title_rows=titles,
        autofilter=next(iter(hull(page.autofilter)), None) if page.autofilter else None,
        freeze=freeze,
    )
