"""A workbook changed in its package, as Excel would have saved it: with what no library writes."""

from __future__ import annotations

import posixpath
import re
import zipfile
from pathlib import Path

SHEET, STYLES, BOOK, TYPES = "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml", "[Content_Types].xml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
X14 = 'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"'
_RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
# The order that the schema asks for within a sheet.
_ORDER = (  # noqa: SIM905
    "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges scenarios "
    "autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting dataValidations "
    "hyperlinks printOptions pageMargins pageSetup headerFooter rowBreaks colBreaks customProperties cellWatches "
    "ignoredErrors smartTags drawing legacyDrawing legacyDrawingHF picture oleObjects controls "
    "webPublishItems tableParts extLst"
).split()


class Package:
    """The parts of a workbook by name; the first sheet is the one that is changed."""

    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as package:
            self.parts = {name: package.read(name) for name in package.namelist()}

    def save(self, path: Path) -> Path:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
            for name, data in self.parts.items():
                package.writestr(name, data)
        return path

    def text(self, part: str = SHEET) -> str:
        return self.parts[part].decode() if part in self.parts else ""

    def change(self, part: str, pattern: str, new: str) -> None:
        text, count = re.subn(pattern, lambda _: new, self.text(part), count=1, flags=re.DOTALL)
        assert count, (part, pattern)
        self.parts[part] = text.encode()

    def element(self, xml: str) -> None:
        """Puts an element into the sheet where the schema has it, in the place of the one that is there."""
        name = re.match(r"<(\w+)", xml)
        assert name
        text = re.sub(rf"<{name[1]}\b[^>]*/>|<{name[1]}\b[^>]*>.*?</{name[1]}>", "", self.text(), flags=re.DOTALL)
        later = (re.search(rf"<{other}\b", text) for other in _ORDER[_ORDER.index(name[1]) + 1 :])
        at = min((found.start() for found in later if found), default=text.index("</worksheet>"))
        self.parts[SHEET] = (text[:at] + xml + text[at:]).encode()

    def relate(self, kind: str, target: str, part: str = SHEET, *, external: bool = False) -> str:
        """A relation of a part ("" is the package itself); returns its id."""
        folder, name = posixpath.split(part)
        file = posixpath.join(folder, "_rels", f"{name}.rels")
        if "</Relationships>" not in self.text(file):
            self.parts[file] = _RELATIONS.encode()
        identity = f"rIdX{len(self.parts[file])}"
        mode = ' TargetMode="External"' if external else ""
        entry = f'<Relationship Id="{identity}" Type="{OFFICE}/{kind}" Target="{target}"{mode}/>'
        self.change(file, "</Relationships>", f"{entry}</Relationships>")
        return f'xmlns:r="{OFFICE}" r:id="{identity}"'

    def put(self, part: str, data: str | bytes, kind: str) -> None:
        """A part more, of a content type."""
        self.parts[part] = data if isinstance(data, bytes) else data.encode()
        self.change(TYPES, "</Types>", f'<Override PartName="/{part}" ContentType="{kind}"/></Types>')

    def comment(self, text: str) -> None:
        """A comment of A1; `text` is what stands in its element text."""
        main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        self.put(
            "xl/comments9.xml",
            f'<comments xmlns="{main}"><authors><author>Mali</author></authors><commentList>'
            f'<comment ref="A1" authorId="0"><text>{text}</text></comment></commentList></comments>',
            "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml",
        )
        self.relate("comments", "../comments9.xml")

    def look(self, kind: str, xml: str, cell: str = "A1") -> None:
        """A font, fill or border more, and a cell that has it."""
        number = len(re.findall(rf"<{kind}[ >]", self.text(STYLES).partition(f"</{kind}s>")[0]))
        style = len(re.findall("<xf ", self.text(STYLES).partition("<cellXfs")[2].partition("</cellXfs>")[0]))
        self.change(STYLES, f"</{kind}s>", f"{xml}</{kind}s>")
        self.change(STYLES, "</cellXfs>", f'<xf numFmtId="0" {kind}Id="{number}" xfId="0"/></cellXfs>')
        self.change(SHEET, f'<c r="{cell}"( s="\\d+")?', f'<c r="{cell}" s="{style}"')

    def rule(self, xml: str, look: str = "", cells: str = "B3:B4") -> None:
        """A conditional format, and the look that it gives."""
        self.change(STYLES, "<tableStyles", f'<dxfs count="1"><dxf>{look}</dxf></dxfs><tableStyles')
        named = ' dxfId="0"' if look else ""
        rule = xml.replace("<cfRule ", f'<cfRule priority="1"{named} ', 1)
        self.element(f'<conditionalFormatting sqref="{cells}">{rule}</conditionalFormatting>')

    def extension(self, body: str) -> None:
        """What newer Excels note apart; its elements have the prefixes x14 and xm."""
        spaces = f'{X14} xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"'
        self.element(f'<extLst><ext {spaces} uri="{{0}}">{body}</ext></extLst>')
