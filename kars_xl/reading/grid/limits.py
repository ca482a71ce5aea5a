"""The time and memory that the work on one file may take, whatever the file holds."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from kars_xl.base.atomic import DAMAGED
from kars_xl.reading.grid.cells import UnreadableFile

SECONDS = 8.0
MAX_CELLS = 500_000


def refuse_cells(count: int) -> None:
    """Raises UnreadableFile where a file has so many."""
    if count > MAX_CELLS:
        raise UnreadableFile("KX003", f"{MAX_CELLS} hücreden fazla")


class _TooLong(BaseException):
    """No Exception, for readers that let a part of a file go and read on must not catch it."""


@contextmanager
def limited(seconds: float = 0) -> Iterator[None]:
    """Ends the block after so much of the processor's time, else SECONDS: a busy machine refuses no more than an idle
    one. Raises UnreadableFile: KX003 then, and where memory or Python's stack does not suffice; KX001 for any other
    error."""
    seconds = seconds or SECONDS
    reader, end, lock, done = threading.get_ident(), time.process_time() + seconds, threading.Lock(), threading.Event()

    def watch() -> None:
        while (left := end - time.process_time()) > 0:
            if done.wait(left):
                return
        import ctypes

        while True:  # what is raised in a finaliser or while garbage is collected is lost, so once more
            with lock:
                if done.is_set():
                    return
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(reader), ctypes.py_object(_TooLong))
            done.wait(0.5)

    threading.Thread(target=watch, daemon=True).start()
    try:
        try:
            yield
        finally:
            with lock:
                done.set()
    except _TooLong:
        done.set()
        reason = f"{seconds:g} saniyede okunamadı"
    except MemoryError:
        reason = "okumaya bellek yetmedi"
    except RecursionError:
        reason = "çok fazla iç içe"
    except UnreadableFile:
        raise
    except Exception as error:  # what a library meets in a file that nobody has thought of
        raise UnreadableFile("KX001", DAMAGED) from error
    else:
        return
    # Outside of the handlers, so that what was read is let go with the first error.
    raise UnreadableFile("KX003", reason)
