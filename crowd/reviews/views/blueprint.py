"""The blueprint of the jury's pages, and what its modules share."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from flask import Blueprint, abort, current_app, request, url_for
from flask_babel import format_decimal
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crowd.core.actor import STAFF
from crowd.core.exact import rounded
from crowd.core.rules import RoundKind
from crowd.core.status import JurorStatus
from crowd.core.subjects import RoundFacts
from crowd.proposals.models import Proposal
from crowd.proposals.queries import cover, redactions_of
from crowd.reviews.gates import round_gate
from crowd.reviews.models import Juror
from crowd.reviews.queries import Recusals, jurors_named, recusals_of_round
from crowd.rounds.models import CallRound
from crowd.store.db import db
from crowd.web.access import Found, current_actor
from crowd.web.text import ngettext

bp = Blueprint("reviews", __name__)


def secret() -> str:
    """What the jurors' links follow from."""
    key: str = current_app.extensions["settings"].secret_key
    return key


def round_url(endpoint: str, row: CallRound, **more: Any) -> str:
    return url_for(endpoint, public_id=row.call.public_id, round=row.key, **more)


def kept_back(found: Found[CallRound]) -> frozenset[int]:
    """Proposals that a conflict on record keeps from whoever looks: a chair sees them nowhere. The organization's own people keep
    their lists, in which stakes close the numbers and the acts.
    """
    actor = current_actor()
    staff = actor.roles.get(found.facts.call.organization.id) in STAFF
    return frozenset() if staff else actor.recused_from


def show_without_names(found: Found[CallRound], proposals: Sequence[Proposal]) -> None:
    """For whoever may not know the authors: the stored texts without names in place of the authors' own."""
    if found.row.call_id in current_actor().blind_in:
        covered = redactions_of(db.session(), [proposal.id for proposal in proposals])
        for proposal in proposals:
            if proposal.id in covered:
                cover(proposal, covered[proposal.id])


def found_again() -> Found[CallRound]:
    """The round of this address once more: a refused transaction leaves nothing loaded."""
    return round_gate.load((request.view_args or {})["public_id"])


def juror_or_404(row: CallRound, public_id: str) -> Juror:
    """A juror of this round by public id, whatever their answer; 404 for one who was removed."""
    juror = db.session.scalar(
        select(Juror)
        .where(Juror.round_id == row.id, Juror.public_id == public_id, Juror.status != JurorStatus.REMOVED)
        .options(joinedload(Juror.account))
    )
    if juror is None:
        abort(404)
    return juror


@bp.app_template_global()
def named_jurors(facts: RoundFacts) -> list[str]:
    """The names of a review round's jury, where its rules show them in public; else none."""
    if facts.round.kind is not RoundKind.REVIEW or not facts.round.show_jurors:
        return []
    return [juror.name for juror in jurors_named(db.session(), facts.id)]


@bp.app_template_global()
def recusals_of(facts: RoundFacts) -> str:
    """The public line of a review round in which somebody recused, else nothing."""
    if facts.round.kind is not RoundKind.REVIEW or not facts.opened:
        return ""
    recusals = recusals_of_round(db.session(), facts.id)
    return recusals_sentence(recusals) if recusals.recused else ""


@bp.app_template_filter("hundredths")
def hundredths(value: Fraction | float | None) -> str:
    """An exact number for the eye, in the reader's language; a dash for none."""
    return "–" if value is None else str(format_decimal(Decimal(rounded(Fraction(value))), "#,##0.00"))


@bp.app_template_global()
def recusals_sentence(recusals: Recusals) -> str:
    """As in "2 of 7 reviewers recused on 3 proposals." Numbers only: who it was stays with the chair."""
    reviewers = ngettext(
        "%(recused)s of %(num)d reviewer",
        "%(recused)s of %(num)d reviewers",
        recusals.reviewers,
        recused=recusals.recused,
    )
    return ngettext(
        "%(reviewers)s recused on %(num)d proposal.",
        "%(reviewers)s recused on %(num)d proposals.",
        recusals.proposals,
        reviewers=reviewers,
    )
