"""The versions of a proposal, and what changed between any two."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from babel import Locale
from flask import abort, render_template, request
from flask_babel import get_locale

from crowd.core.actor import STAFF
from crowd.core.answers import eyes_of
from crowd.core.diff import Paragraph, counted, diff
from crowd.core.fields import CustomField, cell_text
from crowd.proposals.gates import proposal_gate
from crowd.proposals.models import Proposal, ProposalVersion
from crowd.proposals.queries import behalf_entry, names_of, versions_of
from crowd.proposals.views.blueprint import bp
from crowd.store.db import db
from crowd.web.access import Found, current_actor
from crowd.web.numbers import natural
from crowd.web.text import _

SIGNS = 12
"""Of a hash, enough to tell two files apart."""


@dataclass(frozen=True)
class Comparison:
    """Two versions, and the parts that differ: label and paragraphs."""

    old: ProposalVersion
    new: ProposalVersion
    parts: list[tuple[str, tuple[Paragraph, ...]]]
    deleted: int
    inserted: int


@bp.get("/proposals/<public_id>/history")
@proposal_gate.requires()
def history(found: Found[Proposal]) -> str:
    versions = versions_of(db.session(), found.row.id)
    seen = seen_fields(found)
    return render_template(
        "proposals/history.html",
        proposal=found.row,
        call=found.row.call,
        versions=versions,
        names=names_of(db.session(), {version.by_id for version in versions}) if _may_know_names(found) else {},
        comparison=_chosen(versions, seen),
        typed_for=typed_for(found.row, versions),
    )


def typed_for(proposal: Proposal, versions: Sequence[ProposalVersion]) -> frozenset[int]:
    """Numbers of the versions that the organization typed for somebody: all until that person took the proposal over."""
    entry = behalf_entry(db.session(), proposal)
    if entry is None:
        return frozenset()
    return frozenset(each.number for each in versions if entry.claimed_at is None or each.at < entry.claimed_at)


def _may_know_names(found: Found[Proposal]) -> bool:
    """Authors and the organization. A reviewer reads texts, not who typed them."""
    actor, facts = current_actor(), found.facts
    return actor.account_id in facts.team_ids or actor.roles.get(facts.call.organization.id) in STAFF


def seen_fields(found: Found[Proposal]) -> tuple[CustomField, ...]:
    """Questions whose answers the person who looks may read."""
    eyes = eyes_of(current_actor(), found.facts)
    return tuple(asked for asked in found.facts.call.rules.custom_fields if asked.seen_by in eyes)


def _chosen(versions: list[ProposalVersion], seen: Sequence[CustomField]) -> Comparison | None:
    """The two that the address names, else the newest against the one before."""
    by_number = {version.number: version for version in versions}
    if len(versions) < 2:
        return None
    new = _named("to", by_number, versions[0])
    before = by_number.get(new.number - 1) or versions[1]
    return compare(_named("from", by_number, before), new, seen)


def _named(name: str, by_number: dict[int, ProposalVersion], otherwise: ProposalVersion) -> ProposalVersion:
    """The version that the address names; an address that names none that exists leads nowhere."""
    asked = request.args.get(name)
    if asked is None:
        return otherwise
    return by_number.get(natural(asked)) or abort(404)


def compare(old: ProposalVersion, new: ProposalVersion, seen: Sequence[CustomField]) -> Comparison:
    """`seen`: questions whose answers may be shown."""
    parts = changed_parts(old, new, seen)
    words = [counted(paragraphs) for _label, paragraphs in parts]
    return Comparison(old, new, parts, sum(pair[0] for pair in words), sum(pair[1] for pair in words))


def changed_parts(
    old: ProposalVersion, new: ProposalVersion, seen: Sequence[CustomField]
) -> list[tuple[str, tuple[Paragraph, ...]]]:
    """Every part that differs, with its label, also a file that was replaced by another of the same name."""
    pairs: list[tuple[str, Any, Any]] = [
        (_("Title"), old.title, new.title),
        (_("In short"), old.summary, new.summary),
        (_("Proposal"), old.body, new.body),
        *(_answers(asked, old, new) for asked in seen),
        (_("Cost"), _plain(old.cost), _plain(new.cost)),
        (_("Language"), _language(old), _language(new)),
        (_("Tags"), ", ".join(old.tags), ", ".join(new.tags)),
        (_("Files"), *_told_apart(list(old.files), list(new.files))),
    ]
    return [(label, diff(before, after)) for label, before, after in pairs if before != after]


def _answers(asked: CustomField, old: ProposalVersion, new: ProposalVersion) -> tuple[str, str, str]:
    before, after = old.answers.get(asked.key), new.answers.get(asked.key)
    if isinstance(before, dict) and isinstance(after, dict):
        return (asked.label, *_told_apart([before], [after]))
    return asked.label, cell_text(before), cell_text(after)


def _plain(cost: int | None) -> str:
    return "" if cost is None else str(cost)


def _language(version: ProposalVersion) -> str:
    return Locale.parse(version.language).get_display_name(get_locale()) or version.language


def _told_apart(old: Sequence[Any], new: Sequence[Any]) -> tuple[str, str]:
    """The names of files, a line each; with the beginning of its hash where another file has the same name."""
    hashes: dict[str, set[str]] = {}
    for file in (*old, *new):
        hashes.setdefault(file["name"], set()).add(file["sha256"])
    before, after = (
        "\n".join(
            file["name"] if len(hashes[file["name"]]) == 1 else f"{file['name']} ({file['sha256'][:SIGNS]})"
            for file in files
        )
        for files in (old, new)
    )
    return before, after
