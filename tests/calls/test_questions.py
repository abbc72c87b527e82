"""Writing the questions of a proposal form: add, move, remove, preview; what is contradictory is said before publishing."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from crowd.calls.gates import rules_of
from crowd.calls.models import Call
from crowd.core.fields import AnswerKind, Counted, CustomField, SeenBy
from crowd.core.status import CallStatus
from crowd.organizations.models import Organization
from tests.conftest import AsUser
from tests.filling import fields_of
from tests.make import make_account, make_call, make_member, make_organization, make_rules

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("session")]

SHORT = CustomField("place", AnswerKind.SHORT, "Where exactly?", required=True, longest=40)
SIZE = CustomField("size", AnswerKind.NUMBER, "Square metres", least="1", most="500", decimals=1)
USES = CustomField(
    "uses", AnswerKind.CHOICES, "What for?", choices=("Reading", "Play"), most_choices=1, seen_by=SeenBy.REVIEWERS
)
IBAN = CustomField("iban", AnswerKind.SHORT, "Account", required_from="voting", frozen_from="results")


@pytest.fixture
def organization() -> Organization:
    return make_organization()


@pytest.fixture
def call(organization: Organization) -> Call:
    return make_call(organization, make_rules(custom_fields=(SHORT, SIZE, USES, IBAN)), status=CallStatus.DRAFT)


@pytest.fixture
def writer(organization: Organization, as_user: AsUser) -> FlaskClient:
    return as_user(make_member(organization))


def address(call: Call) -> str:
    return f"/calls/{call.public_id}/edit/form"


def form_of(writer: FlaskClient, call: Call) -> dict[str, str]:
    return fields_of(writer.get(address(call)).text, address(call))


def press(writer: FlaskClient, call: Call, fields: dict[str, str], act: str, **typed: str) -> dict[str, str]:
    """The form as it comes back after an act that changes only the form."""
    answer = writer.post(address(call), data=fields | typed | {"act": act})
    assert answer.status_code == 200
    return fields_of(answer.text, address(call))


def test_saving_the_page_untouched_changes_no_question(writer: FlaskClient, call: Call, session: Session) -> None:
    fields = form_of(writer, call)
    assert writer.post(address(call), data=fields | {"act": "save"}).status_code == 303
    assert rules_of(session.get_one(Call, call.id)).custom_fields == (SHORT, SIZE, USES, IBAN)


def test_questions_are_added_moved_edited_and_removed_without_script(
    writer: FlaskClient, call: Call, session: Session
) -> None:
    fields = press(writer, call, form_of(writer, call), "add", add_kind="long")
    fields |= {
        "questions-4-label": "¿Por qué aquí?",
        "questions-4-longest": "120",
        "questions-4-counted": "words",
        "questions-4-needed": "yes",
    }
    fields = press(writer, call, fields, "up:4")
    fields = press(writer, call, fields, "remove:0")
    fields = press(writer, call, fields, "down:1")
    assert writer.post(address(call), data=fields | {"act": "save"}).status_code == 303
    why = CustomField(
        "por_que_aqui", AnswerKind.LONG, "¿Por qué aquí?", required=True, longest=120, counted=Counted.WORDS
    )
    assert rules_of(session.get_one(Call, call.id)).custom_fields == (USES, SIZE, why, IBAN)


def test_the_preview_is_the_form_that_people_will_see_and_saves_nothing(
    writer: FlaskClient, call: Call, as_user: AsUser, session: Session
) -> None:
    fields = form_of(writer, call) | {"questions-0-label": "Which corner?", "questions-1-most": "ten"}
    page = writer.post(address(call), data=fields | {"act": "preview"}).text
    shown = page[page.index("How people will see it") :]
    assert 'name="answer_place"' in shown
    assert "Which corner?" in shown
    fragment = writer.post(f"{address(call)}/preview", data=fields)
    assert re.findall(r'name="(answer_\w+)"', fragment.text)[:2] == ["answer_place", "answer_size"]
    assert as_user(make_account()).post(f"{address(call)}/preview", data=fields).status_code == 404
    assert rules_of(session.get_one(Call, call.id)).custom_fields == (SHORT, SIZE, USES, IBAN)


def test_what_cannot_be_read_is_named_in_its_row_and_kept(writer: FlaskClient, call: Call) -> None:
    fields = form_of(writer, call) | {"questions-1-most": "ten", "questions-2-label": ""}
    answer = writer.post(address(call), data=fields | {"act": "save"})
    assert answer.status_code == 422
    assert '<a href="#questions-1-most">' in answer.text
    assert '<a href="#questions-2-label">' in answer.text
    assert 'value="ten"' in answer.text


def test_contradictory_questions_stand_on_the_checklist(writer: FlaskClient, call: Call) -> None:
    fields = form_of(writer, call) | {
        "questions-1-least": "600",
        "questions-2-choices": "Only one",
        "questions-3-needed": "from:results",
        "questions-3-frozen_from": "voting",
    }
    assert writer.post(address(call), data=fields | {"act": "save"}).status_code == 303
    page = writer.get(address(call)).text
    for words in (
        "“Square metres”: the least lies above the most",
        "“What for?” needs two choices or more",
        "“Account” could no longer be changed before it is needed",
    ):
        assert words in page
