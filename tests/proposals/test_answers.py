"""Custom fields through the pages: written, handed in, asked again later, fixed, and read only by whom they are meant for."""

import io
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.core.fields import AnswerKind, Counted, CustomField, SeenBy
from crowd.core.status import OrganizationRole, ProposalStatus, StageKind
from crowd.organizations.models import Organization
from crowd.proposals.models import Attachment, Proposal, ProposalVersion
from crowd.store.db import transaction, utc_now
from crowd.store.models import SearchDocument
from tests.conftest import AsUser, CountQueries
from tests.files.test_checking import PDF
from tests.make import (
    make_account,
    make_assignment,
    make_call,
    make_juror,
    make_member,
    make_organization,
    make_proposal,
    make_rules,
    move_stages,
    open_all,
    round_row,
)

pytestmark = pytest.mark.usefixtures("session")

FIELDS = (
    CustomField("place", AnswerKind.SHORT, "Where exactly?", required=True, longest=40),
    CustomField("why", AnswerKind.LONG, "Why there?", longest=5, counted=Counted.WORDS),
    CustomField("light", AnswerKind.CHOICE, "How much light?", choices=("Sun", "Shade")),
    CustomField("uses", AnswerKind.CHOICES, "What for?", choices=("Reading", "Play", "Rest"), most_choices=2),
    CustomField("size", AnswerKind.NUMBER, "Square metres", least="1", most="500", decimals=1),
    CustomField("ready", AnswerKind.DATE, "Ready by", least="2026-01-01"),
    CustomField("site", AnswerKind.LINK, "A page about it"),
    CustomField("plan", AnswerKind.FILE, "A plan", seen_by=SeenBy.REVIEWERS),
    CustomField("risk", AnswerKind.SHORT, "Main risk", seen_by=SeenBy.REVIEWERS),
    CustomField("phone", AnswerKind.SHORT, "Telephone", seen_by=SeenBy.ORGANIZERS, frozen_from="voting"),
    CustomField(
        "iban", AnswerKind.SHORT, "Account", required_from="voting", frozen_from="results", seen_by=SeenBy.ORGANIZERS
    ),
)
TEXT = {"title": "A bench", "summary": "Oak.", "body": "Round the tree.", "language": "en", "tags": ""}
ANSWERS = {
    "answer_place": "Under the lime tree",
    "answer_why": "Because of the shade",
    "answer_light": "Shade",
    "answer_uses": ["Rest", "Reading"],
    "answer_size": "12,5",
    "answer_ready": "2026-05-12",
    "answer_site": "example.org/bench",
    "answer_risk": "Roots-SECRETR",
    "answer_phone": "555-SECRETO",
}
STORED = {
    "place": "Under the lime tree",
    "why": "Because of the shade",
    "light": "Shade",
    "uses": ["Reading", "Rest"],
    "size": "12.5",
    "ready": "2026-05-12",
    "site": "https://example.org/bench",
    "risk": "Roots-SECRETR",
    "phone": "555-SECRETO",
}


def version_of(html: str) -> str:
    found = re.search(r'name="version"[^>]*value="(\d+)"', html)
    assert found
    return found[1]


@pytest.fixture
def organization() -> Organization:
    return make_organization()


@pytest.fixture
def call(organization: Organization) -> Call:
    return make_call(organization, make_rules(custom_fields=FIELDS, declarations=()))


@pytest.fixture
def author() -> Account:
    return make_account("Iris Okafor")


def draft_of(writer: FlaskClient, call: Call, session: Session, **answers: object) -> Proposal:
    writer.post(f"/calls/{call.public_id}/propose", data=TEXT | answers)
    return session.scalars(select(Proposal)).one()


def test_answers_are_written_kept_canonical_and_handed_in(
    as_user: AsUser, call: Call, author: Account, session: Session
) -> None:
    writer = as_user(author)
    page = writer.get(f"/calls/{call.public_id}/propose").text
    places = [page.index(field.label) for field in FIELDS if field.kind is not AnswerKind.FILE]
    assert places == sorted(places)
    assert "Only the organization reads it." in page
    proposal = draft_of(writer, call, session, **ANSWERS)
    assert proposal.answers == STORED
    edit = writer.get(f"/proposals/{proposal.public_id}/edit").text
    assert 'value="12.5"' in edit
    saved = writer.post(
        f"/proposals/{proposal.public_id}/edit",
        data=TEXT | ANSWERS | {"version": version_of(edit), "answer_plan": (io.BytesIO(PDF), "plan.pdf")},
    )
    assert saved.status_code == 303
    session.refresh(proposal)
    assert proposal.answers["plan"]["name"] == "plan.pdf"
    submit = writer.get(f"/proposals/{proposal.public_id}/submit").text
    assert "Under the lime tree" in submit
    assert "plan.pdf" in submit
    receipt = writer.post(f"/proposals/{proposal.public_id}/submit", data={"version": version_of(submit)})
    assert receipt.status_code == 303
    version = session.scalars(select(ProposalVersion)).one()
    assert version.answers == proposal.answers
    record = writer.get(f"/proposals/{proposal.public_id}/receipt/1.json")
    assert record.get_json()["version"]["answers"]["iban" if "iban" in version.answers else "size"] == "12.5"


