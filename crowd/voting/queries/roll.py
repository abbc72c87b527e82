"""The electorate that an organization makes, and what stood out once it had voted."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, false, func, or_, select, true
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.models import Admission
from crowd.core.rules import Audience, Electorate, Round
from crowd.core.subjects import CallFacts
from crowd.organizations.models import Membership
from crowd.voting.models import Ballot, Elector, SetAside, Signal, VoterCode


def who_may_vote(call: CallFacts, round_: Round, round_id: int, now: datetime) -> Select[int]:
    """ROUND_VOTE as SQL: the accounts that may vote in a round while it is open. Of a code nobody knows whose it is."""
    old_enough = Account.created_at <= now - timedelta(days=round_.min_account_days)
    good = (Account.verified_at.is_not(None), Account.blocked_at.is_(None), old_enough)
    return select(Account.id).where(*good, _audience(call), _electorate(call, round_, round_id))


def _audience(call: CallFacts) -> ColumnElement[bool]:
    """Who may see the call at all; of an unlisted one, whoever has its address."""
    admitted = Account.id.in_(select(Admission.account_id).where(Admission.call_id == call.id))
    match call.rules.audience:
        case Audience.MEMBERS:
            return _members(call)
        case Audience.INVITED:
            return or_(_members(call), admitted)
        case _:
            return true()


def _electorate(call: CallFacts, round_: Round, round_id: int) -> ColumnElement[bool]:
    match round_.electorate:
        case Electorate.VERIFIED:
            return true()
        case Electorate.MEMBERS:
            return _members(call)
        case Electorate.INVITED:
            return Account.email_folded.in_(select(Elector.email_folded).where(Elector.round_id == round_id))
        case _:
            return false()


def _members(call: CallFacts) -> ColumnElement[bool]:
    mine = Membership.organization_id == call.organization.id
    return Account.id.in_(select(Membership.account_id).where(mine))


def list_electors(session: Session, round_id: int, most: int) -> tuple[Sequence[str], int]:
    """The first addresses of the list, and how many more there are."""
    mine = Elector.round_id == round_id
    total = session.scalar(select(func.count(Elector.id)).where(mine)) or 0
    known = select(Elector.email).where(mine, Elector.email != "")  # without those whose account was erased
    listed = session.scalars(known.order_by(Elector.email_folded).limit(most)).all()
    return listed, total - len(listed)


def count_codes(session: Session, round_id: int) -> tuple[int, int]:
    """Codes that open the round, and codes that were revoked. How many were used is a count, and stays hidden."""
    made, revoked = session.execute(
        select(func.count(VoterCode.id), func.count(VoterCode.revoked_at)).where(VoterCode.round_id == round_id)
    ).one()
    return made - revoked, revoked


def list_signals(session: Session, round_id: int) -> Sequence[Signal]:
    """The largest first, kind by kind."""
    mine = select(Signal).where(Signal.round_id == round_id)
    return session.scalars(mine.order_by(Signal.kind, Signal.number.desc(), Signal.id)).all()


def list_set_aside(session: Session, round_id: int) -> Sequence[SetAside]:
    return session.scalars(select(SetAside).where(SetAside.round_id == round_id).order_by(SetAside.ballot)).all()


def keys_saying(session: Session, round_id: int, text: str, most: int) -> Sequence[str]:
    """Ballots that say just this."""
    same = (Ballot.round_id == round_id) & (Ballot.choices == text)
    return session.scalars(select(Ballot.key).where(same).order_by(Ballot.key).limit(most)).all()
