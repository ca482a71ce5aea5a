"""One thing that is wrong, as a value: its codes and what they mean, how it is made, and in which order it is shown."""

import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from enum import Flag, StrEnum, auto
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from kars_xl.base.money import format_tl, to_tl
from kars_xl.base.place import Place
from kars_xl.model.programme import Programme
from kars_xl.model.sources import ColumnSource, Contribution, GeneralTableSource, Given, IndicatorSource

_ENTRIES = tomllib.loads(Path(__file__).with_name("catalogue.toml").read_text(encoding="utf-8"))
ERROR, WARNING, ADVICE = SEVERITIES = ("error", "warning", "advice")
# What a severity is called above a finding, and in a count.
HEADINGS = {ERROR: "HATA", WARNING: "UYARI", ADVICE: "ÖNERİ"}
COUNTED = {ERROR: "Hata", WARNING: "Uyarı", ADVICE: "Öneri"}


class Effect(Flag):
    """What a finding means for the program, which asks for it instead of for a code; several may hold at once."""

    UNOPENED = auto()  # a file's contents are all missing
    NO_TABLE = auto()  # the file holds no official table
    NOTHING = auto()  # there is nothing to work with
    LEFT = auto()  # what may be a form was left where it came from
    NOT_SENT = auto()  # what was expected did not come
    UNREAD = auto()  # a figure is there and could not be read
    UNSEEN = auto()  # a figure was read that nobody sees
    UNPLACED = auto()  # a figure was read and belongs to nothing that is known
    TWICE = auto()  # the same money came twice
    SPOILS_TOTALS = auto()  # a table's parts are not what its totals add up
    RECOMPUTED = auto()  # a sum that is not taken as it stands
    BLANK = auto()  # nobody filled in what must be filled in
    REVISION = auto()  # a form replaced another
    WORDING = auto()  # the same is called differently
    OTHER_MONEY = auto()  # amounts are in thousands or in another currency
    ODD = auto()  # an amount is right in itself, and unlike all that is known
    MOVED = auto()  # an activity stands under another target


class Entry(Struct, frozen=True):
    """A kind of finding. `sentence` and `remedy` are templates over its facts, `others` remedies for other causes;
    `clerk` is the remedy for who filled in the form, where that is another than the office's."""

    severity: str
    sentence: str
    remedy: str
    clerk: str = ""
    others: Mapping[str, str] = field(default_factory=dict)
    effects: Sequence[str] = ()


class Code(StrEnum):
    """The catalogue's codes; Code("KX301") fails where the catalogue has no such entry."""

    _ignore_ = "_code"
    for _code in _ENTRIES:
        vars()[_code] = _code


CATALOGUE = {Code(code): Entry(**facts) for code, facts in _ENTRIES.items()}
_EFFECTS = {code: Effect(sum(Effect[it.upper()].value for it in entry.effects)) for code, entry in CATALOGUE.items()}


class Finding(Struct, frozen=True):
    """One thing that is wrong, and how to mend it. `table` is the short name (FMT), `key` what it is about (F.1.4.2),
    `label` the row's name as it stands there; `values` are facts for machines, `related` other places of it."""

    code: Code
    severity: str
    place: Place
    message: str
    fix: str
    table: str = ""
    key: str = ""
    label: str = ""
    values: tuple[tuple[str, str], ...] = ()
    related: tuple[Place, ...] = ()
    clerk: str = ""

    @property
    def is_error(self) -> bool:
        return self.severity == "error"

    @property
    def for_clerk(self) -> "Finding":
        """As it is told to who filled in the form, with the remedy that is theirs."""
        return replace(self, fix=self.clerk or self.fix)

    @property
    def rank(self) -> tuple[int, str]:
        """What it is shown after: those that are worse, and of these those of earlier codes."""
        return SEVERITIES.index(self.severity), self.code

    def has(self, effects: Effect) -> bool:
        """Whether it has one of these effects."""
        return bool(_EFFECTS[self.code] & effects)


