"""What is asked about many voters at once, under the lock: of whom it is asked are the hashes of the keys of their sessions."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, bindparam, select

from crowd.accounts.models import Account, BrowserSession
from crowd.proposals.models import Proposal
from crowd.store.among import among, listed
from crowd.store.prepared import Prepared, Question
from crowd.voting.models import Elector, VoterCode


def electors_among(keys: Iterable[str], round_id: int) -> Question:
    """`id` of those accounts whose address is on the list of the round."""
    return _electors, {"keys": listed(keys), "round": round_id}


def good_codes(ids: Iterable[int], round_id: int) -> Question:
    """`id` of those one-time codes that still open the round."""
    return _codes, {"ids": listed(ids), "round": round_id}


def costs_now(keys: Iterable[str]) -> Question:
    """`public_id` and `cost` of these proposals."""
    return _costs, {"keys": listed(keys)}


@Prepared
def _electors() -> Select[Any]:
    person, here, elector = Account.__table__.c, BrowserSession.__table__.c, Elector.__table__.c
    return (
        select(person.id)
        .join_from(Account.__table__, BrowserSession.__table__, here.account_id == person.id)
        .join(Elector.__table__, elector.email_folded == person.email_folded)
        .where(among(here.key_hash, "keys"), elector.round_id == bindparam("round"))
    )


@Prepared
def _codes() -> Select[Any]:
    code = VoterCode.__table__.c
    mine = (among(code.id, "ids"), code.round_id == bindparam("round"), code.revoked_at.is_(None))
    return select(code.id).where(*mine)


@Prepared
def _costs() -> Select[Any]:
    proposal = Proposal.__table__.c
    return select(proposal.public_id, proposal.cost).where(among(proposal.public_id, "keys"))
