"""What a person is told, listed: as many questions to the database for one row as for several."""

from sqlalchemy.orm import Session

from crowd.core.events import EventKind
from crowd.store.db import transaction, utc_now
from crowd.store.events import record
from tests.conftest import AsUser, CountQueries, Drain
from tests.make import make_account, make_call, make_proposal, make_session

PAGES = ("/notifications", "/mails", "/settings/sessions", "/settings/notifications")


def test_lists_of_notices_mails_and_sessions_cost_the_same_whatever_their_length(
    session: Session, as_user: AsUser, drain: Drain, count_queries: CountQueries
) -> None:
    costs = []
    for rows in (1, 3):
        author, call = make_account(), make_call()
        for _ in range(rows):
            proposal = make_proposal(call, author, title="A pond for frogs")
            make_session(author)
            with transaction() as writing:
                record(
                    writing,
                    EventKind.PROPOSAL_FOUND_ELIGIBLE,
                    now=utc_now(),
                    organization_id=call.organization_id,
                    call_id=call.id,
                    proposal_id=proposal.id,
                )
        drain()
        client = as_user(author)
        assert client.get("/notifications").text.count("Read the mail") == rows
        for path in PAGES:
            with count_queries() as statements:
                assert client.get(path).status_code == 200
            costs.append(len(statements))
    assert costs[: len(PAGES)] == costs[len(PAGES) :]
