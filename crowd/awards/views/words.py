"""Amounts and states in the reader's language."""

from collections.abc import Sequence
from decimal import Decimal

from flask_babel import format_currency

from crowd.awards.forms import STATES
from crowd.awards.models import Award
from crowd.awards.queries import public_awards
from crowd.awards.views.blueprint import bp
from crowd.core.awards import PartState, amount_text
from crowd.store.db import db


@bp.app_template_filter()
def minor_money(amount: int, currency: str) -> str:
    """Minor units as people write them: 120050 EUR → "€1,200.50"."""
    return str(format_currency(Decimal(amount_text(amount, currency)), currency))


@bp.app_template_filter()
def part_state(state: PartState) -> str:
    return str(STATES[state])


@bp.app_template_global()
def shown_awards(proposal_id: int) -> Sequence[Award]:
    """Prizes of a proposal that everybody may read of, for whoever sees the proposal."""
    return public_awards(db.session(), proposal_id)
