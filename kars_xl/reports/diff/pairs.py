"""Which item of one side is which of the other, by code and wording."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from itertools import chain

from rapidfuzz import fuzz

from kars_xl.base.text import fold, squeeze
from kars_xl.merging.notes import Known, Wanted, match_names
from kars_xl.model.programme import Target
from kars_xl.reports.diff.changes import Item, Thing

# Of two wordings under one code: below this they are two things. Unlike indicators of one target reach 70 in a tenth
# of all pairs ("… Sayısı (adet)"), and under one code both wordings are shown.
_ALIKE = 70.0
_NEAR = 84.0
_CLEARLY = 6.0
_STEM = 4

_Items = Mapping[int, Item]
_Pairs = Iterator[tuple[int, int]]


def wording(text: str) -> str:
    """What is equal in two wordings that are the same: letters, figures, and the percent sign, which is a unit."""
    return squeeze(text.replace("%", " yüzde "))


def pair_items(old: Sequence[Item], new: Sequence[Item]) -> dict[int, int]:
    """Index in `new` by index in `old`; what has no partner is left out."""
    # What is not paired yet; the rules see it grow less.
    before, after, found = dict(enumerate(old)), dict(enumerate(new)), dict[int, int]()
    same = (_equal(before, after, key) for key in _KEYS)
    for one, other in chain(*same, _same_code(before, after), _nearest(before, after)):
        found[one] = other
        del before[one], after[other]
    return found


_KEYS: Sequence[Callable[[Item], Hashable]] = (
    lambda item: (item.code, wording(item.name), item.home),
    lambda item: (wording(item.name), item.home),
    lambda item: (item.code, wording(item.name)),
    lambda item: wording(item.name),
)


def _equal(old: _Items, new: _Items, key: Callable[[Item], Hashable]) -> _Pairs:
    """Those that are the only ones of their key on either side."""
    by_key: dict[Hashable, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for side, items in enumerate((old, new)):
        for index, item in items.items():
            if wording(item.name):
                by_key[key(item)][side].append(index)
    yield from ((one[0], other[0]) for one, other in by_key.values() if len(one) == len(other) == 1)


def _same_code(old: _Items, new: _Items) -> _Pairs:
    """What is alike under one code, unless another wording that is left is clearly nearer to either; a target that is
    worded anew is known by what is below it."""
    codes = Counter(item.code for item in (*old.values(), *new.values()))
    by_code = {item.code: index for index, item in new.items()}
    for one, item in list(old.items()):
        other = by_code.get(item.code)
        if other is None or codes[item.code] > 2:
            continue
        score = _score(item.name, new[other].name)
        alike = score >= _ALIKE and not _rival(old, new, one, other, score)
        inner, its = _inner(item), _inner(new[other])
        if alike or len(inner & its) * 2 > max(len(inner), len(its)):
            yield one, other


def _inner(item: Item) -> frozenset[str]:
    """The wordings of what is below a target."""
    below: Sequence[Thing] = (*item.thing.indicators, *item.thing.activities) if isinstance(item.thing, Target) else ()
    return frozenset(wording(it.name) for it in below)


def _rival(old: _Items, new: _Items, one: int, other: int, score: float) -> bool:
    names = [(old[one].name, item.name) for index, item in new.items() if index != other]
    names += [(item.name, new[other].name) for index, item in old.items() if index != one]
    enough = max(_NEAR, score + _CLEARLY)
    return any(_score(*pair) >= enough and _only_forms_differ(*pair) for pair in names)


def _nearest(old: _Items, new: _Items) -> _Pairs:
    """Wordings that are nearest to each other from both sides: within a target first, then anywhere."""
    homes = {item.home for item in old.values()} & {item.home for item in new.values()}
    for home in (*sorted(homes - {""}), None):
        before, after = (
            {index: item for index, item in items.items() if home is None or item.home == home} for items in (old, new)
        )
        there, back = _matched(before, after), _matched(after, before)
        for one, other in there.items():
            if back.get(other) == one and _only_forms_differ(before[one].name, after[other].name):
                yield one, other


def _matched(wanted: _Items, known: _Items) -> dict[int, int]:
    """What `match_names` says of each; indexes stand in for codes, which may be the same on both sides."""
    indexes = list(wanted)
    found = match_names(
        [Wanted(wanted[index].name) for index in indexes],
        [Known(str(index), item.name) for index, item in known.items()],
    )
    return {index: int(code) for index, code in zip(indexes, found, strict=True) if code is not None}


def _score(old: str, new: str) -> float:
    return float(fuzz.ratio(wording(old), wording(new)))


def _only_forms_differ(old: str, new: str) -> bool:
    """Whether words were only inflected, added or left out: one put in place of another names another thing. So
    "yapılması" may become "yapılacak" and "(yeni) park", but not "Küçükbaş" "Büyükbaş", nor "2. etap" "3. etap"."""
    before, after = Counter(fold(old).split()), Counter(fold(new).split())
    gone, come = list((before - after).elements()), list((after - before).elements())
    for word in list(gone):
        stem = word[:_STEM] if len(word) >= _STEM and word[:_STEM].isalpha() else None
        partner = next((other for other in come if other[:_STEM] == stem), None)
        if partner is not None:
            gone.remove(word)
            come.remove(partner)
    return not gone or not come or "".join(gone) == "".join(come)
