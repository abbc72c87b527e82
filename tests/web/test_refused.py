"""A page that refuses what somebody sent shows the words, so that they can be copied, and keeps them in this browser."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.conversation.models import Comment
from crowd.core.status import AssignmentStatus, CallStatus, MemberStatus, ModerationState, OrganizationRole, StageKind
from crowd.core.status import ProposalStatus as S
from crowd.organizations.models import Membership
from crowd.proposals.models import TeamMember, VisitorDraft
from crowd.reviews.models import Review
from crowd.store.db import Base, transaction
from tests.conftest import AsUser
from tests.filling import fields_of
from tests.make import (
    make_account,
    make_assignment,
    make_call,
    make_juror,
    make_member,
    make_organization,
    make_proposal,
    open_all,
)

pytestmark = pytest.mark.one_database

WORDS = "Four evenings of writing about oak, frogs and a lamp that reads aloud."
Case = tuple[Account, str, dict[str, str], Callable[[], None]]
"""Who writes, where it is sent, what, and what happens meanwhile."""


def lose_role(account: Account) -> None:
    with transaction() as session:
        session.execute(delete(Membership).where(Membership.account_id == account.id))


def a_removed_co_author() -> Case:
    proposal = make_proposal(make_call(), make_account(), status=S.SUBMITTED)
    writer = make_account("Luis Paz")
    member = {"proposal_id": proposal.id, "account_id": writer.id, "name": "Luis", "share": 0}
    address = {"email": writer.email, "email_folded": writer.email_folded}
    with transaction() as session:
        session.add(TeamMember(**member, **address, status=MemberStatus.ACCEPTED))

    def remove() -> None:
        with transaction() as session:
            mine = TeamMember.account_id == writer.id
            session.execute(update(TeamMember).where(mine).values(status=MemberStatus.REMOVED))

    return writer, f"/proposals/{proposal.public_id}/edit", {"title": "Oak", "body": WORDS, "version": "1"}, remove


def a_comment_on_what_was_hidden() -> Case:
    proposal = make_proposal(make_call(), status=S.SUBMITTED)

    def hide() -> None:
        with transaction(proposal):
            proposal.moderation, proposal.hidden_reason = ModerationState.HIDDEN, "Spam."

    return make_account(), f"/proposals/{proposal.public_id}/comments", {"body": WORDS}, hide


def a_moderator_without_the_role() -> Case:
    organization = make_organization()
    proposal = make_proposal(make_call(organization, open_stage=StageKind.SCREENING), status=S.SUBMITTED)
    moderator = make_member(organization, OrganizationRole.MODERATOR)
    data = {"act": "find_ineligible", "code": "other", "text": WORDS}
    return moderator, f"/proposals/{proposal.public_id}/screen", data, lambda: lose_role(moderator)


def a_manager_who_left_while_writing_the_call() -> Case:
    organization = make_organization()
    call = make_call(organization, status=CallStatus.DRAFT)
    manager = make_member(organization)
    return manager, f"/calls/{call.public_id}/edit/task", {"body": WORDS, "version": "1"}, lambda: lose_role(manager)


def a_reason_of_a_manager_without_the_role() -> Case:
    organization = make_organization()
    proposal = make_proposal(make_call(organization, open_stage=StageKind.SELECTION))
    manager = make_member(organization)
    data = {"outcome": "selected", "reason": WORDS, "version": "0"}
    return manager, f"/proposals/{proposal.public_id}/verdict", data, lambda: lose_role(manager)


def a_review_taken_away() -> Case:
    call = make_call(open_stage=StageKind.REVIEW)
    proposal, juror = make_proposal(call), make_account("Mika Halonen")
    assignment = make_assignment(make_juror(open_all(call, "jury"), juror), proposal, status=AssignmentStatus.ASSIGNED)

    def take() -> None:
        with transaction(assignment):
            assignment.status = AssignmentStatus.WITHDRAWN

    return juror, f"/reviews/{assignment.public_id}", {"panel": WORDS, "version": "0"}, take


@pytest.mark.parametrize(
    "case",
    [
        a_removed_co_author,
        a_comment_on_what_was_hidden,
        a_moderator_without_the_role,
        a_manager_who_left_while_writing_the_call,
        a_reason_of_a_manager_without_the_role,
        a_review_taken_away,
    ],
)
def test_what_was_typed_is_shown_and_kept_by_the_page_that_refuses_it(
    app: Flask, session: Session, as_user: AsUser, case: Callable[[], Case]
) -> None:
    person, address, data, meanwhile = case()
    client = as_user(person)
    meanwhile()
    answer = client.post(address, data=data)
    assert answer.status_code in {403, 404, 409}
    assert re.findall(r"<textarea[^>]*readonly>([^<]*)</textarea>", answer.text) == [WORDS]
    way = re.search(r'href="(/kept/[^"]+)"', answer.text)
    assert way
    assert WORDS in client.get(way[1]).text
    assert app.test_client().get(way[1]).status_code == 404


LINE, LINES = "Oak, frogs & a <b>lamp</b> that reads “aloud”: 2,5 € each.", 80
LONG = "\n".join([LINE] * LINES)
Writing = tuple[Account | None, str, str, str, type[Base]]
"""Who writes (None: a visitor), the page of the form, where it is sent, the field of the text, what is stored of it."""


def a_visitors_proposal() -> Writing:
    page = f"/calls/{make_call().public_id}/propose"
    return None, page, page, "body", VisitorDraft


def a_comment() -> Writing:
    page = f"/proposals/{make_proposal(make_call(), status=S.SUBMITTED).public_id}"
    return make_account(), page, f"{page}/comments", "body", Comment


def a_review() -> Writing:
    call = make_call(open_stage=StageKind.REVIEW)
    proposal, juror = make_proposal(call), make_account("Mika Halonen")
    assignment = make_assignment(make_juror(open_all(call, "jury"), juror), proposal, status=AssignmentStatus.ASSIGNED)
    page = f"/reviews/{assignment.public_id}"
    return juror, page, page, "panel", Review


@pytest.mark.parametrize("writing", [a_visitors_proposal, a_comment, a_review])
@pytest.mark.parametrize("token", ["", "stale"])
def test_a_text_that_outlived_its_form_token_is_shown_and_stored_by_one_more_press(
    app: Flask, session: Session, as_user: AsUser, writing: Callable[[], Writing], token: str
) -> None:
    person, page, action, name, stored = writing()
    client = as_user(person) if person else app.test_client()
    app.config["WTF_CSRF_ENABLED"] = True
    count = select(func.count()).select_from(stored)
    form = fields_of(client.get(page).text, action)
    answer = client.post(action, data=form | {name: LONG, "csrf_token": token})
    assert answer.status_code == 400
    assert "Nothing was stored yet; what you wrote is here." in answer.text
    assert session.scalar(count) == 0
    again = fields_of(answer.text, action)
    assert again[name] == LONG
    assert client.post(action, data=again).status_code == 303
    (row,) = session.scalars(select(stored))
    words = " ".join(str(getattr(row, column.key)) for column in stored.__table__.columns)
    assert words.count(LINE) == LINES


def test_a_refusal_without_words_keeps_nothing(as_user: AsUser, session: Session) -> None:
    answer = as_user(make_account()).post("/proposals/222222222222/withdraw", data={"version": "1"})
    assert answer.status_code == 404
    assert "readonly" not in answer.text


def test_what_is_too_large_is_refused_in_words_with_the_limit_and_a_way_back(
    as_user: AsUser, session: Session, app: Flask
) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 2 * 1024 * 1024
    proposal = make_proposal(make_call(), author := make_account(), status=S.DRAFT)
    address, body = f"/proposals/{proposal.public_id}/edit", BytesIO(b"x" * 3 * 1024 * 1024)
    kind = {"content_type": "multipart/form-data; boundary=x", "content_length": 3 * 1024 * 1024}
    answer = as_user(author).post(address, input_stream=body, **kind)
    assert body.read() == b"", "a browser that is still sending sees a broken connection"
    assert answer.status_code == 413
    assert "larger than 2 MB in all" in answer.text
    assert "Press Back in your browser" in answer.text
