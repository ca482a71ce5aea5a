"""The Python interface: the jobs of the command line as functions, and the programme as pandas frames.

Paths are str or os.PathLike. What is wrong in a file is a Finding in the result, with its place and remedy in Turkish;
an unreadable file, or one that can't be written, is a finding too. Exceptions are for wrong calls (ValueError,
TypeError) and, in `frames` alone, for errors in the source (Refused). Nothing here prints."""

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kars_xl.checking.source import Source
    from kars_xl.findings.finding import Finding
    from kars_xl.reports.answer import Outcome
    from kars_xl.reports.audit import AuditOutcome
    from kars_xl.reports.export.data import Frames

Path = str | os.PathLike[str]


class Refused(ValueError):
    """The source has errors, so no table would be true; `findings` are all that was found, errors among them."""

    def __init__(self, findings: "tuple[Finding, ...]") -> None:
        errors = [found for found in findings if found.is_error]
        super().__init__(f"{len(errors)} hata: " + "; ".join(f"{found.code} {found.message}" for found in errors[:3]))
        self.findings = findings


def read(*paths: Path, plan: Path | None = None, latest: bool = True) -> "Source":
    """A programme from whatever holds it: a merged workbook, a published text or Word file, forms or their folders.

    Returns an object with `programme` (kars_xl.model.programme.Programme: frozen, money in whole kuruş; None where
    there is an error), `merged` (with the place of every figure), `findings` and `failed`. Forms are judged as by
    `merge`, a finished programme is taken as it is, with warnings. `latest` as in `merge`."""
    from kars_xl.checking.source import read_source

    return read_source(_given(paths), plan=_name(plan), latest=latest)


def check(*paths: Path, plan: Path | None = None, latest: bool = True) -> "Outcome":
    """All that is wrong in forms or folders of them; nothing is written.

    Returns `findings` (file, sheet and cell in `place`), `merged` (the programme that the forms make together, in
    kuruş, to be relied on only where not `failed`; None where nothing could be read) and `failed`."""
    from kars_xl.pipeline import check as run

    return run(_given(paths), plan=_name(plan), latest=latest)


def merge(
    *paths: Path,
    output: Path,
    plan: Path | None = None,
    template: Path | None = None,
    draft: bool = False,
    latest: bool = True,
) -> "Outcome":
    """Forms → the official workbook at `output`, an .xlsx; all findings are in the result.

    With an error nothing is written and `written` is empty, unless `draft`. Of a unit's forms the one with the highest
    revision counts; with `latest` False all do, and what two of them give is an error. `template` is the office's own
    in place of the one that is installed."""
    from kars_xl.pipeline import merge as run

    plan, template = _name(plan), _name(template)
    return run(_given(paths), os.fspath(output), plan=plan, template=template, draft=draft, latest=latest)


def cross_check(*paths: Path, html: Path | None = None) -> "AuditOutcome":
    """The audit: one programme's tables against each other, whoever made them; the command `kars-xl audit`.

    Returns `findings`, `failed` and `audit` (`programme`, `totals` as each table has them in kuruş, `explanations` of
    what differs; None where no official table was read). `html` also writes the report as a page."""
    from kars_xl.reports.audit import audit as run

    return run(_given(paths), html=_name(html))


def frames(*paths: Path, plan: Path | None = None, latest: bool = True) -> "Frames":
    """The tidy tables of what `read` reads, as pandas frames: one fact a row, amounts Decimal in TL.

    Raises Refused where `read` finds an error. docs/api.md lists the frames and their columns."""
    from kars_xl.reports.export.data import frames_of

    told = read(*paths, plan=plan, latest=latest)
    if told.merged is None or told.failed:
        raise Refused(told.findings)
    return frames_of(told)


def _given(paths: tuple[Path, ...]) -> list[str]:
    if not paths:
        raise ValueError("no path was given")
    return [os.fspath(path) for path in paths]


def _name(path: Path | None) -> str | None:
    return None if path is None else os.fspath(path)
