"""A template as read and tried out; both take longer than a merge with it, so they are kept."""

from __future__ import annotations

import contextlib
import hashlib
from io import BytesIO
from pathlib import Path
from typing import cast

from kars_xl.base import cache as kept
from kars_xl.base.processes import Aside, aside
from kars_xl.template.records import Template


class Compiled:
    """A template as read, and whether it was tried out with something and found right.

    It is read when it is asked for; in a `with` statement, beside what is done there until then.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._key = b""
        self._template: Template | None = None
        self._reading: Aside[object, Template] | None = None

    def __enter__(self) -> Compiled:
        # A file that can't be read is told where the template is asked for.
        with contextlib.suppress(OSError):
            data = self._look()
            if self._template is None:
                self._reading = aside(lambda: self._read(data))
        return self

    def __exit__(self, *_: object) -> None:
        if self._reading is not None:
            self._reading.cancel()

    @property
    def template(self) -> Template:
        """Raises OSError if the file can't be read, ValueError if it is no workbook."""
        if self._template is None:
            if self._reading is not None:
                self._template = self._reading.result()
            else:
                data = self._look()
                self._template = self._template or self._read(data)
        return self._template

    def _look(self) -> bytes:
        """The file, and the template if it was kept."""
        data = Path(self.path).read_bytes()
        self._key = b"template" + hashlib.sha256(data).digest()
        self._template = cast(Template | None, kept.get(self._key))
        return data

    def _read(self, data: bytes) -> Template:
        from kars_xl.template.source.read import load

        found = load(BytesIO(data))
        kept.put(self._key, found)
        return found

    def was_tried(self, what: str) -> bool:
        """Whether `now_tried` was ever told this of the same template."""
        return kept.get(self._key + what.encode()) is not None

    def now_tried(self, what: str) -> None:
        """Remembers that the template was tried out with `what` and nothing was wrong with it."""
        kept.put(self._key + what.encode(), True)
