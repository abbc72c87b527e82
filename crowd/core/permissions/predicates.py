"""Pure functions of the actor, the subject's facts and the time; none queries. Their names are the keys of the sentences people read."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeAlias

from crowd.core.actor import MANAGERS, STAFF, Actor
from crowd.core.rules import Audience, Entrants, Publicity, ResultsPublicity
from crowd.core.status import (
    STANDING,
    CallStatus,
    ModerationState,
    OrganizationRole,
    OrganizationStatus,
    ProposalStatus,
    StageKind,
)
from crowd.core.subjects import (
    AssignmentFacts,
    CallFacts,
    CommentFacts,
    OrganizationFacts,
    ProposalFacts,
)

Predicate: TypeAlias = Callable[[Actor, Any, datetime], bool]


def call_of(subject: Any) -> CallFacts:
    if isinstance(subject, CallFacts):
        return subject
    found: CallFacts = subject.round.call if isinstance(subject, AssignmentFacts) else subject.call
    return found


def role_in(actor: Actor, subject: Any) -> OrganizationRole | None:
    organization = subject if isinstance(subject, OrganizationFacts) else call_of(subject).organization
    return actor.roles.get(organization.id)


# who
def anyone(actor: Actor, subject: object, now: datetime) -> bool:
    return True


def signed_in(actor: Actor, subject: object, now: datetime) -> bool:
    return actor.account_id is not None


def verified(actor: Actor, subject: object, now: datetime) -> bool:
    return actor.account_id is not None and actor.verified


def site_admin(actor: Actor, subject: object, now: datetime) -> bool:
    return actor.is_admin


def member(actor: Actor, subject: Any, now: datetime) -> bool:
    return role_in(actor, subject) is not None


def staff(actor: Actor, subject: Any, now: datetime) -> bool:
    return role_in(actor, subject) in STAFF


def manager(actor: Actor, subject: Any, now: datetime) -> bool:
    return role_in(actor, subject) in MANAGERS


def owner(actor: Actor, subject: Any, now: datetime) -> bool:
    return role_in(actor, subject) is OrganizationRole.OWNER


# organization and call
def organization_approved(actor: Actor, subject: Any, now: datetime) -> bool:
    organization = subject if isinstance(subject, OrganizationFacts) else call_of(subject).organization
    return organization.status is OrganizationStatus.APPROVED


def call_draft(actor: Actor, subject: Any, now: datetime) -> bool:
    return call_of(subject).status is CallStatus.DRAFT


def amending(actor: Actor, subject: Any, now: datetime) -> bool:
    return call_of(subject).amending


def rehearsal(actor: Actor, subject: Any, now: datetime) -> bool:
    return call_of(subject).rehearsal


def call_published(actor: Actor, subject: Any, now: datetime) -> bool:
    return call_of(subject).status is not CallStatus.DRAFT


def call_running(actor: Actor, subject: Any, now: datetime) -> bool:
    return call_of(subject).status in {CallStatus.PUBLISHED, CallStatus.PAUSED}


def call_not_paused(actor: Actor, subject: Any, now: datetime) -> bool:
    return call_of(subject).status is not CallStatus.PAUSED


def audience(actor: Actor, subject: Any, now: datetime) -> bool:
    call = call_of(subject)
    if call.rehearsal:
        return actor.roles.get(call.organization.id) in MANAGERS or call.id in actor.invited_to
    match call.rules.audience:
        case Audience.MEMBERS:
            return call.organization.id in actor.roles
        case Audience.INVITED:
            return call.organization.id in actor.roles or call.id in actor.invited_to
        case _:
            return True


def submission_open(actor: Actor, subject: Any, now: datetime) -> bool:
    return call_of(subject).is_open(StageKind.SUBMISSION, now)


def late_permit(actor: Actor, subject: Any, now: datetime) -> bool:
    """Leave to hand in after the close; it ends where the next list of candidates is frozen, whatever its date."""
    call = call_of(subject)
    until = actor.late_until.get(call.id)
    return until is not None and now < until and call.takes_late(now)


def may_enter(actor: Actor, subject: Any, now: datetime) -> bool:
    """The call's own rule on who may hand in; staff only where the call says that own people may."""
    call = call_of(subject)
    role = actor.roles.get(call.organization.id)
    if role in STAFF or (role is not None and call.rules.entrants is Entrants.ANYONE):
        return call.rules.own_people_may_enter
    if call.rules.entrants is Entrants.INVITED:
        return call.id in actor.invited_to
    return call.rules.entrants is Entrants.ANYONE or role is not None


def results_published(actor: Actor, subject: Any, now: datetime) -> bool:
    return call_of(subject).results_published


def results_unpublished(actor: Actor, subject: Any, now: datetime) -> bool:
    return not call_of(subject).results_published


def selection_begun(actor: Actor, subject: Any, now: datetime) -> bool:
    """Submission, voting and review are over; where the call has a selection stage, it has opened."""
    return call_of(subject).decides(now)


# proposal
def author(actor: Actor, subject: ProposalFacts, now: datetime) -> bool:
    return actor.account_id is not None and actor.account_id in subject.team_ids


def lead(actor: Actor, subject: ProposalFacts, now: datetime) -> bool:
    return actor.account_id is not None and actor.account_id == subject.lead_id


def no_stake(actor: Actor, subject: Any, now: datetime) -> bool:
    """None in the proposal, and in a comment neither in the proposal it stands on nor as its author."""
    if isinstance(subject, CommentFacts) and comment_author(actor, subject, now):
        return False
    proposal = subject.proposal if isinstance(subject, AssignmentFacts | CommentFacts) else subject
    return proposal is None or actor.account_id not in proposal.stake_ids()


