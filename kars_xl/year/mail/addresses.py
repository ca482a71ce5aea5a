"""E-mail addresses as people write them in a cell: taken apart, checked, and made ready for a header."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from kars_xl.base.place import Place
from kars_xl.base.text import tidy, writable
from kars_xl.findings.finding import Effect, Finding, Merged, finding
from kars_xl.merging.consolidate import is_finance
from kars_xl.model.programme import Programme
from kars_xl.model.units import Unit
from kars_xl.reading.tables import Document

_SEPARATOR = re.compile(r"[;,\r\n]+")
_NAMED = re.compile(r"[^<>]*<([^<>]*)>")
# RFC 5322's dot-atom. Quoted local parts, IP addresses and comments are legal, and nobody's.
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")


@dataclass(frozen=True, slots=True)
class Addresses:
    """The usable addresses, each once, and what stands beside them: (as written, why it can't be used)."""

    good: tuple[str, ...] = ()
    bad: tuple[tuple[str, str], ...] = ()

    def unusable(self, place: Place, whose: str, unit: str = "") -> list[Finding]:
        """KX702 for each that can't be used."""
        values = [("unit", unit)] if unit else []
        return [finding("KX702", place, values=values, whose=whose, found=it, reason=reason) for it, reason in self.bad]


def read_addresses(text: str) -> Addresses:
    """One or several addresses, with ";" or "," or white space between, "Ayşe Kaya <a@b.tr>" too."""
    good: dict[str, str] = {}
    bad: list[tuple[str, str]] = []
    for part in _parts(text):
        address, reason = _checked(part)
        if reason:
            bad.append((writable(tidy(part))[:80], reason))
        else:
            good.setdefault(same(address), address)
    return Addresses(tuple(good.values()), tuple(bad))


def same(address: str) -> str:
    """What two spellings of one address have in common; no real mailbox tells capitals apart."""
    return address.casefold()


def _parts(text: str) -> Iterator[str]:
    for part in _SEPARATOR.split(text):
        named = _NAMED.fullmatch(part.strip(" \t"))
        inner = (named[1] if named else part).strip(" \t")
        words = inner.split()
        if not named and len(words) > 1 and all("@" in word for word in words):
            yield from words  # lines of one cell, which are spaces by now
        elif inner or named:
            yield inner


def _checked(text: str) -> tuple[str, str]:
    """(address with its domain in ASCII, ""), or ("", reason)."""
    if any(ord(letter) < 33 or ord(letter) == 127 or letter.isspace() for letter in text):
        return "", "içinde boşluk ya da denetim karakteri var"
    if text.count("@") != 1:
        return "", "içinde bir tek @ olmalı"
    local, _, domain = text.partition("@")
    if not local.isascii():
        return "", "@ işaretinden önce Türkçe harf olamaz"
    if len(local) > 64 or not _LOCAL.fullmatch(local):
        return "", "@ işaretinden önceki bölüm geçerli değil"
    name = ""
    with suppress(UnicodeError):
        name = domain.encode("idna").decode("ascii").lower()
    labels = name.split(".")
    if len(name) > 253 or len(labels) < 2 or labels[-1].isdigit() or not all(map(_LABEL.fullmatch, labels)):
        return "", "@ işaretinden sonraki alan adı geçerli değil"
    return f"{local}@{name}", ""


# Of two files from one unit only the finance office, which has the folder, can take one away.
_OFFICE = Effect.TWICE | Effect.REVISION


@dataclass(slots=True)
class Concern:
    """A unit as the plan names it, the forms that count, and what is to be said to it, placed in these forms."""

    unit: Unit
    files: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def concerns(
    documents: Sequence[Document], findings: Sequence[Finding], merged: Merged, plan: Programme
) -> tuple[list[Concern], list[Finding]]:
    """The units that sent forms, in the order of their files, and the findings that no letter tells anybody."""
    concerned: dict[Unit, Concern] = {}
    for document in documents:
        if document.unit and document.file not in merged.replaced and not is_finance(document):
            unit = plan.known.of(document.unit)
            concerned.setdefault(unit, Concern(unit)).files.append(document.file)
    rest: list[Finding] = []
    for found in findings:
        if found.place.file not in merged.replaced:
            told = [(unit, own) for unit, own in _recipients(found, concerned, plan) if unit in concerned]
            for unit, own in told:
                concerned[unit].findings.append(own)
            if not told:
                rest.append(found)
    return list(concerned.values()), rest


def _recipients(found: Finding, concerned: Mapping[Unit, Concern], plan: Programme) -> Iterator[tuple[Unit, Finding]]:
    """(unit, the finding as this unit sees it)."""
    if found.has(_OFFICE):
        return
    if found.has(Effect.NOT_SENT):
        # All else says itself who owes it; an indicator that the plan misses is owed by its target's units.
        of = [target for target in plan.targets if found.key in [item.code for item in target.indicators]]
        named = dict(found.values).get("unit")
        owing = {unit for target in of for activity in target.activities for unit in activity.units}
        yield from ((unit, replace(found, related=())) for unit in ([Unit(named)] if named else sorted(owing)))
        return
    owner = {file: concern for concern in concerned.values() for file in concern.files}
    all_places = [place for place in (found.place, *found.related) if place.file in owner]
    for unit in dict.fromkeys(owner[place.file].unit for place in all_places):
        # In its own forms alone: a marked copy of another unit's form is not made along with it.
        place, *related = (place for place in all_places if place.file in concerned[unit].files)
        yield unit, replace(found, place=place, related=tuple(related))
