"""Ends commands at any point and looks at what they leave behind. A program without threads, so that it may fork.

    python killing.py COMMAND WAYS SEED FOLDER

WAYS is "event:30,byte:20,moment:20,read_only:2,full:2" or "room:9": how, and how many times. What went wrong is printed
as a JSON list. Python and the libraries are loaded once; each try is a child of this process.
"""

from __future__ import annotations

import ctypes
import json
import os
import random
import resource
import shutil
import signal
import struct
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import kars_xl.base.atomic
from kars_xl.cli import main
from kars_xl.pipeline import make_forms
from tests.helpers.form_files import COSTS, FEN, FEN_FILE, TARGET, ZABITA, finance, form, plan_of_two_units
from tests.helpers.form_tables import cost_table, target_table
from tests.helpers.mail_files import contents, letter, mbox

HIDDEN = ".kars-xl.tmp"
_CHANGES = {"os.rename", "os.remove", "os.link", "os.mkdir", "os.rmdir", "os.chmod", "os.utime", "os.truncate"}
Before = Callable[[], None]


def arguments(name: str, world: Path) -> list[str]:
    """The command line of a command in the prepared folder."""
    gelen, yil, program = (str(world / name) for name in ("gelen", "yil", "program.xlsx"))
    return {
        "init": ["init", str(world / "2025"), "--from", program],
        "forms": ["forms", str(world / "yil" / "inputs" / "plan.xlsx"), "-o", str(world / "gonderilecek")],
        "check": ["check", gelen, "--annotate", str(world / "isaretli"), "--html", str(world / "rapor.html")],
        "collect": ["collect", str(world / "kutu.mbox"), "-o", yil],
        "merge": ["merge", gelen, "-o", str(world / "sonuc.xlsx")],
        "audit": ["audit", program, "--html", str(world / "denetim.html")],
        "diff": ["diff", program, gelen, "--html", str(world / "fark.html")],
        "mail_forms": ["mail", "forms", yil, "--deadline", "20.11.2099"],
        "mail_findings": ["mail", "findings", yil],
        "status": ["status", yil, "--html", str(world / "durum.html")],
    }[name]


def prepare(world: Path) -> None:
    """A small town's year: forms that came in, a mailbox with more, the plan, last week's workbook and reports."""

    gelen, inputs = world / "gelen", world / "yil" / "inputs"
    plan_of_two_units(inputs, fen="fen@kars.bel.tr", zabita="zabita@kars.bel.tr")
    make_forms(str(inputs / "plan.xlsx"), str(world / "yil" / "forms"), filled=False)
    form(inputs, TARGET.replace("60.000,00", "90.000,00"), COSTS)
    gelen.mkdir()
    form(gelen)
    bridge = (target_table("F.1.1.2\tKöprü yapımı\t60.000,00"), cost_table("Köprü yapımı", unit=ZABITA))
    form(gelen, *bridge, name="zabita.xlsx", unit=ZABITA)
    finance(gelen)
    sent = world / "gonderilen"
    sent.mkdir()
    units = ((FEN, 1), (FEN, 2), (ZABITA, 0), ("Şube Müdürlüğü", 0))
    forms = [form(sent, unit=unit, revision=revision).read_bytes() for unit, revision in units]
    shutil.rmtree(sent)
    mbox(world / "kutu.mbox", *(letter(("form.xlsx", data), ("form.xlsx", data)) for data in forms))
    assert in_a_child(["merge", str(gelen), "-o", str(world / "program.xlsx")]) == 0
    for old in ("sonuc.xlsx", "rapor.html", "durum.html", "denetim.html", f"isaretli/{FEN_FILE}"):
        (world / old).parent.mkdir(exist_ok=True)
        (world / old).write_bytes(b"old")


