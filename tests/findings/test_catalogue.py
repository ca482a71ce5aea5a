"""The catalogue of findings: sound in itself, every code met by an example, and docs/bulgular.md made from both."""

from __future__ import annotations

import importlib.util
import inspect
import re
from collections import Counter
from pathlib import Path
from string import Formatter
from types import ModuleType

import pytest

from kars_xl.base.place import Place
from kars_xl.findings.finding import ADVICE, CATALOGUE, ERROR, WARNING, finding
from tests.helpers.finding_examples import EXAMPLES, example
from tests.helpers.repository import REPOSITORY

PAGE = REPOSITORY / "docs" / "bulgular.md"


def facts_of(code: str) -> set[str]:
    entry = CATALOGUE[code]
    return {name for text in (entry.sentence, entry.remedy) for _, name, _, _ in Formatter().parse(text) if name}


def make_docs() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_docs", REPOSITORY / "tools" / "make_docs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_what_the_catalogue_makes() -> None:
    assert PAGE.read_text(encoding="utf-8") == make_docs().page(), "run: python tools/make_docs.py"


def test_every_code_has_a_section_and_none_else() -> None:
    sections = re.findall(r"^### (KX\d{3})$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sections == sorted(CATALOGUE)


def test_every_code_has_an_example() -> None:
    assert set(EXAMPLES) == set(CATALOGUE)


@pytest.mark.parametrize("code", EXAMPLES)
def test_the_example_is_met_at_a_place_with_all_facts_in_its_sentence(code: str, tmp_path: Path) -> None:
    found = example(code, tmp_path)
    assert found.severity == CATALOGUE[code].severity
    assert found.place.file
    assert not re.search(r"[{}]", found.message + found.fix)
    # A fact that was left out shows as a hole: "“” sayı olarak okunamadı", "tablolar arasında farklı: , ".
    assert not re.search(r"“”|\(\)|: [,.]|  ", found.message)


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_fact_can_be_filled(code: str) -> None:
    facts = {name: f"‹{name}›" for name in facts_of(code)}
    # `finding` takes these for itself, so a sentence can't have them.
    assert not facts.keys() & (inspect.signature(finding).parameters.keys() - {"key"})
    filled = finding(code, Place("form.xlsx"), **facts)
    assert all(value in filled.message + filled.fix for value in facts.values())
    assert not re.search(r"[{}]", filled.message + filled.fix)


def test_severities_are_valid() -> None:
    assert {entry.severity for entry in CATALOGUE.values()} == {ERROR, WARNING, ADVICE}
    # That a later revision is used is news, and nothing to be mended.
    advice = {code for code, entry in CATALOGUE.items() if entry.severity == ADVICE}
    assert advice == {"KX209", *(f"KX40{n}" for n in range(1, 10))}


def test_no_two_codes_say_the_same_and_all_say_how_to_mend_it() -> None:
    assert [text for text, count in Counter(entry.sentence for entry in CATALOGUE.values()).items() if count > 1] == []
    assert all(entry.remedy.endswith((".", "}")) for entry in CATALOGUE.values())


def test_codes_stand_in_order() -> None:
    assert list(CATALOGUE) == sorted(CATALOGUE)
