"""Sentences on votes, points and grades."""

from collections.abc import Callable, Mapping

from crowd.core.tally.explain import Said
from crowd.web.counts.teller import Teller, figure
from crowd.web.text import _

Sentence = Callable[[Teller, Said], str]


def _more(teller: Teller, said: Said, amount: Callable[..., str]) -> str:
    one, other = said.values["first"], said.values["second"]
    names = {"first": teller.name(said.first), "second": teller.name(said.second)}
    return _(
        "“%(first)s” has %(more)s, “%(second)s” has %(fewer)s.",
        more=amount(one),
        fewer=amount(other),
        **names,
    )


def _votes(teller: Teller, said: Said) -> str:
    return _more(teller, said, teller.votes)


def _points(teller: Teller, said: Said) -> str:
    return _more(teller, said, teller.points)


def _given(teller: Teller, said: Said) -> str:
    values = said.values
    return _(
        "“%(first)s” got %(more)s from %(voters)s, “%(second)s” got %(fewer)s from %(others)s.",
        first=teller.name(said.first),
        second=teller.name(said.second),
        more=teller.given(values["first"]),
        fewer=teller.given(values["second"]),
        voters=teller.voters(values["first_voters"]),
        others=teller.voters(values["second_voters"]),
    )


def _same_votes(teller: Teller, said: Said) -> str:
    return _("Both have %(amount)s.", amount=teller.votes(said.values["first"]))


def _same_points(teller: Teller, said: Said) -> str:
    return _("Both have %(amount)s.", amount=teller.points(said.values["first"]))


def _same_given(teller: Teller, said: Said) -> str:
    return _("Both have %(amount)s.", amount=teller.given(said.values["first"]))


def _runoff(teller: Teller, said: Said) -> str:
    values = said.values
    return _(
        "Both reached runoff %(round)s with their points (%(points)s and %(others)s). There %(more)s prefer “%(first)s” and "
        "%(fewer)s prefer “%(second)s”.",
        round=figure(values["round"]),
        points=figure(values["first_points"]),
        others=figure(values["second_points"]),
        more=teller.ballots(values["first"]),
        fewer=teller.ballots(values["second"]),
        first=teller.name(said.first),
        second=teller.name(said.second),
    )


def _runoff_level(teller: Teller, said: Said) -> str:
    values = said.values
    return _(
        "In runoff %(round)s each of the two is preferred by %(same)s. “%(first)s” has %(points)s, “%(second)s” has %(others)s.",
        round=figure(values["round"]),
        same=teller.ballots(values["first"]),
        first=teller.name(said.first),
        second=teller.name(said.second),
        points=teller.points(values["first_points"]),
        others=teller.points(values["second_points"]),
    )


def _no_finalist(teller: Teller, said: Said) -> str:
    values = said.values
    return _(
        "Only the two with most points reach runoff %(round)s. “%(second)s” has %(others)s and the lesser of those two %(least)s; "
        "“%(first)s” was one of them, with %(points)s.",
        round=figure(values["round"]),
        first=teller.name(said.first),
        second=teller.name(said.second),
        points=teller.points(values["first_points"]),
        others=teller.points(values["second_points"]),
        least=figure(values["least"]),
    )


def _better_grade(teller: Teller, said: Said) -> str:
    values = said.values
    return _(
        "The middle grade of “%(first)s” is “%(grade)s”, that of “%(second)s” is “%(worse)s”. At least “%(grade)s” was given to the "
        "first by %(many)s, to the second by %(few)s.",
        first=teller.name(said.first),
        second=teller.name(said.second),
        grade=teller.grade(values["first"]),
        worse=teller.grade(values["second"]),
        many=teller.voters(values["at_least_first"]),
        few=teller.voters(values["at_least_second"]),
    )


def _then_grade(teller: Teller, said: Said) -> str:
    values = said.values
    return _(
        "Both have the middle grade “%(grade)s”. Middle grades that are the same for both are taken away (%(equal)s); the next one of "
        "“%(first)s” is “%(better)s”, that of “%(second)s” is “%(worse)s”.",
        grade=teller.grade(values["grade"]),
        equal=teller.bare(values["equal"]),
        first=teller.name(said.first),
        second=teller.name(said.second),
        better=teller.grade(values["first"]),
        worse=teller.grade(values["second"]),
    )


def _same_grades(teller: Teller, said: Said) -> str:
    grade = teller.grade(said.values["grade"])
    return _("Both were given exactly the same grades, with the middle grade “%(grade)s”.", grade=grade)


SENTENCES: Mapping[str, Sentence] = {
    "more_votes": _votes,
    "more_points": _points,
    "more_given": _given,
    "same_votes": _same_votes,
    "same_points": _same_points,
    "same_given": _same_given,
    "runoff": _runoff,
    "runoff_level": _runoff_level,
    "no_finalist": _no_finalist,
    "unelected_points": _points,
    "better_grade": _better_grade,
    "then_grade": _then_grade,
    "same_grades": _same_grades,
}
