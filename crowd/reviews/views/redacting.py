"""A text without names, stored for the reviewers of a round in which they may not know the authors."""

from typing import Any

from flask import abort, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from crowd.core.permissions import Permission
from crowd.core.rules import Blindness
from crowd.proposals.actions import drop_redaction, store_redaction
from crowd.proposals.models import Proposal
from crowd.proposals.queries import last_version_number, redaction_of
from crowd.reviews.forms import RedactForm
from crowd.reviews.gates import round_gate
from crowd.reviews.queries import candidates_for
from crowd.reviews.views.blueprint import bp, kept_back, round_url
from crowd.reviews.views.chair import own_stakes
from crowd.rounds.models import CallRound
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, current_actor
from crowd.web.text import _

TEXT = "/calls/<public_id>/reviews/proposals/<proposal_id>/text"


@bp.get(TEXT)
@round_gate.requires(Permission.ROUND_ASSIGN)
def redact(found: Found[CallRound], proposal_id: str) -> str:
    proposal = _proposal_or_404(found, proposal_id)
    kept = redaction_of(db.session(), proposal.id)
    form = RedactForm(
        data={
            "summary": kept.summary if kept else proposal.summary,
            "body": kept.body if kept else proposal.body,
            "files_kept_back": kept.files_kept_back if kept else False,
        }
    )
    return _page(found, proposal, form)


@bp.post(TEXT)
@round_gate.requires(Permission.ROUND_ASSIGN)
def store_redacted(found: Found[CallRound], proposal_id: str) -> Any:
    """`act=drop` takes the stored text away."""
    proposal, form = _proposal_or_404(found, proposal_id), RedactForm()
    by, now = current_actor().account_id, utc_now()
    if request.form.get("act") == "drop":
        with transaction(found.row.call, proposal) as session:
            drop_redaction(session, proposal, by=by, now=now)
        flash(_("Reviewers read the text of the authors again."), "success")
        return _back(found, proposal_id)
    if not form.validate():
        return _page(found, proposal, form), 422
    text, files = (form.summary.data or "", form.body.data or ""), bool(form.files_kept_back.data)
    with transaction(found.row.call, proposal) as session:
        store_redaction(session, proposal, text, files_kept_back=files, by=by, now=now)
    flash(_("Stored. Reviewers of this call read this text; everybody else reads that of the authors."), "success")
    return _back(found, proposal_id)


def _proposal_or_404(found: Found[CallRound], public_id: str) -> Proposal:
    """A candidate in which whoever asks has no stake, of a round whose reviewers may not know the authors."""
    candidates = {p.public_id: p for p in candidates_for(db.session(), found.row.id, kept_back(found))}
    proposal = candidates.get(public_id)
    if proposal is None or found.row.blindness is not Blindness.DOUBLE or proposal.id in own_stakes(found):
        abort(404)
    return proposal


def _page(found: Found[CallRound], proposal: Proposal, form: RedactForm) -> str:
    return render_template(
        "reviews/redact.html",
        found=found,
        proposal=proposal,
        form=form,
        kept=redaction_of(db.session(), proposal.id),
        newest=last_version_number(db.session(), proposal.id),
    )


def _back(found: Found[CallRound], proposal_id: str) -> Response:
    return redirect(round_url("reviews.proposal", found.row, proposal_id=proposal_id), 303)
