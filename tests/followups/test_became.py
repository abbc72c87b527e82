"""What became of it: milestones and updates, by whom, seen by whom, and what stays of what was changed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.core.rules import Publicity, ResultsPublicity
from crowd.core.status import MemberStatus, ModerationState, OrganizationRole
from crowd.followups.models import Milestone, Trace, Update
from crowd.mailing.models import Mail
from crowd.notifications.models import Notification
from crowd.organizations.models import Organization
from crowd.proposals.models import Proposal, TeamMember
from crowd.store.db import transaction, utc_now
from tests.conftest import AsUser, CountQueries, Drain
from tests.make import make_account, make_member
from tests.selection.test_publish import all_decided, publish

pytestmark = pytest.mark.one_database


@dataclass(frozen=True)
class Told:
    call: Call
    proposals: list[Proposal]
    manager: Account
    lead: Account
    member: Account

    @property
    def base(self) -> str:
        return f"/proposals/{self.proposals[0].public_id}"


@pytest.fixture
def told(session: Session, as_user: AsUser) -> Told:
    call, proposals, manager = all_decided("SSRN")
    member = make_account("Noor Haddad")
    with transaction() as writing:
        writing.add(
            TeamMember(
                proposal_id=proposals[0].id,
                account_id=member.id,
                name=member.name,
                email=member.email,
                email_folded=member.email_folded,
                position=1,
                share=0,
                status=MemberStatus.ACCEPTED,
            )
        )
    publish(as_user(manager), call)
    return Told(call, proposals, manager, session.get_one(Account, proposals[0].lead_id), member)


def post(client: FlaskClient, told: Told, text: str) -> int:
    return client.post(f"{told.base}/updates/new", data={"text": text}).status_code


def plan(client: FlaskClient, told: Told, title: str, **data: str) -> int:
    return client.post(f"{told.base}/milestones/new", data={"title": title, **data}).status_code


def the_update(session: Session) -> Update:
    session.expire_all()
    return session.scalars(select(Update).order_by(Update.id)).all()[-1]


def the_milestone(session: Session) -> Milestone:
    session.expire_all()
    return session.scalars(select(Milestone).order_by(Milestone.id)).all()[-1]


def test_team_and_organization_tell_how_it_goes_on_the_public_page(
    client: FlaskClient, as_user: AsUser, told: Told
) -> None:
    assert "What became of it" not in client.get(told.base).text
    assert post(as_user(told.member), told, "The wood is **here**.") == 303
    assert post(as_user(told.manager), told, "We paid the carpenter.") == 303
    page = client.get(told.base).text
    assert [
        words in page for words in ("What became of it", "<strong>here</strong>", "by the team", "by the organization")
    ]
    assert page.index("We paid the carpenter.") < page.index("The wood is")


def test_lead_and_managers_set_milestones_and_the_team_does_not(
    session: Session, client: FlaskClient, as_user: AsUser, told: Told
) -> None:
    assert plan(as_user(told.member), told, "The benches stand") == 403
    assert plan(as_user(told.lead), told, "The benches stand", due_on="2027-03-01", note="Before the feast.") == 303
    assert plan(as_user(told.manager), told, "Opening", due_on="2027-04-01") == 303
    page = client.get(told.base).text
    assert "due by 1 March 2027" in page
    assert "Before the feast." in page
    assert page.index("The benches stand") < page.index("Opening")


def test_nobody_writes_about_what_was_not_selected_or_before_the_results(
    session: Session, as_user: AsUser, told: Told
) -> None:
    others = [told.proposals[2], told.proposals[3]]
    for proposal in others:
        lead = as_user(session.get_one(Account, proposal.lead_id))
        for person in (lead, as_user(told.manager)):
            url = f"/proposals/{proposal.public_id}"
            assert person.post(f"{url}/updates/new", data={"text": "x"}).status_code == 403
            assert person.post(f"{url}/milestones/new", data={"title": "x"}).status_code == 403
    _call, early, manager = all_decided("SSRN")
    url = f"/proposals/{early[0].public_id}/updates/new"
    assert as_user(manager).post(url, data={"text": "x"}).status_code == 403
    assert session.scalars(select(Update)).all() == []


def test_strangers_and_moderators_write_nothing(session: Session, as_user: AsUser, told: Told) -> None:
    organization = session.get_one(Organization, told.call.organization_id)
    for person in (make_account(), make_member(organization, OrganizationRole.MODERATOR)):
        assert (post(as_user(person), told, "x"), plan(as_user(person), told, "x")) == (403, 403)
    assert post(as_user(told.lead), told, "  ") == 422


@pytest.mark.both_databases
def test_what_an_edit_changed_can_still_be_read(
    session: Session, client: FlaskClient, as_user: AsUser, told: Told
) -> None:
    writer = as_user(told.member)
    post(writer, told, "It will be ready in May.")
    one = the_update(session)
    url = f"{told.base}/updates/{one.public_id}/edit"
    assert writer.post(url, data={"text": "It will be ready in June.", "version": "1"}).status_code == 303
    page = client.get(told.base).text
    assert page.index("ready in June") < page.index("what it said before") < page.index("ready in May")
    assert writer.post(url, data={"text": "July?", "version": "1"}).status_code == 409
    assert as_user(told.lead).post(url, data={"text": "No.", "version": "2"}).status_code == 403
    assert the_update(session).text == "It will be ready in June."
    plan(as_user(told.lead), told, "Benches", due_on="2027-03-01")
    milestone = the_milestone(session)
    edit = {"title": "Benches", "due_on": "2027-05-01", "version": "1"}
    url = f"{told.base}/milestones/{milestone.public_id}/edit"
    assert as_user(told.manager).post(url, data=edit).status_code == 303
    trace = session.scalars(select(Trace).where(Trace.milestone_id == milestone.id)).one()
    assert (trace.before["due_on"], trace.by_id, trace.removed) == ("2027-03-01", told.manager.id, False)  # type: ignore[call-overload]


@pytest.mark.both_databases
def test_what_is_removed_leaves_a_line_without_its_words(
    session: Session, client: FlaskClient, as_user: AsUser, told: Told
) -> None:
    post(as_user(told.member), told, "Our landlord is a crook.")
    url = f"{told.base}/updates/{the_update(session).public_id}/remove"
    assert as_user(make_account()).post(url).status_code == 403
    assert as_user(told.lead).post(url).status_code == 303
    page = client.get(told.base).text
    assert ("was removed" in page, "crook" in page) == (True, False)
    assert "crook" not in client.get(f"/calls/{told.call.public_id}/follow-up").text
    assert "crook" not in client.get(f"/calls/{told.call.public_id}/follow-up.atom").text
    [trace] = session.scalars(select(Trace)).all()
    assert (trace.before, trace.removed, trace.by_id) == ({"text": "Our landlord is a crook."}, True, told.lead.id)
    plan(as_user(told.lead), told, "Benches")
    assert (
        as_user(told.lead).post(f"{told.base}/milestones/{the_milestone(session).public_id}/remove").status_code == 303
    )
    assert ("A milestone was removed" in client.get(told.base).text, "Benches" in client.get(told.base).text) == (
        True,
        False,
    )


def test_the_call_has_a_page_and_a_feed_of_it_all(client: FlaskClient, as_user: AsUser, told: Told) -> None:
    post(as_user(told.lead), told, "The wood is **here**.")
    plan(as_user(told.lead), told, "The benches stand", done_on="2026-11-01")
    page = client.get(f"/calls/{told.call.public_id}/follow-up").text
    assert ("The benches stand" in page, "<strong>here</strong>" in page) == (True, True)
    feed = client.get(f"/calls/{told.call.public_id}/follow-up.atom")
    assert (feed.status_code, feed.mimetype) == (200, "application/atom+xml")
    assert "The wood is here." in feed.text
    assert "Proposal 1" in feed.text


def hide(told: Told) -> None:
    with transaction() as writing:
        changed = update(Proposal).where(Proposal.id == told.proposals[0].id)
        writing.execute(changed.values(moderation=ModerationState.HIDDEN, hidden_reason="spam"))


def never_public(told: Told) -> None:
    with transaction() as writing:
        closed = {"publicity": Publicity.NEVER, "results_publicity": ResultsPublicity.NUMBERS}
        writing.execute(update(Call).where(Call.id == told.call.id).values(**closed))
        row = writing.get_one(Call, told.call.id, populate_existing=True)
        row.rules = (row.rules or "").replace('"publicity":"at_once"', '"publicity":"never"')


@pytest.mark.parametrize("close", [hide, never_public])
def test_nothing_is_told_of_a_proposal_that_is_not_shown(
    session: Session, client: FlaskClient, as_user: AsUser, told: Told, drain: Drain, close: Callable[[Told], None]
) -> None:
    commenter = make_account("Kim Vo")
    answer = as_user(commenter).post(f"{told.base}/comments", data={"body": "Lovely."})
    assert answer.status_code == 303
    drain()
    close(told)
    post(as_user(told.manager), told, "Secret news.")
    plan(as_user(told.manager), told, "Secret step")
    for path in (f"/calls/{told.call.public_id}/follow-up", f"/calls/{told.call.public_id}/follow-up.atom"):
        assert "Secret" not in client.get(path).text
    drain()
    notices = session.scalars(select(Notification.account_id).where(Notification.kind == "followed_up"))
    assert set(notices) == {told.lead.id, told.member.id}


@pytest.mark.both_databases
def test_whoever_took_part_is_told_once_and_without_mail_unless_asked(
    session: Session, as_user: AsUser, told: Told, drain: Drain
) -> None:
    commenter = make_account("Kim Vo")
    as_user(commenter).post(f"{told.base}/comments", data={"body": "Lovely."})
    drain()
    post(as_user(told.lead), told, "The wood is here.")
    drain()
    notices = session.scalars(select(Notification.account_id).where(Notification.kind == "followed_up")).all()
    assert sorted(notices, key=lambda id_: id_ or 0) == sorted([told.member.id, commenter.id])
    assert session.scalars(select(Mail).where(Mail.kind == "followed_up")).all() == []


@pytest.mark.both_databases
def test_overdue_milestones_stand_on_the_managers_start_page(session: Session, as_user: AsUser, told: Told) -> None:
    managing, past = as_user(told.manager), (utc_now() - timedelta(days=3)).date().isoformat()
    future = (utc_now() + timedelta(days=3)).date().isoformat()
    plan(managing, told, "Benches", due_on=past)
    plan(managing, told, "Opening", due_on=future)
    plan(managing, told, "Wood", due_on=past, done_on=past)
    assert "1 milestone of a selected proposal is overdue." in managing.get("/").text
    assert "is overdue" not in as_user(told.lead).get("/").text
    session.expire_all()
    benches = session.scalars(select(Milestone).where(Milestone.title == "Benches")).one()
    edit = {"title": "Benches", "due_on": past, "done_on": past, "version": "1"}
    managing.post(f"{told.base}/milestones/{benches.public_id}/edit", data=edit)
    assert "is overdue" not in managing.get("/").text


def test_rehearsals_remind_nobody(as_user: AsUser, told: Told) -> None:
    managing, past = as_user(told.manager), (utc_now() - timedelta(days=3)).date().isoformat()
    plan(managing, told, "Benches", due_on=past)
    with transaction() as writing:
        writing.execute(update(Call).where(Call.id == told.call.id).values(is_rehearsal=True))
    assert "is overdue" not in managing.get("/").text


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_costs_the_same_queries_however_much_is_told(
    client: FlaskClient, as_user: AsUser, told: Told, count_queries: CountQueries, number: int
) -> None:
    lead = as_user(told.lead)
    for n in range(number):
        post(lead, told, f"News {n}")
        plan(lead, told, f"Step {n}")
    client.get(f"/calls/{told.call.public_id}/follow-up")
    with count_queries() as queries:
        assert client.get(f"/calls/{told.call.public_id}/follow-up").status_code == 200
    assert len(queries) == 9
