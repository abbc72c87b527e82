"""Whom a notice is for."""

from collections.abc import Callable

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from crowd.amendments.models import Consent
from crowd.calls.gates import facts_of_call
from crowd.calls.models import Call, CallStage
from crowd.conversation.models import Comment
from crowd.core.actor import MANAGERS
from crowd.core.events import EventKind
from crowd.core.notices import Channel, Whom
from crowd.core.rules import Audience, Electorate, RoundKind
from crowd.core.status import (
    STANDING,
    SUBMITTED_OR_LATER,
    AssignmentStatus,
    ProposalStatus,
    StageKind,
)
from crowd.moderation.models import Report
from crowd.notifications.models import Preference
from crowd.notifications.queries.people import (
    answering,
    entrants_of,
    jurors_of,
    moved_voters,
    objecting,
    panel_and_chairs,
    panel_of,
    staff_of,
    voters_of,
)
from crowd.notifications.queries.teams import Ids, asked_members, changed_team, invited_member, lead, taken_out, team
from crowd.organizations.models import Membership
from crowd.proposals.models import Proposal, TeamMember
from crowd.reviews.models import Assignment, Juror
from crowd.rounds.models import CallRound
from crowd.selection.models import Credit, Endorsement
from crowd.selection.queries.standing_in import waiting_for_chairs
from crowd.store.models import Event
from crowd.voting.models import Voter
from crowd.voting.queries import who_may_vote

Recipients = Callable[[Session, Event], Ids]


def _team_and_staff(session: Session, event: Event) -> Ids:
    return [*team(session, event), *staff_of(session, event)]


def _draft_teams(session: Session, event: Event) -> Ids:
    """Whoever wrote a draft that is not handed in when the reminder leaves; of a permit's end its holder alone, whom it names."""
    teams = entrants_of(event.call_id).where(Proposal.status == ProposalStatus.DRAFT).distinct()
    return session.scalars(
        teams
        if event.subject_id is None
        else teams.where(Proposal.lead_id == event.subject_id, TeamMember.account_id == event.subject_id)
    )


def _everybody_in_it(session: Session, event: Event) -> Ids:
    """Entrants (drafts too), voters and jurors of the call."""
    call_id = event.call_id
    return session.scalars(union(entrants_of(call_id), voters_of(call_id), jurors_of(call_id)))


def _not_yet_voted(session: Session, event: Event) -> Ids:
    """Those of the electorate who asked to be reminded and have not voted; nobody is reminded unasked."""
    asked = select(Preference.account_id).where(
        Preference.kind == "voting_closes", Preference.channel.in_([Channel.PRODUCT, Channel.AT_ONCE])
    )
    voted = select(Voter.account_id).where(Voter.round_id == event.subject_id, Voter.cast_at.is_not(None))
    wanting = set(
        session.scalars(asked.where(Preference.account_id.not_in(voted.where(Voter.account_id.is_not(None)))))
    )
    return wanting.intersection(_electorate(session, event))


def _entrants_in_time(session: Session, event: Event) -> Ids:
    """Everybody whose proposal was handed in."""
    return session.scalars(entrants_of(event.call_id).where(Proposal.status.in_(list(SUBMITTED_OR_LATER))))


def _asked_teams(session: Session, event: Event) -> Ids:
    """The teams of what is handed in and standing; of one proposal where the event names it."""
    teams = entrants_of(event.call_id).where(Proposal.status.in_(STANDING))
    if event.proposal_id is not None:
        return session.scalars(teams.where(Proposal.id == event.proposal_id))
    return session.scalars(teams)


def _not_yet_answered(session: Session, event: Event) -> Ids:
    """Leads of standing proposals for which nobody said yet whether the amendment is accepted."""
    answered = select(Consent.proposal_id).where(Consent.amendment_id == event.subject_id)
    return session.scalars(
        select(Proposal.lead_id).where(
            Proposal.call_id == event.call_id, Proposal.status.in_(STANDING), Proposal.id.not_in(answered)
        )
    )


def _voters_who_voted(session: Session, event: Event) -> Ids:
    return session.scalars(voters_of(event.call_id))


def _onlookers(session: Session, event: Event) -> Ids:
    """Those who voted or wrote in the call but have no proposal in it: entrants get their own outcome."""
    writers = select(Comment.author_id).where(Comment.call_id == event.call_id, Comment.deleted_at.is_(None))
    entrants = set(session.scalars(entrants_of(event.call_id)))
    return set(session.scalars(union(voters_of(event.call_id), writers))) - entrants


def _electorate(session: Session, event: Event) -> Ids:
    """All who may vote in the round and may know of the call; nobody for review rounds, and where people vote by codes."""
    row = session.get(CallRound, event.subject_id)
    if row is None or event.call_id is None or row.kind is not RoundKind.VOTE:
        return []
    call = facts_of_call(session, event.call_id)
    round_ = call.rules.round(row.key)
    able = who_may_vote(call, round_, row.id, event.at)
    if call.rules.audience is Audience.UNLISTED and round_.electorate is not Electorate.INVITED:
        members = select(Membership.account_id).where(Membership.organization_id == call.organization.id)
        return {*session.scalars(members), *_everybody_in_it(session, event)}.intersection(session.scalars(able))
    return session.scalars(able)


