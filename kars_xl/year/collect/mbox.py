"""Parts a mailbox (mbox) into its messages."""

import re
from collections.abc import Iterator
from itertools import chain, pairwise
from typing import IO

from kars_xl.reading.grid.containers import opens_message, unmarked
from kars_xl.year.collect.eml import LARGEST

_WITH_TIME = re.compile(rb"From .*\d\d:\d\d")


def read_mbox(stream: IO[bytes]) -> Iterator[bytes | int]:
    """Each message's bytes; of one that is too large only how many there are.

    A line of a letter's text that looks like the start of a message parts it where that leaves a message without its
    end, and what follows goes on with it: then the two are one.
    """
    before: bytes | int = b""
    for message in chain(_between_lines(stream), (b"",)):
        if isinstance(before, bytes) and isinstance(message, bytes) and message and _goes_on(before, message):
            before += message
            continue
        if before:
            yield before.split(b"\n", 1)[1] if isinstance(before, bytes) else before
        before = message


def _goes_on(before: bytes, message: bytes) -> bool:
    """Whether the parts of one message are still open, and those after the next line "From " are of it."""
    boundary = re.search(rb"^Content-Type:[^\n]*(?:\n[ \t][^\n]*)*boundary=\"?([^\"\s;]+)", before[:65536], re.M | re.I)
    line = b"\n--" + boundary[1] if boundary else b""
    own = re.split(rb"\r?\n\r?\n", message[:65536], maxsplit=1)[0]
    return bool(line) and line + b"--" not in before and line in message and line[3:] not in own


def _between_lines(stream: IO[bytes]) -> Iterator[bytes | int]:
    """As `read_mbox`, each with its line "From ".

    The standard library's mailbox.mbox opens for writing, and takes every line that begins with "From " for a new
    message, so that one such line in a letter's text would cost the attachments behind it.
    """
    message: list[bytes] | None = None
    size, after_blank = 0, True
    lines = iter(lambda: stream.readline(LARGEST), b"")
    for line, following in pairwise(chain(lines, (b"",))):
        # A blank line should stand before it; not every program writes one.
        is_separator = unmarked(line).startswith(b"From ") and (after_blank or _WITH_TIME.match(line))
        if is_separator and opens_message(following):
            if message is not None:
                yield b"".join(message) if size <= LARGEST else size
            message, size = [], 0
        if message is not None:
            size += len(line)
            if size <= LARGEST:
                message.append(line)
        after_blank = not line.strip(b"\r\n")
    if message is not None:
        yield b"".join(message) if size <= LARGEST else size
