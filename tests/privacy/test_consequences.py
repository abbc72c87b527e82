"""What becomes of proposals, votes, reviews, comments, prizes and credentials when an account is erased."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.awards.models import AwardPart
from crowd.conversation.models import Comment
from crowd.core.errors import Gone
from crowd.core.status import AssignmentStatus, JurorStatus, MemberStatus, ProposalStatus
from crowd.credentials.models import Credential, Revocation
from crowd.organizations.models import Membership
from crowd.proposals.models import Proposal, TeamMember
from crowd.reviews.models import Assignment, Juror, Review
from crowd.selection.models import Credit
from crowd.voting.models import Ballot, Leaf, Voter
from tests.conftest import AsUser, Drain
from tests.privacy.conftest import Erase
from tests.privacy.scene import BODY, Scene, make_everywhere

pytestmark = pytest.mark.one_database


@pytest.fixture
def scene(session: Session, as_user: AsUser, drain: Drain) -> Scene:
    return make_everywhere(as_user, drain)


def places(session: Session, proposal: Proposal) -> list[tuple[int | None, int, MemberStatus]]:
    rows = session.scalars(
        select(TeamMember).where(TeamMember.proposal_id == proposal.id).order_by(TeamMember.position)
    )
    return [(row.account_id, row.share, row.status) for row in rows]


def test_drafts_go_teams_are_led_by_the_next_and_what_was_alone_is_withdrawn(
    session: Session, scene: Scene, erase: Erase
) -> None:
    draft, person, partner = scene.draft.id, scene.person.id, scene.partner.id
    erase(scene.person)
    session.expire_all()
    assert session.get(Proposal, draft) is None
    assert (scene.alone.status, scene.alone.lead_id) == (ProposalStatus.WITHDRAWN, person)
    assert (scene.shared.status, scene.shared.lead_id) == (ProposalStatus.SUBMITTED, partner)
    assert places(session, scene.shared) == [
        (person, 10_000, MemberStatus.ACCEPTED),
        (partner, 0, MemberStatus.ACCEPTED),
    ]
    assert (scene.won.status, scene.won.lead_id) == (ProposalStatus.SELECTED, partner)
    assert scene.shared_draft.lead_id == partner
    assert places(session, scene.shared_draft) == [
        (person, 0, MemberStatus.REMOVED),
        (partner, 10_000, MemberStatus.ACCEPTED),
    ]


@pytest.mark.both_databases
def test_reviews_that_are_in_stay_and_open_work_is_free_again(
    session: Session, as_user: AsUser, scene: Scene, erase: Erase
) -> None:
    manager = as_user(scene.owner)
    erase(scene.person)
    session.expire_all()
    work = session.scalars(select(Assignment).where(Assignment.juror_id == scene.juror.id).order_by(Assignment.id))
    assert [one.status for one in work] == [AssignmentStatus.SUBMITTED, AssignmentStatus.WITHDRAWN]
    assert (
        len(session.scalars(select(Review).join(Review.assignment).where(Assignment.juror_id == scene.juror.id)).all())
        == 1
    )
    states = session.scalars(
        select(Juror.status).where(Juror.round_id == scene.juror.round_id).order_by(Juror.id)
    ).all()
    assert states == [JurorStatus.ACCEPTED, JurorStatus.DECLINED]
    data = {"juror": scene.juror.public_id, "picked": [scene.begun.public_id]}
    page = f"/calls/{scene.reviewing.public_id}/reviews/jurors/{scene.juror.public_id}"
    assert manager.get(page).status_code == 200
    manager.post(f"{page}/assign", data=data)
    session.refresh(scene.begun)
    assert scene.begun.status is AssignmentStatus.WITHDRAWN


@pytest.mark.both_databases
def test_a_ballot_in_an_open_vote_is_taken_back_with_a_leaf_that_says_so(
    session: Session, scene: Scene, erase: Erase
) -> None:
    round_id = scene.open_round.id
    leaves = len(session.scalars(select(Leaf).where(Leaf.round_id == round_id)).all())
    erase(scene.person)
    session.expire_all()
    voter = session.scalars(select(Voter).where(Voter.round_id == round_id)).one()
    assert (voter.account_id, voter.cast_at, voter.network) == (scene.person.id, None, None)
    assert session.scalars(select(Ballot.choices).where(Ballot.round_id == round_id)).all() == [None]
    assert len(session.scalars(select(Leaf).where(Leaf.round_id == round_id)).all()) == leaves + 1


@pytest.mark.both_databases
@pytest.mark.parametrize("withdraw", [False, True])
def test_comments_stay_or_go_as_the_person_chose(
    app: Flask, session: Session, scene: Scene, erase: Erase, *, withdraw: bool
) -> None:
    page = f"/proposals/{scene.won.public_id}/comments"
    erase(scene.person, withdraw_comments=withdraw)
    session.expire_all()
    texts = session.scalars(select(Comment.body).where(Comment.author_id == scene.person.id)).all()
    assert texts == (["", ""] if withdraw else [BODY, BODY])
    assert (BODY in app.test_client().get(page).text) is not withdraw
    assert scene.won.comments_count == (0 if withdraw else 1)


def test_credits_and_prizes_stay_and_credentials_hold_no_more(
    app: Flask, session: Session, as_user: AsUser, scene: Scene, erase: Erase
) -> None:
    credential = session.scalars(select(Credential)).one()
    credit = session.get_one(Credit, credential.credit_id)
    address, code = f"/credentials/{credential.public_id}", credit.code
    erase(scene.person)
    session.expire_all()
    assert (credential.token, credential.account_id, credential.revoked_for) == (None, None, Revocation.ERASED)
    assert "The account of this person was erased." in app.test_client().get(address).text
    assert (credit.name, credit.account_id, credit.share, credit.revoked_at) == ("", None, 6_667, None)
    assert app.test_client().get(f"/certificates/{code}").status_code == 200
    parts = session.scalars(select(AwardPart).order_by(AwardPart.id)).all()
    assert [(str(part.name), part.amount) for part in parts] == [("a contributor", 66_670), ("Noor Haddad", 33_330)]
    table = as_user(scene.owner).get(f"/calls/{scene.decided.public_id}/awards.csv").text
    assert "a contributor" in table


def test_roles_end(session: Session, scene: Scene, erase: Erase) -> None:
    erase(scene.person)
    session.expire_all()
    assert session.scalars(select(Membership).where(Membership.account_id == scene.person.id)).all() == []


def test_erasing_twice_is_erasing_once(session: Session, scene: Scene, erase: Erase) -> None:
    erase(scene.person)
    with pytest.raises(Gone):
        erase(scene.person)
