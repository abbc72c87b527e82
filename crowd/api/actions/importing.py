"""An election that was held elsewhere becomes a published call at stage results: projects, costs, ballots, one stored count."""

import hashlib
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crowd.api.actions.election_ballots import BallotForm, Ballots, ballot_text, beyond_allowance
from crowd.api.actions.election_outcomes import disagreements, rounded, store_outcomes, totals_of, whole
from crowd.api.actions.election_rules import ROUND, rules_of_election
from crowd.api.commands import ElectionWords
from crowd.calls.actions import freeze
from crowd.calls.models import Call, CallStage
from crowd.core.events import EventKind
from crowd.core.pabulib import Election, Project
from crowd.core.receipt import sha256_of
from crowd.core.status import ProposalStatus
from crowd.organizations.models import Organization
from crowd.proposals.models import Proposal, ProposalTag, ProposalVersion
from crowd.rounds.actions import make_rounds
from crowd.rounds.models import CallRound, Candidate
from crowd.store.db import insert_many, measure_tables
from crowd.store.events import record
from crowd.store.search import index_text
from crowd.store.types import new_public_id, new_public_ids
from crowd.voting.actions import count_round
from crowd.voting.models import Ballot, Voter
from crowd.voting.queries import latest_tally

LONGEST_NAME = 300
LONGEST_ID = 300
LONGEST_VOTER = 64
LONGEST_TAG = 40
MOST_TAGS = 5
LARGEST_COST = 2**31 - 1
BATCH = 5000

Step = Callable[[int], None]


class ImportRefused(ValueError):
    """A file that can be read but not kept; one sentence in words."""


@dataclass(frozen=True)
class Imported:
    """`remarks`: what was mended or does not agree, one line each."""

    call: str
    proposals: int
    ballots: int
    remarks: tuple[str, ...] = ()


def import_election(
    session: Session,
    election: Election,
    ballots: Ballots,
    words: ElectionWords,
    *,
    organization: Organization,
    now: datetime,
    step: Step = lambda _done: None,
) -> Imported:
    """Everything or, by the transaction around it, nothing. `step(n)` is told how many ballots were stored meanwhile.

    Raises ImportRefused for a project or budget that does not fit.
    """
    _check(election)
    call = _call(session, election, ballots.form, words, organization, now)
    proposals = _proposals(session, call, election, now)
    row = _round(session, call, proposals.values(), now)
    session.flush()
    _ballots(session, row, {key: proposal.public_id for key, proposal in proposals.items()}, ballots, now, step)
    count_round(session, row, now)
    session.flush()
    remarks = (*beyond_allowance(election, ballots), *_count(session, election, row, proposals, ballots.form))
    return Imported(call.public_id, len(proposals), len(ballots.votes), (*remarks, *rounded(election)))


def _count(
    session: Session, election: Election, row: CallRound, proposals: Mapping[str, Proposal], form: BallotForm
) -> list[str]:
    """Outcomes from the stored count. Returns where the file says otherwise."""
    stored = latest_tally(session, row.id)
    if stored is None:
        return []
    store_outcomes(session, election, proposals, form, totals_of(stored.tally, proposals, form))
    return list(disagreements(election, proposals, form, stored.tally))


def _check(election: Election) -> None:
    for project in election.projects:
        if len(project.id) > LONGEST_ID:
            raise ImportRefused(f"the project id {project.id[:40]}… is longer than {LONGEST_ID} characters")
        if project.cost > LARGEST_COST:
            raise ImportRefused(f"the project {project.id} costs more than {LARGEST_COST:,}, which cannot be kept")
    if election.budget >= 2**53:
        raise ImportRefused("the budget is larger than can be kept exactly")