class Merged(Struct, frozen=True):
    """What consolidation yields: the programme, where its figures came from, all findings, and the count of files.
    `replaced` are the files that are not used, because the same sender sent a higher revision."""

    programme: Programme
    contributions: tuple[Contribution, ...] = ()
    findings: tuple[Finding, ...] = ()
    files: int = 0
    columns: tuple[ColumnSource, ...] = ()
    indicators: tuple[IndicatorSource, ...] = ()
    general_tables: tuple[GeneralTableSource, ...] = ()
    replaced: frozenset[str] = frozenset()

    @property
    def in_error(self) -> frozenset[str]:
        """What some error is about: the keys of findings."""
        return frozenset(found.key for found in self.findings if found.is_error)

    @property
    def sources(self) -> tuple[Given, ...]:
        """All that forms gave."""
        return (*self.contributions, *self.columns, *self.indicators, *self.general_tables)


def amounts(found: int, expected: int) -> dict[str, Any]:
    """Facts of a finding about an amount (kuruş): for its sentence in Turkish, for machines as decimals in TL."""
    return {
        "found": format_tl(found),
        "expected": format_tl(expected),
        "difference": format_tl(found - expected),
        "values": [("expected", str(to_tl(expected))), ("found", str(to_tl(found)))],
    }


def finding(
    code: str,
    place: Place,
    *,
    table: str = "",
    key: str = "",
    label: str = "",
    severity: str = "",
    remedy: str = "",
    values: Sequence[tuple[str, str]] = (),
    related: Sequence[Place] = (),
    **facts: str,
) -> Finding:
    """A finding of the catalogue; `facts` fill its texts, `severity` overrides the entry's, `remedy` names another."""
    kind = Code(code)
    entry = CATALOGUE[kind]
    facts = {"key": key, **facts}
    return Finding(
        code=kind,
        severity=severity or entry.severity,
        place=place,
        message=entry.sentence.format(**facts).strip(),
        fix=(entry.others[remedy] if remedy else entry.remedy).format(**facts).strip(),
        table=table,
        key=key,
        label=label,
        values=tuple(values),
        related=tuple(related),
        clerk=entry.clerk.format(**facts).strip(),
    )


def any_error(findings: Iterable[Finding]) -> bool:
    return any(found.is_error for found in findings)


class Result(Struct, frozen=True):
    """What a job found; each kind of job says more."""

    findings: tuple[Finding, ...]

    @property
    def failed(self) -> bool:
        return any_error(self.findings)


def kinds(findings: Iterable[Finding]) -> Iterator[tuple[str, str, str, list[Finding]]]:
    """(severity, code, remedy, findings), by severity and code; findings keep their order within a kind."""
    groups: dict[tuple[int, str, str], list[Finding]] = {}
    for found in findings:
        groups.setdefault((*found.rank, found.fix), []).append(found)
    for (severity, code, fix), group in sorted(groups.items(), key=lambda item: item[0][:2]):
        yield SEVERITIES[severity], code, fix, group


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """All findings in the order of their kinds."""
    return [found for *_, group in kinds(findings) for found in group]


def misnamed(output: str, whose: str = "çalışma kitabının", endings: Sequence[str] = (".xlsx",)) -> list[Finding]:
    """KX006 where a name does not end as it must: an .xlsx named .pdf is opened by nothing, and a slip costs a form."""
    reason = f"{whose} adı {endings[0]} ile bitmeli"
    refused = Path(output).suffix.lower() not in endings
    return [finding("KX006", Place(output), remedy="name", reason=reason)] if refused else []


def refused_target(output: str, read: Iterable[str]) -> list[Finding]:
    """KX006 where what is written would take the place of a file that is read in the same run."""
    whole, own = Path(output).resolve(), False
    for file in read:
        with suppress(OSError):
            own = own or Path(file).resolve() == whole or os.path.samefile(file, output)
    reason = "bu dosya aynı komutta okunuyor, üzerine yazılmaz"
    return [finding("KX006", Place(output), remedy="elsewhere", reason=reason)] if own else []


def refused_forms(folder: str) -> list[Finding]:
    """KX006 where the forms would lie in the `inputs` of a working folder, and be read as if units had sent them."""
    here = Path(folder).resolve()
    if any(path.name == "inputs" and (path / "plan.xlsx").is_file() for path in (here, *here.parents)):
        reason = "burada birimlerden gelen formlar durur, boş formlar gelmiş sayılır"
        return [finding("KX006", Place(folder), remedy="elsewhere", reason=reason)]
    return []
