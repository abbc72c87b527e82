"""Kept counts: whatever changes proposals, the numbers that lists show are those that counting the rows would give."""

from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from crowd.calls.gates import find_call
from crowd.calls.models import Call
from crowd.core.rules import Publicity
from crowd.core.status import AssignmentStatus, ModerationState, OrganizationRole, ProposalStatus, StageKind
from crowd.organizations.gates import actor_of
from crowd.organizations.models import Organization
from crowd.proposals.actions import fold_counts
from crowd.proposals.models import Attachment, Proposal, ProposalCount
from crowd.proposals.queries import count_by_status, count_visible, visible_to
from crowd.reviews.models import Assignment
from crowd.rounds.models import Candidate
from crowd.store.db import transaction, utc_now
from tests.make import (
    make_account,
    make_assignment,
    make_call,
    make_juror,
    make_many_proposals,
    make_member,
    make_organization,
    make_proposal,
    make_rules,
    open_all,
)

pytestmark = pytest.mark.usefixtures("session")


def counted(session: Session, call: Call) -> dict[ProposalStatus, int]:
    rows = select(Proposal.status, func.count()).where(Proposal.call_id == call.id).group_by(Proposal.status)
    return dict(session.execute(rows).all())


def test_counts_follow_every_change(session: Session) -> None:
    call, gone = make_call(), make_call()
    make_many_proposals(call, 5)
    make_many_proposals(gone, 2)
    for status in (ProposalStatus.DRAFT, ProposalStatus.SUBMITTED, ProposalStatus.WITHDRAWN):
        make_proposal(call, status=status)
    assert count_by_status(session, [call.id])[call.id] == counted(session, call)
    with transaction() as writing:
        first = writing.scalars(select(Proposal.id).where(Proposal.call_id == call.id).order_by(Proposal.id)).first()
        writing.execute(update(Proposal).where(Proposal.id == first).values(status=ProposalStatus.SELECTED))
        writing.execute(delete(Proposal).where(Proposal.call_id == call.id, Proposal.number == 3))
        writing.execute(
            update(Proposal)
            .where(Proposal.number == 5)
            .values(moderation=ModerationState.HIDDEN, hidden_reason="Spam.")
        )
        writing.execute(delete(Call).where(Call.id == gone.id))
    assert count_by_status(session, [call.id])[call.id] == counted(session, call)
    assert count_by_status(session, [gone.id])[gone.id] == {}


def test_folding_changes_no_count(session: Session) -> None:
    call = make_call()
    for _ in range(70):
        make_proposal(call)
    before = count_by_status(session, [call.id])
    with transaction() as writing:
        fold_counts(writing)
    assert count_by_status(session, [call.id]) == before
    kinds = select(func.count()).select_from(ProposalCount).where(ProposalCount.call_id == call.id)
    assert session.scalar(kinds) == 1


@pytest.mark.parametrize("publicity", Publicity)
def test_what_is_counted_as_visible_is_what_lists_would_show(session: Session, publicity: Publicity) -> None:
    organization = make_organization()
    call = make_call(organization, make_rules(StageKind.VOTING, publicity=publicity))
    author, moderator = make_account(), make_member(organization, OrganizationRole.MODERATOR)
    for status, hidden, in_round in product(ProposalStatus, (False, True), (False, True)):
        proposal = make_proposal(call, author if hidden else None, status=status)
        with transaction(proposal):
            proposal.hidden_reason = "Spam."
            proposal.moderation = ModerationState.HIDDEN if hidden else ModerationState.VISIBLE
            proposal.in_round = in_round
    found, now = find_call(session, call.public_id), utc_now()
    assert found is not None
    for person in (author, moderator, make_account()):
        actor = actor_of(session, person.id)
        rows = (
            select(Proposal.status, func.count())
            .join(Call, Call.id == Proposal.call_id)
            .join(Organization, Organization.id == Call.organization_id)
            .where(Call.id == call.id, visible_to(actor, now), Proposal.status != ProposalStatus.DRAFT)
            .group_by(Proposal.status)
        )
        assert count_visible(session, found.facts, actor, now) == dict(session.execute(rows).all())


def test_files_and_reviews_are_counted_beside_their_proposals(session: Session) -> None:
    call = make_call(open_stage=StageKind.REVIEW)
    proposal = make_proposal(call)
    juror = make_juror(open_all(call, "jury"))
    work = make_assignment(juror, proposal, scores={"benefit": 3, "feasible": 2})
    with transaction() as writing:
        for number in range(2):
            writing.add(
                Attachment(
                    proposal_id=proposal.id,
                    filename="plan.pdf",
                    media_type="application/pdf",
                    size=4,
                    sha256="0" * 64,
                    storage_key=f"{number:032x}",
                    uploaded_at=utc_now(),
                    removed_at=utc_now() + timedelta(days=1) if number else None,
                )
            )
    numbers = select(Proposal.files_count, Candidate.reviews_count).join(Candidate)
    assert session.execute(numbers).one() == (1, 1)
    with transaction() as writing:
        writing.execute(update(Assignment).where(Assignment.id == work.id).values(status=AssignmentStatus.RECUSED))
        writing.execute(delete(Attachment))
    assert session.execute(numbers).one() == (0, 0)


def test_titles_are_ordered_without_case_accents_and_quotation_marks(session: Session) -> None:
    call = make_call()
    for title in ("zeta", "Árbol", "«Abeja»", "ñandú"):
        make_proposal(call, title=title)
    ordered = select(Proposal.title).where(Proposal.call_id == call.id).order_by(Proposal.title_key)
    assert session.scalars(ordered).all() == ["«Abeja»", "Árbol", "ñandú", "zeta"]
    with transaction() as writing:
        row = writing.scalars(select(Proposal).where(Proposal.title == "zeta")).one()
        row.title = "Acacia"
    assert session.scalars(ordered).all() == ["«Abeja»", "Acacia", "Árbol", "ñandú"]
