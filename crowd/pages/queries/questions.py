"""Questions that came with a later stage and wait for this person's answer."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, defer

from crowd.calls.gates import call_facts
from crowd.calls.models import Call
from crowd.core.actor import Actor
from crowd.core.answers import RUNNING, asked_later
from crowd.core.fields import unready
from crowd.core.status import CallStatus, MemberStatus, ProposalStatus
from crowd.core.subjects import ProposalFacts
from crowd.proposals.models import Proposal, TeamMember

MOST = 50
LATER = '"required_from":"'
"""Stands in the canonical rules of calls that ask something from a later stage on."""


def open_questions(session: Session, actor: Actor, now: datetime) -> Iterator[tuple[Proposal, int, datetime | None]]:
    """Own proposals with the number of questions still open, and when the first can no longer be answered. Two queries."""
    mine = (
        select(Proposal)
        .join(Proposal.call)
        .join(Call.organization)
        .join(TeamMember, TeamMember.proposal_id == Proposal.id)
        .where(
            TeamMember.account_id == actor.account_id,
            TeamMember.status == MemberStatus.ACCEPTED,
            Proposal.status.in_([*RUNNING, ProposalStatus.NOT_ADVANCED]),
            Call.status == CallStatus.PUBLISHED,
            Call.rules.contains(LATER),
        )
        .options(
            defer(Proposal.body),
            contains_eager(Proposal.call).contains_eager(Call.organization),
            contains_eager(Proposal.call).selectinload(Call.stages),
        )
        .order_by(Proposal.id.desc())
        .limit(MOST)
    )
    for proposal in session.scalars(mine):
        call = call_facts(proposal.call)
        facts = ProposalFacts(proposal.id, call, proposal.status, proposal.moderation, proposal.lead_id)
        asked = asked_later(facts, now)
        left = {fault.field for fault in unready(asked, proposal.answers)}
        ends = {stage.key: stage.opens_at for stage in call.schedule}
        closing = [ends[each.frozen_from] for each in asked if each.key in left and each.frozen_from in ends]
        if left:
            yield proposal, len(left), min(closing, default=None)
