"""The desk's door, before any page: who is asked, from where, with what token; and what pages may.

Article text is hostile. Whatever it might smuggle past the templates, the policy sent with each
page runs no script but ours and lets nothing leave this host.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, quote, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from review.sessions import COOKIE, LASTS, Session, Sessions

MOST_BYTES = 400_000  # of a form
MOST_FIELDS = 2_000
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # not no-referrer: the browser would then send "Origin: null" with our own forms
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "x-dns-prefetch-control": "off",
    "cache-control": "no-store",
}
_SAFE = {"GET", "HEAD"}
_OPEN_TO_ALL = ("/login", "/static/")


@dataclass(frozen=True, slots=True)
class Form:
    """What a form brought: each field may come several times."""

    fields: Mapping[str, list[str]] = field(default_factory=dict)

    def one(self, name: str, default: str = "") -> str:
        """Return the first value of a field."""
        return self.fields.get(name, [default])[0]

    def every(self, name: str) -> list[str]:
        """Return all values of a field."""
        return self.fields.get(name, [])


class Guard:
    """Lets through what may come in, with `session` and `form` in the request's state."""

    def __init__(
        self,
        app: ASGIApp,
        sessions: Sessions,
        hosts: tuple[str, ...],
        reviewer: str,
        *,
        is_locked: bool,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._app, self._sessions, self._reviewer = app, sessions, reviewer
        self._hosts = frozenset(host.lower() for host in hosts)
        self._is_locked, self._clock = is_locked, clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or hand it on."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # we have no web sockets
            return
        request = Request(scope, receive)
        answer = await self._refusal(request)
        if answer is None:
            await self._app(scope, receive, self._with_headers(send, request))
        else:
            await answer(scope, receive, self._with_headers(send, request))

    async def _refusal(self, request: Request) -> Response | None:
        """Return why the request is refused, or None after its state is set."""
        host = request.headers.get("host", "").lower()
        if host not in self._hosts:
            return refused(421, "This desk does not answer to that host name.")
        if request.method not in _SAFE | {"POST"}:
            return refused(405, "The desk knows GET and POST.")
        session = self._session(request)
        if session is None and _is_from_elsewhere(request):
            return _once_more()
        if session is None:
            session = self._sessions.begin(
                self._reviewer, known=not self._is_locked, now=self._clock()
            )
            remember(request, session)
        request.state.session = session
        request.state.token = self._sessions.token(session)
        request.state.form = Form()
        if request.method == "POST" and (answer := await self._bad_post(request, session, host)):
            return answer
        if not session.known and not request.url.path.startswith(_OPEN_TO_ALL):
            return _to_login(request)
        return None

    def _session(self, request: Request) -> Session | None:
        try:
            jar = SimpleCookie(request.headers.get("cookie", ""))
        except CookieError:
            return None
        if COOKIE not in jar:
            return None
        try:
            session = self._sessions.read(jar[COOKIE].value, self._clock())
        except (ValueError, TypeError):  # signed by us, in another version's words
            return None
        return session

    async def _bad_post(self, request: Request, session: Session, host: str) -> Response | None:
        origin = request.headers.get("origin")
        if origin is not None and urlsplit(origin).netloc.lower() != host:
            return refused(403, "A form of another site may not write here.")
        if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
            return refused(403, "A form of another site may not write here.")
        form = await _read_form(request)
        if isinstance(form, Response):
            return form
        if not self._sessions.is_token(session, form.one("token")):
            return refused(403, "This page is too old to write. Load it again, then repeat.")
        request.state.form = form
        return None

    def _with_headers(self, send: Send, request: Request) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                self._set_cookie(headers, request)
            await send(message)

        return sending

    def _set_cookie(self, headers: MutableHeaders, request: Request) -> None:
        session: Session | None = getattr(request.state, "remember", None)
        if session is None:
            return
        secure = "; Secure" if request.url.scheme == "https" else ""
        headers.append(
            "set-cookie",
            f"{COOKIE}={self._sessions.cookie(session)}; Path=/; HttpOnly; SameSite=Strict; "
            f"Max-Age={LASTS}{secure}",
        )


def remember(request: Request, session: Session) -> None:
    """Let the answer set the cookie of *session*."""
    request.state.remember = session


def refused(status: int, said: str) -> Response:
    """Return a refusal in plain words, which needs no template."""
    return Response(f"{said}\n", status, media_type="text/plain")


async def _read_form(request: Request) -> Form | Response:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        return refused(415, "The desk takes forms alone.")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            return refused(413, "That is more than a form of the desk holds.")
    fields: dict[str, list[str]] = {}
    try:
        pairs = parse_qsl(
            body.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS,
            errors="strict",
        )  # fmt: skip
    except ValueError:  # UnicodeDecodeError is one
        return refused(400, "That form cannot be read.")
    for name, value in pairs:
        fields.setdefault(name, []).append(value.replace("\x00", "").replace("\r\n", "\n"))
    return Form(fields)


def _is_from_elsewhere(request: Request) -> bool:
    """Return whether a link on another site led here: then a strict cookie stays at home."""
    return (
        request.method == "GET"
        and request.headers.get("sec-fetch-site") == "cross-site"
        and request.headers.get("sec-fetch-mode") == "navigate"
    )


def _once_more() -> Response:
    """Return a page that loads itself again: from our own page the browser sends our cookie."""
    return HTMLResponse(
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>casewatch</title>'
        '<meta http-equiv="refresh" content="0"></head><body><p>One moment.</p></body></html>'
    )


def _to_login(request: Request) -> Response:
    if request.method != "GET":
        return refused(401, "Log in first.")
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"/login?next={quote(wanted, safe='')}", 303)
