"""The vote of a call that an address means, and what permissions are asked about whoever votes."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.core.permissions import Permission
from crowd.core.rules import Electorate, Round, RoundKind
from crowd.core.subjects import RoundFacts
from crowd.rounds.gates import facts_of_round, round_facts, rounds_of
from crowd.rounds.models import CallRound
from crowd.voting.commands import Acting
from crowd.voting.models import Elector, VoterCode
from crowd.web.access import Found


def find_vote(session: Session, call: Found[Call], key: str | None, now: datetime) -> Found[CallRound] | None:
    """The voting round called `key`; without one the open round, else the last that was, else the first to come."""
    votes = [
        Found(row, round_facts(row, call.facts))
        for row in rounds_of(session, call.row.id)
        if row.kind is RoundKind.VOTE
    ]
    if key:
        return next((vote for vote in votes if vote.row.key == key), None)
    begun = [vote for vote in votes if _has_begun(vote, now)]
    is_open = next((vote for vote in begun if not vote.facts.is_over(now)), None)
    return is_open or next(iter(begun[::-1]), None) or next(iter(votes), None)


def _has_begun(vote: Found[CallRound], now: datetime) -> bool:
    stage = vote.facts.stage()
    return stage is not None and stage.opens_at <= vote.facts.call.clock(now)


def ballot_permission(round_: Round) -> Permission:
    """What whoever votes must have: an account of the electorate, or a code."""
    return Permission.ROUND_VOTE_BY_CODE if round_.electorate is Electorate.CODES else Permission.ROUND_VOTE


def facts_for_voter(session: Session, row: CallRound, voting: Acting) -> RoundFacts:
    """Fresh facts with what is to know of this voter: does the account stand on the list, is the code good."""
    return of_voter(session, facts_of_round(session, row), voting)


def of_voter(session: Session, facts: RoundFacts, voting: Acting) -> RoundFacts:
    match facts.round.electorate:
        case Electorate.INVITED if voting.account_id is not None:
            listed = select(Account.id).join(Elector, Elector.email_folded == Account.email_folded)
            mine = listed.where(Elector.round_id == facts.id, Account.id == voting.account_id)
            return replace(facts, voter_ids=frozenset(session.scalars(mine)))
        case Electorate.CODES if voting.code_id is not None:
            good = (VoterCode.id == voting.code_id) & (VoterCode.round_id == facts.id) & VoterCode.revoked_at.is_(None)
            return replace(facts, code_shown=session.scalar(select(VoterCode.id).where(good)) is not None)
        case _:
            return facts
