"""Work in a process of its own: beside the rest where there are two processors, and with memory of its own."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO, Generic, TypeVar

_Item = TypeVar("_Item")
_T = TypeVar("_T")


class Aside(Generic[_Item, _T]):
    """`work` in a process of its own, which takes items (anything picklable but None) as they are given.

    The process is a copy of this one, so `work` sees all that is here now, and what it changes is changed there only.
    Where the system can't copy a process (Windows), or threads run that a copy would lack, it is done here at the end.
    Unless the result was asked for, the end of a `with` statement puts an end to it.
    """

    def __init__(self, work: Callable[[Iterable[_Item]], _T]) -> None:
        self._work = work
        self._process = 0
        if not can_copy():
            return
        items_out, items_in = os.pipe()
        answer_out, answer_in = os.pipe()
        self._process = os.fork()
        if not self._process:
            os.close(items_in)
            os.close(answer_out)
            _answer(lambda: work(_items(items_out)), answer_in)
        os.close(items_out)
        os.close(answer_in)
        self._items: BinaryIO = os.fdopen(items_in, "wb")
        self._answer: BinaryIO = os.fdopen(answer_out, "rb")

    def __enter__(self) -> Aside[_Item, _T]:
        return self

    def __exit__(self, *_: object) -> None:
        self.cancel()

    def give(self, item: _Item | None) -> None:
        """The next item."""
        if self._process:
            # Whoever has died takes nothing more; the work is then done here.
            with contextlib.suppress(BrokenPipeError):
                pickle.dump(item, self._items, pickle.HIGHEST_PROTOCOL)

    def result(self, again: Iterable[_Item] = ()) -> _T:
        """What `work` makes of all items, or raises; `again` has the same items for where it is done here."""
        answer = b""
        if self._process:
            self.give(None)
            with contextlib.suppress(BrokenPipeError):
                self._items.flush()
            answer = self._answer.read()
            if self._end():
                answer = b""
        if not answer:
            return self._work(again)  # it failed, and does so again here; or the process was killed
        found: _T = pickle.loads(answer)
        return found

    def cancel(self) -> None:
        """Nobody wants the result any more."""
        if self._process:
            os.kill(self._process, signal.SIGKILL)
            self._end()

    def _end(self) -> int:
        """The process's exit status; not 0 where its answer is none, or only the beginning of one."""
        with contextlib.suppress(BrokenPipeError):
            self._items.close()
        self._answer.close()
        _, status = os.waitpid(self._process, 0)
        self._process = 0
        return status


def aside(work: Callable[[], _T]) -> Aside[object, _T]:
    """Starts work that takes nothing more, and whose result is picklable."""
    return Aside(lambda _: work())


def can_copy() -> bool:
    """Whether work can be done in a copy of this process."""
    return hasattr(os, "fork") and threading.active_count() == 1


def _items(source: int) -> Iterator[_Item]:
    with os.fdopen(source, "rb") as stream:
        yield from iter(lambda: pickle.load(stream), None)


def _answer(work: Callable[[], object], target: int) -> None:
    """Never returns: nothing of the copied process but the work is to go on, no clean-up and no message either."""
    status = 1
    try:
        answer = pickle.dumps(work(), pickle.HIGHEST_PROTOCOL)
        with os.fdopen(target, "wb") as stream:
            stream.write(answer)
        status = 0
    finally:
        os._exit(status)
