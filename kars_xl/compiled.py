"""A template as read and tried out; both take longer than a merge with it, so they are kept."""

from __future__ import annotations

import hashlib
from io import BytesIO
from pathlib import Path
from typing import cast

from kars_xl import kept
from kars_xl.template.records import Template


class Compiled:
    """A template as read, and whether it was tried out with something and found right."""

    def __init__(self, path: str) -> None:
        """Raises OSError if the file can't be read, ValueError if it is no workbook."""
        data = Path(path).read_bytes()
        self._key = b"template" + hashlib.sha256(data).digest()
        found = kept.get(self._key)
        if found is None:
            from kars_xl.template.read import load

            found = load(BytesIO(data))
            kept.put(self._key, found)
        self.template = cast(Template, found)

    def was_tried(self, what: str) -> bool:
        """Whether `now_tried` was ever told this of the same template."""
        return kept.get(self._key + what.encode()) is not None

    def now_tried(self, what: str) -> None:
        """Remembers that the template was tried out with `what` and nothing was wrong with it."""
        kept.put(self._key + what.encode(), True)
