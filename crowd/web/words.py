"""The words people read for the values of the rules: one place for forms, pages, mails and exports."""

from collections.abc import Iterable
from typing import Any

from crowd.core.credit import CreditRole, OwnRole
from crowd.core.fields import AnswerKind, Counted, SeenBy
from crowd.core.outline import Shape
from crowd.core.rules import (
    Audience,
    Blindness,
    BudgetRule,
    ConflictPolicy,
    CountRule,
    Electorate,
    Entrants,
    FieldKind,
    GateKind,
    LeftOut,
    Publicity,
    Quota,
    ResultsPublicity,
    RoundKind,
    TieBreak,
    Unscreened,
    VotingMethod,
)
from crowd.core.shifts import Act
from crowd.core.status import EntryChannel, ModerationCode, StageKind
from crowd.web.text import _, _l

Words = dict[Any, Any]

STAGES: Words = {
    StageKind.SUBMISSION: _l("Proposals"),
    StageKind.SCREENING: _l("Screening"),
    StageKind.DISCUSSION: _l("Discussion"),
    StageKind.VOTING: _l("Vote"),
    StageKind.REVIEW: _l("Review"),
    StageKind.SELECTION: _l("Decision"),
    StageKind.OBJECTION: _l("Objections"),
    StageKind.RESULTS: _l("Results"),
    StageKind.FOLLOW_UP: _l("Follow-up"),
}
AUDIENCES: Words = {
    Audience.PUBLIC: _l("Everybody"),
    Audience.UNLISTED: _l("Everybody who has the link"),
    Audience.MEMBERS: _l("Only members of the organization"),
    Audience.INVITED: _l("Only people who are invited"),
}
ENTRANTS: Words = {
    Entrants.ANYONE: _l("Anybody who can see the call"),
    Entrants.MEMBERS: _l("Only members of the organization"),
    Entrants.INVITED: _l("Only people who are invited"),
}
PUBLICITIES: Words = {
    Publicity.AT_ONCE: _l("At once, as they come in"),
    Publicity.AFTER_SUBMISSION: _l("All together, when submission closes"),
    Publicity.SHORTLISTED: _l("Only those that reach a round or are shortlisted"),
    Publicity.AFTER_RESULTS: _l("Only with the results"),
    Publicity.NEVER: _l("Never: authors and the organization only"),
}
RESULTS_PUBLICITIES: Words = {
    ResultsPublicity.EVERYTHING: _l("Everything: title, text, rank and reason"),
    ResultsPublicity.TITLE_AND_RANK: _l("Title and rank"),
    ResultsPublicity.NUMBERS: _l("Only how many there were"),
}
UNSCREENED: Words = {
    Unscreened.WAIT: _l("They wait outside the round until somebody screens them"),
    Unscreened.ENTER: _l("They enter the round"),
}
LEFT_OUT: Words = {
    LeftOut.WITH_RESULTS: _l("With the results"),
    LeftOut.NOW: _l("At once, when the round's list is confirmed"),
}
METHODS: Words = {
    VotingMethod.APPROVAL: _l("Support: each voter supports the proposals they want"),
    VotingMethod.SCORE: _l("Score: each voter gives 0 to 5 points"),
    VotingMethod.STAR: _l("STAR: points of 0 to 5, then a runoff between the best two"),
    VotingMethod.IRV: _l("Instant runoff: a ranking, the last goes out until one has more than half"),
    VotingMethod.STV: _l("Single transferable vote: a ranking, several are elected in proportion"),
    VotingMethod.SCHULZE: _l("Schulze: a ranking, each is compared with each"),
    VotingMethod.MAJORITY_JUDGMENT: _l("Majority judgment: a grade in words, the middle one counts"),
    VotingMethod.CUMULATIVE: _l("Dots: each voter spreads a number of dots"),
    VotingMethod.QUADRATIC: _l("Credits: votes are bought, each further one for the same proposal costs more"),
    VotingMethod.PB_GREEDY: _l("Budget by votes: the most supported are paid for until the money is spent"),
    VotingMethod.EQUAL_SHARES: _l("Equal shares: each voter decides over the same part of the budget"),
    VotingMethod.BRADLEY_TERRY: _l("In pairs: two proposals at a time, which is better?"),
}
ELECTORATES: Words = {
    Electorate.VERIFIED: _l("Everybody with a confirmed e-mail address"),
    Electorate.MEMBERS: _l("Members of the organization"),
    Electorate.INVITED: _l("People on a list that the organization makes"),
    Electorate.CODES: _l("Whoever holds a one-time code; no account is needed"),
    Electorate.ROLL: _l("A closed list of voters"),
}
BUDGET_RULES: Words = {
    BudgetRule.GREEDY: _l("Go on to the next one that still fits"),
    BudgetRule.NO_SKIP: _l("Stop there: nothing less supported is paid for"),
}
ROUNDS: Words = {RoundKind.VOTE: _l("Public vote"), RoundKind.REVIEW: _l("Jury")}
BLINDNESSES: Words = {
    Blindness.NONE: _l("Everybody: authors read who wrote which comment to them"),
    Blindness.SINGLE: _l("Reviewers know the authors, authors do not learn who reviewed them"),
    Blindness.DOUBLE: _l("Nobody: reviewers do not learn who the authors are either"),
}
ADJUSTED_RULE = _l(
    "Proposals are compared by adjusted scores, with three decimals: means without the leniency of the reviewers. If there are not "
    "enough reviews to adjust, the plain means decide."
)
BLIND_RULES: Words = {
    Blindness.NONE: _l("Authors read who wrote to them."),
    Blindness.SINGLE: _l("Authors do not learn who reviewed their proposal."),
    Blindness.DOUBLE: _l(
        "Reviewers do not learn who the authors are, nor authors who reviewed them, until the results."
    ),
}
CONFLICT_POLICIES: Words = {
    ConflictPolicy.WARN: _l("It is shown to the chair, who decides"),
    ConflictPolicy.BLOCK: _l("It keeps the reviewer from the proposal until the chair sets it aside"),
}
FIELDS: Words = {
    FieldKind.ALL: _l("All eligible proposals"),
    FieldKind.BEST: _l("The best of an earlier round (ties at the line all pass)"),
    FieldKind.GATES: _l("Those that pass every gate below"),
}
GATES: Words = {
    GateKind.LEAST_SUPPORTS: _l("at least this many supports"),
    GateKind.LEAST_MEAN: _l("a mean score of at least"),
    GateKind.LEAST_MEDIAN: _l("a median score of at least"),
    GateKind.LEAST_REVIEWS: _l("at least this many reviews"),
}
TIE_BREAKS: Words = {
    TieBreak.ORGANIZATION_DECIDES: _l("The organization decides between them, with a public reason"),
    TieBreak.EARLIER_SUBMISSION: _l("The one handed in earlier goes first"),
    TieBreak.ALL_TIED_PASS: _l("All of them pass"),
}
COUNT_RULES: Words = {
    CountRule.CUT_LINE: _l("The ranking, cut where the places or the budget end"),
    CountRule.GREEDY: _l("The ranking from the top, taking whatever still fits the budget"),
    CountRule.ELECTED: _l("Whom the vote itself elects, by its own places or budget"),
    CountRule.NONE: _l("No numbers: the organization chooses, with a reason for each"),
}
ENTRY_CHANNELS: Words = {
    EntryChannel.PAPER: _l("on paper"),
    EntryChannel.TELEPHONE: _l("by telephone"),
    EntryChannel.COUNTER: _l("in person"),
    EntryChannel.IMPORT: _l("from a file"),
}
ANSWER_KINDS: Words = {
    AnswerKind.SHORT: _l("One line of text"),
    AnswerKind.LONG: _l("Longer text"),
    AnswerKind.CHOICE: _l("One of several choices"),
    AnswerKind.CHOICES: _l("Several choices"),
    AnswerKind.NUMBER: _l("A number"),
    AnswerKind.DATE: _l("A date"),
    AnswerKind.LINK: _l("A link"),
    AnswerKind.FILE: _l("A file"),
}
COUNTED: Words = {Counted.CHARACTERS: _l("characters"), Counted.WORDS: _l("words")}
SEEN_BY: Words = {
    SeenBy.PUBLIC: _l("Everybody who sees the proposal"),
    SeenBy.REVIEWERS: _l("Its reviewers and the organization"),
    SeenBy.ORGANIZERS: _l("The organization alone"),
}
SHAPES: Words = {
    Shape.BOTH: _l("A public vote and a jury together"),
    Shape.CROWD: _l("A public vote"),
    Shape.JURY: _l("A jury"),
    Shape.ORGANIZATION: _l("The organization itself"),
}
ACTS: Words = {
    Act.PAUSE: _l("Paused"),
    Act.RESUME: _l("Resumed"),
    Act.EXTEND: _l("Extended"),
    Act.ANNOUNCE_CLOSE: _l("Early close announced"),
    Act.CLOSE_EARLY: _l("Closed early"),
    Act.CANCEL: _l("Cancelled"),
    Act.END: _l("Ended without a winner"),
}
CREDIT_ROLES: Words = {
    CreditRole.CONCEPTUALIZATION: _l("Conceptualization"),
    CreditRole.DATA_CURATION: _l("Data curation"),
    CreditRole.FORMAL_ANALYSIS: _l("Formal analysis"),
    CreditRole.FUNDING_ACQUISITION: _l("Funding acquisition"),
    CreditRole.INVESTIGATION: _l("Investigation"),
    CreditRole.METHODOLOGY: _l("Methodology"),
    CreditRole.PROJECT_ADMINISTRATION: _l("Project administration"),
    CreditRole.RESOURCES: _l("Resources"),
    CreditRole.SOFTWARE: _l("Software"),
    CreditRole.SUPERVISION: _l("Supervision"),
    CreditRole.VALIDATION: _l("Validation"),
    CreditRole.VISUALIZATION: _l("Visualization"),
    CreditRole.WRITING_ORIGINAL_DRAFT: _l("Writing – original draft"),
    CreditRole.WRITING_REVIEW_EDITING: _l("Writing – review and editing"),
}

