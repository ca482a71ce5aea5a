"""Makes the generated pages of docs/ anew: findings, commands, the guide's output, the clerk's page.

Run from the top of the repository: python tools/make_docs.py
"""

import importlib
import re
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from kars_xl.findings.as_text import findings_text
from kars_xl.findings.blocks import Listed
from kars_xl.findings.finding import ADVICE, CATALOGUE, ERROR, WARNING, Entry, Finding

_REPOSITORY = Path(__file__).resolve().parent.parent
PAGE = _REPOSITORY / "docs" / "bulgular.md"
_SEVERITIES = {ERROR: "hata", WARNING: "uyarı", ADVICE: "öneri"}
_GROUPS = {
    "0": "Dosya", "1": "Hücre", "2": "Formlar ve plan", "3": "Tablolar arası", "4": "Nitelik", "5": "Şablon",
    "6": "Birleştirmeden sonra", "7": "E-posta",
}  # fmt: skip
# What a sentence's facts are called where it stands without them.
_FACTS = {
    "absent": "nerede yok", "amount": "tutar", "amounts": "tutarlar", "basis": "dayanak", "blank": "boşun karşılığı",
    "column": "sütun", "count": "sayı", "difference": "fark", "examples": "örnekler", "expected": "beklenen",
    "found": "bulunan", "heading": "başlık", "key": "kod", "limit": "sınır", "name": "ad", "other": "diğeri",
    "other_unit": "diğer birim",
    "output": "yer", "present": "nerede var", "proper": "kendi sütunu", "read": "okunan", "reason": "neden",
    "revision": "no", "share": "oran", "statement": "açıklama", "table_a": "tablo", "table_b": "diğer tablo",
    "target": "hedef", "total": "toplam", "unit": "birim", "what": "ne", "why": "neden",
    "year": "yıl",
}  # fmt: skip
_LIST = "| kod |"


def page() -> str:
    """The whole page as Markdown; what stands before the list stays."""
    examples = _examples()
    parts = [PAGE.read_text(encoding="utf-8").partition(_LIST)[0].removesuffix("\n"), _contents()]
    group = ""
    for code, entry in sorted(CATALOGUE.items()):
        if code[2] != group:
            group = code[2]
            parts.append(f"## {_GROUPS[group]}\n")
        parts.append(_section(code, entry, examples[code]))
    return "\n".join(parts)


def _examples() -> Mapping[str, Finding]:
    """A finding of each code that has an example."""
    if str(_REPOSITORY) not in sys.path:
        sys.path.append(str(_REPOSITORY))
    module = importlib.import_module("tests.helpers.finding_examples")
    found = {}
    for code in module.EXAMPLES:
        with tempfile.TemporaryDirectory() as folder:
            found[code] = module.example(code, Path(folder))
    return found


def _contents() -> str:
    lines = [f"{_LIST} önem | bulgu |", "|---|---|---|"]
    lines += [
        f"| [{code}](#{code.lower()}) | {_SEVERITIES[entry.severity]} | {_plain(entry.sentence)} |"
        for code, entry in sorted(CATALOGUE.items())
    ]
    return "\n".join(lines) + "\n"


def _section(code: str, entry: Entry, example: Finding) -> str:
    lines = [f"### {code}", ""]
    lines += [f"**{_SEVERITIES[entry.severity]}** · {_plain(entry.sentence)}", ""]
    lines += [f"Ne yapmalı: {_plain(entry.remedy)}", ""]
    lines += [f"Formu dolduran birime yazılan: {_plain(entry.clerk)}", ""] if entry.clerk else []
    lines += [line for other in entry.others.values() for line in (f"Nedeni başkaysa: {_plain(other)}", "")]
    # A server of the examples listens where there is room, each time elsewhere.
    shown = re.sub(r"(?<=localhost:)\d+", "587", findings_text(Listed(findings=[example]), everything=False))
    return "\n".join([*lines, "```text", shown, "```", ""])


def _plain(template: str) -> str:
    """A sentence with the names of its facts in place of the facts."""
    return re.sub(r"\{(\w+)\}", lambda match: f"‹{_FACTS.get(match[1], '…')}›", template)


def main() -> None:
    import docs_commands
    import docs_guide
    import docs_sheet

    with tempfile.TemporaryDirectory() as folder:
        guide = docs_guide.guide(docs_guide.GUIDE.read_text(encoding="utf-8"), Path(folder))
    made = {
        PAGE: page(),
        docs_commands.COMMANDS: docs_commands.commands_page(),
        docs_guide.GUIDE: guide,
        docs_sheet.SHEET: docs_sheet.sheet(),
    }
    for path, text in made.items():
        path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
