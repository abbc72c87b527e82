"""Writing a proposal: as a visitor, as a draft, and after handing in."""

import io
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crowd.calls.models import Call, CallStage
from crowd.core.status import CallStatus, OrganizationRole, ProposalStatus, StageKind
from crowd.proposals.models import Proposal, ProposalTag, ProposalVersion, TeamMember
from crowd.store.db import transaction, utc_now
from crowd.store.models import Event, KeptForm
from tests.conftest import AsUser
from tests.files.test_checking import PDF
from tests.make import make_account, make_call, make_member, make_organization, make_proposal, make_rules

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("session")]

WORDS = {
    "title": "A bench around the old tree",
    "summary": "Oak, round, for twelve.",
    "body": "The tree stands alone.\n\nA bench would make it a place to meet.",
    "tags": "Garden, #Seats, garden",
    "language": "es",
}


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', html)
    assert found, name
    return found[1]


def close_submission(call: Call) -> None:
    """Move the schedule so that submission closed a minute ago."""
    with transaction() as session:
        stages = session.scalars(select(CallStage).where(CallStage.call_id == call.id).order_by(CallStage.position))
        gap = timedelta(0)
        for stage in stages:
            if stage.kind is StageKind.SUBMISSION:
                assert stage.closes_at
                gap = stage.closes_at - utc_now() + timedelta(minutes=1)
            stage.opens_at -= gap
            stage.closes_at = stage.closes_at and stage.closes_at - gap


def test_saving_makes_one_private_draft_however_often_the_button_is_pressed(as_user: AsUser, session: Session) -> None:
    call, author = make_call(), make_account()
    writer = as_user(author)
    key = hidden(writer.get(f"/calls/{call.public_id}/propose").text, "draft")
    for _ in range(2):
        answer = writer.post(f"/calls/{call.public_id}/propose", data=WORDS | {"draft": key, "version": "0"})
        assert answer.headers["Location"] == f"/proposals/{key}/edit"
    draft = session.scalars(select(Proposal)).one()
    assert (draft.status, draft.title, draft.language, draft.number) == (
        ProposalStatus.DRAFT,
        WORDS["title"],
        "es",
        None,
    )
    assert session.scalars(select(ProposalTag.tag).order_by(ProposalTag.tag)).all() == ["garden", "seats"]
    member = session.scalars(select(TeamMember)).one()
    assert (member.account_id, member.share) == (author.id, 10_000)
    assert session.scalars(select(ProposalVersion)).all() == []
    assert as_user(make_account()).get(f"/proposals/{key}/edit").status_code == 404
    assert session.scalars(select(Event.kind).where(Event.proposal_id == draft.id)).all() == ["proposal:created"]


def test_autosave_makes_the_draft_and_then_saves_into_it(as_user: AsUser, session: Session) -> None:
    call, author = make_call(), make_account()
    writer = as_user(author)
    key = hidden(writer.get(f"/calls/{call.public_id}/propose").text, "draft")
    first = writer.post(
        f"/calls/{call.public_id}/propose/autosave", data={"title": "A", "draft": key, "version": "0", "language": "en"}
    ).get_json()
    second = writer.post(
        f"/calls/{call.public_id}/propose/autosave",
        data={"title": "A bench", "draft": key, "version": first["version"], "language": "en"},
    ).get_json()
    third = writer.post(
        f"/proposals/{key}/autosave", data={"title": "A seat", "version": second["version"], "language": "en"}
    ).get_json()
    assert [first["version"], second["version"], third["version"]] == [1, 2, 3]
    assert session.scalars(select(Proposal.title)).all() == ["A seat"]


def test_the_key_of_somebody_elses_draft_opens_nothing(as_user: AsUser, session: Session) -> None:
    call = make_call()
    theirs = make_proposal(call, status=ProposalStatus.DRAFT, title="Not yours")
    answer = as_user(make_account()).post(
        f"/calls/{call.public_id}/propose", data=WORDS | {"draft": theirs.public_id, "version": "1"}
    )
    assert answer.status_code == 303
    session.refresh(theirs)
    assert theirs.title == "Not yours"
    assert session.scalar(select(func.count()).select_from(Proposal)) == 2


