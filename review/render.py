"""Templates to pages. Every value is escaped; there is no way to switch that off in a template."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from review import words
from review.desk import Desk
from review.folding import violent_words
from review.marks import mark
from warehouse.rows import storable

_HERE = Path(__file__).parent
STATIC = _HERE / "static"


@cache
def environment() -> Environment:
    """Return the environment of all templates."""
    made = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for name in (
        "away", "clock", "day", "language", "listed", "percent", "plain", "plural", "sentence",
        "sure", "ticked",
    ):  # fmt: skip
        made.filters[name] = made.globals[name] = getattr(words, name)
    made.globals.update(
        AUDITS=words.AUDITS,
        KEYS=words.KEYS,
        SEVERITIES=words.SEVERITIES,
        STATES=words.STATES,
        VERDICTS=words.VERDICTS,
        mark=mark,
        violent_words=violent_words,
        static=static_url,
    )
    return made


@cache
def static_url(name: str) -> str:
    """Return the address of one of our own files; it changes when the file does."""
    digest = sha256((STATIC / name).read_bytes()).hexdigest()[:10]
    return f"/static/{name}?v={digest}"


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Return a page made of *template*, with the session and its token at hand."""
    desk: Desk = request.app.state.desk
    whole = {
        "session": request.state.session,
        "token": request.state.token,
        "path": request.url.path,
        "here": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        "locked": desk.settings.password_hash is not None,
        "now": datetime.now(UTC),
        "flash": desk.flashes.pop(request.state.session.id, None),
        "waiting": desk.waiting() if request.state.session.known else {},
        **values,
    }
    text = environment().get_template(template).render(whole)
    return HTMLResponse(storable(text), status)
