"""The table of a call's proposals: one page, whatever the number of rows.

Every order is walked along an index. What a filter finds is read by its own index, up to MOST_COUNTED: so few are sorted. A
filter that finds more is asked of each row while the order's index is walked.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, not_, select
from sqlalchemy.orm import Session, load_only

from crowd.accounts.models import Account
from crowd.core.actor import Actor
from crowd.core.status import ProposalStatus
from crowd.desk.commands import NOBODY, Query, Sort
from crowd.desk.models import Colleague, Label, Labelled
from crowd.proposals.models import Proposal
from crowd.proposals.queries import has_stake
from crowd.rounds.models import Candidate
from crowd.store.paging import Key, Page, page_nearby, page_of
from crowd.store.search import among_hits, hits, in_words, led_by_hits

PAGE = 50
MOST_COUNTED = 1000
COLUMNS = (
    Proposal.public_id,
    Proposal.number,
    Proposal.status,
    Proposal.title,
    Proposal.cost,
    Proposal.language,
    Proposal.in_round,
    Proposal.submitted_at,
    Proposal.correction_due,
    Proposal.files_count,
    Proposal.supports,
    Proposal.comments_count,
)


@dataclass(frozen=True)
class Reviewed:
    """The review round whose reviews the table counts, and how many each proposal needs."""

    round_id: int
    needed: int


@dataclass(frozen=True)
class Scope:
    """Whose table: the call, who looks, the round that is being reviewed if any."""

    call_id: int
    organization_id: int
    actor: Actor
    reviewed: Reviewed | None = None


@dataclass(frozen=True)
class Narrowing:
    """A filter in two forms: `found` selects proposals by its own index, `check` asks it of a row."""

    found: Select[Any]
    check: ColumnElement[bool]


@dataclass(frozen=True)
class Listing:
    """`count` is exact up to MOST_COUNTED; None where the list is not narrowed and the kept counts tell."""

    page: Page[Proposal]
    count: int | None

    @property
    def more(self) -> bool:
        return self.count is not None and self.count > MOST_COUNTED


def list_table(
    session: Session, scope: Scope, query: Query, sort: Sort, cursor: str | None, size: int = PAGE
) -> Listing:
    """One page with its count, in at most two statements; a word of many texts is looked for in the next few rows first."""
    among = found_among(session, scope, query) if query.narrowed else None
    shown = load_only(*COLUMNS, raiseload=True)
    if query.q and among is not None and len(among) > MOST_COUNTED:
        base = narrowed(session, scope, replace(query, q=""), sort).options(shown)
        page = _page_of_many(session, scope, base, query.q, keys_of(sort), cursor, size)
    else:
        statement = narrowed(session, scope, query, sort, among).options(shown)
        page = page_of(session, statement, keys_of(sort), cursor, size)
    return Listing(page, None if among is None else len(among))


def _page_of_many(
    session: Session, scope: Scope, base: Select[Any], words: str, keys: Sequence[Key], cursor: str | None, size: int
) -> Page[Proposal]:
    id_ = Proposal.id.expression
    near = page_nearby(session, base, (id_, in_words("proposal", id_, words)), keys, cursor, size)
    if near is not None:
        return near
    found = led_by_hits(session, "proposal", id_, words, within=scope.call_id)
    return page_of(session, base.where(found), keys, cursor, size)


def found_among(session: Session, scope: Scope, query: Query) -> Sequence[int]:
    """Ids of what the query finds, no further than one beyond MOST_COUNTED."""
    return session.scalars(_found(session, scope, query).limit(MOST_COUNTED + 1)).all()


def narrowed(
    session: Session, scope: Scope, query: Query, sort: Sort, among: Sequence[int] | None = None
) -> Select[Any]:
    """The proposals that the query finds, to be ordered by `keys_of(sort)`. `among`: what `found_among` gave, if it was asked."""
    base = select(Proposal).where(Proposal.submitted_at.is_not(None), *_exact(query))
    if sort is Sort.REVIEWS:
        round_id = scope.reviewed.round_id if scope.reviewed else None
        base = base.join(Candidate, Candidate.proposal_id == Proposal.id)
        base = base.where(Candidate.round_id == round_id, _aside(scope))
    if among is not None and len(among) <= MOST_COUNTED:
        return base.where(_aside(scope), Proposal.id.in_(among))
    narrowings = _narrowings(session, scope, query, along_costs=sort is Sort.COST)
    return base.where(Proposal.call_id == scope.call_id, *(each.check for each in narrowings))


def keys_of(sort: Sort) -> Sequence[Key]:
    table = Proposal.__table__.c
    match sort:
        case Sort.NUMBER:
            return (Key(table.number),)
        case Sort.NEWEST:
            return Key(table.submitted_at, descending=True), Key(table.id, descending=True)
        case Sort.TITLE:
            return Key(table.title_key), Key(table.id)
        case Sort.COST:
            return Key(table.cost_key, descending=True), Key(table.id, descending=True)
        case Sort.SUPPORTS:
            return Key(table.supports, descending=True), Key(table.id, descending=True)
        case Sort.REVIEWS:
            return Key(Candidate.__table__.c.reviews_count), Key(Candidate.__table__.c.proposal_id)


def _found(session: Session, scope: Scope, query: Query) -> Select[Any]:
    """Ids of what the query finds, driven by the first filter's own index."""
    narrowings = _narrowings(session, scope, query)
    every = select(Proposal.id).where(Proposal.call_id == scope.call_id)
    base = narrowings[0].found if narrowings else every
    checks = [each.check for each in narrowings[1:]]
    return base.where(Proposal.submitted_at.is_not(None), *_exact(query), *checks)


