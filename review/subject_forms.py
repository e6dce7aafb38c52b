"""Cases and advocates: the list of who is watched, and the form that adds or edits one."""

from __future__ import annotations

from typing import Any, get_args

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from extractors.errors import UsageError
from extractors.registry.edit import diff
from extractors.registry.forms import NotifyName, StatusValue
from review.desk import Flash
from review.guard import Form
from review.pages import desk_of, first_look, words_missing
from review.preview import Preview, preview_subject
from review.render import page
from review.subject_files import (
    ADVOCATE,
    CASE,
    KINDS,
    Kind,
    check_subject,
    digest,
    id_from,
    ids_in,
    seed_texts,
    subject_file,
    with_additions,
    write_subject,
    yaml_from,
)  # fmt: skip
from review.words import plain
from warehouse import desk as reads

STATUSES = tuple((value, plain(value)) for value in get_args(StatusValue))
NOTIFIED = tuple((value, plain(value)) for value in get_args(NotifyName))


def listing(request: Request) -> Response:
    """Show every case and advocate, with the files that can be edited."""
    desk = desk_of(request)
    first_look(desk)
    files = seed_texts(desk.settings.seeds)
    with desk.copies.open() as copy:
        subjects = reads.subject_rows(copy)
        silences = {row["subject_id"]: row for row in reads.silence_rows(copy)}
    known = {row["subject_id"] for row in subjects}
    ids = {kind: ids_in(files, kind) for kind in KINDS}
    fresh = [(kind, one) for kind in KINDS for one in ids[kind] if one not in known]
    return page(request, "cases.html", subjects=subjects, silences=silences, fresh=fresh, files=ids)


def new(request: Request, kind: Kind) -> Response:
    """Show the form of a new file; on POST check it, and save it if that is asked."""
    form: Form = request.state.form
    desk = desk_of(request)
    if request.method == "GET":
        return _form_page(request, kind, "subject_new.html", form=form)
    subject_id, text = id_from(form), yaml_from(form, kind)
    facts: dict[str, Any] = {"form": form, "subject_id": subject_id, "text": text}
    try:
        exists = subject_file(desk.settings.seeds, kind, subject_id).exists()
    except UsageError as error:
        return _form_page(request, kind, "subject_new.html", 400, problems=(str(error),), **facts)
    if exists:
        told = (f"{kind.called} {subject_id!r} is there already; edit that, or give another id.",)
        return _form_page(request, kind, "subject_new.html", 400, problems=told, **facts)
    return _check_or_save(request, kind, "subject_new.html", None, facts)


def edit(request: Request, kind: Kind) -> Response:
    """Show a file and what can be added; on POST check it, and save it if that is asked."""
    form: Form = request.state.form
    desk, subject_id = desk_of(request), request.path_params["subject_id"]
    file = subject_file(desk.settings.seeds, kind, subject_id)
    if not file.exists():
        raise HTTPException(404, "No file of the registry has that id.")
    stands = file.read_text("utf-8-sig")
    facts: dict[str, Any] = {"form": form, "subject_id": subject_id, "base": digest(stands)}
    if request.method == "GET":
        return _form_page(request, kind, "subject_edit.html", text=stands, **facts)
    text = form.one("text")
    text = text if text.endswith("\n") else f"{text}\n"
    try:
        text = with_additions(text, form, kind)
    except UsageError as error:
        facts |= {"text": text, "problems": (str(error),)}
        return _form_page(request, kind, "subject_edit.html", 400, **facts)
    facts |= {"text": text, "patch": diff(stands, text, kind.path(subject_id)), "added": True}
    if form.one("base") != digest(stands):
        told = ("the file was changed by somebody else meanwhile; what you wrote is below.",)
        return _form_page(request, kind, "subject_edit.html", 409, problems=told, **facts)
    return _check_or_save(request, kind, "subject_edit.html", stands, facts)


def _check_or_save(
    request: Request, kind: Kind, template: str, stands: str | None, facts: dict[str, Any]
) -> Response:
    desk, subject_id, text = desk_of(request), facts["subject_id"], facts["text"]
    checked = check_subject(desk.settings.seeds, kind, subject_id, text)
    if checked.problems or checked.subject is None or checked.registry is None:
        return _form_page(request, kind, template, 400, problems=checked.problems, **facts)
    if request.state.form.one("do") == "save":
        file = write_subject(desk.settings.seeds, kind, subject_id, text, stands)
        said = f"Saved {file.name}. {desk.settings.retag}"
        desk.flashes[request.state.session.id] = Flash(said)
        return RedirectResponse("/cases", 303)
    with desk.index.reading() as db, desk.copies.open() as copy:
        preview: Preview = preview_subject(db, copy, checked.subject, checked.registry)
    facts |= {"warnings": checked.warnings, "preview": preview, "checked": True}
    return _form_page(request, kind, template, **facts)


def _form_page(
    request: Request, kind: Kind, template: str, status: int = 200, **facts: Any
) -> Response:
    desk = desk_of(request)
    values: dict[str, Any] = {
        "problems": (), "warnings": (), "preview": None, "checked": False, "patch": "",
        "added": False, "subject_id": "", "text": "", "base": "",
    } | facts  # fmt: skip
    return page(
        request, template, status, kind=kind, statuses=STATUSES, notified=NOTIFIED,
        advocates=ids_in(seed_texts(desk.settings.seeds), ADVOCATE), is_case=kind == CASE,
        retag=desk.settings.retag, behind=words_missing(desk), **values,
    )  # fmt: skip
