"""What jurors reviewed before, in other rounds and calls of the same organization: it makes them a better match."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from crowd.calls.models import Call
from crowd.core.status import AssignmentStatus, JurorStatus
from crowd.proposals.models import ProposalTag
from crowd.reviews.models import Assignment, Juror
from crowd.rounds.models import CallRound
from crowd.store.db import in_chunks


@dataclass(frozen=True)
class Experience:
    """Proposals on which somebody handed in a review elsewhere, and the tags of these, folded."""

    proposals: frozenset[int] = frozenset()
    tags: frozenset[str] = frozenset()


def experience_of(session: Session, row: CallRound, jurors: Iterable[Juror]) -> dict[int, Experience]:
    """By juror id, of those who have some; the same person is known by account or by address."""
    people = list(jurors)
    of_account = {juror.account_id: juror.id for juror in people if juror.account_id is not None}
    of_email = {juror.email_folded: juror.id for juror in people}
    here = select(Call.organization_id).where(Call.id == row.call_id).scalar_subquery()
    reviewed: dict[int, set[int]] = defaultdict(set)
    before = (
        select(Juror.account_id, Juror.email_folded, Assignment.proposal_id)
        .join(Assignment, Assignment.juror_id == Juror.id)
        .join(CallRound, CallRound.id == Juror.round_id)
        .join(Call, Call.id == CallRound.call_id)
        .where(
            Call.organization_id == here,
            Call.is_rehearsal.is_(False),
            CallRound.id != row.id,
            Juror.status == JurorStatus.ACCEPTED,
            Assignment.status == AssignmentStatus.SUBMITTED,
            or_(Juror.account_id.in_(of_account), Juror.email_folded.in_(of_email)),
        )
    )
    for account_id, email, proposal_id in session.execute(before):
        juror_id = of_account.get(account_id or 0) or of_email.get(email)
        if juror_id is not None:
            reviewed[juror_id].add(proposal_id)
    tags = _tags(session, set().union(*reviewed.values()) if reviewed else set())
    return {
        juror_id: Experience(frozenset(ids), frozenset().union(*(tags.get(id_, ()) for id_ in ids)))
        for juror_id, ids in reviewed.items()
    }


def _tags(session: Session, proposal_ids: set[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for ids in in_chunks(sorted(proposal_ids)):
        own = select(ProposalTag.proposal_id, ProposalTag.tag).where(ProposalTag.proposal_id.in_(ids))
        for proposal_id, tag in session.execute(own):
            found[proposal_id].add(tag.casefold())
    return found
