"""The outbox before publishing: one letter edited, one held back, one deleted; nothing written for another verdict leaves."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from crowd.accounts.models import Account
from crowd.mailing.models import Mail
from crowd.notifications.models import Notification
from crowd.proposals.models import Exclusion, Proposal
from crowd.selection.models import LetterEdit
from crowd.store.db import transaction, utc_now
from tests.conftest import AsUser, Drain
from tests.filling import fields_of
from tests.selection.test_publish import all_decided, publish


def lead(session: Session, proposal: Proposal) -> Account:
    return session.get_one(Account, proposal.lead_id)


def edit(client: FlaskClient, proposal: Proposal, person: Account, **changes: str) -> TestResponse:
    url = f"/proposals/{proposal.public_id}/letters/{person.public_id}"
    return client.post(url, data=fields_of(client.get(url).text) | changes)


def mails(session: Session) -> dict[str, str]:
    session.expire_all()
    return dict(iter(session.execute(select(Mail.to_email, Mail.text).where(Mail.kind == "outcome"))))


def test_letters_are_edited_held_back_and_deleted_before_they_are_sent(
    session: Session, as_user: AsUser, drain: Drain
) -> None:
    call, proposals, manager = all_decided()
    client = as_user(manager)
    people = [lead(session, proposal) for proposal in proposals]
    assert edit(client, proposals[0], people[0], text="Come to the party on Friday.").status_code == 303
    edit(client, proposals[1], people[1], text="A letter of my own.", replaces="y")
    edit(client, proposals[2], people[2], fate="held", reason="We call her first.")
    edit(client, proposals[3], people[3], fate="deleted", reason="He was told in person.")
    page = client.get(f"/calls/{call.public_id}/decisions/publish").text
    assert "2 selected, 1 reserve, 1 not selected, 0 without reason" in page
    assert "2 letters will be sent" in page
    assert "1 is held back. 1 is deleted." in page
    assert publish(client, call).status_code == 303
    drain()
    sent = mails(session)
    assert sorted(sent) == sorted([people[0].email, people[1].email])
    assert "Reason of Proposal 1." in sent[people[0].email]
    assert "> Come to the party on Friday." in sent[people[0].email]
    assert "> A letter of my own." in sent[people[1].email]
    assert "Reason of Proposal 2." not in sent[people[1].email]
    told = session.scalars(select(Notification.account_id).where(Notification.kind == "outcome")).all()
    assert sorted(id_ for id_ in told if id_) == sorted(person.id for person in people)


def test_a_letter_held_back_is_sent_later_once(session: Session, as_user: AsUser, drain: Drain) -> None:
    call, proposals, manager = all_decided()
    client, person = as_user(manager), lead(session, proposals[2])
    edit(client, proposals[2], person, fate="held", reason="We call her first.", text="As we said.")
    publish(client, call)
    drain()
    assert person.email not in mails(session)
    assert "We call her first." in client.get(f"/calls/{call.public_id}/decisions").text
    url = f"/proposals/{proposals[2].public_id}/letters/{person.public_id}/send"
    assert client.post(url).status_code == 303
    assert "> As we said." in mails(session)[person.email]
    assert client.post(url).status_code == 409
    assert "We call her first." not in client.get(f"/calls/{call.public_id}/decisions").text


def test_a_letter_stays_when_the_verdict_changes_is_marked_and_keeps_publishing_back(
    session: Session, as_user: AsUser
) -> None:
    call, proposals, manager = all_decided()
    client, person = as_user(manager), lead(session, proposals[0])
    edit(client, proposals[0], person, text="You won!", replaces="y")
    form = fields_of(client.get(f"/proposals/{proposals[0].public_id}/verdict").text)
    client.post(f"/proposals/{proposals[0].public_id}/verdict", data=form | {"outcome": "reserve"})
    page = client.get(f"/calls/{call.public_id}/decisions/publish").text
    assert "1 letter was edited for another verdict: look at it again." in page
    refused = publish(client, call, justification="So it is.")
    assert refused.status_code == 422
    assert "Letters that were edited before their verdict changed: 1." in refused.text
    edit(client, proposals[0], person, text="You are next.")
    assert publish(client, call, justification="So it is.").status_code == 303


def test_what_is_published_is_what_was_previewed(session: Session, as_user: AsUser) -> None:
    call, proposals, manager = all_decided()
    client, person = as_user(manager), lead(session, proposals[0])
    url = f"/calls/{call.public_id}/decisions/publish"
    seen = fields_of(client.get(url).text)
    edit(client, proposals[0], person, text="Changed meanwhile.")
    assert client.post(url, data=seen).status_code == 409


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"fate": "held"}, "Say why this letter is held back or deleted."),
        ({"fate": "deleted", "reason": " "}, "Say why this letter is held back or deleted."),
        ({"replaces": "y"}, "Write the text that stands in the place of the drafted one."),
    ],
)
def test_holding_back_wants_a_reason_and_replacing_a_text(
    session: Session, as_user: AsUser, changes: dict[str, str], words: str
) -> None:
    _, proposals, manager = all_decided()
    answer = edit(as_user(manager), proposals[0], lead(session, proposals[0]), **changes)
    assert (answer.status_code, words in answer.text) == (422, True)
    assert session.scalars(select(LetterEdit)).all() == []


def test_an_edit_taken_back_leaves_the_letter_as_drafted(session: Session, as_user: AsUser) -> None:
    _, proposals, manager = all_decided()
    client, person = as_user(manager), lead(session, proposals[0])
    edit(client, proposals[0], person, text="An addition.")
    edit(client, proposals[0], person, text="")
    session.expire_all()
    assert session.scalars(select(LetterEdit)).all() == []


def test_of_two_who_edit_one_letter_the_second_is_told(session: Session, as_user: AsUser) -> None:
    _, proposals, manager = all_decided()
    client, person = as_user(manager), lead(session, proposals[0])
    edit(client, proposals[0], person, text="Mine.")
    answer = edit(client, proposals[0], person, text="Theirs.", version="0")
    assert answer.status_code == 409
    assert session.scalars(select(LetterEdit.text)).all() == ["Mine."]


def test_whoever_has_a_stake_edits_no_letter_of_it(session: Session, as_user: AsUser) -> None:
    _, proposals, manager = all_decided()
    person = lead(session, proposals[0])
    with transaction() as writing:
        writing.add(Exclusion(proposal_id=proposals[0].id, account_id=manager.id, at=utc_now()))
    data = {"fate": "send", "text": "For my friend.", "version": "0"}
    url = f"/proposals/{proposals[0].public_id}/letters/{person.public_id}"
    assert as_user(manager).post(url, data=data).status_code == 403
    assert as_user(person).get(url).status_code == 403
    assert session.scalars(select(LetterEdit)).all() == []
