"""Reading calls. `visible_to` is CALL_VIEW as SQL; `listed` narrows it to what directories, feeds and search may name."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, column, func, literal, or_, select, table
from sqlalchemy.orm import Session, contains_eager, defer, selectinload

from crowd.accounts.models import Account
from crowd.calls.models import Call, CallInvitation, CallStage, CallTag, CallTemplate, LatePermit, ScheduleShift
from crowd.core.actor import MANAGERS, Actor
from crowd.core.events import EventKind
from crowd.core.rules import Audience
from crowd.core.status import CallStatus, OrganizationStatus, StageKind
from crowd.organizations.models import Organization
from crowd.store.models import Event
from crowd.store.paging import Key, Page, page_of
from crowd.store.search import matches
from crowd.store.types import UtcDateTime

SOON = timedelta(days=7)
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
RUNNING = (CallStatus.PUBLISHED, CallStatus.PAUSED)


def visible_to(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """CALL_VIEW as SQL, for statements that join Call to Organization."""
    return or_(
        and_(
            Call.status != CallStatus.DRAFT,
            Organization.status == OrganizationStatus.APPROVED,
            in_audience(actor.organizations(), sorted(actor.invited_to)),
            Call.is_rehearsal.is_(False),
        ),
        Call.organization_id.in_(actor.organizations(MANAGERS)),
    )


def in_audience(organizations: Any, invited_to: Any) -> ColumnElement[bool]:
    """The predicate `audience` as SQL: ids of the person's organizations and of the calls they are invited to."""
    return or_(
        Call.audience.in_([Audience.PUBLIC, Audience.UNLISTED]),
        Call.organization_id.in_(organizations),
        and_(Call.audience == Audience.INVITED, Call.id.in_(invited_to)),
    )


def listed(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """Visible calls that a list may name: published ones, and unlisted ones only to the organization's own people."""
    return and_(
        visible_to(actor, now),
        Call.status != CallStatus.DRAFT,
        Call.is_rehearsal.is_(False),
        or_(Call.audience != Audience.UNLISTED, Call.organization_id.in_(actor.organizations())),
    )


class Order(StrEnum):
    CLOSING = "closing"
    NEWEST = "newest"


class StageFilter(StrEnum):
    """Where a call stands, as the directory's pills say it."""

    OPEN = "open"
    SCREENING = "screening"
    DISCUSSION = "discussion"
    VOTING = "voting"
    REVIEW = "review"
    DECISION = "decision"
    SOON = "soon"
    RESULTS = "results"


_KINDS = {
    StageFilter.OPEN: StageKind.SUBMISSION,
    StageFilter.SCREENING: StageKind.SCREENING,
    StageFilter.DISCUSSION: StageKind.DISCUSSION,
    StageFilter.VOTING: StageKind.VOTING,
    StageFilter.REVIEW: StageKind.REVIEW,
    StageFilter.DECISION: StageKind.SELECTION,
}


@dataclass(frozen=True)
class CallFilter:
    """What the directory was asked for; None and False do not narrow."""

    words: str = ""
    stage: StageFilter | None = None
    organization: str | None = None
    tag: str | None = None
    closing_soon: bool = False
    archived: bool = False
    order: Order = Order.CLOSING

    def without(self, name: str) -> "CallFilter":
        unset: dict[str, Any] = {name: getattr(CallFilter(), name)}
        return replace(self, **unset)

    def set_names(self) -> list[str]:
        """Names of the filters that narrow."""
        return [name for name in ("words", "stage", "organization", "tag", "closing_soon") if getattr(self, name)]


def _where(session: Session, wanted: CallFilter, now: datetime) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        Call.archived_at.is_not(None) if wanted.archived else Call.archived_at.is_(None)
    ]
    if wanted.words:
        found.append(matches(session, "call", Call.id.expression, wanted.words))
    if wanted.stage:
        found.append(in_stage(wanted.stage, now))
    if wanted.organization:
        found.append(Organization.slug == wanted.organization)
    if wanted.tag:
        found.append(Call.id.in_(select(CallTag.call_id).where(CallTag.tag == wanted.tag)))
    if wanted.closing_soon:
        found += [in_stage(StageFilter.OPEN, now), Call.submission_closes_at <= now + SOON]
    return found


