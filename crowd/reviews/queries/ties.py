"""What is known of reviewers and of proposals by which one may be tied to the other. A few queries, whatever their number.

Comments and ballots belong to areas beside and above this one, so their tables are asked for by name.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from itertools import chain
from typing import Any

from sqlalchemy import Text, and_, column, or_, select, table
from sqlalchemy.orm import Session, aliased

from crowd.accounts.models import Account
from crowd.calls.gates import rules_of
from crowd.calls.models import Call
from crowd.core.conflicts import Entry, Person, Ties
from crowd.core.rules import Round, RoundKind
from crowd.core.status import MemberStatus, ProposalStatus
from crowd.core.tally.choices import choices_of
from crowd.organizations.models import Membership
from crowd.proposals.models import JoinRequest, Proposal, TeamMember
from crowd.reviews.models import Juror
from crowd.rounds.models import CallRound

IN_TEAM = (MemberStatus.PENDING, MemberStatus.ACCEPTED)
Sets = dict[int, set[int]]

COMMENTS = table("comments", column("proposal_id"), column("author_id"), column("deleted_at"))
VOTERS = table("voters", column("round_id"), column("account_id"), column("ballot"))
BALLOTS = table("ballots", column("round_id"), column("key"), column("choices", Text))


def entries_of(session: Session, proposal_ids: Collection[int]) -> list[Entry]:
    """The proposals with their authors and teams."""
    team_ids: Sets = defaultdict(set)
    emails: dict[int, set[str]] = defaultdict(set)
    authors: dict[int, dict[str, int | None]] = defaultdict(dict)
    member = (
        select(TeamMember.proposal_id, TeamMember.account_id, TeamMember.email_folded, Account.email_folded)
        .add_columns(TeamMember.status == MemberStatus.ACCEPTED)
        .outerjoin(Account, Account.id == TeamMember.account_id)
        .where(TeamMember.proposal_id.in_(proposal_ids), TeamMember.status.in_(IN_TEAM))
    )
    lead = (
        select(Proposal.id, Account.id, Account.email_folded, Account.email_folded)
        .add_columns(Account.id.is_not(None))
        .join(Account, Account.id == Proposal.lead_id)
        .where(Proposal.id.in_(proposal_ids))
    )
    for query in (member, lead):
        for proposal_id, account_id, invited, own, accepted in session.execute(query):
            team_ids[proposal_id] |= {account_id} - {None}
            emails[proposal_id] |= {invited, own} - {None}
            if accepted:
                authors[proposal_id] |= dict.fromkeys({invited, own} - {None}, account_id)
    houses = _organizations(session, {id_ for people in authors.values() for id_ in people.values() if id_})
    return [
        Entry(
            id_,
            tuple(
                Person(account, frozenset({email}), frozenset(houses.get(account or 0, ())))
                for email, account in authors[id_].items()
            ),
            frozenset(team_ids[id_]),
            frozenset(emails[id_]),
        )
        for id_ in proposal_ids
    ]


def reviewers_of(
    session: Session, jurors: Iterable[Juror], proposal_ids: Collection[int], call_id: int
) -> dict[int, tuple[Person, Ties]]:
    """Juror id → who they are and what ties them; `account` must be loaded."""
    people = list(jurors)
    accounts = {juror.account_id for juror in people if juror.account_id is not None}
    houses = _organizations(session, accounts)
    coauthors, invitations = _coauthors(session, accounts), _invitations(session, accounts)
    asked = _asked_into(session, people, proposal_ids)
    commented, voted = _commented(session, accounts, proposal_ids), _voted(session, accounts, call_id)
    found = {}
    for juror in people:
        key = juror.account_id or 0
        inviter = {juror.invited_by_id} if juror.invited_by_id else set()
        found[juror.id] = (
            Person(juror.account_id, juror.addresses, frozenset(houses.get(key, ()))),
            Ties(
                coauthors=frozenset(coauthors.get(key, ())),
                invitations=frozenset(invitations.get(key, set()) | inviter),
                asked_into=frozenset(asked.get(juror.id, ())),
                commented=frozenset(commented.get(key, ())),
                voted=frozenset(voted.get(key, ())),
            ),
        )
    return found


def _organizations(session: Session, accounts: Collection[int]) -> Sets:
    rows = select(Membership.account_id, Membership.organization_id).where(Membership.account_id.in_(accounts))
    return _gathered(session.execute(rows))


def _coauthors(session: Session, accounts: Collection[int]) -> Sets:
    """Who stood in one team with them, in any call and whatever became of the proposal; drafts are nobody's business."""
    mine, theirs = aliased(TeamMember), aliased(TeamMember)
    return _gathered(
        session.execute(
            select(mine.account_id, theirs.account_id)
            .join(theirs, theirs.proposal_id == mine.proposal_id)
            .join(Proposal, Proposal.id == mine.proposal_id)
            .where(
                mine.account_id.in_(accounts),
                theirs.account_id != mine.account_id,
                mine.status == MemberStatus.ACCEPTED,
                theirs.status == MemberStatus.ACCEPTED,
                Proposal.status != ProposalStatus.DRAFT,
            )
        )
    )


