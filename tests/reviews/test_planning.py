"""The proposed assignment: shown with its figures, applied as one act, topped up; never to anybody with a stake."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.core.events import EventKind
from crowd.core.status import AssignmentStatus, OrganizationRole, StageKind
from crowd.proposals.actions import declare_conflict
from crowd.proposals.models import Proposal, ProposalTag
from crowd.reviews.models import Assignment, Juror
from crowd.reviews.queries import plan_of
from crowd.store.db import transaction, utc_now
from crowd.store.models import Event
from tests.conftest import AsUser, CountQueries
from tests.make import (
    JURY,
    VOTE,
    make_assignment,
    make_call,
    make_juror,
    make_member,
    make_organization,
    make_proposal,
    make_rules,
    open_all,
)
from tests.reviews.conftest import Scene, account_of, make_scene

pytestmark = pytest.mark.one_database


def know(juror: Juror, *skills: str, expertise: str = "", most: int | None = None) -> Juror:
    with transaction(juror):
        juror.skills, juror.expertise, juror.load_limit = list(skills), expertise, most
    return juror


def tag(proposal: Proposal, *tags: str) -> None:
    with transaction() as session:
        session.add_all(ProposalTag(proposal_id=proposal.id, tag=tag) for tag in tags)


def live(session: Session) -> set[tuple[str, str]]:
    rows = session.execute(
        select(Juror.name, Proposal.title)
        .select_from(Assignment)
        .join(Assignment.juror)
        .join(Assignment.proposal)
        .where(Assignment.status.in_([AssignmentStatus.ASSIGNED, AssignmentStatus.SUBMITTED]))
    )
    return {(name, title) for name, title in rows}


def apply(scene: Scene, as_user: AsUser, each: int = 1) -> int:
    client = as_user(scene.manager)
    page = client.get(f"{scene.url}/plan?each={each}").text
    found = re.search(r'name="fingerprint" value="(\w+)"', page)
    data = {"each": each, "fingerprint": found.group(1) if found else ""}
    return client.post(f"{scene.url}/plan", data=data).status_code


def test_each_proposal_goes_to_whoever_knows_it_and_everybody_is_told_once(
    scene: Scene, as_user: AsUser, session: Session
) -> None:
    bench, pond, lights = scene.proposals
    for proposal, topic in ((bench, "wood"), (pond, "water"), (lights, "power")):
        tag(proposal, topic)
    for name, topic in (("Ana", "power"), ("Bo", "wood"), ("Cy", "water")):
        know(make_juror(scene.round, name=name), topic)
    assert live(session) == set()
    assert apply(scene, as_user) == 303
    assert live(session) == {("Ana", lights.title), ("Bo", bench.title), ("Cy", pond.title)}
    events = session.scalars(select(Event).where(Event.kind == EventKind.REVIEW_ASSIGNED)).all()
    assert [event.data["count"] for event in events if isinstance(event.data, dict)] == [1, 1, 1]


def test_a_statement_finds_the_proposal_it_speaks_of(scene: Scene, session: Session) -> None:
    gardener = know(make_juror(scene.round, name="Ana"), expertise="Lamps, lights and the path at night", most=1)
    make_juror(scene.round, name="Bo")
    plan = plan_of(session, scene.round, 1, set(), lambda: None)
    assert [line.proposal.title for line in plan.lines if gardener in [one.juror for one in line.given]] == [
        "Lights along the path"
    ]


def reviewed_before(scene: Scene, juror: Juror, *tags: str) -> Proposal:
    """A review that the same person handed in for an earlier call of the organization."""
    call = make_call(scene.organization, make_rules(StageKind.REVIEW))
    proposal = make_proposal(call, title="Of last year")
    tag(proposal, *tags)
    place = make_juror(open_all(call, "jury"), account_of(juror), name=juror.name)
    make_assignment(place, proposal, scores={"benefit": 4, "feasible": 3})
    return proposal


def test_who_reviewed_such_proposals_before_for_the_organization_is_a_better_match_but_less_than_who_knows_them(
    scene: Scene, session: Session
) -> None:
    tag(scene.proposals[0], "wood", "birds")
    new, met, expert = (make_juror(scene.round, name=name) for name in ("Ana", "Bo", "Cy"))
    know(expert, "wood")
    reviewed_before(scene, met, "Wood", "paint")
    plan = plan_of(session, scene.round, 3, set(), lambda: None)
    bench = next(line for line in plan.lines if line.proposal.id == scene.proposals[0].id)
    found = {one.juror.id: one.match for one in bench.given}
    assert (found[new.id], found[met.id]) == (0, 0.125)
    assert found[expert.id] >= 0.25


def test_who_reviewed_the_same_proposal_in_an_earlier_round_knows_it(app: object, session: Session) -> None:
    second = replace(JURY, key="second", title="Second jury")
    scene = make_scene(rounds=(VOTE, JURY, second))
    tag(scene.proposals[0], "wood")
    first = make_juror(scene.round, name="Ana")
    make_assignment(first, scene.proposals[0], scores={"benefit": 4, "feasible": 3})
    row = open_all(scene.call, "second")
    again, new = make_juror(row, account_of(first), name="Ana"), make_juror(row, name="Bo")
    plan = plan_of(session, row, 2, set(), lambda: None)
    bench = next(line for line in plan.lines if line.proposal.id == scene.proposals[0].id)
    assert {one.juror.id: one.match for one in bench.given} == {again.id: 0.5, new.id: 0}


def test_reviews_for_another_organization_and_unfinished_ones_are_no_experience(scene: Scene, session: Session) -> None:
    tag(scene.proposals[0], "wood")
    juror = make_juror(scene.round, name="Ana")
    stranger = make_call(make_organization("Elsewhere"), make_rules(StageKind.REVIEW))
    own = make_call(scene.organization, make_rules(StageKind.REVIEW))
    for call, scores in ((stranger, {"benefit": 4, "feasible": 3}), (own, None)):
        proposal = make_proposal(call, title="Of last year")
        tag(proposal, "wood")
        make_assignment(make_juror(open_all(call, "jury"), account_of(juror), name="Ana"), proposal, scores=scores)
    plan = plan_of(session, scene.round, 1, set(), lambda: None)
    assert {one.match for line in plan.lines for one in line.given} == {0}


def test_the_preview_shows_the_figures_and_changes_nothing(scene: Scene, as_user: AsUser, session: Session) -> None:
    know(make_juror(scene.round, name="Ana"), most=1)
    know(make_juror(scene.round, name="Bo"), most=3)
    make_assignment(make_juror(scene.round, name="Cy"), scene.proposals[0])
    page = as_user(scene.manager).get(f"{scene.url}/plan?each=3")
    assert page.status_code == 200
    for words in ("Assign these 6 reviews", "Places left empty", "Those who may review it have no room left"):
        assert words in page.text
    assert live(session) == {("Cy", scene.proposals[0].title)}


@pytest.mark.both_databases
def test_work_is_shared_evenly_and_what_is_there_counts(scene: Scene, session: Session) -> None:
    busy, free = know(make_juror(scene.round, name="Ana"), "a"), make_juror(scene.round, name="Bo")
    for proposal in scene.proposals:
        tag(proposal, "a")
    make_assignment(busy, scene.proposals[0], scores={"benefit": 4, "feasible": 3})
    plan = plan_of(session, scene.round, 1, set(), lambda: None)
    assert {load.juror.id: load.there + load.given for load in plan.loads} == {busy.id: 2, free.id: 1}


def test_stakes_conflicts_recusals_and_work_taken_back_are_never_proposed(scene: Scene, session: Session) -> None:
    bench, pond, lights = scene.proposals
    author = make_juror(scene.round, scene.authors[0], name="Author")
    in_conflict, recused, relieved = (
        make_juror(scene.round, name=name) for name in ("Conflict", "Recused", "Relieved")
    )
    with transaction() as writing:
        declare_conflict(writing, bench, in_conflict.account_id or 0, reason="", actor_id=None, now=utc_now())
    make_assignment(recused, bench, status=AssignmentStatus.RECUSED)
    make_assignment(relieved, bench, status=AssignmentStatus.WITHDRAWN)
    plan = plan_of(session, scene.round, 4, set(), lambda: None)
    names = {line.proposal.id: {one.juror.name for one in line.given} for line in plan.lines}
    everybody = {author.name, "Conflict", "Recused", "Relieved"}
    assert names == {bench.id: set(), pond.id: everybody, lights.id: everybody}
    assert [(line.proposal.id, line.missing, line.lack) for line in plan.unfilled] == [(bench.id, 4, "barred")]


def test_topping_up_after_a_recusal_leaves_the_rest_as_it_was(scene: Scene, as_user: AsUser, session: Session) -> None:
    jurors = [make_juror(scene.round, name=name) for name in ("Ana", "Bo")]
    assert apply(scene, as_user) == 303
    before = live(session)
    gone = session.scalars(select(Assignment).order_by(Assignment.id)).first()
    assert gone is not None
    with transaction(gone):
        gone.status = AssignmentStatus.RECUSED
    other = next(juror.name for juror in jurors if juror.id != gone.juror_id)
    title = next(p.title for p in scene.proposals if p.id == gone.proposal_id)
    assert apply(scene, as_user) == 303
    assert before - live(session) == {(next(j.name for j in jurors if j.id == gone.juror_id), title)}
    assert live(session) - before == {(other, title)}
    assert "There is nothing to assign." in as_user(scene.manager).get(f"{scene.url}/plan?each=1").text


def test_what_was_not_shown_is_not_applied(scene: Scene, as_user: AsUser, session: Session) -> None:
    make_juror(scene.round, name="Ana")
    answer = as_user(scene.manager).post(f"{scene.url}/plan", data={"each": 1, "fingerprint": "0" * 64})
    assert (answer.status_code, "changed since you looked" in answer.text) == (409, True)
    assert live(session) == set()


def test_a_chair_leaves_out_the_proposals_they_have_a_stake_in(scene: Scene, as_user: AsUser) -> None:
    chair = make_juror(scene.round, scene.authors[0], chair=True)
    make_juror(scene.round, name="Ana")
    page = as_user(account_of(chair)).get(f"{scene.url}/plan?each=1").text
    assert "1 proposal is left out, because you have a stake in it" in page
    assert scene.proposals[0].title not in page


def test_only_who_assigns_sees_or_applies_it(scene: Scene, as_user: AsUser) -> None:
    juror = make_juror(scene.round)
    for account in (account_of(juror), make_member(scene.organization, OrganizationRole.MODERATOR), scene.authors[0]):
        assert as_user(account).get(f"{scene.url}/plan").status_code == 403
        assert as_user(account).post(f"{scene.url}/plan", data={"each": 1}).status_code == 403
        assert as_user(account).post(f"{scene.url}/jurors/{juror.public_id}/skills", data={}).status_code == 403


def test_a_chair_writes_down_what_a_juror_knows(scene: Scene, as_user: AsUser, session: Session) -> None:
    juror = make_juror(scene.round)
    page = f"{scene.url}/jurors/{juror.public_id}"
    data = {"skills": " Wood,  Old  Trees, wood,", "expertise": "Carpenter", "load_limit": "4"}
    assert as_user(scene.manager).post(f"{page}/skills", data=data).status_code == 303
    session.refresh(juror)
    assert (juror.skills, juror.expertise, juror.load_limit) == (["wood", "old trees"], "Carpenter", 4)
    assert 'value="wood, old trees"' in as_user(scene.manager).get(page).text


@pytest.mark.parametrize("most", ["-1", "many"])
def test_a_limit_that_is_no_number_is_refused_and_what_was_typed_stays(
    scene: Scene, as_user: AsUser, session: Session, most: str
) -> None:
    juror = make_juror(scene.round)
    data = {"skills": "wood", "load_limit": most}
    answer = as_user(scene.manager).post(f"{scene.url}/jurors/{juror.public_id}/skills", data=data)
    assert (answer.status_code, 'value="wood"' in answer.text) == (422, True)
    session.refresh(juror)
    assert juror.skills == []


def test_more_jurors_cost_no_more_queries(scene: Scene, as_user: AsUser, count_queries: CountQueries) -> None:
    client = as_user(scene.manager)
    make_juror(scene.round, name="Ana")
    client.get(f"{scene.url}/plan")
    with count_queries() as few:
        client.get(f"{scene.url}/plan")
    for name in ("Bo", "Cy"):
        make_juror(scene.round, name=name)
    with count_queries() as many:
        client.get(f"{scene.url}/plan")
    assert len(many) == len(few)
