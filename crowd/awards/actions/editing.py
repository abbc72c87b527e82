"""Changing a prize of which nothing is paid; what it was before stays to be read, with the reason."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from crowd.awards.actions.giving import check_prize, lock_parts, may_settle, record_of
from crowd.awards.commands import EditAward
from crowd.awards.models import Award, AwardChange, AwardPart
from crowd.awards.queries import changes_of
from crowd.core.actor import Actor
from crowd.core.awards import PartState, split
from crowd.core.errors import InvalidInput, StaleVersion
from crowd.core.events import EventKind


def edit_award(session: Session, award: Award, command: EditAward, *, actor: Actor, now: datetime) -> None:
    """Change the locked prize. What it gives is split anew by the same shares, and whoever had answered is asked again.

    InvalidInput without a reason, without a change, or once a part is paid; StaleVersion where somebody else changed it meanwhile.
    """
    may_settle(session, award, actor, now)
    parts = lock_parts(session, award)
    if award.taken_back_at is not None or any(part.state is PartState.PAID for part in parts):
        raise InvalidInput("award_settled")
    known = len(changes_of(session, award.id))
    if command.version != known:
        raise StaleVersion(command.version, known)
    check_prize(command.amount, command.currency, command.thing)
    if not command.reason.strip():
        raise InvalidInput("award_change_reason", "reason")
    before, after = prize_data(award), prize_data(command)
    if before == after:
        raise InvalidInput("award_unchanged")
    session.add(
        AwardChange(award_id=award.id, before=before, reason=command.reason.strip(), at=now, by_id=actor.account_id)
    )
    award.title, award.thing = command.title, command.thing
    award.amount, award.currency = command.amount, command.currency
    if {**before, "title": ""} != {**after, "title": ""}:
        _split_anew(award, parts)
    record_of(session, EventKind.AWARD_EDITED, award, actor=actor, now=now)


def prize_data(prize: Award | EditAward) -> dict[str, Any]:
    return {"title": prize.title, "amount": prize.amount, "currency": prize.currency, "thing": prize.thing}


def _split_anew(award: Award, parts: Sequence[AwardPart]) -> None:
    amounts = split(award.amount, {part.id: part.share for part in parts}) if award.amount else {}
    for part in parts:
        part.amount = amounts.get(part.id)
        part.state, part.answered_at, part.answer = PartState.DUE, None, ""
