"""A receiver accepts a part of a prize, or declines it."""

from datetime import datetime

from sqlalchemy.orm import Session

from crowd.awards.actions.giving import record_of
from crowd.awards.actions.settling import standing
from crowd.awards.models import AwardPart
from crowd.core.actor import Actor
from crowd.core.awards import PartMove, next_state
from crowd.core.errors import NotAllowed
from crowd.core.events import EventKind

ANSWERS = {PartMove.ACCEPT: EventKind.AWARD_ACCEPTED, PartMove.DECLINE: EventKind.AWARD_DECLINED}


def answer_part(session: Session, part: AwardPart, move: PartMove, reason: str, *, actor: Actor, now: datetime) -> None:
    """`part` is locked. It may be answered otherwise until it is paid; IllegalMove after that."""
    if actor.account_id is None or actor.account_id != part.account_id:
        raise NotAllowed("author")
    award = standing(session, part)
    source = part.state
    part.state = next_state(move, part.state)
    part.answered_at, part.answer = now, reason.strip() if move is PartMove.DECLINE else ""
    record_of(session, ANSWERS[move], award, actor=actor, now=now, part=part, change=(source, part.state))
