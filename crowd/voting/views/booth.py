"""A vote as one person finds it: the list in their own order, their ballot, what changed since they read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, request, url_for
from sqlalchemy import or_
from werkzeug.datastructures import MultiDict

from crowd.calls.gates import call_gate
from crowd.calls.models import Call
from crowd.core.permissions import Permission
from crowd.core.rules import BUDGET_METHODS, Electorate, Round
from crowd.core.shuffle import Shuffle, seed_for, shuffled
from crowd.core.tally.moving import ends_of
from crowd.proposals.queries import leaves_tombstone, version_read, visible_to
from crowd.rounds.actions import ensure_opened
from crowd.rounds.models import CallRound
from crowd.rounds.queries import Entry, entries_of, without_names
from crowd.store.db import db, utc_now
from crowd.voting.actions import ensure_counted
from crowd.voting.commands import Acting
from crowd.voting.forms import read_versions, seen_field
from crowd.voting.gates import Poll, Polls, ballot_permission, find_vote, meant, of_voter
from crowd.voting.queries import MyBallot, changed_since_read, my_ballot, versions_to_read
from crowd.voting.views.voter import acting_in
from crowd.web.access import Found, current_actor
from crowd.web.viewer import reader_seed


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
    voter: Acting

    @property
    def round(self) -> Round:
        found: Round = self.vote.facts.round
        return found

    @property
    def wants_code(self) -> bool:
        return self.round.electorate is Electorate.CODES and not self.vote.facts.code_shown

    @property
    def wants_sign_in(self) -> bool:
        return self.round.electorate is not Electorate.CODES and self.voter.account_id is None

    @property
    def permission(self) -> Permission:
        return ballot_permission(self.round)

    @property
    def currency(self) -> str:
        return str(self.vote.facts.call.rules.currency)

    @property
    def listed(self) -> set[str]:
        return {entry.key for entry in self.entries}

    @property
    def merges(self) -> dict[str, str]:
        """Which candidates were merged into which others of the list."""
        keys = {entry.proposal.id: entry.key for entry in self.entries}
        into = {entry.proposal.id: entry.proposal.merged_into_id for entry in self.entries}
        ends = ends_of({source: target for source, target in into.items() if target is not None})
        return {keys[source]: keys[target] for source, target in ends.items() if target in keys}

    @property
    def costs(self) -> dict[str, int | None]:
        """Of the candidates, where the ballot is a basket."""
        if self.round.method not in BUDGET_METHODS:
            return {}
        return {entry.key: entry.proposal.cost for entry in self.entries}

    @property
    def changed_texts(self) -> list[tuple[str, str]]:
        """What is marked on the ballot and was changed by its authors since: title, and where the words are compared."""
        named = [entry for entry in self.entries if entry.key in self.changed and not entry.hidden]
        return [(entry.title, _difference(entry.key, *self.changed[entry.key])) for entry in named]

    @property
    def address(self) -> str:
        return address_of(self.call.row.public_id, self.vote.row.key)

    @property
    def values(self) -> dict[str, Any]:
        return {"public_id": self.call.row.public_id, "round": self.vote.row.key}

    def seen(self, fields: MultiDict[str, str]) -> list[tuple[str, str]]:
        """Which version of each candidate is read here, as fields: what came with `fields` was read before."""
        said = read_versions(fields)
        return [seen_field(key, version_read(said.get(key, 0), newest)) for key, newest in self.newest.items()]


def vote_of(call: Found[Call]) -> Found[CallRound]:
    """The vote that the address means, opened or counted first if its moment has come; 404 where the call has no such vote."""
    now = utc_now()
    vote = find_vote(db.session(), call, request.args.get("round"), now)
    if vote is None:
        abort(404)
    return ensure_counted(ensure_opened(vote, now), now)


def poll_meant(polls: Found[Polls]) -> Found[Poll]:
    """As `vote_of`, for whoever casts a ballot. What it is opened or counted by is read again under the lock."""
    now = utc_now()
    vote = meant(polls.row.votes, request.args.get("round"), now)
    if vote is None:
        abort(404)
    if not vote.facts.opened or vote.facts.is_over(now):
        vote_of(call_gate.load(polls.row.call))
    return vote


def address_of(call: str, key: str) -> str:
    return url_for("voting.vote", public_id=call, round=key)


def booth_of(call: Found[Call]) -> Booth:
    """The vote with its list and the person's ballot."""
    session, now, actor = db.session(), utc_now(), current_actor()
    vote = vote_of(call)
    voter = acting_in(vote.facts)
    vote = Found(vote.row, of_voter(session, vote.facts, voter))
    entries = (
        entries_of(session, vote.row.id, or_(visible_to(actor, now), leaves_tombstone(actor, now)))
        if vote.facts.opened
        else []
    )
    entries = without_names(session, entries, call.row.id, actor)
    shuffle = Shuffle.of(seed_for(reader_seed(), call.row.public_id))
    in_my_order = shuffled(entries, shuffle, lambda entry: int(getattr(entry.proposal, shuffle.column)))
    newest = versions_to_read(session, vote.row.id)
    ballot = my_ballot(session, vote.row.id, voter, vote.facts.round)
    changed = changed_since_read(session, vote.row.id, voter, newest) if ballot else {}
    return Booth(call, vote, ballot, in_my_order, newest, changed, voter)
