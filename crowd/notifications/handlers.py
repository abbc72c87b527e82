"""From events to notices and mails: who, what, in which language, once."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crowd.accounts.actions import recipient_of
from crowd.accounts.models import Account
from crowd.calls.gates import rules_of
from crowd.calls.models import Call
from crowd.conversation.models import Comment
from crowd.core.events import EventKind
from crowd.core.notices import BY_EVENT, DIGESTS, Channel, NoticeKind, next_digest
from crowd.core.status import LetterFate, ProposalStatus
from crowd.mailing.actions import send_letter
from crowd.mailing.models import Mail
from crowd.notifications.gates import path_of
from crowd.notifications.models import Notification
from crowd.notifications.queries import (
    RECIPIENTS,
    Subjects,
    channels_of,
    other_title,
    outcome_words,
    reachable,
    recused_from,
    still_said,
    subjects_of,
    thing_of,
    told_already,
)
from crowd.proposals.models import Proposal, TeamMember
from crowd.selection.models import LetterEdit
from crowd.selection.queries.letters import edit_words, edits_of
from crowd.store.db import in_chunks
from crowd.store.models import Event

MOST_WORDS = 2_000
OUTCOME = "outcome"
OF_DRAFTS = frozenset(
    "deadline_near team_answer call_amended join_asked join_declined team_question team_changed team_left".split()
)
"""Kinds whose mails say who writes a draft, or who was asked to join a team."""

OF_MERGES = frozenset(
    {
        EventKind.PROPOSAL_MERGED,
        EventKind.PROPOSAL_TOOK_IN,
        EventKind.PROPOSAL_MERGE_UNDONE,
        EventKind.BALLOTS_MOVED,
    }
)


def notify(session: Session, event: Event) -> None:
    """The subscriber of every event that somebody is told about."""
    subjects = subjects_of(session, event)
    if subjects is None or (subjects.call is not None and subjects.call.is_rehearsal):
        return
    for kind in BY_EVENT[event.kind]:
        if subjects.comment is not None and event.kind is EventKind.COMMENT_POSTED and not still_said(subjects.comment):
            continue
        found = {id_ for id_ in RECIPIENTS[kind.whom](session, event) if id_ is not None}
        if not kind.own:
            found.discard(event.actor_id or 0)
        found -= recused_from(session, event.proposal_id)
        for ids in in_chunks(sorted(found)):
            _tell(session, kind, event, subjects, ids)


def _tell(session: Session, kind: NoticeKind, event: Event, subjects: Subjects, ids: list[int]) -> None:
    known, channels = told_already(session, kind, event, ids), channels_of(session, kind, ids)
    data, path = _data(session, event, subjects), path_of(kind.key, subjects.call, subjects.proposal)
    letter = {**data, "path": path, **_dates(data, subjects)}
    edits = edits_of(session, [event.proposal_id or 0]) if kind.key == OUTCOME else {}
    for account in reachable(session, ids):
        channel = channels[account.id]
        if account.id in known or channel is Channel.OFF:
            continue
        notice = Notification(
            account_id=account.id,
            event_id=event.id,
            kind=kind.key,
            thing=thing_of(kind, event),
            call_id=event.call_id,
            proposal_id=event.proposal_id,
            comment_id=subjects.comment.id if subjects.comment else None,
            path=path,
            data=data,
            created_at=event.at,
            digest_at=next_digest(channel, event.at, account.time_zone) if channel in DIGESTS else None,
        )
        edit = edits.get((event.proposal_id or 0, account.id))
        if channel is Channel.AT_ONCE and account.verified_at is not None and _is_sent(edit):
            own = {**letter, **edit_words(edit)} if edit else letter
            notice.mail_id = _mail(session, kind, event, account, own, subjects).id
        session.add(notice)
    session.flush()


def _is_sent(edit: LetterEdit | None) -> bool:
    """A letter that a manager held back or deleted stays away; what happened is told in the product all the same."""
    return edit is None or edit.fate is LetterFate.SEND


def withdraw(session: Session, event: Event) -> None:
    """A comment was taken back or hidden: what was told of it is shown no more, except to its author, who is told why."""
    _show(session, event, event.at)


def show_again(session: Session, event: Event) -> None:
    """A comment stands again, unless it was hidden or taken back since."""
    comment = session.get(Comment, event.subject_id)
    if comment is not None and still_said(comment):
        _show(session, event, None)


def _show(session: Session, event: Event, gone_at: datetime | None) -> None:
    session.execute(
        update(Notification)
        .where(Notification.comment_id == event.subject_id, Notification.kind != "comment_hidden")
        .values(gone_at=gone_at)
    )


def withdraw_from_recused(session: Session, event: Event) -> None:
    """A conflict is on record: what this person was told of the proposal stands nowhere for them any more."""
    about = select(Event.id).where(Event.proposal_id == event.proposal_id)
    mine = (Notification.proposal_id == event.proposal_id, Notification.account_id == event.subject_id)
    if event.subject_id in recused_from(session, event.proposal_id):
        session.execute(update(Notification).where(*mine).values(gone_at=event.at))
        letters = (Mail.account_id == event.subject_id, Mail.event_id.in_(about))
        session.execute(update(Mail).where(*letters).values(account_id=None))


def withdraw_proposal(session: Session, event: Event) -> None:
    """A proposal was hidden: what others than its team were told of it is shown no more."""
    _show_proposal(session, event, event.at)


def show_proposal_again(session: Session, event: Event) -> None:
    _show_proposal(session, event, None)


def _show_proposal(session: Session, event: Event, gone_at: datetime | None) -> None:
    team = select(TeamMember.account_id).where(
        TeamMember.proposal_id == event.proposal_id, TeamMember.account_id.is_not(None)
    )
    session.execute(
        update(Notification)
        .where(
            Notification.proposal_id == event.proposal_id,
            Notification.comment_id.is_(None),
            Notification.kind != "report_decided",
            Notification.account_id.not_in(team),
        )
        .values(gone_at=gone_at)
    )


def _data(session: Session, event: Event, subjects: Subjects) -> dict[str, Any]:
    """What the sentences of this event are filled with; public words only."""
    call: Call | None = subjects.call
    proposal: Proposal | None = subjects.proposal
    return {
        "event": event.kind.value,
        "call": call.title if call else "",
        "proposal": proposal.title if proposal else "",
        "reason": (event.reason or "")[:MOST_WORDS],
        "target": event.target or "",
        **(event.data if isinstance(event.data, dict) else {}),
        **(outcome_words(session, proposal) if proposal and event.kind is EventKind.OUTCOME_PUBLISHED else {}),
        **({"other_title": other_title(session, event)} if event.kind in OF_MERGES else {}),
    }


def _dates(data: dict[str, Any], subjects: Subjects) -> dict[str, Any]:
    """The deadline of a reminder, in the call's own zone."""
    until = data.get("until")
    zone = rules_of(subjects.call).time_zone if subjects.call is not None else None
    return {"until": datetime.fromisoformat(until), "zone": zone} if until else {"until": None, "zone": zone}


def _is_draft(proposal: Proposal | None) -> bool:
    return proposal is not None and proposal.status is ProposalStatus.DRAFT


def _mail(
    session: Session, kind: NoticeKind, event: Event, account: Account, context: dict[str, Any], subjects: Subjects
) -> Mail:
    """A mail that tells of a draft or of a team stands in no list of the organization."""
    private = kind.key in OF_DRAFTS or _is_draft(subjects.proposal)
    return send_letter(
        session,
        kind.key,
        recipient_of(account),
        context,
        now=event.at,
        once_key=once_key(kind, event, account),
        event_id=event.id,
        organization_id=None if private else event.organization_id,
        call_id=None if private else event.call_id,
        thread=subjects.thread,
    )


def once_key(kind: NoticeKind, event: Event, account: Account) -> str:
    """Assignments made within an hour are one mail; anything else is one mail an event."""
    if kind.key == "review_assigned":
        return f"{kind.key}:{event.call_id}:{event.at:%Y%m%d%H}:{account.id}"
    return f"{kind.key}:{event.id}:{account.id}"
