"""kars-xl: the toolkit with which a Turkish municipality makes its yearly performans programı.

The functions of `__all__` are its Python interface (docs/api.md). They are loaded when first used.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kars_xl.api import Refused, check, cross_check, frames, merge, read

__version__ = "0.2.0"
__all__ = ["Refused", "check", "cross_check", "frames", "merge", "read"]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from kars_xl import api

    return getattr(api, name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
