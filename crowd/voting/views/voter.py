"""Who votes in this browser: the account, or whoever typed a one-time code of the round."""

from datetime import timedelta
from typing import Any

from flask import current_app, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from crowd.accounts.gates import session_key_hash
from crowd.calls.gates import call_gate
from crowd.calls.models import Call
from crowd.core.rules import Electorate
from crowd.core.subjects import RoundFacts
from crowd.store.db import db, utc_now
from crowd.store.limits import Limit, counted, hold, network_of, release
from crowd.store.secrets import keyed_hash
from crowd.voting.actions.electorate import find_code
from crowd.voting.commands import Acting, Sender
from crowd.voting.forms import VoterCodeForm
from crowd.voting.gates import find_vote
from crowd.voting.views.blueprint import bp
from crowd.web.access import Found, current_actor
from crowd.web.text import _

SLOT = "voter_codes"
GUESSES = Limit("voter-codes", 20, timedelta(hours=1))


def acting_in(facts: RoundFacts) -> Acting:
    if facts.round.electorate is Electorate.CODES:
        return Acting(code_id=session.get(SLOT, {}).get(str(facts.id)))
    return Acting(current_actor().account_id)


def sender_here(facts: RoundFacts) -> Sender:
    """The same as the browser says it, and nothing of it looked up."""
    network = network_hash(facts.id)
    if facts.round.electorate is Electorate.CODES:
        return Sender(None, acting_in(facts).code_id, network)
    return Sender(session_key_hash(), None, network)


def network_hash(round_id: int) -> str:
    """Equal for ballots from one network in one round, and of no use for anything else."""
    secret_key = current_app.extensions["settings"].secret_key
    return keyed_hash(secret_key, "ballots", str(round_id), network_of(request.remote_addr))


@bp.post("/calls/<public_id>/vote/code")
@call_gate.requires()
def enter_code(found: Found[Call]) -> Any:
    """The code opens the ballot in this browser, until it is left."""
    vote = find_vote(db.session(), found, request.args.get("round"), utc_now())
    if vote is None or vote.facts.round.electorate is not Electorate.CODES:
        return redirect(url_for("voting.vote", public_id=found.row.public_id), 303)
    form = VoterCodeForm()
    here = url_for("voting.vote", public_id=found.row.public_id, round=vote.row.key)
    if not form.validate():
        return _again(found, vote.facts, form), 422
    secret_key = current_app.extensions["settings"].secret_key
    held = hold(counted(secret_key, GUESSES, network_of(request.remote_addr)), now=utc_now())
    code = find_code(db.session(), vote.row.id, form.code.data or "")
    if code is None:
        form.code.errors = [_("There is no such code in this vote, or it was revoked.")]
        return _again(found, vote.facts, form), 422
    release(held)
    session[SLOT] = {**session.get(SLOT, {}), str(vote.row.id): code.id}
    return redirect(here, 303)


@bp.post("/calls/<public_id>/vote/leave")
@call_gate.requires()
def leave_code(found: Found[Call]) -> Response:
    """Forget the codes in this browser: the next person at it starts anew."""
    session.pop(SLOT, None)
    flash(_("This browser has forgotten your code."), "success")
    return redirect(url_for("voting.vote", public_id=found.row.public_id, round=request.args.get("round")), 303)


def _again(found: Found[Call], facts: RoundFacts, form: VoterCodeForm) -> str:
    return render_template("voting/code.html", found=found, facts=facts, form=form)
