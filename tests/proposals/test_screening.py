"""Screening: the queue, the three decisions, corrections, undo, and who may not decide."""

import io
from datetime import timedelta
from functools import partial

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.calls.models import Call
from crowd.core.status import OrganizationRole, ProposalStatus, StageKind
from crowd.organizations.models import Organization
from crowd.proposals.models import Exclusion, Proposal, Screening
from crowd.store.db import transaction, utc_now
from crowd.store.models import Event
from tests.conftest import AsUser, CountQueries
from tests.files.test_checking import PDF
from tests.make import make_account, make_call, make_member, make_organization, make_proposal, make_rules
from tests.proposals.races import at_once, codes
from tests.proposals.test_writing import hidden

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("session")]


@pytest.fixture
def organization(session: Session) -> Organization:
    return make_organization()


@pytest.fixture
def call(organization: Organization) -> Call:
    return make_call(organization, make_rules(StageKind.SCREENING, own_people_may_enter=True))


def submitted(call: Call, title: str) -> Proposal:
    return make_proposal(call, title=title, status=ProposalStatus.SUBMITTED)


@pytest.mark.both_databases
def test_the_queue_goes_from_one_to_the_next(
    as_user: AsUser, session: Session, organization: Organization, call: Call
) -> None:
    first, second = submitted(call, "The first"), submitted(call, "The second")
    moderator = as_user(make_member(organization, OrganizationRole.MODERATOR))
    page = moderator.get(f"/calls/{call.public_id}/screening").text
    assert "<bdi>The first</bdi></h2>" in page
    assert "0 of 2" in page
    answer = moderator.post(f"/proposals/{first.public_id}/screen", data={"outcome": "eligible", "version": "1"})
    assert answer.headers["Location"] == f"/calls/{call.public_id}/screening?proposal={second.public_id}"
    following = moderator.get(answer.headers["Location"]).text
    assert "“The first” is eligible." in following
    assert "1 of 2" in following
    session.refresh(first)
    assert first.status is ProposalStatus.ELIGIBLE
    row = session.scalars(select(Screening)).one()
    assert (row.outcome, row.version_seen) == (ProposalStatus.ELIGIBLE, 1)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"outcome": "ineligible", "text": "It is about cars."}, "Choose the reason."),
        ({"outcome": "ineligible", "code": "off_topic"}, "The authors need a reason in words."),
        ({"outcome": "correction", "due": "2031-01-01"}, "The authors need a reason in words."),
        ({"outcome": "correction", "text": "Add a plan."}, "Choose a day from today on."),
        ({"outcome": "correction", "text": "Add a plan.", "due": "2020-01-01"}, "Choose a day from today on."),
        ({"outcome": "correction", "text": "Add a plan.", "due": "2099-01-01"}, "At most 90 days from today."),
    ],
)
def test_no_decision_against_a_proposal_without_its_reason(
    as_user: AsUser,
    session: Session,
    organization: Organization,
    call: Call,
    fields: dict[str, str],
    sentence: str,
) -> None:
    proposal = submitted(call, "A garden of cars")
    answer = as_user(make_member(organization)).post(
        f"/proposals/{proposal.public_id}/screen", data=fields | {"version": "1"}
    )
    assert answer.status_code == 422
    assert sentence in answer.text
    assert fields.get("text", "A garden of cars") in answer.text
    session.refresh(proposal)
    assert proposal.status is ProposalStatus.SUBMITTED


def test_not_eligible_is_told_to_the_authors_with_its_reason_and_to_nobody_else(
    as_user: AsUser, session: Session, organization: Organization, call: Call
) -> None:
    author = make_account()
    proposal = make_proposal(call, author, status=ProposalStatus.SUBMITTED)
    as_user(make_member(organization)).post(
        f"/proposals/{proposal.public_id}/screen",
        data={"outcome": "ineligible", "code": "off_topic", "text": "It is about cars.", "version": "1"},
    )
    page = as_user(author).get(f"/proposals/{proposal.public_id}").text
    assert "Does not answer what the call asks" in page
    assert "It is about cars." in page
    assert as_user(make_account()).get(f"/proposals/{proposal.public_id}").status_code == 404
    event = session.scalars(select(Event).where(Event.kind == "proposal:found_ineligible")).one()
    assert (event.reason, event.source, event.target) == ("It is about cars.", "submitted", "ineligible")


