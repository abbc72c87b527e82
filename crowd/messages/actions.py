"""Starting a message, sending some of it, stopping it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, literal, select, update
from sqlalchemy.orm import Session

from crowd.accounts.actions import recipient_of
from crowd.accounts.models import Account
from crowd.calls.gates import facts_of_call
from crowd.calls.models import Call
from crowd.core.actor import Actor
from crowd.core.errors import DomainError, InvalidInput
from crowd.core.events import EventKind
from crowd.core.merging import merge, unknown_fields
from crowd.core.notices import BY_KEY, Channel
from crowd.core.permissions import Permission
from crowd.core.reach import SECRET, Group, MessageStatus, ReachState
from crowd.core.status import MailStatus
from crowd.mailing.actions import send_letter
from crowd.mailing.models import Mail
from crowd.messages.commands import MessageText
from crowd.messages.models import Message, Reach
from crowd.messages.queries import Recipients, recipients
from crowd.notifications.queries import channels_of
from crowd.organizations.models import Organization
from crowd.proposals.models import Proposal
from crowd.store.events import record
from crowd.web.access import require

FIELDS = ("name", "proposal", "call")
MINUTE = timedelta(minutes=1)


def check_text(text: MessageText, group: Group) -> None:
    """Raises InvalidInput for fields that there are not."""
    fields = FIELDS if has_proposals(group) else ("name", "call")
    for name, value in (("subject", text.subject), ("body", text.body)):
        unknown = unknown_fields(value, fields)
        if unknown:
            raise InvalidInput("unknown_field", name, names=", ".join(f"{{{each}}}" for each in unknown))


def has_proposals(group: Group) -> bool:
    return group not in {Group.NOT_VOTED, Group.BEHIND, Group.DRAFTS}


def may_be_service(group: Group) -> bool:
    """Only people who handed something in or took on a task get what they cannot opt out of."""
    return group not in SECRET


def start_message(
    session: Session, call: Call, wanted: Recipients, text: MessageText, *, actor: Actor, now: datetime
) -> Message:
    """Settle whom it goes to, each person once, and let the job send it.

    Raises InvalidInput (a field that there is not), DomainError("nobody_there").
    """
    require(actor, Permission.MESSAGE_SEND, facts_of_call(session, call.id), now)
    check_text(text, wanted.group)
    message = Message(
        call_id=call.id,
        by_id=actor.account_id,
        to_group=wanted.group,
        narrowed=dict(wanted.query.asked()),
        is_service=text.is_service and may_be_service(wanted.group),
        subject=text.subject,
        body=text.body,
        per_minute=text.per_minute,
        started_at=now,
    )
    session.add(message)
    session.flush()
    found = recipients(session, wanted).subquery()
    rows = select(literal(message.id), found.c.account_id, found.c.proposal_id, literal(ReachState.WAITING.value))
    session.execute(insert(Reach).from_select(["message_id", "account_id", "proposal_id", "state"], rows))
    if session.scalar(select(Reach.id).where(Reach.message_id == message.id).limit(1)) is None:
        raise DomainError("nobody_there")
    _record(session, EventKind.MESSAGE_STARTED, call, message, actor, now)
    return message


def _record(session: Session, kind: EventKind, call: Call, message: Message, actor: Actor, now: datetime) -> None:
    record(
        session,
        kind,
        now=now,
        actor_id=actor.account_id,
        organization_id=call.organization_id,
        call_id=call.id,
        subject_id=message.id,
        target=message.to_group,
    )


def stop_message(session: Session, call: Call, message: Message, *, actor: Actor, now: datetime) -> None:
    """No further mail is written, and those that have not left do not leave. Raises DomainError("message_over")."""
    require(actor, Permission.MESSAGE_SEND, facts_of_call(session, call.id), now)
    if message.status is not MessageStatus.SENDING:
        raise DomainError("message_over")
    message.status, message.ended_at = MessageStatus.STOPPED, now
    mine = select(Reach.mail_id).where(Reach.message_id == message.id, Reach.mail_id.is_not(None))
    session.execute(
        update(Mail)
        .where(Mail.id.in_(mine), Mail.status == MailStatus.QUEUED, Mail.claimed_at.is_(None))
        .values(status=MailStatus.CANCELLED)
    )
    waiting = (Reach.message_id == message.id, Reach.state == ReachState.WAITING)
    session.execute(update(Reach).where(*waiting).values(state=ReachState.STOPPED, at=now))
    _forget_secret(session, message)
    _record(session, EventKind.MESSAGE_STOPPED, call, message, actor, now)


def send_some(session: Session, message: Message, now: datetime) -> int:
    """Write as many mails of the locked message as its rate allows now. Returns how many."""
    lately = (Reach.message_id == message.id, Reach.state == ReachState.WRITTEN, Reach.at > now - MINUTE)
    room = message.per_minute - (session.scalar(select(func.count()).where(*lately)) or 0)
    waiting = (Reach.message_id == message.id, Reach.state == ReachState.WAITING)
    reaches = session.scalars(select(Reach).where(*waiting).order_by(Reach.id).limit(max(room, 0))).all()
    written = _write(session, message, reaches, now)
    if session.scalar(select(Reach.id).where(*waiting).limit(1)) is None:
        message.status, message.ended_at = MessageStatus.SENT, now
        _forget_secret(session, message)
    return written


def _forget_secret(session: Session, message: Message) -> None:
    """Whom a message to a secret group went to is not kept."""
    if message.to_group in SECRET:
        session.flush()
        session.execute(delete(Reach).where(Reach.message_id == message.id))


def _write(session: Session, message: Message, reaches: Sequence[Reach], now: datetime) -> int:
    call = session.get_one(Call, message.call_id)
    organization = session.get_one(Organization, call.organization_id)
    ids = [reach.account_id for reach in reaches]
    accounts = {row.id: row for row in session.scalars(select(Account).where(Account.id.in_(ids)))}
    proposals = _proposals(session, [reach.proposal_id for reach in reaches if reach.proposal_id])
    channels = {} if message.is_service else channels_of(session, BY_KEY["message"], ids)
    written = 0
    for reach in reaches:
        account = accounts[reach.account_id]
        reach.at = now
        if account.blocked_at is not None or channels.get(account.id) is Channel.OFF:
            reach.state = ReachState.OPTED_OUT
            continue
        mail = _mail(session, message, call, organization, account, proposals.get(reach.proposal_id or 0), now)
        reach.state, reach.mail_id = ReachState.WRITTEN, mail.id
        written += 1
    session.flush()
    return written


def _proposals(session: Session, ids: list[int]) -> Mapping[int, Proposal]:
    return {row.id: row for row in session.scalars(select(Proposal).where(Proposal.id.in_(ids)))}


def letter_context(
    text: MessageText | Message, organization: str, call: Call, name: str, proposal: Proposal | None, group: Group
) -> dict[str, str]:
    """What the letter's template is filled with for one person."""
    values = {"name": name, "call": call.title, "proposal": proposal.title if proposal else ""}
    path = f"/proposals/{proposal.public_id}" if proposal and has_proposals(group) else f"/calls/{call.public_id}"
    return {
        "organization": organization,
        "call": call.title,
        "subject": merge(text.subject, values),
        "text": merge(text.body, values),
        "path": path,
    }


def _mail(
    session: Session,
    message: Message,
    call: Call,
    organization: Organization,
    account: Account,
    proposal: Proposal | None,
    now: datetime,
) -> Mail:
    """A mail to a secret group stands in no list of the organization."""
    secret = message.to_group in SECRET
    return send_letter(
        session,
        "service_message" if message.is_service else "message",
        recipient_of(account),
        letter_context(message, organization.name, call, account.name, proposal, message.to_group),
        now=now,
        once_key=f"message:{message.id}:{account.id}",
        organization_id=None if secret else call.organization_id,
        call_id=None if secret else call.id,
    )


def erase_person(session: Session, account_id: int) -> None:
    """An account is erased: nothing more goes to it. That it was written to stays on record, as to a contributor."""
    waiting = delete(Reach).where(Reach.account_id == account_id, Reach.state == ReachState.WAITING)
    session.execute(waiting)
