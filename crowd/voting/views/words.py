"""A ballot and a round in words."""

from datetime import datetime
from typing import Any

from crowd.core.rules import Electorate, FieldKind, Round, RoundKind, VotingMethod
from crowd.core.subjects import RoundFacts
from crowd.core.tally.choices import Choices
from crowd.web.text import _, _l, ngettext

ELECTORATE_WORDS: dict[Electorate, Any] = {
    Electorate.VERIFIED: _l("Everybody with a confirmed e-mail address, one ballot each"),
    Electorate.MEMBERS: _l("Members of the organization, one ballot each"),
    Electorate.INVITED: _l("People on a list that the organization made, one ballot each"),
    Electorate.CODES: _l("Whoever holds a one-time code, one ballot each"),
    Electorate.ROLL: _l("A closed roll that came with an import; nobody votes here"),
}


def choices_words(choices: Choices, round_: Round) -> str:
    """The ballot in one sentence: You support 3 of up to 10 proposals."""
    if round_.method is VotingMethod.SCORE:
        return _given(choices.count, round_.max_choices)
    if not choices.count:
        return _("You support none yet.")
    if round_.max_choices is None:
        return ngettext("You support %(num)d proposal.", "You support %(num)d proposals.", choices.count)
    return _("You support %(count)d of up to %(most)d proposals.", count=choices.count, most=round_.max_choices)


def _given(count: int, most: int | None) -> str:
    if not count:
        return _("You give no points yet.")
    if most is None:
        return ngettext("You give points to %(num)d proposal.", "You give points to %(num)d proposals.", count)
    return _("You give points to %(count)d of up to %(most)d proposals.", count=count, most=most)


def tray_words(round_: Round) -> dict[str, str]:
    """The same sentences with `{n}` and `{most}`, for the script that keeps them true while one ticks."""
    if round_.method is VotingMethod.SCORE:
        if round_.max_choices is not None:
            return dict.fromkeys(("one", "many"), _("You give points to {n} of up to {most} proposals."))
        return {"one": _("You give points to {n} proposal."), "many": _("You give points to {n} proposals.")}
    if round_.max_choices is not None:
        return dict.fromkeys(("one", "many"), _("You support {n} of up to {most} proposals."))
    return {"one": _("You support {n} proposal."), "many": _("You support {n} proposals.")}


def how_to_vote(round_: Round) -> str:
    if round_.method is VotingMethod.SCORE:
        if round_.max_choices is None:
            return _("Give each proposal 0 to 5 points. One you leave blank counts as 0.")
        return _(
            "Give up to %(most)d proposals 1 to 5 points. Those you leave blank count as 0.", most=round_.max_choices
        )
    if round_.max_choices is None:
        return _("Support as many proposals as you like.")
    return _("Support up to %(most)d proposals.", most=round_.max_choices)


def how_counted(round_: Round) -> str:
    if round_.kind is RoundKind.REVIEW:
        return ngettext(
            "Each proposal needs at least %(num)d review; its score is the weighted mean of the criteria.",
            "Each proposal needs at least %(num)d reviews; its score is the weighted mean of the criteria.",
            round_.min_reviews,
        )
    if round_.method is VotingMethod.SCORE:
        return _("The points of all ballots are added up. Equal totals are a tie.")
    return _("Each ballot counts one for every proposal it supports. Equal totals are a tie.")


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
