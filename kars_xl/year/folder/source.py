"""What a new year starts from: last year's programme, whoever made it, with what last year's plan knows besides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kars_xl.base.place import Place
from kars_xl.findings.catalogue import finding
from kars_xl.findings.finding import Finding
from kars_xl.findings.severity import any_error
from kars_xl.merging.adopt import adopt
from kars_xl.model.programme import Programme
from kars_xl.reading.files import Progress, read_files
from kars_xl.year.folder.folder import Folder
from kars_xl.year.folder.rollover import with_known

_FEW = "Yeni yıl tek bir programdan başlar: yalnız birini --from ile verin (yanında o yılın planı da verilebilir)."
_NO_TABLES = "Geçen yılın çalışma kitabını, yayımlanmış programı (Word ya da metin) veya o yılın planını verin."
_UNKNOWN_YEAR = (
    "Kaynağı kars-xl import ile plana çevirin, yılı planın Kurum sayfasına yazın ve --from ile o planı verin."
)


@dataclass(slots=True)
class Source:
    """The programme to start from, None where that can't be told; what was found on the way."""

    programme: Programme | None = None
    findings: list[Finding] = field(default_factory=list)


@dataclass(slots=True)
class _Read:
    """Programmes and plans by the file that they were read from."""

    programmes: dict[str, Programme] = field(default_factory=dict)
    plans: dict[str, Programme] = field(default_factory=dict)


def read_source(paths: Sequence[str], progress: Progress = lambda _: None) -> Source:
    """A programme, a plan, or both; or last year's working folder, which holds them."""
    source = Source()
    read = _Read()
    for path in paths:
        _read(path, read, source.findings, progress)
    if any_error(source.findings):
        return source
    several = read.programmes if len(read.programmes) > 1 else read.plans
    if len(several) > 1:
        names = ", ".join(Path(name).name for name in several)
        refused(source.findings, next(iter(several)), f"birden çok kaynak var ({names})", _FEW)
        return source
    plan = next(iter(read.plans.values()), None)
    programme = next(iter(read.programmes.values()), plan)
    if programme is not None and not programme.year:
        refused(source.findings, paths[0], "kaynağın program yılı okunamadı", _UNKNOWN_YEAR)
    elif programme is not None:
        source.programme = programme if plan in (None, programme) else with_known(programme, plan)
    return source


def refused(findings: list[Finding], path: str, reason: str, remedy: str) -> None:
    """KX010: the folder is not made."""
    findings.append(finding("KX010", Place(path), reason=reason, statement=remedy))


def _read(path: str, read: _Read, findings: list[Finding], progress: Progress) -> None:
    before = len(read.programmes) + len(read.plans)
    folder = Path(path).is_dir()
    for file in _programme_files(path) if folder else [path]:
        reading = read_files([file], None, progress)
        if reading.plan is not None:
            read.plans[file] = reading.plan.programme
        found = [item for item in reading.findings if item.code != "KX008"]
        for document in reading.documents:
            # Reports lie beside the programme in a working folder; they may look like one of its tables, not like all.
            if (document.targets and document.costs) or not folder:
                merged = adopt(document)
                read.programmes[file] = merged.programme
                found += merged.findings
        # What else lies in the folder is not the user's choice.
        findings += [item for item in found if not (folder and item.code == "KX004")]
    if len(read.programmes) + len(read.plans) == before and not any_error(findings):
        refused(findings, path, "kaynakta performans programının tabloları yok", _NO_TABLES)


def _programme_files(path: str) -> Iterator[str]:
    """The plan and the outputs of a working folder."""
    folder = Folder.of(path)
    if folder.plan is not None and folder.plan.is_file():
        yield str(folder.plan)
    if folder.gathered is None and folder.outputs.is_dir():
        for file in sorted(folder.outputs.glob("*.xlsx")):
            if not file.name.startswith((".", "~$")):
                yield str(file)
