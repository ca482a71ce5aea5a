"""One side of a comparison: a source with what of it can be compared, and what it is called."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace
from rapidfuzz import fuzz

from kars_xl.base.place import Place
from kars_xl.base.text import fold, squeeze
from kars_xl.checking.rules import check_against_plan
from kars_xl.checking.source import Source, forms_of, source_of
from kars_xl.findings.finding import ERROR, Effect, Finding, Merged
from kars_xl.merging.notes import Known, Wanted, match_names
from kars_xl.model.cost_rows import CostRow
from kars_xl.model.programme import Activity, Costs, Indicator, Programme, total_costs
from kars_xl.model.units import Unit
from kars_xl.reading.files import Progress, read_files
from kars_xl.reading.kaynak_sheet import SourceRow
from kars_xl.reading.tables import Document
from kars_xl.reports.diff.changes import Item, Side

# An error of these says that a form's figures are all missing.
_UNSENT = Effect.UNOPENED | Effect.NO_TABLE | Effect.NOT_SENT


class Edition(Struct, frozen=True, kw_only=True, dict=True):
    """A source as the report names it; `unsent` say which of its forms are missing as a whole."""

    side: Side
    source: Source
    unsent: Sequence[Finding] = ()

    @property
    def merged(self) -> Merged:
        assert self.source.merged is not None
        return self.source.merged

    @property
    def programme(self) -> Programme:
        """Without what of it is in doubt (kuruş)."""
        return self.source.trust.programme

    @cached_property
    def origins(self) -> "Mapping[str, Sequence[Share]]":
        """The forms behind a merged workbook's activities."""
        return origins_of(self.source.kaynak)

    def place(self, *key: str) -> Place | None:
        return self.source.places.get(key)

    def form(self, *key: str) -> Place | None:
        """A cell of the form that a thing comes from; None where the form is not known."""
        if not self.source.is_forms:
            # Kaynak has columns, and indicators with their values.
            owner = key[1] if key[0] == "value" else key[0]
            rows = (row for row in reversed(self.source.kaynak or ()) if row.places)
            return next((it.places[-1] for it in rows if owner == (it.code if it.is_indicator else it.column)), None)
        column = next((given.place for given in self.merged.columns if key == (given.column,)), None)
        return column or self.place(*key)

    def indicator(self, item: Item) -> Indicator:
        below = (it for target in self.programme.targets if target.code == item.parent for it in target.indicators)
        return next(it for it in below if it.code == item.code)

    def activity(self, item: Item) -> Activity:
        below = (it for target in self.programme.targets if target.code == item.parent for it in target.activities)
        return next(it for it in below if it.code == item.code)


def read_edition(
    path: str, *, latest: bool = False, progress: Progress = lambda _: None
) -> tuple[Edition | None, Sequence[Finding]]:
    """What `path` holds, with the findings of reading it; None where nothing could be read."""
    reading = read_files([path], None, progress, required=False)
    if not Path(path).is_dir():
        # A file that was named must hold something; in a folder it may lie by chance.
        reading.findings = [replace(it, severity=ERROR) if it.has(Effect.NO_TABLE) else it for it in reading.findings]
    source = source_of(reading, latest=latest)
    if source.merged is None:
        return None, reading.findings
    if not source.is_forms:
        return _edition(path, source), source.findings if source.documents else reading.findings
    met = [*reading.findings, *source.merged.findings]
    if not Path(path).is_dir():
        # The finance office's columns are missed in a programme, not in one unit's form.
        return one_form(source.documents), [found for found in met if not found.has(Effect.NOT_SENT)]
    known = replace(source.merged, findings=tuple(met))
    missing = check_against_plan(known, source.plan, reading.plan_file) if source.plan else []
    unsent = [found for found in (*reading.findings, *missing) if found.is_error and found.has(_UNSENT)]
    return replace(_edition(path, source), unsent=unsent), [*met, *missing]


def one_form(documents: Sequence[Document]) -> Edition:
    """One unit's forms as they are, without a plan; they have one revision."""
    first = documents[0]
    edition = _edition(first.file, forms_of(documents))
    return replace(edition, side=replace(edition.side, unit=first.unit, revision=first.revision))


def _edition(path: str, source: Source) -> Edition:
    assert source.merged is not None
    programme = source.merged.programme
    return Edition(side=Side(path, programme.institution.name, programme.year), source=source)


class Share(Struct, frozen=True):
    """What one unit gave for an activity: its total in kuruş, its costs where they are known by code, the cells of the
    total and of each row, and a cell of the unit's form."""

    unit: Unit
    total: int
    costs: Costs | None = None
    place: Place | None = None
    form: Place | None = None
    cells: Mapping[CostRow, Place] = field(default_factory=dict)


def origins_of(rows: Iterable[SourceRow] | None) -> Mapping[str, Sequence[Share]]:
    """By activity what each form gave, as the rows of a workbook's sheet Kaynak say."""
    given: dict[tuple[str, Unit], list[SourceRow]] = defaultdict(list)
    for row in rows or ():
        if row.code and row.places and not row.is_indicator:
            given[row.code, row.unit].append(row)
    found: dict[str, list[Share]] = defaultdict(list)
    for (activity, unit), own in given.items():
        by_code = all(row.item is not None or not row.kurus for row in own)
        costs = total_costs(Costs.of({row.item: row.kurus}) for row in own if row.item is not None) if by_code else None
        found[activity].append(Share(unit, sum(row.kurus for row in own), costs, form=own[0].places[0]))
    return found


# Of two wordings under one code: below this they are two things. Unlike indicators of one target reach 70 in a tenth
# of all pairs ("… Sayısı (adet)"), and under one code both wordings are shown.
_ALIKE = 70.0
_NEAR = 84.0
_CLEARLY = 6.0
_STEM = 4


class Named(Struct, frozen=True):
    """An item to be paired; `home` tells its target (the same value on both sides where the targets are paired).
    `inner` are the wordings of what is below it: a target that is worded anew is known by its activities."""

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
            inner, its = item.inner, self.new[other].inner
            if alike or len(inner & its) * 2 > max(len(inner), len(its)):
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
