"""Prints the modules that a command of kars-xl has imported at its end: `third-party` ones or `all`, one a line.

python benchmarks/modules.py third-party merge inputs -o OUTPUT.xlsx
"""

from __future__ import annotations

import contextlib
import io
import sys
import sysconfig


def run(arguments: list[str]) -> None:
    from kars_xl.cli import main

    said = io.StringIO()
    # With an error found the command leaves by itself.
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said), contextlib.suppress(SystemExit):
        main(arguments, standalone_mode=False)


def imported(which: str, before: set[str]) -> list[str]:
    """Names in the order of import; those that can't be imported by name (frozen, made while running) left out."""
    libraries = tuple({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})
    found = []
    for name, module in list(sys.modules.items()):
        specification = getattr(module, "__spec__", None)
        if name in before or specification is None or specification.name != name:
            continue
        if not all(part.isidentifier() for part in name.split(".")):
            continue
        origin = specification.origin or ""
        own = name.partition(".")[0] == "kars_xl"
        if which == "all" or (origin.startswith(libraries) and not own):
            found.append(name)
    return found


if __name__ == "__main__":
    earlier = set(sys.modules)
    run(sys.argv[2:])
    print("\n".join(imported(sys.argv[1], earlier)))
