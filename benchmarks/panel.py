"""Measures what waits for whom on the panel: its first page after the start, and a dropped form on the board.

    python benchmarks/panel.py [RUNS]

From the top of a checkout. Prints the medians in seconds; ends with 1 where the first page takes more than a second, or
a dropped form more than a second longer than `kars-xl check` of it takes as a process of its own.
"""

from __future__ import annotations

import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path

INPUTS = Path(__file__).resolve().parent.parent / "inputs"
FORM, UNIT = "fen_isleri_mudurlugu.xlsx", "Fen İşleri Müdürlüğü"
KARS = (sys.executable, "-m", "kars_xl")


class Visitor:
    """A browser without a window: what it asks for, with the cookie that it got."""

    def __init__(self, address: str) -> None:
        self.host = address.removeprefix("http://").partition("/")[0]
        answer, _ = self.ask(f"/?{address.partition('?')[2]}", {})
        self.cookie = {"Cookie": answer.getheader("set-cookie", "").partition(";")[0]}

    def ask(self, path: str, headers: dict[str, str], data: bytes | None = None):  # type: ignore[no-untyped-def]
        connection = HTTPConnection(self.host)
        connection.request("POST" if data else "GET", path, data, headers)
        answer = connection.getresponse()
        return answer, answer.read().decode()

    def page(self) -> str:
        return str(self.ask("/", self.cookie)[1])

    def drop(self, form: Path) -> None:
        token = self.page().partition("jeton=")[2].partition('"')[0]
        head = f'--x\r\nContent-Disposition: form-data; name="dosya"; filename="{form.name}"\r\n\r\n'.encode()
        headers = {**self.cookie, "Origin": f"http://{self.host}", "Content-Type": "multipart/form-data; boundary=x"}
        self.ask(f"/birak?jeton={token}", headers, head + form.read_bytes() + b"\r\n--x--\r\n")


def one(year: Path) -> tuple[float, float]:
    """Seconds to the first page, and from a drop to the row of its unit on the board."""
    began = time.perf_counter()
    command = [*KARS, "panel", str(year), "--no-browser"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    ) as it:
        assert it.stdout is not None
        visitor = Visitor(it.stdout.readline().split()[-1])
        assert visitor.page().startswith("<!DOCTYPE html>")
        first = time.perf_counter() - began
        while UNIT not in visitor.page():
            time.sleep(0.05)
        began = time.perf_counter()
        visitor.drop(INPUTS / FORM)
        while f"{Path(FORM).stem}_r0.xlsx" not in visitor.page().replace("<wbr>", ""):
            time.sleep(0.05)
        dropped = time.perf_counter() - began
        it.send_signal(signal.SIGINT)
    return first, dropped


def main() -> int:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    found = []
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as folder:
            year = Path(folder, "2024")
            shutil.copytree(INPUTS, year / "inputs", ignore=shutil.ignore_patterns(FORM))
            began = time.perf_counter()
            subprocess.run([*KARS, "check", str(INPUTS / FORM)], stdout=subprocess.DEVNULL, check=False)
            checked = time.perf_counter() - began
            found.append((*one(year), checked))
    first, dropped, checked = map(statistics.median, zip(*found, strict=True))
    print(f"first page {first:.2f} s; a dropped form on the board {dropped:.2f} s, its check {checked:.2f} s")
    return 0 if first <= 1 and dropped <= checked + 1 else 1


if __name__ == "__main__":
    sys.exit(main())