def _call(
    session: Session,
    election: Election,
    form: BallotForm,
    words: ElectionWords,
    organization: Organization,
    now: datetime,
) -> Call:
    call = Call(
        organization_id=organization.id,
        created_at=now,
        edited_at=now,
        imported_from=words.source[:LONGEST_NAME],
        results_published_at=now,
        proposals_count=len(election.projects),
        last_number=len(election.projects),
        version=0,
    )
    session.add(call)
    rules = rules_of_election(election, form, words, now)
    freeze(session, call, rules, published_by=None, now=now)
    make_rounds(session, call.id, rules)
    session.flush()
    session.execute(update(CallStage).where(CallStage.call_id == call.id).values(announced_at=now))
    record(
        session,
        EventKind.CALL_PUBLISHED,
        now=now,
        organization_id=organization.id,
        call_id=call.id,
        rules_sha256=call.rules_sha256,
        imported=True,
    )
    return call


def _proposals(session: Session, call: Call, election: Election, now: datetime) -> dict[str, Proposal]:
    """Project id → its proposal, in the order of the file."""
    language = election.meta.get("language", "en")[:8]
    made = {
        project.id: _proposal(call, project, number, language, now)
        for number, project in enumerate(election.projects, start=1)
    }
    session.add_all(made.values())
    session.flush()
    for project in election.projects:
        _beside(session, made[project.id], project, now)
    return made


def _proposal(call: Call, project: Project, number: int, language: str, now: datetime) -> Proposal:
    return Proposal(
        public_id=new_public_id(),
        call_id=call.id,
        number=number,
        external_id=project.id,
        status=ProposalStatus.ELIGIBLE,
        title=shortened(project.name, LONGEST_NAME),
        summary=", ".join(project.category),
        body="\n".join(f"- {name.replace('_', ' ')}: {value}" for name, value in project.extra.items() if value),
        cost=whole(project.cost),
        language=language,
        in_round=True,
        created_at=now,
        edited_at=now,
        submitted_at=now,
        **{f"shuffle_{n}": secrets.randbits(62) for n in range(1, 9)},
    )


def _beside(session: Session, proposal: Proposal, project: Project, now: datetime) -> None:
    """The version that was voted on, the tags, the words it is found by."""
    session.add(
        ProposalVersion(
            proposal_id=proposal.id,
            number=1,
            at=now,
            title=proposal.title,
            summary=proposal.summary,
            body=proposal.body,
            cost=proposal.cost,
        )
    )
    tags = dict.fromkeys(category[:LONGEST_TAG] for category in project.category)
    session.add_all(ProposalTag(proposal_id=proposal.id, tag=tag) for tag in islice(tags, MOST_TAGS))
    text = f"{proposal.summary}\n{proposal.body}"
    index_text(session, "proposal", proposal.id, proposal.title, text, within=proposal.call_id)


def shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _round(session: Session, call: Call, proposals: Iterable[Proposal], now: datetime) -> CallRound:
    """The vote with its list. No event says it opens: nobody is asked to vote."""
    row = session.scalars(select(CallRound).where(CallRound.call_id == call.id, CallRound.key == ROUND)).one()
    listed = list(proposals)
    session.add_all(Candidate(round_id=row.id, proposal_id=p.id, version_number=1, added_at=now) for p in listed)
    row.candidates_sha256 = sha256_of(sorted(proposal.public_id for proposal in listed))
    row.opened_at = now
    return row


def _ballots(
    session: Session, row: CallRound, keys: Mapping[str, str], cast: Ballots, now: datetime, step: Step
) -> None:
    """The roll and the ballots, in batches; nothing says which ballot is whose."""
    roll = (Voter.round_id, Voter.voter_ref, Voter.cast_at)
    columns = (Ballot.round_id, Ballot.key, Ballot.choices, Ballot.acts)
    for start in range(0, len(cast.votes), BATCH):
        batch = cast.votes[start : start + BATCH]
        insert_many(session, roll, ((row.id, voter_ref(vote.voter), now) for vote in batch))
        chosen = zip(new_public_ids(len(batch)), (ballot_text(vote, cast.form, keys) for vote in batch), strict=True)
        insert_many(session, columns, ((row.id, key, text, 1) for key, text in sorted(chosen)))
        step(len(batch))
    measure_tables(session, Voter, Ballot)


def voter_ref(voter: str) -> str:
    """The file's own opaque id; one too long for the roll by its hash."""
    return voter if len(voter) <= LONGEST_VOTER else hashlib.sha256(voter.encode()).hexdigest()
