"""Objecting to results: by those who took part, in time, answered in public by somebody who did not decide."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.core.rules import SelectionRules
from crowd.core.status import ObjectionKind, ObjectionStatus, Outcome, StageKind
from crowd.mailing.models import Mail
from crowd.objections.jobs import settle_results
from crowd.objections.models import Objection
from crowd.organizations.models import Organization
from crowd.proposals.models import Proposal
from crowd.store.db import transaction, utc_now
from crowd.store.types import new_public_id
from crowd.voting.models import Voter
from tests.conftest import AsUser, Drain
from tests.make import (
    VOTE,
    make_account,
    make_call,
    make_member,
    make_organization,
    make_proposal,
    make_rules,
    move_stages,
    round_row,
    schedule,
)
from tests.selection.rows import make_verdict
from tests.selection.test_publish import publish

pytestmark = pytest.mark.one_database

KINDS = (
    StageKind.SUBMISSION,
    StageKind.VOTING,
    StageKind.REVIEW,
    StageKind.SELECTION,
    StageKind.OBJECTION,
    StageKind.RESULTS,
)


@dataclass
class Place:
    call: Call
    proposal: Proposal
    decider: Account
    other: Account
    entrant: Account
    voter: Account
    stranger: Account


@pytest.fixture
def place(session: Session, as_user: AsUser) -> Place:
    """Published results in the middle of their objection stage; `decider` decided and published, `other` did not."""
    organization = make_organization()
    decider, other = make_member(organization), make_member(organization)
    call = make_call(
        organization,
        make_rules(
            stages=schedule(StageKind.SELECTION, kinds=KINDS), rounds=(VOTE,), selection=SelectionRules(places=1)
        ),
    )
    entrant, voter = make_account("Inés Vidal"), make_account("Olu Adeyemi")
    proposal = make_proposal(call, entrant)
    make_verdict(proposal, Outcome.NOT_SELECTED, decider)
    publish(as_user(decider), call)
    move_stages(call, timedelta(days=10))
    with transaction() as writing:
        writing.get_one(Call, call.id).results_published_at = utc_now() - timedelta(days=6)
        writing.add(Voter(round_id=round_row(call).id, account_id=voter.id, cast_at=utc_now()))
    return Place(call, proposal, decider, other, entrant, voter, make_account("Sam Reyes"))


def objection(place: Place, author: Account | None = None, *, whole: bool = False, **more: object) -> Objection:
    values = {"kind": ObjectionKind.FACTS, "text": "The bench is in the plan on page 4.", "filed_at": utc_now()}
    with transaction() as session:
        row = Objection(
            public_id=new_public_id(),
            call_id=place.call.id,
            proposal_id=None if whole else place.proposal.id,
            author_id=(author or place.entrant).id,
            **{**values, **more},
        )
        session.add(row)
    return row


def later(place: Place) -> None:
    """Ten days pass: the time to object is over."""
    move_stages(place.call, timedelta(days=10))
    with transaction() as session:
        session.get_one(Call, place.call.id).results_published_at = utc_now() - timedelta(days=16)


def form(place: Place, **changes: str) -> dict[str, str]:
    return {"proposal": place.proposal.public_id, "kind": "facts", "text": "The bench is in the plan.", **changes}


def address(place: Place) -> str:
    return f"/calls/{place.call.public_id}/objections"


def statuses(session: Session) -> list[ObjectionStatus]:
    session.expire_all()
    return list(session.scalars(select(Objection.status).order_by(Objection.id)))


def test_whoever_handed_in_or_voted_may_object_and_others_are_told_why_not(place: Place, as_user: AsUser) -> None:
    for account, status in ((place.entrant, 303), (place.voter, 303), (place.stranger, 403), (place.other, 403)):
        answer = as_user(account).post(f"{address(place)}/new", data=form(place, text=f"Words of {account.name}"))
        assert answer.status_code == status
    page = as_user(place.stranger).get(f"{address(place)}/new")
    assert page.status_code == 403
    assert "Objections are open to those who handed in a proposal or voted here." in page.text


def test_the_results_say_that_they_are_provisional_and_lead_whoever_may_to_the_form(
    place: Place, as_user: AsUser, client: FlaskClient
) -> None:
    results = f"/calls/{place.call.public_id}/results"
    assert "This result is provisional" in client.get(results).text
    assert f"{address(place)}/new" not in client.get(results).text
    assert f"{address(place)}/new" in as_user(place.voter).get(results).text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"text": ""}, "This is needed."),
        ({"kind": "nonsense"}, "Not a valid choice"),
        ({"proposal": "nowhere"}, "Not a valid choice"),
    ],
)
def test_a_faulty_objection_is_refused_beside_its_field_and_nothing_typed_is_lost(
    place: Place, as_user: AsUser, session: Session, changes: dict[str, str], words: str
) -> None:
    answer = as_user(place.entrant).post(
        f"{address(place)}/new", data=form(place, evidence="Page 4 of the plan", **changes)
    )
    assert answer.status_code == 422
    assert words in answer.text
    assert "Page 4 of the plan" in answer.text
    assert statuses(session) == []


def test_the_same_form_sent_twice_at_once_makes_one_objection(
    app: Flask, place: Place, as_user: AsUser, session: Session
) -> None:
    clients, url, data = [as_user(place.entrant) for _ in range(4)], f"{address(place)}/new", form(place)
    session.commit()
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda each: each.post(url, data=data).status_code, clients))
    session.rollback()
    assert sorted(answers) == [303, 409, 409, 409]
    assert len(statuses(session)) == 1


def test_no_more_than_five_objections_of_one_person_wait_at_once(place: Place, as_user: AsUser) -> None:
    client = as_user(place.entrant)
    codes = [client.post(f"{address(place)}/new", data=form(place, text=f"Number {n}")).status_code for n in range(6)]
    assert codes == [303] * 5 + [409]


def test_before_and_after_its_time_no_objection_is_taken(place: Place, as_user: AsUser, session: Session) -> None:
    later(place)
    answer = as_user(place.entrant).post(f"{address(place)}/new", data=form(place))
    assert answer.status_code == 403
    assert "Objections are not taken now." in answer.text
    assert statuses(session) == []


def test_who_decided_cannot_answer_and_who_did_not_can(place: Place, as_user: AsUser, session: Session) -> None:
    row = objection(place)
    words = {"finding": "upheld", "text": "The plan does show it."}
    refused = as_user(place.decider).post(f"/objections/{row.public_id}/answer", data=words)
    assert refused.status_code == 403
    assert "You took part in deciding this" in refused.text
    assert "Somebody else has to answer" in as_user(place.decider).get(f"/objections/{row.public_id}").text
    assert as_user(place.other).post(f"/objections/{row.public_id}/answer", data=words).status_code == 303
    assert statuses(session) == [ObjectionStatus.UPHELD]
    again = as_user(place.other).post(f"/objections/{row.public_id}/answer", data=words)
    assert again.status_code == 403
    assert "answered already" in again.text


def test_whoever_corrected_an_outcome_does_not_answer_an_objection_to_the_correction(
    place: Place, as_user: AsUser, session: Session
) -> None:
    third = make_member(session.get_one(Organization, place.call.organization_id))
    version = session.get_one(Proposal, place.proposal.id, populate_existing=True).version
    right = {"outcome": "reserve", "reason": "Its rank.", "note": "An objection was upheld.", "version": version}
    assert as_user(place.other).post(f"/proposals/{place.proposal.public_id}/correction", data=right).status_code == 303
    row = objection(place)
    words = {"finding": "rejected", "text": "It stands in reserve by its rank."}
    for decided in (place.decider, place.other):
        assert as_user(decided).post(f"/objections/{row.public_id}/answer", data=words).status_code == 403
    assert as_user(third).post(f"/objections/{row.public_id}/answer", data=words).status_code == 303


@pytest.mark.both_databases
def test_whoever_published_cannot_answer_an_objection_to_the_whole(place: Place, as_user: AsUser) -> None:
    row = objection(place, whole=True)
    words = {"finding": "rejected", "text": "Counted again: it is right."}
    assert as_user(place.decider).post(f"/objections/{row.public_id}/answer", data=words).status_code == 403
    assert as_user(place.other).post(f"/objections/{row.public_id}/answer", data=words).status_code == 303


def test_an_answer_needs_words_and_keeps_what_was_chosen(place: Place, as_user: AsUser, session: Session) -> None:
    row = objection(place)
    answer = as_user(place.other).post(f"/objections/{row.public_id}/answer", data={"finding": "upheld", "text": " "})
    assert answer.status_code == 422
    assert "Say why: everybody reads the answer." in answer.text
    assert statuses(session) == [ObjectionStatus.OPEN]


def test_nobody_but_the_objector_and_the_organization_reads_words_that_are_not_public(
    place: Place, as_user: AsUser, client: FlaskClient
) -> None:
    row = objection(place, answer="It is not on page 4.", status=ObjectionStatus.REJECTED, ended_at=utc_now())
    public = client.get(address(place)).text
    assert "It is not on page 4." in public
    assert "The bench is in the plan" not in public
    assert place.entrant.name not in public
    for account, status in ((place.voter, 404), (place.stranger, 404), (place.entrant, 200), (place.other, 200)):
        assert as_user(account).get(f"/objections/{row.public_id}").status_code == status
    assert "The bench is in the plan" in as_user(place.entrant).get(address(place)).text


def test_words_that_are_public_are_read_by_everybody_without_a_name(place: Place, client: FlaskClient) -> None:
    objection(place, is_public=True)
    page = client.get(address(place)).text
    assert "The bench is in the plan" in page
    assert place.entrant.name not in page


@pytest.mark.both_databases
def test_an_objection_may_be_taken_back_while_it_waits(place: Place, as_user: AsUser, session: Session) -> None:
    row = objection(place)
    assert as_user(place.voter).post(f"/objections/{row.public_id}/withdraw").status_code == 404
    assert as_user(place.entrant).post(f"/objections/{row.public_id}/withdraw").status_code == 303
    assert statuses(session) == [ObjectionStatus.WITHDRAWN]
    assert "Nobody has objected" in as_user(place.other).get(address(place)).text


@pytest.mark.both_databases
def test_those_who_may_answer_are_told_and_so_is_the_objector_of_the_answer(
    place: Place, as_user: AsUser, session: Session, drain: Drain
) -> None:
    as_user(place.voter).post(f"{address(place)}/new", data=form(place))
    drain()
    told = {(m.kind, m.account_id) for m in session.scalars(select(Mail).where(Mail.kind.startswith("objection")))}
    assert told == {("objection_filed", place.other.id), ("objection_to_mine", place.entrant.id)}
    row = session.scalars(select(Objection)).one()
    as_user(place.other).post(
        f"/objections/{row.public_id}/answer", data={"finding": "rejected", "text": "Page 4 is empty."}
    )
    drain()
    answered = session.scalars(select(Mail).where(Mail.kind == "objection_answered")).all()
    assert {mail.account_id for mail in answered} == {place.voter.id, place.entrant.id}
    assert all("> Page 4 is empty." in mail.text for mail in answered)


def test_a_result_becomes_final_once_when_the_last_objection_is_answered(
    place: Place, as_user: AsUser, session: Session, drain: Drain
) -> None:
    row = objection(place)
    assert settle_results() == 0
    later(place)
    assert settle_results() == 0
    results = f"/calls/{place.call.public_id}/results"
    assert "not every objection is answered" in as_user(place.other).get(results).text
    as_user(place.other).post(f"/objections/{row.public_id}/answer", data={"finding": "upheld", "text": "So it is."})
    assert [settle_results(), settle_results()] == [1, 0]
    drain()
    assert "This result is final. 1 objection was answered, 1 upheld." in as_user(place.other).get(results).text
    assert [m.account_id for m in session.scalars(select(Mail).where(Mail.kind == "results_final"))] == [
        place.entrant.id
    ]


def test_the_start_page_names_objections_to_those_who_may_answer_them(place: Place, as_user: AsUser) -> None:
    objection(place)
    words = "1 objection to the results of “Ideas for the reading garden” waits for an answer."
    assert words in as_user(place.other).get("/").text
    assert words not in as_user(place.decider).get("/").text
    assert words not in as_user(place.entrant).get("/").text


def test_an_upheld_objection_leads_to_the_correction(place: Place, as_user: AsUser) -> None:
    row = objection(place, answer="So it is.", status=ObjectionStatus.UPHELD, ended_at=utc_now())
    page = as_user(place.other).get(f"/objections/{row.public_id}").text
    assert f"/proposals/{place.proposal.public_id}/correction" in page
