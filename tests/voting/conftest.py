"""A public vote with its candidates, open now."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.calls.models import Call
from crowd.core.rules import ResultsPublicity
from crowd.core.status import StageKind
from crowd.organizations.models import Organization
from crowd.proposals.models import Proposal
from crowd.voting.models import Ballot
from tests.make import VOTE, make_call, make_organization, make_proposal, make_rules, open_all


@dataclass
class Vote:
    """Rows to look at, and plain ids for threads that have no session."""

    call: Call
    proposals: list[Proposal]
    organization: Organization

    def __post_init__(self) -> None:
        self.call_key = self.call.public_id
        self.keys = [proposal.public_id for proposal in self.proposals]

    @property
    def url(self) -> str:
        return f"/calls/{self.call_key}/vote?round=crowd"

    def at(self, step: str) -> str:
        return f"/calls/{self.call_key}/vote/{step}?round=crowd"


MakeVote = Callable[..., Vote]


@pytest.fixture
def make_vote(session: Session) -> MakeVote:
    """`make_vote(3, hidden_counts=False)`: an open vote over three proposals, its round changed by keywords."""

    def make(
        candidates: int, *, results_publicity: ResultsPublicity = ResultsPublicity.EVERYTHING, **changes: Any
    ) -> Vote:
        organization = make_organization()
        rules = make_rules(StageKind.VOTING, results_publicity=results_publicity)
        call = make_call(organization, replace(rules, rounds=(replace(VOTE, **changes), *rules.rounds[1:])))
        proposals = [make_proposal(call, title=f"Proposal {n}") for n in range(1, candidates + 1)]
        open_all(call)
        return Vote(call, proposals, organization)

    return make


def marks_in(session: Session) -> list[dict[str, int]]:
    """What the standing ballots of marks or points say, one entry each."""
    texts = session.scalars(select(Ballot.choices).where(Ballot.choices.is_not(None)).order_by(Ballot.key))
    return [_marks(json.loads(text or "")) for text in texts]


def _marks(data: dict[str, Any]) -> dict[str, int]:
    ((_, said),) = data.items()
    return dict(said) if isinstance(said, dict) else dict.fromkeys(said, 1)


def versions_seen(session: Session) -> list[int]:
    """The versions that the ballots name."""
    texts = session.scalars(select(Ballot.seen).where(Ballot.seen.is_not(None)).order_by(Ballot.key))
    return [version for text in texts for version in json.loads(text or "").values()]
