"""What becomes of somebody's places on juries when their account is erased."""

from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from crowd.accounts.commands import erased_address
from crowd.accounts.models import Account
from crowd.core.events import EventKind
from crowd.core.status import AssignmentStatus, JurorStatus
from crowd.reviews.actions.links import digest
from crowd.reviews.actions.readers import note, revoke_idle
from crowd.reviews.models import Assignment, Conflict, Juror, Review
from crowd.rounds.models import CallRound
from crowd.store.secrets import new_token


def erase_person(session: Session, account: Account, *, now: datetime) -> None:
    """Reviews that are in count on; open work is free again, what was begun is gone, and nothing is given to the place any more."""
    mine = select(Juror).where(or_(Juror.account_id == account.id, Juror.email_folded == account.email_folded))
    for juror in session.scalars(mine.order_by(Juror.id).with_for_update()).all():
        _leave(session, juror, account, now)
    wrote = update(Conflict).where(Conflict.juror_id.in_(mine.with_only_columns(Juror.id)))
    session.execute(wrote.where(Conflict.by_id == account.id).values(reason=""))
    session.flush()


def _leave(session: Session, juror: Juror, account: Account, now: datetime) -> None:
    row = session.get_one(CallRound, juror.round_id)
    if juror.status is JurorStatus.INVITED:
        juror.status, juror.answered_at = JurorStatus.DECLINED, now
        told = {"subject_id": juror.id, "source": JurorStatus.INVITED, "target": JurorStatus.DECLINED}
        note(session, EventKind.JUROR_DECLINED, row, now=now, **told)
    if juror.is_chair:
        juror.is_chair = False
        note(session, EventKind.JUROR_CHAIR_SET, row, now=now, subject_id=juror.id, is_chair=False)
    _free_open_work(session, juror, row, now)
    juror.account_id = account.id if juror.status is JurorStatus.ACCEPTED else juror.account_id
    juror.name = juror.email = juror.expertise = juror.decline_reason = ""
    juror.skills, juror.load_limit = [], 0
    juror.email_folded = erased_address(account.id, juror.id)
    juror.token_hash, juror.copied_hash = digest(new_token()), digest(new_token())
    session.execute(update(Assignment).where(Assignment.juror_id == juror.id).values(recusal_reason=""))


def _free_open_work(session: Session, juror: Juror, row: CallRound, now: datetime) -> None:
    query = select(Assignment).where(Assignment.juror_id == juror.id, Assignment.status == AssignmentStatus.ASSIGNED)
    freed = session.scalars(query.order_by(Assignment.id).with_for_update()).all()
    for assignment in freed:
        assignment.status = AssignmentStatus.WITHDRAWN
        told = {"proposal_id": assignment.proposal_id, "subject_id": assignment.id, "juror_id": juror.id}
        note(session, EventKind.REVIEW_UNASSIGNED, row, now=now, **told)
    begun = select(Assignment.id).where(Assignment.juror_id == juror.id)
    session.execute(delete(Review).where(Review.assignment_id.in_(begun), Review.submitted_at.is_(None)))
    if juror.account_id is not None:
        revoke_idle(session, juror.account_id, [assignment.proposal_id for assignment in freed])
