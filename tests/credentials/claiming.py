"""A published result whose winner has a credential."""

from dataclasses import dataclass

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.credentials.models import Credential
from crowd.organizations.models import Organization
from crowd.proposals.models import Proposal
from crowd.selection.models import Credit
from tests.conftest import AsUser
from tests.selection.test_results import published


@dataclass(frozen=True)
class Won:
    call: Call
    proposal: Proposal
    organization: Organization
    manager: Account
    winner: Account
    credit: Credit

    @property
    def certificate(self) -> str:
        return f"/certificates/{self.credit.code}"


def won(session: Session, as_user: AsUser) -> Won:
    call, proposals, manager = published(as_user)
    credit = session.scalars(select(Credit).where(Credit.proposal_id == proposals[0].id)).one()
    winner = session.get_one(Account, credit.account_id)
    organization = session.get_one(Organization, call.organization_id)
    return Won(call, proposals[0], organization, manager, winner, credit)


def claim(session: Session, client: FlaskClient, found: Won, **data: str) -> Credential:
    answer = client.post(f"{found.certificate}/credential", data={"consent": "y", **data})
    assert answer.status_code == 303
    session.expire_all()
    newest = select(Credential).where(Credential.credit_id == found.credit.id).order_by(Credential.id.desc()).limit(1)
    return session.scalars(newest).one()
