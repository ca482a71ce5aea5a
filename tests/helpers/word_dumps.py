"""The Word template as lines, so that a review sees what an edit of it changed; renew the dump by running this file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import docx
from docx.oxml.ns import qn

from tests.helpers.repository import REPOSITORY

TEMPLATE = REPOSITORY / "templates" / "kitapcik.docx"
DUMP = REPOSITORY / "tests" / "golden" / "templates" / "kitapcik.txt"


def lines() -> Iterator[str]:
    """Page set-up, styles in use and own ones, headers, footers, and each paragraph with its style."""
    document: Any = docx.Document(str(TEMPLATE))
    for section in document.sections:
        sizes = (section.page_width, section.page_height, section.left_margin, section.top_margin)
        heads = " | ".join(it.text for part in (section.header, section.footer) for it in part.paragraphs)
        yield f"section: {' '.join(f'{size.mm:.0f}' for size in sizes)} mm, {heads}"
    used = {paragraph.style.name for paragraph in document.paragraphs}
    for style in document.styles:
        if style.name in used or not style.builtin:
            font = getattr(style, "font", None)
            look = [font.name, font.size and f"{font.size.pt:g}", font.bold and "bold"] if font is not None else []
            yield f"style: {style.name} {' '.join(str(it) for it in look if it)}".rstrip()
    for paragraph in document.paragraphs:
        picture = "".join(f" [resim: {it.get('descr')}]" for it in paragraph._p.iter(qn("wp:docPr")))
        yield f"{paragraph.style.name}: {paragraph.text}{picture}"


if __name__ == "__main__":
    DUMP.write_text("\n".join(lines()) + "\n", encoding="utf-8")
