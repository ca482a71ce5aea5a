"""The frame of the pages that kars-xl writes for a browser: one file each, which loads nothing from anywhere.

The same content makes the same page, byte for byte. All text comes from files of others and is escaped; a content
security policy stands behind that, which lets only the page's own script and style run.
"""

from __future__ import annotations

import base64
import hashlib
from html import escape
from importlib import resources
from pathlib import Path
from string import Template

from kars_xl import __version__
from kars_xl.base.atomic import write_atomically
from kars_xl.base.place import Place
from kars_xl.base.system_reasons import system_reason
from kars_xl.base.text import lower, writable
from kars_xl.findings.catalogue import finding
from kars_xl.findings.finding import Finding


def document(kind: str, heading: str, counts: str, body: str) -> str:
    """The whole page. `kind` says what it reports, "Form denetimi"; `counts` and `body` are HTML."""
    style, script = _asset("page.css"), _asset("page.js")
    return Template(_asset("page.html")).substitute(
        title=text(f"{heading} – {lower(kind)}"),
        kind=text(kind),
        heading=text(heading),
        version=text(__version__),
        style=style,
        style_hash=_hash(style),
        script=script,
        script_hash=_hash(script),
        counts=counts,
        body=body,
    )


def text(plain: str) -> str:
    """Any text as HTML."""
    return escape(writable(plain))


def write_page(target: str, content: str) -> list[Finding]:
    """Writes a page; what kept it from being written. It must be named as a page, so that a slip never costs a form."""
    if Path(target).suffix.lower() not in (".html", ".htm"):
        return [finding("KX006", Place(target), remedy="name", reason="raporun adı .html ile bitmeli")]
    try:
        write_atomically(target, content.encode("utf-8"))
    except OSError as error:
        return [finding("KX006", Place(target), reason=system_reason(error))]
    return []


def _asset(name: str) -> str:
    return (resources.files("kars_xl.reports.page") / name).read_text(encoding="utf-8").strip()


def _hash(content: str) -> str:
    """The name by which the content security policy knows an inline script or style."""
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode("utf-8")).digest()).decode()
