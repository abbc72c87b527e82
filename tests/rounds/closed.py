"""Closed votes of every method, with ballots as they are kept, for the pages that tell of their counts."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from crowd.calls.models import Call
from crowd.core.rules import BUDGET_METHODS, CallRules, Component, CountRule, SelectionRules, VotingMethod
from crowd.core.status import StageKind
from crowd.core.tally.choices import KIND_OF, Choices, Why, choices_data
from crowd.core.tally.profile import Kind
from crowd.organizations.models import Organization
from crowd.proposals.models import Proposal
from crowd.store.db import transaction, utc_now
from crowd.store.types import new_public_id
from crowd.voting.models import Ballot, SetAside, Voter
from tests.make import (
    VOTE,
    make_account,
    make_call,
    make_organization,
    make_proposal,
    make_rules,
    move_stages,
    open_all,
    round_row,
)

Said = Mapping[int, int] | Sequence[tuple[int, int] | tuple[int, int, Why]]
"""What a ballot says of proposals by their place, or pairs (winner, loser), some with the reason why neither is better."""

USUAL: Mapping[Kind, Sequence[Said]] = {
    Kind.APPROVE: [{0: 1, 1: 1}, {0: 1, 1: 1}, {0: 1, 2: 1}, {0: 1}],
    Kind.RANK: [{0: 1, 1: 2}, {0: 1, 1: 2}, {0: 1, 2: 2}, {1: 1, 0: 2}, {2: 1, 0: 2}],
    Kind.SCORE: [{0: 5, 1: 3}, {0: 4, 1: 4}, {0: 5, 2: 1}],
    Kind.GRADE: [{0: 1, 1: 3}, {0: 2, 1: 3}, {0: 1, 1: 4}],
    Kind.POINTS: [{0: 3, 1: 1}, {0: 2, 1: 2}, {0: 3}],
    Kind.PAIR: [[(0, 1), (0, 2), (1, 2)]] * 9,
}


@dataclass(frozen=True)
class Closed:
    call: Call
    proposals: list[Proposal]
    organization: Organization

    @property
    def url(self) -> str:
        return f"/calls/{self.call.public_id}/rounds/crowd"

    @property
    def keys(self) -> list[str]:
        return [proposal.public_id for proposal in self.proposals]


def rules_of(
    method: VotingMethod, *, elects: bool = False, call: Mapping[str, Any] | None = None, **changes: Any
) -> CallRules:
    """A call with one vote by this method; `elects`: that alone decides."""
    needed: dict[str, Any] = {"budget": 10} if method in BUDGET_METHODS else {"seats": 1}
    needed |= {"points": 20} if KIND_OF[method] is Kind.POINTS else {}
    round_ = replace(VOTE, method=method, max_choices=None, **(needed | changes))
    rules = make_rules(StageKind.VOTING, asks_cost=method in BUDGET_METHODS, **(call or {}))
    rules = replace(rules, rounds=(round_, *rules.rounds[1:]))
    alone = SelectionRules((Component("crowd", 100),), count=CountRule.ELECTED)
    return replace(rules, selection=alone) if elects else rules


def closed_vote(
    method: VotingMethod,
    ballots: Sequence[Said] | None = None,
    *,
    titles: Sequence[str] = ("Ash", "Birch", "Cedar"),
    set_aside: Sequence[int] = (),
    members: Sequence[bool] = (),
    **more: Any,
) -> Closed:
    """Over, with these ballots, and not counted yet: the first who looks does that. `set_aside`: places of ballots."""
    rules = rules_of(method, **more)
    organization, author = make_organization(), make_account("Iris Okafor")
    call = make_call(organization, rules)
    proposals = [make_proposal(call, author, title=title, cost=4 + place) for place, title in enumerate(titles)]
    open_all(call)
    cast = USUAL[KIND_OF[method]] if ballots is None else ballots
    keys = [proposal.public_id for proposal in proposals]
    with transaction() as session:
        round_id = round_row(call).id
        for place, said in enumerate(cast):
            key = new_public_id()
            text = json.dumps(choices_data(_choices(said, keys), rules.rounds[0]))
            member = members[place] if members else None
            session.add(Voter(round_id=round_id, voter_ref=key, cast_at=utc_now(), ballot=key))
            session.add(Ballot(round_id=round_id, key=key, choices=text, acts=1, member=member))
            if place in set_aside:
                session.add(SetAside(round_id=round_id, ballot=key, reason="Cast twice.", at=utc_now()))
    move_stages(call, timedelta(days=6))
    return Closed(call, proposals, organization)


def _choices(said: Said, keys: Sequence[str]) -> Choices:
    if isinstance(said, Mapping):
        return Choices({keys[place]: mark for place, mark in said.items()})
    return Choices(
        pairs=tuple((keys[pair[0]], keys[pair[1]]) for pair in said if len(pair) == 2),
        passed=tuple(((keys[pair[0]], keys[pair[1]]), pair[2]) for pair in said if len(pair) == 3),
    )
