"""Somebody who was everywhere: author, juror, voter, manager, commenter, winner of a prize."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from werkzeug.routing import Rule

from crowd.accounts.models import Account
from crowd.awards.models import Award
from crowd.calls.models import Call, CallInvitation, LatePermit, ScheduleShift
from crowd.conversation.models import Comment
from crowd.core.reach import Group
from crowd.core.status import (
    InvitationKind,
    JurorStatus,
    MemberStatus,
    ModerationCode,
    ObjectionKind,
    OrganizationRole,
    Outcome,
    ProposalStatus,
    StageKind,
)
from crowd.credentials.models import Credential
from crowd.desk.models import Colleague, Note, SavedFilter
from crowd.followups.models import Update
from crowd.messages.models import Message, Reach
from crowd.moderation.models import Report
from crowd.objections.models import Objection
from crowd.organizations.models import Organization, OrganizationInvitation
from crowd.proposals.models import BehalfEntry, Exclusion, JoinRequest, Proposal, TeamMember
from crowd.reviews.models import Assignment, Juror, Remark
from crowd.rounds.models import CallRound
from crowd.selection.models import Credit, Endorsement, LetterEdit
from crowd.store.db import db, transaction, utc_now
from crowd.voting.models import Elector
from tests.conftest import AsUser, Drain
from tests.make import (
    JURY,
    VOTE,
    make_account,
    make_assignment,
    make_call,
    make_juror,
    make_member,
    make_organization,
    make_proposal,
    make_rules,
    open_all,
)
from tests.selection.rows import decided_call, make_verdict
from tests.selection.test_publish import publish

NAME, EMAIL = "Zenobia Quill", "zenobia-quill@example.org"
WORDS = ("Zenobia", "zenobia-quill")
BODY = "I would put it under the lime."


@dataclass(frozen=True)
class Scene:
    """`person` leads the winner of `decided` with `partner`, votes in `voting`, reviews in `reviewing`, writes in `writing`."""

    person: Account
    owner: Account
    admin: Account
    partner: Account
    organization: Organization
    decided: Call
    voting: Call
    reviewing: Call
    writing: Call
    won: Proposal
    alone: Proposal
    shared: Proposal
    draft: Proposal
    shared_draft: Proposal
    juror: Juror
    begun: Assignment
    open_round: CallRound

    def values(self, rule: Rule) -> dict[str, list[Any]]:
        """What may stand in the places of an address."""
        session = db.session()
        calls = [call.public_id for call in (self.decided, self.voting, self.reviewing, self.writing)]
        proposals = [one.public_id for one in (self.won, self.shared, self.alone)]
        of: dict[str, list[str]] = {
            "calls": calls,
            "proposals": proposals,
            "people": [self.person.public_id, self.partner.public_id],
            "comments": list(session.scalars(select(Comment.public_id))),
            "credentials": list(session.scalars(select(Credential.public_id))),
            "endorsements": list(session.scalars(select(Endorsement.public_id))),
            "issuers": [self.organization.public_id],
            "objections": list(session.scalars(select(Objection.public_id))),
            "admin": [self.owner.public_id],
        }
        first = rule.rule.split("/")[1]
        return {
            "public_id": of.get(first, calls),
            "slug": [self.organization.slug],
            "code": list(session.scalars(select(Credit.code))),
            "key": ["crowd", "jury"],
            "juror_id": [self.juror.public_id],
            "proposal_id": proposals,
            "award": list(session.scalars(select(Award.public_id))),
            "person": [self.partner.public_id],
            "number": [1],
            "kind": ["csv", "xlsx"],
        }


def make_everywhere(as_user: AsUser, drain: Drain) -> Scene:
    organization = make_organization()
    owner = make_member(organization, OrganizationRole.OWNER)
    person, partner = make_account(NAME, email=EMAIL), make_account("Noor Haddad")
    with transaction(person):
        person.bio, person.orcid = "Zenobia draws benches.", "0000-0002-1825-0097"
    decided, won = _decided(organization, owner, person, partner, as_user)
    make_member(organization, account=person)
    voting = make_call(organization, replace(make_rules(StageKind.VOTING), rounds=(replace(VOTE, secret=False), JURY)))
    candidates = [make_proposal(voting, title=f"Candidate {number}") for number in (1, 2)]
    open_round = open_all(voting)
    as_user(person).post(
        f"/calls/{voting.public_id}/vote/cast?round=crowd", data={"support": [candidates[0].public_id]}
    )
    reviewing = make_call(organization, make_rules(StageKind.REVIEW))
    reviewed = [make_proposal(reviewing, title=f"Reviewed {number}") for number in (1, 2)]
    jury = open_all(reviewing, "jury")
    juror = make_juror(jury, person, name=NAME, email="quill@elsewhere.example", chair=True)
    make_juror(jury, name="", email=EMAIL, status=JurorStatus.INVITED)  # once more, under the address of the account
    make_assignment(juror, reviewed[0], scores={"benefit": 3, "feasible": 3}, panel="Sound.")
    begun = make_assignment(juror, reviewed[1])
    writing = make_call(make_organization("Town Hall"))
    alone = make_proposal(writing, person, title="Alone", status=ProposalStatus.SUBMITTED)
    shared = _with(make_proposal(writing, person, title="Shared", status=ProposalStatus.SUBMITTED), partner)
    draft = make_proposal(writing, person, title="A draft", status=ProposalStatus.DRAFT)
    shared_draft = _with(make_proposal(writing, person, title="Our draft", status=ProposalStatus.DRAFT), partner)
    scene = Scene(
        person=person,
        owner=owner,
        admin=make_account("Site Admin", admin=True),
        partner=partner,
        organization=organization,
        decided=decided,
        voting=voting,
        reviewing=reviewing,
        writing=writing,
        won=won,
        alone=alone,
        shared=shared,
        draft=draft,
        shared_draft=shared_draft,
        juror=juror,
        begun=begun,
        open_round=open_round,
    )
    _words(scene, as_user)
    _rows(scene, jury)
    drain()
    return scene


def _decided(
    organization: Organization, owner: Account, person: Account, partner: Account, as_user: AsUser
) -> tuple[Call, Proposal]:
    decided, proposals = decided_call(organization)
    won = proposals[0]
    with transaction(won) as session:
        won.lead_id = person.id
        place = session.scalars(select(TeamMember).where(TeamMember.proposal_id == won.id)).one()
        place.account_id, place.name, place.email, place.email_folded = person.id, NAME, EMAIL, EMAIL
        place.share = 6_667
    _with(won, partner, share=3_333)
    outcomes = (Outcome.SELECTED, Outcome.SELECTED, Outcome.RESERVE, Outcome.NOT_SELECTED)
    for proposal, outcome in zip(proposals, outcomes, strict=True):
        make_verdict(proposal, outcome, owner)
    assert publish(as_user(owner), decided).status_code == 303
    return decided, won


def _with(proposal: Proposal, mate: Account, *, share: int = 0) -> Proposal:
    with transaction() as session:
        session.add(
            TeamMember(
                proposal_id=proposal.id,
                account_id=mate.id,
                name=mate.name,
                email=mate.email,
                email_folded=mate.email_folded,
                share=share,
                position=1,
                status=MemberStatus.ACCEPTED,
            )
        )
    return proposal


def _words(scene: Scene, as_user: AsUser) -> None:
    """What is written through the pages."""
    mine, theirs = as_user(scene.person), as_user(scene.owner)
    for place in (f"/calls/{scene.voting.public_id}", f"/proposals/{scene.won.public_id}"):
        assert mine.post(f"{place}/comments", data={"body": BODY}).status_code == 303
    code = db.session.scalars(select(Credit.code).where(Credit.account_id == scene.person.id)).one()
    other = db.session.scalars(select(Credit.code).where(Credit.account_id == scene.partner.id)).one()
    assert mine.post(f"/certificates/{code}/credential", data={"consent": "y"}).status_code == 303
    assert mine.post(f"/certificates/{other}/endorse", data={"text": "Noor drew it."}).status_code == 303
    assert theirs.post(f"/certificates/{code}/endorse", data={"text": "Zenobia held it together."}).status_code == 303
    prize = {"title": "First prize", "amount": "1000.00", "currency": "EUR", "thing": "", "is_public": "y"}
    assert theirs.post(f"/proposals/{scene.won.public_id}/awards/give", data=prize).status_code == 303
    invited = {"email": "fresh@example.org", "name": "Fresh", "roles": ["software"]}
    mine.post(f"/proposals/{scene.draft.public_id}/team/invite", data=invited)


def _rows(scene: Scene, jury: CallRound) -> None:
    """What else an organization keeps of somebody."""
    person, now, call = scene.person.id, utc_now(), scene.writing.id
    some = make_proposal(scene.writing, title="Somebody's")
    entered = make_proposal(scene.writing, title="On paper")
    with transaction() as session:
        message = Message(
            call_id=call,
            by_id=person,
            to_group=next(iter(Group)),
            is_service=True,
            subject="Hello",
            body="Soon.",
            per_minute=60,
            started_at=now,
        )
        session.add(message)
        session.flush()
        session.add_all(
            [
                Update(proposal_id=scene.won.id, author_id=person, by_team=True, text="The oak is here.", at=now),
                Objection(
                    call_id=scene.decided.id,
                    author_id=person,
                    kind=next(iter(ObjectionKind)),
                    text="A sum is wrong.",
                    is_public=True,
                    filed_at=now,
                ),
                Report(
                    call_id=call,
                    proposal_id=some.id,
                    thing=f"proposal:{some.id}",
                    reporter_id=person,
                    code=ModerationCode.SPAM,
                    text="Twice.",
                    created_at=now,
                ),
                Reach(message_id=message.id, account_id=person),
                LatePermit(
                    call_id=call,
                    account_id=person,
                    email=EMAIL,
                    email_folded=EMAIL,
                    reason="Zenobia was ill.",
                    until=now,
                    given_at=now,
                ),
                CallInvitation(call_id=call, kind=InvitationKind.ADDRESS, email=EMAIL, email_folded=EMAIL, made_at=now),
                OrganizationInvitation(
                    organization_id=scene.organization.id,
                    email=EMAIL.upper(),
                    role=OrganizationRole.MEMBER,
                    token_hash="t",
                    created_at=now,
                    expires_at=now,
                ),
                ScheduleShift(
                    call_id=scene.voting.id, act="extend", at=now, by_id=person, reason="Snow.", before={}, after={}
                ),
                Elector(round_id=scene.open_round.id, email=EMAIL, email_folded=EMAIL, added_at=now),
                JoinRequest(proposal_id=some.id, account_id=person, message="I am Zenobia.", asked_at=now),
                Exclusion(proposal_id=some.id, account_id=person, reason="Zenobia's brother.", at=now),
                Note(proposal_id=some.id, author_id=person, text="Ask again.", at=now),
                Colleague(proposal_id=some.id, account_id=person, at=now),
                SavedFilter(
                    organization_id=scene.organization.id, owner_id=person, name="Mine", query={}, created_at=now
                ),
                Remark(
                    round_id=jury.id, proposal_id=scene.begun.proposal_id, author_id=person, text="Why not?", at=now
                ),
                LetterEdit(proposal_id=scene.won.id, account_id=person, text="Dear Zenobia", verdict_version=1, at=now),
                BehalfEntry(
                    proposal_id=entered.id,
                    name=NAME,
                    email=EMAIL,
                    contact="Quill Street 3",
                    consent="Zenobia signed.",
                    at=now,
                ),
            ]
        )
