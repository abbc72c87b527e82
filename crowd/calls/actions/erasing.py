"""What becomes of somebody's ways into calls when their account is erased."""

from datetime import datetime

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from crowd.accounts.commands import erased_address
from crowd.accounts.models import Account
from crowd.calls.models import Admission, CallInvitation, LatePermit


def erase_person(session: Session, account: Account, *, now: datetime) -> None:
    """A permit to hand in late stays on record, as a contributor's: it explains why something came after the close."""
    session.execute(delete(Admission).where(Admission.account_id == account.id))
    session.execute(delete(CallInvitation).where(CallInvitation.email_folded == account.email_folded))
    mine = or_(LatePermit.account_id == account.id, LatePermit.email_folded == account.email_folded)
    for permit in session.scalars(select(LatePermit).where(mine)).all():
        permit.account_id, permit.revoked_at = account.id, permit.revoked_at or now
        permit.email, permit.email_folded, permit.reason = "", erased_address(account.id, permit.id), ""
    sent = func.lower(CallInvitation.email) == account.email_folded
    for invitation in session.scalars(select(CallInvitation).where(sent)).all():
        invitation.email = ""
    session.flush()
