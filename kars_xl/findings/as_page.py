"""A report as a page for a browser: one file, which loads nothing from anywhere. The templates in `page/` say what a
block looks like. The same report makes the same page, byte for byte, but for its time. All text comes from files of
others and is escaped; a content security policy stands behind that, which lets only the page's own script and style
run."""

import base64
import hashlib
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from kars_xl import __version__
from kars_xl.base.atomic import system_reason, write_atomically
from kars_xl.base.place import Place
from kars_xl.base.text import lower, writable
from kars_xl.base.text_templates import environment
from kars_xl.findings import blocks
from kars_xl.findings.as_text import count_line, names_of, row_of, said, where
from kars_xl.findings.finding import COUNTED, HEADINGS, Finding, finding, in_order, kinds, misnamed, refused_target

if TYPE_CHECKING:
    from jinja2 import Environment

_RELATED = 5


def as_page(report: blocks.Report, at: str = "") -> str:
    """The whole page, which opens with what it was made for: verdict, day and counts."""
    parts = [block for block in report.blocks if blocks.PAGE in block.on]
    boxes = [block for block in parts if isinstance(block, blocks.Facts) and block.boxes]
    verdicts = [block for block in parts if isinstance(block, blocks.Verdict)]
    others = [block for block in parts if block not in boxes and block not in verdicts]
    facts = {"title": f"{report.heading} – {lower(report.kind)}", "report": report, "at": at, "verdicts": verdicts}
    return page_environment().get_template("page.html").render(**facts, boxes=boxes, blocks=others)


def write_page(target: str, report: blocks.Report, read: Iterable[str]) -> list[Finding]:
    """Writes a page, never over a file that was `read` for it; what kept it from being written."""
    refused = refused_target(target, read) or misnamed(target, "raporun", (".html", ".htm"))
    try:
        if not refused:
            write_atomically(target, as_page(report, f"{date.today():%d.%m.%Y}").encode("utf-8"))
    except OSError as error:
        refused = [finding("KX006", Place(target), reason=system_reason(error))]
    return refused


class _Listing:
    """What the template asks of a list of findings."""

    def __init__(self, block: blocks.Listed) -> None:
        names = names_of(block.files, block.findings)
        # The one file that there is need not be named in every row.
        self.names = dict.fromkeys(names, "") if block.numbered and len(names) == 2 else names
        ordered = enumerate(in_order(block.findings), start=1)
        self.numbers = {id(found): number for number, found in ordered} if block.numbered else {}

    def where(self, place: Place) -> str:
        shown = where(place._replace(file=self.names.get(place.file, place.file)))
        return shown or ("dosyanın tümü" if place.file else "–")

    def number(self, found: Finding) -> int | None:
        return self.numbers.get(id(found))

    def about(self, found: Finding) -> str:
        number = self.number(found)
        return " · ".join(filter(None, (f"No {number}" if number else "", row_of(found))))

    def alike(self, findings: Iterable[Finding]) -> list[list[Finding]]:
        """Those that say the same together, but where each has a number."""
        groups: dict[object, list[Finding]] = defaultdict(list)
        for found in findings:
            groups[self.number(found) or (found.message, found.related)].append(found)
        return list(groups.values())

    def related(self, found: Finding) -> str:
        """The first few of the other places that a finding is about."""
        others = [self.where(place) for place in found.related[:_RELATED]]
        if len(found.related) > len(others):
            others.append(f"ve {len(found.related) - len(others)} yer daha")
        return "İlgili yer: " + "; ".join(others) if others else ""


@cache
def page_environment() -> "Environment":
    """The templates of pages with what they know: how values are said, styles and script."""
    from markupsafe import Markup

    def shown(value: object) -> Markup:
        """Any value as HTML; a character that no page can hold becomes U+FFFD."""
        return value if isinstance(value, Markup) else Markup(escape(writable(str(value))))

    made = environment("kars_xl.findings", "page", autoescape=True, finalize=shown)
    # File names are long words: they may be broken after an underscore.
    made.filters["breakable"] = lambda text: Markup(str(shown(text)).replace("_", "_<wbr>"))
    made.filters |= {"said": said, "count_line": count_line, "kind": lambda value: type(value).__name__}
    for name, file in (("style", "page.css"), ("script", "page.js")):
        content = (Path(__file__).with_name("page") / file).read_text(encoding="utf-8").strip()
        # By its hash the content security policy knows an inline script or style.
        digest = base64.b64encode(hashlib.sha256(content.encode("utf-8")).digest()).decode()
        made.globals |= {name: Markup(content), f"{name}_hash": f"sha256-{digest}"}
    made.globals |= {"version": __version__, "HEADINGS": HEADINGS, "COUNTED": COUNTED}
    made.globals |= {"listing": _Listing, "kinds": kinds, "PAGE": blocks.PAGE}
    return made
