"""Conflicts of interest: found by comparing, judged by a chair, and held for every route."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from crowd.accounts.models import Account
from crowd.conversation.models import Comment
from crowd.core.conflicts import ConflictKind, ConflictSource, ConflictStatus
from crowd.core.events import EventKind
from crowd.core.rules import Blindness, ConflictPolicy
from crowd.core.status import AssignmentStatus, JurorStatus, MemberStatus, OrganizationRole, StageKind
from crowd.proposals.actions import declare_conflict
from crowd.proposals.models import Exclusion, JoinRequest, Proposal, TeamMember
from crowd.reviews.actions import digest, keep_ties
from crowd.reviews.models import Assignment, Conflict, Juror, Review
from crowd.reviews.queries import (
    AuthorComment,
    blocked_pairs,
    comments_to_authors,
    found_ties,
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
    make_call,
    make_juror,
    make_member,
    make_organization,
    make_proposal,
    make_rules,
    move_stages,
    open_all,
)
from tests.reviews.conftest import Scene, account_of, make_scene

FULL = {"score_0": "4", "score_1": "3", "act": "submit", "version": "0", "seen": "1"}
K = ConflictKind


def apart(scene: Scene) -> list[Account]:
    """The authors of the scene and a reviewer, each at a house of their own."""
    people = [*scene.authors, make_account("Noor Haddad")]
    with transaction(*people):
        for number, person in enumerate(people):
            person.email = person.email_folded = f"someone@house{number}.example"
    with transaction() as session:
        for member in session.scalars(select(TeamMember)):
            number = [author.id for author in scene.authors].index(member.account_id or 0)
            member.email = member.email_folded = f"someone@house{number}.example"
    return people


def ties(session: Session, scene: Scene) -> dict[str, set[ConflictKind]]:
    """Title → kinds, of everybody on the jury together."""
    session.expire_all()
    titles = {proposal.id: proposal.title for proposal in scene.proposals}
    found = found_ties(session, scene.round, jury_with_accounts(session, scene.round.id), list(titles))
    told: dict[str, set[ConflictKind]] = {}
    for (_juror, proposal_id), kinds in found.items():
        told.setdefault(titles[proposal_id], set()).update(kinds)
    return told


def kept(session: Session) -> set[tuple[int, int, ConflictKind, ConflictSource, ConflictStatus]]:
    session.expire_all()
    return {(c.juror_id, c.proposal_id, c.kind, c.source, c.status) for c in session.scalars(select(Conflict))}


def _same_organization(reviewer: Account, scene: Scene) -> None:
    house = make_organization("The Gardeners")
    make_member(house, OrganizationRole.MEMBER, reviewer)
    make_member(house, OrganizationRole.MEMBER, scene.authors[0])


def _same_domain(reviewer: Account, scene: Scene) -> None:
    with transaction(reviewer):
        reviewer.email = reviewer.email_folded = "noor@physics.house0.example"


def _wrote_together(reviewer: Account, scene: Scene) -> None:
    earlier = make_proposal(make_call(), reviewer, title="An earlier one")
    _place(earlier, scene.authors[0], MemberStatus.ACCEPTED)


def _place(proposal: Proposal, account: Account, status: MemberStatus) -> None:
    with transaction() as session:
        session.add(
            TeamMember(
                proposal_id=proposal.id,
                account_id=account.id,
                name=account.name,
                email=account.email,
                email_folded=account.email_folded,
                share=0,
                status=status,
            )
        )


def _asked_and_declined(reviewer: Account, scene: Scene) -> None:
    _place(scene.proposals[0], reviewer, MemberStatus.DECLINED)


def _invited_elsewhere(reviewer: Account, scene: Scene) -> None:
    _place(make_proposal(make_call(), scene.authors[0], title="Another"), reviewer, MemberStatus.DECLINED)


def _asked_to_join(reviewer: Account, scene: Scene) -> None:
    with transaction() as session:
        request = JoinRequest(proposal_id=scene.proposals[0].id, account_id=reviewer.id, message="", asked_at=utc_now())
        session.add(request)


def _commented(reviewer: Account, scene: Scene) -> None:
    with transaction() as session:
        session.add(
            Comment(
                call_id=scene.call.id,
                proposal_id=scene.proposals[0].id,
                author_id=reviewer.id,
                body="Good",
                created_at=utc_now(),
            )
        )


@pytest.mark.parametrize(
    ("tie", "kind"),
    [
        (_same_organization, K.ORGANIZATION),
        (_same_domain, K.EMAIL_DOMAIN),
        (_wrote_together, K.COAUTHOR),
        (_asked_and_declined, K.INVITATION),
        (_invited_elsewhere, K.INVITATION),
        (_asked_to_join, K.INVITATION),
        (_commented, K.COMMENT),
    ],
)
def test_a_tie_is_found_in_what_the_site_knows(
    scene: Scene, session: Session, tie: Callable[[Account, Scene], None], kind: ConflictKind
) -> None:
    reviewer = apart(scene)[-1]
    make_juror(scene.round, reviewer)
    assert ties(session, scene) == {}
    tie(reviewer, scene)
    assert ties(session, scene)["A bench around the old tree"] >= {kind}
    assert set(ties(session, scene)) == {"A bench around the old tree"}


@pytest.mark.parametrize("secret", [False, True])
def test_an_open_vote_is_a_tie_and_a_secret_one_is_never_looked_at(
    app: object, session: Session, as_user: AsUser, *, secret: bool
) -> None:
    rules = make_rules(StageKind.VOTING, rounds=(replace(VOTE, secret=secret), JURY))
    call = make_call(make_organization(), rules)
    bench = make_proposal(call, make_account("Iris Okafor", email="iris@house0.example"))
    make_proposal(call, make_account("Luis Paz", email="luis@house1.example"), title="A pond for frogs")
    open_all(call)
    reviewer = make_account("Noor Haddad", email="noor@house2.example")
    cast = as_user(reviewer).post(f"/calls/{call.public_id}/vote/cast?round=crowd", data={"support": bench.public_id})
    assert cast.status_code == 303
    move_stages(call, timedelta(days=10))
    row = open_all(call, "jury")
    juror = make_juror(row, reviewer)
    session.expire_all()
    found = found_ties(session, row, jury_with_accounts(session, row.id), [bench.id])
    assert found == ({} if secret else {(juror.id, bench.id): {K.VOTE}})


def tied_scene(policy: ConflictPolicy) -> tuple[Scene, Juror]:
    """A reviewer who commented on the bench, in a round with this policy."""
    scene = make_scene(rounds=(VOTE, replace(JURY, conflict_policy=policy)))
    reviewer = apart(scene)[-1]
    juror = make_juror(scene.round, reviewer)
    _commented(reviewer, scene)
    return scene, juror


def assign(scene: Scene, as_user: AsUser, juror: Juror, proposal: Proposal) -> int:
    page = f"{scene.url}/jurors/{juror.public_id}/assign"
    return as_user(scene.manager).post(page, data={"picked": proposal.public_id}).status_code


def judge(scene: Scene, as_user: AsUser, juror: Juror, act: str, kind: ConflictKind = K.COMMENT, **more: object) -> int:
    by = more.pop("by", scene.manager)
    tie = f"{juror.public_id}-{scene.proposals[0].public_id}-{kind}"
    data = {"act": act, "tie": tie, **more}
    return as_user(by).post(f"{scene.url}/ties?round=jury", data=data).status_code  # type: ignore[arg-type]


def test_where_ties_warn_the_chair_sees_the_kind_and_the_work_is_given(
    app: object, session: Session, as_user: AsUser
) -> None:
    scene, juror = tied_scene(ConflictPolicy.WARN)
    assert assign(scene, as_user, juror, scene.proposals[0]) == 303
    page = as_user(scene.manager).get(f"{scene.url}/ties").text
    assert "Commented on it" in page
    assert "keeps them apart meanwhile" not in page
    assert kept(session) == {(juror.id, scene.proposals[0].id, K.COMMENT, ConflictSource.DETECTED, ConflictStatus.OPEN)}


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
    _place(scene.proposals[0], account_of(juror), MemberStatus.ACCEPTED)


def _asked_into_the_team(scene: Scene, juror: Juror) -> None:
    _place(scene.proposals[0], account_of(juror), MemberStatus.PENDING)


def _on_record(scene: Scene, juror: Juror) -> None:
    with transaction() as session:
        declare_conflict(session, scene.proposals[0], juror.account_id or 0, reason="", actor_id=None, now=utc_now())


def _tied(scene: Scene, juror: Juror) -> None:
    _commented(account_of(juror), scene)
    with transaction() as session:
        keep_ties(
            session, scene.round, jury_with_accounts(session, scene.round.id), [scene.proposals[0].id], now=utc_now()
        )


@pytest.mark.parametrize(
    "conflict",
    [
        _own,
        _tied,
        *(
            pytest.param(stake, marks=pytest.mark.one_database)
            for stake in (_in_the_team, _asked_into_the_team, _on_record)
        ),
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
