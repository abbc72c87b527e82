"""What authors will be sent: the same words in the preview and in the mail."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.core.status import MemberStatus, Outcome
from crowd.proposals.models import Proposal, TeamMember
from crowd.selection.queries.room import Row


@dataclass(frozen=True)
class OutcomeLetter:
    """One letter to one author."""

    account: Account
    proposal: Proposal
    outcome: Outcome
    context: dict[str, Any]


def outcome_context(call_title: str, proposal: Proposal, outcome: Outcome, reason: str, letter: str) -> dict[str, Any]:
    """What `mails/outcome.txt` is filled with."""
    return {
        "call": call_title,
        "proposal": proposal.title,
        "reason": reason,
        "letter": letter,
        "target": outcome.value,
        "path": f"/proposals/{proposal.public_id}",
    }


def outcome_letters(session: Session, call_title: str, rows: Iterable[Row]) -> list[OutcomeLetter]:
    """Every letter that publishing would send: one to each author of each decided proposal, in the order of the ranking."""
    decided = {row.proposal.id: row for row in rows if row.verdict is not None}
    authors = session.execute(
        select(TeamMember.proposal_id, Account)
        .join(Account, Account.id == TeamMember.account_id)
        .where(
            TeamMember.proposal_id.in_(decided),
            TeamMember.status == MemberStatus.ACCEPTED,
            Account.blocked_at.is_(None),
        )
        .order_by(TeamMember.position, TeamMember.id)
    )
    teams: dict[int, list[Account]] = {}
    for proposal_id, account in authors:
        teams.setdefault(proposal_id, []).append(account)
    return [_letter(call_title, row, account) for id_, row in decided.items() for account in teams.get(id_, ())]


def _letter(call_title: str, row: Row, account: Account) -> OutcomeLetter:
    verdict = row.verdict
    if verdict is None:
        raise ValueError(row.proposal.public_id)
    context = outcome_context(call_title, row.proposal, verdict.outcome, verdict.reason, verdict.letter)
    return OutcomeLetter(account, row.proposal, verdict.outcome, context)
