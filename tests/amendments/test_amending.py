"""Amending the frozen rules of a published call: at once where nobody is harmed, by consent where somebody is."""

import hashlib
from dataclasses import fields
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.amendments.models import Amendment
from crowd.amendments.views.words import LABELS
from crowd.calls.gates import rules_of
from crowd.calls.models import Call, CallStage
from crowd.core.rules import Round
from crowd.core.status import AmendmentStatus, ProposalStatus
from crowd.mailing.models import Mail
from crowd.notifications.models import Notification
from crowd.organizations.models import Organization
from crowd.proposals.models import Proposal
from crowd.store.db import db, transaction, utc_now
from tests.conftest import AsUser, Drain
from tests.filling import fields_of
from tests.make import (
    make_account,
    make_call,
    make_member,
    make_organization,
    make_proposal,
    move_stages,
    open_all,
)

pytestmark = pytest.mark.usefixtures("session")

REASON = "A sponsor has left."


@pytest.fixture
def organization() -> Organization:
    return make_organization()


@pytest.fixture
def manager(organization: Organization) -> Account:
    return make_member(organization)


@pytest.fixture
def writer(manager: Account, as_user: AsUser) -> FlaskClient:
    return as_user(manager)


def write(writer: FlaskClient, call: Call, section: str, **changes: str) -> None:
    """Change fields in the copy, on a page of authoring."""
    key = call.public_id
    assert writer.post(f"/calls/{key}/amend").status_code == 303
    url = f"/calls/{key}/edit/{section}"
    values = fields_of(writer.get(url).text) | changes | {"act": "save"}
    assert writer.post(url, data=values).status_code == 303


def version_of(call: Call) -> str:
    return str(db.session.scalar(select(Call.version).where(Call.id == call.id)))


def publish(writer: FlaskClient, call: Call, status: int = 303, **changes: str) -> Any:
    key = call.public_id
    page = writer.get(f"/calls/{key}/amend")
    offered = f"/calls/{key}/amend/publish" in page.text
    values = fields_of(page.text, f"/calls/{key}/amend/publish") if offered else {"version": version_of(call)}
    values |= {"reason": REASON} | changes
    answer = writer.post(f"/calls/{key}/amend/publish", data=values)
    assert answer.status_code == status, answer.text
    return answer


def answer_with(client: FlaskClient, proposal: Proposal, answer: str, number: int = 1) -> None:
    data = {"number": str(number), f"{proposal.public_id}-answer": answer}
    assert client.post(f"/proposals/{proposal.public_id}/consent", data=data).status_code == 303


def amendment_of(session: Session, call: Call) -> Amendment:
    session.expire_all()
    return session.scalars(select(Amendment).where(Amendment.call_id == call.id)).one()


def told(session: Session, kind: str) -> set[int | None]:
    return set(session.scalars(select(Notification.account_id).where(Notification.kind == kind)))


def test_a_harmless_amendment_is_in_force_at_once_with_reason_difference_and_both_fingerprints(
    writer: FlaskClient, organization: Organization, client: FlaskClient, session: Session, drain: Drain
) -> None:
    call = make_call(organization)
    lead, drafter = make_account("Lena"), make_account("Dora")
    make_proposal(call, lead)
    make_proposal(call, drafter, status=ProposalStatus.DRAFT)
    before, dates = call.rules_sha256, [stage.closes_at for stage in rules_of(call).stages]
    write(writer, call, "basics", lead="What should bloom behind the library?")
    assert client.get(f"/calls/{call.public_id}").text.count("What should bloom") == 0  # the copy is private
    assert client.get(f"/calls/{call.public_id}/amend").status_code == 303
    review = writer.get(f"/calls/{call.public_id}/amend").text
    assert "<del> grow</del>" in review
    assert "<ins> bloom</ins>" in review
    publish(writer, call)
    amendment = amendment_of(session, call)
    row = session.get_one(Call, call.id, populate_existing=True)
    assert (amendment.status, amendment.reason, amendment.before_sha256) == (AmendmentStatus.IN_FORCE, REASON, before)
    assert (row.rules_sha256, row.amending_at) == (amendment.after_sha256, None)
    assert hashlib.sha256((row.rules or "").encode()).hexdigest() == row.rules_sha256 != before
    assert [stage.closes_at for stage in rules_of(row).stages] == dates
    drain()
    assert told(session, "call_amended") == {lead.id, drafter.id}
    mails = session.scalars(select(Mail).where(Mail.kind == "call_amended")).all()
    assert {mail.account_id for mail in mails} == {lead.id, drafter.id}
    assert {mail.call_id for mail in mails} == {None}  # the organization does not learn who keeps a draft
    history = client.get(f"/calls/{call.public_id}/history").text
    assert REASON in history
    url = f"/calls/{call.public_id}/amendments/1"
    assert url in history
    page = client.get(url).text
    assert (before or "", amendment.after_sha256) == tuple(
        hashlib.sha256(client.get(f"{url}/{side}.json").data).hexdigest() for side in ("before", "after")
    )
    for said in (REASON, "<ins> bloom</ins>", str(before), amendment.after_sha256):
        assert said in page
    assert "These rules were amended" in client.get(f"/calls/{call.public_id}").text


