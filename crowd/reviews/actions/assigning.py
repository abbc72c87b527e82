"""Who reviews what: by hand, never to anybody with a stake."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from crowd.core.actor import Actor
from crowd.core.conflicts import ConflictSource
from crowd.core.errors import DomainError, InvalidInput, NotAllowed
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.core.status import LEFT, AssignmentStatus, JurorStatus
from crowd.proposals.gates import Stakes, stakes_in
from crowd.proposals.models import Proposal
from crowd.reviews.actions.answers import give_up, recuse_assignment
from crowd.reviews.actions.readers import LIVE, grant_live, note, revoke_idle
from crowd.reviews.actions.ties import state, ties_and_stakes
from crowd.reviews.commands import DescribeJuror
from crowd.reviews.gates import facts_of_round, stake_of_account
from crowd.reviews.models import Assignment, Juror
from crowd.reviews.queries import stakes_of_jury
from crowd.rounds.models import CallRound, Candidate
from crowd.store.types import new_public_id
from crowd.web.access import require

ON_THE_JURY = (JurorStatus.INVITED, JurorStatus.ACCEPTED)
Known: TypeAlias = dict[tuple[int, int], Assignment]
"""Every assignment of a round, whatever its status, by juror and proposal."""


@dataclass(frozen=True)
class Reassigned:
    """`left`: titles of the proposals that nobody else could take."""

    moved: int
    left: tuple[str, ...]


def assign(
    session: Session,
    row: CallRound,
    jurors: Iterable[Juror],
    proposals: Iterable[Proposal],
    *,
    actor: Actor,
    now: datetime,
) -> int:
    """Give each of `proposals` to each of `jurors`, all or none. Returns how many assignments are new.

    Raises InvalidInput("juror_has_stake" | "juror_recused" | "not_a_candidate" | "juror_gone") naming the pair,
    NotAllowed("no_stake") to a chair with a stake of their own. The call's row must be locked.
    """
    pairs = [(juror, proposal) for juror in jurors for proposal in proposals]
    return assign_pairs(session, row, pairs, actor=actor, now=now)


def assign_pairs(
    session: Session, row: CallRound, pairs: Sequence[tuple[Juror, Proposal]], *, actor: Actor, now: datetime
) -> int:
    """`assign` for pairs chosen one by one, as one act with one notice to each juror."""
    _judge(session, row, [proposal for _, proposal in pairs], actor, now)
    stakes = ties_and_stakes(session, row, list(pairs), now=now)
    known = _known(session, row)
    candidates = _candidates(session, row)
    for juror, proposal in pairs:
        fault = _fault(juror, proposal, stakes, known) or (None if proposal.id in candidates else "not_a_candidate")
        if fault:
            raise InvalidInput(fault, "picked", juror=juror.name, title=proposal.title)
    new = [(juror, proposal) for juror, proposal in pairs if not _is_live(known, juror, proposal)]
    counts = Counter(juror.id for juror, _ in new)
    act = _Act(session, row, known, actor.account_id, now)
    for juror, proposal in new:
        act.give(juror, proposal, counts.pop(juror.id, 0))
    return len(new)


def describe_juror(
    session: Session, row: CallRound, juror: Juror, asked: DescribeJuror, *, actor: Actor, now: datetime
) -> None:
    """What the juror knows and how much they take on; assignments that are there stay."""
    require(actor, Permission.ROUND_ASSIGN, facts_of_round(session, row), now)
    juror.skills, juror.expertise, juror.load_limit = list(asked.skills), asked.expertise, asked.load_limit


def unassign(session: Session, assignment: Assignment, *, actor: Actor, now: datetime) -> None:
    """Take open work back. A review that was handed in stays: only a conflict or the juror's own recusal removes it."""
    row = session.get_one(CallRound, assignment.round_id)
    _judge(session, row, [session.get_one(Proposal, assignment.proposal_id)], actor, now)
    if assignment.status is not AssignmentStatus.ASSIGNED:
        raise DomainError("review_handed_in")
    _Act(session, row, {}, actor.account_id, now).take_back(assignment)


