"""Reads .xlsx and .xlsm straight from the package's XML. One pass yields what a form's reader must know of a cell and
no fast library gives together: formula and stored value, error values, number format, hidden rows and columns."""

import re
from decimal import Decimal
from xml.etree.ElementTree import Element

from kars_xl.base.money import stored_number
from kars_xl.base.number_format import days_of, is_date_format
from kars_xl.base.place import cell_at, column_number
from kars_xl.reading.grid.cells import Area, Cell, CellValue, ExcelError, Grid, Sheet, Table, UnreadableFile, Unseen
from kars_xl.reading.grid.limits import refuse_cells
from kars_xl.reading.grid.package import Stream, child_of, first_of, is_on, local_name, opened
from kars_xl.reading.grid.styles import Styles, look_of_runs, look_where, styles_of

_REL_ID = re.compile(r"^\{.*\}id$")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MAX_ROW = 1 << 20
_MAX_COLUMN = 1 << 14
_MAX_SHARED = 4_000_000  # letters of formulas that are written for other cells than their own
_SMALLEST = 0.75  # points of a row's height, characters of a column's width
_Text = tuple[str | None, Unseen | str]
_VALUE = re.compile(rb"<(?:\w+:)?v[\s>]")


def read_ooxml(path: str, data: bytes) -> Grid:
    """The workbook in `data`. Raises UnreadableFile (KX001, KX002, KX003)."""
    with opened(data) as package:
        return _Reader(path, package).read()


class _Reader:
    def __init__(self, path: str, stream: Stream) -> None:
        self.path, self.stream, self.elements = path, stream, stream.elements
        self.count = self.values = self.translated = 0
        self.tables: dict[str, Table] = {}
        self.arrays: set[tuple[str, int, int]] = set()
        self.since_1904 = False

    def read(self) -> Grid:
        root = self.stream.main()[0]
        if not root:
            raise UnreadableFile("KX001", "xl/workbook.xml yok")
        relations = self.stream.relations(root)
        targets = {rel_id: (kind, target) for kind, group in relations.items() for rel_id, target in group}
        self.strings = [_rich_text(element) for element in self.elements(first_of(relations, "sharedStrings"), "si")]
        look_up = styles_of if self.stream.small else Styles  # large ones are not kept
        self.styles = look_up(*(self.stream.whole(first_of(relations, kind)) for kind in ("styles", "theme")))
        # Charts have sheets of their own, which are counted by whose names belong to one.
        sheets, titles, taken = list[Sheet](), list[str](), set[str]()
        names: dict[str, str] = {}
        for element in self.elements(root, "workbookPr", "sheet", "definedName"):
            if local_name(element.tag) == "workbookPr":
                self.since_1904 = element.get("date1904") in ("1", "true")
                continue
            if local_name(element.tag) == "definedName":
                own = int(element.get("localSheetId", "-1"))
                owner = f"{titles[own]}!" if 0 <= own < len(titles) else ""
                names[f"{owner}{element.get('name', '')}".casefold()] = element.text or ""
                continue
            titles.append(element.get("name", ""))
            rel_id = next((value for key, value in element.attrib.items() if _REL_ID.match(key)), "")
            kind, part = targets.get(rel_id, ("", ""))
            if part not in self.stream.names or part in taken:
                raise UnreadableFile("KX001", f"“{element.get('name', '')}” sayfası dosyada yok")
            taken.add(part)
            if kind == "worksheet":
                sheets.append(self._sheet(part, titles[-1], element.get("state", "visible") != "visible"))
        embedded = any("/embeddings/" in name or "/activex/" in name for name in self.stream.names)
        lost = {"makro": "vbaProject" in relations, "başka dosyaya bağlantı": "externalLink" in relations}
        lost["gömülü nesne"] = embedded
        carried = tuple(name for name, there in lost.items() if there)
        return Grid(self.path, sheets, not_carried=carried, names=names, tables=self.tables, arrays=self.arrays)

    def _sheet(self, part: str, name: str, hidden: bool) -> Sheet:
        sheet = Sheet(self.path, name, hidden=hidden)
        hidden_columns: set[int] = set()
        self.shared: dict[str, tuple[str, tuple[int, int]]] = {}
        self.sharing: dict[tuple[int, int], str] = {}
        row_number = 0
        if not self.stream.small:
            # Counted before it is parsed, which takes ten times as long.
            self.values += self.stream.values(part, _VALUE)
            refuse_cells(self.values)
        merged = []
        for element in self.elements(part, "col", "row", "mergeCell"):
            tag = local_name(element.tag)
            if tag == "row":
                row_number = int(element.get("r", row_number + 1))
                self._row(sheet, element, row_number, hidden or _is_away(element, "ht"), hidden_columns)
            elif tag == "mergeCell":
                merged += _corners(element)
            elif _is_away(element, "width"):
                low, high = int(element.get("min", "1")), int(element.get("max", "1"))
                hidden_columns.update(range(max(low, 1), min(high, _MAX_COLUMN) + 1))
        self.count += len(sheet.cells)
        sheet.merge(merged)
        if self.sharing:
            self._share(sheet)
        if any("/tables/" in name for name in self.stream.names):
            for _, target in self.stream.relations(part).get("table", ()):
                self._tables(target, name.casefold())
        return sheet

    def _tables(self, part: str, sheet: str) -> None:
        for element in self.elements(part, "table"):
            columns = [child.get("name", "") for child in element.iter() if local_name(child.tag) == "tableColumn"]
            heading, totals = int(element.get("headerRowCount", "1")), int(element.get("totalsRowCount", "0"))
            for corners in _corners(element):
                found = Table(Area(sheet, *corners), tuple(column.casefold() for column in columns), heading, totals)
                self.tables[element.get("displayName", "").casefold()] = found

    def _row(self, sheet: Sheet, row: Element, number: int, hidden: bool, columns: set[int]) -> None:
        file, name, column = sheet.file, sheet.name, 0
        for element in row:
            reference, kind = element.get("r"), element.get("t", "n")
            column = column_number(reference.rstrip("0123456789")) if reference else column + 1
            at = number, column
            formula = stored = inline = None
            for child in element:
                tag = local_name(child.tag)
                if tag == "v":
                    stored = child.text or ""
                elif tag == "f":
                    formula = self._formula(child, at)
                    if child.get("t") == "array":
                        self.arrays.add((name, *at))
                elif tag == "is":
                    inline = child
            content, runs = self._value(kind, stored, inline)
            if formula is None and (content is None or stored == ""):
                continue
            if at in sheet.cells or not (0 < number <= _MAX_ROW and 0 < column <= _MAX_COLUMN):
                raise UnreadableFile("KX001", f"{sheet.name}: “{reference or number}” hücresi geçersiz")
            form, unseen = self.styles.look(element.get("s", "0"))
            if kind == "d" and isinstance(content, Decimal) and not is_date_format(form):
                form = "dd.mm.yyyy"
            look = (form, look_where(hidden or column in columns, runs or unseen))
            sheet.cells[at] = Cell(file, name, *at, content, formula, *look, since_1904=self.since_1904)
        refuse_cells(self.count + len(sheet.cells))

    def _formula(self, element: Element, at: tuple[int, int]) -> str:
        """The formula's text; "" for a share in one that is filled into several cells, until all of them are read."""
        shared = element.get("si") if element.get("t") == "shared" else None
        if element.text and shared is not None:
            self.shared.setdefault(shared, (element.text, at))
        elif shared is not None:
            self.sharing[at] = shared
        return element.text or ""

    def _share(self, sheet: Sheet) -> None:
        from kars_xl.template.formula.parse import moved

        for at, shared in self.sharing.items():
            text, origin = self.shared.get(shared, ("", at))
            self.translated += len(text)
            known = text and self.translated <= _MAX_SHARED
            written = moved("=" + text, at[0] - origin[0], at[1] - origin[1]) if known else "=(paylaşılan formül)"
            sheet.cells[at].formula = written.removeprefix("=")

    def _value(self, kind: str, value: str | None, inline: Element | None) -> tuple[CellValue, Unseen | str]:
        if kind == "s" and value:
            index = int(value)
            if index < 0:
                raise UnreadableFile("KX001", f"metin numarası {index}")
            return self.strings[index]
        if kind == "inlineStr":
            return (None, "") if inline is None else _rich_text(inline)
        if not value:
            # A formula's result that is an empty text is not one without a result.
            return value if kind == "str" else None, ""
        if kind == "str":
            return _unescape(value), ""
        if kind == "b":
            return value.strip() in ("1", "true"), ""
        if kind == "e":
            return ExcelError(value), ""
        if kind == "d":
            return days_of(value, since_1904=self.since_1904), ""
        number = stored_number(value)
        return value if number is None else number, ""


