"""Candidate lists: who stands in a round, in which version, and who waits outside."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, contains_eager

from crowd.calls.models import Call
from crowd.core.actor import Actor
from crowd.core.rules import CallRules, Unscreened
from crowd.core.status import IN_THE_RUNNING, LEFT, ModerationState, ProposalStatus
from crowd.proposals.models import Proposal, ProposalVersion
from crowd.proposals.queries import redactions_of
from crowd.rounds.models import CallRound, Candidate

UNSCREENED = frozenset({ProposalStatus.SUBMITTED, ProposalStatus.CORRECTION})


@dataclass(frozen=True)
class Entry:
    """A candidate as it stands on the list: its title and summary are those of the frozen version."""

    candidate: Candidate
    proposal: Proposal
    title: str
    summary: str

    @property
    def key(self) -> str:
        return self.proposal.public_id

    @property
    def struck(self) -> bool:
        return self.proposal.status in LEFT

    @property
    def hidden(self) -> bool:
        """By moderation: it stays on the list without its words, and its ballots count."""
        return self.proposal.moderation is ModerationState.HIDDEN


def candidates_of(session: Session, round_id: int) -> list[Candidate]:
    """The candidates of a round with their proposals, by number."""
    return list(
        session.scalars(
            select(Candidate)
            .join(Candidate.proposal)
            .where(Candidate.round_id == round_id)
            .options(contains_eager(Candidate.proposal))
            .order_by(Proposal.number, Proposal.id)
        )
    )


def entries_of(session: Session, round_id: int, *where: ColumnElement[bool]) -> list[Entry]:
    """The candidates of a round as they stand on the list, by number. `where`: `proposals.queries.visible_to`, for people."""
    rows = session.execute(
        select(Candidate, ProposalVersion)
        .join(Candidate.proposal)
        .join(Proposal.call)
        .join(Call.organization)
        .outerjoin(
            ProposalVersion,
            and_(
                ProposalVersion.proposal_id == Candidate.proposal_id,
                ProposalVersion.number == Candidate.version_number,
            ),
        )
        .where(Candidate.round_id == round_id, *where)
        .options(contains_eager(Candidate.proposal))
        .order_by(Proposal.number, Proposal.id)
    )
    return [_entry(candidate, version) for candidate, version in rows]


def without_names(session: Session, entries: list[Entry], call_id: int, actor: Actor) -> list[Entry]:
    """The same list for whoever may not know the authors: where a text without names was stored, its summary."""
    if call_id not in actor.blind_in:
        return entries
    covered = redactions_of(session, [entry.proposal.id for entry in entries])
    return [
        replace(entry, summary=covered[entry.proposal.id].summary) if entry.proposal.id in covered else entry
        for entry in entries
    ]


def _entry(candidate: Candidate, version: ProposalVersion | None) -> Entry:
    text = version or candidate.proposal
    if candidate.proposal.moderation is ModerationState.HIDDEN:
        return Entry(candidate, candidate.proposal, "", "")
    return Entry(candidate, candidate.proposal, text.title, text.summary)


def is_listed(session: Session, round_id: int, proposal_id: int) -> bool:
    known = select(Candidate.id).where(Candidate.round_id == round_id, Candidate.proposal_id == proposal_id)
    return session.scalar(known) is not None


def field_of_all(session: Session, call_id: int, rules: CallRules) -> Sequence[Proposal]:
    """Proposals that enter a round taking the whole field, locked: those in the running, and the unscreened if the call says so."""
    statuses = IN_THE_RUNNING | (UNSCREENED if rules.unscreened is Unscreened.ENTER else frozenset())
    return session.scalars(
        select(Proposal)
        .where(
            Proposal.call_id == call_id,
            Proposal.status.in_(statuses),
            Proposal.moderation == ModerationState.VISIBLE,
        )
        .order_by(Proposal.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def waiting_for(session: Session, row: CallRound) -> Sequence[Proposal]:
    """Proposals that stand outside an opened round: not screened in time (overdue), or found eligible after it opened."""
    listed = exists().where(Candidate.round_id == row.id, Candidate.proposal_id == Proposal.id)
    return session.scalars(
        select(Proposal)
        .where(
            Proposal.call_id == row.call_id,
            or_(Proposal.status.in_(UNSCREENED), Proposal.status.in_(IN_THE_RUNNING)),
            ~listed,
        )
        .order_by(Proposal.number)
    ).all()


def ideas_for(session: Session, row: CallRound) -> Sequence[Proposal]:
    """Proposals in the running, visible and not on the list of this open round; locked."""
    listed = exists().where(Candidate.round_id == row.id, Candidate.proposal_id == Proposal.id)
    return session.scalars(
        select(Proposal)
        .where(
            Proposal.call_id == row.call_id,
            Proposal.status.in_(IN_THE_RUNNING),
            Proposal.moderation == ModerationState.VISIBLE,
            ~listed,
        )
        .order_by(Proposal.number)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def count_candidates(session: Session, round_id: int) -> int:
    return session.scalar(select(func.count(Candidate.id)).where(Candidate.round_id == round_id)) or 0


def get_proposal(session: Session, call_id: int, public_id: str) -> Proposal | None:
    """A proposal of this call that was handed in."""
    return session.scalar(
        select(Proposal).where(
            Proposal.call_id == call_id, Proposal.public_id == public_id, Proposal.status != ProposalStatus.DRAFT
        )
    )


def frozen_versions(session: Session, round_id: int) -> dict[str, int]:
    """The version of each candidate that stands on the list."""
    rows = session.execute(
        select(Proposal.public_id, Candidate.version_number)
        .join(Proposal, Proposal.id == Candidate.proposal_id)
        .where(Candidate.round_id == round_id)
    )
    return dict(iter(rows))
