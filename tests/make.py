"""Builders: plain typed functions that put rows into the database, in one transaction each."""

import itertools
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, select

from crowd.accounts.models import Account, BrowserSession
from crowd.calls.models import Call, CallStage
from crowd.core.rules import (
    CallRules,
    Component,
    Criterion,
    Round,
    RoundKind,
    SelectionRules,
    Stage,
    canonical,
    fingerprint,
    to_data,
)
from crowd.core.status import (
    AssignmentStatus,
    CallStatus,
    JurorStatus,
    MemberStatus,
    OrganizationRole,
    OrganizationStatus,
    ProposalStatus,
    StageKind,
)
from crowd.organizations.models import Membership, Organization
from crowd.proposals.models import Proposal, ProposalVersion, Reader, TeamMember
from crowd.reviews.models import Assignment, Juror, Review, ReviewScore
from crowd.rounds.actions import commit_to_secrets, make_rounds, open_due
from crowd.rounds.models import CallRound
from crowd.store.db import db, transaction, utc_now
from crowd.store.secrets import new_token, token_hash

numbers = itertools.count(1)
DEVICE = "d" * 43
"""The cookie of the browser in which everybody in a test is known."""


def make_account(
    name: str = "Ana Prieto", *, email: str | None = None, verified: bool = True, admin: bool = False
) -> Account:
    number = next(numbers)
    email = email or f"person{number}@example.org"
    with transaction() as session:
        account = Account(
            email=email,
            email_folded=email.casefold(),
            name=name,
            unsubscribe_key=f"unsubscribe{number}",
            is_admin=admin,
            created_at=utc_now(),
            verified_at=utc_now() if verified else None,
            accepted_at=utc_now(),
        )
        session.add(account)
    return account


def make_session(account: Account) -> str:
    """The key of a new session, as a browser's cookie holds it."""
    key = new_token()
    with transaction() as session:
        session.add(
            BrowserSession(
                account_id=account.id,
                key_hash=token_hash(key),
                device_hash=token_hash(f"{DEVICE}:{account.public_id}"),
                browser="Firefox",
                system="Linux",
                created_at=utc_now(),
                used_at=utc_now(),
            )
        )
    return key


def make_organization(
    name: str = "City Library", *, status: OrganizationStatus = OrganizationStatus.APPROVED
) -> Organization:
    with transaction() as session:
        organization = Organization(
            slug=f"organization-{next(numbers)}", name=name, status=status, created_at=utc_now(), decided_at=utc_now()
        )
        session.add(organization)
    return organization


def make_member(
    organization: Organization, role: OrganizationRole = OrganizationRole.MANAGER, account: Account | None = None
) -> Account:
    account = account or make_account(f"A {role}")
    with transaction() as session:
        session.add(Membership(organization_id=organization.id, account_id=account.id, role=role, joined_at=utc_now()))
    return account


ORDER = (
    StageKind.SUBMISSION,
    StageKind.SCREENING,
    StageKind.VOTING,
    StageKind.REVIEW,
    StageKind.SELECTION,
    StageKind.RESULTS,
)


def schedule(
    open_stage: StageKind | None = StageKind.SUBMISSION,
    *,
    kinds: Sequence[StageKind] = ORDER,
    now: datetime | None = None,
    length: timedelta = timedelta(days=10),
) -> tuple[Stage, ...]:
    """Stages one after the other such that `open_stage` is half over now; None: all still to come."""
    now = (now or utc_now()).replace(microsecond=0)
    start = now + timedelta(days=1) if open_stage is None else now - length / 2 - length * list(kinds).index(open_stage)
    stages = [Stage(kind.value, kind, start + length * i, start + length * (i + 1)) for i, kind in enumerate(kinds)]
    return (*stages[:-1], replace(stages[-1], closes_at=None))


LEVELS = ("Not at all", "A little", "Partly", "Mostly", "Fully", "More than asked")
VOTE = Round("crowd", RoundKind.VOTE, "voting", "Public vote", max_choices=3, secret=False)
JURY = Round(
    "jury",
    RoundKind.REVIEW,
    "review",
    "Jury",
    criteria=(Criterion("benefit", "Benefit", 60, LEVELS), Criterion("feasible", "Feasibility", 40, LEVELS)),
    min_reviews=1,
)


