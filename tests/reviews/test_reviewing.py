"""A juror at work: the queue and the reviewing screen."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.core.events import EventKind
from crowd.core.rules import Criterion, Publicity
from crowd.core.status import AssignmentStatus, JurorStatus, ProposalStatus
from crowd.proposals.models import Attachment, Exclusion, Proposal, ProposalVersion
from crowd.reviews.models import Assignment, Review, ReviewScore
from crowd.store.db import transaction, utc_now
from crowd.store.models import Event
from tests.conftest import AsUser
from tests.make import JURY, LEVELS, make_assignment, make_juror, move_stages
from tests.reviews.conftest import Scene, account_of, make_scene

pytestmark = pytest.mark.one_database

FULL = {
    "version": "0",
    "seen": "1",
    "score_0": "4",
    "comment_0": "Many will use it.",
    "to_0": "authors",
    "score_1": "2",
    "comment_1": "Oak is dear.",
    "to_1": "panel",
    "panel": "I would fund half.",
    "authors": "A fine idea.",
    "act": "submit",
}


def review_of(session: Session, assignment: Assignment) -> Review:
    return session.scalars(select(Review).where(Review.assignment_id == assignment.id)).one()


def scores_of(session: Session, assignment: Assignment) -> dict[str, tuple[int | None, str, bool]]:
    rows = session.scalars(
        select(ReviewScore)
        .join(Review, Review.id == ReviewScore.review_id)
        .where(Review.assignment_id == assignment.id)
    )
    return {row.criterion: (row.score, row.comment, row.to_authors) for row in rows}


def test_a_juror_sees_the_assigned_proposals_and_no_others(scene: Scene, as_user: AsUser) -> None:
    juror = make_juror(scene.round)
    make_assignment(juror, scene.proposals[0])
    page = as_user(account_of(juror)).get(scene.url)
    assert page.status_code == 200
    assert "A bench around the old tree" in page.text
    assert "A pond for frogs" not in page.text


def test_the_screen_shows_the_text_and_every_level_in_words(scene: Scene, as_user: AsUser) -> None:
    juror = make_juror(scene.round)
    assignment = make_assignment(juror, scene.proposals[0])
    page = as_user(account_of(juror)).get(f"/reviews/{assignment.public_id}")
    assert "A bench would make it a place to meet." in page.text
    for level in LEVELS:
        assert level in page.text
    for words in ("To the panel", "To the authors", "0 of 1", "Skip for now", "Step back: conflict of interest"):
        assert words in page.text


@pytest.mark.both_databases
def test_handing_in_stores_scores_comments_their_readers_and_the_version_seen(
    scene: Scene, as_user: AsUser, session: Session
) -> None:
    juror = make_juror(scene.round)
    assignment = make_assignment(juror, scene.proposals[0])
    answer = as_user(account_of(juror)).post(f"/reviews/{assignment.public_id}", data=FULL)
    assert answer.status_code == 303
    assert assignment.status is AssignmentStatus.SUBMITTED
    review = review_of(session, assignment)
    assert (review.comment_panel, review.comment_authors, review.version_seen) == (
        "I would fund half.",
        "A fine idea.",
        1,
    )
    assert scores_of(session, assignment) == {
        "benefit": (4, "Many will use it.", True),
        "feasible": (2, "Oak is dear.", False),
    }
    event = session.scalars(select(Event).where(Event.kind == EventKind.REVIEW_SUBMITTED)).one()
    assert (event.actor_id, event.proposal_id) == (juror.account_id, scene.proposals[0].id)
    assert "Oak" not in str(event.data)


def test_a_review_notes_the_version_that_was_read_and_a_wrong_number_as_the_newest(
    scene: Scene, as_user: AsUser, session: Session
) -> None:
    juror = make_juror(scene.round)
    assignment = make_assignment(juror, scene.proposals[0])
    client, address = as_user(account_of(juror)), f"/reviews/{assignment.public_id}"
    with transaction() as write:
        id_ = scene.proposals[0].id
        write.add(ProposalVersion(proposal_id=id_, number=2, at=utc_now(), title="T", summary="", body=""))
    for seen in (1, 2):
        assert client.post(address, data=FULL | {"seen": str(seen)}).status_code == 303
        session.expire_all()
        assert review_of(session, assignment).version_seen == seen
    for said in ("9", "0", "many", "9" * 30):
        changed = FULL | {"seen": said, "panel": said, "version": str(review_of(session, assignment).version)}
        assert client.post(address, data=changed).status_code == 303
        session.expire_all()
        assert review_of(session, assignment).version_seen == 2


def test_an_incomplete_review_is_refused_with_everything_kept(scene: Scene, as_user: AsUser, session: Session) -> None:
    juror = make_juror(scene.round)
    assignment = make_assignment(juror, scene.proposals[0])
    client = as_user(account_of(juror))
    answer = client.post(
        f"/reviews/{assignment.public_id}", data=FULL | {"score_1": "", "comment_1": "Oak is très dear."}
    )
    assert answer.status_code == 422
    assert "Choose a level." in answer.text
    assert "Oak is très dear." in answer.text
    assert assignment.status is AssignmentStatus.ASSIGNED
    assert session.scalars(select(Review)).all() == []


def test_a_level_the_rubric_does_not_have_is_none(scene: Scene, as_user: AsUser, session: Session) -> None:
    juror = make_juror(scene.round)
    assignment = make_assignment(juror, scene.proposals[0])
    client = as_user(account_of(juror))
    for wrong in ("6", "-1", "much"):
        assert client.post(f"/reviews/{assignment.public_id}", data=FULL | {"score_0": wrong}).status_code == 422
    assert session.scalars(select(Review)).all() == []


def test_a_criterion_may_ask_for_a_comment(app: object, session: Session, as_user: AsUser) -> None:
    strict = Criterion("benefit", "Benefit", 1, LEVELS, comment_required=True)
    rounds = (JURY.__class__(**{**JURY.__dict__, "criteria": (strict,)}),)
    scene = make_scene(rounds=rounds)
    juror = make_juror(scene.round)
    assignment = make_assignment(juror, scene.proposals[0])
    client = as_user(account_of(juror))
    silent = {"version": "0", "score_0": "3", "comment_0": "", "to_0": "panel", "act": "submit"}
    answer = client.post(f"/reviews/{assignment.public_id}", data=silent)
    assert answer.status_code == 422
    assert "This criterion asks for a comment." in answer.text
    assert client.post(f"/reviews/{assignment.public_id}", data=silent | {"comment_0": "Yes."}).status_code == 303


def test_a_draft_is_saved_while_writing_and_does_not_count(scene: Scene, as_user: AsUser, session: Session) -> None:
    juror = make_juror(scene.round)
    assignment = make_assignment(juror, scene.proposals[0])
    client = as_user(account_of(juror))
    first = client.post(
        f"/reviews/{assignment.public_id}/autosave", data={"version": "0", "score_0": "5", "panel": "Half"}
    )
    assert first.json is not None
    assert first.json["version"] == 1
    second = client.post(
        f"/reviews/{assignment.public_id}/autosave", data={"version": "1", "score_0": "5", "panel": "Half written"}
    )
    assert second.json is not None
    assert second.json["version"] == 2
    assert review_of(session, assignment).submitted_at is None
    assert "Half written" in client.get(f"/reviews/{assignment.public_id}").text
    assert "1 of 1" not in as_user(scene.manager).get(scene.url).text


def test_two_windows_do_not_overwrite_each_other_unseen(scene: Scene, as_user: AsUser, session: Session) -> None:
    juror = make_juror(scene.round)
    assignment = make_assignment(juror, scene.proposals[0])
    client = as_user(account_of(juror))
    client.post(f"/reviews/{assignment.public_id}", data=FULL | {"act": "save", "panel": "From the first window."})
    answer = client.post(f"/reviews/{assignment.public_id}", data=FULL | {"panel": "From the second window."})
    assert answer.status_code == 409
    assert "From the first window." in answer.text
    assert "From the second window." in answer.text
    assert review_of(session, assignment).comment_panel == "From the first window."
    again = client.post(
        f"/reviews/{assignment.public_id}", data=FULL | {"version": "1", "panel": "From the second window."}
    )
    assert again.status_code == 303
    assert review_of(session, assignment).comment_panel == "From the second window."


def test_sending_the_same_review_twice_changes_nothing(scene: Scene, as_user: AsUser, session: Session) -> None:
    juror = make_juror(scene.round)
    assignment = make_assignment(juror, scene.proposals[0])
    client = as_user(account_of(juror))
    answers = [client.post(f"/reviews/{assignment.public_id}", data=FULL).status_code for _ in range(2)]
    assert answers == [303, 303]
    assert review_of(session, assignment).version == 1
    assert len(session.scalars(select(Event).where(Event.kind == EventKind.REVIEW_SUBMITTED)).all()) == 1


def test_a_review_may_be_changed_until_the_round_closes_and_stays_complete(
    scene: Scene, as_user: AsUser, session: Session
) -> None:
    juror = make_juror(scene.round)
    assignment = make_assignment(juror, scene.proposals[0])
    client = as_user(account_of(juror))
    client.post(f"/reviews/{assignment.public_id}", data=FULL)
    assert (
        client.post(f"/reviews/{assignment.public_id}", data=FULL | {"version": "1", "score_0": "1"}).status_code == 303
    )
    assert scores_of(session, assignment)["benefit"][0] == 1
    holed = client.post(f"/reviews/{assignment.public_id}/autosave", data=FULL | {"version": "2", "score_0": ""})
    assert holed.status_code == 422
    assert scores_of(session, assignment)["benefit"][0] == 1


def test_the_deadline_decides_under_the_lock_and_no_word_is_lost(
    scene: Scene, as_user: AsUser, session: Session
) -> None:
    juror = make_juror(scene.round)
    assignment = make_assignment(juror, scene.proposals[0])
    client = as_user(account_of(juror))
    assert client.get(f"/reviews/{assignment.public_id}").status_code == 200
    move_stages(scene.call, timedelta(days=6))
    answer = client.post(f"/reviews/{assignment.public_id}", data=FULL | {"panel": "Written to the last minute."})
    assert answer.status_code == 403
    assert "The review round is not open now." in answer.text
    assert "Written to the last minute." in answer.text
    assert assignment.status is AssignmentStatus.ASSIGNED
    assert session.scalars(select(Review)).all() == []


def test_the_next_one_is_that_with_the_fewest_reviews_and_a_skipped_one_comes_last(
    scene: Scene, as_user: AsUser
) -> None:
    bench, pond, lights = scene.proposals
    make_assignment(make_juror(scene.round), bench, scores={"benefit": 1, "feasible": 1})
    juror = make_juror(scene.round)
    mine = {proposal.id: make_assignment(juror, proposal) for proposal in (bench, pond, lights)}
    client = as_user(account_of(juror))
    skipped = client.post(f"/reviews/{mine[pond.id].public_id}/skip")
    assert skipped.location == f"/reviews/{mine[lights.id].public_id}"
    after = client.post(f"/reviews/{mine[lights.id].public_id}", data=FULL)
    assert after.location == f"/reviews/{mine[bench.id].public_id}"
    last = client.post(f"/reviews/{mine[bench.id].public_id}", data=FULL)
    assert last.location == f"/reviews/{mine[pond.id].public_id}"
    done = client.post(f"/reviews/{mine[pond.id].public_id}", data=FULL)
    assert done.location == f"{scene.url}?round=jury&view=mine"


def test_stepping_back_needs_a_reason_ends_access_and_leaves_a_trace(
    scene: Scene, as_user: AsUser, session: Session
) -> None:
    juror = make_juror(scene.round)
    assignment = make_assignment(juror, scene.proposals[0], scores={"benefit": 5, "feasible": 5})
    client = as_user(account_of(juror))
    assert client.post(f"/reviews/{assignment.public_id}/recuse", data={"reason": ""}).status_code == 422
    assert assignment.status is AssignmentStatus.SUBMITTED
    client.post(f"/reviews/{assignment.public_id}/recuse", data={"reason": "She is my cousin."})
    assert (assignment.status, assignment.recusal_reason) == (AssignmentStatus.RECUSED, "She is my cousin.")
    assert client.get(f"/reviews/{assignment.public_id}").status_code == 404
    assert client.post(f"/reviews/{assignment.public_id}", data=FULL).status_code == 404
    assert review_of(session, assignment).submitted_at is not None
    assert session.scalars(select(Exclusion.account_id)).all() == [juror.account_id]
    kinds = {EventKind.REVIEW_RECUSED, EventKind.CONFLICT_DECLARED}
    assert set(session.scalars(select(Event.kind).where(Event.kind.in_(kinds)))) == kinds


def test_a_late_conflict_takes_the_review_out_of_the_mean(scene: Scene, as_user: AsUser) -> None:
    juror = make_juror(scene.round)
    make_assignment(juror, scene.proposals[0], scores={"benefit": 5, "feasible": 5})
    make_assignment(make_juror(scene.round), scene.proposals[0], scores={"benefit": 2, "feasible": 2})
    manager = as_user(scene.manager)
    page = f"{scene.url}/proposals/{scene.proposals[0].public_id}"
    assert "3.50" in manager.get(page).text
    as_user(account_of(juror)).post(f"{scene.url}/conflicts", data={"conflict": scene.proposals[0].public_id})
    after = manager.get(page).text
    assert "2.00" in after
    assert "3.50" not in after


def test_nothing_is_read_before_conflicts_are_declared(scene: Scene, as_user: AsUser) -> None:
    juror = make_juror(scene.round, declared=False)
    assignment = make_assignment(juror, scene.proposals[0])
    client = as_user(account_of(juror))
    assert client.get(f"/reviews/{assignment.public_id}").status_code == 404
    assert client.get(scene.url).location == f"{scene.url}/conflicts?round=jury"
    client.post(f"{scene.url}/conflicts", data={})
    assert client.get(f"/reviews/{assignment.public_id}").status_code == 200


@pytest.mark.parametrize("who", ["another juror", "the author", "a stranger", "the manager", "a chair"])
def test_a_review_is_nobody_elses(scene: Scene, as_user: AsUser, who: str) -> None:
    assignment = make_assignment(make_juror(scene.round), scene.proposals[0])
    other = {
        "another juror": lambda: account_of(make_juror(scene.round)),
        "the author": lambda: scene.authors[0],
        "a stranger": lambda: scene.authors[1],
        "the manager": lambda: scene.manager,
        "a chair": lambda: account_of(make_juror(scene.round, chair=True)),
    }[who]()
    client = as_user(other)
    assert client.get(f"/reviews/{assignment.public_id}").status_code == 404
    assert client.post(f"/reviews/{assignment.public_id}", data=FULL).status_code == 404
    assert client.post(f"/reviews/{assignment.public_id}/autosave", data=FULL).status_code == 404


def test_a_withdrawn_proposal_is_shown_struck_through_and_takes_no_review(
    scene: Scene, as_user: AsUser, session: Session
) -> None:
    juror = make_juror(scene.round)
    assignment = make_assignment(juror, scene.proposals[0])
    with transaction():
        proposal = session.get_one(Proposal, scene.proposals[0].id)
        proposal.status = ProposalStatus.WITHDRAWN
    client = as_user(account_of(juror))
    assert "Left the round" in client.get(scene.url).text
    answer = client.post(f"/reviews/{assignment.public_id}", data=FULL)
    assert answer.status_code == 409
    assert "This proposal left the round" in answer.text
    assert "I would fund half." in answer.text


def test_a_signed_out_juror_signs_in_and_comes_back(scene: Scene, client: object, as_user: AsUser, app: object) -> None:
    juror = make_juror(scene.round)
    assignment = make_assignment(juror, scene.proposals[0])
    visitor = app.test_client()  # type: ignore[attr-defined]
    known = visitor.get(f"/reviews/{assignment.public_id}")
    unknown = visitor.get("/reviews/unknown")
    assert (known.status_code, unknown.status_code) == (303, 303)
    assert "/sign-in" in known.location


def test_who_declined_is_no_juror(scene: Scene, as_user: AsUser) -> None:
    account = scene.authors[2]
    make_juror(scene.round, account, status=JurorStatus.DECLINED)
    assert as_user(account).get(scene.url).status_code == 403


@pytest.mark.both_databases
def test_where_proposals_are_not_public_a_juror_meets_only_the_assigned_ones_anywhere(
    session: Session, as_user: AsUser
) -> None:
    scene = make_scene(publicity=Publicity.NEVER)
    bench, pond, lights = scene.proposals
    juror = make_juror(scene.round)
    make_assignment(juror, bench)
    conflicted = make_assignment(juror, pond)
    client = as_user(account_of(juror))
    client.post(f"/reviews/{conflicted.public_id}/recuse", data={"reason": "A friend of mine."})
    shown = [client.get(f"/proposals/{proposal.public_id}").status_code for proposal in scene.proposals]
    assert shown == [200, 404, 404]
    listed = client.get(f"/calls/{scene.call.public_id}/proposals").text
    found = client.get(f"/calls/{scene.call.public_id}/proposals?q=light").text
    assert bench.title in listed
    for hidden in (pond.title, lights.title):
        assert hidden not in listed
        assert hidden not in found
    assert as_user(scene.manager).get(f"/proposals/{lights.public_id}").status_code == 200


def test_files_of_the_proposal_are_at_hand(scene: Scene, as_user: AsUser) -> None:
    juror = make_juror(scene.round)
    assignment = make_assignment(juror, scene.proposals[0])
    with transaction() as writing:
        writing.add(
            Attachment(
                proposal_id=scene.proposals[0].id,
                filename="plan.pdf",
                media_type="application/pdf",
                size=1200,
                sha256="0" * 64,
                storage_key="none",
                uploaded_at=scene.proposals[0].created_at,
            )
        )
    assert "plan.pdf" in as_user(account_of(juror)).get(f"/reviews/{assignment.public_id}").text
