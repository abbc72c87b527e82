from crowd.core.verifier.frame import Election


def count(e: Election) -> dict[str, object]:
    """Who is given most by all ballots together comes first."""
    totals = dict.fromkeys(e.ids, 0)
    for weight, given in e.ballots:
        for name, number in given:
            totals[name] += weight * number
    return e.found(e.tiers(totals.get), e.scaled(totals))
