"""What stands in the way of an erasure, what it will touch, and which are due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased, contains_eager

from crowd.accounts.models import Account
from crowd.accounts.queries import get_account
from crowd.awards.models import AwardPart
from crowd.calls.models import Call
from crowd.conversation.models import Comment
from crowd.core.awards import PartState
from crowd.core.status import (
    AssignmentStatus,
    CallStatus,
    JurorStatus,
    MemberStatus,
    OrganizationRole,
    OrganizationStatus,
    ProposalStatus,
)
from crowd.credentials.models import Credential
from crowd.organizations.models import Membership, Organization
from crowd.organizations.queries import list_site_admins
from crowd.privacy.commands import Blocker, Obstacle
from crowd.privacy.models import Erasure
from crowd.proposals.models import Proposal, TeamMember
from crowd.reviews.models import Assignment, Juror
from crowd.rounds.models import CallRound
from crowd.selection.models import Credit
from crowd.store.secrets import token_hash
from crowd.voting.models import Voter

OVER = (CallStatus.DRAFT, CallStatus.CANCELLED, CallStatus.ENDED)


def what_blocks(session: Session, account: Account) -> list[Blocker]:
    """What somebody else has to take over first. An organization without people and calls keeps nobody."""
    found = [_last_owner(session, row) for row in session.scalars(_owned_alone(account.id))]
    blockers = [blocker for blocker in found if blocker is not None]
    if account.is_admin and [admin.id for admin in list_site_admins(session)] == [account.id]:
        blockers.append(Blocker(Obstacle.LAST_ADMIN))
    if account.is_demo:
        blockers.append(Blocker(Obstacle.DEMO))
    return blockers


def _owned_alone(account_id: int) -> Select[Organization]:
    other, person = aliased(Membership), aliased(Account)
    others = (
        select(other.id)
        .join(person, person.id == other.account_id)
        .where(
            other.organization_id == Organization.id,
            other.account_id != account_id,
            other.role == OrganizationRole.OWNER,
            person.blocked_at.is_(None),
        )
    )
    return (
        select(Organization)
        .join(Membership, Membership.organization_id == Organization.id)
        .where(
            Membership.account_id == account_id,
            Membership.role == OrganizationRole.OWNER,
            Organization.status == OrganizationStatus.APPROVED,
            ~others.exists(),
        )
        .order_by(Organization.name)
    )


def _last_owner(session: Session, organization: Organization) -> Blocker | None:
    mine = Call.organization_id == organization.id
    published = _count(session, Call.id, mine, Call.status != CallStatus.DRAFT)
    people = _count(session, Membership.id, Membership.organization_id == organization.id)
    if not published and people == 1:
        return None
    running = _count(session, Call.id, mine, Call.status.not_in(OVER), Call.results_published_at.is_(None))
    return Blocker(Obstacle.LAST_OWNER, organization.name, organization.slug, running)


@dataclass(frozen=True)
class Standing:
    """How much of each kind an erasure would touch now."""

    drafts: int
    withdrawn: int
    handed_over: int
    kept: int
    open_reviews: int
    reviews: int
    open_ballots: int
    ballots: int
    comments: int
    credits: int
    credentials: int
    prizes_due: int


def standing_of(session: Session, account_id: int) -> Standing:
    return Standing(
        **_of_proposals(session, account_id),
        **_of_judging(session, account_id),
        comments=_count(
            session,
            Comment.id,
            Comment.author_id == account_id,
            Comment.deleted_at.is_(None),
            Comment.as_organization.is_(False),
        ),
        credits=_count(session, Credit.id, Credit.account_id == account_id, Credit.revoked_at.is_(None)),
        credentials=_count(
            session, Credential.id, Credential.account_id == account_id, Credential.revoked_at.is_(None)
        ),
        prizes_due=_count(
            session,
            AwardPart.id,
            AwardPart.account_id == account_id,
            AwardPart.state.in_((PartState.DUE, PartState.ACCEPTED)),
        ),
    )


def _of_proposals(session: Session, account_id: int) -> dict[str, int]:
    mate = aliased(TeamMember)
    led = Proposal.lead_id == account_id
    shared = (
        select(mate.id)
        .where(
            mate.proposal_id == Proposal.id,
            mate.status == MemberStatus.ACCEPTED,
            mate.account_id.is_not(None),
            mate.account_id != account_id,
        )
        .exists()
    )
    undecided = Call.results_published_at.is_(None) & Proposal.status.not_in(
        (ProposalStatus.DRAFT, ProposalStatus.WITHDRAWN, ProposalStatus.MERGED)
    )
    proposals = select(Proposal.id).join(Call, Call.id == Proposal.call_id)
    part = select(TeamMember.proposal_id).where(
        TeamMember.account_id == account_id, TeamMember.status == MemberStatus.ACCEPTED
    )
    stays = Proposal.id.in_(part) & (Proposal.status != ProposalStatus.DRAFT) & ~(led & ~shared & undecided)
    return {
        "drafts": _rows(session, proposals.where(led, ~shared, Proposal.status == ProposalStatus.DRAFT)),
        "withdrawn": _rows(session, proposals.where(led, ~shared, undecided)),
        "handed_over": _rows(session, proposals.where(led, shared)),
        "kept": _rows(session, proposals.where(stays)),
    }


def _of_judging(session: Session, account_id: int) -> dict[str, int]:
    work = select(Assignment.id).join(Juror, Juror.id == Assignment.juror_id)
    mine = work.where(Juror.account_id == account_id, Juror.status == JurorStatus.ACCEPTED)
    voted = select(Voter.id).join(CallRound, CallRound.id == Voter.round_id)
    cast = voted.where(Voter.account_id == account_id, Voter.cast_at.is_not(None))
    return {
        "open_reviews": _rows(session, mine.where(Assignment.status == AssignmentStatus.ASSIGNED)),
        "reviews": _rows(session, mine.where(Assignment.status == AssignmentStatus.SUBMITTED)),
        "open_ballots": _rows(session, cast.where(CallRound.sealed_at.is_(None))),
        "ballots": _rows(session, cast.where(CallRound.sealed_at.is_not(None))),
    }


def _count(session: Session, column: Any, *where: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count(column)).where(*where)) or 0


def _rows(session: Session, rows: Select[Any]) -> int:
    return session.scalar(select(func.count()).select_from(rows.subquery())) or 0


def get_erasure(session: Session, account_id: int) -> Erasure | None:
    return session.scalar(select(Erasure).where(Erasure.account_id == account_id))


def get_erasure_by_token(session: Session, token: str) -> tuple[Erasure, Account] | None:
    """What a mailed link is about, as long as there is something to confirm or to undo."""
    waiting = select(Erasure).where(Erasure.token_hash == token_hash(token), Erasure.done_at.is_(None))
    erasure = session.scalar(waiting)
    return (erasure, get_account(session, erasure.account_id)) if erasure else None


def list_due(session: Session, now: datetime) -> Sequence[int]:
    """The accounts whose time to undo it is over."""
    due = select(Erasure.account_id).where(Erasure.done_at.is_(None), Erasure.due_at <= now)
    return session.scalars(due.order_by(Erasure.due_at)).all()


def list_erasures(session: Session, *, done: bool, most: int = 200) -> Sequence[Erasure]:
    """Those that wait, the next first, or those that were done, the newest first."""
    rows = select(Erasure).join(Erasure.account).options(contains_eager(Erasure.account))
    if done:
        return session.scalars(
            rows.where(Erasure.done_at.is_not(None)).order_by(Erasure.done_at.desc()).limit(most)
        ).all()
    waiting = rows.where(Erasure.done_at.is_(None), Erasure.due_at.is_not(None))
    return session.scalars(waiting.order_by(Erasure.due_at).limit(most)).all()
