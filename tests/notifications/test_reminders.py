"""Reminders before each deadline: once for each date, only to those concerned, moved with the date."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.amendments.models import Amendment, Consent
from crowd.calls.models import Call, CallStage, LatePermit
from crowd.core.rules import Stage
from crowd.core.status import AmendmentStatus, ConsentAnswer, ProposalStatus, StageKind
from crowd.mailing.models import Mail
from crowd.notifications.models import Notification
from crowd.store.db import transaction, utc_now
from crowd.voting.models import Voter
from tests.conftest import AsUser, Drain
from tests.make import ORDER, make_account, make_call, make_proposal, make_rules, open_all, round_row, schedule

pytestmark = pytest.mark.usefixtures("session")


def close_in(call: Call, kind: StageKind, time: timedelta) -> None:
    with transaction() as session:
        stage = session.scalars(select(CallStage).where(CallStage.call_id == call.id, CallStage.kind == kind)).one()
        stage.closes_at = utc_now() + time


def told(session: Session, kind: str) -> list[int]:
    return sorted(session.scalars(select(Notification.account_id).where(Notification.kind == kind)))


def test_the_end_of_a_vote_is_told_a_day_before_to_those_who_asked_and_have_not_voted(
    session: Session, as_user: AsUser, drain: Drain
) -> None:
    asked, voted, _silent = make_account("Ada"), make_account("Vera"), make_account("Sven")
    call = make_call(open_stage=StageKind.VOTING)
    make_proposal(call)
    open_all(call)
    for person in (asked, voted):
        as_user(person).post("/settings/notifications", data={"voting_closes": "at_once"})
    with transaction() as writing:
        writing.add(Voter(round_id=round_row(call).id, account_id=voted.id, cast_at=utc_now()))
    drain()
    assert told(session, "voting_closes") == []
    close_in(call, StageKind.VOTING, timedelta(hours=23))
    drain()
    drain()
    assert told(session, "voting_closes") == [asked.id]
    mail = session.scalars(select(Mail).where(Mail.kind == "voting_closes")).one()
    assert f"/calls/{call.public_id}/vote" in mail.text
    close_in(call, StageKind.VOTING, timedelta(days=4))
    drain()
    close_in(call, StageKind.VOTING, timedelta(hours=20))
    drain()
    assert told(session, "voting_closes") == [asked.id] * 2


def test_a_correction_is_reminded_of_a_day_before_and_again_when_its_date_moves(session: Session, drain: Drain) -> None:
    author = make_account("Ada")
    proposal = make_proposal(make_call(open_stage=StageKind.SCREENING), author, status=ProposalStatus.CORRECTION)
    drain()
    for hours, expected in [(20, 1), (20, 1), (22, 2), (-1, 2)]:
        if hours != 20 or expected == 1:
            with transaction(proposal):
                proposal.correction_due = (utc_now() + timedelta(hours=hours)).replace(
                    minute=0, second=0, microsecond=0
                )
        drain()
        assert told(session, "correction_due") == [author.id] * expected
    assert told(session, "correction_overdue") == [author.id]


def test_the_end_of_objections_is_told_to_entrants_alone(session: Session, drain: Drain) -> None:
    kinds = (*ORDER[:-1], StageKind.OBJECTION, StageKind.RESULTS)
    stages: tuple[Stage, ...] = schedule(StageKind.OBJECTION, kinds=kinds)
    call = make_call(rules=make_rules(stages=stages))
    entrant, drafter = make_account("Ada"), make_account("Dora")
    make_proposal(call, entrant)
    make_proposal(call, drafter, status=ProposalStatus.DRAFT)
    drain()
    assert told(session, "objection_ends") == []
    close_in(call, StageKind.OBJECTION, timedelta(hours=40))
    drain()
    drain()
    assert told(session, "objection_ends") == [entrant.id]


def test_a_missing_answer_to_an_amendment_is_reminded_of_and_a_given_one_is_not(session: Session, drain: Drain) -> None:
    call, silent, answered = make_call(), make_account("Ada"), make_account("Bo")
    make_proposal(call, silent)
    answering = make_proposal(call, answered)
    now = utc_now()
    with transaction() as writing:
        amendment = Amendment(
            call_id=call.id,
            number=1,
            status=AmendmentStatus.PROPOSED,
            reason="Less time",
            at=now,
            decide_by=now + timedelta(hours=40),
            before=call.rules,
            after=call.rules,
            before_sha256=call.rules_sha256,
            after_sha256=call.rules_sha256,
        )
        writing.add(amendment)
        writing.flush()
        writing.add(Consent(amendment_id=amendment.id, proposal_id=answering.id, answer=ConsentAnswer.ACCEPT, at=now))
    drain()
    drain()
    assert told(session, "consent_due") == [silent.id]


def test_the_end_of_a_late_permit_is_told_a_day_before_to_its_holder_alone(session: Session, drain: Drain) -> None:
    call = make_call(open_stage=StageKind.SCREENING)
    holder, brief, done, revoked, other = (make_account(name) for name in ("Ada", "Bo", "Cy", "Di", "Eve"))
    for person in (holder, brief, revoked, other):
        make_proposal(call, person, status=ProposalStatus.DRAFT)
    make_proposal(call, done)
    now = utc_now()
    with transaction() as writing:
        for person, given in ((holder, 3), (brief, 0), (done, 3), (revoked, 3)):
            permit = LatePermit(call_id=call.id, account_id=person.id, email=person.email, reason="Ill.")
            permit.email_folded, permit.until = person.email_folded, now + timedelta(hours=20)
            permit.given_at, permit.revoked_at = now - timedelta(days=given), now if person is revoked else None
            writing.add(permit)
    drain()
    drain()
    assert told(session, "deadline_near") == [holder.id]
    (mail,) = session.scalars(select(Mail).where(Mail.kind == "deadline_near"))
    assert "your draft is not handed in yet" in mail.text
    with transaction() as writing:
        for permit in writing.scalars(select(LatePermit)):
            permit.until = now + timedelta(hours=22)
    drain()
    assert told(session, "deadline_near") == [holder.id] * 2
