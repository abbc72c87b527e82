"""Digests: each thing once ever, only what still stands, nothing when nothing is left; in the reader's language and time."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.conversation.models import Comment
from crowd.core.status import CallStatus, OrganizationRole
from crowd.mailing.models import Mail
from crowd.notifications.models import Notification
from crowd.proposals.models import Proposal
from crowd.store.db import transaction, utc_now
from tests.conftest import AsUser, Drain
from tests.make import make_account, make_call, make_member, make_organization, make_proposal

pytestmark = pytest.mark.usefixtures("session")
DAILY = {"comment_on_mine": "daily", "answer_to_mine": "weekly"}


@pytest.fixture
def reader(session: Session, as_user: AsUser) -> Account:
    account = make_account("Carlos")
    with transaction(account):
        account.language, account.time_zone = "es", "America/Mexico_City"
    assert as_user(account).post("/settings/notifications", data=DAILY).status_code == 303
    return account


def comment(client: FlaskClient, proposal: Proposal, body: str) -> None:
    assert client.post(f"/proposals/{proposal.public_id}/comments", data={"body": body}).status_code == 303


def written(session: Session, body: str) -> Comment:
    return session.scalars(select(Comment).where(Comment.body == body)).one()


def let_digests_come() -> None:
    with transaction() as session:
        session.execute(
            update(Notification).where(Notification.digest_at.is_not(None)).values(digest_at=utc_now() - timedelta(1))
        )


def digests(session: Session) -> list[Mail]:
    return list(session.scalars(select(Mail).where(Mail.kind == "digest").order_by(Mail.id)))


def test_a_digest_tells_what_still_stands_each_once_and_is_not_written_for_nothing(
    session: Session, as_user: AsUser, drain: Drain, reader: Account
) -> None:
    organization = make_organization()
    manager = as_user(make_member(organization, OrganizationRole.MANAGER))
    writer = as_user(make_account("Vera"))
    calls = [make_call(organization) for _ in range(2)]
    shown, unpublished = (make_proposal(call, reader, title=f"Pond {n}") for n, call in enumerate(calls))
    for proposal, body in [(shown, "stays"), (shown, "taken back"), (shown, "hidden"), (unpublished, "unpublished")]:
        comment(writer, proposal, body)
    drain()
    assert digests(session) == []
    waiting = session.scalars(select(Notification.digest_at).where(Notification.account_id == reader.id)).all()
    assert {at.astimezone(ZoneInfo("America/Mexico_City")).hour for at in waiting if at} == {8}

    assert writer.post(f"/comments/{written(session, 'taken back').public_id}/delete").status_code == 303
    hide = manager.post(f"/comments/{written(session, 'hidden').public_id}/hide", data={"text": "Rude"})
    assert hide.status_code == 303
    with transaction() as writing:
        hidden_call = writing.get_one(Call, calls[1].id)
        hidden_call.status, hidden_call.published_at = CallStatus.DRAFT, None
        hidden_call.rules = hidden_call.rules_sha256 = None
    let_digests_come()
    drain()
    drain()
    (mail,) = digests(session)
    assert (mail.account_id, mail.language, mail.text.count("/notifications/")) == (reader.id, "es", 1)
    assert mail.subject == "1 aviso para ti"
    assert "Pond 0" in mail.text
    assert "Pond 1" not in mail.text

    let_digests_come()
    drain()
    assert len(digests(session)) == 1
    page = as_user(reader).get("/notifications").text
    assert page.count("Pond 0") == 1


@pytest.mark.parametrize("because", ["blocked", "unsubscribed", "read"])
def test_no_digest_comes_to_whom_it_is_not_wanted_by(
    session: Session, as_user: AsUser, drain: Drain, reader: Account, because: str
) -> None:
    proposal = make_proposal(make_call(), reader)
    comment(as_user(make_account("Vera")), proposal, "one")
    drain()
    if because == "blocked":
        with transaction(reader):
            reader.blocked_at = utc_now()
    elif because == "unsubscribed":
        assert as_user(reader).post("/settings/notifications", data={"comment_on_mine": "product"}).status_code == 303
    else:
        as_user(reader).post("/notifications/read")
    let_digests_come()
    drain()
    assert digests(session) == []


def test_a_comment_that_stands_again_is_shown_again(
    session: Session, as_user: AsUser, drain: Drain, reader: Account
) -> None:
    writer, proposal = as_user(make_account("Vera")), make_proposal(make_call(), reader)
    comment(writer, proposal, "one")
    drain()
    path, shown = f"/comments/{written(session, 'one').public_id}", []
    for act in ("delete", "undelete"):
        assert writer.post(f"{path}/{act}").status_code == 303
        drain()
        shown.append("A bench around the old tree" in as_user(reader).get("/notifications").text)
    assert shown == [False, True]
