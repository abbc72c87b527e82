"""A ballot and a round in words."""

from datetime import datetime
from typing import Any

from crowd.core.rules import BudgetRule, Electorate, FieldKind, Round, RoundKind, VotingMethod
from crowd.core.subjects import RoundFacts
from crowd.web.grades import grade_words
from crowd.web.text import _, _l, ngettext

ELECTORATE_WORDS: dict[Electorate, Any] = {
    Electorate.VERIFIED: _l("Everybody with a confirmed e-mail address, one ballot each"),
    Electorate.MEMBERS: _l("Members of the organization, one ballot each"),
    Electorate.INVITED: _l("People on a list that the organization made, one ballot each"),
    Electorate.CODES: _l("Whoever holds a one-time code, one ballot each"),
    Electorate.ROLL: _l("A closed roll that came with an import; nobody votes here"),
}


HOW_TO_VOTE: dict[VotingMethod, Any] = {
    VotingMethod.APPROVAL: _l("Support as many proposals as you like."),
    VotingMethod.SCORE: _l("Give each proposal 0 to 5 points. One you leave blank counts as 0."),
    VotingMethod.STAR: _l("Give each proposal 0 to 5 points. One you leave blank counts as 0."),
    VotingMethod.IRV: _l("Rank the proposals, your favourite first. Leave out those you do not care about."),
    VotingMethod.STV: _l("Rank the proposals, your favourite first. Leave out those you do not care about."),
    VotingMethod.SCHULZE: _l(
        "Rank the proposals, your favourite first; several may share a place. Those you leave out come last."
    ),
    VotingMethod.MAJORITY_JUDGMENT: _l(
        "Give each proposal the grade it deserves. One you leave out counts as “%(worst)s”."
    ),
    VotingMethod.CUMULATIVE: _l("Spread %(points)s dots over the proposals, as many on one as you like."),
    VotingMethod.QUADRATIC: _l(
        "Buy votes with %(points)s credits. The first vote for a proposal costs 1, the second 3 more, the third 5 more."
    ),
    VotingMethod.PB_GREEDY: _l("Fill your basket with what the budget should pay for."),
    VotingMethod.EQUAL_SHARES: _l("Fill your basket with what the budget should pay for."),
    VotingMethod.BRADLEY_TERRY: _l("Compare two proposals at a time, as many pairs as you like; each answer counts."),
}
LIMITED: dict[VotingMethod, Any] = {
    VotingMethod.APPROVAL: _l("Support up to %(most)d proposals."),
    VotingMethod.SCORE: _l("Give up to %(most)d proposals 1 to 5 points. Those you leave blank count as 0."),
    VotingMethod.STAR: _l("Give up to %(most)d proposals 1 to 5 points. Those you leave blank count as 0."),
    VotingMethod.IRV: _l("Rank up to %(most)d proposals, your favourite first."),
    VotingMethod.STV: _l("Rank up to %(most)d proposals, your favourite first."),
    VotingMethod.SCHULZE: _l("Rank up to %(most)d proposals, your favourite first; several may share a place."),
    VotingMethod.PB_GREEDY: _l("Fill your basket with up to %(most)d proposals that the budget should pay for."),
    VotingMethod.EQUAL_SHARES: _l("Fill your basket with up to %(most)d proposals that the budget should pay for."),
}
"""Where a ballot may name only so many."""
HOW_COUNTED: dict[VotingMethod, Any] = {
    VotingMethod.APPROVAL: _l("Each ballot counts one for every proposal it supports. Equal totals are a tie."),
    VotingMethod.SCORE: _l("The points of all ballots are added up. Equal totals are a tie."),
    VotingMethod.STAR: _l(
        "The points are added up; of the two with most, the one that more ballots gave more points wins."
    ),
    VotingMethod.IRV: _l(
        "Each ballot counts for its favourite; the last goes out and its ballots move on, until one has more than half."
    ),
    VotingMethod.STV: _l(
        "Whoever reaches the quota is elected; votes beyond it move on in part, and those of the last move on whole."
    ),
    VotingMethod.SCHULZE: _l(
        "Each is compared with each; the winner beats every other one directly, or by the stronger chain of wins."
    ),
    VotingMethod.MAJORITY_JUDGMENT: _l(
        "Each proposal gets its middle grade: half of the voters gave it that grade or better. The best one wins."
    ),
    VotingMethod.CUMULATIVE: _l("The dots of all ballots are added up. Equal totals are a tie."),
    VotingMethod.QUADRATIC: _l("The votes that were bought are added up, not the credits. Equal totals are a tie."),
    VotingMethod.PB_GREEDY: _l("The most supported are paid for first; one that no longer fits is passed over."),
    VotingMethod.EQUAL_SHARES: _l(
        "Every voter gets the same part of the budget and pays, with others, for what they support."
    ),
    VotingMethod.BRADLEY_TERRY: _l(
        "From all comparisons a strength is estimated for each; those too close to be told apart are tied."
    ),
}


def how_to_vote(round_: Round) -> str:
    if round_.max_choices and round_.method in LIMITED:
        return str(LIMITED[round_.method]) % {"most": round_.max_choices}
    return str(HOW_TO_VOTE[round_.method]) % {"points": round_.points, "worst": grade_words(round_)[-1]}


def how_counted(round_: Round) -> str:
    if round_.kind is RoundKind.REVIEW:
        return ngettext(
            "Each proposal needs at least %(num)d review; its score is the weighted mean of the criteria.",
            "Each proposal needs at least %(num)d reviews; its score is the weighted mean of the criteria.",
            round_.min_reviews,
        )
    if round_.budget_rule is BudgetRule.NO_SKIP and round_.method is VotingMethod.PB_GREEDY:
        return _("The most supported are paid for first, up to the first one that no longer fits.")
    return str(HOW_COUNTED[round_.method])


def when_known(round_: Round) -> str:
    if round_.hides_counts:
        return _("Not before the vote closes, to nobody: not even how many have voted.")
    return _("While the vote runs, refreshed each minute.")


def who_stands(round_: Round) -> str:
    match round_.field.kind:
        case FieldKind.ALL:
            return _("Every proposal found eligible")
        case FieldKind.BEST:
            return _("The best %(best)d of an earlier round; ties all pass", best=round_.field.best or 0)
        case FieldKind.GATES:
            return _("Proposals over the gates of earlier rounds")


def state_of(facts: RoundFacts, now: datetime, *, counted: bool) -> str:
    """Where a round stands: `ahead`, `unconfirmed`, `open`, `paused`, `counting`, `over`, `missed` (over without having opened)."""
    if facts.is_over(now) and not facts.opened:
        return "missed"
    if facts.is_over(now):
        return "over" if counted or facts.round.kind is RoundKind.REVIEW else "counting"
    if facts.is_open(now):
        return "open" if facts.opened else "unconfirmed"
    stage = facts.stage()
    begun = stage is not None and stage.opens_at <= facts.call.clock(now)
    return "paused" if begun else "ahead"
