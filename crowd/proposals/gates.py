"""Proposals by their public id, and the facts permissions ask about."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Integer, Select, bindparam, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from crowd.accounts.models import Account
from crowd.calls.gates import call_facts, facts_of_call
from crowd.calls.models import Call
from crowd.core.permissions import Permission
from crowd.core.rules import LeftOut, ResultsPublicity
from crowd.core.status import MemberStatus, ProposalStatus
from crowd.core.subjects import CallFacts, ProposalFacts
from crowd.proposals.models import Exclusion, Proposal, Reader, TeamMember
from crowd.web.access import Found, Gate

_IDS = bindparam("ids", type_=Integer, expanding=True)


def facts_of_proposals(
    session: Session, proposals: Iterable[Proposal], call: CallFacts | None = None
) -> dict[int, ProposalFacts]:
    """Facts of many proposals in three queries. Without `call`, `proposal.call` with its stages and organization must be loaded.

    An invitation to the team is a stake of whoever holds its address, also before they have opened it; so is what the
    organization entered for somebody, before they claim it.
    """
    rows = list(proposals)
    ids = [row.id for row in rows]
    team: dict[int, set[int]] = {id_: set() for id_ in ids}
    pending: dict[int, set[int]] = {id_: set() for id_ in ids}
    conflicted: dict[int, set[int]] = {id_: set() for id_ in ids}
    readers: dict[int, set[int]] = {id_: set() for id_ in ids}
    for proposal_id, account_id, status, own in session.execute(_members(), {"ids": ids}):
        if status is MemberStatus.ACCEPTED and own is not None:
            team[proposal_id].add(account_id or 0)
        elif status in {MemberStatus.ACCEPTED, MemberStatus.PENDING}:
            pending[proposal_id].add(account_id or 0)
    for model, into in ((Exclusion, conflicted), (Reader, readers)):
        for proposal_id, account_id in session.execute(_people(model), {"ids": ids}):
            into[proposal_id].add(account_id)
    return {
        row.id: ProposalFacts(
            id=row.id,
            call=call or call_facts(row.call),
            status=row.status,
            moderation=row.moderation,
            lead_id=row.lead_id,
            team_ids=frozenset(team[row.id]),
            pending_ids=frozenset(pending[row.id]),
            conflicted_ids=frozenset(conflicted[row.id]),
            reader_ids=frozenset(readers[row.id]),
            in_round=row.in_round,
            correction_due=row.correction_due,
            entered=row.entered is not None,
        )
        for row in rows
    }


@cache
def _members() -> Select[int, int, MemberStatus, int | None]:
    """Places in the teams of the proposals `ids`, an invited address by the account that holds it. Asked often, so built once."""
    return (
        select(
            TeamMember.proposal_id,
            func.coalesce(TeamMember.account_id, Account.id),
            TeamMember.status,
            TeamMember.account_id,
        )
        .outerjoin(Account, Account.email_folded == TeamMember.email_folded)
        .where(TeamMember.proposal_id.in_(_IDS), or_(TeamMember.account_id.is_not(None), Account.id.is_not(None)))
    )


@cache
def _people(model: type[Exclusion] | type[Reader]) -> Select[int, int]:
    return select(model.proposal_id, model.account_id).where(model.proposal_id.in_(_IDS))


def find_proposal(session: Session, public_id: str) -> Found[Proposal] | None:
    """The proposal with its call, the call's organization and stages, lead, team, tags and attachments."""
    proposal = session.scalar(_by_public_id(), {"public_id": public_id})
    if proposal is None:
        return None
    return Found(proposal, facts_of_proposals(session, [proposal])[proposal.id])


@cache
def _by_public_id() -> Select[Proposal]:
    return (
        select(Proposal)
        .where(Proposal.public_id == bindparam("public_id"))
        .options(
            joinedload(Proposal.call).joinedload(Call.organization),
            joinedload(Proposal.call).selectinload(Call.stages),
            joinedload(Proposal.lead),
            selectinload(Proposal.team).joinedload(TeamMember.account),
            selectinload(Proposal.tags),
            selectinload(Proposal.attachments),
        )
    )


def facts_of_proposal(session: Session, proposal: Proposal) -> ProposalFacts:
    """Fresh facts inside a transaction: the call and its schedule are read again."""
    return facts_of_proposals(session, [proposal], facts_of_call(session, proposal.call_id))[proposal.id]


@dataclass(frozen=True)
class Stakes:
    """Who has a stake in which proposal, by account and by address: one person may be invited under several addresses."""

    accounts: Mapping[int, frozenset[int]]
    emails: Mapping[int, frozenset[str]]

    def has(self, proposal_id: int, account_id: int | None, emails: Iterable[str] = ()) -> bool:
        """`emails`: every folded address under which the person is known here."""
        known = self.emails.get(proposal_id, frozenset())
        return account_id in self.accounts.get(proposal_id, ()) or any(email in known for email in emails)


def stakes_in(session: Session, proposal_ids: Iterable[int]) -> Stakes:
    """The stakes in these proposals: authors, team members (also pending ones under any address), conflicts. Three queries."""
    ids = list(proposal_ids)
    accounts: dict[int, set[int]] = {id_: set() for id_ in ids}
    emails: dict[int, set[str]] = {id_: set() for id_ in ids}
    team = (
        select(TeamMember.proposal_id, TeamMember.account_id, TeamMember.email_folded, Account.email_folded)
        .outerjoin(Account, Account.id == TeamMember.account_id)
        .where(
            TeamMember.proposal_id.in_(ids),
            TeamMember.status.in_([MemberStatus.PENDING, MemberStatus.ACCEPTED]),
        )
    )
    leads = select(Proposal.id, Proposal.lead_id, Account.email_folded).join(Account, Account.id == Proposal.lead_id)
    conflicts = select(Exclusion.proposal_id, Exclusion.account_id, Account.email_folded).join(
        Account, Account.id == Exclusion.account_id
    )
    for query in (team, leads.where(Proposal.id.in_(ids)), conflicts.where(Exclusion.proposal_id.in_(ids))):
        for proposal_id, account_id, *addresses in session.execute(query):
            accounts[proposal_id] |= {account_id} - {None}
            emails[proposal_id] |= set(addresses) - {None}
    return Stakes(
        {id_: frozenset(found) for id_, found in accounts.items()},
        {id_: frozenset(found) for id_, found in emails.items()},
    )


def shown_status(
    status: ProposalStatus, call: CallFacts, *, staff: bool, author: bool = False
) -> ProposalStatus | None:
    """The status as this person may know it.

    None where results are shown as numbers only; eligible until a leaving-out is told; a correction is between the authors
    and the organization.
    """
    if staff:
        return status
    told_later = call.rules.left_out is LeftOut.WITH_RESULTS and not call.results_published
    if status is ProposalStatus.NOT_ADVANCED and told_later:
        return ProposalStatus.ELIGIBLE
    if status is ProposalStatus.CORRECTION and not author:
        return ProposalStatus.SUBMITTED
    unnamed = status in {ProposalStatus.RESERVE, ProposalStatus.NOT_SELECTED, ProposalStatus.NOT_ADVANCED}
    if unnamed and not author and call.results_published:
        return None if call.rules.results_publicity is ResultsPublicity.NUMBERS else status
    return status


proposal_gate = Gate(find_proposal, Permission.PROPOSAL_VIEW)
