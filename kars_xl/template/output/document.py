"""XlsxWriter's workbook with what it has no option for. Its private parts are used here and nowhere else, so a new
version of it is a matter of this file; pyproject.toml says up to which one it was tried.

The language, by which a screen reader picks its voice; sheet names in quotes where LibreOffice needs them; charts whose
XML is the template's; and cells written without detours, which halves the time.
"""

from __future__ import annotations

import re
from typing import Any
from xml.etree.ElementTree import Element

from xlsxwriter import Workbook
from xlsxwriter.chart import Chart
from xlsxwriter.core import Core
from xlsxwriter.packager import Packager
from xlsxwriter.worksheet import Worksheet

from kars_xl.base.place import a1
from kars_xl.template.source.drawing import PREFIXES

LANGUAGE = "tr-TR"
_TITLE = re.compile(r"([^\W\d][\w.]*)(?=!)")
_SHORT = ("Number", "String", "Blank", "Formula")


class Document(Workbook):  # type: ignore[misc]
    """A workbook in Turkish."""

    def _get_packager(self) -> Packager:
        return _Packager()

    def _prepare_defined_names(self) -> None:
        super()._prepare_defined_names()
        for defined in self.defined_names:
            # [name, sheet, meaning, hidden]; LibreOffice drops the print area of a sheet Şekiller without quotes.
            if "'" not in defined[2]:
                defined[2] = _TITLE.sub(_quoted, defined[2])

    def carry_chart(self, chart: CarriedChart) -> None:
        """Take a chart that no add_chart has made."""
        self.charts.append(chart)


def _quoted(title: re.Match[str]) -> str:
    return title[1] if title[1].isascii() else f"'{title[1]}'"


class _Packager(Packager):  # type: ignore[misc]
    def _write_core_file(self) -> None:
        core = _Core()
        core._set_properties(self.workbook.doc_properties)
        core._set_xml_writer(self._filename("docProps/core.xml"))
        core._assemble_xml_file()


class _Core(Core):  # type: ignore[misc]
    def _write_cp_content_status(self) -> None:
        super()._write_cp_content_status()
        self._xml_data_element("dc:language", LANGUAGE)


class DocumentSheet(Worksheet):  # type: ignore[misc]
    """A sheet with short ways for most cells."""

    def _prepare_formula(self, formula: str, *_: object) -> str:
        """Lint lets no function pass that needs a prefix; looking for them takes a third of the writing time."""
        return formula.removeprefix("=")

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        """Most cells without the detour by lists of attributes."""
        kind = type(cell).__name__
        if kind not in _SHORT or cell.format is None:
            super()._write_cell(row, col, cell)
            return
        start = f'<c r="{a1(row + 1, col + 1)}" s="{cell.format._get_xf_index()}"'
        if kind == "Number":
            self.fh.write(f"{start}><v>{cell.number:.16G}</v></c>")
        elif kind == "String":
            self.fh.write(f'{start} t="s"><v>{cell.string}</v></c>')
        elif kind == "Blank":
            self.fh.write(f"{start}/>")
        else:
            formula, value, tag = self._escape_data(cell.formula), cell.value, ""
            if isinstance(value, bool):
                tag, value = ' t="b"', int(value)
            elif isinstance(value, str):
                # An empty text is a result, too; XlsxWriter would write a formula that waits to be computed.
                tag, value = ' t="str"', self._escape_data(value)
            self.fh.write(f"{start}{tag}><f>{formula}</f><v>{value}</v></c>")


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
        self._element(self._xml, [(f"xmlns:{prefix}", uri[1:-1]) for uri, prefix in PREFIXES.items()])
        self._xml_close()

    def _element(self, element: Element, namespaces: list[tuple[str, str]]) -> None:
        uri, _, name = element.tag.rpartition("}")
        tag = f"{PREFIXES[uri + '}']}:{name}"
        attributes = [*namespaces, *((key, value) for key, value in element.attrib.items() if "}" not in key)]
        if not len(element):
            self._xml_data_element(tag, element.text or "", attributes)
            return
        self._xml_start_tag(tag, attributes)
        for child in element:
            self._element(child, [])
        self._xml_end_tag(tag)
