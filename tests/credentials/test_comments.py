"""A comment that changed a proposal earns whoever wrote it a credit."""

from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.conversation.models import Comment
from crowd.core.status import Outcome, ProposalStatus
from crowd.mailing.models import Mail
from crowd.proposals.actions.contributing import carry_contributions, return_contributions
from crowd.proposals.models import Contribution, Proposal
from crowd.selection.actions.holding import erase_person
from crowd.selection.models import Credit
from crowd.store.db import transaction, utc_now
from tests.conftest import AsUser, Drain
from tests.make import make_account, make_member, make_organization, make_proposal
from tests.selection.rows import decided_call, make_verdict
from tests.selection.test_publish import publish

pytestmark = pytest.mark.one_database


@dataclass(frozen=True)
class Talk:
    call: Call
    proposal: Proposal
    other: Proposal
    author: Account
    manager: Account
    writer: Account
    comment: Comment

    @property
    def address(self) -> str:
        return f"/comments/{self.comment.public_id}"


def written(proposal: Proposal, writer: Account, body: str = "Turn it to the sun") -> Comment:
    with transaction() as session:
        comment = Comment(
            call_id=proposal.call_id, proposal_id=proposal.id, author_id=writer.id, body=body, created_at=utc_now()
        )
        session.add(comment)
    return comment


@pytest.fixture
def talk(session: Session) -> Talk:
    organization = make_organization()
    manager, writer = make_member(organization), make_account("Wanda Helper")
    call, proposals = decided_call(organization)
    outcomes = (Outcome.SELECTED, Outcome.SELECTED, Outcome.RESERVE, Outcome.NOT_SELECTED)
    for proposal, outcome in zip(proposals, outcomes, strict=True):
        make_verdict(proposal, outcome, manager, reason="Because.")
    author = session.get_one(Account, proposals[0].lead_id)
    return Talk(call, proposals[0], proposals[1], author, manager, writer, written(proposals[0], writer))


def credits_of(session: Session, person: Account) -> list[tuple[str, str, list[str], int]]:
    session.expire_all()
    rows = session.execute(
        select(Proposal.title, Credit)
        .join(Proposal, Proposal.id == Credit.proposal_id)
        .where(Credit.account_id == person.id)
    )
    return [(title, row.name, list(row.roles), row.share) for title, row in rows]


def mark(as_user: AsUser, talk: Talk, role: str = "feedback", comment: Comment | None = None) -> int:
    address = f"/comments/{(comment or talk.comment).public_id}/credit"
    return as_user(talk.author).post(address, data={"role": role}).status_code


def test_whoever_wrote_it_is_told_and_credited_without_a_share_when_results_are_published(
    session: Session, as_user: AsUser, talk: Talk, drain: Drain
) -> None:
    assert mark(as_user, talk) == 303
    page = as_user(make_account()).get(f"/proposals/{talk.proposal.public_id}").text
    assert "The authors changed the text because of this." in page
    drain()
    letters = session.scalars(select(Mail.account_id).where(Mail.kind == "comment_credited")).all()
    assert letters == [talk.writer.id]
    assert publish(as_user(talk.manager), talk.call).status_code == 303
    assert credits_of(session, talk.writer) == [(talk.proposal.title, "Wanda Helper", ["feedback"], 0)]
    shares = session.scalars(select(Credit.share).where(Credit.proposal_id == talk.proposal.id)).all()
    assert sum(shares) == 10_000
    results = as_user(make_account()).get(f"/calls/{talk.call.public_id}/results").text
    assert "Wanda Helper" in results
    assert "Feedback that changed the text" in results
    profile = as_user(make_account()).get(f"/people/{talk.writer.public_id}").text
    assert "Feedback that changed the text" in profile


def test_several_comments_of_one_person_are_one_credit_with_all_they_gave(
    session: Session, as_user: AsUser, talk: Talk
) -> None:
    mark(as_user, talk)
    mark(as_user, talk, "idea", written(talk.proposal, talk.writer, "And a roof"))
    publish(as_user(talk.manager), talk.call)
    assert credits_of(session, talk.writer) == [(talk.proposal.title, "Wanda Helper", ["idea", "feedback"], 0)]


def test_the_credit_can_be_signed_like_any_other(session: Session, as_user: AsUser, talk: Talk) -> None:
    mark(as_user, talk, "idea")
    publish(as_user(talk.manager), talk.call)
    credit = session.scalars(select(Credit).where(Credit.account_id == talk.writer.id)).one()
    writer = as_user(talk.writer)
    answer = writer.post(f"/certificates/{credit.code}/credential", data={"consent": "y"})
    subject = writer.get(f"{answer.headers['Location']}.json").get_json()["credentialSubject"]
    assert (subject["role"], "result" in subject, "alignment" in subject["achievement"]) == ("Idea", False, False)
    assert "gave an idea or feedback to" in writer.get(f"/certificates/{credit.code}").text


