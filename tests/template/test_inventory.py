"""One of each thing that the inventory names: it comes out as it was, or it is said (KX005); nothing goes in silence."""

# ruff: noqa: E501, SIM905 – an element of XML is read in one piece, and lists of names as in inventory.toml

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable

import pytest

from kars_xl.template.nodes import Node
from tests.helpers.kept import Kept
from tests.helpers.package_edits import BOOK, OFFICE, SHEET, STYLES, X14, Package
from tests.helpers.repository import REPOSITORY
from tests.helpers.template_bench import Bench

INVENTORY = tomllib.loads((REPOSITORY / "kars_xl" / "template" / "source" / "inventory.toml").read_text("utf-8"))
MADE_UP = "application/vnd.openxmlformats-officedocument.theirs+xml"
DRAWN = "http://schemas.openxmlformats.org/drawingml/2006"
PIXEL = bytes.fromhex(  # a PNG of one pixel
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc000000301010018dd8db0"
    "0000000049454e44ae426082"
)
Change = Callable[[Package], object]


def sheet(xml: str) -> Change:
    """An element of the sheet."""
    return lambda package: package.element(xml)


def view(attributes: str, inside: str = "") -> Change:
    return sheet(f'<sheetViews><sheetView workbookViewId="0" {attributes}>{inside}</sheetView></sheetViews>')


def book(xml: str, before: str = "<sheets>") -> Change:
    """An element of the workbook, in the place of one that is there."""
    name = re.match(r"<(\w+)", xml)
    assert name

    def change(package: Package) -> None:
        text = re.sub(rf"<{name[1]}\b[^>]*/>", "", package.text(BOOK))
        assert before in text
        package.parts[BOOK] = text.replace(before, xml + before, 1).encode()

    return change


def related(kind: str, part: str = SHEET, data: str = "<theirs/>") -> Change:
    """A part that another is related to."""

    def change(package: Package) -> None:
        package.put("xl/theirs.xml", data, MADE_UP)
        package.relate(kind, "/xl/theirs.xml", part)

    return change


def font(more: str) -> Change:
    return lambda package: package.look("font", f'<font><sz val="11"/><name val="Arial"/>{more}</font>')


def aligned(attributes: str) -> Change:
    def change(package: Package) -> None:
        package.look("font", '<font><sz val="11"/><name val="Arial"/></font>')
        package.change(STYLES, r'(?<=xfId="0")/></cellXfs>', f"><alignment {attributes}/></xf></cellXfs>")

    return change


def picture(
    label: str = "", blip: str = "", filled: str = "", shape: str = "", client: str = "", geometry: str = 'prst="rect"'
) -> Change:
    """A picture of the sheet, with something more in one of its parts."""

    def change(package: Package) -> None:
        package.parts["xl/media/theirs.png"] = PIXEL
        package.change("[Content_Types].xml", "(?=<Default)", '<Default Extension="png" ContentType="image/png"/>')
        name = "xl/drawings/theirs.xml"
        package.put(name, "", "application/vnd.openxmlformats-officedocument.drawing+xml")
        image = package.relate("image", "../media/theirs.png", name).replace("r:id", "r:embed")
        linked = blip.replace("LINK", f'r:link="{image[-6:-1]}"')
        # One closes the element, the other adds to it.
        attributes, inside = (linked, "") if "=" in linked[:8] else ("", linked)
        corner = "<xdr:col>{0}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{0}</xdr:row><xdr:rowOff>0</xdr:rowOff>"
        package.parts[name] = (
            f'<xdr:wsDr xmlns:xdr="{DRAWN}/spreadsheetDrawing" xmlns:a="{DRAWN}/main"><xdr:twoCellAnchor>'
            f"<xdr:from>{corner.format(3)}</xdr:from><xdr:to>{corner.format(5)}</xdr:to><xdr:pic><xdr:nvPicPr>"
            f'<xdr:cNvPr id="1" name="Logo" descr="amblem" {label if "=" in label[:8] else ""}>'
            f"{label if '=' not in label[:8] else ''}</xdr:cNvPr><xdr:cNvPicPr/></xdr:nvPicPr><xdr:blipFill>"
            f"<a:blip {image} {attributes}>{inside}</a:blip>{filled}<a:stretch><a:fillRect/></a:stretch>"
            f"</xdr:blipFill><xdr:spPr>{shape if shape.startswith('<a:xfrm') else ''}"
            f"<a:prstGeom {geometry}><a:avLst/></a:prstGeom>{shape if not shape.startswith('<a:xfrm') else ''}"
            f"</xdr:spPr></xdr:pic><xdr:clientData {client}/></xdr:twoCellAnchor></xdr:wsDr>"
        ).encode()
        package.element(f"<drawing {package.relate('drawing', '/' + name)}/>")

    return change


