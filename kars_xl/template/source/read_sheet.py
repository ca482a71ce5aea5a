"""Reads one sheet of a template: its cells, and what hangs on them."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from xml.etree.ElementTree import Element

from msgspec import Struct, field

from kars_xl.base.place import a1, cell_at
from kars_xl.template import records
from kars_xl.template.formula.formula import Parsed, misplaced_ranges
from kars_xl.template.formula.parse import FormulaParser, moved
from kars_xl.template.nodes import Problems, Text, UnknownPathError, compile_text
from kars_xl.template.source import read_settings as settings
from kars_xl.template.source.drawing import read_boxes, read_charts, read_drawing
from kars_xl.template.source.package import Package, left_by_relations, left_of, number, placed, relation_id, said, yes
from kars_xl.template.source.read_styles import SIDES, StyleReader, Theme

Place = tuple[int, int]


class SheetReader(Struct, kw_only=True):
    """Reads one worksheet, number `index` of them; `printed` are its own defined names, `strings` the shared texts."""

    package: Package
    part: str
    index: int
    title: str
    state: str
    printed: Mapping[str, str]
    strings: list[Element]
    parser: FormulaParser
    rule_parser: FormulaParser
    styles: StyleReader
    theme: Theme
    problems: Problems
    epoch: int  # what the workbook's day numbers lack to those that count from 1900
    _lost: list[tuple[str, str]] = field(default_factory=list)  # what stays behind: cell ("" none), what it is
    _shared: dict[str | None, tuple[str, Place]] = field(default_factory=dict)  # formulas filled into other cells

    def read(self) -> records.TemplateSheet:
        sheet = self.package.tree(self.part)
        drawing = read_drawing(self.package, self.package.related(self.part, "drawing"))
        merges = [settings.area(found.get("ref", "")) for found in sheet.iterfind("mergeCells/mergeCell")]
        rows, cells = dict(self._rows(sheet)), self._cells(sheet, merges)
        charts, left = read_charts(drawing.charts, self.parser, self.theme, self._text, self._faults)
        lowest = (chart.part.anchor.row2 or chart.part.anchor.row for chart in charts)
        bands, pictured = settings.read_bands(sheet)
        self._lost += [("", said("headerPicture")) for _ in range(pictured)]
        self._lost += [("", what) for what in (*left_of(sheet), *left_by_relations(self.package, self.part, set()))]
        formats = settings.read_conditional_formats(sheet, self.rule_parser, self.styles, self._faults, self._lost)
        return records.TemplateSheet(
            index=self.index, title=self.title, title_text=self._text(self.title, ""),
            page=settings.read_page(sheet, self.state, self.printed, self.styles.colour),
            last_row=max([*cells, *rows, *(m[2] for m in merges), *lowest, 1]), cells=cells, rows=rows,
            columns=self._columns(sheet), merges=sorted(merges), pictures=drawing.pictures, charts=charts,
            lost=[*self._lost, *left, *(("", what) for what in drawing.lost)],
            bands={name: self._text(text, "") or text for name, text in bands.items()}, conditional_formats=formats,
            validations=settings.read_validations(sheet, self.parser, self._faults),
        )  # fmt: skip

    def _text(self, text: str, address: str) -> Text | None:
        try:
            return compile_text(text)
        except UnknownPathError as error:
            self.problems.unknown(error, self.title, address)
            return None

    def _faults(self, parsed: Parsed, address: str, formula: str, where: str) -> bool:
        """Report what is wrong with a formula; True if it can be used."""
        for fault in parsed.faults:
            self.problems.add("KX502", self.title, address, formula=formula, where=where, **fault)
        for path, reason in parsed.paths:
            self.problems.add("KX501", self.title, address, path=path, reason=reason)
        return not parsed.faults and not parsed.paths

    def _cells(self, sheet: Element, merges: list[records.Area]) -> dict[int, list[records.TemplateCell]]:
        """The cells by row, from left to right; a blank one only where it looks like something."""
        found = dict(placed(sheet))
        looks = {place: self.styles.index(cell.get("s")) for place, cell in found.items()}
        for place, source in found.items():
            self._lost += [(a1(*place), what) for what in self.styles.lost.get(source.get("s"), ())]
        heads: dict[Place, Place] = {}
        for row1, col1, row2, col2 in merges:
            first, plain = (row1, col1), self.styles.plain
            looks[first] = self.styles.merged(looks.get(first, plain), looks.get((row2, col2), plain))
            for row in range(row1, row2 + 1):
                for col in range(col1, col2 + 1):
                    if (row, col) != first:
                        at_edge = col == col1, col == col2, row == row1, row == row2
                        sides = tuple(side for side, there in zip(SIDES, at_edge, strict=True) if there)
                        looks[row, col] = self.styles.covered(looks[first], sides)
                        heads[row, col] = first
                        found.pop((row, col), None)
        links = {heads.get(place, place): link for place, link in self._links(sheet)}
        comments = dict(self._comments(next(sheet.iterfind("legacyDrawing"), Element(""))))
        cells: dict[int, list[records.TemplateCell]] = {}
        for row, col in sorted({*looks, *links, *comments}):
            place = row, col
            cell = records.TemplateCell(row, col, f"{self.title}!{a1(row, col)}", looks.get(place, self.styles.plain))
            link = cell.link = links.get(place)
            cell.comment = comments.get(place)
            if place in found:
                self._fill(cell, found[place])
            if link is not None and cell.value is None and cell.formula is None:
                cell.text = link.target if isinstance(link.target, Text) else None
                cell.value = link.target or link.location
            held = cell.value, cell.formula, cell.link, cell.comment
            if any(item is not None for item in held) or cell.style != self.styles.plain:
                cells.setdefault(row, []).append(cell)
        return cells

    def _fill(self, cell: records.TemplateCell, source: Element) -> None:
        """Give a cell its content."""
        kind, value, formula = source.get("t", "n"), source.findtext("v"), source.find("f")
        if formula is not None:
            self._formula(cell, formula)
        elif kind in ("s", "inlineStr"):
            item = self.strings[int(value)] if kind == "s" and value else source.find("is")
            if item is not None:
                self._rich(item, cell)
        elif value and kind == "n":
            number_of = float if "." in value or "e" in value.lower() else int
            cell.value = number_of(value) + (self.epoch if self.styles.shows_date(cell.style) else 0)
        elif value and kind == "b":
            cell.value = value == "1"
        elif value and kind == "d":
            cell.value = datetime.fromisoformat(value)
        elif value:
            cell.value, cell.text = value, self._text(value, cell.address)

    def _formula(self, cell: records.TemplateCell, source: Element) -> None:
        kind, text = source.get("t"), "=" + (source.text or "")
        if kind in ("array", "dataTable"):
            facts = {"formula": text if kind == "array" else "", "where": "cell", "reason": "array"}
            self.problems.add("KX502", self.title, cell.address, **facts)
            return
        if kind == "shared":
            text, (row, col) = self._shared.setdefault(source.get("si"), (text, (cell.row, cell.col)))
            text = moved(text, cell.row - row, cell.col - col)
        parsed = self.parser.parse(text)
        if not self._faults(parsed, cell.address, text, "cell"):
            return
        # Ranges that stand where one value belongs.
        misplaced = list(misplaced_ranges(parsed.pieces))
        for ref, function in misplaced:
            facts = {"reason": "range", "reference": ref.text, "function": function}
            self.problems.add("KX502", self.title, cell.address, formula=text, where="cell", **facts)
        if not misplaced:
            cell.formula, cell.formula_text = parsed, text

    def _links(self, sheet: Element) -> Iterator[tuple[Place, records.Link]]:
        relations = self.package.relations(self.part)
        for found in sheet.iterfind("hyperlinks/hyperlink"):
            row1, col1, row2, col2 = settings.area(found.get("ref", ""))
            address, tip = a1(row1, col1), found.get("tooltip", "")
            _, target = relations.get(relation_id(found), ("", ""))
            target, inside = ("", target[1:]) if target.startswith("#") else (target, found.get("location", ""))
            place, hint = (self._text(text, address) or text for text in (target, tip))
            link = records.Link(place, hint, inside)
            faults = self.parser.parse("=" + inside.lstrip("#")).faults if inside and not target else []
            # With a sheet that the office deleted go the links to it.
            if any(fault["reason"] in ("name", "ref_error") for fault in faults):
                self._lost.append((address, f"köprü “{inside}” (gittiği yer yok)"))
            yield from (((row, col), link) for row in range(row1, row2 + 1) for col in range(col1, col2 + 1))

    def _comments(self, notes: Element) -> Iterator[tuple[Place, tuple[Text | str, dict[str, Any]]]]:
        """The comments, with the boxes that the drawing named by an element of the sheet has for them."""
        part = self.package.tree(self.package.related(self.part, "comments"))
        authors = [author.text or "" for author in part.iterfind("authors/author")]
        _, drawing = self.package.relations(self.part).get(relation_id(notes), ("", ""))
        boxes, controls = read_boxes(self.package.part(drawing) or b"")
        self._lost += [("", said("ctrlProp"))] * controls
        for found in part.iterfind("commentList/comment"):
            if (place := cell_at(found.get("ref", ""))) is not None:
                text = "".join(piece.text or "" for piece in found.iterfind("text//t"))
                looks = found.findall("text/r/rPr")
                marks = [mark for look in looks for mark in look if mark.tag in ("b", "i", "u", "strike", "color")]
                if any(mark.tag != "color" or mark.get("indexed") != "81" for mark in marks):
                    self._lost.append((a1(*place), said("note")))
                options = {"author": authors[int(found.get("authorId", 0))], "width": 144, "height": 79}
                options |= boxes.get(place, {})
                yield place, (self._text(text, a1(*place)) or text, options)

    def _rich(self, item: Element, cell: records.TemplateCell) -> None:
        """Runs of one cell with their own fonts; a text without several fonts stays a plain text."""
        # An escaped escape (_x005F_) is what it escapes.
        parts = [item, *item.iterfind("r")]
        runs = [(part.find("rPr"), part.findtext("t", "").replace("x005F_", "")) for part in parts]
        runs = runs[:1] if runs[0][1] else runs[1:]
        cell.value = plain = "".join(text for _, text in runs)
        cell.text = self._text(plain, cell.address)
        if any(font is not None for font, _ in runs):
            self._lost += [(cell.address, what) for font, _ in runs if font is not None for what in left_of(font)]
            try:
                texts = [compile_text(text, whole=False) or text for _, text in runs]
            except UnknownPathError:
                # The whole text is filled, in the cell's own font.
                self._lost.append((cell.address, "metin içindeki yazı biçimleri (yer tutucu ikiye bölünmüş)"))
                return
            add, run_font = self.styles.table.add, self.styles.font
            looks = [None if font is None else add(run_font(font)) for font, _ in runs]
            cell.runs = list(zip(looks, texts, strict=True))

    def _style(self, name: str | None) -> int | None:
        """Index of a row's or column's style; None for one that looks like any other."""
        style = self.styles.index(name)
        return None if style == self.styles.plain else style

    def _rows(self, sheet: Element) -> Iterator[tuple[int, records.LaidRow]]:
        at = 0
        for found in sheet.iterfind("sheetData/row"):
            at = int(found.get("r", at + 1))
            level, style = int(found.get("outlineLevel", 0)), self._style(found.get("s"))
            row = records.LaidRow(number(found, "ht"), yes(found, "hidden"), level, yes(found, "collapsed"), style)
            if row != records.LaidRow():
                yield at, row

    def _columns(self, sheet: Element) -> list[records.LaidColumn]:
        columns = []
        for found in sheet.iterfind("cols/col"):
            first, last, level = (int(found.get(name, 0)) for name in ("min", "max", "outlineLevel"))
            # Columns whose group gives no width are 13 characters wide.
            width, style = float(found.get("width", 13)) or None, self._style(found.get("style"))
            hidden, collapsed = yes(found, "hidden"), yes(found, "collapsed")
            if width is not None or hidden or level or style is not None:
                columns.append(records.LaidColumn(first, last, width, hidden, level, collapsed, style))
        return columns
