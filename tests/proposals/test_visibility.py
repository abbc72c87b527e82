"""PROPOSAL_VIEW asked for one row and asked as SQL gives the same answer for everybody, always."""

import itertools
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.gates import find_call
from crowd.calls.models import Call
from crowd.core.actor import VISITOR, Actor
from crowd.core.permissions import Permission, judge
from crowd.core.rules import Audience, Publicity, ResultsPublicity
from crowd.core.status import (
    CallStatus,
    MemberStatus,
    ModerationState,
    OrganizationRole,
    OrganizationStatus,
    ProposalStatus,
    StageKind,
)
from crowd.organizations.gates import actor_of
from crowd.organizations.models import Organization
from crowd.proposals.gates import facts_of_proposals
from crowd.proposals.models import Exclusion, Proposal, Reader, TeamMember
from crowd.proposals.queries import viewer, visible_to, visible_to_viewer
from crowd.store.db import transaction, utc_now
from tests.make import make_account, make_call, make_member, make_organization, make_rules


@dataclass(frozen=True)
class Cast:
    lead: Account
    member: Account
    pending: Account
    reader: Account
    conflicted: Account

    def __iter__(self) -> Iterator[Account]:
        return iter((self.lead, self.member, self.pending, self.reader, self.conflicted))


def actors(session: Session, organization: Organization, cast: Cast) -> list[Actor]:
    people = [*cast, make_account("A stranger"), *(make_member(organization, role) for role in OrganizationRole)]
    return [VISITOR, *(actor_of(session, person.id) for person in people)]


def proposals(
    call: Call,
    cast: Cast,
    statuses: Iterable[ProposalStatus] = ProposalStatus,
    moderations: Iterable[ModerationState] = ModerationState,
    in_rounds: Iterable[bool] = (False, True),
) -> list[Proposal]:
    """One proposal of each kind, each with the whole cast, in one transaction."""
    now = utc_now()
    with transaction() as session:
        rows = [
            Proposal(
                call_id=call.id,
                lead_id=cast.lead.id,
                status=ProposalStatus.ELIGIBLE if status is ProposalStatus.MERGED else status,
                moderation=moderation,
                hidden_reason="Spam.",
                in_round=in_round,
                created_at=now,
                edited_at=now,
                submitted_at=None if status is ProposalStatus.DRAFT else now,
                correction_due=now if status is ProposalStatus.CORRECTION else None,
                **{f"shuffle_{n}": n for n in range(1, 9)},
            )
            for status, moderation, in_round in itertools.product(statuses, moderations, in_rounds)
        ]
        session.add_all(rows)
        session.flush()
        for row, (status, *_) in zip(rows, itertools.product(statuses, moderations, in_rounds), strict=True):
            if status is ProposalStatus.MERGED:
                row.status, row.merged_into_id = status, row.id
        for row in rows:
            session.add_all(_cast_of(row, cast))
    return rows


def _cast_of(proposal: Proposal, cast: Cast) -> Iterator[object]:
    places = (
        (cast.lead, MemberStatus.ACCEPTED),
        (cast.member, MemberStatus.ACCEPTED),
        (cast.pending, MemberStatus.PENDING),
    )
    for person, status in places:
        yield TeamMember(
            proposal_id=proposal.id,
            account_id=person.id,
            name=person.name,
            email=person.email,
            email_folded=person.email_folded,
            share=0,
            status=status,
        )
    yield Reader(proposal_id=proposal.id, account_id=cast.reader.id)
    yield Exclusion(proposal_id=proposal.id, account_id=cast.conflicted.id, at=utc_now())


@pytest.mark.parametrize("most", [6, pytest.param(None, marks=pytest.mark.soak)])
def test_one_row_and_sql_agree_for_every_status_publicity_role_round_stage_and_moderation(
    session: Session, most: int | None
) -> None:
    """Every proposal of some kinds of call (in the soak: of all) is asked about one by one, and all at once."""
    organization = make_organization()
    cast = Cast(*(make_account(name) for name in ("Lead", "Member", "Pending", "Reader", "Conflicted")))
    people = actors(session, organization, cast)
    differing: list[str] = []
    seen = {True: 0, False: 0}
    kinds = [
        (publicity, results, audience)
        for publicity, results, audience in itertools.product(Publicity, ResultsPublicity, Audience)
        if publicity is Publicity.AFTER_RESULTS or results is ResultsPublicity.EVERYTHING
    ]  # what results show matters where proposals come with them
    for publicity, results, audience in random.sample(kinds, most or len(kinds)):
        rules = make_rules(StageKind.SUBMISSION, publicity=publicity, results_publicity=results, audience=audience)
        call = make_call(organization, rules)
        rows = proposals(call, cast)
        for published in (False, True):
            with transaction(call):
                call.results_published_at = utc_now() if published else None
            for now in (utc_now(), utc_now() + timedelta(days=12)):
                _compare(session, call, rows, people, now, differing, seen)
    assert differing == []
    assert min(seen.values()) > 500


def _compare(
    session: Session,
    call: Call,
    rows: list[Proposal],
    people: list[Actor],
    now: datetime,
    differing: list[str],
    seen: dict[bool, int],
) -> None:
    session.commit()
    fresh = find_call(session, call.public_id)
    assert fresh
    facts = facts_of_proposals(session, rows, fresh.facts)
    of_call = (
        select(Proposal.id)
        .join(Call, Call.id == Proposal.call_id)
        .join(Organization, Organization.id == Call.organization_id)
        .where(Proposal.call_id == call.id)
    )
    kept = of_call.where(visible_to_viewer())
    for actor in people:
        listed = set(session.scalars(of_call.where(visible_to(actor, now))))
        assert listed == set(session.scalars(kept, viewer(actor, now)))
        for row in rows:
            alone = bool(judge(actor, Permission.PROPOSAL_VIEW, facts[row.id], now))
            seen[alone] += 1
            if alone is not (row.id in listed):
                differing.append(f"{actor.name or 'visitor'} {facts[row.id]}")


@pytest.mark.parametrize("most", [6, pytest.param(None, marks=pytest.mark.soak)])
def test_calls_that_are_drafts_paused_or_of_a_waiting_organization_agree_too(
    session: Session, most: int | None
) -> None:
    differing: list[str] = []
    seen = {True: 0, False: 0}
    kinds = list(itertools.product(CallStatus, OrganizationStatus))
    for status, approval in random.sample(kinds, most or len(kinds)):
        organization = make_organization(status=approval)
        cast = Cast(*(make_account(name) for name in ("Lead", "Member", "Pending", "Reader", "Conflicted")))
        people = actors(session, organization, cast)
        for publicity in (Publicity.AT_ONCE, Publicity.AFTER_SUBMISSION):
            call = make_call(organization, make_rules(StageKind.SUBMISSION, publicity=publicity), status=status)
            statuses = (ProposalStatus.DRAFT, ProposalStatus.ELIGIBLE)
            rows = proposals(call, cast, statuses, [ModerationState.VISIBLE], [False])
            for now in (utc_now(), utc_now() + timedelta(days=12)):
                _compare(session, call, rows, people, now, differing, seen)
    assert differing == []
    assert min(seen.values()) > 50
