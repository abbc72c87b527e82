"""What permissions are asked about, as plain values. Areas build them from rows (`<area>.gates`); `core` never sees a row."""

from dataclasses import dataclass
from datetime import datetime

from crowd.core.objections import Window
from crowd.core.rules import CallRules, Round, Stage
from crowd.core.stages import Position, last_late, stage_at
from crowd.core.status import (
    AssignmentStatus,
    CallStatus,
    ModerationState,
    ObjectionStatus,
    OrganizationStatus,
    ProposalStatus,
    StageKind,
)


@dataclass(frozen=True)
class OrganizationFacts:
    id: int
    status: OrganizationStatus


@dataclass(frozen=True)
class CallFacts:
    """`rules` are the frozen ones, or the draft while the call is a draft; `schedule` is the shifted one in force.

    While a call is paused its clock stands at `paused_at`: no stage opens or closes, nothing becomes public meanwhile.
    """

    id: int
    organization: OrganizationFacts
    status: CallStatus
    rules: CallRules
    schedule: tuple[Stage, ...]
    results_published: bool = False
    paused_at: datetime | None = None
    amending: bool = False  # an amendment is being written
    rehearsal: bool = False
    list_frozen: bool = False  # the first candidate list is frozen

    @property
    def running(self) -> bool:
        return self.status in {CallStatus.PUBLISHED, CallStatus.PAUSED}

    def clock(self, now: datetime) -> datetime:
        return min(now, self.paused_at) if self.paused_at else now

    def position(self, now: datetime) -> Position:
        return stage_at(self.schedule, self.clock(now))

    def opens_at(self, kind: StageKind) -> datetime | None:
        return next((stage.opens_at for stage in self.schedule if stage.kind is kind), None)

    def decides(self, now: datetime) -> bool:
        """Submission, voting and review are over; where the call has a selection stage, it has opened."""
        opens = self.opens_at(StageKind.SELECTION) or self.opens_at(StageKind.RESULTS)
        return opens is not None and opens <= self.clock(now)

    def takes_late(self, now: datetime) -> bool:
        """After the close, until judging begins or the first candidate list is frozen."""
        opens = last_late(self.schedule)
        begun = self.schedule[0].opens_at if self.schedule else None
        in_time = begun is not None and begun <= now and (opens is None or now < opens)
        return self.status is CallStatus.PUBLISHED and not self.list_frozen and in_time

    def is_open(self, kind: StageKind, now: datetime) -> bool:
        return self.status is CallStatus.PUBLISHED and self.position(now).kind is kind

    def ideas_stage(self, now: datetime) -> Stage | None:
        """The open stage of a vote during which proposals may be added."""
        current = self.position(now).current
        if self.status is not CallStatus.PUBLISHED or current is None or current.key not in self._ideas:
            return None
        return current

    def takes_proposals(self, now: datetime) -> bool:
        """Anybody whom the rules let may hand in now."""
        return self.is_open(StageKind.SUBMISSION, now) or self.ideas_stage(now) is not None

    def stopped_at(self, now: datetime) -> datetime | None:
        """When it last ceased to take proposals."""
        taking = [stage for stage in self.schedule if stage.kind is StageKind.SUBMISSION or stage.key in self._ideas]
        ends = [stage.closes_at for stage in taking if stage.closes_at is not None and stage.closes_at <= now]
        return max(ends, default=None)

    @property
    def _ideas(self) -> set[str]:
        return {each.stage for each in self.rules.rounds if each.ideas}

    def is_past(self, kind: StageKind, now: datetime) -> bool:
        """True once every stage of this kind has closed (and there was one)."""
        ends = [stage.closes_at for stage in self.schedule if stage.kind is kind]
        return bool(ends) and all(end is not None and end <= self.clock(now) for end in ends)


@dataclass(frozen=True)
class ProposalFacts:
    id: int
    call: CallFacts
    status: ProposalStatus
    moderation: ModerationState
    lead_id: int | None  # None for imported proposals
    team_ids: frozenset[int] = frozenset()  # accepted members, the lead included
    pending_ids: frozenset[int] = frozenset()  # invited accounts that have not answered
    conflicted_ids: frozenset[int] = frozenset()  # a conflict declared or confirmed
    reader_ids: frozenset[int] = frozenset()  # reviewers with a live assignment
    in_round: bool = False  # stood on a frozen candidate list
    correction_due: datetime | None = None
    entered: bool = False  # by the organization, for somebody

    def stake_ids(self) -> frozenset[int]:
        """Authorship, membership (also pending) or conflict: whoever has a stake may not screen, moderate, review or decide."""
        return (
            self.team_ids | self.pending_ids | self.conflicted_ids | ({self.lead_id} if self.lead_id else frozenset())
        )


@dataclass(frozen=True)
class RoundFacts:
    """A round of a published call. `opened`: its candidate list is frozen; `closed`: its stage is over or it was closed by hand."""

    id: int
    call: CallFacts
    round: Round
    opened: bool = False
    counted: bool = False
    juror_ids: frozenset[int] = frozenset()  # accounts that accepted
    chair_ids: frozenset[int] = frozenset()
    voter_ids: frozenset[int] = frozenset()  # accounts on the list of an invited electorate; `voting.gates` knows them
    code_shown: bool = False  # whoever asks holds a code of this round

    def stage(self) -> Stage | None:
        return next((stage for stage in self.call.schedule if stage.key == self.round.stage), None)

    def is_open(self, now: datetime) -> bool:
        current = self.call.position(now).current
        return self.call.status is CallStatus.PUBLISHED and current is not None and current.key == self.round.stage

    def is_over(self, now: datetime) -> bool:
        stage = self.stage()
        return stage is not None and stage.closes_at is not None and stage.closes_at <= self.call.clock(now)


@dataclass(frozen=True)
class ChairFacts:
    """A call with those who chair one of its juries: they stand in for managers who have a stake."""

    call: CallFacts
    chair_ids: frozenset[int]


@dataclass(frozen=True)
class ResultFacts:
    """A result as somebody meets it who may object. `party_ids`: of those who ask, whoever handed in or voted here."""

    call: CallFacts
    window: Window | None
    party_ids: frozenset[int] = frozenset()


@dataclass(frozen=True)
class ObjectionFacts:
    """`decider_ids`: whoever decided or confirmed what it is about; `stake_ids`: whoever has a stake in it."""

    id: int
    call: CallFacts
    author_id: int | None
    status: ObjectionStatus
    decider_ids: frozenset[int] = frozenset()
    chair_ids: frozenset[int] = frozenset()
    stakes: frozenset[int] = frozenset()

    def stake_ids(self) -> frozenset[int]:
        return self.stakes


@dataclass(frozen=True)
class AssignmentFacts:
    id: int
    round: RoundFacts
    proposal: ProposalFacts
    juror_account_id: int | None
    status: AssignmentStatus


@dataclass(frozen=True)
class CommentFacts:
    id: int
    call: CallFacts
    proposal: ProposalFacts | None
    author_id: int | None
    moderation: ModerationState
    deleted: bool = False


@dataclass(frozen=True)
class CreditFacts:
    """`beside_ids`: accounts credited for the same proposal. `named`: the person is willing to be named."""

    id: int
    call: CallFacts
    account_id: int | None
    standing: bool = True
    named: bool = True
    beside_ids: frozenset[int] = frozenset()


@dataclass(frozen=True)
class EndorsementFacts:
    id: int
    call: CallFacts
    author_id: int | None
    endorsed_id: int | None
    standing: bool = True  # neither taken away nor hidden, and so is the credit
