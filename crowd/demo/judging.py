"""A review round: jurors invited, accepted, with conflicts declared, assigned, and at work."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crowd.core.rules import Criterion, Round, RoundKind, Stage
from crowd.core.status import AssignmentStatus, StageKind
from crowd.demo.chance import between, chance, pick
from crowd.demo.house import House
from crowd.demo.opening import Entry, Production
from crowd.demo.voting import opened_round
from crowd.demo.words import COOL, FAIR, METHOD_GOOD, METHOD_WEAK, PANEL, WARM
from crowd.reviews.actions import accept_invitation, assign, declare_conflicts, invite_juror, save_review
from crowd.reviews.commands import AcceptInvitation, CriterionAnswer, InviteJuror, WriteReview
from crowd.reviews.models import Assignment, Juror
from crowd.rounds.models import CallRound

SILENT = "matheus"
"""Invited to a jury, has not answered yet."""
OPEN_AT_LEAST = 2
"""Reviews that a juror still has to write while the round is open."""


@dataclass
class Jury:
    row: CallRound
    rules: Round
    stage: Stage
    jurors: dict[str, Juror]


def judge_all(house: House, show: Production) -> None:
    stage = show.begun(StageKind.REVIEW, house.now)
    rules = next((each for each in show.rules.rounds if each.kind is RoundKind.REVIEW), None)
    if stage is None or rules is None:
        return
    row = opened_round(house, show, rules, stage)
    jury = Jury(row, rules, stage, {})
    for place, each in enumerate(show.plan.jurors):
        jury.jurors[each.key] = _invite(house, show, jury, each.key, chair=each.chair, place=place)
    for key, juror in jury.jurors.items():
        if key != SILENT:
            _accept(house, show, jury, key, juror)
    _assign(house, show, jury)
    _work(house, show, jury)


def _invite(house: House, show: Production, jury: Jury, key: str, *, chair: bool, place: int) -> Juror:
    account, at = house.accounts[key], jury.stage.opens_at + timedelta(minutes=10 + place)
    juror = invite_juror(
        house.session,
        jury.row,
        InviteJuror(account.name, account.email, is_chair=chair),
        secret=house.secret_key,
        actor=house.actor(show.plan.manager),
        now=at,
    )
    house.session.flush()
    return juror


def _accept(house: House, show: Production, jury: Jury, key: str, juror: Juror) -> None:
    account = house.accounts[key]
    at = jury.stage.opens_at + timedelta(hours=between(2, 22, "accept", key, show.plan.key))
    command = AcceptInvitation(account.name, account.language, account.time_zone)
    accept_invitation(house.session, juror, command, account=account, proven=True, now=at)
    house.session.flush()
    conflicts = {entry.proposal.id: why for entry in show.entries for who, why in [_recusal(entry)] if who == key}
    declare_conflicts(house.session, juror, conflicts, actor=house.actor(key), now=at + timedelta(minutes=6))
    house.session.flush()


def _recusal(entry: Entry) -> tuple[str, str]:
    who, _, why = entry.written.headers.get("recuse", "").partition(" ")
    return who, why


def _assign(house: House, show: Production, jury: Jury) -> None:
    """One juror more than the rules ask for each proposal, in turn, never one with a conflict."""
    at, turn = jury.stage.opens_at + timedelta(days=1), 0
    keys = [key for key in jury.jurors if key != SILENT]
    for entry in show.entries:
        if not entry.proposal.in_round:
            continue
        able = [key for key in keys[turn:] + keys[:turn] if key != _recusal(entry)[0]]
        chosen = [jury.jurors[key] for key in able[: jury.rules.min_reviews + 1]]
        assign(house.session, jury.row, chosen, [entry.proposal], actor=house.actor(show.plan.manager), now=at)
        house.session.flush()
        turn, at = (turn + 2) % len(keys), at + timedelta(minutes=1)


def _work(house: House, show: Production, jury: Jury) -> None:
    """All reviews of a round that is over; of an open one about half, and a draft on each desk."""
    entries = {entry.proposal.id: entry for entry in show.entries}
    over = jury.stage.closes_at is not None and jury.stage.closes_at <= house.now
    since = jury.stage.opens_at + timedelta(days=2)
    until = (jury.stage.closes_at or house.now) if over else house.now - timedelta(hours=2)
    for key, juror in jury.jurors.items():
        work = _desk(house, juror)
        done = len(work) if over else max(1, min(len(work) - OPEN_AT_LEAST, round(len(work) * between(0.3, 0.7, key))))
        for place, assignment in enumerate(work[: done if over else done + 1]):
            at = since + (until - since) * ((place + 1) / (len(work) + 1))
            command = _review(jury.rules, entries[assignment.proposal_id], key, whole=place < done)
            save_review(house.session, assignment, command, submit=place < done, actor=house.actor(key), now=at)
            house.session.flush()


def _desk(house: House, row: Juror) -> list[Assignment]:
    juror = joinedload(Assignment.juror)
    return list(
        house.session.scalars(
            select(Assignment)
            .where(Assignment.juror_id == row.id, Assignment.status == AssignmentStatus.ASSIGNED)
            .order_by(Assignment.id)
            .options(joinedload(Assignment.proposal), juror.joinedload(Juror.round), juror.joinedload(Juror.account))
        )
    )


def _review(rules: Round, entry: Entry, key: str, *, whole: bool) -> WriteReview:
    """A draft has its first criterion scored and a word to the panel."""
    criteria = rules.criteria if whole else rules.criteria[:1]
    answers = {each.key: _answer(each, entry, key) for each in criteria}
    panel = (
        pick(PANEL, "panel", key, entry.written.title)
        if not whole or chance("says", key, entry.written.title) < 0.6
        else ""
    )
    return WriteReview(answers, panel, _to_authors(entry, key) if whole else "")


def _answer(criterion: Criterion, entry: Entry, key: str) -> CriterionAnswer:
    top = len(criterion.levels) - 1
    liking = entry.written.pull[1] / 10 * top + between(-0.9, 0.9, criterion.key, key, entry.written.title)
    score = max(0, min(top, round(liking)))
    comment = ""
    if criterion.comment_required:
        comment = pick(METHOD_GOOD if score >= 3 else METHOD_WEAK, "method", key, entry.written.title)
    return CriterionAnswer(score, comment, to_authors=bool(comment) and score >= 3)


def _to_authors(entry: Entry, key: str) -> str:
    """What the file says for this proposal first; else a word that fits how the jury likes it."""
    notes = entry.written.notes
    if notes and chance("note", key, entry.written.title) < 0.5:
        return pick(notes, "which", key, entry.written.title)
    liking = entry.written.pull[1]
    words = WARM if liking >= 8 else FAIR if liking >= 5 else COOL
    return pick(words, "authors", key, entry.written.title)
