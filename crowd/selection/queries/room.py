"""The decision room: every proposal in the running with its numbers, its stakes and its verdict, in a fixed number of queries."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.core.actor import MANAGERS, Actor
from crowd.core.selection import Decision, Fate, Placement, Readiness, readiness
from crowd.core.status import Outcome, ProposalStatus
from crowd.core.subjects import CallFacts, ProposalFacts
from crowd.organizations.models import Membership
from crowd.proposals.gates import facts_of_proposals
from crowd.proposals.models import Proposal
from crowd.selection.models import Verdict
from crowd.selection.queries.numbers import Numbers, ranking_of

UNSCREENED = (ProposalStatus.SUBMITTED, ProposalStatus.CORRECTION)


@dataclass(frozen=True)
class Row:
    """One proposal in the room. `fate`: where it stands to the line, if there is one."""

    proposal: Proposal
    placement: Placement
    facts: ProposalFacts
    verdict: Verdict | None
    fate: Fate | None
    managers_with_stake: int
    quotas: tuple[str, ...] = ()  # for which it was passed over
    in_reserve: bool = False  # by the numbers

    @property
    def told(self) -> bool:
        """Left out after an earlier round, with its reason told then."""
        return self.proposal.status is ProposalStatus.NOT_ADVANCED

    @property
    def outcome(self) -> Outcome | None:
        return self.verdict.outcome if self.verdict else None

    @property
    def settled(self) -> bool:
        return self.told if self.verdict is None else bool(self.verdict.reason.strip())

    @property
    def undecided_by_numbers(self) -> bool:
        """The numbers propose nothing: a tie at the line, or a part is missing."""
        return self.fate in {Fate.TIED, Fate.WAITS} or (self.placement.rank is None and not self.placement.failed)


@dataclass(frozen=True)
class Room:
    numbers: Numbers
    rows: tuple[Row, ...]
    unscreened: tuple[Proposal, ...]

    def row(self, public_id: str) -> Row | None:
        return next((row for row in self.rows if row.proposal.public_id == public_id), None)

    def staked(self, actor: Actor) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if actor.account_id in row.facts.stake_ids())

    def readiness(self, actor: Actor) -> Readiness:
        """May this person publish what is decided?"""
        decisions = [_decision(row, actor) for row in self.rows]
        decisions += [Decision(proposal.public_id, unscreened=True) for proposal in self.unscreened]
        numbers = self.numbers
        return readiness(decisions, numbers.ranking, numbers.cut, numbers.rules, numbers.costs, numbers.tags)

    @property
    def fingerprint(self) -> str:
        """Changes with every verdict: what is published must be what was previewed."""
        parts = [f"{row.proposal.id}:{row.verdict.id}:{row.verdict.version}" for row in self.rows if row.verdict]
        return hashlib.sha256("\n".join(sorted(parts)).encode()).hexdigest()[:20]


def _decision(row: Row, actor: Actor) -> Decision:
    verdict = row.verdict
    confirmed = verdict is not None and verdict.confirmed_by_id not in {None, actor.account_id}
    return Decision(
        row.proposal.public_id,
        row.outcome,
        has_reason=row.settled,
        told=row.told,
        staked=actor.account_id in row.facts.stake_ids(),
        confirmed=confirmed,
    )


def room_of(session: Session, call: CallFacts) -> Room:
    """The room in the order of the ranking."""
    numbers = ranking_of(session, call)
    facts = facts_of_proposals(session, numbers.proposals.values(), call)
    verdicts = verdicts_of(session, call.id)
    managers = managers_of(session, call.organization.id)
    steps, reserve = numbers.cut.of, frozenset(numbers.cut.reserve)
    rows = tuple(
        Row(
            proposal := numbers.proposals[placement.candidate],
            placement,
            facts[proposal.id],
            verdicts.get(proposal.id),
            step.fate if (step := steps.get(placement.candidate)) else None,
            len(managers & facts[proposal.id].stake_ids()),
            step.quotas if step else (),
            placement.candidate in reserve,
        )
        for placement in numbers.ranking.placements
    )
    return Room(numbers, rows, tuple(_unscreened(session, call.id)))


def verdicts_of(session: Session, call_id: int) -> Mapping[int, Verdict]:
    rows = session.scalars(
        select(Verdict)
        .join(Proposal, Proposal.id == Verdict.proposal_id)
        .where(Proposal.call_id == call_id)
        .execution_options(populate_existing=True)
    )
    return {row.proposal_id: row for row in rows}


def managers_of(session: Session, organization_id: int) -> frozenset[int]:
    """Accounts of those who may decide for the organization."""
    return frozenset(
        session.scalars(
            select(Membership.account_id).where(
                Membership.organization_id == organization_id, Membership.role.in_(MANAGERS)
            )
        )
    )


def _unscreened(session: Session, call_id: int) -> list[Proposal]:
    return list(
        session.scalars(
            select(Proposal)
            .where(Proposal.call_id == call_id, Proposal.status.in_(UNSCREENED))
            .order_by(Proposal.number)
        )
    )