def test_an_amendment_that_binds_waits_until_everybody_has_consented(
    writer: FlaskClient, organization: Organization, as_user: AsUser, session: Session, drain: Drain
) -> None:
    call = make_call(organization)
    lena, omar, nils = make_account("Lena"), make_account("Omar"), make_account("Nils")
    hers, his = make_proposal(call, lena), make_proposal(call, omar)
    sha = call.rules_sha256
    write(writer, call, "outcome", prize="1,000 EUR for each of the two best proposals")
    publish(writer, call)
    amendment = amendment_of(session, call)
    assert (amendment.status, session.get_one(Call, call.id).rules_sha256) == (AmendmentStatus.PROPOSED, sha)
    drain()
    assert told(session, "consent_asked") == {lena.id, omar.id}
    late = make_proposal(call, nils, status=ProposalStatus.SUBMITTED)
    page = as_user(lena).get(f"/calls/{call.public_id}/amendments").text
    assert "<del>2</del><ins>1</ins>,000 EUR" in page
    assert f"/proposals/{hers.public_id}/consent" in page
    assert f"/proposals/{his.public_id}/consent" not in page
    reader = as_user(lena)
    assert f"The rules of “{call.title}” are to change, and your consent is asked for." in reader.get("/").text
    assert "Your consent is asked for. Answer by" in reader.get(f"/proposals/{hers.public_id}").text
    assert "Your consent" not in as_user(omar).get(f"/proposals/{hers.public_id}").text
    stolen = {"number": "1", f"{his.public_id}-answer": "accept"}
    assert as_user(lena).post(f"/proposals/{his.public_id}/consent", data=stolen).status_code == 403
    answer_with(as_user(lena), hers, "leave")
    assert "your consent is asked for" not in as_user(lena).get("/").text
    answer_with(as_user(omar), his, "accept")
    assert amendment_of(session, call).status is AmendmentStatus.PROPOSED  # Nils entered meanwhile and is asked too
    assert session.get_one(Proposal, hers.id).status is ProposalStatus.ELIGIBLE
    answer_with(as_user(nils), late, "accept")
    amendment = amendment_of(session, call)
    assert amendment.status is AmendmentStatus.IN_FORCE
    assert session.get_one(Call, call.id).rules_sha256 == amendment.after_sha256
    states = {p.id: p.status for p in session.scalars(select(Proposal))}
    assert states == {
        hers.id: ProposalStatus.WITHDRAWN,
        his.id: ProposalStatus.ELIGIBLE,
        late.id: ProposalStatus.SUBMITTED,
    }


def test_silence_is_no_consent_and_withdraws_nobody(
    writer: FlaskClient, organization: Organization, as_user: AsUser, session: Session, drain: Drain
) -> None:
    call = make_call(organization)
    lena, omar = make_account("Lena"), make_account("Omar")
    hers = make_proposal(call, lena)
    make_proposal(call, omar)
    sha = call.rules_sha256
    write(writer, call, "outcome", prize="1,000 EUR")
    publish(writer, call)
    answer_with(as_user(lena), hers, "leave")
    drain()
    assert amendment_of(session, call).status is AmendmentStatus.PROPOSED
    with transaction() as writing:
        waiting = writing.scalars(select(Amendment)).one()
        waiting.decide_by = utc_now() - timedelta(seconds=1)
    drain()
    assert amendment_of(session, call).status is AmendmentStatus.LAPSED
    assert session.get_one(Call, call.id).rules_sha256 == sha
    assert {p.status for p in session.scalars(select(Proposal))} == {ProposalStatus.ELIGIBLE}
    assert told(session, "amendment_ended") == {lena.id, omar.id}


