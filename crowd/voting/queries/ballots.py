"""Ballots: one's own, and all of a round as they are counted."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, false, func, select
from sqlalchemy.orm import Session

from crowd.core.rules import Round
from crowd.core.tally.choices import Choices, choices_of
from crowd.proposals.models import Proposal, ProposalVersion
from crowd.rounds.models import Candidate
from crowd.voting.commands import Acting
from crowd.voting.models import Ballot, SetAside, Voter

PIECE = 5_000


@dataclass(frozen=True)
class MyBallot:
    """One's own ballot, cast. `changed_at` is set once it was cast anew.

    A secret vote forgets at its close which ballot is whose: then `public_id`, `choices` and `leaf` are empty.
    """

    public_id: str | None
    cast_at: datetime
    changed_at: datetime | None
    choices: Choices
    leaf: str | None = None

    @property
    def at(self) -> datetime:
        return self.changed_at or self.cast_at


def on_roll(voter: Acting) -> ColumnElement[bool]:
    """The voter's row of the roll."""
    if voter.code_id is not None:
        return Voter.code_id == voter.code_id
    return Voter.account_id == voter.account_id if voter.account_id is not None else false()


def standing(round_id: int) -> ColumnElement[bool]:
    """Ballots that are cast in this round, not taken back."""
    return (Ballot.round_id == round_id) & Ballot.choices.is_not(None)


def my_ballot(session: Session, round_id: int, voter: Acting, round_: Round) -> MyBallot | None:
    row = session.execute(
        select(Voter.ballot, Voter.cast_at, Voter.changed_at, Ballot.choices, Ballot.leaf)
        .outerjoin(Ballot, (Ballot.round_id == Voter.round_id) & (Ballot.key == Voter.ballot))
        .where(Voter.round_id == round_id, on_roll(voter), Voter.cast_at.is_not(None))
    ).one_or_none()
    if row is None or row.cast_at is None:
        return None
    choices = choices_of(json.loads(row.choices), round_) if row.choices else Choices()
    return MyBallot(row.ballot, row.cast_at, row.changed_at, choices, row.leaf)


def own_choices(session: Session, rounds: Mapping[int, Round], account_id: int | None) -> dict[str, int]:
    """Public id of a proposal → what this person's cast ballots of these rounds say of it, for the own mark in lists."""
    if account_id is None or not rounds:
        return {}
    rows = session.execute(
        select(Ballot.round_id, Ballot.choices)
        .join(Voter, (Ballot.round_id == Voter.round_id) & (Ballot.key == Voter.ballot))
        .where(Voter.account_id == account_id, Voter.round_id.in_(rounds), Ballot.choices.is_not(None))
    )
    marks: dict[str, int] = {}
    for round_id, text in rows:
        marks |= choices_of(json.loads(text or "{}"), rounds[round_id]).marks
    return marks


def versions_to_read(session: Session, round_id: int) -> dict[str, int]:
    """The newest version of each candidate of a round: what whoever opens the ballot now can read."""
    rows = session.execute(
        select(Proposal.public_id, func.max(ProposalVersion.number))
        .join(Candidate, Candidate.proposal_id == Proposal.id)
        .join(ProposalVersion, ProposalVersion.proposal_id == Proposal.id)
        .where(Candidate.round_id == round_id)
        .group_by(Proposal.public_id)
        .order_by(Proposal.public_id)
    )
    return dict(iter(rows))


def changed_since_read(
    session: Session, round_id: int, voter: Acting, newest: Mapping[str, int]
) -> dict[str, tuple[int, int]]:
    """The proposals on the person's ballot that have a newer version than the one read: (the one read, the newest)."""
    text = session.scalar(
        select(Ballot.seen)
        .join(Voter, (Ballot.round_id == Voter.round_id) & (Ballot.key == Voter.ballot))
        .where(Voter.round_id == round_id, on_roll(voter))
    )
    seen: dict[str, int] = json.loads(text) if text else {}
    return {key: (read, newest[key]) for key, read in seen.items() if read < newest.get(key, 0)}


def versions_marked(session: Session, round_id: int) -> dict[str, dict[int, int]]:
    """For each proposal, how many ballots that name it saw which of its versions. Imported ballots name none."""
    counts: Counter[tuple[str, int]] = Counter()
    rows = session.scalars(
        select(Ballot.seen).where(standing(round_id), Ballot.seen.is_not(None)).execution_options(yield_per=PIECE)
    )
    for text in rows:
        counts.update(json.loads(text or "{}").items())
    found: dict[str, dict[int, int]] = {}
    for (key, version), count in sorted(counts.items()):
        found.setdefault(key, {})[version] = count
    return found


def ballot_texts(session: Session, round_id: int) -> Iterator[tuple[str, str, bool | None]]:
    """Key, choices as canonical text, and whether a member cast it, of each standing ballot in the order of the random keys.

    On the connection itself, as a million rows are read so in half the time.
    """
    rows = session.connection().execute(
        select(Ballot.key, Ballot.choices, Ballot.member)
        .where(standing(round_id))
        .order_by(Ballot.key)
        .execution_options(yield_per=PIECE)
    )
    for key, text, member in rows:
        if text is not None:
            yield key, text, member


def count_ballots(session: Session, round_id: int) -> int:
    return session.scalar(select(func.count()).select_from(Ballot).where(standing(round_id))) or 0


def set_aside_in(session: Session, round_id: int) -> dict[str, str]:
    """Keys of ballots that do not count, each with its reason."""
    rows = session.execute(select(SetAside.ballot, SetAside.reason).where(SetAside.round_id == round_id))
    return dict(iter(rows))
