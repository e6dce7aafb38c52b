"""Cases: the list of what is watched, and the form that adds or edits one."""

from __future__ import annotations

from typing import Any, get_args

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from extractors.errors import UsageError
from extractors.registry.edit import diff
from extractors.registry.forms import StatusValue
from review.case_files import (
    case_file,
    check_case,
    digest,
    id_from,
    seed_texts,
    with_additions,
    write_case,
    yaml_from,
)
from review.desk import Flash
from review.guard import Form
from review.pages import desk_of, first_look, words_missing
from review.preview import Preview, preview_case
from review.render import page
from warehouse import desk as reads

STATUSES: tuple[str, ...] = get_args(StatusValue)


def listing(request: Request) -> Response:
    """Show every case and advocate, with the files that can be edited."""
    desk = desk_of(request)
    first_look(desk)
    files = seed_texts(desk.settings.seeds)
    with desk.copies.open() as copy:
        subjects = reads.subject_rows(copy)
        silences = {row["subject_id"]: row for row in reads.silence_rows(copy)}
    known = {row["subject_id"] for row in subjects}
    ids = [path.removeprefix("cases/").removesuffix(".yaml") for path in files if "cases/" in path]
    fresh = [one for one in ids if one not in known]
    return page(
        request, "cases.html", subjects=subjects, silences=silences, fresh=fresh, files=set(ids)
    )


def new(request: Request) -> Response:
    """Show the form of a new case; on POST check it, and save it if that is asked."""
    form: Form = request.state.form
    desk = desk_of(request)
    if request.method == "GET":
        return _form_page(request, "case_new.html", form=form)
    case_id = id_from(form)
    text = yaml_from(form)
    facts: dict[str, Any] = {"form": form, "case_id": case_id, "text": text}
    try:
        exists = case_file(desk.settings.seeds, case_id).exists()
    except UsageError as error:
        return _form_page(request, "case_new.html", 400, problems=(str(error),), **facts)
    if exists:
        told = (f"a case {case_id!r} is there already; edit that one, or give another id.",)
        return _form_page(request, "case_new.html", 400, problems=told, **facts)
    return _check_or_save(request, "case_new.html", case_id, text, None, facts)


def edit(request: Request) -> Response:
    """Show a case's file and what can be added; on POST check it, and save it if that is asked."""
    form: Form = request.state.form
    desk, case_id = desk_of(request), request.path_params["case_id"]
    file = case_file(desk.settings.seeds, case_id)
    if not file.exists():
        raise HTTPException(404, "No file of the registry has that id.")
    stands = file.read_text("utf-8-sig")
    facts: dict[str, Any] = {"form": form, "case_id": case_id, "base": digest(stands)}
    if request.method == "GET":
        return _form_page(request, "case_edit.html", text=stands, **facts)
    text = form.one("text")
    text = text if text.endswith("\n") else f"{text}\n"
    try:
        text = with_additions(text, form)
    except UsageError as error:
        return _form_page(
            request, "case_edit.html", 400, text=text, problems=(str(error),), **facts
        )
    facts |= {"text": text, "patch": diff(stands, text, f"cases/{case_id}.yaml"), "added": True}
    if form.one("base") != digest(stands):
        told = ("the file was changed by somebody else meanwhile; what you wrote is below.",)
        return _form_page(request, "case_edit.html", 409, problems=told, **facts)
    return _check_or_save(request, "case_edit.html", case_id, text, stands, facts)


def _check_or_save(
    request: Request, template: str, case_id: str, text: str, stands: str | None,
    facts: dict[str, Any],
) -> Response:  # fmt: skip
    desk = desk_of(request)
    checked = check_case(desk.settings.seeds, case_id, text)
    if checked.problems or checked.case is None or checked.registry is None:
        return _form_page(request, template, 400, problems=checked.problems, **facts)
    if request.state.form.one("do") == "save":
        file = write_case(desk.settings.seeds, case_id, text, stands)
        said = f"Saved {file.name}. {desk.settings.retag}"
        desk.flashes[request.state.session.id] = Flash(said)
        return RedirectResponse("/cases", 303)
    with desk.index.reading() as db, desk.copies.open() as copy:
        preview: Preview = preview_case(db, copy, checked.case, checked.registry)
    facts |= {"warnings": checked.warnings, "preview": preview, "checked": True}
    return _form_page(request, template, **facts)


def _form_page(request: Request, template: str, status: int = 200, **facts: Any) -> Response:
    desk = desk_of(request)
    files = seed_texts(desk.settings.seeds)
    advocates = [
        path.removeprefix("advocates/").removesuffix(".yaml")
        for path in files
        if path.startswith("advocates/")
    ]
    values: dict[str, Any] = {
        "problems": (), "warnings": (), "preview": None, "checked": False, "patch": "",
        "added": False, "case_id": "", "text": "", "base": "",
    } | facts  # fmt: skip
    return page(
        request, template, status, advocates=advocates, statuses=STATUSES,
        retag=desk.settings.retag, behind=words_missing(desk), **values,
    )  # fmt: skip