def reassign_open(
    session: Session, row: CallRound, juror: Juror, target: Juror | None, *, actor: Actor, now: datetime
) -> Reassigned:
    """Move all open work of a juror to `target`, or evenly to the rest of the jury. The call's row must be locked."""
    facts = facts_of_round(session, row)
    require(actor, Permission.ROUND_ASSIGN, facts, now)
    if facts.is_over(now):
        raise DomainError("jury_round_over")
    known = _known(session, row)
    open_work = [a for a in known.values() if a.juror_id == juror.id and a.status is AssignmentStatus.ASSIGNED]
    proposals = _proposals(session, [a.proposal_id for a in open_work])
    stakes = stakes_of_jury(session, row, _others(session, row, juror), list(proposals))
    own = stake_of_account(session, stakes, list(proposals), actor.account_id)
    movable = [proposal for proposal in proposals.values() if proposal.id not in own]
    takers = _spread(movable, [target] if target else _others(session, row, juror), stakes, known)
    counts = Counter(taker.id for taker in takers.values())
    act = _Act(session, row, known, actor.account_id, now)
    for proposal_id, taker in takers.items():
        act.take_back(known[juror.id, proposal_id])
        act.give(taker, proposals[proposal_id], counts.pop(taker.id, 0))
    return Reassigned(len(takers), tuple(p.title for p in proposals.values() if p.id not in takers))


def _spread(proposals: list[Proposal], others: list[Juror], stakes: Stakes, known: Known) -> dict[int, Juror]:
    """Proposal id → who takes it: whoever may and has the least open work at that point."""
    load = Counter(a.juror_id for a in known.values() if a.status is AssignmentStatus.ASSIGNED)
    takers: dict[int, Juror] = {}
    for proposal in proposals:
        able = [other for other in others if _may_take(other, proposal, stakes, known)]
        if able:
            takers[proposal.id] = taker = min(able, key=lambda other: (load[other.id], other.id))
            load[taker.id] += 1
    return takers


def note_conflict(
    session: Session, row: CallRound, juror: Juror, proposal: Proposal, reason: str, *, actor: Actor, now: datetime
) -> None:
    """A conflict that the chair learned of: access and score go at once, even after the review; the trace stays."""
    _judge(session, row, [proposal], actor, now)
    if juror.account_id:
        give_up(session, proposal, juror.account_id, reason, actor_id=actor.account_id, now=now)
        return
    state(session, juror, proposal.id, ConflictSource.NOTED, reason, actor_id=actor.account_id, now=now)
    waiting = session.scalar(
        select(Assignment).where(Assignment.juror_id == juror.id, Assignment.proposal_id == proposal.id)
    )
    if waiting is None:
        waiting = _new(row, juror, proposal, actor_id=actor.account_id, now=now)
        session.add(waiting)
        session.flush()
    recuse_assignment(session, waiting, reason, actor_id=actor.account_id, now=now)


def _judge(session: Session, row: CallRound, proposals: list[Proposal], actor: Actor, now: datetime) -> Stakes:
    """May this actor decide who reviews these? Returns the stakes in them."""
    facts = facts_of_round(session, row)
    require(actor, Permission.ROUND_ASSIGN, facts, now)
    if facts.is_over(now):
        raise DomainError("jury_round_over")
    ids = [proposal.id for proposal in proposals]
    stakes = stakes_in(session, ids)
    if stake_of_account(session, stakes, ids, actor.account_id):
        raise NotAllowed("no_stake")
    return stakes


