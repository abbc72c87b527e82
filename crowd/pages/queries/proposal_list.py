"""A call's proposals as one person may see them: filtered, sorted, counted, in a constant number of queries."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from crowd.calls.models import Call
from crowd.core.actor import STAFF, Actor
from crowd.core.rules import Round
from crowd.core.status import MemberStatus, ProposalStatus
from crowd.core.subjects import CallFacts
from crowd.pages.queries.proposal_page import (
    MOST_COUNTED,
    Wanted,
    page_of_list,
    visible_in_call,
    visible_of_call,
)
from crowd.pages.queries.proposal_rows import Member, tags_of, teams_of
from crowd.proposals.gates import shown_status
from crowd.proposals.models import Proposal, ProposalTag, Redaction, TeamMember
from crowd.proposals.queries import redactions_of, viewer
from crowd.store.paging import Page
from crowd.store.search import among_hits, hits
from crowd.voting.queries import own_choices
from crowd.web.access import Found

MOST_TAGS = 12
MOST_READ_FOR_TAGS = 300
NOT_COUNTED = frozenset({ProposalStatus.DRAFT, ProposalStatus.WITHDRAWN, ProposalStatus.MERGED})


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
    covered: Mapping[int, Redaction]  # for reviewers who may not know the authors: the texts without names
    tags: Mapping[int, Sequence[str]]
    marks: Mapping[int, int]  # the reader's own, of rounds that are open


def list_proposals(
    session: Session,
    found: Found[Call],
    wanted: Wanted,
    actor: Actor,
    now: datetime,
    *,
    open_rounds: Mapping[int, Round],
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
    page = page_of_list(session, call.id, where, wanted, parameters, among)
    return Listing(
        page=page,
        found=min(count, MOST_COUNTED) if wanted.narrowed else count,
        more=wanted.narrowed and count > MOST_COUNTED,
        facets=facets,
        teams=_teams(session, call, page.items, actor),
        covered=redactions_of(session, [row.id for row in page.items]) if call.id in actor.blind_in else {},
        tags={} if wanted.cards else tags_of(session, page.items),
        marks=_marks(session, page.items, actor, open_rounds),
    )


def _teams(
    session: Session, call: CallFacts, proposals: Sequence[Proposal], actor: Actor
) -> Mapping[int, Sequence[Member]]:
    """Of a reviewer who may not know the authors, only the teams they are in themselves."""
    teams = teams_of(session, proposals)
    if call.id not in actor.blind_in:
        return teams
    return {id_: team for id_, team in teams.items() if any(one.account_id == actor.account_id for one in team)}


@cache
def _by_tag() -> Select[str, int]:
    """Tags of the newest proposals."""
    newest = visible_in_call().where(Proposal.submitted_at.is_not(None)).with_only_columns(Proposal.id)
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


def _among(
    session: Session, call_id: int, wanted: Wanted, where: Sequence[ColumnElement[bool]], parameters: Mapping[str, Any]
) -> Sequence[int]:
    """Ids of what is found, read by a filter's own index, no further than one beyond MOST_COUNTED.

    Words lead where they are alone; of the few rows that another filter finds it is quick to ask whether they are among many hits.
    """
    sought = wanted.q.strip()
    if sought and not (wanted.tag or wanted.mine):
        found = hits(session, "proposal", sought, within=call_id)
        query = visible_of_call().where(*where).join(found, found.c.id == Proposal.id)
    else:
        query = visible_in_call(aside=bool(wanted.mine or wanted.tag)).where(*where)
        if wanted.tag:
            query = query.join(ProposalTag, ProposalTag.proposal_id == Proposal.id).where(ProposalTag.tag == wanted.tag)
        if sought:
            query = query.where(among_hits(session, "proposal", Proposal.id.expression, sought, within=call_id))
    return session.scalars(query.with_only_columns(Proposal.id).limit(MOST_COUNTED + 1), parameters).all()


def _mine(actor: Actor) -> ColumnElement[bool]:
    return Proposal.id.in_(
        select(TeamMember.proposal_id).where(
            TeamMember.account_id == (actor.account_id or -1), TeamMember.status == MemberStatus.ACCEPTED
        )
    )


def _marks(
    session: Session, proposals: Sequence[Proposal], actor: Actor, open_rounds: Mapping[int, Round]
) -> Mapping[int, int]:
    chosen = own_choices(session, open_rounds, actor.account_id)
    return {proposal.id: chosen[proposal.public_id] for proposal in proposals if proposal.public_id in chosen}
