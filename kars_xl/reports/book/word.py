"""A Word template and what is put at its placeholders become the book: captions and contents are Word's own fields, so
that Word counts on when somebody edits it."""

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from textwrap import shorten
from typing import Any, NamedTuple
from xml.sax.saxutils import quoteattr

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import nsmap, qn
from msgspec import Struct, field

from kars_xl.base.text import fold
from kars_xl.reading.kaynak_sheet import RECORD_MARK
from kars_xl.reports.book import elements as xml
from kars_xl.reports.book.sheets import Box, Caption, Chart, Piece, Table, Title

_PLACEHOLDER = re.compile(r"\{\{\s*(.+?)\s*\}\}")
# The template's own styles, by name; what stands in that of the guidance is for the office and never printed.
TABLE, IN_TABLE, GUIDANCE, EMPTY = "Kitapçık Tablosu", "Tablo Metni", "Yönerge", "Boş Bölüm"
_LISTS = {
    "içindekiler": r'TOC \o "1-3" \h \z \u',
    "tablolar": r'TOC \h \z \c "Tablo"',
    "şekiller": r'TOC \h \z \c "Şekil"',
}
_CHART = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_DEEPEST = 3  # of the headings that the contents list
_TWIPS_PER_EMU = 1 / 635
_LONGEST_TITLE = 95  # letters of a table's title, which stands in the table in full
_EMPTY_TEXT = "Bu bölüme metin girilmemiştir."
_PENDING = "…"  # a page number that Word finds when it opens the book


class UnknownPlaceholder(ValueError):
    """What a placeholder of the template names is not there; it is the argument."""


class Entry(NamedTuple):
    """What contents list: its list ("" for headings, else the caption's kind), depth, text and bookmark."""

    kind: str
    depth: int
    text: str
    bookmark: str