def test_whoever_refuses_to_be_named_is_credited_as_a_contributor(
    session: Session, as_user: AsUser, talk: Talk, client: FlaskClient
) -> None:
    mark(as_user, talk)
    writer = as_user(talk.writer)
    assert "Do not name me for it" in writer.get(f"/proposals/{talk.proposal.public_id}").text
    assert writer.post(f"{talk.address}/be-unnamed").status_code == 303
    publish(as_user(talk.manager), talk.call)
    assert credits_of(session, talk.writer) == [(talk.proposal.title, "", ["feedback"], 0)]
    results = client.get(f"/calls/{talk.call.public_id}/results").text
    assert ("Wanda Helper" in results, "a contributor" in results) == (False, True)
    assert "Wanda Helper" in client.get(f"/proposals/{talk.proposal.public_id}").text  # beside the comment itself
    assert talk.proposal.title not in client.get(f"/people/{talk.writer.public_id}").text
    assert talk.proposal.title in writer.get(f"/people/{talk.writer.public_id}").text


def test_only_authors_credit_and_never_their_own_words(session: Session, as_user: AsUser, talk: Talk) -> None:
    own = written(talk.proposal, talk.author, "I agree with myself")
    answers = [
        as_user(person).post(f"{talk.address}/credit", data={"role": "idea"}).status_code
        for person in (talk.writer, talk.manager, make_account())
    ]
    assert answers == [403, 403, 403]
    assert mark(as_user, talk, comment=own) == 403
    assert mark(as_user, talk, "friend") == 422
    assert session.scalars(select(Contribution)).all() == []


@pytest.mark.both_databases
def test_a_credit_is_taken_back_until_results_are_published_and_not_after(
    session: Session, as_user: AsUser, talk: Talk
) -> None:
    mark(as_user, talk)
    author = as_user(talk.author)
    assert author.post(f"{talk.address}/uncredit").status_code == 303
    assert session.scalars(select(Contribution)).all() == []
    mark(as_user, talk)
    publish(as_user(talk.manager), talk.call)
    assert author.post(f"{talk.address}/uncredit").status_code == 403
    assert len(credits_of(session, talk.writer)) == 1


@pytest.mark.both_databases
def test_what_is_not_selected_credits_nobody(session: Session, as_user: AsUser, talk: Talk) -> None:
    lost = session.scalars(
        select(Proposal).where(Proposal.call_id == talk.call.id).order_by(Proposal.id.desc()).limit(1)
    ).one()
    comment = written(lost, talk.writer)
    author = session.get_one(Account, lost.lead_id)
    assert as_user(author).post(f"/comments/{comment.public_id}/credit", data={"role": "idea"}).status_code == 303
    publish(as_user(talk.manager), talk.call)
    assert session.get_one(Proposal, lost.id).status is not ProposalStatus.SELECTED
    assert credits_of(session, talk.writer) == []


def test_a_merge_carries_what_a_proposal_owes_and_its_undoing_brings_it_back(
    session: Session, as_user: AsUser, talk: Talk
) -> None:
    duplicate = make_proposal(talk.call, title="The same bench")
    comment = written(duplicate, talk.writer)
    author = session.get_one(Account, duplicate.lead_id)
    as_user(author).post(f"/comments/{comment.public_id}/credit", data={"role": "idea"})
    with transaction() as writing:
        moved = carry_contributions(writing, duplicate.id, talk.proposal.id)
    with transaction() as writing:
        return_contributions(writing, moved, duplicate.id)
    owed = select(Contribution.proposal_id)
    assert session.scalars(owed).all() == [duplicate.id]
    with transaction() as writing:
        carry_contributions(writing, duplicate.id, talk.proposal.id)
        writing.merge(duplicate).status = ProposalStatus.INELIGIBLE
    publish(as_user(talk.manager), talk.call)
    assert credits_of(session, talk.writer) == [(talk.proposal.title, "Wanda Helper", ["idea"], 0)]


def test_an_erased_writer_stays_credited_as_a_contributor(
    session: Session, as_user: AsUser, talk: Talk, client: FlaskClient
) -> None:
    mark(as_user, talk)
    publish(as_user(talk.manager), talk.call)
    with transaction() as writing:
        erase_person(writing, talk.writer.id, now=utc_now())
        writing.delete(writing.get_one(Account, talk.writer.id))
    results = client.get(f"/calls/{talk.call.public_id}/results").text
    assert ("Wanda Helper" in results, "a contributor" in results) == (False, True)
