"""Counting ballots of marks and of scores as rounds are counted, with nothing declared beyond the list and a limit."""

import json
from collections.abc import Collection, Iterable, Mapping

from crowd.core.rules import Round, RoundKind, VotingMethod
from crowd.core.tally.declared import Listed
from crowd.core.tally.of_round import tally_round
from crowd.core.tally.result import Tally


def round_of(method: VotingMethod, max_choices: int | None = None) -> Round:
    return Round("crowd", RoundKind.VOTE, "voting", "Public vote", method=method, max_choices=max_choices)


def count_approval(
    ballots: Iterable[Collection[str]],
    candidates: Collection[str],
    *,
    without: Collection[str] = (),
    max_choices: int | None = None,
) -> Tally:
    said = ({"approve": list(marks)} for marks in ballots)
    return _counted(round_of(VotingMethod.APPROVAL, max_choices), said, candidates, without)


def count_score(
    ballots: Iterable[Mapping[str, int]], candidates: Collection[str], *, without: Collection[str] = ()
) -> Tally:
    said = ({"score": dict(points)} for points in ballots)
    return _counted(round_of(VotingMethod.SCORE), said, candidates, without)


def _counted(
    round_: Round, ballots: Iterable[Mapping[str, object]], candidates: Collection[str], without: Collection[str]
) -> Tally:
    listed = [Listed(name, name, None, struck=name in without) for name in sorted(candidates)]
    texts = ((f"{number:06}", json.dumps(said), None) for number, said in enumerate(ballots))
    return tally_round(round_, listed, texts, seed=None)
