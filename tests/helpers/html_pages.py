"""Pages as a test reads them: their tags and text, and what a browser makes of several at once."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Sequence
from html import escape, unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from tests.helpers.chrome import program

_VOID = {"meta", "input", "wbr"}
EVIL = "<script>document.title='kotu'</script>"


class Page(HTMLParser):
    """Tags with their attributes, in order, and whether each that opens is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] not in (["script"], ["style"]):
            self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


def browser(*arguments: str) -> str:
    """What chromium says with these arguments."""
    fixed = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--virtual-time-budget=3000"]
    return subprocess.run(
        [program(), *fixed, *arguments], capture_output=True, text=True, timeout=120, check=True
    ).stdout


def in_frames(pages: Sequence[tuple[str, int]], folder: Path, script: str, *, scripts: bool = True) -> list[Any]:
    """Runs `script` (an expression over the page's `doc`) beside each of (page, width); the results, in order."""
    sandbox = "" if scripts else ' sandbox="allow-same-origin"'
    frames = "".join(
        f'<iframe width="{width}" height="800"{sandbox} srcdoc="{escape(text)}"></iframe>' for text, width in pages
    )
    run = f"""window.onload = () => {{
        const results = Array.from(document.querySelectorAll("iframe")).map(frame => {{
            const doc = frame.contentDocument;
            return {script};
        }});
        document.getElementById("out").textContent = JSON.stringify(results);
    }};"""
    outer = folder / "cerceve.html"
    content = f'<!DOCTYPE html><meta charset="utf-8">{frames}<pre id="out"></pre><script>{run}</script>'
    outer.write_text(content, encoding="utf-8")
    found = re.search(r'<pre id="out">(.*?)</pre>', browser("--dump-dom", outer.as_uri()), re.DOTALL)
    assert found
    assert found[1], "the script failed"
    return list(json.loads(unescape(found[1])))
