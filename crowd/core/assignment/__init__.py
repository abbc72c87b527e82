"""Which reviewers read which proposals: as many places as can be filled, then the worst served as well as can be, then the sum.

Making the worst-served proposal's sum as large as possible is NP-hard when a proposal has several reviewers (N. Garg, T. Kavitha,
A. Kumar, K. Mehlhorn, J. Mestre, "Assigning papers to referees", Algorithmica 58, 2010). Small instances are solved as integer
programs and are optimal. Large ones stand on the linear relaxation (as in I. Stelmakh, N. Shah, A. Singh, "PeerReview4All", JMLR 22,
2021, and A. Kobren, B. Saha, A. McCallum, "Paper matching with local fairness constraints", KDD 2019): columns are generated
until the prices prove that no pair left out would help, the few fractional proposals are settled as an integer program. Every
answer comes with bounds that no assignment can pass, so it says of itself how far from the best it may be.
"""

from crowd.core.assignment.problem import Bounds, Outcome, Problem

__all__ = ["Bounds", "Outcome", "Problem", "assign"]


def assign(problem: Problem) -> Outcome:
    """Fill as many places as can be, then make the smallest sum of affinities as large as can be, then the sum of all."""
    from crowd.core.assignment import solve  # noqa: PLC0415 (scipy weighs 35 MiB, and few processes ever assign)

    return solve.assign(problem)
