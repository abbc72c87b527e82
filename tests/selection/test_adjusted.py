"""A call whose rules compare its jury by adjusted scores, from the editor to the bundle."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.core.rules import Component, SelectionRules, from_data
from crowd.core.status import CallStatus, Outcome, StageKind
from crowd.proposals.models import Proposal
from tests.conftest import AsUser
from tests.filling import fields_of
from tests.make import JURY, VOTE, make_account, make_call, make_member, make_organization, make_proposal, make_rules
from tests.selection.rows import make_juror, make_review, make_verdict, open_round
from tests.selection.test_bundle import bundle, changed, verify, wrong
from tests.selection.test_publish import publish

pytestmark = pytest.mark.one_database

BY_JURY = SelectionRules(components=(Component("jury", 100, adjusted=True),), places=1)
ENOUGH = replace(JURY, min_reviews=2)
MET = {"Lenient": (0, 1, 2), "Middle": (0, 1, 2, 3), "Other": (0, 2, 3), "Strict": (1, 3)}
"""Which proposals each reviewer read: the first one never met the strict one."""
LENIENCY = {"Lenient": 2, "Middle": 0, "Other": 0, "Strict": -2}
QUALITY = (2, 3, 1, 2)


def scored_call(met: dict[str, tuple[int, ...]] = MET) -> tuple[Call, list[Proposal], Account]:
    """Four proposals, of which the second is the best; its reviewers are stricter than those of the first."""
    organization = make_organization()
    call = make_call(organization, make_rules(StageKind.SELECTION, rounds=(VOTE, ENOUGH), selection=BY_JURY))
    proposals = [make_proposal(call, title=f"Proposal {n}") for n in range(1, 5)]
    open_round(call, "jury", proposals)
    for name, places in met.items():
        juror = make_juror(call, "jury", make_account(name))
        for place in places:
            mark = min(5, max(0, QUALITY[place] + LENIENCY.get(name, 0)))
            make_review(juror, proposals[place], {"benefit": mark, "feasible": mark})
    return call, proposals, make_member(organization)


def published(as_user: AsUser, met: dict[str, tuple[int, ...]] = MET) -> tuple[Call, list[Proposal]]:
    call, proposals, manager = scored_call(met)
    for place, proposal in enumerate(proposals):
        outcome = Outcome.SELECTED if place == 1 else Outcome.NOT_SELECTED
        make_verdict(proposal, outcome, manager, reason="For this reason.")
    assert publish(as_user(manager), call).status_code == 303
    return call, proposals


def test_the_best_by_adjusted_score_is_proposed_and_both_numbers_are_shown(
    session: Session, as_user: AsUser, client: FlaskClient
) -> None:
    call, _, manager = scored_call()
    page = as_user(manager).get(f"/calls/{call.public_id}/decisions").text
    assert page.index("Proposal 2") < page.index("Proposal 1")
    assert "(raw 3)" in page
    assert "±" in page
    told = client.get(f"/calls/{call.public_id}").text
    assert "Proposals are compared by adjusted scores, with three decimals" in told


def test_the_bundle_holds_them_and_its_script_takes_them_as_given(
    session: Session, as_user: AsUser, client: FlaskClient, tmp_path: Path
) -> None:
    call, proposals = published(as_user)
    files = bundle(client, call)
    kept = next(entry for entry in json.loads(files["basis.json"])["rounds"] if entry["key"] == "jury")["adjusted"]
    assert sorted(kept) == sorted(row.public_id for row in proposals)
    best = kept[proposals[1].public_id]
    assert (sorted(best), best["raw"], len(best["score"]), len(best["standard_error"])) == (
        ["raw", "score", "standard_error"],
        "3",
        5,
        5,
    )
    code, lines = verify(files, tmp_path)
    assert (code, wrong(lines)) == (0, [])
    assert "jury: compared by adjusted scores, taken as given." in lines
    page = client.get(f"/calls/{call.public_id}/results").text
    assert "What counts is the adjusted score" in page
    assert f"{best['score']} ± {best['standard_error']} (raw 3)" in page


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [("score", "0.001", "value: '"), ("standard_error", "0.001", "standard_error: '"), ("raw", "4", "raw mean, ")],
)
def test_a_changed_one_is_named(
    session: Session, as_user: AsUser, client: FlaskClient, tmp_path: Path, name: str, value: str, told: str
) -> None:
    call, proposals = published(as_user)

    def change(basis: Any) -> None:
        entry = next(entry for entry in basis["rounds"] if entry["key"] == "jury")
        entry["adjusted"][proposals[1].public_id][name] = value

    code, lines = verify(changed(bundle(client, call), "basis.json", change), tmp_path)
    assert code == 1
    assert told in "\n".join(wrong(lines))


def test_where_there_is_not_enough_to_adjust_raw_means_decide_and_everybody_reads_it(
    session: Session, as_user: AsUser, client: FlaskClient, tmp_path: Path
) -> None:
    call, _ = published(as_user, {f"Reviewer {number}": (number // 2,) for number in range(8)})
    code, lines = verify(bundle(client, call), tmp_path)
    assert (code, wrong(lines)) == (0, [])
    assert "jury: compared by raw means: not enough to adjust." in lines
    assert "there were not enough reviews to adjust" in client.get(f"/calls/{call.public_id}/results").text


def test_the_editor_asks_it_of_juries_alone_and_wants_two_reviews(session: Session, as_user: AsUser) -> None:
    organization = make_organization()
    rules = make_rules(StageKind.SUBMISSION, rounds=(VOTE, replace(JURY, min_reviews=1)))
    call = make_call(organization, rules, status=CallStatus.DRAFT)
    client, page = as_user(make_member(organization)), f"/calls/{call.public_id}/edit/deciding"
    values = fields_of(client.get(page).text)
    assert "weight-crowd-adjusted" not in client.get(page).text
    client.post(page, data=values | {"weight-jury-adjusted": "y", "weight-crowd-adjusted": "y", "act": "save"})
    session.expire_all()
    kept = from_data(type(rules), call.draft).selection.components
    assert kept == (Component("crowd", 40), Component("jury", 60, adjusted=True))
    assert "adjusted scores need at least 2 reviews per proposal" in client.get(page).text
    client.post(page, data=fields_of(client.get(page).text) | {"act": "save"})
    session.expire_all()
    assert from_data(type(rules), call.draft).selection.components == kept
