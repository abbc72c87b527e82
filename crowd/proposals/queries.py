"""Reading proposals. `visible_to` is PROPOSAL_VIEW as SQL: lists, search, feeds, exports, mails and the API all use it."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, exists, false, func, or_, select, true
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.core.actor import STAFF, Actor
from crowd.core.permissions import PUBLIC_STATUSES, SHORTLISTED_STATUSES
from crowd.core.progress import TOLD, Happening
from crowd.core.rules import Audience, Publicity, ResultsPublicity
from crowd.core.status import CallStatus, MemberStatus, ModerationState, OrganizationStatus, ProposalStatus
from crowd.organizations.models import Organization
from crowd.proposals.models import Proposal, ProposalVersion, Reader, Screening, TeamMember
from crowd.store.models import Event


def visible_to(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """PROPOSAL_VIEW as SQL, for statements that join Proposal to Call and Call to Organization."""
    return or_(_public(actor, now), *_by_person(actor))


def _by_person(actor: Actor) -> list[ColumnElement[bool]]:
    if actor.account_id is None:
        return []
    author = exists().where(
        TeamMember.proposal_id == Proposal.id,
        TeamMember.account_id == actor.account_id,
        TeamMember.status == MemberStatus.ACCEPTED,
    )
    reader = exists().where(Reader.proposal_id == Proposal.id, Reader.account_id == actor.account_id)
    staff = and_(Call.organization_id.in_(actor.organizations(STAFF)), Proposal.status != ProposalStatus.DRAFT)
    return [author, reader, staff]


def _public(actor: Actor, now: datetime) -> ColumnElement[bool]:
    left = Proposal.status.in_([ProposalStatus.WITHDRAWN, ProposalStatus.INELIGIBLE])
    return and_(
        Call.status != CallStatus.DRAFT,
        Organization.status == OrganizationStatus.APPROVED,
        or_(Call.audience != Audience.MEMBERS, Call.organization_id.in_(actor.organizations())),
        Proposal.moderation == ModerationState.VISIBLE,
        or_(Proposal.status.in_(list(PUBLIC_STATUSES)), and_(Proposal.in_round, left)),
        _publicity(now),
    )


def _publicity(now: datetime) -> ColumnElement[bool]:
    shortlisted = or_(Proposal.status.in_(list(SHORTLISTED_STATUSES)), Proposal.in_round)
    after_results = and_(
        Call.results_published_at.is_not(None),
        or_(
            Proposal.status == ProposalStatus.SELECTED,
            Call.results_publicity == ResultsPublicity.EVERYTHING,
        ),
    )
    return case(
        (Call.publicity == Publicity.AT_ONCE, true()),
        (Call.publicity == Publicity.AFTER_SUBMISSION, Call.submission_closes_at <= func.coalesce(Call.paused_at, now)),
        (Call.publicity == Publicity.SHORTLISTED, shortlisted),
        (Call.publicity == Publicity.AFTER_RESULTS, after_results),
        else_=false(),
    )


def last_version_number(session: Session, proposal_id: int) -> int:
    """The number of the newest version, 0 before the first."""
    newest = select(func.max(ProposalVersion.number)).where(ProposalVersion.proposal_id == proposal_id)
    return session.scalar(newest) or 0


def versions_of(session: Session, proposal_id: int) -> list[ProposalVersion]:
    """All versions, the newest first."""
    query = select(ProposalVersion).where(ProposalVersion.proposal_id == proposal_id)
    return list(session.scalars(query.order_by(ProposalVersion.number.desc())))


def drafts_in(session: Session, call_id: int, account_id: int | None) -> list[Proposal]:
    """A person's own drafts in a call, the one written last first."""
    query = select(Proposal).where(
        Proposal.call_id == call_id, Proposal.lead_id == account_id, Proposal.status == ProposalStatus.DRAFT
    )
    return list(session.scalars(query.order_by(Proposal.edited_at.desc(), Proposal.id.desc())))


def draft_by_key(session: Session, key: str, call_id: int, account_id: int | None) -> Proposal | None:
    """The person's own proposal in this call that a form named before it was first saved."""
    return session.scalar(
        select(Proposal).where(Proposal.public_id == key, Proposal.call_id == call_id, Proposal.lead_id == account_id)
    )


def last_screening(session: Session, proposal_id: int) -> Screening | None:
    """The newest decision in screening, the one that holds."""
    query = select(Screening).where(Screening.proposal_id == proposal_id)
    return session.scalar(query.order_by(Screening.id.desc()).limit(1))


def proposal_exists(session: Session, public_id: str) -> bool:
    return session.scalar(select(Proposal.id).where(Proposal.public_id == public_id)) is not None


def happenings_of(session: Session, proposal_id: int) -> list[Happening]:
    """What the proposal's timeline is made of, in order."""
    query = select(Event.kind, Event.at).where(Event.proposal_id == proposal_id, Event.kind.in_(list(TOLD)))
    return [Happening(kind, at) for kind, at in session.execute(query.order_by(Event.id))]


def names_of(session: Session, account_ids: Iterable[int | None]) -> dict[int, str]:
    ids = [id_ for id_ in account_ids if id_ is not None]
    rows = session.execute(select(Account.id, Account.name).where(Account.id.in_(ids)))
    return dict(rows.all())
