"""Who reviews what: assigned by hand, never to anybody with a stake, under whatever address."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.core.events import EventKind
from crowd.core.status import AssignmentStatus, JurorStatus, OrganizationRole
from crowd.proposals.models import Proposal, Reader
from crowd.reviews.models import Assignment, Juror
from crowd.store.models import Event
from tests.conftest import AsUser
from tests.make import make_account, make_assignment, make_call, make_juror, make_member, make_proposal
from tests.reviews.conftest import Scene, account_of, invite_to_team

pytestmark = pytest.mark.one_database

SCORES = {"benefit": 4, "feasible": 4}


def assign(scene: Scene, as_user: AsUser, juror: Juror, *proposals: Proposal, by: Account | None = None) -> int:
    answer = as_user(by or scene.manager).post(
        f"{scene.url}/jurors/{juror.public_id}/assign", data={"picked": [proposal.public_id for proposal in proposals]}
    )
    return answer.status_code


def pairs(session: Session) -> set[tuple[int, int, AssignmentStatus]]:
    rows = session.execute(select(Assignment.juror_id, Assignment.proposal_id, Assignment.status))
    return {(juror_id, proposal_id, status) for juror_id, proposal_id, status in rows}


def test_a_manager_assigns_and_the_juror_may_read(scene: Scene, as_user: AsUser, session: Session) -> None:
    juror = make_juror(scene.round)
    bench, pond, _ = scene.proposals
    assert assign(scene, as_user, juror, bench, pond) == 303
    assert pairs(session) == {(juror.id, p.id, AssignmentStatus.ASSIGNED) for p in (bench, pond)}
    assert set(session.scalars(select(Reader.proposal_id).where(Reader.account_id == juror.account_id))) == {
        bench.id,
        pond.id,
    }
    events = session.scalars(select(Event).where(Event.kind == EventKind.REVIEW_ASSIGNED).order_by(Event.id)).all()
    assert [event.data["count"] for event in events if isinstance(event.data, dict)] == [2, 0]


def test_a_chair_assigns_from_the_side_of_the_proposal(scene: Scene, as_user: AsUser, session: Session) -> None:
    chair, juror = make_juror(scene.round, chair=True, name="Cy Chair"), make_juror(scene.round)
    bench = scene.proposals[0]
    page = f"{scene.url}/proposals/{bench.public_id}"
    client = as_user(account_of(chair))
    assert "0 proposals so far" in client.get(page).text
    client.post(f"{page}/assign", data={"picked": [chair.public_id, juror.public_id]})
    assert pairs(session) == {(j.id, bench.id, AssignmentStatus.ASSIGNED) for j in (chair, juror)}


def test_a_plain_juror_or_moderator_assigns_nothing(scene: Scene, as_user: AsUser, session: Session) -> None:
    juror = make_juror(scene.round)
    for account in (account_of(juror), make_member(scene.organization, OrganizationRole.MODERATOR), scene.authors[0]):
        assert assign(scene, as_user, juror, scene.proposals[1], by=account) == 403
    assert pairs(session) == set()


@pytest.mark.both_databases
def test_work_waits_for_an_invited_juror_who_reads_only_after_declaring(
    scene: Scene, as_user: AsUser, session: Session
) -> None:
    juror = make_juror(scene.round, status=JurorStatus.INVITED)
    assert assign(scene, as_user, juror, scene.proposals[0]) == 303
    assert session.scalars(select(Reader)).all() == []


@pytest.mark.parametrize(
    "stake", ["author", "pending by account", "pending by juror address", "pending by own address"]
)
def test_whoever_has_a_stake_is_never_assigned(scene: Scene, as_user: AsUser, session: Session, stake: str) -> None:
    """After OpenReview issue 301: one person, a pending co-author under one address and a reviewer under another."""
    bench = scene.proposals[0]
    account = scene.authors[0] if stake == "author" else make_account("Two Addresses", email="two@home.example")
    juror = make_juror(scene.round, account, name="Two Addresses", email="two@work.example")
    if stake == "pending by account":
        invite_to_team(bench, "third@else.example", account)
    if stake == "pending by juror address":
        invite_to_team(bench, "Two@Work.example")
    if stake == "pending by own address":
        invite_to_team(bench, "two@HOME.example")
    assert assign(scene, as_user, juror, bench) == 422
    assert pairs(session) == set()
    page = as_user(scene.manager).get(f"{scene.url}/jurors/{juror.public_id}")
    assert "Cannot be assigned: Two Addresses has a stake in it" in page.text
    side = as_user(scene.manager).post(
        f"{scene.url}/proposals/{bench.public_id}/assign", data={"picked": juror.public_id}
    )
    assert side.status_code == 422
    assert "has a stake in “A bench around the old tree”" in side.text
    assert pairs(session) == set()


def test_a_stake_that_comes_later_ends_access_and_counting_at_once(
    scene: Scene, as_user: AsUser, session: Session
) -> None:
    bench = scene.proposals[0]
    juror = make_juror(scene.round, make_account(email="two@home.example"), email="two@work.example")
    assignment = make_assignment(juror, bench, scores={"benefit": 5, "feasible": 5})
    make_assignment(make_juror(scene.round), bench, scores={"benefit": 1, "feasible": 1})
    invite_to_team(bench, "two@work.example")
    client = as_user(account_of(juror))
    assert client.get(f"/reviews/{assignment.public_id}").status_code == 404
    assert "A bench around the old tree" not in client.get(scene.url).text
    page = as_user(scene.manager).get(f"{scene.url}/proposals/{bench.public_id}").text
    assert "1.00" in page
    assert "3.00" not in page


def test_one_refused_pair_refuses_all_and_keeps_what_was_ticked(
    scene: Scene, as_user: AsUser, session: Session
) -> None:
    juror = make_juror(scene.round, scene.authors[0])
    answer = as_user(scene.manager).post(
        f"{scene.url}/jurors/{juror.public_id}/assign",
        data={"picked": [scene.proposals[0].public_id, scene.proposals[1].public_id]},
    )
    assert answer.status_code == 422
    assert f'value="{scene.proposals[1].public_id}" checked' in answer.text
    assert pairs(session) == set()


def test_assigning_twice_changes_nothing(scene: Scene, as_user: AsUser, session: Session) -> None:
    juror = make_juror(scene.round)
    assert [assign(scene, as_user, juror, scene.proposals[0]) for _ in range(2)] == [303, 303]
    assert len(session.scalars(select(Event).where(Event.kind == EventKind.REVIEW_ASSIGNED)).all()) == 1


@pytest.mark.both_databases
def test_open_work_is_taken_back_and_a_review_handed_in_is_not(scene: Scene, as_user: AsUser, session: Session) -> None:
    juror = make_juror(scene.round)
    open_work = make_assignment(juror, scene.proposals[0])
    done = make_assignment(juror, scene.proposals[1], scores=SCORES)
    manager = as_user(scene.manager)
    assert manager.post(f"{scene.url}/assignments/{open_work.public_id}/take-back").status_code == 303
    assert manager.post(f"{scene.url}/assignments/{done.public_id}/take-back").status_code == 409
    assert (open_work.status, done.status) == (AssignmentStatus.WITHDRAWN, AssignmentStatus.SUBMITTED)
    assert session.scalars(select(Reader.proposal_id)).all() == [scene.proposals[1].id]
    assert as_user(account_of(juror)).get(f"/reviews/{open_work.public_id}").status_code == 404


def test_open_work_goes_to_one_other_juror_in_one_act(scene: Scene, as_user: AsUser, session: Session) -> None:
    leaving, taking = make_juror(scene.round), make_juror(scene.round)
    bench, pond, lights = scene.proposals
    make_assignment(leaving, bench)
    make_assignment(leaving, pond, scores=SCORES)
    make_assignment(leaving, lights)
    answer = as_user(scene.manager).post(
        f"{scene.url}/jurors/{leaving.public_id}/reassign", data={"target": taking.public_id}
    )
    assert answer.status_code == 303
    assert pairs(session) == {
        (leaving.id, bench.id, AssignmentStatus.WITHDRAWN),
        (leaving.id, pond.id, AssignmentStatus.SUBMITTED),
        (leaving.id, lights.id, AssignmentStatus.WITHDRAWN),
        (taking.id, bench.id, AssignmentStatus.ASSIGNED),
        (taking.id, lights.id, AssignmentStatus.ASSIGNED),
    }
    assert as_user(account_of(leaving)).get(scene.url).text.count("A bench around the old tree") == 0


def test_open_work_is_spread_evenly_and_past_stakes(scene: Scene, as_user: AsUser, session: Session) -> None:
    leaving, first = make_juror(scene.round), make_juror(scene.round)
    author = make_juror(scene.round, scene.authors[0])
    bench, pond, lights = scene.proposals
    for proposal in scene.proposals:
        make_assignment(leaving, proposal)
    as_user(scene.manager).post(f"{scene.url}/jurors/{leaving.public_id}/reassign", data={"target": "evenly"})
    live = {(j, p) for j, p, status in pairs(session) if status is AssignmentStatus.ASSIGNED}
    assert live == {(first.id, bench.id), (author.id, pond.id), (first.id, lights.id)}


def test_what_nobody_else_may_take_stays_and_is_named(scene: Scene, as_user: AsUser, session: Session) -> None:
    leaving = make_juror(scene.round)
    author = make_juror(scene.round, scene.authors[0])
    make_assignment(leaving, scene.proposals[0])
    client = as_user(scene.manager)
    client.post(f"{scene.url}/jurors/{leaving.public_id}/reassign", data={"target": author.public_id})
    assert pairs(session) == {(leaving.id, scene.proposals[0].id, AssignmentStatus.ASSIGNED)}
    assert "nobody else may take them: “A bench around the old tree”" in client.get(scene.url).text


def test_a_chair_puts_a_conflict_on_record_with_a_reason(scene: Scene, as_user: AsUser, session: Session) -> None:
    juror, bench = make_juror(scene.round), scene.proposals[0]
    assignment = make_assignment(juror, bench, scores=SCORES)
    client = as_user(scene.manager)
    url = f"{scene.url}/jurors/{juror.public_id}/conflict"
    assert client.post(url, data={"proposal": bench.public_id, "conflict_reason": ""}).status_code == 422
    assert assignment.status is AssignmentStatus.SUBMITTED
    client.post(url, data={"proposal": bench.public_id, "conflict_reason": "They share a studio."})
    assert (assignment.status, assignment.recusal_reason) == (AssignmentStatus.RECUSED, "They share a studio.")
    assert session.scalars(select(Reader)).all() == []
    assert as_user(account_of(juror)).get(f"/reviews/{assignment.public_id}").status_code == 404
    assert assign(scene, as_user, juror, bench) == 422


def test_a_manager_with_a_stake_neither_assigns_nor_takes_back(scene: Scene, as_user: AsUser, session: Session) -> None:
    bench = scene.proposals[0]
    invite_to_team(bench, scene.manager.email)
    juror = make_juror(scene.round)
    assignment = make_assignment(juror, bench)
    other = make_juror(scene.round)
    assert assign(scene, as_user, other, bench) == 403
    client = as_user(scene.manager)
    assert client.post(f"{scene.url}/assignments/{assignment.public_id}/take-back").status_code == 403
    client.post(f"{scene.url}/jurors/{juror.public_id}/reassign", data={"target": other.public_id})
    assert pairs(session) == {(juror.id, bench.id, AssignmentStatus.ASSIGNED)}


def test_a_proposal_that_is_no_candidate_is_unknown_here(scene: Scene, as_user: AsUser, session: Session) -> None:
    stranger = make_proposal(make_call(), title="From another call")
    client = as_user(scene.manager)
    assert client.get(f"{scene.url}/proposals/{stranger.public_id}").status_code == 404
    assert client.get(f"{scene.url}/proposals/unknown").status_code == 404