def test_a_draft_may_lack_answers_and_handing_in_names_all_that_is_missing(
    as_user: AsUser, call: Call, author: Account, session: Session
) -> None:
    writer = as_user(author)
    proposal = draft_of(writer, call, session)
    submit = writer.get(f"/proposals/{proposal.public_id}/submit").text
    assert "Where exactly?" in submit
    assert f"/proposals/{proposal.public_id}/edit?check=1" in submit
    checked = writer.get(f"/proposals/{proposal.public_id}/edit?check=1").text
    assert '<a href="#answer_place">Where exactly?</a>' in checked
    refused = writer.post(f"/proposals/{proposal.public_id}/submit", data={"version": str(proposal.version)})
    assert refused.status_code == 422
    session.refresh(proposal)
    assert proposal.status is ProposalStatus.DRAFT


def test_answers_that_do_not_fit_are_named_beside_their_fields_and_nothing_typed_is_lost(
    as_user: AsUser, call: Call, author: Account, session: Session
) -> None:
    writer = as_user(author)
    wrong = {
        "answer_place": "x" * 41,
        "answer_why": "one two three four five six",
        "answer_light": "Moon",
        "answer_uses": ["Rest", "Reading", "Play"],
        "answer_size": "many",
        "answer_ready": "2025-12-31",
        "answer_site": "javascript:alert(1)",
    }
    answer = writer.post(f"/calls/{call.public_id}/propose", data=TEXT | wrong)
    assert answer.status_code == 422
    page = answer.text
    for words in (
        "At most 40 characters; these are 41.",
        "At most 5 words; these are 6.",
        "“Moon” is not among the choices.",
        "Choose at most 2; these are 3.",
        "Write a number, such as 1200 or 12.5.",
        "Not before 1 January 2026.",
        "Write the address of a web page",
    ):
        assert page.count(words) == 2, words  # in the summary and beside the field
    assert 'value="many"' in page
    assert 'value="javascript:alert(1)"' in page
    assert session.scalars(select(Proposal)).all() == []


def handed_in(call: Call, author: Account, **answers: object) -> Proposal:
    proposal = make_proposal(call, author)
    with transaction(proposal) as session:
        proposal.answers = STORED | answers
        for version in session.scalars(select(ProposalVersion).where(ProposalVersion.proposal_id == proposal.id)):
            version.answers = {**STORED, "phone": "old-SECRETO", "risk": "old-SECRETR"}
        session.add(
            ProposalVersion(
                proposal_id=proposal.id,
                number=2,
                at=utc_now(),
                title=proposal.title,
                summary="",
                body="",
                answers=proposal.answers,
            )
        )
    return proposal


def test_no_page_shows_an_answer_to_whom_it_is_not_meant(
    client: FlaskClient, as_user: AsUser, organization: Organization, session: Session
) -> None:
    call = make_call(organization, make_rules(StageKind.REVIEW, custom_fields=FIELDS))
    author = make_account("Iris Okafor")
    proposal = handed_in(call, author)
    with transaction() as writing:
        plan = Attachment(
            proposal_id=proposal.id,
            answers="plan",
            filename="plan-SECRETR.txt",
            media_type="text/plain",
            size=4,
            sha256="0" * 64,
            storage_key="0" * 32,
            uploaded_at=utc_now(),
        )
        writing.add(plan)
        writing.flush()
        proposal.answers = {
            **proposal.answers,
            "plan": {"id": plan.public_id, "name": plan.filename, "size": 4, "sha256": "0"},
        }
    open_all(call, "jury")
    juror = make_juror(round_row(call, "jury"))
    other = make_juror(round_row(call, "jury"), name="Ben Adeyemi")
    assignment = make_assignment(juror, proposal)
    key, call_key = proposal.public_id, call.public_id
    pages = [
        f"/proposals/{key}",
        f"/proposals/{key}/history",
        f"/calls/{call_key}/proposals",
        f"/calls/{call_key}/proposals?q=SECRETO",
        f"/calls/{call_key}/results.json",
        f"/calls/{call_key}/results.csv",
        f"/calls/{call_key}/results",
        f"/calls/{call_key}",
        f"/calls/{call_key}/rounds/jury",
        f"/reviews/{assignment.public_id}",
        f"/files/{plan.public_id}/x.txt",
        f"/proposals/{key}/receipt/2.json",
        f"/proposals/{key}/answers",
    ]
    moderator = make_member(organization, OrganizationRole.MODERATOR)
    plain = make_member(organization, OrganizationRole.MEMBER)
    seen = {}
    for name, reader in {
        "visitor": client,
        "stranger": as_user(make_account()),
        "member": as_user(plain),
        "other juror": as_user(session.get_one(Account, other.account_id)),
        "juror": as_user(session.get_one(Account, juror.account_id)),
        "moderator": as_user(moderator),
        "author": as_user(author),
    }.items():
        text = "".join(
            reader.get(page).text.replace(f"q={'SECRETO'}", "").replace('value="SECRETO"', "") for page in pages
        )
        seen[name] = ("Under the lime tree" in text, "SECRETR" in text, "SECRETO" in text.replace("“SECRETO”", ""))
    assert seen == {
        "visitor": (True, False, False),
        "stranger": (True, False, False),
        "member": (True, False, False),
        "other juror": (True, False, False),
        "juror": (True, True, False),
        "moderator": (True, True, True),
        "author": (True, True, True),
    }
    assert client.get(f"/files/{plan.public_id}/x.txt").status_code == 404


