"""Reviewers tied to proposals in every way that is looked for, and what a chair does about it."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.conversation.models import Comment
from crowd.core.conflicts import ConflictKind, ConflictSource, ConflictStatus
from crowd.core.rules import ConflictPolicy
from crowd.core.status import MemberStatus, OrganizationRole
from crowd.proposals.models import JoinRequest, Proposal, TeamMember
from crowd.reviews.models import Conflict, Juror
from crowd.reviews.queries import (
    found_ties,
    jury_with_accounts,
)
from crowd.store.db import transaction, utc_now
from tests.conftest import AsUser
from tests.make import (
    JURY,
    VOTE,
    make_account,
    make_call,
    make_juror,
    make_member,
    make_organization,
    make_proposal,
)
from tests.reviews.conftest import Scene, make_scene

FULL = {"score_0": "4", "score_1": "3", "act": "submit", "version": "0", "seen": "1"}
K = ConflictKind


def apart(scene: Scene) -> list[Account]:
    """The authors of the scene and a reviewer, each at a house of their own."""
    people = [*scene.authors, make_account("Noor Haddad")]
    with transaction(*people):
        for number, person in enumerate(people):
            person.email = person.email_folded = f"someone@house{number}.example"
    with transaction() as session:
        for member in session.scalars(select(TeamMember)):
            number = [author.id for author in scene.authors].index(member.account_id or 0)
            member.email = member.email_folded = f"someone@house{number}.example"
    return people


def ties(session: Session, scene: Scene) -> dict[str, set[ConflictKind]]:
    """Title → kinds, of everybody on the jury together."""
    session.expire_all()
    titles = {proposal.id: proposal.title for proposal in scene.proposals}
    found = found_ties(session, scene.round, jury_with_accounts(session, scene.round.id), list(titles))
    told: dict[str, set[ConflictKind]] = {}
    for (_juror, proposal_id), kinds in found.items():
        told.setdefault(titles[proposal_id], set()).update(kinds)
    return told


def kept(session: Session) -> set[tuple[int, int, ConflictKind, ConflictSource, ConflictStatus]]:
    session.expire_all()
    return {(c.juror_id, c.proposal_id, c.kind, c.source, c.status) for c in session.scalars(select(Conflict))}


def same_organization(reviewer: Account, scene: Scene) -> None:
    house = make_organization("The Gardeners")
    make_member(house, OrganizationRole.MEMBER, reviewer)
    make_member(house, OrganizationRole.MEMBER, scene.authors[0])


def same_domain(reviewer: Account, scene: Scene) -> None:
    with transaction(reviewer):
        reviewer.email = reviewer.email_folded = "noor@physics.house0.example"


def wrote_together(reviewer: Account, scene: Scene) -> None:
    earlier = make_proposal(make_call(), reviewer, title="An earlier one")
    place(earlier, scene.authors[0], MemberStatus.ACCEPTED)


def place(proposal: Proposal, account: Account, status: MemberStatus) -> None:
    with transaction() as session:
        session.add(
            TeamMember(
                proposal_id=proposal.id,
                account_id=account.id,
                name=account.name,
                email=account.email,
                email_folded=account.email_folded,
                share=0,
                status=status,
            )
        )


def asked_and_declined(reviewer: Account, scene: Scene) -> None:
    place(scene.proposals[0], reviewer, MemberStatus.DECLINED)


def invited_elsewhere(reviewer: Account, scene: Scene) -> None:
    place(make_proposal(make_call(), scene.authors[0], title="Another"), reviewer, MemberStatus.DECLINED)


def asked_to_join(reviewer: Account, scene: Scene) -> None:
    with transaction() as session:
        request = JoinRequest(proposal_id=scene.proposals[0].id, account_id=reviewer.id, message="", asked_at=utc_now())
        session.add(request)


def commented(reviewer: Account, scene: Scene) -> None:
    with transaction() as session:
        session.add(
            Comment(
                call_id=scene.call.id,
                proposal_id=scene.proposals[0].id,
                author_id=reviewer.id,
                body="Good",
                created_at=utc_now(),
            )
        )


def tied_scene(policy: ConflictPolicy) -> tuple[Scene, Juror]:
    """A reviewer who commented on the bench, in a round with this policy."""
    scene = make_scene(rounds=(VOTE, replace(JURY, conflict_policy=policy)))
    reviewer = apart(scene)[-1]
    juror = make_juror(scene.round, reviewer)
    commented(reviewer, scene)
    return scene, juror


def assign(scene: Scene, as_user: AsUser, juror: Juror, proposal: Proposal) -> int:
    page = f"{scene.url}/jurors/{juror.public_id}/assign"
    return as_user(scene.manager).post(page, data={"picked": proposal.public_id}).status_code


def judge(scene: Scene, as_user: AsUser, juror: Juror, act: str, kind: ConflictKind = K.COMMENT, **more: object) -> int:
    by = more.pop("by", scene.manager)
    tie = f"{juror.public_id}-{scene.proposals[0].public_id}-{kind}"
    data = {"act": act, "tie": tie, **more}
    return as_user(by).post(f"{scene.url}/ties?round=jury", data=data).status_code  # type: ignore[arg-type]
