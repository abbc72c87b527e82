"""A call's proposals as one person may see them: filtered, sorted, counted, in a constant number of queries."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, bindparam, exists, func, select
from sqlalchemy.orm import Session, load_only, selectinload
from sqlalchemy.sql.base import ExecutableOption

from crowd.calls.models import Call
from crowd.core.actor import STAFF, Actor
from crowd.core.shuffle import Shuffle
from crowd.core.status import MemberStatus, ProposalStatus
from crowd.core.subjects import CallFacts
from crowd.organizations.models import Organization
from crowd.pages.queries.proposal_rows import Member, tags_of, teams_of
from crowd.proposals.gates import shown_status
from crowd.proposals.models import Proposal, ProposalTag, TeamMember
from crowd.proposals.queries import shuffled_page, viewer, visible_to_viewer
from crowd.store.paging import Key, Page, ordered, page_from, page_of
from crowd.store.search import among_hits, hits
from crowd.voting.models import Ballot, Mark
from crowd.web.access import Found

PAGE = 24
MOST_TAGS = 12
MOST_READ_FOR_TAGS = 300
MOST_COUNTED = 1000
COLUMNS = (
    Proposal.public_id,
    Proposal.number,
    Proposal.lead_id,
    Proposal.entered,
    Proposal.status,
    Proposal.title,
    Proposal.summary,
    Proposal.cost,
    Proposal.in_round,
    Proposal.supports,
    Proposal.comments_count,
)
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
    cards: bool = False

    @property
    def narrowed(self) -> bool:
        return bool(self.status or self.tag or self.mine or self.q.strip())


@dataclass(frozen=True)
class Facets:
    """Visible proposals by the status they are shown with; the tags of the newest, with counts where those are all; how many are kept back."""

    statuses: Mapping[ProposalStatus, int]
    tags: Sequence[tuple[str, int | None]]
    visible: int
    hidden: int


@dataclass(frozen=True)
class Listing:
    page: Page[Proposal]
    found: int
    more: bool  # than are counted
    facets: Facets
    teams: Mapping[int, Sequence[Member]]
    tags: Mapping[int, Sequence[str]]
    marks: Mapping[int, int]  # the reader's own, of rounds that are open


def list_proposals(
    session: Session,
    found: Found[Call],
    wanted: Wanted,
    actor: Actor,
    now: datetime,
    *,
    open_rounds: Sequence[int],
    seen: Mapping[ProposalStatus, int],
) -> Listing:
    """`seen`: how many of each status this person may see (`proposals.queries.count_visible`)."""
    call: CallFacts = found.facts
    staff = actor.roles.get(call.organization.id) in STAFF
    parameters = {"call": call.id, **viewer(actor, now)}
    facets, raw = _facets(session, found, seen, parameters, staff=staff)
    where = _filters(wanted, actor, raw)
    among = _among(session, call.id, wanted, where, parameters) if wanted.narrowed else None
    count = facets.visible if among is None else len(among)
    page = _page(session, [*where, *_of_each_row(session, call.id, wanted)], wanted, parameters, among)
    return Listing(
        page=page,
        found=min(count, MOST_COUNTED) if wanted.narrowed else count,
        more=wanted.narrowed and count > MOST_COUNTED,
        facets=facets,
        teams=teams_of(session, page.items),
        tags={} if wanted.cards else tags_of(session, page.items),
        marks=_marks(session, page.items, actor, open_rounds),
    )


# What every reader asks is built once; values come as parameters.
@cache
def _visible(*, aside: bool = False) -> Select[Any]:
    """`aside`: written so that no index of the call is taken where a filter's own is better."""
    wanted = bindparam("call", type_=Integer)
    call = Proposal.call_id + 0 if aside else Proposal.call_id
    return (
        select(Proposal)
        .join(Call, Call.id == Proposal.call_id)
        .join(Organization, Organization.id == Call.organization_id)
        .where(call == wanted, Call.id == wanted, visible_to_viewer())
    )


@cache
def _by_tag() -> Select[str, int]:
    """Tags of the newest proposals."""
    newest = _visible().where(Proposal.submitted_at.is_not(None)).with_only_columns(Proposal.id)
    some = newest.order_by(Proposal.submitted_at.desc(), Proposal.id.desc()).limit(MOST_READ_FOR_TAGS).subquery()
    return (
        select(ProposalTag.tag, func.count())
        .join(some, some.c.id == ProposalTag.proposal_id)
        .group_by(ProposalTag.tag)
        .order_by(func.count().desc(), ProposalTag.tag)
        .limit(MOST_TAGS)
    )


