"""What the user reads: findings grouped by kind for the terminal, and the same as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath

from kars_xl import __version__
from kars_xl.base.file_names import short_names
from kars_xl.base.money import to_tl
from kars_xl.base.place import Place
from kars_xl.base.text_templates import fill
from kars_xl.findings.catalogue import ADVICE
from kars_xl.findings.finding import Finding, Merged
from kars_xl.findings.severity import COUNTED, HEADINGS, SEVERITIES, kinds
from kars_xl.model.programme import Programme

TABLES = {
    "PHT": "Performans Hedefi Tablosu",
    "FMT": "Faaliyet Maliyetleri",
    "İPT": "İdare Performans Tablosu",
    "TKT": "Tablo 11",
    "SHB": "Sorumlu Harcama Birimleri",
}
_SHOWN = 5
_RELATED = 3
_LABEL = 40


def answer(command: str, findings: Sequence[Finding], extra: dict[str, object] | None = None) -> dict[str, object]:
    """The whole answer of a command for machines."""
    counts = Counter(found.severity for found in findings)
    return {
        "version": __version__,
        "command": command,
        "summary": {severity: counts[severity] for severity in SEVERITIES},
        "findings": [_finding(found) for found in findings],
        **(extra or {}),
    }


def _finding(found: Finding) -> dict[str, object]:
    return {
        "code": found.code,
        "severity": found.severity,
        **place_data(found.place),
        "table": found.table,
        "key": found.key,
        "label": found.label,
        "message": found.message,
        "fix": found.fix,
        "values": dict(found.values),
        "related": [place_data(place) for place in found.related],
    }


def place_data(place: Place) -> dict[str, object]:
    """A place for machines."""
    return {"file": place.file, "sheet": place.sheet, "cell": place.cell}


def programme_title(programme: Programme) -> str:
    """How a programme is called above a report; without what could not be read of its name and year."""
    what = f"{programme.year} Mali Yılı Performans Programı" if programme.year else "Performans Programı"
    return " – ".join(part for part in (programme.institution.name, what) if part)


def totals_of(merged: Merged) -> dict[str, dict[str, str]]:
    """activities, general, transfers and grand total as decimal strings."""
    return {
        name: {
            "budget": str(to_tl(costs.budget_total)),
            "extra_budget": str(to_tl(costs.extra_total)),
            "total": str(to_tl(costs.total)),
        }
        for name, costs in zip(("activities", "general", "transfers", "grand"), merged.programme.totals, strict=True)
    }


def where(place: Place) -> str:
    """A place as a clerk finds it: file ▸ sheet ▸ cell."""
    cell = place.cell if place.sheet or not place.row else f"satır {place.row}"
    return " ▸ ".join(part for part in (PurePath(place.file).name, place.sheet, cell) if part)


def row_of(found: Finding) -> str:
    """What a finding is about, as it stands in the form: table ▸ code ▸ the row's name."""
    return " ▸ ".join(filter(None, (TABLES.get(found.table, found.table), found.key, found.label)))


def findings_text(
    findings: Sequence[Finding], *, everything: bool = False, advice: bool = True, merged: Merged | None = None
) -> str:
    """Findings by kind, worst first; of each kind the first few, with what to do. Without `advice` that is counted.

    A kind has one remedy: findings of one code that are mended in two ways are two groups.

    A file is named so that it is not taken for another one of those that `merged` was made from.
    """
    lines: list[str] = []
    forms = merged.contributions if merged else ()
    places = [place for found in findings for place in (found.place, *found.related)]
    names = _names({place.file for place in places} | {form.place.file for form in forms})
    for severity, code, fix, group in kinds(findings):
        if severity != ADVICE or advice or everything:
            lines += _group(severity, code, fix, group, names, everything)
    if not advice and not everything and (count := sum(found.severity == ADVICE for found in findings)):
        lines += [f"{HEADINGS[ADVICE]}: {count} tane; görmek için kars-xl check ya da --all.", ""]
    return "\n".join(lines)


def _group(
    severity: str, code: str, fix: str, group: list[Finding], names: Mapping[str, str], everything: bool
) -> Iterable[str]:
    yield f"{HEADINGS[severity]} {code}" + (f" ({len(group)} yerde)" if len(group) > 1 else "")
    shown = group if everything else group[:_SHOWN]
    for found in shown:
        place = where(found.place._replace(file=names[found.place.file]))
        row = row_of(replace(found, label=_cut(found.label)))
        yield "  • " + ": ".join(filter(None, (" – ".join(filter(None, (place, row))), found.message)))
        if others := _related(found, names):
            yield f"    İlgili yer: {others}"
    if len(group) > len(shown):
        yield f"  … ve {len(group) - len(shown)} yer daha (tümü için --all)."
    yield f"  ➜ {fix}"
    yield ""


def _related(found: Finding, names: Mapping[str, str]) -> str:
    """The first few of the other places; their file where it is another one than the finding's."""
    places = [place._replace(file=names[place.file]) for place in found.related]
    own = found.place._replace(file=names[found.place.file])
    bare = [place._replace(file="") if place.file == own.file and place.row else place for place in places]
    shown = [words for words in dict.fromkeys(map(where, bare)) if words != where(own._replace(file=""))]
    if len(shown) > _RELATED:
        shown[_RELATED:] = [f"ve {len(shown) - _RELATED} yer daha"]
    return "; ".join(shown)


def _names(files: Collection[str]) -> dict[str, str]:
    """What each file is called; of those in several folders that are called the same, with the folder."""
    names = {file: PurePath(file).name for file in files}
    often = Counter(name.casefold() for name in names.values())
    tails = short_names(file for file, name in names.items() if name and often[name.casefold()] > 1)
    return names | {file: " ▸ ".join(parts) for file, parts in tails.items()}


def _cut(label: str) -> str:
    """A row's name, as much of it as tells which row it is."""
    return label if len(label) <= _LABEL else label[:_LABEL].rsplit(" ", 1)[0] + " …"


def count_line(findings: Sequence[Finding]) -> str:
    """ "2 hata, 5 uyarı" or "Sorun bulunmadı."."""
    counts = Counter(found.severity for found in findings)
    parts = [f"{counts[severity]} {COUNTED[severity].lower()}" for severity in SEVERITIES if counts[severity]]
    return ", ".join(parts) if parts else "Sorun bulunmadı."


def summary_text(merged: Merged, *, sums: bool) -> str:
    """The closing summary: what was merged, and with `sums` the totals and their shares.

    Where a cell could not be read, totals would be wrong figures that look right: then they are left out.
    """
    programme = merged.programme
    totals = programme.totals if sums else None
    title = programme_title(programme)
    return fill("findings/summary.txt", title=title, files=merged.files, programme=programme, totals=totals)
