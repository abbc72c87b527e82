"""Merging duplicates: one goes on for both, nobody counts twice, nobody is named unasked, and it can be undone."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.core.bundle import canonical_line
from crowd.core.credit import OwnRole
from crowd.core.ledger import leaf_hash
from crowd.core.status import MemberStatus, OrganizationRole, ProposalStatus, StageKind
from crowd.mailing.models import Mail
from crowd.organizations.models import Organization
from crowd.proposals.models import Contribution, Exclusion, Merge, Proposal, TeamMember
from crowd.rounds.models import Candidate
from crowd.store.db import transaction, utc_now
from crowd.store.search import index_text
from crowd.voting.models import Ballot, Leaf
from tests.conftest import AsUser, Drain
from tests.make import (
    VOTE,
    make_account,
    make_call,
    make_member,
    make_organization,
    make_proposal,
    make_rules,
    move_stages,
    open_all,
)

pytestmark = pytest.mark.one_database

REASON = "Both ask for the same bench."


def two(stage: StageKind = StageKind.SCREENING, *, secret: bool = False) -> tuple[Organization, Call, Account]:
    organization = make_organization()
    rules = make_rules(stage)
    vote = replace(VOTE, secret=secret)
    call = make_call(organization, replace(rules, rounds=(vote, rules.rounds[1])))
    return organization, call, make_member(organization, OrganizationRole.MANAGER)


def merge(client: FlaskClient, source: Proposal, target: Proposal, reason: str = REASON) -> TestResponse:
    into = f"#{target.number}"
    return client.post(f"/proposals/{source.public_id}/merge", data={"into": into, "reason": reason})


def undo(client: FlaskClient, source: Proposal) -> TestResponse:
    return client.post(f"/proposals/{source.public_id}/merge/undo")


def fresh(session: Session, proposal: Proposal) -> Proposal:
    session.expire_all()
    return session.get_one(Proposal, proposal.id)


def team(session: Session, proposal: Proposal) -> list[tuple[str, str, int, int | None]]:
    session.expire_all()
    rows = session.scalars(select(TeamMember).where(TeamMember.proposal_id == proposal.id).order_by(TeamMember.id))
    return [(row.name, row.status.value, row.share, row.asked_share) for row in rows]


@pytest.mark.both_databases
def test_the_merged_page_points_to_the_other_which_names_what_it_took_in(
    session: Session, as_user: AsUser, client: FlaskClient
) -> None:
    _, call, manager = two()
    target = make_proposal(call, title="A round bench")
    source = make_proposal(call, title="A bench that is round")
    assert merge(as_user(manager), source, target).location == f"/proposals/{target.public_id}"
    pointer = client.get(f"/proposals/{source.public_id}").text
    assert "Merged into another proposal" in pointer
    assert f'href="/proposals/{target.public_id}"' in pointer
    assert REASON in pointer
    page = client.get(f"/proposals/{target.public_id}").text
    assert "Merged into this one" in page
    assert f'href="/proposals/{source.public_id}"' in page


def test_authors_are_asked_to_join_and_named_only_once_they_accept(session: Session, as_user: AsUser) -> None:
    _, call, manager = two()
    ana, iris = make_account("Ana"), make_account("Iris")
    target, source = make_proposal(call, ana), make_proposal(call, iris)
    merge(as_user(manager), source, target)
    assert team(session, target) == [("Ana", "accepted", 10_000, 5_000), ("Iris", "pending", 0, 5_000)]
    assert "Iris" not in as_user(make_account("Anybody")).get(f"/proposals/{target.public_id}").text
    assert as_user(iris).post(
        f"/team/my-{target.public_id}/accept", data={"terms": "5000:conceptualization"}
    ).status_code in {302, 303}
    as_user(ana).post(f"/proposals/{target.public_id}/team/agree", data={"terms": "5000:conceptualization"})
    assert team(session, target) == [("Ana", "accepted", 5_000, None), ("Iris", "accepted", 5_000, None)]
    assert "Iris" in as_user(make_account("Anybody")).get(f"/proposals/{target.public_id}").text


def test_both_teams_are_told_with_the_reason(session: Session, as_user: AsUser, drain: Drain) -> None:
    _, call, manager = two()
    ana, iris = make_account("Ana"), make_account("Iris")
    target, source = make_proposal(call, ana, title="Bench one"), make_proposal(call, iris, title="Bench two")
    merge(as_user(manager), source, target)
    drain()
    rows = session.execute(select(Mail.kind, Mail.to_email, Mail.subject, Mail.text).order_by(Mail.kind, Mail.id)).all()
    told = {(row.kind, row.to_email): row for row in rows}
    assert told[("merged", iris.email)].subject == "“Bench two” and “Bench one” are merged"
    assert told[("merged", ana.email)].subject == "“Bench one” and “Bench two” are merged"
    assert REASON in told[("merged", iris.email)].text
    assert ("team_invitation", iris.email) in told


def test_merging_wants_a_reason_another_proposal_and_nobody_with_a_stake(session: Session, as_user: AsUser) -> None:
    _, call, manager = two()
    target, source = make_proposal(call), make_proposal(call)
    client = as_user(manager)
    assert merge(client, source, target, reason=" ").status_code == 422
    assert "Name another proposal of this call." in merge(client, source, source).text
    other = make_proposal(make_call())
    answer = client.post(f"/proposals/{source.public_id}/merge", data={"into": other.public_id, "reason": REASON})
    assert "There is no such proposal in this call." in answer.text
    with transaction() as writing:
        writing.add(Exclusion(proposal_id=target.id, account_id=manager.id, at=utc_now()))
    assert merge(client, source, target).status_code == 403
    assert merge(as_user(make_account("Stranger")), source, target).status_code == 403
    assert fresh(session, source).status is ProposalStatus.ELIGIBLE


@pytest.mark.both_databases
def test_a_conflict_with_one_becomes_a_conflict_with_the_other(session: Session, as_user: AsUser) -> None:
    organization, call, manager = two()
    other = make_member(organization)
    target, source = make_proposal(call), make_proposal(call)
    with transaction() as writing:
        writing.add(Exclusion(proposal_id=source.id, account_id=other.id, at=utc_now()))
    merge(as_user(manager), source, target)
    conflicts = select(Exclusion.account_id).where(Exclusion.proposal_id == target.id)
    assert session.scalars(conflicts).all() == [other.id]
    undo(as_user(manager), source)
    assert session.scalars(conflicts).all() == []


@pytest.mark.both_databases
def test_undoing_gives_back_status_team_shares_and_count(session: Session, as_user: AsUser) -> None:
    _, call, manager = two()
    ana, iris = make_account("Ana"), make_account("Iris")
    target, source = make_proposal(call, ana), make_proposal(call, iris, status=ProposalStatus.SUBMITTED)
    client = as_user(manager)
    merge(client, source, target)
    assert fresh(session, source).status is ProposalStatus.MERGED
    assert session.get_one(Call, call.id).proposals_count == 1
    as_user(iris).post(f"/team/my-{target.public_id}/accept", data={"terms": "5000:conceptualization"})
    assert undo(client, source).location == f"/proposals/{source.public_id}"
    back = fresh(session, source)
    assert (back.status, back.merged_into_id, back.outcome_reason) == (ProposalStatus.SUBMITTED, None, "")
    assert session.get_one(Call, call.id).proposals_count == 2
    assert team(session, target) == [("Ana", "accepted", 10_000, None), ("Iris", "removed", 0, None)]
    assert undo(client, source).status_code == 409


def test_it_cannot_be_undone_once_the_next_stage_has_begun(session: Session, as_user: AsUser) -> None:
    _, call, manager = two()
    target, source = make_proposal(call), make_proposal(call)
    client = as_user(manager)
    merge(client, source, target)
    move_stages(call, timedelta(days=10))
    later = utc_now() - timedelta(days=9)
    with transaction() as writing:
        for row in writing.scalars(select(Merge)):
            row.at = later
    assert undo(client, source).status_code == 409
    assert fresh(session, source).status is ProposalStatus.MERGED


def cast(client: FlaskClient, call: Call, *chosen: Proposal) -> None:
    data = {"support": [proposal.public_id for proposal in chosen]}
    answer = client.post(f"/calls/{call.public_id}/vote/cast?round=crowd", data=data)
    assert answer.status_code == 303


def approvals(session: Session) -> list[list[str]]:
    session.expire_all()
    return sorted(json.loads(text)["approve"] for text in session.scalars(select(Ballot.choices)) if text)


@pytest.mark.both_databases
def test_votes_of_an_open_ballot_move_once_per_voter_and_back(session: Session, as_user: AsUser, drain: Drain) -> None:
    _, call, manager = two(StageKind.VOTING)
    target, source, third = (make_proposal(call, title=title) for title in ("One", "Two", "Three"))
    open_all(call)
    both, only, none = (make_account(name) for name in ("Both", "Only", "None"))
    cast(as_user(both), call, target, source)
    cast(as_user(only), call, source, third)
    cast(as_user(none), call, third)
    before = approvals(session)
    assert merge(as_user(manager), source, target).status_code == 303
    keys = sorted([target.public_id, third.public_id])
    assert approvals(session) == sorted([[target.public_id], keys, [third.public_id]])
    for ballot in session.scalars(select(Ballot)):
        leaf = session.get_one(Leaf, (ballot.round_id, ballot.leaf))
        said = json.loads(leaf.data)
        assert said["approve"] == json.loads(ballot.choices or "")["approve"]
        assert leaf_hash(canonical_line(said)).hex() == ballot.leaf
    drain()
    told = session.scalars(select(Mail.to_email).where(Mail.kind == "votes_moved").order_by(Mail.to_email)).all()
    assert told == sorted([both.email, only.email])
    candidate = select(Candidate.struck_at).where(Candidate.proposal_id == source.id)
    assert session.scalar(candidate) is not None
    undo(as_user(manager), source)
    assert approvals(session) == before
    assert session.scalar(candidate) is None


def test_undoing_leaves_a_ballot_as_its_voter_changed_it_since(session: Session, as_user: AsUser) -> None:
    _, call, manager = two(StageKind.VOTING)
    target, source, third = (make_proposal(call, title=title) for title in ("One", "Two", "Three"))
    open_all(call)
    voter = make_account("Voter")
    cast(as_user(voter), call, source)
    merge(as_user(manager), source, target)
    cast(as_user(voter), call, third)
    undo(as_user(manager), source)
    assert approvals(session) == [[third.public_id]]


def test_a_secret_vote_that_is_open_refuses_merging_in_words(session: Session, as_user: AsUser) -> None:
    _, call, manager = two(StageKind.VOTING, secret=True)
    target, source = make_proposal(call), make_proposal(call)
    open_all(call)
    answer = merge(as_user(manager), source, target)
    assert (answer.status_code, "nobody can touch its ballots" in answer.text) == (422, True)
    assert fresh(session, source).status is ProposalStatus.ELIGIBLE
    assert team(session, target) == team(session, target)[:1]


def test_after_the_vote_merging_is_refused(session: Session, as_user: AsUser) -> None:
    _, call, manager = two(StageKind.VOTING)
    target, source = make_proposal(call), make_proposal(call)
    open_all(call)
    move_stages(call, timedelta(days=10))
    answer = merge(as_user(manager), source, target)
    assert (answer.status_code, "its ballots stay as they were cast" in answer.text) == (422, True)
    assert fresh(session, source).status is ProposalStatus.ELIGIBLE


def test_the_other_has_to_stand_where_the_merged_one_stands(session: Session, as_user: AsUser) -> None:
    _, call, manager = two(StageKind.VOTING)
    source = make_proposal(call)
    open_all(call)
    late = make_proposal(call)
    answer = merge(as_user(manager), source, late)
    assert (answer.status_code, "would lose its place there" in answer.text) == (422, True)
    assert fresh(session, source).status is ProposalStatus.ELIGIBLE


def test_a_merged_proposal_is_neither_edited_commented_withdrawn_nor_screened(
    as_user: AsUser, session: Session
) -> None:
    _, call, manager = two()
    iris = make_account("Iris")
    target, source = make_proposal(call), make_proposal(call, iris)
    merge(as_user(manager), source, target)
    author = as_user(iris)
    assert author.post(f"/proposals/{source.public_id}/withdraw", data={}).status_code == 403
    assert author.get(f"/proposals/{source.public_id}/edit").status_code == 403
    assert "This proposal was merged into another: write there." in author.get(f"/proposals/{source.public_id}").text
    version = str(fresh(session, source).version)
    answer = as_user(manager).post(
        f"/proposals/{source.public_id}/screen", data={"outcome": "eligible", "version": version}
    )
    assert answer.status_code == 409


def test_lists_search_export_and_results_say_merged(session: Session, as_user: AsUser, client: FlaskClient) -> None:
    _, call, manager = two()
    target, source = make_proposal(call, title="Round bench"), make_proposal(call, title="Zephyr seat")
    staff = as_user(manager)
    merge(staff, source, target)
    with transaction() as writing:
        index_text(writing, "proposal", source.id, "Zephyr seat", "", within=call.id)
    assert "Merged" in client.get(f"/calls/{call.public_id}/proposals?status=merged").text
    assert "Zephyr seat" in client.get(f"/calls/{call.public_id}/proposals?q=zephyr").text
    with transaction() as writing:
        writing.get_one(Call, call.id).results_published_at = utc_now()
    lines = {
        line["title"]: line for line in client.get(f"/calls/{call.public_id}/results.json").get_json()["proposals"]
    }
    assert (lines["Zephyr seat"]["outcome"], lines["Zephyr seat"]["reason"]) == ("merged", REASON)
    assert "1 was merged into another." in client.get(f"/calls/{call.public_id}/results").text


def test_who_wrote_both_is_in_the_team_once(session: Session, as_user: AsUser) -> None:
    _, call, manager = two()
    ana = make_account("Ana")
    target, source = make_proposal(call, ana), make_proposal(call, ana)
    merge(as_user(manager), source, target)
    assert team(session, target) == [("Ana", "accepted", 10_000, None)]


def test_a_merge_stays_merged_while_the_other_is_merged_itself(session: Session, as_user: AsUser) -> None:
    _, call, manager = two()
    first, second, third = (make_proposal(call, title=title) for title in ("One", "Two", "Three"))
    client = as_user(manager)
    merge(client, first, second)
    merge(client, second, third)
    assert f'href="/proposals/{third.public_id}"' in client.get(f"/proposals/{first.public_id}").text
    assert undo(client, first).status_code == 409
    assert [undo(client, second).status_code, undo(client, first).status_code] == [303, 303]
    assert {fresh(session, p).status for p in (first, second, third)} == {ProposalStatus.ELIGIBLE}


def test_someone_who_had_declined_is_asked_again_and_stands_as_before_after_undoing(
    session: Session, as_user: AsUser
) -> None:
    _, call, manager = two()
    ana, iris = make_account("Ana"), make_account("Iris")
    target, source = make_proposal(call, ana), make_proposal(call, iris)
    with transaction() as writing:
        writing.add(
            TeamMember(
                proposal_id=target.id,
                account_id=iris.id,
                name="Iris",
                email=iris.email,
                email_folded=iris.email_folded,
                share=0,
                status=MemberStatus.DECLINED,
            )
        )
    merge(as_user(manager), source, target)
    assert [row[1] for row in team(session, target)] == ["accepted", "pending"]
    undo(as_user(manager), source)
    assert team(session, target) == [("Ana", "accepted", 10_000, None), ("Iris", "declined", 0, None)]


def test_comments_that_are_credited_go_along_and_come_back(session: Session, as_user: AsUser) -> None:
    _, call, manager = two()
    target, source, writer = make_proposal(call), make_proposal(call), make_account("Noa")
    with transaction() as writing:
        writing.add(Contribution(proposal_id=source.id, account_id=writer.id, role=OwnRole.IDEA, marked_at=utc_now()))
    merge(as_user(manager), source, target)
    session.expire_all()
    assert session.scalars(select(Contribution.proposal_id)).all() == [target.id]
    undo(as_user(manager), source)
    session.expire_all()
    assert session.scalars(select(Contribution.proposal_id)).all() == [source.id]
