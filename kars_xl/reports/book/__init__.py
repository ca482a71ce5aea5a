"""The book that a council votes on: the whole programme as a Word document or PDF. In: the merged workbook, for its
tables, charts and figures, and the office's Word template, for its own texts. `sheets` is what a sheet shows, `summary`
what is to be read before the vote, `word` the document, `office` LibreOffice. The document is read back: what the
recogniser does not find in it as it is in the workbook is never written."""

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from kars_xl.base.atomic import system_reason, write_atomically
from kars_xl.base.money import format_tl
from kars_xl.base.place import Place
from kars_xl.checking.source import Source, source_of
from kars_xl.findings.finding import Finding, finding, refused_target
from kars_xl.model.cost_rows import COLUMN_NAMES
from kars_xl.model.programme import Programme
from kars_xl.reading.files import Progress, Reading, read_files
from kars_xl.reading.grid import ExcelError, Grid, read_grid
from kars_xl.reading.recognise import recognise
from kars_xl.reading.tables import Document
from kars_xl.reports.book.office import LONGEST, OfficeError, find_office, to_pdf
from kars_xl.reports.book.sheets import NoFigure, Pages, Piece
from kars_xl.reports.book.summary import summary
from kars_xl.reports.export import Export
from kars_xl.template.source.read import load
from kars_xl.workbook.nodes.programme import programme_tree
from kars_xl.workbook.render import BOOK_TEMPLATE, template_path

if TYPE_CHECKING:
    from kars_xl.reports.book.word import Book

DRAFT, APPENDIX = "TASLAK", "ekli"  # the second is a keyword of a book that must not leave the house
_SUFFIXES, _PLAN = (".xlsx", ".xlsm"), "inputs/plan.xlsx"
_LOWER, _LOWEST = 0.8, 0.62  # a chart in the summary against its own height, and as part of its width
_MOST_PASSES = 4  # the lists of contents may grow by a page once they have their page numbers
_COVERS = ("Kapak", "İçindekiler")  # sheets that the book has in its own way
_NO_BOOK = "kitapçık yalnız birleştirilmiş çalışma kitabından (.xlsx) yapılır"


def export_book(
    source: str,
    kind: str,
    output: str | None = None,
    *,
    plan: str | None = None,
    template: str | None = None,
    appendix: bool = False,
    progress: Progress = lambda _: None,
    longest: float = LONGEST,
) -> Export:
    """The merged workbook at `source` → the book ("docx" or "pdf") at `output`, or beside it, with the sheets that the
    template does not name as its `appendix`. `plan`, for last year's amounts, and `template` are the folder's own."""
    target, root = output or str(Path(source).with_suffix(f".{kind}")), Path(source).resolve().parent.parent
    own = {name: str(root / name) for name in (BOOK_TEMPLATE, _PLAN) if (root / name).is_file()}
    pattern, plan = template or own.get(BOOK_TEMPLATE, template_path(BOOK_TEMPLATE)), plan or own.get(_PLAN)
    if problem := _refused(source, target, kind, pattern):
        return Export((problem,))
    reading = read_files([source], plan, progress, keep=True)
    found, grid = source_of(reading), reading.grids.get(source)
    if grid is None or found.merged is None:
        return Export(found.findings)
    if found.is_forms:
        return Export((finding("KX001", Place(source), reason=_NO_BOOK),))
    is_draft, read = shows_draft(grid), [*reading.files, pattern]
    if problems := found.findings if found.failed and not is_draft else refused_target(target, read):
        return Export(tuple(problems))
    try:
        programme = found.merged.programme
        said = frozenset((programme.title, programme.institution.name, DRAFT))
        pages = Pages(load(source), grid, dict(_titles(found.documents)), said)
        progress("kitapçık yazılıyor")
        book, left_out = _written(pattern, pages, found, appendix=appendix, is_draft=is_draft)
        write_atomically(target, _finished(book, kind, found, pattern, progress, longest))
    except _Refused as error:
        return Export((error.finding,))
    except (OfficeError, OSError) as error:
        reason = system_reason(error) if isinstance(error, OSError) else str(error)
        return Export((finding("KX009" if isinstance(error, OfficeError) else "KX006", Place(target), reason=reason),))
    return Export(found.findings, target, empty=tuple(book.empty), left_out=tuple(left_out))


def shows_draft(grid: Grid) -> bool:
    return any(cell.value == DRAFT for sheet in grid.sheets for cell in sheet.cells.values())


def has_appendix(book: Path) -> bool:
    """Whether a book that was made here holds the sheets on who filled in what."""
    from docx import Document as WordDocument
    from pypdf import PdfReader

    with suppress(Exception):  # whatever the file is, nobody has put it there with kars-xl
        if book.suffix == ".docx":
            return APPENDIX in WordDocument(str(book)).core_properties.keywords
        return APPENDIX in str(dict(PdfReader(book).metadata or ()).get("/Keywords"))
    return False


class _Refused(Exception):
    def __init__(self, found: Finding) -> None:
        super().__init__(found.message)
        self.finding = found


def _refused(source: str, target: str, kind: str, template: str) -> Finding | None:
    """What is known to fail before anything is read."""
    if gone := next((it for it in (source, template) if not Path(it).exists()), None):
        return finding("KX007", Place(gone))
    if Path(source).suffix.lower() not in _SUFFIXES:
        return finding("KX001", Place(source), reason=_NO_BOOK)
    if Path(target).suffix.lower() != f".{kind}":
        return finding("KX006", Place(target), remedy="name", reason=f"kitapçığın adı .{kind} ile bitmeli")
    if Path(target).is_dir():
        return finding("KX006", Place(target), remedy="elsewhere", reason="bu bir klasör")
    if Path(target).exists() and not Path(target).stat().st_mode & 0o200:
        return finding("KX006", Place(target), reason="dosya salt okunur")
    if kind == "pdf" and find_office() is None:
        return finding("KX009", Place(target), reason="LibreOffice bu bilgisayarda bulunamadı")
    return None


