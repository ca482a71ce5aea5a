"""Which spending unit (harcama birimi) a spelling means. Nothing else compares the names of units."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from msgspec import Struct

from kars_xl.base.text import fold, sort_key, tidy, upper

_DIRECTORATE = re.compile(r" (?:mud|md|mdr|mudr|mudurluk|mudurluge|mudurlug|md lugu|mud lugu|mdlugu|mudlugu)$")
# The same as people write them.
_SHORT = re.compile(r"\s+(?:müd(?:r|ür)?|mdr?|müdürlük)\b\.?(?:\s*l[uü][gğ][uü])?$", re.IGNORECASE)
# What stands behind all parts of a name, "Fen ve İmar Müdürlüğü": the last word, which says what kind of unit it is.
_KIND = re.compile(r"(?: (?:mudurlugu|daire baskanligi|baskanligi|birimi|amirligi|sefligi))?$")
# The dative of the words that names of units end in, by vowel harmony; of any other word nobody can be sure.
_DATIVES = dict.fromkeys(("baskanligi", "komutanligi", "kurulu", "burosu"), "na")
_DATIVES |= dict.fromkeys(("mudurlugu", "birimi", "amirligi", "sefligi", "musavirligi", "servisi", "subesi"), "ne")
_ENDINGS = ("mudurlugu", "baskanligi", "birimi", "amirligi", "sefligi", "mud")


def split_units(text: str) -> list[str]:
    """The units of a "Sorumlu Harcama Birimi veya Birimleri" cell: a line each, or separated by semicolons. A comma or
    slash separates only where every part is a unit by its last word, since units' names hold commas too."""
    result: list[str] = []
    for part in (tidy(part) for line in text.splitlines() for part in line.split(";")):
        pieces = [tidy(piece) for piece in part.replace("/", ",").split(",")]
        whole = len(pieces) > 1 and all(fold(piece).endswith(_ENDINGS) for piece in pieces)
        result.extend(pieces if whole else [part])
    return [part for part in result if part]


@lru_cache(maxsize=1 << 12)
def _key(name: str) -> frozenset[str]:
    """What all spellings of a unit share; of several units that one name stands for, of each of them. "FEN İŞLERİ MÜD."
    is "Fen İşleri Müdürlüğü", "Şehircilik ve İmar Müdürlüğü" is "İmar & Şehircilik Md.". Nothing is guessed: not a word
    that is left out, nor "Daire Başkanlığı" for "Müdürlüğü"."""
    return frozenset(map(_one_key, split_units(name)))


def _one_key(name: str) -> str:
    folded = _DIRECTORATE.sub(" mudurlugu", fold(name.replace("&", " ve ")))
    kind = _KIND.search(folded)
    assert kind is not None
    parts = sorted(part.replace(" ", "") for part in folded[: kind.start()].split(" ve "))
    # A name in letters that have no place in ASCII is itself alone.
    return "+".join(parts) + kind[0].replace(" ", "") or name


class Unit(Struct, frozen=True, eq=False):
    """A harcama birimi as it is written here, with the e-mail addresses that its form goes to. Two spellings of one
    unit are equal, whatever their addresses; a unit without a name is none, and false."""

    name: str = ""
    email: str = ""

    @property
    def parts(self) -> "tuple[Unit, ...]":
        """The units that it stands for: itself, or those that a cost table names together."""
        names = split_units(self.name)
        return tuple(map(Unit, names)) if len(names) > 1 else (self,) if names else ()

    @property
    def addressed(self) -> str:
        """To whom a letter to it goes: "Fen İşleri Müdürlüğüne", of another name "Özel Kalem yetkilisine"."""
        name = _SHORT.sub(lambda it: " MÜDÜRLÜĞÜ" if self.name.isupper() else " Müdürlüğü", tidy(self.name))
        suffix = _DATIVES.get(fold(name.rpartition(" ")[2]), " yetkilisine")
        return name + (upper(suffix) if name.isupper() else suffix)

    def __eq__(self, other: object) -> bool:
        return _key(self.name) == _key(other.name) if isinstance(other, Unit) else NotImplemented

    def __ne__(self, other: object) -> bool:
        return not self == other  # a Struct's own would ask whether they are the same object

    def __hash__(self) -> int:
        return hash(_key(self.name))

    def __bool__(self) -> bool:
        return bool(_key(self.name))

    def __lt__(self, other: "Unit") -> bool:
        """Alphabetical order of the names as they are written."""
        return sort_key(self.name) < sort_key(other.name)

    def __str__(self) -> str:
        return self.name


NO_UNIT = Unit()


class Units:
    """The units that a plan or documents name, each once: as it is written first, with the first address given."""

    def __init__(self, named: Iterable[Unit] = ()) -> None:
        self._known: dict[Unit, Unit] = {}
        for unit in (part for item in named for part in item.parts):
            known = self._known.setdefault(unit, unit)
            if unit.email and not known.email:
                self._known[unit] = Unit(known.name, unit.email)

    def of(self, meant: Unit) -> Unit:
        """The known unit that `meant` is another spelling of; else `meant`, where several or an unknown one are."""
        return self._known.get(meant, meant)

    def __contains__(self, unit: Unit) -> bool:
        """Whether it names the unit, or all that it stands for."""
        return bool(unit) and all(part in self._known for part in unit.parts)

    def __iter__(self) -> Iterator[Unit]:
        yield from self._known.values()
