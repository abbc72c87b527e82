"""Whom a notice is for once the results are published."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.calls.models import Call
from crowd.core.actor import MANAGERS
from crowd.core.notices import Whom
from crowd.core.status import MemberStatus
from crowd.notifications.queries.recipients import Recipients
from crowd.organizations.models import Membership
from crowd.proposals.models import TeamMember
from crowd.store.models import Event


def _team(session: Session, event: Event) -> Iterable[int | None]:
    return session.scalars(
        select(TeamMember.account_id).where(
            TeamMember.proposal_id == event.proposal_id, TeamMember.status == MemberStatus.ACCEPTED
        )
    )


def _managers(session: Session, event: Event) -> Iterable[int | None]:
    return session.scalars(
        select(Membership.account_id)
        .join(Call, Call.organization_id == Membership.organization_id)
        .where(Call.id == event.call_id, Membership.role.in_(list(MANAGERS)))
    )


def _team_and_managers(session: Session, event: Event) -> Iterable[int | None]:
    return [*_team(session, event), *_managers(session, event)]


AFTERWARDS: dict[Whom, Recipients] = {Whom.TEAM_AND_MANAGERS: _team_and_managers}
