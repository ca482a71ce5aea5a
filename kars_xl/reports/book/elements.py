"""Paragraphs, fields and tables of a Word document as elements."""

import re
from collections.abc import Iterator, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from docx.oxml import parse_xml
from docx.oxml.ns import nsmap, qn

from kars_xl.base.text import writable
from kars_xl.reports.book.sheets import Box, Table, placed

_SPACES = " ".join(f'xmlns:{name}="{nsmap[name]}"' for name in ("w", "a", "r", "wp", "c"))
_ALIGNED = {"right": "right", "center": "center", "justify": "both"}
END = '<w:fldChar w:fldCharType="end"/>'
_SHORT, _SIDEWAYS = 44, 11_000  # lines of a table that is not parted, on upright paper; text so wide is on other paper
_LONGEST_GROUP = 12  # rows of a table that one text stands beside, before it is said once more
_LETTER, _NARROW, _CAPITAL, _BOLDER, _PADDING = 100, 50, 128, 1.08, 170  # twips, of a table's text
_RUNNING, _FEW = 2200, 3  # twips that running text is given at least, and the words of what is none
_SIZE, _SMALLEST = 17, 12  # half points


def element(xml: str) -> Any:
    """An element of a document; the prefixes of its parts need no declarations."""
    name = re.match(r"<[\w:]+", xml)
    assert name is not None
    return parse_xml(f"{name[0]} {_SPACES}{xml[name.end() :]}")


def paragraph(style: str, content: str, align: str = "", *, keep: bool = False) -> Any:
    look = f"<w:pStyle w:val={quoteattr(style)}/>" + "<w:keepNext/>" * keep
    look += f'<w:jc w:val="{_ALIGNED.get(align, "left")}"/>' if align else ""
    return element(f"<w:p><w:pPr>{look}</w:pPr>{content}</w:p>")


def inside(text: str) -> str:
    """What a run holds for a text of lines."""
    parts = (f'<w:t xml:space="preserve">{escape(part)}</w:t>' for part in writable(text).split("\n"))
    return "<w:br/>".join(parts) if text else ""


def run(text: str, bold: bool = False, colour: str = "", size: int = 0) -> str:
    """`size` in half points; 0 for the style's own."""
    look = "<w:b/>" * bold + (f'<w:color w:val="{colour[1:]}"/>' if colour else "")
    look += f'<w:sz w:val="{size}"/>' if size else ""
    return f"<w:r><w:rPr>{look}</w:rPr>{inside(text)}</w:r>" if text else ""


def field(instruction: str, result: str) -> str:
    """What a run holds for a field with the result that it has now."""
    return f"{field_begin(instruction)}{inside(result)}{END}"


def field_begin(instruction: str) -> str:
    begin, separate = (f'<w:fldChar w:fldCharType="{kind}"/>' for kind in ("begin", "separate"))
    return f'{begin}<w:instrText xml:space="preserve"> {escape(instruction)} </w:instrText>{separate}'


def text_of(paragraph: Any) -> str:
    return "".join(it.text or "" for it in paragraph.iter(qn("w:t")))


def style_of(of: Any) -> str:
    found = of.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    return "" if found is None else str(found.get(qn("w:val")))


def remove(paragraph: Any) -> None:
    """Of a paragraph that ends a section only what it says."""
    if paragraph.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is None:
        paragraph.getparent().remove(paragraph)
        return
    for child in [it for it in paragraph if it.tag != qn("w:pPr")]:
        paragraph.remove(child)


def with_widths(body: Any) -> Iterator[tuple[Any, int]]:
    """The body's paragraphs with the width (twips) of the text in their sections."""
    waiting: list[Any] = []
    for child in body.iterchildren():
        waiting += [child] if child.tag == qn("w:p") else []
        section = child if child.tag == qn("w:sectPr") else child.find(f"{qn('w:pPr')}/{qn('w:sectPr')}")
        if section is not None:
            size, margin = section.find(qn("w:pgSz")), section.find(qn("w:pgMar"))
            sides = sum(int(margin.get(qn(f"w:{side}"))) for side in ("left", "right"))
            yield from ((paragraph, int(size.get(qn("w:w"))) - sides) for paragraph in waiting)
            waiting = []


