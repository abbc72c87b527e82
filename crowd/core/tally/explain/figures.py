"""The figures of a count for plots and tables, as plain values, candidates in the order of the result."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from crowd.core.tally.explain import duels, grades
from crowd.core.tally.explain.counted import Counted, number, numbers

Values = Mapping[str, Fraction]
MOST = 60


@dataclass(frozen=True)
class Bars:
    """`what`: `votes`, `points`, `dots`, or `runoff` (ballots that prefer each of two; `round`)."""

    what: str
    values: Values
    round: int | None = None


@dataclass(frozen=True)
class Stacked:
    """Ballots by what they give, from the first of `words` to the last. `points`: words are scores, highest first."""

    words: tuple[str, ...]
    parts: Mapping[str, tuple[Fraction, ...]]
    points: bool = False


@dataclass(frozen=True)
class Stage:
    """Votes at the end of a stage, and what each gained or lost in it. A candidate that is out is not in `votes`."""

    number: int
    votes: Values
    moved: Values
    elected: tuple[str, ...] = ()
    out: tuple[str, ...] = ()
    nobody: Fraction = Fraction(0)
    source: str | None = None
    surplus: bool = False


@dataclass(frozen=True)
class Flow:
    """Votes round by round. `quota`: of STV; of instant runoff more than half of what still counts is needed."""

    stages: tuple[Stage, ...]
    quota: Fraction | None


@dataclass(frozen=True)
class Matrix:
    """`votes[a][b]`: how many prefer a to b, among the first `MOST`: there are as many as pairs."""

    votes: Mapping[str, Values]


@dataclass(frozen=True)
class Turn:
    """One project in its turn; `left` after it. `because`: as in `GreedyStep`; `shared`: paid for by equal shares."""

    candidate: str
    cost: Fraction
    votes: Fraction
    left: Fraction
    taken: bool
    because: str
    shared: bool = False
    full_payment: Fraction | None = None


@dataclass(frozen=True)
class Fill:
    budget: Fraction
    turns: tuple[Turn, ...]


@dataclass(frozen=True)
class Intervals:
    """Estimates with two standard errors on either side."""

    estimates: Values
    spread: Values


Figure = Bars | Stacked | Flow | Matrix | Fill | Intervals


def figures(counted: Counted) -> tuple[Figure, ...]:
    return FIGURES[counted.method](counted) if counted.ranks and counted.rounds else ()


def _in_order(counted: Counted, values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in counted.order if name in values}


def _bars(what: str) -> Callable[[Counted], tuple[Figure, ...]]:
    def of(counted: Counted) -> tuple[Figure, ...]:
        return (Bars(what, _in_order(counted, counted.scores)),)

    return of


def _score(counted: Counted) -> tuple[Figure, ...]:
    given = {name: tuple(map(number, row))[::-1] for name, row in counted.first["ballots_by_score"].items()}
    highest = max(map(len, given.values()), default=1) - 1
    words = tuple(str(score) for score in range(highest, -1, -1))
    return (*_bars("points")(counted), Stacked(words, _in_order(counted, given), points=True))


def _star(counted: Counted) -> tuple[Figure, ...]:
    runoffs = [Bars("runoff", numbers(step["runoff"]), step["round"]) for step in counted.rounds if "runoff" in step]
    return (*_bars("points")(counted), *runoffs)


def _grades(counted: Counted) -> tuple[Figure, ...]:
    given = {name: tuple(row) for name, row in grades.grades_given(counted).items()}
    return (Stacked(tuple(counted.first["grades"]), _in_order(counted, given)),)


def _runoff(counted: Counted) -> tuple[Figure, ...]:
    stages, before, lost = [], dict[str, Fraction](), Fraction(0)
    for step in counted.rounds:
        votes, nobody = numbers(step["votes"]), number(step["exhausted"])
        moved = {name: votes.get(name, Fraction(0)) - before[name] for name in before} | {"": nobody - lost}
        last = step is counted.rounds[-1]
        stages.append(
            Stage(
                number=step["round"],
                votes=_in_order(counted, votes),
                moved={name: change for name, change in moved.items() if change and before},
                elected=counted.winners if last else (),
                out=tuple(step["eliminated"]),
                nobody=nobody,
            )
        )
        before, lost = votes, nobody
    return (Flow(tuple(stages), None),)


def _stv(counted: Counted) -> tuple[Figure, ...]:
    stages, before, gone = [], dict[str, Fraction](), set[str]()
    for step in counted.rounds:
        votes = numbers(step["votes"])
        if step["act"] == "exclusion":
            gone.add(step["candidate"])
        moved = {name: votes[name] - before.get(name, votes[name]) for name in votes}
        elected = (*step["elected"], *step["elected_to_last_vacancies"])
        stages.append(
            Stage(
                number=step["round"],
                votes=_in_order(counted, {name: held for name, held in votes.items() if name not in gone}),
                moved={name: change for name, change in moved.items() if change},
                elected=tuple(name for name in elected if name in counted.winners),
                out=(step["candidate"],) if step["act"] == "exclusion" else (),
                nobody=number(step["non_transferable"]) + number(step["lost_by_rounding"]),
                source=step["candidate"],
                surplus=step["act"] == "surplus",
            )
        )
        before = votes
    return (Flow(tuple(stages), Fraction(counted.first["quota"])),)


def _matrix(counted: Counted) -> tuple[Figure, ...]:
    return (Matrix(duels.preferences(counted, counted.order[:MOST])),)


def _fill(counted: Counted) -> tuple[Figure, ...]:
    turns = tuple(
        Turn(
            candidate=step["candidate"],
            cost=number(step["cost"]),
            votes=number(step["votes"]),
            left=number(step["left"]),
            taken=step["taken"],
            because=step["because"],
            shared=step["act"] == "equal_shares",
            full_payment=number(step["full_payment"]) if "full_payment" in step else None,
        )
        for step in counted.rounds
    )
    return (Fill(Fraction(counted.round.budget or 0), turns),)


def _intervals(counted: Counted) -> tuple[Figure, ...]:
    errors = numbers(counted.first["standard_errors"])
    spread = {name: 2 * errors[name] for name in counted.order}
    return (Intervals(_in_order(counted, counted.scores), spread),)


FIGURES: Mapping[str, Callable[[Counted], tuple[Figure, ...]]] = {
    "approval": _bars("votes"),
    "score": _score,
    "star": _star,
    "irv": _runoff,
    "stv-scottish": _stv,
    "schulze": _matrix,
    "majority-judgment": _grades,
    "cumulative": _bars("dots"),
    "quadratic": _bars("votes"),
    "pb-greedy": _fill,
    "pb-equal-shares": _fill,
    "bradley-terry": _intervals,
}
