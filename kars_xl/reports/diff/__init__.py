"""Compares two programmes, or two revisions of a form, whatever files they are in. `edition` is one side, `compare` and
`amounts` what differs, `changes` that as values; `report` shows it to people, `data` to machines."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath

from msgspec import Struct
from msgspec.structs import replace

from kars_xl.findings import blocks
from kars_xl.findings.finding import ADVICE
from kars_xl.merging.consolidate import choices
from kars_xl.model.units import Unit
from kars_xl.reading.files import Progress, list_files
from kars_xl.reading.tables import Document
from kars_xl.reports.diff.changes import ACTIVITIES, GRAND, Difference, Pair
from kars_xl.reports.diff.compare import compare
from kars_xl.reports.diff.data import difference_data
from kars_xl.reports.diff.edition import one_form, read_edition
from kars_xl.reports.diff.report import Comparison, diff_report, sections

__all__ = ["Comparison", "Difference", "compare", "diff_sources", "read_edition"]

_SHOWN = 6  # units that sent again, without --all


def diff_sources(
    old: str, new: str, *, html: str | None = None, latest: bool = True, progress: Progress = lambda _: None
) -> Comparison:
    """What differs between two files or folders; with `html` also as a page there, never over one of them."""
    before, found = read_edition(old, latest=latest, progress=progress)
    after, more = read_edition(new, latest=latest, progress=progress)
    # A file that is compared with itself has its findings once.
    findings = tuple(item for item in dict.fromkeys((*found, *more)) if item.severity != ADVICE)
    if before is None or after is None:
        return Comparison(findings)
    progress("karşılaştırılıyor")
    done = Comparison(findings, compare(before, after))
    if html is None:
        return done
    from kars_xl.findings.as_page import write_page

    if problems := tuple(write_page(html, diff_report(done), list_files((old, new))[0])):
        return replace(done, findings=(*findings, *problems), unwritten=problems)
    return replace(done, written=(html,))


class Revision(Struct, frozen=True):
    """A unit's forms that are used, all that are not, and the ones before that they are compared with. `diff` is None
    where only copies of the used form were left aside."""

    unit: Unit
    used: tuple[Document, ...]
    replaced: tuple[Document, ...]
    before: tuple[Document, ...] = ()
    diff: Difference | None = None

    @property
    def total(self) -> Pair | None:
        """What the forms cost in kuruş, before and now; None where a figure of it is not known on both sides."""
        diff = self.diff
        return (diff.total(GRAND) or diff.total(ACTIVITIES)) if diff and diff.complete else None


def revisions_of(documents: Sequence[Document]) -> Iterator[Revision]:
    """Every unit of which a later revision replaced another, in order of the units' first form."""
    for used, replaced in ((choice.used, choice.replaced) for choice in choices(documents) if choice.replaced):
        older = [document for document in replaced if document.revision < used[0].revision]
        before = tuple(document for document in older if document.revision == older[0].revision)
        diff = compare(one_form(before), one_form(used)) if before else None
        yield Revision(used[0].unit, used, replaced, before, diff)


def revision_blocks(revisions: Sequence[Revision]) -> Iterator[blocks.Block]:
    """By unit which form is used, and what it changed; all of it for machines as "revisions"."""
    yield blocks.Data(key="revisions", value=[_data(revision) for revision in revisions])
    yield blocks.Lines(lines=list(map(_resent, revisions)), bullet="Yeniden gönderen: ", most=_SHOWN)
    for revision in revisions:
        title = f"REVİZYON – {revision.unit or _names(revision.used)}"
        yield blocks.Lines(title=title, lines=list(_facts(revision)), bullet="  ", on=blocks.WITH_ALL)
        for part in sections(revision.diff, sums=False) if revision.diff else ():
            yield replace(part, on=blocks.WITH_ALL)


def _resent(revision: Revision) -> str:
    """Which form counts, and what the forms cost before and now."""
    total, names = revision.total, _names(revision.used)
    said = f"{revision.unit or names}, No {revision.used[0].revision} kullanıldı ({names})"
    if revision.diff is None:
        return f"{said}; birebir aynı kopya kullanılmadı: {_names(revision.replaced)}"
    changed = total.as_text(" TL") if total and total.difference else "değişmedi" if total else "karşılaştırılamadı"
    return f"{said}; toplam {changed}" + ("; hiçbir şey değişmemiş" if revision.diff.same else "")


def _facts(revision: Revision) -> Iterator[str]:
    if revision.before:
        number = revision.before[0].revision
        yield f"Önceki: No {number} ({_names(revision.before)})"
        if others := [form for form in revision.replaced if form.revision != number]:
            yield f"Kullanılmayan diğer formlar: {_names(others)}"


def _names(forms: Iterable[Document]) -> str:
    return ", ".join(PurePath(form.file).name for form in forms)


def _data(revision: Revision) -> dict[str, object]:
    total = revision.total
    forms = {"used": revision.used, "compared_with": revision.before, "replaced": revision.replaced}
    return {
        "unit": revision.unit,
        "revision": revision.used[0].revision,
        **{name: [{"file": it.file, "revision": it.revision} for it in listed] for name, listed in forms.items()},
        "total": total and {name: blocks.Tl(getattr(total, name)) for name in ("old", "new", "difference")},
        "diff": revision.diff and difference_data(revision.diff),
    }
