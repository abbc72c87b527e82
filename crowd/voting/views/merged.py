"""Candidates that were merged while somebody's ballot lay open: what was given to one is carried to the other, and said."""

from collections.abc import Mapping

from flask import flash

from crowd.core.tally.drafting import Draft
from crowd.core.tally.moving import followed
from crowd.voting.views.booth import Booth
from crowd.web.text import _


def draft_of(booth: Booth, draft: Draft) -> Draft:
    """The draft with what was merged since in the place where it stands now; the person is told."""
    choices, met = followed(draft.choices, booth.round, booth.merges)
    for one, other in _titles(booth, met):
        flash(
            _(
                "“%(one)s” was merged into “%(other)s” while your ballot lay open. What you gave it stands with “%(other)s” now: look it over.",
                one=one,
                other=other,
            ),
            "warning",
        )
    return Draft(choices) if met else draft


def tell_cast(booth: Booth, met: Mapping[str, str]) -> None:
    """Of a ballot that was cast so."""
    for one, other in _titles(booth, met):
        flash(
            _(
                "“%(one)s” was merged into “%(other)s” while your ballot lay open, so your vote counts for “%(other)s”. You can change it until the vote closes.",
                one=one,
                other=other,
            ),
            "warning",
        )


def _titles(booth: Booth, met: Mapping[str, str]) -> list[tuple[str, str]]:
    titles = {entry.key: entry.title or f"#{entry.proposal.number}" for entry in booth.entries}
    return [(titles.get(source, ""), titles.get(target, "")) for source, target in met.items()]
