"""Whatever is typed into the forms that come after the results, the answer is in words: never a fault of the server."""

import pytest
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from tests.conftest import AsUser
from tests.selection.test_publish import all_decided, publish
from tests.web.hostile import VALUES

pytestmark = pytest.mark.one_database

FORMS: dict[str, dict[str, str]] = {
    "updates/new": {"text": "News"},
    "milestones/new": {"title": "Step", "due_on": "2027-01-01", "done_on": "2027-01-02", "note": "Note"},
    "awards/give": {"title": "Prize", "amount": "10", "currency": "EUR", "thing": "Thing", "is_public": "y"},
}
PLACES = {"vacated": "x" * 12, "chosen": "nobody", "reason": "Reason", "note": "Note"}


def raw(value: str) -> str | bytes:
    return value.encode("utf-8", "surrogatepass")


REFUSED_BY_POSTGRESQL = {
    "nul",
    "surrogate",
    "noncharacter",
    "beyond 32 bit",
    "beyond 64 bit",
    "early date",
    "late date",
    "nan",
}


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.both_databases] if name in REFUSED_BY_POSTGRESQL else [])
        for name in VALUES
    ],
)
def test_no_value_breaks_a_form(session: Session, as_user: AsUser, name: str) -> None:
    call, proposals, manager = all_decided()
    managing = as_user(manager)
    publish(managing, call)
    answers = {}
    for form, fields in FORMS.items():
        for field in fields:
            data = {**fields, field: raw(VALUES[name])}
            answers[form, field] = managing.post(f"/proposals/{proposals[0].public_id}/{form}", data=data).status_code
    lead = as_user(session.get_one(Account, proposals[0].lead_id))
    url = f"/proposals/{proposals[0].public_id}/decline"
    answers["decline", "reason"] = lead.post(url, data={"reason": raw(VALUES[name])}).status_code
    for field in PLACES:
        data = {**PLACES, field: raw(VALUES[name])}
        answers["places", field] = managing.post(f"/calls/{call.public_id}/results/places", data=data).status_code
    assert {where: status for where, status in answers.items() if status not in {303, 403, 409, 422}} == {}