def in_stage(stage: StageFilter, now: datetime) -> ColumnElement[bool]:
    if stage is StageFilter.RESULTS:
        return Call.results_published_at.is_not(None)
    if stage is StageFilter.SOON:
        first = select(func.min(CallStage.opens_at)).where(CallStage.call_id == Call.id).scalar_subquery()
        return and_(Call.status == CallStatus.PUBLISHED, first > now)
    clock = func.coalesce(Call.paused_at, now)
    current = select(CallStage.call_id).where(
        CallStage.call_id == Call.id,
        CallStage.kind == _KINDS[stage],
        CallStage.opens_at <= clock,
        or_(CallStage.closes_at.is_(None), CallStage.closes_at > clock),
    )
    return and_(Call.status.in_(RUNNING), Call.results_published_at.is_(None), current.exists())


def list_calls(
    session: Session, actor: Actor, wanted: CallFilter, now: datetime, cursor: str | None, size: int = 20
) -> Page[Call]:
    """One page of the directory, with organization, stages and tags loaded; a constant number of queries."""
    query = (
        _base(actor, now)
        .where(*_where(session, wanted, now))
        .options(
            contains_eager(Call.organization),
            selectinload(Call.stages),
            selectinload(Call.tags),
            defer(Call.draft, raiseload=True),  # large, and listed calls are read from their frozen rules
        )
    )
    return page_of(session, query, _keys(wanted.order, now), cursor, size)


def _base(actor: Actor, now: datetime) -> Select[Any]:
    return select(Call).join(Call.organization).where(listed(actor, now))


def _keys(order: Order, now: datetime) -> Sequence[Key]:
    if order is Order.NEWEST:
        return (Key(Call.published_at.expression, descending=True), Key(Call.id.expression, descending=True))
    closes = case((in_stage(StageFilter.OPEN, now), Call.submission_closes_at), else_=literal(NEVER, UtcDateTime()))
    return (Key(closes), Key(Call.id.expression, descending=True))


def count_calls(session: Session, actor: Actor, wanted: CallFilter, now: datetime) -> int:
    counted = _base(actor, now).where(*_where(session, wanted, now)).with_only_columns(func.count(Call.id))
    return session.scalar(counted) or 0


def list_nearest(session: Session, actor: Actor, wanted: CallFilter, now: datetime) -> list[tuple[CallFilter, int]]:
    """For an empty list: the filters that find something when one narrowing is left out, and how much."""
    wider = [wanted.without(name) for name in wanted.set_names()]
    found = [(each, count_calls(session, actor, each, now)) for each in wider]
    return [(each, count) for each, count in found if count]


def list_tags(session: Session, actor: Actor, now: datetime, most: int = 10) -> list[tuple[str, int]]:
    """The tags of listed calls, most used first."""
    counted = func.count(CallTag.call_id)
    query = _base(actor, now).join(CallTag, CallTag.call_id == Call.id).with_only_columns(CallTag.tag, counted)
    rows = session.execute(query.group_by(CallTag.tag).order_by(counted.desc(), CallTag.tag).limit(most))
    return [(tag, count) for tag, count in rows]


def list_organizations(session: Session, actor: Actor, now: datetime, most: int = 10) -> list[tuple[str, str, int]]:
    """Slug, name and number of listed calls, most calls first."""
    counted = func.count(Call.id)
    query = _base(actor, now).with_only_columns(Organization.slug, Organization.name, counted)
    grouped = query.group_by(Organization.slug, Organization.name).order_by(counted.desc(), Organization.name)
    return [(slug, name, count) for slug, name, count in session.execute(grouped.limit(most))]


def list_managed(session: Session, actor: Actor) -> list[Organization]:
    """Approved organizations in whose name this person may write calls."""
    query = select(Organization).where(
        Organization.id.in_(actor.organizations(MANAGERS)), Organization.status == OrganizationStatus.APPROVED
    )
    return list(session.scalars(query.order_by(Organization.name)))


