"""One word for one thing: what must not stand in any text that users see, and each rule shown to bite."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.repository import REPOSITORY

PACKAGE = REPOSITORY / "kars_xl"
# Pages in English, for who changes the code or calls it.
ENGLISH = {"api.md", "architecture.md", "mutants.md", "README.md"}

# (what must not be there, what is said instead, an example of it)
WORDS = [
    (r"\b[Öö](teki|bür)", "diğer", "öteki tablolar"),
    (r"\b[Yy]inele(?!meli hesaplama)", "tekrarla", "komutu yineleyin"),
    (r"(?<![\w.{])([Ee]-?mail|[Ee]posta|[Ee]-Posta|[Ee]lektronik posta|[Mm]ail adres\w*)\b",
     "e-posta", "eposta adresi"),
    (r"\b(taslak|dosya|Rapor|PDF|kopyalar|kitap) yazıldı\b|\bYazıldı:|\b[Hh]içbir dosya yazılmadı", "kaydedildi",
     "3 dosya yazıldı: forms"),
    (r"[Dd]iğer [İi]darelere [Tt]ransfer(?! ([Ee]dilecek|\+))|[Tt]ransferler( ve|,) [Yy]edek",
     "Diğer İdarelere Transfer + Yedek Ödenek", "Transferler ve Yedek Ödenek"),
    (r"\b[Bb]orç [Vv]erme(?=\w|/)", "Borç Verme", "Borç Vermeler"),
    (r"(?<=\w) :(?= |$)", "no space before a colon", "Tutar : 5"),
    (r"(?<![\w.])\d+(,\d+)?\s?%(?!\w)", "%50", "yüzdesi 42,06%"),
    (r"\bSayın (?!ilgili|İlgili|\{|Encümen|Meclis)\w+ yetkilisi", "… Müdürlüğüne", "Sayın Fen yetkilisi"),
]  # fmt: skip
# What is looked for in forms as people write them, formats of cells and styles of pages are no words of ours.
READ = ("reading/labels.py", "reading/grid/ods.py", "base/number_format.py")


def texts() -> Iterator[tuple[str, str]]:
    """(where, a text that users see): sentences, letters, pages, strings of the code, and the docs without tables."""
    for path in sorted(PACKAGE.rglob("*")):
        name = str(path.relative_to(REPOSITORY))
        if path.suffix == ".py" and not name.endswith(READ):
            yield from ((f"{name}:{line}", text) for line, text in strings(path))
        elif path.suffix in (".toml", ".txt", ".po"):
            kept = re.sub(r"^#.*|{%.*?%}|{{.*?}}", "", path.read_text(encoding="utf-8"), flags=re.M)
            yield from ((name, line) for line in kept.splitlines())
        elif path.suffix == ".html":
            tags = r"<style.*?</style>|<script.*?</script>|<[^>]*>|{%.*?%}|{{.*?}}"
            whole = re.sub(tags, " ", path.read_text("utf-8"), flags=re.S)
            yield from ((name, line) for line in whole.splitlines())
    for path in sorted((REPOSITORY / "docs").glob("*.md")):
        if path.name not in ENGLISH:
            yield from ((f"docs/{path.name}:{at}", it) for at, it in enumerate(path.read_text("utf-8").splitlines(), 1))


def strings(path: Path) -> Iterator[tuple[int, str]]:
    """Every text in a module that is no docstring of the code; a command's docstring is its help. {} are its facts."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = {part for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    docs = {
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and isinstance(node.body[0], ast.Expr)
        and "cli/" not in str(path)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = (part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
            yield node.lineno, "".join(map(str, parts))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in inside | docs:
            yield node.lineno, node.value


def test_no_text_says_it_otherwise() -> None:
    found = [
        f"{where}: “{match[0]}”, say {instead}: {text.strip()[:90]}"
        for where, text in texts()
        if " " in text.strip()
        for pattern, instead, _ in WORDS
        for match in re.finditer(pattern, text)
    ]
    assert found == []


@pytest.mark.parametrize(("pattern", "instead", "example"), WORDS)
def test_each_rule_bites_and_leaves_what_is_said_instead(pattern: str, instead: str, example: str) -> None:
    assert re.search(pattern, example)
    assert not re.search(pattern, instead)


def test_letters_commands_and_pages_are_among_the_texts() -> None:
    seen = {where.partition(":")[0] for where, _ in texts()}
    assert {
        *("kars_xl/findings/catalogue.toml", "kars_xl/year/mail/letters/forms.txt", "kars_xl/year/folder/readme.txt"),
        *("kars_xl/year/folder/state.txt", "kars_xl/findings/page/page.html", "kars_xl/cli/mail.py", "docs/birim.md"),
    } <= seen
