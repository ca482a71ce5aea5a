"""XlsxWriter's workbook with what it has no option for. Its private parts are used here and nowhere else, so a new
version of it is a matter of this file; pyproject.toml says up to which one it was tried.
The language, by which a screen reader picks its voice; sheet names in quotes where LibreOffice needs them; charts whose
XML is the template's; and formulas whose result is an empty text."""

import re
from collections.abc import Iterable, Mapping
from functools import partialmethod
from io import StringIO
from math import isfinite
from types import MappingProxyType
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from xlsxwriter import Workbook
from xlsxwriter.chart import Chart
from xlsxwriter.core import Core
from xlsxwriter.packager import Packager
from xlsxwriter.url import Url, UrlTypes
from xlsxwriter.worksheet import Worksheet

from kars_xl.base.place import a1
from kars_xl.template.layout.evaluate import as_held
from kars_xl.template.layout.objects import size
from kars_xl.template.layout.pages import height_of
from kars_xl.template.nodes import RefusedError, spoken
from kars_xl.template.records import LaidChart, LaidSheet, Layout, code_of
from kars_xl.template.source.drawing import CATEGORIES, CHART
from kars_xl.template.source.read_settings import BANDS

LANGUAGE = "tr-TR"
_TITLE = re.compile(r"([^\W\d][\w.]*)(?=!)")
_NUMBERS, _STRINGS, _LEVELS = f"{CHART}numRef", f"{CHART}strRef", f"{CHART}multiLvlStrRef"
_CACHES = tuple(f"{CHART}{kind}Cache" for kind in ("num", "str", "multiLvlStr"))


class Document(Workbook):  # type: ignore[misc]
    """A workbook in Turkish."""

    def _get_packager(self) -> Packager:
        return _Packager()

    def _prepare_defined_names(self) -> None:
        super()._prepare_defined_names()
        for defined in self.defined_names:
            # [name, sheet, meaning, hidden]; LibreOffice drops the print area of a sheet Şekiller without quotes.
            if "'" not in defined[2]:
                defined[2] = _TITLE.sub(lambda found: found[1] if found[1].isascii() else f"'{found[1]}'", defined[2])


class _Part(StringIO):
    """A part being written, as UTF-8: of a thousand forms a StringIO's four bytes a letter are 200 MB."""

    def __init__(self) -> None:
        super().__init__()
        self._data = bytearray()

    def write(self, text: str) -> int:
        self._data += text.encode()
        return len(text)

    def getvalue(self) -> str:
        return self._data.decode()


class _Packager(Packager):  # type: ignore[misc]
    def _filename(self, name: str) -> _Part:
        part = _Part()
        self.filenames.append((part, name, False))
        return part

    def _write_worksheet_files(self) -> None:
        for number, worksheet in enumerate(self.workbook.worksheets(), start=1):
            worksheet._set_xml_writer(self._filename(f"xl/worksheets/sheet{number}.xml"))
            worksheet._assemble_xml_file()
            worksheet.table.clear()  # of a thousand forms the cells are 200 MB

    def _write_core_file(self) -> None:
        core = _Core()
        core._set_properties(self.workbook.doc_properties)
        core._set_xml_writer(self._filename("docProps/core.xml"))
        core._assemble_xml_file()


class _Core(Core):  # type: ignore[misc]
    def _write_cp_content_status(self) -> None:
        super()._write_cp_content_status()
        self._xml_data_element("dc:language", LANGUAGE)


class _Link(Url):  # type: ignore[misc]
    """A link of any kind: to a telephone, to a file beside the workbook, on a share."""

    def _parse_url(self) -> None:
        target = self._original_url
        if "://" in target or target.startswith(("mailto:", "internal:", "external:")):
            super()._parse_url()
            return
        self._link_type = UrlTypes.URL
        self._link, _, self._anchor = target.partition("#")
        self._relationship_link = self._link


def link_of(shown: str, target: str, tip: str) -> Url | str:
    """A link as XlsxWriter takes it; raises RefusedError for one that Excel does not take."""
    try:
        link = _Link(target)
        link.text, link.tip = shown, tip
    except ValueError as error:
        raise RefusedError(target[:80], str(error)) from error
    return link


