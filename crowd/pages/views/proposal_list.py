"""The list of a call's proposals: rows or cards, filters in the address, for voters an order of their own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for

from crowd.calls.gates import call_gate
from crowd.calls.models import Call
from crowd.core.actor import STAFF
from crowd.core.rules import Publicity, RoundKind
from crowd.core.shuffle import seed_for
from crowd.core.stages import closes_at
from crowd.core.status import ProposalStatus, StageKind
from crowd.core.subjects import CallFacts, RoundFacts
from crowd.core.tally.choices import KIND_OF
from crowd.core.tally.profile import Kind
from crowd.pages.queries.proposal_list import Listing, list_proposals
from crowd.pages.queries.proposal_page import Sort, Wanted
from crowd.pages.views.blueprint import bp
from crowd.pages.views.call_head import call_head
from crowd.pages.views.proposals import named
from crowd.proposals.gates import shown_status
from crowd.proposals.models import Proposal
from crowd.store.db import db, utc_now
from crowd.voting.queries import shows_supports
from crowd.web.access import Found, current_actor
from crowd.web.templating import page_url
from crowd.web.text import _, _l, ngettext
from crowd.web.times import absolute
from crowd.web.viewer import reader_seed

SORTS = {
    Sort.NEWEST: _l("Newest first"),
    Sort.SUPPORTED: _l("Most supported"),
    Sort.SHUFFLED: _l("Shuffled for you"),
}
STATUSES = {
    ProposalStatus.SUBMITTED: _l("Being checked"),
    ProposalStatus.CORRECTION: _l("In correction"),
    ProposalStatus.ELIGIBLE: _l("Eligible"),
    ProposalStatus.INELIGIBLE: _l("Not eligible"),
    ProposalStatus.SHORTLISTED: _l("Shortlisted"),
    ProposalStatus.NOT_ADVANCED: _l("Did not advance"),
    ProposalStatus.SELECTED: _l("Selected"),
    ProposalStatus.RESERVE: _l("Reserve"),
    ProposalStatus.NOT_SELECTED: _l("Not selected"),
    ProposalStatus.DECLINED: _l("Declined by the authors"),
    ProposalStatus.WITHDRAWN: _l("Withdrawn"),
    ProposalStatus.MERGED: _l("Merged"),
}


@bp.get("/calls/<public_id>/proposals")
@call_gate.requires()
def proposals(found: Found[Call]) -> str:
    head, now = call_head(found, "proposals"), utc_now()
    votes = [facts for facts in head.standing.rounds if facts.round.kind is RoundKind.VOTE]
    sorts = list(_sorts(found, votes))
    wanted = _wanted(found, sorts)
    open_rounds = {facts.id: facts.round for facts in votes if facts.is_open(now)}
    seen = head.counts.statuses
    listing = list_proposals(db.session(), found, wanted, current_actor(), now, open_rounds=open_rounds, seen=seen)
    return render_template(
        "pages/proposals.html",
        found=found,
        call=found.row,
        head=head,
        wanted=wanted,
        listing=listing,
        cards=wanted.cards,
        orders=_order_pills(wanted, sorts),
        filters=_filter_pills(wanted, listing),
        next_url=_next_url(wanted, listing),
        hidden=_hidden_sentence(found, listing),
        counts_shown=Sort.SUPPORTED in sorts,
        rows=list(_rows(found.facts, listing, _mark_words(votes, listing))),
    )


def _sorts(found: Found[Call], votes: list[RoundFacts]) -> Iterator[Sort]:
    """The orders there are now, the default first. Nothing is sorted by counts that are not shown."""
    now = utc_now()
    if any(facts.is_open(now) for facts in votes):
        yield Sort.SHUFFLED
    yield Sort.NEWEST
    if any(facts.opened for facts in votes) and shows_supports(found.facts, now):
        yield Sort.SUPPORTED


def _wanted(found: Found[Call], sorts: list[Sort]) -> Wanted:
    asked = request.args.get("sort", "")
    sort = Sort(asked) if asked in {*sorts, Sort.SHUFFLED} else sorts[0]
    return Wanted(
        sort=sort,
        seed=(request.args.get("seed") or _own_seed(found))[:40] if sort is Sort.SHUFFLED else "",
        status=request.args.get("status", ""),
        tag=request.args.get("tag", "")[:40],
        mine=request.args.get("mine") == "1" and current_actor().account_id is not None,
        q=request.args.get("q", "")[:200],
        after=request.args.get("after") or None,
        cards=request.args.get("view") == "cards",
    )


def _own_seed(found: Found[Call]) -> str:
    """The same for a reader whenever they come back: from the account, else kept in this browser."""
    return seed_for(reader_seed(), found.row.public_id)


def _next_url(wanted: Wanted, listing: Listing) -> str | None:
    """Carries order and seed from the first page on, so that a walk meets each proposal once."""
    if listing.page.next is None:
        return None
    return page_url(after=listing.page.next, sort=wanted.sort.value, seed=wanted.seed or None)


def _order_pills(wanted: Wanted, sorts: list[Sort]) -> list[dict[str, Any]]:
    shown = sorts if wanted.sort in sorts else [*sorts, wanted.sort]
    return [
        {"label": SORTS[sort], "url": page_url(sort=sort.value, seed=None), "current": sort is wanted.sort}
        for sort in shown
    ]


def _filter_pills(wanted: Wanted, listing: Listing) -> dict[str, list[dict[str, Any]]]:
    statuses = [
        _pill(STATUSES[status], {"status": status.value}, wanted.status == status, listing.facets.statuses[status])
        for status in STATUSES
        if listing.facets.statuses.get(status)
    ]
    tags = [_pill(f"#{tag}", {"tag": tag}, wanted.tag == tag, count) for tag, count in listing.facets.tags]
    mine = [_pill(_("Mine"), {"mine": "1"}, wanted.mine, None)] if current_actor().account_id else []
    return {"statuses": statuses if len(statuses) > 1 or wanted.status else [], "tags": tags, "mine": mine}


def _pill(label: Any, values: dict[str, str], current: bool, count: int | None) -> dict[str, Any]:  # noqa: FBT001
    """Pressed again it takes its filter away."""
    changes = dict.fromkeys(values) if current else values
    return {"label": label, "url": page_url(**changes), "current": current, "count": count}


def _hidden_sentence(found: Found[Call], listing: Listing) -> str | None:
    count = listing.facets.hidden
    if not count:
        return None
    rules = found.facts.rules
    number = ngettext("%(num)s proposal is not shown", "%(num)s proposals are not shown", count)
    closing = closes_at(found.facts.schedule, StageKind.SUBMISSION)
    match rules.publicity:
        case Publicity.AFTER_SUBMISSION if closing and not found.facts.is_past(StageKind.SUBMISSION, utc_now()):
            why = _("this call shows all when submission closes, %(when)s", when=absolute(closing, rules.time_zone))
        case Publicity.SHORTLISTED:
            why = _("this call shows those that reach a round")
        case Publicity.AFTER_RESULTS:
            why = _("this call shows proposals with the results")
        case Publicity.NEVER:
            why = _("in this call only authors and the organization see them")
        case _:
            why = _("not eligible, or hidden by a moderator")
    return f"{number}: {why}."


def _mark_words(votes: list[RoundFacts], listing: Listing) -> dict[int, str]:
    kinds = {KIND_OF[facts.round.method] for facts in votes if facts.is_open(utc_now())}
    if kinds == {Kind.APPROVE}:
        return dict.fromkeys(listing.marks, _("You support it"))
    if kinds == {Kind.SCORE}:
        return {id_: _("Your score: %(value)s", value=value) for id_, value in listing.marks.items()}
    return dict.fromkeys(listing.marks, _("On your ballot"))


@dataclass(frozen=True)
class Row:
    """A proposal in the list as this reader may know it."""

    proposal: Proposal
    url: str
    people: list[dict[str, str | None]]
    tags: Sequence[str]
    state: ProposalStatus | None
    mark: str | None
    summary: str
    blind: bool  # the reader may not know the authors


def _rows(call: CallFacts, listing: Listing, marks: dict[int, str]) -> Iterator[Row]:
    actor = current_actor()
    staff = actor.roles.get(call.organization.id) in STAFF
    for proposal in listing.page.items:
        team = listing.teams.get(proposal.id, ())
        author = any(member.account_id == actor.account_id for member in team) and actor.account_id is not None
        covered = listing.covered.get(proposal.id)
        yield Row(
            proposal=proposal,
            url=url_for("pages.proposal", public_id=proposal.public_id),
            people=named(team),
            tags=listing.tags.get(proposal.id, ()),
            state=shown_status(proposal.status, call, staff=staff, author=author),
            mark=marks.get(proposal.id),
            summary=covered.summary if covered and not author else proposal.summary,
            blind=call.id in actor.blind_in and not author,
        )


@bp.app_template_filter("hashed")
def hashed(tag: str) -> str:
    return f"#{tag}"
