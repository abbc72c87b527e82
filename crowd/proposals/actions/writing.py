"""Writing: drafts, edits, and the versions that edits leave once a proposal is handed in."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.gates import rules_of
from crowd.calls.models import Call
from crowd.core.actor import Actor
from crowd.core.answers import asked_to_hand_in, changed_answers, frozen_changes, searchable
from crowd.core.credit import WHOLE
from crowd.core.errors import InvalidInput, NotAllowed, StaleVersion
from crowd.core.events import EventKind
from crowd.core.fields import answer_part
from crowd.core.permissions import Permission, Refused, judge
from crowd.core.pipeline import Move
from crowd.core.receipt import submission_receipt
from crowd.core.status import MemberStatus, ProposalStatus
from crowd.core.subjects import CallFacts
from crowd.proposals.actions.moves import apply_move
from crowd.proposals.commands import ProposalText
from crowd.proposals.gates import facts_of_proposal
from crowd.proposals.models import Attachment, Proposal, ProposalTag, ProposalVersion, TeamMember
from crowd.proposals.queries import last_version_number
from crowd.store.events import record
from crowd.store.search import index_text
from crowd.web.access import require

MOST_DRAFTS = 30
"""Drafts one person may have in one call."""

BY_THE_CLOCK = frozenset({"submission_open", "ideas_open", "call_not_paused"})
"""Refusals that come with time: what was written until then is kept as a private draft."""


def create_draft(
    session: Session, call: Call, facts: CallFacts, text: ProposalText, *, key: str, actor: Actor, now: datetime
) -> Proposal:
    """A new draft with the public id `key`, its author the only member of the team.

    When the stage closed while it was written the draft is made all the same: private, and not to be handed in.
    """
    judgment = judge(actor, Permission.PROPOSAL_CREATE, facts, now)
    if isinstance(judgment, Refused) and judgment.predicate not in BY_THE_CLOCK:
        raise NotAllowed(judgment.predicate, judgment.opens_at)
    return _insert_draft(session, call, text, key=key, actor=actor, now=now)


def keep_as_draft(
    session: Session, call: Call, text: ProposalText, *, key: str, actor: Actor, now: datetime
) -> Proposal:
    """A change that came too late, kept as a private draft of the person who wrote it; the same text is kept once."""
    same = select(Proposal).where(
        Proposal.call_id == call.id,
        Proposal.lead_id == actor.account_id,
        Proposal.status == ProposalStatus.DRAFT,
        Proposal.title == text.title,
        Proposal.body == text.body,
    )
    return session.scalar(same.limit(1)) or _insert_draft(session, call, text, key=key, actor=actor, now=now)


def _insert_draft(
    session: Session, call: Call, text: ProposalText, *, key: str, actor: Actor, now: datetime
) -> Proposal:
    mine = select(func.count()).where(
        Proposal.call_id == call.id, Proposal.lead_id == actor.account_id, Proposal.status == ProposalStatus.DRAFT
    )
    if (session.scalar(mine) or 0) >= MOST_DRAFTS:
        raise InvalidInput("too_many_drafts", most=MOST_DRAFTS)
    shuffled = {f"shuffle_{n}": secrets.randbits(62) for n in range(1, 9)}
    proposal = Proposal(
        public_id=key,
        call_id=call.id,
        lead_id=actor.account_id,
        created_at=now,
        edited_at=now,
        edited_by_id=actor.account_id,
        version=1,
        **shuffled,
    )
    session.add(proposal)
    session.flush()
    put_text(session, proposal, text)
    session.add(_lead_of(session, proposal))
    record(
        session,
        EventKind.PROPOSAL_CREATED,
        now=now,
        actor_id=actor.account_id,
        organization_id=call.organization_id,
        call_id=call.id,
        proposal_id=proposal.id,
    )
    return proposal


def _lead_of(session: Session, proposal: Proposal) -> TeamMember:
    account = session.get_one(Account, proposal.lead_id)
    return TeamMember(
        proposal_id=proposal.id,
        account_id=account.id,
        position=0,
        name=account.name,
        email=account.email,
        email_folded=account.email_folded,
        roles=[],
        share=WHOLE,
        status=MemberStatus.ACCEPTED,
        answered_at=proposal.created_at,
    )


def edit_proposal(
    session: Session,
    proposal: Proposal,
    text: ProposalText,
    *,
    opened: int,
    actor: Actor,
    now: datetime,
    files_changed: bool = False,
) -> bool:
    """Save a text on the locked row; returns whether anything changed.

    A draft is only overwritten. Once handed in, each change leaves a version; a correction goes back to the queue.
    Raises NotAllowed, StaleVersion (somebody saved since the form was opened), InvalidInput (a part is missing).
    """
    facts = facts_of_proposal(session, proposal)
    require(actor, Permission.PROPOSAL_EDIT, facts, now)
    check_frozen(facts.call, proposal, text.answers, now)
    text = replace(text, answers=changed_answers(dict(proposal.answers), text.answers))
    changed = text != text_of(session, proposal) or files_changed
    if changed and opened != proposal.version:
        raise StaleVersion(opened, proposal.version)
    if not changed and proposal.status is not ProposalStatus.CORRECTION:
        return False
    if proposal.status is not ProposalStatus.DRAFT:
        _check_edit(facts.call, text, now, changed=changed)
    put_text(session, proposal, text)
    proposal.edited_at, proposal.edited_by_id = now, actor.account_id
    if proposal.status is ProposalStatus.DRAFT:
        proposal.version += 1
        return True
    add_version(session, proposal, actor=actor, now=now)
    _leave_trace(session, proposal, actor=actor, now=now)
    return True


def check_frozen(call: CallFacts, proposal: Proposal, given: Mapping[str, Any], now: datetime) -> None:
    """An answer that is fixed by now is refused, whatever form sent it."""
    for asked in frozen_changes(call, dict(proposal.answers), given, now):
        raise InvalidInput("answer_frozen", answer_part(asked.key), label=asked.label)


def _check_edit(call: CallFacts, text: ProposalText, now: datetime, *, changed: bool) -> None:
    """What is handed in stays complete, and a correction corrects something."""
    asked = asked_to_hand_in(call, text.answers, now)
    for part in text.missing(asks_cost=call.rules.asks_cost, asked=asked):
        raise InvalidInput("part_missing", part)
    if not changed:
        raise InvalidInput("nothing_corrected")


def _leave_trace(session: Session, proposal: Proposal, *, actor: Actor, now: datetime) -> None:
    if proposal.status is ProposalStatus.CORRECTION:
        apply_move(session, proposal, Move.CORRECT, actor_id=actor.account_id, now=now)
        return
    record_edit(session, proposal, actor=actor, now=now)


def record_edit(session: Session, proposal: Proposal, *, actor: Actor, now: datetime) -> None:
    proposal.version += 1
    record(
        session,
        EventKind.PROPOSAL_EDITED,
        now=now,
        actor_id=actor.account_id,
        call_id=proposal.call_id,
        proposal_id=proposal.id,
    )


def text_of(session: Session, proposal: Proposal) -> ProposalText:
    tags = session.scalars(select(ProposalTag.tag).where(ProposalTag.proposal_id == proposal.id))
    return ProposalText(
        proposal.title,
        proposal.summary,
        proposal.body,
        proposal.cost,
        proposal.language,
        tuple(sorted(tags)),
        dict(proposal.answers),
    )


def put_text(session: Session, proposal: Proposal, text: ProposalText) -> None:
    proposal.title, proposal.summary, proposal.body = text.title, text.summary, text.body
    proposal.cost, proposal.language = text.cost, text.language
    proposal.answers = changed_answers({}, text.answers)
    session.execute(delete(ProposalTag).where(ProposalTag.proposal_id == proposal.id))
    session.add_all(ProposalTag(proposal_id=proposal.id, tag=tag) for tag in text.tags)
    session.flush()


def add_version(session: Session, proposal: Proposal, *, actor: Actor, now: datetime) -> ProposalVersion:
    """Keep the text as it stands, hashed together with its files and the rules; bring the search index up to date."""
    text = text_of(session, proposal)
    number = last_version_number(session, proposal.id) + 1
    files = _files_of(session, proposal)
    call = session.get_one(Call, proposal.call_id)
    contents = version_contents(number, text, files)
    version = ProposalVersion(
        proposal_id=proposal.id,
        number=number,
        at=now,
        by_id=actor.account_id,
        title=text.title,
        summary=text.summary,
        body=text.body,
        answers=dict(text.answers),
        cost=text.cost,
        language=text.language,
        tags=list(text.tags),
        files=files,
        sha256=submission_receipt(proposal.public_id, contents, now, call.rules_sha256 or ""),
        rules_sha256=call.rules_sha256 or "",
    )
    session.add(version)
    public = searchable(rules_of(call).custom_fields, text.answers)
    words = [text.summary, text.body, *public, *text.tags, str(proposal.number or ""), proposal.external_id or ""]
    index_text(session, "proposal", proposal.id, text.title, "\n".join(words), within=call.id)
    return version


def version_contents(number: int, text: ProposalText, files: Sequence[object]) -> dict[str, object]:
    """A version as the data that its receipt is the hash of."""
    return {
        "number": number,
        "title": text.title,
        "summary": text.summary,
        "body": text.body,
        "cost": text.cost,
        "language": text.language,
        "tags": list(text.tags),
        "answers": dict(text.answers),
        "files": list(files),
    }


def _files_of(session: Session, proposal: Proposal) -> list[dict[str, object]]:
    rows = session.scalars(
        select(Attachment)
        .where(Attachment.proposal_id == proposal.id, Attachment.removed_at.is_(None), Attachment.answers.is_(None))
        .order_by(Attachment.id)
    )
    return [{"name": row.filename, "size": row.size, "sha256": row.sha256} for row in rows]
