"""The ballot of each kind without script: filled in, drawn anew by its buttons, refused with everything kept, cast, received."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from crowd.core.rules import VotingMethod
from crowd.core.status import ModerationState, ProposalStatus
from crowd.store.db import transaction
from crowd.voting.models import Ballot
from tests.conftest import AsUser
from tests.make import make_account
from tests.voting.conftest import MakeVote, Vote
from tests.voting.test_casting import sign_in, text_of

pytestmark = pytest.mark.one_database

Fields = list[tuple[str, str]]
Fill = Callable[[str], Fields]
"""A ballot with `a`, `b`, `c` for the candidates."""

BUDGET = {"method": VotingMethod.PB_GREEDY, "budget": 100, "max_choices": None}
CREDITS = {"method": VotingMethod.QUADRATIC, "points": 20, "max_choices": None}
DOTS = {"method": VotingMethod.CUMULATIVE, "points": 10, "max_choices": None}
PAIRS = {"method": VotingMethod.BRADLEY_TERRY, "max_choices": None}


@dataclass
class Voter:
    """Somebody at the ballot, whose fields name the candidates `a`, `b`, `c`."""

    client: FlaskClient
    vote: Vote
    session: Session

    def send(self, step: str, *fields: str) -> TestResponse:
        """`fields`: name=value, the keys of candidates as letters."""
        data: dict[str, list[str]] = {}
        for text in fields:
            name, _equals, value = text.partition("=")
            data.setdefault(self.keyed(name), []).append(self.keyed(value))
        return self.client.post(self.vote.at(step) if step else self.vote.url, data=data)

    def keyed(self, text: str) -> str:
        """With public ids in place of letters."""
        keys = dict(zip("abcd", self.vote.keys, strict=False))
        parts = re.split(r"([:-])", text)
        return "".join(keys.get(part, part) for part in parts)

    def lettered(self, text: str) -> str:
        for letter, key in zip("abcd", self.vote.keys, strict=False):
            text = text.replace(key, letter)
        return text

    @property
    def stored(self) -> Any:
        """What the one ballot in the database says."""
        self.session.expire_all()
        texts = self.session.scalars(select(Ballot.choices).where(Ballot.choices.is_not(None))).all()
        return in_order(json.loads(self.lettered(texts[0]))) if texts and texts[0] else None

    def carried(self, answer: TestResponse) -> list[str]:
        """The filled fields of the ballot on a page, letters for keys."""
        return sorted(self.lettered(f"{name}={value}") for name, value in filled(answer.text))


def filled(html: str) -> Fields:
    """What the form of a ballot would send: typed, chosen and hidden, without the token and what was read."""
    found: Fields = []
    for tag in re.findall(r"<input[^>]*>", html):
        given = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        name, value = given.get("name", ""), unescape(given.get("value", ""))
        chosen = given.get("type") not in {"checkbox", "radio"} or re.search(r"\bchecked\b", tag)
        if (
            value
            and chosen
            and name.partition("-")[0] in {"support", "score", "place", "grade", "points", "pair", "passed"}
        ):
            found.append((name, value))
    return found


def in_order(said: Any) -> Any:
    """What has no order of its own, sorted: marks, who shares a place, and pairs that were passed."""
    if "pairs" in said:
        passed = sorted([*sorted(pair), why] for *pair, why in said.get("passed", []))
        return said | ({"passed": passed} if passed else {})
    ((kind, value),) = said.items()
    if kind == "approve":
        return {kind: sorted(value)}
    return {kind: [sorted(tier) for tier in value]} if kind == "rank" else said


def tray_of(answer: TestResponse) -> str:
    found = re.search(r"data-tray[^>]*>(.*?)</p>", answer.text, re.DOTALL)
    assert found is not None
    return text_of(unescape(found[1]))


@pytest.fixture
def voter(make_vote: MakeVote, as_user: AsUser, session: Session) -> Callable[..., Voter]:
    """`voter(method=…)`: at a ballot with four candidates that cost 60, 50, 40 and nothing."""

    def come(**changes: Any) -> Voter:
        vote = make_vote(4, **changes)
        with transaction() as write:
            for proposal, cost in zip(vote.proposals, (60, 50, 40, None), strict=True):
                write.merge(proposal).cost = cost
        return Voter(as_user(make_account()), vote, session)

    return come


WELL_FORMED: list[tuple[dict[str, Any], list[str], Any, str, str]] = [
    (
        {"method": VotingMethod.APPROVAL},
        ["support=a", "support=c"],
        {"approve": ["a", "c"]},
        "You support 2 of up to 3 proposals.",
        "Proposal 3",
    ),
    (
        {"method": VotingMethod.SCORE, "max_choices": None},
        ["score-a=5", "score-b=1", "score-c=0"],
        {"score": {"a": 5, "b": 1}},
        "You give points to 2 proposals.",
        "Proposal 1 5 points Proposal 2 1 point",
    ),
    (
        {"method": VotingMethod.STAR},
        ["score-b=2"],
        {"score": {"b": 2}},
        "You give points to 1 of up to 3 proposals.",
        "Proposal 2 2 points",
    ),
    (
        {"method": VotingMethod.IRV},
        ["place-b=1", "place-a=4", "place-c="],
        {"rank": [["b"], ["a"]]},
        "You rank 2 of up to 3 proposals.",
        "Proposal 2 place 1 Proposal 1 place 2",
    ),
    (
        {"method": VotingMethod.STV, "max_choices": None},
        ["place-d=1"],
        {"rank": [["d"]]},
        "You rank 1 proposal.",
        "Proposal 4 place 1",
    ),
    (
        {"method": VotingMethod.SCHULZE, "max_choices": None},
        ["place-a=2", "place-b=1", "place-c=2"],
        {"rank": [["b"], ["a", "c"]]},
        "You rank 3 proposals.",
        "Proposal 2 place 1",
    ),
    (
        {"method": VotingMethod.MAJORITY_JUDGMENT, "grades": ("yes", "well", "no"), "max_choices": None},
        ["grade-a=3", "grade-b=1", "grade-c="],
        {"grade": {"a": "no", "b": "yes"}},
        "You grade 2 proposals.",
        "Proposal 2 yes Proposal 1 no",
    ),
    (
        DOTS,
        ["points-a=7", "points-b=3", "points-c=0"],
        {"points": {"a": 7, "b": 3}},
        "You have given 10 of 10 dots; 0 are left.",
        "Proposal 1 7 dots Proposal 2 3 dots",
    ),
    (
        CREDITS,
        ["points-a=4", "points-b=1"],
        {"points": {"a": 4, "b": 1}},
        "You have spent 17 of 20 credits; 3 are left.",
        "Proposal 1 4 votes for 16 credits Proposal 2 1 vote for 1 credit",
    ),
    (
        BUDGET,
        ["support=b", "support=c", "support=d"],
        {"approve": ["b", "c", "d"]},
        "Your basket costs 90 EUR of 100 EUR; 10 EUR are left.",
        "40 EUR",
    ),
    (
        {"method": VotingMethod.EQUAL_SHARES, "budget": 100, "max_choices": None},
        ["support=a", "support=c"],
        {"approve": ["a", "c"]},
        "Your basket costs 100 EUR of 100 EUR; 0 EUR are left.",
        "Proposal 1 60 EUR",
    ),
    (
        PAIRS,
        ["pair=a:b", "pair=c:a", "passed=b:c:unknown"],
        {"pairs": [["a", "b"], ["c", "a"]], "passed": [["b", "c", "unknown"]]},
        "You compared 2 pairs.",
        (
            "Proposal 1 is better than Proposal 2 Proposal 3 is better than Proposal 1 "
            "Proposal 2 · Proposal 3 I know too little about them; not counted"
        ),
    ),
]
SAME_FORM = {
    VotingMethod.STAR,
    VotingMethod.STV,
    VotingMethod.SCHULZE,
    VotingMethod.QUADRATIC,
    VotingMethod.EQUAL_SHARES,
}
"""They are filled in on the form of another method."""
FORMS = [case for case in WELL_FORMED if case[0]["method"] not in SAME_FORM]
EACH_FORM = pytest.mark.parametrize(
    ("changes", "fields"), [case[:2] for case in FORMS], ids=[str(case[0]["method"]) for case in FORMS]
)
EACH_KIND = pytest.mark.parametrize(
    ("changes", "fields", "stored", "state", "told"), WELL_FORMED, ids=[str(case[0]["method"]) for case in WELL_FORMED]
)


@EACH_KIND
def test_a_ballot_of_each_kind_is_looked_over_cast_and_received(
    voter: Callable[..., Voter], changes: dict[str, Any], fields: list[str], stored: Any, state: str, told: str
) -> None:
    booth = voter(**changes)
    looked_over = booth.send("review", *fields)
    assert looked_over.status_code == 200
    assert state in text_of(unescape(looked_over.text))
    assert told in text_of(looked_over.text)
    assert booth.stored is None
    cast = booth.send("cast", *booth.carried(looked_over))
    assert cast.status_code == 303
    assert booth.stored == stored
    assert told in text_of(booth.client.get(booth.vote.at("receipt")).text)
    assert tray_of(booth.client.get(booth.vote.url)) == f"{state} Your ballot is cast."


@EACH_KIND
def test_going_back_from_looking_over_keeps_everything(
    voter: Callable[..., Voter], changes: dict[str, Any], fields: list[str], stored: Any, state: str, told: str
) -> None:
    booth = voter(**changes)
    looked_over = booth.carried(booth.send("review", *fields))
    assert booth.carried(booth.send("", *looked_over)) == looked_over
    assert tray_of(booth.send("", *fields)) == f"{state} Not cast yet."


@EACH_FORM
def test_what_a_visitor_filled_in_is_there_after_signing_in(
    make_vote: MakeVote,
    client: FlaskClient,
    session: Session,
    changes: dict[str, Any],
    fields: list[str],
) -> None:
    booth = Voter(client, make_vote(4, **changes), session)
    before = booth.carried(booth.send("", *fields))
    assert booth.send("review", *fields).status_code == 303
    sign_in(client, make_account())
    assert booth.carried(client.get(booth.vote.url)) == before
    assert booth.send("cast", *before).status_code == 303
    assert booth.stored is not None
    booth.send("withdraw")
    assert booth.carried(client.get(booth.vote.url)) == []


@pytest.mark.parametrize(
    "changes", [case[0] for case in WELL_FORMED], ids=[str(case[0]["method"]) for case in WELL_FORMED]
)
def test_each_ballot_says_in_a_sentence_how_it_is_counted_and_shows_an_example(
    voter: Callable[..., Voter], changes: dict[str, Any]
) -> None:
    booth = voter(**changes)
    page = text_of(booth.client.get(booth.vote.url).text)
    assert len(re.findall(r"How it is counted : .{30,}? Show me an example .{30,}", page)) == 1


FAULTS = [
    (
        {"method": VotingMethod.APPROVAL},
        ["support=a", "support=b", "support=c", "support=d"],
        "You chose 4, and at most 3",
    ),
    ({"method": VotingMethod.STAR}, ["score-a=6"], "Points go from 0 to 5."),
    ({"method": VotingMethod.SCORE}, [f"score-{key}=1" for key in "abcd"], "You chose 4, and at most 3"),
    ({"method": VotingMethod.IRV}, ["place-a=1", "place-b=1"], "Two proposals have place 1. Give each place once."),
    ({"method": VotingMethod.STV}, ["place-a=9"], "Places go from 1 to 4."),
    ({"method": VotingMethod.SCHULZE}, ["place-a=first"], "Places go from 1 to 4."),
    (
        {"method": VotingMethod.SCHULZE},
        ["place-a=1", "place-b=1", "place-c=2", "place-d=2"],
        "You chose 4, and at most 3",
    ),
    ({"method": VotingMethod.MAJORITY_JUDGMENT, "max_choices": None}, ["grade-a=7"], "Choose one of the grades."),
    (DOTS, ["points-a=7", "points-b=4"], "Your ballot spends 11, and you have 10."),
    (DOTS, ["points-a=-3"], "Write a whole number from 0 to 10."),
    (CREDITS, ["points-a=4", "points-b=3"], "Your ballot spends 25, and you have 20."),
    (CREDITS, ["points-a=2.5"], "Write a whole number from 0 to 20."),
    (CREDITS, ["points-a=many", "points-b=5"], "Your ballot spends 25, and you have 20."),
    (BUDGET, ["support=a", "support=b"], "What you chose costs 110 EUR, and the budget is 100 EUR."),
    ({**BUDGET, "max_choices": 1}, ["support=b", "support=c"], "You chose 2, and at most 1 may be chosen."),
    (PAIRS, ["pair=a:a"], "A proposal was compared with itself."),
    (PAIRS, ["pair=a:b", "pair=b:a"], "Two proposals were compared twice."),
    (PAIRS, ["pair=a:b", "passed=b:a:equal"], "Two proposals were compared twice."),
    (PAIRS, ["passed=a:a:equal"], "A proposal was compared with itself."),
    (PAIRS, ["passed=a:nobody:equal"], "The list of candidates has changed since you opened it."),
    (PAIRS, ["pair=a:nobody"], "The list of candidates has changed since you opened it."),
    (DOTS, ["points-nobody=1"], "The list of candidates has changed since you opened it."),
]


@pytest.mark.parametrize(
    ("changes", "fields", "sentence", "step"),
    [*((*fault, "review") for fault in FAULTS), *((*fault, "cast") for fault in FAULTS[::4])],
)
def test_a_ballot_that_is_not_well_formed_comes_back_as_it_was_with_the_reason(
    voter: Callable[..., Voter], changes: dict[str, Any], fields: list[str], sentence: str, step: str
) -> None:
    booth = voter(**changes)
    answer = booth.send(step, *fields)
    assert answer.status_code == 422
    assert sentence in text_of(unescape(answer.text))
    drawn = [
        field for field in fields if "nobody" not in field and "grade-a=7" not in field and "score-a=6" not in field
    ]
    assert booth.carried(answer) == sorted(drawn)
    assert booth.stored is None


@pytest.mark.parametrize(
    ("changes", "fields", "faulty"),
    [
        ({"method": VotingMethod.IRV}, ["place-a=1", "place-b=1", "place-c=2"], ["a", "b"]),
        (DOTS, ["points-a=3", "points-c=lots"], ["c"]),
        ({"method": VotingMethod.STAR}, ["score-b=6"], ["b"]),
    ],
)
def test_a_fault_of_one_row_stands_beside_it(
    voter: Callable[..., Voter], changes: dict[str, Any], fields: list[str], faulty: list[str]
) -> None:
    booth = voter(**changes)
    answer = booth.send("review", *fields)
    assert sorted(booth.lettered(key) for key in re.findall(r'id="fault-(\w+)"', answer.text)) == faulty


@pytest.mark.parametrize(
    ("changes", "fields", "act", "after"),
    [
        ({"method": VotingMethod.IRV}, ["place-a=1"], "add:b", ["place-a=1", "place-b=2"]),
        ({"method": VotingMethod.IRV}, ["place-a=1", "place-b=2"], "up:b", ["place-a=2", "place-b=1"]),
        ({"method": VotingMethod.IRV}, ["place-a=1", "place-b=2"], "off:a", ["place-b=1"]),
        ({"method": VotingMethod.SCHULZE}, ["place-a=1", "place-b=2"], "join:b", ["place-a=1", "place-b=1"]),
        ({"method": VotingMethod.SCHULZE}, ["place-a=1"], "burn:a", ["place-a=1"]),
        (DOTS, ["points-a=1"], "more:a", ["points-a=2"]),
        (CREDITS, ["points-a=1"], "fewer:a", []),
        (CREDITS, [], "fewer:a", []),
        (PAIRS, ["pair=a:b"], "prefer:d:c", ["pair=a:b", "pair=d:c"]),
        (PAIRS, ["pair=a:b"], "prefer:b:a", ["pair=b:a"]),
        (PAIRS, ["pair=a:b", "passed=c:d:equal"], "again:c:d", ["pair=a:b"]),
        (PAIRS, ["pair=a:b"], "again:b:a", []),
        (PAIRS, ["pair=a:b"], "prefer:nonsense", ["pair=a:b"]),
    ],
)
def test_the_buttons_of_a_ballot_work_without_script(
    voter: Callable[..., Voter], changes: dict[str, Any], fields: list[str], act: str, after: list[str]
) -> None:
    booth = voter(**changes)
    assert booth.carried(booth.send("", *fields, f"act={act}")) == after


def test_who_cannot_decide_says_why_and_is_asked_something_else(voter: Callable[..., Voter]) -> None:
    booth = voter(**PAIRS)
    page = booth.client.get(booth.vote.url)
    (act,) = re.findall(r'value="(pass:[^"]+)"', page.text)
    after = booth.send("", f"act={booth.lettered(act)}", "why=unlike")
    assert booth.carried(after) == [booth.lettered(f"passed={act.removeprefix('pass:')}:unlike")]
    assert "They cannot be compared; not counted" in text_of(after.text)
    assert act not in after.text


def test_why_one_could_not_decide_is_cast_with_the_ballot_and_there_again_to_change(
    voter: Callable[..., Voter],
) -> None:
    booth = voter(**PAIRS)
    assert booth.send("cast", "pair=a:b", "passed=d:c:unlike", "passed=c:a:equal").status_code == 303
    assert booth.stored == {"pairs": [["a", "b"]], "passed": [["a", "c", "equal"], ["c", "d", "unlike"]]}
    page = booth.client.get(booth.vote.url)
    again = [field for field in booth.carried(page) if field.startswith("passed=")]
    assert {(frozenset(field.split("=")[1].split(":")[:2]), field.rsplit(":", 1)[1]) for field in again} == {
        (frozenset("ac"), "equal"),
        (frozenset("cd"), "unlike"),
    }
    assert "Your ballot is cast." in tray_of(page)
    changed = booth.send("", *booth.carried(page), "act=prefer:c:d")
    assert "This change is not cast yet." in tray_of(changed)
    assert booth.send("cast", *booth.carried(changed)).status_code == 303
    assert booth.stored == {"pairs": [["a", "b"], ["c", "d"]], "passed": [["a", "c", "equal"]]}


def test_the_same_answers_are_the_same_ballot_in_whatever_order_they_were_passed(voter: Callable[..., Voter]) -> None:
    booth = voter(**PAIRS)
    booth.send("cast", "passed=d:c:unlike", "passed=c:a:equal")
    first = booth.session.scalar(select(Ballot.acts))
    booth.send("cast", "passed=a:c:equal", "passed=c:d:unlike")
    booth.session.expire_all()
    assert booth.session.scalar(select(Ballot.acts)) == first == 1


def test_every_pair_is_asked_about_until_none_is_left(voter: Callable[..., Voter]) -> None:
    booth = voter(**PAIRS)
    page, said = booth.client.get(booth.vote.url), 0
    while acts := re.findall(r'value="(prefer:[^"]+)"', page.text):
        page, said = booth.send("", *booth.carried(page), f"act={booth.lettered(acts[0])}"), said + 1
    assert said == 6
    assert "You have seen every pair." in page.text
    assert booth.send("cast", *booth.carried(page)).status_code == 303
    assert len(booth.stored["pairs"]) == 6


def test_a_row_says_what_one_more_vote_costs_and_why_something_no_longer_fits(voter: Callable[..., Voter]) -> None:
    spending = voter(**CREDITS)
    page = text_of(spending.send("", "points-a=1", "points-b=3").text)
    assert "1 vote costs 1 credit; one more costs 3." in page
    assert "3 votes cost 9 credits; one more costs 7." in page
    assert page.count("The first vote costs 1 credit.") == 2
    basket = voter(**BUDGET)
    page = text_of(basket.send("", "support=a").text)
    assert page.count("Does not fit any more: 40 EUR are left, 10 EUR too little.") == 1


@EACH_FORM
def test_whoever_left_stands_without_a_control_and_who_is_hidden_cannot_be_chosen_anew(
    voter: Callable[..., Voter], changes: dict[str, Any], fields: list[str]
) -> None:
    booth = voter(**changes)
    with transaction() as write:
        write.merge(booth.vote.proposals[0]).status = ProposalStatus.WITHDRAWN
        hidden = write.merge(booth.vote.proposals[1])
        hidden.moderation, hidden.hidden_reason = ModerationState.HIDDEN, "Spam."
    page = booth.client.get(booth.vote.url).text
    named = re.findall(r'(?:name|value)="(?:support|score-|place-|points-|grade-|prefer:)?([^"]*)"', page)
    for key in booth.vote.keys[:2]:
        assert not [name for name in named if key in name.split(":")[:2] and not name.endswith(":1")]


def test_one_may_add_a_proposal_while_comparing_only_where_that_is_still_open(voter: Callable[..., Voter]) -> None:
    booth = voter(**PAIRS)
    assert "Add your own proposal" not in booth.client.get(booth.vote.url).text


def test_the_usual_grades_are_offered_in_the_readers_language(make_vote: MakeVote, client: FlaskClient) -> None:
    vote = make_vote(4, method=VotingMethod.MAJORITY_JUDGMENT, max_choices=None)
    page = client.get(vote.url, headers={"Accept-Language": "es"}).text
    assert page.count("<span>muy buena</span>") == 4
    assert "very good" not in page
