"""Builders of what selection stands on: rounds, counts, reviews, verdicts."""

import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.core.receipt import canonical_json, sha256_of, tally_bundle
from crowd.core.rules import CallRules
from crowd.core.status import AssignmentStatus, JurorStatus, Outcome, ProposalStatus, StageKind
from crowd.organizations.models import Organization
from crowd.proposals.models import Proposal
from crowd.reviews.models import Assignment, Juror, Review, ReviewScore
from crowd.rounds.models import CallRound, Candidate
from crowd.selection.models import Verdict
from crowd.store.db import transaction, utc_now
from crowd.store.types import new_public_id
from crowd.voting.models import Ballot, Tally, Voter
from tests.core.counting import count_approval
from tests.make import make_account, make_call, make_organization, make_proposal, make_rules

serial = itertools.count(1)


def open_round(call: Call, key: str, proposals: Sequence[Proposal]) -> CallRound:
    """A round whose candidate list is frozen."""
    with transaction() as session:
        row = round_of(session, call, key)
        row.opened_at = row.confirmed_at = utc_now()
        for proposal in proposals:
            session.add(Candidate(round_id=row.id, proposal_id=proposal.id, version_number=1, added_at=utc_now()))
            session.merge(proposal).in_round = True
    return row


def round_of(session: Session, call: Call, key: str) -> CallRound:
    return session.scalars(select(CallRound).where(CallRound.call_id == call.id, CallRound.key == key)).one()


def make_tally(call: Call, key: str, votes: Mapping[Proposal, int], *, ballots: int | None = None) -> Tally:
    """A stored approval count: so many of the ballots support each proposal."""
    number = ballots if ballots is not None else max(votes.values(), default=0)
    cast = [[p.public_id for p, count in votes.items() if voter < count] for voter in range(number)]
    counted = count_approval(cast, [proposal.public_id for proposal in votes])
    data = tally_bundle(replace(counted, trace={}), key, call.rules_sha256 or "")
    with transaction() as session:
        row = round_of(session, call, key)
        row.counted_at, row.ballots_count = utc_now(), number
        tally = Tally(round_id=row.id, at=utc_now(), result=canonical_json(data).decode(), sha256=sha256_of(data))
        session.add(tally)
    return tally


def make_ballots(call: Call, key: str, choices: Sequence[Sequence[Proposal]]) -> None:
    """Ballots as they are cast: each supports these proposals."""
    with transaction() as session:
        for chosen in choices:
            round_id, ballot = round_of(session, call, key).id, new_public_id()
            text = json.dumps({"approve": sorted(proposal.public_id for proposal in chosen)})
            session.add(Voter(round_id=round_id, voter_ref=f"v{next(serial)}", cast_at=utc_now(), ballot=ballot))
            session.add(Ballot(round_id=round_id, key=ballot, choices=text, acts=1))


def make_juror(call: Call, key: str, account: Account | None = None, *, chair: bool = False) -> Juror:
    account = account or make_account("Rosa Marín")
    with transaction() as session:
        number = next(serial)
        juror = Juror(
            round_id=round_of(session, call, key).id,
            account_id=account.id,
            email=account.email,
            email_folded=account.email_folded,
            name=account.name,
            is_chair=chair,
            status=JurorStatus.ACCEPTED,
            token_hash=f"juror{number}",
            copied_hash=f"copied{number}",
            invited_at=utc_now(),
        )
        session.add(juror)
    return juror


def make_review(
    juror: Juror,
    proposal: Proposal,
    scores: Mapping[str, int],
    *,
    to_authors: str = "",
    to_panel: str = "",
) -> Review:
    """A review handed in."""
    with transaction() as session:
        assignment = Assignment(
            round_id=juror.round_id,
            juror_id=juror.id,
            proposal_id=proposal.id,
            status=AssignmentStatus.SUBMITTED,
            assigned_at=utc_now(),
        )
        session.add(assignment)
        session.flush()
        review = Review(
            assignment_id=assignment.id,
            comment_panel=to_panel,
            comment_authors=to_authors,
            saved_at=utc_now(),
            submitted_at=utc_now(),
            version_seen=1,
        )
        session.add(review)
        session.flush()
        session.add_all(ReviewScore(review_id=review.id, criterion=key, score=score) for key, score in scores.items())
    return review


def make_verdict(
    proposal: Proposal, outcome: Outcome, by: Account, *, reason: str = "It convinced the jury.", letter: str = ""
) -> Verdict:
    with transaction() as session:
        verdict = Verdict(
            proposal_id=proposal.id,
            outcome=outcome,
            reason=reason,
            letter=letter,
            decided_by_id=by.id,
            decided_at=utc_now(),
        )
        session.add(verdict)
    return verdict


def decided_call(
    organization: Organization | None = None, *, count: int = 4, **changes: object
) -> tuple[Call, list[Proposal]]:
    """A call at its decision: proposal i (from 1) has count - i + 1 of the votes and a review of 5, 4, 3 … in both criteria."""
    rules: CallRules = replace(make_rules(StageKind.SELECTION), **changes)  # type: ignore[arg-type]
    call = make_call(organization or make_organization(), rules)
    proposals = [make_proposal(call, title=f"Proposal {n}", cost=100 * n) for n in range(1, count + 1)]
    open_round(call, "crowd", proposals)
    make_tally(call, "crowd", {p: count - i for i, p in enumerate(proposals)}, ballots=count)
    open_round(call, "jury", proposals)
    juror = make_juror(call, "jury")
    for place, proposal in enumerate(proposals):
        score = max(5 - place, 0)
        make_review(juror, proposal, {"benefit": score, "feasible": score})
    return call, proposals


def crowded_call(organization: Organization, count: int) -> Call:
    """A call at its decision with many proposals of one author, each voted on and reviewed, written in few statements."""
    call = make_call(organization, make_rules(StageKind.SELECTION))
    author, juror, now = make_account("Iris Okafor"), make_juror(call, "jury"), utc_now()
    with transaction() as session:
        proposals = [
            Proposal(
                call_id=call.id,
                number=number,
                lead_id=author.id,
                status=ProposalStatus.ELIGIBLE,
                title=f"Proposal {number}",
                created_at=now,
                edited_at=now,
                submitted_at=now,
                in_round=True,
                **{f"shuffle_{n}": number for n in range(1, 9)},
            )
            for number in range(1, count + 1)
        ]
        session.add_all(proposals)
        session.flush()
        for key in ("crowd", "jury"):
            row = round_of(session, call, key)
            row.opened_at = now
            session.add_all(
                Candidate(round_id=row.id, proposal_id=p.id, version_number=1, added_at=now) for p in proposals
            )
        tasks = [
            Assignment(
                round_id=juror.round_id,
                juror_id=juror.id,
                proposal_id=proposal.id,
                status=AssignmentStatus.SUBMITTED,
                assigned_at=now,
            )
            for proposal in proposals
        ]
        session.add_all(tasks)
        session.flush()
        reviews = [Review(assignment_id=task.id, saved_at=now, submitted_at=now, version_seen=1) for task in tasks]
        session.add_all(reviews)
        session.flush()
        session.add_all(
            ReviewScore(review_id=review.id, criterion=key, score=place % 6)
            for place, review in enumerate(reviews)
            for key in ("benefit", "feasible")
        )
        session.add_all(
            Verdict(
                proposal_id=proposal.id,
                outcome=Outcome.NOT_SELECTED,
                reason="Not now.",
                decided_by_id=None,
                decided_at=now,
            )
            for proposal in proposals
        )
    make_tally(call, "crowd", {proposal: proposal.number or 0 for proposal in proposals})
    return call
