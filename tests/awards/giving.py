"""Prizes given in a published call, for the tests of the ledger."""

from dataclasses import dataclass

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.awards.models import Award, AwardPart
from crowd.calls.models import Call
from crowd.core.status import MemberStatus
from crowd.proposals.models import Proposal, TeamMember
from crowd.store.db import transaction
from tests.conftest import AsUser
from tests.make import make_account
from tests.selection.test_publish import all_decided, publish


@dataclass(frozen=True)
class Won:
    """A published call whose first proposal has a team: the lead with 66.67 %, a partner with 33.33 %."""

    call: Call
    proposals: list[Proposal]
    manager: Account
    lead: Account
    partner: Account


def won_call(session: Session, as_user: AsUser) -> Won:
    call, proposals, manager = all_decided("SSRN")
    partner = make_account("Noor Haddad")
    with transaction() as writing:
        lead = writing.scalars(select(TeamMember).where(TeamMember.proposal_id == proposals[0].id)).one()
        lead.share = 6_667
        writing.add(
            TeamMember(
                proposal_id=proposals[0].id,
                account_id=partner.id,
                name=partner.name,
                email=partner.email,
                email_folded=partner.email_folded,
                position=1,
                share=3_333,
                status=MemberStatus.ACCEPTED,
            )
        )
    publish(as_user(manager), call)
    return Won(call, proposals, manager, session.get_one(Account, proposals[0].lead_id), partner)


def give(client: FlaskClient, won: Won, **data: str) -> int:
    fields = {"title": "First prize", "amount": "1000.00", "currency": "EUR", "thing": "", **data}
    return client.post(f"/proposals/{won.proposals[0].public_id}/awards/give", data=fields).status_code


def parts(session: Session) -> list[AwardPart]:
    session.expire_all()
    return list(session.scalars(select(AwardPart).order_by(AwardPart.id)))


def award(session: Session) -> Award:
    session.expire_all()
    return session.scalars(select(Award)).one()


def pay(client: FlaskClient, won: Won, part: AwardPart, reference: str = "Transfer 4711") -> int:
    url = f"/calls/{won.call.public_id}/awards/parts/{part.public_id}/paid"
    return client.post(url, data={"reference": reference}).status_code
