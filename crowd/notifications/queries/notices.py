"""What events are about, what a person chose, and what they are told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from crowd.accounts.models import Account
from crowd.calls import queries as calls
from crowd.calls.models import Call
from crowd.conversation.models import Comment
from crowd.core.actor import Actor
from crowd.core.events import EventKind
from crowd.core.notices import About, Channel, NoticeKind
from crowd.core.status import MemberStatus, ModerationState
from crowd.mailing.models import Mail
from crowd.notifications.models import Notification, Preference
from crowd.organizations.models import Organization
from crowd.proposals import queries as proposals
from crowd.proposals.models import Exclusion, Merge, Proposal, TeamMember
from crowd.selection.models import Verdict
from crowd.selection.queries.letters import edit_words
from crowd.store.models import Event
from crowd.store.paging import Key, Page, page_of

SIZE = 30
MOST_IN_DIGEST = 100


@dataclass(frozen=True)
class Subjects:
    """What an event is about, loaded once for all its recipients."""

    call: Call | None
    proposal: Proposal | None
    comment: Comment | None = None

    @property
    def thread(self) -> str:
        """What mail programs show together: a thread of comments, a proposal, a call."""
        if self.comment is not None:
            return f"comments-{self.comment.root_id or self.comment.id}"
        if self.proposal is not None:
            return f"proposal-{self.proposal.public_id}"
        return f"call-{self.call.public_id}" if self.call is not None else ""


def subjects_of(session: Session, event: Event) -> Subjects | None:
    """None when a row that the event is about is gone meanwhile: there is nothing left to tell."""
    call = session.get(Call, event.call_id) if event.call_id else None
    proposal = session.get(Proposal, event.proposal_id) if event.proposal_id else None
    comment = session.get(Comment, event.subject_id) if event.kind.startswith("comment:") else None
    lost = (
        (event.call_id and call is None)
        or (event.proposal_id and proposal is None)
        or (event.kind.startswith("comment:") and comment is None)
    )
    return None if lost else Subjects(call, proposal, comment)


def still_said(comment: Comment) -> bool:
    """Neither taken back by its author nor hidden by moderation."""
    return comment.deleted_at is None and comment.moderation is ModerationState.VISIBLE


def thing_of(kind: NoticeKind, event: Event) -> str:
    """What a person is told of once, by this kind."""
    match kind.about:
        case About.SUBJECT:
            return f"subject:{event.subject_id}"
        case About.PROPOSAL:
            return f"proposal:{event.proposal_id}"
        case About.CALL:
            return f"call:{event.call_id}"
        case _:
            return f"event:{event.id}"


def outcome_words(session: Session, proposal: Proposal) -> dict[str, str]:
    """The published reason, and what the organization added for the authors alone."""
    letter = session.scalar(select(Verdict.letter).where(Verdict.proposal_id == proposal.id))
    return {"reason": proposal.outcome_reason, "letter": letter or "", **edit_words(None)}


def other_title(session: Session, event: Event) -> str:
    """Of the proposal with which the one of this event was merged, or its votes."""
    merge = session.get(Merge, event.subject_id) if event.kind is EventKind.BALLOTS_MOVED else None
    other = session.get(Proposal, merge.into_id if merge else event.subject_id)
    return other.title if other else ""


def reachable(session: Session, ids: Sequence[int]) -> Sequence[Account]:
    """Accounts that may be told: not blocked."""
    return session.scalars(select(Account).where(Account.id.in_(ids), Account.blocked_at.is_(None))).all()


def recused_from(session: Session, proposal_id: int | None) -> set[int]:
    """Accounts that a conflict keeps from a proposal until the results, its own team aside: they are told nothing of it."""
    if proposal_id is None:
        return set()
    team = select(TeamMember.account_id).where(
        TeamMember.proposal_id == proposal_id,
        TeamMember.status == MemberStatus.ACCEPTED,
        TeamMember.account_id.is_not(None),
    )
    return set(
        session.scalars(
            select(Exclusion.account_id)
            .join(Proposal, Proposal.id == Exclusion.proposal_id)
            .join(Call, Call.id == Proposal.call_id)
            .where(
                Exclusion.proposal_id == proposal_id,
                Call.results_published_at.is_(None),
                Exclusion.account_id.not_in(team),
            )
        )
    )


def channels_of(session: Session, kind: NoticeKind, ids: Sequence[int]) -> dict[int, Channel]:
    """How each of these people is told of this kind."""
    rows = session.execute(
        select(Preference.account_id, Preference.channel).where(
            Preference.kind == kind.key, Preference.account_id.in_(ids), Preference.channel.in_(kind.offers)
        )
    )
    return dict.fromkeys(ids, kind.default) | dict(iter(rows))


def told_already(session: Session, kind: NoticeKind, event: Event, ids: Sequence[int]) -> set[int]:
    """Who has a notice about this event by any kind, or by this kind about the same thing: nobody is told twice."""
    same_thing = and_(Notification.kind == kind.key, Notification.thing == thing_of(kind, event))
    return set(
        session.scalars(
            select(Notification.account_id).where(
                Notification.account_id.in_(ids), or_(Notification.event_id == event.id, same_thing)
            )
        )
    )


def list_notifications(session: Session, account_id: int, after: str | None) -> Page[Notification]:
    """A person's notices, the newest first, without those whose matter is gone; each with the mail that told it too."""
    mine = (
        select(Notification)
        .where(Notification.account_id == account_id, Notification.gone_at.is_(None))
        .options(joinedload(Notification.mail).load_only(Mail.public_id))
    )
    newest = [Key(Notification.__table__.c[name], descending=True) for name in ("created_at", "id")]
    return page_of(session, mine, newest, after, SIZE)


def count_unread(session: Session, account_id: int) -> int:
    unread = (
        Notification.account_id == account_id,
        Notification.read_at.is_(None),
        Notification.gone_at.is_(None),
    )
    return session.scalar(select(func.count()).select_from(Notification).where(*unread)) or 0


def choices_of(session: Session, account_id: int) -> dict[str, Channel]:
    """A person's own choices, by kind."""
    rows = session.execute(select(Preference.kind, Preference.channel).where(Preference.account_id == account_id))
    return dict(iter(rows))


def due_readers(session: Session, now: datetime, most: int = 500) -> Sequence[int]:
    """Accounts for which a digest is due."""
    due = select(Notification.account_id).where(Notification.digest_at <= now).distinct()
    return session.scalars(due.order_by(Notification.account_id).limit(most)).all()


def list_due(session: Session, actor: Actor, now: datetime) -> Sequence[Notification]:
    """What a reader's digest tells, oldest first: not read meanwhile, still there, and still theirs to see."""
    comment_stands = or_(
        Notification.comment_id.is_(None),
        and_(Comment.deleted_at.is_(None), Comment.moderation == ModerationState.VISIBLE),
    )
    return session.scalars(
        select(Notification)
        .outerjoin(Comment, Notification.comment_id == Comment.id)
        .outerjoin(Call, Notification.call_id == Call.id)
        .outerjoin(Organization, Call.organization_id == Organization.id)
        .outerjoin(Proposal, Notification.proposal_id == Proposal.id)
        .where(
            Notification.account_id == actor.account_id,
            Notification.digest_at <= now,
            Notification.read_at.is_(None),
            Notification.gone_at.is_(None),
            comment_stands,
            or_(Notification.call_id.is_(None), calls.visible_to(actor, now)),
            or_(Notification.proposal_id.is_(None), proposals.visible_to(actor, now)),
        )
        .order_by(Notification.id)
        .limit(MOST_IN_DIGEST)
    ).all()
