"""Counts where they may be known, and participation."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.core.receipt import tally_of
from crowd.core.rules import Electorate, ResultsPublicity, RoundKind
from crowd.core.subjects import CallFacts, RoundFacts
from crowd.core.tally.result import Tally
from crowd.organizations.models import Membership
from crowd.rounds.models import CallRound
from crowd.voting.models import Elector, VoterCode
from crowd.voting.models import Tally as TallyRow


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


def latest_tally(session: Session, round_id: int) -> StoredTally | None:
    """The newest count of a round. Whoever shows it asks ROUND_COUNTS first."""
    row = session.scalar(select(TallyRow).where(TallyRow.round_id == round_id).order_by(TallyRow.id.desc()).limit(1))
    return StoredTally(row.at, row.result, row.sha256, tally_of(_data(row.result))) if row else None


def _data(result: str) -> Mapping[str, Any]:
    data: Mapping[str, Any] = json.loads(result)
    return data


def latest_bundle(session: Session, round_id: int) -> TallyRow | None:
    """The newest count that has a bundle."""
    written = (TallyRow.round_id == round_id) & TallyRow.bundle.is_not(None)
    return session.scalar(select(TallyRow).where(written).order_by(TallyRow.id.desc()).limit(1))


def uncovered_tallies(session: Session) -> Sequence[int]:
    """The newest counts of closed ledgers whose bundle is not written yet, where results keep nothing back."""
    newest = (
        select(func.max(TallyRow.id)).where(TallyRow.round_id == CallRound.id).correlate(CallRound).scalar_subquery()
    )
    return session.scalars(
        select(TallyRow.id)
        .join(CallRound, TallyRow.round_id == CallRound.id)
        .join(Call, CallRound.call_id == Call.id)
        .where(
            TallyRow.bundle.is_(None),
            TallyRow.id == newest,
            CallRound.counted_at.is_not(None),
            CallRound.sealed_at.is_not(None),
            Call.results_publicity == ResultsPublicity.EVERYTHING,
        )
    ).all()


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
        case Electorate.INVITED:
            return session.scalar(select(func.count(Elector.id)).where(Elector.round_id == facts.id))
        case Electorate.CODES:
            usable = (VoterCode.round_id == facts.id) & VoterCode.revoked_at.is_(None)
            return session.scalar(select(func.count(VoterCode.id)).where(usable))
        case Electorate.ROLL:
            return None


def shows_supports(call: CallFacts, now: datetime) -> bool:
    """Whether lists may show and order by `Proposal.supports`: some vote's counts are no secret, and the call shows everything.

    Where results show less than everything, no list may give away what they keep back.
    """
    votes = [RoundFacts(0, call, round_) for round_ in call.rules.rounds if round_.kind is RoundKind.VOTE]
    known = any(not facts.round.hides_counts or facts.is_over(now) for facts in votes)
    hidden = any(facts.round.hides_counts and facts.is_open(now) for facts in votes)
    return known and not hidden and call.rules.results_publicity is ResultsPublicity.EVERYTHING