def rule(xml: str, look: str = "") -> Change:
    return lambda package: package.rule(xml, look)


def extension(xml: str) -> Change:
    return lambda package: package.extension(xml)


def cell_of(attribute: str) -> Change:
    return lambda package: package.change(SHEET, '<c r="A1"', f'<c r="A1" {attribute}')


def named_style(package: Package) -> None:
    package.change(STYLES, "</cellStyles>", '<cellStyle name="Vurgu" xfId="0" customBuiltin="1"/></cellStyles>')


BAR = '<cfvo type="min"/><cfvo type="max"/><color rgb="FF638EC6"/>'
NEWER = (
    '<x14:conditionalFormattings><x14:conditionalFormatting xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">'
    "{}<xm:sqref>B3</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings>"
)
ICONS = '<cfvo type="percent" val="0"/><cfvo type="percent" val="33"/><cfvo type="percent" val="67"/>'
# What stays behind: a template that has it. The words are the inventory's.
SAID: dict[str, Change] = {
    **{kind: related(kind) for kind in ("table", "pivotTable", "ctrlProp", "control", "oleObject", "package")},
    **{kind: related(kind) for kind in ("slicer", "timeline", "threadedComment", "queryTable", "customProperty")},
    **{
        kind: related(kind, BOOK)
        for kind in ("vbaProject", "externalLink", "externalLinkPath", "connections", "customXml", "xmlMaps")
    },
    "extensibility": related("extensibility", ""),
    "custom-properties": related("custom-properties", "", data="<Properties><property/></Properties>"),
    "protectedRanges": sheet('<protectedRanges><protectedRange sqref="A1" name="Birim"/></protectedRanges>'),
    "scenarios": sheet('<scenarios><scenario name="a" count="1"><inputCells r="A1" val="1"/></scenario></scenarios>'),
    "sortState": sheet('<sortState ref="A1:B3"><sortCondition ref="A1:A3"/></sortState>'),
    "filterColumn": sheet('<autoFilter ref="A1:B5"><filterColumn colId="0"><top10 val="3"/></filterColumn></autoFilter>'),
    "picture": sheet(f'<picture xmlns:r="{OFFICE}" r:id="rId99"/>'),
    "customSheetViews": sheet('<customSheetViews><customSheetView guid="{0}"/></customSheetViews>'),
    "customWorkbookViews": book('<customWorkbookViews><customWorkbookView name="a"/></customWorkbookViews>'),
    "dataConsolidate": sheet('<dataConsolidate function="sum"/>'),
    "ignoredErrors": sheet('<ignoredErrors><ignoredError sqref="A1" numberStoredAsText="1"/></ignoredErrors>'),
    "cellWatches": sheet('<cellWatches><cellWatch r="B5"/></cellWatches>'),
    "sparklineGroups": extension("<x14:sparklineGroups><x14:sparklineGroup/></x14:sparklineGroups>"),
    "fileSharing": book('<fileSharing readOnlyRecommended="1" userName="Mali"/>'),
    "workbookProtection": book('<workbookProtection lockStructure="1" workbookPassword="CC1A"/>'),
    "workbookPr date1904": book('<workbookPr date1904="1"/>'),
    "calcPr fullPrecision": book('<calcPr calcId="1" fullPrecision="0"/>', "</workbook>"),
    "calcPr iterate": book('<calcPr calcId="1" iterate="1"/>', "</workbook>"),
    "calcPr calcMode": book('<calcPr calcId="1" calcMode="manual"/>', "</workbook>"),
    "sheetProtection": sheet('<sheetProtection sheet="1" password="CC1A"/>'),
    "pageSetup errors": sheet('<pageSetup errors="blank"/>'),
    "pageSetup draft": sheet('<pageSetup draft="1"/>'),
    "pageSetup cellComments": sheet('<pageSetup cellComments="atEnd"/>'),
    "pageSetup copies": sheet('<pageSetup copies="3"/>'),
    "pageSetup paperHeight": sheet('<pageSetup paperHeight="297mm"/>'),
    "pageSetup paperWidth": sheet('<pageSetup paperWidth="210mm"/>'),
    "sheetView defaultGridColor": view('defaultGridColor="0" colorId="10"'),
    "sheetView showFormulas": view('showFormulas="1"'),
    "pane state": view("", '<pane xSplit="900" topLeftCell="B1"/>'),
    "sheetFormatPr zeroHeight": sheet('<sheetFormatPr defaultRowHeight="15" zeroHeight="1"/>'),
    "clientData fPrintsWithSheet": picture(client='fPrintsWithSheet="0"'),
    "clientData fLocksWithSheet": picture(client='fLocksWithSheet="0"'),
    "cNvPr title": picture(label='title="Amblem"'),
    "cNvPr hidden": picture(label='hidden="1"'),
    "hlinkClick": picture(label=f'<a:hlinkClick xmlns:r="{OFFICE}" r:id="rId9"/>'),
    "blip link": picture(blip="LINK"),
    "svgBlip": picture(blip='<a:extLst><a:ext uri="{0}"><asvg:svgBlip xmlns:asvg="urn:s"/></a:ext></a:extLst>'),
    "grayscl": picture(blip="<a:grayscl/>"),
    "srcRect": picture(filled='<a:srcRect l="1000"/>'),
    "xfrm": picture(shape='<a:xfrm rot="5400000"><a:off x="0" y="0"/><a:ext cx="1" cy="1"/></a:xfrm>'),
    "solidFill": picture(shape='<a:solidFill><a:srgbClr val="FF0000"/></a:solidFill>'),
    "ln": picture(shape='<a:ln w="9525"><a:solidFill><a:srgbClr val="FF0000"/></a:solidFill></a:ln>'),
    "prstGeom": picture(geometry='prst="ellipse"'),
    "c cm": cell_of('cm="1"'),
    "c vm": cell_of('vm="1"'),
    "conditionalFormattings": extension(
        NEWER.format('<x14:cfRule type="dataBar" id="{1}"><x14:dataBar direction="rightToLeft"/></x14:cfRule>')
    ),
    "dataBar": rule(f'<cfRule type="dataBar"><dataBar minLength="40">{BAR}</dataBar></cfRule>'),
    "iconSet": rule(f'<cfRule type="iconSet"><iconSet iconSet="3Signs" percent="0" custom="1">{ICONS}</iconSet></cfRule>'),
    "cfIcon": rule(
        f'<cfRule type="iconSet"><iconSet iconSet="3Signs">{ICONS}<cfIcon iconSet="3Flags" iconId="0"/></iconSet></cfRule>'
    ),
    "gradientFill": lambda package: package.look(
        "fill", '<fill><gradientFill><stop position="0"><color theme="0"/></stop></gradientFill></fill>'
    ),
    "noFillRule": rule(
        '<cfRule type="expression"><formula>B3&gt;1</formula></cfRule>',
        '<fill><patternFill patternType="none"/></fill>',
    ),
    "outline": font("<outline/>"),
    "shadow": font("<shadow/>"),
    "alignment justifyLastLine": aligned('horizontal="distributed" justifyLastLine="1"'),
    "headerPicture": sheet("<headerFooter><oddHeader>&amp;CKars &amp;G</oddHeader></headerFooter>"),
    "cellStyle": named_style,
    "note": lambda package: package.comment('<r><rPr><b/><sz val="9"/></rPr><t>önemli</t></r>'),
}  # fmt: skip

