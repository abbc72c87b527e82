"""What becomes of somebody's prizes when their account is erased."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from crowd.awards.models import AwardPart


def erase_person(session: Session, account_id: int) -> None:
    """What was given, to what share and whether it was paid stays on record, as a contributor's."""
    mine = update(AwardPart).where(AwardPart.account_id == account_id)
    session.execute(mine.values(name="", answer=""))
