"""Comments on calls and proposals, through HTTP."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.calls.models import Call
from crowd.conversation.models import Comment
from crowd.core.rules import Publicity
from crowd.core.status import ModerationState, OrganizationRole, ProposalStatus
from crowd.organizations.models import Organization
from crowd.proposals.models import Proposal
from crowd.store.db import db
from tests.conftest import AsUser, CountQueries
from tests.make import make_account, make_call, make_member, make_organization, make_proposal, make_rules

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("session")]


@pytest.fixture
def organization(session: Session) -> Organization:
    return make_organization("City Library")


@pytest.fixture
def call(organization: Organization) -> Call:
    return make_call(organization)


def comments() -> list[Comment]:
    return list(db.session.scalars(select(Comment).order_by(Comment.id)))


def post(as_user: AsUser, account: object, call: Call, body: str, **values: str) -> str:
    answer = as_user(account).post(f"/calls/{call.public_id}/comments", data={"body": body, **values})  # type: ignore[arg-type]
    assert answer.status_code == 303
    return comments()[-1].public_id


@pytest.mark.both_databases
def test_a_question_and_the_organizations_answer_stand_in_one_thread(
    as_user: AsUser, call: Call, organization: Organization
) -> None:
    asker, manager = make_account("Ana Prieto"), make_member(organization)
    question = post(as_user, asker, call, "May minors *take part*?")
    post(as_user, manager, call, "Yes, with a parent.", parent=question, as_organization="y")
    first, answer = comments()
    assert (answer.parent_id, answer.root_id, answer.as_organization) == (first.id, first.id, True)
    page = as_user(asker).get(f"/calls/{call.public_id}/comments").text
    assert "<em>take part</em>" in page
    assert "for City Library" in page


def test_a_stranger_cannot_speak_for_the_organization(as_user: AsUser, call: Call) -> None:
    post(as_user, make_account(), call, "Official!", as_organization="y")
    assert [comment.as_organization for comment in comments()] == [False]


def test_an_unverified_person_is_told_why_and_nothing_is_stored(as_user: AsUser, call: Call) -> None:
    answer = as_user(make_account(verified=False)).post(f"/calls/{call.public_id}/comments", data={"body": "Hello"})
    assert (answer.status_code, comments()) == (403, [])
    assert "Confirm your e-mail address first" in answer.text


def test_an_empty_comment_is_refused_beside_its_field(as_user: AsUser, call: Call) -> None:
    answer = as_user(make_account()).post(f"/calls/{call.public_id}/comments", data={"body": "  "})
    assert (answer.status_code, comments()) == (422, [])
    assert "This is needed." in answer.text


def test_an_answer_to_a_comment_gone_meanwhile_keeps_the_text(as_user: AsUser, call: Call) -> None:
    asker = make_account()
    question = post(as_user, asker, call, "A question")
    as_user(asker).post(f"/comments/{question}/delete")
    answer = as_user(make_account()).post(
        f"/calls/{call.public_id}/comments", data={"body": "My long answer", "parent": question}
    )
    assert answer.status_code == 422
    assert "My long answer" in answer.text
    assert "no longer there" in answer.text


def test_a_deleted_comment_leaves_a_gap_and_can_be_undone(as_user: AsUser, call: Call) -> None:
    author = make_account("Iris Okafor")
    comment = post(as_user, author, call, "Words I regret")
    as_user(author).post(f"/comments/{comment}/delete")
    page = as_user(make_account()).get(f"/calls/{call.public_id}/comments").text
    assert "Words I regret" not in page
    assert "The author removed this comment." in page
    as_user(author).post(f"/comments/{comment}/undelete")
    assert "Words I regret" in as_user(make_account()).get(f"/calls/{call.public_id}/comments").text


def test_only_the_author_edits_and_readers_see_it(as_user: AsUser, call: Call) -> None:
    author = make_account()
    comment = post(as_user, author, call, "Frist")
    stranger = as_user(make_account()).post(f"/comments/{comment}/edit", data={"body": "Taken over"})
    assert stranger.status_code == 403
    as_user(author).post(f"/comments/{comment}/edit", data={"body": "First"})
    assert [row.body for row in comments()] == ["First"]
    assert "Edited" in as_user(make_account()).get(f"/calls/{call.public_id}/comments").text


def test_hiding_needs_a_reason_which_takes_the_place_of_the_words(
    as_user: AsUser, call: Call, organization: Organization
) -> None:
    moderator = make_member(organization, OrganizationRole.MODERATOR)
    comment = post(as_user, make_account(), call, "Buy my watches")
    assert as_user(moderator).post(f"/comments/{comment}/hide", data={"code": "spam", "text": ""}).status_code == 422
    as_user(moderator).post(f"/comments/{comment}/hide", data={"code": "spam", "text": "Advertising"})
    page = as_user(make_account()).get(f"/calls/{call.public_id}/comments").text
    assert "Buy my watches" not in page
    assert "Hidden by a moderator: Advertising or spam" in page
    as_user(moderator).post(f"/comments/{comment}/unhide")
    assert [row.moderation for row in comments()] == [ModerationState.VISIBLE]


def test_an_author_of_the_proposal_who_is_staff_cannot_hide_its_comments(
    as_user: AsUser, call: Call, organization: Organization
) -> None:
    moderator = make_member(organization, OrganizationRole.MODERATOR)
    proposal = make_proposal(call, moderator)
    as_user(make_account()).post(f"/proposals/{proposal.public_id}/comments", data={"body": "Too dear"})
    (comment,) = comments()
    answer = as_user(moderator).post(f"/comments/{comment.public_id}/hide", data={"code": "abuse", "text": "Rude"})
    assert answer.status_code == 403
    assert "You have a stake in this proposal" in answer.text


@pytest.mark.parametrize("publicity", [Publicity.AFTER_SUBMISSION, Publicity.AFTER_RESULTS, Publicity.NEVER])
def test_comments_are_as_private_as_their_proposal(as_user: AsUser, publicity: Publicity) -> None:
    call = make_call(rules=make_rules(publicity=publicity))
    author = make_account()
    proposal: Proposal = make_proposal(call, author, status=ProposalStatus.SUBMITTED)
    as_user(author).post(f"/proposals/{proposal.public_id}/comments", data={"body": "A note to the organization"})
    (comment,) = comments()
    stranger = as_user(make_account())
    assert stranger.get(f"/proposals/{proposal.public_id}/comments").status_code == 404
    assert stranger.get(f"/comments/{comment.public_id}/edit").status_code == 404


def test_the_counter_of_a_proposal_follows_its_standing_comments(as_user: AsUser, call: Call) -> None:
    author, proposal = make_account(), make_proposal(call)
    for body in ("One", "Two"):
        as_user(author).post(f"/proposals/{proposal.public_id}/comments", data={"body": body})
    as_user(author).post(f"/comments/{comments()[0].public_id}/delete")
    assert db.session.get_one(Proposal, proposal.id, populate_existing=True).comments_count == 1


@pytest.mark.parametrize("rows", [1, 3, 18])
def test_a_thread_page_costs_the_same_queries_whatever_its_length(
    as_user: AsUser, call: Call, count_queries: CountQueries, rows: int
) -> None:
    writer = make_account()
    for number in range(rows):
        first = post(as_user, writer, call, f"Question {number}")
        post(as_user, make_account(), call, "Answer", parent=first)
    reader = as_user(make_account())
    with count_queries() as queries:
        assert reader.get(f"/calls/{call.public_id}/comments").status_code == 200
    assert len(queries) == 12


def test_scripts_in_comments_stay_words(as_user: AsUser, call: Call) -> None:
    post(
        as_user, make_account(), call, "<script>alert(1)</script> [x](javascript:alert(1)) ![p](http://e.example/p.png)"
    )
    page = as_user(make_account()).get(f"/calls/{call.public_id}/comments").text
    assert "<script>alert(1)" not in page
    assert 'href="javascript:' not in page
    assert "<img" not in page.split('class="thread"')[1]
