"""A call's proposals as one person may see them: filtered, sorted, counted, in a constant number of queries."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.sql.base import ExecutableOption

from crowd.calls.models import Call
from crowd.core.actor import STAFF, Actor
from crowd.core.shuffle import Shuffle
from crowd.core.status import MemberStatus, ProposalStatus
from crowd.core.subjects import CallFacts
from crowd.organizations.models import Organization
from crowd.proposals.gates import shown_status
from crowd.proposals.models import Proposal, ProposalTag, TeamMember
from crowd.proposals.queries import shuffled_page, visible_to
from crowd.store.paging import Key, Page, page_of
from crowd.store.search import matches
from crowd.voting.models import Ballot, Mark

PAGE = 24
MOST_TAGS = 12
NOT_COUNTED = frozenset({ProposalStatus.DRAFT, ProposalStatus.WITHDRAWN})


class Sort(StrEnum):
    NEWEST = "newest"
    SUPPORTED = "supported"
    SHUFFLED = "shuffled"


@dataclass(frozen=True)
class Wanted:
    """What the address asks for."""

    sort: Sort
    seed: str = ""
    status: str = ""
    tag: str = ""
    mine: bool = False
    q: str = ""
    after: str | None = None


@dataclass(frozen=True)
class Facets:
    """Visible proposals by the status they are shown with, tags with their counts, and how many are not shown."""

    statuses: Mapping[ProposalStatus, int]
    tags: Sequence[tuple[str, int]]
    hidden: int

    @property
    def total(self) -> int:
        return sum(self.statuses.values())


@dataclass(frozen=True)
class Listing:
    page: Page[Proposal]
    found: int
    facets: Facets
    marks: Mapping[int, int]  # the reader's own, of rounds that are open


def list_proposals(
    session: Session, call: CallFacts, wanted: Wanted, actor: Actor, now: datetime, open_rounds: Sequence[int]
) -> Listing:
    staff = actor.roles.get(call.organization.id) in STAFF
    visible = _visible(call.id, actor, now)
    facets, raw = _facets(session, call, visible, staff=staff)
    query = visible.where(*_filters(session, call, wanted, actor, raw, staff=staff))
    page = _page(session, query, wanted)
    found = session.scalar(query.with_only_columns(func.count(Proposal.id)).order_by(None)) or 0
    return Listing(page, found, facets, _marks(session, page.items, actor, open_rounds))


def _visible(call_id: int, actor: Actor, now: datetime) -> Select[Any]:
    return (
        select(Proposal)
        .join(Call, Call.id == Proposal.call_id)
        .join(Organization, Organization.id == Call.organization_id)
        .where(Proposal.call_id == call_id, visible_to(actor, now))
    )


def _facets(
    session: Session, call: CallFacts, visible: Select[Any], *, staff: bool
) -> tuple[Facets, Mapping[ProposalStatus, set[ProposalStatus]]]:
    """The facets, and which stored statuses each shown one stands for."""
    handed_in = visible.where(Proposal.status != ProposalStatus.DRAFT)
    rows = session.execute(handed_in.with_only_columns(Proposal.status, func.count()).group_by(Proposal.status)).all()
    counts: Counter[ProposalStatus] = Counter()
    raw: dict[ProposalStatus, set[ProposalStatus]] = {}
    counted = 0
    for status, count in rows:
        counted += count if status not in NOT_COUNTED else 0
        shown = shown_status(status, call, staff=staff)
        if shown is not None:
            counts[shown] += count
            raw.setdefault(shown, set()).add(status)
    tagged = handed_in.join(ProposalTag, ProposalTag.proposal_id == Proposal.id)
    tags = session.execute(
        tagged.with_only_columns(ProposalTag.tag, func.count())
        .group_by(ProposalTag.tag)
        .order_by(func.count().desc(), ProposalTag.tag)
        .limit(MOST_TAGS)
    ).all()
    all_ = session.scalar(select(Call.proposals_count).where(Call.id == call.id)) or 0
    return Facets(counts, [(tag, count) for tag, count in tags], max(all_ - counted, 0)), raw


def _filters(
    session: Session,
    call: CallFacts,
    wanted: Wanted,
    actor: Actor,
    raw: Mapping[ProposalStatus, set[ProposalStatus]],
    *,
    staff: bool,
) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if wanted.mine:
        where.append(_mine(actor))
    else:
        where.append(Proposal.status != ProposalStatus.DRAFT)
    if wanted.status in set(ProposalStatus):
        where.append(Proposal.status.in_(list(raw.get(ProposalStatus(wanted.status), set()))))
    if wanted.tag:
        tagged = exists().where(ProposalTag.proposal_id == Proposal.id, ProposalTag.tag == wanted.tag)
        where.append(tagged)
    if wanted.q.strip():
        where.append(matches(session, "proposal", Proposal.id.expression, wanted.q))
    return where


def _mine(actor: Actor) -> ColumnElement[bool]:
    return exists().where(
        TeamMember.proposal_id == Proposal.id,
        TeamMember.account_id == (actor.account_id or -1),
        TeamMember.status == MemberStatus.ACCEPTED,
    )


def _page(session: Session, query: Select[Any], wanted: Wanted) -> Page[Proposal]:
    options: list[ExecutableOption] = [
        selectinload(Proposal.team).joinedload(TeamMember.account),
        selectinload(Proposal.tags),
        selectinload(Proposal.attachments),
    ]
    if wanted.sort is Sort.SHUFFLED:
        return shuffled_page(session, query, Shuffle.of(wanted.seed), wanted.after, PAGE, options)
    moment = func.coalesce(Proposal.submitted_at, Proposal.created_at)
    first = (
        Key(Proposal.supports.expression, descending=True)
        if wanted.sort is Sort.SUPPORTED
        else Key(moment, descending=True)
    )
    return page_of(
        session, query.options(*options), [first, Key(Proposal.id.expression, descending=True)], wanted.after, PAGE
    )


def _marks(
    session: Session, proposals: Sequence[Proposal], actor: Actor, open_rounds: Sequence[int]
) -> Mapping[int, int]:
    if actor.account_id is None or not open_rounds:
        return {}
    rows = session.execute(
        select(Mark.proposal_id, Mark.value)
        .join(Ballot, Ballot.id == Mark.ballot_id)
        .where(
            Ballot.account_id == actor.account_id,
            Ballot.round_id.in_(open_rounds),
            Mark.proposal_id.in_([proposal.id for proposal in proposals]),
        )
    )
    return dict(rows.all())
