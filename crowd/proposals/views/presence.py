"""Who else writes here: said when a page is opened and each time it saves."""

from typing import Any

from crowd.core.subjects import ProposalFacts
from crowd.proposals.actions import note_presence
from crowd.proposals.models import Proposal
from crowd.proposals.queries import Present, others_present
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, current_actor
from crowd.web.text import _
from crowd.web.times import relative


def enter(found: Found[Proposal], *, opened: bool = True) -> list[Present]:
    """Note that this person has the proposal open; returns the others. Its only author leaves no trace."""
    facts: ProposalFacts = found.facts
    account_id, now = current_actor().account_id, utc_now()
    if account_id is None or facts.team_ids == {account_id}:
        return []
    with transaction() as session:
        note_presence(session, found.row.id, account_id, opened=opened, now=now)
    return others_present(db.session(), found.row.id, account_id, now)


def presence_words(others: list[Present]) -> list[str]:
    now = utc_now()
    return [_("%(name)s opened this %(when)s.", name=one.name, when=relative(one.opened_at, now)) for one in others]


def presence_data(found: Found[Proposal]) -> dict[str, Any]:
    return {"others": presence_words(enter(found, opened=False))}
