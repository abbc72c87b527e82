"""Entering a proposal on behalf of somebody who has no account, and claiming it later."""

import secrets
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.commands import fold_address
from crowd.accounts.models import Account
from crowd.calls.gates import facts_of_call
from crowd.calls.models import Call
from crowd.core.actor import Actor
from crowd.core.answers import asked_to_hand_in
from crowd.core.credit import WHOLE
from crowd.core.errors import IllegalMove, InvalidInput
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.core.pipeline import Move
from crowd.core.rules import CallRules
from crowd.core.status import MemberStatus
from crowd.core.subjects import CallFacts
from crowd.mailing.actions import Recipient, send_letter
from crowd.proposals.actions.answering import insert_answers
from crowd.proposals.actions.attaching import insert_files
from crowd.proposals.actions.limits import check_taking_over
from crowd.proposals.actions.moves import apply_move, revoke_reader
from crowd.proposals.actions.team import token_hash
from crowd.proposals.actions.writing import add_version, put_text
from crowd.proposals.commands import Behalf, ProposalText
from crowd.proposals.models import BehalfEntry, Declaration, Proposal, TeamMember
from crowd.store.events import record
from crowd.web.access import require


def enter_proposal(
    session: Session, call: Call, text: ProposalText, behalf: Behalf, *, key: str, actor: Actor, now: datetime
) -> Proposal:
    """Hand in at once what came another way; `call` is locked. The same `key` enters once.

    Whoever enters is on record and has no stake by that. Raises NotAllowed, InvalidInput for a missing part.
    """
    facts = facts_of_call(session, call.id)
    require(actor, Permission.PROPOSAL_ENTER, facts, now)
    known = session.scalar(select(Proposal).where(Proposal.public_id == key, Proposal.call_id == call.id))
    if known is not None:
        return known
    for part in _missing(facts, text, behalf, now):
        raise InvalidInput("part_missing", part)
    proposal = insert_entered(session, call, text, behalf, key=key, actor=actor, now=now)
    entry = _keep_entry(session, proposal, behalf, actor, now)
    insert_files(session, proposal, behalf.files, actor=actor, now=now)
    attached = insert_answers(session, proposal, behalf.answers, actor=actor, now=now)
    proposal.answers = {**proposal.answers, **attached}
    _hand_in(session, call, facts.rules, proposal, actor, now)
    if behalf.email:
        mail_claim(session, call, proposal, entry, now)
    return proposal


def _missing(facts: CallFacts, text: ProposalText, behalf: Behalf, now: datetime) -> tuple[str, ...]:
    answers = {**text.answers, **dict.fromkeys(behalf.answers, "…")}
    asked = asked_to_hand_in(facts, answers, now)
    return replace(text, answers=answers).missing(asks_cost=facts.rules.asks_cost, asked=asked)


def insert_entered(
    session: Session, call: Call, text: ProposalText, behalf: Behalf, *, key: str, actor: Actor, now: datetime
) -> Proposal:
    """The row as a draft without a lead, its text, and its author by name."""
    proposal = Proposal(
        public_id=key,
        call_id=call.id,
        entered=behalf.channel,
        created_at=now,
        edited_at=now,
        version=1,
        **{f"shuffle_{n}": secrets.randbits(62) for n in range(1, 9)},
    )
    session.add(proposal)
    session.flush()
    put_text(session, proposal, text)
    session.add(
        TeamMember(
            proposal_id=proposal.id,
            position=0,
            name=behalf.name,
            email=behalf.email,
            email_folded=fold_address(behalf.email),
            roles=[],
            share=WHOLE,
            status=MemberStatus.ACCEPTED,
            answered_at=now,
        )
    )
    return proposal


def _keep_entry(session: Session, proposal: Proposal, behalf: Behalf, actor: Actor, now: datetime) -> BehalfEntry:
    entry = BehalfEntry(
        proposal_id=proposal.id,
        name=behalf.name,
        email=behalf.email,
        contact=behalf.contact,
        consent=behalf.consent,
        entered_by_id=actor.account_id,
        at=now,
    )
    session.add(entry)
    return entry


def _hand_in(session: Session, call: Call, rules: CallRules, proposal: Proposal, actor: Actor, now: datetime) -> None:
    call.last_number += 1
    proposal.number, proposal.submitted_at = call.last_number, now
    record(
        session,
        EventKind.PROPOSAL_ENTERED,
        now=now,
        actor_id=actor.account_id,
        organization_id=call.organization_id,
        call_id=call.id,
        proposal_id=proposal.id,
    )
    apply_move(session, proposal, Move.SUBMIT, actor_id=actor.account_id, now=now)
    session.add(
        Declaration(
            proposal_id=proposal.id,
            account_id=None,
            at=now,
            rules_sha256=call.rules_sha256 or "",
            items=list(rules.declarations),
        )
    )
    proposal.receipt_sha256 = add_version(session, proposal, actor=actor, now=now).sha256


def mail_claim(session: Session, call: Call, proposal: Proposal, entry: BehalfEntry, now: datetime) -> None:
    """A new link to the person's address. In no list of the organization: it opens the proposal to whoever holds it."""
    token = secrets.token_urlsafe(24)
    entry.token_hash, entry.claim_due = token_hash(token), False
    send_letter(
        session,
        "entry_claim",
        Recipient(entry.email, entry.name, "es" if proposal.language == "es" else "en"),
        {"call": call.title, "proposal": proposal.title, "number": proposal.number, "token": token},
        now=now,
        has_secret=True,
        call_id=call.id,
        thread=f"proposal-{proposal.public_id}",
    )


def claim_entry(session: Session, proposal: Proposal, entry: BehalfEntry, *, actor: Actor, now: datetime) -> None:
    """Whoever holds the mailed link and has an account becomes the lead of what was entered for them; call and rows are locked.

    Raises InvalidInput where the person stands in as many proposals as they may; the link stays good.
    """
    require(actor, Permission.SIGNED_IN, None, now)
    if entry.claimed_at is not None:
        raise IllegalMove("claim", "claimed")
    account = session.get_one(Account, actor.account_id)
    member = session.scalars(
        select(TeamMember).where(
            TeamMember.proposal_id == proposal.id, TeamMember.account_id.is_(None), TeamMember.name == entry.name
        )
    ).first()
    if member is None:
        raise InvalidInput("entry_changed")
    check_taking_over(session, facts_of_call(session, proposal.call_id).rules, proposal, account.id)
    member.account_id, member.name = account.id, account.name
    member.email, member.email_folded = account.email, account.email_folded
    proposal.lead_id, entry.token_hash, entry.claimed_at, entry.refused_at = account.id, None, now, None
    proposal.version += 1
    revoke_reader(session, proposal.id, account.id)
    record(
        session,
        EventKind.PROPOSAL_CLAIMED,
        now=now,
        actor_id=account.id,
        call_id=proposal.call_id,
        proposal_id=proposal.id,
    )


def note_refused_claim(
    session: Session, proposal: Proposal, entry: BehalfEntry, *, actor: Actor, now: datetime
) -> None:
    """Tell the organization, which cannot know otherwise, that the limit kept somebody from taking over what is theirs."""
    if entry.claimed_at is not None or entry.refused_at is not None:
        return
    entry.refused_at = now
    record(
        session,
        EventKind.PROPOSAL_CLAIM_REFUSED,
        now=now,
        actor_id=actor.account_id,
        call_id=proposal.call_id,
        proposal_id=proposal.id,
    )
