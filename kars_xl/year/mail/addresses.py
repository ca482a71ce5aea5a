"""E-mail addresses as people write them in a cell: taken apart, checked, and made ready for a header."""

import re
from collections.abc import Iterator
from contextlib import suppress

from msgspec import Struct

from kars_xl.base.place import Place
from kars_xl.base.text import tidy, writable
from kars_xl.findings.finding import Finding, finding

_SEPARATOR = re.compile(r"[;,\r\n]+")
_NAMED = re.compile(r"([^<>]*)<([^<>]*)>")
# RFC 5322's dot-atom. Quoted local parts, IP addresses and comments are legal, and nobody's.
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")


class Addresses(Struct, frozen=True):
    """The usable addresses, each once, whose they are ("" where not said), and (as written, why it can't be used)."""

    good: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    bad: tuple[tuple[str, str], ...] = ()

    def unusable(self, place: Place, whose: str, unit: str = "") -> list[Finding]:
        """KX702 for each that can't be used."""
        values = [("unit", unit)] if unit else []
        return [finding("KX702", place, values=values, whose=whose, found=it, reason=reason) for it, reason in self.bad]


def read_addresses(text: str) -> Addresses:
    """One or several addresses, with ";" or "," or white space between, "Ayşe Kaya <a@b.tr>" too."""
    good: dict[str, tuple[str, str]] = {}
    bad: list[tuple[str, str]] = []
    for name, part in _parts(text):
        address, reason = _checked(part)
        if reason:
            bad.append((writable(tidy(part))[:80], reason))
        else:
            good.setdefault(same(address), (address, name))
    return Addresses(tuple(it for it, _ in good.values()), tuple(name for _, name in good.values()), tuple(bad))


def same(address: str) -> str:
    """What two spellings of one address have in common; no real mailbox tells capitals apart."""
    return address.casefold()


def _parts(text: str) -> Iterator[tuple[str, str]]:
    for part in _SEPARATOR.split(text):
        named = _NAMED.fullmatch(part.strip(" \t"))
        inner = (named[2] if named else part).strip(" \t")
        words = inner.split()
        if not named and len(words) > 1 and all("@" in word for word in words):
            yield from (("", word) for word in words)  # lines of one cell, which are spaces by now
        elif inner or named:
            yield tidy(writable(named[1])).strip("\"' ") if named else "", inner


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
