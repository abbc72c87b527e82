"""Rules kept by a name, from which an organization's managers begin their next calls."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.calls.gates import rules_of
from crowd.calls.models import Call, CallTemplate
from crowd.core.fields import AnswerKind, CustomField
from crowd.core.rules import CallRules, from_data
from crowd.core.status import CallStatus, OrganizationRole, StageKind
from crowd.organizations.models import Organization
from crowd.proposals.models import Proposal
from crowd.store.db import transaction, utc_now
from tests.conftest import AsUser, CountQueries
from tests.make import make_account, make_call, make_member, make_organization, make_proposal, make_rules

pytestmark = pytest.mark.usefixtures("session")
ASKED = (CustomField("place", AnswerKind.SHORT, "Where exactly?", required=True),)


@pytest.fixture
def organization() -> Organization:
    return make_organization()


@pytest.fixture
def boss(organization: Organization, as_user: AsUser) -> FlaskClient:
    return as_user(make_member(organization))


def keep(client: FlaskClient, call: Call, name: str) -> int:
    return client.post(f"/calls/{call.public_id}/template", data={"name": name}).status_code


def templates(session: Session) -> list[CallTemplate]:
    session.expire_all()
    return list(session.scalars(select(CallTemplate).order_by(CallTemplate.name)))


def test_a_call_begins_from_kept_rules_with_its_dates_from_tomorrow_and_no_proposals(
    boss: FlaskClient, organization: Organization, session: Session
) -> None:
    call = make_call(organization, make_rules(StageKind.RESULTS, custom_fields=ASKED))
    make_proposal(call)
    page = f"/calls/{call.public_id}/template"
    assert page in boss.get(f"/calls/{call.public_id}/schedule").text
    assert f'value="{call.title}"' in boss.get(page).text
    assert keep(boss, call, " Yearly   garden ") == 303
    kept = templates(session)[0]
    offered = boss.get("/calls/new").text
    assert "Yearly garden" in offered
    assert f'action="/call-templates/{kept.public_id}/begin"' in offered
    assert boss.post(f"/call-templates/{kept.public_id}/begin").status_code == 303
    made = session.scalars(select(Call).where(Call.id != call.id)).one()
    old, new = rules_of(call), rules_of(made)
    assert (made.status, made.organization_id, new.title) == (CallStatus.DRAFT, organization.id, old.title)
    assert (new.custom_fields, new.selection, new.round("jury")) == (ASKED, old.selection, old.round("jury"))
    assert [b.opens_at - a.opens_at for a, b in zip(old.stages, new.stages, strict=True)] == [
        new.stages[0].opens_at - old.stages[0].opens_at
    ] * len(old.stages)
    assert 0 < (new.stages[0].opens_at - utc_now()).total_seconds() < 2 * 86_400
    assert session.scalars(select(Proposal.id).where(Proposal.call_id == made.id)).all() == []


def test_a_template_is_replaced_by_its_name_and_removed_without_a_call_losing_anything(
    boss: FlaskClient, organization: Organization, session: Session
) -> None:
    draft = make_call(organization, make_rules(title="First"), status=CallStatus.DRAFT)
    other = make_call(organization, make_rules(title="Second"), status=CallStatus.DRAFT)
    for call in (draft, other):
        assert keep(boss, call, "Usual") == 303
    (kept,) = templates(session)
    assert from_data(CallRules, kept.rules).title == "Second"
    assert keep(boss, draft, "  ") == 422
    assert boss.post(f"/call-templates/{kept.public_id}/begin").status_code == 303
    assert boss.post(f"/call-templates/{kept.public_id}/remove").status_code == 303
    assert templates(session) == []
    assert sorted(session.scalars(select(Call.title))) == ["First", "Second", "Second"]
    assert "Or begin from a template" not in boss.get("/calls/new").text


def test_only_the_managers_of_the_organization_meet_its_templates(
    boss: FlaskClient, organization: Organization, as_user: AsUser, session: Session, client: FlaskClient
) -> None:
    call = make_call(organization)
    moderator = as_user(make_member(organization, OrganizationRole.MODERATOR))
    elsewhere = as_user(make_member(make_organization()))
    assert [keep(reader, call, "Mine") for reader in (moderator, elsewhere, as_user(make_account()))] == [403] * 3
    assert keep(boss, call, "Mine") == 303
    key = templates(session)[0].public_id
    for reader in (moderator, elsewhere):
        assert "Mine" not in reader.get("/calls/new").text
        for act in ("begin", "remove"):
            assert reader.post(f"/call-templates/{key}/{act}").status_code == 404
    assert client.post(f"/call-templates/{key}/begin").location.startswith("/sign-in")
    assert len(templates(session)) == 1


def test_the_list_of_templates_is_limited_in_words_and_costs_the_same_whatever_its_length(
    boss: FlaskClient, organization: Organization, session: Session, count_queries: CountQueries
) -> None:
    call, counts = make_call(organization), []
    for many in (1, 50):
        with transaction() as writing:
            writing.add_all(
                CallTemplate(organization_id=organization.id, name=f"T{many} {n}", rules={}, made_at=utc_now())
                for n in range(many - (many > 1))
            )
        with count_queries() as queries:
            page = boss.get("/calls/new").text
        assert page.count("/begin") == many
        counts.append(len(queries))
    assert counts[0] == counts[1]
    refused = boss.post(f"/calls/{call.public_id}/template", data={"name": "One more"})
    assert refused.status_code == 422
    assert "At most 50 templates are kept." in refused.text
