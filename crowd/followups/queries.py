"""What became of proposals, as one person may see it: of one proposal, of a call, of a manager's calls."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Select, func, literal, null, select
from sqlalchemy.orm import Session, contains_eager, defer, joinedload

from crowd.calls.models import Call
from crowd.core.actor import MANAGERS, Actor
from crowd.core.status import ModerationState, ProposalStatus
from crowd.followups.models import Milestone, Trace, Update
from crowd.proposals.models import Proposal
from crowd.proposals.queries import visible_to

MOST = 100


@dataclass(frozen=True)
class Story:
    """What became of one proposal. `earlier`: what was said before, by kind and id, the oldest first."""

    milestones: Sequence[Milestone] = ()
    updates: Sequence[Update] = ()
    earlier: dict[tuple[str, int], list[Trace]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.milestones or self.updates)

    def before(self, thing: Milestone | Update) -> list[Trace]:
        kind = "milestone" if isinstance(thing, Milestone) else "update"
        return self.earlier.get((kind, thing.id), [])


def story_of(session: Session, proposal_id: int) -> Story:
    """For whoever sees the proposal. What was removed is there without its words, so that the page can say so."""
    milestones = session.scalars(
        select(Milestone)
        .where(Milestone.proposal_id == proposal_id)
        .order_by(Milestone.due_on.is_(None), Milestone.due_on, Milestone.id)
    ).all()
    updates = session.scalars(
        select(Update)
        .where(Update.proposal_id == proposal_id)
        .order_by(Update.at.desc(), Update.id.desc())
        .limit(MOST)
        .options(joinedload(Update.author))
    ).all()
    return Story(milestones, updates, _traces(session, milestones, updates))


def _traces(
    session: Session, milestones: Sequence[Milestone], updates: Sequence[Update]
) -> dict[tuple[str, int], list[Trace]]:
    """Nothing is asked where nothing was ever changed."""
    ids = [row.id for row in milestones if row.version > 1], [row.id for row in updates if row.version > 1]
    if not any(ids):
        return {}
    rows = session.scalars(
        select(Trace).where(Trace.milestone_id.in_(ids[0]) | Trace.update_id.in_(ids[1])).order_by(Trace.id)
    )
    found: dict[tuple[str, int], list[Trace]] = {}
    for row in rows:
        key = ("milestone", row.milestone_id) if row.milestone_id is not None else ("update", row.update_id or 0)
        found.setdefault(key, []).append(row)
    return found


def list_updates(session: Session, call_id: int, actor: Actor, now: datetime, most: int = MOST) -> Sequence[Update]:
    """The newest updates on a call's selected proposals that this person may read."""
    return session.scalars(
        select(Update)
        .join(Update.proposal)
        .join(Proposal.call)
        .join(Call.organization)
        .where(
            Call.id == call_id,
            Update.removed_at.is_(None),
            Proposal.status == ProposalStatus.SELECTED,
            Proposal.moderation == ModerationState.VISIBLE,
            visible_to(actor, now),
        )
        .order_by(Update.at.desc(), Update.id.desc())
        .limit(most)
        .options(contains_eager(Update.proposal).defer(Proposal.body), joinedload(Update.author))
    ).all()


def list_milestones(session: Session, call_id: int, actor: Actor, now: datetime) -> Sequence[Milestone]:
    """The milestones of a call's selected proposals that this person may read, by day."""
    return session.scalars(
        select(Milestone)
        .join(Milestone.proposal)
        .join(Proposal.call)
        .join(Call.organization)
        .where(
            Call.id == call_id,
            Milestone.removed_at.is_(None),
            Proposal.status == ProposalStatus.SELECTED,
            Proposal.moderation == ModerationState.VISIBLE,
            visible_to(actor, now),
        )
        .order_by(Milestone.due_on.is_(None), Milestone.due_on, Milestone.id)
        .options(contains_eager(Milestone.proposal).defer(Proposal.body))
    ).all()


def list_selected(session: Session, call_id: int, actor: Actor, now: datetime) -> Sequence[Proposal]:
    """The selected proposals of a call that this person may read."""
    return session.scalars(
        select(Proposal)
        .join(Proposal.call)
        .join(Call.organization)
        .where(
            Call.id == call_id,
            Proposal.status == ProposalStatus.SELECTED,
            Proposal.moderation == ModerationState.VISIBLE,
            visible_to(actor, now),
        )
        .order_by(Proposal.number)
        .options(defer(Proposal.body))
    ).all()


def overdue_milestones(actor: Actor, today: date) -> Select[str, str, str, int, None]:
    """Per call that this person manages: kind, title, public id, how many, no date; rehearsals left out."""
    return (
        select(literal("milestone"), Call.title, Call.public_id, func.count(Milestone.id), null())
        .join(Proposal, Proposal.id == Milestone.proposal_id)
        .join(Call, Call.id == Proposal.call_id)
        .where(
            Call.organization_id.in_(actor.organizations(MANAGERS)),
            Call.is_rehearsal.is_(False),
            Proposal.status == ProposalStatus.SELECTED,
            Milestone.due_on < today,
            Milestone.done_on.is_(None),
            Milestone.removed_at.is_(None),
        )
        .group_by(Call.id, Call.title, Call.public_id)
    )
