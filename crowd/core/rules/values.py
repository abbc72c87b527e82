"""The rules of a call as one value.

Everything a call promises before it opens is a `CallRules`. The organization edits it as a draft, publishing freezes it as
canonical JSON (RFC 8785: integers and text only) with a SHA-256 fingerprint. Voting, review and selection read this value and
keep no second copy. Moving a date later is a shift of the *schedule*, a second value beside these rules.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crowd.core.fields import CustomField
from crowd.core.rules.reviewing import Blindness, ConflictPolicy, Criterion
from crowd.core.status import StageKind


class Audience(StrEnum):
    """Who may see the call at all."""

    PUBLIC = "public"
    UNLISTED = "unlisted"
    MEMBERS = "members"
    INVITED = "invited"


class Entrants(StrEnum):
    """Who may hand in a proposal."""

    ANYONE = "anyone"
    MEMBERS = "members"
    INVITED = "invited"


class Publicity(StrEnum):
    """Who but the authors and the organization sees handed-in proposals, and from when."""

    AT_ONCE = "at_once"
    AFTER_SUBMISSION = "after_submission"
    SHORTLISTED = "shortlisted"
    AFTER_RESULTS = "after_results"
    NEVER = "never"


class ResultsPublicity(StrEnum):
    """What results show of proposals that were not selected."""

    EVERYTHING = "everything"
    TITLE_AND_RANK = "title_and_rank"
    NUMBERS = "numbers"


class Unscreened(StrEnum):
    """What happens to proposals nobody screened before a round opens."""

    ENTER = "enter"
    WAIT = "wait"


class LeftOut(StrEnum):
    """When those who do not advance to a later round are told."""

    NOW = "now"
    WITH_RESULTS = "with_results"


class VotingMethod(StrEnum):
    """How ballots are filled in and counted. The values are the names of `core.tally.methods`."""

    APPROVAL = "approval"
    SCORE = "score"
    STAR = "star"
    IRV = "irv"
    STV = "stv-scottish"
    SCHULZE = "schulze"
    MAJORITY_JUDGMENT = "majority-judgment"
    CUMULATIVE = "cumulative"
    QUADRATIC = "quadratic"
    PB_GREEDY = "pb-greedy"
    EQUAL_SHARES = "pb-equal-shares"
    BRADLEY_TERRY = "bradley-terry"


class Electorate(StrEnum):
    """Who may cast a ballot. `ROLL`: a closed list of opaque voter ids that came with an import.

    `INVITED`: those on a list of e-mail addresses. `CODES`: whoever holds a printed code that was not used yet; no account is needed.
    """

    VERIFIED = "verified"
    MEMBERS = "members"
    INVITED = "invited"
    CODES = "codes"
    ROLL = "roll"


class BudgetRule(StrEnum):
    """What greedy does with a project that no longer fits, as Pabulib names it."""

    GREEDY = "greedy"
    NO_SKIP = "greedy-no-skip"


class RoundKind(StrEnum):
    VOTE = "vote"
    REVIEW = "review"


class FieldKind(StrEnum):
    """Which proposals enter a round: all eligible, the best N of an earlier round (ties at N all pass), or those over gates."""

    ALL = "all"
    BEST = "best"
    GATES = "gates"


class GateKind(StrEnum):
    LEAST_SUPPORTS = "least_supports"
    LEAST_MEAN = "least_mean"
    LEAST_MEDIAN = "least_median"
    LEAST_REVIEWS = "least_reviews"


class TieBreak(StrEnum):
    """What happens when equal totals straddle the cut line."""

    ORGANIZATION_DECIDES = "organization_decides"
    EARLIER_SUBMISSION = "earlier_submission"
    ALL_TIED_PASS = "all_tied_pass"


class CountRule(StrEnum):
    """How the numbers propose winners.

    `GREEDY`: most votes first, whatever still fits the budget (Pabulib rule `greedy`). `ELECTED`: whom the vote itself elects, by its own
    seats or budget, quorum and threshold.
    """

    CUT_LINE = "cut_line"
    GREEDY = "greedy"
    ELECTED = "elected"
    NONE = "none"


@dataclass(frozen=True)
class Stage:
    """One stretch of the schedule. `closes_at` is None only for the last stage, which stays open."""

    key: str
    kind: StageKind
    opens_at: datetime
    closes_at: datetime | None = None


@dataclass(frozen=True)
class Gate:
    """A least value in one round; `least` is a decimal or fraction as text ("3", "3.5", "7/2")."""

    kind: GateKind
    round: str
    least: str


@dataclass(frozen=True)
class Field:
    """Where a round's candidates come from."""

    kind: FieldKind = FieldKind.ALL
    source: str | None = None  # key of the earlier round, for BEST
    best: int | None = None
    gates: tuple[Gate, ...] = ()


