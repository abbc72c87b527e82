"""From events to notices and mails: who, what, in which language, once."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy.orm import Session

from crowd.accounts.actions import recipient_of
from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.core.events import EventKind
from crowd.core.notices import BY_EVENT, NoticeKind
from crowd.core.status import ProposalStatus
from crowd.mailing.actions import send_letter
from crowd.notifications.gates import path_of
from crowd.notifications.models import Notification
from crowd.notifications.queries import (
    RECIPIENTS,
    Subjects,
    outcome_words,
    reachable,
    subjects_of,
    switched,
    told_already,
)
from crowd.proposals.models import Proposal
from crowd.store.db import in_chunks
from crowd.store.models import Event

MOST_WORDS = 2_000
OF_DRAFTS = frozenset({"deadline_near", "team_answer"})
"""Kinds whose mails say who writes a draft, or who was asked to join a team."""


def notify(session: Session, event: Event) -> None:
    """The subscriber of every event that somebody is told about."""
    subjects = subjects_of(session, event)
    for kind in BY_EVENT[event.kind]:
        found = {id_ for id_ in RECIPIENTS[kind.key](session, event) if id_ is not None}
        if not kind.own:
            found.discard(event.actor_id or 0)
        for ids in in_chunks(sorted(found)):
            _tell(session, kind, event, subjects, ids)


def _tell(session: Session, kind: NoticeKind, event: Event, subjects: Subjects, ids: list[int]) -> None:
    known, choices = told_already(session, event.id, ids), switched(session, kind.key, ids)
    data, path = _data(session, event, subjects), path_of(kind.key, subjects.call, subjects.proposal)
    for account in _untold(reachable(session, ids), known):
        session.add(
            Notification(
                account_id=account.id, event_id=event.id, kind=kind.key, path=path, data=data, created_at=event.at
            )
        )
        if kind.mail and account.verified_at is not None and choices.get(account.id, True):
            private = kind.key in OF_DRAFTS or _is_draft(subjects.proposal)
            _mail(session, kind, event, account, {**data, "path": path}, private=private)
    session.flush()


def _untold(accounts: Sequence[Account], known: set[int]) -> Iterator[Account]:
    return (account for account in accounts if account.id not in known)


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
    }


def _is_draft(proposal: Proposal | None) -> bool:
    return proposal is not None and proposal.status is ProposalStatus.DRAFT


def _mail(
    session: Session, kind: NoticeKind, event: Event, account: Account, context: dict[str, Any], *, private: bool
) -> None:
    """`private`: it tells of a draft or of a team, so it stands in no list of the organization."""
    send_letter(
        session,
        kind.key,
        recipient_of(account),
        {**context, "unsubscribe": f"/unsubscribe/{account.unsubscribe_key}/{kind.key}"},
        now=event.at,
        once_key=once_key(kind, event, account),
        event_id=event.id,
        organization_id=None if private else event.organization_id,
        call_id=None if private else event.call_id,
    )


def once_key(kind: NoticeKind, event: Event, account: Account) -> str:
    """Assignments made within an hour are one mail; anything else is one mail an event."""
    if kind.key == "review_assigned":
        return f"{kind.key}:{event.call_id}:{event.at:%Y%m%d%H}:{account.id}"
    return f"{kind.key}:{event.id}:{account.id}"
