"""A call rehearsed from its opening to the results page by the real rules, unseen by everybody else, then gone without a trace."""

import re
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.core.fields import AnswerKind, Counted, CustomField
from crowd.core.rules import Audience, Component, CountRule, Electorate, Round, SelectionRules, TieBreak, VotingMethod
from crowd.core.status import CallStatus, MailStatus, OrganizationRole, ProposalStatus, StageKind
from crowd.files.storage import file_store
from crowd.mailing.models import Mail
from crowd.notifications.models import Notification
from crowd.organizations.models import Organization
from crowd.proposals.models import Proposal
from crowd.reviews.models import Review
from crowd.store.db import Base
from crowd.voting.models import Ballot
from tests.conftest import AsUser, Drain
from tests.make import VOTE, make_account, make_call, make_member, make_organization, make_rules
from tests.rehearsals.test_making_up import NEEDED

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("session")]

LEFT_OUT = frozenset({"job_runs", "attempts"})
"""Rows that are about the site, not about a call."""


@pytest.fixture
def organization() -> Organization:
    return make_organization()


def rows_of(session: Session) -> dict[str, int]:
    session.expire_all()
    tables = [table for table in Base.metadata.sorted_tables if table.name not in LEFT_OUT]
    return {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def begin(client: FlaskClient, call: Call) -> str:
    answer = client.post(f"/calls/{call.public_id}/rehearse")
    assert answer.status_code == 303
    return str(answer.location)


def press(client: FlaskClient, url: str, act: str) -> Any:
    answer = client.post(f"{url}/rehearsal/{act}", data={"back": url})
    assert answer.status_code == 303
    return answer


def count(session: Session, model: type[Base]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_rehearsal_runs_from_its_start_to_the_results_and_is_gone_without_a_trace(
    organization: Organization, as_user: AsUser, session: Session, drain: Drain, client: FlaskClient
) -> None:
    boss = as_user(make_member(organization))
    call = make_call(organization, make_rules(title="Tree avenue"), status=CallStatus.DRAFT)
    drain()
    before = rows_of(session)
    url = begin(boss, call)
    page = boss.get(url)
    assert "Rehearsal · day 1" in page.text
    press(boss, url, "fill")
    rehearsal = session.scalars(select(Call).where(Call.is_rehearsal)).one()
    assert (rehearsal.proposals_count, rehearsal.audience) == (30, Audience.INVITED)
    press(boss, url, "vote")  # nothing is open to vote on: refused in words
    assert count(session, Ballot) == 0
    press(boss, url, "next")  # screening
    press(boss, url, "screen")
    press(boss, url, "day")
    press(boss, url, "next")  # the vote
    press(boss, url, "vote")
    assert count(session, Ballot) == 40
    press(boss, url, "next")  # the jury
    press(boss, url, "review")
    assert count(session, Review) == 90
    press(boss, url, "next")  # the decision
    assert boss.get(f"{url}/decisions").status_code == 200
    decided = press(boss, url, "decide")
    assert decided.location == f"{url}/results"
    drain()
    results = boss.get(decided.location)
    assert results.status_code == 200
    assert results.text.count("Rehearsal: chosen by the numbers alone.") >= 2
    chosen = select(func.count()).where(Proposal.status == ProposalStatus.SELECTED)
    assert session.scalar(chosen) == 2
    assert count(session, Mail) == 0
    assert count(session, Notification) == 0
    assert boss.post(f"{url}/rehearsal/remove").status_code == 303
    assert boss.get(url).status_code == 404
    assert rows_of(session) == before
    assert boss.get(f"/calls/{call.public_id}").status_code == 200


@pytest.mark.both_databases
def test_nobody_but_the_managers_finds_a_rehearsal_anywhere(
    organization: Organization, as_user: AsUser, session: Session, client: FlaskClient
) -> None:
    manager = make_member(organization)
    boss = as_user(manager)
    call = make_call(organization, make_rules(title="Tree avenue"))
    url = begin(boss, call)
    press(boss, url, "fill")
    proposal = session.scalars(select(Proposal).limit(1)).one()
    people = session.scalars(select(Account).where(Account.rehearsal_id.is_not(None))).all()
    key = url.rsplit("/", 1)[-1]
    member = as_user(make_member(organization, OrganizationRole.MEMBER))
    for visitor in (client, as_user(make_account()), member):
        for path in ("", "/proposals", "/history", "/rules.json", "/propose"):
            assert visitor.get(f"{url}{path}").status_code == 404
        assert visitor.get(f"/proposals/{proposal.public_id}").status_code == 404
        assert visitor.post(f"{url}/rehearsal/fill").status_code in {303, 404}
    for visitor in (client, member, boss, as_user(make_account("Root", admin=True))):
        for path in ("/", "/calls", "/calls?q=Tree", f"/organizations/{organization.slug}", "/people?q=rehearsal"):
            page = visitor.get(path).text
            assert key not in page, path
            assert "rehearsal.invalid" not in page, path
    assert boss.get(url).status_code == 200
    assert {client.get(f"/people/{person.public_id}").status_code for person in people} == {404}
    link = client.post("/sign-in", data={"email": people[0].email, "password": "anything at all"})
    assert link.status_code != 303
    assert boss.post(f"/calls/{call.public_id}/rehearsal/fill").status_code == 403  # the real call is no rehearsal


def test_a_mail_written_in_a_rehearsal_never_leaves(
    organization: Organization, as_user: AsUser, session: Session, drain: Drain
) -> None:
    boss = as_user(make_member(organization))
    url = begin(boss, make_call(organization))
    sent = boss.post(f"{url}/guests/addresses", data={"addresses": "somebody@example.org"})
    assert sent.status_code == 303
    drain()
    assert session.scalars(select(Mail.status)).all() == [MailStatus.CANCELLED]


def test_a_draft_that_lacks_something_is_not_rehearsed(
    organization: Organization, as_user: AsUser, session: Session
) -> None:
    boss = as_user(make_member(organization))
    call = make_call(organization, make_rules(licence=""), status=CallStatus.DRAFT)
    answer = boss.post(f"/calls/{call.public_id}/rehearse")
    assert answer.location == f"/calls/{call.public_id}"
    assert not re.search("Rehearsal", boss.get(answer.location).text)
    assert count(session, Call) == 1


ELECTED = SelectionRules(
    components=(Component("crowd", 100),), count=CountRule.ELECTED, tie_break=TieBreak.ALL_TIED_PASS
)
SECRET = replace(VOTE, max_choices=None, secret=True)
VOTES = {
    "a ranking by those on a list": replace(
        SECRET, method=VotingMethod.STV, seats=3, electorate=Electorate.INVITED, min_account_days=30
    ),
    "credits by codes": replace(
        SECRET, method=VotingMethod.QUADRATIC, electorate=Electorate.CODES, **NEEDED[VotingMethod.QUADRATIC]
    ),
    "points with members weighed": replace(SECRET, method=VotingMethod.SCORE, member_percent=30, quorum=10),
}
PLAN = CustomField("plan", AnswerKind.FILE, "A plan", required=True)
WHY = CustomField("why", AnswerKind.LONG, "Why?", required=True, shortest=120, counted=Counted.WORDS)


@pytest.mark.parametrize(
    "vote",
    [
        pytest.param(vote, id=name, marks=[pytest.mark.both_databases] if vote.electorate is Electorate.INVITED else [])
        for name, vote in VOTES.items()
    ],
)
def test_any_vote_is_rehearsed_to_its_results_and_leaves_no_file(
    vote: Round, organization: Organization, as_user: AsUser, session: Session, drain: Drain
) -> None:
    boss = as_user(make_member(organization))
    rules = make_rules(rounds=(vote,), selection=ELECTED, asks_cost=True, custom_fields=(PLAN, WHY))
    stages = tuple(stage for stage in rules.stages if stage.kind is not StageKind.REVIEW)
    call = make_call(organization, replace(rules, stages=stages), status=CallStatus.DRAFT)
    drain()
    rows, files = rows_of(session), kept_files()
    url = begin(boss, call)
    for act in ("fill", "next", "screen", "next", "vote"):
        press(boss, url, act)
    assert count(session, Proposal) == 30
    assert session.scalar(select(func.count()).where(Ballot.choices.is_not(None))) == 40
    press(boss, url, "next")
    press(boss, url, "next")
    drain()  # the bundle of the count is written
    assert boss.get(f"{url}/rounds/crowd").status_code == 200
    decided = press(boss, url, "decide")
    assert boss.get(decided.location).status_code == 200
    outcomes = session.scalars(select(Proposal.status).distinct()).all()
    assert set(outcomes) == {ProposalStatus.SELECTED, ProposalStatus.NOT_SELECTED}
    assert len(kept_files()) > len(files)
    assert boss.post(f"{url}/rehearsal/remove").status_code == 303
    assert rows_of(session) == rows
    assert kept_files() == files


def kept_files() -> set[str]:
    return {key for key, _at in file_store().stored()}
