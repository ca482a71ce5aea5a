"""Writes a parsed formula for one instance: each reference becomes those that share the instance's context."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct, field

from kars_xl.base.place import a1
from kars_xl.template.formula import formula as language
from kars_xl.template.formula.formula import Call, Expression, Literal, Parsed, Ref, bare_references, quoted
from kars_xl.template.layout.regions import Instance, Rect, ReferenceFault, RowMap
from kars_xl.template.nodes import Node

LONGEST_FORMULA, LONGEST_LITERAL, MOST_ARGUMENTS = 8192, 255, 250
_NONE: Mapping[Ref, str] = MappingProxyType({})
_PLACE = re.compile(r'"#([^"]+)"\Z')


class FormulaWriter(Struct):
    """Writes formulas as A1 text or, with an anchor cell, relative to it (to compare formulas of two cells)."""

    rows: RowMap
    root: Node
    anchor: tuple[int, int] | None = None
    looked_at: set[tuple[str | None, int | None, int | None]] = field(default_factory=set)  # LaidSheet's

    def write(self, parsed: Parsed, instance: Instance) -> str:
        """The formula's text without "="; raises ReferenceFault and UnknownPathError."""
        text = self.write_pieces(parsed.pieces, instance)
        if len(text) + 1 > LONGEST_FORMULA:
            raise ReferenceFault("length", "", len(text) + 1)
        return text

    def write_areas(self, parsed: Parsed, instance: Instance) -> str:
        """A defined name's meaning: all areas of its references, "" if none is left; or a formula like any other."""
        if not (refs := language.union(parsed.pieces)):
            return self.write(parsed, instance)
        return ",".join(self._reference(ref, rect) for ref in refs for rect in self.rows.rects(ref, instance))

    def write_option(self, pieces: Expression, instance: Instance, *, choices: bool) -> str:
        """What a rule asks for: a formula, or the one range that the choices of a list stand in."""
        if not choices or not (refs := bare_references(pieces)):
            return self.write_pieces(pieces, instance)
        found = [(ref, rect) for ref in refs for rect in self.rows.rects(ref, instance)]
        if len(found) != 1:
            raise ReferenceFault("split" if found else "none", refs[0].text, len(found))
        (ref, (sheet, rows)) = found[0]
        return self._reference(ref, (None if sheet == instance.sheet.name else sheet, rows), True)

    def write_pieces(self, pieces: Expression, instance: Instance, chosen: Mapping[Ref, str] = _NONE) -> str:
        """The pieces' text; a reference means one cell unless the call around it has chosen its text."""
        texts: list[str] = []
        for piece in pieces:
            if isinstance(piece, str):
                texts.append(piece)
            elif isinstance(piece, Ref):
                texts.append((chosen and chosen.get(piece)) or self._reference(piece, self._single(piece, instance)))
            elif isinstance(piece, Literal):
                texts.append(string_literal(piece.text.fill(instance.scope, self.root)))
            else:
                texts.append(self._call(piece, instance))
        return "".join(texts)

    def _reference(self, ref: Ref, rect: Rect, as_range: bool | None = None) -> str:
        self.looked_at.add((rect[0], ref.col1, ref.col2))
        return ref.written(*rect, as_range) if self.anchor is None else ref.relative(*rect, self.anchor)

    def _single(self, ref: Ref, instance: Instance) -> Rect:
        found = self.rows.rects(ref, instance)
        if len(found) != 1:
            raise ReferenceFault("several" if found else "none", ref.text, len(found))
        run = found[0][1]
        if run is not None and ref.height == 1 and run[0] != run[1]:
            raise ReferenceFault("several", ref.text, run[1] - run[0] + 1)
        return found[0]

    def _call(self, call: Call, instance: Instance) -> str:
        if call.name in language.SEVERAL:
            return self._several(call, instance)
        if call.name in language.ADDITIVE:
            return self._additive(call, instance)
        if call.name in language.LOOKUPS:
            return self._lookup(call, instance)
        if call.name == "HYPERLINK" and call.arguments and (place := self._place(call.arguments[0], instance)):
            call = Call(call.name, ((place,), *call.arguments[1:]))
        return self._written(call, instance, _NONE)

    def _several(self, call: Call, instance: Instance) -> str:
        texts: list[str] = []
        for argument in call.arguments:
            if refs := bare_references(argument):
                # Short, for there may be many: a block of one row is one cell here.
                texts += [self._reference(ref, rect, False) for ref in refs for rect in self.rows.rects(ref, instance)]
            else:
                texts.append(self.write_pieces(argument, instance))
        if not texts:
            nothing = language.SEVERAL[call.name]
            return "0" if nothing is None else f"{call.name}({nothing})"
        if len(texts) > MOST_ARGUMENTS and call.name not in language.NESTABLE:
            raise ReferenceFault("arguments", "", len(texts))
        while len(texts) > MOST_ARGUMENTS:
            chunks = [texts[i : i + MOST_ARGUMENTS] for i in range(0, len(texts), MOST_ARGUMENTS)]
            texts = [f"{call.name}({','.join(chunk)})" for chunk in chunks]
        return f"{call.name}({','.join(texts)})"

    def _additive(self, call: Call, instance: Instance) -> str:
        """One call per rectangle, added up, where the call's ranges fall into pieces (all in the same way)."""
        rects = {ref: self.rows.rects(ref, instance) for ref in language.range_references(call)}
        if not all(rects.values()):
            return "0"
        pieces = max((len(found) for found in rects.values()), default=1)
        heights = {
            tuple(run[1] - run[0] if run else -1 for _, run in found)
            for ref, found in rects.items()
            if not (ref.is_cell and len(found) == 1 and (run := found[0][1]) and run[0] == run[1])
        }
        if pieces > 1 and len(heights) > 1:
            worst = max(rects, key=lambda ref: len(rects[ref]))
            raise ReferenceFault("split", worst.text, pieces)
        texts = []
        # These functions must be given a range, some readers say, even one of a single cell.
        as_range = None if call.name in ("SUMPRODUCT", "ROWS") else True
        for at in range(pieces):
            rect = {ref: found[at] if len(found) > 1 else found[0] for ref, found in rects.items()}
            chosen = {ref: self._reference(ref, one, as_range) for ref, one in rect.items()}
            texts.append(self._written(call, instance, chosen))
        return texts[0] if len(texts) == 1 else f"({'+'.join(texts)})"

    def _lookup(self, call: Call, instance: Instance) -> str:
        where = language.LOOKUPS[call.name]
        chosen: dict[Ref, str] = {}
        for ref in bare_references(call.arguments[where]) if len(call.arguments) > where else ():
            found = self.rows.rects(ref, instance)
            if not found:
                # An empty list: nothing is found in it, and IFERROR can say so.
                return "0" if call.name == "COLUMNS" else "NA()"
            if len(found) > 1:
                raise ReferenceFault("split", ref.text, len(found))
            chosen[ref] = self._reference(ref, found[0])
        return self._written(call, instance, chosen)

    def _written(self, call: Call, instance: Instance, chosen: Mapping[Ref, str]) -> str:
        return f"{call.name}({','.join(self.write_pieces(argument, instance, chosen) for argument in call.arguments)})"

    def _place(self, argument: Expression, instance: Instance) -> str:
        """HYPERLINK's "#Sheet!A1" follows its cell to the first instance that shares the context; "" for all else."""
        text = argument[0] if len(argument) == 1 else ""
        if isinstance(text, Literal):
            raw = "".join(p if isinstance(p, str) else "{{ " + ".".join(p) + " }}" for p in text.text.parts)
            text = f'"{raw}"'
        match = _PLACE.match(text) if isinstance(text, str) else None
        place = follow(match[1], self.rows, instance) if match else None
        return string_literal("#" + place) if place else ""


def follow(place: str, rows: RowMap, instance: Instance) -> str | None:
    """A location in the template ("Sheet!A1") as one in the output; None where it is not a place in a sheet."""
    ref = language.parse_reference(place)
    if ref is None or ref.row1 is None or ref.col1 is None:
        return None
    template = rows.sheet(ref.sheet) if ref.sheet is not None else instance.sheet.template
    found = rows.first(template, ref.row1, instance) if template is not None else None
    return None if found is None else f"{quoted(found[0].name)}!{a1(found[1], ref.col1)}"


def string_literal(text: str) -> str:
    """A text as a formula's string; longer ones than Excel allows are joined from pieces."""
    pieces = [text[i : i + LONGEST_LITERAL] for i in range(0, len(text), LONGEST_LITERAL)] or [""]
    written = ['"' + piece.replace('"', '""') + '"' for piece in pieces]
    return written[0] if len(pieces) == 1 else f"({'&'.join(written)})"
