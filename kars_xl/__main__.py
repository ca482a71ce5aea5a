"""The program as a process of its own: the command kars-xl, and `python -m kars_xl`."""

import atexit
import gc
import os
import sys
import threading
from contextlib import suppress


def run() -> None:
    """Ends with its answer: to look for dead ones among a million objects, and to take them down, is a fifth of it."""
    gc.set_threshold(1_000_000, 50, 50)
    from kars_xl.cli import main

    try:
        main(prog_name="kars-xl")
    except SystemExit as end:
        # Where an answer can't be written or a thread still works, Python ends as it always does, and says so.
        with suppress(OSError):
            if isinstance(end.code, int) and threading.active_count() == 1:
                atexit._run_exitfuncs()
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(end.code)
        raise


if __name__ == "__main__":
    run()
