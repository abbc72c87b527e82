"""The ballot: choose, look over, cast, keep the receipt; change or withdraw it until the vote closes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy import or_
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.wrappers import Response

from crowd.calls.gates import call_gate
from crowd.calls.models import Call
from crowd.core.errors import InvalidInput
from crowd.core.permissions import Permission
from crowd.core.shuffle import Shuffle, seed_for, shuffled
from crowd.core.tally.choices import Choices
from crowd.proposals.queries import leaves_tombstone, version_read, visible_to
from crowd.rounds.actions import ensure_opened
from crowd.rounds.models import CallRound
from crowd.rounds.queries import Entry, entries_of
from crowd.store.db import db, transaction, utc_now
from crowd.voting.actions import cast_ballot, checked, ensure_counted, withdraw_ballot
from crowd.voting.commands import Acting
from crowd.voting.forms import BallotForm, hidden_fields, read_choices, read_versions, seen_field
from crowd.voting.gates import find_vote
from crowd.voting.queries import MyBallot, changed_since_read, my_ballot, versions_to_read
from crowd.voting.views.blueprint import bp
from crowd.voting.views.words import choices_words, how_to_vote, state_of, tray_words
from crowd.web.access import Found, current_actor, require
from crowd.web.forms import fill_errors
from crowd.web.kept import forget_kept, keep_writing, kept_writing
from crowd.web.text import _
from crowd.web.viewer import reader_seed

NOTHING: ImmutableMultiDict[str, str] = ImmutableMultiDict()


def _difference(key: str, read: int, newest: int) -> str:
    versions: dict[str, Any] = {"from": read, "to": newest}
    return url_for("proposals.history", public_id=key, **versions)


@dataclass(frozen=True)
class Booth:
    """A vote as this person finds it."""

    call: Found[Call]
    vote: Found[CallRound]
    ballot: MyBallot | None
    entries: list[Entry]
    newest: Mapping[str, int]
    changed: Mapping[str, tuple[int, int]]

    @property
    def changed_texts(self) -> list[tuple[str, str]]:
        """What is marked on the ballot and was changed by its authors since: title, and where the words are compared."""
        named = [entry for entry in self.entries if entry.key in self.changed and not entry.hidden]
        return [(entry.title, _difference(entry.key, *self.changed[entry.key])) for entry in named]

    @property
    def address(self) -> str:
        return url_for("voting.vote", **self.values)

    @property
    def values(self) -> dict[str, Any]:
        return {"public_id": self.call.row.public_id, "round": self.vote.row.key}

    def seen(self, fields: MultiDict[str, str]) -> list[tuple[str, str]]:
        """Which version of each candidate is read here, as fields: what came with `fields` was read before."""
        said = read_versions(fields)
        return [seen_field(key, version_read(said.get(key, 0), newest)) for key, newest in self.newest.items()]

    def chosen(self, choices: Choices) -> list[Entry]:
        """The candidates that a ballot names, those with most points first."""
        named = [entry for entry in self.entries if choices.of(entry.key)]
        return sorted(named, key=lambda entry: -choices.of(entry.key))


def booth_of(call: Found[Call]) -> Booth:
    """Opens or counts the round first if its moment has come; 404 where the call has no such vote."""
    session, now, actor = db.session(), utc_now(), current_actor()
    vote = find_vote(session, call, request.args.get("round"), now)
    if vote is None:
        abort(404)
    vote = ensure_counted(ensure_opened(vote, now), now)
    entries = (
        entries_of(session, vote.row.id, or_(visible_to(actor, now), leaves_tombstone(actor, now)))
        if vote.facts.opened
        else []
    )
    shuffle = Shuffle.of(seed_for(reader_seed(), call.row.public_id))
    in_my_order = shuffled(entries, shuffle, lambda entry: int(getattr(entry.proposal, shuffle.column)))
    voter = Acting(actor.account_id)
    newest = versions_to_read(session, vote.row.id)
    ballot = my_ballot(session, vote.row.id, voter, vote.facts.round)
    changed = changed_since_read(session, vote.row.id, voter, newest) if ballot else {}
    return Booth(call, vote, ballot, in_my_order, newest, changed)


@bp.get("/calls/<public_id>/vote")
@call_gate.requires()
def vote(found: Found[Call]) -> str:
    booth = booth_of(found)
    kept = kept_writing(booth.address, request.args.get("kept"))
    if kept:
        fields = MultiDict([(str(pair[0]), str(pair[1])) for pair in kept.fields])
        return _page(booth, read_choices(fields, booth.vote.facts.round), fields)
    return _page(booth, booth.ballot.choices if booth.ballot else Choices())


@bp.post("/calls/<public_id>/vote")
@call_gate.requires()
def change(found: Found[Call]) -> str:
    """Back from looking over, with everything as it was ticked."""
    booth = booth_of(found)
    return _page(booth, read_choices(request.form, booth.vote.facts.round), request.form)


@bp.post("/calls/<public_id>/vote/review")
@call_gate.requires()
def review(found: Found[Call]) -> Any:
    """Look the ballot over before it is cast. What a visitor ticked is kept through signing in."""
    booth = booth_of(found)
    if current_actor().account_id is None:
        return _sign_in_first(booth)
    require(current_actor(), Permission.ROUND_VOTE, booth.vote.facts, utc_now())
    choices = read_choices(request.form, booth.vote.facts.round)
    try:
        checked(choices, {entry.key for entry in booth.entries}, booth.vote.facts.round)
    except InvalidInput as error:
        return _refused(booth, choices, error)
    return render_template(
        "voting/review.html",
        booth=booth,
        chosen=booth.chosen(choices),
        choices=choices,
        words=choices_words(choices, booth.vote.facts.round),
        fields=[*hidden_fields(choices, booth.vote.facts.round), *booth.seen(request.form)],
    )


@bp.post("/calls/<public_id>/vote/cast")
@call_gate.requires()
def cast(found: Found[Call]) -> Any:
    booth = booth_of(found)
    require(current_actor(), Permission.ROUND_VOTE, booth.vote.facts, utc_now())
    choices = read_choices(request.form, booth.vote.facts.round)
    try:
        with transaction() as session:
            read = read_versions(request.form)
            cast_ballot(session, booth.vote.row, choices, actor=current_actor(), clock=utc_now, read=read)
    except InvalidInput as error:
        return _refused(booth_of(call_gate.load(found.row.public_id)), choices, error)
    _forget(booth)
    return redirect(url_for("voting.receipt", **booth.values), 303)


@bp.post("/calls/<public_id>/vote/withdraw")
@call_gate.requires()
def withdraw(found: Found[Call]) -> Response:
    booth = booth_of(found)
    require(current_actor(), Permission.ROUND_VOTE, booth.vote.facts, utc_now())
    with transaction() as session:
        withdrawn = withdraw_ballot(session, booth.vote.row, actor=current_actor(), clock=utc_now)
    if withdrawn:
        flash(_("Your ballot is withdrawn. You can cast another one until the vote closes."), "success")
    return redirect(booth.address, 303)


@bp.get("/calls/<public_id>/vote/receipt")
@call_gate.requires(Permission.SIGNED_IN)
def receipt(found: Found[Call]) -> Any:
    booth = booth_of(found)
    if booth.ballot is None:
        return redirect(booth.address, 303)
    return render_template(
        "voting/receipt.html",
        booth=booth,
        ballot=booth.ballot,
        chosen=booth.chosen(booth.ballot.choices),
        state=_state(booth),
    )


def _page(booth: Booth, choices: Choices, posted: MultiDict[str, str] = NOTHING, form: BallotForm | None = None) -> str:
    round_ = booth.vote.facts.round
    cast_now = booth.ballot is not None and booth.ballot.choices == choices
    return render_template(
        "voting/vote.html",
        booth=booth,
        choices=choices,
        form=form or BallotForm(),
        seen=booth.seen(posted),
        how=how_to_vote(round_),
        words=choices_words(choices, round_),
        cast_now=cast_now,
        fresh=request.method == "GET" and choices == (booth.ballot.choices if booth.ballot else Choices()),
        tray_words=tray_words(round_),
        state=_state(booth),
    )


def _state(booth: Booth) -> str:
    return state_of(booth.vote.facts, utc_now(), counted=booth.vote.row.counted_at is not None)


def _refused(booth: Booth, choices: Choices, error: InvalidInput) -> Any:
    form = BallotForm()
    fill_errors(form, error)
    return _page(booth, choices, request.form, form), error.status


def _sign_in_first(booth: Booth) -> Response:
    token = keep_writing(booth.address)
    flash(_("Your choices are kept. Sign in or create an account, and they will be here."), "info")
    way = "accounts.sign_up" if request.form.get("then") == "sign-up" else "accounts.sign_in"
    return redirect(url_for(way, next=f"{booth.address}&kept={token}"), 303)


def _forget(booth: Booth) -> None:
    kept = kept_writing(booth.address)
    if kept:
        forget_kept(kept)