def test_a_correction_may_be_made_after_the_close_and_comes_back_with_what_changed(
    as_user: AsUser, session: Session, organization: Organization, call: Call
) -> None:
    author = make_account()
    proposal = make_proposal(call, author, status=ProposalStatus.SUBMITTED)
    moderator, writer = as_user(make_member(organization)), as_user(author)
    text = {"title": proposal.title, "summary": proposal.summary, "language": "en"}
    assert writer.post(f"/proposals/{proposal.public_id}/edit", data=text | {"version": "1"}).status_code == 409
    day = (utc_now() + timedelta(days=5)).date().isoformat()
    moderator.post(
        f"/proposals/{proposal.public_id}/screen",
        data={"outcome": "correction", "text": "Say what it **costs**.", "due": day, "version": "1"},
    )
    session.refresh(proposal)
    assert proposal.status is ProposalStatus.CORRECTION
    assert "Say what it <strong>costs</strong>." in writer.get(f"/proposals/{proposal.public_id}/edit").text
    unchanged = text | {"body": proposal.body, "version": str(proposal.version)}
    assert writer.post(f"/proposals/{proposal.public_id}/edit", data=unchanged).status_code == 422
    sent = writer.post(
        f"/proposals/{proposal.public_id}/edit",
        data=text | {"body": "The tree stands alone.\n\nIt costs 900.", "version": str(proposal.version)},
    )
    assert sent.status_code == 303
    session.refresh(proposal)
    assert (proposal.status, proposal.correction_due) == (ProposalStatus.SUBMITTED, None)
    queue = moderator.get(f"/calls/{call.public_id}/screening").text
    assert "What the authors changed" in queue
    assert "<ins>" in queue
    again = writer.post(f"/proposals/{proposal.public_id}/edit", data=text | {"body": "Later.", "version": "3"})
    assert again.status_code == 409


def test_what_was_corrected_is_shown_whichever_part_it_is(
    as_user: AsUser, session: Session, organization: Organization
) -> None:
    call, author = make_call(organization, make_rules(asks_cost=True)), make_account()
    proposal = make_proposal(call, author, status=ProposalStatus.SUBMITTED)
    moderator, writer = as_user(make_member(organization)), as_user(author)
    day = (utc_now() + timedelta(days=5)).date().isoformat()
    asked = {"outcome": "correction", "text": "The cost, a tag, the plan.", "due": day, "version": "1"}
    assert moderator.post(f"/proposals/{proposal.public_id}/screen", data=asked).status_code == 303
    session.refresh(proposal)
    same = {"title": proposal.title, "summary": proposal.summary, "body": proposal.body, "language": "en"}
    given = {"cost": "900", "tags": "shade", "version": str(proposal.version), "files": (io.BytesIO(PDF), "plan.pdf")}
    assert writer.post(f"/proposals/{proposal.public_id}/edit", data=same | given).status_code == 303
    queue = moderator.get(f"/calls/{call.public_id}/screening").text
    changed = queue[queue.index("What the authors changed") :]
    for words in ("<ins>900</ins>", "<ins>shade</ins>", "<ins>plan.pdf</ins>"):
        assert words in changed


