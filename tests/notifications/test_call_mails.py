"""A manager sees how the mails of a call went, but not who keeps a draft, is asked to join a team, or voted."""

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.core.status import MailStatus, OrganizationRole
from crowd.mailing.models import Mail
from crowd.organizations.models import Organization
from crowd.store.db import transaction, utc_now
from tests.make import make_call, make_member

AsUser = Callable[[Account], FlaskClient]
KINDS = ("deadline_near", "team_invitation", "candidate_added", "voting_opens", "outcome")


def write_mails(call: Call) -> dict[str, Mail]:
    now = utc_now()
    mails = {
        kind: Mail(
            kind=kind,
            to_email=f"{kind}@demo.example",
            call_id=call.id,
            language="en",
            subject=kind,
            text=f"About {kind}.",
            html="",
            status=MailStatus.FAILED,
            error="550 no such mailbox",
            created_at=now,
            due_at=now,
        )
        for kind in KINDS
    }
    with transaction() as session:
        session.add_all(mails.values())
    return mails


def test_managers_see_state_and_words_of_the_server_and_send_again(as_user: AsUser, session: Session) -> None:
    call = make_call()
    mails = write_mails(call)
    organization = session.get_one(Organization, call.organization_id)
    manager = as_user(make_member(organization, OrganizationRole.MANAGER))
    path = f"/calls/{call.public_id}/mails"
    page = manager.get(path).text
    assert "550 no such mailbox" in page
    assert [kind for kind in KINDS if f"{kind}@demo.example" in page] == ["outcome"]
    answers = [manager.post(f"{path}/{mails[kind].public_id}/again").status_code for kind in KINDS]
    assert answers == [404] * 4 + [303]


def test_moderators_do_not_see_mails(as_user: AsUser, session: Session) -> None:
    call = make_call()
    write_mails(call)
    organization = session.get_one(Organization, call.organization_id)
    moderator = as_user(make_member(organization, OrganizationRole.MODERATOR))
    assert moderator.get(f"/calls/{call.public_id}/mails").status_code == 403
