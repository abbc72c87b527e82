"""Who reviews what, from both sides: a juror's proposals, a proposal's jurors."""

from typing import Any

from flask import abort, flash, redirect, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from crowd.core.errors import InvalidInput
from crowd.core.permissions import Permission
from crowd.core.scoring import jury_score
from crowd.core.status import JurorStatus
from crowd.proposals.models import Proposal
from crowd.reviews.actions import Reassigned, assign, describe_juror, note_conflict, reassign_open, unassign
from crowd.reviews.forms import EVENLY, ConflictForm, ReassignForm, RemarkForm, SkillsForm, skills_form
from crowd.reviews.gates import round_gate
from crowd.reviews.models import Assignment, Juror
from crowd.reviews.queries import candidates_for, load_of, panel_on
from crowd.reviews.views.blueprint import bp, found_again, juror_or_404, kept_back, round_url, show_without_names
from crowd.reviews.views.chair import own_stakes
from crowd.rounds.models import CallRound
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, current_actor
from crowd.web.errors import sentence
from crowd.web.text import _, ngettext

JUROR = "/calls/<public_id>/reviews/jurors/<juror_id>"
PROPOSAL = "/calls/<public_id>/reviews/proposals/<proposal_id>"


@bp.get(JUROR)
@round_gate.requires(Permission.ROUND_CHAIR)
def juror(found: Found[CallRound], juror_id: str) -> str:
    return juror_page(found, juror_id)


def juror_page(
    found: Found[CallRound],
    juror_id: str,
    *,
    link: str | None = None,
    errors: tuple[str, ...] = (),
    conflict: ConflictForm | None = None,
    reassign: ReassignForm | None = None,
    skills: SkillsForm | None = None,
) -> str:
    """`link`: the address a chair asked to copy. Forms that were refused come back with what was typed."""
    person = juror_or_404(found.row, juror_id)
    load = load_of(db.session(), found.row.id, kept_back(found))
    others = [other for other in load.jurors if other.id != person.id and other.status != JurorStatus.DECLINED]
    return render_template(
        "reviews/juror.html",
        found=found,
        juror=person,
        load=load,
        own_stakes=own_stakes(found),
        link=link,
        errors=errors,
        picked=set(request.form.getlist("picked")),
        conflict=(conflict or ConflictForm()).offer(load.candidates),
        reassign=(reassign or ReassignForm()).offer(others),
        skills=skills or skills_form(person),
    )


@bp.post(f"{JUROR}/assign")
@round_gate.requires(Permission.ROUND_CHAIR)
def assign_to_juror(found: Found[CallRound], juror_id: str) -> Any:
    person = juror_or_404(found.row, juror_id)
    picked = set(request.form.getlist("picked"))
    proposals = [p for p in candidates_for(db.session(), found.row.id, kept_back(found)) if p.public_id in picked]
    fault = _assign(found, [person], proposals)
    if fault:
        return juror_page(found_again(), juror_id, errors=(fault,)), 422
    return redirect(round_url("reviews.juror", found.row, juror_id=juror_id), 303)


@bp.get(PROPOSAL)
@round_gate.requires(Permission.ROUND_CHAIR)
def proposal(found: Found[CallRound], proposal_id: str) -> str:
    return proposal_page(found, proposal_id)


@bp.post(f"{PROPOSAL}/assign")
@round_gate.requires(Permission.ROUND_CHAIR)
def assign_to_proposal(found: Found[CallRound], proposal_id: str) -> Any:
    candidate = candidate_or_404(found, proposal_id)
    picked = set(request.form.getlist("picked"))
    jurors = [
        person for person in load_of(db.session(), found.row.id, kept_back(found)).jurors if person.public_id in picked
    ]
    fault = _assign(found, jurors, [candidate])
    if fault:
        return proposal_page(found_again(), proposal_id, errors=(fault,)), 422
    return redirect(round_url("reviews.proposal", found.row, proposal_id=proposal_id), 303)


def _assign(found: Found[CallRound], jurors: list[Juror], proposals: list[Proposal]) -> str | None:
    """Assign, or say in words why not."""
    if not jurors or not proposals:
        return _("Choose at least one.")
    try:
        with transaction(found.row.call, *jurors, *proposals) as session:
            count = assign(session, found.row, jurors, proposals, actor=current_actor(), now=utc_now())
    except InvalidInput as error:
        return sentence(error.code, **error.values)
    flash(ngettext("%(num)d review assigned.", "%(num)d reviews assigned.", count), "success")
    return None


