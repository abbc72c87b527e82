"""What stands beside each row of the table: one statement of each kind for all rows of a page."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.core.status import MemberStatus
from crowd.desk.models import Colleague, Label, Labelled, Note
from crowd.desk.queries.stakes import staked_among
from crowd.desk.queries.table import Scope
from crowd.proposals.models import TeamMember
from crowd.rounds.models import Candidate

T = TypeVar("T")


@dataclass(frozen=True)
class Beside:
    """By proposal id. What is private is empty for those in `staked`."""

    staked: frozenset[int] = frozenset()
    people: Mapping[int, Sequence[str]] = field(default_factory=dict)
    labels: Mapping[int, Sequence[tuple[str, str]]] = field(default_factory=dict)  # public id, name
    colleagues: Mapping[int, Sequence[str]] = field(default_factory=dict)
    notes: Mapping[int, int] = field(default_factory=dict)
    reviews: Mapping[int, int] = field(default_factory=dict)


def beside(session: Session, scope: Scope, ids: Sequence[int]) -> Beside:
    staked = staked_among(session, ids, scope.actor.account_id)
    open_ids = [id_ for id_ in ids if id_ not in staked]
    return Beside(
        staked=staked,
        people=_people(session, ids),
        labels=_labels(session, open_ids),
        colleagues=_colleagues(session, open_ids),
        notes=_notes(session, open_ids),
        reviews=_reviews(session, scope, ids),
    )


def _people(session: Session, ids: Sequence[int]) -> Mapping[int, Sequence[str]]:
    """Accepted members, in the order of the team."""
    rows = session.execute(
        select(TeamMember.proposal_id, func.coalesce(Account.name, TeamMember.name))
        .outerjoin(Account, Account.id == TeamMember.account_id)
        .where(TeamMember.proposal_id.in_(ids), TeamMember.status == MemberStatus.ACCEPTED)
        .order_by(TeamMember.proposal_id, TeamMember.position, TeamMember.id)
    )
    return _grouped((id_, name) for id_, name in rows)


def _labels(session: Session, ids: Sequence[int]) -> Mapping[int, Sequence[tuple[str, str]]]:
    rows = session.execute(
        select(Labelled.proposal_id, Label.public_id, Label.name)
        .join(Label, Label.id == Labelled.label_id)
        .where(Labelled.proposal_id.in_(ids))
        .order_by(Label.name_folded)
    )
    return _grouped((id_, (key, name)) for id_, key, name in rows)


def _colleagues(session: Session, ids: Sequence[int]) -> Mapping[int, Sequence[str]]:
    rows = session.execute(
        select(Colleague.proposal_id, Account.name)
        .join(Account, Account.id == Colleague.account_id)
        .where(Colleague.proposal_id.in_(ids))
        .order_by(Account.name, Account.id)
    )
    return _grouped((id_, name) for id_, name in rows)


def _notes(session: Session, ids: Sequence[int]) -> Mapping[int, int]:
    standing = select(Note.proposal_id).where(Note.proposal_id.in_(ids), Note.removed_at.is_(None))
    return Counter(session.scalars(standing))


def _reviews(session: Session, scope: Scope, ids: Sequence[int]) -> Mapping[int, int]:
    round_id = scope.reviewed.round_id if scope.reviewed else None
    counted = select(Candidate.proposal_id, Candidate.reviews_count)
    rows = session.execute(counted.where(Candidate.round_id == round_id, Candidate.proposal_id.in_(ids)))
    return dict(iter(rows))


def _grouped(pairs: Iterable[tuple[int, T]]) -> Mapping[int, Sequence[T]]:
    grouped: dict[int, list[T]] = defaultdict(list)
    for id_, value in pairs:
        grouped[id_].append(value)
    return grouped
