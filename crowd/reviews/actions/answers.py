"""What the invited person answers: accept, decline, declare conflicts."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from crowd.accounts.actions import accept_texts, end_sessions, make_account, verify_account
from crowd.accounts.commands import SignUp
from crowd.accounts.models import Account
from crowd.core.actor import Actor
from crowd.core.conflicts import ConflictStatus
from crowd.core.errors import DomainError
from crowd.core.events import EventKind
from crowd.core.status import AssignmentStatus, JurorStatus
from crowd.proposals.actions import declare_conflict
from crowd.proposals.models import Proposal
from crowd.reviews.actions.readers import LIVE, grant_live, note, revoke_idle
from crowd.reviews.actions.ties import put_on_record
from crowd.reviews.commands import AcceptInvitation
from crowd.reviews.gates import facts_of_round
from crowd.reviews.models import Assignment, Conflict, Juror
from crowd.rounds.models import CallRound
from crowd.store.db import lock


def accept_invitation(
    session: Session, juror: Juror, command: AcceptInvitation, *, account: Account | None, proven: bool, now: datetime
) -> Account:
    """Join the jury with `account`, or with a new one without a password; `juror` must be locked.

    A new account is verified only when the link proves the address (`proven`). Raises DomainError when the invitation no
    longer holds, or when the account is on this jury already.
    """
    row = _answering(session, juror, now)
    if account is None:
        account = _new_account(session, juror, command, proven=proven, now=now)
    elif account.email_folded == juror.email_folded:
        prove_account(session, account, proven=proven, now=now)
    _require_one_place(session, juror, account)
    accept_texts(session, account, now=now)
    source, juror.status = juror.status, JurorStatus.ACCEPTED
    juror.account_id, juror.account = account.id, account
    juror.name = command.name or juror.name
    juror.answered_at, juror.terms_accepted_at, juror.decline_reason = now, now, ""
    session.flush()
    note(
        session,
        EventKind.JUROR_ACCEPTED,
        row,
        now=now,
        actor_id=account.id,
        subject_id=juror.id,
        source=source,
        target=juror.status,
        proven=proven,
    )
    _keep_noted(session, juror, account, now)
    grant_live(session, juror, _live_proposals(session, juror))
    return account


def _keep_noted(session: Session, juror: Juror, account: Account, now: datetime) -> None:
    """Conflicts that a chair put on record before there was an account to keep them for."""
    noted = select(Conflict).where(Conflict.juror_id == juror.id, Conflict.status == ConflictStatus.CONFIRMED)
    for row in session.scalars(noted.order_by(Conflict.id)).all():
        proposal = session.get_one(Proposal, row.proposal_id)
        declare_conflict(session, proposal, account.id, reason=row.reason, actor_id=row.by_id, now=now)
        recuse_everywhere(session, proposal, account.id, row.reason, actor_id=row.by_id, now=now)


def prove_account(session: Session, account: Account, *, proven: bool, now: datetime) -> Account:
    """Verify an account whose address the mailed link proves. Whoever entered it before without proof is signed out."""
    if proven and account.verified_at is None:
        end_sessions(session, account.id, now=now)
        verify_account(session, account, now=now)
    return account


def decline_invitation(session: Session, juror: Juror, reason: str, *, now: datetime) -> None:
    """Say no, with a reason if there is one to give. `juror` must be locked. Who accepted has given an answer that holds."""
    row = _answering(session, juror, now)
    if juror.status is JurorStatus.DECLINED:
        return
    if juror.status is JurorStatus.ACCEPTED:
        raise DomainError("already_answered")
    source, juror.status = juror.status, JurorStatus.DECLINED
    juror.answered_at, juror.decline_reason = now, reason
    note(session, EventKind.JUROR_DECLINED, row, now=now, subject_id=juror.id, source=source, target=juror.status)


def declare_conflicts(
    session: Session, juror: Juror, conflicts: Mapping[int, str], *, actor: Actor, now: datetime
) -> None:
    """Declare conflicts (proposal id → reason, may be empty) and with the first declaration begin to read.

    What was assigned or even reviewed before is recused at once: access and score go, the trace stays.
    """
    if juror.account_id is None or juror.status is not JurorStatus.ACCEPTED or actor.account_id != juror.account_id:
        raise DomainError("juror_gone")
    juror.conflicts_declared_at = juror.conflicts_declared_at or now
    for proposal in session.scalars(select(Proposal).where(Proposal.id.in_(list(conflicts)))):
        give_up(session, proposal, juror.account_id, conflicts[proposal.id], actor_id=actor.account_id, now=now)
    session.flush()
    grant_live(session, juror, _live_proposals(session, juror))


def give_up(
    session: Session, proposal: Proposal, account_id: int, reason: str, *, actor_id: int | None, now: datetime
) -> None:
    """A conflict, and its consequence in every round in which this person reviews the proposal."""
    declare_conflict(session, proposal, account_id, reason=reason, actor_id=actor_id, now=now)
    put_on_record(session, proposal, account_id, reason, actor_id=actor_id, now=now)
    recuse_everywhere(session, proposal, account_id, reason, actor_id=actor_id, now=now)


def recuse_everywhere(
    session: Session, proposal: Proposal, account_id: int, reason: str, *, actor_id: int | None, now: datetime
) -> None:
    """What this person reviews or reviewed of the proposal, in every round."""
    query = (
        select(Assignment)
        .join(Assignment.juror)
        .where(Assignment.proposal_id == proposal.id, Assignment.status.in_(LIVE), Juror.account_id == account_id)
    )
    for assignment in session.scalars(query).all():
        recuse_assignment(session, assignment, reason, actor_id=actor_id, now=now)
    revoke_idle(session, account_id, [proposal.id])


def recuse_assignment(
    session: Session, assignment: Assignment, reason: str, *, actor_id: int | None, now: datetime
) -> None:
    """The review, if there is one, is kept but no longer counts."""
    source, assignment.status = assignment.status, AssignmentStatus.RECUSED
    assignment.recusal_reason = reason
    row = session.get_one(CallRound, assignment.round_id)
    note(
        session,
        EventKind.REVIEW_RECUSED,
        row,
        now=now,
        actor_id=actor_id,
        proposal_id=assignment.proposal_id,
        subject_id=assignment.id,
        source=source,
        target=assignment.status,
    )


def _answering(session: Session, juror: Juror, now: datetime) -> CallRound:
    """The round, while an answer still counts."""
    row = session.get_one(CallRound, juror.round_id)
    lock(session, row)
    if juror.status is JurorStatus.REMOVED:
        raise DomainError("juror_gone")
    if facts_of_round(session, row).is_over(now):
        raise DomainError("jury_round_over")
    return row


def _require_one_place(session: Session, juror: Juror, account: Account) -> None:
    other = select(Juror.name).where(
        Juror.round_id == juror.round_id,
        Juror.account_id == account.id,
        Juror.status == JurorStatus.ACCEPTED,
        Juror.id != juror.id,
    )
    if session.scalar(other) is not None:
        raise DomainError("already_on_jury")


def _new_account(session: Session, juror: Juror, command: AcceptInvitation, *, proven: bool, now: datetime) -> Account:
    wanted = SignUp(juror.email, command.name or juror.name, command.language, time_zone=command.time_zone)
    return make_account(session, wanted, now=now, verified=proven)


def _live(juror: Juror) -> Select[Assignment]:
    return select(Assignment).where(Assignment.juror_id == juror.id, Assignment.status.in_(LIVE))


def _live_proposals(session: Session, juror: Juror) -> list[int]:
    return [assignment.proposal_id for assignment in session.scalars(_live(juror))]
