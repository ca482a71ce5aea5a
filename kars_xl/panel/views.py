"""The pages that are only read: each a function from what the office knows to a template, in the order of a visit."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import ChoiceLoader, PackageLoader
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from kars_xl.base.file_names import file_stem
from kars_xl.base.money import format_tl, share_percent
from kars_xl.base.place import Place, cell_at
from kars_xl.findings import blocks
from kars_xl.findings.as_page import page_environment
from kars_xl.findings.as_text import where
from kars_xl.findings.finding import kinds
from kars_xl.model.programme import Programme, by_code
from kars_xl.model.units import Unit
from kars_xl.panel.book import Book, draw_around, ends_of, open_book
from kars_xl.panel.guard import token_of
from kars_xl.panel.jobs import ACTIONS, NEXT, finishing, recommended
from kars_xl.panel.office import Office
from kars_xl.reports.diff import diff_sources
from kars_xl.reports.diff.report import diff_report
from kars_xl.reports.trace import WrongAddress
from kars_xl.reports.trace.show import trace_report
from kars_xl.year.folder.folder import seen
from kars_xl.year.folder.init import year_in
from kars_xl.year.folder.status import UnitStatus
from kars_xl.year.folder.status_report import COLUMNS, units_table


class Panel:
    """What all pages share."""

    def __init__(self, office: Office, secret: str) -> None:
        self.office, self.token = office, token_of(secret)
        own = ChoiceLoader([PackageLoader("kars_xl.panel", "pages"), page_environment().loader or PackageLoader("")])
        self.templates = page_environment().overlay(loader=own)
        self.templates.globals |= {"token": self.token, "tl": format_tl, "share_of": share_percent, "kinds": kinds}
        self.templates.globals |= {"written_in": self._written, "path_of": self._below, "form_cell": self._form_cell}
        self.templates.filters |= {"place": self._place, "is_step": lambda line: isinstance(line, blocks.NextStep)}

    def _below(self, file: str) -> Path:
        """A file of the folder, by its whole path."""
        return self.office.root / Path(file).absolute()

    def file(self, name: str) -> Path:
        """A file below the folder, and none that is hidden there; 404 for any other."""
        root = self.office.root.resolve()
        # What no file can be called, and shortcuts in a circle.
        with suppress(OSError, ValueError, RuntimeError):
            path = (root / name).resolve()
            own = path.relative_to(root).parts if path.is_relative_to(root) else (".",)
            if path.is_file() and not any(part.startswith(".") for part in own):
                return path
        raise HTTPException(404)

    def _form_cell(self, file: str, sheet: str, cell: str) -> str:
        path = self._below(file)
        own = path.relative_to(self.office.root).as_posix() if path.is_relative_to(self.office.root) else ""
        return f"/hucre?{urlencode({'yol': own, 'sayfa': sheet, 'hucre': cell})}"

    def _place(self, place: Place) -> str:
        file, root = Path(place.file), self.office.root
        name = str(file.relative_to(root)) if file.is_relative_to(root) else file.name
        return where(place._replace(file=name))

    def _written(self, report: blocks.Report) -> list[Path]:
        """The files that a job wrote, of those that lie in the folder."""
        data: dict[str, Any] = {block.key: block.value for block in report.blocks if isinstance(block, blocks.Data)}
        named = [data.get("output"), *(data.get("written") or ())]
        return [Path(it) for it in named if isinstance(it, str) and Path(it).is_relative_to(self.office.root)]

    def page(self, template: str, code: int = 200, /, **facts: object) -> Response:
        shown = {"office": self.office, "job": self.office.job, "mark": json.dumps(self.office.mark), **facts}
        return HTMLResponse(self.templates.get_template(template).render(shown), code)

    def busy(self) -> Response:
        return self.page("busy.html", 409)

    def begun(self, began: bool) -> Response:
        return RedirectResponse("/is", 303) if began else self.busy()


def board(panel: Panel, request: Request) -> Response:
    """Who has sent, what is wrong, what comes next."""
    office = panel.office
    if office.state is None or office.status is None:
        if office.folder.inputs.is_dir():
            return panel.page("reading.html")
        return panel.page("start.html", year=year_in(office.root))
    step, title = recommended(office.state)
    status = office.status
    units = [*status.units, *([status.finance] if status.finance else []), *status.strangers]
    name = blocks.Column(
        lambda it: blocks.Cell(it.unit.name, link=f"/birim?{urlencode({'ad': it.unit.name})}"), "Birim"
    )
    columns = [name, *COLUMNS[1:], *_against_last_year(office.plan, units)]
    table = units_table(status, str(office.root), units, columns)
    facts = {"units": table, "others": status.others, "tally": status.tally, "refused": office.refused()}
    return panel.page("board.html", step=step, next=NEXT, title=title, status=status, **facts)


def _against_last_year(plan: Programme | None, units: list[UnitStatus]) -> Iterator[blocks.Column]:
    """What the units had in the last year that the plan knows of, where it knows of one."""
    last = max((past.year for past in plan.past), default=0) if plan else 0
    if plan is None or not last:
        return
    had: dict[Unit, int] = defaultdict(int)
    for past in plan.past:
        if past.year == last:
            had[past.unit] += past.costs.total

    def change(unit: UnitStatus) -> object:
        before = had.get(unit.unit)
        return "" if unit.kurus is None or not before else share_percent(unit.kurus - before, before)

    yield blocks.Column(lambda unit: blocks.Tl(had.get(unit.unit)), f"{last} (TL)")
    yield blocks.Column(change, "Değişim")


def unit_page(panel: Panel, request: Request) -> Response:
    """What is to be said to one unit, at the cells as its clerk sees them."""
    status, name = panel.office.status, request.query_params.get("ad", "")
    known = [*status.units, *status.strangers, status.finance] if status else []
    unit = next((it for it in known if it and it.unit.name == name), None)
    if unit is None:
        raise HTTPException(404)
    told = sorted(unit.findings, key=lambda found: found.rank)
    drawn = [(found.for_clerk, draw_around(found.place)) for found in told]
    folder, forms = panel.office.folder, {Path(form.file).stem for form in unit.forms}
    stem = file_stem(unit.unit.name)
    copies = _newest(path for path in seen(folder.annotated, "**/*") if path.stem.split(".")[0] in forms)
    letters = _newest(path for path in seen(folder.mail, "**/*.eml") if path.stem.endswith(stem))
    return panel.page("unit.html", unit=unit, drawn=drawn, copies=copies, letters=letters, actions=ACTIONS)


def _newest(files: Iterable[Path]) -> list[Path]:
    """The newest file of each name, the newest first."""
    last = {path.name: path for path in sorted(files, key=lambda path: path.stat().st_mtime_ns)}
    return list(reversed(last.values()))


def _book(panel: Panel) -> Book | None:
    state = panel.office.state
    return open_book(state.output) if state else None


def programme(panel: Panel, request: Request) -> Response:
    """The merged workbook: its charts, or one of its sheets."""
    book, name = _book(panel), request.query_params.get("sayfa", "")
    if book is None or (name and name not in book.sheets):
        return panel.page("programme.html", 200 if book is None and not name else 404, book=None)
    drawn = book.draw(name) if name else None
    return panel.page("programme.html", book=book, name=name, drawn=drawn, charts=[] if name else list(book.charts()))


def trace(panel: Panel, request: Request) -> Response:
    """Where a figure comes from."""
    book, address = _book(panel), request.query_params.get("hucre", "")
    if book is None:
        raise HTTPException(404)
    try:
        found = book.trace(address, panel.office.folder.inputs)
    except WrongAddress as error:
        return panel.page("trace.html", 404, address=address, fault=str(error), report=None)
    ends = sorted(ends_of(found), key=lambda end: end[0].row.unit)
    return panel.page("trace.html", address=address, report=trace_report(found), ends=ends)


def form_cell(panel: Panel, request: Request) -> Response:
    """A form's cell with the rows around it."""
    path = panel.file(request.query_params.get("yol", ""))
    at = cell_at(request.query_params.get("hucre", ""))
    place = Place(str(path), request.query_params.get("sayfa", ""), *at) if at else None
    drawn = draw_around(place) if place else None
    if drawn is None:
        raise HTTPException(404)
    return panel.page("cell.html", place=place, sheet=drawn)