def _corners(element: Element) -> list[tuple[int, int, int, int]]:
    """The one rectangle that a `ref` is: top, left, bottom, right; [] where it is none."""
    corners = [cell_at(corner) for corner in element.get("ref", "").split(":")]
    return [(*corners[0], *corners[1])] if len(corners) == 2 and corners[0] and corners[1] else []


def _is_away(element: Element, size: str) -> bool:
    """Whether a row or column is hidden or too small to show anything; a size promised and not given is none."""
    promised = size == "width" or element.get("customHeight") in ("1", "true")
    return element.get("hidden") in ("1", "true") or float(element.get(size, "0" if promised else "9")) < _SMALLEST


def _rich_text(element: Element) -> _Text:
    """Text of a string item, its runs joined and phonetic hints left out, and what their look makes of it."""
    runs = []
    for child in element:
        tag = local_name(child.tag)
        if tag == "t":
            runs.append((child.text or "", False, False))
        elif tag == "r":
            text = "".join(part.text or "" for part in child if local_name(part.tag) == "t")
            look = child_of(child, "rPr")
            raised = any(part.get("val") in ("superscript", "subscript") for part in (() if look is None else look))
            runs.append((text, is_on(look, "strike"), raised))
    text = runs[0][0] if len(runs) == 1 else "".join(run[0] for run in runs)
    return _unescape(text) or None, look_of_runs(runs) if any(run[1] or run[2] for run in runs) else ""


def _unescape(text: str) -> str:
    if "_x" not in text:
        return text
    plain = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    # Halves of a surrogate pair come one by one; a half alone is no character.
    return plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
