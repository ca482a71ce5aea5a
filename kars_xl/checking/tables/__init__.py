"""The rules between tables: each `check…(book)` of a file in here yields findings; to add a rule is to add its file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from pkgutil import iter_modules

from kars_xl.checking.book import Book
from kars_xl.findings.finding import Finding

_FOUND = [vars(import_module(f".{module.name}", __name__)) for module in iter_modules(__path__)]
_BY_NAME = {name: rule for names in _FOUND for name, rule in names.items() if name.startswith("check")}
RULES: tuple[Callable[[Book], Iterable[Finding]], ...] = tuple(_BY_NAME[name] for name in sorted(_BY_NAME))