def _facets(
    session: Session,
    found: Found[Call],
    seen: Mapping[ProposalStatus, int],
    parameters: Mapping[str, Any],
    *,
    staff: bool,
) -> tuple[Facets, Mapping[ProposalStatus, set[ProposalStatus]]]:
    """The facets, and which stored statuses each shown one stands for."""
    counts: Counter[ProposalStatus] = Counter()
    raw: dict[ProposalStatus, set[ProposalStatus]] = {}
    for status, count in seen.items():
        shown = shown_status(status, found.facts, staff=staff)
        if shown is not None:
            counts[shown] += count
            raw.setdefault(shown, set()).add(status)
    visible = sum(seen.values())
    counted = visible - sum(seen.get(status, 0) for status in NOT_COUNTED)
    all_read = visible <= MOST_READ_FOR_TAGS
    tags = [(tag, count if all_read else None) for tag, count in session.execute(_by_tag(), parameters)]
    return Facets(counts, tags, visible, max(found.row.proposals_count - counted, 0)), raw


def _filters(
    wanted: Wanted, actor: Actor, raw: Mapping[ProposalStatus, set[ProposalStatus]]
) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if wanted.mine:
        where.append(_mine(actor))
    else:
        where.append(Proposal.submitted_at.is_not(None))
    if wanted.status in set(ProposalStatus):
        where.append(Proposal.status.in_(list(raw.get(ProposalStatus(wanted.status), set()))))
    return where


def _of_each_row(session: Session, call_id: int, wanted: Wanted) -> list[ColumnElement[bool]]:
    """Asked while the order's index is walked."""
    where: list[ColumnElement[bool]] = []
    if wanted.tag:
        where.append(exists().where(ProposalTag.proposal_id == Proposal.id, ProposalTag.tag == wanted.tag))
    if wanted.q.strip():
        where.append(_worded(session, call_id, wanted.q))
    return where


def _worded(session: Session, call_id: int, words: str) -> ColumnElement[bool]:
    return among_hits(session, "proposal", Proposal.id.expression, words, within=call_id)


def _among(
    session: Session, call_id: int, wanted: Wanted, where: Sequence[ColumnElement[bool]], parameters: Mapping[str, Any]
) -> Sequence[int]:
    """Ids of what is found, read by a filter's own index, no further than one beyond MOST_COUNTED.

    Words lead where they are alone; of the few rows that another filter finds it is quick to ask whether they are among many hits.
    """
    query = _visible(aside=bool(wanted.mine or wanted.tag or wanted.q)).where(*where)
    if wanted.tag:
        query = query.join(ProposalTag, ProposalTag.proposal_id == Proposal.id).where(ProposalTag.tag == wanted.tag)
    if wanted.q.strip() and (wanted.tag or wanted.mine):
        query = query.where(_worded(session, call_id, wanted.q))
    elif wanted.q.strip():
        found = hits(session, "proposal", wanted.q, within=call_id)
        query = query.join(found, found.c.id == Proposal.id)
    return session.scalars(query.with_only_columns(Proposal.id).limit(MOST_COUNTED + 1), parameters).all()


def _mine(actor: Actor) -> ColumnElement[bool]:
    return Proposal.id.in_(
        select(TeamMember.proposal_id).where(
            TeamMember.account_id == (actor.account_id or -1), TeamMember.status == MemberStatus.ACCEPTED
        )
    )


@cache
def _shown(*, cards: bool) -> tuple[ExecutableOption, ...]:
    """What a row shows and no more; cards show a picture too."""
    picture = (selectinload(Proposal.attachments),) if cards else ()
    return (load_only(*COLUMNS, raiseload=True), *picture)


def _page(
    session: Session,
    where: Sequence[ColumnElement[bool]],
    wanted: Wanted,
    parameters: Mapping[str, Any],
    among: Sequence[int] | None,
) -> Page[Proposal]:
    """`among`: of few found, their ids; they are sorted. Where more are found, the order's index is walked."""
    if not (wanted.narrowed or wanted.after or wanted.sort is Sort.SHUFFLED):
        return page_from(session, _opening(wanted.sort, cards=wanted.cards), 2, PAGE, parameters)
    few = among is not None and len(among) <= MOST_COUNTED
    narrowed = [Proposal.id.in_(among or [])] if few else where
    query, options = _visible(aside=few).where(*narrowed), _shown(cards=wanted.cards)
    if wanted.sort is Sort.SHUFFLED:
        shuffle = Shuffle.of(wanted.seed)
        return shuffled_page(session, query, shuffle, wanted.after, PAGE, options, parameters)
    return page_of(
        session, query.options(*options), _keys(wanted.sort, mine=wanted.mine), wanted.after, PAGE, parameters
    )


@cache
def _opening(sort: Sort, *, cards: bool) -> Select[Any]:
    """The first page of the whole list: what most readers ask."""
    query = _visible().where(Proposal.submitted_at.is_not(None)).options(*_shown(cards=cards))
    return ordered(query, _keys(sort, mine=False), PAGE)


def _keys(sort: Sort, *, mine: bool) -> tuple[Key, Key]:
    """One's own list has drafts among it, which no index of those handed in knows."""
    moment = func.coalesce(Proposal.submitted_at, Proposal.created_at) if mine else Proposal.submitted_at.expression
    first = Proposal.supports.expression if sort is Sort.SUPPORTED else moment
    return Key(first, descending=True), Key(Proposal.id.expression, descending=True)


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
