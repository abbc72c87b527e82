"""Who is told what, when, in which language, with which link: one test for each kind of notice."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.models import Call, CallStage
from crowd.conversation.models import Comment
from crowd.core.events import EventKind
from crowd.core.notices import BY_KEY, KINDS, Channel, Whom
from crowd.core.status import (
    AssignmentStatus,
    JurorStatus,
    MemberStatus,
    ModerationCode,
    ObjectionKind,
    OrganizationRole,
    ProposalStatus,
)
from crowd.mailing.models import Mail
from crowd.moderation.models import Report
from crowd.notifications.forms import LABELS, SENTENCES
from crowd.notifications.gates import PATHS
from crowd.notifications.models import Notification
from crowd.notifications.queries import RECIPIENTS
from crowd.objections.models import Objection
from crowd.organizations.models import Organization
from crowd.proposals.models import Proposal, TeamMember
from crowd.reviews.models import Assignment, Discussion, Juror, Remark
from crowd.rounds.models import CallRound
from crowd.selection.models import Credit, Endorsement
from crowd.store.db import transaction, utc_now
from crowd.store.events import record
from crowd.voting.models import Voter
from tests.conftest import AsUser, Drain
from tests.make import make_account, make_call, make_member, make_organization, make_proposal, move_stages

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("session")]


@dataclass
class Cast:
    """A call with everybody who could be told something about it."""

    organization: Organization
    call: Call
    proposal: Proposal
    draft: Proposal
    lead: Account
    co_author: Account
    invited: Account
    drafter: Account
    manager: Account
    moderator: Account
    voter: Account
    juror: Account
    stranger: Account
    ids: dict[str, int]


def spanish(name: str) -> Account:
    account = make_account(name)
    with transaction(account):
        account.language = "es"
    return account


@pytest.fixture
def cast(session: Session) -> Cast:
    organization = make_organization()
    call = make_call(organization)
    lead, co_author, invited, drafter = (
        make_account("Lena"),
        spanish("Carlos"),
        make_account("Ivo"),
        make_account("Dora"),
    )
    manager, moderator = make_member(organization), make_member(organization, OrganizationRole.MODERATOR)
    voter, juror, stranger = make_account("Vera"), make_account("Juri"), make_account("Sven")
    proposal = make_proposal(call, lead, title="A pond for frogs")
    draft = make_proposal(call, drafter, title="", status=ProposalStatus.DRAFT)
    ids = _rows(call, proposal, co_author, invited, voter, juror, stranger)
    return Cast(
        organization,
        call,
        proposal,
        draft,
        lead,
        co_author,
        invited,
        drafter,
        manager,
        moderator,
        voter,
        juror,
        stranger,
        ids,
    )


def _rows(
    call: Call,
    proposal: Proposal,
    co_author: Account,
    invited: Account,
    voter: Account,
    juror: Account,
    stranger: Account,
) -> dict[str, int]:
    now = utc_now()
    with transaction() as session:
        rounds = {row.key: row for row in session.scalars(select(CallRound).where(CallRound.call_id == call.id))}
        for position, (person, status) in enumerate(
            [(co_author, MemberStatus.ACCEPTED), (invited, MemberStatus.PENDING)], start=1
        ):
            session.add(
                TeamMember(
                    proposal_id=proposal.id,
                    account_id=person.id,
                    position=position,
                    name=person.name,
                    email=person.email,
                    email_folded=person.email_folded,
                    share=0,
                    status=status,
                    invited_at=now,
                )
            )
        session.add(Voter(round_id=rounds["crowd"].id, account_id=voter.id, cast_at=now))
        row = Juror(
            round_id=rounds["jury"].id,
            account_id=juror.id,
            email=juror.email,
            email_folded=juror.email_folded,
            name=juror.name,
            status=JurorStatus.ACCEPTED,
            token_hash="hash",
            copied_hash="copied",
            invited_at=now,
        )
        credit = Credit(
            code="code", proposal_id=proposal.id, account_id=co_author.id, name="C", roles=[], share=1, issued_at=now
        )
        comment = Comment(
            call_id=call.id, proposal_id=proposal.id, author_id=voter.id, body="Frogs are loud", created_at=now
        )
        on_call = Comment(call_id=call.id, author_id=voter.id, body="May I?", created_at=now)
        session.add_all([row, credit, comment, on_call])
        session.flush()
        endorsement = Endorsement(credit_id=credit.id, author_id=voter.id, text="Frogs love it.", at=now)
        session.add(endorsement)
        answer = Comment(
            call_id=call.id,
            proposal_id=proposal.id,
            parent_id=comment.id,
            root_id=comment.id,
            author_id=co_author.id,
            body="Only in spring",
            created_at=now,
        )
        assignment = Assignment(
            round_id=rounds["jury"].id,
            juror_id=row.id,
            proposal_id=proposal.id,
            assigned_at=now,
            status=AssignmentStatus.ASSIGNED,
        )
        report = Report(
            call_id=call.id,
            proposal_id=proposal.id,
            thing=f"proposal:{proposal.id}",
            reporter_id=stranger.id,
            code=ModerationCode.SPAM,
            created_at=now,
        )
        objection = Objection(
            public_id="objected",
            call_id=call.id,
            proposal_id=proposal.id,
            author_id=voter.id,
            kind=ObjectionKind.FACTS,
            text="There are no frogs",
            filed_at=now,
        )
        remark = Remark(round_id=rounds["jury"].id, proposal_id=proposal.id, text="Frogs!", at=now)
        discussion = Discussion(round_id=rounds["jury"].id, proposal_id=proposal.id, opened_at=now)
        session.add_all([answer, assignment, report, objection, remark, discussion])
        session.flush()
        return {
            "crowd": rounds["crowd"].id,
            "juror": row.id,
            "credit": credit.id,
            "endorsement": endorsement.id,
            "comment": comment.id,
            "on_call": on_call.id,
            "answer": answer.id,
            "assignment": assignment.id,
            "report": report.id,
            "objection": objection.id,
            "remark": remark.id,
            "discussion": discussion.id,
            "invited": invited.id,
            "co_author": co_author.id,
        }


def happen(
    cast: Cast, event: EventKind, *, by: Account | None = None, subject: str | None = None, **values: object
) -> None:
    with transaction() as session:
        record(
            session,
            event,
            now=utc_now(),
            actor_id=(by or cast.manager).id,
            organization_id=cast.organization.id,
            call_id=cast.call.id,
            subject_id=cast.ids[subject] if subject else None,
            reason="Because of the frogs",
            until="2026-11-30T10:00:00+00:00",
            **values,  # type: ignore[arg-type]
        )


About = Callable[[Cast], list[Account]]
E, PROPOSAL, CALL = EventKind, True, False


def team(cast: Cast) -> list[Account]:
    return [cast.lead, cast.co_author]


def nobody(_cast: Cast) -> list[Account]:
    return []


def everybody_in_it(cast: Cast) -> list[Account]:
    return [cast.lead, cast.co_author, cast.drafter, cast.voter, cast.juror]


CASES: list[tuple[str, EventKind, bool, str | None, About]] = [
    ("proposal_received", E.PROPOSAL_SUBMITTED, PROPOSAL, None, team),
    ("correction_asked", E.PROPOSAL_CORRECTION_ASKED, PROPOSAL, None, team),
    ("correction_due", E.CORRECTION_DUE, PROPOSAL, None, team),
    ("correction_overdue", E.CORRECTION_OVERDUE, PROPOSAL, None, lambda c: [*team(c), c.moderator]),
    ("found_eligible", E.PROPOSAL_FOUND_ELIGIBLE, PROPOSAL, None, team),
    ("found_ineligible", E.PROPOSAL_FOUND_INELIGIBLE, PROPOSAL, None, team),
    ("found_ineligible", E.PROPOSAL_DISQUALIFIED, PROPOSAL, None, team),
    ("advanced", E.PROPOSAL_ADVANCED, PROPOSAL, None, team),
    ("left_out", E.PROPOSAL_LEFT_OUT, PROPOSAL, None, team),
    ("deadline_near", E.DEADLINE_NEAR, CALL, None, lambda c: [c.drafter]),
    ("schedule_shifted", E.CALL_EXTENDED, CALL, None, everybody_in_it),
    ("schedule_shifted", E.CALL_CANCELLED, CALL, None, everybody_in_it),
    ("objection_ends", E.OBJECTION_ENDS, CALL, None, team),
    ("call_amended", E.CALL_AMENDED, CALL, None, everybody_in_it),
    ("consent_asked", E.AMENDMENT_PROPOSED, CALL, None, team),
    ("consent_asked", E.AMENDMENT_ASKED, PROPOSAL, None, team),
    ("consent_due", E.CONSENT_DUE, CALL, None, lambda c: [c.lead]),
    ("amendment_ended", E.AMENDMENT_LAPSED, CALL, None, team),
    ("team_invitation", E.TEAM_INVITED, PROPOSAL, "invited", lambda c: [c.invited]),
    ("team_answer", E.TEAM_ACCEPTED, PROPOSAL, "co_author", lambda c: [c.lead]),
    ("join_asked", E.JOIN_ASKED, PROPOSAL, "invited", lambda c: [c.lead]),
    ("join_declined", E.JOIN_DECLINED, PROPOSAL, "invited", lambda c: [c.invited]),
    ("team_changed", E.TEAM_TERMS_AGREED, PROPOSAL, None, team),
    ("team_changed", E.TEAM_LEAD_CHANGED, PROPOSAL, "co_author", team),
    ("team_question", E.TEAM_TERMS_ASKED, PROPOSAL, None, nobody),
    ("team_left", E.TEAM_REMOVED, PROPOSAL, "co_author", nobody),
    (
        "voting_opens",
        E.ROUND_OPENED,
        CALL,
        "crowd",
        lambda c: [c.lead, c.co_author, c.invited, c.drafter, c.moderator, c.voter, c.juror, c.stranger],
    ),
    ("voting_closes", E.VOTING_CLOSES, CALL, "crowd", nobody),
    ("candidate_added", E.ROUND_CANDIDATE_ADDED, PROPOSAL, None, lambda c: [c.voter]),
    ("review_assigned", E.REVIEW_ASSIGNED, PROPOSAL, "assignment", lambda c: [c.juror]),
    ("review_due", E.REVIEW_DUE, CALL, "juror", lambda c: [c.juror]),
    ("review_overdue", E.REVIEW_OVERDUE, CALL, "juror", lambda c: [c.juror]),
    ("panel_opened", E.PANEL_OPENED, PROPOSAL, "discussion", nobody),
    ("panel_remark", E.PANEL_REMARK, PROPOSAL, "remark", nobody),
    ("outcome", E.OUTCOME_PUBLISHED, PROPOSAL, None, team),
    ("outcome_corrected", E.OUTCOME_CORRECTED, PROPOSAL, None, team),
    ("objection_filed", E.OBJECTION_FILED, PROPOSAL, "objection", nobody),
    ("objection_to_mine", E.OBJECTION_FILED, PROPOSAL, "objection", team),
    ("objection_answered", E.OBJECTION_ANSWERED, PROPOSAL, "objection", lambda c: [*team(c), c.voter]),
    ("results_final", E.RESULTS_FINAL, CALL, None, team),
    ("credit_issued", E.CREDIT_ISSUED, PROPOSAL, "credit", lambda c: [c.co_author]),
    ("credit_corrected", E.CREDIT_CORRECTED, PROPOSAL, "credit", lambda c: [c.co_author]),
    ("endorsed", E.ENDORSEMENT_WRITTEN, PROPOSAL, "credit", lambda c: [c.co_author]),
    ("endorsement_hidden", E.ENDORSEMENT_HIDDEN, PROPOSAL, "endorsement", lambda c: [c.voter]),
    ("shown_again", E.ENDORSEMENT_RESTORED, PROPOSAL, "endorsement", lambda c: [c.voter]),
    ("comment_credited", E.CONTRIBUTION_MARKED, PROPOSAL, "comment", lambda c: [c.voter]),
    ("results_published", E.RESULTS_PUBLISHED, CALL, None, lambda c: [c.voter]),
    ("answer_to_mine", E.COMMENT_POSTED, PROPOSAL, "answer", lambda c: [c.voter]),
    ("comment_on_mine", E.COMMENT_POSTED, PROPOSAL, "comment", team),
    ("comment_hidden", E.COMMENT_HIDDEN, PROPOSAL, "comment", lambda c: [c.voter]),
    ("proposal_hidden", E.PROPOSAL_HIDDEN, PROPOSAL, None, team),
    ("shown_again", E.PROPOSAL_UNHIDDEN, PROPOSAL, None, team),
    ("shown_again", E.COMMENT_RESTORED, PROPOSAL, "comment", lambda c: [c.voter]),
    ("reported", E.REPORT_MADE, PROPOSAL, None, lambda c: [c.moderator]),
    ("report_decided", E.REPORT_DECIDED, PROPOSAL, "report", lambda c: [c.stranger]),
    ("comment_to_organization", E.COMMENT_POSTED, CALL, "on_call", nobody),
    ("correction_made", E.PROPOSAL_CORRECTED, PROPOSAL, None, lambda c: [c.moderator]),
    ("colleague_assigned", E.COLLEAGUE_ASSIGNED, CALL, None, nobody),
    ("juror_answer", E.JUROR_ACCEPTED, CALL, "juror", nobody),
]


ASKING = {
    "candidate_added",
    "consent_due",
    "juror_answer",
    "panel_opened",
    "panel_remark",
    "report_decided",
    "shown_again",
    "voting_closes",
}
"""Kinds whose readers are found by a question of their own."""


@pytest.mark.parametrize(
    ("kind", "event", "on_proposal", "subject", "expected"),
    [pytest.param(*case, marks=[pytest.mark.both_databases] if case[0] in ASKING else []) for case in CASES],
)
def test_each_kind_reaches_those_it_is_for_and_nobody_else(
    cast: Cast,
    session: Session,
    drain: Drain,
    kind: str,
    event: EventKind,
    on_proposal: bool,  # noqa: FBT001 (a column of the table above)
    subject: str | None,
    expected: About,
) -> None:
    happen(cast, event, subject=subject, proposal_id=cast.proposal.id if on_proposal else None)
    drain()
    told = session.execute(select(Notification.account_id, Notification.path).where(Notification.kind == kind)).all()
    assert sorted(row.account_id for row in told) == sorted(account.id for account in expected(cast))
    mailed = session.scalars(select(Mail.account_id).where(Mail.kind == kind)).all()
    assert sorted(id_ for id_ in mailed if id_) == (
        sorted(account.id for account in expected(cast)) if BY_KEY[kind].default is Channel.AT_ONCE else []
    )


def test_a_mail_speaks_its_readers_language_and_links_to_the_next_act(
    cast: Cast, session: Session, drain: Drain
) -> None:
    happen(cast, E.PROPOSAL_CORRECTION_ASKED, proposal_id=cast.proposal.id)
    drain()
    mails = {mail.account_id: mail for mail in session.scalars(select(Mail))}
    assert {id_: mail.language for id_, mail in mails.items()} == {cast.lead.id: "en", cast.co_author.id: "es"}
    for mail in mails.values():
        assert f"http://localhost/proposals/{cast.proposal.public_id}/edit" in mail.text
        assert "> Because of the frogs" in mail.text


def test_somebody_with_a_manager_role_is_told_of_comments_on_the_call(
    cast: Cast, session: Session, drain: Drain
) -> None:
    happen(cast, E.COMMENT_POSTED, by=cast.voter, subject="on_call")
    drain()
    assert session.scalars(select(Notification.account_id)).all() == [cast.manager.id]


def test_nobody_is_told_of_their_own_act(cast: Cast, session: Session, drain: Drain) -> None:
    happen(cast, E.TEAM_ACCEPTED, by=cast.lead, proposal_id=cast.proposal.id)
    drain()
    assert session.scalars(select(Notification.id)).all() == []


def test_nobody_is_told_twice_however_often_the_event_is_delivered(cast: Cast, session: Session, drain: Drain) -> None:
    happen(cast, E.PROPOSAL_FOUND_ELIGIBLE, proposal_id=cast.proposal.id)
    drain()
    drain()
    assert len(session.scalars(select(Notification.id)).all()) == 2
    assert len(session.scalars(select(Mail.id)).all()) == 2


@pytest.mark.both_databases
def test_a_switched_off_kind_stands_in_the_product_but_is_not_mailed(
    cast: Cast, session: Session, drain: Drain, as_user: AsUser
) -> None:
    as_user(cast.lead).post("/settings/notifications", data={"found_eligible": "product", "outcome": "off"})
    happen(cast, E.PROPOSAL_FOUND_ELIGIBLE, proposal_id=cast.proposal.id)
    happen(cast, E.OUTCOME_PUBLISHED, proposal_id=cast.proposal.id, target="selected")
    drain()
    mailed = session.scalars(select(Mail.kind).where(Mail.account_id == cast.lead.id)).all()
    told = session.scalars(select(Notification.kind).where(Notification.account_id == cast.lead.id)).all()
    assert (list(mailed), sorted(told)) == (["outcome"], ["found_eligible", "outcome"])


@pytest.mark.both_databases
def test_a_notice_is_read_by_following_it_and_others_cannot(
    cast: Cast, session: Session, drain: Drain, as_user: AsUser
) -> None:
    happen(cast, E.PROPOSAL_FOUND_ELIGIBLE, proposal_id=cast.proposal.id)
    drain()
    notice = session.scalars(select(Notification).where(Notification.account_id == cast.lead.id)).one()
    assert as_user(cast.stranger).get(f"/notifications/{notice.id}").status_code == 404
    answer = as_user(cast.lead).get(f"/notifications/{notice.id}")
    assert (answer.status_code, answer.location) == (303, f"/proposals/{cast.proposal.public_id}")
    session.refresh(notice)
    assert notice.read_at is not None


def test_every_kind_has_its_words_its_link_its_recipients() -> None:
    keys = {kind.key for kind in KINDS}
    assert keys == set(LABELS) == set(SENTENCES) == set(PATHS)
    assert set(RECIPIENTS) == set(Whom) == {kind.whom for kind in KINDS}


def test_the_clock_reminds_of_drafts_once_for_each_deadline(cast: Cast, session: Session, drain: Drain) -> None:
    drain()
    assert session.scalars(select(Notification.kind).where(Notification.account_id == cast.drafter.id)).all() == []
    _close_submission_in(cast, timedelta(days=2))
    drain()
    drain()
    told = select(Notification.kind).where(Notification.account_id == cast.drafter.id)
    assert session.scalars(told).all() == ["deadline_near"]
    _close_submission_in(cast, timedelta(hours=20))
    drain()
    drain()
    assert session.scalars(told).all() == ["deadline_near", "deadline_near"]


@pytest.mark.both_databases
def test_each_of_both_reminders_leaves_once_and_never_about_what_is_handed_in(
    cast: Cast, session: Session, drain: Drain, as_user: AsUser
) -> None:
    as_user(cast.stranger).post("/settings/notifications", data={"deadline_near": "off"})
    for person in (cast.stranger, cast.voter):
        make_proposal(cast.call, person, status=ProposalStatus.DRAFT)
    closes = _close_submission_in(cast, timedelta(days=2))
    drain()
    (late,) = session.scalars(select(Proposal).where(Proposal.lead_id == cast.voter.id)).all()
    with transaction(late):
        late.status, late.submitted_at, late.number = ProposalStatus.SUBMITTED, utc_now(), 99
    move_stages(cast.call, timedelta(hours=30))
    drain()
    drain()
    rows = session.execute(select(Mail.account_id, Mail.text).where(Mail.kind == "deadline_near")).all()
    assert sorted(row.account_id for row in rows) == sorted([cast.drafter.id, cast.drafter.id, cast.voter.id])
    assert all("is not handed in yet" in row.text for row in rows)
    assert closes > utc_now()


def _close_submission_in(cast: Cast, time: timedelta) -> datetime:
    first = select(CallStage).where(CallStage.call_id == cast.call.id, CallStage.position == 0)
    closes = utc_now() + time
    with transaction() as session:
        session.scalars(first).one().closes_at = closes
    return closes


def test_a_manager_reads_which_mails_of_a_call_went_to_whom(
    cast: Cast, session: Session, drain: Drain, as_user: AsUser
) -> None:
    happen(cast, E.PROPOSAL_CORRECTION_ASKED, proposal_id=cast.proposal.id)
    drain()
    subjects = session.scalars(select(Mail.subject)).all()
    page = as_user(cast.manager).get(f"/calls/{cast.call.public_id}/mails")
    assert page.status_code == 200
    assert "Lena" in page.text
    assert "Carlos" in page.text
    assert len(subjects) == 2
    assert all(subject.split("“")[0] in page.text for subject in subjects)
    assert as_user(cast.stranger).get(f"/calls/{cast.call.public_id}/mails").status_code == 403