def _as_excel(element: Element) -> str:
    """Its XML, without the blank that Excel does not write; in texts a ">" is escaped."""
    return tostring(element, "unicode").replace(" />", "/>")


class DocumentSheet(Worksheet):  # type: ignore[misc]
    """A sheet with rules and settings as the template has them."""

    bands: Mapping[str, str] = MappingProxyType({})
    carried: Mapping[str, Mapping[str, str]] = MappingProxyType({})

    def add_rule(self, areas: str, rule: Element, look: Any) -> None:
        """A conditional format, without the numbers that tie it to others."""
        numbers = {} if look is None else {"dxfId": str(look._get_dxf_index())}
        kind, numbers["priority"] = rule.attrib.pop("type"), str(self.dxf_priority)
        rule.attrib = {"type": kind, **numbers, **rule.attrib}
        self.dxf_priority += 1
        self.cond_formats.setdefault(areas, []).append(rule)

    def _write_rule(self, rule: Element) -> None:
        self.fh.write(_as_excel(rule))

    def _write_carried(self, name: str) -> None:
        if name in self.carried:
            self._xml_empty_tag(name, list(self.carried[name].items()))

    _write_cf_rule = _write_data_validation = _write_rule
    _write_sheet_protection = partialmethod(_write_carried, "sheetProtection")
    _write_print_options = partialmethod(_write_carried, "printOptions")
    _write_page_margins = partialmethod(_write_carried, "pageMargins")
    _write_page_setup = partialmethod(_write_carried, "pageSetup")

    def _write_header_footer(self) -> None:
        if any(self.bands.values()):
            self._xml_start_tag("headerFooter", list(self.carried.get("headerFooter", {}).items()))
            for name in BANDS:
                if text := self.bands.get(name):
                    self._xml_data_element(name, text)
            self._xml_end_tag("headerFooter")

    def reach(self, row: int, col: int) -> int:
        """XlsxWriter's answer to the first or last place of all cells, from 1; it would ask for each."""
        return int(self._check_dimensions(row - 1, col - 1))

    def put(self, row: int, col: int, look: Any, value: object, formula: str | None) -> None:
        """A cell, from 1, in an area that `reach` has taken, as the XML that it will be. Raises RefusedError.
        XlsxWriter looks three times at a value, a tenth of a merge, and leaves a result of "" to be computed."""
        held = value if isinstance(value, str) else "" if value is None else as_held(value)
        if isinstance(held, bool):
            kind, shown = ' t="b"', str(int(held))
        elif not isinstance(held, str):
            kind, shown = "", repr(held).removesuffix(".0")
            if not isfinite(held):
                raise RefusedError(self.name, a1(row, col), shown)
        elif formula is not None:
            kind, shown = ' t="str"', self._escape_data(held)  # no error value: with one nothing is written
        elif len(held) > self.xls_strmax // 2 and len(held.encode("utf-16-le")) > 2 * self.xls_strmax:
            raise RefusedError(self.name, a1(row, col), "length")
        else:
            kind, shown = (' t="s"', str(self.str_table._get_shared_string_index(held))) if held else ("", "")
        shown = f"<v>{shown}</v>" if kind or shown else ""
        computed = "" if formula is None else f"<f>{self._escape_data(formula.removeprefix('='))}</f>"
        start = f'<c r="{a1(row, col)}" s="{look._get_xf_index()}"{kind}>'
        self.table[row - 1][col - 1] = f"{start}{computed}{shown}</c>"

    def _write_rows(self) -> None:
        """The rows that there are; XlsxWriter asks for each of the sheet's cells, and says where a row's begin."""
        for row in sorted({*self.row_info, *self.comments, *self.table}):
            cells = self.table.get(row, {})
            self._write_row(row, None, self.row_info.get(row), empty_row=not cells)
            written = ""
            for col, cell in sorted(cells.items()):
                if isinstance(cell, str):
                    written += cell
                else:
                    self.fh.write(written)
                    self._write_cell(row, col, cell)
                    written = ""
            self.fh.write(f"{written}</row>" if cells else "")


