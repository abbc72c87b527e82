"""Writing what became of a proposal. Nothing is lost: what was said before is kept beside."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from crowd.core.actor import MANAGERS, Actor
from crowd.core.errors import InvalidInput, NotAllowed, StaleVersion
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.core.subjects import ProposalFacts
from crowd.followups.commands import SetMilestone, WriteUpdate
from crowd.followups.models import Milestone, Trace, Update
from crowd.proposals.gates import facts_of_proposal
from crowd.proposals.models import Proposal
from crowd.store.events import record_in
from crowd.web.access import require


def add_milestone(
    session: Session, proposal: Proposal, command: SetMilestone, *, actor: Actor, now: datetime
) -> Milestone:
    """`proposal` is locked."""
    facts = _judged(session, proposal, Permission.MILESTONE_SET, actor, now)
    milestone = Milestone(
        proposal_id=proposal.id,
        title=command.title,
        due_on=command.due_on,
        done_on=command.done_on,
        note=command.note,
        added_at=now,
        added_by_id=actor.account_id,
    )
    session.add(milestone)
    session.flush()
    _record(session, EventKind.MILESTONE_SET, facts, milestone.id, actor=actor, now=now, target="added")
    if command.done_on is not None:
        _record(session, EventKind.MILESTONE_REACHED, facts, milestone.id, actor=actor, now=now)
    return milestone


def edit_milestone(
    session: Session, milestone: Milestone, command: SetMilestone, *, actor: Actor, now: datetime
) -> None:
    """`milestone` is locked. StaleVersion where somebody else saved meanwhile."""
    proposal = session.get_one(Proposal, milestone.proposal_id)
    facts = _judged(session, proposal, Permission.MILESTONE_SET, actor, now)
    _check(milestone, command.version)
    reached = milestone.done_on is None and command.done_on is not None
    if (milestone.title, milestone.due_on, milestone.done_on, milestone.note) == (
        command.title,
        command.due_on,
        command.done_on,
        command.note,
    ):
        return
    _keep(session, milestone, removed=False, actor=actor, now=now)
    milestone.title, milestone.note = command.title, command.note
    milestone.due_on, milestone.done_on, milestone.edited_at = command.due_on, command.done_on, now
    _record(session, EventKind.MILESTONE_SET, facts, milestone.id, actor=actor, now=now, target="edited")
    if reached:
        _record(session, EventKind.MILESTONE_REACHED, facts, milestone.id, actor=actor, now=now)


def remove_milestone(session: Session, milestone: Milestone, *, actor: Actor, now: datetime) -> None:
    """That there was one, and that it was removed, stays to be read."""
    proposal = session.get_one(Proposal, milestone.proposal_id)
    facts = _judged(session, proposal, Permission.MILESTONE_SET, actor, now)
    _check(milestone, milestone.version)
    _keep(session, milestone, removed=True, actor=actor, now=now)
    milestone.removed_at = now
    _record(session, EventKind.MILESTONE_SET, facts, milestone.id, actor=actor, now=now, target="removed")


def post_update(session: Session, proposal: Proposal, command: WriteUpdate, *, actor: Actor, now: datetime) -> Update:
    """`proposal` is locked. Whoever is in the team writes for the team, else for the organization."""
    facts = _judged(session, proposal, Permission.UPDATE_POST, actor, now)
    _written(command)
    update = Update(
        proposal_id=proposal.id,
        author_id=actor.account_id,
        by_team=actor.account_id in facts.team_ids,
        text=command.text.strip(),
        at=now,
    )
    session.add(update)
    session.flush()
    _record(session, EventKind.UPDATE_POSTED, facts, update.id, actor=actor, now=now)
    return update


def edit_update(session: Session, update: Update, command: WriteUpdate, *, actor: Actor, now: datetime) -> None:
    """Its author edits an update. `update` is locked."""
    proposal = session.get_one(Proposal, update.proposal_id)
    facts = _judged(session, proposal, Permission.UPDATE_POST, actor, now)
    if not may_edit(update, actor):
        raise NotAllowed("update_author")
    _check(update, command.version)
    _written(command)
    if update.text == command.text.strip():
        return
    _keep(session, update, removed=False, actor=actor, now=now)
    update.text, update.edited_at = command.text.strip(), now
    _record(session, EventKind.UPDATE_EDITED, facts, update.id, actor=actor, now=now)


def remove_update(session: Session, update: Update, *, actor: Actor, now: datetime) -> None:
    """That there was one, and that it was removed, stays to be read; its words stay with team and organization."""
    proposal = session.get_one(Proposal, update.proposal_id)
    facts = _judged(session, proposal, Permission.UPDATE_POST, actor, now)
    if not may_remove(update, actor, facts):
        raise NotAllowed("update_author")
    _check(update, update.version)
    _keep(session, update, removed=True, actor=actor, now=now)
    update.removed_at = now
    _record(session, EventKind.UPDATE_REMOVED, facts, update.id, actor=actor, now=now)


def may_edit(update: Update, actor: Actor) -> bool:
    return actor.account_id is not None and actor.account_id == update.author_id and update.removed_at is None


def may_remove(update: Update, actor: Actor, facts: ProposalFacts) -> bool:
    """Its author, the lead what the team wrote, managers any."""
    manages = actor.roles.get(facts.call.organization.id) in MANAGERS
    leads = update.by_team and actor.account_id is not None and actor.account_id == facts.lead_id
    return update.removed_at is None and (may_edit(update, actor) or leads or manages)


def _judged(session: Session, proposal: Proposal, permission: Permission, actor: Actor, now: datetime) -> ProposalFacts:
    facts = facts_of_proposal(session, proposal)
    require(actor, permission, facts, now)
    return facts


def _written(command: WriteUpdate) -> None:
    if not command.text.strip():
        raise InvalidInput("update_empty", "text")


def _check(thing: Milestone | Update, version: int) -> None:
    if thing.removed_at is not None:
        raise InvalidInput("followup_removed")
    if thing.version != version:
        raise StaleVersion(version, thing.version)


def _keep(session: Session, thing: Milestone | Update, *, removed: bool, actor: Actor, now: datetime) -> None:
    """Keep what it says, and count the change."""
    trace = Trace(before=_said(thing), removed=removed, at=now, by_id=actor.account_id)
    if isinstance(thing, Milestone):
        trace.milestone_id = thing.id
    else:
        trace.update_id = thing.id
    session.add(trace)
    thing.version += 1


def _said(thing: Milestone | Update) -> dict[str, Any]:
    if isinstance(thing, Update):
        return {"text": thing.text}
    return {
        "title": thing.title,
        "due_on": thing.due_on.isoformat() if thing.due_on else None,
        "done_on": thing.done_on.isoformat() if thing.done_on else None,
        "note": thing.note,
    }


def _record(
    session: Session,
    kind: EventKind,
    facts: ProposalFacts,
    subject_id: int,
    *,
    actor: Actor,
    now: datetime,
    target: str | None = None,
) -> None:
    record_in(
        session, kind, facts.call, actor=actor, now=now, proposal_id=facts.id, subject_id=subject_id, target=target
    )
