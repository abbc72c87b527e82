from crowd.core.verifier.frame import Election


def count(e: Election) -> dict[str, object]:
    """Approval: whom most ballots mark comes first."""
    votes = dict.fromkeys(e.ids, 0)
    for weight, marks in e.ballots:
        for name in marks:
            votes[name] += weight
    return e.found(e.tiers(votes.get), e.scaled(votes))
