"""Handing in, the receipt, versions, withdrawing."""

import hashlib
import json
import re
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.core.fields import AnswerKind, CustomField
from crowd.core.status import MemberStatus, ModerationState, ProposalStatus
from crowd.proposals.models import Declaration, Proposal, ProposalVersion, TeamMember
from crowd.proposals.views import handing_in
from crowd.store.db import transaction, utc_now
from crowd.store.models import Event, SearchDocument
from tests.conftest import AsUser, CountQueries
from tests.make import make_account, make_call, make_member, make_organization, make_proposal, make_rules
from tests.proposals.races import at_once, codes
from tests.proposals.test_writing import WORDS, hidden

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("session")]
ALL = {"declarations": ["0", "1"], "version": "1"}


@pytest.mark.both_databases
def test_handing_in_gives_a_number_a_time_and_a_hash_that_anyone_with_the_record_gets(
    as_user: AsUser, session: Session
) -> None:
    call, author = make_call(), make_account()
    make_proposal(call, title="The first one")
    draft = make_proposal(call, author, status=ProposalStatus.DRAFT)
    writer = as_user(author)
    page = writer.get(f"/proposals/{draft.public_id}/submit").text
    assert "I accept the licence." in page
    receipt = writer.post(f"/proposals/{draft.public_id}/submit", data=ALL, follow_redirects=True).text
    session.refresh(draft)
    session.refresh(call)
    assert (draft.status, draft.number, call.proposals_count) == (ProposalStatus.SUBMITTED, 2, 2)
    assert draft.receipt_sha256
    assert draft.receipt_sha256 in receipt
    assert "Being checked" in receipt
    record = writer.get(f"/proposals/{draft.public_id}/receipt/1.json").data
    assert hashlib.sha256(record).hexdigest() == draft.receipt_sha256
    assert json.loads(record)["version"]["title"] == draft.title
    declaration = session.scalars(select(Declaration)).one()
    assert declaration.items == ["This is my own work.", "I accept the licence."]
    assert declaration.rules_sha256 == call.rules_sha256
    kinds = session.scalars(select(Event.kind).where(Event.proposal_id == draft.id)).all()
    assert kinds == ["proposal:submitted"]
    assert session.scalars(select(SearchDocument.noun_id)).all() == [draft.id]


def test_without_screening_a_proposal_is_eligible_at_once(as_user: AsUser, session: Session) -> None:
    call, author = make_call(rules=make_rules(screening=False)), make_account()
    draft = make_proposal(call, author, status=ProposalStatus.DRAFT)
    as_user(author).post(f"/proposals/{draft.public_id}/submit", data=ALL)
    session.refresh(draft)
    assert draft.status is ProposalStatus.ELIGIBLE


@pytest.mark.parametrize("ticked", [[], ["0"], ["1"], ["0", "7"]])
def test_each_declaration_is_needed(as_user: AsUser, session: Session, ticked: list[str]) -> None:
    call, author = make_call(), make_account()
    draft = make_proposal(call, author, status=ProposalStatus.DRAFT)
    answer = as_user(author).post(f"/proposals/{draft.public_id}/submit", data={"declarations": ticked, "version": "1"})
    assert answer.status_code == 422
    assert '<a href="#declarations">' in answer.text
    session.refresh(draft)
    assert draft.status is ProposalStatus.DRAFT
    assert session.scalars(select(Declaration)).all() == []


def test_a_draft_with_a_missing_part_is_not_taken(as_user: AsUser, session: Session) -> None:
    call, author = make_call(rules=make_rules(asks_cost=True)), make_account()
    draft = make_proposal(call, author, status=ProposalStatus.DRAFT)
    writer = as_user(author)
    assert "3 of 4 there" in writer.get(f"/proposals/{draft.public_id}/submit").text
    assert writer.post(f"/proposals/{draft.public_id}/submit", data=ALL).status_code == 422
    session.refresh(draft)
    assert (draft.status, draft.number) == (ProposalStatus.DRAFT, None)


