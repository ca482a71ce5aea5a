"""The pages that kars-xl writes for a browser: one file each, which loads nothing from anywhere.

The templates beside this file say what a page looks like, `macros.html` what pages have in common. The same content
makes the same page, byte for byte. All text comes from files of others and is escaped; a content security policy
stands behind that, which lets only the page's own script and style run.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from html import escape
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from kars_xl import __version__
from kars_xl.base.atomic import system_reason, write_atomically
from kars_xl.base.money import format_tl
from kars_xl.base.place import Place
from kars_xl.base.text import lower, writable
from kars_xl.findings.as_text import count_line
from kars_xl.findings.catalogue import finding
from kars_xl.findings.finding import Finding
from kars_xl.findings.severity import COUNTED, HEADINGS, SEVERITIES

if TYPE_CHECKING:
    from jinja2 import Environment


def document(template: str, kind: str, heading: str, **facts: object) -> str:
    """The whole page made by a template. `kind` says what it reports, "Form denetimi"; `facts` are the template's."""
    title = f"{heading} – {lower(kind)}"
    return _environment().get_template(template).render(title=title, kind=kind, heading=heading, **facts)


def write_page(target: str, content: str) -> list[Finding]:
    """Writes a page; what kept it from being written. It must be named as a page, so that a slip never costs a form."""
    if Path(target).suffix.lower() not in (".html", ".htm"):
        return [finding("KX006", Place(target), remedy="name", reason="raporun adı .html ile bitmeli")]
    try:
        write_atomically(target, content.encode("utf-8"))
    except OSError as error:
        return [finding("KX006", Place(target), reason=system_reason(error))]
    return []


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    def shown(value: object) -> Markup:
        """Any value as HTML; a character that no page can hold becomes U+FFFD."""
        return value if isinstance(value, Markup) else Markup(escape(writable(str(value))))

    environment = Environment(
        loader=PackageLoader(__name__, ""),
        autoescape=True,
        finalize=shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # File names are long words: they may be broken after an underscore.
    environment.filters["breakable"] = lambda text: Markup(str(shown(text)).replace("_", "_<wbr>"))
    environment.filters["tl"] = format_tl
    environment.filters["count_line"] = count_line
    for name in ("style", "script"):
        content = _asset("page.css" if name == "style" else "page.js")
        environment.globals |= {name: Markup(content), f"{name}_hash": _hash(content)}
    environment.globals |= {
        "version": __version__,
        "SEVERITIES": SEVERITIES,
        "HEADINGS": HEADINGS,
        "COUNTED": COUNTED,
    }
    return environment


def _asset(name: str) -> str:
    return (resources.files(__name__) / name).read_text(encoding="utf-8").strip()


def _hash(content: str) -> str:
    """The name by which the content security policy knows an inline script or style."""
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode("utf-8")).digest()).decode()
