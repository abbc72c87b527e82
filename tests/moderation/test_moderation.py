"""Reports, the moderators' queue, and what is hidden: nowhere to be read but by its authors and the organization."""

import re
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.conversation.models import Comment
from crowd.core.status import ModerationState, OrganizationRole, ReportDecision, StageKind
from crowd.moderation.models import Report
from crowd.notifications.models import Notification
from crowd.organizations.models import Organization
from crowd.proposals.models import Exclusion, Proposal
from crowd.store.db import transaction, utc_now
from crowd.voting.models import Ballot
from tests.conftest import AsUser, CountQueries, Drain
from tests.make import make_account, make_call, make_member, make_organization, make_proposal, open_all

WHY = {"code": "spam", "text": "Links to a shop in every line."}
TITLE, BODY = "Cheap watches for everybody", "Frogs sing here."


@dataclass(frozen=True)
class Scene:
    organization: Organization
    call: Call
    proposal: Proposal
    author: Account
    moderator: Account

    @property
    def page(self) -> str:
        return f"/proposals/{self.proposal.public_id}"


@pytest.fixture
def scene(session: Session) -> Scene:
    organization = make_organization()
    call, author = make_call(organization, open_stage=StageKind.VOTING), make_account("Ana Prieto")
    proposal = make_proposal(call, author, title=TITLE)
    make_proposal(call, title="A pond for frogs")
    return Scene(organization, call, proposal, author, make_member(organization, OrganizationRole.MODERATOR))


def comment_on(as_user: AsUser, scene: Scene, author: Account, body: str = BODY) -> str:
    assert as_user(author).post(f"{scene.page}/comments", data={"body": body}).status_code == 303
    return f"/comments/{comment_row(scene).public_id}"


def comment_row(scene: Scene) -> Comment:
    newest = select(Comment).where(Comment.call_id == scene.call.id).order_by(Comment.id.desc()).limit(1)
    with transaction() as session:
        return session.scalars(newest).one()


def told(session: Session, kind: str) -> list[int]:
    return sorted(session.scalars(select(Notification.account_id).where(Notification.kind == kind)))


def test_a_report_is_made_once_and_waits_in_the_queue(scene: Scene, as_user: AsUser, session: Session) -> None:
    reader = as_user(make_account("Vera"))
    assert f"{scene.page}/report" in reader.get(scene.page).text
    assert reader.post(f"{scene.page}/report", data={"code": "no such"}).status_code == 422
    assert reader.post(f"{scene.page}/report", data=WHY).status_code == 303
    again = reader.post(f"{scene.page}/report", data=WHY)
    assert (again.status_code, WHY["text"] in again.text) == (409, True)
    assert session.scalar(select(func.count(Report.id))) == 1
    assert as_user(scene.author).post(f"{scene.page}/report", data=WHY).status_code == 403
    desk = as_user(scene.moderator)
    assert "1 report in" in desk.get("/").text
    queue = desk.get(f"/calls/{scene.call.public_id}/reports").text
    assert re.search(r"A proposal:\s+<bdi>" + re.escape(scene.proposal.title) + r"</bdi>.+1 report", queue)
    assert f"{scene.page}/moderate" in queue
    case = desk.get(f"{scene.page}/moderate").text
    assert (WHY["text"] in case, "Vera" in case) == (True, True)
    assert reader.get(f"/calls/{scene.call.public_id}/reports").status_code == 403
    assert reader.post(f"{scene.page}/hide", data=WHY).status_code == 403


def test_reports_are_limited_by_the_hour(scene: Scene, as_user: AsUser) -> None:
    reader = as_user(make_account())
    answers = [reader.post(f"{scene.page}/report", data=WHY).status_code for _ in range(21)]
    assert (answers[0], set(answers[1:20]), answers[20]) == (303, {409}, 429)


def test_keeping_and_hiding_tell_reporters_and_authors(
    scene: Scene, as_user: AsUser, session: Session, drain: Drain
) -> None:
    reader, other = make_account("Vera"), make_account("Juri")
    comment = comment_on(as_user, scene, writer := make_account("Sven"))
    as_user(reader).post(f"{scene.page}/report", data=WHY)
    as_user(other).post(f"{comment}/report", data=WHY)
    desk = as_user(scene.moderator)
    kept = desk.post(f"{scene.page}/keep", data={"next": "queue"})
    assert kept.headers["Location"] == f"{comment}/hide", "the next case follows"
    assert desk.post(f"{comment}/hide", data=WHY | {"text": " "}).status_code == 422
    done = desk.post(f"{comment}/hide", data=WHY | {"next": "queue"})
    assert done.headers["Location"] == f"/calls/{scene.call.public_id}/reports"
    assert [row.decision for row in session.scalars(select(Report).order_by(Report.id))] == list(ReportDecision)
    drain()
    assert told(session, "report_decided") == sorted([reader.id, other.id])
    assert told(session, "comment_hidden") == [writer.id]
    assert told(session, "proposal_hidden") == []
    desk.post(f"{comment}/unhide")
    drain()
    assert told(session, "shown_again") == [writer.id]


