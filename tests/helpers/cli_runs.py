"""The command line, run in this process."""

from __future__ import annotations

import json
from typing import Any

from click.testing import CliRunner, Result

from kars_xl.cli import main


def run(*arguments: object, **settings: Any) -> Result:
    """`kars-xl` with these arguments; `settings` are those of click's runner: env, input, terminal_width …"""
    return CliRunner().invoke(main, [str(argument) for argument in arguments], **settings)


def answer(*arguments: object, **settings: Any) -> tuple[int, Any]:
    """The exit code and the JSON of the same command with `--format json`."""
    result = run(*arguments, "--format", "json", **settings)
    return result.exit_code, json.loads(result.stdout)


def json_of(*arguments: object, **settings: Any) -> Any:
    """The JSON alone, where nothing is asked of the exit code."""
    return answer(*arguments, **settings)[1]
