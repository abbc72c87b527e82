"""What the page of a proposal and the list of a call's proposals read."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.core.actor import STAFF, Actor
from crowd.core.events import EventKind
from crowd.core.permissions import PUBLISHED_AS_SELECTED
from crowd.core.progress import Happening, Step, steps
from crowd.core.rules import LeftOut, ResultsPublicity
from crowd.core.status import AssignmentStatus, MemberStatus, ProposalStatus
from crowd.core.subjects import ProposalFacts
from crowd.proposals.gates import shown_status
from crowd.proposals.models import Proposal, Screening, TeamMember
from crowd.proposals.queries import happenings_of, last_screening, last_version_number, withdrawal_reason
from crowd.reviews.models import Assignment
from crowd.selection.models import Credit


@dataclass(frozen=True)
class Person:
    """A member of a team as pages name them; `url` only where the profile is public."""

    name: str
    public_id: str | None
    roles: tuple[str, ...]
    share: int
    lead: bool


@dataclass(frozen=True)
class Standing:
    """Where a proposal stands, for the person who looks."""

    insider: bool  # author or staff
    status: ProposalStatus | None
    steps: tuple[Step, ...]
    screening: Screening | None
    reason: str
    versions: int
    reviews: tuple[int, int] | None  # submitted, assigned
    withdrawal: str  # why it was withdrawn, for its authors and the organization
    certificate: str | None  # the code of this author's own


def standing_of_proposal(
    session: Session, proposal: Proposal, facts: ProposalFacts, actor: Actor, now: datetime
) -> Standing:
    """In a few queries, whatever the size of the proposal."""
    author = actor.account_id is not None and actor.account_id in facts.team_ids
    staff = actor.roles.get(facts.call.organization.id) in STAFF
    status = shown_status(facts.status, facts.call, staff=staff, author=author)
    told = _told(happenings_of(session, proposal.id), facts, staff=staff, author=author)
    screening = last_screening(session, proposal.id)
    return Standing(
        insider=author or staff,
        status=status,
        steps=steps(replace(facts, status=status or facts.status), told, now),
        screening=screening if author or staff or _struck_by_rule(facts) else None,
        reason=proposal.outcome_reason if status and _reason_shown(facts, insider=author or staff) else "",
        versions=last_version_number(session, proposal.id),
        reviews=_reviews(session, proposal.id) if author or staff else None,
        withdrawal=_withdrawal(session, facts) if author or staff else "",
        certificate=_certificate(session, facts, actor) if author else None,
    )


def _certificate(session: Session, facts: ProposalFacts, actor: Actor) -> str | None:
    if facts.status is not ProposalStatus.SELECTED:
        return None
    mine = (Credit.proposal_id == facts.id, Credit.account_id == actor.account_id, Credit.revoked_at.is_(None))
    return session.scalar(select(Credit.code).where(*mine))


def _struck_by_rule(facts: ProposalFacts) -> bool:
    """Disqualified in a round: everybody reads why."""
    return facts.in_round and facts.status is ProposalStatus.INELIGIBLE


def _withdrawal(session: Session, facts: ProposalFacts) -> str:
    if facts.status is not ProposalStatus.WITHDRAWN:
        return ""
    return withdrawal_reason(session, facts.id)


def _told(happenings: Sequence[Happening], facts: ProposalFacts, *, staff: bool, author: bool) -> list[Happening]:
    """Without the leaving-out that is told with the results only; corrections are for authors and staff."""
    early = facts.call.rules.left_out is LeftOut.WITH_RESULTS and not facts.call.results_published
    hidden = {EventKind.PROPOSAL_LEFT_OUT} if early and not staff else set()
    if not staff and not author:
        hidden |= {EventKind.PROPOSAL_CORRECTION_ASKED, EventKind.PROPOSAL_CORRECTED}
    return [happening for happening in happenings if happening.kind not in hidden]


def _reason_shown(facts: ProposalFacts, *, insider: bool) -> bool:
    """A reason is public with the results, or at once for those left out at once; else its authors' and the organization's."""
    told = facts.call.results_published or facts.status is ProposalStatus.NOT_ADVANCED
    everybody = (
        facts.status in PUBLISHED_AS_SELECTED or facts.call.rules.results_publicity is ResultsPublicity.EVERYTHING
    )
    return told and (insider or everybody)


def _reviews(session: Session, proposal_id: int) -> tuple[int, int] | None:
    live = {AssignmentStatus.ASSIGNED, AssignmentStatus.SUBMITTED}
    rows = session.execute(
        select(Assignment.status, func.count())
        .where(Assignment.proposal_id == proposal_id, Assignment.status.in_(list(live)))
        .group_by(Assignment.status)
    )
    counts = dict(rows.all())
    total = sum(counts.values())
    return (counts.get(AssignmentStatus.SUBMITTED, 0), total) if total else None


def people_of(team: Sequence[TeamMember], lead_id: int | None) -> list[Person]:
    """Accepted members in the order of the team; `account` must be loaded. Those who have not answered are named nowhere."""
    return [
        Person(
            name=member.account.name if member.account else member.name,
            public_id=_public_profile(member.account),
            roles=tuple(str(role) for role in member.roles),
            share=member.share,
            lead=member.account_id is not None and member.account_id == lead_id,
        )
        for member in team
        if member.status is MemberStatus.ACCEPTED
    ]


def _public_profile(account: Account | None) -> str | None:
    return account.public_id if account and account.profile_public and not account.blocked_at else None
