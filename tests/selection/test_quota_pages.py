"""Quotas and the reserve from the editor of a call to its results."""

import json

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.core.rules import Component, Quota, SelectionRules, from_data
from crowd.core.status import CallStatus, Outcome
from crowd.proposals.models import Proposal, ProposalTag
from crowd.selection.models import PublishedResult
from crowd.store.db import transaction
from tests.conftest import AsUser
from tests.filling import fields_of
from tests.make import make_call, make_member, make_organization, make_rules
from tests.selection.rows import decided_call, make_verdict
from tests.selection.test_publish import publish

pytestmark = pytest.mark.one_database

PARTS = (Component("crowd", 40), Component("jury", 60))


def tagged_call() -> tuple[Call, list[Proposal], Account]:
    rules = SelectionRules(components=PARTS, places=2, quotas=(Quota("health", most=1),), reserve=1)
    organization = make_organization()
    call, proposals = decided_call(organization, selection=rules)
    with transaction() as writing:
        writing.add_all(ProposalTag(proposal_id=row.id, tag="Health") for row in proposals[:2])
    return call, proposals, make_member(organization)


def test_the_editor_keeps_quotas_reserve_and_kinds_of_reasons(session: Session, as_user: AsUser) -> None:
    organization = make_organization()
    call = make_call(organization, make_rules(None), status=CallStatus.DRAFT)
    client = as_user(make_member(organization))
    url = f"/calls/{call.public_id}/edit/deciding"
    grown = client.post(url, data=fields_of(client.get(url).text) | {"act": "add-quota"})
    row = {"quotas-0-tag": "health", "quotas-0-least": "1", "quotas-0-most": "2"}
    rest = {"reserve": "3", "reasons": "Too costly\nAlready done", "act": "save"}
    assert client.post(url, data=fields_of(grown.text) | row | rest).status_code == 303
    session.expire_all()
    kept = from_data(SelectionRules, dict(session.get_one(Call, call.id).draft)["selection"])
    assert kept.quotas == (Quota("health", 1, 2),)
    assert (kept.reserve, kept.reasons) == (3, ("Too costly", "Already done"))
    faulty = client.post(url, data=fields_of(client.get(url).text) | {"quotas-0-most": "0", "act": "save"})
    assert (faulty.status_code, "This is fewer than the least." in faulty.text) == (422, True)


def test_the_room_says_for_which_quota_a_proposal_is_passed_over_and_who_is_in_reserve(
    session: Session, as_user: AsUser
) -> None:
    call, proposals, manager = tagged_call()
    page = as_user(manager).get(f"/calls/{call.public_id}/decisions").text
    assert "passed over: the quota of 1 for “health” was full; reserve by the numbers" in page
    form = fields_of(as_user(manager).get(f"/proposals/{proposals[1].public_id}/verdict").text)
    assert form["outcome"] == "reserve"


def test_a_selection_off_its_quota_asks_for_a_justification_and_results_tell_who_was_passed_over(
    session: Session, as_user: AsUser, client: FlaskClient
) -> None:
    call, proposals, manager = tagged_call()
    outcomes = [Outcome.SELECTED, Outcome.RESERVE, Outcome.SELECTED, Outcome.NOT_SELECTED]
    for proposal, outcome in zip(proposals, outcomes, strict=True):
        make_verdict(proposal, outcome, manager, reason="For this reason.")
    staff = as_user(manager)
    assert publish(staff, call).status_code == 303
    record = json.loads(session.scalars(select(PublishedResult.result)).one())
    assert record["line"]["reserve"] == [proposals[1].public_id]
    assert record["line"]["passed_over"] == [
        {"proposal": proposals[1].public_id, "why": "quota_full", "quotas": ["health"]}
    ]
    page = client.get(f"/calls/{call.public_id}/results").text
    assert "passed over: the quota of 1 for “health” was full" in page
    assert "Of those selected at most 1 carry the tag “health”. The next 1 stands in reserve." in page


def test_a_quota_that_is_not_kept_is_named_before_publishing(session: Session, as_user: AsUser) -> None:
    call, proposals, manager = tagged_call()
    outcomes = [Outcome.SELECTED, Outcome.SELECTED, Outcome.RESERVE, Outcome.NOT_SELECTED]
    for proposal, outcome in zip(proposals, outcomes, strict=True):
        make_verdict(proposal, outcome, manager, reason="For this reason.")
    refused = publish(as_user(manager), call)
    assert refused.status_code == 422
    assert "“health”: 2 selected, at most 1 allowed" in refused.text
    assert publish(as_user(manager), call, justification="Both are needed.").status_code == 303
