"""From thirty proposals to a final result: a merge, two conflicts, a tie, an override, an objection upheld, a winner who declines."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.core.rules import Component, SelectionRules
from crowd.core.status import AssignmentStatus, StageKind
from crowd.objections.jobs import settle_results
from crowd.objections.models import Objection
from crowd.organizations.models import Organization
from crowd.proposals.models import Proposal
from crowd.reviews.models import Assignment, Juror
from crowd.store.db import transaction, utc_now
from tests.conftest import AsUser, Drain
from tests.make import (
    JURY,
    VOTE,
    make_account,
    make_call,
    make_juror,
    make_member,
    make_organization,
    make_proposal,
    make_rules,
    move_stages,
    open_all,
    schedule,
)
from tests.selection.test_bundle import bundle, verify
from tests.selection.test_places import decline, settle
from tests.selection.test_publish import publish

STAGES = (
    StageKind.SUBMISSION,
    StageKind.SCREENING,
    StageKind.VOTING,
    StageKind.REVIEW,
    StageKind.SELECTION,
    StageKind.OBJECTION,
    StageKind.RESULTS,
)
LATER = timedelta(days=10)
SUPPORTS = {1: 12, 2: 11, 3: 10, 4: 9, 5: 8, 6: 8, 7: 5}  # of twelve voters; of every other proposal two
LEVELS = {1: (5, 5), 2: (5, 4), 3: (4, 4), 4: (4, 3), 5: (3, 3), 6: (3, 3), 7: (2, 2)}  # else (1, 1)
OUTCOMES = {1: "selected", 2: "selected", 3: "selected", 5: "selected", 7: "selected", 4: "reserve", 6: "reserve"}


class Journey:
    """The call with its people; `clients` of the managers: the first decides everything, the second nothing."""

    def __init__(self, session: Session, as_user: AsUser) -> None:
        self.session, self.as_user = session, as_user
        self.organization: Organization = make_organization()
        self.chief, self.second = (as_user(make_member(self.organization)) for _ in range(2))
        rules = make_rules(
            stages=schedule(StageKind.SCREENING, kinds=STAGES),
            rounds=(replace(VOTE, max_choices=None), replace(JURY, min_reviews=3)),
            selection=SelectionRules(components=(Component("crowd", 40), Component("jury", 60)), places=5),
        )
        self.call: Call = make_call(self.organization, rules)
        self.key = self.call.public_id
        self.leads = [make_account(f"Author {number}") for number in range(1, 31)]
        self.proposals = {n: make_proposal(self.call, lead, title=f"Idea {n}") for n, lead in enumerate(self.leads, 1)}
        self.names = {number: row.public_id for number, row in self.proposals.items()}

    def fresh(self, number: int) -> Proposal:
        self.session.expire_all()
        return self.session.scalars(select(Proposal).where(Proposal.public_id == self.names[number])).one()

    def merge(self) -> None:
        data = {"into": f"#{self.fresh(1).number}", "reason": "Both ask for the same bench."}
        assert self.chief.post(f"/proposals/{self.names[30]}/merge", data=data).status_code == 303

    def vote(self) -> None:
        open_all(self.call, "crowd")
        for voter in range(12):
            chosen = [self.names[n] for n in range(1, 30) if voter < SUPPORTS.get(n, 2)]
            client = self.as_user(make_account(f"Voter {voter}"))
            answer = client.post(f"/calls/{self.key}/vote/cast?round=crowd", data={"support": chosen})
            assert answer.status_code == 303

    def assign(self) -> None:
        page = self.chief.get(f"/calls/{self.key}/reviews/plan?round=jury&each=3").text
        found = re.search(r'name="fingerprint" value="(\w+)"', page)
        assert found is not None
        data = {"each": "3", "fingerprint": found.group(1)}
        assert self.chief.post(f"/calls/{self.key}/reviews/plan?round=jury", data=data).status_code == 303

    def open_work(self, juror: Juror) -> list[tuple[str, int]]:
        """Public id of the assignment and number of the idea."""
        self.session.expire_all()
        rows = self.session.execute(
            select(Assignment.public_id, Proposal.title)
            .join(Proposal, Proposal.id == Assignment.proposal_id)
            .where(Assignment.juror_id == juror.id, Assignment.status == AssignmentStatus.ASSIGNED)
        )
        return [(public_id, int(title.split()[-1])) for public_id, title in rows]

    def review(self, client: FlaskClient, juror: Juror) -> None:
        for assignment, number in self.open_work(juror):
            first, second = LEVELS.get(number, (1, 1))
            data = {"version": "0", "seen": "1", "score_0": str(first), "score_1": str(second), "act": "submit"}
            assert client.post(f"/reviews/{assignment}", data=data).status_code == 303

    def decide(self) -> None:
        for number, name in self.names.items():
            if number == 30:
                continue
            data = {"outcome": OUTCOMES.get(number, "not_selected"), "reason": f"Reason {number}.", "version": "0"}
            assert self.chief.post(f"/proposals/{name}/verdict", data=data).status_code == 303

    def conflicts(
        self, client: FlaskClient, work: list[tuple[str, int]], juror: Juror, theirs: list[tuple[str, int]]
    ) -> None:
        """One reviewer steps back from a proposal, of another the chair notes a conflict."""
        assert client.post(f"/reviews/{work[0][0]}/recuse", data={"reason": "I know the author."}).status_code == 303
        told = {"proposal": self.names[theirs[0][1]], "conflict_reason": "They share an office."}
        page = f"/calls/{self.key}/reviews/jurors/{juror.public_id}/conflict?round=jury"
        assert self.chief.post(page, data=told).status_code == 303

    def object_and_correct(self) -> None:
        """The author of the idea that was passed over objects; whoever decided may not answer; the other manager upholds it."""
        data = {"proposal": self.names[4], "kind": "facts", "text": "The city gives nothing this year."}
        wronged = self.as_user(self.leads[3])
        assert wronged.post(f"/calls/{self.key}/objections/new", data=data).status_code == 303
        objection = self.session.scalars(select(Objection.public_id)).one()
        answer = {"finding": "upheld", "text": "The city has confirmed that it gives nothing."}
        assert self.chief.post(f"/objections/{objection}/answer", data=answer).status_code == 403
        assert self.second.post(f"/objections/{objection}/answer", data=answer).status_code == 303
        right = {"outcome": "selected", "reason": "Its rank.", "note": "An objection was upheld."}
        version = {"version": str(self.fresh(4).version)}
        assert self.second.post(f"/proposals/{self.names[4]}/correction", data=right | version).status_code == 303

    def outcomes(self, client: FlaskClient) -> dict[str, str]:
        rows = client.get(f"/calls/{self.key}/results.json").get_json()["proposals"]
        return {row["title"]: row["outcome"] for row in rows}


@pytest.fixture
def journey(session: Session, as_user: AsUser) -> Journey:
    return Journey(session, as_user)


def test_thirty_proposals_come_to_a_final_result_that_anybody_can_check(
    journey: Journey, client: FlaskClient, as_user: AsUser, session: Session, drain: Drain, tmp_path: Path
) -> None:
    journey.merge()
    move_stages(journey.call, LATER)
    journey.vote()
    move_stages(journey.call, LATER)
    drain()
    jury = open_all(journey.call, "jury")
    jurors = [make_juror(jury, name=f"Juror {number}") for number in range(7)]
    accounts = [session.get_one(Account, juror.account_id) for juror in jurors]
    journey.assign()
    given = {juror.id: journey.open_work(juror) for juror in jurors}
    assert sum(map(len, given.values())) == 3 * 29

    journey.conflicts(as_user(accounts[0]), given[jurors[0].id], jurors[1], given[jurors[1].id])
    journey.assign()
    for juror, account in zip(jurors, accounts, strict=True):
        journey.review(as_user(account), juror)

    move_stages(journey.call, LATER)
    journey.decide()
    justification = {"justification": "Idea 7 uses what the city gives us this year; idea 4 can wait."}
    assert publish(journey.chief, journey.call, **justification).status_code == 303
    drain()
    results = client.get(f"/calls/{journey.key}/results").text
    assert "2 of 7 reviewers stepped back" in results
    assert "2 proposals were equal where the places or the budget end." in results
    assert justification["justification"] in results

    move_stages(journey.call, LATER)
    with transaction() as writing:
        writing.get_one(Call, journey.call.id).results_published_at = utc_now() - timedelta(days=6)
    journey.object_and_correct()
    assert decline(as_user(journey.leads[0]), journey.fresh(1)) == 303
    moved = {"note": "Next in the ranking.", "reason": "It moves up."}
    assert settle(journey.chief, journey.call, journey.fresh(1), journey.fresh(6), **moved) == 303
    move_stages(journey.call, LATER)
    with transaction() as writing:
        writing.get_one(Call, journey.call.id).results_published_at = utc_now() - timedelta(days=16)
    assert settle_results() == 1
    drain()

    found = journey.outcomes(client)
    chosen = {title for title, outcome in found.items() if outcome == "selected"}
    assert chosen == {f"Idea {number}" for number in (2, 3, 4, 5, 6, 7)}
    assert (found["Idea 1"], found["Idea 8"]) == ("declined", "not_selected")
    results = client.get(f"/calls/{journey.key}/results").text
    assert "This result is final." in results
    assert "1 proposal has been corrected since it was published, with a public note." in results
    code, lines = verify(bundle(client, journey.call), tmp_path)
    assert (code, lines[-1]) == (0, "All that can be checked is right.")
    names = journey.names
    told = [line.split("Z: ")[1] for line in lines if line.startswith("Change ")]
    assert told == [
        f"{names[4]}, outcome: reserve → selected. An objection was upheld.",
        f"{names[1]}, declined: selected → declined. We moved to another town.",
        f"{names[6]}, moved_up: reserve → selected in place of {names[1]}. Next in the ranking.",
    ]
    assert "6 selected now; free places: none" in lines
