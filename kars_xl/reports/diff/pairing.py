"""Which item of the new source is which of the old one: by code and by wording, never by guess.

Equal wording tells more than an equal code, since codes move when a row is inserted. What is left is paired under its
own code if the wording is alike, and under another code only if nothing but the form of its words differs.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from kars_xl.base.text import fold, squeeze
from kars_xl.merging.match_names import Known, Wanted, match_names

# Of two wordings under one code: below this they are two things. Unlike indicators of one target reach 70 in a tenth
# of all pairs ("… Sayısı (adet)"), and under one code both wordings are shown.
_ALIKE = 70.0
_NEAR = 84.0
_CLEARLY = 6.0
_STEM = 4


@dataclass(frozen=True, slots=True)
class Named:
    """An item to be paired; `home` tells its target (the same value on both sides where the targets are paired).

    `inner` are the wordings of what is below it: a target that is worded anew is known by its activities.
    """

    code: str
    name: str
    home: str = ""
    inner: frozenset[str] = frozenset()


def wording(text: str) -> str:
    """What is equal in two wordings that are the same: letters, figures, and the percent sign, which is a unit."""
    return squeeze(text.replace("%", " yüzde "))


def pair_items(old: Sequence[Named], new: Sequence[Named]) -> dict[int, int]:
    """Index in `new` by index in `old`; what has no partner is left out."""
    pairs = _Pairs(old, new)
    pairs.equal(lambda item: (item.code, wording(item.name), item.home))
    pairs.equal(lambda item: (wording(item.name), item.home))
    pairs.equal(lambda item: (item.code, wording(item.name)))
    pairs.equal(lambda item: wording(item.name))
    pairs.same_code()
    pairs.near()
    return pairs.found


class _Pairs:
    """The items not yet paired, and the pairs so far."""

    def __init__(self, old: Sequence[Named], new: Sequence[Named]) -> None:
        self.old = dict(enumerate(old))
        self.new = dict(enumerate(new))
        self.found: dict[int, int] = {}

    def _pair(self, one: int, other: int) -> None:
        self.found[one] = other
        del self.old[one], self.new[other]

    def equal(self, key: Callable[[Named], Hashable]) -> None:
        """Pairs those that are the only ones of their key on either side."""
        before, after = _by_key(self.old, key), _by_key(self.new, key)
        for value, indexes in before.items():
            others = after.get(value, [])
            if len(indexes) == len(others) == 1:
                self._pair(indexes[0], others[0])

    def same_code(self) -> None:
        """Pairs what is alike under one code, unless another wording that is left is clearly nearer to either."""
        codes = Counter(item.code for item in self.new.values()) + Counter(item.code for item in self.old.values())
        by_code = {item.code: index for index, item in self.new.items()}
        for one, item in list(self.old.items()):
            other = by_code.get(item.code)
            if other is None or codes[item.code] > 2:
                continue
            score = _score(item.name, self.new[other].name)
            alike = score >= _ALIKE and not self._rival(one, other, score)
            if alike or _share_most(item.inner, self.new[other].inner):
                self._pair(one, other)

    def _rival(self, one: int, other: int, score: float) -> bool:
        old, new = self.old[one].name, self.new[other].name
        names = [(old, item.name) for index, item in self.new.items() if index != other]
        names += [(item.name, new) for index, item in self.old.items() if index != one]
        enough = max(_NEAR, score + _CLEARLY)
        return any(_score(*pair) >= enough and _only_forms_differ(*pair) for pair in names)

    def near(self) -> None:
        """Pairs wordings that are nearest to each other from both sides: within a target first, then anywhere."""
        homes = {item.home for item in self.old.values()} & {item.home for item in self.new.values()}
        for home in sorted(homes - {""}):
            self._near(*({i: item for i, item in side.items() if item.home == home} for side in (self.old, self.new)))
        self._near(self.old, self.new)

    def _near(self, old: Mapping[int, Named], new: Mapping[int, Named]) -> None:
        there, back = _matched(old, new), _matched(new, old)
        for one, other in there.items():
            if back.get(other) == one and _only_forms_differ(old[one].name, new[other].name):
                self._pair(one, other)


def _by_key(items: Mapping[int, Named], key: Callable[[Named], Hashable]) -> dict[Hashable, list[int]]:
    found: dict[Hashable, list[int]] = defaultdict(list)
    for index, item in items.items():
        if wording(item.name):
            found[key(item)].append(index)
    return found


def _matched(wanted: Mapping[int, Named], known: Mapping[int, Named]) -> dict[int, int]:
    """What `match_names` says of each; indexes stand in for codes, which may be the same on both sides."""
    indexes = list(wanted)
    found = match_names(
        [Wanted(wanted[index].name) for index in indexes],
        [Known(str(index), item.name) for index, item in known.items()],
    )
    return {index: int(code) for index, code in zip(indexes, found, strict=True) if code is not None}


def _score(old: str, new: str) -> float:
    return float(fuzz.ratio(wording(old), wording(new)))


def _share_most(old: frozenset[str], new: frozenset[str]) -> bool:
    return len(old & new) * 2 > max(len(old), len(new))


def _only_forms_differ(old: str, new: str) -> bool:
    """Whether words were only inflected, added or left out: one put in place of another names another thing.

    So "yapılması" may become "yapılacak" and "(yeni) park", but not "Küçükbaş" "Büyükbaş", nor "2. etap" "3. etap".
    """
    before, after = Counter(fold(old).split()), Counter(fold(new).split())
    gone, come = list((before - after).elements()), list((after - before).elements())
    for word in list(gone):
        partner = next((other for other in come if _same_stem(word, other)), None)
        if partner is not None:
            gone.remove(word)
            come.remove(partner)
    return not gone or not come or "".join(gone) == "".join(come)


def _same_stem(one: str, other: str) -> bool:
    return one[:_STEM] == other[:_STEM] and one[:_STEM].isalpha() and len(one) >= _STEM
