"""What a style of an .xlsx says of a cell: its number format, and whether anybody sees what it holds."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from kars_xl.base.colours import Colour
from kars_xl.reading.grid.cells import Unseen
from kars_xl.reading.grid.styles import Styles, alike, look_of_runs, look_where, styles_of

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
# A theme's colours as its file has them: dark and light twice, six accents, two of links.
COLOURS = "000000 FFFFFF 1F497D EEECE1 111111 222222 333333 444444 555555 FFFFFE 777777 FDFDFD"
THEME = COLOURS.split(" ")


def theme_of(colours: Sequence[str]) -> str:
    slots = "".join(f'<a:c{at}><a:srgbClr val="{colour}"/></a:c{at}>' for at, colour in enumerate(colours))
    scheme = f"<a:clrScheme>{slots}</a:clrScheme>"
    return f'<a:theme xmlns:a="{DRAWING}"><a:themeElements>{scheme}</a:themeElements></a:theme>'


def styles(inside: str, theme: str = "") -> Styles:
    """The styles of a package whose style sheet has `inside`."""
    sheet = f'<styleSheet xmlns="{MAIN}">{inside}</styleSheet>'
    return Styles(sheet.encode(), (theme or theme_of(THEME)).encode())


def unseen(font: str = "", fill: str = "", form: str = "0", palette: str = "", theme: str = "") -> Unseen | str:
    """Why nobody sees what a cell with this font and fill holds."""
    look = styles(
        f'<numFmts><numFmt numFmtId="164" formatCode="{form}"/></numFmts><fonts><font/><font>{font}</font></fonts>'
        f"<fills><fill/><fill>{fill}</fill></fills>"
        f'<cellXfs><xf numFmtId="164" fontId="1" fillId="1"/></cellXfs><colors>{palette}</colors>',
        theme,
    ).look("0")
    assert look[0] == form
    return look[1]


def solid(colour: str) -> str:
    return f'<patternFill patternType="solid"><fgColor {colour}/><bgColor rgb="FF123456"/></patternFill>'


WHITE, BLACK, YELLOW = 'rgb="FFFFFFFF"', 'rgb="FF000000"', 'rgb="FFFFFF00"'


@pytest.mark.parametrize(
    ("text", "back", "is_unseen"),
    [
        # Nothing is said of the font's colour, which is black, or of the cell's, which is white.
        *(("", "", False), (WHITE, "", True), ("", WHITE, False), ("", BLACK, True), (BLACK, "", False)),
        *((WHITE, BLACK, False), (WHITE, WHITE, True), (YELLOW, YELLOW, True), (YELLOW, WHITE, False)),
        (YELLOW, "", False),
        # Twelve of 255 nobody tells apart, of red, green or blue.
        *(('rgb="FFF3F3F3"', "", True), ('rgb="FFF2FFFF"', "", False), ('rgb="FFFFF2FF"', "", False)),
        ('rgb="FFFFFFF2"', "", False),
        *((BLACK, 'rgb="FF0C0C0C"', True), (BLACK, 'rgb="FF0D0000"', False), (BLACK, 'rgb="FF00000D"', False)),
        # By number: 9 is white, 64 the automatic colour. Of a theme: light, dark; its file has dark first.
        *(('indexed="9"', "", True), ('indexed="1"', "", True), ('indexed="8"', "", False)),
        ('indexed="64"', "", False),
        *(('theme="0"', "", True), ('theme="1"', "", False), ('theme="0"', 'theme="1"', False)),
        ('theme="9"', "", True),
        *(('theme="2"', 'rgb="FFEEECE1"', True), ('theme="3"', 'rgb="FF1F497D"', True), ('theme="11"', "", True)),
        *(('theme="10"', 'rgb="FF777777"', True), ('theme="4"', 'rgb="FF111111"', True), ('theme="12"', "", False)),
        # Lighter and darker: all light is white, half dark grey.
        *(('theme="1" tint="1"', "", True), ('theme="0" tint="-0.5"', "", False), ('auto="1"', "", False)),
        *(("", 'theme="1" tint="0"', True), ("", 'indexed="64"', False)),
    ],
)  # fmt: skip
def test_text_in_the_colour_of_its_cell_is_not_seen(text: str, back: str, is_unseen: bool) -> None:
    font, fill = f"<color {text}/>" if text else "", solid(back) if back else ""
    assert unseen(font, fill) == (Unseen.COLOUR if is_unseen else "")


def test_a_workbook_may_have_colours_of_its_own_by_number() -> None:
    palette = '<indexedColors><rgbColor rgb="00FFFFFF"/><rgbColor rgb="00123456"/><rgbColor/></indexedColors>'
    assert unseen('<color indexed="0"/>', palette=palette) == Unseen.COLOUR
    assert unseen('<color indexed="1"/>', palette=palette) == ""
    assert unseen('<color indexed="1"/>', solid('rgb="FF123456"'), palette=palette) == Unseen.COLOUR
    assert unseen('<color indexed="2"/>', solid(BLACK), palette=palette) == Unseen.COLOUR
    assert unseen('<color indexed="9"/>', palette=palette) == ""  # there is none, so that it is black


@pytest.mark.parametrize("colours", [[], THEME[:11]])
def test_a_theme_with_colours_amiss_has_white_and_black(colours: list[str]) -> None:
    assert unseen('<color theme="0"/>', theme=theme_of(colours)) == Unseen.COLOUR
    assert unseen('<color theme="0"/>', solid('theme="1"'), theme=theme_of(colours)) == ""
    assert unseen('<color theme="1"/>', solid(BLACK), theme=theme_of(colours)) == Unseen.COLOUR
    assert unseen('<color theme="2"/>', theme=theme_of(colours)) == ""
    assert unseen('<color theme="0"/>', theme="<nothing/>") == Unseen.COLOUR


def test_workbooks_with_one_style_sheet_have_their_own_themes() -> None:
    fonts = '<fonts><font><color theme="1"/></font></fonts>'
    sheet = f'<styleSheet xmlns="{MAIN}">{fonts}<cellXfs><xf/></cellXfs></styleSheet>'.encode()
    dark, light = theme_of(THEME).encode(), theme_of([THEME[1], THEME[0], *THEME[2:]]).encode()
    looks = [styles_of(sheet, theme).look("0")[1] for theme in (dark, light, dark)]
    assert looks == ["", Unseen.COLOUR, ""]


def test_a_theme_may_name_a_colour_of_the_system() -> None:
    slots = [*THEME]
    theme = theme_of(slots).replace('<a:srgbClr val="FFFFFF"/>', '<a:sysClr val="window" lastClr="654321"/>')
    assert unseen('<color theme="0"/>', theme=theme) == ""
    assert unseen('<color theme="0"/>', solid('rgb="FF654321"'), theme=theme) == Unseen.COLOUR


@pytest.mark.parametrize(
    ("fill", "is_unseen"),
    [
        ('<patternFill patternType="none"><fgColor rgb="FF000000"/></patternFill>', True),
        ('<patternFill><fgColor rgb="FF000000"/></patternFill>', True),
        ('<patternFill patternType="solid"/>', True),
        # Dots, stripes and passing shades: what one sees of white on them can't be told.
        ('<patternFill patternType="gray125"/>', False),
        ('<patternFill patternType="darkGrid"><fgColor rgb="FFFFFFFF"/></patternFill>', False),
        ('<gradientFill degree="90"><stop position="0"><color rgb="FF000000"/></stop></gradientFill>', False),
    ],
)
def test_white_on_other_fills(fill: str, is_unseen: bool) -> None:
    assert unseen(f"<color {WHITE}/>", fill) == (Unseen.COLOUR if is_unseen else "")


@pytest.mark.parametrize(
    ("form", "font", "back", "is_unseen"),
    [
        *(("[White]0", "", "", True), ("[white]0", "", "", True), ("[Red]0", "", "", False), ("0", "", "", False)),
        # The format's colour goes before the font's.
        *(("[Black]0", WHITE, "", False), ("[White]0", BLACK, BLACK, False), ("[Black]0", WHITE, BLACK, True)),
        *(("[Yellow]0", "", YELLOW, True), ("[Cyan]0", "", 'rgb="FF00FFFF"', True), ("[Cyan]0", "", YELLOW, False)),
        # Numbered: the second is white, the sixth yellow.
        *(("[Color2]0", "", "", True), ("[Color1]0", "", "", False), ("[Color6]0", "", YELLOW, True)),
        # The first section is that of the figures.
        *(("0;[White]0", "", "", False), ("[White]0;0", "", "", True)),
    ],
)
def test_a_format_may_name_a_colour(form: str, font: str, back: str, is_unseen: bool) -> None:
    font, fill = f"<color {font}/>" if font else "", solid(back) if back else ""
    assert unseen(font, fill, form) == (Unseen.COLOUR if is_unseen else "")


@pytest.mark.parametrize(
    ("font", "is_struck"),
    [
        *(
            ("<strike/>", True),
            ('<strike val="1"/>', True),
            ('<strike val="true"/>', True),
            ('<strike val="0"/>', False),
        ),
        *(('<strike val="false"/>', False), ("<b/>", False), (f"<color {WHITE}/><strike/>", True)),
    ],
)
def test_what_is_struck_out_is_not_seen(font: str, is_struck: bool) -> None:
    assert unseen(font) == (Unseen.STRUCK if is_struck else "")


FORMATS = (
    '<numFmts><numFmt numFmtId="164" formatCode="0.0&quot; TL&quot;"/><numFmt numFmtId="165"/>'
    '<numFmt numFmtId="3" formatCode="#,##0.000"/></numFmts>'
    '<fonts><font><strike/></font><font/></fonts><fills><fill/></fills><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>'
    '<cellXfs><xf numFmtId="4" fontId="1"/><xf numFmtId="164"/><xf fontId="1"/><xf numFmtId="165" fontId="1"/>'
    '<xf numFmtId="3" fontId="1"/><xf numFmtId="999" fontId="9" fillId="9"/><xf numFmtId="5" fontId="2"/></cellXfs>'
)


@pytest.mark.parametrize(
    ("index", "form", "why"),
    [
        ("0", "#,##0.00", ""),
        ("1", '0.0" TL"', Unseen.STRUCK),  # the first font, where none is named
        ("2", "General", ""),
        ("3", "General", ""),
        ("4", "#,##0.000", ""),  # what the file says of a number goes before what it says elsewhere
        ("5", "General", ""),  # no such format, font or fill
        ("6", "#,##0.00", ""),  # lira, whatever the machine
        ("7", "General", Unseen.STRUCK),  # no such style
        ("-1", "General", Unseen.STRUCK),
    ],
)
def test_the_look_of_a_style(index: str, form: str, why: Unseen | str) -> None:
    made = styles(FORMATS)
    assert made.look(index) == (form, why)
    assert made.look(index) == (form, why)  # told again


def test_a_workbook_without_styles_has_plain_cells() -> None:
    assert styles("").look("0") == ("General", "")
    assert styles('<cellXfs><xf numFmtId="10"/></cellXfs>').look("0") == ("0.00%", "")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        *(
            ((0, 0, 0), (0, 0, 0), True),
            ((100, 100, 100), (112, 112, 112), True),
            ((112, 112, 112), (100, 100, 100), True),
        ),
        *(
            ((100, 100, 100), (113, 100, 100), False),
            ((100, 100, 100), (100, 113, 100), False),
            ((9, 9, 22), (9, 9, 9), False),
        ),
    ],
)
def test_colours_that_nobody_tells_apart(one: Colour, other: Colour, same: bool) -> None:
    assert alike(one, other) is same


PLAIN, STRUCK, RAISED, BOTH = (False, False), (True, False), (False, True), (True, True)


@pytest.mark.parametrize(
    ("runs", "look"),
    [
        ([], ""),
        ([("225", PLAIN), ("300", PLAIN)], ""),
        ([("225", STRUCK)], Unseen.STRUCK),
        ([("225", STRUCK), ("300", STRUCK)], Unseen.STRUCK),
        ([("225", STRUCK), ("300", PLAIN)], Unseen.MIXED),
        ([("225", PLAIN), ("300", STRUCK)], Unseen.MIXED),
        # Blanks have no look.
        ([("225", STRUCK), (" \n", PLAIN)], Unseen.STRUCK),
        ([("225", PLAIN), ("  ", STRUCK)], ""),
        # A raised digit is none of the figure's: 225¹ is no 2251, though m² is a unit.
        ([("225", PLAIN), ("1", RAISED)], Unseen.MIXED),
        ([("1", RAISED)], Unseen.MIXED),
        ([("225", PLAIN), ("a", RAISED)], ""),
        ([("225", PLAIN), ("x1", RAISED)], Unseen.MIXED),
        ([("5 m", PLAIN), ("2", RAISED)], ""),
        ([("5 m ", PLAIN), (" ", PLAIN), ("2", RAISED)], ""),
        ([("m5", PLAIN), ("2", RAISED)], Unseen.MIXED),
        ([("5 m", PLAIN), ("2", RAISED), ("3", RAISED)], Unseen.MIXED),
        ([("5 m", STRUCK), ("2", BOTH)], Unseen.STRUCK),
        ([("5", STRUCK), ("2", BOTH)], Unseen.MIXED),
    ],
)
def test_a_text_that_is_struck_or_raised_in_parts(
    runs: list[tuple[str, tuple[bool, bool]]], look: Unseen | str
) -> None:
    assert look_of_runs([(text, *marks) for text, marks in runs]) == look


def test_a_hidden_cell_is_hidden_however_it_looks_but_where_it_can_not_be_read() -> None:
    for look in ("", Unseen.STRUCK, Unseen.COLOUR):
        assert (look_where(True, look), look_where(False, look)) == (Unseen.HIDDEN, look)
    assert (look_where(True, Unseen.MIXED), look_where(False, Unseen.MIXED)) == (Unseen.MIXED, Unseen.MIXED)
