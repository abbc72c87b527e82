"""Conflicts of interest: judged by a chair, and held for every route."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from crowd.core.conflicts import ConflictSource, ConflictStatus
from crowd.core.events import EventKind
from crowd.core.rules import Blindness, ConflictPolicy
from crowd.core.status import AssignmentStatus, JurorStatus, MemberStatus
from crowd.proposals.actions import declare_conflict
from crowd.proposals.models import Exclusion
from crowd.reviews.actions import digest, keep_ties
from crowd.reviews.models import Assignment, Conflict, Juror, Review
from crowd.reviews.queries import (
    AuthorComment,
    blocked_pairs,
    comments_to_authors,
    jury_with_accounts,
    scores_of_round,
)
from crowd.store.db import transaction, utc_now
from crowd.store.models import Event
from tests.conftest import AsUser, Drain
from tests.make import (
    JURY,
    VOTE,
    make_account,
    make_assignment,
    make_juror,
)
from tests.reviews.conftest import Scene, account_of, make_scene
from tests.reviews.tying import (
    FULL,
    K,
    apart,
    assign,
    commented,
    judge,
    kept,
    place,
    tied_scene,
)

pytestmark = pytest.mark.one_database


def test_where_ties_warn_the_chair_sees_the_kind_and_the_work_is_given(
    app: object, session: Session, as_user: AsUser
) -> None:
    scene, juror = tied_scene(ConflictPolicy.WARN)
    assert assign(scene, as_user, juror, scene.proposals[0]) == 303
    page = as_user(scene.manager).get(f"{scene.url}/ties").text
    assert "Commented on it" in page
    assert "keeps them apart meanwhile" not in page
    assert kept(session) == {(juror.id, scene.proposals[0].id, K.COMMENT, ConflictSource.DETECTED, ConflictStatus.OPEN)}


@pytest.mark.both_databases
def test_where_ties_block_nothing_is_given_until_somebody_sets_it_aside_with_a_reason(
    app: object, session: Session, as_user: AsUser
) -> None:
    scene, juror = tied_scene(ConflictPolicy.BLOCK)
    bench = scene.proposals[0]
    assert blocked_pairs(session, scene.round) == {(juror.id, bench.id)}
    assert assign(scene, as_user, juror, bench) == 422
    assert "keeps them apart meanwhile" in as_user(scene.manager).get(f"{scene.url}/ties").text
    assert judge(scene, as_user, juror, "aside") == 422
    assert judge(scene, as_user, juror, "aside", reason="A question about the oak, nothing more.") == 303
    assert blocked_pairs(session, scene.round) == set()
    assert assign(scene, as_user, juror, bench) == 303
    row = session.scalars(select(Conflict)).one()
    assert (row.status, row.decision, row.decided_by_id) == (
        ConflictStatus.SET_ASIDE,
        "A question about the oak, nothing more.",
        scene.manager.id,
    )
    assert session.scalars(select(Event.reason).where(Event.kind == EventKind.CONFLICT_SET_ASIDE)).all() == [
        "A question about the oak, nothing more."
    ]


def test_a_tie_that_comes_later_keeps_open_work_back(
    app: object, session: Session, as_user: AsUser, drain: Drain
) -> None:
    scene = make_scene(rounds=(VOTE, replace(JURY, conflict_policy=ConflictPolicy.BLOCK)))
    juror = make_juror(scene.round, apart(scene)[-1])
    assignment = make_assignment(juror, scene.proposals[0])
    reviewer = as_user(account_of(juror))
    assert reviewer.get(f"/reviews/{assignment.public_id}").status_code == 200
    on = f"/proposals/{scene.proposals[0].public_id}/comments"
    assert reviewer.post(on, data={"body": "Which oak?"}).status_code in {302, 303}
    drain()
    assert reviewer.get(f"/reviews/{assignment.public_id}").status_code == 404
    assert reviewer.post(f"/reviews/{assignment.public_id}", data=FULL).status_code == 404
    assert "A bench around the old tree" not in reviewer.get(f"{scene.url}?view=mine").text


def test_a_confirmed_tie_is_a_stake_like_any_other(app: object, session: Session, as_user: AsUser) -> None:
    scene, juror = tied_scene(ConflictPolicy.WARN)
    assignment = make_assignment(juror, scene.proposals[0], scores={"benefit": 5, "feasible": 5})
    assert judge(scene, as_user, juror, "confirm") == 303
    session.expire_all()
    assert assignment.status is AssignmentStatus.RECUSED
    assert session.scalars(select(Exclusion.account_id)).all() == [juror.account_id]
    assert as_user(account_of(juror)).get(f"/proposals/{scene.proposals[0].public_id}").status_code == 404


@pytest.mark.both_databases
def test_a_conflict_is_taken_back_by_a_chair_with_a_reason_and_never_by_the_reviewer(
    app: object, session: Session, as_user: AsUser
) -> None:
    scene = make_scene()
    juror = make_juror(scene.round, chair=True)
    bench, stated = scene.proposals[0], K.STATED
    as_user(account_of(juror)).post(f"{scene.url}/conflicts", data={"conflict": bench.public_id})
    assert kept(session) == {(juror.id, bench.id, stated, ConflictSource.DECLARED, ConflictStatus.CONFIRMED)}
    own = account_of(juror)
    assert judge(scene, as_user, juror, "back", stated, reason="I changed my mind.", by=own) == 404
    assert judge(scene, as_user, juror, "back", stated) == 422
    assert session.scalars(select(Exclusion.account_id)).all() == [own.id]
    assert judge(scene, as_user, juror, "back", stated, reason="Ticked the wrong line.") == 303
    assert session.scalars(select(Exclusion.account_id)).all() == []
    assert as_user(own).get(f"/proposals/{bench.public_id}").status_code == 200
    assert assign(scene, as_user, juror, bench) == 303
    as_user(own).post(f"{scene.url}/conflicts", data={"conflict": bench.public_id})
    assert (juror.id, bench.id, stated, ConflictSource.DECLARED, ConflictStatus.CONFIRMED) in kept(session)
    assert session.scalars(select(Exclusion.account_id)).all() == [own.id]


@pytest.mark.both_databases
def test_a_conflict_noted_before_the_answer_holds_after_it(app: object, session: Session, as_user: AsUser) -> None:
    scene = make_scene()
    person = make_account("Noor Haddad")
    juror = make_juror(scene.round, email=person.email, status=JurorStatus.INVITED)
    form = {"proposal": scene.proposals[0].public_id, "conflict_reason": "Her sister wrote it."}
    as_user(scene.manager).post(f"{scene.url}/jurors/{juror.public_id}/conflict", data=form)
    with transaction(juror):
        juror.token_hash = digest("known")
    as_user(person).post("/jury/known", data={"name": "Noor Haddad", "terms": "y"})
    session.expire_all()
    assert juror.status is JurorStatus.ACCEPTED
    assert session.scalars(select(Exclusion.account_id)).all() == [person.id]


def test_a_chair_with_a_stake_judges_no_tie_to_their_own(app: object, as_user: AsUser, session: Session) -> None:
    scene, juror = tied_scene(ConflictPolicy.WARN)
    make_juror(scene.round, scene.authors[0], chair=True)
    assert judge(scene, as_user, juror, "aside", reason="I wrote it.", by=scene.authors[0]) == 404
    assert {status for *_rest, status in kept(session)} <= {ConflictStatus.OPEN}


def _own(scene: Scene, juror: Juror) -> None:
    with transaction(scene.proposals[0]):
        scene.proposals[0].lead_id = juror.account_id


def _in_the_team(scene: Scene, juror: Juror) -> None:
    place(scene.proposals[0], account_of(juror), MemberStatus.ACCEPTED)


def _asked_into_the_team(scene: Scene, juror: Juror) -> None:
    place(scene.proposals[0], account_of(juror), MemberStatus.PENDING)


def _on_record(scene: Scene, juror: Juror) -> None:
    with transaction() as session:
        declare_conflict(session, scene.proposals[0], juror.account_id or 0, reason="", actor_id=None, now=utc_now())


def _tied(scene: Scene, juror: Juror) -> None:
    commented(account_of(juror), scene)
    with transaction() as session:
        keep_ties(
            session, scene.round, jury_with_accounts(session, scene.round.id), [scene.proposals[0].id], now=utc_now()
        )


@pytest.mark.parametrize(
    "conflict",
    [
        _own,
        _tied,
        *(pytest.param(stake) for stake in (_in_the_team, _asked_into_the_team, _on_record)),
    ],
)
def test_nobody_reviews_what_they_have_a_stake_in_by_any_address(
    app: Flask, session: Session, as_user: AsUser, conflict: Callable[[Scene, Juror], None]
) -> None:
    """Every address that takes a POST is tried, by the reviewer and by the manager who would give them the work."""
    scene = make_scene(rounds=(VOTE, replace(JURY, conflict_policy=ConflictPolicy.BLOCK)))
    juror = make_juror(scene.round, apart(scene)[-1])
    forced = make_assignment(juror, scene.proposals[0])
    other = make_juror(scene.round, make_account("Ada Mori", email="ada@house8.example"))
    theirs = make_assignment(other, scene.proposals[0])
    conflict(scene, juror)
    values = {
        "public_id": [forced.public_id, theirs.public_id, scene.call.public_id, scene.proposals[0].public_id],
        "juror_id": [juror.public_id],
        "proposal_id": [scene.proposals[0].public_id],
        "assignment_id": [forced.public_id],
    }
    form = {**FULL, "picked": [juror.public_id, scene.proposals[0].public_id], "target": juror.public_id}
    tried = 0
    for client in (as_user(account_of(juror)), as_user(scene.manager)):
        for rule in [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("reviews.")]:
            if "POST" not in (rule.methods or ()) or not rule.arguments <= set(values):
                continue
            if rule.endpoint in {"reviews.remove", "reviews.judge_tie"}:
                continue
            for address in addresses(rule, values):
                client.post(address, data=form)
                tried += 1
    assert tried > 60
    session.expire_all()
    reviewed = select(Review.id).join(Review.assignment).where(Assignment.juror_id == juror.id)
    assert session.scalars(reviewed).all() == []
    assert scores_of_round(session, scene.round.id) == {}
    given = select(Assignment.id).where(Assignment.juror_id == juror.id, Assignment.id != forced.id)
    assert session.scalars(given).all() == []


def addresses(rule: Rule, values: dict[str, list[str]]) -> Iterator[str]:
    names = sorted(rule.arguments)
    for chosen in itertools.product(*(values[name] for name in names)):
        built = rule.build(dict(zip(names, chosen, strict=True)))
        assert built is not None
        yield built[1]


@pytest.mark.parametrize(("blindness", "by"), [(Blindness.NONE, "Noor Haddad"), (Blindness.SINGLE, "")])
def test_authors_read_who_wrote_to_them_only_where_the_rules_say_so(
    app: Flask, session: Session, blindness: Blindness, by: str
) -> None:
    scene = make_scene(rounds=(VOTE, replace(JURY, blindness=blindness)))
    bench = scene.proposals[0]
    make_assignment(make_juror(scene.round), bench, scores={"benefit": 4, "feasible": 4}, authors="A sound plan.")
    assert comments_to_authors(session, [bench.id]) == {bench.id: [AuthorComment(None, "A sound plan.", by)]}