def make_rules(open_stage: StageKind | None = StageKind.SUBMISSION, **changes: object) -> CallRules:
    """Complete rules of a call with a public vote (40 %) and a jury (60 %)."""
    rules = CallRules(
        title="Ideas for the reading garden",
        lead="What should grow behind the library?",
        body="Tell us what you would **plant or build** and why.",
        tags=("garden", "library"),
        eligibility="Anyone may take part.",
        handed_in="A text of up to two pages.",
        declarations=("This is my own work.", "I accept the licence."),
        prize="2,000 EUR for each of the two best proposals",
        credit="Your name on the sign in the garden",
        licence="CC BY 4.0",
        contact="garden@library.example",
        answer_days=10,
        decides="The public vote and a jury of five decide together.",
        stages=schedule(open_stage),
        rounds=(VOTE, JURY),
        selection=SelectionRules(components=(Component("crowd", 40), Component("jury", 60)), places=2),
    )
    return replace(rules, **changes)  # type: ignore[arg-type]


def make_call(
    organization: Organization | None = None,
    rules: CallRules | None = None,
    *,
    open_stage: StageKind | None = StageKind.SUBMISSION,
    status: CallStatus = CallStatus.PUBLISHED,
) -> Call:
    """A call with `rules` (default: `make_rules(open_stage)`), published unless `status` says otherwise."""
    organization = organization or make_organization()
    now = utc_now()
    frozen = status is not CallStatus.DRAFT
    rules = rules or make_rules(open_stage)
    rules, kept = commit_to_secrets(rules) if frozen else (rules, {})
    submission = next((stage for stage in rules.stages if stage.kind is StageKind.SUBMISSION), None)
    with transaction() as session:
        call = Call(
            organization_id=organization.id,
            status=status,
            draft=to_data(rules),
            rules=canonical(rules).decode() if frozen else None,
            rules_sha256=fingerprint(rules) if frozen else None,
            title=rules.title,
            lead=rules.lead,
            audience=rules.audience,
            publicity=rules.publicity,
            results_publicity=rules.results_publicity,
            submission_closes_at=submission.closes_at if submission else None,
            created_at=now,
            edited_at=now,
            published_at=now if frozen else None,
            paused_at=now if status is CallStatus.PAUSED else None,
        )
        session.add(call)
        session.flush()
        if frozen:
            session.add_all(
                CallStage(
                    call_id=call.id, position=i, key=s.key, kind=s.kind, opens_at=s.opens_at, closes_at=s.closes_at
                )
                for i, s in enumerate(rules.stages)
            )
            make_rounds(session, call.id, rules, kept)
    return call


def make_proposal(
    call: Call,
    author: Account | None = None,
    *,
    title: str = "A bench around the old tree",
    status: ProposalStatus = ProposalStatus.ELIGIBLE,
    cost: int | None = None,
) -> Proposal:
    author = author or make_account("Iris Okafor")
    now = datetime.now(UTC)
    handed_in = status is not ProposalStatus.DRAFT
    with transaction(call) as session:
        if handed_in:
            call.last_number += 1
            call.proposals_count += 1
        proposal = Proposal(
            call_id=call.id,
            number=call.last_number if handed_in else None,
            lead_id=author.id,
            status=ProposalStatus.ELIGIBLE if status is ProposalStatus.MERGED else status,
            title=title,
            summary="A round bench of oak for twelve readers.",
            body="The tree stands alone.\n\nA bench would make it a place to meet.",
            cost=cost,
            created_at=now,
            edited_at=now,
            submitted_at=now if handed_in else None,
            correction_due=now + timedelta(days=3) if status is ProposalStatus.CORRECTION else None,
            **{f"shuffle_{n}": random.getrandbits(62) for n in range(1, 9)},
        )
        session.add(proposal)
        session.flush()
        if status is ProposalStatus.MERGED:  # into itself: a test that cares merges by the page
            proposal.status, proposal.merged_into_id = status, proposal.id
        session.add(
            TeamMember(
                proposal_id=proposal.id,
                account_id=author.id,
                name=author.name,
                email=author.email,
                email_folded=author.email_folded,
                roles=["conceptualization"],
                share=10_000,
                status=MemberStatus.ACCEPTED,
            )
        )
        if handed_in:
            session.add(
                ProposalVersion(
                    proposal_id=proposal.id,
                    number=1,
                    at=now,
                    by_id=author.id,
                    title=title,
                    summary=proposal.summary,
                    body=proposal.body,
                    cost=cost,
                )
            )
    return proposal


