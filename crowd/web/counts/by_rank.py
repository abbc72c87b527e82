"""Sentences on rankings and comparisons: rounds, quotas, duels, estimates."""

from collections.abc import Callable, Mapping
from itertools import pairwise

from crowd.core.tally.explain import Said
from crowd.web.counts.teller import Teller, figure, signed
from crowd.web.text import _

Sentence = Callable[[Teller, Said], str]


def _went_out(teller: Teller, said: Said) -> str:
    values = said.values
    return _(
        "“%(second)s” went out in round %(round)s with %(fewest)s; of the others nobody had fewer than %(next)s. “%(first)s” had "
        "%(then)s at that point and %(last)s at the end.",
        second=teller.name(said.second),
        round=figure(values["round"]),
        fewest=teller.votes(values["second"]),
        next=teller.bare(values["next"]),
        first=teller.name(said.first),
        then=teller.votes(values["first"]),
        last=teller.bare(values["last"]),
    )


def _last_votes(teller: Teller, said: Said) -> str:
    values = said.values
    return _(
        "In the last round “%(first)s” has %(more)s and “%(second)s” has %(fewer)s.",
        first=teller.name(said.first),
        second=teller.name(said.second),
        more=teller.votes(values["first"]),
        fewer=teller.votes(values["second"]),
    )


def _together(teller: Teller, said: Said) -> str:
    return _(
        "Both went out in round %(round)s with %(fewest)s each: all that went out then had fewer together than the next one.",
        round=figure(said.values["round"]),
        fewest=teller.votes(said.values["second"]),
    )


def _quota(teller: Teller, said: Said) -> str:
    values = said.values
    won = _(
        "“%(first)s” reached the quota of %(quota)s in round %(round)s, with %(votes)s.",
        first=teller.name(said.first),
        quota=figure(values["quota"]),
        round=figure(values["round"]),
        votes=teller.votes(values["first"]),
    )
    return f"{won} {_rest(teller, said)}"


def _last_vacancy(teller: Teller, said: Said) -> str:
    values = said.values
    won = _(
        "In round %(round)s no more were left than seats, so “%(first)s” was elected with %(votes)s, below the quota of %(quota)s.",
        round=figure(values["round"]),
        first=teller.name(said.first),
        votes=teller.votes(values["first"]),
        quota=figure(values["quota"]),
    )
    return f"{won} {_rest(teller, said)}"


def _rest(teller: Teller, said: Said) -> str:
    values, second = said.values, teller.name(said.second)
    votes, round_ = teller.votes(values["second"]), figure(values["at"])
    match values["rest"]:
        case "elected":
            return _(
                "“%(second)s” was elected in round %(round)s, with %(votes)s.", second=second, round=round_, votes=votes
            )
        case "excluded":
            return _(
                "“%(second)s” went out in round %(round)s: it had %(votes)s, and of the others nobody had fewer than %(next)s.",
                second=second,
                round=round_,
                votes=votes,
                next=teller.bare(values["next"]),
            )
        case _:
            return _("“%(second)s” was left with %(votes)s when the last seat was filled.", second=second, votes=votes)


def _duel_words(teller: Teller, said: Said) -> str:
    return _(
        "In their duel “%(first)s” stands before “%(second)s” on %(more)s and behind on %(fewer)s.",
        first=teller.name(said.first),
        second=teller.name(said.second),
        more=teller.ballots(said.values["first"]),
        fewer=teller.bare(said.values["second"]),
    )


def _duel(teller: Teller, said: Said) -> str:
    back = said.values["back"]
    way = (
        _("The strongest chain of won duels leading back holds only %(back)s.", back=teller.bare(back))
        if back
        else _("No chain of won duels leads back.")
    )
    return f"{_duel_words(teller, said)} {way}"


def _path(teller: Teller, said: Said) -> str:
    values = said.values
    stops = (said.first, *values["through"], said.second)
    links = ", ".join(
        _("“%(one)s” beats “%(other)s”", one=teller.name(one), other=teller.name(other))
        for one, other in pairwise(stops)
    )
    chain = _(
        "But a chain of won duels decides: %(links)s. Its weakest link holds %(path)s, that of the strongest chain back %(back)s.",
        links=links,
        path=teller.bare(values["path"]),
        back=teller.bare(values["back"]),
    )
    return f"{_duel_words(teller, said)} {chain}"


def _level_paths(teller: Teller, said: Said) -> str:
    level = _(
        "The strongest chains of won duels hold the same both ways (%(path)s).", path=teller.bare(said.values["path"])
    )
    return f"{_duel_words(teller, said)} {level}"


def _beaten_by(teller: Teller, said: Said) -> str:
    values = said.values
    beaten = _(
        "Neither of the two beats the other. But “%(by)s” beats “%(second)s” (%(over)s to %(under)s), and nobody that is left beats "
        "“%(first)s”.",
        by=teller.name(values["by"]),
        second=teller.name(said.second),
        first=teller.name(said.first),
        over=teller.bare(values["over"]),
        under=teller.bare(values["under"]),
    )
    return f"{_duel_words(teller, said)} {beaten}"


def _estimates(teller: Teller, said: Said) -> str:
    values = said.values
    return _(
        "“%(first)s” was preferred in %(won)s of %(met)s comparisons and stands at %(one)s ± %(error)s; “%(second)s” in %(others)s of "
        "%(others_met)s, and stands at %(other)s ± %(other_error)s (two standard errors).",
        first=teller.name(said.first),
        won=figure(values["first_won"]),
        met=figure(values["first_met"]),
        one=_estimate(values["first"]),
        error=figure(2 * values["first_error"]),
        second=teller.name(said.second),
        others=figure(values["second_won"]),
        others_met=figure(values["second_met"]),
        other=_estimate(values["second"]),
        other_error=figure(2 * values["second_error"]),
    )


def _estimate(value: int) -> str:
    return signed(value).removeprefix("+")


def _apart(teller: Teller, said: Said) -> str:
    best = said.values["best"]
    apart = (
        _("They lie more than two standard errors apart, so this is hardly chance.")
        if best == said.first
        else _(
            "The second lies more than two standard errors below “%(best)s”, the best of the group that the first belongs to, and so "
            "in a lower group.",
            best=teller.name(best),
        )
    )
    return f"{_estimates(teller, said)} {apart}"


def _alike(teller: Teller, said: Said) -> str:
    best = said.values["best"]
    alike = (
        _("They cannot be told apart: the difference is within two standard errors.")
        if best in {said.first, said.second}
        else _(
            "Neither can be told from “%(best)s”, the best of their group: the differences are within two standard errors.",
            best=teller.name(best),
        )
    )
    return f"{_estimates(teller, said)} {alike}"


SENTENCES: Mapping[str, Sentence] = {
    "went_out": _went_out,
    "last_votes": _last_votes,
    "went_out_together": _together,
    "quota": _quota,
    "last_vacancy": _last_vacancy,
    "duel": _duel,
    "path": _path,
    "level_paths": _level_paths,
    "beaten_by": _beaten_by,
    "apart": _apart,
    "alike": _alike,
}
