"""What the chair sees and does: numbers, progress, reminders; and what results say of the jury."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.calls.gates import facts_of_call
from crowd.core.events import EventKind
from crowd.core.scoring import jury_score
from crowd.core.status import AssignmentStatus, JurorStatus, OrganizationRole
from crowd.mailing.models import Mail
from crowd.proposals.actions import declare_conflict
from crowd.proposals.gates import facts_of_proposals
from crowd.reviews.models import ReviewScore
from crowd.reviews.queries import (
    AuthorComment,
    Recusals,
    comments_to_authors,
    recusals_of_round,
    review_counts,
    scores_of_round,
)
from crowd.store.db import transaction, utc_now
from crowd.store.models import Event
from tests.conftest import AsUser, CountQueries
from tests.make import (
    JURY,
    make_assignment,
    make_call,
    make_juror,
    make_member,
    make_organization,
    make_proposal,
    make_rules,
    move_stages,
)
from tests.reviews.conftest import Scene, account_of, invite_to_team, make_scene

pytestmark = pytest.mark.one_database


def test_only_reviews_that_count_are_read(scene: Scene, session: Session) -> None:
    bench, pond, _ = scene.proposals
    counted, draft, recused, removed, declined = (make_juror(scene.round) for _ in range(5))
    make_assignment(counted, bench, scores={"benefit": 4, "feasible": 3})
    make_assignment(draft, bench, scores={"benefit": 0, "feasible": 0}, status=AssignmentStatus.ASSIGNED)
    make_assignment(recused, bench, scores={"benefit": 0, "feasible": 1}, status=AssignmentStatus.RECUSED)
    make_assignment(removed, bench, scores={"benefit": 1, "feasible": 1})
    make_assignment(declined, bench, scores={"benefit": 2, "feasible": 2}, status=AssignmentStatus.WITHDRAWN)
    with transaction(removed):
        removed.status = JurorStatus.REMOVED
    make_assignment(counted, pond)
    assert scores_of_round(session, scene.round.id) == {bench.id: [{"benefit": 4, "feasible": 3}]}
    assert review_counts(session, scene.round.id) == {bench.id: (1, 2), pond.id: (0, 1)}


def test_a_conflict_confirmed_after_the_review_takes_the_score_away(scene: Scene, session: Session) -> None:
    bench = scene.proposals[0]
    juror = make_juror(scene.round)
    make_assignment(juror, bench, scores={"benefit": 4, "feasible": 3})
    with transaction() as writing:
        declare_conflict(writing, bench, juror.account_id or 0, reason="", actor_id=None, now=utc_now())
    assert scores_of_round(session, scene.round.id) == {}


def test_the_overview_shows_mean_median_spread_and_what_is_incomplete(session: Session, as_user: AsUser) -> None:
    scene = make_scene(rounds=(replace(JURY, min_reviews=3),))
    jurors = [make_juror(scene.round) for _ in range(3)]
    for juror, score in zip(jurors, (1, 2, 5), strict=True):
        make_assignment(juror, scene.proposals[0], scores={"benefit": score, "feasible": score})
    make_assignment(jurors[0], scene.proposals[1], scores={"benefit": 4, "feasible": 4})
    page = as_user(scene.manager).get(scene.url)
    assert page.status_code == 200
    for words in ("2.67", "2.00", "4.00", "3 of 3", "1 of 3", "Incomplete", "4 of 4"):
        assert words in page.text
    missing = as_user(scene.manager).get(f"{scene.url}?show=missing").text
    assert "A bench around the old tree" not in missing
    assert "A pond for frogs" in missing


def test_the_component_of_an_incomplete_proposal_is_none(session: Session) -> None:
    scene = make_scene(rounds=(replace(JURY, min_reviews=2),))
    make_assignment(make_juror(scene.round), scene.proposals[0], scores={"benefit": 5, "feasible": 0})
    scores = scores_of_round(session, scene.round.id)[scene.proposals[0].id]
    score = jury_score(JURY.criteria, scores, 2)
    assert (score.mean, score.component) == (Fraction(3), None)


def test_a_chair_who_is_an_author_does_not_see_the_numbers_of_their_own(scene: Scene, as_user: AsUser) -> None:
    chair = make_juror(scene.round, scene.authors[0], chair=True)
    make_assignment(
        make_juror(scene.round, name="Secret Reviewer"), scene.proposals[0], scores={"benefit": 4, "feasible": 1}
    )
    make_assignment(make_juror(scene.round), scene.proposals[1], scores={"benefit": 3, "feasible": 3})
    client = as_user(account_of(chair))
    overview = client.get(scene.url).text
    assert "2.80" not in overview
    assert "you have a stake in it" in overview
    assert "3.00" in overview
    assert "Invite a juror" not in overview
    assert "Invite a juror" in as_user(scene.manager).get(scene.url).text
    page = client.get(f"{scene.url}/proposals/{scene.proposals[0].public_id}").text
    assert "2.80" not in page
    assert "Secret Reviewer" not in page


def test_jurors_authors_moderators_and_strangers_see_no_overview(scene: Scene, as_user: AsUser) -> None:
    juror = make_juror(scene.round)
    make_assignment(make_juror(scene.round), scene.proposals[1], scores={"benefit": 4, "feasible": 1})
    page = as_user(account_of(juror)).get(scene.url)
    assert "2.80" not in page.text
    for account in (scene.authors[0], make_member(scene.organization, OrganizationRole.MODERATOR)):
        assert as_user(account).get(scene.url).status_code == 403
    for account in (account_of(juror), scene.authors[0]):
        assert as_user(account).get(f"{scene.url}/proposals/{scene.proposals[1].public_id}").status_code == 403
        assert as_user(account).get(f"{scene.url}/jurors/{juror.public_id}").status_code == 403
        assert as_user(account).post(f"{scene.url}/remind").status_code == 403


@pytest.mark.both_databases
def test_those_behind_are_reminded_once_a_day_and_nobody_else(scene: Scene, as_user: AsUser, session: Session) -> None:
    behind, finished, silent = make_juror(scene.round), make_juror(scene.round), make_juror(scene.round)
    invited = make_juror(scene.round, status=JurorStatus.INVITED)
    make_assignment(behind, scene.proposals[0])
    make_assignment(invited, scene.proposals[0])
    make_assignment(finished, scene.proposals[0], scores={"benefit": 1, "feasible": 1})
    client = as_user(scene.manager)
    client.post(f"{scene.url}/remind")
    client.post(f"{scene.url}/remind")
    mails = session.scalars(select(Mail).where(Mail.kind == "jury_reminder")).all()
    assert {mail.to_email for mail in mails} == {behind.email, invited.email}
    assert len(mails) == 2
    assert silent.reminded_at is None
    events = session.scalars(select(Event).where(Event.kind == EventKind.JUROR_REMINDED)).all()
    assert {event.subject_id for event in events} == {behind.id, invited.id}
    with transaction(behind):
        behind.reminded_at = utc_now() - timedelta(hours=25)
    client.post(f"{scene.url}/jurors/{behind.public_id}/remind")
    assert len(session.scalars(select(Mail).where(Mail.to_email == behind.email)).all()) == 2


def test_nobody_is_reminded_after_the_round(scene: Scene, as_user: AsUser, session: Session) -> None:
    make_assignment(make_juror(scene.round), scene.proposals[0])
    move_stages(scene.call, timedelta(days=6))
    assert as_user(scene.manager).post(f"{scene.url}/remind").status_code == 409
    assert session.scalars(select(Mail)).all() == []


def test_only_comments_to_the_authors_leave_the_jury(scene: Scene, session: Session) -> None:
    bench = scene.proposals[0]
    assignment = make_assignment(
        make_juror(scene.round, name="Noor Haddad"),
        bench,
        scores={"benefit": 4, "feasible": 3},
        panel="Between us: weak.",
        authors="Think of winter.",
    )
    with transaction() as writing:
        for row in writing.scalars(select(ReviewScore)):
            row.comment, row.to_authors = f"About {row.criterion}.", row.criterion == "benefit"
    found = comments_to_authors(session, [bench.id])
    assert found == {bench.id: [AuthorComment("benefit", "About benefit."), AuthorComment(None, "Think of winter.")]}
    with transaction(assignment):
        assignment.status = AssignmentStatus.RECUSED
    session.expire_all()
    assert comments_to_authors(session, [bench.id]) == {}


def test_recusals_are_counted_in_people_and_proposals(scene: Scene, session: Session, as_user: AsUser) -> None:
    bench, pond, _ = scene.proposals
    first, second, *_rest = [make_juror(scene.round) for _ in range(7)]
    make_assignment(first, bench, status=AssignmentStatus.RECUSED)
    with transaction() as writing:
        for juror, proposal in ((first, bench), (first, pond), (second, pond)):
            declare_conflict(writing, proposal, juror.account_id or 0, reason="", actor_id=None, now=utc_now())
    assert recusals_of_round(session, scene.round.id) == Recusals(recused=2, reviewers=7, proposals=2)
    assert "2 of 7 reviewers recused on 2 proposals." in as_user(scene.manager).get(scene.url).text


def test_the_overview_asks_the_same_queries_for_few_and_for_many(
    session: Session, as_user: AsUser, count_queries: CountQueries
) -> None:
    asked = []
    for size in (1, 3, 12):
        scene = make_scene()
        for number in range(size):
            make_proposal(scene.call, title=f"One more {number}")
        for _ in range(size):
            juror = make_juror(scene.round)
            make_assignment(juror, scene.proposals[0], scores={"benefit": 1, "feasible": 1})
        client = as_user(scene.manager)
        with count_queries() as statements:
            assert client.get(scene.url).status_code == 200
        asked.append(len(statements))
    assert len(set(asked)) == 1


def test_a_call_without_a_jury_has_no_such_page(session: Session, as_user: AsUser) -> None:
    organization = make_organization()
    call = make_call(organization, make_rules(rounds=()))
    manager = make_member(organization)
    assert as_user(manager).get(f"/calls/{call.public_id}/reviews").status_code == 404
    assert as_user(manager).get("/calls/unknown/reviews").status_code == 404


@pytest.mark.parametrize("shown", [True, False])
def test_jurors_are_named_in_public_only_where_the_rules_say_so(
    session: Session, as_user: AsUser, client: FlaskClient, *, shown: bool
) -> None:
    scene = make_scene(rounds=(replace(JURY, show_jurors=shown),))
    make_juror(scene.round, name="Noor Haddad")
    make_juror(scene.round, name="Invited Only", status=JurorStatus.INVITED)
    page = client.get(f"/calls/{scene.call.public_id}/rounds/jury")
    assert page.status_code == 200
    assert ("Noor Haddad" in page.text) is shown
    assert "Invited Only" not in page.text


def test_an_invitation_to_the_team_is_a_stake_of_whoever_holds_its_address(scene: Scene, session: Session) -> None:
    bench = scene.proposals[0]
    invite_to_team(bench, scene.manager.email.upper())
    assert (
        scene.manager.id
        in facts_of_proposals(session, [bench], facts_of_call(session, scene.call.id))[bench.id].stake_ids()
    )