def test_a_draft_is_saved_with_parts_missing_and_the_checklist_names_them(as_user: AsUser) -> None:
    call = make_call(rules=make_rules(asks_cost=True))
    draft = make_proposal(call, author := make_account(), status=ProposalStatus.DRAFT)
    writer = as_user(author)
    answer = writer.post(
        f"/proposals/{draft.public_id}/edit", data={"title": "Only this", "version": "1", "language": "en"}
    )
    assert answer.status_code == 303
    page = writer.get(f"/proposals/{draft.public_id}/edit").text
    assert "1 of 4 there" in page
    assert 'name="cost"' in page


@pytest.mark.parametrize(("typed", "stored"), [("1200", 1200), ("1.200", 1200), ("12,000", 12000), ("0", 0)])
def test_a_cost_is_read_with_its_grouping_signs(as_user: AsUser, session: Session, typed: str, stored: int) -> None:
    call = make_call(rules=make_rules(asks_cost=True))
    draft = make_proposal(call, author := make_account(), status=ProposalStatus.DRAFT)
    as_user(author).post(f"/proposals/{draft.public_id}/edit", data=WORDS | {"cost": typed, "version": "1"})
    assert session.scalars(select(Proposal.cost)).one() == stored


@pytest.mark.parametrize("typed", ["12.5", "-3", "many", "1,2,3"])
def test_a_cost_that_is_no_whole_amount_is_refused_and_everything_typed_stays(as_user: AsUser, typed: str) -> None:
    call = make_call(rules=make_rules(asks_cost=True))
    draft = make_proposal(call, author := make_account(), status=ProposalStatus.DRAFT)
    answer = as_user(author).post(f"/proposals/{draft.public_id}/edit", data=WORDS | {"cost": typed, "version": "1"})
    assert answer.status_code == 422
    assert "Write a whole amount, such as 1200." in answer.text
    assert f'value="{typed}"' in answer.text
    assert "A bench would make it a place to meet." in answer.text


def test_autosave_of_a_second_window_is_refused_in_words(as_user: AsUser) -> None:
    call = make_call()
    draft = make_proposal(call, author := make_account(), status=ProposalStatus.DRAFT)
    writer = as_user(author)
    writer.post(f"/proposals/{draft.public_id}/autosave", data={"title": "One", "version": "1", "language": "en"})
    answer = writer.post(
        f"/proposals/{draft.public_id}/autosave", data={"title": "Two", "version": "1", "language": "en"}
    )
    assert answer.status_code == 409
    assert answer.get_json()["conflict"] is True
    assert "saved in another window" in answer.get_json()["detail"]


def test_a_draft_stays_private_and_editable_after_the_deadline(as_user: AsUser, session: Session) -> None:
    call = make_call()
    draft = make_proposal(call, author := make_account(), status=ProposalStatus.DRAFT)
    close_submission(call)
    writer = as_user(author)
    saved = writer.post(f"/proposals/{draft.public_id}/edit", data=WORDS | {"version": "1"}, follow_redirects=True)
    assert "it was not handed in" in saved.text
    session.refresh(draft)
    assert (draft.summary, draft.status) == ("Oak, round, for twelve.", ProposalStatus.DRAFT)
    assert as_user(make_account()).get(f"/proposals/{draft.public_id}").status_code == 404


def test_a_first_save_after_the_deadline_keeps_the_text_as_a_draft(as_user: AsUser, session: Session) -> None:
    call, author = make_call(), make_account()
    writer = as_user(author)
    key = hidden(writer.get(f"/calls/{call.public_id}/propose").text, "draft")
    close_submission(call)
    saved = writer.post(
        f"/calls/{call.public_id}/propose", data=WORDS | {"draft": key, "version": "0"}, follow_redirects=True
    )
    assert "it was not handed in" in saved.text
    assert session.scalars(select(Proposal.status)).all() == [ProposalStatus.DRAFT]
    assert writer.get(f"/calls/{call.public_id}/propose").status_code == 403


