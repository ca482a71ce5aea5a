"""What a new year starts from: last year's programme, whoever made it, with what last year's plan knows besides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from kars_xl.base.place import Place
from kars_xl.checking.source import published
from kars_xl.findings.catalogue import finding
from kars_xl.findings.finding import Finding
from kars_xl.findings.severity import any_error
from kars_xl.model.programme import Programme
from kars_xl.reading.files import Progress, read_files
from kars_xl.year.folder.folder import Folder
from kars_xl.year.folder.rollover import with_known

_FEW = "Yeni yıl tek bir programdan başlar: yalnız birini --from ile verin (yanında o yılın planı da verilebilir)."
_NO_TABLES = "Geçen yılın çalışma kitabını, yayımlanmış programı (Word ya da metin) veya o yılın planını verin."
_UNKNOWN_YEAR = (
    "Kaynağı kars-xl import ile plana çevirin, yılı planın Kurum sayfasına yazın ve --from ile o planı verin."
)


def last_programme(paths: Sequence[str], progress: Progress = lambda _: None) -> tuple[Programme | None, list[Finding]]:
    """What a programme, a plan, or both say; or last year's working folder, which holds them.

    None where that can't be told; and what was found on the way.
    """
    programmes: dict[str, Programme] = {}
    plans: dict[str, Programme] = {}
    findings: list[Finding] = []
    for path in paths:
        _read(path, programmes, plans, findings, progress)
    if any_error(findings):
        return None, findings
    several = programmes if len(programmes) > 1 else plans
    if len(several) > 1:
        names = ", ".join(Path(name).name for name in several)
        refused(findings, next(iter(several)), f"birden çok kaynak var ({names})", _FEW)
        return None, findings
    plan = next(iter(plans.values()), None)
    programme = next(iter(programmes.values()), plan)
    if programme is not None and not programme.year:
        refused(findings, paths[0], "kaynağın program yılı okunamadı", _UNKNOWN_YEAR)
        return None, findings
    if programme is not None and plan is not None and plan is not programme:
        programme = with_known(programme, plan)
    return programme, findings


def refused(findings: list[Finding], path: str, reason: str, remedy: str) -> None:
    """KX010: the folder is not made."""
    findings.append(finding("KX010", Place(path), reason=reason, statement=remedy))


def _read(
    path: str,
    programmes: dict[str, Programme],
    plans: dict[str, Programme],
    findings: list[Finding],
    progress: Progress,
) -> None:
    """Programmes and plans by the file that they stand in."""
    before = len(programmes) + len(plans)
    folder = Path(path).is_dir()
    for file in _programme_files(path) if folder else [path]:
        reading = read_files([file], None, progress, required=False)
        if reading.plan is not None:
            plans[file] = reading.plan.programme
        found = list(reading.findings)
        for document in reading.documents:
            # Reports lie beside the programme in a working folder; they may look like one of its tables, not like all.
            if (document.targets and document.costs) or not folder:
                merged = published(reading, document).merged
                assert merged is not None
                programmes[file] = merged.programme
                found += merged.findings
        # What else lies in the folder is not the user's choice.
        findings += [item for item in found if not (folder and item.code == "KX004")]
    if len(programmes) + len(plans) == before and not any_error(findings):
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
