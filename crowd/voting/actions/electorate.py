"""Who may vote where the organization says so: a list of addresses, or one-time codes."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from crowd.accounts.commands import fold_address
from crowd.core.actor import Actor
from crowd.core.errors import InvalidInput
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.core.rules import Electorate
from crowd.core.subjects import RoundFacts
from crowd.rounds.gates import facts_of_round
from crowd.rounds.models import CallRound
from crowd.store.secrets import token_hash
from crowd.store.types import ALPHABET
from crowd.voting.actions.recording import record_act
from crowd.voting.models import Elector, Voter, VoterCode
from crowd.web.access import require

GROUPS, LETTERS = 4, 4
"""Of a code: 78 bits, so that its plain hash is as good as none to whoever reads the database."""
MOST_CODES = 5_000


def add_electors(session: Session, row: CallRound, addresses: Sequence[str], *, actor: Actor, now: datetime) -> int:
    """Put addresses on the list of the locked round. Returns how many were not on it before."""
    facts = _managed(session, row, Electorate.INVITED, actor, now)
    known = set(session.scalars(select(Elector.email_folded).where(Elector.round_id == row.id)))
    fresh = {fold_address(address): address for address in addresses if fold_address(address) not in known}
    session.add_all(
        Elector(round_id=row.id, email=email, email_folded=folded, added_at=now) for folded, email in fresh.items()
    )
    if fresh:
        record_act(session, EventKind.ELECTORS_ADDED, facts, actor, now, number=len(fresh))
    return len(fresh)


def remove_elector(session: Session, row: CallRound, address: str, *, actor: Actor, now: datetime) -> None:
    """Take an address off the list; a ballot already cast stands. Raises InvalidInput `not_on_the_list`."""
    facts = _managed(session, row, Electorate.INVITED, actor, now)
    mine = (Elector.round_id == row.id) & (Elector.email_folded == fold_address(address))
    if session.scalar(select(Elector.id).where(mine)) is None:
        raise InvalidInput("not_on_the_list", "remove")
    session.execute(delete(Elector).where(mine))
    record_act(session, EventKind.ELECTOR_REMOVED, facts, actor, now, number=1)


def make_codes(session: Session, row: CallRound, number: int, *, actor: Actor, now: datetime) -> tuple[int, list[str]]:
    """Fresh one-time codes of the locked round: the number of the batch, and the codes, which only their hashes remember."""
    facts = _managed(session, row, Electorate.CODES, actor, now)
    if not 1 <= number <= MOST_CODES:
        raise InvalidInput("too_many_codes", "number", limit=MOST_CODES)
    batch = (session.scalar(select(func.max(VoterCode.batch)).where(VoterCode.round_id == row.id)) or 0) + 1
    codes = [new_code() for _ in range(number)]
    session.add_all(
        VoterCode(round_id=row.id, code_hash=code_hash(row.id, code), batch=batch, made_at=now) for code in codes
    )
    record_act(session, EventKind.CODES_MADE, facts, actor, now, number=number)
    return batch, codes


def revoke_code(session: Session, row: CallRound, code: str, *, actor: Actor, now: datetime) -> None:
    """A lost or leaked code opens nothing any more. Raises InvalidInput `unknown_code`, `code_used`."""
    facts = _managed(session, row, Electorate.CODES, actor, now)
    found = find_code(session, row.id, code)
    if found is None:
        raise InvalidInput("unknown_code", "revoke")
    if session.scalar(select(Voter.id).where(Voter.code_id == found.id, Voter.cast_at.is_not(None))) is not None:
        raise InvalidInput("code_used", "revoke")
    found.revoked_at = now
    record_act(session, EventKind.CODE_REVOKED, facts, actor, now, number=1)


def new_code() -> str:
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(LETTERS)) for _ in range(GROUPS))
    return "-".join(groups)


def code_hash(round_id: int, code: str) -> str:
    """Of a code as somebody types it: letters of any case, with or without the hyphens."""
    plain = "".join(letter for letter in code.casefold() if letter.isalnum())
    return token_hash(f"{round_id}:{plain}")


def find_code(session: Session, round_id: int, code: str) -> VoterCode | None:
    """A code that still opens this round."""
    wanted = (VoterCode.round_id == round_id) & (VoterCode.code_hash == code_hash(round_id, code))
    return session.scalar(select(VoterCode).where(wanted, VoterCode.revoked_at.is_(None)))


def _managed(session: Session, row: CallRound, kind: Electorate, actor: Actor, now: datetime) -> RoundFacts:
    facts = facts_of_round(session, row)
    require(actor, Permission.ROUND_MANAGE, facts, now)
    if facts.round.electorate is not kind:
        raise InvalidInput("other_electorate")
    if facts.is_over(now) or row.sealed_at is not None:
        raise InvalidInput("round_over")
    return facts
