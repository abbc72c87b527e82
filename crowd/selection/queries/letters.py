"""What authors will be sent: the same words in the preview and in the mail."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.core.status import LetterFate, MemberStatus, Outcome
from crowd.proposals.models import Proposal, TeamMember
from crowd.selection.models import LetterEdit
from crowd.selection.queries.room import Row


@dataclass(frozen=True)
class OutcomeLetter:
    """One letter to one author."""

    account: Account
    proposal: Proposal
    outcome: Outcome
    context: dict[str, Any]
    edit: LetterEdit | None = None
    outdated: bool = False  # written for another verdict than the one that stands now

    @property
    def fate(self) -> LetterFate:
        return self.edit.fate if self.edit else LetterFate.SEND


def outcome_context(call_title: str, proposal: Proposal, outcome: Outcome, reason: str, letter: str) -> dict[str, Any]:
    """What `mails/outcome.txt` is filled with."""
    return {
        "call": call_title,
        "proposal": proposal.title,
        "reason": reason,
        "letter": letter,
        "target": outcome.value,
        "path": f"/proposals/{proposal.public_id}",
        **edit_words(None),
    }


def edit_words(edit: LetterEdit | None) -> dict[str, str]:
    """What an edit puts into the letter."""
    text = edit.text if edit else ""
    return {"own_text": text if edit and edit.replaces else "", "added": "" if edit and edit.replaces else text}


def edits_of(session: Session, proposal_ids: Iterable[int]) -> dict[tuple[int, int], LetterEdit]:
    """By proposal and account."""
    query = select(LetterEdit).where(LetterEdit.proposal_id.in_(list(proposal_ids)))
    rows = session.scalars(query.execution_options(populate_existing=True))
    return {(row.proposal_id, row.account_id): row for row in rows}


def seen_fingerprint(room_fingerprint: str, letters: Iterable[OutcomeLetter]) -> str:
    """Of what is previewed: the verdicts, and the letters where somebody changed one."""
    edits = sorted(f"{letter.edit.id}:{letter.edit.version}" for letter in letters if letter.edit)
    return (
        hashlib.sha256("\n".join([room_fingerprint, *edits]).encode()).hexdigest()[:20] if edits else room_fingerprint
    )


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
    edits = edits_of(session, decided)
    return [
        _letter(call_title, row, account, edits.get((id_, account.id)))
        for id_, row in decided.items()
        for account in teams.get(id_, ())
    ]


def _letter(call_title: str, row: Row, account: Account, edit: LetterEdit | None) -> OutcomeLetter:
    verdict = row.verdict
    if verdict is None:
        raise ValueError(row.proposal.public_id)
    context = outcome_context(call_title, row.proposal, verdict.outcome, verdict.reason, verdict.letter)
    outdated = edit is not None and edit.verdict_version != verdict.version
    return OutcomeLetter(account, row.proposal, verdict.outcome, context | edit_words(edit), edit, outdated)