def in_a_child(command: list[str], before: Before = lambda: None, kill_after: float | None = None) -> int:
    """The command's exit code in a child of its own; minus the signal's number where one ended it."""
    child = os.fork()
    if child == 0:
        code = 99
        try:
            nowhere = os.open(os.devnull, os.O_RDWR)
            os.dup2(nowhere, 1)
            os.dup2(nowhere, 2)
            before()
            main(command)
        except SystemExit as done:
            code = int(done.code or 0)
        finally:
            os._exit(code)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def at_change(world: Path, number: int, act: Before) -> Before:
    """Does `act` just before the command changes something in `world` for the `number`th time, from 0."""

    def before() -> None:
        seen = -1
        acting = False

        def hook(event: str, args: tuple[object, ...]) -> None:
            nonlocal seen, acting
            if acting or not changes(event, args, str(world)):
                return
            seen += 1
            if seen == number:
                acting = True
                act()
                acting = False

        sys.addaudithook(hook)

    return before


def changes(event: str, args: tuple[object, ...], world: str) -> bool:
    if event == "open":
        flags = args[2]
        writes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        return bool(writes) and str(args[0]).startswith(world)
    return event in _CHANGES and str(args[0]).startswith(world)


def count_changes(command: list[str], world: Path) -> int:
    """How often the command changes something."""
    reading, writing = os.pipe()

    def before() -> None:
        def hook(event: str, args: tuple[object, ...]) -> None:
            if changes(event, args, str(world)):
                os.write(writing, b".")

        sys.addaudithook(hook)

    in_a_child(command, before)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        return len(stream.read())


def kill_self() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def at_byte(limit: int) -> Before:
    """Killed by the system in the midst of writing, when a file gets longer than `limit` bytes."""

    def before() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))

    return before


def no_room(limit: int) -> Before:
    """Writing fails when a file gets longer than `limit` bytes."""

    def before() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))

    return before


def own_mounts() -> bool:
    """A view of the file systems of this process's own, gone when it ends; False where that is not allowed."""
    if sys.platform != "linux":
        return False
    new_namespace, private = 0x00020000, 0x4000 | 0x40000
    libc = ctypes.CDLL(None, use_errno=True)
    return libc.unshare(new_namespace) == 0 and libc.mount(b"none", b"/", None, private, None) == 0


def mount(folder: Path, size: int, *, again: bool = False) -> None:
    """A disk of `size` bytes in memory at `folder`, or another size for the one that is there."""
    remount = 32 if again else 0
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.mount(b"tmpfs", os.fsencode(folder), b"tmpfs", remount, f"size={size}".encode()) == 0


def folders(world: Path) -> list[Path]:
    return [world, *(path for path in world.rglob("*") if path.is_dir())]


def obey_permissions() -> None:
    """Lets root fare as anybody does with a folder that is read-only: gives up the right to ignore permissions."""
    if os.geteuid() != 0 or sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header = ctypes.create_string_buffer(struct.pack("<Ii", 0x20080522, 0))
    sets = ctypes.create_string_buffer(24)
    assert libc.capget(header, sets) == 0
    words = list(struct.unpack("<6I", sets.raw))
    for at in (0, 1):  # effective and permitted: without CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH
        words[at] &= ~0b110
    assert libc.capset(header, ctypes.create_string_buffer(struct.pack("<6I", *words))) == 0


def turns_read_only(world: Path, number: int) -> Before:
    """Every folder is read-only from the `number`th change on."""

    def lock() -> None:
        for folder in folders(world):
            os.chmod(folder, 0o555)

    def before() -> None:
        obey_permissions()
        at_change(world, number, lock)()

    return before