def table_of(table: Table, width: int, title: str, framed: str, text: str) -> Any:
    """A table for a page whose text is so wide (twips); `framed` and `text` are the ids of its styles."""
    whole = sum(table.widths) + table.indent
    widths, size = _fitted(table, [int(wide / whole * width) for wide in table.widths])
    indent = int(table.indent / whole * width)
    look = f"<w:tblStyle w:val={quoteattr(framed)}/>" if table.framed else ""
    made = [
        f'<w:tbl><w:tblPr>{look}<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblInd w:w="{indent}" w:type="dxa"/>'
        '<w:tblLayout w:type="fixed"/><w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0"'
        f' w:lastColumn="0" w:noHBand="1" w:noVBand="1"/><w:tblCaption w:val={quoteattr(title)}/></w:tblPr>',
        "<w:tblGrid>", *(f'<w:gridCol w:w="{wide}"/>' for wide in widths), "</w:tblGrid>",
    ]  # fmt: skip
    style = quoteattr(text)
    rows = [*_repeating(table.rows)]
    short = sum(_lines(row, widths) for row in rows) <= _SHORT * (1 if width < _SIDEWAYS else 0.6)
    for at, row in enumerate(rows):
        made.append("<w:tr><w:trPr><w:cantSplit/>" + "<w:tblHeader/>" * (at < table.head) + "</w:trPr>")
        # Neither headings nor totals stand alone on a page.
        keep = at + 1 < len(rows) and (short or at < table.head or at + 3 >= len(rows) or rows[at + 1][0].goes_on)
        below = dict(placed(rows[at + 1])) if at + 1 < len(rows) else {}
        for column, box in placed(row):
            wide = sum(widths[column : column + box.columns])
            opens = '<w:vMerge w:val="restart"/>' if column in below and below[column].goes_on else ""
            merge = "<w:vMerge/>" if box.goes_on else opens
            fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{box.fill[1:]}"/>' if box.fill else ""
            span = f'<w:gridSpan w:val="{box.columns}"/>' if box.columns > 1 else ""
            properties = f'<w:tcW w:w="{wide}" w:type="dxa"/>{span}{merge}{fill}'
            properties += f'<w:vAlign w:val="{"top" if merge else "center"}"/>'
            align = f'<w:jc w:val="{_ALIGNED.get(box.align, "left")}"/>'
            look = f"<w:pStyle w:val={style}/>{'<w:keepNext/>' * keep}{align}"
            inside = run(box.text, box.bold, box.colour, size)
            made.append(f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:pPr>{look}</w:pPr>{inside}</w:p></w:tc>")
        made.append("</w:tr>")
    return element("".join(made) + "</w:tbl>")


def _fitted(table: Table, widths: list[int]) -> tuple[list[int], int]:
    """Columns (twips) so wide that no word and no figure is broken, and the letters' size (half points; 0 for the
    style's own) at which that is so."""
    needed, running = [0] * len(widths), [False] * len(widths)
    for number, row in enumerate(table.rows):
        for at, box in (it for it in placed(row) if it[1].columns == 1):
            words = box.text.split()
            least = _RUNNING if number >= table.head and len(words) > _FEW else 0
            needed[at] = max([needed[at], least, *(_wide(word, box.bold) for word in words)])
            running[at] |= number >= table.head and len(words) > 1
    room = sum(widths) - _PADDING * len(widths)
    scale = min(1.0, room / max(sum(needed), 1))
    lows = [int(need * scale) + _PADDING for need in needed]
    # What figures don't take is for running text.
    made = [max(wide, low) if text else low for wide, low, text in zip(widths, lows, running, strict=True)]
    spare = sum(widths) - sum(made)
    if spare < 0 or not any(running):
        made, spare = lows, sum(widths) - sum(lows)
    takers = [at for at, text in enumerate(running) if text] or [*range(len(made))]
    for at in takers:
        made[at] += spare * widths[at] // sum(widths[it] for it in takers)
    return made, 0 if scale == 1.0 else max(int(_SIZE * scale), _SMALLEST)


def _lines(row: Sequence[Box], widths: Sequence[int]) -> int:
    """About as many lines as the row is high."""
    rooms = ((box, sum(widths[at : at + box.columns]) - _PADDING) for at, box in placed(row))
    return max(1, *(-(-_wide(box.text, box.bold) // max(room, 1)) for box, room in rooms))


def _wide(text: str, bold: bool) -> int:
    """About as many twips as a text is wide."""
    narrow, capital = sum(it in ".,:;|'ilıt-() " for it in text), sum(map(str.isupper, text))
    units = len(text) * _LETTER - narrow * (_LETTER - _NARROW) + capital * (_CAPITAL - _LETTER)
    return int(units * (_BOLDER if bold else 1))


def _repeating(rows: Sequence[Sequence[Box]]) -> Iterator[list[Box]]:
    """The rows; a text beside very many of them is said again, so that it is seen on the next page, too."""
    since, said = 0, Box("")
    for first, *others in rows:
        since, said = (since + 1, said) if first.goes_on else (1, first)
        if since > _LONGEST_GROUP:
            first, since = said._replace(columns=first.columns), 1
        yield [first, *others]
