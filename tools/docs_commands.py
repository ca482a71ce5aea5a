"""Makes the list in docs/komutlar.md, the reference of the command line, from the commands themselves."""

from collections.abc import Iterator
from pathlib import Path

import click

from kars_xl.cli import main

COMMANDS = Path(__file__).resolve().parent.parent / "docs" / "komutlar.md"
_WIDTH = 100
_LIST = "## Liste"


def commands_page() -> str:
    """The whole page as Markdown; what stands before the list stays."""
    found = list(_commands(main, "kars-xl"))
    intro = COMMANDS.read_text(encoding="utf-8").partition(_LIST)[0]
    contents = [_LIST, "", "| komut | ne yapar |", "|---|---|"]
    contents += [f"| [`{path}`](#{_anchor(path)}) | {command.get_short_help_str(200)} |" for path, command in found]
    return "\n".join([intro.removesuffix("\n"), *contents, "", *(_section(path, command) for path, command in found)])


def _commands(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    """All commands below `group` with their full names, in alphabetical order."""
    for name, command in sorted(group.commands.items()):
        yield f"{path} {name}", command
        if isinstance(command, click.Group):
            yield from _commands(command, f"{path} {name}")


def _anchor(path: str) -> str:
    return path.replace(" ", "-")


def _section(path: str, command: click.Command) -> str:
    parent, _, name = path.rpartition(" ")
    # As the page's help says it, whatever the settings of the program are.
    above = click.Context(click.Group(parent), info_name=parent, help_option_names=["-h", "--help"])
    context = click.Context(command, above, info_name=name, max_content_width=_WIDTH, terminal_width=_WIDTH)
    return f"## {path}\n\n```text\n{command.get_help(context)}\n```\n"
