"""Results by their publicity: page, JSON and CSV hide the same things from the same people."""

import csv
import io
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.core.fields import AnswerKind, CustomField, SeenBy
from crowd.core.rules import ResultsPublicity
from crowd.core.status import ModerationState, Outcome, ProposalStatus, StageKind
from crowd.proposals.models import Proposal
from crowd.store.db import transaction
from tests.conftest import AsUser, CountQueries
from tests.make import make_account, make_call, make_member, make_organization, make_proposal, make_rules
from tests.selection.rows import crowded_call, decided_call, make_tally, make_verdict, open_round
from tests.selection.test_publish import publish

pytestmark = pytest.mark.one_database

KEYS = ["id", "external_id", "title", "cost", "votes", "score", "rank", "outcome", "reason"]
Published = tuple[Call, list[Proposal], Account]


def published(as_user: AsUser, publicity: ResultsPublicity = ResultsPublicity.EVERYTHING) -> Published:
    """Two selected, one reserve, one not selected, one withdrawn, one ineligible that never stood."""
    organization = make_organization()
    manager = make_member(organization)
    call, proposals = decided_call(organization, results_publicity=publicity)
    outcomes = (Outcome.SELECTED, Outcome.SELECTED, Outcome.RESERVE, Outcome.NOT_SELECTED)
    for proposal, outcome in zip(proposals, outcomes, strict=True):
        make_verdict(proposal, outcome, manager, reason=f"Reason of {proposal.title}.")
    gone = make_proposal(call, title="Withdrawn one", status=ProposalStatus.WITHDRAWN)
    make_proposal(call, title="Never public", status=ProposalStatus.INELIGIBLE)
    with transaction() as session:
        session.merge(gone).in_round = True
    assert publish(as_user(manager), call).status_code == 303
    return call, [*proposals, gone], manager


def as_json(client: object, call: Call) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = client.get(f"/calls/{call.public_id}/results.json").get_json()["proposals"]  # type: ignore[attr-defined]
    return rows


def as_csv(client: object, call: Call) -> list[dict[str, str]]:
    text = client.get(f"/calls/{call.public_id}/results.csv").text  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_json_holds_the_contract(session: Session, as_user: AsUser) -> None:
    call, proposals, _ = published(as_user)
    data = as_user(make_account()).get(f"/calls/{call.public_id}/results.json").get_json()
    assert list(data) == ["ballots", "call", "proposals", "rules_sha256"]
    assert (data["call"], data["rules_sha256"], data["ballots"]) == (call.public_id, call.rules_sha256, 4)
    assert all(sorted(row) == sorted(KEYS) for row in data["proposals"])
    assert data["proposals"][2] == {
        "id": proposals[2].public_id,
        "external_id": None,
        "title": "Proposal 3",
        "cost": 300,
        "votes": 2,
        "score": "1/3",
        "rank": 3,
        "outcome": "reserve",
        "reason": "Reason of Proposal 3.",
    }
    assert [row["outcome"] for row in data["proposals"]] == [
        "selected",
        "selected",
        "reserve",
        "not_selected",
        "withdrawn",
    ]


def test_before_publication_there_is_nothing_for_others_and_nothing_known_for_managers(
    session: Session, as_user: AsUser
) -> None:
    organization = make_organization()
    manager = make_member(organization)
    call, proposals = decided_call(organization)
    make_verdict(proposals[0], Outcome.SELECTED, manager)
    for ending in ("", ".json", ".csv", "/record.json"):
        assert as_user(make_account()).get(f"/calls/{call.public_id}/results{ending}").status_code == 404
    data = as_user(manager).get(f"/calls/{call.public_id}/results.json").get_json()
    assert data["ballots"] is None
    known = ("votes", "score", "rank", "outcome", "reason")
    assert [[row[key] for key in known] for row in data["proposals"]] == [[None] * 5] * 4


