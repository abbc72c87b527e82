"""What becomes of what somebody kept at an organization's desk when their account is erased."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from crowd.desk.models import ChosenColumns, Colleague, SavedFilter


def erase_person(session: Session, account_id: int) -> None:
    """Filters shared with the organization and notes on proposals are the organization's; the rest goes."""
    session.execute(delete(Colleague).where(Colleague.account_id == account_id))
    session.execute(delete(ChosenColumns).where(ChosenColumns.account_id == account_id))
    own = delete(SavedFilter).where(SavedFilter.owner_id == account_id, SavedFilter.is_shared.is_(False))
    session.execute(own)