# What comes out as it was: a template that has it, and what the output's part holds then.
CARRIED: dict[str, tuple[Change, tuple[str, ...], str]] = {
    "tabColor": (sheet('<sheetPr><tabColor rgb="FF00B050"/></sheetPr>'), ('<tabColor rgb="FF00B050"/>',), SHEET),
    "outlinePr": (
        sheet('<sheetPr><outlinePr summaryBelow="0" summaryRight="0"/></sheetPr>'),
        ('summaryBelow="0"', 'summaryRight="0"'), SHEET,
    ),
    "pageSetUpPr": (
        lambda package: (
            package.element('<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'),
            package.element('<pageSetup fitToWidth="1" fitToHeight="0"/>'),
        ),
        ('<pageSetUpPr fitToPage="1"', 'fitToHeight="0"'), SHEET,
    ),
    "sheetView": (
        view('showGridLines="0" showRowColHeaders="0" showZeros="0" rightToLeft="1" zoomScale="70"'),
        ('showGridLines="0"', 'showRowColHeaders="0"', 'showZeros="0"', 'rightToLeft="1"', 'zoomScale="70"'), SHEET,
    ),
    "sheetView view": (view('view="pageLayout"'), ('view="pageLayout"',), SHEET),
    "pane": (
        view("", '<pane xSplit="1" ySplit="1" topLeftCell="B2" activePane="bottomRight" state="frozen"/>'),
        ('<pane xSplit="1" ySplit="1" topLeftCell="B2"', 'state="frozen"'), SHEET,
    ),
    "sheetFormatPr": (sheet('<sheetFormatPr defaultRowHeight="21"/>'), ('defaultRowHeight="21"',), SHEET),
    "col": (
        sheet('<cols><col min="3" max="4" width="27.7109375" customWidth="1" outlineLevel="1" hidden="1"/></cols>'),
        ('min="3" max="4" width="27.7109375"', 'hidden="1"', 'outlineLevel="1"'), SHEET,
    ),
    "row": (
        lambda package: package.change(SHEET, '<row r="5"', '<row r="5" ht="33" customHeight="1" outlineLevel="1"'),
        ('<row r="11"[^>]*ht="33"', '<row r="11"[^>]*outlineLevel="1"'), SHEET,
    ),
    "sheetProtection": (
        sheet('<sheetProtection sheet="1" objects="1" scenarios="1" formatCells="0" sort="0"/>'),
        ('<sheetProtection sheet="1" objects="1" scenarios="1"', 'formatCells="0"', 'sort="0"'), SHEET,
    ),
    "autoFilter": (sheet('<autoFilter ref="A1:B5"/>'), ('<autoFilter ref="A1:B11"',), SHEET),
    "mergeCells": (sheet('<mergeCells><mergeCell ref="A5:A6"/></mergeCells>'), ('<mergeCell ref="A11:A12"/>',), SHEET),
    "conditionalFormatting": (
        rule('<cfRule type="cellIs" operator="greaterThan" stopIfTrue="1"><formula>$B$5</formula></cfRule>', "<font><b/></font>"),
        ('sqref="B3:B5 B7:B8 B10"?', 'stopIfTrue="1" operator="greaterThan"', r"<formula>\$B\$11</formula>"), SHEET,
    ),
    "dataValidations": (
        sheet(
            '<dataValidations><dataValidation type="whole" errorStyle="warning" allowBlank="1" showInputMessage="1" '
            'showErrorMessage="1" promptTitle="Tutar" prompt="TL" errorTitle="Yanlış" error="Sayı yazın" sqref="B5">'
            "<formula1>0</formula1><formula2>$B$5</formula2></dataValidation></dataValidations>"
        ),
        ('type="whole"', 'errorStyle="warning"', 'promptTitle="Tutar"', 'prompt="TL"', 'errorTitle="Yanlış"',
         'error="Sayı yazın"', 'sqref="B11"', r"<formula2>\$B\$11</formula2>"), SHEET,
    ),
    "hyperlinks": (
        sheet('<hyperlinks><hyperlink ref="A1" location="S!A5" tooltip="Toplama git"/></hyperlinks>'),
        ('<hyperlink ref="A1" location="S!A11" tooltip="Toplama git"',), SHEET,
    ),
    "printOptions": (
        sheet('<printOptions horizontalCentered="1" verticalCentered="1" headings="1" gridLines="1"/>'),
        ('horizontalCentered="1"', 'verticalCentered="1"', 'headings="1"', 'gridLines="1"'), SHEET,
    ),
    "pageMargins": (
        lambda package: (
            package.element('<pageMargins left="0.11" right="0.22" top="0.33" bottom="0.44" header="0.55" footer="0.66"/>'),
            package.element("<headerFooter><oddHeader>&amp;Lüst</oddHeader><oddFooter>&amp;Lalt</oddFooter></headerFooter>"),
        ),
        ('left="0.11" right="0.22" top="0.33" bottom="0.44" header="0.55" footer="0.66"',), SHEET,
    ),
    "pageSetup": (
        sheet('<pageSetup paperSize="8" scale="63" firstPageNumber="7" pageOrder="overThenDown" orientation="landscape" '
              'blackAndWhite="1" useFirstPageNumber="1"/>'),
        ('paperSize="8"', 'scale="63"', 'firstPageNumber="7"', 'pageOrder="overThenDown"', 'orientation="landscape"',
         'blackAndWhite="1"', 'useFirstPageNumber="1"'), SHEET,
    ),
    "headerFooter": (
        sheet('<headerFooter scaleWithDoc="0" alignWithMargins="0" differentFirst="1" differentOddEven="1"><oddHeader>'
              "&amp;Ltek</oddHeader><oddFooter>&amp;C&amp;P</oddFooter><evenHeader>&amp;Rçift</evenHeader><evenFooter>"
              "&amp;Rson</evenFooter><firstHeader>&amp;Lilk</firstHeader><firstFooter>&amp;Lilk son</firstFooter>"
              "</headerFooter>"),
        ('scaleWithDoc="0"', 'alignWithMargins="0"', 'differentFirst="1"', "<oddHeader>&amp;Ltek<", "<oddFooter>&amp;C&amp;P<",
         "<evenHeader>&amp;Rçift<", "<evenFooter>&amp;Rson<", "<firstHeader>&amp;Lilk<", "<firstFooter>&amp;Lilk son<"), SHEET,
    ),
    "rowBreaks": (
        sheet('<rowBreaks count="1" manualBreakCount="1"><brk id="4" max="16383" man="1"/></rowBreaks>'),
        ('<brk id="(5|8|10)" max="16383" man="1"/>',), SHEET,
    ),
    "colBreaks": (
        sheet('<colBreaks count="1" manualBreakCount="1"><brk id="2" max="1048575" man="1"/></colBreaks>'),
        ('<colBreaks count="1"[^>]*><brk id="2"',), SHEET,
    ),
    "font": (
        font('<b/><i/><u val="double"/><strike/><vertAlign val="superscript"/><color rgb="FF123456"/>'),
        ("<b/>", "<i/>", '<u val="double"/>', "<strike/>", 'vertAlign val="superscript"', '<color rgb="FF123456"/>'), STYLES,
    ),
    "fill": (
        lambda package: package.look(
            "fill", '<fill><patternFill patternType="darkGrid"><fgColor rgb="FFABCDEF"/><bgColor rgb="FF123456"/></patternFill></fill>'
        ),
        ('patternType="darkGrid"><fgColor rgb="FFABCDEF"/><bgColor rgb="FF123456"/>',), STYLES,
    ),
    "border": (
        lambda package: package.look(
            "border", '<border diagonalUp="1"><left style="thick"><color rgb="FF00FF00"/></left><diagonal style="hair"/></border>'
        ),
        ('diagonalUp="1"', '<left style="thick"><color rgb="FF00FF00"/>', '<diagonal style="hair"'), STYLES,
    ),
    "alignment": (
        aligned('horizontal="right" vertical="top" textRotation="45" wrapText="1" indent="2" readingOrder="1"'),
        ('horizontal="right"', 'vertical="top"', 'textRotation="45"', 'wrapText="1"', 'indent="2"', 'readingOrder="1"'), STYLES,
    ),
    "alignment shrinkToFit": (aligned('shrinkToFit="1"'), ('shrinkToFit="1"',), STYLES),
    "protection": (
        lambda package: (
            package.look("font", '<font><sz val="11"/><name val="Arial"/></font>'),
            package.change(STYLES, r'(?<=xfId="0")/></cellXfs>', '><protection locked="0" hidden="1"/></xf></cellXfs>'),
        ),
        ('<protection locked="0" hidden="1"/>',), STYLES,
    ),
    "pic": (picture(), ('descr="amblem"', "<xdr:col>3</xdr:col>", "<xdr:row>4</xdr:row>"), "xl/drawings/drawing1.xml"),
}  # fmt: skip
# Tested elsewhere: names and kinds of functions (test_kept), rich texts (test_kept_texts), charts (test_charts).
ELSEWHERE = set(  # of the elements, those that hold others or say nothing of their own
    "workbook bookViews workbookView worksheet sheetPr sheetViews sheetData c f v is sheets definedNames formula cfRule "
    "colorScale color cfvo iconSet dataBar hyperlink oddHeader oddFooter evenHeader evenFooter firstHeader firstFooter "
    "drawing legacyDrawing legacyDrawingHF rPr sz name rFont family charset scheme b i u strike vertAlign patternFill numFmt "
    "nvPicPr cNvPr cNvPicPr blipFill blip useLocalDpi creationId decorative stretch spPr xfrm off prstGeom avLst noFill "
    "effectLst srcRect clientData cols dataValidations workbookProtection calcPr workbookPr selection ext extLst id".split()
)
# Of no account for what people see: caches, what a program notes for itself, what a relation speaks for.
NOTHING = set(
    "fileVersion externalReferences pivotCaches fileRecoveryPr smartTagPr smartTagTypes webPublishing absPath revisionPtr "
    "extCalcPr calcFeatures slicerCaches timelineCacheRefs dimension sheetCalcPr phoneticPr customProperties controls "
    "oleObjects tableParts slicerList timelineRefs AlternateContent Choice Fallback condense extend".split()
)


