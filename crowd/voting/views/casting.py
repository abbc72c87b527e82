"""The ballot: choose, look over, cast, keep the receipt; change or withdraw it until the vote closes."""

from dataclasses import replace
from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from crowd.calls.gates import call_gate
from crowd.calls.models import Call
from crowd.core.errors import InvalidInput
from crowd.core.permissions import Permission, Permitted, judge
from crowd.core.tally.ballots import BallotFault, InvalidBallot
from crowd.core.tally.choices import Choices, check
from crowd.core.tally.drafting import Draft
from crowd.proposals.actions import ANY_PERSON
from crowd.store.db import db, leave, server_now, transaction, utc_now
from crowd.voting.actions import cast_paper, fill_in, fill_in_lately, put_in_with_others, withdraw_ballot
from crowd.voting.actions.exposure import impressions
from crowd.voting.forms import BallotForm, VoterCodeForm, hidden_fields, pressed, read_draft, read_versions
from crowd.voting.gates import Polls, find_polls_lately, meant, polls_gate
from crowd.voting.queries.ledger import is_waiting
from crowd.voting.views.blueprint import bp
from crowd.voting.views.booth import Booth, address_of, booth_of, poll_meant
from crowd.voting.views.examples import example_of
from crowd.voting.views.merged import draft_of, tell_cast
from crowd.voting.views.sheet import sheet_of, told_faults
from crowd.voting.views.telling import kind_of, lines_of
from crowd.voting.views.voter import acting_in, network_hash, sender_here
from crowd.voting.views.words import how_counted, how_to_vote, state_of
from crowd.web.access import Found, current_actor, require, tried_first
from crowd.web.forms import fill_errors
from crowd.web.kept import forget_kept, keep_writing, keeps_anything, kept_writing
from crowd.web.text import _


@bp.get("/calls/<public_id>/vote")
@call_gate.requires()
def vote(found: Found[Call]) -> str:
    booth = booth_of(found)
    kept = kept_writing(booth.address, request.args.get("kept"))
    if kept:
        fields = MultiDict([(str(pair[0]), str(pair[1])) for pair in kept.fields])
        return _page(booth, draft_of(booth, read_draft(fields, booth.round)), fields)
    return _page(booth, _cast_before(booth))


@bp.post("/calls/<public_id>/vote")
@call_gate.requires()
def change(found: Found[Call]) -> str:
    """The same ballot drawn anew: after a button of its own, or back from looking over, with everything as it was."""
    booth = booth_of(found)
    draft = pressed(draft_of(booth, read_draft(request.form, booth.round)), request.form, booth.round)
    return _page(booth, draft, request.form)


@bp.post("/calls/<public_id>/vote/review")
@call_gate.requires()
def review(found: Found[Call]) -> Any:
    """Look the ballot over before it is cast. What a visitor ticked is kept through signing in."""
    booth = booth_of(found)
    if booth.wants_sign_in:
        return _sign_in_first(booth)
    require(current_actor(), booth.permission, booth.vote.facts, utc_now())
    draft = draft_of(booth, read_draft(request.form, booth.round))
    try:
        choices = check(draft.choices, booth.listed, booth.round, booth.costs)
    except InvalidBallot as invalid:
        return _faulty(booth, draft, invalid.faults)
    sheet = sheet_of(booth, Draft(choices))
    return render_template(
        "voting/review.html",
        booth=booth,
        sheet=sheet,
        lines=lines_of(choices, booth.round, booth.entries, booth.currency),
        fields=[*hidden_fields(sheet.draft, booth.round), *booth.seen(request.form)],
    )


def _cast_with_others(public_id: str) -> Response | None:
    """By what was known of the vote a moment ago, with others who cast now. Who asks is read under the lock."""
    polls = find_polls_lately(public_id)
    now = utc_now()
    vote = meant(polls.row.votes, request.args.get("round"), now) if polls else None
    if vote is None:
        return None
    draft = read_draft(request.form, vote.facts.round)
    paper = fill_in_lately(vote, draft.choices, read_versions(request.form))
    leave()
    if paper is None or not put_in_with_others(vote.facts, paper, sender_here(vote.facts), now=now):
        return None
    return _shown_receipt(public_id, vote.row.key)


@bp.post("/calls/<public_id>/vote/cast")
@polls_gate.requires()
@tried_first(_cast_with_others)
def cast(found: Found[Polls]) -> Any:
    """Straight to the ballot: the page around it is drawn only when it must be shown again."""
    vote = poll_meant(found)
    draft, voter = read_draft(request.form, vote.facts.round), acting_in(vote.facts)
    here = replace(voter, network=network_hash(vote.row.id))
    paper = fill_in(db.session(), vote, draft.choices, read_versions(request.form))
    try:
        with transaction(durable=True) as session:
            done = cast_paper(session, paper, actor=current_actor(), clock=partial(server_now, session), acting=here)
    except InvalidInput as error:
        booth = booth_of(call_gate.load(found.row.call))
        draft = draft_of(booth, draft)
        try:
            check(draft.choices, booth.listed, booth.round, booth.costs)
        except InvalidBallot as invalid:
            return _faulty(booth, draft, invalid.faults)
        return _refused(booth, draft, error)
    if done.merged:
        tell_cast(booth_of(call_gate.load(found.row.call)), done.merged)
    return _shown_receipt(found.row.call, vote.row.key)


