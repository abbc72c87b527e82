"""Who is in a group, and how far a message has come."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, cast, false, func, null, select, union
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.conversation.models import Comment
from crowd.core.notices import Channel
from crowd.core.reach import Group, ReachState
from crowd.core.rules import Audience, Electorate, RoundKind
from crowd.core.status import AssignmentStatus, JurorStatus, MailStatus, MemberStatus, ProposalStatus
from crowd.core.subjects import CallFacts
from crowd.desk.commands import Query, Sort
from crowd.desk.queries import Scope, narrowed
from crowd.mailing.models import Mail
from crowd.messages.models import Message, Reach
from crowd.notifications.models import Preference
from crowd.organizations.models import Membership
from crowd.proposals.models import Proposal, TeamMember
from crowd.reviews.models import Assignment, Juror
from crowd.rounds.models import CallRound
from crowd.store.paging import Key, Page, page_of
from crowd.voting.models import Voter
from crowd.voting.queries import who_may_vote

PAGE = 50
GONE = (ProposalStatus.DRAFT, ProposalStatus.WITHDRAWN)
LATER = (ProposalStatus.SHORTLISTED, ProposalStatus.SELECTED, ProposalStatus.RESERVE)


@dataclass(frozen=True)
class Recipients:
    """A group of people in a call; `query` narrows the group of authors chosen at the table."""

    group: Group
    scope: Scope
    call: CallFacts
    query: Query
    now: datetime


def recipients(session: Session, wanted: Recipients) -> Any:
    """Account ids, each once, with one of their proposals (or none)."""
    pairs = _pairs(session, wanted).subquery()
    return (
        select(pairs.c.account_id, func.min(pairs.c.proposal_id).label("proposal_id"))
        .join(Account, Account.id == pairs.c.account_id)
        .where(Account.blocked_at.is_(None), Account.verified_at.is_not(None))
        .group_by(pairs.c.account_id)
    )


def count_recipients(session: Session, wanted: Recipients) -> int:
    return session.scalar(select(func.count()).select_from(recipients(session, wanted).subquery())) or 0


def _pairs(session: Session, wanted: Recipients) -> Any:
    call_id = wanted.call.id
    match wanted.group:
        case Group.CHOSEN:
            chosen = narrowed(session, wanted.scope, wanted.query, Sort.NUMBER)
            ids = chosen.with_only_columns(Proposal.id).order_by(None)
            return _authors(call_id).where(Proposal.id.in_(ids), Proposal.status.not_in(GONE))
        case Group.DRAFTS:
            return select(Proposal.lead_id.label("account_id"), Proposal.id.label("proposal_id")).where(
                Proposal.call_id == call_id, Proposal.status == ProposalStatus.DRAFT, Proposal.lead_id.is_not(None)
            )
        case Group.ENTRANTS:
            return _authors(call_id).where(Proposal.status.not_in(GONE))
        case Group.SHORTLISTED:
            return _authors(call_id).where(Proposal.status.in_(LATER))
        case Group.SELECTED:
            return _authors(call_id).where(Proposal.status == ProposalStatus.SELECTED)
        case Group.NOT_VOTED:
            return _not_voted(session, wanted)
        case Group.BEHIND:
            return _behind(call_id)


def _authors(call_id: int) -> Any:
    """Accepted members of teams."""
    return (
        select(TeamMember.account_id.label("account_id"), Proposal.id.label("proposal_id"))
        .join(Proposal, Proposal.id == TeamMember.proposal_id)
        .where(
            Proposal.call_id == call_id,
            TeamMember.status == MemberStatus.ACCEPTED,
            TeamMember.account_id.is_not(None),
        )
    )


def _not_voted(session: Session, wanted: Recipients) -> Any:
    """Whoever may vote in a round that is open and has cast no ballot there, where they have to do with the call."""
    rows = session.scalars(
        select(CallRound).where(
            CallRound.call_id == wanted.call.id,
            CallRound.kind == RoundKind.VOTE,
            CallRound.opened_at.is_not(None),
            CallRound.sealed_at.is_(None),
            CallRound.counted_at.is_(None),
        )
    ).all()
    waiting = [_without_ballot(wanted, row) for row in rows]
    people = union(*waiting).subquery() if waiting else select(Account.id).where(false()).subquery()
    return select(people.c[0].label("account_id"), cast(null(), Integer).label("proposal_id"))


def _without_ballot(wanted: Recipients, row: CallRound) -> Any:
    """On a list of addresses all are concerned; else members, authors and writers, and who asked to be reminded of votes."""
    call, round_ = wanted.call, wanted.call.rules.round(row.key)
    voted = select(Voter.account_id).where(
        Voter.round_id == row.id, Voter.cast_at.is_not(None), Voter.account_id.is_not(None)
    )
    able = who_may_vote(call, round_, row.id, wanted.now).where(Account.id.not_in(voted))
    if round_.electorate is Electorate.INVITED:
        return able
    members = select(Membership.account_id).where(Membership.organization_id == call.organization.id)
    writers = select(Comment.author_id).where(Comment.call_id == call.id, Comment.author_id.is_not(None))
    authors = _authors(call.id).with_only_columns(TeamMember.account_id).where(Proposal.status.not_in(GONE))
    concerned = [members, writers, authors]
    if call.rules.audience is not Audience.UNLISTED:  # others know of it only by its address
        reminded = Preference.channel.in_([Channel.PRODUCT, Channel.AT_ONCE])
        concerned.append(select(Preference.account_id).where(Preference.kind == "voting_closes", reminded))
    return able.where(Account.id.in_(union(*concerned)))


def _behind(call_id: int) -> Any:
    return (
        select(Juror.account_id.label("account_id"), cast(null(), Integer).label("proposal_id"))
        .join(CallRound, CallRound.id == Juror.round_id)
        .join(Assignment, Assignment.juror_id == Juror.id)
        .where(
            CallRound.call_id == call_id,
            Juror.status == JurorStatus.ACCEPTED,
            Juror.account_id.is_not(None),
            Assignment.status == AssignmentStatus.ASSIGNED,
        )
    )


def list_messages(session: Session, call_id: int) -> Sequence[Message]:
    """The newest first."""
    return session.scalars(
        select(Message).where(Message.call_id == call_id).order_by(Message.id.desc()).limit(100)
    ).all()


def letters_waiting(session: Session, call_id: int) -> Mapping[int, int]:
    """By message: how many of its written letters have not left yet."""
    rows = session.execute(
        select(Reach.message_id, func.count().label("waiting"))
        .join(Message, Message.id == Reach.message_id)
        .join(Mail, Mail.id == Reach.mail_id)
        .where(Message.call_id == call_id, Mail.status == MailStatus.QUEUED)
        .group_by(Reach.message_id)
    )
    return {row.message_id: row.waiting for row in rows}


def get_message(session: Session, call_id: int, public_id: str) -> Message | None:
    return session.scalar(select(Message).where(Message.call_id == call_id, Message.public_id == public_id))


def count_states(session: Session, message_id: int) -> Mapping[str, int]:
    """Of those a message goes to: what became of the mail, or why there is none yet."""
    rows = session.execute(
        select(Reach.state, Mail.status, func.count())
        .outerjoin(Mail, Mail.id == Reach.mail_id)
        .where(Reach.message_id == message_id)
        .group_by(Reach.state, Mail.status)
    )
    counted: Counter[str] = Counter()
    for state, mail, count in rows:
        counted[_state(state, mail)] += count
    return counted


def _state(state: ReachState, mail: MailStatus | None) -> str:
    """A mail called back before it left is as one that was never written."""
    if mail is MailStatus.CANCELLED:
        return ReachState.STOPPED.value
    return mail.value if mail else state.value


@dataclass(frozen=True)
class Sent:
    """One line of the log."""

    name: str
    state: str


def list_reaches(session: Session, message_id: int, cursor: str | None) -> tuple[Page[Reach], Mapping[int, Sent]]:
    """A page of those a message goes to, and their lines by id."""
    page = page_of(
        session, select(Reach).where(Reach.message_id == message_id), [Key(Reach.__table__.c.id)], cursor, PAGE
    )
    ids = [reach.id for reach in page.items]
    rows = session.execute(
        select(Reach.id, Account.name, Reach.state, Mail.status)
        .join(Account, Account.id == Reach.account_id)
        .outerjoin(Mail, Mail.id == Reach.mail_id)
        .where(Reach.id.in_(ids))
    )
    return page, {id_: Sent(name, _state(state, mail)) for id_, name, state, mail in rows}
