"""What becomes of somebody's roles when their account is erased."""

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.core.events import EventKind
from crowd.organizations.models import Membership, OrganizationInvitation
from crowd.store.events import record


def erase_person(session: Session, account: Account, *, now: datetime) -> None:
    """Roles and invitations go. Whoever calls has looked whether somebody else can take over."""
    for membership in session.scalars(select(Membership).where(Membership.account_id == account.id)).all():
        record(
            session,
            EventKind.MEMBER_REMOVED,
            now=now,
            actor_id=account.id,
            organization_id=membership.organization_id,
            subject_id=account.id,
            source=membership.role.value,
        )
        session.delete(membership)
    invited = func.lower(OrganizationInvitation.email) == account.email_folded
    session.execute(delete(OrganizationInvitation).where(invited))
    session.flush()
