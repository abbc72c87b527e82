"""Merged proposals from both sides, each as far as a person may see the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, load_only

from crowd.calls.models import Call
from crowd.core.actor import Actor
from crowd.organizations.models import Organization
from crowd.proposals.models import Merge, Proposal
from crowd.proposals.queries.visible import visible_to

LONGEST = 20
"""Merges in a row that a pointer follows."""


@dataclass(frozen=True)
class Pointer:
    """Where a merged proposal goes on; None where this person may not see it."""

    merge: Merge
    other: Proposal | None


def goes_on_as(session: Session, proposal: Proposal, actor: Actor, now: datetime) -> Pointer | None:
    """For a merged proposal; followed to the one that is not merged itself."""
    merge = session.scalar(select(Merge).where(Merge.proposal_id == proposal.id, Merge.undone_at.is_(None)))
    if merge is None:
        return None
    at = merge.into_id
    for _step in range(LONGEST):
        further = session.scalar(select(Proposal.merged_into_id).where(Proposal.id == at))
        if further is None:
            break
        at = further
    return Pointer(merge, session.scalars(_seen(actor, now).where(Proposal.id == at)).one_or_none())


def taken_in(session: Session, proposal_id: int, actor: Actor, now: datetime) -> Sequence[tuple[Merge, Proposal]]:
    """What was merged into this one, in order."""
    query = _seen(actor, now).join(Merge, Merge.proposal_id == Proposal.id).add_columns(Merge)
    rows = session.execute(query.where(Merge.into_id == proposal_id, Merge.undone_at.is_(None)).order_by(Merge.id))
    return [(merge, proposal) for proposal, merge in rows]


def _seen(actor: Actor, now: datetime) -> Select[Any]:
    columns = (Proposal.public_id, Proposal.number, Proposal.title, Proposal.status, Proposal.comments_count)
    return (
        select(Proposal)
        .join(Call, Call.id == Proposal.call_id)
        .join(Organization, Organization.id == Call.organization_id)
        .where(visible_to(actor, now))
        .options(load_only(*columns, Proposal.supports))
    )


def find_in_call(session: Session, call_id: int, said: str) -> Proposal | None:
    """The proposal handed in to a call that a person names: by its number (`12`, `#12`), its id, or the address of its page."""
    text = said.strip().rstrip("/").rsplit("/", 1)[-1].removeprefix("#")
    key = Proposal.number == int(text) if text.isdecimal() and len(text) < 9 else Proposal.public_id == text
    return session.scalar(select(Proposal).where(Proposal.call_id == call_id, Proposal.submitted_at.is_not(None), key))
