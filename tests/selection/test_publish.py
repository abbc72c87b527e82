"""Publishing: once, whole, with a reason for everybody."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.core.events import EventKind
from crowd.core.receipt import sha256_of
from crowd.core.rules import SelectionRules
from crowd.core.status import MailStatus, MemberStatus, OrganizationRole, Outcome, ProposalStatus, StageKind
from crowd.mailing.models import Mail
from crowd.organizations.models import Organization
from crowd.proposals.models import Exclusion, Proposal, TeamMember
from crowd.selection.models import Credit, PublishedResult
from crowd.store.db import transaction, utc_now
from crowd.store.models import Event
from tests.conftest import AsUser, Drain
from tests.make import make_account, make_call, make_member, make_organization, make_proposal, make_rules
from tests.selection.rows import decided_call, make_juror, make_verdict

Decided = tuple[Call, list[Proposal], Account]


def all_decided(outcomes: str = "SSRN") -> Decided:
    """A call whose proposals have verdicts: S(elected), R(eserve), N(ot selected)."""
    organization = make_organization()
    manager = make_member(organization)
    call, proposals = decided_call(organization, count=len(outcomes))
    kinds = {"S": Outcome.SELECTED, "R": Outcome.RESERVE, "N": Outcome.NOT_SELECTED}
    for proposal, letter in zip(proposals, outcomes, strict=True):
        make_verdict(proposal, kinds[letter], manager, reason=f"Reason of {proposal.title}.")
    return call, proposals, manager


def publish(client: FlaskClient, call: Call, **data: str) -> TestResponse:
    url = f"/calls/{call.public_id}/decisions/publish"
    page = client.get(url)
    return client.post(url, data={"fingerprint": fingerprint_in(page.text), **data})


def fingerprint_in(page: str) -> str:
    """Of the letters and decisions that the page shows."""
    return page.split('name="fingerprint"')[1].split('value="')[1].split('"', maxsplit=1)[0]


def status_of(session: Session, proposals: list[Proposal]) -> list[ProposalStatus]:
    session.expire_all()
    return [session.get_one(Proposal, proposal.id).status for proposal in proposals]


def test_publishing_sets_outcomes_reasons_credits_and_record_at_once(session: Session, as_user: AsUser) -> None:
    call, proposals, manager = all_decided()
    answer = publish(as_user(manager), call)
    assert answer.status_code == 303
    assert status_of(session, proposals) == ["selected", "selected", "reserve", "not_selected"]
    assert proposals[3].outcome_reason == "Reason of Proposal 4."
    credited = session.scalars(select(Credit).order_by(Credit.id)).all()
    assert [(credit.proposal_id, credit.share) for credit in credited] == [
        (proposals[0].id, 10_000),
        (proposals[1].id, 10_000),
    ]
    result = session.scalars(select(PublishedResult)).one()
    data = json.loads(result.result)
    assert sha256_of(data) == result.sha256
    assert [entry["rank"] for entry in data["ranking"]] == [1, 2, 3, 4]
    assert data["ranking"][2]["total"] == "1/3"
    assert [entry["outcome"] for entry in data["outcomes"]] == ["selected", "selected", "reserve", "not_selected"]


def test_the_preview_shows_the_very_letters_that_are_sent(session: Session, as_user: AsUser, drain: Drain) -> None:
    call, proposals, manager = all_decided()
    with transaction() as writing:
        writing.add(
            TeamMember(
                proposal_id=proposals[0].id,
                account_id=make_account("محمد العربي").id,
                name="محمد العربي",
                email="m@example.org",
                email_folded="m@example.org",
                position=1,
                share=0,
                status=MemberStatus.ACCEPTED,
            )
        )
    client = as_user(manager)
    preview = client.get(f"/calls/{call.public_id}/decisions/publish").text
    assert preview.count('class="letter"') == 5
    publish(client, call)
    drain()
    mails = session.scalars(select(Mail).where(Mail.kind == "outcome")).all()
    assert len(mails) == 5
    assert len({mail.account_id for mail in mails if "Proposal 1" in mail.subject}) == 2
    for mail in mails:
        told = mail.text.split("\n-- \n")[0].strip()
        shown = [part.strip() for part in told.split("\n") if part.strip()]
        assert all(line.replace("“", "“") in preview.replace("&gt;", ">").replace("&#39;", "'") for line in shown)


@pytest.mark.parametrize("missing", ["verdict", "reason", "screening"])
def test_nothing_is_published_while_something_is_missing(session: Session, as_user: AsUser, missing: str) -> None:
    organization = make_organization()
    manager = make_member(organization)
    call, proposals = decided_call(organization, count=3)
    make_verdict(proposals[0], Outcome.SELECTED, manager)
    make_verdict(proposals[1], Outcome.SELECTED, manager)
    if missing == "reason":
        make_verdict(proposals[2], Outcome.RESERVE, manager, reason="")
    if missing == "screening":
        make_verdict(proposals[2], Outcome.RESERVE, manager)
        make_proposal(call, status=ProposalStatus.SUBMITTED)
    answer = publish(as_user(manager), call)
    assert answer.status_code == 422
    assert status_of(session, proposals) == ["eligible"] * 3
    assert session.scalar(select(func.count(PublishedResult.id))) == 0


def test_before_the_stages_are_over_nothing_is_published(session: Session, as_user: AsUser) -> None:
    organization = make_organization()
    manager = make_member(organization)
    call = make_call(organization, make_rules(StageKind.REVIEW))
    proposal = make_proposal(call)
    make_verdict(proposal, Outcome.SELECTED, manager)
    answer = publish(as_user(manager), call, justification="We like it.", incomplete_justification="No time.")
    assert answer.status_code == 403
    assert status_of(session, [proposal]) == ["eligible"]


def test_departing_from_the_numbers_needs_a_public_justification(session: Session, as_user: AsUser) -> None:
    call, proposals, manager = all_decided("SNSN")
    client = as_user(manager)
    refused = publish(client, call)
    assert refused.status_code == 422
    assert status_of(session, proposals) == ["eligible"] * 4
    publish(client, call, justification="Proposal 2 doubles what the town already has.")
    assert status_of(session, proposals)[2] == "selected"
    assert "doubles what the town already has" in as_user(make_account()).get(f"/calls/{call.public_id}/results").text


def test_missing_reviews_are_refused_or_justified_on_the_record(session: Session, as_user: AsUser) -> None:
    organization = make_organization()
    manager = make_member(organization)
    jury = replace(make_rules().rounds[1], min_reviews=2)
    call, proposals = decided_call(organization, count=2, rounds=(make_rules().rounds[0], jury))
    for proposal in proposals:
        make_verdict(proposal, Outcome.NOT_SELECTED, manager)
    client = as_user(manager)
    assert "incomplete" in client.get(f"/calls/{call.public_id}/decisions").text
    assert publish(client, call).status_code == 422
    done = publish(client, call, incomplete_justification="Two jurors fell ill.")
    assert done.status_code == 303
    assert session.scalars(select(PublishedResult)).one().incomplete_justification == "Two jurors fell ill."


def test_going_beyond_the_budget_asks_for_a_reason(session: Session, as_user: AsUser) -> None:
    organization = make_organization()
    manager = make_member(organization)
    rules = SelectionRules(components=make_rules().selection.components, budget=250)
    call, proposals = decided_call(organization, count=2, selection=rules)  # cost 100 and 200
    for proposal in proposals:
        make_verdict(proposal, Outcome.SELECTED, manager)
    client = as_user(manager)
    assert publish(client, call).status_code == 422
    assert publish(client, call, justification="The rest comes from a gift.").status_code == 303


def test_who_has_a_stake_publishes_only_what_somebody_else_confirmed(session: Session, as_user: AsUser) -> None:
    organization = make_organization()
    manager, owner = make_member(organization), make_member(organization, OrganizationRole.OWNER)
    call, proposals = decided_call(organization, count=2)
    for proposal in proposals:
        make_verdict(proposal, Outcome.SELECTED, owner)
    with transaction() as writing:
        writing.add(Exclusion(proposal_id=proposals[0].id, account_id=manager.id, at=utc_now()))
    client = as_user(manager)
    assert publish(client, call).status_code == 422
    own = client.post(f"/calls/{call.public_id}/decisions/confirm", data={"pick": proposals[0].public_id})
    assert own.status_code == 403
    other = as_user(owner).post(f"/calls/{call.public_id}/decisions/confirm", data={"pick": proposals[0].public_id})
    assert other.status_code == 303
    assert publish(client, call).status_code == 303
    page = as_user(make_account()).get(f"/calls/{call.public_id}/results").text
    assert "its verdict was confirmed by somebody without one" in page


def test_the_chair_of_the_jury_stands_in_for_an_only_manager(session: Session, as_user: AsUser) -> None:
    organization = make_organization()
    manager, chair = make_member(organization), make_account("Rosa Marín")
    call, proposals = decided_call(organization, count=2)
    make_juror(call, "jury", chair, chair=True)
    make_verdict(proposals[1], Outcome.SELECTED, manager)
    with transaction() as writing:
        writing.add(Exclusion(proposal_id=proposals[0].id, account_id=manager.id, at=utc_now()))
    url, key = f"/calls/{call.public_id}/decisions/chair", proposals[0].public_id
    data = {f"{key}-outcome": "selected", f"{key}-reason": "The best by far.", f"{key}-version": "0"}
    assert as_user(manager).get(url).status_code == 404
    assert as_user(manager).post(f"{url}/{key}", data=data).status_code == 404
    client = as_user(chair)
    page = client.get(url).text
    assert "Proposal 1" in page
    assert "Proposal 2" not in page
    assert client.post(f"{url}/{proposals[1].public_id}", data=data).status_code == 404
    assert client.post(f"{url}/{key}", data={**data, f"{key}-reason": ""}).status_code == 422
    assert client.post(f"{url}/{key}", data=data).status_code == 303
    assert client.post(f"{url}/{key}", data=data).status_code == 409
    assert publish(as_user(manager), call).status_code == 303
    assert status_of(session, proposals) == ["selected", "selected"]


def test_a_verdict_changed_after_the_preview_stops_the_publication(session: Session, as_user: AsUser) -> None:
    call, proposals, manager = all_decided()
    client = as_user(manager)
    url = f"/calls/{call.public_id}/decisions/publish"
    fingerprint = client.get(url).text.split('name="fingerprint"')[1].split('value="')[1].split('"')[0]
    client.post(
        f"/proposals/{proposals[3].public_id}/verdict", data={"outcome": "reserve", "reason": "Later.", "version": "1"}
    )
    assert client.post(url, data={"fingerprint": fingerprint}).status_code == 409
    assert status_of(session, proposals) == ["eligible"] * 4


def test_two_managers_publishing_in_parallel_publish_once(
    app: Flask, session: Session, as_user: AsUser, drain: Drain
) -> None:
    call, proposals, manager = all_decided()
    second = make_member(call_organization(session, call))
    clients = [as_user(manager), as_user(second)] * 2
    url = f"/calls/{call.public_id}/decisions/publish"
    fingerprint = clients[0].get(url).text.split('name="fingerprint"')[1].split('value="')[1].split('"')[0]
    session.commit()
    with ThreadPoolExecutor(4) as pool:
        codes = list(pool.map(lambda c: c.post(url, data={"fingerprint": fingerprint}).status_code, clients))
    assert sorted(codes) == [303, 409, 409, 409]
    session.rollback()
    assert status_of(session, proposals) == ["selected", "selected", "reserve", "not_selected"]
    assert session.scalar(select(func.count(Credit.id))) == 2
    counted = select(func.count(Event.id))
    assert session.scalar(counted.where(Event.kind == EventKind.RESULTS_PUBLISHED)) == 1
    assert session.scalar(counted.where(Event.kind == EventKind.OUTCOME_PUBLISHED)) == 4
    drain()
    letters = session.scalars(select(Mail).where(Mail.kind == "outcome")).all()
    assert len(letters) == 4
    assert {letter.status for letter in letters} <= {MailStatus.QUEUED, MailStatus.SENT}


def call_organization(session: Session, call: Call) -> Organization:
    return session.get_one(Organization, call.organization_id)


def test_shares_of_those_who_did_not_accept_go_to_those_who_did(session: Session, as_user: AsUser) -> None:
    call, proposals, manager = all_decided()
    with transaction() as writing:
        lead = writing.scalars(select(TeamMember).where(TeamMember.proposal_id == proposals[0].id)).one()
        lead.share = 5_000
        for name, share, status in (("Zoe", 2_500, MemberStatus.ACCEPTED), ("Pía", 2_500, MemberStatus.PENDING)):
            account = make_account_in(writing, name)
            writing.add(
                TeamMember(
                    proposal_id=proposals[0].id,
                    account_id=account.id,
                    name=name,
                    email=account.email,
                    email_folded=account.email_folded,
                    share=share,
                    status=status,
                    position=1,
                    token_hash=name,
                )
            )
    publish(as_user(manager), call)
    credited = session.scalars(select(Credit).where(Credit.proposal_id == proposals[0].id).order_by(Credit.id)).all()
    assert [(credit.name, credit.share) for credit in credited] == [("Iris Okafor", 6_667), ("Zoe", 3_333)]
    pending = session.scalars(select(TeamMember).where(TeamMember.name == "Pía")).one()
    assert (pending.status, pending.token_hash) == (MemberStatus.REMOVED, None)


def make_account_in(writing: Session, name: str) -> Account:
    account = Account(
        email=f"{name}@example.org",
        email_folded=f"{name}@example.org".casefold(),
        name=name,
        unsubscribe_key=name,
        created_at=utc_now(),
        verified_at=utc_now(),
    )
    writing.add(account)
    writing.flush()
    return account


def test_who_was_told_earlier_keeps_that_and_gets_no_second_letter(
    session: Session, as_user: AsUser, drain: Drain
) -> None:
    organization = make_organization()
    manager = make_member(organization)
    call, proposals = decided_call(organization, count=2)
    told = make_proposal(call, status=ProposalStatus.NOT_ADVANCED, title="Told before")
    for proposal in proposals:
        make_verdict(proposal, Outcome.SELECTED, manager)
    assert publish(as_user(manager), call).status_code == 303
    drain()
    assert status_of(session, [told]) == ["not_advanced"]
    assert not [mail for mail in session.scalars(select(Mail)) if mail.kind == "outcome" and "Told before" in mail.text]
    data = as_user(make_account()).get(f"/calls/{call.public_id}/results.json").get_json()
    assert [entry["outcome"] for entry in data["proposals"]] == ["selected", "selected", "not_selected"]