@pytest.mark.both_databases
def test_a_late_change_of_a_handed_in_proposal_is_kept_as_a_private_draft(as_user: AsUser, session: Session) -> None:
    call = make_call()
    proposal = make_proposal(call, author := make_account(), status=ProposalStatus.ELIGIBLE, title="As handed in")
    close_submission(call)
    writer = as_user(author)
    for _ in range(2):
        answer = writer.post(f"/proposals/{proposal.public_id}/edit", data=WORDS | {"version": "1"})
        assert answer.status_code == 409
        assert "The call closed on" in answer.text
    session.refresh(proposal)
    assert proposal.title == "As handed in"
    copy = session.scalars(select(Proposal).where(Proposal.id != proposal.id)).one()
    assert (copy.status, copy.title, copy.lead_id) == (ProposalStatus.DRAFT, WORDS["title"], author.id)


def test_an_edit_after_handing_in_leaves_a_version(as_user: AsUser, session: Session) -> None:
    call = make_call()
    proposal = make_proposal(call, author := make_account(), status=ProposalStatus.SUBMITTED)
    writer = as_user(author)
    assert writer.post(f"/proposals/{proposal.public_id}/edit", data=WORDS | {"version": "1"}).status_code == 303
    same = writer.post(f"/proposals/{proposal.public_id}/edit", data=WORDS | {"version": "2"})
    assert same.status_code == 303
    versions = session.scalars(select(ProposalVersion).order_by(ProposalVersion.number)).all()
    assert [version.number for version in versions] == [1, 2]
    assert versions[1].summary == "Oak, round, for twelve."
    assert len(versions[1].sha256 or "") == 64


def test_an_edit_after_handing_in_may_not_drop_a_required_part(as_user: AsUser, session: Session) -> None:
    call = make_call()
    proposal = make_proposal(call, author := make_account(), status=ProposalStatus.SUBMITTED)
    answer = as_user(author).post(f"/proposals/{proposal.public_id}/edit", data=WORDS | {"title": " ", "version": "1"})
    assert answer.status_code == 422
    assert '<a href="#title">Title</a>: This is needed.' in answer.text
    session.refresh(proposal)
    assert proposal.title == "A bench around the old tree"


def test_a_text_sent_after_the_session_ended_is_kept(client: FlaskClient, session: Session) -> None:
    call = make_call()
    draft = make_proposal(call, status=ProposalStatus.DRAFT)
    answer = client.post(f"/proposals/{draft.public_id}/edit", data=WORDS | {"version": "1"})
    assert answer.status_code == 303
    unknown = client.post("/proposals/222222222222/edit", data=WORDS | {"version": "1"})
    assert unknown.status_code == 303
    kept = session.scalars(select(KeptForm).order_by(KeptForm.id)).first()
    assert kept
    assert kept.path == f"/proposals/{draft.public_id}/edit"
    assert ["title", WORDS["title"]] in kept.fields


@pytest.mark.parametrize(
    ("entrants", "role", "status"),
    [("anyone", None, 200), ("members", None, 403), ("anyone", OrganizationRole.MANAGER, 403)],
)
def test_who_may_not_enter_is_told_before_writing(
    as_user: AsUser, entrants: str, role: OrganizationRole | None, status: int
) -> None:
    organization = make_organization()
    call = make_call(organization, make_rules(entrants=entrants))
    person = make_member(organization, role) if role else make_account()
    assert as_user(person).get(f"/calls/{call.public_id}/propose").status_code == status


def test_a_paused_call_takes_no_proposal_and_keeps_what_was_written(as_user: AsUser, session: Session) -> None:
    call = make_call(status=CallStatus.PAUSED)
    writer = as_user(make_account())
    assert writer.get(f"/calls/{call.public_id}/propose").status_code == 403
    assert writer.post(f"/calls/{call.public_id}/propose", data=WORDS).status_code == 303
    assert session.scalars(select(Proposal.status)).all() == [ProposalStatus.DRAFT]


HARM = [
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](java\nscript:alert(1))",
    '<img src=x onerror="alert(1)">',
    "![x](https://evil.example/a.png)",
    "<form action=https://evil.example><input></form>",
]


@pytest.mark.parametrize("text", HARM)
def test_markdown_is_cleaned_after_rendering_in_the_preview(client: FlaskClient, text: str) -> None:
    html = client.post("/preview", data={"text": f"Before {text} after"}).text
    assert not re.search(r"<(img|form|input|script)|href=\"(?!https?:|mailto:)|<[^>]*\son\w+=", html, re.IGNORECASE)
    assert "Before" in html
    assert "after" in html


