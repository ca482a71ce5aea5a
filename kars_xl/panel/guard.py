"""Nobody but the browser that the panel opened gets an answer. The secret of the address becomes a cookie; a name that
was pointed at this computer (DNS rebinding) shows in Host, a page of somebody else in Origin, and what that page can't
know is the token of the forms. What is uploaded is bounded before a byte of it is read."""

import hashlib
import hmac
from collections.abc import Mapping

from starlette.datastructures import Headers, QueryParams
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

KEY, TOKEN = "anahtar", "jeton"
MOST_UPLOADED = 512 * 2**20
_MOST_TYPED = 64 * 2**10

_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
_STRANGER = "Bu sayfa yalnız kars-xl'in açtığı pencerede görülür. kars-xl paneli yeniden açın."
_LARGE = f"Bir kerede en çok {MOST_UPLOADED // 2**20} MB bırakılabilir. Dosyaları bölerek bırakın."


def token_of(secret: str) -> str:
    """What a form of the panel carries; the secret itself stands in no page."""
    return hmac.new(secret.encode(), b"form", hashlib.sha256).hexdigest()


class Guard:
    """The outermost part of the application at `port`; `uploads` are the paths that take files."""

    def __init__(self, app: ASGIApp, secret: str, port: int, uploads: frozenset[str]) -> None:
        self.app, self.secret, self.uploads = app, secret, uploads
        self.hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost")}
        # Cookies know no ports: another panel of this computer has another name.
        self.cookie = f"kars_xl_{port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        refused = self._refused(
            scope["method"], scope["path"], Headers(scope=scope), QueryParams(scope["query_string"])
        )

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = ((name.lower().encode(), value.encode()) for name, value in _HEADERS.items())
                message["headers"] = [*message["headers"], *headers]
            await send(message)

        await (refused or self.app)(scope, receive, guarded)

    def _refused(self, method: str, path: str, headers: Headers, query: Mapping[str, str]) -> Response | None:
        """What is answered in place of the page; None where the page may be seen."""
        origin, kind = headers.get("origin"), headers.get("sec-fetch-site", "none")
        ours = origin is None or origin in {f"http://{host}" for host in self.hosts}
        if headers.get("host") not in self.hosts or not ours:
            return PlainTextResponse(_STRANGER, 403)
        if method in ("GET", "HEAD") and _same(query.get(KEY, ""), self.secret):
            entered = RedirectResponse("/", 303)
            entered.set_cookie(self.cookie, self.secret, httponly=True, samesite="strict")
            return entered
        if not _same(cookie_parser(headers.get("cookie", "")).get(self.cookie, ""), self.secret):
            return PlainTextResponse(_STRANGER, 403)
        if method in ("GET", "HEAD"):
            return None
        # A browser says of every form that is sent where it comes from.
        if method != "POST" or origin is None or kind not in ("none", "same-origin"):
            return PlainTextResponse(_STRANGER, 403)
        if not _same(query.get(TOKEN, ""), token_of(self.secret)):
            return PlainTextResponse("Sayfa eskimiş. Yenileyip bir daha deneyin.", 403)
        size = headers.get("content-length", "")
        # A body in parts may be longer than it says.
        if not size.isdecimal() or "transfer-encoding" in headers:
            return PlainTextResponse("Gönderilenin boyu yazmıyor.", 411)
        if int(size) > (MOST_UPLOADED if path in self.uploads else _MOST_TYPED):
            return PlainTextResponse(_LARGE, 413)
        return None


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())
