"""A ballot as it was filled in: read, judged and written out before anything is locked, so that nobody waits for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from crowd.core.bundle import canonical_line
from crowd.core.rules import BUDGET_METHODS
from crowd.core.tally.ballots import BallotFault, InvalidBallot
from crowd.core.tally.choices import Choices, check, choices_data
from crowd.core.tally.moving import ends_of, followed
from crowd.proposals.models import Proposal, ProposalVersion
from crowd.proposals.queries import version_read
from crowd.rounds.models import Candidate
from crowd.store.db import db
from crowd.store.lately import Lately
from crowd.store.prepared import Prepared
from crowd.voting.gates import Poll
from crowd.web.access import Found


@dataclass(frozen=True)
class Paper:
    """What somebody wants to cast, by the list of candidates as it stood at `list_state`.

    `data`: the choices as they are kept, hashed and counted, `text` the same as a line; `seen`: proposal → the version read, as a line.
    `costs`: of those it names, where they count. `fault`: the first, of a ballot that is not well formed; then it says nothing.
    `merged`: which of those that it named was merged into which other, where it stands now.
    """

    round_id: int
    list_state: tuple[str | None, int]
    choices: Choices
    read: Mapping[str, int]
    data: Mapping[str, Any]
    text: str
    seen: str | None
    costs: Mapping[str, int | None] = field(default_factory=dict)
    fault: BallotFault | None = None
    merged: Mapping[str, str] = field(default_factory=dict)


def fill_in(session: Session, vote: Found[Poll], choices: Choices, read: Mapping[str, int]) -> Paper:
    """`read`: public id of a candidate → the version that the voter read; the newest where that is not known.

    What was merged since the ballot was opened is followed to where it stands now.
    """
    return _fill_in(_read_list(session, vote.row.id), vote, choices, read)


def fill_in_lately(vote: Found[Poll], choices: Choices, read: Mapping[str, int]) -> Paper | None:
    """As `fill_in`, by a list read up to a second ago, for whoever looks again under the lock whether it is still that one.

    None for a ballot that is not well formed by it, where somebody read a newer text than it knows, or something on it was merged.
    """
    id_, state = vote.row.id, vote.row.list_state
    listed = _lists.of((id_, state), lambda: _read_list(db.session(), id_))
    if listed is None or listed.merges or any(number > listed.newest(key) for key, number in read.items()):
        return None
    paper = _fill_in(listed, vote, choices, read)
    return paper if paper.fault is None else None


def _fill_in(listed: "_List", vote: Found[Poll], choices: Choices, read: Mapping[str, int]) -> Paper:
    choices, merged = followed(choices, vote.facts.round, listed.merges)
    start = (vote.row.id, vote.row.list_state, choices, read)
    try:
        wanted = check(choices, listed.costs, vote.facts.round, listed.costs)
    except InvalidBallot as invalid:
        return Paper(*start, {}, "", None, fault=invalid.faults[0], merged=merged)
    data = choices_data(wanted, vote.facts.round)
    newest = {key: listed.newest(key) for key in wanted.named}
    seen = {key: version_read(read.get(key, 0), number) for key, number in newest.items() if number}
    text, read_text = canonical_line(data).decode(), canonical_line(seen).decode() if wanted.named else None
    costs = {key: listed.costs[key] for key in wanted.named} if vote.facts.round.method in BUDGET_METHODS else {}
    return Paper(*start, data, text, read_text, costs, merged=merged)


@dataclass(frozen=True)
class _List:
    """The frozen list, by public ids: costs, the newest versions, and who on it was merged into whom.

    Struck candidates stay on it; the count runs without them.
    """

    costs: Mapping[str, int | None]
    versions: Mapping[str, int | None]
    merges: Mapping[str, str]

    def newest(self, key: str) -> int:
        return self.versions.get(key) or 0


_lists = Lately[tuple[int, tuple[str | None, int]], _List](1)


def _read_list(session: Session, round_id: int) -> _List:
    rows = _list.all(session, round=round_id)
    into = {id_: merged for _key, _cost, _newest, id_, merged in rows if merged is not None}
    keys = {row[3]: row[0] for row in rows} if into else {}
    merges = {keys[source]: keys[target] for source, target in ends_of(into).items() if target in keys}
    return _List({row[0]: row[1] for row in rows}, {row[0]: row[2] for row in rows}, merges)


@Prepared
def _list() -> Select[Any]:
    proposal, candidate, version = Proposal.__table__, Candidate.__table__, ProposalVersion.__table__
    newest = select(func.max(version.c.number)).where(version.c.proposal_id == proposal.c.id).scalar_subquery()
    return (
        select(proposal.c.public_id, proposal.c.cost, newest, proposal.c.id, proposal.c.merged_into_id)
        .select_from(candidate.join(proposal, proposal.c.id == candidate.c.proposal_id))
        .where(candidate.c.round_id == bindparam("round"))
    )
