"""Keeps what takes long to make and depends on nothing but bytes: a template as read, a form as recognised.

It lies in the user's cache folder and holds for this installation only; anything that is not just as it was written
is made anew, and where nothing can be kept, nothing is. `KARS_XL_CACHE` names another folder; empty or "yok", none.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import sys
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from platformdirs import user_cache_path

from kars_xl.base.atomic import write_atomically

_MOST = 64 * 2**20  # bytes of all that is kept
_DIGEST = 32
_NONE = ("", "yok")  # Windows' command window can't set an empty variable
# What is kept was made by these, besides kars-xl itself.
_LIBRARIES = ("openpyxl", "formualizer", "docx", "xlrd", "rapidfuzz")


def get(key: bytes) -> object | None:
    """What was kept under `key`, as a new object; None for nothing."""
    file = _file(key)
    if file is None:
        return None
    try:
        if hasattr(os, "getuid") and file.stat().st_uid != os.getuid():
            return None  # what others have written is not to be unpickled
        content = file.read_bytes()
    except OSError:
        return None
    if hashlib.sha256(content[_DIGEST:]).digest() != content[:_DIGEST]:
        return None
    found: object = pickle.loads(content[_DIGEST:])
    return found


def put(key: bytes, made: object) -> None:
    """Keeps `made` under `key`; a full or read-only disk is no error."""
    file = _file(key)
    if file is None:
        return
    content = pickle.dumps(made, pickle.HIGHEST_PROTOCOL)
    with contextlib.suppress(OSError):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _make_room(file.parent)
        write_atomically(file, hashlib.sha256(content).digest() + content)


def _file(key: bytes) -> Path | None:
    named = os.environ.get("KARS_XL_CACHE")
    folder = (
        user_cache_path("kars-xl", appauthor=False) if named is None else Path(named) if named not in _NONE else None
    )
    stamp = _stamp() if folder else b""
    return folder / f"{hashlib.sha256(stamp + key).hexdigest()}.kept" if folder and stamp else None


@lru_cache(maxsize=1)
def _make_room(folder: Path) -> None:
    """Once for each run: the oldest go where there is more than `_MOST`."""
    newest_first = sorted(((p.stat().st_mtime, p.stat().st_size, p) for p in folder.glob("*.kept")), reverse=True)
    total = 0
    for _, size, path in newest_first:
        total += size
        if total > _MOST:
            path.unlink()


@lru_cache(maxsize=1)
def _stamp() -> bytes:
    """Tells this installation from any other, an edited one too; empty where its files can't be looked at."""
    facts = [sys.version]
    try:
        for folder, _, names in os.walk(Path(__file__).parent):
            facts += [_fact(os.path.join(folder, name)) for name in names if name.endswith(".py")]
        for library in _LIBRARIES:
            spec = find_spec(library)
            facts.append(_fact(spec.origin if spec and spec.origin else ""))
    except OSError:
        return b""
    facts.sort()
    return hashlib.sha256("\n".join(facts).encode("utf-8", "surrogateescape")).digest()


def _fact(path: str) -> str:
    status = os.stat(path)
    return f"{path} {status.st_size} {status.st_mtime_ns}"
