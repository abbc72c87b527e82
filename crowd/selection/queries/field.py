"""The field of a later round: who goes on by the rules, and what the numbers say of those left out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.core.actor import Actor
from crowd.core.rules import FieldKind, Round, RoundKind
from crowd.core.selection import FieldChoice, choose_field
from crowd.core.status import IN_THE_RUNNING
from crowd.core.subjects import CallFacts, RoundFacts
from crowd.proposals.gates import facts_of_proposals
from crowd.proposals.models import Proposal
from crowd.rounds.gates import round_facts
from crowd.rounds.models import CallRound
from crowd.selection.queries.numbers import RoundNumbers, round_numbers


@dataclass(frozen=True)
class RoundField:
    """A proposed candidate list. `waiting_for`: earlier rounds it depends on that are not over or not counted yet."""

    call: CallFacts
    row: CallRound
    round: Round
    choice: FieldChoice
    proposals: Mapping[str, Proposal]
    sources: tuple[RoundNumbers, ...]
    waiting_for: tuple[RoundNumbers, ...]
    staked: frozenset[str]  # where the person who looks has a stake


def sources_of(round_: Round) -> tuple[str, ...]:
    """Keys of the rounds that a field is taken from."""
    keys = [round_.field.source] if round_.field.kind is FieldKind.BEST else [g.round for g in round_.field.gates]
    return tuple(dict.fromkeys(key for key in keys if key))


def field_of(session: Session, call: CallFacts, row: CallRound, actor: Actor, now: datetime) -> RoundField:
    """The list that the rules propose for a round, from what is known now."""
    round_ = call.rules.round(row.key)
    proposals = {
        proposal.public_id: proposal
        for proposal in session.scalars(
            select(Proposal)
            .where(Proposal.call_id == call.id, Proposal.status.in_(IN_THE_RUNNING))
            .order_by(Proposal.number)
        )
    }
    numbers = {found.round.key: found for found in round_numbers(session, call)}
    sources = tuple(numbers[key] for key in sources_of(round_) if key in numbers)
    choice = choose_field(round_.field, list(proposals), {key: found.result for key, found in numbers.items()})
    facts = facts_of_proposals(session, proposals.values(), call)
    staked = {key for key, row_ in proposals.items() if actor.account_id in facts[row_.id].stake_ids()}
    waiting = tuple(source for source in sources if not _is_known(source, round_facts(source.row, call), now))
    return RoundField(call, row, round_, choice, proposals, sources, waiting, frozenset(staked))


def _is_known(source: RoundNumbers, facts: RoundFacts, now: datetime) -> bool:
    counted = source.round.kind is RoundKind.REVIEW or source.tally is not None
    return facts.is_over(now) and counted
