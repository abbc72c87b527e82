"""What sets two candidates apart where ballots pass on from one to another: instant runoff and STV."""

from collections.abc import Mapping
from typing import Any

from crowd.core.tally.explain.counted import Counted, numbers
from crowd.core.tally.explain.said import Said

Stage = Mapping[str, Any]


def instant_runoff(counted: Counted, first: str, second: str) -> Said:
    gone = next((step for step in counted.rounds if second in step["eliminated"]), None)
    last = numbers(counted.rounds[-1]["votes"])
    if gone is None:
        return Said("last_votes", first, second, _pair(last, first, second) | {"all": sum(last.values())})
    votes = numbers(gone["votes"])
    if first in gone["eliminated"]:
        return Said("went_out_together", first, second, {"round": gone["round"], "second": votes[second]})
    staying = [votes[name] for name in votes if name not in gone["eliminated"]]
    latest = next(numbers(step["votes"]) for step in reversed(counted.rounds) if first in step["votes"])
    values = {"round": gone["round"], "next": min(staying), "last": latest[first], "all": sum(latest.values())}
    return Said("went_out", first, second, _pair(votes, first, second) | values)


def transferable(counted: Counted, first: str, second: str) -> Said:
    stage = elected_in(counted, first)
    if stage is None:
        return _neither(counted, first, second)
    code = "quota" if first in stage["elected"] else "last_vacancy"
    values = {"first": numbers(stage["votes"])[first], "quota": stage["quota"], "round": stage["round"]}
    return Said(code, first, second, values | _rest(counted, first, second))


def elected_in(counted: Counted, candidate: str) -> Stage | None:
    return next(
        (stage for stage in counted.rounds if candidate in (*stage["elected"], *stage["elected_to_last_vacancies"])),
        None,
    )


def excluded_in(counted: Counted, candidate: str) -> Stage | None:
    """The stage in which its papers pass on; its last votes are those of the stage before."""
    return next(
        (stage for stage in counted.rounds if stage["act"] == "exclusion" and stage["candidate"] == candidate), None
    )


def _rest(counted: Counted, first: str, second: str) -> dict[str, Any]:
    """What became of the other one."""
    elected, excluded = elected_in(counted, second), excluded_in(counted, second)
    if elected:
        return {"rest": "elected", "at": elected["round"], "second": numbers(elected["votes"])[second]}
    if excluded:
        before = _before(counted, excluded)
        return {
            "rest": "excluded",
            "at": excluded["round"],
            "second": before[second],
            "next": _next(counted, excluded, before),
            "first_then": before[first],
            "tie_at": excluded["round"] - 1,
        }
    return {"rest": "left", "at": counted.rounds[-1]["round"], "second": numbers(counted.rounds[-1]["votes"])[second]}


def _neither(counted: Counted, first: str, second: str) -> Said:
    excluded = excluded_in(counted, second)
    if excluded is None:
        return Said("last_votes", first, second, _pair(numbers(counted.rounds[-1]["votes"]), first, second))
    before = _before(counted, excluded)
    gone = excluded_in(counted, first)
    last = _before(counted, gone) if gone else numbers(counted.rounds[-1]["votes"])
    values = {
        "round": excluded["round"],
        "next": _next(counted, excluded, before),
        "last": last[first],
        "tie_at": excluded["round"] - 1,
    }
    return Said("went_out", first, second, _pair(before, first, second) | values)


def _before(counted: Counted, stage: Stage) -> dict[str, Any]:
    return numbers(counted.rounds[stage["round"] - 2]["votes"])


def _next(counted: Counted, excluded: Stage, before: Mapping[str, Any]) -> Any:
    """The fewest votes among the others that were still in."""
    over = {
        name
        for stage in counted.rounds[: excluded["round"] - 1]
        for name in (*stage["elected"], *([stage["candidate"]] if stage["act"] == "exclusion" else []))
    }
    return min(votes for name, votes in before.items() if name not in over and name != excluded["candidate"])


def _pair(votes: Mapping[str, Any], first: str, second: str) -> dict[str, Any]:
    return {"first": votes[first], "second": votes[second]}
