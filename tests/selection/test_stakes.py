"""Whoever has a stake in a proposal neither screens, reviews, decides, confirms nor moderates it, by whatever door."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.conversation.models import Comment
from crowd.core.status import AssignmentStatus, MemberStatus, Outcome, ProposalStatus, StageKind
from crowd.notifications.models import Notification
from crowd.organizations.models import Organization
from crowd.proposals.models import Exclusion, Proposal, TeamMember
from crowd.reviews.models import Assignment, Review
from crowd.selection.models import Verdict
from crowd.store.db import transaction, utc_now
from tests.conftest import AsUser, Drain
from tests.make import (
    make_account,
    make_assignment,
    make_call,
    make_juror,
    make_member,
    make_organization,
    make_proposal,
    open_all,
)
from tests.selection.rows import decided_call, make_verdict
from tests.selection.rows import make_juror as seat

pytestmark = pytest.mark.one_database

Stake = Callable[[Proposal, Account], None]


def lead(proposal: Proposal, person: Account) -> None:
    with transaction(proposal):
        proposal.lead_id = person.id


def _member(proposal: Proposal, person: Account, status: MemberStatus) -> None:
    with transaction() as session:
        session.add(
            TeamMember(
                proposal_id=proposal.id,
                account_id=person.id,
                name=person.name,
                email=person.email,
                email_folded=person.email_folded,
                share=0,
                status=status,
                token_hash=f"team{person.id}{proposal.id}",
            )
        )


def accepted(proposal: Proposal, person: Account) -> None:
    _member(proposal, person, MemberStatus.ACCEPTED)


def invited(proposal: Proposal, person: Account) -> None:
    _member(proposal, person, MemberStatus.PENDING)


def conflicted(proposal: Proposal, person: Account) -> None:
    with transaction() as session:
        session.add(Exclusion(proposal_id=proposal.id, account_id=person.id, at=utc_now()))


STAKES = (lead, accepted, invited, conflicted)


def comment_on(proposal: Proposal) -> Comment:
    with transaction() as session:
        comment = Comment(
            call_id=proposal.call_id,
            proposal_id=proposal.id,
            author_id=make_account().id,
            body="?",
            created_at=utc_now(),
        )
        session.add(comment)
    return comment


@pytest.mark.parametrize("stake", STAKES)
def test_screening_and_moderating_are_refused(as_user: AsUser, session: Session, stake: Stake) -> None:
    organization = make_organization()
    manager = make_member(organization)
    proposal = make_proposal(
        make_call(organization, open_stage=StageKind.SCREENING), make_account(), status=ProposalStatus.SUBMITTED
    )
    comment = comment_on(proposal)
    stake(proposal, manager)
    client = as_user(manager)
    tried = [
        (f"/proposals/{proposal.public_id}/screen", {"act": "find_eligible"}),
        (f"/proposals/{proposal.public_id}/screen", {"act": "find_ineligible", "code": "other", "text": "No."}),
        (f"/comments/{comment.public_id}/hide", {"code": "spam", "text": "Spam."}),
        (f"/proposals/{proposal.public_id}/hide", {"code": "spam", "text": "Spam."}),
        (f"/proposals/{proposal.public_id}/keep", {}),
    ]
    assert [client.post(address, data=data | {"version": "1"}).status_code for address, data in tried] == [403] * 5
    assert (proposal.status, proposal.hidden_reason, comment.hidden_reason) == (ProposalStatus.SUBMITTED, "", "")


@pytest.mark.both_databases
@pytest.mark.parametrize("stake", STAKES)
def test_reviewing_is_refused(as_user: AsUser, session: Session, stake: Stake) -> None:
    organization = make_organization()
    manager = make_member(organization)
    call = make_call(organization, open_stage=StageKind.REVIEW)
    proposal, other = make_proposal(call, make_account()), make_proposal(call, make_account())
    juror = make_juror(open_all(call, "jury"), make_account("Mika Halonen"))
    assignment = make_assignment(juror, proposal, status=AssignmentStatus.ASSIGNED)
    stake(proposal, person := session.get_one(Account, juror.account_id))
    reviewer = as_user(person)
    scores = {"score_0": "4", "score_1": "3", "version": "0", "seen": "1"}
    assert reviewer.get(f"/reviews/{assignment.public_id}").status_code == 404
    assert reviewer.post(f"/reviews/{assignment.public_id}", data=scores).status_code == 404
    later = make_juror(open_all(call, "jury"), make_account("Rosa Marín"))
    stake(proposal, session.get_one(Account, later.account_id))
    url = f"/calls/{call.public_id}/reviews/jury/jurors/{later.public_id}/assign"
    as_user(manager).post(url, data={"picked": [proposal.public_id, other.public_id]})
    assert session.scalar(select(func.count(Review.id))) == 0
    assert (
        proposal.id not in session.scalars(select(Assignment.proposal_id).where(Assignment.juror_id == later.id)).all()
    )


@pytest.mark.parametrize("stake", STAKES)
def test_deciding_and_confirming_are_refused(as_user: AsUser, session: Session, stake: Stake) -> None:
    organization = make_organization()
    manager, chair = make_member(organization), make_account("Rosa Marín")
    call, proposals = decided_call(organization, count=2)
    proposal, room = proposals[0], f"/calls/{call.public_id}/decisions"
    make_verdict(proposal, Outcome.SELECTED, make_account())
    seat(call, "jury", chair, chair=True)
    stake(proposal, manager)
    (accepted if stake is lead else stake)(proposal, chair)  # there is one lead only
    client, data = as_user(manager), {"outcome": "not_selected", "reason": "No.", "version": "1"}
    many = {"which": "picked", "pick": proposal.public_id, "outcome": "not_selected", "reason": "No."}
    assert client.post(f"/proposals/{proposal.public_id}/verdict", data=data).status_code == 403
    assert client.post(room, data=many).status_code == 422
    assert client.post(f"{room}/confirm", data={"pick": proposal.public_id}).status_code == 403
    key = proposal.public_id
    mine = {f"{key}-outcome": "not_selected", f"{key}-reason": "No.", f"{key}-version": "1"}
    assert as_user(chair).post(f"{room}/chair/{key}", data=mine).status_code == 404
    verdict = session.scalars(select(Verdict)).one()
    assert (verdict.outcome, verdict.confirmed_by_id, verdict.version) == (Outcome.SELECTED, None, 1)


@pytest.fixture
def chaired(session: Session) -> tuple[Organization, Proposal, Account, Account]:
    """A decision in which the only manager has a stake: organization, proposal, manager, chair."""
    organization = make_organization()
    manager, chair = make_member(organization), make_account("Rosa Marín")
    call, proposals = decided_call(organization, count=2)
    seat(call, "jury", chair, chair=True)
    conflicted(proposals[0], manager)
    return organization, proposals[0], manager, chair


def test_the_chair_who_must_decide_is_told_and_led_there(
    as_user: AsUser, session: Session, drain: Drain, chaired: tuple[Organization, Proposal, Account, Account]
) -> None:
    _organization, _proposal, manager, chair = chaired
    drain()
    notice = session.scalars(select(Notification).where(Notification.kind == "chair_needed")).one()
    assert (notice.account_id, notice.path.endswith("/decisions/chair")) == (chair.id, True)
    page = as_user(chair).get("/").text
    assert "1 proposal waits for your decision as chair" in page
    assert f'href="{notice.path}"' in page
    room = notice.path.removesuffix("/chair")
    told = as_user(manager).get(room).text
    assert "In 1 proposal every manager has a stake." in told
    assert "No jury of this call has a chair" not in told


def test_no_chair_is_called_where_a_manager_without_a_stake_may_decide(
    as_user: AsUser, session: Session, drain: Drain, chaired: tuple[Organization, Proposal, Account, Account]
) -> None:
    organization, _proposal, manager, chair = chaired
    make_member(organization)
    drain()
    assert session.scalars(select(Notification).where(Notification.kind == "chair_needed")).all() == []
    assert "as chair" not in as_user(chair).get("/").text
    assert "every manager has a stake" not in as_user(manager).get("/").text
