"""Two people writing one proposal: each is told of the other, and neither text is overwritten before somebody has chosen."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.core.status import MemberStatus, ProposalStatus
from crowd.proposals.models import Presence, Proposal, ProposalVersion, TeamMember
from crowd.store.db import transaction
from tests.conftest import AsUser
from tests.make import make_account, make_call, make_proposal, make_rules
from tests.proposals.test_writing import WORDS, hidden

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def ana(session: Session) -> Account:
    return make_account("Ana <b>Prieto</b>")


@pytest.fixture
def bo(session: Session) -> Account:
    return make_account("Bo Chen")


def shared(ana: Account, bo: Account, status: ProposalStatus = ProposalStatus.DRAFT) -> Proposal:
    proposal = make_proposal(make_call(rules=make_rules(asks_cost=True)), ana, status=status, cost=500)
    with transaction() as session:
        session.add(
            TeamMember(
                proposal_id=proposal.id,
                account_id=bo.id,
                name=bo.name,
                email=bo.email,
                email_folded=bo.email_folded,
                share=0,
                status=MemberStatus.ACCEPTED,
            )
        )
    return proposal


def save(client: FlaskClient, proposal: Proposal, version: str, **fields: str) -> Any:
    typed = WORDS | {"cost": "500", "version": version} | fields
    return client.post(f"/proposals/{proposal.public_id}/edit", data=typed)


def test_each_sees_that_the_other_has_it_open_and_not_for_ever(
    as_user: AsUser, session: Session, ana: Account, bo: Account
) -> None:
    proposal = shared(ana, bo)
    here, both = f"/proposals/{proposal.public_id}/edit", (as_user(ana), as_user(bo))
    assert "opened this" not in both[0].get(here).text
    assert "Ana &lt;b&gt;Prieto&lt;/b&gt; opened this" in both[1].get(here).text
    assert "Bo Chen opened this" in both[0].get(here).text
    saving = {"title": "T", "language": "en", "version": "1"}
    answer = both[0].post(f"/proposals/{proposal.public_id}/autosave", data=saving).get_json()
    assert [words.split(" opened")[0] for words in answer["others"]] == ["Bo Chen"]
    with transaction() as db_session:
        for row in db_session.scalars(select(Presence)):
            row.seen_at -= timedelta(minutes=16)
    assert "opened this" not in both[0].get(here).text
    assert session.scalars(select(Presence.account_id)).all() == [ana.id]


def test_who_writes_alone_leaves_no_trace(as_user: AsUser, session: Session, ana: Account) -> None:
    proposal = make_proposal(make_call(), ana, status=ProposalStatus.DRAFT)
    as_user(ana).get(f"/proposals/{proposal.public_id}/edit")
    assert session.scalars(select(Presence)).all() == []


@pytest.mark.parametrize("status", [ProposalStatus.DRAFT, ProposalStatus.SUBMITTED])
def test_on_a_stale_version_both_texts_stand_side_by_side_and_each_part_is_chosen(
    as_user: AsUser, session: Session, ana: Account, bo: Account, status: ProposalStatus
) -> None:
    proposal = shared(ana, bo, status)
    assert (
        save(
            as_user(ana), proposal, "1", title="Ana's title", body="Her own text.", summary="Both say this."
        ).status_code
        == 303
    )
    mine = {"title": "Bo's title", "body": "His own text.", "summary": "Both say this.", "cost": "700"}
    page = save(as_user(bo), proposal, "1", **mine)
    assert page.status_code == 409
    html = page.text
    assert "Ana &lt;b&gt;Prieto&lt;/b&gt;" in html
    assert "<ins>His</ins> own text." in html
    assert "<ins>Her</ins> own text." in html
    assert [name for name in ("title", "summary", "body", "cost") if f'name="pick-{name}"' in html] == [
        "title",
        "body",
        "cost",
    ]
    session.refresh(proposal)
    assert (proposal.title, proposal.version) == ("Ana's title", 2)
    chosen = mine | WORDS | {"version": hidden(html, "version"), "title": "ignored", "body": "Of both.", "cost": "700"}
    picks = {"pick-title": "theirs", "pick-body": "edit", "pick-cost": "mine"}
    done = as_user(bo).post(f"/proposals/{proposal.public_id}/edit", data=chosen | picks)
    assert done.status_code == 303
    session.refresh(proposal)
    assert (proposal.title, proposal.body, proposal.cost, proposal.version) == ("Ana's title", "Of both.", 700, 3)
    kept = session.scalars(select(ProposalVersion.number).order_by(ProposalVersion.number)).all()
    assert kept == ([] if status is ProposalStatus.DRAFT else [1, 2, 3])


def test_while_one_chooses_the_other_saves_again_and_the_choice_comes_once_more(
    as_user: AsUser, session: Session, ana: Account, bo: Account
) -> None:
    proposal = shared(ana, bo)
    save(as_user(ana), proposal, "1", title="First")
    page = save(as_user(bo), proposal, "1", title="Bo's")
    version = hidden(page.text, "version")
    save(as_user(ana), proposal, "2", title="Second")
    again = save(as_user(bo), proposal, version, title="Bo's", **{"pick-title": "mine"})
    assert again.status_code == 409
    assert "Second" in again.text
    assert 'value="Bo&#39;s"' in again.text
    session.refresh(proposal)
    assert proposal.title == "Second"


def test_saving_by_itself_says_who_saved_and_overwrites_nothing(
    as_user: AsUser, session: Session, ana: Account, bo: Account
) -> None:
    proposal = shared(ana, bo)
    save(as_user(ana), proposal, "1", title="Ana's")
    typed = WORDS | {"title": "Bo's", "version": "1"}
    answer = as_user(bo).post(f"/proposals/{proposal.public_id}/autosave", data=typed)
    assert (answer.status_code, answer.get_json()["conflict"]) == (409, True)
    assert answer.get_json()["detail"].startswith("Ana <b>Prieto</b> saved a change meanwhile.")
    session.refresh(proposal)
    assert proposal.title == "Ana's"


def test_two_windows_of_a_visitor_meet_on_the_same_page(client: FlaskClient, session: Session) -> None:
    call = make_call()
    address = f"/calls/{call.public_id}/propose"
    key = hidden(client.get(address).text, "draft")
    client.post(address, data=WORDS | {"draft": key, "version": "0", "then": "keep"})
    page = client.post(address, data=WORDS | {"draft": key, "version": "0", "title": "Window two", "then": "keep"})
    assert page.status_code == 409
    assert "you, in another window" in page.text
    fields = WORDS | {"draft": key, "title": "Window two", "version": hidden(page.text, "version"), "then": "keep"}
    assert client.post(address, data=fields | {"pick-title": "mine"}).status_code == 303
    assert 'value="Window two"' in client.get(address).text
