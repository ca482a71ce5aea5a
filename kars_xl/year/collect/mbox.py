"""Reads an mbox, a file of messages one after another, without ever opening it for writing.

The standard library's mailbox.mbox opens for writing, and takes every line that begins with "From " for a new message,
so that one such line in a letter's text would cost the attachments behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

from kars_xl.year.collect.eml import LARGEST

_HEADER = re.compile(rb"[!-9;-~]{1,76}[ \t]*:")
_WITH_TIME = re.compile(rb"From .*\d\d:\d\d")


def starts_mbox(head: bytes) -> bool:
    """Whether a file that begins like this is an mbox: a "From " line with a header below it."""
    lines = head.lstrip(b"\r\n").split(b"\n", 2)
    return lines[0].startswith(b"From ") and len(lines) > 1 and _opens_message(lines[1])


def read_mbox(stream: IO[bytes]) -> Iterator[bytes | int]:
    """Each message's bytes; of one that is too large only how many there are."""
    message: list[bytes] = []
    size = 0
    after_blank = True
    line = stream.readline(LARGEST)
    opened = False
    while line:
        following = stream.readline(LARGEST)
        # A blank line should stand before it; not every program writes one.
        is_separator = line.startswith(b"From ") and (after_blank or _WITH_TIME.match(line))
        if is_separator and _opens_message(following):
            if opened:
                yield _whole(message, size)
            message, size, opened = [], 0, True
        elif opened:
            size += len(line)
            if size <= LARGEST:
                message.append(line)
        after_blank = not line.strip(b"\r\n")
        line = following
    if opened:
        yield _whole(message, size)


def _opens_message(line: bytes) -> bool:
    # ">From " is how some programs keep the line of the mbox that a message came from.
    return bool(_HEADER.match(line)) or line.startswith(b">From ")


def _whole(message: list[bytes], size: int) -> bytes | int:
    return b"".join(message) if size <= LARGEST else size
