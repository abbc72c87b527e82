"""The table of a call's proposals: what it shows to whom, filters, orders, bulk acts and their undo."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.core.status import MemberStatus, OrganizationRole, ProposalStatus, StageKind
from crowd.desk.models import Colleague, Label, Labelled, Note
from crowd.organizations.models import Organization
from crowd.proposals.models import Proposal, TeamMember
from crowd.store.db import transaction, utc_now
from tests.conftest import AsUser, CountQueries, Drain
from tests.make import (
    JURY,
    VOTE,
    make_account,
    make_assignment,
    make_call,
    make_juror,
    make_many_proposals,
    make_member,
    make_organization,
    make_proposal,
    make_rules,
    open_all,
)

pytestmark = pytest.mark.usefixtures("session")
TITLE = re.compile(r'<th scope="row"><a [^>]*><bdi>([^<]*)</bdi>')
NEXT = re.compile(r'href="([^"]*after=[^"]*)"')


@pytest.fixture
def organization() -> Organization:
    return make_organization()


@pytest.fixture
def manager(organization: Organization) -> Account:
    return make_member(organization)


def titles(client: FlaskClient, call: Call, query: str = "") -> list[str]:
    answer = client.get(f"/calls/{call.public_id}/desk/proposals{query}")
    assert answer.status_code == 200
    return TITLE.findall(answer.text)


def label_on(call: Call, *proposals: Proposal, name: str = "Look again") -> Label:
    with transaction() as session:
        label = Label(
            organization_id=call.organization_id, name=name, name_folded=name.casefold(), created_at=utc_now()
        )
        session.add(label)
        session.flush()
        session.add_all(Labelled(label_id=label.id, proposal_id=each.id, at=utc_now()) for each in proposals)
    return label


def act(client: FlaskClient, call: Call, wanted: str, *proposals: Proposal, **fields: str) -> str:
    picked = {"act": wanted, "pick": [each.public_id for each in proposals], **fields}
    answer = client.post(f"/calls/{call.public_id}/desk/act", data=picked, follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def test_only_staff_sees_the_desk(client: FlaskClient, as_user: AsUser, organization: Organization) -> None:
    call = make_call(organization)
    member = make_member(organization, OrganizationRole.MEMBER)
    for page in ("desk", "desk/proposals", "desk/proposals.csv"):
        path = f"/calls/{call.public_id}/{page}"
        assert client.get(path).status_code == 303
        assert as_user(make_account()).get(path).status_code == 403
        assert as_user(member).get(path).status_code == 403
        assert as_user(make_member(organization, OrganizationRole.MODERATOR)).get(path).status_code == 200


def test_drafts_are_counted_and_never_named(as_user: AsUser, manager: Account, organization: Organization) -> None:
    call = make_call(organization)
    make_proposal(call, title="Handed in")
    make_proposal(call, title="Secret sketch", status=ProposalStatus.DRAFT)
    page = as_user(manager).get(f"/calls/{call.public_id}/desk/proposals").text
    assert TITLE.findall(page) == ["Handed in"]
    assert "1 draft is not handed in" in page
    for query in ("?status=draft", "?q=sketch", "?sort=title"):
        assert "Secret" not in as_user(manager).get(f"/calls/{call.public_id}/desk/proposals{query}").text


def test_every_filter_narrows(as_user: AsUser, manager: Account, organization: Organization) -> None:
    rules = make_rules(StageKind.REVIEW, asks_cost=True)
    call = make_call(organization, rules)
    plain = make_proposal(call, title="Plain", cost=10)
    dear = make_proposal(call, title="Dear", cost=900)
    juror = make_juror(open_all(call, "jury"))
    make_assignment(juror, dear, scores={"benefit": 3, "feasible": 2})
    late = make_proposal(call, title="Señalización", status=ProposalStatus.SUBMITTED, cost=50)
    with transaction(plain) as session:
        plain.files_count = 1
        session.add(Colleague(account_id=manager.id, proposal_id=late.id, at=utc_now()))
    label = label_on(call, dear, plain)
    desk = as_user(manager)
    assert titles(desk, call, "?status=submitted") == ["Señalización"]
    assert titles(desk, call, f"?label={label.public_id}") == ["Plain", "Dear"]
    assert titles(desk, call, f"?label={label.public_id}&sort=title") == ["Dear", "Plain"]
    assert titles(desk, call, f"?label={label.public_id}&status=submitted") == []
    assert titles(desk, call, f"?colleague={manager.public_id}") == ["Señalización"]
    assert titles(desk, call, "?colleague=me") == ["Señalización"]
    assert titles(desk, call, "?colleague=nobody") == ["Plain", "Dear"]
    assert titles(desk, call, "?lacking=1") == ["Plain"]
    assert titles(desk, call, "?files=1") == ["Plain"]
    assert titles(desk, call, "?cost_from=20&cost_to=800") == ["Señalización"]
    assert titles(desk, call, "?sort=cost") == ["Dear", "Señalización", "Plain"]
    assert titles(desk, call, "?sort=reviews") == ["Plain", "Dear"]
    assert titles(desk, call, "?sort=newest") == ["Señalización", "Dear", "Plain"]


def test_paging_meets_each_row_once_in_every_order(
    as_user: AsUser, manager: Account, organization: Organization, session: Session
) -> None:
    call = make_call(organization, make_rules(asks_cost=True))
    make_many_proposals(call, 120)
    with transaction() as writing:
        for row in writing.scalars(select(Proposal).where(Proposal.call_id == call.id)):
            row.cost = row.number % 3 if row.number and row.number % 4 else None
    desk = as_user(manager)
    for sort in ("number", "newest", "title", "cost"):
        for status in ("", "&status=eligible"):
            met, address = [], f"/calls/{call.public_id}/desk/proposals?sort={sort}{status}"
            while address:
                page = desk.get(address).text
                met += TITLE.findall(page)
                address = next((link.replace("&amp;", "&") for link in NEXT.findall(page)), "")
            assert len(met) == len(set(met)) == 120, sort


def test_no_order_and_no_column_tells_what_hidden_counts_hide(
    as_user: AsUser, manager: Account, organization: Organization
) -> None:
    assert VOTE.hidden_counts
    call = make_call(organization, make_rules(StageKind.VOTING))
    first, second = make_proposal(call, title="First"), make_proposal(call, title="Second")
    with transaction(first, second):
        first.supports, second.supports, first.in_round, second.in_round = 3, 8877, True, True
    desk = as_user(manager)
    desk.post(f"/calls/{call.public_id}/desk/columns", data={"column": ["supports", "status"]})
    page = desk.get(f"/calls/{call.public_id}/desk/proposals?sort=supports").text
    assert TITLE.findall(page) == ["First", "Second"]
    assert "8,877" not in page
    assert "sort=supports" not in desk.get(f"/calls/{call.public_id}/desk/proposals").text
    assert "8877" not in desk.get(f"/calls/{call.public_id}/desk/proposals.csv").text


def test_whoever_has_a_stake_sees_neither_notes_nor_labels(
    as_user: AsUser, manager: Account, organization: Organization
) -> None:
    call = make_call(organization)
    own = make_proposal(call, manager, title="Own")
    invited = make_proposal(call, title="Invited")
    label = label_on(call, own, invited, name="Weak plan")
    with transaction() as session:
        session.add(
            TeamMember(
                proposal_id=invited.id,
                name="M",
                email=manager.email,
                email_folded=manager.email_folded,
                share=0,
                status=MemberStatus.PENDING,
            )
        )
        session.add(Note(proposal_id=own.id, text="Weak indeed", at=utc_now()))
    desk, other = as_user(manager), as_user(make_member(organization))
    assert titles(other, call, f"?label={label.public_id}") == ["Own", "Invited"]
    assert titles(desk, call, f"?label={label.public_id}") == []
    rows = desk.get(f"/calls/{call.public_id}/desk/proposals").text.split("<tbody>")[1].split("</tbody>")[0]
    assert "Weak plan" not in rows
    assert "Weak plan" not in desk.get(f"/calls/{call.public_id}/desk/proposals.csv").text
    assert "Weak plan" in other.get(f"/calls/{call.public_id}/desk/proposals.csv").text
    for each in (own, invited):
        assert desk.get(f"/proposals/{each.public_id}/notes").status_code == 403
    assert "Weak indeed" in other.get(f"/proposals/{own.public_id}/notes").text
    assert "2 stay as they were" in act(desk, call, "lift_label", own, invited, with_label=label.public_id)


def test_labels_go_on_and_off_many_and_are_undone_exactly(
    as_user: AsUser, manager: Account, organization: Organization, session: Session
) -> None:
    call = make_call(organization)
    first, second = make_proposal(call), make_proposal(call)
    label = label_on(call, first)
    page = act(as_user(manager), call, "label", first, second, with_label=label.public_id)
    assert "is on 1 proposal more" in page
    undo = re.findall(r'action="([^"]*/desk/undo/[^"]*)"', page)[0]
    on = select(Labelled.proposal_id).where(Labelled.label_id == label.id).order_by(Labelled.proposal_id)
    assert session.scalars(on).all() == [first.id, second.id]
    assert as_user(make_member(organization)).post(undo).status_code == 409
    as_user(manager).post(undo)
    assert session.scalars(on).all() == [first.id]
    act(as_user(manager), call, "lift_label", with_label=label.public_id, all="1", pick=first.public_id)
    assert session.scalars(on).all() == []


def test_a_colleague_is_told_once_and_never_looks_after_an_own_proposal(
    as_user: AsUser, manager: Account, organization: Organization, session: Session, drain: Drain
) -> None:
    call, colleague = make_call(organization), make_member(organization, OrganizationRole.MODERATOR)
    three = [make_proposal(call) for _ in range(3)]
    own = make_proposal(call, colleague)
    page = act(as_user(manager), call, "assign", *three, own, to_colleague=colleague.public_id)
    assert "looks after 3 proposals more" in page
    drain()
    told = as_user(colleague).get("/notifications").text
    assert told.count("are given to you to look after: 3") == 1
    assert len(titles(as_user(colleague), call, "?colleague=me")) == 3
    stranger = make_account()
    assert "Choose a colleague first" in act(as_user(manager), call, "assign", own, to_colleague=stranger.public_id)


def test_many_are_screened_alike_and_undone(
    as_user: AsUser, manager: Account, organization: Organization, session: Session
) -> None:
    call = make_call(organization, open_stage=StageKind.SCREENING)
    good = [make_proposal(call, status=ProposalStatus.SUBMITTED) for _ in range(2)]
    own = make_proposal(call, manager, status=ProposalStatus.SUBMITTED)
    desk = as_user(manager)
    page = act(desk, call, "screen", *good, own)
    seen = re.findall(r'name="seen" value="([^"]*)"', page)
    assert len(seen) == 3
    path = f"/calls/{call.public_id}/desk/screen"
    refused = desk.post(path, data={"seen": seen, "outcome": "ineligible", "text": "Not for us."})
    assert refused.status_code == 422
    assert "Not for us." in refused.text
    answers = {"seen": seen, "outcome": "ineligible", "code": "off_topic", "text": "Not for us."}
    page = desk.post(path, data=answers, follow_redirects=True).text
    assert "2 proposals are screened" in page
    assert "1 stays as it was" in page
    statuses = select(Proposal.status).where(Proposal.call_id == call.id).order_by(Proposal.id)
    assert session.scalars(statuses).all() == [ProposalStatus.INELIGIBLE] * 2 + [ProposalStatus.SUBMITTED]
    desk.post(re.findall(r'action="([^"]*/desk/undo/[^"]*)"', page)[0])
    assert set(session.scalars(statuses)) == {ProposalStatus.SUBMITTED}


def test_filters_are_saved_by_name_and_shared(as_user: AsUser, manager: Account, organization: Organization) -> None:
    call, other = make_call(organization), make_member(organization)
    make_proposal(call, title="Waits", status=ProposalStatus.SUBMITTED)
    path = f"/calls/{call.public_id}/desk/filters"
    query = f"/calls/{call.public_id}/desk/proposals?status=submitted&sort=title"
    as_user(manager).post(path, data={"name": "Mine alone", "query": query})
    assert "Mine alone" not in as_user(other).get(f"/calls/{call.public_id}/desk/proposals").text
    as_user(manager).post(path, data={"name": "For all", "query": query, "shared": "y"})
    page = as_user(other).get(f"/calls/{call.public_id}/desk/proposals").text
    link = re.findall(r'<a href="([^"]*)">For all', page)[0].replace("&amp;", "&")
    assert link == query
    assert titles(as_user(other), call, "?" + link.split("?")[1]) == ["Waits"]
    assert as_user(manager).post(path, data={"name": "", "query": query}).status_code == 422


def test_columns_are_kept_for_a_person_and_call(as_user: AsUser, manager: Account, organization: Organization) -> None:
    call = make_call(organization)
    make_proposal(call)
    desk = as_user(manager)
    desk.post(f"/calls/{call.public_id}/desk/columns", data={"column": ["language", "nonsense"]})
    head = desk.get(f"/calls/{call.public_id}/desk/proposals").text.split("<thead>")[1].split("</thead>")[0]
    assert re.findall(r'<th scope="col"[^>]*>(?:<span[^>]*>)?([^<]+)', head) == [
        "Choose",
        "No.",
        "Proposal",
        "Language",
    ]


def test_notes_are_written_taken_away_and_brought_back(
    as_user: AsUser, manager: Account, organization: Organization, client: FlaskClient
) -> None:
    call, author = make_call(organization), make_account()
    proposal = make_proposal(call, author)
    path = f"/proposals/{proposal.public_id}/notes"
    page = as_user(manager).post(path, data={"text": "Ask for **dates**."}, follow_redirects=True).text
    assert "<strong>dates</strong>" in page
    remove = re.findall(r'action="([^"]*/remove)"', page)[0]
    assert as_user(make_member(organization)).post(remove).status_code == 409
    page = as_user(manager).post(remove, follow_redirects=True).text
    assert "<strong>dates</strong>" not in page
    as_user(manager).post(remove.replace("remove", "restore"))
    assert "<strong>dates</strong>" in as_user(manager).get(path).text
    assert as_user(author).get(path).status_code == 403
    assert as_user(make_account()).get(path).status_code == 403
    assert client.get(path).status_code == 303


def test_the_number_of_questions_does_not_depend_on_the_number_of_rows(
    as_user: AsUser, manager: Account, organization: Organization, count_queries: CountQueries
) -> None:
    desk, asked = as_user(manager), []
    for rows in (1, 3, 60):
        call = make_call(organization, make_rules(StageKind.REVIEW, rounds=(VOTE, JURY), asks_cost=True))
        make_many_proposals(call, rows)
        proposal = make_proposal(call)
        make_juror(open_all(call, "jury"))
        label = label_on(call, proposal, name=f"Label {rows}")
        counted = []
        for query in ("", "?status=eligible", f"?label={label.public_id}", "?lacking=1&sort=reviews", "?sort=title"):
            with count_queries() as statements:
                desk.get(f"/calls/{call.public_id}/desk/proposals{query}")
            counted.append(len(statements))
        with count_queries() as statements:
            desk.get(f"/calls/{call.public_id}/desk")
        asked.append([*counted, len(statements)])
    assert asked[0] == asked[1] == asked[2]
    assert max(asked[0]) <= 34


def test_what_is_made_or_taken_back_at_the_table_keeps_the_filter(
    as_user: AsUser, manager: Account, organization: Organization
) -> None:
    call = make_call(organization)
    pond = make_proposal(call, title="A pond")
    make_proposal(call, title="A wall", status=ProposalStatus.INELIGIBLE)
    label, desk = label_on(call), as_user(manager)
    at = f"/calls/{call.public_id}/desk"
    here = f"{at}/proposals?status=eligible"
    made = desk.post(f"{at}/labels?status=eligible", data={"name": "New"})
    assert (made.status_code, made.headers["Location"]) == (303, here)
    page = act(desk, call, "label", pond, with_label=label.public_id, status="eligible")
    undo = unescape(next(iter(re.findall(rf'action="({at}/undo/[^"]*)"', page))))
    assert desk.post(undo).headers["Location"] == here
    filtered = f"{at}/labels/{label.public_id}/delete?status=eligible&label={label.public_id}"
    assert desk.post(filtered).headers["Location"] == here
