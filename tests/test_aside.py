"""Work in a copied process: its result, its errors, its death, and that it leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading

import pytest

_PROBE = """
import os, signal, sys
from kars_xl.aside import Aside, aside
here = os.getpid()
def dies():
    if os.getpid() != here:
        os.kill(os.getpid(), signal.SIGKILL)
    return "done here"
def fails():
    raise ValueError("sebep")
changed = []
print(aside(lambda: os.getpid() != here).result())
print(aside(dies).result())
try:
    aside(fails).result()
except ValueError as error:
    print(error)
aside(lambda: changed.append(1)).result()
print(changed, len(aside(lambda: "x" * 3_000_000).result()))
# Items are taken as they come; whoever dies over them has all of them done here.
def squares(items):
    return [item * item for item in items if item != 3 or os.getpid() == here or os.kill(os.getpid(), signal.SIGKILL)]
for items in ([1, 2], [1, 2, 3, 4], ["x" * 100_000] * 0, [9.0] * 100_000):
    begun = Aside(squares)
    for item in items:
        begun.give(item)
    print(sum(begun.result(items)))
with aside(lambda: signal.pause()) as begun:
    pass
try:
    os.waitpid(-1, os.WNOHANG)
except ChildProcessError:
    print("no process left")
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system can't copy a process")
def test_the_work_is_done_in_a_copy_of_the_process() -> None:
    run = subprocess.run([sys.executable, "-c", _PROBE], capture_output=True, text=True, timeout=60, check=True)
    sums = ["5", "30", "0", "8100000.0"]
    assert run.stdout.splitlines() == ["True", "done here", "sebep", "[] 3000000", *sums, "no process left"]
    assert run.stderr == ""


def test_where_threads_run_it_is_done_here() -> None:
    from kars_xl.base.processes import aside

    waiting = threading.Event()
    other = threading.Thread(target=waiting.wait)
    other.start()
    try:
        assert aside(os.getpid).result() == os.getpid()
    finally:
        waiting.set()
        other.join()
    assert signal.getsignal(signal.SIGCHLD) == signal.SIG_DFL
