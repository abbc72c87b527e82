"""Reasons for many at once: drafted from the numbers, edited one by one, saved together, refused without."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.core.rules import SelectionRules
from crowd.core.status import Outcome
from crowd.proposals.models import Exclusion, Proposal
from crowd.selection.models import Verdict
from crowd.store.db import transaction, utc_now
from tests.conftest import AsUser
from tests.filling import fields_of
from tests.make import make_member, make_organization
from tests.selection.rows import decided_call, make_verdict
from tests.selection.test_quota_pages import PARTS


def begun() -> tuple[Call, list[Proposal], Account, str]:
    organization = make_organization()
    rules = SelectionRules(components=PARTS, places=2, reserve=1, reasons=("Too costly", "Already done"))
    call, proposals = decided_call(organization, selection=rules)
    return call, proposals, make_member(organization), f"/calls/{call.public_id}/decisions/reasons"


def kept(session: Session) -> list[tuple[str, str, str]]:
    session.expire_all()
    rows = session.scalars(select(Verdict).order_by(Verdict.proposal_id))
    return [(row.outcome.value, row.reason, row.reason_code) for row in rows]


def test_drafts_are_filled_in_for_all_and_saved_as_they_are_edited(session: Session, as_user: AsUser) -> None:
    _, proposals, manager, url = begun()
    client = as_user(manager)
    values = fields_of(client.get(f"{url}?drafts=1").text)
    first, second, third, fourth = (row.public_id for row in proposals)
    assert [values[f"{key}-outcome"] for key in (first, second, third, fourth)] == [
        "selected",
        "selected",
        "reserve",
        "not_selected",
    ]
    assert values[f"{first}-reason"].startswith(
        "Ranked 1 of 4. 4 of 4 voters supported it. 1 review gave it 5.00 of 5."
    )
    edited = {f"{fourth}-reason": "Ranked {rank}: it costs too much.", f"{fourth}-reason_code": "Too costly"}
    assert client.post(url, data=values | edited).status_code == 303
    found = kept(session)
    assert [outcome for outcome, _, _ in found] == ["selected", "selected", "reserve", "not_selected"]
    assert found[3] == ("not_selected", "Ranked 4: it costs too much.", "Too costly")


def test_kinds_of_reasons_are_those_of_the_call(session: Session, as_user: AsUser) -> None:
    call, proposals, manager, url = begun()
    page = as_user(manager).get(url).text
    assert '<option value="Already done">Already done</option>' in page
    assert "Balance of the whole selection" not in page
    single = as_user(manager).get(f"/proposals/{proposals[0].public_id}/verdict").text
    assert '<option value="Too costly">Too costly</option>' in single
    assert '<option value="Too costly">' in as_user(manager).get(f"/calls/{call.public_id}/decisions").text


def test_an_outcome_without_a_reason_is_refused_and_nothing_is_saved(session: Session, as_user: AsUser) -> None:
    _, proposals, manager, url = begun()
    client = as_user(manager)
    values = fields_of(client.get(f"{url}?drafts=1").text) | {f"{proposals[1].public_id}-reason": " "}
    answer = client.post(url, data=values)
    assert (answer.status_code, kept(session)) == (422, [])
    assert "Nothing is saved yet" in answer.text
    unknown = values | {f"{proposals[1].public_id}-reason": "{comments}"}
    assert client.post(url, data=unknown).status_code == 422


def test_rows_nobody_filled_in_are_left_and_unchanged_ones_keep_their_version(
    session: Session, as_user: AsUser
) -> None:
    _, proposals, manager, url = begun()
    make_verdict(proposals[0], Outcome.SELECTED, manager, reason="The best of all.")
    client = as_user(manager)
    values = fields_of(client.get(url).text)
    more = {f"{proposals[1].public_id}-outcome": "reserve", f"{proposals[1].public_id}-reason": "Next in line."}
    assert client.post(url, data=values | more).status_code == 303
    assert kept(session) == [("selected", "The best of all.", ""), ("reserve", "Next in line.", "")]
    assert session.scalars(select(Verdict.version).order_by(Verdict.proposal_id)).all()[0] == 1


def test_what_somebody_decided_meanwhile_is_shown_beside_and_not_overwritten(session: Session, as_user: AsUser) -> None:
    _, proposals, manager, url = begun()
    client = as_user(manager)
    values = fields_of(client.get(f"{url}?drafts=1").text)
    make_verdict(proposals[0], Outcome.RESERVE, manager, reason="Theirs.")
    answer = client.post(url, data=values)
    assert (answer.status_code, kept(session)) == (409, [("reserve", "Theirs.", "")])
    assert "Decided meanwhile by somebody else: “Theirs.”" in answer.text
    assert client.post(url, data=fields_of(answer.text)).status_code == 303
    assert len(kept(session)) == 4


def test_whoever_has_a_stake_does_not_see_that_row_to_decide(session: Session, as_user: AsUser) -> None:
    _, proposals, manager, url = begun()
    with transaction() as writing:
        writing.add(Exclusion(proposal_id=proposals[0].id, account_id=manager.id, at=utc_now()))
    values = fields_of(as_user(manager).get(f"{url}?drafts=1").text)
    assert [name for name in values if name.startswith(proposals[0].public_id)] == []