def test_hidden_counts_leave_every_answer_the_same_byte_for_byte(session: Session, as_user: AsUser) -> None:
    organization = make_organization()
    manager = make_member(organization)
    call = make_call(organization, make_rules(StageKind.VOTING))
    proposals = [make_proposal(call, title=f"Idea {n}") for n in range(3)]
    open_round(call, "crowd", proposals)
    client = as_user(manager)

    def answers() -> list[bytes]:
        return [client.get(f"/calls/{call.public_id}/results{ending}").data for ending in (".json", ".csv")]

    before = answers()
    make_tally(call, "crowd", {proposals[2]: 20, proposals[0]: 3, proposals[1]: 0})
    assert answers() == before


@pytest.mark.parametrize("publicity", list(ResultsPublicity))
def test_strangers_see_of_the_others_what_the_call_says(
    session: Session, as_user: AsUser, publicity: ResultsPublicity
) -> None:
    call, proposals, _ = published(as_user, publicity)
    client = as_user(make_account())
    rows, page = as_json(client, call), client.get(f"/calls/{call.public_id}/results").text
    sheet = as_csv(client, call)
    assert [row["id"] for row in sheet] == [row["id"] for row in rows]
    assert [row["reason"] for row in sheet] == [row["reason"] or "" for row in rows]
    assert rows[0]["reason"] == "Reason of Proposal 1."
    assert "Never public" not in page + str(rows)
    last = [row for row in rows if row["id"] == proposals[3].public_id]
    match publicity:
        case ResultsPublicity.EVERYTHING:
            assert last[0]["reason"] == "Reason of Proposal 4."
            assert "Reason of Proposal 4." in page
        case ResultsPublicity.TITLE_AND_RANK:
            assert {key: value for key, value in last[0].items() if value is not None} == {
                "id": proposals[3].public_id,
                "title": "Proposal 4",
                "rank": 4,
                "outcome": "not_selected",
            }
            assert "Reason of Proposal 4." not in page
        case ResultsPublicity.NUMBERS:
            assert last == []
            assert "Proposal 4" not in page
            assert "Withdrawn one" not in page
            assert "4 proposals are counted only" in page


def test_authors_always_see_their_own(session: Session, as_user: AsUser) -> None:
    call, proposals, _ = published(as_user, ResultsPublicity.NUMBERS)
    author = session.get_one(Account, proposals[3].lead_id)
    client = as_user(author)
    rows = as_json(client, call)
    assert [row["title"] for row in rows] == ["Proposal 1", "Proposal 2", "Proposal 4"]
    assert (rows[2]["reason"], rows[2]["score"], rows[2]["rank"]) == ("Reason of Proposal 4.", "0", 4)
    assert "Reason of Proposal 4." in client.get(f"/calls/{call.public_id}/results").text


def test_the_record_is_handed_out_only_where_everything_is_public(session: Session, as_user: AsUser) -> None:
    open_call, _, _ = published(as_user)
    closed_call, _, manager = published(as_user, ResultsPublicity.TITLE_AND_RANK)
    stranger = as_user(make_account())
    assert stranger.get(f"/calls/{open_call.public_id}/results/record.json").get_json()["format"] == "apertura-result-1"
    assert stranger.get(f"/calls/{closed_call.public_id}/results/record.json").status_code == 404
    assert as_user(manager).get(f"/calls/{closed_call.public_id}/results/record.json").status_code == 200


@pytest.mark.both_databases
def test_what_a_moderator_hid_is_not_listed(session: Session, as_user: AsUser) -> None:
    call, proposals, _ = published(as_user)
    with transaction() as writing:
        hidden = writing.merge(proposals[3])
        hidden.moderation, hidden.hidden_reason = ModerationState.HIDDEN, "Spam."
    client = as_user(make_account())
    assert "Proposal 4" not in [row["title"] for row in as_json(client, call)]
    assert "Proposal 4" not in client.get(f"/calls/{call.public_id}/results").text


