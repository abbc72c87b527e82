"""The picture of a call: chosen by its managers, seen by whoever may see the call."""

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from crowd.calls.actions.cover import describe_cover, put_cover, remove_cover
from crowd.calls.forms.cover import CoverForm
from crowd.calls.gates import call_gate
from crowd.calls.models import Call
from crowd.calls.views.blueprint import bp
from crowd.core.errors import DomainError
from crowd.core.permissions import Permission
from crowd.core.rules import Audience
from crowd.core.status import CallStatus
from crowd.files.covers import ACCEPT, cover_files
from crowd.files.serving import file_response
from crowd.files.storage import Missing, file_store, whole
from crowd.store.db import transaction, utc_now
from crowd.web.access import Found, current_actor
from crowd.web.forms import fill_errors
from crowd.web.text import _

A_YEAR = 365 * 24 * 3600
TYPES = {"webp": "image/webp", "jpg": "image/jpeg"}


@bp.app_template_global("cover_of")
def cover_of(call: Call) -> dict[str, Any] | None:
    """The picture as the component that draws it wants it, None where the call has none."""
    if call.cover is None:
        return None
    names = sorted((name for name in call.cover["files"] if name.endswith(".webp")), key=lambda n: int(n[:-5]))
    return {
        "src": _address(call, "picture.jpg"),
        "small": _address(call, names[0]),
        "srcset": ", ".join(f"{_address(call, name)} {name[:-5]}w" for name in names),
        "alt": call.cover["alt"],
        "width": call.cover["width"],
        "height": call.cover["height"],
    }


def _address(call: Call, name: str) -> str:
    version = call.cover["sha256"][:16] if call.cover else ""
    return url_for("calls.cover_file", public_id=call.public_id, version=version, name=name)


@bp.get("/calls/<public_id>/cover/<version>/<name>")
@call_gate.requires()
def cover_file(found: Found[Call], version: str, name: str) -> Response:
    """An address never shows another picture, so it is kept for a year; what only some may see, by their browser alone."""
    cover = found.row.cover
    if cover is None or cover["sha256"][:16] != version or name not in cover["files"]:
        abort(404)
    everybody = found.row.status is not CallStatus.DRAFT and found.facts.rules.audience is Audience.PUBLIC
    return file_response(
        cover["files"][name],
        TYPES[name.rpartition(".")[2]],
        name,
        f"{version}-{name}",
        cache=f"{'public' if everybody else 'private'}, max-age={A_YEAR}, immutable",
    )


@bp.get("/calls/<public_id>/cover")
@call_gate.requires(Permission.CALL_MANAGE)
def cover(found: Found[Call]) -> str:
    return _page(found, CoverForm(formdata=None, alt=found.row.cover["alt"] if found.row.cover else ""))


@bp.post("/calls/<public_id>/cover")
@call_gate.requires(Permission.CALL_MANAGE)
def cover_save(found: Found[Call]) -> Any:
    form = CoverForm()
    if not form.validate():
        return _page(found, form), 422
    try:
        _store(found, form)
    except DomainError as error:
        fill_errors(form, error)
        return _page(found, form), error.status
    flash(_("The picture is saved."), "success")
    return redirect(url_for("calls.cover", public_id=found.row.public_id), 303)


@bp.post("/calls/<public_id>/cover/remove")
@call_gate.requires(Permission.CALL_MANAGE)
def cover_remove(found: Found[Call]) -> Response:
    with transaction(found.row) as session:
        gone = remove_cover(session, found.row, actor=current_actor(), now=utc_now())
    forget_files(gone)
    flash(_("The picture is gone."), "success")
    return redirect(url_for("calls.cover", public_id=found.row.public_id), 303)


def _store(found: Found[Call], form: CoverForm) -> None:
    upload, alt = form.picture.data, form.alt.data or ""
    if not isinstance(upload, FileStorage) or not upload.filename:
        with transaction(found.row) as session:
            describe_cover(session, found.row, alt, actor=current_actor(), now=utc_now())
        return
    picture, store = cover_files(upload.filename, upload.read()), file_store()
    keys = {name: store.put(data) for name, data in picture.files.items()}
    try:
        with transaction(found.row) as session:
            gone = put_cover(session, found.row, picture, keys, alt, actor=current_actor(), now=utc_now())
    except BaseException:
        forget_files(keys.values())
        raise
    forget_files(gone)


def copied_cover(call: Call) -> dict[str, Any] | None:
    """The picture and its words with files of its own, so that taking one away leaves the other."""
    if call.cover is None:
        return None
    store = file_store()
    try:
        keys = {name: store.put(whole(store, key)) for name, key in call.cover["files"].items()}
    except Missing:
        return None
    return {**call.cover, "files": keys}


def forget_files(keys: Any) -> None:
    for key in keys:
        file_store().delete(key)


def _page(found: Found[Call], form: CoverForm) -> str:
    return render_template("calls/cover.html", found=found, call=found.row, form=form, accept=ACCEPT)
