"""A preview is the real page drawn for somebody else, and stores nothing."""

import pytest
from sqlalchemy.orm import Session

from crowd.core.status import CallStatus, OrganizationRole, ProposalStatus
from tests.conftest import AsUser
from tests.make import make_account, make_call, make_member, make_organization, make_proposal

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("session")]


def test_the_public_and_a_reviewer_will_see_what_the_preview_shows(as_user: AsUser, session: Session) -> None:
    author = make_account("Noa Bauer")
    draft = make_proposal(make_call(), author, status=ProposalStatus.DRAFT)
    writer, here = as_user(author), f"/proposals/{draft.public_id}/preview"
    public = writer.get(here).text
    assert "Noa Bauer" in public
    assert "A private draft" not in public
    assert "Go on writing" not in public
    assert "Being checked" in public
    assert f'href="/proposals/{draft.public_id}/edit"' in public
    reviewer = writer.get(f"{here}?as=reviewer").text
    main = reviewer[reviewer.index("<main") :]
    assert "Noa Bauer" not in main
    assert "A bench would make it a place to meet." in main
    assert "Feasibility" in main
    session.refresh(draft)
    assert draft.status is ProposalStatus.DRAFT
    assert "Sign out" in writer.get(f"/proposals/{draft.public_id}").text
    assert writer.get(f"{here}?as=manager").status_code == 404
    assert as_user(make_account()).get(here).status_code == 404


@pytest.mark.parametrize("status", [CallStatus.DRAFT, CallStatus.PUBLISHED])
def test_a_manager_sees_the_call_as_a_visitor_a_contributor_and_a_reviewer_will(
    as_user: AsUser, session: Session, status: CallStatus
) -> None:
    organization = make_organization()
    call = make_call(organization, status=status)
    manager, here = as_user(make_member(organization)), f"/calls/{call.public_id}/preview"
    visitor = manager.get(here).text
    assert "Create account" in visitor
    assert "Start a proposal" in visitor
    assert "Only your organization's managers see this page" not in visitor
    assert f'href="/calls/{call.public_id}/schedule"' not in visitor
    assert "Sign out" not in visitor
    contributor = manager.get(f"{here}?as=contributor").text
    assert "Start a proposal" in contributor
    assert "Create account" not in contributor
    reviewer = manager.get(f"{here}?as=reviewer").text
    assert "Feasibility" in reviewer
    assert "Comment to the authors" in reviewer
    assert "Hand in and next" not in reviewer
    session.refresh(call)
    assert call.status is status
    assert manager.get(f"{here}?as=owner").status_code == 404
    moderator = as_user(make_member(organization, OrganizationRole.MODERATOR))
    assert moderator.get(here).status_code == (404 if status is CallStatus.DRAFT else 403)
    assert as_user(make_account()).get(here).status_code == (404 if status is CallStatus.DRAFT else 403)
