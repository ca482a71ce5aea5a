"""Looks at a folder again and again, and says when what is in it has changed and come to rest."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from kars_xl.year.folder.reading import Stamp, Stamps

PERIOD = 1.0


def watch(look: Callable[[], Stamps], wait: Callable[[float], None] = time.sleep) -> Iterator[Stamps]:
    """What is there whenever it differs from what was yielded last, for ever.

    A file is taken as it is once two looks in a row find it the same; till then as it was yielded before, so that
    one which is still being copied neither shows as broken nor makes its unit's earlier form vanish.
    """
    shown: dict[str, Stamp] | None = None
    before = look()
    while True:
        wait(PERIOD)
        now = look()
        earlier = shown or {}
        settled = {
            path: stamp if path in before and before[path] == stamp else earlier[path]
            for path, stamp in now.items()
            if (path in before and before[path] == stamp) or path in earlier
        }
        before = now
        if settled != shown:
            shown = settled
            yield settled
