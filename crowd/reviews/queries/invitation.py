"""An invitation by the token of its link."""

from dataclasses import dataclass

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, joinedload

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.core.status import JurorStatus
from crowd.organizations.models import Membership
from crowd.reviews.models import Juror
from crowd.rounds.models import CallRound


@dataclass(frozen=True)
class Invitation:
    """`proven`: the link was mailed to the address, not copied by a chair. `holder`: the account of that address, if any."""

    juror: Juror
    proven: bool
    inviter: str | None
    holder: Account | None
    holder_has_role: bool


def find_invitation(session: Session, token_hash: str) -> Invitation | None:
    """By the hash of the mailed or of the copied link's token; None for a removed juror."""
    round_ = joinedload(Juror.round).joinedload(CallRound.call)
    juror = session.scalar(
        select(Juror)
        .where(
            or_(Juror.token_hash == token_hash, Juror.copied_hash == token_hash), Juror.status != JurorStatus.REMOVED
        )
        .options(
            round_.joinedload(Call.organization),
            round_.selectinload(Call.stages),
            joinedload(Juror.account),
        )
    )
    if juror is None:
        return None
    holder, has_role = rights_of_account(session, juror)
    inviter = session.scalar(select(Account.name).where(Account.id == juror.invited_by_id))
    return Invitation(juror, juror.token_hash == token_hash, inviter, holder, has_role)


def rights_of_account(session: Session, juror: Juror) -> tuple[Account | None, bool]:
    """The account the juror accepted with, else that of the invited address; and whether it has a role in any organization."""
    wanted = Account.id == juror.account_id if juror.account_id else Account.email_folded == juror.email_folded
    found = session.execute(
        select(Account, exists().where(Membership.account_id == Account.id)).where(wanted)
    ).one_or_none()
    return (found[0], found[1]) if found else (None, False)
