"""What notices and mails must not tell: of drafts and teams to the organization, of closed calls to strangers."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.core.rules import Audience, Electorate
from crowd.core.status import ProposalStatus, StageKind
from crowd.mailing.models import Mail
from crowd.notifications.models import Notification, Preference
from crowd.organizations.models import Organization
from crowd.store.db import transaction, utc_now
from crowd.voting.models import Elector
from tests.conftest import AsUser, Drain
from tests.make import (
    VOTE,
    make_account,
    make_call,
    make_member,
    make_organization,
    make_proposal,
    make_rules,
    open_all,
    round_row,
)
from tests.proposals.races import at_once, codes
from tests.proposals.test_team import invite, link_of

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def organization(session: Session) -> Organization:
    return make_organization()


def told_of(session: Session, kind: str) -> set[int]:
    return set(session.scalars(select(Notification.account_id).where(Notification.kind == kind)))


def test_an_invitation_to_a_team_is_told_to_the_invited_person_alone(
    organization: Organization, as_user: AsUser, session: Session, drain: Drain
) -> None:
    lead, invited, *_others = [make_account(f"Person {n}") for n in range(6)]
    draft = make_proposal(make_call(organization), lead, title="A secret pond", status=ProposalStatus.DRAFT)
    assert invite(as_user(lead), draft, invited.email) == 303
    drain()
    assert told_of(session, "team_invitation") == {invited.id}


def test_the_organizations_mails_tell_of_no_draft_and_of_nobody_who_has_not_answered(
    organization: Organization, as_user: AsUser, session: Session, drain: Drain
) -> None:
    call, lead, invited = make_call(organization), make_account("Lea"), make_account("Ivo Unanswered")
    draft = make_proposal(call, lead, title="A secret pond", status=ProposalStatus.DRAFT)
    assert invite(as_user(lead), draft, invited.email, "Ivo Unanswered") == 303
    as_user(invited).post(f"{link_of(session, invited.email)}/decline")
    drain()
    assert {mail.to_email for mail in session.scalars(select(Mail))} == {lead.email, invited.email}
    manager = as_user(make_member(organization))
    for address in (f"/calls/{call.public_id}/mails", f"/organizations/{organization.slug}/mails"):
        page = manager.get(address)
        assert page.status_code == 200
        assert [words for words in ("secret pond", "Unanswered", invited.email, lead.email) if words in page.text] == []


@pytest.mark.parametrize("audience", [Audience.MEMBERS, Audience.UNLISTED])
def test_the_opening_of_a_vote_is_told_only_to_those_who_may_know_of_the_call(
    organization: Organization, session: Session, drain: Drain, audience: Audience
) -> None:
    member, author, _stranger = make_member(organization), make_account("Ada"), make_account("Sven")
    call: Call = make_call(organization, make_rules(StageKind.VOTING, audience=audience))
    make_proposal(call, author)
    open_all(call)
    drain()
    concerned: list[Account] = [member] if audience is Audience.MEMBERS else [member, author]
    assert told_of(session, "voting_opens") == {account.id for account in concerned}


def vote_in(organization: Organization, audience: Audience = Audience.PUBLIC, **changes: Any) -> Call:
    rules = make_rules(StageKind.VOTING, audience=audience)
    return make_call(organization, replace(rules, rounds=(replace(VOTE, **changes), *rules.rounds[1:])))


def put_on_the_list(call: Call, *people: Account) -> None:
    with transaction() as session:
        session.add_all(
            Elector(
                round_id=round_row(call).id, email=person.email, email_folded=person.email_folded, added_at=utc_now()
            )
            for person in people
        )


def test_the_opening_of_a_vote_is_told_only_to_those_who_may_vote(
    organization: Organization, session: Session, drain: Drain
) -> None:
    listed, stranger, old = make_account("Listed"), make_account("Stranger"), make_account("Old")
    with transaction() as writing:
        writing.merge(old).created_at = utc_now() - timedelta(days=40)
    for audience in (Audience.PUBLIC, Audience.UNLISTED):
        on_list = vote_in(organization, audience, electorate=Electorate.INVITED)
        put_on_the_list(on_list, listed)
        open_all(on_list)
    private = vote_in(organization, Audience.INVITED, electorate=Electorate.INVITED)
    put_on_the_list(private, listed)  # who was not let into the call
    by_codes = vote_in(organization, electorate=Electorate.CODES)
    of_age = vote_in(organization, min_account_days=30)
    for call in (private, by_codes, of_age):
        open_all(call)
    drain()
    told = session.execute(
        select(Notification.call_id, Notification.account_id).where(Notification.kind == "voting_opens")
    )
    by_call: dict[int | None, set[int]] = {}
    for call_id, account_id in told:
        by_call.setdefault(call_id, set()).add(account_id)
    assert by_call.pop(of_age.id) == {old.id}
    assert list(by_call.values()) == [{listed.id}, {listed.id}]
    assert not {private.id, by_codes.id} & by_call.keys()
    assert stranger.id not in told_of(session, "voting_opens")


def test_choosing_mails_twice_at_once_keeps_one_choice(as_user: AsUser, session: Session) -> None:
    person = make_account("Dora")
    clients = [as_user(person) for _ in range(4)]
    save = [partial(client.post, "/settings/notifications", data={"voting_closes": "at_once"}) for client in clients]
    assert codes(at_once(*save)) == [303] * 4
    kept = session.scalars(select(Preference.kind).where(Preference.account_id == person.id)).all()
    assert kept == ["voting_closes"]
