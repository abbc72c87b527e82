"""What the address asks of the table, and the table it is asked of."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import request

from crowd.calls.models import Call
from crowd.core.actor import Actor
from crowd.core.rules import RoundKind
from crowd.core.subjects import CallFacts
from crowd.desk.commands import Column, Query, Sort
from crowd.desk.queries import Scope, reviewed_round
from crowd.store.db import db, utc_now
from crowd.voting.queries import shows_supports
from crowd.web.access import Found, current_actor

ME = "me"


@dataclass(frozen=True)
class Asked:
    """A query as this person may ask it of this call now."""

    scope: Scope
    query: Query
    sort: Sort
    sorts: tuple[Sort, ...]
    columns: tuple[Column, ...]  # that there are for this person in this call


def asked_of(found: Found[Call], values: Mapping[str, Any] | None = None) -> Asked:
    """From the address, or from `values`."""
    actor, facts = current_actor(), found.facts
    scope = Scope(found.row.id, found.row.organization_id, actor, reviewed_round(db.session(), facts))
    query = _own(Query.of(request.args if values is None else values), actor)
    sorts = tuple(_sorts(facts, scope))
    sort = Sort(query.sort) if query.sort in sorts else Sort.NUMBER
    return Asked(scope, query, sort, sorts, tuple(_columns(facts, scope)))


def _own(query: Query, actor: Actor) -> Query:
    """`me` in an address, so that a link in a mail or a shared filter fits whoever follows it."""
    return replace(query, colleague=actor.public_id) if query.colleague == ME else query


def supports_shown(facts: CallFacts) -> bool:
    """Hidden counts are hidden from everybody, here as elsewhere."""
    votes = any(round_.kind is RoundKind.VOTE for round_ in facts.rules.rounds)
    return votes and shows_supports(facts, utc_now())


def _sorts(facts: CallFacts, scope: Scope) -> Iterator[Sort]:
    """Nothing is sorted by what may not be seen or is not there."""
    yield from (Sort.NUMBER, Sort.NEWEST, Sort.TITLE)
    if facts.rules.asks_cost:
        yield Sort.COST
    if scope.reviewed is not None:
        yield Sort.REVIEWS
    if supports_shown(facts):
        yield Sort.SUPPORTS


def _columns(facts: CallFacts, scope: Scope) -> Iterator[Column]:
    lacking = {
        Column.COST: not facts.rules.asks_cost,
        Column.REVIEWS: scope.reviewed is None,
        Column.SUPPORTS: not supports_shown(facts),
    }
    yield from (column for column in Column if not lacking.get(column, False))
