"""The rules between tables: each `check…(book)` of a file in here yields findings; to add a rule is to add its file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from pkgutil import iter_modules

from kars_xl.checking.book import Book
from kars_xl.findings.finding import Finding

RULES: tuple[Callable[[Book], Iterable[Finding]], ...] = tuple(
    rule
    for module in iter_modules(__path__)
    for name, rule in vars(import_module(f".{module.name}", __name__)).items()
    if name.startswith("check")
)
