"""An erasure and what its person does at the same time: one of the two comes first, and nothing is left half done."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.conversation.models import Comment
from crowd.core.status import ProposalStatus, StageKind
from crowd.privacy.actions import erase_account
from crowd.privacy.commands import Asked
from crowd.proposals.models import Proposal
from crowd.selection.models import Verdict
from crowd.store.db import transaction, utc_now
from crowd.voting.models import Ballot
from tests.conftest import AsUser, stepping_aside
from tests.make import make_account, make_call, make_member, make_organization, make_proposal, open_all
from tests.privacy.conftest import Erase
from tests.selection.rows import decided_call

WAITS = 0.7
"""Seconds in which the other request comes to the lock."""


def while_erasing(app: Flask, account: Account, act: Callable[[], int]) -> int:
    """Do something in a browser that was let in, while the erasure has begun and is not committed."""
    begun, account_id = Event(), account.id

    def erase() -> None:
        with app.app_context(), transaction() as session:
            erase_account(session, account_id, Asked(False), clock=utc_now)
            begun.set()
            Event().wait(WAITS)

    def then() -> int:
        begun.wait(30)
        return act()

    with stepping_aside(), ThreadPoolExecutor(2) as pool:
        erasing, acting = pool.submit(erase), pool.submit(then)
        erasing.result(60)
        return acting.result(60)


def test_a_ballot_cast_meanwhile_does_not_count(app: Flask, session: Session, as_user: AsUser) -> None:
    call, person = make_call(open_stage=StageKind.VOTING), make_account()
    candidate = make_proposal(call)
    open_all(call)
    client, url, key = as_user(person), f"/calls/{call.public_id}/vote/cast?round=crowd", candidate.public_id
    assert while_erasing(app, person, lambda: client.post(url, data={"support": key}).status_code) == 303
    assert session.scalars(select(Ballot.choices).where(Ballot.choices.is_not(None))).all() == []


def test_a_comment_and_a_proposal_sent_meanwhile_are_not_taken(app: Flask, session: Session, as_user: AsUser) -> None:
    person, call = make_account(), make_call()
    client, url = as_user(person), f"/calls/{call.public_id}/comments"
    assert while_erasing(app, person, lambda: client.post(url, data={"body": "Too late"}).status_code) == 303
    assert session.scalars(select(Comment)).all() == []
    other = make_account()
    writer, form = as_user(other), {"title": "Late", "summary": "Too late", "body": "Too late"}
    url = f"/calls/{call.public_id}/propose"
    while_erasing(app, other, lambda: writer.post(url, data=form).status_code)
    assert session.scalars(select(Proposal)).all() == []


def test_nothing_is_decided_by_somebody_who_is_gone(app: Flask, session: Session, as_user: AsUser) -> None:
    organization = make_organization()
    _, proposals = decided_call(organization)
    manager = make_member(organization)
    client, url = as_user(manager), f"/proposals/{proposals[0].public_id}/verdict"
    form = {"outcome": "selected", "reason": "The best.", "version": "0"}
    assert while_erasing(app, manager, lambda: client.post(url, data=form).status_code) in {303, 403}
    session.expire_all()
    assert session.scalars(select(Verdict)).all() == []


@pytest.mark.parametrize("first", ["act", "erasure"])
def test_what_is_written_before_is_found(
    app: Flask, session: Session, as_user: AsUser, erase: Erase, first: str
) -> None:
    """A proposal handed in a moment before is withdrawn like any other; a moment later nobody is there to hand it in."""
    person, call = make_account(), make_call()
    proposal = make_proposal(call, person, status=ProposalStatus.SUBMITTED)
    client = as_user(person)
    if first == "act":
        assert client.post(f"/calls/{call.public_id}/comments", data={"body": "Just in time"}).status_code == 303
    erase(person)
    session.expire_all()
    assert proposal.status is ProposalStatus.WITHDRAWN
    assert client.post(f"/calls/{call.public_id}/comments", data={"body": "Late"}).status_code == 303
    assert session.scalars(select(Comment.body)).all() == (["Just in time"] if first == "act" else [])