def test_whoever_hands_in_while_an_amendment_waits_is_asked_and_receipts_keep_the_rules_of_their_time(
    writer: FlaskClient, organization: Organization, as_user: AsUser, session: Session, drain: Drain
) -> None:
    call = make_call(organization)
    lena, nils = make_account("Lena"), make_account("Nils")
    hers = make_proposal(call, lena)
    write(writer, call, "outcome", prize="1,000 EUR")
    publish(writer, call)
    draft = make_proposal(call, nils, status=ProposalStatus.DRAFT)
    him = as_user(nils)
    form = fields_of(him.get(f"/proposals/{draft.public_id}/submit").text) | {"declarations": ["0", "1"]}
    assert him.post(f"/proposals/{draft.public_id}/submit", data=form).status_code == 303
    drain()
    assert told(session, "consent_asked") == {lena.id, nils.id}
    receipt = session.get_one(Proposal, draft.id, populate_existing=True).receipt_sha256
    for client, proposal in ((as_user(lena), hers), (him, draft)):
        answer_with(client, proposal, "accept")
    assert amendment_of(session, call).status is AmendmentStatus.IN_FORCE
    record = him.get(f"/proposals/{draft.public_id}/receipt/1.json").data
    assert hashlib.sha256(record).hexdigest() == receipt


def test_what_is_unfair_is_refused_in_words_and_changes_nothing(
    writer: FlaskClient, organization: Organization, session: Session
) -> None:
    call = make_call(organization)
    make_proposal(call)
    move_stages(call, timedelta(days=20))
    open_all(call, "crowd")
    write(writer, call, "taking-part", asks_cost="y")
    refused = publish(writer, call, 422)
    assert "Not possible: nobody could add this any more" in refused.text
    assert writer.post(f"/calls/{call.public_id}/amend/discard").status_code == 303
    url = f"/calls/{call.public_id}/edit/rounds/crowd"
    assert writer.post(f"/calls/{call.public_id}/amend").status_code == 303
    writer.post(url, data=fields_of(writer.get(url).text) | {"max_choices": "1", "act": "save"})
    assert "this round&#39;s list is frozen" in publish(writer, call, 422).text
    assert session.scalars(select(Amendment)).all() == []
    stages = writer.get(f"/calls/{call.public_id}/edit/stages")
    assert (stages.status_code, stages.location) == (303, f"/calls/{call.public_id}/schedule")


def test_a_round_that_opens_meanwhile_lets_the_amendment_lapse(
    writer: FlaskClient, organization: Organization, as_user: AsUser, session: Session, drain: Drain
) -> None:
    call = make_call(organization)
    lena = make_account("Lena")
    hers = make_proposal(call, lena)
    url = f"/calls/{call.public_id}/edit/rounds/crowd"
    assert writer.post(f"/calls/{call.public_id}/amend").status_code == 303
    writer.post(url, data=fields_of(writer.get(url).text) | {"max_choices": "1", "act": "save"})
    publish(writer, call)
    move_stages(call, timedelta(days=20))
    open_all(call, "crowd")
    answer_with(as_user(lena), hers, "accept")
    assert amendment_of(session, call).status is AmendmentStatus.LAPSED


def test_only_managers_amend_and_only_one_at_a_time(
    writer: FlaskClient, organization: Organization, as_user: AsUser, session: Session
) -> None:
    call = make_call(organization)
    make_proposal(call)
    stranger = as_user(make_account())
    key = call.public_id
    assert stranger.post(f"/calls/{key}/amend").status_code == 403
    assert writer.get(f"/calls/{key}/edit/basics").status_code == 403  # nothing was begun
    assert writer.get(f"/calls/{key}/delete").status_code == 403
    write(writer, call, "outcome", prize="1,000 EUR")
    assert stranger.get(f"/calls/{key}/edit/basics").status_code == 403
    assert writer.post(f"/calls/{key}/delete").status_code == 403  # a published call is never deleted
    too_soon = (utc_now() + timedelta(hours=5)).strftime("%Y-%m-%dT%H:%M")
    assert "at least three days" in publish(writer, call, 422, decide_by=too_soon).text
    publish(writer, call)
    assert writer.post(f"/calls/{key}/amend").status_code == 422
    assert writer.post(f"/calls/{key}/amendments/take-back").status_code == 303
    assert amendment_of(session, call).status is AmendmentStatus.DROPPED
    assert [stage.key for stage in session.scalars(select(CallStage).where(CallStage.call_id == call.id))]


def test_every_rule_of_a_vote_has_a_label_in_the_difference() -> None:
    names = {field.name for field in fields(Round)} - {"key"}
    assert names - set(LABELS) == set()
