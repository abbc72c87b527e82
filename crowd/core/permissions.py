"""May I? One table and one judge.

`POLICY` maps a permission to the ways in which it is had: any of several tuples of predicates that must all hold. Predicates
are pure functions of the actor, the subject's facts and the time; none of them queries. The name of the predicate that refuses
is the key of the sentence people read (`crowd.web.errors`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias

from crowd.core.actor import MANAGERS, STAFF, Actor
from crowd.core.rules import Audience, Electorate, Entrants, Publicity, ResultsPublicity
from crowd.core.status import (
    AssignmentStatus,
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
    ChairFacts,
    CommentFacts,
    OrganizationFacts,
    ProposalFacts,
    RoundFacts,
)


class Permission(StrEnum):
    """`noun:verb`; the comment names the subject's facts."""

    SIGNED_IN = "account:use"  # None
    SITE_ADMIN = "site:admin"  # None
    ORGANIZATION_REQUEST = "organization:request"  # None
    ORGANIZATION_VIEW = "organization:view"  # OrganizationFacts
    ORGANIZATION_EDIT = "organization:edit"
    ORGANIZATION_MEMBERS = "organization:members"
    ORGANIZATION_APPOINT = "organization:appoint"
    ORGANIZATION_MAILS = "organization:mails"
    CALL_CREATE = "call:create"  # OrganizationFacts
    CALL_VIEW = "call:view"  # CallFacts
    CALL_EDIT = "call:edit"
    CALL_PUBLISH = "call:publish"
    CALL_SCHEDULE = "call:schedule"
    CALL_MANAGE = "call:manage"  # counts, mails and lists of staff
    PROPOSAL_CREATE = "proposal:create"  # CallFacts
    SCREENING_VIEW = "screening:view"  # CallFacts
    PROPOSAL_VIEW = "proposal:view"  # ProposalFacts
    PROPOSAL_EDIT = "proposal:edit"
    PROPOSAL_SUBMIT = "proposal:submit"
    PROPOSAL_RECEIPT = "proposal:receipt"
    PROPOSAL_DELETE = "proposal:delete"
    PROPOSAL_WITHDRAW = "proposal:withdraw"
    PROPOSAL_TEAM = "proposal:team"
    PROPOSAL_WORK = "proposal:work"  # pages of the team: members, files
    TEAM_ANSWER = "team:answer"  # whoever holds the invitation's link
    PROPOSAL_SCREEN = "proposal:screen"
    ROUND_VIEW = "round:view"  # RoundFacts
    ROUND_VOTE = "round:vote"
    ROUND_COUNTS = "round:counts"  # interim or final numbers
    ROUND_MANAGE = "round:manage"  # confirm the candidate list, invite jurors, assign
    ROUND_CHAIR = "round:chair"  # mean, spread, progress, reminders
    ROUND_ASSIGN = "round:assign"  # proposals to jurors
    REVIEWS_VIEW = "reviews:view"  # RoundFacts: one's own queue, or the chair's view
    REVIEW_VIEW = "review:view"  # AssignmentFacts
    REVIEW_WRITE = "review:write"
    SELECTION_VIEW = "selection:view"  # CallFacts: decision room
    SELECTION_DECIDE = "selection:decide"  # ProposalFacts: advance, verdict
    SELECTION_STAND_IN = "selection:stand_in"  # ChairFacts: decide where managers have a stake
    SELECTION_PUBLISH = "selection:publish"  # CallFacts
    SELECTION_CORRECT = "selection:correct"  # CallFacts
    RESULTS_VIEW = "results:view"  # CallFacts
    COMMENT_CREATE = "comment:create"  # CallFacts or ProposalFacts
    COMMENT_VIEW = "comment:view"  # CommentFacts
    COMMENT_EDIT = "comment:edit"
    COMMENT_UNDELETE = "comment:undelete"
    COMMENT_HIDE = "comment:hide"


Predicate: TypeAlias = Callable[[Actor, Any, datetime], bool]


def _call(subject: Any) -> CallFacts:
    if isinstance(subject, CallFacts):
        return subject
    found: CallFacts = subject.round.call if isinstance(subject, AssignmentFacts) else subject.call
    return found


def _role(actor: Actor, subject: Any) -> OrganizationRole | None:
    organization = subject if isinstance(subject, OrganizationFacts) else _call(subject).organization
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
    return _role(actor, subject) is not None


def staff(actor: Actor, subject: Any, now: datetime) -> bool:
    return _role(actor, subject) in STAFF


def manager(actor: Actor, subject: Any, now: datetime) -> bool:
    return _role(actor, subject) in MANAGERS