class Book(Struct):
    """A Word document in the making. `pages` are the elements of page numbers by bookmark, `empty` the headings of
    sections without any content, `own` the template's paragraphs with placeholders."""

    document: Any
    entries: list[Entry] = field(default_factory=list)
    pages: list[tuple[Any, str]] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    own: list[Any] = field(default_factory=list)
    count: int = 0

    def style(self, name: str) -> str:
        """The id of a style; that of running text where the office has deleted it."""
        found = {it.name: it.style_id for it in self.document.styles}
        return str(found.get(name) or found.get("Normal", ""))

    def fill(self, fields: Callable[[str], str | None], blocks: Callable[[str], Sequence[Piece] | None]) -> None:
        """Puts texts and pieces at the placeholders; no pieces where the name is none of theirs, no text where it is of
        something in the book. Raises what the two raise."""
        # Before the tables come in, whose words are no placeholders whatever they look like.
        self.own = [it for part in self._parts() for it in part.iter(qn("w:p")) if "{{" in xml.text_of(it)]
        for paragraph, width in list(xml.with_widths(self.document.element.body)):
            alone = _PLACEHOLDER.fullmatch(xml.text_of(paragraph).strip())
            if alone is None or alone[1] in _LISTS or (pieces := blocks(alone[1])) is None:
                continue
            for node in self._elements(pieces, width):
                paragraph.addprevious(node)
            xml.remove(paragraph)
            self.own.remove(paragraph)
        for paragraph in self.own:
            if xml.text_of(paragraph).strip("{} ") not in _LISTS:
                _replace(paragraph, lambda name: None if (text := fields(name)) is None else xml.inside(text))

    def _parts(self) -> Iterator[Any]:
        """The body, and each header and footer once."""
        yield self.document.element.body
        kinds = (RELATIONSHIP_TYPE.HEADER, RELATIONSHIP_TYPE.FOOTER)
        yield from (it.target_part.element for it in self.document.part.rels.values() if it.reltype in kinds)

    def finish(self, title: str, author: str) -> None:
        """Takes the guidance out, names empty sections, and writes the contents."""
        self._say_what_is_empty()
        self._mark()
        for paragraph, width in list(xml.with_widths(self.document.element.body)):
            if paragraph in self.own and (name := xml.text_of(paragraph).strip("{} ")) in _LISTS:
                for node in self._contents(name, width):
                    paragraph.addprevious(node)
                xml.remove(paragraph)
        for paragraph in (it for it in self.own if it.getparent() is not None):
            _replace(paragraph, self._reference)
        properties = self.document.core_properties
        properties.title, properties.author, properties.language = title, author, "tr-TR"
        properties.category = RECORD_MARK
        settings = self.document.settings.element
        for old in settings.findall(qn("w:updateFields")):
            settings.remove(old)
        wish, place = xml.element('<w:updateFields w:val="true"/>'), settings.find(qn("w:compat"))
        settings.append(wish) if place is None else place.addprevious(wish)

    def data(self, pages: Mapping[str, int]) -> bytes:
        """The document with the page numbers of bookmarks; without them Word finds them when it opens the document."""
        for node, bookmark in self.pages:
            node.text = str(pages.get(bookmark, _PENDING))
        stream = io.BytesIO()
        self.document.save(stream)
        return stream.getvalue()

    def _elements(self, pieces: Iterable[Piece], width: int) -> Iterator[Any]:
        """Paragraphs and tables for a page whose text is so wide (twips)."""
        title = ""
        for piece in pieces:
            match piece:
                case Title():
                    title = piece.text
                    short = xml.run(shorten(piece.text, _LONGEST_TITLE, placeholder=" …"))
                    yield xml.paragraph(self.style("Heading 4"), short)
                case Box():
                    style = self.style(IN_TABLE if piece.align == "right" else "Normal")
                    yield xml.paragraph(style, xml.run(piece.text, piece.bold), piece.align)
                case Caption():
                    title = f"{piece.kind} {piece.number} {piece.text}"
                    # A figure's number is that of its place; a table's is the programme's.
                    reset = f" \\r {piece.number}" if piece.kind == "Tablo" else ""
                    number = xml.field(f"SEQ {piece.kind} \\* ARABIC{reset}", str(piece.number))
                    said = f"{xml.inside(f'{piece.kind} ')}{number}{xml.inside(f' {piece.text}')}"
                    yield xml.paragraph(self.style("Caption"), f"<w:r>{said}</w:r>")
                case Chart():
                    yield self._chart(piece, width)
                case Table():
                    yield xml.table_of(piece, width, title, self.style(TABLE), self.style(IN_TABLE))
                    # Word joins tables that nothing stands between.
                    gap = '<w:spacing w:before="0" w:after="0" w:line="80" w:lineRule="exact"/>'
                    yield xml.element(f"<w:p><w:pPr>{gap}</w:pPr></w:p>")

    def _chart(self, chart: Chart, width: int) -> Any:
        self.count += 1
        package = self.document.part.package
        part = Part(PackURI(f"/word/charts/kars{self.count}.xml"), _CHART, chart.xml, package)
        relation = self.document.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
        wide = int(width / _TWIPS_PER_EMU)
        shown = (
            '<wp:inline distT="0" distB="0" distL="0" distR="0">'
            f'<wp:extent cx="{wide}" cy="{int(wide * chart.height)}"/>'
            f'<wp:docPr id="{9000 + self.count}" name="Grafik {self.count}" descr={quoteattr(chart.description)}/>'
            f'<wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri="{nsmap["c"]}"><c:chart r:id="{relation}"/>'
            "</a:graphicData></a:graphic></wp:inline>"
        )
        drawn = f"<w:r><w:drawing>{shown}</w:drawing></w:r>"
        return xml.paragraph(self.style("Normal"), drawn, "center", keep=bool(chart.title))

    def _headings(self) -> Iterator[tuple[Any, int]]:
        """The body's headings with their depths."""
        depths = {self.style(f"Heading {depth}"): depth for depth in range(1, _DEEPEST + 1)}
        for paragraph in self.document.element.body.iterchildren(qn("w:p")):
            if (depth := depths.get(xml.style_of(paragraph))) and xml.text_of(paragraph).strip():
                yield paragraph, depth

    def _say_what_is_empty(self) -> None:
        """Where guidance is left, and below a heading with nothing before the next one: that text is missing."""
        depths, guidance = dict(self._headings()), self.style(GUIDANCE)
        heading, empty_at = None, None
        for node in [*self.document.element.body, None]:
            is_guidance = node is not None and node.tag == qn("w:p") and xml.style_of(node) == guidance
            if node is not None and not is_guidance and node not in depths:
                drawn = [*node.iter(qn("w:tbl"), qn("w:drawing"), qn("w:pict"))]
                empty_at = None if drawn or xml.text_of(node).strip() else empty_at
                continue
            if empty_at is not None and (is_guidance or depths.get(node, 0) <= depths[heading]):
                self.empty.append(xml.text_of(heading).strip())
                empty_at.addnext(xml.paragraph(self.style(EMPTY), xml.run(_EMPTY_TEXT)))
                empty_at = None
            if is_guidance:
                xml.remove(node)
            else:
                heading = empty_at = node

    def _mark(self) -> None:
        """Gives headings and captions bookmarks, and figures their numbers."""
        figures, depths, caption = 0, dict(self._headings()), self.style("Caption")
        for paragraph in self.document.element.body.iterchildren(qn("w:p")):
            text = " ".join(xml.text_of(paragraph).split())
            kind = text.partition(" ")[0] if xml.style_of(paragraph) == caption else ""
            if paragraph not in depths and kind not in ("Tablo", "Şekil"):
                continue
            if kind == "Şekil":
                figures += 1
                text = _numbered(paragraph, figures)
            entry = Entry(kind, depths.get(paragraph, 1), text, f"Yer{len(self.entries) + 1:05d}")
            self.entries.append(entry)
            start = xml.element(f'<w:bookmarkStart w:id="{70000 + len(self.entries)}" w:name="{entry.bookmark}"/>')
            properties = paragraph.find(qn("w:pPr"))
            properties.addnext(start) if properties is not None else paragraph.insert(0, start)
            paragraph.append(xml.element(f'<w:bookmarkEnd w:id="{70000 + len(self.entries)}"/>'))

    def _reference(self, placeholder: str) -> str:
        """A field that says how a heading or caption is called. Raises UnknownPlaceholder."""
        words = fold(placeholder.partition(":")[2])
        captions_first = sorted(self.entries, key=lambda it: not it.kind)
        found = next((it for it in captions_first if words and fold(it.text).endswith(words)), None)
        if found is None:
            raise UnknownPlaceholder(placeholder)
        return xml.field(f"REF {found.bookmark} \\h", found.text)

    def _contents(self, name: str, width: int) -> Iterator[Any]:
        """The lines of a list of contents, as Word would write them."""
        kind = {"tablolar": "Tablo", "şekiller": "Şekil"}.get(name, "")
        entries = [entry for entry in self.entries if entry.kind == kind]
        for at, entry in enumerate(entries):
            style = self.style("table of figures" if kind else f"toc {entry.depth}")
            begin = f"<w:r>{xml.field_begin(_LISTS[name])}</w:r>" if at == 0 else ""
            end = f"<w:r>{xml.END}</w:r>" if at + 1 == len(entries) else ""
            number = xml.field(f"PAGEREF {entry.bookmark} \\h", _PENDING)
            line = f"{xml.run(entry.text)}<w:r><w:tab/></w:r><w:r>{number}</w:r>"
            line = f'<w:hyperlink w:anchor="{entry.bookmark}" w:history="1">{line}</w:hyperlink>'
            tabs = f'<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="{width}"/></w:tabs>'
            made = xml.element(
                f"<w:p><w:pPr><w:pStyle w:val={quoteattr(style)}/>{tabs}</w:pPr>{begin}{line}{end}</w:p>"
            )
            self.pages.append((list(made.iter(qn("w:t")))[-1], entry.bookmark))
            yield made

    def append(self, heading: str, pieces: Iterable[Piece]) -> None:
        """A section of its own at the end, on paper turned sideways."""
        from docx.enum.section import WD_ORIENT, WD_SECTION

        last = self.document.sections[-1]
        if last.page_width < last.page_height:
            size = last.page_height, last.page_width
            last = self.document.add_section(WD_SECTION.NEW_PAGE)
            last.orientation, (last.page_width, last.page_height) = WD_ORIENT.LANDSCAPE, size
        width = int((last.page_width - last.left_margin - last.right_margin) * _TWIPS_PER_EMU)
        end = self.document.element.body.sectPr
        for node in (xml.paragraph(self.style("Heading 2"), xml.run(heading)), *self._elements(pieces, width)):
            end.addprevious(node)


def _replace(paragraph: Any, value: Callable[[str], str | None]) -> None:
    """Puts what runs hold in the place of placeholders, however Word has broken them up; None leaves one as it is."""
    for match in reversed([*_PLACEHOLDER.finditer(xml.text_of(paragraph))]):
        if (new := value(match[1])) is None:
            continue
        nodes, at = [*xml.element(f"<w:r>{new}</w:r>")], 0
        for text in [*paragraph.iter(qn("w:t"))]:
            own, first, last = text.text or "", match.start() - at, match.end() - at
            at += len(own)
            if first >= len(own) or last <= 0:
                continue
            text.text = own[: max(first, 0)]
            text.set(qn("xml:space"), "preserve")
            for node in reversed([*nodes, *xml.element(f"<w:r>{xml.inside(own[last:])}</w:r>")]):
                text.addnext(node)
            nodes = []


def _numbered(caption: Any, number: int) -> str:
    """The caption's words with another first number, typed or the result of its field; in the caption too."""
    text = next((it for it in caption.iter(qn("w:t")) if re.search(r"\d", it.text or "")), None)
    if text is not None:
        text.text = re.sub(r"\d+", str(number), text.text, count=1)
    return " ".join(xml.text_of(caption).split())
