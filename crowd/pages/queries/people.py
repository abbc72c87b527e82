"""What the public pages of people and organizations show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager, defer, selectinload

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.calls.queries import listed
from crowd.core.actor import MANAGERS, Actor
from crowd.core.rules import Audience
from crowd.core.status import SUBMITTED_OR_LATER, CallStatus, MemberStatus, ModerationState, OrganizationStatus
from crowd.credentials.models import Credential
from crowd.organizations.models import Membership, Organization
from crowd.proposals.models import Proposal, TeamMember
from crowd.proposals.queries import visible_to
from crowd.selection.models import Credit
from crowd.store.paging import Key, Page, page_of

SIZE = 30
MOST_PROPOSALS = 100


@dataclass(frozen=True)
class CreditLine:
    """One credit with where it was earned, and its credential, if one holds."""

    credit: Credit
    proposal: Proposal
    call: Call
    organization: Organization
    credential: Credential | None


@dataclass(frozen=True)
class ShownProposal:
    """One proposal of a person: their place in its team, and where it was handed in."""

    place: TeamMember
    proposal: Proposal
    call: Call
    organization: Organization


def get_person(session: Session, public_id: str) -> Account | None:
    """A person who exists, is not blocked and shows a profile or has credits."""
    return session.scalar(select(Account).where(Account.public_id == public_id, Account.blocked_at.is_(None)))


def list_credits(session: Session, account_id: int, actor: Actor, now: datetime) -> list[CreditLine]:
    """Standing credits of a person in calls that a list may name to this actor, the newest first; one's own all.

    To others only those that the person shows and is named for; of rehearsals nothing.
    """
    own = Credit.account_id == actor.account_id
    rows = session.execute(
        select(Credit, Proposal, Call, Organization, Credential)
        .join(Proposal, Credit.proposal_id == Proposal.id)
        .join(Call, Proposal.call_id == Call.id)
        .join(Organization, Call.organization_id == Organization.id)
        .outerjoin(Credential, (Credential.credit_id == Credit.id) & Credential.revoked_at.is_(None))
        .where(
            Credit.account_id == account_id,
            Credit.revoked_at.is_(None),
            Call.is_rehearsal.is_(False),
            or_(own, and_(Credit.on_profile, Credit.name != "")),
            or_(own, Proposal.moderation == ModerationState.VISIBLE),
            or_(own, listed(actor, now)),
        )
        .order_by(Credit.issued_at.desc(), Credit.id.desc())
    )
    return [CreditLine(*row) for row in rows]


def list_shown_proposals(session: Session, account_id: int, actor: Actor, now: datetime) -> list[ShownProposal]:
    """What a person handed in, alone or in a team, the newest first; one's own all of it.

    To others only what the person shows, what they may read anyway, and nothing where they review without knowing the authors.
    """
    place = aliased(TeamMember)  # `visible_to` asks for teams of its own
    own = place.account_id == actor.account_id
    rows = session.execute(
        select(place, Proposal, Call, Organization)
        .join(Proposal, Proposal.id == place.proposal_id)
        .join(Call, Proposal.call_id == Call.id)
        .join(Organization, Call.organization_id == Organization.id)
        .where(
            place.account_id == account_id,
            place.status == MemberStatus.ACCEPTED,
            Proposal.status.in_(SUBMITTED_OR_LATER),
            Call.is_rehearsal.is_(False),
            or_(own, and_(place.on_profile, visible_to(actor, now))),
            or_(own, and_(listed(actor, now), Call.id.not_in(sorted(actor.blind_in)))),
        )
        .options(defer(Proposal.body))
        .order_by(Proposal.submitted_at.desc(), Proposal.id.desc())
        .limit(MOST_PROPOSALS)
    )
    return [ShownProposal(*row) for row in rows]


def list_organizations(session: Session, after: str | None) -> Page[Organization]:
    """Approved organizations by name."""
    approved = select(Organization).where(Organization.status == OrganizationStatus.APPROVED)
    name = func.lower(Organization.name)
    return page_of(session, approved, [Key(name), Key(Organization.__table__.c.id)], after, SIZE)


def count_calls(session: Session, organization_ids: Sequence[int]) -> dict[int, int]:
    """Published public calls of each organization."""
    rows = session.execute(
        select(Call.organization_id, func.count())
        .where(
            Call.organization_id.in_(organization_ids),
            Call.status != CallStatus.DRAFT,
            Call.audience == Audience.PUBLIC,
        )
        .group_by(Call.organization_id)
    )
    return dict(iter(rows))


def list_calls_of(session: Session, organization: Organization, actor: Actor) -> Sequence[Call]:
    """An organization's calls that this actor finds listed: its managers see drafts and unlisted ones too."""
    statement = (
        select(Call)
        .join(Call.organization)
        .where(Call.organization_id == organization.id, Call.is_rehearsal.is_(False))
        .order_by(Call.published_at.is_not(None), Call.published_at.desc(), Call.id.desc())
        .limit(200)
        .options(contains_eager(Call.organization), selectinload(Call.stages))
    )
    if organization.id not in actor.organizations(MANAGERS):
        own = [Audience.MEMBERS, Audience.INVITED] if organization.id in actor.roles else []
        named = or_(Call.audience.in_([Audience.PUBLIC, *own]), Call.id.in_(sorted(actor.invited_to)))
        statement = statement.where(Call.status != CallStatus.DRAFT, named)
    return session.scalars(statement).all()


def list_people_of(session: Session, organization_id: int) -> Sequence[Membership]:
    """Owners, managers and moderators by name: who answers for this organization."""
    return session.scalars(
        select(Membership)
        .join(Membership.account)
        .where(Membership.organization_id == organization_id, Membership.role != "member", Account.blocked_at.is_(None))
        .order_by(Account.name)
        .limit(50)
        .options(contains_eager(Membership.account))
    ).all()