def _titles(documents: Iterable[Document]) -> Iterator[tuple[tuple[str, int], str]]:
    """What the target and cost tables are of, by sheet and row of their first cell."""
    for document in documents:
        for tables, label in ((document.targets, "target"), (document.costs, "activity_name")):
            for table in tables:
                code, name = table.heading.codes.get(label, ""), table.heading.text(label)
                if name:
                    yield (table.place.sheet, table.place.row), f"{code} {name}".strip()


def _written(
    template: str, pages: Pages, source: Source, *, appendix: bool, is_draft: bool
) -> "tuple[Book, list[str]]":
    """The book without its page numbers, and the sheets that are not in it."""
    from docx import Document as WordDocument
    from docx.opc.exceptions import OpcError

    from kars_xl.reports.book.word import Book, UnknownPlaceholder

    assert source.merged is not None
    programme = source.merged.programme
    root = programme_tree(programme, draft=is_draft).fields
    used: list[str] = []
    charts = [*pages.charts()]

    def blocks(name: str) -> Sequence[Piece] | None:
        what, _, which = (part.strip() for part in name.partition(":"))
        if what == "sayfa":
            used.append(which)
            return [*pages.pieces(which)] if which in pages.names else []
        if what == "grafik":
            # As high as two pages allow, and without a caption, since it has one further on.
            low = (it._replace(height=min(it.height * _LOWER, _LOWEST), title="") for it in charts if which in it.title)
            return [*low][:1]
        return summary(which, source, pages.grid) if what == "özet" else None

    def fields(path: str) -> str | None:
        if path.startswith("bkz:"):
            return None
        value: object = root
        for step in path.split("."):
            value = value.get(step, ...) if isinstance(value, Mapping) else ...
        if value is ... or isinstance(value, Mapping):
            raise UnknownPlaceholder(path)
        return "" if value is None else str(value)

    try:
        book = Book(WordDocument(template))
    except (OpcError, OSError, ValueError, KeyError) as error:
        raise _Refused(finding("KX001", Place(template), reason="Word belgesi değil ya da bozuk")) from error
    try:
        book.fill(fields, blocks)
        left_out = [name for name in pages.names if name not in (*used, *_COVERS)]
        for name in left_out if appendix else ():
            book.append(name, [*pages.pieces(name)])
        book.document.core_properties.keywords = APPENDIX if appendix else ""
        book.finish(programme.title, programme.institution.name)
    except UnknownPlaceholder as error:
        raise _Refused(finding("KX501", Place(template), found=f"{{{{ {error.args[0]} }}}}")) from error
    except NoFigure as error:
        cell, unknown = error.args[0], "formülün sonucu bilinmiyor"
        code = "KX104" if isinstance(cell.value, ExcelError) else "KX103"
        raise _Refused(finding(code, cell.place, found=cell.text, why=unknown)) from error
    return book, [] if appendix else left_out


def _finished(book: "Book", kind: str, source: Source, template: str, progress: Progress, longest: float) -> bytes:
    """The book's bytes with its page numbers, if LibreOffice can tell them. Raises OfficeError where it makes no PDF
    that was asked for, and _Refused for a book that says something else than the workbook."""
    data, pages = book.data({}), dict[str, int]()
    _compare(data, source, template)
    pdf = b""
    with tempfile.TemporaryDirectory(prefix="kars-xl-", ignore_cleanup_errors=True) as scratch:
        for _ in range(_MOST_PASSES if find_office() else 0):
            path = Path(scratch, "kitapcik.docx")
            path.write_bytes(data)
            progress("LibreOffice sayfaları basıyor")
            try:
                pdf = to_pdf(path, Path(scratch), longest).read_bytes()
            except OfficeError:
                if kind == "pdf":
                    raise
                break
            if (found := _page_numbers(pdf)) == pages:
                break
            data, pages = book.data(found), found
    return pdf if kind == "pdf" else data


def _page_numbers(pdf: bytes) -> dict[str, int]:
    """The pages on which bookmarks stand, by name."""
    from pypdf import PdfReader

    reader = PdfReader(BytesIO(pdf))
    numbers = ((name, reader.get_destination_page_number(it)) for name, it in reader.named_destinations.items())
    return {name.removeprefix("/"): number + 1 for name, number in numbers if number is not None}


def _compare(data: bytes, source: Source, template: str) -> None:
    """Reads the book as if it came from anywhere. Raises _Refused (KX504) where it holds another programme."""
    again = source_of(Reading(documents=[recognise(read_grid("kitapcik.docx", data))]))
    ours, theirs = (_parts(it.merged.programme) if it.merged else {} for it in (source, again))
    for what in {**ours, **theirs}:
        if ours.get(what) != theirs.get(what):
            found, expected = (str(it.get(what, "-"))[:80] for it in (theirs, ours))
            raise _Refused(finding("KX504", Place(template), what=what, found=found, expected=expected, output="docx"))


def _parts(programme: Programme) -> dict[str, object]:
    parts: dict[str, object] = {f"{it.code} performans hedefi": it for it in programme.targets}
    parts |= {f"{it.code} faaliyeti": format_tl(it.costs.total if it.costs else None) for it in programme.activities}
    parts |= {it.title: it.rows for it in programme.general_tables}
    columns = {"general": programme.administration, "transfers": programme.transfers}
    parts |= {COLUMN_NAMES[name]: costs for name, costs in columns.items()}
    return parts | {"Amaçlar": programme.goals, "Hedefler": programme.objectives, "Yıl": programme.year}
