"""Whom a notice is for, and what a person is told."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select, union
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.gates import rules_of
from crowd.calls.models import Call
from crowd.conversation.models import Comment
from crowd.core.actor import MANAGERS, STAFF
from crowd.core.rules import Audience, Electorate, RoundKind
from crowd.core.status import AssignmentStatus, JurorStatus, MemberStatus, OrganizationRole, ProposalStatus
from crowd.mailing.models import Mail
from crowd.mailing.queries import seen_by_managers
from crowd.notifications.models import Notification, Preference
from crowd.organizations.models import Membership
from crowd.proposals.models import Proposal, TeamMember
from crowd.reviews.models import Assignment, Juror
from crowd.rounds.models import CallRound
from crowd.selection.models import Credit, Verdict
from crowd.store.models import Event
from crowd.store.paging import Key, Page, page_of
from crowd.voting.models import Ballot

SIZE = 30
Ids = Iterable[int | None]
Recipients = Callable[[Session, Event], Ids]


def _team(session: Session, event: Event) -> Ids:
    """Accepted members of the proposal's team."""
    return session.scalars(
        select(TeamMember.account_id).where(
            TeamMember.proposal_id == event.proposal_id, TeamMember.status == MemberStatus.ACCEPTED
        )
    )


def _lead(session: Session, event: Event) -> Ids:
    return session.scalars(select(Proposal.lead_id).where(Proposal.id == event.proposal_id))


def _staff(session: Session, event: Event, roles: frozenset[OrganizationRole] = STAFF) -> Ids:
    return session.scalars(
        select(Membership.account_id)
        .join(Call, Call.organization_id == Membership.organization_id)
        .where(Call.id == event.call_id, Membership.role.in_(list(roles)))
    )


def _team_and_staff(session: Session, event: Event) -> Ids:
    return [*_team(session, event), *_staff(session, event)]


def _draft_leads(session: Session, event: Event) -> Ids:
    return session.scalars(
        select(Proposal.lead_id).where(Proposal.call_id == event.call_id, Proposal.status == ProposalStatus.DRAFT)
    )


def _entrants(call_id: int | None) -> Select[int | None]:
    return (
        select(TeamMember.account_id)
        .join(Proposal, TeamMember.proposal_id == Proposal.id)
        .where(Proposal.call_id == call_id, TeamMember.status == MemberStatus.ACCEPTED)
    )


def _voters(call_id: int | None) -> Select[int | None]:
    return (
        select(Ballot.account_id)
        .join(CallRound, Ballot.round_id == CallRound.id)
        .where(CallRound.call_id == call_id, Ballot.account_id.is_not(None))
    )


def _jurors(call_id: int | None) -> Select[int | None]:
    return (
        select(Juror.account_id)
        .join(CallRound, Juror.round_id == CallRound.id)
        .where(CallRound.call_id == call_id, Juror.status == JurorStatus.ACCEPTED)
    )


def _everybody_in_it(session: Session, event: Event) -> Ids:
    """Entrants (drafts too), voters and jurors of the call."""
    call_id = event.call_id
    return session.scalars(union(_entrants(call_id), _voters(call_id), _jurors(call_id)))


def _voters_who_voted(session: Session, event: Event) -> Ids:
    return session.scalars(_voters(event.call_id))


def _onlookers(session: Session, event: Event) -> Ids:
    """Those who voted or wrote in the call but have no proposal in it: entrants get their own outcome."""
    writers = select(Comment.author_id).where(Comment.call_id == event.call_id, Comment.deleted_at.is_(None))
    entrants = set(session.scalars(_entrants(event.call_id)))
    return set(session.scalars(union(_voters(event.call_id), writers))) - entrants


def _electorate(session: Session, event: Event) -> Ids:
    """All who may vote in the opened round and may know of the call; nobody for review rounds and imported rolls."""
    row = session.get(CallRound, event.subject_id)
    call = session.get(Call, event.call_id)
    if row is None or call is None or row.kind is not RoundKind.VOTE:
        return []
    members = select(Membership.account_id).where(Membership.organization_id == call.organization_id)
    match rules_of(call).round(row.key).electorate, call.audience:
        case Electorate.ROLL, _:
            return []
        case (Electorate.MEMBERS, _) | (_, Audience.MEMBERS):
            return session.scalars(members)
        case _, Audience.UNLISTED:
            return {*session.scalars(members), *_everybody_in_it(session, event)}
        case _:
            return session.scalars(select(Account.id).where(Account.verified_at.is_not(None)))


def _invited_member(session: Session, event: Event) -> Ids:
    """The invited account, if there is one by now; the event names it, not its place in the team."""
    return session.scalars(
        select(TeamMember.account_id).where(
            TeamMember.proposal_id == event.proposal_id,
            TeamMember.account_id == event.subject_id,
            TeamMember.status == MemberStatus.PENDING,
        )
    )


def _assigned_juror(session: Session, event: Event) -> Ids:
    return session.scalars(
        select(Juror.account_id)
        .join(Assignment, Assignment.juror_id == Juror.id)
        .where(Assignment.id == event.subject_id, Assignment.status == AssignmentStatus.ASSIGNED)
    )


def _named_juror(session: Session, event: Event) -> Ids:
    return session.scalars(select(Juror.account_id).where(Juror.id == event.subject_id))


