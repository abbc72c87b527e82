"""Proposals like the one being written, and the three ways out: support that one, join it, say how mine differs."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from crowd.calls.gates import call_gate
from crowd.calls.models import Call
from crowd.core.errors import InvalidInput
from crowd.core.permissions import Permission
from crowd.core.similar import Closeness, gist
from crowd.core.status import JoinStatus, ProposalStatus, StageKind
from crowd.core.subjects import CallFacts
from crowd.meaning.encoder import encoder
from crowd.proposals.actions import accept_join, ask_to_join, decline_join, say_difference
from crowd.proposals.forms import DifferenceForm, JoinForm
from crowd.proposals.gates import proposal_gate
from crowd.proposals.models import JoinRequest, Proposal
from crowd.proposals.queries import Similar, asked_by, differences_of, join_requests_of, similar_to_text
from crowd.proposals.views.blueprint import bp
from crowd.proposals.views.visiting import keep_here
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, current_actor
from crowd.web.forms import fill_errors
from crowd.web.numbers import natural
from crowd.web.text import _, _l

WORDS = {
    Closeness.NEARLY_THE_SAME: _l("nearly the same"),
    Closeness.VERY_SIMILAR: _l("very similar"),
    Closeness.SIMILAR: _l("similar"),
}
VOTED_ON = frozenset({ProposalStatus.ELIGIBLE, ProposalStatus.SHORTLISTED})


@bp.app_template_filter("closeness")
def closeness(value: Closeness) -> str:
    return str(WORDS[value])


@dataclass(frozen=True)
class Likeness:
    """What a list of similar proposals shows: what became of the reader's own requests, what was said of differences."""

    items: Sequence[Similar]
    asked: dict[int, JoinStatus]
    said: dict[int, str]
    open_vote: bool


def find_similar(call: CallFacts, text: str, own: Proposal | None = None) -> Likeness:
    """For the current actor. `text`: a gist."""
    actor, now = current_actor(), utc_now()
    items = similar_to_text(
        db.session(), call.id, text, actor=actor, now=now, model=encoder(), without=own.id if own else None
    )
    ids = [item.proposal.id for item in items]
    said = differences_of(db.session(), own.id, actor, now) if own else []
    return Likeness(
        items,
        asked_by(db.session(), actor.account_id, ids) if actor.account_id and ids else {},
        {row.other_id: row.text for row, _other in said},
        call.is_open(StageKind.VOTING, now),
    )


@bp.app_template_global()
def similar_beside(found: Found[Proposal]) -> Likeness:
    """Beside a proposal that is screened, with what it says of differences."""
    row = found.row
    return find_similar(found.facts.call, gist(row.title, row.summary, row.body), row)


@bp.app_template_global()
def said_differences(found: Found[Proposal]) -> list[Any]:
    """How a proposal says it differs, from those the reader may see."""
    return differences_of(db.session(), found.row.id, current_actor(), utc_now())


@bp.post("/calls/<public_id>/similar")
@call_gate.requires()
def similar_to_written(found: Found[Call]) -> str:
    """To what stands in the form now. Scripts ask for the list alone; else a visitor's text is kept for the way back."""
    alone = request.form.get("part") == "list"
    version = request.form.get("version", "")
    if not alone and current_actor().account_id is None:
        keep_here(found, request.form, natural(version))
    text = gist(*(request.form.get(name, "")[:20_000] for name in ("title", "summary", "body")))
    template = "proposals/_similar_list.html" if alone else "proposals/similar_call.html"
    own = _own(found)
    likeness = find_similar(found.facts, text, own)
    return render_template(template, call=found.row, facts=found.facts, likeness=likeness, proposal=own, empty=not text)


def _own(found: Found[Call]) -> Proposal | None:
    """The saved proposal the text belongs to, if the writer is in its team."""
    key = request.form.get("own", "")
    own = proposal_gate.find(db.session(), key) if key else None
    if own is None or own.row.call_id != found.row.id or current_actor().account_id not in own.facts.team_ids:
        return None
    return own.row


@bp.get("/proposals/<public_id>/similar")
@proposal_gate.requires(Permission.PROPOSAL_WORK)
def similar(found: Found[Proposal]) -> str:
    return _page(found)