def test_only_public_answers_are_found_by_search(
    as_user: AsUser, call: Call, author: Account, session: Session
) -> None:
    writer = as_user(author)
    proposal = draft_of(writer, call, session, **ANSWERS)
    writer.post(f"/proposals/{proposal.public_id}/submit", data={"version": str(proposal.version)})
    words = session.scalars(select(SearchDocument.text).where(SearchDocument.noun == "proposal")).one()
    assert "under the lime tree" in words
    assert "secret" not in words


def test_what_a_later_stage_asks_waits_for_the_author_and_only_that_can_be_changed(
    as_user: AsUser, call: Call, author: Account, session: Session
) -> None:
    proposal = handed_in(call, author)
    writer, key = as_user(author), proposal.public_id
    assert writer.get(f"/proposals/{key}/answers").status_code == 403
    assert "waits for your answer" not in writer.get("/").text
    move_stages(call, timedelta(days=20))  # to voting
    assert "1 question about “A bench around the old tree” waits for your answer." in writer.get("/").text
    assert "Answer what is asked now" in writer.get(f"/proposals/{key}").text
    page = writer.get(f"/proposals/{key}/answers").text
    assert re.findall(r'name="(answer_\w+)"', page) == ["answer_iban"]
    empty = writer.post(f"/proposals/{key}/answers", data={"version": version_of(page)})
    assert empty.status_code == 422
    forged = {"version": version_of(page), "answer_iban": "ES91 2100", "answer_place": "Elsewhere", "answer_phone": "1"}
    assert writer.post(f"/proposals/{key}/answers", data=forged).status_code == 303
    session.refresh(proposal)
    assert (proposal.answers["iban"], proposal.answers["place"]) == ("ES91 2100", "Under the lime tree")
    assert proposal.answers["phone"] == "555-SECRETO"
    newest = session.scalars(select(ProposalVersion).order_by(ProposalVersion.number.desc())).first()
    assert newest is not None
    assert (newest.number, newest.answers["iban"]) == (3, "ES91 2100")
    assert "waits for your answer" not in writer.get("/").text
    assert as_user(make_account()).post(f"/proposals/{key}/answers", data=forged).status_code == 403
    move_stages(call, timedelta(days=30))  # to results: fixed
    assert writer.post(f"/proposals/{key}/answers", data=forged).status_code == 403


def test_an_answer_that_is_fixed_stays_even_in_a_correction(
    as_user: AsUser, call: Call, author: Account, session: Session
) -> None:
    proposal = make_proposal(call, author, status=ProposalStatus.CORRECTION)
    with transaction(proposal):
        proposal.answers, proposal.correction_due = STORED, utc_now() + timedelta(days=60)
    move_stages(call, timedelta(days=20))
    writer, key = as_user(author), proposal.public_id
    page = writer.get(f"/proposals/{key}/edit").text
    assert 'name="answer_phone"' not in page
    assert "No longer to be changed" in page
    given = TEXT | ANSWERS | {"answer_phone": "changed", "answer_iban": "ES1", "version": version_of(page)}
    assert writer.post(f"/proposals/{key}/edit", data=given).status_code == 303
    session.refresh(proposal)
    assert (proposal.answers["phone"], proposal.answers["iban"]) == ("555-SECRETO", "ES1")


def test_after_the_decision_only_what_was_selected_is_asked(
    as_user: AsUser, organization: Organization, author: Account, session: Session
) -> None:
    late = replace(FIELDS[-1], required_from="results", frozen_from=None)
    call = make_call(organization, make_rules(StageKind.RESULTS, custom_fields=(late,)))
    for title, status, answer in (("Won", ProposalStatus.SELECTED, 200), ("Lost", ProposalStatus.NOT_SELECTED, 403)):
        proposal = make_proposal(call, author, title=title, status=status)
        assert as_user(author).get(f"/proposals/{proposal.public_id}/answers").status_code == answer


def test_questions_cost_no_more_queries_with_more_proposals(
    as_user: AsUser, call: Call, count_queries: CountQueries
) -> None:
    counts = []
    move_stages(call, timedelta(days=20))
    for many in (1, 3):
        author = make_account()
        for _ in range(many):
            handed_in(call, author)
        reader = as_user(author)
        with count_queries() as queries:
            page = reader.get("/").text
        assert page.count("waits for your answer") == many
        counts.append(len(queries))
    assert counts[0] == counts[1]