@bp.post("/calls/<public_id>/reviews/assignments/<assignment_id>/take-back")
@round_gate.requires(Permission.ROUND_CHAIR)
def take_back(found: Found[CallRound], assignment_id: str) -> Response:
    assignment = db.session.scalar(
        select(Assignment)
        .where(Assignment.round_id == found.row.id, Assignment.public_id == assignment_id)
        .options(joinedload(Assignment.juror))
    )
    if assignment is None:
        abort(404)
    with transaction(found.row.call, assignment) as session:
        unassign(session, assignment, actor=current_actor(), now=utc_now())
    flash(_("Taken back. What was written so far is kept."), "success")
    return redirect(round_url("reviews.juror", found.row, juror_id=assignment.juror.public_id), 303)


@bp.post(f"{JUROR}/skills")
@round_gate.requires(Permission.ROUND_CHAIR)
def skills(found: Found[CallRound], juror_id: str) -> Any:
    person = juror_or_404(found.row, juror_id)
    form = SkillsForm()
    if not form.validate():
        return juror_page(found, juror_id, skills=form), 422
    with transaction(found.row.call, person) as session:
        describe_juror(session, found.row, person, form.command(), actor=current_actor(), now=utc_now())
    flash(_("Saved. The next proposed assignment goes by it; what is assigned stays."), "success")
    return redirect(round_url("reviews.juror", found.row, juror_id=juror_id), 303)


@bp.post(f"{JUROR}/reassign")
@round_gate.requires(Permission.ROUND_CHAIR)
def reassign(found: Found[CallRound], juror_id: str) -> Any:
    person = juror_or_404(found.row, juror_id)
    others = [other for other in load_of(db.session(), found.row.id, kept_back(found)).jurors if other.id != person.id]
    form = ReassignForm().offer(others)
    if not form.validate():
        return juror_page(found, juror_id, reassign=form), 422
    target = None if form.target.data == EVENLY else juror_or_404(found.row, form.target.data)
    with transaction(found.row.call, person, *([target] if target else [])) as session:
        outcome = reassign_open(session, found.row, person, target, actor=current_actor(), now=utc_now())
    _say_reassigned(outcome)
    return redirect(round_url("reviews.juror", found.row, juror_id=juror_id), 303)


def _say_reassigned(outcome: Reassigned) -> None:
    flash(ngettext("%(num)d review moved.", "%(num)d reviews moved.", outcome.moved), "success")
    if outcome.left:
        titles = ", ".join(f"“{title}”" for title in outcome.left)
        flash(_("These stay where they are, because nobody else may take them: %(titles)s.", titles=titles), "warning")


@bp.post(f"{JUROR}/conflict")
@round_gate.requires(Permission.ROUND_CHAIR)
def conflict(found: Found[CallRound], juror_id: str) -> Any:
    person = juror_or_404(found.row, juror_id)
    form = ConflictForm().offer(candidates_for(db.session(), found.row.id, kept_back(found)))
    if not form.validate():
        return juror_page(found, juror_id, conflict=form), 422
    candidate = candidate_or_404(found, form.proposal.data)
    with transaction(found.row.call, person, candidate) as session:
        reason = form.conflict_reason.data or ""
        note_conflict(session, found.row, person, candidate, reason, actor=current_actor(), now=utc_now())
    flash(_("The conflict is on record. This person neither reads nor scores the proposal any more."), "success")
    return redirect(round_url("reviews.juror", found.row, juror_id=juror_id), 303)


def candidate_or_404(found: Found[CallRound], public_id: str) -> Proposal:
    candidates = {
        candidate.public_id: candidate for candidate in candidates_for(db.session(), found.row.id, kept_back(found))
    }
    if public_id not in candidates:
        abort(404)
    return candidates[public_id]


def proposal_page(
    found: Found[CallRound], proposal_id: str, *, errors: tuple[str, ...] = (), remark: RemarkForm | None = None
) -> str:
    candidate = candidate_or_404(found, proposal_id)
    show_without_names(found, [candidate])
    hidden = candidate.id in own_stakes(found)
    said = None if hidden else panel_on(db.session(), found.row.id, candidate.id)
    reviews = said.reviews if said else []
    rules = found.facts.round
    return render_template(
        "reviews/proposal.html",
        found=found,
        proposal=candidate,
        load=load_of(db.session(), found.row.id, kept_back(found)),
        hidden=hidden,
        reviews=reviews,
        said=said,
        remark=remark or RemarkForm(formdata=None),
        score=jury_score(rules.criteria, [review.scores for review in reviews], rules.min_reviews),
        errors=errors,
        picked=set(request.form.getlist("picked")),
    )
