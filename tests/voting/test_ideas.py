"""A vote in pairs to which people add proposals while it is open."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.core.events import EventKind
from crowd.core.rules import VotingMethod
from crowd.core.status import ModerationState, ProposalStatus, StageKind
from crowd.notifications.models import Notification
from crowd.proposals.models import Proposal
from crowd.rounds.actions.opening import list_fingerprint
from crowd.rounds.jobs import add_ideas_to_votes
from crowd.rounds.queries import candidates_of
from crowd.store.db import transaction
from crowd.store.models import Event
from tests.conftest import AsUser, Drain
from tests.make import VOTE, make_account, make_call, make_member, make_proposal, make_rules, move_stages, round_row
from tests.voting.conftest import MakeVote, Vote
from tests.voting.test_casting import text_of

OPEN: dict[str, Any] = {"method": VotingMethod.BRADLEY_TERRY, "max_choices": None, "ideas": True}
ALL = {"declarations": ["0", "1"], "version": "1"}


@pytest.fixture
def vote(make_vote: MakeVote) -> Vote:
    return make_vote(2, **OPEN)


def listed(session: Session, call: Call) -> list[str]:
    return [candidate.proposal.title for candidate in candidates_of(session, round_row(call).id)]


def draft_in(call: Call, author: Account) -> Proposal:
    return make_proposal(call, author, title="Mine", status=ProposalStatus.DRAFT)


def test_an_idea_is_written_handed_in_screened_and_joins_the_pairs(
    vote: Vote, session: Session, as_user: AsUser
) -> None:
    voter = as_user(make_account())
    voter.post(vote.at("cast"), data={"pair": ":".join(vote.keys)})
    author = make_account()
    writer = as_user(author)
    assert "Add your own proposal" in writer.get(vote.url).text
    told = text_of(writer.get(f"/calls/{vote.call_key}").text)
    assert "While people vote you may still hand in a proposal: found eligible, it joins the comparisons." in told
    assert "While it is open people may hand in more proposals" in told
    assert writer.get(f"/calls/{vote.call_key}/propose").status_code == 200
    draft = draft_in(vote.call, author)
    assert writer.post(f"/proposals/{draft.public_id}/submit", data=ALL).status_code == 303
    assert add_ideas_to_votes() == 0
    desk = as_user(make_member(vote.organization))
    screened = desk.post(f"/proposals/{draft.public_id}/screen", data={"outcome": "eligible", "version": "2"})
    assert screened.status_code == 303
    before = round_row(vote.call).candidates_sha256
    assert (add_ideas_to_votes(), add_ideas_to_votes()) == (1, 0)
    assert listed(session, vote.call) == ["Proposal 1", "Proposal 2", "Mine"]
    row = round_row(vote.call)
    assert row.candidates_sha256 == list_fingerprint([*vote.keys, draft.public_id])
    [event] = session.scalars(select(Event).where(Event.kind == EventKind.ROUND_IDEA_ADDED)).all()
    assert (event.proposal_id, event.actor_id) == (draft.id, None)
    assert event.data == {"before_sha256": before, "candidates_sha256": row.candidates_sha256}
    assert "A proposal that came during the vote joined it" in text_of(
        voter.get(f"/calls/{vote.call_key}/history").text
    )
    assert re.findall(r'value="prefer:[^"]*' + draft.public_id, voter.get(vote.url).text)
    cast = voter.post(vote.at("cast"), data={"pair": [":".join(vote.keys), f"{draft.public_id}:{vote.keys[0]}"]})
    assert cast.status_code == 303


def test_no_voter_is_written_to_for_each_idea(vote: Vote, session: Session, as_user: AsUser, drain: Drain) -> None:
    as_user(make_account()).post(vote.at("cast"), data={"pair": ":".join(vote.keys)})
    make_proposal(vote.call, title="Late")
    assert add_ideas_to_votes() == 1
    drain()
    assert set(session.scalars(select(Notification.kind))) == {"voting_opens"}


def test_what_stands_on_the_list_is_not_edited_any_more(vote: Vote, session: Session, as_user: AsUser) -> None:
    author = make_account()
    mine = make_proposal(vote.call, author, title="Mine")
    add_ideas_to_votes()
    refused = as_user(author).get(f"/proposals/{mine.public_id}/edit")
    assert refused.status_code in {403, 409}


def test_what_a_moderator_hid_or_nobody_screened_does_not_join(vote: Vote, session: Session) -> None:
    make_proposal(vote.call, title="Waiting", status=ProposalStatus.SUBMITTED)
    hidden = make_proposal(vote.call, title="Hidden")
    with transaction() as write:
        write.merge(hidden).moderation = ModerationState.HIDDEN
        write.merge(hidden).hidden_reason = "Spam."
    assert add_ideas_to_votes() == 0
    assert listed(session, vote.call) == ["Proposal 1", "Proposal 2"]


def test_the_deadline_is_the_close_of_the_vote(vote: Vote, session: Session, as_user: AsUser) -> None:
    author = make_account()
    writer, draft = as_user(author), draft_in(vote.call, author)
    make_proposal(vote.call, title="Too late")
    move_stages(vote.call, timedelta(days=6))
    closed = writer.post(f"/proposals/{draft.public_id}/submit", data=ALL)
    assert closed.status_code == 409
    assert "The call closed on" in text_of(closed.text)
    assert writer.get(f"/calls/{vote.call_key}/propose").status_code == 403
    assert "Add your own proposal" not in writer.get(f"/calls/{vote.call_key}").text
    assert add_ideas_to_votes() == 0
    session.refresh(draft)
    assert draft.status is ProposalStatus.DRAFT


@pytest.mark.parametrize(
    ("changes", "stage"),
    [({"ideas": False}, StageKind.VOTING), ({}, StageKind.SCREENING), ({}, StageKind.REVIEW)],
)
def test_without_the_rule_or_outside_the_vote_nothing_is_taken(
    session: Session, client: FlaskClient, as_user: AsUser, changes: dict[str, bool], stage: StageKind
) -> None:
    rules = make_rules(stage)
    call = make_call(rules=replace(rules, rounds=(replace(VOTE, **(OPEN | changes)), rules.rounds[1])))
    author = make_account()
    writer, draft = as_user(author), draft_in(call, author)
    assert "Add your own proposal" not in writer.get(f"/calls/{call.public_id}").text
    assert writer.get(f"/calls/{call.public_id}/propose").status_code == 403
    assert writer.post(f"/proposals/{draft.public_id}/submit", data=ALL).status_code == 409


def test_an_idea_that_joins_a_vote_that_is_not_open_to_them_waits(make_vote: MakeVote, session: Session) -> None:
    closed = make_vote(2, **(OPEN | {"ideas": False}))
    make_proposal(closed.call, title="Late")
    assert add_ideas_to_votes() == 0
    assert listed(session, closed.call) == ["Proposal 1", "Proposal 2"]
