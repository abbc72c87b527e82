"""The figures of many calls at once, in a fixed number of statements."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import and_, case, func, select, union
from sqlalchemy.orm import Session, contains_eager, selectinload

from crowd.calls.gates import call_facts
from crowd.calls.models import Call
from crowd.core.checklist import missing
from crowd.core.desk import Figures, RoundFigures
from crowd.core.rules import Electorate, RoundKind
from crowd.core.status import AssignmentStatus, CallStatus, JurorStatus, MailStatus, ProposalStatus
from crowd.core.subjects import CallFacts
from crowd.desk.queries.table import MOST_COUNTED
from crowd.mailing.models import Mail
from crowd.mailing.queries import seen_by_managers
from crowd.moderation.models import Report
from crowd.proposals.models import BehalfEntry, Proposal
from crowd.proposals.queries import count_by_status
from crowd.reviews.models import Assignment, Juror
from crowd.rounds.models import CallRound, Candidate
from crowd.selection.queries.waiting import Decisions, decisions_of
from crowd.voting.models import Elector, VoterCode

MOST_CALLS = 50
NO_DECISIONS = Decisions()
LIVE = (CallStatus.DRAFT, CallStatus.PUBLISHED, CallStatus.PAUSED)


def list_running(session: Session, organization_id: int) -> Sequence[Call]:
    """Calls of an organization that still want something: drafts, and those without results; the newest first."""
    return session.scalars(
        select(Call)
        .join(Call.organization)
        .where(Call.organization_id == organization_id, Call.status.in_(LIVE), Call.results_published_at.is_(None))
        .order_by(Call.id.desc())
        .limit(MOST_CALLS)
        .options(contains_eager(Call.organization), selectinload(Call.stages))
    ).all()


def figures_of(session: Session, calls: Sequence[Call], now: datetime) -> Mapping[int, Figures]:
    """By call id; the calls' organization and stages are loaded."""
    facts = {call.id: call_facts(call) for call in calls}
    ids = list(facts)
    counts = count_by_status(session, ids)
    decisions = decisions_of(session, [id_ for id_, of in facts.items() if of.running and of.decides(now)])
    overdue, failed, rounds = _overdue(session, ids, now), _failed(session, ids), _rounds(session, facts)
    refused, reported = _claims_refused(session, ids), _reported(session, ids)
    return {
        id_: Figures(
            call=of,
            unscreened=counts[id_][ProposalStatus.SUBMITTED],
            reported=reported.get(id_, 0),
            corrections_overdue=overdue.get(id_, 0),
            undecided=decisions.get(id_, NO_DECISIONS).undecided,
            settled=decisions.get(id_, NO_DECISIONS).settled,
            claims_refused=refused.get(id_, ()),
            mails_failed=failed.get(id_, 0),
            gaps=len(missing(of.rules, now)) if of.status is CallStatus.DRAFT else 0,
            rounds=tuple(rounds.get(id_, ())),
        )
        for id_, of in facts.items()
    }


def _overdue(session: Session, ids: Sequence[int], now: datetime) -> dict[int, int]:
    """A proposal has a date for its correction while it waits for one, and only then."""
    late = and_(Proposal.submitted_at.is_not(None), Proposal.correction_due <= now)
    rows = select(Proposal.call_id, func.count()).where(Proposal.call_id.in_(ids), late).group_by(Proposal.call_id)
    return dict(iter(session.execute(rows)))


