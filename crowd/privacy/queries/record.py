"""Everything that is kept about one person, table by table, for that person alone.

What others said in confidence (reports, notes of an organization, reviews before their time) is theirs, not in it. Of a secret
vote that is closed nobody knows any more what was chosen; hashes of passwords and keys tell nothing and stay here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from crowd.accounts.models import Acceptance, Account, BrowserSession, LegalText
from crowd.amendments.models import Consent
from crowd.awards.models import Award, AwardPart
from crowd.calls.models import Admission, Call, LatePermit
from crowd.conversation.models import Comment
from crowd.credentials.models import Credential
from crowd.desk.models import Note, SavedFilter
from crowd.followups.models import Update
from crowd.mailing.models import Mail
from crowd.messages.models import Message, Reach
from crowd.moderation.models import Report
from crowd.notifications.models import Notification, Preference
from crowd.objections.models import Objection
from crowd.organizations.models import Membership, Organization
from crowd.proposals.models import (
    Attachment,
    Contribution,
    Declaration,
    Exclusion,
    JoinRequest,
    Proposal,
    ProposalVersion,
    TeamMember,
)
from crowd.reviews.models import Assignment, Conflict, Juror, Remark, Review, ReviewScore
from crowd.rounds.models import CallRound
from crowd.selection.models import Credit, Endorsement
from crowd.store.models import Event
from crowd.voting.models import Ballot, Voter


@dataclass(frozen=True)
class Part:
    """One table: its file is called `name`."""

    name: str
    rows: Select[*tuple[Any, ...]]

    def read(self, session: Session) -> Iterator[Mapping[str, Any]]:
        for row in session.execute(self.rows.execution_options(yield_per=500)):
            yield row._asdict()


_CALL, _PROPOSAL = Call.title.label("call"), Proposal.title.label("proposal")


def parts_of(account: Account) -> tuple[Part, ...]:
    id_ = account.id
    return (*_self(id_), *_proposals(id_), *_judging(id_), *_speaking(id_), *_told(account), *_acts(id_))


def _self(id_: int) -> Iterator[Part]:
    account, session = Account, BrowserSession
    profile = (
        account.email,
        account.name,
        account.bio,
        account.links,
        account.orcid,
        account.language,
        account.time_zone,
    )
    dates = (account.profile_public, account.created_at, account.verified_at, account.seen_at, account.accepted_at)
    yield Part("account", select(*profile, *dates).where(account.id == id_))
    used = (session.browser, session.system, session.created_at, session.used_at, session.ended_at)
    yield Part("sessions", select(*used).where(session.account_id == id_).order_by(session.id))
    texts = select(LegalText.kind, LegalText.version, Acceptance.accepted_at).join(
        Acceptance, Acceptance.legal_text_id == LegalText.id
    )
    yield Part("accepted_texts", texts.where(Acceptance.account_id == id_).order_by(Acceptance.id))
    roles = select(Organization.name.label("organization"), Membership.role, Membership.joined_at)
    yield Part("roles", roles.join(Membership.organization).where(Membership.account_id == id_).order_by(Membership.id))
    ways = select(_CALL, Admission.at).join(Call, Call.id == Admission.call_id)
    yield Part("admissions", ways.where(Admission.account_id == id_).order_by(Admission.id))
    permits = select(_CALL, LatePermit.until, LatePermit.given_at, LatePermit.revoked_at)
    mine = permits.join(Call, Call.id == LatePermit.call_id).where(LatePermit.account_id == id_)
    yield Part("late_permits", mine.order_by(LatePermit.id))


def _proposals(id_: int) -> Iterator[Part]:
    place, version, file = TeamMember, ProposalVersion, Attachment
    team = select(place.proposal_id).where(place.account_id == id_)
    mine = or_(Proposal.lead_id == id_, Proposal.id.in_(team))
    own = Proposal
    texts = (
        own.public_id,
        own.number,
        own.status,
        own.title,
        own.summary,
        own.body,
        own.answers,
        own.cost,
        own.language,
    )
    moments = (own.created_at, own.edited_at, own.submitted_at, own.receipt_sha256, own.outcome_reason)
    yield Part("proposals", select(_CALL, *texts, *moments).join(own.call).where(mine).order_by(own.id))
    places = (place.status, place.roles, place.share, place.invited_at, place.answered_at, place.on_profile)
    teams = select(_PROPOSAL, *places).join(Proposal, Proposal.id == place.proposal_id)
    yield Part("teams", teams.where(place.account_id == id_).order_by(place.id))
    texts_then = (
        version.number,
        version.at,
        version.title,
        version.summary,
        version.body,
        version.answers,
        version.sha256,
    )
    versions = select(_PROPOSAL, *texts_then).join(Proposal, Proposal.id == version.proposal_id)
    yield Part("versions", versions.where(version.by_id == id_).order_by(version.id))
    files = select(_PROPOSAL, file.filename, file.media_type, file.size, file.sha256, file.uploaded_at, file.removed_at)
    sent = files.join(Proposal, Proposal.id == file.proposal_id).where(file.uploaded_by_id == id_)
    yield Part("files", sent.order_by(file.id))
    yield from _answers(id_)


def _answers(id_: int) -> Iterator[Part]:
    """What somebody said yes or no to on a proposal."""
    declared = select(_PROPOSAL, Declaration.items, Declaration.at, Declaration.rules_sha256)
    said = declared.join(Proposal, Proposal.id == Declaration.proposal_id).where(Declaration.account_id == id_)
    yield Part("declarations", said.order_by(Declaration.id))
    asked = select(_PROPOSAL, JoinRequest.message, JoinRequest.status, JoinRequest.asked_at)
    joins = asked.join(Proposal, Proposal.id == JoinRequest.proposal_id).where(JoinRequest.account_id == id_)
    yield Part("join_requests", joins.order_by(JoinRequest.id))
    answers = select(_PROPOSAL, Consent.answer, Consent.at).join(Proposal, Proposal.id == Consent.proposal_id)
    yield Part("consents", answers.where(Consent.account_id == id_).order_by(Consent.id))


def _judging(id_: int) -> Iterator[Part]:
    voted = select(_CALL, CallRound.key.label("round"), Voter.cast_at, Voter.changed_at, Ballot.choices)
    rolls = (
        voted.join_from(Voter, CallRound, CallRound.id == Voter.round_id)
        .join(Call, Call.id == CallRound.call_id)
        .outerjoin(Ballot, (Ballot.round_id == Voter.round_id) & (Ballot.key == Voter.ballot))
    )
    yield Part("votes", rolls.where(Voter.account_id == id_).order_by(Voter.id))
    seat = (Juror.name, Juror.email, Juror.status, Juror.is_chair, Juror.skills, Juror.expertise, Juror.invited_at)
    seats = (
        select(_CALL, *seat).join(CallRound, CallRound.id == Juror.round_id).join(Call, Call.id == CallRound.call_id)
    )
    yield Part("juries", seats.where(Juror.account_id == id_).order_by(Juror.id))
    work = (Review.comment_panel, Review.comment_authors, Review.confidence, Review.saved_at, Review.submitted_at)
    reviews = (
        select(_PROPOSAL, Assignment.status, *work, ReviewScore.criterion, ReviewScore.score, ReviewScore.comment)
        .join_from(Assignment, Juror, Juror.id == Assignment.juror_id)
        .join(Proposal, Proposal.id == Assignment.proposal_id)
        .outerjoin(Review, Review.assignment_id == Assignment.id)
        .outerjoin(ReviewScore, ReviewScore.review_id == Review.id)
    )
    yield Part("reviews", reviews.where(Juror.account_id == id_).order_by(Assignment.id, ReviewScore.id))
    tie = select(_PROPOSAL, Conflict.kind, Conflict.source, Conflict.status, Conflict.reason, Conflict.at)
    ties = tie.join(Juror, Juror.id == Conflict.juror_id).join(Proposal, Proposal.id == Conflict.proposal_id)
    yield Part("conflicts", ties.where(Juror.account_id == id_).order_by(Conflict.id))
    stakes = select(_PROPOSAL, Exclusion.reason, Exclusion.at).join(Proposal, Proposal.id == Exclusion.proposal_id)
    yield Part("stakes", stakes.where(Exclusion.account_id == id_).order_by(Exclusion.id))
    remarks = select(_PROPOSAL, Remark.text, Remark.at).join(Proposal, Proposal.id == Remark.proposal_id)
    yield Part("panel_remarks", remarks.where(Remark.author_id == id_).order_by(Remark.id))


def _speaking(id_: int) -> Iterator[Part]:
    word = (Comment.body, Comment.created_at, Comment.edited_at, Comment.deleted_at, Comment.moderation)
    comments = select(_CALL, _PROPOSAL, *word).join_from(Comment, Call, Call.id == Comment.call_id)
    placed = comments.outerjoin(Proposal, Proposal.id == Comment.proposal_id)
    yield Part("comments", placed.where(Comment.author_id == id_).order_by(Comment.id))
    credited = (
        Credit.code,
        Credit.name,
        Credit.roles,
        Credit.share,
        Credit.issued_at,
        Credit.revoked_at,
        Credit.on_profile,
    )
    earned = select(_PROPOSAL, *credited).join(Credit.proposal)
    yield Part("credits", earned.where(Credit.account_id == id_).order_by(Credit.id))
    marked = select(_PROPOSAL, Contribution.role, Contribution.marked_at)
    marks = marked.join(Proposal, Proposal.id == Contribution.proposal_id).where(Contribution.account_id == id_)
    yield Part("credited_comments", marks.order_by(Contribution.id))
    signed = (
        Credential.public_id,
        Credential.token,
        Credential.issued_at,
        Credential.revoked_at,
        Credential.revoked_for,
    )
    yield Part("credentials", select(*signed).where(Credential.account_id == id_).order_by(Credential.id))
    about = select(Endorsement.text, Endorsement.at).join(Credit, Credit.id == Endorsement.credit_id)
    yield Part("endorsements_of_me", about.where(Credit.account_id == id_, Endorsement.removed_at.is_(None)))
    by_me = select(Endorsement.text, Endorsement.at, Endorsement.removed_at).where(Endorsement.author_id == id_)
    yield Part("endorsements_by_me", by_me.order_by(Endorsement.id))
    yield from _afterwards(id_)


def _afterwards(id_: int) -> Iterator[Part]:
    """Prizes, and what was said of a result or within the organization."""
    given = (Award.title, Award.thing, AwardPart.share, AwardPart.amount, Award.currency)
    became = (AwardPart.state, AwardPart.answer, AwardPart.answered_at, AwardPart.paid_at, AwardPart.reference)
    prizes = select(*given, *became).join(AwardPart.award).where(AwardPart.account_id == id_)
    yield Part("prizes", prizes.order_by(AwardPart.id))
    objected = (
        Objection.kind,
        Objection.text,
        Objection.evidence,
        Objection.status,
        Objection.answer,
        Objection.filed_at,
    )
    objections = select(_CALL, *objected).join(Call, Call.id == Objection.call_id)
    yield Part("objections", objections.where(Objection.author_id == id_).order_by(Objection.id))
    reports = select(Report.code, Report.text, Report.created_at, Report.decision).where(Report.reporter_id == id_)
    yield Part("reports_by_me", reports.order_by(Report.id))
    updates = select(_PROPOSAL, Update.text, Update.at).join(Proposal, Proposal.id == Update.proposal_id)
    yield Part("updates", updates.where(Update.author_id == id_).order_by(Update.id))
    notes = select(_PROPOSAL, Note.text, Note.at).join(Proposal, Proposal.id == Note.proposal_id)
    yield Part("notes_by_me", notes.where(Note.author_id == id_, Note.removed_at.is_(None)).order_by(Note.id))
    filters = select(SavedFilter.name, SavedFilter.query, SavedFilter.is_shared, SavedFilter.created_at)
    yield Part("saved_filters", filters.where(SavedFilter.owner_id == id_).order_by(SavedFilter.id))


def _told(account: Account) -> Iterator[Part]:
    letter = (Mail.kind, Mail.to_email, Mail.subject, Mail.text, Mail.status, Mail.created_at, Mail.sent_at)
    mine = or_(Mail.account_id == account.id, Mail.to_email == account.email)
    yield Part("mails", select(*letter).where(mine, Mail.has_secret.is_(False)).order_by(Mail.id))
    notice = (Notification.kind, Notification.data, Notification.path, Notification.created_at, Notification.read_at)
    notices = select(*notice).where(Notification.account_id == account.id, Notification.gone_at.is_(None))
    yield Part("notices", notices.order_by(Notification.id))
    chosen = select(Preference.kind, Preference.channel).where(Preference.account_id == account.id)
    yield Part("preferences", chosen.order_by(Preference.id))
    reached = select(Message.subject, Reach.state, Reach.at).join(Message, Message.id == Reach.message_id)
    yield Part("messages", reached.where(Reach.account_id == account.id).order_by(Reach.id))


def _acts(id_: int) -> Iterator[Part]:
    act = (Event.at, Event.kind, Event.source, Event.target, Event.reason)
    acts = select(*act, _CALL, _PROPOSAL).outerjoin(Call, Call.id == Event.call_id)
    placed = acts.outerjoin(Proposal, Proposal.id == Event.proposal_id)
    yield Part("acts", placed.where(Event.actor_id == id_).order_by(Event.id))


def files_of(session: Session, account: Account) -> list[tuple[str, str]]:
    """Name and storage key of everything uploaded by this person, and of their picture."""
    sent = session.execute(
        select(Attachment.public_id, Attachment.filename, Attachment.storage_key)
        .where(Attachment.uploaded_by_id == account.id)
        .order_by(Attachment.id)
    )
    files = [(f"{public_id}-{filename}", key) for public_id, filename, key in sent]
    picture = account.picture_key
    kind = (account.picture_type or "").rpartition("/")[2]
    return [*files, *([(f"picture.{kind}", picture)] if picture else [])]
