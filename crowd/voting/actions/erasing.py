"""What becomes of somebody's votes when their account is erased."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crowd.accounts.commands import erased_address
from crowd.accounts.models import Account
from crowd.core.actor import Actor
from crowd.core.errors import NotAllowed
from crowd.rounds.models import CallRound
from crowd.voting.actions.casting import withdraw_ballot
from crowd.voting.models import Elector, Voter


def erase_person(session: Session, account: Account, *, actor: Actor, clock: Callable[[], datetime]) -> int:
    """Ballots in votes that are closed count, those in open ones are taken back: the address may be signed up with again, and
    nobody votes twice. Returns how many were taken back.
    """
    voted = select(CallRound).join(Voter, Voter.round_id == CallRound.id)
    mine = voted.where(Voter.account_id == account.id, Voter.cast_at.is_not(None), CallRound.sealed_at.is_(None))
    taken_back = 0
    for row in session.scalars(mine.order_by(CallRound.id)).all():
        with suppress(NotAllowed):  # closed, and being counted
            taken_back += withdraw_ballot(session, row, actor=actor, clock=clock)
    session.execute(update(Voter).where(Voter.account_id == account.id).values(network=None))
    listed = update(Elector).where(Elector.email_folded == account.email_folded)
    session.execute(listed.values(email="", email_folded=erased_address(account.id)))
    return taken_back
