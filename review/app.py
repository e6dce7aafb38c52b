"""The desk as a web application: its routes, its door, what it says when something fails."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import partial

import anyio.to_thread
import duckdb
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Scope

from extractors.errors import CasewatchError, UsageError, WarehouseError
from review import (
    article_page,
    overview_page,
    pages,
    rejected_page,
    subject_forms,
    subject_page,
    writes,
)
from review.desk import Desk
from review.guard import Guard
from review.render import STATIC, page
from review.sessions import Sessions, read_secret
from review.settings import DeskSettings
from review.subject_files import KINDS, Kind

_THREADS = 8  # pages made at once: each may hold a DuckDB
_log = logging.getLogger(__name__)


def make_app(settings: DeskSettings, *, desk: Desk | None = None, follow: bool = True) -> ASGIApp:
    """Return the desk. With *follow* a thread keeps its index up to date while it is served."""
    desk = desk or Desk(settings)
    sessions = Sessions(read_secret(settings.folder, settings.password_hash or ""))

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = _THREADS
        if follow:
            desk.keeper.start()
        yield
        desk.close()

    app = Starlette(
        routes=_routes(),
        lifespan=lifespan,
        exception_handlers={
            HTTPException: _not_there,
            UsageError: _wrong_use,
            WarehouseError: _no_copy,
            CasewatchError: _failed,
            duckdb.CatalogException: _older_copy,
            duckdb.BinderException: _older_copy,
        },
    )
    app.state.desk = desk
    app.state.sessions = sessions
    return Guard(
        app,
        sessions,
        settings.hosts,
        settings.reviewer,
        is_locked=settings.password_hash is not None,
    )


def _routes() -> list[Route | Mount]:
    return [
        Route("/", pages.queue),
        Route("/alert/{alert_id}", pages.alert),
        Route("/rejected", rejected_page.rejected),
        Route("/search", pages.search),
        Route("/overview", overview_page.overview),
        Route("/case/{subject_id}", subject_page.subject),
        Route("/advocate/{subject_id}", subject_page.subject),
        Route("/article/{article_id}", article_page.article),
        Route("/compare/{before}/{after}", article_page.compare),
        Route("/archived/{version_id}", article_page.archived),
        Route("/archived/{version_id}/page", article_page.archived_page),
        Route("/archived/{version_id}/source", article_page.archived_source),
        Route("/cases", subject_forms.listing),
        *(route for kind in KINDS for route in _forms(kind)),
        Route("/judge", writes.judge, methods=["POST"]),
        Route("/audit", writes.audit, methods=["POST"]),
        Route("/undo", writes.undo, methods=["POST"]),
        Route("/note", writes.note, methods=["POST"]),
        Route("/assign", writes.assign, methods=["POST"]),
        Route("/name", writes.name, methods=["POST"]),
        Route("/login", writes.login_form, methods=["GET"]),
        Route("/login", writes.login, methods=["POST"]),
        Route("/logout", writes.logout, methods=["POST"]),
        Route("/favicon.ico", pages.icon),
        Mount("/static", _Static(directory=STATIC)),
    ]


def _forms(kind: Kind) -> Iterator[Route]:
    both = ["GET", "POST"]
    yield Route(f"/{kind.folder}/new", partial(subject_forms.new, kind=kind), methods=both)
    edit = partial(subject_forms.edit, kind=kind)
    yield Route(f"/{kind.folder}/{{subject_id}}/edit", edit, methods=both)


class _Static(StaticFiles):
    """Our own files; their addresses change with them, so that a browser may keep them."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        answer.headers["cache-control"] = "private, max-age=86400"
        return answer


def _not_there(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    detail = error.detail if isinstance(error, HTTPException) else ""
    said = detail if status != 404 or detail != "Not Found" else "There is no such page."
    return page(request, "error.html", status, heading="Not found", said=said)


def _wrong_use(request: Request, error: Exception) -> Response:
    return page(request, "error.html", 400, heading="That cannot be", said=str(error))


def _no_copy(request: Request, error: Exception) -> Response:
    return page(request, "error.html", 503, heading="Nothing to read yet", said=str(error))


def _older_copy(request: Request, error: Exception) -> Response:
    """Say that a table or column is missing: an update was installed, and no run came since."""
    _log.warning("%s: %s", request.url.path, error)
    said = "the published copy is of an older casewatch; `casewatch run` makes it anew."
    return page(request, "error.html", 503, heading="Not yet", said=said)


def _failed(request: Request, error: Exception) -> Response:
    _log.warning("%s: %s", request.url.path, error)
    return page(request, "error.html", 500, heading="That failed", said=str(error))