def _credited(session: Session, event: Event) -> Ids:
    return session.scalars(select(Credit.account_id).where(Credit.id == event.subject_id))


def _answered_author(session: Session, event: Event) -> Ids:
    comment = session.get(Comment, event.subject_id)
    if comment is None or comment.parent_id is None:
        return []
    return session.scalars(select(Comment.author_id).where(Comment.id == comment.parent_id))


def _proposal_team_but_answered(session: Session, event: Event) -> Ids:
    """The team of the proposal written on, less whoever is told of the same comment as an answer."""
    return set(_team(session, event)) - set(_answered_author(session, event))


def _organization_of_call_comment(session: Session, event: Event) -> Ids:
    if event.proposal_id is not None:
        return []
    return set(_staff(session, event, MANAGERS)) - set(_answered_author(session, event))


def _comment_author(session: Session, event: Event) -> Ids:
    return session.scalars(select(Comment.author_id).where(Comment.id == event.subject_id))


def _managers(session: Session, event: Event) -> Ids:
    return _staff(session, event, MANAGERS)


RECIPIENTS: dict[str, Recipients] = {
    "proposal_received": _team,
    "correction_asked": _team,
    "correction_overdue": _team_and_staff,
    "found_eligible": _team,
    "found_ineligible": _team,
    "advanced": _team,
    "left_out": _team,
    "deadline_near": _draft_leads,
    "schedule_shifted": _everybody_in_it,
    "team_invitation": _invited_member,
    "team_answer": _lead,
    "voting_opens": _electorate,
    "candidate_added": _voters_who_voted,
    "review_assigned": _assigned_juror,
    "review_due": _named_juror,
    "review_overdue": _named_juror,
    "outcome": _team,
    "outcome_corrected": _team,
    "credit_issued": _credited,
    "credit_corrected": _credited,
    "results_published": _onlookers,
    "answer_to_mine": _answered_author,
    "comment_on_mine": _proposal_team_but_answered,
    "comment_hidden": _comment_author,
    "correction_made": _staff,
    "comment_to_organization": _organization_of_call_comment,
    "juror_answer": _managers,
}


@dataclass(frozen=True)
class Subjects:
    """What an event is about, loaded once for all its recipients."""

    call: Call | None
    proposal: Proposal | None


def subjects_of(session: Session, event: Event) -> Subjects:
    call = session.get(Call, event.call_id) if event.call_id else None
    proposal = session.get(Proposal, event.proposal_id) if event.proposal_id else None
    return Subjects(call, proposal)


def outcome_words(session: Session, proposal: Proposal) -> dict[str, str]:
    """The published reason, and what the organization added for the authors alone."""
    letter = session.scalar(select(Verdict.letter).where(Verdict.proposal_id == proposal.id))
    return {"reason": proposal.outcome_reason, "letter": letter or ""}


def reachable(session: Session, ids: Sequence[int]) -> Sequence[Account]:
    """Accounts that may be told: not blocked."""
    return session.scalars(select(Account).where(Account.id.in_(ids), Account.blocked_at.is_(None))).all()


def switched(session: Session, kind: str, ids: Sequence[int]) -> dict[int, bool]:
    """Choices made about mails of this kind."""
    rows = session.execute(
        select(Preference.account_id, Preference.by_mail).where(Preference.kind == kind, Preference.account_id.in_(ids))
    )
    return dict(iter(rows))


def told_already(session: Session, event_id: int, ids: Sequence[int]) -> set[int]:
    """Who has a notice about this event: nobody is told twice about one thing."""
    return set(
        session.scalars(
            select(Notification.account_id).where(Notification.event_id == event_id, Notification.account_id.in_(ids))
        )
    )


def list_notifications(session: Session, account_id: int, after: str | None) -> Page[Notification]:
    """A person's notices, the newest first."""
    mine = select(Notification).where(Notification.account_id == account_id)
    return page_of(session, mine, [Key(Notification.__table__.c.id, descending=True)], after, SIZE)


def count_unread(session: Session, account_id: int) -> int:
    unread = (Notification.account_id == account_id, Notification.read_at.is_(None))
    return session.scalar(select(func.count()).select_from(Notification).where(*unread)) or 0


def choices_of(session: Session, account_id: int) -> dict[str, bool]:
    """A person's own switches, by kind."""
    rows = session.execute(select(Preference.kind, Preference.by_mail).where(Preference.account_id == account_id))
    return dict(iter(rows))


def list_mails_of_call(session: Session, call_id: int, status: str | None, after: str | None) -> Page[Mail]:
    """Mails sent for a call that its managers may see, the newest first."""
    mails = select(Mail).where(Mail.call_id == call_id, seen_by_managers())
    if status:
        mails = mails.where(Mail.status == status)
    return page_of(session, mails, [Key(Mail.__table__.c.id, descending=True)], after, SIZE)


def get_mail_of_call(session: Session, call_id: int, public_id: str) -> Mail | None:
    return session.scalar(select(Mail).where(Mail.public_id == public_id, Mail.call_id == call_id, seen_by_managers()))


def count_mails_of_call(session: Session, call_id: int) -> dict[str, int]:
    seen = select(Mail.status, func.count()).where(Mail.call_id == call_id, seen_by_managers())
    rows = session.execute(seen.group_by(Mail.status))
    return {status.value: count for status, count in rows}
