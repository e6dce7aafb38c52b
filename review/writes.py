"""What the forms of the desk do; `Accept: application/json` gets facts, else a page follows.

All of it is appended; nothing here waits for the warehouse.
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from extractors.errors import UsageError
from extractors.model import CandidateVerdict, Verdict
from review.desk import Desk, Flash
from review.guard import Form, remember
from review.passwords import is_password
from review.queue import one_alert
from review.rejected import one_candidate
from review.render import page
from review.verdicts import Stood, StoodCandidate, audit_called, verdict_called
from review.words import AUDITS, VERDICTS
from warehouse.inbox import CandidateJudgement

_TRIES, _MINUTE = 5, 60.0  # wrong passwords a minute, from all together
_wrong: deque[float] = deque(maxlen=_TRIES)


def judge(request: Request) -> Response:
    """Append a verdict of one alert."""
    form: Form = request.state.form
    verdict = verdict_called(form.one("verdict"))
    before = _stood(request, form.one("alert"))
    note = form.one("note").strip() or None
    _desk(request).bench.judge(
        request.state.session.id, request.state.session.name, before, verdict, note
    )
    return _said(request, f"{VERDICTS[verdict][0]}.", alert=before.alert_id, verdict=str(verdict))


def audit(request: Request) -> Response:
    """Append a verdict of one rejected candidate."""
    form, session = request.state.form, request.state.session
    verdict = audit_called(form.one("verdict"))
    before = _stood_candidate(request, form.one("candidate"))
    _desk(request).bench.audit(session.id, session.name, before, verdict, before.note)
    return _said(
        request, f"{AUDITS[verdict][0]}.", candidate=before.mention_id, verdict=str(verdict)
    )


def note(request: Request) -> Response:
    """Append a note: the verdict that stands, said again with it; without one, "unsure"."""
    form, session, bench = request.state.form, request.state.session, _desk(request).bench
    told = form.one("note").strip()
    if not told:
        raise UsageError("the note is empty; write something, or close it.")
    if candidate := form.one("candidate"):
        tried = _stood_candidate(request, candidate)
        audited = tried.verdict or CandidateVerdict.UNSURE
        bench.audit(session.id, session.name, tried, audited, told)
        return _said(request, "Noted.", candidate=candidate, verdict=str(audited), note=told)
    before = _stood(request, form.one("alert"))
    verdict = before.verdict or Verdict.UNSURE
    bench.judge(session.id, session.name, before, verdict, told)
    return _said(request, "Noted.", alert=before.alert_id, verdict=str(verdict), note=told)


def undo(request: Request) -> Response:
    """Say again what stood before this browser's last verdict."""
    session = request.state.session
    judgement = _desk(request).bench.undo(session.id, session.name)
    if judgement is None:
        return _said(request, "Nothing left to undo.")
    verdict = str(judgement.verdict)
    if isinstance(judgement, CandidateJudgement):
        words = f"Undone: {AUDITS[verdict][0][0].lower()}{AUDITS[verdict][0][1:]} again."
        return _said(request, words, candidate=judgement.mention_id, verdict=verdict)
    words = f"Undone: {VERDICTS[verdict][0].lower()} again."
    return _said(request, words, alert=judgement.alert_id, verdict=verdict)


def assign(request: Request) -> Response:
    """Append who is to look at an alert."""
    form: Form = request.state.form
    alert_id = _stood(request, form.one("alert")).alert_id
    assignment = _desk(request).bench.assign(
        alert_id, form.one("assignee"), request.state.session.name
    )
    who = assignment.assignee
    said = f"Assigned to {who}." if who else "Assigned to nobody."
    return _said(request, said, alert=alert_id, assignee=who)


def name(request: Request) -> Response:
    """Take the name under which this browser judges."""
    given = " ".join(request.state.form.one("name").split())[:80]
    if not given or not given.isprintable():
        raise UsageError("a reviewer needs a name: it stands beside each verdict.")
    remember(request, replace(request.state.session, name=given))
    return _said(request, f"You judge as {given}.")


def login_form(request: Request) -> Response:
    """Ask for the password."""
    return page(request, "login.html", wrong=None, next=_local(request.query_params.get("next")))


def login(request: Request) -> Response:
    """Let in whoever knows the password; a few wrong ones a minute are heard."""
    form: Form = request.state.form
    desk, wanted = _desk(request), _local(form.one("next"))
    kept = desk.settings.password_hash
    if kept is None:
        return RedirectResponse(wanted, 303)
    now = time.monotonic()
    if len(_wrong) == _TRIES and now - _wrong[0] < _MINUTE:
        return page(request, "login.html", 429, wrong="Too many tries; wait a minute.", next=wanted)
    if not is_password(form.one("password"), kept):
        _wrong.append(now)
        return page(request, "login.html", 403, wrong="That is not the password.", next=wanted)
    who = " ".join(form.one("name").split())[:80] or desk.settings.reviewer
    sessions = request.app.state.sessions
    remember(request, sessions.begin(who, known=True, now=time.time()))  # a new id, at log-in
    return RedirectResponse(wanted, 303)


def logout(request: Request) -> Response:
    """Forget that this browser knew the password."""
    remember(request, replace(request.state.session, known=False))
    return RedirectResponse("/login", 303)


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


def _stood(request: Request, alert_id: str) -> Stood:
    """Return what stands of an alert. Raises UsageError where there is none."""
    with _desk(request).index.reading() as db:
        alert = one_alert(db, alert_id)
    if alert is None:
        raise UsageError(f"there is no alert {alert_id!r}.")
    verdict = Verdict(alert["verdict"]) if alert["verdict"] else None
    return Stood(alert["alert_id"], verdict, alert["note"])


def _stood_candidate(request: Request, mention_id: str) -> StoodCandidate:
    """Return what stands of a rejected candidate. Raises UsageError where none is listed."""
    with _desk(request).index.reading() as db:
        candidate = one_candidate(db, mention_id)
    if candidate is None:
        raise UsageError(f"there is no rejected candidate {mention_id!r}.")
    verdict = CandidateVerdict(candidate["verdict"]) if candidate["verdict"] else None
    return StoodCandidate(candidate["mention_id"], verdict, candidate["note"])


def _said(request: Request, words: str, **facts: str) -> Response:
    """Answer with *words*, and *facts* of the `alert` or `candidate` that it is about."""
    desk = _desk(request)
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse({"said": words, "waiting": desk.waiting(), **facts})
    desk.flashes[request.state.session.id] = Flash(words, "verdict" in facts)
    return RedirectResponse(_local(request.state.form.one("back")), 303)


def _local(path: str | None) -> str:
    """Return *path* if it is one of ours, else the queue."""
    if not path or not path.startswith("/") or path.startswith(("//", "/\\")) or "\\" in path:
        return "/"
    return path if path.isprintable() else "/"
