"""Editing, holding back and deleting the letter to one author before publishing sends it; sending later what was held back."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.actions import recipient_of
from crowd.accounts.models import Account
from crowd.core.actor import Actor
from crowd.core.errors import IllegalMove, InvalidInput, NotAllowed, StaleVersion
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.core.status import LetterFate, MemberStatus
from crowd.core.subjects import ProposalFacts
from crowd.mailing.actions import send_letter
from crowd.proposals.gates import facts_of_proposal
from crowd.proposals.models import Proposal, TeamMember
from crowd.selection.actions.correct import published_outcome
from crowd.selection.commands import EditLetter
from crowd.selection.models import LetterEdit, Verdict
from crowd.selection.queries.letters import edit_words, edits_of, outcome_context
from crowd.store.events import record_in
from crowd.web.access import require


def edit_letter(
    session: Session, proposal: Proposal, account: Account, command: EditLetter, *, actor: Actor, now: datetime
) -> LetterEdit | None:
    """Change what becomes of one letter; as drafted and to be sent, the edit is gone. The proposal is locked.

    Raises NotAllowed (a stake, or published already), StaleVersion, InvalidInput `letter_reason`, `letter_text`, `letter_nobody`.
    """
    facts = facts_of_proposal(session, proposal)
    require(actor, Permission.SELECTION_DECIDE, facts, now)
    verdict = session.scalar(select(Verdict).where(Verdict.proposal_id == proposal.id))
    if verdict is None or not _is_author(session, proposal, account):
        raise InvalidInput("letter_nobody")
    if command.fate is not LetterFate.SEND and not command.reason.strip():
        raise InvalidInput("letter_reason", "reason")
    if command.replaces and not command.text.strip():
        raise InvalidInput("letter_text", "text")
    edit = edits_of(session, [proposal.id]).get((proposal.id, account.id))
    current = edit.version if edit else 0
    if command.version != current:
        raise StaleVersion(command.version, current)
    _record(session, proposal, account, facts, command.fate, command.reason, actor=actor, now=now)
    if command.fate is LetterFate.SEND and not command.text.strip():
        if edit is not None:
            session.delete(edit)
        return None
    if edit is None:
        edit = LetterEdit(proposal_id=proposal.id, account_id=account.id, version=0)
        session.add(edit)
    edit.text, edit.replaces, edit.fate = command.text.strip(), command.replaces, command.fate
    edit.reason = command.reason.strip() if command.fate is not LetterFate.SEND else ""
    edit.verdict_version, edit.at, edit.by_id = verdict.version, now, actor.account_id
    edit.version += 1
    session.flush()
    return edit


def send_held(session: Session, proposal: Proposal, account: Account, *, actor: Actor, now: datetime) -> None:
    """Send, after publishing, a letter that was held back; once."""
    facts = facts_of_proposal(session, proposal)
    require(actor, Permission.SELECTION_CORRECT, facts.call, now)
    if actor.account_id in facts.stake_ids():
        raise NotAllowed("no_stake")
    edit = edits_of(session, [proposal.id]).get((proposal.id, account.id))
    if edit is None or edit.fate is not LetterFate.HELD or edit.sent_at is not None:
        raise IllegalMove("send", edit.fate if edit else LetterFate.SEND)
    verdict = session.scalar(select(Verdict).where(Verdict.proposal_id == proposal.id))
    extra, outcome = verdict.letter if verdict else "", published_outcome(proposal)
    context = outcome_context(facts.call.rules.title, proposal, outcome, proposal.outcome_reason, extra)
    send_letter(
        session,
        "outcome",
        recipient_of(account),
        context | edit_words(edit),
        now=now,
        once_key=f"outcome-held:{edit.id}",
        organization_id=facts.call.organization.id,
        call_id=facts.call.id,
        thread=f"proposal-{proposal.public_id}",
    )
    edit.sent_at = now
    _record(session, proposal, account, facts, LetterFate.SEND, "", actor=actor, now=now)


def _is_author(session: Session, proposal: Proposal, account: Account) -> bool:
    place = select(TeamMember.id).where(
        TeamMember.proposal_id == proposal.id,
        TeamMember.account_id == account.id,
        TeamMember.status == MemberStatus.ACCEPTED,
    )
    return session.scalar(place) is not None


def _record(  # noqa: PLR0913 (an audit entry, all by name)
    session: Session,
    proposal: Proposal,
    account: Account,
    facts: ProposalFacts,
    fate: LetterFate,
    reason: str,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    about = {"proposal_id": proposal.id, "subject_id": account.id, "target": fate, "reason": reason.strip() or None}
    record_in(session, EventKind.LETTER_EDITED, facts.call, actor=actor, now=now, **about)
