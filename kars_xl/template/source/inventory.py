"""What of a template's package is carried over, by the lists in inventory.toml; what stays behind, in words."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

from kars_xl.template.source.package import Package

_LISTS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_ELEMENTS = {name: frozenset(attributes.split()) for name, attributes in _LISTS["elements"].items()}
_RELATIONS, _USUAL = frozenset(_LISTS["relations"].split()), frozenset(_LISTS["usual"])
_USUALLY, _WORDS = _LISTS["usually"], _LISTS["words"]
_WHATEVER, _OFF = frozenset("*-"), ("0", "false")
_ANYWHERE = ("id", "uid", "dyDescent", "Ignorable", "space")  # attributes that mean nothing to a reader


def said(name: str, attribute: str = "") -> str:
    """A kind of relation, an element or its attribute in the words that people have for it."""
    both = f"{name} {attribute}".strip()
    return str(_WORDS.get(both) or _WORDS.get(name) or f"“{both}”")


def carried(element: Element) -> dict[str, str]:
    """The attributes of an element that are carried over."""
    known = _ELEMENTS[element.tag]
    return {name: value for name, value in element.attrib.items() if name in known or "*" in known}


def left_of(element: Element) -> Iterator[str]:
    """What of an element, and of those in it, is not carried over."""
    name = element.tag.rpartition("}")[2]
    known = _ELEMENTS.get(name)
    if known is None:
        # Of what newer Excels note, rules with formulas are read; a line may not be drawn, a mark may be off.
        read = name == "conditionalFormattings" and all(rule.find("f") is not None for rule in element.iter("cfRule"))
        if (
            not read
            and element.get("val") not in _OFF
            and element.get("w") != "0"
            and element.find("{*}noFill") is None
        ):
            yield said(name)
        return
    for key, value in element.attrib.items():
        attribute = key.rpartition("}")[2]
        carried = known & _WHATEVER or attribute in known or attribute in _ANYWHERE
        if not carried and value not in _USUALLY.get(f"{name} {attribute}", _USUAL):
            yield said(name, attribute)
    if name == "pane" and element.get("state", "split") == "split":
        yield said("pane", "state")
    for child in () if "-" in known else element:
        yield from left_of(child)


def left_by_relations(package: Package, part: str, seen: set[str]) -> Iterator[str]:
    """What a part, and the drawings and charts that it leads to, is related to and is not carried over."""
    seen.add(part)
    for kind, target in package.relations(part).values():
        if kind not in _RELATIONS:
            # LibreOffice writes a list of properties even where there is none.
            if kind != "custom-properties" or len(package.tree(target)):
                yield said(kind)
        elif kind in ("drawing", "chart") and target not in seen:
            yield from left_by_relations(package, target, seen)