def _shown_receipt(call: str, key: str) -> Response:
    if keeps_anything():
        _forget(address_of(call, key))
    way = url_for("voting.receipt", public_id=call, round=key)
    return Response(status=303, headers={"Location": way})  # a text would be sent in a packet of its own


@bp.post("/calls/<public_id>/vote/withdraw")
@call_gate.requires()
def withdraw(found: Found[Call]) -> Response:
    booth = booth_of(found)
    require(current_actor(), booth.permission, booth.vote.facts, utc_now())
    with transaction(durable=True) as session:
        withdrawn = withdraw_ballot(
            session, booth.vote.row, actor=current_actor(), clock=partial(server_now, session), acting=booth.voter
        )
    if withdrawn:
        flash(_("Your ballot is withdrawn. You can cast another one until the vote closes."), "success")
    return redirect(booth.address, 303)


@bp.get("/calls/<public_id>/vote/receipt")
@call_gate.requires()
def receipt(found: Found[Call]) -> Any:
    booth = booth_of(found)
    if booth.ballot is None:
        return redirect(booth.address, 303)
    return render_template(
        "voting/receipt.html",
        booth=booth,
        ballot=booth.ballot,
        lines=lines_of(booth.ballot.choices, booth.round, booth.entries, booth.currency),
        kind=kind_of(booth.round),
        state=_state(booth),
        waiting=is_waiting(db.session(), booth.vote.row.id, booth.ballot.leaf),
    )


@bp.get("/calls/<public_id>/vote/receipt.txt")
@call_gate.requires()
def receipt_file(found: Found[Call]) -> Any:
    """What is needed to find the ballot again; not what it says, so that the file may be shown."""
    booth = booth_of(found)
    if booth.ballot is None or booth.ballot.public_id is None:
        return redirect(booth.address, 303)
    values = {"public_id": found.row.public_id, "key": booth.round.key}
    page = url_for("rounds.ledger", _external=True, **values)
    named = [
        (_("Ballot"), booth.ballot.public_id),
        (_("Hash in the ledger"), booth.ballot.leaf),
        (_("Check it at"), page),
    ]
    lines = [
        booth.vote.facts.call.rules.title,
        booth.round.title,
        "",
        *(f"{name}: {value}" for name, value in named),
        "",
    ]
    response = Response("\n".join(lines), mimetype="text/plain")
    response.headers["Content-Disposition"] = f'attachment; filename="receipt-{found.row.public_id}.txt"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _cast_before(booth: Booth) -> Draft:
    return Draft(booth.ballot.choices if booth.ballot else Choices())


def _page(
    booth: Booth,
    draft: Draft,
    posted: MultiDict[str, str] | None = None,
    form: BallotForm | None = None,
    faults: tuple[BallotFault, ...] = (),
) -> str:
    before = _cast_before(booth)
    sheet = sheet_of(booth, draft, posted, faults)
    if request.method == "GET" and booth.vote.facts.is_open(utc_now()):
        impressions.note(booth.vote.row.id, [entry.proposal.id for entry in sheet.first], utc_now())
    return render_template(
        "voting/vote.html",
        booth=booth,
        sheet=sheet,
        form=form or BallotForm(),
        seen=booth.seen(posted or MultiDict()),
        how=how_to_vote(booth.round),
        counted=how_counted(booth.round),
        example=example_of(booth.round),
        may_propose=isinstance(
            judge(ANY_PERSON, Permission.PROPOSAL_CREATE, booth.vote.facts.call, utc_now()), Permitted
        ),
        cast_now=booth.ballot is not None and booth.ballot.choices == draft.choices.settled,
        fresh=request.method == "GET" and draft == before,
        state=_state(booth),
        code=VoterCodeForm(formdata=None),
    )


def _state(booth: Booth) -> str:
    return state_of(booth.vote.facts, utc_now(), counted=booth.vote.row.counted_at is not None)


def _faulty(booth: Booth, draft: Draft, faults: tuple[BallotFault, ...]) -> Any:
    """Everything as it was typed, with what is wrong beside it."""
    form = BallotForm()
    form.form_errors = [*form.form_errors, *told_faults(faults, booth)]
    return _page(booth, draft, request.form, form, faults), InvalidInput.status


def _refused(booth: Booth, draft: Draft, error: InvalidInput) -> Any:
    form = BallotForm()
    fill_errors(form, error)
    return _page(booth, draft, request.form, form), error.status


def _sign_in_first(booth: Booth) -> Response:
    token = keep_writing(booth.address)
    flash(_("Your choices are kept. Sign in or create an account, and they will be here."), "info")
    way = "accounts.sign_up" if request.form.get("then") == "sign-up" else "accounts.sign_in"
    return redirect(url_for(way, next=f"{booth.address}&kept={token}"), 303)


def _forget(address: str) -> None:
    kept = kept_writing(address)
    if kept:
        forget_kept(kept)