def test_each_thing_of_the_inventory_is_tried() -> None:
    assert set(SAID) == set(INVENTORY["words"])
    tried = {name.partition(" ")[0] for name in CARRIED}
    assert set(INVENTORY["elements"]) == tried | ELSEWHERE | NOTHING


@pytest.mark.parametrize("name", SAID)
def test_what_stays_behind_is_said(bench: Bench, three: Node, name: str) -> None:
    lost = [what for _, what in Kept(bench, three, SAID[name]).lost]
    assert [what.rpartition("”: ")[2] for what in lost] == [INVENTORY["words"][name]]


@pytest.mark.parametrize("name", CARRIED)
def test_what_is_carried_is_in_the_output(bench: Bench, three: Node, name: str) -> None:
    change, patterns, part = CARRIED[name]
    kept = Kept(bench, three, change)
    assert [pattern for pattern in patterns if not kept.has(pattern, part=part)] == []
    assert kept.lost == []


@pytest.mark.parametrize("kind", ["relation", "element", "attribute"])
def test_what_nobody_foresaw_is_said_by_its_name(bench: Bench, three: Node, kind: str) -> None:
    changes: dict[str, Change] = {
        "relation": related("theirThing"),
        "element": extension(f"<theirThing {X14}/>"),
        "attribute": sheet('<pageSetup theirThing="7"/>'),
    }
    lost = [what for _, what in Kept(bench, three, changes[kind]).lost]
    assert [what.split()[-1].strip("“”") for what in lost] == ["theirThing"]
