"""Files of a proposal: read by whoever may see it, as downloads that cannot run."""

from pathlib import PurePath
from typing import Any

from flask import abort, flash, redirect, request, url_for
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from crowd.core.answers import eyes_of, field_called
from crowd.core.errors import InvalidInput
from crowd.core.permissions import Permission
from crowd.core.subjects import ProposalFacts
from crowd.files.checking import CheckedFile, check_file
from crowd.files.serving import file_response
from crowd.proposals.actions import edit_proposal, restore_file, text_of
from crowd.proposals.forms import ProposalForm
from crowd.proposals.gates import proposal_gate
from crowd.proposals.models import Attachment, Proposal
from crowd.proposals.queries import redaction_for
from crowd.proposals.views.blueprint import bp
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, allowed, current_actor, public
from crowd.web.errors import sentence
from crowd.web.text import _


@bp.get("/files/<public_id>/<filename>")
@public
def file(public_id: str, filename: str) -> Any:
    """The proposal's gate is asked within: a file is seen by whoever sees the proposal."""
    attachment = _seen(public_id)
    found, name = _found(public_id)[0], attachment.filename
    if not allowed(Permission.PROPOSAL_AUTHORS, found.facts):
        name = neutral_name(attachment.public_id, name)
    return file_response(attachment.storage_key, attachment.media_type, name, attachment.sha256)


def neutral_name(public_id: str, filename: str) -> str:
    """A name that says nothing of who wrote it, for reviewers who may not know. What the file itself told was taken out when it came."""
    return f"file-{public_id[:6]}{PurePath(filename).suffix.lower()}"


@bp.app_template_filter("seen_name")
def seen_name(file: Attachment, blind: bool) -> str:  # noqa: FBT001 (a filter's argument)
    return neutral_name(file.public_id, file.filename) if blind else file.filename


@bp.app_template_global()
def files_kept_back(facts: ProposalFacts) -> bool:
    """From this reader, who may not know the authors: the files would tell."""
    covered = redaction_for(db.session(), facts, current_actor(), utc_now())
    return covered is not None and covered.files_kept_back


@bp.get("/files/<public_id>/preview")
@public
def file_preview(public_id: str) -> Any:
    """A small picture of the file, or of its first page, for whoever may read the file."""
    attachment = _seen(public_id)
    if attachment.preview_key is None:
        abort(404)
    return file_response(attachment.preview_key, "image/webp", "preview.webp", attachment.sha256)


def _seen(public_id: str) -> Attachment:
    found, attachment = _found(public_id)
    _check_seen(found, attachment)
    covered = redaction_for(db.session(), found.facts, current_actor(), utc_now())
    if covered is not None and covered.files_kept_back:
        abort(404)
    if attachment.removed_at is not None and current_actor().account_id not in found.facts.team_ids:
        abort(404)
    return attachment


def _check_seen(found: Found[Proposal], attachment: Attachment) -> None:
    """A file that answers a question is read by whom the question names."""
    if attachment.answers is None:
        return
    asked = field_called(found.facts.call.rules, attachment.answers)
    if asked is None or asked.seen_by not in eyes_of(current_actor(), found.facts):
        abort(404)


@bp.post("/files/<public_id>/restore")
@public
def file_restore(public_id: str) -> Any:
    """Undo of taking a file away; the proposal's gate is asked within."""
    found, attachment = _found(public_id)
    with transaction(found.row) as session:
        actor, now = current_actor(), utc_now()
        if restore_file(session, found.row, attachment.public_id, actor=actor, now=now):
            text = text_of(session, found.row)
            edit_proposal(session, found.row, text, opened=found.row.version, actor=actor, now=now, files_changed=True)
    flash(_("“%(name)s” is back.", name=attachment.filename), "success")
    return redirect(url_for("proposals.edit", public_id=found.row.public_id), 303)


def _found(public_id: str) -> tuple[Found[Proposal], Attachment]:
    query = select(Attachment, Proposal.public_id).join(Proposal, Proposal.id == Attachment.proposal_id)
    row = db.session.execute(query.where(Attachment.public_id == public_id)).first()
    if row is None:
        abort(404)
    return proposal_gate.load(row[1]), row[0]


def uploads(form: ProposalForm) -> list[FileStorage]:
    """What was chosen in the form; an empty field gives one without a name."""
    return [upload for upload in form.files.data or () if isinstance(upload, FileStorage) and upload.filename]


def checked_uploads(form: ProposalForm) -> list[CheckedFile]:
    """The files that may be stored; what is wrong with the others stands beside the field."""
    checked, faults = [], []
    for upload in uploads(form):
        try:
            checked.append(check_file(upload.filename or "", upload.read()))
        except InvalidInput as error:
            faults.append(sentence(error.code, **error.values))
    form.files.errors = [*form.files.errors, *faults]
    return checked


def choose_again(form: Any) -> Any:
    """A browser does not keep chosen files when a form comes back."""
    again = _("No file was stored this time. Choose the files again.")
    if uploads(form):
        form.files.errors = [*form.files.errors, again]
    for part in form:
        if isinstance(part.data, FileStorage) and part.data.filename:
            part.errors = [*part.errors, again]
    return form


def chosen_for_removal() -> str | None:
    """The file whose button was pressed: `then=remove-<id>`."""
    pressed = request.form.get("then", "")
    return pressed.removeprefix("remove-") if pressed.startswith("remove-") else None
