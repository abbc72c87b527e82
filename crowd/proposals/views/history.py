"""The versions of a proposal, and what changed between any two."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, render_template, request

from crowd.core.actor import STAFF
from crowd.core.answers import eyes_of
from crowd.core.diff import Paragraph, counted, diff
from crowd.core.fields import AnswerKind, CustomField, cell_text
from crowd.core.permissions import Permission
from crowd.proposals.gates import proposal_gate
from crowd.proposals.models import Proposal, ProposalVersion
from crowd.proposals.queries import behalf_entry, names_of, redaction_for, versions_of
from crowd.proposals.views.blueprint import bp
from crowd.store.db import db, utc_now
from crowd.web.access import Found, allowed, current_actor
from crowd.web.numbers import natural
from crowd.web.text import _


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
    if redaction_for(db.session(), found.facts, current_actor(), utc_now()) is not None:
        abort(404)  # a text without names was stored: what the authors wrote is not for this reader
    versions = versions_of(db.session(), found.row.id)
    seen = seen_fields(found)
    return render_template(
        "proposals/history.html",
        proposal=found.row,
        call=found.row.call,
        versions=versions,
        names=names_of(db.session(), {version.by_id for version in versions}) if _may_know_names(found) else {},
        comparison=_chosen(versions, seen, blind=not allowed(Permission.PROPOSAL_AUTHORS, found.facts)),
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
    if not allowed(Permission.PROPOSAL_AUTHORS, facts):
        return False
    return actor.account_id in facts.team_ids or actor.roles.get(facts.call.organization.id) in STAFF


def seen_fields(found: Found[Proposal]) -> tuple[CustomField, ...]:
    """Questions whose answers the person who looks may read."""
    eyes = eyes_of(current_actor(), found.facts)
    return tuple(asked for asked in found.facts.call.rules.custom_fields if asked.seen_by in eyes)


def _chosen(versions: list[ProposalVersion], seen: Sequence[CustomField], *, blind: bool) -> Comparison | None:
    """The two that the address names, else the newest against the one before."""
    by_number = {version.number: version for version in versions}
    if len(versions) < 2:
        return None
    new = _named("to", by_number, versions[0])
    before = by_number.get(new.number - 1) or versions[1]
    return compare(_named("from", by_number, before), new, seen, blind=blind)


def _named(name: str, by_number: dict[int, ProposalVersion], otherwise: ProposalVersion) -> ProposalVersion:
    """The version that the address names; an address that names none that exists leads nowhere."""
    asked = request.args.get(name)
    if asked is None:
        return otherwise
    return by_number.get(natural(asked)) or abort(404)


def compare(
    old: ProposalVersion, new: ProposalVersion, seen: Sequence[CustomField], *, blind: bool = False
) -> Comparison:
    """`seen`: questions whose answers may be shown; `blind`: to a reader who may not know the authors, so files have no names."""
    pairs: list[tuple[str, Any, Any]] = [
        (_("Title"), old.title, new.title),
        (_("In short"), old.summary, new.summary),
        (_("Proposal"), old.body, new.body),
        *answer_pairs(_unfiled(seen) if blind else seen, old.answers, new.answers),
        (_("Cost"), _plain(old.cost), _plain(new.cost)),
        (_("Tags"), ", ".join(old.tags), ", ".join(new.tags)),
        (_("Files"), _file_names(old, blind=blind), _file_names(new, blind=blind)),
    ]
    parts = [(label, diff(before, after)) for label, before, after in pairs if before != after]
    words = [counted(paragraphs) for _label, paragraphs in parts]
    return Comparison(old, new, parts, sum(pair[0] for pair in words), sum(pair[1] for pair in words))


def _unfiled(seen: Sequence[CustomField]) -> list[CustomField]:
    """Without the questions answered by files: their names are all that a comparison could show."""
    return [asked for asked in seen if asked.kind is not AnswerKind.FILE]


def answer_pairs(seen: Sequence[CustomField], old: Any, new: Any) -> list[tuple[str, str, str]]:
    """Label, earlier and later answer as texts."""
    return [(asked.label, cell_text(old.get(asked.key)), cell_text(new.get(asked.key))) for asked in seen]


def _plain(cost: int | None) -> str:
    return "" if cost is None else str(cost)


def _file_names(version: ProposalVersion, *, blind: bool) -> str:
    if blind:
        return "\n".join(str(file["sha256"])[:6] for file in version.files if isinstance(file, dict))
    return "\n".join(str(file["name"]) for file in version.files if isinstance(file, dict))