def list_templates(session: Session, organization_ids: Sequence[int]) -> list[tuple[CallTemplate, Organization]]:
    """Kept rules by name, with whose they are."""
    mine = CallTemplate.organization_id.in_(organization_ids)
    pairs = select(CallTemplate, Organization).join(Organization, Organization.id == CallTemplate.organization_id)
    rows = session.execute(pairs.where(mine).order_by(Organization.name, CallTemplate.name))
    return [(row[0], row[1]) for row in rows]


def count_drafts(session: Session, call_id: int) -> int:
    """Proposals being written. By the table's name, because proposals are an area above this one."""
    drafts = table("proposals", column("call_id"), column("status"))
    counted = select(func.count()).select_from(drafts).where(drafts.c.call_id == call_id, drafts.c.status == "draft")
    return session.scalar(counted) or 0


def list_shifts(session: Session, call_id: int) -> list[tuple[ScheduleShift, str | None]]:
    """Logged acts upon the schedule with the name of who did them, newest first."""
    rows = session.execute(
        select(ScheduleShift, Account.name)
        .outerjoin(Account, Account.id == ScheduleShift.by_id)
        .where(ScheduleShift.call_id == call_id)
        .order_by(ScheduleShift.id.desc())
    )
    return [(shift, name) for shift, name in rows]


HISTORY = (
    EventKind.CALL_PUBLISHED,
    EventKind.AMENDMENT_PROPOSED,
    EventKind.CALL_AMENDED,
    EventKind.AMENDMENT_LAPSED,
    EventKind.AMENDMENT_DROPPED,
    EventKind.ROUND_OPENED,
    EventKind.ROUND_CANDIDATE_ADDED,
    EventKind.ROUND_IDEA_ADDED,
    EventKind.ROUND_COUNTED,
    EventKind.RESULTS_PUBLISHED,
    EventKind.OUTCOME_CORRECTED,
    EventKind.CREDIT_CORRECTED,
)
"""What the public history of a call tells beside the acts upon its schedule."""


def list_history(session: Session, call_id: int, most: int = 200) -> list[tuple[Event, str | None]]:
    """Events of the call's history with the name of who did it, newest first."""
    rows = session.execute(
        select(Event, Account.name)
        .outerjoin(Account, Account.id == Event.actor_id)
        .where(Event.call_id == call_id, Event.kind.in_(HISTORY))
        .order_by(Event.id.desc())
        .limit(most)
    )
    return [(event, name) for event, name in rows]


def list_invitations(session: Session, call_id: int) -> Sequence[CallInvitation]:
    """Ways into a call, the newest first."""
    query = select(CallInvitation).where(CallInvitation.call_id == call_id).order_by(CallInvitation.id.desc())
    return session.scalars(query.limit(1000)).all()


def get_invitation(session: Session, public_id: str) -> CallInvitation | None:
    return session.scalar(select(CallInvitation).where(CallInvitation.public_id == public_id))


def get_invitation_by_code(session: Session, code_hash: str) -> CallInvitation | None:
    return session.scalar(select(CallInvitation).where(CallInvitation.code_hash == code_hash))


def list_permits(session: Session, call_id: int) -> Sequence[LatePermit]:
    return session.scalars(select(LatePermit).where(LatePermit.call_id == call_id).order_by(LatePermit.id)).all()


def get_permit(session: Session, call_id: int, public_id: str) -> LatePermit | None:
    return session.scalar(select(LatePermit).where(LatePermit.call_id == call_id, LatePermit.public_id == public_id))


def count_permits(session: Session, call_id: int) -> int:
    """Permits to hand in late that were given and not revoked."""
    given = select(func.count()).where(LatePermit.call_id == call_id, LatePermit.revoked_at.is_(None))
    return session.scalar(given) or 0


def count_shifts(session: Session, call_id: int) -> int:
    return session.scalar(select(func.count()).where(ScheduleShift.call_id == call_id)) or 0