def test_a_correction_is_between_the_authors_and_the_organization(
    as_user: AsUser, client: FlaskClient, organization: Organization, call: Call
) -> None:
    author = make_account()
    proposal = make_proposal(call, author, status=ProposalStatus.SUBMITTED)
    moderator = as_user(make_member(organization))
    day = (utc_now() + timedelta(days=5)).date().isoformat()
    moderator.post(
        f"/proposals/{proposal.public_id}/screen",
        data={"outcome": "correction", "text": "Say who pays.", "due": day, "version": "1"},
    )
    for insider in (as_user(author), moderator):
        assert "Say who pays." in insider.get(f"/proposals/{proposal.public_id}").text
    for address in (f"/proposals/{proposal.public_id}", f"/calls/{call.public_id}/proposals"):
        page = client.get(address).text
        assert proposal.title in page
        assert "Say who pays." not in page
        assert "orrection" not in page


def test_an_overdue_correction_waits_in_the_queue_and_says_so(
    as_user: AsUser, organization: Organization, call: Call
) -> None:
    author = make_account()
    proposal = make_proposal(call, author, status=ProposalStatus.CORRECTION)
    moderator = as_user(make_member(organization))
    before = moderator.get(f"/calls/{call.public_id}/screening").text
    assert "Nothing waits for you now." in before
    with transaction(proposal):
        proposal.correction_due = utc_now() - timedelta(minutes=1)
    after = moderator.get(f"/calls/{call.public_id}/screening").text
    assert "has not come" in after
    late = as_user(author).post(
        f"/proposals/{proposal.public_id}/edit",
        data={"title": "Late", "body": "Late", "language": "en", "version": "1"},
    )
    assert late.status_code == 409
    assert "The time for the correction is over." in late.text


def test_whoever_has_a_stake_is_passed_over_and_told_so(
    as_user: AsUser, session: Session, organization: Organization, call: Call
) -> None:
    moderator = make_member(organization, OrganizationRole.MODERATOR)
    own = make_proposal(call, moderator, title="My own", status=ProposalStatus.SUBMITTED)
    conflicted, free = submitted(call, "Of a friend"), submitted(call, "Of a stranger")
    with transaction() as db_session:
        db_session.add(Exclusion(proposal_id=conflicted.id, account_id=moderator.id, at=utc_now()))
    client = as_user(moderator)
    page = client.get(f"/calls/{call.public_id}/screening").text
    assert "<bdi>Of a stranger</bdi></h2>" in page
    assert "2 proposals are left to others, because you have a stake in them." in page
    for proposal in (own, conflicted):
        answer = client.post(f"/proposals/{proposal.public_id}/screen", data={"outcome": "eligible", "version": "1"})
        assert answer.status_code == 403
        assert "You have a stake in this proposal" in answer.text
        shown = client.get(f"/calls/{call.public_id}/screening?proposal={proposal.public_id}").text
        assert 'name="outcome"' not in shown
    session.refresh(own)
    assert own.status is ProposalStatus.SUBMITTED
    assert free.status is ProposalStatus.SUBMITTED


def test_a_decision_is_undone_within_the_stage_and_not_once_a_round_has_the_proposal(
    as_user: AsUser, session: Session, organization: Organization, call: Call
) -> None:
    proposal = submitted(call, "Undo me")
    moderator = as_user(make_member(organization))
    moderator.post(f"/proposals/{proposal.public_id}/screen", data={"outcome": "eligible", "version": "1"})
    assert moderator.post(f"/proposals/{proposal.public_id}/screen/undo").status_code == 303
    session.refresh(proposal)
    assert proposal.status is ProposalStatus.SUBMITTED
    moderator.post(
        f"/proposals/{proposal.public_id}/screen", data={"outcome": "eligible", "version": str(proposal.version)}
    )
    with transaction(proposal):
        proposal.in_round = True
    refused = moderator.post(f"/proposals/{proposal.public_id}/screen/undo")
    assert refused.status_code == 409
    assert "This can no longer be undone" in refused.text
    kinds = session.scalars(select(Event.kind).where(Event.proposal_id == proposal.id).order_by(Event.id)).all()
    assert kinds == ["proposal:found_eligible", "proposal:screening_undone", "proposal:found_eligible"]


