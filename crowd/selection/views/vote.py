"""The vote that decides, told on the results page in short: why this one and not that one, ties, and a picture."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import url_for

from crowd.core.rules import CountRule
from crowd.core.tally.explain import Counted, counted_of, first_pair, why
from crowd.selection.queries.numbers import weighing
from crowd.selection.queries.results import Results
from crowd.selection.queries.room import Room, Row
from crowd.web.counts import Picture, Teller, elects, paragraph, pictures, rule_words, tie_words, won_words
from crowd.web.text import _


@dataclass(frozen=True)
class VoteStory:
    url: str
    sentences: Sequence[str]
    answer: Sequence[str]
    picture: Picture | None


def vote_story(results: Results) -> VoteStory | None:
    """None where more than one vote decides, or where this person may not see its figures."""
    vote, rules = results.vote, weighing(results.facts.rules)
    if vote is None or vote.tally is None or [part.round for part in rules.components] != [vote.round.key]:
        return None
    counted = counted_of(vote.tally, vote.round)
    if counted is None:
        return None
    teller = _teller(results, counted)
    pair = _pair(results, counted, rules.count) if rules.count is not CountRule.GREEDY or teller.elects else None
    drawn = pictures(teller)
    return VoteStory(
        url=url_for("rounds.show", public_id=results.call.public_id, key=vote.round.key),
        sentences=[*rule_words(teller), *won_words(teller), *tie_words(teller)[:1]],
        answer=paragraph(teller, why(counted, *pair)) if pair else [],
        picture=replace(drawn[0], table=None, story=()) if drawn else None,
    )


def _teller(results: Results, counted: Counted) -> Teller:
    names = {name: _("Number %(number)s", number=number) for name, number in results.numbers.items()}
    names |= {line.id: line.title for line in results.lines}
    rules = results.facts.rules
    return Teller(counted, names, rules.currency, elects=elects(counted.round, rules.selection.count))


def _pair(results: Results, counted: Counted, rule: CountRule) -> tuple[str, str] | None:
    """The last who won the vote and the first who did not; where the vote ranks, of those selected."""
    if rule is CountRule.ELECTED:
        return first_pair(counted)
    chosen = {line.id for line in results.lines if line.outcome == "selected"}
    above = [name for name in counted.order if name in chosen]
    below = [name for name in counted.order if name not in chosen]
    return (above[-1], below[0]) if above and below else first_pair(counted)


def vote_words(room: Room, row: Row) -> list[str]:
    """Where the vote itself elects: what its count says of one proposal, beside the last who won or the first who did not."""
    numbers, key = room.numbers, row.proposal.public_id
    if numbers.rules.count is not CountRule.ELECTED:
        return []
    vote = numbers.round(numbers.rules.components[0].round)
    counted = counted_of(vote.tally, vote.round) if vote.tally else None
    if counted is None or key not in counted.ranks:
        return []
    names = dict.fromkeys(counted.order, _("A proposal that no longer stands"))
    names |= {name: proposal.title for name, proposal in numbers.proposals.items()}
    other = _beside(counted, key)
    teller = Teller(counted, names, numbers.call.rules.currency)
    return paragraph(teller, why(counted, key, other)) if other else []


def _beside(counted: Counted, key: str) -> str | None:
    """The first left out for one who won, the last who won for any other."""
    if key in counted.elected:
        return next((name for name in counted.order if name not in counted.elected), None)
    others = [name for name in counted.elected or counted.order if name != key]
    return others[-1 if counted.elected else 0] if others else None
