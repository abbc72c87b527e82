"""Messages to groups: whom they reach, at what rate, what a manager may know of it."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.models import Admission, Call
from crowd.core.notices import Channel
from crowd.core.reach import MessageStatus
from crowd.core.rules import Audience, Electorate
from crowd.core.status import MailStatus, OrganizationRole, ProposalStatus, StageKind
from crowd.mailing.models import Mail
from crowd.messages.actions import send_some
from crowd.messages.models import Message, Reach
from crowd.notifications.models import Preference
from crowd.organizations.models import Organization
from crowd.store.db import transaction, utc_now
from crowd.voting.models import Elector, Voter
from tests.conftest import AsUser, Drain
from tests.make import (
    VOTE,
    make_account,
    make_assignment,
    make_call,
    make_juror,
    make_member,
    make_organization,
    make_proposal,
    make_rules,
    open_all,
    round_row,
)

pytestmark = pytest.mark.usefixtures("session")
WRITTEN = {"subject": "News of {call}", "body": "Dear {name},\nplease read the rules again.", "per_minute": "60"}


@pytest.fixture
def organization() -> Organization:
    return make_organization()


@pytest.fixture
def manager(organization: Organization) -> Account:
    return make_member(organization)


def send(as_user: AsUser, manager: Account, call: Call, group: str, **fields: str) -> str:
    data = {**WRITTEN, "group": group, "act": "send", **fields}
    answer = as_user(manager).post(f"/calls/{call.public_id}/messages/new", data=data, follow_redirects=True)
    assert answer.status_code == 200, answer.text
    return answer.text


def reached(session: Session) -> list[int]:
    """Account ids, lowest first."""
    mails = select(Mail.account_id).where(Mail.kind.in_(["message", "service_message"]))
    return sorted(id_ or 0 for id_ in session.scalars(mails))


def test_only_managers_write(as_user: AsUser, organization: Organization) -> None:
    call = make_call(organization)
    moderator = as_user(make_member(organization, OrganizationRole.MODERATOR))
    assert moderator.get(f"/calls/{call.public_id}/messages").status_code == 403
    assert moderator.post(f"/calls/{call.public_id}/messages/new", data=WRITTEN).status_code == 403


def test_each_group_reaches_its_people_once(
    as_user: AsUser, manager: Account, organization: Organization, session: Session, drain: Drain
) -> None:
    call = make_call(organization, open_stage=StageKind.REVIEW)
    twice, listed, drafter = make_account("Twice"), make_account("Listed"), make_account("Drafter")
    for _ in range(2):
        make_proposal(call, twice)
    short = make_proposal(call, listed, status=ProposalStatus.SHORTLISTED)
    make_proposal(call, drafter, status=ProposalStatus.DRAFT)
    make_proposal(call, make_account("Gone"), status=ProposalStatus.WITHDRAWN)
    row = open_all(call, "jury")
    behind, done = make_juror(row), make_juror(row)
    make_assignment(behind, short)
    make_assignment(done, short, scores={"benefit": 1, "feasible": 1})
    expected: dict[str, list[int]] = {
        "entrants": [twice.id, listed.id],
        "shortlisted": [listed.id],
        "drafts": [drafter.id],
        "behind": [behind.account_id or 0],
        "chosen": [listed.id],
    }
    for group, people in expected.items():
        before = reached(session)
        send(as_user, manager, call, group, **({"status": "shortlisted"} if group == "chosen" else {}))
        drain()
        drain()
        assert reached(session) == sorted([*before, *people]), group
    text = session.scalars(select(Mail.text).where(Mail.account_id == twice.id, Mail.kind == "message")).one()
    assert "> Dear Twice," in text
    desk, log = as_user(manager), f"/calls/{call.public_id}/messages"
    waiting = ("2 letters still wait", "1 letter still waits", "still wait")
    assert [desk.get(log).text.count(words) for words in waiting] == [1, 3, 4]  # of drafts nobody is counted
    with transaction() as writing:
        writing.execute(update(Mail).values(status=MailStatus.SENT, sent_at=utc_now()))
    assert "still wait" not in desk.get(log).text


def test_whoever_has_not_voted_is_written_to_and_nobody_learns_who(
    as_user: AsUser, manager: Account, organization: Organization, session: Session, drain: Drain
) -> None:
    call = make_call(organization, open_stage=StageKind.VOTING)
    waits, voted = make_account("Waits long"), make_account("Voted long")
    for author in (waits, voted):
        make_proposal(call, author)
    row = open_all(call)
    with transaction() as writing:
        writing.add(Voter(round_id=row.id, account_id=voted.id, cast_at=utc_now()))
        writing.add(Voter(round_id=row.id, account_id=manager.id, cast_at=utc_now()))
    page = as_user(manager).get(f"/calls/{call.public_id}/messages/new?group=not_voted").text
    assert "How many they are is not told" in page
    assert "Needed to take part" not in page
    preview = {**WRITTEN, "group": "not_voted", "act": "preview"}
    shown = as_user(manager).post(f"/calls/{call.public_id}/messages/new", data=preview).text
    assert f"Dear {manager.name}" in shown
    send(as_user, manager, call, "not_voted", is_service="y")
    drain()
    assert reached(session) == [waits.id]
    message = session.scalars(select(Message)).one()
    assert (message.status, message.is_service) == (MessageStatus.SENT, False)
    assert session.scalar(select(func.count()).select_from(Reach)) == 0
    desk = as_user(manager)
    for path in (f"messages/{message.public_id}", "mails", "messages"):
        page = desk.get(f"/calls/{call.public_id}/{path}").text
        assert "Waits long" not in page
        assert "Voted long" not in page
        assert waits.email not in page
    assert desk.get(f"/organizations/{organization.slug}/mails").text.count("News of") == 0


def test_whoever_is_on_a_list_of_voters_is_written_to_and_those_who_may_not_vote_are_not(
    as_user: AsUser, manager: Account, organization: Organization, session: Session, drain: Drain
) -> None:
    rules = make_rules(StageKind.VOTING)
    vote = replace(VOTE, electorate=Electorate.INVITED)
    call = make_call(organization, replace(rules, rounds=(vote, *rules.rounds[1:])))
    waits, voted, author = make_account("Waits long"), make_account("Voted long"), make_account("No voter")
    make_proposal(call, author)
    row = round_row(call)
    with transaction() as writing:
        for person in (waits, voted):
            writing.add(
                Elector(round_id=row.id, email=person.email, email_folded=person.email_folded, added_at=utc_now())
            )
    assert "Nobody is in this group" in send_to_nobody(as_user, manager, call)  # the vote has not begun
    open_all(call)
    with transaction() as writing:
        writing.add(Voter(round_id=row.id, account_id=voted.id, cast_at=utc_now()))
    send(as_user, manager, call, "not_voted")
    drain()
    assert reached(session) == [waits.id]


def test_a_vote_in_a_call_that_strangers_do_not_know_is_not_told_to_those_who_like_reminders(
    as_user: AsUser, manager: Account, organization: Organization, session: Session, drain: Drain
) -> None:
    reminded, author = make_account("Likes reminders"), make_account("Author")
    with transaction() as writing:
        writing.add(Preference(account_id=reminded.id, kind="voting_closes", channel=Channel.AT_ONCE))
    for audience in (Audience.UNLISTED, Audience.INVITED):
        call = make_call(organization, make_rules(StageKind.VOTING, audience=audience))
        make_proposal(call, author)
        with transaction() as writing:
            writing.add(Admission(call_id=call.id, account_id=author.id, at=utc_now()))
        open_all(call)
        send(as_user, manager, call, "not_voted")
    drain()
    assert reached(session) == sorted([manager.id, author.id] * 2)


def send_to_nobody(as_user: AsUser, manager: Account, call: Call) -> str:
    data = {**WRITTEN, "group": "not_voted", "act": "send"}
    answer = as_user(manager).post(f"/calls/{call.public_id}/messages/new", data=data)
    assert answer.status_code == 409
    return answer.text


def test_who_stopped_messages_gets_only_what_is_needed(
    as_user: AsUser, manager: Account, organization: Organization, session: Session, drain: Drain
) -> None:
    call, author = make_call(organization), make_account("Quiet")
    make_proposal(call, author)
    with transaction() as writing:
        writing.add(Preference(account_id=author.id, kind="message", channel=Channel.OFF))
    page = send(as_user, manager, call, "entrants")
    drain()
    assert reached(session) == []
    message = session.scalars(select(Message)).one()
    page = as_user(manager).get(f"/calls/{call.public_id}/messages/{message.public_id}").text
    assert "Stopped messages: not sent" in page
    send(as_user, manager, call, "entrants", is_service="y")
    drain()
    assert reached(session) == [author.id]
    assert session.scalars(select(Mail.way_out).where(Mail.kind == "service_message")).one() == ""


def test_the_rate_holds_and_a_stop_leaves_the_rest(
    as_user: AsUser, manager: Account, organization: Organization, session: Session
) -> None:
    call = make_call(organization)
    for number in range(5):
        make_proposal(call, make_account(f"Author {number}"))
    send(as_user, manager, call, "entrants", per_minute="2")
    message, now = session.scalars(select(Message)).one(), utc_now()
    for later, written in ((0, 2), (20, 0), (61, 2)):
        with transaction(message) as writing:
            assert send_some(writing, message, now + timedelta(seconds=later)) == written
    path = f"/calls/{call.public_id}/messages/{message.public_id}"
    assert "Waiting: 1" in as_user(manager).get(path).text
    stopped = as_user(manager).post(f"{path}/stop", follow_redirects=True).text
    assert "Stopped: 5" in stopped
    states = session.scalars(select(Mail.status).where(Mail.kind == "message")).all()
    assert states == [MailStatus.CANCELLED] * 4
    assert as_user(manager).post(f"{path}/stop").status_code == 409


def test_a_preview_shows_the_letter_and_sends_nothing(
    as_user: AsUser, manager: Account, organization: Organization, session: Session
) -> None:
    call = make_call(organization)
    make_proposal(call, make_account("Ana <b>"), title="A bench")
    data = {**WRITTEN, "body": "About {proposal}: read on.", "group": "entrants", "act": "preview"}
    page = as_user(manager).post(f"/calls/{call.public_id}/messages/new", data=data).text
    assert "&gt; About A bench: read on." in page
    assert "1 person gets it." in page
    assert session.scalars(select(Message)).all() == []
    refused = as_user(manager).post(f"/calls/{call.public_id}/messages/new", data={**data, "body": "Dear {friend}"})
    assert refused.status_code == 422
    assert "{friend}" in re.sub(r"<[^>]+>", "", refused.text)


def test_a_message_to_nobody_is_refused_in_words(as_user: AsUser, manager: Account, organization: Organization) -> None:
    call = make_call(organization)
    data = {**WRITTEN, "group": "selected", "act": "send"}
    answer = as_user(manager).post(f"/calls/{call.public_id}/messages/new", data=data)
    assert "Nobody is in this group now." in answer.text
    assert WRITTEN["subject"] in answer.text
