"""Giving credit, and putting it right."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from crowd.accounts.models import Account
from crowd.core.credit import accepted_shares
from crowd.core.events import EventKind
from crowd.core.status import MemberStatus
from crowd.core.subjects import CallFacts
from crowd.proposals.models import Contribution, Proposal, TeamMember
from crowd.selection.models import Credit
from crowd.store.events import record
from crowd.store.types import new_public_id


def issue_credits(
    session: Session, proposals: Sequence[Proposal], call: CallFacts, *, actor_id: int | None, now: datetime
) -> list[Credit]:
    """Credit everybody who accepted a place in these teams, once: roles as agreed, shares of those who accepted made whole."""
    if not proposals:
        return []
    leads = {proposal.id: proposal.lead_id for proposal in proposals}
    held = _holders(session, list(leads))
    credits_: list[Credit] = []
    for proposal_id, team in _teams(session, list(leads)).items():
        lead = next((str(member.id) for member, _ in team if member.account_id == leads[proposal_id]), None)
        shares = accepted_shares({str(member.id): member.share for member, _ in team}, lead)
        credits_ += [
            Credit(
                code=new_public_id(),
                proposal_id=proposal_id,
                account_id=member.account_id,
                name=name or member.name,
                roles=list(member.roles),
                share=shares[str(member.id)],
                issued_at=now,
            )
            for member, name in team
            if (proposal_id, member.account_id) not in held
        ]
    credits_ += _of_comments(session, list(leads), held, now)
    session.add_all(credits_)
    session.flush()
    for credit in credits_:
        _record_issue(session, credit, call, actor_id=actor_id, now=now)
    return credits_


def _of_comments(
    session: Session, proposal_ids: Sequence[int], held: set[tuple[int, int | None]], now: datetime
) -> list[Credit]:
    """Whoever gave an idea, or feedback that changed the text, once for each proposal; no share."""
    rows = session.execute(
        select(Contribution, Account.name)
        .join(Account, Account.id == Contribution.account_id)
        .where(Contribution.proposal_id.in_(proposal_ids), Account.id.not_in(_members_of(Contribution.proposal_id)))
        .order_by(Contribution.id)
    )
    found: dict[tuple[int, int | None], Credit] = {}
    for row, name in rows:
        key = (row.proposal_id, row.account_id)
        if key in held:
            continue
        credit = found.setdefault(key, _credit_of(row, name, now))
        credit.roles = sorted({*credit.roles, row.role.value}, reverse=True)
        if row.unnamed_at is not None:
            credit.name = ""
    return list(found.values())


def _members_of(proposal_id: InstrumentedAttribute[int]) -> Select[int | None]:
    return select(TeamMember.account_id).where(
        TeamMember.proposal_id == proposal_id,
        TeamMember.status == MemberStatus.ACCEPTED,
        TeamMember.account_id.is_not(None),
    )


def _credit_of(row: Contribution, name: str, now: datetime) -> Credit:
    return Credit(
        code=new_public_id(),
        proposal_id=row.proposal_id,
        account_id=row.account_id,
        name=name,
        roles=[],
        share=0,
        issued_at=now,
    )


def _teams(session: Session, proposal_ids: Sequence[int]) -> dict[int, list[tuple[TeamMember, str | None]]]:
    rows = session.execute(
        select(TeamMember, Account.name)
        .outerjoin(Account, Account.id == TeamMember.account_id)
        .where(TeamMember.proposal_id.in_(proposal_ids), TeamMember.status == MemberStatus.ACCEPTED)
        .order_by(TeamMember.proposal_id, TeamMember.position, TeamMember.id)
    )
    teams: dict[int, list[tuple[TeamMember, str | None]]] = {}
    for member, name in rows:
        teams.setdefault(member.proposal_id, []).append((member, name))
    return teams


def _holders(session: Session, proposal_ids: Sequence[int]) -> set[tuple[int, int | None]]:
    rows = session.execute(
        select(Credit.proposal_id, Credit.account_id).where(
            Credit.proposal_id.in_(proposal_ids), Credit.account_id.is_not(None)
        )
    )
    return set(rows)


def _record_issue(session: Session, credit: Credit, call: CallFacts, *, actor_id: int | None, now: datetime) -> None:
    record(
        session,
        EventKind.CREDIT_ISSUED,
        now=now,
        actor_id=actor_id,
        organization_id=call.organization.id,
        call_id=call.id,
        proposal_id=credit.proposal_id,
        subject_id=credit.id,
        account_id=credit.account_id,
    )
