"""Going on to a later round: the list by the rules, reasons for those left out."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.core.rules import Field, FieldKind, Gate, GateKind, LeftOut
from crowd.core.status import Outcome, StageKind
from crowd.proposals.models import Exclusion, Proposal
from crowd.rounds.models import CallRound, Candidate
from crowd.selection.models import RoundLeavingOut, Verdict
from crowd.store.db import transaction, utc_now
from tests.conftest import AsUser
from tests.make import make_account, make_call, make_member, make_organization, make_proposal, make_rules
from tests.selection.rows import make_tally, open_round

pytestmark = pytest.mark.one_database

BEST = Field(FieldKind.BEST, source="crowd", best=2)


def before_the_jury(
    votes: tuple[int, ...] = (9, 5, 5, 1), field: Field = BEST, left_out: LeftOut = LeftOut.WITH_RESULTS
) -> tuple[Call, list[Proposal], Account]:
    """A call whose vote is counted and whose jury round waits for its list."""
    organization = make_organization()
    rules = make_rules(StageKind.REVIEW)
    rounds = (rules.rounds[0], replace(rules.rounds[1], field=field))
    call = make_call(organization, replace(rules, rounds=rounds, left_out=left_out))
    proposals = [make_proposal(call, title=f"Idea {n}") for n in range(1, len(votes) + 1)]
    open_round(call, "crowd", proposals)
    make_tally(call, "crowd", dict(zip(proposals, votes, strict=True)))
    return call, proposals, make_member(organization)


def confirm(as_user: AsUser, manager: Account, call: Call, **data: str) -> tuple[int, str]:
    client = as_user(manager)
    url = f"/calls/{call.public_id}/rounds/jury/field"
    seen = client.get(url).text.split('name="seen"')[1].split('value="')[1].split('"')[0]
    answer = client.post(url, data={"seen": seen, "reason": "{result} Sorry.", "act": "confirm", **data})
    return answer.status_code, answer.text


def candidates(session: Session, call: Call) -> list[int]:
    rows = select(Candidate.proposal_id).join(CallRound).where(CallRound.call_id == call.id, CallRound.key == "jury")
    return sorted(session.scalars(rows))


def statuses(session: Session, proposals: list[Proposal]) -> list[str]:
    session.expire_all()
    return [session.get_one(Proposal, proposal.id).status.value for proposal in proposals]


def test_all_that_are_tied_at_the_last_place_pass(session: Session, as_user: AsUser) -> None:
    call, proposals, manager = before_the_jury()
    page = as_user(manager).get(f"/calls/{call.public_id}/rounds/jury/field").text
    assert "2 proposals are equal there; by the rules all of them pass." in page
    assert confirm(as_user, manager, call)[0] == 303
    assert candidates(session, call) == sorted(proposal.id for proposal in proposals[:3])
    row = session.scalars(select(CallRound).where(CallRound.call_id == call.id, CallRound.key == "jury")).one()
    assert row.opened_at is not None
    assert len(row.candidates_sha256 or "") == 64


@pytest.mark.both_databases
def test_told_with_the_results_nobody_can_tell_who_went_on(session: Session, as_user: AsUser) -> None:
    call, proposals, manager = before_the_jury()
    author = session.get_one(Account, proposals[3].lead_id)
    assert confirm(as_user, manager, call)[0] == 303
    assert statuses(session, proposals) == ["eligible"] * 4
    assert session.get_one(Proposal, proposals[3].id).outcome_reason == ""
    verdict = session.scalars(select(Verdict)).one()
    assert (verdict.proposal_id, verdict.outcome, verdict.reason_code) == (
        proposals[3].id,
        Outcome.NOT_SELECTED,
        "left_out",
    )
    reason = "It came to rank 4 in “Public vote” with 1 vote or point. Sorry."
    assert verdict.reason == reason
    assert session.scalars(select(RoundLeavingOut.reason)).all() == [reason]
    assert "Sorry." not in as_user(author).get(f"/proposals/{proposals[3].public_id}").text


def test_told_at_once_the_others_get_status_and_reason(session: Session, as_user: AsUser) -> None:
    call, proposals, manager = before_the_jury(left_out=LeftOut.NOW)
    own = {f"own-{proposals[3].public_id}": "Too few of us wanted it."}
    assert confirm(as_user, manager, call, **own)[0] == 303
    assert statuses(session, proposals) == ["shortlisted"] * 3 + ["not_advanced"]
    assert session.get_one(Proposal, proposals[3].id).outcome_reason == "Too few of us wanted it."
    assert session.scalars(select(Verdict)).all() == []


def test_gates_say_which_one_failed(session: Session, as_user: AsUser) -> None:
    gates = Field(FieldKind.GATES, gates=(Gate(GateKind.LEAST_SUPPORTS, "crowd", "5"),))
    call, proposals, manager = before_the_jury(field=gates, left_out=LeftOut.NOW)
    assert confirm(as_user, manager, call)[0] == 303
    assert statuses(session, proposals) == ["shortlisted"] * 3 + ["not_advanced"]
    left = session.get_one(Proposal, proposals[3].id)
    assert left.outcome_reason == "It did not reach at least 5 supports (it has 1). Sorry."


def test_a_second_confirmation_changes_nothing(session: Session, as_user: AsUser) -> None:
    call, _, manager = before_the_jury(left_out=LeftOut.NOW)
    client, url = as_user(manager), f"/calls/{call.public_id}/rounds/jury/field"
    seen = client.get(url).text.split('name="seen"')[1].split('value="')[1].split('"')[0]
    data = {"seen": seen, "reason": "Sorry.", "act": "confirm"}
    assert client.post(url, data=data).status_code == 303
    before = candidates(session, call)
    assert client.post(url, data=data).status_code == 409
    assert candidates(session, call) == before


@pytest.mark.both_databases
def test_filling_the_text_in_confirms_nothing(session: Session, as_user: AsUser) -> None:
    call, _, manager = before_the_jury()
    status, page = confirm(as_user, manager, call, act="show")
    assert status == 200
    assert "It came to rank 4 in “Public vote” with 1 vote or point. Sorry." in page
    assert candidates(session, call) == []


def test_a_list_that_changed_meanwhile_is_shown_again(session: Session, as_user: AsUser) -> None:
    call, proposals, manager = before_the_jury()
    status, page = confirm(as_user, manager, call, seen=proposals[2].public_id)
    assert status == 409
    assert "The list changed while you were looking" in page
    assert candidates(session, call) == []


def test_without_a_reason_nobody_is_left_out(session: Session, as_user: AsUser) -> None:
    call, _, manager = before_the_jury()
    assert confirm(as_user, manager, call, reason="")[0] == 422
    assert confirm(as_user, manager, call, reason="{mood}")[0] == 422
    assert candidates(session, call) == []


def test_before_the_count_the_list_cannot_be_confirmed(session: Session, as_user: AsUser) -> None:
    organization = make_organization()
    manager = make_member(organization)
    rules = make_rules(StageKind.VOTING)
    call = make_call(organization, replace(rules, rounds=(rules.rounds[0], replace(rules.rounds[1], field=BEST))))
    open_round(call, "crowd", [make_proposal(call)])
    status, page = confirm(as_user, manager, call)
    assert status == 409
    assert "is not over and counted yet" in page


@pytest.mark.parametrize("place", [0, 3])
def test_who_has_a_stake_in_the_list_leaves_it_to_somebody_else(session: Session, as_user: AsUser, place: int) -> None:
    call, proposals, manager = before_the_jury()
    with transaction() as writing:
        writing.add(Exclusion(proposal_id=proposals[place].id, account_id=manager.id, at=utc_now()))
    assert confirm(as_user, manager, call)[0] == 403
    assert candidates(session, call) == []


def test_a_stranger_neither_sees_nor_confirms_the_list(session: Session, as_user: AsUser) -> None:
    call, _, _ = before_the_jury()
    client, url = as_user(make_account()), f"/calls/{call.public_id}/rounds/jury/field"
    assert client.get(url).status_code == 403
    assert client.post(url, data={"reason": "Sorry.", "act": "confirm"}).status_code == 403
