"""Texts and what happened to them: versions, drafts, screening decisions, the timeline."""

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.core.events import EventKind
from crowd.core.progress import TOLD, Happening
from crowd.core.status import ProposalStatus
from crowd.proposals.models import BehalfEntry, Proposal, ProposalVersion, Screening
from crowd.store.models import Event


def last_version_number(session: Session, proposal_id: int) -> int:
    """The number of the newest version, 0 before the first."""
    newest = select(func.max(ProposalVersion.number)).where(ProposalVersion.proposal_id == proposal_id)
    return session.scalar(newest) or 0


def newest_versions(session: Session, proposal_ids: Iterable[int]) -> dict[int, int]:
    """The number of the newest version of each; those without one are left out."""
    query = select(ProposalVersion.proposal_id, func.max(ProposalVersion.number))
    rows = session.execute(
        query.where(ProposalVersion.proposal_id.in_(list(proposal_ids))).group_by(ProposalVersion.proposal_id)
    )
    return dict(iter(rows))


def version_read(said: int, newest: int) -> int:
    """The version that a form says was read; the newest where it says none that there is. Versions are numbered without gaps."""
    return said if 1 <= said <= newest else newest


def versions_of(session: Session, proposal_id: int) -> list[ProposalVersion]:
    """All versions, the newest first."""
    query = select(ProposalVersion).where(ProposalVersion.proposal_id == proposal_id)
    return list(session.scalars(query.order_by(ProposalVersion.number.desc())))


def behalf_entry(session: Session, proposal: Proposal) -> BehalfEntry | None:
    """For whom the organization entered this proposal, and when that person took it over."""
    if proposal.entered is None:
        return None
    return session.scalar(select(BehalfEntry).where(BehalfEntry.proposal_id == proposal.id))


def drafts_in(session: Session, call_id: int, account_id: int | None) -> list[Proposal]:
    """A person's own drafts in a call, the one written last first."""
    query = select(Proposal).where(
        Proposal.call_id == call_id, Proposal.lead_id == account_id, Proposal.status == ProposalStatus.DRAFT
    )
    return list(session.scalars(query.order_by(Proposal.edited_at.desc(), Proposal.id.desc())))


def draft_by_key(session: Session, key: str, call_id: int, account_id: int | None) -> Proposal | None:
    """The person's own proposal in this call that a form named before it was first saved."""
    return session.scalar(
        select(Proposal).where(Proposal.public_id == key, Proposal.call_id == call_id, Proposal.lead_id == account_id)
    )


def last_screening(session: Session, proposal_id: int) -> Screening | None:
    """The newest decision in screening, the one that holds."""
    query = select(Screening).where(Screening.proposal_id == proposal_id)
    return session.scalar(query.order_by(Screening.id.desc()).limit(1))


def proposal_exists(session: Session, public_id: str) -> bool:
    return session.scalar(select(Proposal.id).where(Proposal.public_id == public_id)) is not None


def happenings_of(session: Session, proposal_id: int) -> list[Happening]:
    """What the proposal's timeline is made of, in order."""
    query = select(Event.kind, Event.at).where(Event.proposal_id == proposal_id, Event.kind.in_(list(TOLD)))
    return [Happening(kind, at) for kind, at in session.execute(query.order_by(Event.id))]


def withdrawal_reason(session: Session, proposal_id: int) -> str:
    query = select(Event.reason).where(Event.proposal_id == proposal_id, Event.kind == EventKind.PROPOSAL_WITHDRAWN)
    return session.scalar(query.order_by(Event.id.desc()).limit(1)) or ""


def names_of(session: Session, account_ids: Iterable[int | None]) -> dict[int, str]:
    ids = [id_ for id_ in account_ids if id_ is not None]
    rows = session.execute(select(Account.id, Account.name).where(Account.id.in_(ids)))
    return dict(rows.all())
