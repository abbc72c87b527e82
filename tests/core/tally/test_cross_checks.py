"""The counts against independent libraries, where they are installed (`pip install -r tests/requirements-cross.txt`)."""

import importlib
import random
from fractions import Fraction
from typing import Any

import pytest

from crowd.core.tally.profile import Kind
from tests.core.tally.naive import count, profile_of

NAMES = "abcdef"


def library(name: str) -> Any:
    """A module of the extra; skips with the reason where it cannot be had."""
    try:
        return importlib.import_module(name)
    except ImportError:
        pytest.skip(f"{name} is not installed (tests/requirements-cross.txt)")


def orders(rng: random.Random, size: int, many: int) -> list[list[int]]:
    return [rng.sample(range(size), size) for _ in range(many)]


def as_rankings(rows: list[list[int]]) -> list[tuple[tuple[int, ...], ...]]:
    return [tuple((place,) for place in row) for row in rows]


@pytest.mark.filterwarnings("ignore")
def test_schulze_and_instant_runoff_against_pref_voting() -> None:
    profiles, methods = library("pref_voting.profiles"), library("pref_voting.voting_methods")
    rng = random.Random(5)
    for _ in range(60):
        rows = orders(rng, 5, rng.randint(3, 21))
        profile, theirs = profile_of(NAMES[:5], Kind.RANK, as_rankings(rows)), profiles.Profile(rows)
        ours = count(profile, "schulze")
        assert sorted(NAMES.index(name) for name in ours.ranking[0]) == sorted(methods.beat_path(theirs))
        if not (runoff := count(profile, "irv")).ties:
            assert [NAMES.index(name) for name in runoff.winners] == sorted(
                methods.instant_runoff_for_truncated_linear_orders(theirs.to_profile_with_ties())
            )


@pytest.mark.filterwarnings("ignore")
def test_instant_runoff_against_pyrankvote() -> None:
    theirs = library("pyrankvote")
    rng = random.Random(6)
    people = [theirs.Candidate(name) for name in NAMES[:5]]
    for _ in range(60):
        rows = orders(rng, 5, rng.randint(5, 31))
        ours = count(profile_of(NAMES[:5], Kind.RANK, as_rankings(rows)), "irv")
        ballots = [theirs.Ballot(ranked_candidates=[people[place] for place in row]) for row in rows]
        if not ours.ties and len(ours.rounds[0]["eliminated"]) < 2:
            result = theirs.instant_runoff_voting(people, ballots)
            assert tuple(person.name for person in result.get_winners()) == ours.winners


@pytest.mark.filterwarnings("ignore")
def test_budgets_against_pabutools() -> None:
    election, rules, tie = library("pabutools.election"), library("pabutools.rules"), library("pabutools.tiebreaking")
    rng = random.Random(7)
    for _ in range(60):
        size, many = rng.randint(2, 6), rng.randint(2, 9)
        costs = [rng.randint(1, 12) for _ in range(size)]
        votes = [frozenset(rng.sample(range(size), rng.randint(1, size))) for _ in range(many)]
        budget = rng.randint(many, 4 * many)
        projects = [election.Project(name, cost) for name, cost in zip(NAMES, costs, strict=False)]
        instance = election.Instance(projects, budget_limit=budget)
        profile = election.ApprovalProfile(
            [election.ApprovalBallot(projects[place] for place in vote) for vote in votes], instance=instance
        )
        support = {name: sum(place in vote for vote in votes) for place, name in enumerate(NAMES)}
        order = tie.TieBreakingRule(lambda _instance, _profile, p, s=support: (p.cost, -s[p.name], p.name))
        theirs = rules.method_of_equal_shares(
            instance, profile, sat_class=election.Cost_Sat, tie_breaking=order, voter_budget_increment=1
        )
        ours = count(
            profile_of(NAMES[:size], Kind.APPROVE, votes, costs=costs, budget=Fraction(budget)), "pb-equal-shares"
        )
        bought = [step["candidate"] for step in ours.rounds if step["act"] == "equal_shares"]
        assert sorted(project.name for project in theirs) == sorted(bought)


@pytest.mark.filterwarnings("ignore")
def test_bradley_terry_against_choix() -> None:
    """Its prior is given to choix as comparisons with one more item."""
    choix = library("choix")
    rng = random.Random(8)
    pairs = [tuple(rng.sample(range(6), 2)) for _ in range(120)]
    imaginary = [pair for place in range(6) for pair in ((place, 6), (6, place))]
    theirs = choix.ilsr_pairwise(7, [*pairs, *imaginary], tol=1e-12, max_iter=1000)
    ours = count(profile_of(NAMES, Kind.PAIR, pairs), "bradley-terry")
    for place, name in enumerate(NAMES):
        assert abs(float(ours.scores[name]) - (theirs[place] - theirs[6])) < 1e-6
