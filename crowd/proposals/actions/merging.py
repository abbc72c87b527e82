"""Merging one proposal into another of its call: its authors are asked to join the other team, its page stays as a pointer.

What was there before is kept with the merge, so that undoing it gives back both teams, their shares and the conflicts as they were.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from crowd.calls.models import Call
from crowd.core.actor import Actor
from crowd.core.credit import accepted_shares
from crowd.core.errors import InvalidInput
from crowd.core.events import EventKind
from crowd.core.permissions import Permission
from crowd.core.pipeline import RULES, Move, next_status
from crowd.core.status import STANDING, MemberStatus, ProposalStatus
from crowd.proposals.actions.contributing import carry_contributions, return_contributions
from crowd.proposals.actions.members import ACTIVE, active_of, asked_of, note, team_of
from crowd.proposals.actions.shares import ask
from crowd.proposals.actions.team import MOST_MEMBERS, mail_invitation
from crowd.proposals.gates import facts_of_proposal
from crowd.proposals.models import Exclusion, Merge, Proposal, TeamMember
from crowd.store.events import record
from crowd.web.access import require

NewToken = Callable[[], str]


def merge_into(
    session: Session,
    source: Proposal,
    target: Proposal,
    reason: str,
    *,
    new_token: NewToken,
    actor: Actor,
    now: datetime,
) -> Merge:
    """Merge the locked `source` into the locked `target`. Rounds and ballots are the caller's to look after.

    Raises NotAllowed (no staff, a stake in either), IllegalMove, InvalidInput `merge_itself`, `merge_target_left`,
    `reason_needed`, `team_full`.
    """
    _may(session, (source, target), actor, now)
    _check(source, target, reason)
    stood, after = source.status, next_status(Move.MERGE, source.status)
    merge = Merge(proposal_id=source.id, into_id=target.id, at=now, by_id=actor.account_id, reason=reason.strip())
    merge.stood, merge.kept = stood, {}
    session.add(merge)
    session.flush()
    source.status, source.merged_into_id, source.correction_due = after, target.id, None
    source.outcome_reason = merge.reason
    _touch(session, source, target, -1)
    for kind, one, other in (
        (EventKind.PROPOSAL_MERGED, source, target),
        (EventKind.PROPOSAL_TOOK_IN, target, source),
    ):
        _tell(session, kind, one, other, merge, actor, now)
    merge.kept = {
        "shares": _shares(active_of(session, target.id)),
        "team": _carry_team(session, source, target, new_token, actor, now),
        "conflicts": _carry_conflicts(session, source, target, now),
        "owed": carry_contributions(session, source.id, target.id),
    }
    return merge


def _check(source: Proposal, target: Proposal, reason: str) -> None:
    if source.id == target.id or source.call_id != target.call_id:
        raise InvalidInput("merge_itself", "into")
    if target.status not in STANDING:
        raise InvalidInput("merge_target_left", "into")
    if not reason.strip():
        raise InvalidInput("reason_needed", "reason")


def undo_merge(
    session: Session, source: Proposal, target: Proposal, merge: Merge, *, actor: Actor, now: datetime
) -> None:
    """Put back what `merge_into` did; both proposals and the merge are locked."""
    _may(session, (source, target), actor, now)
    back = next_status(Move.UNDO_MERGE, source.status)
    source.status = back if merge.stood is ProposalStatus.CORRECTION else merge.stood
    source.merged_into_id, source.outcome_reason = None, ""
    merge.undone_at, merge.undone_by_id = now, actor.account_id
    kept = cast("Mapping[str, Any]", merge.kept)
    _give_back_team(session, target, kept, now)
    return_contributions(session, kept.get("owed", []), source.id)
    session.execute(
        delete(Exclusion).where(Exclusion.proposal_id == target.id, Exclusion.account_id.in_(kept["conflicts"]))
    )
    _touch(session, source, target, 1)
    for one, other in ((source, target), (target, source)):
        _tell(session, EventKind.PROPOSAL_MERGE_UNDONE, one, other, merge, actor, now)


def standing_merge(session: Session, source: Proposal) -> Merge | None:
    """The merge that holds now, locked."""
    query = select(Merge).where(Merge.proposal_id == source.id, Merge.undone_at.is_(None))
    return session.scalar(query.with_for_update().execution_options(populate_existing=True))


def _may(session: Session, proposals: Iterable[Proposal], actor: Actor, now: datetime) -> None:
    for proposal in proposals:
        require(actor, RULES[Move.MERGE].permission, facts_of_proposal(session, proposal), now)
        require(actor, Permission.PROPOSAL_VIEW, facts_of_proposal(session, proposal), now)


def _touch(session: Session, source: Proposal, target: Proposal, step: int) -> None:
    """Both changed; the call counts what goes on."""
    source.version += 1
    target.version += 1
    session.execute(update(Call).where(Call.id == source.call_id).values(proposals_count=Call.proposals_count + step))
    session.flush()


def _tell(
    session: Session, kind: EventKind, one: Proposal, other: Proposal, merge: Merge, actor: Actor, now: datetime
) -> None:
    """`other_title` is for the notice; the page shows the other as far as the reader may see it."""
    call = session.get_one(Call, one.call_id)
    record(
        session,
        kind,
        now=now,
        actor_id=actor.account_id,
        organization_id=call.organization_id,
        call_id=one.call_id,
        proposal_id=one.id,
        subject_id=other.id,
        source=merge.stood if one.id == merge.proposal_id and merge.undone_at is None else None,
        target=one.status,
        reason=merge.reason if merge.undone_at is None else None,
        other=other.public_id,
    )


def _shares(members: Iterable[TeamMember]) -> dict[str, list[Any]]:
    return {str(m.id): [m.share, m.asked_share, m.agreed_at is not None] for m in members}


def _carry_team(
    session: Session, source: Proposal, target: Proposal, new_token: NewToken, actor: Actor, now: datetime
) -> dict[str, str | None]:
    """Invite those of the one team who are not in the other; by the id of their new place what they were there before.

    The shares that are asked of all keep the proportions within either team, and weigh the teams by their people.
    """
    rows, theirs = team_of(session, target.id), active_of(session, source.id)
    ours = [member for member in rows if member.status in ACTIVE]
    weights = {member.id: asked_of(member) * len(ours) for member in ours}
    invited: dict[str, str | None] = {}
    newcomers: list[TeamMember] = []
    for person in theirs:
        place = _place_of(ours, person)
        if place is None:
            place, was = _invite(session, target, rows, person)
            invited[str(place.id)] = was
            newcomers.append(place)
        weights[place.id] = weights.get(place.id, 0) + asked_of(person) * len(theirs)
    if not newcomers:
        return {}
    if len(ours) + len(newcomers) > MOST_MEMBERS:
        raise InvalidInput("team_full", most=MOST_MEMBERS)
    lead = next((str(m.id) for m in ours if m.account_id is not None and m.account_id == target.lead_id), None)
    wanted = accepted_shares({str(id_): weight for id_, weight in weights.items()}, lead)
    ask(session, target, {int(id_): share for id_, share in wanted.items()}, actor=actor, now=now)
    for member in newcomers:
        mail_invitation(session, target, member, new_token(), actor, now)
        note(session, EventKind.TEAM_INVITED, target, member, actor, now)
    if any(member.status is MemberStatus.ACCEPTED for member in ours):
        note(session, EventKind.TEAM_TERMS_ASKED, target, None, actor, now)
    return invited


def _place_of(team: Sequence[TeamMember], person: TeamMember) -> TeamMember | None:
    for member in team:
        same = member.account_id is not None and member.account_id == person.account_id
        if same or member.email_folded == person.email_folded:
            return member
    return None


def _invite(
    session: Session, target: Proposal, rows: Sequence[TeamMember], person: TeamMember
) -> tuple[TeamMember, str | None]:
    """A place that waits for its person's consent: until then it is named nowhere."""
    known = next((member for member in rows if member.email_folded == person.email_folded), None)
    was = known.status.value if known else None
    place = known or TeamMember(proposal_id=target.id, email_folded=person.email_folded)
    place.account_id, place.name, place.email = person.account_id, person.name, person.email
    place.roles, place.share, place.status = list(person.roles), 0, MemberStatus.PENDING
    place.answered_at, place.asked_roles = None, None
    place.position = 1 + max((member.position for member in team_of(session, target.id)), default=0)
    session.add(place)
    session.flush()
    return place, was


