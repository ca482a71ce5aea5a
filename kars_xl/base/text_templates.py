"""Running text for people, filled into the .txt templates of the package: what is said stands there, not in code."""

from functools import cache
from typing import TYPE_CHECKING, Any

from kars_xl.base.money import format_signed, format_tl, share_percent

if TYPE_CHECKING:
    from jinja2 import Environment


def fill(template: str, **facts: object) -> str:
    """The text of a template, named by its path in the package; amounts among `facts` are kuruş. Nothing is escaped."""
    return _environment().get_template(template).render(facts)


@cache
def _environment() -> "Environment":
    made = environment("kars_xl", "", keep_trailing_newline=True)
    made.filters |= {"tl": format_tl, "signed": format_signed, "share_of": share_percent}
    return made


def environment(package: str, folder: str, **options: Any) -> "Environment":
    """Templates of a folder of a package; what they name and nobody gave is an error."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader(package, folder)
    return Environment(loader=loader, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, **options)
