"""`visible_to` is PROPOSAL_VIEW as SQL: lists, search, feeds, exports, mails and the API all use it.

`visible_to_viewer` is the same condition with parameters in place of values, for statements built once and run for everybody:
building it costs more than most databases need to answer it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, bindparam, case, exists, false, func, or_, true

from crowd.calls.models import Call
from crowd.calls.queries import in_audience
from crowd.core.actor import NOBODY, STAFF, Actor
from crowd.core.permissions import PUBLIC_STATUSES, PUBLISHED_AS_SELECTED, SHORTLISTED_STATUSES
from crowd.core.rules import Publicity, ResultsPublicity
from crowd.core.status import CallStatus, MemberStatus, ModerationState, OrganizationStatus, ProposalStatus
from crowd.organizations.models import Organization
from crowd.proposals.models import Proposal, Reader, TeamMember
from crowd.store.types import UtcDateTime


@dataclass(frozen=True)
class _Viewer:
    """Who looks and when: values, or the parameters that stand for them."""

    account_id: Any
    organizations: Any
    staffed: Any
    invited_to: Any
    recused: Any
    now: Any


_PARAMETERS = _Viewer(
    bindparam("viewer_id", type_=Integer),
    bindparam("viewer_organizations", type_=Integer, expanding=True),
    bindparam("viewer_staffed", type_=Integer, expanding=True),
    bindparam("viewer_invited", type_=Integer, expanding=True),
    bindparam("viewer_recused", type_=Integer, expanding=True),
    bindparam("viewer_now", type_=UtcDateTime()),
)


def visible_to(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """PROPOSAL_VIEW as SQL, for statements that join Proposal to Call and Call to Organization."""
    return _visible(_viewer_of(actor, now))


def _viewer_of(actor: Actor, now: datetime) -> _Viewer:
    invited, recused = sorted(actor.invited_to), sorted(actor.recused_from)
    return _Viewer(actor.account_id or NOBODY, actor.organizations(), actor.organizations(STAFF), invited, recused, now)


def visible_to_viewer() -> ColumnElement[bool]:
    """`visible_to` for statements that are kept and run with `viewer(actor, now)` as parameters."""
    return _visible(_PARAMETERS)


def viewer(actor: Actor, now: datetime) -> Mapping[str, Any]:
    """The parameters of `visible_to_viewer`."""
    return {
        "viewer_id": actor.account_id or NOBODY,
        "viewer_organizations": actor.organizations(),
        "viewer_staffed": actor.organizations(STAFF),
        "viewer_invited": sorted(actor.invited_to),
        "viewer_recused": sorted(actor.recused_from),
        "viewer_now": now,
    }


def _visible(viewer: _Viewer) -> ColumnElement[bool]:
    return or_(_public(viewer), *_by_person(viewer))


def _by_person(viewer: _Viewer) -> list[ColumnElement[bool]]:
    author = exists().where(
        TeamMember.proposal_id == Proposal.id,
        TeamMember.account_id == viewer.account_id,
        TeamMember.status == MemberStatus.ACCEPTED,
    )
    given = exists().where(Reader.proposal_id == Proposal.id, Reader.account_id == viewer.account_id)
    reader = and_(given, Proposal.id.not_in(viewer.recused))
    staff = and_(Call.organization_id.in_(viewer.staffed), Proposal.status != ProposalStatus.DRAFT)
    return [author, reader, staff]


def leaves_tombstone(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """Hidden by moderation where this actor would else read it as the public does: listed without its words."""
    return _public(_viewer_of(actor, now), ModerationState.HIDDEN)


def _public(viewer: _Viewer, moderation: ModerationState = ModerationState.VISIBLE) -> ColumnElement[bool]:
    left = Proposal.status.in_([ProposalStatus.WITHDRAWN, ProposalStatus.INELIGIBLE])
    return and_(
        Call.status != CallStatus.DRAFT,
        Organization.status == OrganizationStatus.APPROVED,
        in_audience(viewer.organizations, viewer.invited_to),
        Call.is_rehearsal.is_(False),
        Proposal.id.not_in(viewer.recused),
        Proposal.moderation == moderation,
        or_(Proposal.status.in_(list(PUBLIC_STATUSES)), and_(Proposal.in_round, left)),
        _publicity(viewer.now),
    )


def _publicity(now: Any) -> ColumnElement[bool]:
    shortlisted = or_(Proposal.status.in_(list(SHORTLISTED_STATUSES)), Proposal.in_round)
    after_results = and_(
        Call.results_published_at.is_not(None),
        or_(
            Proposal.status.in_(list(PUBLISHED_AS_SELECTED)),
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
