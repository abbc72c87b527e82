"""What ties a reviewer to a proposal is found in what the site knows, and never in a secret vote."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.models import CallStage
from crowd.core.conflicts import ConflictKind, ConflictSource, ConflictStatus
from crowd.core.events import EventKind
from crowd.core.rules import ConflictPolicy
from crowd.core.status import StageKind
from crowd.proposals.models import Proposal
from crowd.reviews.models import Conflict, Juror
from crowd.reviews.queries import (
    found_ties,
    jury_with_accounts,
)
from crowd.store.db import transaction, utc_now
from crowd.store.events import record
from crowd.store.types import new_public_id
from tests.conftest import AsUser, CountQueries, Drain
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
from tests.reviews.tying import (
    FULL,
    K,
    apart,
    asked_and_declined,
    asked_to_join,
    commented,
    invited_elsewhere,
    kept,
    same_domain,
    same_organization,
    ties,
    wrote_together,
)

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize(
    ("tie", "kind"),
    [
        (same_organization, K.ORGANIZATION),
        (same_domain, K.EMAIL_DOMAIN),
        (wrote_together, K.COAUTHOR),
        (asked_and_declined, K.INVITATION),
        (invited_elsewhere, K.INVITATION),
        (asked_to_join, K.INVITATION),
        (commented, K.COMMENT),
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


def voting_scene(*, secret: bool) -> tuple[Scene, Juror, str]:
    """A vote and a jury that are open at the same time; somebody on the jury, and where they vote."""
    rules = make_rules(StageKind.VOTING, rounds=(replace(VOTE, secret=secret), JURY))
    organization = make_organization()
    call = make_call(organization, rules)
    iris, luis = (
        make_account("Iris Okafor", email="iris@house0.example"),
        make_account("Luis Paz", email="l@h1.example"),
    )
    proposals = [
        make_proposal(call, iris, title="A bench around the old tree"),
        make_proposal(call, luis, title="A pond"),
    ]
    with transaction() as session:
        for stage in session.scalars(select(CallStage).where(CallStage.kind == StageKind.REVIEW)):
            stage.opens_at -= timedelta(days=10)
    open_all(call)
    row = open_all(call, "jury")
    juror = make_juror(row, make_account("Noor Haddad", email="noor@house2.example"))
    return (
        Scene(organization, call, row, make_member(organization), [iris, luis], proposals),
        juror,
        f"/calls/{call.public_id}/vote/cast?round=crowd",
    )


@pytest.mark.both_databases
@pytest.mark.parametrize("secret", [False, True])
def test_a_ballot_with_a_name_that_is_cast_after_the_work_was_given_out_is_found_when_the_work_is_opened(
    app: object, session: Session, as_user: AsUser, *, secret: bool
) -> None:
    scene, juror, cast = voting_scene(secret=secret)
    bench = scene.proposals[0]
    work = make_assignment(juror, bench)
    reviewer = as_user(account_of(juror))
    assert reviewer.post(cast, data={"support": bench.public_id}).status_code == 303
    assert kept(session) == set()
    assert reviewer.get(f"/reviews/{work.public_id}").status_code == 200
    found = {(juror.id, bench.id, K.VOTE, ConflictSource.DETECTED, ConflictStatus.OPEN)}
    assert kept(session) == (set() if secret else found)
    assert ("Voted for it, by name" in as_user(scene.manager).get(f"{scene.url}/ties?round=jury").text) is not secret


def test_the_count_of_a_vote_with_names_has_ties_looked_for(
    app: object, session: Session, as_user: AsUser, drain: Drain
) -> None:
    scene, juror, cast = voting_scene(secret=False)
    drain()
    assert as_user(account_of(juror)).post(cast, data={"support": scene.proposals[1].public_id}).status_code == 303
    drain()
    with transaction(scene.call) as writing:
        assert writing.scalars(select(Conflict.id)).all() == []
        record(writing, EventKind.ROUND_COUNTED, now=utc_now(), call_id=scene.call.id)
    drain()
    assert kept(session) == {(juror.id, scene.proposals[1].id, K.VOTE, ConflictSource.DETECTED, ConflictStatus.OPEN)}


def test_where_ties_block_a_comment_written_since_keeps_open_work_closed_at_once(
    app: object, session: Session, as_user: AsUser
) -> None:
    scene = make_scene(rounds=(VOTE, replace(JURY, conflict_policy=ConflictPolicy.BLOCK)))
    reviewer = apart(scene)[-1]
    juror = make_juror(scene.round, reviewer)
    work = make_assignment(juror, scene.proposals[0])
    commented(reviewer, scene)
    assert as_user(reviewer).post(f"/reviews/{work.public_id}", data=FULL).status_code == 403
    assert as_user(reviewer).get(f"/reviews/{work.public_id}").status_code == 404
    assert kept(session) == {(juror.id, scene.proposals[0].id, K.COMMENT, ConflictSource.DETECTED, ConflictStatus.OPEN)}


def tie(juror: Juror, proposal: Proposal, kind: ConflictKind, status: ConflictStatus) -> Conflict:
    return Conflict(
        public_id=new_public_id(),
        round_id=juror.round_id,
        juror_id=juror.id,
        proposal_id=proposal.id,
        kind=kind,
        source=ConflictSource.DETECTED,
        status=status,
        decision="Nothing to it." if status is ConflictStatus.SET_ASIDE else "",
        at=utc_now(),
    )


@pytest.mark.both_databases
def test_ties_are_read_in_pages_those_that_wait_first_and_by_as_many_queries_however_many(
    scene: Scene, session: Session, as_user: AsUser, count_queries: CountQueries
) -> None:
    apart(scene)
    manager, page = as_user(scene.manager), f"{scene.url}/ties"
    jurors = [
        make_juror(scene.round, make_account(f"N{n}", email=f"n{n}@h{n + 9}.example"), name=f"N{n}") for n in range(14)
    ]
    with transaction() as writing:
        writing.add(tie(jurors[0], scene.proposals[0], K.COMMENT, ConflictStatus.SET_ASIDE))
    manager.get(page)
    with count_queries() as few:
        assert manager.get(page).text.count('id="why-') == 0
    with transaction() as writing:
        writing.add_all(
            tie(juror, proposal, kind, ConflictStatus.OPEN)
            for juror in jurors
            for proposal in scene.proposals[1:]
            for kind in (K.COMMENT, K.COAUTHOR)
        )
    with count_queries() as many:
        first = manager.get(page).text
    assert len(many) == len(few)
    assert (first.count('id="why-'), "Nothing to it." in first) == (50, False)
    following = re.search(r'href="([^"]*after=[^"]+)"', first)
    assert following is not None
    with count_queries() as next_ones:
        last = manager.get(following[1].replace("&amp;", "&")).text
    assert (last.count('id="why-'), "Nothing to it." in last) == (6, True)
    assert len(next_ones) < len(few)


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
