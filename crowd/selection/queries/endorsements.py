"""What stands of the words about credits."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from crowd.calls.models import Call
from crowd.core.status import ModerationState
from crowd.organizations.models import Organization
from crowd.proposals.models import Proposal
from crowd.selection.models import Credit, Endorsement


def list_endorsements(session: Session, credit_ids: Sequence[int]) -> dict[int, list[Endorsement]]:
    """Standing endorsements with their authors, oldest first, by credit."""
    found: dict[int, list[Endorsement]] = {}
    rows = session.scalars(
        select(Endorsement)
        .where(
            Endorsement.credit_id.in_(credit_ids),
            Endorsement.removed_at.is_(None),
            Endorsement.moderation == ModerationState.VISIBLE,
        )
        .order_by(Endorsement.id)
        .options(joinedload(Endorsement.author))
    )
    for row in rows:
        found.setdefault(row.credit_id, []).append(row)
    return found


def my_endorsement(session: Session, credit_id: int, account_id: int | None) -> Endorsement | None:
    """Also one that was taken away."""
    return session.scalar(
        select(Endorsement).where(Endorsement.credit_id == credit_id, Endorsement.author_id == account_id)
    )


def signed_endorsement(session: Session, public_id: str) -> tuple[Endorsement, str, Organization] | None:
    """A standing endorsement in an organization's name of a standing credit that names somebody, with the code of that credit."""
    row = session.execute(
        select(Endorsement, Credit.code, Organization)
        .join(Credit, Credit.id == Endorsement.credit_id)
        .join(Proposal, Proposal.id == Credit.proposal_id)
        .join(Call, Call.id == Proposal.call_id)
        .join(Organization, Organization.id == Call.organization_id)
        .where(
            Endorsement.public_id == public_id,
            Endorsement.for_organization,
            Endorsement.removed_at.is_(None),
            Endorsement.moderation == ModerationState.VISIBLE,
            Credit.revoked_at.is_(None),
            Credit.name != "",
            Call.is_rehearsal.is_(False),
        )
    ).first()
    return (row[0], row[1], row[2]) if row else None
