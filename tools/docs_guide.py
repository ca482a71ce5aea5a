"""Makes the terminal output in docs/kilavuz.md anew: each block that begins with "> kars-xl …" is run and filled.

Comments before a block say what happens first: `bugün` (today's date from there on), `önce` (a function of
docs_story), `satırlar` (which lines of the output are shown; the rest is "…").
"""

import datetime as dt
import re
import textwrap
from pathlib import Path

import docs_story

GUIDE = Path(__file__).resolve().parent.parent / "docs" / "kilavuz.md"
_WIDTH = 120
_BLOCK = re.compile(r"^```text\n> (kars-xl[^\n]*)\n.*?^```$", re.M | re.S)
_COMMENT = re.compile(r"<!-- (bugün|önce|satırlar): ([^>]*?) -->")


def guide(text: str, folder: Path) -> str:
    """The page with its blocks filled anew; what the commands write stays in `folder`, which must be empty."""
    parts: list[str] = []
    done = 0
    today = dt.date(docs_story.YEAR - 1, 9, 2)
    with docs_story.office(folder):
        for block in _BLOCK.finditer(text):
            before = text[done : block.start()]
            lines = ""
            for kind, value in _COMMENT.findall(before):
                if kind == "bugün":
                    today = dt.date.fromisoformat(value)
                elif kind == "önce":
                    getattr(docs_story, value)()
                else:
                    lines = value
            shown = _shown(docs_story.run(block[1], today), lines)
            parts += [before, f"```text\n> {block[1]}\n{shown}\n```"]
            done = block.end()
    return "".join([*parts, text[done:]])


def _shown(output: str, lines: str) -> str:
    """The lines "1-4, 10-" of the output ("-3": the last three; "": all), folded as a narrow window folds them."""
    given = output.strip("\n").split("\n")
    wanted = [number for part in lines.split(",") for number in _numbers(part, len(given))]
    shown: list[str] = []
    last = 0
    for number in wanted:
        if number != last + 1:
            shown.append("…")
        shown += _folded(given[number - 1])
        last = number
    return "\n".join(shown if last == len(given) else [*shown, "…"])


def _numbers(part: str, count: int) -> range:
    first, mark, last = part.strip().partition("-")
    if not first:
        return range(count - int(last) + 1 if last else 1, count + 1)
    end = int(last or count) if mark else int(first)
    return range(int(first), min(end, count) + 1)


def _folded(line: str) -> list[str]:
    if len(line) <= _WIDTH:
        return [line.rstrip()]
    indent = " " * (len(line) - len(line.lstrip()) + 2)
    return textwrap.wrap(line, _WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
