"""Work in a process of its own: beside the rest where there are two processors, and with memory of its own."""

from __future__ import annotations

import os
import pickle
import threading
from collections.abc import Callable
from typing import TypeVar

_T = TypeVar("_T")


def aside(work: Callable[[], _T]) -> Callable[[], _T]:
    """Starts `work`, whose result must be picklable; what is returned waits for it, and raises what `work` raises.

    The process is a copy of this one, so `work` sees all that is here now, and what it changes is changed there only.
    Where the system can't copy a process (Windows), or threads run that a copy would lack, it is done here when asked.
    """
    if not hasattr(os, "fork") or threading.active_count() > 1:
        return work
    reading, writing = os.pipe()
    process = os.fork()
    if not process:
        _answer(work, writing)
    os.close(writing)

    def result() -> _T:
        with os.fdopen(reading, "rb") as stream:
            answer = stream.read()
        os.waitpid(process, 0)
        if not answer:
            return work()  # it failed, and does so again here; or the process was killed
        found: _T = pickle.loads(answer)
        return found

    return result


def _answer(work: Callable[[], object], writing: int) -> None:
    """Never returns: nothing of the copied process but the work is to go on, no clean-up and no message either."""
    try:
        answer = pickle.dumps(work(), pickle.HIGHEST_PROTOCOL)
        with os.fdopen(writing, "wb") as stream:
            stream.write(answer)
    finally:
        os._exit(0)