def owner(actor: Actor, subject: Any, now: datetime) -> bool:
    return _role(actor, subject) is OrganizationRole.OWNER


# organization and call
def organization_approved(actor: Actor, subject: Any, now: datetime) -> bool:
    organization = subject if isinstance(subject, OrganizationFacts) else _call(subject).organization
    return organization.status is OrganizationStatus.APPROVED


def call_draft(actor: Actor, subject: Any, now: datetime) -> bool:
    return _call(subject).status is CallStatus.DRAFT


def call_published(actor: Actor, subject: Any, now: datetime) -> bool:
    return _call(subject).status is not CallStatus.DRAFT


def call_running(actor: Actor, subject: Any, now: datetime) -> bool:
    return _call(subject).status in {CallStatus.PUBLISHED, CallStatus.PAUSED}


def call_not_paused(actor: Actor, subject: Any, now: datetime) -> bool:
    return _call(subject).status is not CallStatus.PAUSED


def audience(actor: Actor, subject: Any, now: datetime) -> bool:
    call = _call(subject)
    return call.rules.audience is not Audience.MEMBERS or call.organization.id in actor.roles


def submission_open(actor: Actor, subject: Any, now: datetime) -> bool:
    return _call(subject).is_open(StageKind.SUBMISSION, now)


def may_enter(actor: Actor, subject: Any, now: datetime) -> bool:
    """The call's own rule on who may hand in; staff only where the call says that own people may."""
    call = _call(subject)
    role = actor.roles.get(call.organization.id)
    if role in STAFF or (role is not None and call.rules.entrants is Entrants.ANYONE):
        return call.rules.own_people_may_enter
    return call.rules.entrants is Entrants.ANYONE or role is not None


def results_published(actor: Actor, subject: Any, now: datetime) -> bool:
    return _call(subject).results_published


def results_unpublished(actor: Actor, subject: Any, now: datetime) -> bool:
    return not _call(subject).results_published


def selection_begun(actor: Actor, subject: Any, now: datetime) -> bool:
    """Submission, voting and review are over; where the call has a selection stage, it has opened."""
    call = _call(subject)
    opens = call.opens_at(StageKind.SELECTION) or call.opens_at(StageKind.RESULTS)
    return opens is not None and opens <= call.clock(now)


# proposal
def author(actor: Actor, subject: ProposalFacts, now: datetime) -> bool:
    return actor.account_id is not None and actor.account_id in subject.team_ids


def lead(actor: Actor, subject: ProposalFacts, now: datetime) -> bool:
    return actor.account_id is not None and actor.account_id == subject.lead_id


def no_stake(actor: Actor, subject: Any, now: datetime) -> bool:
    proposal = subject.proposal if isinstance(subject, AssignmentFacts | CommentFacts) else subject
    return proposal is None or actor.account_id not in proposal.stake_ids()


def handed_in(actor: Actor, subject: ProposalFacts, now: datetime) -> bool:
    return subject.status is not ProposalStatus.DRAFT


def draft(actor: Actor, subject: ProposalFacts, now: datetime) -> bool:
    return subject.status is ProposalStatus.DRAFT


def editable_status(actor: Actor, subject: ProposalFacts, now: datetime) -> bool:
    return subject.status in {ProposalStatus.SUBMITTED, ProposalStatus.CORRECTION, ProposalStatus.ELIGIBLE}


def growing_team(actor: Actor, subject: ProposalFacts, now: datetime) -> bool:
    """A draft, or handed in and still to be edited."""
    return draft(actor, subject, now) or editable_status(actor, subject, now)


def correction_asked(actor: Actor, subject: ProposalFacts, now: datetime) -> bool:
    return subject.status is ProposalStatus.CORRECTION


def correction_open(actor: Actor, subject: ProposalFacts, now: datetime) -> bool:
    return subject.correction_due is not None and now < subject.correction_due


def not_withdrawn(actor: Actor, subject: ProposalFacts, now: datetime) -> bool:
    return subject.status is not ProposalStatus.WITHDRAWN


def reader(actor: Actor, subject: ProposalFacts, now: datetime) -> bool:
    return actor.account_id is not None and actor.account_id in subject.reader_ids


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
    }
)
SHORTLISTED_STATUSES = frozenset({ProposalStatus.SHORTLISTED, ProposalStatus.SELECTED, ProposalStatus.RESERVE})


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
                subject.status is ProposalStatus.SELECTED or call.rules.results_publicity is ResultsPublicity.EVERYTHING
            )
        case Publicity.NEVER:
            return False