def test_a_title_like_a_formula_stays_text_in_the_sheet(session: Session, as_user: AsUser) -> None:
    call, proposals, _ = published(as_user)
    with transaction() as writing:
        writing.merge(proposals[0]).title = "=1+1"
    row = as_csv(as_user(make_account()), call)[0]
    assert (row["title"], row["rank"], row["votes"]) == ("'=1+1", "1", "4")


def test_equal_totals_share_a_rank_and_are_called_tied(session: Session, as_user: AsUser) -> None:
    organization = make_organization()
    manager = make_member(organization)
    rules = replace(
        make_rules(StageKind.SELECTION).selection, places=1, components=(make_rules().selection.components[0],)
    )
    call = make_call(organization, replace(make_rules(StageKind.SELECTION), selection=rules))
    proposals = [make_proposal(call, title=f"Equal {n}") for n in range(3)]
    open_round(call, "crowd", proposals)
    make_tally(call, "crowd", {proposals[0]: 7, proposals[1]: 7, proposals[2]: 1})
    make_verdict(proposals[0], Outcome.SELECTED, manager)
    make_verdict(proposals[1], Outcome.RESERVE, manager)
    make_verdict(proposals[2], Outcome.NOT_SELECTED, manager)
    assert publish(as_user(manager), call).status_code == 303
    client = as_user(make_account())
    assert [row["rank"] for row in as_json(client, call)] == [1, 1, 3]
    assert [row["score"] for row in as_json(client, call)] == ["3/4", "3/4", "0"]
    assert (
        "2 proposals were equal where the places or the budget end"
        in client.get(f"/calls/{call.public_id}/results").text
    )


def test_a_name_from_right_to_left_is_isolated(session: Session, as_user: AsUser) -> None:
    call, proposals, _ = published(as_user)
    with transaction() as writing:
        writing.merge(proposals[0]).title = "גן הקריאה 12)"
    page = as_user(make_account()).get(f"/calls/{call.public_id}/results").text
    assert page.count("<bdi>גן הקריאה 12)</bdi>") >= 2


def test_results_ask_the_same_number_of_questions_however_many_rows(
    session: Session, as_user: AsUser, count_queries: CountQueries
) -> None:
    asked = []
    for count in (1, 3, 300):
        organization = make_organization()
        manager = make_member(organization)
        call = crowded_call(organization, count)
        assert publish(as_user(manager), call, justification="None convinced us.").status_code == 303
        client = as_user(make_account())
        with count_queries() as statements:
            assert client.get(f"/calls/{call.public_id}/results").status_code == 200
        asked.append(len(statements))
    assert asked[0] == asked[1] == asked[2]


def test_the_csv_holds_the_answers_to_public_questions_of_what_one_may_read(session: Session, as_user: AsUser) -> None:
    asked = (
        CustomField("place", AnswerKind.SHORT, "Where?"),
        CustomField("phone", AnswerKind.SHORT, "Telephone", seen_by=SeenBy.ORGANIZERS),
    )
    organization = make_organization()
    call, proposals = decided_call(organization, custom_fields=asked)
    manager = make_member(organization)
    for number, proposal in enumerate(proposals):
        make_verdict(proposal, Outcome.SELECTED if number < 2 else Outcome.NOT_SELECTED, manager, reason="Why.")
        with transaction() as writing:
            writing.merge(proposal).answers = {"place": f"=Place {number}", "phone": "SECRET"}
    assert publish(as_user(manager), call).status_code == 303
    stranger = as_user(make_account())
    rows = as_csv(stranger, call)
    assert list(rows[0]) == [*KEYS, "answer_place"]
    assert {row["answer_place"] for row in rows} == {f"'=Place {number}" for number in range(len(proposals))}
    assert all(sorted(row) == sorted(KEYS) for row in as_json(stranger, call))
