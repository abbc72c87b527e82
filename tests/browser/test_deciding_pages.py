"""The pages of review, decision and credit, each in a state that shows what it has: nothing for axe to find, and all fits a phone."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.awards.actions import add_obligation, give_award
from crowd.awards.commands import AddObligation, GiveAward
from crowd.calls.actions.templates import keep_template
from crowd.calls.gates import facts_of_call
from crowd.calls.models import Call
from crowd.core.actor import Actor
from crowd.core.rules import Blindness
from crowd.core.status import CallStatus, ObjectionKind, Outcome, StageKind
from crowd.followups.actions import add_milestone, post_update
from crowd.followups.commands import SetMilestone, WriteUpdate
from crowd.objections.models import Objection
from crowd.organizations.gates import actor_of
from crowd.organizations.models import Organization
from crowd.proposals.models import Proposal
from crowd.reviews.models import Remark
from crowd.selection.actions.endorsing import endorse
from crowd.selection.actions.merging import merge_proposals
from crowd.selection.actions.places import decline_selection
from crowd.selection.actions.publish import publish_results
from crowd.selection.commands import Endorse, Publish
from crowd.selection.models import Credit
from crowd.selection.queries.room import room_of
from crowd.store.db import db, transaction, utc_now
from crowd.store.types import new_public_id
from tests.browser.conftest import NewPerson
from tests.browser.looking import assert_narrow, unfold
from tests.make import (
    JURY,
    VOTE,
    make_account,
    make_assignment,
    make_call,
    make_juror,
    make_member,
    make_organization,
    make_proposal,
    make_rules,
    move_stages,
    open_all,
    schedule,
)
from tests.selection.rows import decided_call, make_verdict

LONG = "A garden for the rain that comes down the long street every autumn, with stones, reeds and a bench to watch it from"
KINDS = (
    StageKind.SUBMISSION,
    StageKind.VOTING,
    StageKind.REVIEW,
    StageKind.SELECTION,
    StageKind.OBJECTION,
    StageKind.RESULTS,
)


@dataclass
class Places:
    """Addresses, by whoever walks there: a manager, a juror, the lead of what was selected."""

    manager: list[str]
    juror: list[str]
    lead: list[str]
    certificate: str
    holder: str
    emails: dict[str, str]


@pytest.fixture
def places(prepared: None) -> Places:
    organization = make_organization()
    people = {
        "manager": make_member(organization, account=make_account("Mara Manager")),
        "juror": make_account("Juri Juror"),
        "lead": make_account("Ana María del Carmen Concepción Fernández de Córdoba y Villavicencio-Sotomayor"),
    }
    with transaction(*people.values()):
        for account in people.values():
            account.language = "es"
    found = Places([], [], [], "", people["lead"].public_id, {key: account.email for key, account in people.items()})
    _review(found, organization, people)
    _write_rules(found, organization, people["manager"])
    _merge(found, organization, people["manager"])
    _decide(found, organization, people["manager"])
    _publish(found, organization, people)
    return found


def _review(found: Places, organization: Organization, people: dict[str, Account]) -> None:
    """A round in which nobody may know the authors: one proposal is scored twice and talked about, two wait."""
    rules = make_rules(StageKind.REVIEW)
    jury = replace(JURY, blindness=Blindness.DOUBLE, min_reviews=2)
    call = make_call(organization, replace(rules, rounds=(VOTE, jury)))
    first, second, third = (make_proposal(call, title=title) for title in ("A pond", LONG, "A wall"))
    row = open_all(call, "jury")
    juror, other = make_juror(row, people["juror"], chair=True), make_juror(row)
    done = make_assignment(juror, first, scores={"benefit": 5, "feasible": 4}, panel="Deep **enough**.")
    make_assignment(other, first, scores={"benefit": 1, "feasible": 1}, authors="How deep is it?")
    waiting = make_assignment(juror, second)
    make_assignment(juror, third)
    with transaction() as session:
        session.add(
            Remark(round_id=row.id, proposal_id=first.id, author_id=juror.account_id, text="Why?", at=utc_now())
        )
    base, mine = f"/calls/{call.public_id}/reviews", f"/reviews/{waiting.public_id}"
    of_one = f"{base}/proposals/{first.public_id}"
    jurors = f"{base}/jurors/{juror.public_id}"
    found.manager += [base, *(f"{base}/{name}" for name in ("plan?each=3", "numbers", "ties", "invite"))]
    found.manager += [of_one, f"{of_one}/text", jurors, f"{jurors}/remove"]
    found.juror += [f"{base}?view=mine", f"{base}/conflicts", mine, f"{mine}/recuse"]
    found.juror += [f"/reviews/{done.public_id}", f"/reviews/{done.public_id}/panel"]


def _write_rules(found: Places, organization: Organization, manager: Account) -> None:
    """A draft with a rubric, kept as a template."""
    draft = make_call(organization, status=CallStatus.DRAFT)
    with transaction(draft) as session:
        keep_template(session, draft, LONG[:120], actor=_actor(session, manager), now=utc_now())
    found.manager += [f"/calls/{draft.public_id}/edit/rounds/jury", f"/calls/{draft.public_id}/template", "/calls/new"]


def _merge(found: Places, organization: Organization, manager: Account) -> None:
    call = make_call(organization, open_stage=StageKind.SCREENING)
    rows = [make_proposal(call, title=title) for title in ("A bench", "One more bench", LONG)]
    with transaction(call, *rows[:2]) as session:
        actor = _actor(session, manager)
        merge_proposals(
            session, rows[1], rows[0], "The same bench.", new_token=new_public_id, actor=actor, now=utc_now()
        )
    found.manager += [f"/proposals/{rows[2].public_id}/merge", f"/proposals/{rows[1].public_id}"]


def _decide(found: Places, organization: Organization, manager: Account) -> None:
    """Two of three are decided, against the numbers."""
    call, proposals = decided_call(organization, count=3)
    make_verdict(proposals[0], Outcome.NOT_SELECTED, manager)
    make_verdict(proposals[2], Outcome.SELECTED, manager)
    base, first = f"/calls/{call.public_id}/decisions", f"/proposals/{proposals[0].public_id}"
    author = db.session.get_one(Account, proposals[0].lead_id)
    found.manager += [base, f"{base}/reasons?drafts=1", f"{base}/publish", f"{first}/verdict"]
    found.manager += [f"{first}/letters/{author.public_id}"]


def _publish(found: Places, organization: Organization, people: dict[str, Account]) -> None:
    """Two are selected, of which one declines; the other gets a prize, tells how it goes on and is endorsed; somebody objects."""
    stages = schedule(StageKind.SELECTION, kinds=KINDS)
    call, proposals = decided_call(organization, stages=stages)
    won = make_proposal(call, people["lead"], title=LONG)
    outcomes = [Outcome.SELECTED, Outcome.RESERVE, Outcome.NOT_SELECTED, Outcome.NOT_SELECTED]
    for proposal, outcome in zip([*proposals, won], [*outcomes, Outcome.SELECTED], strict=True):
        make_verdict(proposal, outcome, people["manager"])
    with transaction(call) as session:
        manager, lead = _actor(session, people["manager"]), _actor(session, people["lead"])
        room = room_of(session, facts_of_call(session, call.id))
        command = Publish(room.fingerprint, "It was handed in on paper.", "Nobody could read it in time.")
        publish_results(session, call, command, actor=manager, now=utc_now())
    move_stages(call, timedelta(days=10))
    with transaction(call, won, proposals[0]) as session:
        session.get_one(Call, call.id).results_published_at = utc_now() - timedelta(days=6)
        session.flush()
        part = _afterwards(session, won, manager, lead)
        leaving = _actor(session, session.get_one(Account, proposals[0].lead_id))
        decline_selection(session, proposals[0], "We moved to another town.", actor=leaving, now=utc_now())
        objection = Objection(
            public_id=new_public_id(),
            call_id=call.id,
            proposal_id=proposals[3].id,
            author_id=proposals[3].lead_id,
            kind=ObjectionKind.FACTS,
            text="The bench is in the plan.",
            is_public=True,
            filed_at=utc_now(),
        )
        session.add(objection)
        session.flush()
        credit = session.scalars(select(Credit).where(Credit.proposal_id == won.id)).one()
    base, mine = f"/calls/{call.public_id}", f"/proposals/{won.public_id}"
    found.certificate = f"/certificates/{credit.code}"
    found.manager += [f"{base}/{name}" for name in ("results", "results/places", "objections", "awards", "follow-up")]
    found.manager += [f"/objections/{objection.public_id}", f"{mine}/awards/give", f"{base}/awards/{part[0]}/take-back"]
    found.manager += [mine, f"{mine}/correction", found.certificate, f"{found.certificate}/correct"]
    found.lead += [mine, f"{mine}/updates/new", f"{mine}/milestones/new", f"{mine}/decline"]
    found.lead += [f"{base}/objections/new", "/awards", f"/awards/{part[1]}/decline", "/profile"]


def _afterwards(session: Session, won: Proposal, manager: Actor, lead: Actor) -> tuple[str, str]:
    """Public ids of the prize and of its one part."""
    now = utc_now()
    prize = give_award(session, won, GiveAward("First prize", 100_000, "EUR", "A bench", True), actor=manager, now=now)
    add_obligation(session, prize, AddObligation("An invoice", now.date()), actor=manager, now=now)
    late = SetMilestone("The benches stand", now.date() - timedelta(days=3), None, "Oak is late.")
    add_milestone(session, won, late, actor=manager, now=now)
    post_update(session, won, WriteUpdate("The oak is **ordered**."), actor=lead, now=now)
    session.flush()
    credit = session.scalars(select(Credit).where(Credit.proposal_id == won.id)).one()
    endorse(session, credit, Endorse("Drew every plank.", for_organization=True), actor=manager, now=now)
    return prize.public_id, prize.parts[0].public_id


def _actor(session: Session, account: Account) -> Actor:
    return actor_of(session, account.id)


def test_nothing_for_axe_to_find_on_the_pages_of_review_decision_and_credit(
    places: Places, new_person: NewPerson, assert_accessible: Callable[[Page], None]
) -> None:
    def look(page: Page, path: str = "") -> None:
        if path:
            answer = page.goto(path)
            assert (path, answer and answer.status) == (path, 200)
        unfold(page)
        assert_accessible(page)
        assert_narrow(page)

    def walk(key: str) -> Page:
        page = new_person(email=places.emails[key])
        for path in getattr(places, key):
            look(page, path)
        return page

    walk("manager")
    walk("juror")
    page = walk("lead")
    look(page, places.certificate)
    page.locator("[name=consent]").check()
    page.locator("form[action$='/credential'] [type=submit]").click()
    page.wait_for_url("**/credentials/*")
    look(page)
    look(page, page.locator("main a[href*='/credentials/check']").get_attribute("href") or "")
    look(page, f"/people/{places.holder}")
