"""A ballot as it was filled in: read, judged and written out before anything is locked, so that nobody waits for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from crowd.core.bundle import canonical_line
from crowd.core.tally.ballots import BallotFault, InvalidBallot
from crowd.core.tally.choices import Choices, check, choices_data
from crowd.core.tally.moving import ends_of, followed
from crowd.proposals.models import Proposal, ProposalVersion
from crowd.proposals.queries import version_read
from crowd.rounds.models import Candidate
from crowd.store.prepared import Prepared
from crowd.voting.gates import Poll
from crowd.web.access import Found


@dataclass(frozen=True)
class Paper:
    """What somebody wants to cast, by the list of candidates as it stood at `list_state`.

    `data`: the choices as they are kept, hashed and counted, `text` the same as a line; `seen`: proposal → the version read, as a line.
    `fault`: the first, of a ballot that is not well formed; then it says nothing. `merged`: which of those that it named was merged into which
    other, where it stands now.
    """

    round_id: int
    list_state: tuple[str | None, int]
    choices: Choices
    read: Mapping[str, int]
    data: Mapping[str, Any]
    text: str
    seen: str | None
    fault: BallotFault | None = None
    merged: Mapping[str, str] = field(default_factory=dict)


def fill_in(session: Session, vote: Found[Poll], choices: Choices, read: Mapping[str, int]) -> Paper:
    """`read`: public id of a candidate → the version that the voter read; the newest where that is not known.

    What was merged since the ballot was opened is followed to where it stands now.
    """
    listed, merges = _listed(session, vote.row.id)
    costs = {key: cost for key, (cost, _newest) in listed.items()}
    choices, merged = followed(choices, vote.facts.round, merges)
    start = (vote.row.id, vote.row.list_state, choices, read)
    try:
        wanted = check(choices, listed, vote.facts.round, costs)
    except InvalidBallot as invalid:
        return Paper(*start, {}, "", None, invalid.faults[0], merged)
    data = choices_data(wanted, vote.facts.round)
    newest = {key: listed[key][1] for key in wanted.named}
    seen = {key: version_read(read.get(key, 0), number) for key, number in newest.items() if number is not None}
    text, read_text = canonical_line(data).decode(), canonical_line(seen).decode() if wanted.named else None
    return Paper(*start, data, text, read_text, merged=merged)


def _listed(session: Session, round_id: int) -> tuple[dict[str, tuple[int | None, int | None]], dict[str, str]]:
    """The frozen list: public id → cost and newest version; and who on it was merged into whom.

    Struck candidates stay on it; the count runs without them.
    """
    rows = _list.all(session, round=round_id)
    into = {id_: merged for _key, _cost, _newest, id_, merged in rows if merged is not None}
    listed = {key: (cost, newest) for key, cost, newest, _id, _merged in rows}
    if not into:
        return listed, {}
    keys = {row[3]: row[0] for row in rows}
    return listed, {keys[source]: keys[target] for source, target in ends_of(into).items() if target in keys}


@Prepared
def _list() -> Select[Any]:
    proposal, candidate, version = Proposal.__table__, Candidate.__table__, ProposalVersion.__table__
    newest = select(func.max(version.c.number)).where(version.c.proposal_id == proposal.c.id).scalar_subquery()
    return (
        select(proposal.c.public_id, proposal.c.cost, newest, proposal.c.id, proposal.c.merged_into_id)
        .select_from(candidate.join(proposal, proposal.c.id == candidate.c.proposal_id))
        .where(candidate.c.round_id == bindparam("round"))
    )