def test_a_hidden_comment_leaves_the_kind_of_reason_and_no_word(
    scene: Scene, as_user: AsUser, session: Session
) -> None:
    comment = comment_on(as_user, scene, writer := make_account("Sven"))
    as_user(scene.moderator).post(f"{comment}/hide", data=WHY)
    session.refresh(scene.proposal)
    assert scene.proposal.comments_count == 0
    stranger = as_user(make_account()).get(f"{scene.page}/comments").text
    assert ("Advertising or spam" in stranger, BODY in stranger, WHY["text"] in stranger) == (True, False, False)
    for reader in (writer, scene.moderator):
        page = as_user(reader).get(f"{scene.page}/comments").text
        assert (BODY in page, WHY["text"] in page) == (True, True)


def test_a_hidden_proposal_is_read_by_its_authors_and_the_organization_only(
    scene: Scene, as_user: AsUser, client: FlaskClient, session: Session
) -> None:
    undo = as_user(scene.moderator).post(f"{scene.page}/hide", data=WHY)
    assert undo.status_code == 303
    call = f"/calls/{scene.call.public_id}"
    stranger = as_user(make_account())
    stone = stranger.get(scene.page)
    assert (stone.status_code, "Advertising or spam" in stone.text) == (410, True)
    places = [
        scene.page,
        f"{call}/proposals",
        f"{call}/proposals?q=watches",
        f"{call}/vote",
        f"{call}/rounds/crowd",
        call,
    ]
    for reader in (stranger, client):
        assert [place for place in places if TITLE in reader.get(place).text] == []
        assert WHY["text"] not in reader.get(scene.page).text
    assert stranger.get(f"{scene.page}/comments").status_code == 404
    for insider in (scene.author, scene.moderator):
        page = as_user(insider).get(scene.page).text
        assert (TITLE in page, WHY["text"] in page) == (True, True)
    assert "1" in as_user(scene.moderator).get(f"{call}/reports?show=hidden").text
    assert as_user(scene.moderator).post(f"{scene.page}/unhide").status_code == 303
    assert TITLE in stranger.get(f"{call}/proposals").text
    assert (scene.proposal.moderation, scene.proposal.hidden_reason) == (ModerationState.VISIBLE, "")


def test_a_candidate_hidden_during_the_vote_stays_listed_and_keeps_its_ballots(
    scene: Scene, as_user: AsUser, session: Session
) -> None:
    open_all(scene.call)
    vote, key = f"/calls/{scene.call.public_id}/vote", scene.proposal.public_id
    voter = as_user(make_account())
    assert voter.post(f"{vote}/cast", data={"support": key}).status_code == 303
    as_user(scene.moderator).post(f"{scene.page}/hide", data=WHY)
    page = voter.get(vote).text
    assert ("Number 1, hidden by a moderator" in page, "Keep your choice" in page, TITLE in page) == (True, True, False)
    assert "Keep your choice" not in as_user(make_account()).get(vote).text
    assert voter.post(f"{vote}/review", data={"support": key}).status_code == 200
    assert session.scalars(select(Ballot.choices)).all() == [f'{{"approve":["{key}"]}}']


def test_whoever_has_a_stake_neither_sees_nor_decides_the_case(scene: Scene, as_user: AsUser, session: Session) -> None:
    as_user(make_account()).post(f"{scene.page}/report", data=WHY)
    with transaction() as writing:
        writing.add(Exclusion(proposal_id=scene.proposal.id, account_id=scene.moderator.id, at=utc_now()))
    desk = as_user(scene.moderator)
    queue = desk.get(f"/calls/{scene.call.public_id}/reports").text
    assert ("1 is left to others" in queue, "/moderate" in queue) == (True, False)
    assert desk.get(f"{scene.page}/moderate").status_code == 403
    assert [desk.post(f"{scene.page}/{act}", data=WHY).status_code for act in ("hide", "keep", "unhide")] == [403] * 3


@pytest.mark.parametrize("rows", [1, 3])
def test_the_queue_asks_the_same_whatever_is_reported(
    scene: Scene, as_user: AsUser, count_queries: CountQueries, rows: int
) -> None:
    for _ in range(rows):
        proposal = make_proposal(scene.call)
        as_user(make_account()).post(f"/proposals/{proposal.public_id}/report", data=WHY)
    desk = as_user(scene.moderator)
    with count_queries() as queries:
        assert desk.get(f"/calls/{scene.call.public_id}/reports").status_code == 200
    assert len(queries) == 17
