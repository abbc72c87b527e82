"""A preview is the real page drawn for somebody else, and stores nothing."""

import pytest
from sqlalchemy.orm import Session

from crowd.core.status import ProposalStatus
from tests.conftest import AsUser
from tests.make import make_account, make_call, make_proposal

pytestmark = pytest.mark.usefixtures("session")


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