# round, review
def round_opened(actor: Actor, subject: RoundFacts, now: datetime) -> bool:
    return subject.opened


def round_open(actor: Actor, subject: RoundFacts, now: datetime) -> bool:
    return subject.is_open(now)


def electorate(actor: Actor, subject: RoundFacts, now: datetime) -> bool:
    match subject.round.electorate:
        case Electorate.VERIFIED:
            return actor.verified
        case Electorate.MEMBERS:
            return subject.call.organization.id in actor.roles
        case Electorate.ROLL:
            return False


def counts_shown(actor: Actor, subject: RoundFacts, now: datetime) -> bool:
    return not subject.round.hidden_counts or subject.is_over(now)


def juror(actor: Actor, subject: RoundFacts, now: datetime) -> bool:
    return actor.account_id is not None and actor.account_id in subject.juror_ids


def chair(actor: Actor, subject: RoundFacts | ChairFacts, now: datetime) -> bool:
    return actor.account_id is not None and actor.account_id in subject.chair_ids


def assigned(actor: Actor, subject: AssignmentFacts, now: datetime) -> bool:
    return (
        actor.account_id is not None
        and actor.account_id == subject.juror_account_id
        and subject.status in {AssignmentStatus.ASSIGNED, AssignmentStatus.SUBMITTED}
    )


def review_open(actor: Actor, subject: AssignmentFacts, now: datetime) -> bool:
    return subject.round.is_open(now)


# comment
def comment_author(actor: Actor, subject: CommentFacts, now: datetime) -> bool:
    return actor.account_id is not None and actor.account_id == subject.author_id


def comment_standing(actor: Actor, subject: CommentFacts, now: datetime) -> bool:
    return subject.moderation is ModerationState.VISIBLE and not subject.deleted


def place_public(actor: Actor, subject: CommentFacts, now: datetime) -> bool:
    """The comment stands on a call or proposal that this actor sees as the public does."""
    if subject.proposal is None:
        return all(predicate(actor, subject.call, now) for predicate in _PUBLIC_CALL)
    return all(predicate(actor, subject.proposal, now) for predicate in _PUBLIC_PROPOSAL)


def place_of_author(actor: Actor, subject: CommentFacts, now: datetime) -> bool:
    """The comment stands on a proposal of this actor, or one assigned to them."""
    proposal = subject.proposal
    return proposal is not None and (author(actor, proposal, now) or reader(actor, proposal, now))


_PUBLIC_CALL: tuple[Predicate, ...] = (call_published, organization_approved, audience)
_PUBLIC_PROPOSAL: tuple[Predicate, ...] = (
    call_published,
    organization_approved,
    audience,
    unhidden,
    public_status,
    publicity,
)

