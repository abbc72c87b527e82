"""The page of a round: who stands, who decides, how it is counted, and what the count said once it may be known."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, url_for
from sqlalchemy import or_
from werkzeug.wrappers import Response

from crowd.calls.gates import call_gate
from crowd.calls.models import Call
from crowd.core.actor import MANAGERS, STAFF
from crowd.core.errors import InvalidInput
from crowd.core.permissions import Permission, Permitted, judge
from crowd.core.rules import FieldKind, ResultsPublicity, RoundKind
from crowd.core.shuffle import Shuffle, seed_for, shuffled
from crowd.proposals.models import Proposal
from crowd.proposals.queries import leaves_tombstone, visible_to
from crowd.rounds.actions import add_candidate, ensure_opened
from crowd.rounds.gates import find_round, round_facts, rounds_of
from crowd.rounds.models import CallRound
from crowd.rounds.queries import Entry, count_candidates, entries_of, get_proposal, waiting_for, without_names
from crowd.store.db import db, transaction, utc_now
from crowd.voting.actions import ensure_counted
from crowd.voting.actions.exposure import FIRST, exposure_of
from crowd.voting.forms import AddCandidateForm
from crowd.voting.queries import Participation, StoredTally, latest_tally, participation
from crowd.voting.views.blueprint import rounds_bp
from crowd.voting.views.count import CountPage, count_page, duel_rows
from crowd.voting.views.words import ELECTORATE_WORDS, how_counted, how_to_vote, state_of, when_known, who_stands
from crowd.web.access import Found, current_actor
from crowd.web.errors import sentence
from crowd.web.forms import fill_errors
from crowd.web.sheets import csv_response
from crowd.web.text import _
from crowd.web.viewer import reader_seed


@dataclass(frozen=True)
class Standing:
    """One candidate on the page; `votes`, `total`, `rank` only where they may be known."""

    entry: Entry
    votes: int | None = None
    total: str | None = None
    rank: int | None = None


@dataclass(frozen=True)
class RoundPage:
    call: Found[Call]
    round: Found[CallRound]
    state: str
    standings: list[Standing]
    unlisted: int
    tally: StoredTally | None
    part: Participation | None
    waiting: list[Proposal]
    count: CountPage | None
    exposure: str | None = None

    @property
    def confirm_url(self) -> str | None:
        """Where a manager confirms the list of a later round."""
        facts = self.round.facts
        wanted = facts.round.field.kind is not FieldKind.ALL and self.round.row.confirmed_at is None
        known = "selection.field" in current_app.view_functions
        return (
            url_for("selection.field", public_id=self.call.row.public_id, key=self.round.row.key)
            if wanted and known
            else None
        )


@rounds_bp.get("/calls/<public_id>/rounds/<key>")
@call_gate.requires()
def show(found: Found[Call], key: str) -> str:
    return _render(_page_of(found, key))


@rounds_bp.get("/calls/<public_id>/rounds/<key>/duels.csv")
@call_gate.requires()
def duels_csv(found: Found[Call], key: str) -> Response:
    """On how many ballots the candidate of the row stands before that of the column, for all of them, for whom the page shows figures."""
    page = _page_of(found, key)
    duels = duel_rows(page.round, page.tally, [standing.entry for standing in page.standings])
    if duels is None or not _shows_figures(found):
        abort(404)
    return csv_response(f"duels-{found.row.public_id}-{key}.csv", *duels)


@rounds_bp.post("/calls/<public_id>/rounds/<key>/candidates/<proposal>")
@call_gate.requires(Permission.CALL_MANAGE)
def add(found: Found[Call], key: str, proposal: str) -> Any:
    """Put a late proposal on the list, on the record."""
    page, form = _page_of(found, key), _form_for(proposal)
    late = get_proposal(db.session(), found.row.id, proposal)
    if late is None:
        abort(404)
    if not form.validate():
        return _render(page, form), 422
    try:
        with transaction(page.round.row, late) as session:
            reason = form.reason.data or ""
            add_candidate(session, page.round.row, late, reason=reason, actor=current_actor(), now=utc_now())
    except InvalidInput as error:
        fill_errors(form, error)
        return _render(_page_of(call_gate.load(found.row.public_id), key), form), error.status
    flash(_("“%(title)s” is on the list now. Voters are told.", title=late.title), "success")
    return redirect(url_for("rounds.show", public_id=found.row.public_id, key=key), 303)


def _page_of(found: Found[Call], key: str) -> RoundPage:
    session, now, actor = db.session(), utc_now(), current_actor()
    round_ = find_round(session, found, key)
    if round_ is None or not judge(actor, Permission.ROUND_VIEW, round_.facts, now):
        abort(404)
    round_ = ensure_counted(ensure_opened(round_, now), now)
    listed = entries_of(session, round_.row.id, or_(visible_to(actor, now), leaves_tombstone(actor, now)))
    entries = without_names(session, listed, found.row.id, actor)
    known = _may_know(round_, now)
    tally = latest_tally(session, round_.row.id) if known and round_.row.counted_at is not None else None
    staffs = actor.roles.get(found.facts.organization.id) in STAFF
    return RoundPage(
        call=found,
        round=round_,
        state=state_of(round_.facts, now, counted=round_.row.counted_at is not None),
        standings=_standings(entries, found, tally, _shows_figures(found)),
        unlisted=count_candidates(session, round_.row.id) - len(entries),
        tally=tally,
        part=participation(session, round_.row, round_.facts) if known and _has_figures(round_) else None,
        waiting=list(waiting_for(session, round_.row)) if staffs and round_.facts.opened else [],
        count=count_page(found, round_, tally, entries, shows=_shows_figures(found)),
        exposure=_exposure(round_.row.id, entries) if tally else None,
    )


def _exposure(round_id: int, entries: list[Entry]) -> str | None:
    """Whether everybody had the same chance to be seen: how often each stood among the first of an opened ballot."""
    shown = exposure_of(db.session(), round_id)
    numbers = [shown.get(entry.proposal.id, 0) for entry in entries if not entry.struck]
    if not shown or not numbers:
        return None
    return _(
        "Among the first %(first)d of an opened ballot, the least shown candidate stood %(least)s times, the most shown %(most)s times; the mean is %(mean)s.",
        first=FIRST,
        least=min(numbers),
        most=max(numbers),
        mean=round(sum(numbers) / len(numbers)),
    )


def _may_know(round_: Found[CallRound], now: datetime) -> bool:
    asked = judge(current_actor(), Permission.ROUND_COUNTS, round_.facts, now)
    return round_.row.kind is RoundKind.VOTE and isinstance(asked, Permitted)


def _has_figures(round_: Found[CallRound]) -> bool:
    """There is a count, or the snapshot of an open one."""
    return round_.row.counted_at is not None or (round_.facts.opened and not round_.facts.round.hides_counts)


def _shows_figures(found: Found[Call]) -> bool:
    """Figures of single candidates are for everybody where results keep nothing back, else for managers."""
    manages = current_actor().roles.get(found.facts.organization.id) in MANAGERS
    return manages or found.facts.rules.results_publicity is ResultsPublicity.EVERYTHING


def _standings(entries: list[Entry], found: Found[Call], tally: StoredTally | None, shows: bool) -> list[Standing]:  # noqa: FBT001
    """By the count where it may be known, else in the reader's own order."""
    if tally is None or not shows:
        shuffle = Shuffle.of(seed_for(reader_seed(), found.row.public_id))
        mine = shuffled(entries, shuffle, lambda entry: int(getattr(entry.proposal, shuffle.column)))
        return [Standing(entry) for entry in mine]
    votes, totals, ranks = tally.tally.votes, tally.tally.totals, tally.tally.ranks
    counted = [
        Standing(
            entry, votes.get(entry.key), str(totals[entry.key]) if entry.key in totals else None, ranks.get(entry.key)
        )
        for entry in entries
    ]
    return sorted(counted, key=lambda standing: (standing.rank is None, standing.rank or 0))


def _form_for(proposal: str) -> AddCandidateForm:
    """Each proposal that waits has a form of its own on the page."""
    return AddCandidateForm(prefix=proposal)


def _render(page: RoundPage, failed: AddCandidateForm | None = None) -> str:
    """`failed`: the form that came back."""
    round_ = page.round.facts.round
    rows = rounds_of(db.session(), page.call.row.id)
    others = [Found(row, round_facts(row, page.call.facts)) for row in rows]
    return render_template(
        "rounds/show.html",
        page=page,
        forms={waiting.public_id: _form_for(waiting.public_id) for waiting in page.waiting},
        failed=failed,
        others=others,
        who_votes=ELECTORATE_WORDS[round_.electorate],
        how=how_to_vote(round_) if round_.kind is RoundKind.VOTE else None,
        counted=how_counted(round_),
        known=when_known(round_) if round_.kind is RoundKind.VOTE else None,
        stands=who_stands(round_),
        why_hidden=sentence("counts_shown"),
    )
