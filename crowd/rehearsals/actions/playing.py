"""What the synthetic people do, always through the real actions: so a rehearsal proves the real rules."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from crowd.accounts.models import Account
from crowd.calls.gates import facts_of_call
from crowd.calls.models import Call
from crowd.core.actor import VISITOR, Actor
from crowd.core.errors import InvalidInput
from crowd.core.fields import AnswerKind, read_answers
from crowd.core.permissions import Permission
from crowd.core.rules import Electorate, Entrants, Round, RoundKind
from crowd.core.status import AssignmentStatus, JurorStatus, Outcome, ProposalStatus
from crowd.core.subjects import CallFacts
from crowd.files.checking import CheckedFile
from crowd.proposals.actions import create_draft, hand_in, screen_proposal
from crowd.proposals.actions.answering import insert_answers
from crowd.proposals.commands import ProposalText, ScreeningDecision
from crowd.proposals.models import Proposal
from crowd.rehearsals.actions.making_up import made_up_answer, made_up_ballot
from crowd.rehearsals.actions.people import actor_for, make_people
from crowd.reviews.actions import assign, save_review
from crowd.reviews.commands import CriterionAnswer, WriteReview
from crowd.reviews.models import Assignment, Juror
from crowd.rounds.gates import facts_of_round
from crowd.rounds.models import CallRound
from crowd.rounds.queries import candidates_of
from crowd.selection.actions.publish import publish_results
from crowd.selection.actions.verdicts import set_verdicts
from crowd.selection.commands import Decide, Publish
from crowd.selection.queries.room import Room, room_of
from crowd.store.secrets import new_token, token_hash
from crowd.store.types import new_public_id
from crowd.voting.actions import cast_ballot
from crowd.voting.actions.electorate import add_electors, find_code, make_codes
from crowd.voting.commands import Acting
from crowd.web.access import require

FileAnswers: TypeAlias = Mapping[str, tuple[CheckedFile, str]]
"""By key of its question a file that is stored, with its place."""
JURORS = 3
REASON = "Rehearsal: chosen by the numbers alone."
EVERY_MEMBER = 5
"""One voter in so many is a member, where the rules weigh members beside the public."""


def fill(session: Session, call: Call, files: Sequence[FileAnswers], *, actor: Actor, now: datetime) -> int:
    """Let as many people hand in a proposal each, with stored files as answers to questions for one; `call` is locked."""
    facts = facts_of_call(session, call.id)
    require(actor, Permission.REHEARSAL_RUN, facts, now)
    rules = facts.rules
    declared = frozenset(range(len(rules.declarations)))
    for account, given in zip(make_people(session, call, len(files), now), files, strict=True):
        person = actor_for(account, call, member=rules.entrants is Entrants.MEMBERS)
        text = _text(facts, call.last_number + 1)
        proposal = create_draft(session, call, facts, text, key=new_public_id(), actor=person, now=now)
        proposal.answers = {**proposal.answers, **insert_answers(session, proposal, given, actor=person, now=now)}
        session.flush()
        hand_in(session, call, proposal, opened=proposal.version, declared=declared, actor=person, now=now)
        session.flush()
    return len(files)


def _text(facts: CallFacts, number: int) -> ProposalText:
    rules = facts.rules
    asked = [field for field in rules.custom_fields if field.kind is not AnswerKind.FILE]
    raw = {field.key: made_up_answer(field) for field in asked}
    answers = {key: answer for key, answer in read_answers(asked, raw).answers.items() if answer}
    return ProposalText(
        f"Rehearsal {number}",
        "A synthetic proposal.",
        f"Number {number} of a rehearsal. " + "It only shows how the rules work. " * (number % 5 + 1),
        1_000 * (number % 9 + 1) if rules.asks_cost else None,
        rules.language if rules.language in {"en", "es"} else "en",
        (),
        answers,
    )


def screen(session: Session, call: Call, *, actor: Actor, now: datetime) -> int:
    """Find everything eligible that waits for screening."""
    require(actor, Permission.REHEARSAL_RUN, facts_of_call(session, call.id), now)
    waiting = session.scalars(
        select(Proposal).where(Proposal.call_id == call.id, Proposal.status == ProposalStatus.SUBMITTED)
    ).all()
    for proposal in waiting:
        eligible = ScreeningDecision(ProposalStatus.ELIGIBLE, "", "", None)
        screen_proposal(session, proposal, eligible, opened=proposal.version, actor=actor, now=now)
        session.flush()
    return len(waiting)


def _open_round(session: Session, call: Call, kind: RoundKind, now: datetime) -> tuple[CallRound, Round]:
    """The open round of this kind. Raises InvalidInput `rehearsal_no_round`."""
    rows = session.scalars(select(CallRound).where(CallRound.call_id == call.id, CallRound.kind == kind)).all()
    for row in rows:
        facts = facts_of_round(session, row)
        if facts.is_open(now) and row.opened_at is not None:
            return row, facts.round
    raise InvalidInput("rehearsal_no_round")


def vote(session: Session, call: Call, count: int, *, actor: Actor, now: datetime) -> int:
    """Let `count` people vote, each for a few; earlier proposals are liked a little more."""
    require(actor, Permission.REHEARSAL_RUN, facts_of_call(session, call.id), now)
    row, rules = _open_round(session, call, RoundKind.VOTE, now)
    proposals = [candidate.proposal for candidate in candidates_of(session, row.id)]
    costs = {proposal.public_id: proposal.cost for proposal in proposals}
    voters = _electors(session, call, row, rules, count, actor, now)
    for place, (person, acting) in enumerate(voters):
        ballot = made_up_ballot(list(costs), place, rules, costs)
        cast_ballot(session, row, ballot, actor=person, clock=lambda: now, acting=acting)
        session.flush()
    return count


def _electors(
    session: Session, call: Call, row: CallRound, rules: Round, count: int, actor: Actor, now: datetime
) -> list[tuple[Actor, Acting]]:
    """As many who may vote as the rules say: with an account, on the list, or with a code."""
    if rules.electorate is Electorate.CODES:
        _batch, codes = make_codes(session, row, count, actor=actor, now=now)
        session.flush()
        found = [find_code(session, row.id, code) for code in codes]
        return [(VISITOR, Acting(code_id=code.id)) for code in found if code is not None]
    people = make_people(session, call, count, now)
    if rules.electorate is Electorate.INVITED:
        add_electors(session, row, [person.email for person in people], actor=actor, now=now)
        session.flush()
    members = rules.electorate is Electorate.MEMBERS
    every = 1 if members else EVERY_MEMBER if rules.member_percent is not None else 0
    return [
        (actor_for(person, call, member=every > 0 and place % every == 0), Acting())
        for place, person in enumerate(people)
    ]


def review(session: Session, call: Call, *, actor: Actor, now: datetime) -> int:
    """Seat a synthetic jury, assign everything to everybody, let it judge. Returns the number of reviews."""
    require(actor, Permission.REHEARSAL_RUN, facts_of_call(session, call.id), now)
    row, rules = _open_round(session, call, RoundKind.REVIEW, now)
    people = make_people(session, call, max(JURORS, rules.min_reviews), now)
    jurors = [_juror(row.id, account.id, account.email, account.name, actor, now) for account in people]
    session.add_all(jurors)
    session.flush()
    proposals = [candidate.proposal for candidate in candidates_of(session, row.id)]
    assign(session, row, _seated(session, row.id, people), proposals, actor=actor, now=now)
    session.flush()
    actors = {juror.id: actor_for(account, call, member=False) for juror, account in zip(jurors, people, strict=True)}
    desk = _desk(session, [juror.id for juror in jurors])
    for place, assignment in enumerate(desk):
        save_review(session, assignment, _write(rules, place), submit=True, actor=actors[assignment.juror_id], now=now)
        session.flush()
    return len(desk)


def _juror(round_id: int, account_id: int, email: str, name: str, actor: Actor, now: datetime) -> Juror:
    return Juror(
        round_id=round_id,
        account_id=account_id,
        email=email,
        email_folded=email,
        name=name,
        status=JurorStatus.ACCEPTED,
        token_hash=token_hash(new_token()),
        copied_hash=token_hash(new_token()),
        invited_by_id=actor.account_id,
        invited_at=now,
        answered_at=now,
        terms_accepted_at=now,
        conflicts_declared_at=now,
    )


def _seated(session: Session, round_id: int, people: Sequence[Account]) -> Sequence[Juror]:
    seats = select(Juror).where(Juror.round_id == round_id, Juror.account_id.in_([person.id for person in people]))
    loaded = seats.options(joinedload(Juror.account), joinedload(Juror.round))
    return session.scalars(loaded.execution_options(populate_existing=True)).all()


def _desk(session: Session, juror_ids: Sequence[int]) -> Sequence[Assignment]:
    juror = joinedload(Assignment.juror)
    return session.scalars(
        select(Assignment)
        .where(Assignment.juror_id.in_(juror_ids), Assignment.status == AssignmentStatus.ASSIGNED)
        .order_by(Assignment.id)
        .options(joinedload(Assignment.proposal), juror.joinedload(Juror.round), juror.joinedload(Juror.account))
    ).all()


def _write(rules: Round, place: int) -> WriteReview:
    answers = {
        criterion.key: CriterionAnswer(
            (place * 3 + number) % len(criterion.levels), "Rehearsal." if criterion.comment_required else ""
        )
        for number, criterion in enumerate(rules.criteria)
    }
    return WriteReview(answers, "", "")


def decide(session: Session, call: Call, *, actor: Actor, now: datetime) -> None:
    """Follow the numbers with a reason for each, and publish; `call` is locked."""
    facts = facts_of_call(session, call.id)
    require(actor, Permission.REHEARSAL_RUN, facts, now)
    require(actor, Permission.SELECTION_PUBLISH, facts, now)
    screen(session, call, actor=actor, now=now)
    room = room_of(session, facts)
    set_verdicts(session, call, _verdicts(room), actor=actor, now=now)
    session.flush()
    room = room_of(session, facts_of_call(session, call.id))
    ready = room.readiness(actor)
    asked, lacking = REASON if ready.asks_justification else "", REASON if ready.incomplete else ""
    publish_results(session, call, Publish(room.fingerprint, asked, lacking), actor=actor, now=now)
    session.flush()


def _verdicts(room: Room) -> dict[str, Decide]:
    """Those the numbers propose; without numbers the first ones."""
    open_rows = [row for row in room.rows if row.verdict is None and not row.told]
    chosen = set(room.numbers.cut.proposed)
    if not chosen:
        chosen = {row.proposal.public_id for row in open_rows[: room.numbers.rules.places or 1]}
    picked = {row.proposal.public_id: row.proposal.public_id in chosen for row in open_rows}
    return {key: Decide(Outcome.SELECTED if won else Outcome.NOT_SELECTED, REASON) for key, won in picked.items()}