def test_an_unverified_author_is_told_why_handing_in_waits(as_user: AsUser, session: Session) -> None:
    call, author = make_call(), make_account(verified=False)
    draft = make_proposal(call, author, status=ProposalStatus.DRAFT)
    writer = as_user(author)
    assert "Confirm your e-mail address first" in writer.get(f"/proposals/{draft.public_id}/submit").text
    assert writer.post(f"/proposals/{draft.public_id}/submit", data=ALL).status_code == 409
    session.refresh(draft)
    assert draft.status is ProposalStatus.DRAFT


def test_what_is_handed_in_is_what_was_on_the_screen(as_user: AsUser, session: Session) -> None:
    call, author = make_call(), make_account()
    draft = make_proposal(call, author, status=ProposalStatus.DRAFT)
    writer = as_user(author)
    shown = hidden(writer.get(f"/proposals/{draft.public_id}/submit").text, "version")
    writer.post(f"/proposals/{draft.public_id}/edit", data=WORDS | {"version": "1"})
    answer = writer.post(f"/proposals/{draft.public_id}/submit", data=ALL | {"version": shown})
    assert answer.status_code == 409
    assert "The draft was changed meanwhile." in answer.text
    session.refresh(draft)
    assert draft.status is ProposalStatus.DRAFT


def test_pressed_twice_at_once_it_is_handed_in_once(as_user: AsUser, session: Session) -> None:
    call, author = make_call(), make_account()
    draft = make_proposal(call, author, status=ProposalStatus.DRAFT)
    here, clients = f"/proposals/{draft.public_id}", [as_user(author) for _ in range(4)]
    answers = at_once(*(partial(client.post, f"{here}/submit", data=ALL) for client in clients))
    assert codes(answers) == [303] * 4
    assert {answer.headers["Location"] for answer in answers} == {f"{here}/receipt"}
    session.refresh(call)
    assert (call.last_number, call.proposals_count) == (1, 1)
    assert session.scalars(select(ProposalVersion.number)).all() == [1]
    assert len(session.scalars(select(Declaration)).all()) == 1


def test_numbers_are_given_once_each_when_many_hand_in_at_once(as_user: AsUser, session: Session) -> None:
    call, people = make_call(), [make_account() for _ in range(5)]
    keys = [make_proposal(call, person, status=ProposalStatus.DRAFT).public_id for person in people]
    clients = [as_user(person) for person in people]
    answers = at_once(
        *(partial(c.post, f"/proposals/{key}/submit", data=ALL) for c, key in zip(clients, keys, strict=True))
    )
    assert codes(answers) == [303] * 5
    assert sorted(session.scalars(select(Proposal.number))) == [1, 2, 3, 4, 5]  # type: ignore[type-var]
    session.refresh(call)
    assert call.proposals_count == 5


