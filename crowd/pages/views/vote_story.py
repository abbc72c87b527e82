"""A vote's rules told to whoever reads a call: who votes, what a ballot holds, what is known of it, when it counts."""

from collections.abc import Iterator
from typing import Any

from crowd.core.rules import BUDGET_METHODS, BudgetRule, Electorate, Round, VotingMethod
from crowd.web.grades import grade_words
from crowd.web.templating import money
from crowd.web.text import _, _l, ngettext
from crowd.web.words import ELECTORATES


def vote_words(vote: Round, currency: str) -> str:
    return " ".join([_who(vote), _how(vote, currency), *_terms(vote), _known(vote)])


def _who(vote: Round) -> str:
    who = _("Who votes: %(who)s.", who=ELECTORATES[vote.electorate])
    if not vote.min_account_days or vote.electorate is Electorate.CODES:
        return who
    age = ngettext(
        "An account must be at least one day old.",
        "An account must be at least %(num)d days old.",
        vote.min_account_days,
    )
    return f"{who} {age}"


FILLED_IN: dict[VotingMethod, Any] = {
    VotingMethod.SCORE: _l("Each gives every proposal 0 to 5 points; the points are added up."),
    VotingMethod.STAR: _l(
        "Each gives every proposal 0 to 5 points; of the best two, the one that more ballots prefer wins."
    ),
    VotingMethod.MAJORITY_JUDGMENT: _l("Each gives every proposal a grade (%(grades)s); the middle grade counts."),
    VotingMethod.CUMULATIVE: _l("Each spreads %(points)s dots; the dots are added up."),
    VotingMethod.QUADRATIC: _l("Each has %(points)s credits; n votes for one proposal cost n × n of them."),
    VotingMethod.BRADLEY_TERRY: _l("Each compares two proposals at a time, as many pairs as they like."),
}
COUNTED: dict[VotingMethod, Any] = {
    VotingMethod.IRV: _l("The last goes out and its ballots move on until one has more than half."),
    VotingMethod.STV: _l("Whoever reaches the quota is elected, and what is too much moves on."),
    VotingMethod.SCHULZE: _l("Each is compared with each; equal places are allowed."),
}
"""What follows the sentence about ranking."""


def _how(vote: Round, currency: str) -> str:
    if vote.method is VotingMethod.APPROVAL:
        return _support(vote)
    if vote.method in COUNTED:
        return f"{_ranked(vote)} {COUNTED[vote.method]}"
    if vote.method in BUDGET_METHODS:
        return _budget(vote, currency)
    return str(FILLED_IN[vote.method]) % {"points": vote.points, "grades": ", ".join(grade_words(vote))}


def _support(vote: Round) -> str:
    if not vote.max_choices:
        return _("Each may support as many proposals as they like.")
    return ngettext("Each may support one proposal.", "Each may support up to %(num)d proposals.", vote.max_choices)


def _ranked(vote: Round) -> str:
    if not vote.max_choices:
        return _("Each ranks the proposals, as many as they like.")
    return ngettext("Each names one proposal.", "Each ranks up to %(num)d proposals.", vote.max_choices)


def _budget(vote: Round, currency: str) -> str:
    amount = money(vote.budget, currency)
    fills = _("Each fills a basket with what a budget of %(amount)s pays for.", amount=amount)
    if vote.method is VotingMethod.EQUAL_SHARES:
        return fills + " " + _("Every voter decides over the same part of the money.")
    if vote.budget_rule is BudgetRule.NO_SKIP:
        return fills + " " + _("The most supported are paid for in turn, up to the first that no longer fits.")
    return fills + " " + _("The most supported are paid for in turn; what no longer fits is passed over.")


def _terms(vote: Round) -> Iterator[str]:
    if vote.ideas:
        yield _("While it is open people may hand in more proposals; those found eligible join the comparisons.")
    if vote.seats and vote.seats > 1 and vote.method not in BUDGET_METHODS:
        yield _("%(seats)s are elected.", seats=vote.seats)
    if vote.quorum:
        yield ngettext(
            "Without a ballot nobody is elected.", "With fewer than %(num)d ballots nobody is elected.", vote.quorum
        )
    if vote.threshold:
        yield _("Whoever is elected is named on at least %(share)s %% of the ballots.", share=vote.threshold)
    if vote.member_percent:
        yield _(
            "The ballots of members weigh %(members)s %% together, all others %(others)s %%.",
            members=vote.member_percent,
            others=100 - vote.member_percent,
        )


def _known(vote: Round) -> str:
    if vote.secret:
        return _("Secret: ballots and names are kept apart. Counts stay hidden until the vote closes.")
    named = _("Open: ballots are published with names.")
    hidden = _("Counts stay hidden until the vote closes.")
    return f"{named} {hidden}" if vote.hides_counts else named
