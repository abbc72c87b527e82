"""`visible_to` is PROPOSAL_VIEW as SQL: lists, search, feeds, exports, mails and the API all use it."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, exists, false, func, or_, true

from crowd.calls.models import Call
from crowd.core.actor import STAFF, Actor
from crowd.core.permissions import PUBLIC_STATUSES, SHORTLISTED_STATUSES
from crowd.core.rules import Audience, Publicity, ResultsPublicity
from crowd.core.status import CallStatus, MemberStatus, ModerationState, OrganizationStatus, ProposalStatus
from crowd.organizations.models import Organization
from crowd.proposals.models import Proposal, Reader, TeamMember


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