def _assigned_juror(session: Session, event: Event) -> Ids:
    return session.scalars(
        select(Juror.account_id)
        .join(Assignment, Assignment.juror_id == Juror.id)
        .where(Assignment.id == event.subject_id, Assignment.status == AssignmentStatus.ASSIGNED)
    )


def _named_juror(session: Session, event: Event) -> Ids:
    return session.scalars(select(Juror.account_id).where(Juror.id == event.subject_id))


def _chairs_needed(session: Session, event: Event) -> Ids:
    """When the decision begins: chairs who have to decide where no manager may."""
    stages = session.execute(select(CallStage.id, CallStage.kind).where(CallStage.call_id == event.call_id)).all()
    kinds = {kind for _id, kind in stages}
    begins = StageKind.SELECTION if StageKind.SELECTION in kinds else StageKind.RESULTS
    if dict(iter(stages)).get(event.subject_id or 0) is not begins:
        return []
    return set(session.scalars(waiting_for_chairs().where(Call.id == event.call_id)))


def _credited(session: Session, event: Event) -> Ids:
    return session.scalars(select(Credit.account_id).where(Credit.id == event.subject_id))


def _answered_author(session: Session, event: Event) -> Ids:
    comment = session.get(Comment, event.subject_id)
    if comment is None or comment.parent_id is None:
        return []
    return session.scalars(select(Comment.author_id).where(Comment.id == comment.parent_id))


def _proposal_team_but_answered(session: Session, event: Event) -> Ids:
    """The team of the proposal written on, less whoever is told of the same comment as an answer."""
    return set(team(session, event)) - set(_answered_author(session, event))


def _organization_of_call_comment(session: Session, event: Event) -> Ids:
    if event.proposal_id is not None:
        return []
    return set(staff_of(session, event, MANAGERS)) - set(_answered_author(session, event))


def _comment_author(session: Session, event: Event) -> Ids:
    return session.scalars(select(Comment.author_id).where(Comment.id == event.subject_id))


def _endorser(session: Session, event: Event) -> Ids:
    return session.scalars(select(Endorsement.author_id).where(Endorsement.id == event.subject_id))


def _authors(session: Session, event: Event) -> Ids:
    if event.kind is EventKind.ENDORSEMENT_RESTORED:
        return _endorser(session, event)
    return _comment_author(session, event) if event.kind is EventKind.COMMENT_RESTORED else team(session, event)


def _reporter(session: Session, event: Event) -> Ids:
    return session.scalars(select(Report.reporter_id).where(Report.id == event.subject_id))


def _managers(session: Session, event: Event) -> Ids:
    return staff_of(session, event, MANAGERS)


RECIPIENTS: dict[Whom, Recipients] = {
    Whom.TEAM: team,
    Whom.LEAD: lead,
    Whom.DRAFT_TEAMS: _draft_teams,
    Whom.TEAM_AND_STAFF: _team_and_staff,
    Whom.EVERYBODY_IN_IT: _everybody_in_it,
    Whom.ENTRANTS: _entrants_in_time,
    Whom.ASKED_TEAMS: _asked_teams,
    Whom.NOT_YET_ANSWERED: _not_yet_answered,
    Whom.ASKED_MEMBERS: asked_members,
    Whom.CHANGED_TEAM: changed_team,
    Whom.TAKEN_OUT: taken_out,
    Whom.INVITED_MEMBER: invited_member,
    Whom.ELECTORATE: _electorate,
    Whom.NOT_YET_VOTED: _not_yet_voted,
    Whom.VOTERS: _voters_who_voted,
    Whom.ASSIGNED_JUROR: _assigned_juror,
    Whom.NAMED_JUROR: _named_juror,
    Whom.CHAIRS_NEEDED: _chairs_needed,
    Whom.CREDITED: _credited,
    Whom.ONLOOKERS: _onlookers,
    Whom.ANSWERED_AUTHOR: _answered_author,
    Whom.TEAM_BUT_ANSWERED: _proposal_team_but_answered,
    Whom.COMMENT_AUTHOR: _comment_author,
    Whom.ENDORSER: _endorser,
    Whom.AUTHORS: _authors,
    Whom.REPORTER: _reporter,
    Whom.MOVED_VOTERS: moved_voters,
    Whom.PANEL: panel_of,
    Whom.PANEL_AND_CHAIRS: panel_and_chairs,
    Whom.ANSWERING: answering,
    Whom.OBJECTING: objecting,
    Whom.STAFF: staff_of,
    Whom.MANAGERS: _managers,
    Whom.MANAGERS_BUT_ANSWERED: _organization_of_call_comment,
    Whom.NAMED_ACCOUNT: lambda _session, event: [event.subject_id],
}