def test_a_stale_token_costs_no_word_and_stores_nothing(app: Flask, as_user: AsUser, session: Session) -> None:
    """The page was open longer than its token lived: the text comes back with a fresh one, and one more press saves it."""
    call = make_call()
    draft = make_proposal(call, author := make_account(), status=ProposalStatus.DRAFT)
    writer = as_user(author)
    app.config["WTF_CSRF_ENABLED"] = True
    long_body = "word " * 2000
    posted = WORDS | {"body": long_body, "version": "1", "csrf_token": "stale"}
    upload = {"files": (io.BytesIO(PDF), "plan.pdf")}
    address = f"/proposals/{draft.public_id}/edit"
    answer = writer.post(address, data=posted | upload, content_type="multipart/form-data")
    assert answer.status_code == 400
    assert "Nothing was stored yet; what you wrote is here." in answer.text
    assert "Files cannot be kept: attach them again afterwards." in answer.text
    assert long_body.strip() in answer.text
    session.refresh(draft)
    assert draft.version == 1
    again = WORDS | {"body": long_body, "version": "1", "csrf_token": hidden(answer.text, "csrf_token")}
    assert writer.post(address, data=again).status_code == 303
    session.refresh(draft)
    assert draft.body == long_body.strip()
    saving = writer.post(f"/proposals/{draft.public_id}/autosave", data=posted, headers={"Accept": "application/json"})
    assert saving.status_code == 400
    assert "safety token" in saving.get_json()["detail"]


def test_text_with_line_ends_quotes_and_tags_comes_back_as_it_was_typed(as_user: AsUser, session: Session) -> None:
    call = make_call()
    draft = make_proposal(call, author := make_account(), status=ProposalStatus.DRAFT)
    typed = 'One "two" & <b>three</b>\r\n\r\n=SUM(A1)\r\n\t- four'
    writer = as_user(author)
    writer.post(f"/proposals/{draft.public_id}/edit", data=WORDS | {"body": typed, "version": "1"})
    session.refresh(draft)
    assert draft.body == typed.replace("\r\n", "\n")
    page = writer.get(f"/proposals/{draft.public_id}/edit").text
    assert "One &#34;two&#34; &amp; &lt;b&gt;three&lt;/b&gt;" in page


@pytest.mark.parametrize(("field", "length"), [("title", 201), ("summary", 601), ("body", 20_001), ("tags", 41)])
def test_what_is_too_long_is_refused_and_stays_whole_on_the_page(as_user: AsUser, field: str, length: int) -> None:
    call = make_call()
    draft = make_proposal(call, author := make_account(), status=ProposalStatus.DRAFT)
    answer = as_user(author).post(
        f"/proposals/{draft.public_id}/edit", data=WORDS | {field: "ñ" * length, "version": "1"}
    )
    assert answer.status_code == 422
    assert "ñ" * length in answer.text
    fits = as_user(author).post(
        f"/proposals/{draft.public_id}/edit", data=WORDS | {field: "ñ" * (length - 1), "version": "1"}
    )
    assert fits.status_code == 303


def test_harmful_markdown_runs_on_no_page_that_shows_it(as_user: AsUser) -> None:
    organization = make_organization()
    call, author = make_call(organization), make_account()
    proposal = make_proposal(call, author, status=ProposalStatus.SUBMITTED)
    writer, staff = as_user(author), as_user(make_member(organization))
    body = "\n\n".join(["Readable words.", *HARM])
    fields = WORDS | {"body": body, "summary": HARM[4], "title": HARM[4], "tags": "<b>"}
    assert writer.post(f"/proposals/{proposal.public_id}/edit", data=fields | {"version": "1"}).status_code == 303
    pages = [
        writer.get(f"/proposals/{proposal.public_id}"),
        writer.get(f"/proposals/{proposal.public_id}/history"),
        writer.get(f"/calls/{call.public_id}/proposals"),
        writer.get(f"/calls/{call.public_id}/proposals?view=cards"),
        staff.get(f"/calls/{call.public_id}/screening"),
    ]
    for page in pages:
        main = page.text[page.text.index("<main") :]
        assert not re.search(
            r"<img (?!src=\"/)|<form action|javascript:alert\(1\)\"|<[^>]*\sonerror=", main, re.IGNORECASE
        )
    assert all("Readable words." in page.text for page in (pages[0], pages[1], pages[4]))
