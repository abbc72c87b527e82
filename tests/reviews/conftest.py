"""A call in its review stage with three proposals and a jury, as the tests of the jury need it."""

from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.core.status import MemberStatus, OrganizationRole, StageKind
from crowd.organizations.models import Organization
from crowd.proposals.models import Proposal, TeamMember
from crowd.reviews.models import Juror
from crowd.rounds.models import CallRound
from crowd.store.db import db, transaction
from tests.make import make_account, make_call, make_member, make_organization, make_proposal, make_rules, open_all

TITLES = ("A bench around the old tree", "A pond for frogs", "Lights along the path")


@dataclass(frozen=True)
class Scene:
    """A published call whose review round is open, its manager, and its proposals by three authors."""

    organization: Organization
    call: Call
    round: CallRound
    manager: Account
    authors: list[Account]
    proposals: list[Proposal]

    @property
    def url(self) -> str:
        return f"/calls/{self.call.public_id}/reviews"


def make_scene(**rules: object) -> Scene:
    organization = make_organization()
    manager = make_member(organization, OrganizationRole.MANAGER)
    call = make_call(organization, make_rules(StageKind.REVIEW, **rules))
    authors = [make_account(name) for name in ("Iris Okafor", "Luis Paz", "Mina Sato")]
    proposals = [make_proposal(call, author, title=title) for author, title in zip(authors, TITLES, strict=True)]
    return Scene(organization, call, open_all(call, "jury"), manager, authors, proposals)


def account_of(juror: Juror) -> Account:
    account = db.session.get(Account, juror.account_id)
    assert account is not None
    return account


def invite_to_team(proposal: Proposal, email: str, account: Account | None = None) -> None:
    with transaction() as session:
        session.add(
            TeamMember(
                proposal_id=proposal.id,
                account_id=account.id if account else None,
                name="Somebody",
                email=email,
                email_folded=email.casefold(),
                share=0,
                status=MemberStatus.PENDING,
                token_hash=f"team{email}",
            )
        )


@pytest.fixture
def scene(app: Flask, session: Session) -> Scene:
    return make_scene()
