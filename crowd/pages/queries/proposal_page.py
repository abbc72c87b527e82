"""One page of a call's proposals, in the order that the address asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, bindparam, exists, func, select
from sqlalchemy.orm import Session, load_only, selectinload
from sqlalchemy.sql.base import ExecutableOption

from crowd.calls.models import Call
from crowd.core.shuffle import Shuffle
from crowd.organizations.models import Organization
from crowd.proposals.models import Proposal, ProposalTag
from crowd.proposals.queries import Shown, shuffled_nearby, shuffled_page, visible_to_viewer
from crowd.store.paging import Key, Page, ordered, page_from, page_nearby, page_of
from crowd.store.search import in_words, led_by_hits

PAGE = 24
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


# What every reader asks is built once; values come as parameters.
@cache
def visible_in_call(*, aside: bool = False) -> Select[Any]:
    """`aside`: written so that no index of the call is taken where a filter's own is better."""
    call = Proposal.call_id + 0 if aside else Proposal.call_id
    return visible_of_call().where(call == bindparam("call", type_=Integer))


@cache
def visible_of_call() -> Select[Any]:
    """Where something else than the call leads to its proposals."""
    return (
        select(Proposal)
        .join(Call, Call.id == Proposal.call_id)
        .join(Organization, Organization.id == Call.organization_id)
        .where(Call.id == bindparam("call", type_=Integer), visible_to_viewer())
    )


def page_of_list(
    session: Session,
    call_id: int,
    where: Sequence[ColumnElement[bool]],
    wanted: Wanted,
    parameters: Mapping[str, Any],
    among: Sequence[int] | None,
) -> Page[Proposal]:
    """`among`: of few found, their ids; they are sorted. Where more are found, the order's index is walked.

    A word of many texts is looked for in the next few rows first.
    """
    if not (wanted.narrowed or wanted.after or wanted.sort is Sort.SHUFFLED):
        return page_from(session, _opening(wanted.sort, cards=wanted.cards), 2, PAGE, parameters)
    few = among is not None and len(among) <= MOST_COUNTED
    narrowed = [Proposal.id.in_(among or [])] if few else [*where, *_tagged(wanted)]
    query = visible_in_call(aside=few).where(*narrowed)
    if few or not wanted.q.strip():
        return _walked(session, query, wanted, parameters)
    found = led_by_hits(session, "proposal", Proposal.id.expression, wanted.q, within=call_id)
    return _nearby(session, query, wanted, parameters) or _walked(session, query.where(found), wanted, parameters)


def _tagged(wanted: Wanted) -> list[ColumnElement[bool]]:
    """Asked while the order's index is walked."""
    if not wanted.tag:
        return []
    return [exists().where(ProposalTag.proposal_id == Proposal.id, ProposalTag.tag == wanted.tag)]


def _walked(session: Session, query: Select[Any], wanted: Wanted, parameters: Mapping[str, Any]) -> Page[Proposal]:
    options = _shown(cards=wanted.cards)
    if wanted.sort is Sort.SHUFFLED:
        shown = Shown(query, PAGE, options, parameters)
        return shuffled_page(session, shown, Shuffle.of(wanted.seed), wanted.after)
    keys = keys_of(wanted.sort, mine=wanted.mine)
    return page_of(session, query.options(*options), keys, wanted.after, PAGE, parameters)


def _nearby(
    session: Session, query: Select[Any], wanted: Wanted, parameters: Mapping[str, Any]
) -> Page[Proposal] | None:
    options, check = _shown(cards=wanted.cards), in_words("proposal", Proposal.id.expression, wanted.q)
    if wanted.sort is Sort.SHUFFLED:
        shown = Shown(query, PAGE, options, parameters)
        return shuffled_nearby(session, shown, check, Shuffle.of(wanted.seed), wanted.after)
    keys, asked = keys_of(wanted.sort, mine=wanted.mine), (Proposal.id.expression, check)
    return page_nearby(session, query.options(*options), asked, keys, wanted.after, PAGE, parameters)


@cache
def _shown(*, cards: bool) -> tuple[ExecutableOption, ...]:
    """What a row shows and no more; cards show a picture too."""
    picture = (selectinload(Proposal.attachments),) if cards else ()
    return (load_only(*COLUMNS, raiseload=True), *picture)


@cache
def _opening(sort: Sort, *, cards: bool) -> Select[Any]:
    """The first page of the whole list: what most readers ask."""
    query = visible_in_call().where(Proposal.submitted_at.is_not(None)).options(*_shown(cards=cards))
    return ordered(query, keys_of(sort, mine=False), PAGE)


def keys_of(sort: Sort, *, mine: bool) -> tuple[Key, Key]:
    """One's own list has drafts among it, which no index of those handed in knows."""
    moment = func.coalesce(Proposal.submitted_at, Proposal.created_at) if mine else Proposal.submitted_at.expression
    first = Proposal.supports.expression if sort is Sort.SUPPORTED else moment
    return Key(first, descending=True), Key(Proposal.id.expression, descending=True)