@dataclass(frozen=True)
class Round:
    """A voting or review round, bound to one stage of the schedule."""

    key: str
    kind: RoundKind
    stage: str
    title: str
    field: Field = Field()
    # vote
    method: VotingMethod = VotingMethod.APPROVAL
    electorate: Electorate = Electorate.VERIFIED
    min_account_days: int = 0  # how old an account must be
    max_choices: int | None = None  # marks, scores above 0, or places of a ranking
    points: int | None = None  # dots or credits of one ballot
    grades: tuple[str, ...] = ()  # words of majority judgment, best first
    seats: int | None = None  # how many the vote elects; None: one
    budget: int | None = None  # of the budget methods, whole units of `currency`
    budget_rule: BudgetRule = BudgetRule.GREEDY
    quorum: int | None = None  # fewer ballots elect nobody
    threshold: int | None = None  # least percent of the ballots that must name whoever is elected
    member_percent: int | None = None  # members' ballots weigh this much together, everybody else's the rest
    ideas: bool = False  # of comparisons: while the vote is open people may hand in more proposals
    hidden_counts: bool = True
    secret: bool = True  # the roll and the ballots are apart; else ballots are published with names
    tie_commitment: str | None = None  # SHA-256 of a secret revealed at close, set at publishing
    # review
    criteria: tuple[Criterion, ...] = ()
    min_reviews: int = 1
    show_jurors: bool = False
    asks_confidence: bool = False  # each review says how sure the reviewer is; not part of the total
    blindness: Blindness = Blindness.SINGLE
    conflict_policy: ConflictPolicy = ConflictPolicy.WARN

    @property
    def hides_counts(self) -> bool:
        """Nobody learns a count before the close; in a secret vote never, whatever else is asked."""
        return self.secret or self.hidden_counts


@dataclass(frozen=True)
class Component:
    """One part of the final score: a round and its weight in whole percent.

    `adjusted`: a review is compared by adjusted scores (`core.calibration`) instead of raw means.
    """

    round: str
    weight: int
    adjusted: bool = False


@dataclass(frozen=True)
class Quota:
    """How many of those selected carry a tag: at least so many, at most so many (None: any number)."""

    tag: str
    least: int = 0
    most: int | None = None


@dataclass(frozen=True)
class SelectionRules:
    """`reserve`: how many stand in reserve. `reasons`: kinds of reasons to choose from, in words; none: the usual ones."""

    components: tuple[Component, ...] = ()
    gates: tuple[Gate, ...] = ()
    count: CountRule = CountRule.CUT_LINE
    places: int | None = None
    budget: int | None = None  # whole units of `currency`
    tie_break: TieBreak = TieBreak.ORGANIZATION_DECIDES
    quotas: tuple[Quota, ...] = ()
    reserve: int | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class CallRules:
    title: str = ""
    lead: str = ""  # two lines under the title
    body: str = ""  # Markdown: what is asked and why
    tags: tuple[str, ...] = ()
    language: str = "en"
    time_zone: str = "UTC"
    audience: Audience = Audience.PUBLIC
    entrants: Entrants = Entrants.ANYONE
    eligibility: str = ""  # who may take part, in words
    own_people_may_enter: bool = False
    handed_in: str = ""  # what is handed in, in words
    asks_cost: bool = False
    currency: str = "EUR"
    max_attachments: int = 3
    custom_fields: tuple[CustomField, ...] = ()  # what a proposal is asked beyond its text
    paper_days: int = 0  # days after the deadline on which the organization may still enter what came on paper
    most_as_lead: int | None = None  # proposals one person may hand in as lead, withdrawn ones left out
    most_in_team: int | None = None  # proposals one person may stand in, lead or not
    declarations: tuple[str, ...] = ()
    prize: str = ""
    credit: str = ""
    licence: str = ""
    contact: str = ""
    answer_days: int | None = None  # "we answer within N working days"
    screening: bool = True
    unscreened: Unscreened = Unscreened.WAIT
    left_out: LeftOut = LeftOut.WITH_RESULTS
    publicity: Publicity = Publicity.AT_ONCE
    results_publicity: ResultsPublicity = ResultsPublicity.EVERYTHING
    decides: str = ""  # who decides, in words
    stages: tuple[Stage, ...] = ()
    rounds: tuple[Round, ...] = ()
    selection: SelectionRules = SelectionRules()

    def round(self, key: str) -> Round:
        """The round called `key`; KeyError if there is none."""
        return {found.key: found for found in self.rounds}[key]

    def stage(self, key: str) -> Stage:
        """The stage called `key` as frozen; KeyError if there is none."""
        return {found.key: found for found in self.stages}[key]

    def has_stage(self, kind: StageKind) -> bool:
        return any(stage.kind is kind for stage in self.stages)
