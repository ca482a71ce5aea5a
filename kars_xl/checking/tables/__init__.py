"""The rules between tables: each `check…(book)` of a file in here yields findings; to add a rule is to add its file."""

from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path

from kars_xl.checking.book import Book
from kars_xl.findings.finding import Finding

_FILES = Path(__file__).parent.glob("[a-z]*.py")
_FOUND = [vars(import_module(f".{file.stem}", __name__)) for file in _FILES]
_RULES = {rule for names in _FOUND for name, rule in names.items() if name.startswith("check")}
# By name, and two of one name by their files: none takes another's place.
RULES: tuple[Callable[[Book], Iterable[Finding]], ...] = tuple(
    sorted(_RULES, key=lambda rule: (rule.__name__, rule.__module__))
)
