"""How many proposals one person may hand in, or stand in, as the rules say. Asked with the call locked, so that two cannot pass at once."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.core.errors import InvalidInput
from crowd.core.rules import CallRules
from crowd.core.status import MemberStatus, ProposalStatus
from crowd.proposals.models import Proposal, TeamMember

NOT_COUNTED = (ProposalStatus.DRAFT, ProposalStatus.WITHDRAWN, ProposalStatus.MERGED)


def check_limits(session: Session, rules: CallRules, proposal: Proposal, people: Iterable[int]) -> None:
    """Raises InvalidInput when handing this proposal in would be one too many for its lead or for one of its `people`."""
    _check_leading(session, rules, proposal, proposal.lead_id)
    check_joining(session, rules, proposal, people)


def check_taking_over(session: Session, rules: CallRules, proposal: Proposal, account_id: int) -> None:
    """Raises InvalidInput when this would be one proposal too many for the person who takes it over."""
    if proposal.status in NOT_COUNTED:
        return
    _check_leading(session, rules, proposal, account_id)
    check_joining(session, rules, proposal, [account_id])


def _check_leading(session: Session, rules: CallRules, proposal: Proposal, account_id: int | None) -> None:
    if rules.most_as_lead is None or account_id is None:
        return
    led = select(func.count()).where(*_others(proposal), Proposal.lead_id == account_id)
    if (session.scalar(led) or 0) >= rules.most_as_lead:
        raise InvalidInput("too_many_led", most=rules.most_as_lead)


def check_joining(session: Session, rules: CallRules, proposal: Proposal, people: Iterable[int]) -> None:
    """Raises InvalidInput, with the name, when one of these people stands in as many proposals as they may."""
    if rules.most_in_team is None:
        return
    full = session.execute(
        select(Account.name)
        .join(TeamMember, TeamMember.account_id == Account.id)
        .join(Proposal, Proposal.id == TeamMember.proposal_id)
        .where(*_others(proposal), TeamMember.status == MemberStatus.ACCEPTED, Account.id.in_(list(people)))
        .group_by(Account.id, Account.name)
        .having(func.count() >= rules.most_in_team)
        .order_by(Account.name)
    ).first()
    if full is not None:
        raise InvalidInput("too_many_joined", name=full[0], most=rules.most_in_team)


def _others(proposal: Proposal) -> tuple[ColumnElement[bool], ...]:
    return (
        Proposal.call_id == proposal.call_id,
        Proposal.id != proposal.id,
        Proposal.status.not_in(NOT_COUNTED),
    )
