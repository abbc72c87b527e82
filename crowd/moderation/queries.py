"""The moderators' queue of one call: what is reported, what is hidden."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias, TypeVarTuple

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.conversation.models import Comment
from crowd.core.actor import Actor
from crowd.core.status import ModerationState
from crowd.moderation.models import Report
from crowd.proposals.models import Proposal
from crowd.proposals.queries import has_stake
from crowd.selection.models import Credit, Endorsement

Reportable: TypeAlias = Proposal | Comment | Endorsement
Rows = TypeVarTuple("Rows")
KINDS: dict[type[object], str] = {Proposal: "proposal", Comment: "comment", Endorsement: "endorsement"}
MOST = 200
FIRST_WORDS = 90
"""Of a comment, in characters."""


@dataclass(frozen=True)
class Waiting:
    """Something reported: `key` is its public id, `title` of a comment its first words, `since` the oldest open report."""

    kind: str
    key: str
    title: str
    reports: int
    since: datetime


@dataclass(frozen=True)
class Queue:
    """`left_to_others`: how many the person has a stake in."""

    waiting: tuple[Waiting, ...]
    left_to_others: int

    def after(self, key: str) -> Waiting | None:
        """The next thing after this one, round to the beginning."""
        keys = [one.key for one in self.waiting]
        place = keys.index(key) if key in keys else -1
        rest = self.waiting[place + 1 :] + self.waiting[: max(place, 0)]
        return rest[0] if rest else None


@dataclass(frozen=True)
class Told:
    """A report with the name of whoever made it."""

    report: Report
    reporter: str


@dataclass(frozen=True)
class Hidden:
    """Something hidden now."""

    kind: str
    key: str
    title: str


def kind_of(row: Reportable) -> str:
    return KINDS[type(row)]


def thing_of(row: Reportable) -> str:
    return f"{kind_of(row)}:{row.id}"


def call_of(session: Session, row: Reportable) -> Call:
    if not isinstance(row, Endorsement):
        return session.get_one(Call, row.call_id)
    credited = select(Call).join(Proposal, Proposal.call_id == Call.id).join(Credit, Credit.proposal_id == Proposal.id)
    return session.scalars(credited.where(Credit.id == row.credit_id)).one()


def words_of(row: Reportable) -> str:
    return row.text if isinstance(row, Endorsement) else row.body


def _open(call_id: int) -> tuple[ColumnElement[bool], ...]:
    return (Report.call_id == call_id, Report.decision.is_(None))


def queue_of(session: Session, call_id: int, actor: Actor) -> Queue:
    """What is reported, the oldest first, in one query."""
    me = actor.account_id
    of_words = or_(Endorsement.author_id == me, Credit.account_id == me)
    mine = case((Report.endorsement_id.is_not(None), of_words), else_=or_(Comment.author_id == me, has_stake(me)))
    first = (func.substr(text, 1, FIRST_WORDS) for text in (Endorsement.text, Comment.body))
    key = func.coalesce(Endorsement.public_id, Comment.public_id, Proposal.public_id)
    comment, endorsement = (func.max(column) for column in (Report.comment_id, Report.endorsement_id))
    kind = case((endorsement.is_not(None), "endorsement"), (comment.is_not(None), "comment"), else_="proposal")
    rows = session.execute(
        select(
            key,
            func.max(func.coalesce(*first, Proposal.title)),
            kind,
            func.count(Report.id),
            func.min(Report.created_at),
            func.max(case((mine, 1), else_=0)),
        )
        .outerjoin(Comment, Comment.id == Report.comment_id)
        .outerjoin(Proposal, Proposal.id == Report.proposal_id)
        .outerjoin(Endorsement, Endorsement.id == Report.endorsement_id)
        .outerjoin(Credit, Credit.id == Endorsement.credit_id)
        .where(*_open(call_id))
        .group_by(Report.thing, Endorsement.public_id, Comment.public_id, Proposal.public_id)
        .order_by(func.min(Report.id))
        .limit(MOST)
    ).all()
    waiting = tuple(
        Waiting(kind, key, title, count, since) for key, title, kind, count, since, stake in rows if not stake
    )
    return Queue(waiting, len(rows) - len(waiting))


def count_reported(session: Session, call_id: int) -> int:
    return session.scalar(select(func.count(func.distinct(Report.thing))).where(*_open(call_id))) or 0


def count_hidden(session: Session, call_id: int) -> int:
    counts = [
        select(func.count()).where(model.call_id == call_id, model.moderation == ModerationState.HIDDEN)
        for model in (Proposal, Comment)
    ]
    counts.append(_of_credits(select(func.count(Endorsement.id)), call_id))
    return sum(session.scalar(count) or 0 for count in counts)


def _of_credits(rows: Select[*Rows], call_id: int) -> Select[*Rows]:
    """Hidden endorsements of the call's credits."""
    placed = rows.join(Credit, Credit.id == Endorsement.credit_id).join(Proposal, Proposal.id == Credit.proposal_id)
    return placed.where(Proposal.call_id == call_id, Endorsement.moderation == ModerationState.HIDDEN)


def reports_on(session: Session, thing: str) -> list[Told]:
    """All reports on one thing, the oldest first; decided ones too."""
    rows = session.execute(
        select(Report, Account.name)
        .outerjoin(Account, Account.id == Report.reporter_id)
        .where(Report.thing == thing)
        .order_by(Report.id)
        .limit(MOST)
    )
    return [Told(report, name or "") for report, name in rows]


def open_reports(session: Session, thing: str) -> Sequence[Report]:
    """Locked, for a decision."""
    waiting = select(Report).where(Report.thing == thing, Report.decision.is_(None)).order_by(Report.id)
    return session.scalars(waiting.with_for_update()).all()


def has_reported(session: Session, thing: str, account_id: int | None) -> bool:
    known = select(Report.id).where(Report.thing == thing, Report.reporter_id == account_id)
    return session.scalar(known) is not None


def list_hidden(session: Session, call_id: int) -> list[Hidden]:
    """Proposals by number, then comments and endorsements by age."""
    proposals = session.execute(
        select(Proposal.public_id, Proposal.title)
        .where(Proposal.call_id == call_id, Proposal.moderation == ModerationState.HIDDEN)
        .order_by(Proposal.number)
        .limit(MOST)
    )
    comments = session.execute(
        select(Comment.public_id, func.substr(Comment.body, 1, FIRST_WORDS))
        .where(Comment.call_id == call_id, Comment.moderation == ModerationState.HIDDEN)
        .order_by(Comment.id)
        .limit(MOST)
    )
    words = select(Endorsement.public_id, func.substr(Endorsement.text, 1, FIRST_WORDS))
    endorsements = session.execute(_of_credits(words, call_id).order_by(Endorsement.id).limit(MOST))
    return [
        *(Hidden("proposal", key, title) for key, title in proposals),
        *(Hidden("comment", key, words) for key, words in comments),
        *(Hidden("endorsement", key, words) for key, words in endorsements),
    ]
