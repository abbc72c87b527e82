"""Writing the rules of a vote: each method with what it needs, and nothing else."""

from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from crowd.calls.gates import rules_of
from crowd.calls.models import Call
from crowd.core.checklist import missing
from crowd.core.rules import BudgetRule, CallRules, Electorate, Round, VotingMethod
from crowd.core.selection import vote_faults
from crowd.core.status import CallStatus
from crowd.core.tally.choices import grades_of
from crowd.core.tally.profile import DEFAULT_GRADES
from crowd.store.db import utc_now
from tests.conftest import AsUser
from tests.filling import fields_of
from tests.make import VOTE, make_call, make_member, make_organization, make_rules

pytestmark = pytest.mark.one_database

EVERYTHING = {
    "max_choices": "4",
    "points": "25",
    "grades": "great\nfine\npoor",
    "seats": "3",
    "budget": "9000",
    "budget_rule": "greedy-no-skip",
    "quorum": "50",
    "threshold": "10",
    "member_percent": "40",
}


class Page:
    """The page of the vote's rules, as a manager without script meets it."""

    def __init__(self, client: FlaskClient, call: Call, session: Session) -> None:
        self.client, self.call, self.session = client, call, session
        self.url = f"/calls/{call.public_id}/edit/rounds/crowd"

    def text(self) -> str:
        return unescape(self.client.get(self.url).text)

    def save(self, **changes: str) -> TestResponse:
        return self.client.post(self.url, data=fields_of(self.text()) | {"act": "save"} | changes)

    @property
    def rules(self) -> CallRules:
        self.session.expire_all()
        return rules_of(self.call)

    @property
    def stored(self) -> Round:
        return self.rules.round("crowd")


@pytest.fixture
def page(session: Session, as_user: AsUser) -> Page:
    organization = make_organization()
    vote = replace(VOTE, max_choices=None, secret=True)
    rules = make_rules(None, asks_cost=True)
    call = make_call(organization, replace(rules, rounds=(vote, rules.rounds[1])), status=CallStatus.DRAFT)
    return Page(as_user(make_member(organization)), call, session)


@pytest.mark.parametrize(
    ("method", "kept"),
    [
        (VotingMethod.APPROVAL, {"max_choices": 4, "seats": 3, "threshold": 10, "member_percent": 40}),
        (VotingMethod.STV, {"max_choices": 4, "seats": 3, "threshold": 10}),
        (
            VotingMethod.MAJORITY_JUDGMENT,
            {"grades": ("great", "fine", "poor"), "seats": 3, "threshold": 10, "member_percent": 40},
        ),
        (VotingMethod.QUADRATIC, {"points": 25, "seats": 3, "threshold": 10, "member_percent": 40}),
        (
            VotingMethod.PB_GREEDY,
            {"max_choices": 4, "budget": 9000, "budget_rule": BudgetRule.NO_SKIP, "threshold": 10},
        ),
        (VotingMethod.EQUAL_SHARES, {"max_choices": 4, "budget": 9000, "threshold": 10}),
        (VotingMethod.BRADLEY_TERRY, {"seats": 3}),
    ],
)
def test_of_a_form_filled_in_whole_only_what_the_method_uses_is_stored(
    page: Page, method: VotingMethod, kept: dict[str, Any]
) -> None:
    assert page.save(method=method.value, **EVERYTHING).status_code == 303
    expected = Round("crowd", VOTE.kind, VOTE.stage, VOTE.title, method=method, quorum=50)
    assert page.stored == replace(expected, **kept)
    assert missing(page.rules, utc_now()) == []


@pytest.mark.parametrize("method", VotingMethod)
def test_saving_a_vote_unchanged_changes_nothing(page: Page, method: VotingMethod) -> None:
    page.save(method=method.value, **EVERYTHING)
    stored = page.stored
    assert page.save().status_code == 303
    assert page.stored == stored
    assert list(vote_faults(stored)) == []


