"""First ballots of several voters in one commit, which is what most ballots of a busy vote are.

All that can be done before is: each is written out and hashed by whoever brings it. Under the lock every voter is judged for themselves, by
the one clock that is read after it. Whatever is not a first ballot in order goes alone, by `cast_paper`, and hears there what is wrong.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from crowd.accounts.queries import holding_accounts
from crowd.core.actor import Actor
from crowd.core.bundle import group_of, leaf_line
from crowd.core.ledger import leaf_hash
from crowd.core.permissions import Permission, judge
from crowd.core.rules import Electorate, Round
from crowd.core.subjects import RoundFacts
from crowd.store.db import end_reading, server_now, transaction, utc_now
from crowd.store.gathering import Gathering
from crowd.store.prepared import CLOCK, connection_of
from crowd.store.types import new_public_ids
from crowd.voting.actions.casting import CAST, NOBODY_ELSE, cast_paper, hour_of, is_members, who_votes
from crowd.voting.actions.entering import Box, Entry, enter_all
from crowd.voting.actions.papers import Paper
from crowd.voting.commands import Acting
from crowd.voting.gates import Poll, ballot_permission, hold_poll_and, of_voter
from crowd.web.access import Found


@dataclass(frozen=True)
class Envelope:
    """A ballot ready to be put in, for a round of these rules."""

    paper: Paper
    round: Round
    actor: Actor
    voting: Acting
    member: bool | None
    entry: Entry


def cast_with_others(
    session: Session, vote: Found[Poll], paper: Paper, *, actor: Actor, acting: Acting = NOBODY_ELSE
) -> Paper:
    """As `cast_paper` in a transaction of its own, which it may share with others who cast now. Raises the same."""
    if put_in_with_others(session, vote, paper, actor=actor, acting=acting):
        return paper
    return cast_alone(session, vote, paper, actor=actor, acting=acting)


def cast_alone(
    _session: Session, _vote: Found[Poll], paper: Paper, *, actor: Actor, acting: Acting = NOBODY_ELSE
) -> Paper:
    with transaction(durable=True) as writing:
        return cast_paper(writing, paper, actor=actor, clock=lambda: server_now(writing), acting=acting)


def put_in_with_others(session: Session, vote: Found[Poll], paper: Paper, *, actor: Actor, acting: Acting) -> bool:
    """Whether it is cast: a person's first ballot, in order, by rules and a list that hold under the lock. Else nothing was done."""
    if paper.fault is not None:
        return False
    end_reading(session)
    return bool(_together((session.get_bind(), paper.round_id), _closed(vote.facts, paper, *who_votes(actor, acting))))


def _closed(facts: RoundFacts, paper: Paper, actor: Actor, voting: Acting) -> Envelope:
    member, (key,) = is_members(facts, actor), new_public_ids(1)
    data = leaf_line(
        key, CAST, 1, secrets.token_hex(16), paper.data, None if member is None else group_of(member=member)
    )
    who = voting.account_id if voting.code_id is None else voting.code_id
    entry = Entry(who or 0, key, voting.network, paper.text, paper.seen, member, leaf_hash(data).hex(), data.decode())
    judge(actor, ballot_permission(facts.round), facts, utc_now())  # what it asks of the actor is then known
    return Envelope(paper, facts.round, actor.as_known(), voting, member, entry)


def _put_in(take: Callable[[], Sequence[Envelope]]) -> list[bool]:
    """Which of them are in the ballot box now."""
    with transaction(durable=True, for_many=True) as session:
        envelopes = take()
        held, now, here = _hold(session, envelopes)
        round_ = held.facts.round
        box = Box(held.row.id, round_.electorate is Electorate.CODES, now, hour_of(round_, now))
        known = [one for one in envelopes if one.actor.account_id is None or one.actor.account_id in here]
        fit = [envelope.entry for envelope in known if _fits(session, held, envelope, now)]
        entered = enter_all(session, box, fit)
    return [envelope.entry.key in entered for envelope in envelopes]


def _hold(session: Session, envelopes: Sequence[Envelope]) -> tuple[Found[Poll], datetime, set[int]]:
    """The vote, what the clock says once it is held, and whose accounts still stand; all stays so until the commit."""
    ids = {one.actor.account_id for one in envelopes if one.actor.account_id is not None}
    connection = connection_of(session)
    asked = [CLOCK] if connection.dialect.name == "postgresql" else []
    whose = holding_accounts(connection, ids)
    held, answers = hold_poll_and(session, envelopes[0].paper.round_id, *asked, whose)
    now = answers[0][0].now if asked else utc_now()
    return held, now, {row.id for row in answers[-1]}


def _fits(session: Session, held: Found[Poll], envelope: Envelope, now: datetime) -> bool:
    """Whether it is judged now as when it was closed, and its voter may vote."""
    voting, round_ = envelope.voting, held.facts.round
    by_code = round_.electorate is Electorate.CODES
    if held.row.closed or held.row.list_state != envelope.paper.list_state or round_ != envelope.round:
        return False
    if not envelope.entry.who or by_code is (voting.code_id is None):
        return False
    facts = of_voter(session, held.facts, voting)
    seen = judge(envelope.actor, Permission.CALL_VIEW, facts.call, now)
    may = judge(envelope.actor, ballot_permission(round_), facts, now)
    return bool(seen) and bool(may) and is_members(facts, envelope.actor) is envelope.member


_together = Gathering(_put_in)