def _exact(query: Query) -> list[ColumnElement[bool]]:
    """What the indexes of the orders know beside the call."""
    return [Proposal.status == ProposalStatus(query.status)] if query.status else []


def _aside(scope: Scope) -> ColumnElement[bool]:
    """Of this call; written so that no index of calls is taken where another one is better."""
    return Proposal.call_id + 0 == scope.call_id


def _narrowings(session: Session, scope: Scope, query: Query, *, along_costs: bool = False) -> list[Narrowing]:
    """Words come last: of few rows it is quick to ask whether they are among many hits, not the other way round."""
    found: list[Narrowing] = []
    if query.label:
        found.append(_labelled(scope, query.label))
    if query.colleague:
        found.append(_looked_after(scope, query.colleague))
    if query.lacking:
        found.append(_lacking(scope))
    if query.files:
        found.append(_of_call(scope, Proposal.files_count > 0, Proposal.files_count + 0 > 0))
    if query.cost_from is not None or query.cost_to is not None:
        within = _cost(query, Proposal.cost_key.expression)
        found.append(_of_call(scope, within, within if along_costs else _cost(query, Proposal.cost_key + 0)))
    if query.q:
        found.append(_worded(session, scope, query.q))
    return found


def _worded(session: Session, scope: Scope, words: str) -> Narrowing:
    some = hits(session, "proposal", words, within=scope.call_id)
    found = select(Proposal.id).join(some, some.c.id == Proposal.id)  # all of this call
    check = among_hits(session, "proposal", Proposal.id.expression, words, within=scope.call_id)
    return Narrowing(found, check)


def _cost(query: Query, cost: ColumnElement[int]) -> ColumnElement[bool]:
    """Within the bounds; a proposal without a cost is in none."""
    least = cost >= max(query.cost_from or 0, 0)
    return least if query.cost_to is None else and_(least, cost <= query.cost_to)


def _of_call(scope: Scope, own: ColumnElement[bool], check: ColumnElement[bool]) -> Narrowing:
    """`own`: as an index of the filter's own knows it; `check`: written so that the order's index is taken."""
    return Narrowing(select(Proposal.id).where(Proposal.call_id == scope.call_id, own), check)


def _labelled(scope: Scope, label: str) -> Narrowing:
    """Labels are private: they say nothing of proposals in which the person has a stake."""
    of_label = (
        select(Label.id)
        .where(Label.public_id == label, Label.organization_id == scope.organization_id)
        .scalar_subquery()
    )
    without_stake = not_(has_stake(scope.actor.account_id))
    found = select(Proposal.id).join(Labelled, Labelled.proposal_id == Proposal.id)
    check = exists().where(Labelled.label_id == of_label, Labelled.proposal_id == Proposal.id)
    return Narrowing(
        found.where(Labelled.label_id == of_label, _aside(scope), without_stake), and_(check, without_stake)
    )


def _looked_after(scope: Scope, colleague: str) -> Narrowing:
    without_stake = not_(has_stake(scope.actor.account_id))
    if colleague == NOBODY:
        anybody = exists().where(Colleague.proposal_id == Proposal.id)
        nobody = and_(not_(anybody), without_stake)
        return _of_call(scope, nobody, nobody)
    account = select(Account.id).where(Account.public_id == colleague).scalar_subquery()
    found = select(Proposal.id).join(Colleague, Colleague.proposal_id == Proposal.id)
    check = exists().where(Colleague.account_id == account, Colleague.proposal_id == Proposal.id)
    return Narrowing(
        found.where(Colleague.account_id == account, _aside(scope), without_stake), and_(check, without_stake)
    )


def _lacking(scope: Scope) -> Narrowing:
    """In the round, and with fewer reviews than it asks for."""
    reviewed = scope.reviewed or Reviewed(0, 0)
    few = and_(
        Candidate.round_id == reviewed.round_id,
        Candidate.reviews_count < reviewed.needed,
        Candidate.struck_at.is_(None),
    )
    found = select(Proposal.id).join(Candidate, Candidate.proposal_id == Proposal.id).where(few, _aside(scope))
    return Narrowing(found, exists().where(few, Candidate.proposal_id == Proposal.id))