def _page(found: Found[Proposal], *, refused: tuple[str, DifferenceForm] | None = None) -> str:
    row = found.row
    text = gist(row.title, row.summary, row.body)
    likeness = find_similar(found.facts.call, text, row)
    forms = {item.proposal.public_id: _difference_form(likeness, item.proposal) for item in likeness.items}
    return render_template(
        "proposals/similar.html",
        proposal=row,
        call=row.call,
        facts=found.facts,
        likeness=likeness,
        empty=not text,
        forms=forms | dict([refused] if refused else []),
        refused=refused[1] if refused else None,
    )


def _difference_form(likeness: Likeness, other: Proposal) -> DifferenceForm:
    form = DifferenceForm(formdata=None, prefix=f"d-{other.public_id}-")
    form.text.data = likeness.said.get(other.id, "")
    return form


@bp.post("/proposals/<public_id>/similar/<other>")
@proposal_gate.requires(Permission.PROPOSAL_EDIT)
def differ(found: Found[Proposal], other: str) -> Any:
    like = proposal_gate.load(other)
    if like.row.call_id != found.row.call_id or like.row.id == found.row.id:
        abort(404)
    key, form = found.row.public_id, DifferenceForm(prefix=f"d-{other}-")
    if not form.validate():
        return _page(found, refused=(other, form)), 422
    try:
        with transaction(found.row) as session:
            words = form.text.data or ""
            say_difference(session, found.row, like.row.id, words, actor=current_actor(), now=utc_now())
    except InvalidInput as error:
        fill_errors(form, error)
        return _page(proposal_gate.load(key), refused=(other, form)), 422
    flash(_("Saved. Those who screen and review read it beside your proposal."), "success")
    return redirect(url_for("proposals.similar", public_id=key), 303)


@bp.get("/proposals/<public_id>/join")
@proposal_gate.requires(Permission.PROPOSAL_JOIN)
def join(found: Found[Proposal]) -> str:
    return _join_page(found, JoinForm())


@bp.post("/proposals/<public_id>/join")
@proposal_gate.requires(Permission.PROPOSAL_JOIN)
def join_save(found: Found[Proposal]) -> Any:
    key, form = found.row.public_id, JoinForm()
    if not form.validate():
        return _join_page(found, form), 422
    try:
        with transaction(found.row) as session:
            ask_to_join(session, found.row, form.message.data or "", actor=current_actor(), now=utc_now())
    except InvalidInput as error:
        fill_errors(form, error)
        return _join_page(proposal_gate.load(key), form), error.status
    flash(_("The lead author is asked. You are told what they answer."), "success")
    return redirect(url_for("pages.proposal", public_id=key), 303)


def _join_page(found: Found[Proposal], form: JoinForm) -> str:
    return render_template("proposals/join.html", proposal=found.row, call=found.row.call, form=form)


@bp.post("/proposals/<public_id>/team/requests/<int:number>/accept")
@proposal_gate.requires(Permission.PROPOSAL_TEAM)
def join_accept(found: Found[Proposal], number: int) -> Response:
    asked = _request(found, number)
    with transaction(found.row, asked) as session:
        token = secrets.token_urlsafe(32)
        accept_join(session, found.row, asked, token=token, actor=current_actor(), now=utc_now())
    flash(_("The invitation to %(name)s leaves now.", name=asked.account.name), "success")
    return redirect(url_for("proposals.team", public_id=found.row.public_id), 303)


@bp.post("/proposals/<public_id>/team/requests/<int:number>/decline")
@proposal_gate.requires(Permission.PROPOSAL_WORK)
def join_decline(found: Found[Proposal], number: int) -> Response:
    asked = _request(found, number)
    with transaction(found.row, asked) as session:
        decline_join(session, found.row, asked, actor=current_actor(), now=utc_now())
    flash(_("%(name)s is told that the team stays as it is.", name=asked.account.name), "success")
    return redirect(url_for("proposals.team", public_id=found.row.public_id), 303)


def _request(found: Found[Proposal], number: int) -> JoinRequest:
    waiting = join_requests_of(db.session(), found.row.id)
    return next((asked for asked in waiting if asked.id == number), None) or abort(404)


@bp.app_template_global()
def join_requests(proposal: Proposal) -> Sequence[JoinRequest]:
    return join_requests_of(db.session(), proposal.id)