@dataclass
class Case:
    """A command with what its folder holds before, and after it was left alone to its end."""

    name: str
    world: Path
    original: Path
    before: dict[str, bytes]
    after: dict[str, bytes]
    changes: int
    seconds: float
    code: int

    @property
    def command(self) -> list[str]:
        return arguments(self.name, self.world)

    def restore(self) -> None:
        for folder in folders(self.world) if self.world.exists() else ():
            os.chmod(folder, 0o755)
        # The folder itself may be where a disk is mounted.
        shutil.rmtree(self.world, ignore_errors=True)
        shutil.copytree(self.original, self.world, dirs_exist_ok=True)

    def try_out(self, how: str, chance: random.Random) -> Iterator[str]:
        """One try; what is wrong with what it leaves, and after the command was called again."""
        self.restore()
        if how == "event":
            point = chance.randrange(self.changes)
            code = in_a_child(self.command, at_change(self.world, point, kill_self))
        elif how == "byte":
            point = self.some_byte(chance)
            code = in_a_child(self.command, at_byte(point))
        elif how == "moment":
            point = round(chance.random() * self.seconds * 1e6)
            code = in_a_child(self.command, kill_after=point / 1e6)
        elif how == "read_only":
            point = chance.randrange(self.changes)
            code = in_a_child(self.command, turns_read_only(self.world, point))
        elif how == "room":
            used = os.statvfs(self.world)
            pages = used.f_blocks - used.f_bfree
            point = chance.randrange(sum(len(data) for data in self.after.values()) // used.f_bsize)
            mount(self.world, (pages + point) * used.f_bsize, again=True)
            code = in_a_child(self.command)
            mount(self.world, 64 << 20, again=True)
        else:
            point = self.some_byte(chance)
            code = in_a_child(self.command, no_room(point))
        where = f"{self.name} {how} {point} (exit {code})"
        if how == "event" and code != -signal.SIGKILL:
            yield f"{where}: was not killed"
        if how in ("read_only", "full", "room") and code not in (0, 1):
            yield f"{where}: was not said as a finding"
        for folder in folders(self.world):
            os.chmod(folder, 0o755)
        yield from self.faults(where)
        again = in_a_child(self.command, ten_minutes_later)
        if again != self.code and not (self.name == "init" and again == 1):
            yield f"{where}: called again, exit {again}"
        if (left := contents(self.world)) != self.after:
            wrong = sorted(name for name in {*left, *self.after} if left.get(name) != self.after.get(name))
            yield f"{where}: called again, not as it should be: {wrong}"

    def some_byte(self, chance: random.Random) -> int:
        """A place in one of the files that the command writes."""
        made = [data for name, data in sorted(self.after.items()) if self.before.get(name) != data]
        return chance.randrange(len(chance.choice(made)))

    def faults(self, where: str) -> Iterator[str]:
        left = contents(self.world)
        for name, data in left.items():
            if Path(name).name.startswith(".") and name.endswith(HIDDEN):
                continue
            if data not in (self.before.get(name), self.after.get(name)):
                yield f"{where}: half-written: {name}"
        for name in self.before:
            if name not in left and name in self.after:
                yield f"{where}: lost: {name}"


def ten_minutes_later() -> None:
    """What a killed program left is stale."""
    kars_xl.base.atomic._STALE = 0.0


def case(name: str, folder: Path) -> Case:
    world, original = folder / "is", folder / "asil"
    world.mkdir()
    prepare(world)
    shutil.copytree(world, original)
    in_a_child(arguments(name, world))
    made = Case(name, world, original, contents(original), contents(world), 0, 0.0, 0)
    made.restore()
    started = time.monotonic()
    made.code = in_a_child(made.command)
    made.seconds = time.monotonic() - started
    assert contents(world) == made.after, "the command does not do the same twice"
    assert made.after != made.before, "the command does nothing"
    made.restore()
    made.changes = count_changes(made.command, world)
    return made


def main_program(name: str, ways: str, seed: str, folder: Path) -> list[str]:
    if "room" in ways and not own_mounts():
        return ["cannot mount"]
    made = case(name, folder)
    if "room" in ways:
        mount(made.world, 64 << 20)
    chance = random.Random(f"{name} {seed}")
    wrong: list[str] = []
    for way in ways.split(","):
        how, count = way.split(":")
        for _ in range(int(count)):
            wrong += made.try_out(how, chance)
    return wrong


if __name__ == "__main__":
    print(json.dumps(main_program(sys.argv[1], sys.argv[2], sys.argv[3], Path(sys.argv[4])), ensure_ascii=False))
