"""Limits per contributor: said beforehand, held when handing in and when joining, freed by withdrawing."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.core.status import MemberStatus, ProposalStatus
from crowd.proposals.actions.team import token_hash
from crowd.proposals.models import Proposal, TeamMember
from crowd.store.db import transaction, utc_now
from tests.conftest import AsUser
from tests.make import make_account, make_call, make_proposal, make_rules

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def call() -> Call:
    return make_call(rules=make_rules(most_as_lead=1, most_in_team=2, declarations=()))


def hand_in(writer: FlaskClient, proposal: Proposal) -> tuple[int, str]:
    answer = writer.post(f"/proposals/{proposal.public_id}/submit", data={"version": str(proposal.version)})
    return answer.status_code, answer.text


def test_one_proposal_too_many_is_refused_in_words_until_another_is_withdrawn(
    as_user: AsUser, client: FlaskClient, call: Call, session: Session
) -> None:
    author = make_account()
    writer = as_user(author)
    for page in (f"/calls/{call.public_id}", f"/calls/{call.public_id}/propose"):
        assert "One person may hand in at most 1 proposal." in client.get(page).text
    first = make_proposal(call, author, status=ProposalStatus.SUBMITTED)
    second = make_proposal(call, author, status=ProposalStatus.DRAFT)
    status, page = hand_in(writer, second)
    assert status == 422
    assert "You have handed in as many proposals as one person may (1)." in page
    session.refresh(second)
    assert second.status is ProposalStatus.DRAFT
    assert writer.post(f"/proposals/{first.public_id}/withdraw", data={"reason": ""}).status_code == 303
    session.refresh(second)
    assert hand_in(writer, second)[0] == 303


def place(proposal: Proposal, account: Account, status: MemberStatus, token: str | None = None) -> None:
    with transaction() as session:
        session.add(
            TeamMember(
                proposal_id=proposal.id,
                account_id=account.id,
                name=account.name,
                email=account.email,
                email_folded=account.email_folded,
                roles=[],
                share=0,
                status=status,
                token_hash=token_hash(token) if token else None,
                invited_at=utc_now(),
            )
        )


def test_a_person_who_stands_in_enough_proposals_can_neither_be_handed_in_with_nor_join(
    as_user: AsUser, call: Call, session: Session
) -> None:
    busy = make_account("Busy Bee")
    for _ in range(2):
        place(make_proposal(call, status=ProposalStatus.SUBMITTED), busy, MemberStatus.ACCEPTED)
    lead = make_account()
    draft = make_proposal(call, lead, status=ProposalStatus.DRAFT)
    place(draft, busy, MemberStatus.ACCEPTED)
    status, page = hand_in(as_user(lead), draft)
    assert status == 422
    assert re.search("Busy Bee already stands in as many proposals of this call as one person may", page)
    other = make_proposal(call, status=ProposalStatus.SUBMITTED)
    place(other, busy, MemberStatus.PENDING, "a-token-that-was-mailed")
    answer = as_user(busy).post("/team/a-token-that-was-mailed/accept")
    assert answer.status_code == 422
    assert "Busy Bee already stands in as many proposals" in answer.text