class CarriedChart(Chart):  # type: ignore[misc]
    """A chart that XlsxWriter packs and anchors, but whose XML is the template's; sizes in pixels."""

    def __init__(self, xml: Element, name: str, width: float, height: float) -> None:
        super().__init__()
        self.series: list[dict[str, Any]] = [{}]  # what XlsxWriter counts; the real ones stand in the XML
        self.embedded = True
        self.chart_name, self.width, self.height = name, width, height
        self._xml = xml

    def _assemble_xml_file(self) -> None:
        self._xml_declaration()
        self.fh.write(_as_excel(self._xml))
        self._xml_close()


def insert_chart(book: Document, worksheet: Any, layout: Layout, sheet: LaidSheet, chart: LaidChart) -> Any:
    """Put a chart on its sheet; XlsxWriter's answer."""

    def shown_height(row: int) -> float:
        return 0.0 if row in sheet.rows and sheet.rows[row].hidden else height_of(sheet, row)

    part, at = chart.part, chart.part.anchor
    _fill_caches(layout, chart)
    width, height = size(at, sheet, shown_height)
    carried = CarriedChart(chart.xml, part.name, width or 480, height or 288)
    book.charts.append(carried)  # which no add_chart has made
    options: dict[str, Any] = {"x_offset": at.x, "y_offset": at.y, "object_position": at.positioning}
    options |= {"description": part.description, "decorative": part.decorative}
    return worksheet.insert_chart(at.row - 1, at.col - 1, carried, options)


def _fill_caches(layout: Layout, chart: LaidChart) -> None:
    """Give each reference the values of its cells, for readers that don't look at the sheet."""
    above = {child: parent for parent in chart.xml.iter() for child in parent}
    for reference, areas in chart.cells.items():
        holder = above.get(reference)
        if holder is None:
            continue  # went with its series
        for cache in [child for child in holder if child.tag in _CACHES]:
            holder.remove(cache)
        cells = [
            layout.sheet(sheet).cells.get((row, col))
            for sheet, (row1, col1, row2, col2) in areas
            for row in range(row1, row2 + 1)
            for col in range(col1, col2 + 1)
        ]
        columns = max(area[3] - area[1] + 1 for _, area in areas)
        # Categories may be numbers or words; what they are is known only now.
        if above[holder].tag in CATEGORIES:
            rows = sum(area[2] - area[0] + 1 for _, area in areas)
            words = any(isinstance(cell.value, str) and cell.value for cell in cells if cell)
            holder.tag = _LEVELS if columns > 1 and rows > 1 else _STRINGS if words else _NUMBERS
        if holder.tag == _NUMBERS:
            code = next((code_of(layout.styles[cell.style]) for cell in cells if cell), "General")
            cache = _cache("num", (_number(cell.value if cell else None) for cell in cells), len(cells), code)
        else:
            texts = [spoken(cell.value) if cell else "" for cell in cells]
            if holder.tag == _STRINGS:
                cache = _cache("str", texts, len(cells))
            else:
                # Categories of several columns; the last column is the innermost level and comes first.
                cache = _cache("multiLvlStr", (), len(cells) // columns)
                for column in reversed(range(columns)):
                    _add_points(SubElement(cache, f"{CHART}lvl"), texts[column::columns])
        holder.insert(1, cache)


def _number(value: object) -> str:
    held = as_held(value)
    return f"{held:.16g}" if isinstance(held, float) else ""


def _cache(kind: str, texts: Iterable[str], number: int, code: str = "") -> Element:
    cache = Element(f"{CHART}{kind}Cache")
    if kind == "num":
        SubElement(cache, f"{CHART}formatCode").text = code
    SubElement(cache, f"{CHART}ptCount", {"val": str(number)})
    _add_points(cache, texts)
    return cache


def _add_points(cache: Element, texts: Iterable[str]) -> None:
    """The points that have a value, with their numbers."""
    for at, text in enumerate(texts):
        if text:
            SubElement(SubElement(cache, f"{CHART}pt", {"idx": str(at)}), f"{CHART}v").text = text