POLICY: dict[Permission, tuple[tuple[Predicate, ...], ...]] = {
    Permission.SIGNED_IN: ((signed_in,),),
    Permission.SITE_ADMIN: ((signed_in, site_admin),),
    Permission.ORGANIZATION_REQUEST: ((signed_in, verified),),
    Permission.ORGANIZATION_VIEW: ((organization_approved,), (member,), (site_admin,)),
    Permission.ORGANIZATION_EDIT: ((signed_in, manager),),
    Permission.ORGANIZATION_MEMBERS: ((signed_in, member),),
    Permission.ORGANIZATION_APPOINT: ((signed_in, owner),),
    Permission.ORGANIZATION_MAILS: ((signed_in, manager),),
    Permission.CALL_CREATE: ((signed_in, manager, organization_approved),),
    Permission.CALL_VIEW: (_PUBLIC_CALL, (manager,)),
    Permission.CALL_EDIT: ((signed_in, manager, call_draft),),
    Permission.CALL_PUBLISH: ((signed_in, manager, call_draft, organization_approved),),
    Permission.CALL_SCHEDULE: ((signed_in, manager, call_running, results_unpublished),),
    Permission.CALL_MANAGE: ((signed_in, manager),),
    Permission.PROPOSAL_CREATE: ((signed_in, audience, call_published, call_not_paused, submission_open, may_enter),),
    Permission.SCREENING_VIEW: ((signed_in, staff, call_published),),
    Permission.PROPOSAL_VIEW: (
        (author,),
        (staff, handed_in),
        (reader,),
        _PUBLIC_PROPOSAL,
    ),
    Permission.PROPOSAL_EDIT: (
        (signed_in, author, correction_asked, correction_open),
        (signed_in, author, editable_status, call_not_paused, submission_open),
        (signed_in, author, draft),
    ),
    Permission.PROPOSAL_SUBMIT: ((signed_in, lead, draft, verified, may_enter, call_not_paused, submission_open),),
    Permission.PROPOSAL_RECEIPT: ((signed_in, author, handed_in),),
    Permission.PROPOSAL_DELETE: ((signed_in, lead, draft),),
    Permission.PROPOSAL_WITHDRAW: ((signed_in, lead, not_withdrawn, handed_in, results_unpublished),),
    Permission.PROPOSAL_TEAM: ((signed_in, lead, growing_team, call_not_paused, submission_open),),
    Permission.PROPOSAL_WORK: ((signed_in, author),),
    Permission.TEAM_ANSWER: ((signed_in, may_enter, call_running, results_unpublished, not_withdrawn),),
    Permission.PROPOSAL_SCREEN: ((signed_in, staff, handed_in, no_stake, call_running, results_unpublished),),
    Permission.ROUND_VIEW: (_PUBLIC_CALL, (manager,), (juror,)),
    Permission.ROUND_VOTE: ((signed_in, verified, audience, electorate, call_not_paused, round_open, round_opened),),
    Permission.ROUND_COUNTS: ((*_PUBLIC_CALL, counts_shown), (manager, counts_shown)),
    Permission.ROUND_MANAGE: ((signed_in, manager, call_running, results_unpublished),),
    Permission.ROUND_CHAIR: ((signed_in, manager), (signed_in, chair)),
    Permission.ROUND_ASSIGN: (
        (signed_in, manager, call_running, results_unpublished),
        (signed_in, chair, call_running, results_unpublished),
    ),
    Permission.REVIEWS_VIEW: ((signed_in, juror), (signed_in, manager)),
    Permission.REVIEW_VIEW: ((signed_in, assigned, no_stake),),
    Permission.REVIEW_WRITE: ((signed_in, assigned, no_stake, call_not_paused, review_open),),
    Permission.SELECTION_VIEW: ((signed_in, manager, call_published),),
    Permission.SELECTION_DECIDE: ((signed_in, manager, call_running, results_unpublished, no_stake),),
    Permission.SELECTION_STAND_IN: ((signed_in, chair, call_running, results_unpublished),),
    Permission.SELECTION_PUBLISH: ((signed_in, manager, call_running, results_unpublished, selection_begun),),
    Permission.SELECTION_CORRECT: ((signed_in, manager, results_published),),
    Permission.RESULTS_VIEW: (
        (call_published, organization_approved, audience, results_published),
        (manager, call_published),
    ),
    Permission.COMMENT_CREATE: (
        (signed_in, verified, audience, call_published),
        (signed_in, verified, staff, call_published),
    ),
    Permission.COMMENT_VIEW: (
        (comment_standing, place_public),
        (comment_standing, place_of_author),
        (staff,),
        (comment_author,),
    ),
    Permission.COMMENT_EDIT: ((signed_in, comment_author, comment_standing),),
    Permission.COMMENT_UNDELETE: ((signed_in, comment_author),),
    Permission.COMMENT_HIDE: ((signed_in, staff, no_stake),),
}


@dataclass(frozen=True)
class Permitted:
    def __bool__(self) -> bool:
        return True


@dataclass(frozen=True)
class Refused:
    """`predicate` names the sentence; `opens_at` is set where the refusal ends by the clock."""

    predicate: str
    opens_at: datetime | None = None

    def __bool__(self) -> bool:
        return False


_OPENING: dict[str, StageKind] = {
    "submission_open": StageKind.SUBMISSION,
    "selection_begun": StageKind.SELECTION,
}


def judge(actor: Actor, permission: Permission, subject: object, now: datetime) -> Permitted | Refused:
    """The only judge. Of several ways in, the one that lacks fewest predicates is reported, by its first lack."""
    fewest: list[str] | None = None
    for way in POLICY[permission]:
        lacking = [predicate.__name__ for predicate in way if not predicate(actor, subject, now)]
        if not lacking:
            return Permitted()
        if fewest is None or len(lacking) < len(fewest):
            fewest = lacking
    first = (fewest or ["anyone"])[0]
    return Refused(first, _opens_at(first, subject, now))


def _opens_at(predicate: str, subject: Any, now: datetime) -> datetime | None:
    if predicate in {"round_open", "review_open"}:
        facts = subject.round if isinstance(subject, AssignmentFacts) else subject
        stage = facts.stage()
        opens = stage.opens_at if stage else None
    elif predicate in _OPENING:
        opens = _call(subject).opens_at(_OPENING[predicate])
    else:
        opens = None
    return opens if opens is not None and opens > now else None