def test_of_two_moderators_at_once_the_second_is_told_who_decided(
    as_user: AsUser, session: Session, organization: Organization, call: Call
) -> None:
    proposal = submitted(call, "Decided once")
    address = f"/proposals/{proposal.public_id}/screen"
    clients = [as_user(make_member(organization, OrganizationRole.MODERATOR)) for _ in range(2)]
    fields = [
        {"outcome": "eligible", "version": "1"},
        {"outcome": "ineligible", "code": "other", "text": "My reason stays here.", "version": "1"},
    ]
    answers = at_once(*(partial(c.post, address, data=data) for c, data in zip(clients, fields, strict=True)))
    assert codes(answers) == [303, 409]
    loser = next(answer for answer in answers if answer.status_code == 409)
    assert "A moderator decided meanwhile. What you wrote is still here." in loser.text
    assert len(session.scalars(select(Screening)).all()) == 1


def test_a_text_edited_meanwhile_is_read_before_it_is_decided(
    as_user: AsUser, session: Session, organization: Organization
) -> None:
    call, author = make_call(organization), make_account()
    proposal = make_proposal(call, author, status=ProposalStatus.SUBMITTED)
    moderator = as_user(make_member(organization))
    opened = hidden(moderator.get(f"/calls/{call.public_id}/screening").text, "version")
    text = {"title": proposal.title, "summary": "Now quite different.", "body": "Other words.", "language": "en"}
    as_user(author).post(f"/proposals/{proposal.public_id}/edit", data=text | {"version": "1"})
    answer = moderator.post(f"/proposals/{proposal.public_id}/screen", data={"outcome": "eligible", "version": opened})
    assert answer.status_code == 409
    assert "The authors changed the proposal meanwhile." in answer.text
    assert "Now quite different." in answer.text
    session.refresh(proposal)
    assert proposal.status is ProposalStatus.SUBMITTED


def test_a_proposal_on_a_rounds_list_is_disqualified_with_a_reason(
    as_user: AsUser, session: Session, organization: Organization, call: Call
) -> None:
    proposal = make_proposal(call)
    with transaction(proposal):
        proposal.in_round = True
    answer = as_user(make_member(organization)).post(
        f"/proposals/{proposal.public_id}/screen",
        data={"outcome": "ineligible", "code": "rights", "text": "The plan is copied.", "version": "1"},
    )
    assert answer.status_code == 303
    assert session.scalars(select(Event.kind)).all() == ["proposal:disqualified"]
    assert "The plan is copied." in as_user(make_account()).get(f"/proposals/{proposal.public_id}").text


@pytest.mark.parametrize("role", [None, OrganizationRole.MEMBER])
def test_only_staff_sees_the_queue(
    as_user: AsUser, organization: Organization, call: Call, role: OrganizationRole | None
) -> None:
    proposal = submitted(call, "Not for you")
    person = make_member(organization, role) if role else make_account()
    client = as_user(person)
    assert client.get(f"/calls/{call.public_id}/screening").status_code == 403
    answer = client.post(f"/proposals/{proposal.public_id}/screen", data={"outcome": "eligible", "version": "1"})
    assert answer.status_code == 403


def test_a_draft_is_nowhere_in_screening(as_user: AsUser, organization: Organization, call: Call) -> None:
    draft = make_proposal(call, title="Still private", status=ProposalStatus.DRAFT)
    moderator = as_user(make_member(organization))
    assert "Still private" not in moderator.get(f"/calls/{call.public_id}/screening?list=1").text
    assert moderator.get(f"/calls/{call.public_id}/screening?proposal={draft.public_id}").status_code == 404


def test_the_list_asks_the_same_of_the_database_for_one_and_three(
    as_user: AsUser, organization: Organization, call: Call, count_queries: CountQueries
) -> None:
    moderator = as_user(make_member(organization))
    counts = []
    for number in (1, 2):
        for _ in range(number):
            submitted(call, "One more")
        with count_queries() as statements:
            moderator.get(f"/calls/{call.public_id}/screening?list=1")
        counts.append(len(statements))
    assert counts[0] == counts[1]
