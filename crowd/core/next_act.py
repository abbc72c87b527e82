"""The one act that a person is offered on every page of a call: it changes with the stage and with who looks."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crowd.core.actor import MANAGERS, Actor
from crowd.core.permissions import Permission, Permitted, Refused, judge
from crowd.core.rules import Audience, Entrants, FieldKind, RoundKind
from crowd.core.status import CallStatus, StageKind
from crowd.core.subjects import CallFacts, RoundFacts


class ActKind(StrEnum):
    SIGN_IN = "sign_in"
    START_PROPOSAL = "start_proposal"
    CONTINUE_DRAFT = "continue_draft"
    SEE_PROPOSAL = "see_proposal"
    SEE_PROPOSALS = "see_proposals"
    VOTE = "vote"
    CHANGE_BALLOT = "change_ballot"
    REVIEW = "review"
    SCREEN = "screen"
    CONFIRM_ROUND = "confirm_round"
    FOLLOW_REVIEWS = "follow_reviews"
    DECIDE = "decide"
    SEE_RESULTS = "see_results"
    CONTINUE_CALL = "continue_call"


@dataclass(frozen=True)
class Standing:
    """What a person has to do with a call. `draft` and `handed_in` are public ids of the person's own newest proposals."""

    actor: Actor
    call: CallFacts
    rounds: tuple[RoundFacts, ...] = ()
    draft: str | None = None
    handed_in: str | None = None
    has_ballot: bool = False  # in the voting round that is open
    reviews_left: int = 0  # in review rounds that are open
    to_screen: int = 0  # only counted for staff

    def open_round(self, kind: RoundKind, now: datetime) -> RoundFacts | None:
        return next((r for r in self.rounds if r.round.kind is kind and r.is_open(now)), None)

    @property
    def manages(self) -> bool:
        return self.actor.roles.get(self.call.organization.id) in MANAGERS


@dataclass(frozen=True)
class NextAct:
    """`subject`: public id of a proposal or key of a round; `refused`: why it cannot be done now, and from when it can."""

    kind: ActKind
    subject: str | None = None
    count: int = 0
    refused: Refused | None = None


def next_act(standing: Standing, now: datetime) -> NextAct | None:
    """The act for this person now, or None when nothing is left to do or to see."""
    if standing.call.status is CallStatus.DRAFT:
        return NextAct(ActKind.CONTINUE_CALL) if standing.manages else None
    if standing.call.results_published:
        return NextAct(ActKind.SEE_RESULTS)
    if standing.call.status in {CallStatus.CANCELLED, CallStatus.ENDED}:
        return _own_proposal(standing)
    return _duty(standing, now) or _taking_part(standing, now)


def _duty(standing: Standing, now: datetime) -> NextAct | None:
    """What a person owes the call: reviews, screening, a list to confirm, the decision."""
    if standing.reviews_left:
        return NextAct(ActKind.REVIEW, count=standing.reviews_left)
    if standing.to_screen:
        return NextAct(ActKind.SCREEN, count=standing.to_screen)
    if not standing.manages:
        return None
    waiting = next((r for r in standing.rounds if _waits_for_list(r, now)), None)
    if waiting:
        return NextAct(ActKind.CONFIRM_ROUND, waiting.round.key)
    if judge(standing.actor, Permission.SELECTION_PUBLISH, standing.call, now):
        return NextAct(ActKind.DECIDE)
    return NextAct(ActKind.FOLLOW_REVIEWS) if standing.open_round(RoundKind.REVIEW, now) else None


def _waits_for_list(facts: RoundFacts, now: datetime) -> bool:
    return facts.is_open(now) and not facts.opened and facts.round.field.kind is not FieldKind.ALL


def _taking_part(standing: Standing, now: datetime) -> NextAct | None:
    voting = standing.open_round(RoundKind.VOTE, now)
    if voting:
        return _vote(standing, voting, now)
    late = standing.call.id in standing.actor.late_until and standing.call.takes_late(now)
    if standing.call.position(now).kind is StageKind.SUBMISSION or late:
        return _propose(standing, now)
    return _own_proposal(standing) or _what_comes(standing, now)


def _vote(standing: Standing, voting: RoundFacts, now: datetime) -> NextAct:
    judgment = judge(standing.actor, Permission.ROUND_VOTE, voting, now)
    adding = standing.call.ideas_stage(now) is not None
    if adding and standing.draft and (standing.has_ballot or not judgment):
        return NextAct(ActKind.CONTINUE_DRAFT, standing.draft)
    if isinstance(judgment, Permitted):
        kind = ActKind.CHANGE_BALLOT if standing.has_ballot else ActKind.VOTE
        return NextAct(kind, voting.round.key)
    if judgment.predicate == "signed_in":
        return NextAct(ActKind.SIGN_IN, voting.round.key)
    own = _own_proposal(standing)
    if adding and own is None and judge(standing.actor, Permission.PROPOSAL_CREATE, standing.call, now):
        return NextAct(ActKind.START_PROPOSAL)
    return own or NextAct(ActKind.VOTE, voting.round.key, refused=judgment)


def _propose(standing: Standing, now: datetime) -> NextAct:
    if standing.draft:
        return NextAct(ActKind.CONTINUE_DRAFT, standing.draft)
    if standing.handed_in:
        return NextAct(ActKind.SEE_PROPOSAL, standing.handed_in)
    judgment = judge(standing.actor, Permission.PROPOSAL_CREATE, standing.call, now)
    if isinstance(judgment, Permitted):
        return NextAct(ActKind.START_PROPOSAL)
    if standing.call.status is CallStatus.PAUSED:
        return NextAct(ActKind.START_PROPOSAL, refused=Refused("call_not_paused"))
    if judgment.predicate == "signed_in":
        return NextAct(ActKind.START_PROPOSAL if _writes_first(standing.call) else ActKind.SIGN_IN)
    if judgment.predicate == "may_enter" and standing.actor.roles.get(standing.call.organization.id):
        return NextAct(ActKind.SEE_PROPOSALS)  # the organization's own people follow what comes in
    return NextAct(ActKind.START_PROPOSAL, refused=judgment)


def _writes_first(call: CallFacts) -> bool:
    """Where anybody may enter, a visitor writes first and signs in as late as possible."""
    return call.rules.entrants is Entrants.ANYONE and call.rules.audience in {Audience.PUBLIC, Audience.UNLISTED}


def _own_proposal(standing: Standing) -> NextAct | None:
    own = standing.handed_in or standing.draft
    return NextAct(ActKind.SEE_PROPOSAL, own) if own else None


def _what_comes(standing: Standing, now: datetime) -> NextAct | None:
    """Nothing to do now: the next act that will be possible, with the reason and its day."""
    call, ahead = standing.call, [stage for stage in standing.call.schedule if stage.opens_at > now]
    begun = bool(call.schedule) and call.schedule[0].opens_at <= call.clock(now)
    if begun and (call.status is CallStatus.PAUSED or call.organization.id in standing.actor.roles):
        return NextAct(ActKind.SEE_PROPOSALS)
    for stage in ahead:
        if stage.kind is StageKind.SUBMISSION:
            return NextAct(ActKind.START_PROPOSAL, refused=Refused("submission_open", stage.opens_at))
        if stage.kind is StageKind.VOTING:
            return NextAct(ActKind.VOTE, refused=Refused("round_open", stage.opens_at))
    return NextAct(ActKind.SEE_RESULTS, refused=Refused("results_published"))
