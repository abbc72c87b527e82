"""A ballot opened before two proposals were merged: what it gave the one goes to the other, the voter is told, and nothing is lost."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from crowd.core.rules import VotingMethod
from crowd.core.status import OrganizationRole
from crowd.core.tally.choices import Choices
from crowd.organizations.gates import actor_of
from crowd.store.db import transaction, utc_now
from crowd.voting.actions import cast_paper, fill_in
from crowd.voting.gates import poll_of
from tests.conftest import AsUser
from tests.make import make_account, make_member, round_row
from tests.voting import test_ballot_forms
from tests.voting.conftest import MakeVote, Vote, marks_in
from tests.voting.test_ballot_forms import BUDGET, CREDITS, DOTS, PAIRS, Voter
from tests.voting.test_casting import text_of

pytestmark = pytest.mark.one_database

voter = test_ballot_forms.voter
NewVoter = Callable[..., Voter]
TOLD = "“Proposal 2” was merged into “Proposal 1” while your ballot lay open"
KINDS: list[tuple[dict[str, Any], list[str], Any]] = [
    ({"method": VotingMethod.APPROVAL}, ["support=b", "support=c"], {"approve": ["a", "c"]}),
    ({"method": VotingMethod.APPROVAL}, ["support=a", "support=b"], {"approve": ["a"]}),
    ({"method": VotingMethod.SCORE, "max_choices": None}, ["score-a=2", "score-b=5"], {"score": {"a": 5}}),
    ({"method": VotingMethod.STAR, "max_choices": None}, ["score-b=4", "score-c=1"], {"score": {"a": 4, "c": 1}}),
    (
        {"method": VotingMethod.IRV, "max_choices": None},
        ["place-b=1", "place-c=2", "place-a=3"],
        {"rank": [["a"], ["c"]]},
    ),
    (
        {"method": VotingMethod.SCHULZE, "max_choices": None},
        ["place-c=1", "place-b=1", "place-d=2"],
        {"rank": [["a", "c"], ["d"]]},
    ),
    (
        {"method": VotingMethod.MAJORITY_JUDGMENT, "max_choices": None},
        ["grade-b=1", "grade-a=4"],
        {"grade": {"a": "excellent"}},
    ),
    (DOTS, ["points-a=3", "points-b=4"], {"points": {"a": 7}}),
    (CREDITS, ["points-a=1", "points-b=3"], {"points": {"a": 3}}),
    (BUDGET, ["support=b", "support=c"], {"approve": ["a", "c"]}),
    (PAIRS, ["pair=b:c", "pair=a:b", "passed=b:d:equal"], {"pairs": [["a", "c"]]}),
]


def merge(as_user: AsUser, vote: Vote, source: int = 1, target: int = 0) -> None:
    """The second proposal into the first."""
    manager = as_user(make_member(vote.organization, OrganizationRole.MANAGER))
    data = {"into": f"#{vote.proposals[target].number}", "reason": "Both ask for the same bench."}
    assert manager.post(f"/proposals/{vote.keys[source]}/merge", data=data).status_code == 303


@pytest.mark.parametrize(("rules", "fields", "kept"), KINDS)
def test_what_was_given_to_the_merged_one_counts_for_the_other_and_the_voter_reads_so(
    voter: NewVoter, as_user: AsUser, rules: dict[str, Any], fields: list[str], kept: Any
) -> None:
    person = voter(**rules)
    merge(as_user, person.vote)
    assert person.send("cast", *fields).status_code == 303
    assert person.stored == kept
    receipt = text_of(person.client.get(person.vote.at("receipt")).text)
    assert f"{TOLD}, so your vote counts for “Proposal 1”." in receipt


@pytest.mark.both_databases
def test_looking_over_shows_the_other_in_its_place_before_anything_is_cast(voter: NewVoter, as_user: AsUser) -> None:
    person = voter(method=VotingMethod.APPROVAL)
    merge(as_user, person.vote)
    for step in ("review", ""):
        answer = person.send(step, "support=b", "support=d")
        assert TOLD in text_of(answer.text)
        assert person.carried(answer) == ["support=a", "support=d"]
    assert person.stored is None


def test_a_ballot_that_no_longer_fits_comes_back_with_what_was_chosen(voter: NewVoter, as_user: AsUser) -> None:
    """The first costs more than the one that was merged into it, so the basket is too full."""
    person = voter(**BUDGET)
    merge(as_user, person.vote, source=3, target=0)
    answer = person.send("cast", "support=d", "support=b")
    assert answer.status_code == 422
    said = text_of(answer.text)
    assert "“Proposal 4” was merged into “Proposal 1” while your ballot lay open." in said
    assert "What you chose costs" in said
    assert person.carried(answer) == ["support=a", "support=b"]
    assert person.stored is None


def test_what_was_merged_twice_is_followed_to_the_end(voter: NewVoter, as_user: AsUser) -> None:
    person = voter(method=VotingMethod.APPROVAL)
    merge(as_user, person.vote, source=1, target=2)
    merge(as_user, person.vote, source=2, target=0)
    person.send("cast", "support=b")
    assert person.stored == {"approve": ["a"]}


@pytest.mark.both_databases
def test_a_merge_between_filling_in_and_the_lock_is_followed_too(
    make_vote: MakeVote, as_user: AsUser, session: Session
) -> None:
    vote = make_vote(3)
    actor = actor_of(session, make_account().id)
    row = round_row(vote.call)
    paper = fill_in(session, poll_of(session, row.id), Choices({vote.keys[1]: 1}), {})
    session.commit()
    merge(as_user, vote)
    with transaction() as write:
        done = cast_paper(write, paper, actor=actor, clock=utc_now)
    assert done.merged == {vote.keys[1]: vote.keys[0]}
    assert marks_in(session) == [{vote.keys[0]: 1}]
