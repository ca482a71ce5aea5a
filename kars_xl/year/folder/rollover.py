"""A programme becomes the start of a later year's: what is asked anew each year is left blank, all else stays."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import TypeVar

from kars_xl.base.place import Place
from kars_xl.base.text import squeeze
from kars_xl.checking.source import published
from kars_xl.findings.catalogue import finding
from kars_xl.findings.codes import Effect
from kars_xl.findings.finding import Finding
from kars_xl.findings.severity import any_error
from kars_xl.model.programme import Indicator, Institution, Programme, ProgrammeTable, Purpose, Target
from kars_xl.model.units import Units
from kars_xl.reading.files import Progress, read_files
from kars_xl.template.nodes import Node
from kars_xl.year.folder.folder import Folder, seen

# Beyond this distance none of a programme's three years is among those of the new one that can have figures yet.
MOST_YEARS = 2

_Facts = TypeVar("_Facts", Institution, Purpose)


def roll_over(programme: Programme, year: int) -> Programme:
    """The programme of `year`, one or two years later: every indicator value stays with its own year.

    Costs, Tablo 11's columns and the general tables' figures are those of the old year, so they are asked for anew;
    goals, targets with their notes, indicators, activities, units, policies and the tables' rows stay.
    """
    years = year - programme.year
    if not 1 <= years <= MOST_YEARS:
        raise ValueError(f"{programme.year} can't be carried over to {year}")
    return replace(
        programme,
        year=year,
        targets=tuple(_target(target, years) for target in programme.targets),
        administration=None,
        transfers=None,
        general_tables=tuple(map(_without_figures, programme.general_tables)),
    )


def with_known(programme: Programme, known: Programme) -> Programme:
    """With what a published programme does not say and a plan does: addresses, who keeps which table, policies."""
    keepers = {squeeze(table.title): table.unit for table in known.general_tables}
    tables = (replace(table, unit=keepers.get(squeeze(table.title), table.unit)) for table in programme.general_tables)
    return replace(
        programme,
        institution=_filled(programme.institution, known.institution),
        units=tuple(Units((*programme.units, *known.units))),
        general_tables=tuple(tables),
        purpose=_filled(programme.purpose, known.purpose),
        policies=programme.policies or known.policies,
    )


def _filled(facts: _Facts, known: _Facts) -> _Facts:
    """`facts` with what is blank in them taken from `known`."""
    values = {each.name: getattr(facts, each.name) or getattr(known, each.name) for each in fields(facts)}
    return replace(facts, **values)


def wording_of_year(programme: Programme, year: int) -> tuple[str, ...]:
    """Codes of targets, indicators and activities whose wording names `year`, in order."""
    named = re.compile(rf"(?<!\d){year}(?!\d)")
    return tuple(code for code, text in _wordings(programme) if named.search(text))


def has_figures(programme: Programme) -> bool:
    """Whether any indicator has a value of an earlier year, for forms to show."""
    return any(
        value is not None for target in programme.targets for item in target.indicators for value in item.values[:2]
    )


def _target(target: Target, years: int) -> Target:
    return replace(
        target,
        indicators=tuple(_indicator(item, years) for item in target.indicators),
        activities=tuple(replace(activity, costs=None) for activity in target.activities),
    )


def _indicator(indicator: Indicator, years: int) -> Indicator:
    values = (*indicator.values, None, None)
    return replace(indicator, values=(values[years], values[years + 1], values[years + 2]))


def _without_figures(table: ProgrammeTable) -> ProgrammeTable:
    """A list stays as it was, to be mended."""
    blank = (None,) * len(table.columns)
    # What is said beside a figure ("24.500 m2 kapalı") is as old as the figure.
    return replace(table, rows=tuple(row._replace(values=blank, note="") for row in table.rows))


def _wordings(programme: Programme) -> Iterator[tuple[str, str]]:
    for target in programme.targets:
        yield target.code, f"{target.name}\n{target.note}"
        yield from ((item.code, item.name) for item in target.indicators)
        yield from ((item.code, item.name) for item in target.activities)


# What the plan's lists hold, a column each.
_SPARE = {
    "amac": ("kod", "ad"),
    "stratejik_hedef": ("kod", "ad"),
    "hedef": ("kod", "ad", "aciklama"),
    "gosterge": ("kod", "ad", "iki_onceki", "onceki", "deger"),
    "faaliyet": ("kod", "ad", "birimler"),
    "birim": ("ad", "eposta"),
}
_ROWS = 20


def add_spare_rows(tree: Node) -> None:
    """Adds them to the lists of a plan's `tree`."""
    for kind, names in _SPARE.items():
        nodes = [Node(kind, f"boş {number}", dict.fromkeys(names)) for number in range(_ROWS)]
        tree.lists[kind] = [*tree.lists[kind], *nodes]
    # The plan lists objectives below their goals.
    goals, objectives = tree.lists["amac"][-_ROWS:], tree.lists["stratejik_hedef"][-_ROWS:]
    for goal in goals:
        goal.lists["stratejik_hedef"] = []
    goals[0].lists["stratejik_hedef"] = objectives
    for node in objectives:
        node.up = goals[0]