def handed_in(actor: Actor, subject: ProposalFacts, now: datetime) -> bool:
    return subject.status is not ProposalStatus.DRAFT


def standing(actor: Actor, subject: ProposalFacts, now: datetime) -> bool:
    return subject.status in STANDING


def selected(actor: Actor, subject: ProposalFacts, now: datetime) -> bool:
    return subject.status is ProposalStatus.SELECTED


def declined(actor: Actor, subject: ProposalFacts, now: datetime) -> bool:
    return subject.status is ProposalStatus.DECLINED


def draft(actor: Actor, subject: ProposalFacts, now: datetime) -> bool:
    return subject.status is ProposalStatus.DRAFT


def editable_status(actor: Actor, subject: ProposalFacts, now: datetime) -> bool:
    return subject.status in {ProposalStatus.SUBMITTED, ProposalStatus.CORRECTION, ProposalStatus.ELIGIBLE}


def led(actor: Actor, subject: ProposalFacts, now: datetime) -> bool:
    """Somebody with an account leads it; imported and orphaned proposals have nobody."""
    return subject.lead_id is not None


def not_in_team(actor: Actor, subject: ProposalFacts, now: datetime) -> bool:
    return actor.account_id not in subject.team_ids | subject.pending_ids


def growing_team(actor: Actor, subject: ProposalFacts, now: datetime) -> bool:
    """A draft, or handed in and still to be edited."""
    return draft(actor, subject, now) or editable_status(actor, subject, now)


def correction_asked(actor: Actor, subject: ProposalFacts, now: datetime) -> bool:
    return subject.status is ProposalStatus.CORRECTION


def correction_open(actor: Actor, subject: ProposalFacts, now: datetime) -> bool:
    return subject.correction_due is not None and now < subject.correction_due


def not_withdrawn(actor: Actor, subject: ProposalFacts, now: datetime) -> bool:
    """Nor merged into another, which goes on in its place."""
    return subject.status not in {ProposalStatus.WITHDRAWN, ProposalStatus.MERGED}


def not_merged(actor: Actor, subject: Any, now: datetime) -> bool:
    """Of a call or a proposal: what was merged is talked about where it goes on."""
    return subject.status is not ProposalStatus.MERGED


def reader(actor: Actor, subject: ProposalFacts, now: datetime) -> bool:
    return actor.account_id is not None and actor.account_id in subject.reader_ids


def unrecused(actor: Actor, subject: ProposalFacts, now: datetime) -> bool:
    """No conflict of interest keeps this reviewer from it; what is public too is not shown to them while they are signed in."""
    return subject.id not in actor.recused_from


def sighted(actor: Actor, subject: Any, now: datetime) -> bool:
    """They do not review in this call without knowing the authors."""
    return call_of(subject).id not in actor.blind_in


def unhidden(actor: Actor, subject: Any, now: datetime) -> bool:
    return subject.moderation is ModerationState.VISIBLE


PUBLIC_STATUSES = frozenset(
    {
        ProposalStatus.SUBMITTED,
        ProposalStatus.CORRECTION,
        ProposalStatus.ELIGIBLE,
        ProposalStatus.SHORTLISTED,
        ProposalStatus.NOT_ADVANCED,
        ProposalStatus.SELECTED,
        ProposalStatus.RESERVE,
        ProposalStatus.NOT_SELECTED,
        ProposalStatus.DECLINED,
        ProposalStatus.MERGED,  # its page stays, and points to the other
    }
)
PUBLISHED_AS_SELECTED = frozenset({ProposalStatus.SELECTED, ProposalStatus.DECLINED})
SHORTLISTED_STATUSES = PUBLISHED_AS_SELECTED | {ProposalStatus.SHORTLISTED, ProposalStatus.RESERVE}


def public_status(actor: Actor, subject: ProposalFacts, now: datetime) -> bool:
    """In the running or decided; what left during a round stays listed, struck through."""
    return subject.status in PUBLIC_STATUSES or (
        subject.in_round and subject.status in {ProposalStatus.WITHDRAWN, ProposalStatus.INELIGIBLE}
    )


def publicity(actor: Actor, subject: ProposalFacts, now: datetime) -> bool:
    """The call's publicity of proposals. The same rule as SQL is `proposals.queries.visible_to`."""
    call = subject.call
    match call.rules.publicity:
        case Publicity.AT_ONCE:
            return True
        case Publicity.AFTER_SUBMISSION:
            return call.is_past(StageKind.SUBMISSION, now)
        case Publicity.SHORTLISTED:
            return subject.status in SHORTLISTED_STATUSES or subject.in_round
        case Publicity.AFTER_RESULTS:
            return call.results_published and (
                subject.status in PUBLISHED_AS_SELECTED or call.rules.results_publicity is ResultsPublicity.EVERYTHING
            )
        case Publicity.NEVER:
            return False


# comment
def comment_author(actor: Actor, subject: CommentFacts, now: datetime) -> bool:
    return actor.account_id is not None and actor.account_id == subject.author_id


PUBLIC_CALL: tuple[Predicate, ...] = (call_published, organization_approved, audience)
PUBLIC_PROPOSAL: tuple[Predicate, ...] = (
    call_published,
    organization_approved,
    audience,
    unrecused,
    unhidden,
    public_status,
    publicity,
)
