"""Reading votes: one's own ballot, counts where they may be known, participation."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.core.receipt import tally_of
from crowd.core.rules import Electorate, ResultsPublicity, RoundKind
from crowd.core.subjects import CallFacts, RoundFacts
from crowd.core.tally.choices import Choices
from crowd.core.tally.result import Tally
from crowd.organizations.models import Membership
from crowd.proposals.models import Proposal, ProposalVersion
from crowd.rounds.models import CallRound, Candidate
from crowd.voting.models import Ballot, Mark
from crowd.voting.models import Tally as TallyRow


@dataclass(frozen=True)
class MyBallot:
    """One's own ballot, cast. `changed_at` is set once it was cast anew."""

    public_id: str
    cast_at: datetime
    changed_at: datetime | None
    choices: Choices

    @property
    def at(self) -> datetime:
        return self.changed_at or self.cast_at


@dataclass(frozen=True)
class StoredTally:
    """A count as it was stored: canonical JSON, its fingerprint, and the value it says."""

    at: datetime
    result: str
    sha256: str
    tally: Tally


@dataclass(frozen=True)
class Participation:
    """`electorate` is None where nobody knows how many might have voted."""

    ballots: int
    electorate: int | None


def cast(round_id: int) -> ColumnElement[bool]:
    """Ballots that are cast in this round, not withdrawn."""
    return (Ballot.round_id == round_id) & Ballot.cast_at.is_not(None)


def my_ballot(session: Session, round_id: int, account_id: int | None) -> MyBallot | None:
    ballot = session.scalar(select(Ballot).where(cast(round_id), Ballot.account_id == (account_id or -1)))
    if ballot is None or ballot.cast_at is None:
        return None
    return MyBallot(ballot.public_id, ballot.cast_at, ballot.changed_at, choices_of(session, ballot.id))


def choices_of(session: Session, ballot_id: int) -> Choices:
    rows = session.execute(
        select(Proposal.public_id, Mark.value)
        .join(Proposal, Mark.proposal_id == Proposal.id)
        .where(Mark.ballot_id == ballot_id)
        .order_by(Proposal.number)
    )
    return Choices({row.public_id: row.value for row in rows})


def my_marks(session: Session, call_id: int, account_id: int | None) -> dict[int, int]:
    """Proposal id → what this person's cast ballots in the call say of it, for the person's own mark in lists."""
    rows = session.execute(
        select(Mark.proposal_id, Mark.value)
        .join(Ballot, Mark.ballot_id == Ballot.id)
        .join(CallRound, Ballot.round_id == CallRound.id)
        .where(CallRound.call_id == call_id, Ballot.account_id == (account_id or -1), Ballot.cast_at.is_not(None))
        .order_by(CallRound.position)
    )
    return {row.proposal_id: row.value for row in rows}


def versions_to_read(session: Session, round_id: int) -> dict[str, int]:
    """The newest version of each candidate of a round: what whoever opens the ballot now can read."""
    rows = session.execute(
        select(Proposal.public_id, func.max(ProposalVersion.number))
        .join(Candidate, Candidate.proposal_id == Proposal.id)
        .join(ProposalVersion, ProposalVersion.proposal_id == Proposal.id)
        .where(Candidate.round_id == round_id)
        .group_by(Proposal.public_id)
    )
    return dict(iter(rows))


def changed_since_read(session: Session, round_id: int, account_id: int | None) -> dict[str, tuple[int, int]]:
    """The proposals marked on the person's ballot that have a newer version than the one read: (the one read, the newest)."""
    newest = (
        select(func.max(ProposalVersion.number))
        .where(ProposalVersion.proposal_id == Mark.proposal_id)
        .correlate(Mark)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Proposal.public_id, Mark.version_seen, newest)
        .join(Mark, Mark.proposal_id == Proposal.id)
        .join(Ballot, Ballot.id == Mark.ballot_id)
        .where(
            Ballot.round_id == round_id,
            Ballot.account_id == account_id,
            Mark.version_seen < newest,
        )
    )
    return {key: (seen or 0, now) for key, seen, now in rows}


def versions_marked(session: Session, round_id: int) -> dict[str, dict[int, int]]:
    """For each proposal, how many marks were given to each of its versions. Imported marks name none."""
    rows = session.execute(
        select(Proposal.public_id, Mark.version_seen, func.count())
        .join(Mark, Mark.proposal_id == Proposal.id)
        .join(Ballot, Ballot.id == Mark.ballot_id)
        .where(cast(round_id), Mark.version_seen.is_not(None))
        .group_by(Proposal.public_id, Mark.version_seen)
    )
    found: dict[str, dict[int, int]] = {}
    for key, version, count in rows:
        found.setdefault(key, {})[version or 0] = count
    return found


def ballots_of(session: Session, round_id: int) -> Iterator[dict[str, int]]:
    """What each cast ballot of a round says, blank ones included; in no order that means anything."""
    rows = session.execute(
        select(Ballot.id, Proposal.public_id, Mark.value)
        .outerjoin(Mark, Mark.ballot_id == Ballot.id)
        .outerjoin(Proposal, Mark.proposal_id == Proposal.id)
        .where(cast(round_id))
        .order_by(Ballot.id)
    )
    for _, marks in groupby(rows, key=lambda row: row[0]):
        yield {key: value for _, key, value in marks if key}


def count_ballots(session: Session, round_id: int) -> int:
    return session.scalar(select(func.count()).select_from(Ballot).where(cast(round_id))) or 0


def latest_tally(session: Session, round_id: int) -> StoredTally | None:
    """The newest count of a round. Whoever shows it asks ROUND_COUNTS first."""
    row = session.scalar(select(TallyRow).where(TallyRow.round_id == round_id).order_by(TallyRow.id.desc()).limit(1))
    return StoredTally(row.at, row.result, row.sha256, tally_of(_data(row.result))) if row else None


def _data(result: str) -> Mapping[str, Any]:
    data: Mapping[str, Any] = json.loads(result)
    return data


def participation(session: Session, row: CallRound, facts: RoundFacts) -> Participation:
    """How many took part, as of the newest count. Whoever shows it asks ROUND_COUNTS first."""
    return Participation(row.ballots_count, _electorate(session, facts))


def _electorate(session: Session, facts: RoundFacts) -> int | None:
    verified = select(func.count(Account.id)).where(Account.verified_at.is_not(None), Account.blocked_at.is_(None))
    match facts.round.electorate:
        case Electorate.VERIFIED:
            return session.scalar(verified)
        case Electorate.MEMBERS:
            members = verified.join(Membership, Membership.account_id == Account.id)
            return session.scalar(members.where(Membership.organization_id == facts.call.organization.id))
        case Electorate.INVITED | Electorate.CODES | Electorate.ROLL:
            return None


def shows_supports(call: CallFacts, now: datetime) -> bool:
    """Whether lists may show and order by `Proposal.supports`: some vote's counts are no secret, and the call shows everything.

    Where results show less than everything, no list may give away what they keep back.
    """
    votes = [RoundFacts(0, call, round_) for round_ in call.rules.rounds if round_.kind is RoundKind.VOTE]
    known = any(not facts.round.hides_counts or facts.is_over(now) for facts in votes)
    hidden = any(facts.round.hides_counts and facts.is_open(now) for facts in votes)
    return known and not hidden and call.rules.results_publicity is ResultsPublicity.EVERYTHING
