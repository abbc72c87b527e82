"""The rules of a vote: how people fill in a ballot, who may, what is kept secret. Only what the method uses is stored."""

from typing import Any

from wtforms import BooleanField, RadioField
from wtforms.validators import Length

from crowd.calls.forms.fields import Lines, radio, whole_number
from crowd.core.rules import UNSET, USED_BY, BudgetRule, CallRules, Electorate, Round, VotingMethod
from crowd.core.selection import vote_faults
from crowd.core.tally.profile import DEFAULT_GRADES
from crowd.web.forms import choice, choices_of
from crowd.web.text import _l
from crowd.web.words import BUDGET_RULES, ELECTORATES, METHODS

CHOSEN_ELECTORATES = {
    kind: ELECTORATES[kind] for kind in (Electorate.VERIFIED, Electorate.MEMBERS, Electorate.INVITED, Electorate.CODES)
}
LARGEST = 999_999_999_999
MOST_GRADES = 10
GRADES_OF = {
    "es": ("excelente", "muy buena", "buena", "aceptable", "insuficiente", "para rechazar"),
}
"""The six usual words, best first, in other languages of calls than English."""

WHEN: dict[VotingMethod, Any] = {
    VotingMethod.APPROVAL: _l("The easiest to fill in and to explain; good for long lists."),
    VotingMethod.SCORE: _l("When it matters how much people like something, not only whether."),
    VotingMethod.STAR: _l("Points, but the winner must also be preferred by more voters than the runner-up."),
    VotingMethod.IRV: _l("For one winner out of few; a vote for a weak favourite is not lost."),
    VotingMethod.STV: _l("For several winners who together stand for everybody; the rules of Scottish councils."),
    VotingMethod.SCHULZE: _l("For the one that would win against each other one by itself."),
    VotingMethod.MAJORITY_JUDGMENT: _l("When one word says more than a number; extreme grades gain nothing."),
    VotingMethod.CUMULATIVE: _l("When people should say where their weight lies; easy on paper."),
    VotingMethod.QUADRATIC: _l("When a few care much and many care little: strong wishes cost more."),
    VotingMethod.PB_GREEDY: _l("The usual participatory budget; the most popular first."),
    VotingMethod.EQUAL_SHARES: _l("A participatory budget in which smaller groups of voters get their part too."),
    VotingMethod.BRADLEY_TERRY: _l("For very long lists: nobody has to read them all."),
}
REFUSALS: dict[str, Any] = {
    "grades": _l("Two grades or more, each once."),
    "member_percent_of_members": _l("Only members vote here, so nobody is left to weigh them against."),
    "codes_have_no_account": _l("Whoever votes with a code has no account: leave this at 0."),
    "ideas_field": _l("Only where every proposal found eligible enters may more come while the vote is open."),
    "secret_open_counts": _l(
        "A secret vote hides its counts until it closes: choose open ballots, or leave this ticked."
    ),
}
"""What contradicts is refused at once; what is missing may still come, and the checklist says so."""
FIELD_OF = {
    "grades": "grades",
    "member_percent_of_members": "member_percent",
    "codes_have_no_account": "min_account_days",
    "secret_open_counts": "hidden_counts",
    "ideas_field": "ideas",
}
BALLOT_FIELDS = (
    "method",
    "electorate",
    "min_account_days",
    "max_choices",
    "points",
    "grades",
    "seats",
    "budget",
    "budget_rule",
    "quorum",
    "threshold",
    "member_percent",
    "ideas",
    "secret",
    "hidden_counts",
)


class BallotFields:
    """The fields, to be mixed into the form of a round."""

    method = radio(_l("How people vote"), VotingMethod, METHODS)
    max_choices = whole_number(
        _l("Most proposals one ballot may name"),
        1,
        10_000,
        description=_l("Leave it empty for as many as one likes."),
    )
    points = whole_number(
        _l("Dots or credits of one ballot"),
        1,
        10_000,
        description=_l("Usual are 10 dots, or 100 credits (ten votes for one proposal, or four each for six)."),
    )
    grades = Lines(
        _l("Grades in words, the best first"),
        [Length(max=600, message=_l("At most %(max)d characters."))],
        description=_l("One in each line. Leave it empty for the six usual ones, from “excellent” to “to reject”."),
    )
    seats = whole_number(
        _l("How many are elected"),
        1,
        1_000,
        description=_l("Leave it empty for one. Above it the vote still gives a ranking."),
    )
    budget = whole_number(
        _l("Budget that voters spend"), 1, LARGEST, description=_l("Whole units of the call's currency.")
    )
    budget_rule = radio(_l("When a project no longer fits"), BudgetRule, BUDGET_RULES)
    ideas = BooleanField(
        _l("People may add proposals while the vote is open"),
        description=_l(
            "Whoever misses something while comparing writes it down and hands it in. It is screened like all others; once found "
            "eligible it joins the comparisons within a minute, and its strength follows from those it is in. The vote's close is the deadline."
        ),
    )
    electorate = radio(_l("Who may vote"), Electorate, ELECTORATES)
    min_account_days = whole_number(
        _l("Least age of an account in days"),
        0,
        3_650,
        description=_l("An account must be this old when its ballot is cast; it makes crowds of new accounts useless."),
    )
    secret = RadioField(
        _l("Secret or open"),
        choices=[choice("yes", _l("Secret")), choice("no", _l("Open"))],
    )
    hidden_counts = BooleanField(
        _l("Counts stay hidden until the vote closes"),
        description=_l("Nobody follows the crowd, and nobody knows whom to push. A secret vote always does this."),
    )
    quorum = whole_number(
        _l("Least number of ballots"), 1, LARGEST, description=_l("With fewer ballots the vote elects nobody.")
    )
    threshold = whole_number(
        _l("Least share of ballots that name a winner, in percent"),
        1,
        100,
        description=_l("Whoever is named on fewer ballots is not elected."),
    )
    member_percent = whole_number(
        _l("Weight of the members' ballots together, in percent"),
        1,
        99,
        description=_l("All ballots of members together weigh this much, all others the rest, however many there are."),
    )


def ballot_values(vote: Round) -> dict[str, Any]:
    """The fields as the rules fill them."""
    own = {name: getattr(vote, name) for name in BALLOT_FIELDS}
    return own | {"secret": "yes" if vote.secret else "no", "grades": "\n".join(vote.grades)}


def prepare_ballot(form: Any) -> None:
    form.electorate.choices = choices_of(CHOSEN_ELECTORATES, ELECTORATES)


def ballot_of(form: Any, rules: CallRules) -> dict[str, Any]:
    """What the form says of the vote, without what its method has no use for."""
    read: dict[str, Any] = {name: form[name].data for name in BALLOT_FIELDS}
    read["grades"] = form.grades.lines() or GRADES_OF.get(rules.language, ())
    read["secret"] = form.secret.data != "no"
    read["min_account_days"] = form.min_account_days.data or 0
    method = form.method.data
    idle = {name: UNSET.get(name) for name, methods in USED_BY.items() if method not in methods}
    return {**read, **idle}


def refuse_contradictions(form: Any, vote: Round) -> bool:
    """Put what contradicts beside its field. True if nothing does."""
    found = [fault.code for fault in vote_faults(vote) if fault.code in REFUSALS]
    for code in found:
        field = form[FIELD_OF[code]]
        field.errors = [*field.errors, REFUSALS[code]]
    return not found


def usual_grades(language: str) -> tuple[str, ...]:
    return GRADES_OF.get(language, DEFAULT_GRADES)