def _fault(juror: Juror, proposal: Proposal, stakes: Stakes, known: Known) -> str | None:
    assignment = known.get((juror.id, proposal.id))
    erased = juror.account is not None and juror.account.erased_at is not None
    if juror.status not in ON_THE_JURY or erased:
        return "juror_gone"
    if stakes.has(proposal.id, juror.account_id, juror.addresses):
        return "juror_has_stake"
    if assignment is not None and assignment.status is AssignmentStatus.RECUSED:
        return "juror_recused"
    return None


def _may_take(juror: Juror, proposal: Proposal, stakes: Stakes, known: Known) -> bool:
    return _fault(juror, proposal, stakes, known) is None and not _is_live(known, juror, proposal)


def _is_live(known: Known, juror: Juror, proposal: Proposal) -> bool:
    assignment = known.get((juror.id, proposal.id))
    return assignment is not None and assignment.status in LIVE


def _known(session: Session, row: CallRound) -> Known:
    rows = session.scalars(
        select(Assignment).where(Assignment.round_id == row.id).execution_options(populate_existing=True)
    )
    return {(assignment.juror_id, assignment.proposal_id): assignment for assignment in rows}


def _candidates(session: Session, row: CallRound) -> set[int]:
    return set(
        session.scalars(
            select(Candidate.proposal_id)
            .join(Candidate.proposal)
            .where(
                Candidate.round_id == row.id,
                Candidate.struck_at.is_(None),
                Proposal.status.not_in(LEFT),
            )
        )
    )


def _proposals(session: Session, ids: list[int]) -> dict[int, Proposal]:
    return {
        proposal.id: proposal
        for proposal in session.scalars(select(Proposal).where(Proposal.id.in_(ids)).order_by(Proposal.id))
    }


def _others(session: Session, row: CallRound, juror: Juror) -> list[Juror]:
    return list(
        session.scalars(
            select(Juror)
            .where(Juror.round_id == row.id, Juror.status.in_(ON_THE_JURY), Juror.id != juror.id)
            .options(joinedload(Juror.account))
        )
    )


def _new(row: CallRound, juror: Juror, proposal: Proposal, *, actor_id: int | None, now: datetime) -> Assignment:
    return Assignment(
        public_id=new_public_id(),
        round_id=row.id,
        juror_id=juror.id,
        proposal_id=proposal.id,
        status=AssignmentStatus.ASSIGNED,
        assigned_by_id=actor_id,
        assigned_at=now,
    )


@dataclass(frozen=True)
class _Act:
    """One act of a chair upon the assignments of a round."""

    session: Session
    row: CallRound
    known: Known
    actor_id: int | None
    now: datetime

    def give(self, juror: Juror, proposal: Proposal, count: int) -> None:
        """`count`: on the first event for a juror, how many they get; 0 on the others, so that one notice tells of all."""
        assignment = self.known.get((juror.id, proposal.id))
        if assignment is None:
            assignment = _new(self.row, juror, proposal, actor_id=self.actor_id, now=self.now)
            self.known[juror.id, proposal.id] = assignment
            self.session.add(assignment)
        assignment.status, assignment.skipped_at = AssignmentStatus.ASSIGNED, None
        assignment.assigned_by_id, assignment.assigned_at = self.actor_id, self.now
        self.session.flush()
        grant_live(self.session, juror, [proposal.id])
        self.note(EventKind.REVIEW_ASSIGNED, assignment, count=count)

    def take_back(self, assignment: Assignment) -> None:
        assignment.status = AssignmentStatus.WITHDRAWN
        juror = self.session.get_one(Juror, assignment.juror_id)
        if juror.account_id:
            revoke_idle(self.session, juror.account_id, [assignment.proposal_id])
        self.note(EventKind.REVIEW_UNASSIGNED, assignment)

    def note(self, kind: EventKind, assignment: Assignment, **more: int) -> None:
        note(
            self.session,
            kind,
            self.row,
            now=self.now,
            actor_id=self.actor_id,
            proposal_id=assignment.proposal_id,
            subject_id=assignment.id,
            juror_id=assignment.juror_id,
            **more,
        )