def _carry_conflicts(session: Session, source: Proposal, target: Proposal, now: datetime) -> list[int]:
    """Whoever has a conflict with the one has it with the other: its authors may join. Returns whom it is new for."""
    known = set(session.scalars(select(Exclusion.account_id).where(Exclusion.proposal_id == target.id)))
    theirs = session.scalars(select(Exclusion).where(Exclusion.proposal_id == source.id).order_by(Exclusion.id))
    added = [(row.account_id, row.reason) for row in theirs if row.account_id not in known]
    session.add_all(
        Exclusion(proposal_id=target.id, account_id=account_id, reason=reason, at=now) for account_id, reason in added
    )
    return [account_id for account_id, _ in added]


def _give_back_team(session: Session, target: Proposal, kept: Mapping[str, Any], now: datetime) -> None:
    rows = {str(member.id): member for member in team_of(session, target.id)}
    for id_, was in kept["team"].items():
        place = rows.get(id_)
        if place is not None and place.status in ACTIVE:
            place.status, place.answered_at, place.share = MemberStatus(was or MemberStatus.REMOVED), now, 0
            place.asked_share = place.asked_roles = place.agreed_at = place.lead_offered_at = place.token_hash = None
    if not kept["team"]:
        return
    left = [member for member in rows.values() if member.status in ACTIVE]
    if {str(member.id) for member in left} == set(kept["shares"]):
        for member in left:
            member.share, member.asked_share, agreed = kept["shares"][str(member.id)]
            member.agreed_at = now if agreed else None
    elif left:  # somebody else joined or left meanwhile
        whole = accepted_shares({str(member.id): member.share for member in left})
        for member in left:
            member.share, member.asked_share, member.agreed_at = whole[str(member.id)], None, None
    session.flush()
