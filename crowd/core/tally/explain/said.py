"""An explanation as values: codes with numbers and ids of candidates; the words are made where a reader's language is known."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


@dataclass(frozen=True)
class Said:
    """One sentence to be. `first` is ahead of `second` in the count, or level with it.

    Values by code (numbers are whole or exact fractions; "votes" are percent where groups of voters are weighed):

    Of the outcome: `no_ballots` · `quorum` ballots, least · `threshold` named, least, all.
    Sums: `more_votes`, `more_points`, `more_given` and `same_…`: first, second; all (ballots), or first_voters, second_voters.
    STAR: `runoff`, `runoff_level` first, second (preferred by), first_points, second_points, round ·
      `no_finalist` first_points, second_points, least (points of the lesser finalist), round · `unelected_points` first, second.
    Instant runoff: `went_out` round, second, first, next, last (votes of first in its last round), all · `last_votes` first, second ·
      `went_out_together` round, second.
    STV: `quota` first, quota, round, rest (code of what became of second) and its numbers: second, at.
    Schulze: `duel` first, second, path, back · `path` the same with through · `level_paths` path · `beaten_by` by, path, back.
    Majority judgment: `better_grade` first, second (words), at_least_first, at_least_second, all · `then_grade` grade, equal, first, second ·
      `same_grades` grade.
    Money: `no_money`, `stopped`, `cap`, `too_few` cost, left, first_votes, second_votes · `poor_supporters` cost, votes, each, had, start, left ·
      `both_bought` first_at, second_at, first_left · `neither_bought`.
    Comparisons: `apart` first, second, first_error, second_error, best · `alike` the same.
    Ties: `settled` by, of, round · `level`.
    """

    code: str
    first: str = ""
    second: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


class Relation(StrEnum):
    ELECTED_OVER = "elected_over"
    BOTH = "both"
    NEITHER = "neither"


@dataclass(frozen=True)
class Why:
    """Why `ahead` and not `behind`: the same whichever of the two is asked for first."""

    ahead: str
    behind: str
    relation: Relation
    said: tuple[Said, ...]