OWN_ROLES: Words = {
    OwnRole.IDEA: _l("Idea"),
    OwnRole.FEEDBACK: _l("Feedback that changed the text"),
}
ROLE_NAMES: dict[str, Any] = {str(role): words for role, words in (CREDIT_ROLES | OWN_ROLES).items()}
"""Of all roles that a credit can hold, by what is stored."""


def role_names(keys: Iterable[str]) -> list[str]:
    return [str(ROLE_NAMES[key]) for key in keys if key in ROLE_NAMES]


def credited_name(name: str) -> str:
    """Whoever does not want to be named, or is gone, is still credited."""
    return name or _("a contributor")


CREDIT_HELP: Words = {
    CreditRole.CONCEPTUALIZATION: _l("The idea: what is to be reached, and which questions it answers."),
    CreditRole.DATA_CURATION: _l("Collecting, describing and cleaning data so that it can be used again."),
    CreditRole.FORMAL_ANALYSIS: _l("Statistics, mathematics or other formal methods applied to the data."),
    CreditRole.FUNDING_ACQUISITION: _l("Finding the money that made the work possible."),
    CreditRole.INVESTIGATION: _l("Doing the research: experiments, interviews, gathering evidence."),
    CreditRole.METHODOLOGY: _l("Designing the method or the models."),
    CreditRole.PROJECT_ADMINISTRATION: _l("Planning and coordinating who does what, and when."),
    CreditRole.RESOURCES: _l("Providing materials, places, instruments, computers or people."),
    CreditRole.SOFTWARE: _l("Writing, designing and testing programs."),
    CreditRole.SUPERVISION: _l("Guiding the work and those who do it, mentoring included."),
    CreditRole.VALIDATION: _l("Checking that results hold and can be repeated."),
    CreditRole.VISUALIZATION: _l("Drawings, figures, and how the work is shown."),
    CreditRole.WRITING_ORIGINAL_DRAFT: _l("Writing the first text, or translating it."),
    CreditRole.WRITING_REVIEW_EDITING: _l("Reading critically, commenting, revising."),
}
"""What each role means, in short, after ANSI/NISO Z39.104-2022."""


MODERATION_WORDS: Words = {
    ModerationCode.SPAM: _l("Advertising or spam"),
    ModerationCode.ABUSE: _l("It insults or threatens somebody"),
    ModerationCode.PERSONAL_DATA: _l("It gives away somebody's personal data"),
    ModerationCode.UNLAWFUL: _l("It breaks the law or the terms of use"),
    ModerationCode.OFF_TOPIC: _l("It has nothing to do with the matter"),
    ModerationCode.OTHER: _l("Another reason"),
}


def tag_words(quota: Quota) -> str:
    """`at least 1 and at most 3 carry the tag “health”`."""
    if quota.most is None:
        return _("at least %(least)s carry the tag “%(tag)s”", least=quota.least, tag=quota.tag)
    if not quota.least:
        return _("at most %(most)s carry the tag “%(tag)s”", most=quota.most, tag=quota.tag)
    return _(
        "at least %(least)s and at most %(most)s carry the tag “%(tag)s”",
        least=quota.least,
        most=quota.most,
        tag=quota.tag,
    )