def test_the_deadline_is_the_clock_after_the_lock(
    as_user: AsUser, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page was loaded and even the request began in time: what counts is when its turn came."""
    call, author = make_call(), make_account()
    draft = make_proposal(call, author, status=ProposalStatus.DRAFT)
    late = utc_now() + timedelta(days=30)
    monkeypatch.setattr(handing_in, "utc_now", lambda: late)
    answer = as_user(author).post(f"/proposals/{draft.public_id}/submit", data=ALL)
    assert answer.status_code == 409
    assert "Your draft is kept; it was not handed in." in answer.text
    session.refresh(draft)
    assert (draft.status, draft.number) == (ProposalStatus.DRAFT, None)


def test_two_editors_at_once_one_is_saved_the_other_sees_both(as_user: AsUser, session: Session) -> None:
    call, author = make_call(), make_account()
    draft = make_proposal(call, author, status=ProposalStatus.DRAFT)
    address, clients = f"/proposals/{draft.public_id}/edit", [as_user(author) for _ in range(2)]
    answers = at_once(
        *(
            partial(client.post, address, data=WORDS | {"title": title, "version": "1"})
            for client, title in zip(clients, ("One title", "Another title"), strict=True)
        )
    )
    assert codes(answers) == [303, 409]
    loser = next(answer for answer in answers if answer.status_code == 409)
    assert "<ins>" in loser.text
    session.refresh(draft)
    assert draft.version == 2


def test_the_history_shows_what_changed_between_any_two_versions(as_user: AsUser) -> None:
    call, author = make_call(), make_account("Noa Bauer")
    proposal = make_proposal(call, author, status=ProposalStatus.SUBMITTED)
    writer = as_user(author)
    base = {"title": proposal.title, "summary": proposal.summary, "language": "en"}
    writer.post(f"/proposals/{proposal.public_id}/edit", data=base | {"body": "The oak stands alone.", "version": "1"})
    writer.post(f"/proposals/{proposal.public_id}/edit", data=base | {"body": "The lime stands alone.", "version": "2"})
    newest = writer.get(f"/proposals/{proposal.public_id}/history").text
    assert "From version 2 to version 3" in newest
    assert "<del> oak</del><ins> lime</ins>" in newest
    first = writer.get(f"/proposals/{proposal.public_id}/history?from=1&to=3").text
    assert "From version 1 to version 3" in first
    assert "<del> tree</del><ins> lime</ins>" in first
    assert "<bdi>Noa Bauer</bdi>" in first


def test_the_history_tells_a_file_that_was_replaced_by_another_of_its_name_and_another_language(
    as_user: AsUser, session: Session
) -> None:
    plan = CustomField("plan", AnswerKind.FILE, "A plan of it")
    author = make_account("Noa Bauer")
    proposal = make_proposal(
        make_call(rules=make_rules(custom_fields=(plan,))), author, status=ProposalStatus.SUBMITTED
    )
    first, second = ({"id": "x", "name": "plan.pdf", "size": 4, "sha256": sign * 64} for sign in ("a", "b"))
    with transaction() as writing:
        for number, file, language in ((2, first, "en"), (3, second, "es")):
            text = {"title": proposal.title, "summary": "", "body": "", "language": language}
            version = ProposalVersion(
                proposal_id=proposal.id, number=number, at=utc_now(), files=[file], answers={"plan": file}, **text
            )
            writing.add(version)
    page = as_user(author).get(f"/proposals/{proposal.public_id}/history").text
    plain = re.sub(r"<[^>]+>", "", page)
    assert plain.count("aaaaaaaaaaaa") == plain.count("bbbbbbbbbbbb") == 2  # among the files and as the answer
    assert "<del>English</del>" in page
    assert "<ins>Spanish</ins>" in page


def test_the_timeline_begins_with_where_the_proposal_stands(as_user: AsUser) -> None:
    call, author = make_call(), make_account()
    draft = make_proposal(call, author, status=ProposalStatus.DRAFT)
    writer = as_user(author)
    assert "Hand in" in writer.get(f"/proposals/{draft.public_id}").text
    writer.post(f"/proposals/{draft.public_id}/submit", data=ALL)
    page = writer.get(f"/proposals/{draft.public_id}").text
    places = [
        page.index(word) for word in ("<b>Received</b>", "<b>Being checked</b>", "<b>Vote</b>", "<b>Decision</b>")
    ]
    assert places == sorted(places)


@pytest.mark.both_databases
def test_a_withdrawn_proposal_leaves_the_count_and_the_public(as_user: AsUser, session: Session) -> None:
    call, author = make_call(), make_account()
    proposal = make_proposal(call, author)
    reader, writer = as_user(make_account()), as_user(author)
    assert reader.get(f"/proposals/{proposal.public_id}").status_code == 200
    assert "not counted" in writer.get(f"/proposals/{proposal.public_id}/withdraw").text
    assert writer.post(f"/proposals/{proposal.public_id}/withdraw", data={"reason": "We moved."}).status_code == 303
    session.refresh(proposal)
    session.refresh(call)
    assert (proposal.status, call.proposals_count) == (ProposalStatus.WITHDRAWN, 0)
    event = session.scalars(select(Event).where(Event.kind == "proposal:withdrawn")).one()
    assert (event.reason, event.source, event.target) == ("We moved.", "eligible", "withdrawn")
    assert reader.get(f"/proposals/{proposal.public_id}").status_code == 404
    assert "We moved." in writer.get(f"/proposals/{proposal.public_id}").text
    assert writer.post(f"/proposals/{proposal.public_id}/withdraw", data={}).status_code in {403, 409}


def test_withdrawn_in_a_round_it_stays_to_be_seen(as_user: AsUser, session: Session) -> None:
    call, author = make_call(), make_account()
    proposal = make_proposal(call, author)
    with transaction(proposal):
        proposal.in_round = True
    as_user(author).post(f"/proposals/{proposal.public_id}/withdraw", data={})
    page = as_user(make_account()).get(f"/proposals/{proposal.public_id}")
    assert page.status_code == 200
    assert "data-withdrawn" in page.text


def test_a_hidden_proposal_leaves_a_tombstone_where_it_could_be_seen(as_user: AsUser, session: Session) -> None:
    organization = make_organization()
    call, author = make_call(organization), make_account()
    proposal = make_proposal(call, author, title="Words nobody should read")
    draft = make_proposal(call, status=ProposalStatus.DRAFT)
    with transaction(proposal, draft):
        proposal.moderation = draft.moderation = ModerationState.HIDDEN
        proposal.hidden_reason = draft.hidden_reason = "Spam."
    stranger = as_user(make_account())
    tombstone = stranger.get(f"/proposals/{proposal.public_id}")
    assert tombstone.status_code == 410
    assert "A moderator hid it" in tombstone.text
    assert "Words nobody" not in tombstone.text
    assert stranger.get(f"/proposals/{draft.public_id}").status_code == 404
    for insider in (author, make_member(organization)):
        assert "Words nobody should read" in as_user(insider).get(f"/proposals/{proposal.public_id}").text


def test_only_the_lead_deletes_a_draft_and_nobody_what_was_handed_in(as_user: AsUser, session: Session) -> None:
    call, author = make_call(), make_account()
    draft = make_proposal(call, author, status=ProposalStatus.DRAFT)
    sent = make_proposal(call, author)
    writer = as_user(author)
    assert as_user(make_account()).post(f"/proposals/{draft.public_id}/delete").status_code == 404
    assert writer.post(f"/proposals/{sent.public_id}/delete").status_code == 403
    assert writer.post(f"/proposals/{draft.public_id}/delete").status_code == 303
    assert session.scalars(select(Proposal.id)).all() == [sent.id]


def test_receipts_are_for_the_team_only(as_user: AsUser) -> None:
    organization = make_organization()
    call: Call = make_call(organization)
    proposal = make_proposal(call)
    for person in (make_account(), make_member(organization)):
        assert as_user(person).get(f"/proposals/{proposal.public_id}/receipt").status_code == 403
        assert as_user(person).get(f"/proposals/{proposal.public_id}/receipt/1.json").status_code == 403


def test_the_page_asks_the_same_of_the_database_for_one_member_and_three(
    as_user: AsUser, session: Session, count_queries: CountQueries
) -> None:
    reader, asked = as_user(make_account()), []
    for size in (1, 3):
        proposal = make_proposal(make_call())
        with transaction() as db_session:
            for number in range(size):
                person = Account(
                    email=f"m{size}{number}@example.org",
                    email_folded=f"m{size}{number}@example.org",
                    name="Member",
                    unsubscribe_key="u",
                    created_at=utc_now(),
                )
                db_session.add(person)
                db_session.flush()
                db_session.add(
                    TeamMember(
                        proposal_id=proposal.id,
                        account_id=person.id,
                        name="Member",
                        email=person.email,
                        email_folded=person.email_folded,
                        share=0,
                        status=MemberStatus.ACCEPTED,
                    )
                )
                db_session.add(
                    ProposalVersion(
                        proposal_id=proposal.id, number=number + 2, at=utc_now(), title="T", summary="S", body="B"
                    )
                )
        with count_queries() as statements:
            page = reader.get(f"/proposals/{proposal.public_id}").text
        assert page.count('<b><span class="who">') + page.count('<b><a class="who"') == size + 1
        asked.append(len(statements))
    assert asked[0] == asked[1]