_FEW = "Yeni yıl tek bir programdan başlar: yalnız birini --from ile verin (yanında o yılın planı da verilebilir)."
_NO_TABLES = "Geçen yılın çalışma kitabını, yayımlanmış programı (Word ya da metin) veya o yılın planını verin."
_UNKNOWN_YEAR = (
    "Kaynağı kars-xl import ile plana çevirin, yılı planın Kurum sayfasına yazın ve --from ile o planı verin."
)


class Refused(Exception):
    """The folder is not made: KX010 for the file at `path`, unless other `findings` say why."""

    def __init__(self, findings: Sequence[Finding], path: str = "", reason: str = "", remedy: str = "") -> None:
        refused = [finding("KX010", Place(path), reason=reason, statement=remedy)] if path else []
        self.findings = (*findings, *refused)


def last_programme(paths: Sequence[str], progress: Progress = lambda _: None) -> tuple[Programme, list[Finding]]:
    """What a programme, a plan, or both say; or last year's working folder, which holds them. Raises Refused."""
    programmes: dict[str, Programme] = {}
    plans: dict[str, Programme] = {}
    findings: list[Finding] = []
    for path in paths:
        folder, held = Path(path).is_dir(), len(programmes) + len(plans)
        for file in _programme_files(path) if folder else [path]:
            reading = read_files([file], None, progress, required=False)
            if reading.plan is not None:
                plans[file] = reading.plan.programme
            found = list(reading.findings)
            for document in reading.documents:
                # Reports beside the programme in a working folder may look like one of its tables, not like all.
                if (document.targets and document.costs) or not folder:
                    merged = published(reading, document).merged
                    assert merged is not None
                    programmes[file] = merged.programme
                    found += merged.findings
            # What else lies in the folder is not the user's choice.
            findings += [item for item in found if not (folder and item.has(Effect.NO_TABLE))]
        if len(programmes) + len(plans) == held and not any_error(findings):
            findings += Refused((), path, "kaynakta performans programının tabloları yok", _NO_TABLES).findings
    if any_error(findings):
        raise Refused(findings)
    several = programmes if len(programmes) > 1 else plans
    if len(several) > 1:
        names = ", ".join(Path(name).name for name in several)
        raise Refused(findings, next(iter(several)), f"birden çok kaynak var ({names})", _FEW)
    plan = next(iter(plans.values()), None)
    programme = next(iter(programmes.values()), plan)
    assert programme is not None
    if not programme.year:
        raise Refused(findings, paths[0], "kaynağın program yılı okunamadı", _UNKNOWN_YEAR)
    return with_known(programme, plan) if plan is not None and plan is not programme else programme, findings


def _programme_files(path: str) -> Iterator[str]:
    """The plan and the outputs of a working folder."""
    folder = Folder.of(path)
    if folder.plan is not None and folder.plan.is_file():
        yield str(folder.plan)
    if folder.gathered is None:
        yield from map(str, seen(folder.outputs, "*.xlsx"))
