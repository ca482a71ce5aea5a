"""XlsxWriter's workbook with what it has no option for: the language, by which a screen reader picks its voice, and
sheet names in quotes where LibreOffice needs them.
"""

from __future__ import annotations

import re

from xlsxwriter import Workbook
from xlsxwriter.core import Core
from xlsxwriter.packager import Packager

LANGUAGE = "tr-TR"
_TITLE = re.compile(r"([^\W\d][\w.]*)(?=!)")


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