def _claims_refused(session: Session, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Proposals that the limit per person keeps from those for whom they were entered, the newest first."""
    refused = select(BehalfEntry.proposal_id).where(BehalfEntry.refused_at.is_not(None))
    when = select(BehalfEntry.refused_at).where(BehalfEntry.proposal_id == Proposal.id).scalar_subquery()
    rows = session.execute(
        select(Proposal.call_id, Proposal.public_id)
        .where(
            Proposal.id.in_(refused),  # few in all: not the call's proposals are walked, but these
            (Proposal.call_id + 0).in_(ids),
            Proposal.status.not_in([ProposalStatus.WITHDRAWN, ProposalStatus.MERGED]),
        )
        .order_by(when.desc())
    )
    found: dict[int, tuple[str, ...]] = {}
    for call_id, key in rows:
        found[call_id] = (*found.get(call_id, ()), key)
    return found


def _reported(session: Session, ids: Sequence[int]) -> dict[int, int]:
    things = func.count(Report.thing.distinct())
    waiting = (Report.call_id.in_(ids), Report.decision.is_(None))
    return dict(iter(session.execute(select(Report.call_id, things).where(*waiting).group_by(Report.call_id))))


def _failed(session: Session, ids: Sequence[int]) -> dict[int, int]:
    """People whom a mail did not reach, among those an organization may know of."""
    people = func.count(Mail.to_email.distinct())
    failed = (Mail.status == MailStatus.FAILED, (Mail.call_id + 0).in_(ids), seen_by_managers())
    rows = select(Mail.call_id, people).where(*failed).group_by(Mail.call_id)
    return {call_id: count for call_id, count in session.execute(rows) if call_id is not None}


def _rounds(session: Session, facts: Mapping[int, CallFacts]) -> Mapping[int, list[RoundFigures]]:
    rows = session.scalars(
        select(CallRound).where(CallRound.call_id.in_(list(facts))).order_by(CallRound.call_id, CallRound.position)
    ).all()
    reviews = [row for row in rows if row.kind is RoundKind.REVIEW]
    ids = [row.id for row in reviews]
    waiting, silent = _waiting(session, ids), _silent(session, ids)
    lacking = _lacking(session, {row.id: facts[row.call_id].rules.round(row.key).min_reviews for row in reviews})
    voterless = _voterless(session, {row.id: facts[row.call_id].rules.round(row.key).electorate for row in rows})
    found: dict[int, list[RoundFigures]] = {}
    for row in rows:
        found.setdefault(row.call_id, []).append(
            RoundFigures(
                key=row.key,
                opened=row.opened_at is not None,
                confirmed=row.confirmed_at is not None,
                waiting=waiting.get(row.id, 0),
                lacking=lacking.get(row.id, 0),
                silent=silent.get(row.id, 0),
                voterless=row.id in voterless,
            )
        )
    return found


def _voterless(session: Session, electorates: Mapping[int, Electorate]) -> set[int]:
    """Rounds for which the organization makes the list or the codes, and has made none."""
    listed = [id_ for id_, electorate in electorates.items() if electorate is Electorate.INVITED]
    coded = [id_ for id_, electorate in electorates.items() if electorate is Electorate.CODES]
    if not listed and not coded:
        return set()
    named = union(
        select(Elector.round_id).where(Elector.round_id.in_(listed)),
        select(VoterCode.round_id).where(VoterCode.round_id.in_(coded), VoterCode.revoked_at.is_(None)),
    )
    return {*listed, *coded} - set(session.scalars(named))


def _waiting(session: Session, round_ids: Sequence[int]) -> dict[int, int]:
    open_work = (Assignment.round_id.in_(round_ids), Assignment.status == AssignmentStatus.ASSIGNED)
    accepted = select(Assignment.round_id, func.count()).join(Juror, Juror.id == Assignment.juror_id)
    rows = accepted.where(*open_work, Juror.status == JurorStatus.ACCEPTED).group_by(Assignment.round_id)
    return dict(iter(session.execute(rows)))


def _silent(session: Session, round_ids: Sequence[int]) -> dict[int, int]:
    invited = (Juror.round_id.in_(round_ids), Juror.status == JurorStatus.INVITED)
    return dict(iter(session.execute(select(Juror.round_id, func.count()).where(*invited).group_by(Juror.round_id))))


def _lacking(session: Session, needed: Mapping[int, int]) -> dict[int, int]:
    """Counted no further than one beyond MOST_COUNTED."""
    if not needed:
        return {}
    few = Candidate.reviews_count < case(needed, value=CallRound.id)
    standing = (Candidate.round_id == CallRound.id, Candidate.struck_at.is_(None), few)
    some = select(Candidate.id).where(*standing).limit(MOST_COUNTED + 1).correlate(CallRound).subquery()
    count = select(func.count()).select_from(some).scalar_subquery()
    return dict(iter(session.execute(select(CallRound.id, count).where(CallRound.id.in_(list(needed))))))