def round_row(call: Call, key: str = "crowd") -> CallRound:
    """A round of a call as it stands now."""
    return (
        db.session()
        .scalars(
            select(CallRound)
            .where(CallRound.call_id == call.id, CallRound.key == key)
            .execution_options(populate_existing=True)
        )
        .one()
    )


def open_all(call: Call, key: str = "crowd") -> CallRound:
    """Open a round whose stage has come, as the clock does."""
    row = round_row(call, key)
    with transaction(row) as session:
        open_due(session, row, utc_now())
    return row


def move_stages(call: Call, by: timedelta) -> None:
    """Let time pass: every stage of the call lies earlier by this much (the frozen dates stay as they are)."""
    with transaction() as session:
        for stage in session.scalars(select(CallStage).where(CallStage.call_id == call.id)):
            stage.opens_at -= by
            stage.closes_at = stage.closes_at - by if stage.closes_at else None


def make_juror(
    row: CallRound,
    account: Account | None = None,
    *,
    name: str = "Noor Haddad",
    email: str | None = None,
    status: JurorStatus = JurorStatus.ACCEPTED,
    chair: bool = False,
    declared: bool = True,
) -> Juror:
    """A juror of a round; one who accepted has an account, and has declared conflicts unless `declared` is false."""
    number = next(numbers)
    accepted = status is JurorStatus.ACCEPTED
    account = account or (make_account(name) if accepted else None)
    email = email or (account.email if account else f"juror{number}@example.org")
    with transaction() as session:
        juror = Juror(
            round_id=row.id,
            account_id=account.id if account else None,
            email=email,
            email_folded=email.casefold(),
            name=name,
            is_chair=chair,
            status=status,
            token_hash=f"mailed{number}",
            copied_hash=f"copied{number}",
            invited_at=utc_now(),
            answered_at=utc_now() if accepted else None,
            terms_accepted_at=utc_now() if accepted else None,
            conflicts_declared_at=utc_now() if accepted and declared else None,
        )
        session.add(juror)
    return juror


def make_assignment(
    juror: Juror,
    proposal: Proposal,
    *,
    scores: Mapping[str, int] | None = None,
    panel: str = "",
    authors: str = "",
    status: AssignmentStatus | None = None,
) -> Assignment:
    """One proposal for one juror; with `scores` the review is handed in, unless `status` says otherwise."""
    status = status or (AssignmentStatus.SUBMITTED if scores else AssignmentStatus.ASSIGNED)
    with transaction() as session:
        assignment = Assignment(
            round_id=juror.round_id,
            juror_id=juror.id,
            proposal_id=proposal.id,
            status=status,
            assigned_at=utc_now(),
        )
        session.add(assignment)
        session.flush()
        if juror.account_id and status in {AssignmentStatus.ASSIGNED, AssignmentStatus.SUBMITTED}:
            session.add(Reader(proposal_id=proposal.id, account_id=juror.account_id))
        if scores:
            review = Review(
                assignment_id=assignment.id,
                comment_panel=panel,
                comment_authors=authors,
                saved_at=utc_now(),
                submitted_at=utc_now(),
                version_seen=1,
            )
            session.add(review)
            session.flush()
            session.add_all(
                ReviewScore(review_id=review.id, criterion=key, score=score) for key, score in scores.items()
            )
    return assignment


def make_many_proposals(call: Call, count: int) -> None:
    """Many plain proposals in one statement."""
    now = utc_now()
    rows = [
        {
            "public_id": f"p{call.id:03}x{number:07}",
            "call_id": call.id,
            "number": number + 1,
            "title": f"Proposal {number:03}",
            "status": ProposalStatus.ELIGIBLE,
            "created_at": now,
            "edited_at": now,
            "submitted_at": now - timedelta(minutes=number),
            **{f"shuffle_{n}": random.getrandbits(62) for n in range(1, 9)},
        }
        for number in range(count)
    ]
    with transaction(call) as session:
        if rows:
            session.execute(insert(Proposal), rows)
        call.proposals_count = call.last_number = count
