"""What is printed arrives, whatever the console or the file behind it can hold.

A window of Windows shows every letter; what is redirected there is encoded as the system's code page, cp1254 or an old
one, which knows no ➜ and no █, some not even ş. Those become the nearest that every code page has: nothing is lost,
and no answer ends in the middle. JSON is always UTF-8.
"""

from __future__ import annotations

import codecs
import io
import sys
import unicodedata

_HANDLER = "kars-xl"
# A sign and what stands for it.
_PAIRS = """
→-> ➜=> ⇐<= ←<- ⇄<-> ▸> ►> ◄< •* ▪* ·. “" ”" ‘' ’' «" »" –- —- −- ⁄/ ×x ₺TL €EUR ✓+ ✗x █# ■# ░. ─-
│| ├| └` ıi
"""
_NEAREST = str.maketrans({pair[0]: pair[1:] for pair in _PAIRS.split()})


def make_safe() -> None:
    """Standard output and error never fail on a character."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_HANDLER)


def make_utf8() -> None:
    """Standard output is UTF-8, as JSON must be, even where a code page is the rule."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors=_HANDLER)


def nearest(text: str) -> str:
    """`text` in ASCII: signs that look alike, letters without their marks, anything else by its number."""
    found = unicodedata.normalize("NFKD", text.translate(_NEAREST)).translate(_NEAREST)
    bare = (letter for letter in found if not unicodedata.combining(letter))
    return "".join(letter if letter.isascii() else _number(letter) for letter in bare)


def _number(letter: str) -> str:
    code = ord(letter)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _replace(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return nearest(error.object[error.start : error.end]), error.end


codecs.register_error(_HANDLER, _replace)
