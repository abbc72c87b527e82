"""The decision room and its verdicts, as managers use it."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.core.events import EventKind
from crowd.core.rules import SelectionRules
from crowd.core.status import Outcome, ProposalStatus, StageKind
from crowd.proposals.models import Exclusion
from crowd.selection.models import Verdict
from crowd.store.db import transaction, utc_now
from crowd.store.models import Event
from crowd.voting.models import Tally
from tests.conftest import AsUser, CountQueries
from tests.make import make_account, make_call, make_member, make_organization, make_proposal, make_rules
from tests.selection.rows import crowded_call, decided_call, make_ballots, make_verdict, open_round

pytestmark = pytest.mark.one_database


def verdict_of(session: Session, proposal_id: int) -> Verdict | None:
    return session.scalar(select(Verdict).where(Verdict.proposal_id == proposal_id))


def test_the_table_shows_rank_components_and_the_exact_sum(session: Session, as_user: AsUser) -> None:
    organization = make_organization()
    manager = make_member(organization)
    call, _ = decided_call(organization)
    page = as_user(manager).get(f"/calls/{call.public_id}/decisions").get_data(as_text=True)
    assert "beats 3 of 3 others: 3 / 3 = 1; weight 40: 2/5" in page
    assert "beats 1 of 3 others: 1 / 3 = 1/3; weight 60: 1/5" in page
    assert "Exactly 1/3" in page
    assert page.count("data-cut") == 1


def test_outsiders_do_not_learn_that_there_is_a_room(session: Session, as_user: AsUser) -> None:
    call, proposals = decided_call()
    client = as_user(make_account())
    assert client.get(f"/calls/{call.public_id}/decisions").status_code == 403
    assert client.get(f"/proposals/{proposals[0].public_id}/verdict").status_code == 403
    assert client.post(f"/calls/{call.public_id}/decisions", data={"which": "above"}).status_code == 403


def test_a_verdict_without_a_reason_is_refused_and_keeps_the_letter(session: Session, as_user: AsUser) -> None:
    organization = make_organization()
    manager = make_member(organization)
    _, proposals = decided_call(organization)
    data = {"outcome": "selected", "reason": "", "letter": "Come and see us.", "version": "0"}
    answer = as_user(manager).post(f"/proposals/{proposals[0].public_id}/verdict", data=data)
    assert answer.status_code == 422
    assert "Come and see us." in answer.get_data(as_text=True)
    assert verdict_of(session, proposals[0].id) is None


def test_merge_fields_are_filled_when_the_verdict_is_saved(session: Session, as_user: AsUser) -> None:
    organization = make_organization()
    manager = make_member(organization)
    _, proposals = decided_call(organization)
    data = {"outcome": "selected", "reason": "{place} {crowd} {strong}", "version": "0"}
    answer = as_user(manager).post(f"/proposals/{proposals[0].public_id}/verdict", data=data)
    assert answer.status_code == 303
    verdict = verdict_of(session, proposals[0].id)
    assert verdict is not None
    assert verdict.reason == (
        "Ranked 1 of 4. 4 of 4 voters supported it. "
        "Strongest beside the others: Benefit (5.00; mean of all 3.50) and Feasibility (5.00; mean of all 3.50)."
    )


def test_an_unknown_field_is_named(session: Session, as_user: AsUser) -> None:
    organization = make_organization()
    manager = make_member(organization)
    _, proposals = decided_call(organization)
    url = f"/proposals/{proposals[0].public_id}/verdict"
    client = as_user(manager)
    wrong = client.post(url, data={"outcome": "selected", "reason": "{mood}", "version": "0"})
    assert wrong.status_code == 422
    assert "There is no such field: {mood}" in wrong.get_data(as_text=True)
    private = client.post(url, data={"outcome": "selected", "reason": "{comments}", "version": "0"})
    assert private.status_code == 422
    assert verdict_of(session, proposals[0].id) is None


def test_an_unknown_field_for_many_is_refused_and_kept(session: Session, as_user: AsUser) -> None:
    organization = make_organization()
    manager = make_member(organization)
    call, proposals = decided_call(organization)
    data = {"which": "below", "outcome": "not_selected", "reason": "Sorry. {mood}"}
    answer = as_user(manager).post(f"/calls/{call.public_id}/decisions", data=data)
    assert answer.status_code == 422
    assert "Sorry. {mood}" in answer.text
    assert verdict_of(session, proposals[3].id) is None


def test_a_verdict_saved_meanwhile_is_shown_beside_ones_own(session: Session, as_user: AsUser) -> None:
    organization = make_organization()
    manager, other = make_member(organization), make_member(organization)
    _, proposals = decided_call(organization)
    make_verdict(proposals[0], Outcome.RESERVE, other, reason="Second best for us.")
    data = {"outcome": "selected", "reason": "The best of all.", "version": "0"}
    answer = as_user(manager).post(f"/proposals/{proposals[0].public_id}/verdict", data=data)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Second best for us." in page
    assert "The best of all." in page
    again = as_user(manager).post(f"/proposals/{proposals[0].public_id}/verdict", data={**data, "version": "1"})
    assert again.status_code == 303
    session.expire_all()
    verdict = verdict_of(session, proposals[0].id)
    assert verdict is not None
    assert (verdict.outcome, verdict.reason, verdict.version) == (Outcome.SELECTED, "The best of all.", 2)


def test_all_below_the_line_get_one_text_with_their_own_numbers(session: Session, as_user: AsUser) -> None:
    organization = make_organization()
    manager = make_member(organization)
    call, proposals = decided_call(organization)
    data = {"which": "below", "outcome": "not_selected", "reason": "Ranked {rank}."}
    answer = as_user(manager).post(f"/calls/{call.public_id}/decisions", data=data)
    assert answer.status_code == 303
    reasons = [verdict.reason if (verdict := verdict_of(session, p.id)) else None for p in proposals]
    assert reasons == [None, None, "Ranked 3.", "Ranked 4."]
    session.refresh(proposals[3])
    assert proposals[3].status is ProposalStatus.ELIGIBLE


def test_somebody_with_a_stake_decides_neither_alone_nor_in_bulk(session: Session, as_user: AsUser) -> None:
    organization = make_organization()
    manager = make_member(organization)
    call, proposals = decided_call(organization)
    with transaction() as writing:
        writing.add(Exclusion(proposal_id=proposals[0].id, account_id=manager.id, at=utc_now()))
    client = as_user(manager)
    alone = client.post(
        f"/proposals/{proposals[0].public_id}/verdict",
        data={"outcome": "selected", "reason": "Mine is best.", "version": "0"},
    )
    assert alone.status_code == 403
    bulk = client.post(
        f"/calls/{call.public_id}/decisions", data={"which": "above", "outcome": "selected", "reason": "Good."}
    )
    assert bulk.status_code == 303
    assert verdict_of(session, proposals[0].id) is None
    assert verdict_of(session, proposals[1].id) is not None
    assert "You have a stake in this proposal" in client.get(f"/calls/{call.public_id}/decisions").text


def test_every_verdict_leaves_a_trace_without_its_text(session: Session, as_user: AsUser) -> None:
    organization = make_organization()
    manager = make_member(organization)
    _, proposals = decided_call(organization)
    data = {"outcome": "reserve", "reason": "A secret of ours.", "version": "0"}
    as_user(manager).post(f"/proposals/{proposals[0].public_id}/verdict", data=data)
    event = session.scalars(select(Event).where(Event.kind == EventKind.VERDICT_SET)).one()
    assert (event.actor_id, event.proposal_id, event.source, event.target) == (
        manager.id,
        proposals[0].id,
        None,
        "reserve",
    )
    assert event.reason is None


@pytest.mark.both_databases
def test_the_room_asks_the_same_number_of_questions_however_many_rows(
    session: Session, as_user: AsUser, count_queries: CountQueries
) -> None:
    asked = []
    for count in (1, 3, 300):
        organization = make_organization()
        client = as_user(make_member(organization))
        call = crowded_call(organization, count)
        with count_queries() as statements:
            page = client.get(f"/calls/{call.public_id}/decisions").text
        assert page.count('name="pick"') == count
        asked.append(len(statements))
    assert asked[0] == asked[1] == asked[2]


def test_who_withdraws_after_the_count_is_left_out_of_it(session: Session, as_user: AsUser) -> None:
    organization = make_organization()
    manager = make_member(organization)
    rules = make_rules(StageKind.SELECTION)
    crowd_only = SelectionRules(components=rules.selection.components[:1], places=1)
    call = make_call(organization, replace(rules, selection=crowd_only))
    first, second, third = [make_proposal(call, title=f"Idea {n}") for n in range(3)]
    open_round(call, "crowd", [first, second, third])
    make_ballots(call, "crowd", [[first, second], [first], [first, third], [third], [third]])
    client, url = as_user(manager), f"/calls/{call.public_id}/decisions"
    assert "beats 1 and ties with 1 of 2 others" in client.get(url).text
    with transaction() as writing:
        writing.merge(first).status = ProposalStatus.WITHDRAWN
    page = client.get(url).text
    assert "Idea 0" not in page
    assert "beats 1 of 1 others" in page
    tallies = session.scalars(select(Tally).order_by(Tally.id)).all()
    assert [json.loads(tally.result)["without"] for tally in tallies] == [[], [first.public_id]]
    client.get(url)
    assert len(session.scalars(select(Tally)).all()) == 2
