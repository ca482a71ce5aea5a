"""What is double-clicked in a working folder: it opens the panel on the folder in which it lies, wherever that is."""

import sys
from collections.abc import Iterator
from pathlib import Path

from kars_xl.base.atomic import write_atomically

_WINDOWS = """\
@echo off
chcp 65001 > nul
cd /d "%~dp0"
if exist "{file}" ({program} panel .) else (kars-xl panel .)
if errorlevel 1 pause
"""
_MAC = """\
#!/bin/sh
cd "$(dirname "$0")" || exit 1
if [ -e "{file}" ]; then exec {program} panel .; fi
exec kars-xl panel .
"""
# %k is the launcher itself.
_LINUX = """\
[Desktop Entry]
Type=Application
Name=Performans programı
Comment=Çalışma klasörünü tarayıcıda açar
Exec={program} panel %k
Terminal=true
"""


def write_launchers(root: Path) -> Iterator[str]:
    """Writes that of this system, and the one for Windows, where a shared folder is mostly opened; none over what is
    there. Raises OSError."""
    own = {"darwin": ("Panel.command", _MAC), "win32": ("Panel.cmd", _WINDOWS)}
    name, words = own.get(sys.platform, ("Panel.desktop", _LINUX))
    for file, text in {"Panel.cmd": _WINDOWS, name: words}.items():
        target = root / file
        if not target.exists():
            ends = "\r\n" if text is _WINDOWS else "\n"
            write_atomically(target, text.format(**_program()).replace("\n", ends).encode())
            target.chmod(target.stat().st_mode | 0o111)
        yield str(target)


def _program() -> dict[str, str]:
    """The running kars-xl: its interpreter, and the bundle where it runs from one."""
    bundle = Path(sys.argv[0])
    own = f'"{bundle.resolve()}"' if bundle.suffix == ".pyz" else "-m kars_xl"
    return {"file": sys.executable, "program": f'"{sys.executable}" {own}'}