def changes(panel: Panel, request: Request) -> Response:
    """What differs between the workbook and the forms that are there now."""
    book = _book(panel)
    if book is None:
        raise HTTPException(404)
    report = diff_report(diff_sources(str(book.path), str(panel.office.folder.inputs)))
    return panel.page("changes.html", report=report, past=_past(panel.office.plan, book))


def _past(plan: Programme | None, book: Book) -> blocks.Table | None:
    """By activity what the plan knows of last year beside what the workbook says; None where it knows nothing."""
    last = max((past.year for past in plan.past), default=0) if plan else 0
    if plan is None or not last or book.edition is None:
        return None
    had: Counter[str] = Counter()
    for past in plan.past:
        had[past.activity] += past.costs.total if past.year == last else 0
    known = book.edition.programme
    now = {it.code: it.costs.total for it in known.activities if it.costs is not None}
    names = {it.code: it.name for it in (*plan.activities, *known.activities)}
    columns = (
        blocks.Column(lambda code: f"{code} {names.get(code, '')}", "Faaliyet"),
        blocks.Column(lambda code: blocks.Tl(had.get(code)), f"{last} (TL)"),
        blocks.Column(lambda code: blocks.Tl(now.get(code)), f"{known.year} (TL)"),
        blocks.Column(lambda code: blocks.Tl(now.get(code, 0) - had.get(code, 0), signed=True), "Fark (TL)"),
    )
    return blocks.Table(columns=columns, rows=by_code({*had, *now}))


def finish(panel: Panel, request: Request) -> Response:
    """The steps from the forms to the last letter."""
    state = panel.office.state
    if state is None:
        return RedirectResponse("/", 303)
    return panel.page("finish.html", steps=list(finishing(state)), state=state, actions=ACTIONS)


def audit(panel: Panel, request: Request) -> Response:
    """Where any other programme is dropped."""
    return panel.page("audit.html")


def job_page(panel: Panel, request: Request) -> Response:
    """The job that runs, or the answer of the last one."""
    return panel.page("job.html", state=panel.office.state)


def file(panel: Panel, request: Request) -> Response:
    """A file of the folder, to be saved."""
    path = panel.file(request.query_params.get("yol", ""))
    return FileResponse(path, filename=path.name)


def style(panel: Panel, request: Request) -> Response:
    own = (Path(__file__).parent / "pages" / "panel.css").read_text(encoding="utf-8")
    return Response(str(panel.templates.globals["style"]) + own, media_type="text/css")


def script(panel: Panel, request: Request) -> Response:
    own = (Path(__file__).parent / "pages" / "panel.js").read_text(encoding="utf-8")
    return Response(own, media_type="text/javascript")
