"""Acts upon many proposals at once. Each notes what it changed, so that exactly that can be undone."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.gates import facts_of_call
from crowd.calls.models import Call
from crowd.core.actor import Actor
from crowd.core.errors import DomainError
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.desk.models import BulkAct, Colleague, Label, Labelled
from crowd.desk.queries import list_staff, staked_among
from crowd.proposals.actions import screen_many, undo_many
from crowd.proposals.commands import ManyScreened, ScreeningDecision
from crowd.proposals.models import Proposal
from crowd.store.events import record
from crowd.web.access import require


def label(session: Session, call: Call, mark: Label, ids: Sequence[int], *, actor: Actor, now: datetime) -> BulkAct:
    """Put a label on those of the proposals that lack it."""
    there = select(Labelled.proposal_id).where(Labelled.label_id == mark.id, Labelled.proposal_id.in_(ids))
    fresh = sorted(set(_open_to(session, call, ids, actor, now)) - set(session.scalars(there)))
    session.add_all(Labelled(label_id=mark.id, proposal_id=id_, by_id=actor.account_id, at=now) for id_ in fresh)
    return _noted(session, call, "label", {"label": mark.id, "proposals": fresh}, actor, now)


def lift_label(
    session: Session, call: Call, mark: Label, ids: Sequence[int], *, actor: Actor, now: datetime
) -> BulkAct:
    """Take a label away where it is."""
    where = (Labelled.label_id == mark.id, Labelled.proposal_id.in_(_open_to(session, call, ids, actor, now)))
    gone = sorted(session.scalars(delete(Labelled).where(*where).returning(Labelled.proposal_id)))
    return _noted(session, call, "lift_label", {"label": mark.id, "proposals": gone}, actor, now)


def assign(
    session: Session, call: Call, colleague: Account, ids: Sequence[int], *, actor: Actor, now: datetime
) -> BulkAct:
    """Let a colleague look after the proposals; told once, whatever their number. Where the colleague has a stake they are left out.

    Raises DomainError("not_of_staff").
    """
    if colleague.id not in {account.id for account in list_staff(session, call.organization_id)}:
        raise DomainError("not_of_staff")
    there = select(Colleague.proposal_id).where(Colleague.account_id == colleague.id, Colleague.proposal_id.in_(ids))
    theirs = staked_among(session, ids, colleague.id)
    fresh = sorted(set(_open_to(session, call, ids, actor, now)) - theirs - set(session.scalars(there)))
    session.add_all(
        Colleague(account_id=colleague.id, proposal_id=id_, by_id=actor.account_id, at=now) for id_ in fresh
    )
    if fresh:
        record(
            session,
            EventKind.COLLEAGUE_ASSIGNED,
            now=now,
            actor_id=actor.account_id,
            organization_id=call.organization_id,
            call_id=call.id,
            subject_id=colleague.id,
            count=len(fresh),
        )
    return _noted(session, call, "assign", {"account": colleague.id, "proposals": fresh}, actor, now)


def relieve(
    session: Session, call: Call, colleague: Account, ids: Sequence[int], *, actor: Actor, now: datetime
) -> BulkAct:
    """The colleague no longer looks after the proposals."""
    open_ids = _open_to(session, call, ids, actor, now)
    where = (Colleague.account_id == colleague.id, Colleague.proposal_id.in_(open_ids))
    gone = sorted(session.scalars(delete(Colleague).where(*where).returning(Colleague.proposal_id)))
    return _noted(session, call, "relieve", {"account": colleague.id, "proposals": gone}, actor, now)


def screen(
    session: Session,
    call: Call,
    proposals: Sequence[Proposal],
    decision: ScreeningDecision,
    *,
    opened: Mapping[int, int],
    actor: Actor,
    now: datetime,
) -> tuple[BulkAct, ManyScreened]:
    """Screen the locked proposals alike."""
    screened = screen_many(session, proposals, decision, opened=opened, actor=actor, now=now)
    return _noted(session, call, "screen", {"proposals": list(screened.done)}, actor, now), screened


def undo(
    session: Session, call: Call, act: BulkAct, proposals: Sequence[Proposal], *, actor: Actor, now: datetime
) -> int:
    """Take a bulk act back, once; `proposals`: those it changed, locked where it screened. Returns how many were put back.

    Raises DomainError("undone_already") and, for somebody else's act, DomainError("not_your_act").
    """
    if act.undone_at is not None:
        raise DomainError("undone_already")
    if act.by_id != actor.account_id:
        raise DomainError("not_your_act")
    ids = _open_to(session, call, [proposal.id for proposal in proposals], actor, now)
    data: Any = act.data
    act.undone_at = now
    match act.kind:
        case "label":
            session.execute(delete(Labelled).where(Labelled.label_id == data["label"], Labelled.proposal_id.in_(ids)))
        case "assign":
            session.execute(
                delete(Colleague).where(Colleague.account_id == data["account"], Colleague.proposal_id.in_(ids))
            )
        case "lift_label":
            label(session, call, session.get_one(Label, data["label"]), ids, actor=actor, now=now)
        case "relieve":
            assign(session, call, session.get_one(Account, data["account"]), ids, actor=actor, now=now)
        case _:
            return len(undo_many(session, proposals, actor=actor, now=now).done)
    return len(ids)


def _open_to(session: Session, call: Call, ids: Sequence[int], actor: Actor, now: datetime) -> list[int]:
    """Those of the call's handed-in proposals in which the person has no stake."""
    require(actor, Permission.DESK_VIEW, facts_of_call(session, call.id), now)
    there = session.scalars(
        select(Proposal.id).where(Proposal.id.in_(ids), Proposal.call_id == call.id, Proposal.submitted_at.is_not(None))
    ).all()
    staked = staked_among(session, there, actor.account_id)
    return [id_ for id_ in there if id_ not in staked]


def _noted(session: Session, call: Call, kind: str, data: dict[str, Any], actor: Actor, now: datetime) -> BulkAct:
    act = BulkAct(call_id=call.id, by_id=actor.account_id, kind=kind, at=now, data=data)
    session.add(act)
    session.flush()
    return act
