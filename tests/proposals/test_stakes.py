"""An invitation is a stake for as long as it can still be taken up, for the judge and for SQL alike."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.gates import facts_of_call
from crowd.core.status import MemberStatus, ProposalStatus
from crowd.proposals.gates import facts_of_proposals, stakes_in
from crowd.proposals.models import Exclusion, Proposal, TeamMember
from crowd.proposals.queries import has_stake, staked_ids
from crowd.selection.actions.publish import expire_invitations
from crowd.store.db import transaction, utc_now
from tests.make import make_account, make_call, make_member, make_organization, make_proposal


def invited(proposal: Proposal, person: Account, status: MemberStatus, *, by_address: bool = False) -> TeamMember:
    """The invitation ended yesterday."""
    return TeamMember(
        proposal_id=proposal.id,
        account_id=None if by_address else person.id,
        name=person.name,
        email=person.email,
        email_folded=person.email_folded,
        share=0,
        status=status,
        expires_at=utc_now() - timedelta(days=1),
    )


def staked(session: Session, person: Account, proposals: list[Proposal]) -> list[str]:
    """Titles, after all ways of asking gave the same answer."""
    ids = [proposal.id for proposal in proposals]
    facts, stakes = (
        facts_of_proposals(session, proposals, facts_of_call(session, proposals[0].call_id)),
        stakes_in(session, ids),
    )
    column = select(Proposal.id).join(Account, Account.id == person.id).where(has_stake(Account.id))
    answers = [
        {id_ for id_ in ids if person.id in facts[id_].stake_ids()},
        {id_ for id_ in ids if stakes.has(id_, person.id, [person.email_folded])},
        set(session.scalars(select(Proposal.id).where(has_stake(person.id)))),
        set(session.scalars(column)),
        set(session.scalars(staked_ids(select(Account.id).where(Account.id == person.id).scalar_subquery()))),
    ]
    assert all(answer == answers[0] for answer in answers), answers
    assert set(ids) == answers[0] | set(session.scalars(select(Proposal.id).where(~has_stake(person.id))))
    return sorted(proposal.title for proposal in proposals if proposal.id in answers[0])


def test_an_expired_invitation_is_a_stake_until_the_results_end_it(session: Session) -> None:
    organization = make_organization()
    manager, call = make_member(organization), make_call(organization)
    titles = ("Lead", "Pending", "Address", "Conflict", "Declined", "Stranger", "Other")
    made = {title: make_proposal(call, title=title, status=ProposalStatus.SUBMITTED) for title in titles}
    stranger = make_account()
    with transaction(made["Lead"], made["Other"]) as write:
        made["Lead"].lead_id, made["Other"].lead_id = manager.id, None
        write.add(invited(made["Pending"], manager, MemberStatus.PENDING))
        write.add(invited(made["Address"], manager, MemberStatus.PENDING, by_address=True))
        write.add(invited(made["Declined"], manager, MemberStatus.DECLINED))
        write.add(invited(made["Stranger"], stranger, MemberStatus.PENDING))
        write.add(Exclusion(proposal_id=made["Conflict"].id, account_id=manager.id, at=utc_now()))
    rows = list(made.values())
    assert staked(session, manager, rows) == ["Address", "Conflict", "Lead", "Pending"]
    with transaction() as write:
        expire_invitations(write, call.id, utc_now())
    session.expire_all()
    assert staked(session, manager, rows) == ["Conflict", "Lead"]
