"""The panel as an application: which address is which page, what buttons and drops start, what open pages hear."""

import asyncio
import json
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from kars_xl.base.failure import unexpected
from kars_xl.panel import views
from kars_xl.panel.guard import Guard
from kars_xl.panel.jobs import meant
from kars_xl.panel.office import Office, put
from kars_xl.panel.views import Panel

_TICK = 0.2  # seconds between two looks at what an open page would show
_MOST_FOLLOWING = 4  # pages: a browser opens six connections at most, and the rest must have some left
_MISSING = "Burada böyle bir sayfa ya da dosya yok; o arada değişmiş olabilir."
_UNREAD = "Gönderilen okunamadı. Sayfayı yenileyip bir daha deneyin."
Page = Callable[[Panel, Request], Response | Awaitable[Response]]


async def begin(panel: Panel, request: Request) -> Response:
    """Starts one of the jobs."""
    form, state = await request.form(), panel.office.state
    name, answer = str(form.get("is", "")), str(form.get("yanit", "")).strip()
    found = meant(name, state) if state else None
    if found is None:
        raise HTTPException(404)
    step, title = found
    if step.question and not answer:
        return panel.page("ask.html", 400, name=name, title=title, question=step.question)
    return panel.begun(panel.office.begin(title, step.answered(answer).argv))


async def drop(panel: Panel, request: Request) -> Response:
    """Takes forms and mails that were dropped."""
    office = panel.office
    async with request.form(max_files=10_000) as form:
        files = [(it.filename or "", it.file) for it in form.getlist("dosya") if isinstance(it, UploadFile)]
        given = [(name, stream) for name, stream in files if name]
        if not given:
            return RedirectResponse("/", 303)
        await run_in_threadpool(office.keep, given)
    return panel.begun(office.collect())


async def drop_programme(panel: Panel, request: Request) -> Response:
    """Audits a programme that was dropped, or makes the working folder from last year's."""
    office, starts = panel.office, request.url.path == "/kur"
    folder = Path(tempfile.mkdtemp(prefix="kars-xl-"))
    async with request.form(max_files=100) as form:
        files = [(it.filename or "", it.file) for it in form.getlist("dosya") if isinstance(it, UploadFile)]
        paths = await run_in_threadpool(put, [(name, stream) for name, stream in files if name], folder)
        year = str(form.get("yil", "")).strip()
    named = list(map(str, paths))
    argv = ["audit", *named] if not starts else ["init", str(office.root)]
    if starts:
        argv += [part for path in named for part in ("--from", path)] + (["--year", year] if year else [])
    elif not named:
        folder.rmdir()
        return RedirectResponse("/denetim", 303)
    title = "Çalışma klasörü kuruluyor" if starts else "Program denetleniyor"
    began = office.begin(title, argv, lambda _: shutil.rmtree(folder, ignore_errors=True))
    if not began:
        shutil.rmtree(folder, ignore_errors=True)
    return panel.begun(began)


async def deal(panel: Panel, request: Request) -> Response:
    """Strikes off one thing that was refused."""
    form = await request.form()
    await run_in_threadpool(panel.office.deal_with, str(form.get("ad", "")), str(form.get("neden", "")))
    return RedirectResponse("/", 303)


async def events(panel: Panel, request: Request) -> Response:
    """Says, as long as a page is open, whenever it would look different now."""
    if panel.office.open_pages >= _MOST_FOLLOWING:
        return Response(status_code=204)

    async def told() -> AsyncIterator[str]:
        panel.office.open_pages += 1
        before, silent = None, 0.0
        try:
            while True:
                mark = panel.office.mark
                if mark != before or silent > 10:
                    yield f"data: {json.dumps(mark)}\n\n"
                    before, silent = mark, 0.0
                silent += _TICK
                await asyncio.sleep(_TICK)
        finally:
            panel.office.open_pages -= 1
            panel.office.seen()

    return StreamingResponse(told(), media_type="text/event-stream")


_READ: dict[str, Page] = {
    "/": views.board, "/birim": views.unit_page, "/program": views.programme, "/iz": views.trace,
    "/hucre": views.form_cell, "/bitir": views.finish, "/degisen": views.changes, "/denetim": views.audit,
    "/is": views.job_page, "/dosya": views.file, "/olay": events, "/stil.css": views.style, "/panel.js": views.script,
}  # fmt: skip
_DONE: dict[str, Page] = {
    "/basla": begin, "/birak": drop, "/denet": drop_programme, "/kur": drop_programme, "/tamam": deal,
}  # fmt: skip
_UPLOADS = frozenset(("/birak", "/denet", "/kur"))


def application(office: Office, secret: str, port: int) -> Starlette:
    """The whole panel, behind its guard."""
    panel = Panel(office, secret)

    def route(path: str, page: Page, *methods: str) -> Route:
        async def shown(request: Request) -> Response:
            panel.office.seen()
            try:
                answer = await run_in_threadpool(page, panel, request)
                return await answer if isinstance(answer, Awaitable) else answer
            except HTTPException:
                raise
            except Exception:
                return panel.page("fault.html", 500, lines=unexpected())
            finally:
                panel.office.shown.set()

        return Route(path, shown, methods=methods)

    async def missing(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        return panel.page("fault.html", status, lines=[_UNREAD if status == 400 else _MISSING])

    routes = [route(path, page, "GET") for path, page in _READ.items()]
    routes += [route(path, page, "POST") for path, page in _DONE.items()]
    guard = Middleware(Guard, secret=secret, port=port, uploads=_UPLOADS)
    return Starlette(routes=routes, middleware=[guard], exception_handlers={HTTPException: missing})