def test_what_a_method_still_needs_is_said_beside_its_field_and_in_the_checklist(page: Page) -> None:
    assert page.save(method="quadratic").status_code == 303
    assert page.text().count("“Public vote”: say how many points each ballot has") == 3
    assert page.save(method="pb-equal-shares").status_code == 303
    assert page.text().count("“Public vote”: say the budget that is spent") == 3
    assert [gap.code for gap in missing(page.rules, utc_now())] == ["round_budget"]


def test_grades_left_empty_are_the_usual_ones_in_the_language_of_the_call(page: Page, session: Session) -> None:
    page.save(method="majority-judgment", grades="")
    assert grades_of(page.stored) == DEFAULT_GRADES
    basics = page.url.replace("rounds/crowd", "basics")
    values = fields_of(page.client.get(basics).text) | {"language": "es", "act": "save"}
    assert page.client.post(basics, data=values).status_code == 303
    page.save(method="majority-judgment", grades="")
    assert grades_of(page.stored) == ("excelente", "muy buena", "buena", "aceptable", "insuficiente", "para rechazar")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"secret": "yes", "hidden_counts": ""}, "A secret vote hides its counts until it closes"),
        ({"electorate": "codes", "min_account_days": "30"}, "Whoever votes with a code has no account"),
        ({"electorate": "members", "member_percent": "50"}, "Only members vote here"),
        ({"method": "majority-judgment", "grades": "good\nGood"}, "Two grades or more, each once."),
        ({"method": "cumulative", "points": "0"}, "Write a whole number from 1 to 10000."),
        ({"threshold": "101"}, "Write a whole number from 1 to 100."),
        ({"member_percent": "100"}, "Write a whole number from 1 to 99."),
        ({"quorum": "none"}, "Write a whole number."),
    ],
)
def test_what_contradicts_is_refused_beside_its_field_and_everything_typed_is_kept(
    page: Page, changes: dict[str, str], sentence: str
) -> None:
    before = page.stored
    values = fields_of(page.text()) | {"act": "save", "title": "Typed and kept"} | changes
    answer = page.client.post(page.url, data={name: value for name, value in values.items() if value})
    assert answer.status_code == 422
    assert f"Error: </span>{sentence}" in unescape(answer.text)
    assert fields_of(answer.text)["title"] == "Typed and kept"
    assert page.stored == before


@pytest.mark.parametrize("electorate", ["verified", "members", "invited", "codes"])
def test_the_electorate_and_the_age_of_accounts_are_stored(page: Page, electorate: str) -> None:
    days = "0" if electorate == "codes" else "30"
    assert page.save(electorate=electorate, min_account_days=days).status_code == 303
    assert (page.stored.electorate, page.stored.min_account_days) == (Electorate(electorate), int(days))


def test_an_open_vote_may_show_its_counts(page: Page) -> None:
    values = fields_of(page.text()) | {"act": "save", "secret": "no"}
    del values["hidden_counts"]
    assert page.client.post(page.url, data=values).status_code == 303
    assert (page.stored.secret, page.stored.hides_counts) == (False, False)


def test_both_modes_are_explained_without_promising_more_than_is_kept(page: Page) -> None:
    text = page.text()
    assert "whoever runs the database could watch it while the vote is on" in text
    assert "nothing here keeps a person from showing their ballot to somebody who presses them" in text
    assert "Each ballot is published with the name of its voter once the vote closes" in text


def test_only_comparisons_in_pairs_of_the_whole_field_take_proposals_while_they_are_open(page: Page) -> None:
    assert page.save(method="approval", ideas="y").status_code == 303
    assert not page.stored.ideas
    assert page.save(method="bradley-terry", ideas="y").status_code == 303
    assert page.stored.ideas
    assert "People may add proposals while the vote is open" in page.text()
    refused = page.save(method="bradley-terry", ideas="y", field="best", source="jury", best="3")
    assert refused.status_code == 422
    assert "Only where every proposal found eligible enters may more come" in unescape(refused.text)
