"""Why one won and another not, in sentences."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from crowd.core.tally.explain import Relation, Said, Why
from crowd.web.counts import by_money, by_rank, by_sum
from crowd.web.counts.teller import Teller, figure
from crowd.web.text import _, _l

Sentence = Callable[[Teller, Said], str]

BETWEEN_EQUALS = frozenset({"level", "settled"})
RULES: Mapping[str, Any] = {
    "star": _l("The method's own rule settled it: fewer lost duels among the tied, then more points, then more fives."),
    "irv": _l("The method's own rule settled it: fewer votes in the latest earlier round in which they differed."),
    "stv-scottish": _l(
        "The method's own rule settled it: the votes of the latest earlier round in which they differed."
    ),
    "pb-equal-shares": _l(
        "Both asked equally little of each supporter; the cheaper one goes first, then the one with more votes."
    ),
}


def paragraph(teller: Teller, answer: Why) -> list[str]:
    """The answer, sentence by sentence."""
    return list(_sentences(teller, answer))


def _sentences(teller: Teller, answer: Why) -> Iterator[str]:
    yield _relation(teller, answer)
    for said in answer.said:
        if teller.elects or said.code not in BETWEEN_EQUALS:
            yield SENTENCES[said.code](teller.brief, said)


def _relation(teller: Teller, answer: Why) -> str:
    names = {"ahead": teller.name(answer.ahead), "behind": teller.name(answer.behind)}
    if not teller.elects:
        level = any(said.code in BETWEEN_EQUALS for said in answer.said)
        return (
            _("“%(ahead)s” and “%(behind)s” are level in this count.", **names)
            if level
            else _("“%(ahead)s” stands before “%(behind)s” in this count.", **names)
        )
    match answer.relation:
        case Relation.ELECTED_OVER:
            return _("“%(ahead)s” won and “%(behind)s” did not.", **names)
        case Relation.BOTH:
            return _("“%(ahead)s” and “%(behind)s” both won.", **names)
        case Relation.NEITHER:
            return _("Neither “%(ahead)s” nor “%(behind)s” won.", **names)


def settled_words(teller: Teller, by: str) -> str:
    """What settled a tie."""
    match by:
        case "seed":
            return _("The tie was settled by lot, by the seed published with this count.")
        case "rule":
            return str(RULES[teller.counted.method])
        case _:
            return _(
                "Nothing in the rules settled the tie, so the order of the list did: neither votes nor lot stand behind it."
            )


def _no_ballots(_teller: Teller, _said: Said) -> str:
    return _("No valid ballot was cast, so nobody wins.")


def _quorum(_teller: Teller, said: Said) -> str:
    return _(
        "The rules ask for at least %(least)s valid ballots and there are %(ballots)s, so nobody wins, whatever the count says.",
        least=figure(said.values["least"]),
        ballots=figure(said.values["ballots"]),
    )


def _threshold(teller: Teller, said: Said) -> str:
    return _(
        "“%(name)s” won a place in the count, but is on %(named)s of %(all)s: fewer than the %(least)s %% that the rules ask for. "
        "Nobody comes in its place.",
        name=teller.name(said.first),
        named=teller.ballots(said.values["named"]),
        all=teller.bare(said.values["all"]),
        least=figure(said.values["least"]),
    )


def _settled(teller: Teller, said: Said) -> str:
    return settled_words(teller, said.values["by"])


def _level(_teller: Teller, _said: Said) -> str:
    return _("They are level, and nothing had to be decided between them.")


SENTENCES: Mapping[str, Sentence] = {
    "no_ballots": _no_ballots,
    "quorum": _quorum,
    "threshold": _threshold,
    "settled": _settled,
    "level": _level,
    **by_sum.SENTENCES,
    **by_rank.SENTENCES,
    **by_money.SENTENCES,
}
