"""An administrator approves or refuses an organization; its owners read the reason."""

from datetime import datetime

from sqlalchemy.orm import Session

from crowd.accounts.actions import recipient_of
from crowd.core.actor import Actor
from crowd.core.errors import IllegalMove
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.core.status import OrganizationStatus
from crowd.mailing.actions import send_letter
from crowd.organizations.actions.founding import tell_admins
from crowd.organizations.gates import organization_facts
from crowd.organizations.models import Organization
from crowd.organizations.queries import list_owners_accounts
from crowd.store.events import record
from crowd.web.access import require


def approve_organization(session: Session, organization: Organization, *, actor: Actor, now: datetime) -> None:
    """`organization` is locked. A refused one may still be approved. Raises IllegalMove when it is already approved."""
    _decide(session, organization, OrganizationStatus.APPROVED, "", actor=actor, now=now)


def refuse_organization(
    session: Session, organization: Organization, reason: str, *, actor: Actor, now: datetime
) -> None:
    """`organization` is locked. Raises IllegalMove unless it waits."""
    _decide(session, organization, OrganizationStatus.REFUSED, reason, actor=actor, now=now)


_FROM = {
    OrganizationStatus.APPROVED: frozenset({OrganizationStatus.REQUESTED, OrganizationStatus.REFUSED}),
    OrganizationStatus.REFUSED: frozenset({OrganizationStatus.REQUESTED}),
}
_EVENTS = {
    OrganizationStatus.APPROVED: EventKind.ORGANIZATION_APPROVED,
    OrganizationStatus.REFUSED: EventKind.ORGANIZATION_REFUSED,
}


def _decide(
    session: Session,
    organization: Organization,
    status: OrganizationStatus,
    reason: str,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    require(actor, Permission.SITE_ADMIN, None, now)
    if organization.status not in _FROM[status]:
        raise IllegalMove(status, organization.status)
    source, organization.status = organization.status, status
    organization.decided_at, organization.decided_by_id, organization.decision_reason = now, actor.account_id, reason
    record(
        session,
        _EVENTS[status],
        now=now,
        actor_id=actor.account_id,
        organization_id=organization.id,
        source=source,
        target=status,
        reason=reason or None,
    )
    for owner in list_owners_accounts(session, organization.id):
        context = {"organization": organization, "reason": reason}
        send_letter(
            session,
            f"organization_{status}",
            recipient_of(owner),
            context,
            now=now,
            organization_id=organization.id,
        )


def ask_again(session: Session, organization: Organization, *, actor: Actor, now: datetime) -> None:
    """After a refusal, once the profile was mended. `organization` is locked."""
    require(actor, Permission.ORGANIZATION_APPOINT, organization_facts(organization), now)
    if organization.status is not OrganizationStatus.REFUSED:
        raise IllegalMove("ask_again", organization.status)
    organization.status = OrganizationStatus.REQUESTED
    record(
        session,
        EventKind.ORGANIZATION_REQUESTED,
        now=now,
        actor_id=actor.account_id,
        organization_id=organization.id,
        source=OrganizationStatus.REFUSED,
        target=OrganizationStatus.REQUESTED,
    )
    tell_admins(session, organization, actor, now)
