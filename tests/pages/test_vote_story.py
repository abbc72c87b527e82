"""The call's page tells how each kind of vote is held, in words."""

from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from crowd.core.rules import BudgetRule, Electorate, VotingMethod
from tests.make import VOTE, make_call, make_rules

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("session")]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"max_choices": 1}, "Each may support one proposal."),
        ({"method": VotingMethod.STAR}, "of the best two, the one that more ballots prefer wins."),
        ({"method": VotingMethod.IRV}, "Each ranks up to 3 proposals. The last goes out"),
        ({"method": VotingMethod.STV, "seats": 4}, "what is too much moves on. 4 are elected."),
        ({"method": VotingMethod.SCHULZE, "max_choices": None}, "Each ranks the proposals, as many as they like."),
        ({"method": VotingMethod.MAJORITY_JUDGMENT, "grades": ("yes", "no")}, "gives every proposal a grade (yes, no)"),
        ({"method": VotingMethod.CUMULATIVE, "points": 10}, "Each spreads 10 dots"),
        (
            {"method": VotingMethod.QUADRATIC, "points": 100},
            "Each has 100 credits; n votes for one proposal cost n × n",
        ),
        ({"method": VotingMethod.PB_GREEDY, "budget": 9000}, "what no longer fits is passed over."),
        (
            {"method": VotingMethod.PB_GREEDY, "budget": 9000, "budget_rule": BudgetRule.NO_SKIP},
            "9,000 EUR pays for. The most supported are paid for in turn, up to the first that no longer fits.",
        ),
        ({"method": VotingMethod.EQUAL_SHARES, "budget": 9000}, "Every voter decides over the same part of the money."),
        ({"method": VotingMethod.BRADLEY_TERRY}, "Each compares two proposals at a time"),
        (
            {"method": VotingMethod.BRADLEY_TERRY, "ideas": True},
            "While it is open people may hand in more proposals; those found eligible join the comparisons.",
        ),
        ({"electorate": Electorate.INVITED, "min_account_days": 30}, "An account must be at least 30 days old."),
        ({"quorum": 50, "threshold": 5}, "With fewer than 50 ballots nobody is elected. Whoever is elected is named"),
        ({"member_percent": 40}, "The ballots of members weigh 40 % together, all others 60 %."),
        ({"secret": True}, "Secret: ballots and names are kept apart. Counts stay hidden until the vote closes."),
        ({"secret": False, "hidden_counts": False}, "Open: ballots are published with names.</p>"),
    ],
)
def test_the_steps_say_how_one_votes_and_what_is_known_of_it(
    client: FlaskClient, changes: dict[str, Any], words: str
) -> None:
    rules = make_rules(asks_cost=True)
    call = make_call(rules=replace(rules, rounds=(replace(VOTE, **changes), rules.rounds[1])))
    assert words in client.get(f"/calls/{call.public_id}").text