def _invitations(session: Session, accounts: Collection[int]) -> Sets:
    """Who asked them into a team, or was asked by them, whatever the answer was."""
    pairs = (
        select(TeamMember.account_id, Proposal.lead_id)
        .join(Proposal, Proposal.id == TeamMember.proposal_id)
        .where(
            or_(TeamMember.account_id.in_(accounts), Proposal.lead_id.in_(accounts)),
            TeamMember.account_id.is_not(None),
            Proposal.lead_id.is_not(None),
            TeamMember.account_id != Proposal.lead_id,
        )
    )
    rows = session.execute(pairs).all()
    return _gathered(chain(rows, ((other, one) for one, other in rows)))


def _asked_into(session: Session, jurors: Collection[Juror], proposal_ids: Collection[int]) -> Sets:
    """Proposals whose team they were asked into, or asked to join, without being in it."""
    of_email = {email: juror.id for juror in jurors for email in juror.addresses}
    of_account = {juror.account_id: juror.id for juror in jurors if juror.account_id is not None}
    found: Sets = defaultdict(set)
    places = select(TeamMember.proposal_id, TeamMember.account_id, TeamMember.email_folded).where(
        TeamMember.proposal_id.in_(proposal_ids),
        TeamMember.status.not_in(IN_TEAM),
        or_(TeamMember.account_id.in_(of_account), TeamMember.email_folded.in_(of_email)),
    )
    for proposal_id, account_id, email in session.execute(places):
        juror_id = of_account.get(account_id or 0) or of_email.get(email)
        if juror_id:
            found[juror_id].add(proposal_id)
    asked = select(JoinRequest.account_id, JoinRequest.proposal_id).where(
        JoinRequest.proposal_id.in_(proposal_ids), JoinRequest.account_id.in_(of_account)
    )
    for account_id, proposal_id in session.execute(asked):
        found[of_account[account_id]].add(proposal_id)
    return found


def _commented(session: Session, accounts: Collection[int], proposal_ids: Collection[int]) -> Sets:
    return _gathered(
        session.execute(
            select(COMMENTS.c.author_id, COMMENTS.c.proposal_id).where(
                COMMENTS.c.author_id.in_(accounts),
                COMMENTS.c.proposal_id.in_(proposal_ids),
                COMMENTS.c.deleted_at.is_(None),
            )
        )
    )


def _voted(session: Session, accounts: Collection[int], call_id: int) -> Sets:
    """Proposals named on ballots that are published with names. A secret roll or ballot is never asked."""
    rounds = _open_votes(session, call_id)
    if not rounds or not accounts:
        return {}
    rows = session.execute(
        select(VOTERS.c.account_id, BALLOTS.c.round_id, BALLOTS.c.choices)
        .join_from(VOTERS, BALLOTS, and_(BALLOTS.c.round_id == VOTERS.c.round_id, BALLOTS.c.key == VOTERS.c.ballot))
        .where(VOTERS.c.account_id.in_(accounts), VOTERS.c.round_id.in_(rounds), BALLOTS.c.choices.is_not(None))
    ).all()
    ids = dict(iter(session.execute(select(Proposal.public_id, Proposal.id).where(Proposal.call_id == call_id))))
    found: Sets = defaultdict(set)
    for account_id, round_id, text in rows:
        named = choices_of(json.loads(text), rounds[round_id]).named
        found[account_id] |= {ids[key] for key in named if key in ids}
    return found


def _open_votes(session: Session, call_id: int) -> Mapping[int, Round]:
    call = session.get_one(Call, call_id)
    open_keys = {each.key: each for each in rules_of(call).rounds if each.kind is RoundKind.VOTE and not each.secret}
    rows = session.execute(
        select(CallRound.id, CallRound.key).where(CallRound.call_id == call_id, CallRound.key.in_(open_keys))
    )
    return {id_: open_keys[key] for id_, key in rows}


def _gathered(rows: Iterable[Any]) -> Sets:
    found: Sets = defaultdict(set)
    for key, value in rows:
        if key is not None and value is not None:
            found[key].add(value)
    return found
