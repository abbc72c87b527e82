"""The demo, with few proposals for each call so that it loads in seconds."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.gates import facts_of_call
from crowd.calls.models import Call
from crowd.core.rules import CountRule
from crowd.core.selection import rule_faults
from crowd.core.status import AssignmentStatus, CallStatus, MailStatus, ProposalStatus
from crowd.demo.calls import PLANS
from crowd.demo.people import LOGINS
from crowd.demo.reading import written_for
from crowd.files.storage import file_store, whole
from crowd.mailing.models import Mail
from crowd.organizations.models import Organization
from crowd.proposals.models import Attachment, Proposal
from crowd.reviews.models import Assignment, Juror
from crowd.store.db import Base, db, utc_now
from crowd.store.models import Event
from tests.conftest import Drain, stepping_aside

LOAD = ["demo", "load"]
FEW, FEWEST = 4, 1
STAGES = {"submission", "screening", "discussion", "voting", "review", "selection", "results"}


def load(app: Flask, *more: str, most: int = FEW) -> Result:
    db.session.commit()
    result = app.test_cli_runner().invoke(args=[*LOAD, "--most", str(most), *more])
    assert result.exception is None
    assert result.exit_code == 0
    db.session.rollback()
    db.session.expire_all()
    return result


def rows_of(session: Session) -> dict[str, int]:
    return {
        table.name: session.scalar(select(func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
        if table.name != "job_runs"
    }


def count(session: Session, model: type[Base]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_the_demo_is_written_in_full() -> None:
    written = [each for plan in PLANS for each in written_for(plan.key, plan.rules.language)]
    assert len(written) == 150
    assert len({each.title for each in written}) == 150
    languages = Counter(each.language for each in written)
    assert languages["en"] > 90
    assert languages["es"] > 45
    assert all(each.summary for each in written)


def each_stage_has_its_call_and_open_ones_last(session: Session) -> None:
    now = utc_now()
    facts = [facts_of_call(session, id_) for id_ in session.scalars(select(Call.id))]
    positions = [each.position(now).current for each in facts if each.status is CallStatus.PUBLISHED]
    assert {stage.kind.value for stage in positions if stage} == STAGES
    assert sum(each.status is CallStatus.DRAFT for each in facts) == 1
    closing = [stage.closes_at for stage in positions if stage and stage.closes_at]
    assert len(closing) == 6
    assert min(closing) > now + timedelta(days=60)


def nothing_of_the_past_leaves_again(session: Session, drain: Drain) -> None:
    def queued() -> int:
        return session.scalar(select(func.count()).where(Mail.status == MailStatus.QUEUED)) or 0

    before = count(session, Event)
    assert (queued(), session.scalar(select(func.count()).where(Event.delivered_at.is_(None)))) == (0, 0)
    drain()
    assert (queued(), count(session, Event)) == (0, before)


def everybody_named_at_the_end_signs_in(app: Flask, loaded: Result) -> None:
    named = [line.strip() for line in loaded.stdout.splitlines() if line.startswith("  ")]
    assert named == [f"{person.key}@demo.example" for person in LOGINS]
    for email in named:
        client = app.test_client()
        answer = client.post("/sign-in", data={"email": email, "password": "apertura-demo"})
        assert (email, answer.status_code) == (email, 303)
        assert "Sign out" in client.get("/").text


def published_results_give_a_reason_for_every_outcome(app: Flask, session: Session) -> None:
    call = session.scalars(select(Call).where(Call.results_published_at.is_not(None))).one()
    results = app.test_client().get(f"/calls/{call.public_id}/results.json").json
    assert results is not None
    assert results["ballots"] == 8
    assert len(results["proposals"]) == 4
    assert all(row["reason"] and row["outcome"] for row in results["proposals"])
    assert results["proposals"][0]["rank"] == 1


def there_is_work_for_those_who_sign_in(session: Session) -> None:
    open_work = session.execute(
        select(Account.email, func.count())
        .join(Juror, Juror.account_id == Account.id)
        .join(Assignment, Assignment.juror_id == Juror.id)
        .where(Assignment.status == AssignmentStatus.ASSIGNED, Account.email.startswith("reviewer"))
        .group_by(Account.email)
    ).all()
    assert {email for email, _ in open_work} == {"reviewer1@demo.example", "reviewer2@demo.example"}
    waiting = session.scalar(select(func.count()).where(Proposal.status == ProposalStatus.SUBMITTED))
    assert waiting is not None
    demo = session.scalars(select(Organization).where(Organization.slug == "demo")).one()
    assert session.scalar(select(func.count()).where(Call.organization_id == demo.id)) == 6


def some_proposals_have_files_of_each_kind(app: Flask, session: Session) -> None:
    kinds = session.execute(
        select(Attachment.media_type, func.min(Attachment.id)).group_by(Attachment.media_type)
    ).all()
    assert {kind for kind, _id in kinds} == {"application/pdf", "image/png", "text/plain"}
    for file in session.scalars(select(Attachment).where(Attachment.id.in_([id_ for _kind, id_ in kinds]))):
        with app.app_context():
            assert len(whole(file_store(), file.storage_key)) == file.size


def test_in_one_call_the_vote_itself_elects() -> None:
    elected = [plan for plan in PLANS if plan.rules.selection.count is CountRule.ELECTED]
    assert [plan.rules.title for plan in elected] == ["Calles más frescas: sombra y agua para el verano"]
    assert [rule_faults(plan.dated(utc_now())) for plan in elected] == [[]]


@pytest.mark.timeout(600)
def test_a_loaded_demo_is_whole(app: Flask, session: Session, drain: Drain) -> None:
    """Seen from all sides after one loading, since loading takes seconds."""
    loaded = load(app)
    each_stage_has_its_call_and_open_ones_last(session)
    published_results_give_a_reason_for_every_outcome(app, session)
    there_is_work_for_those_who_sign_in(session)
    some_proposals_have_files_of_each_kind(app, session)
    everybody_named_at_the_end_signs_in(app, loaded)
    nothing_of_the_past_leaves_again(session, drain)


@pytest.mark.one_database
@pytest.mark.timeout(600)
def test_loading_twice_changes_nothing_and_again_adds_a_set_beside_it(app: Flask, session: Session) -> None:
    load(app, most=FEWEST)
    before = rows_of(session)
    first = session.execute(select(Call.id, Call.version, Call.edited_at).order_by(Call.id)).all()
    load(app, most=FEWEST)
    assert rows_of(session) == before
    interrupted(session)
    load(app, most=FEWEST)
    assert rows_of(session)["calls"] == before["calls"]
    result = load(app, "--again", most=FEWEST)
    assert "manager+2@demo.example" in result.stdout
    assert count(session, Call) == 16
    assert count(session, Account) == 2 * before["accounts"]
    assert set(session.scalars(select(Organization.slug))) >= {"demo", "demo-2"}
    kept = session.execute(select(Call.id, Call.version, Call.edited_at).order_by(Call.id).limit(7)).all()
    assert kept == first[:7]


def interrupted(session: Session) -> None:
    """As if the loading had ended before the last call."""
    session.delete(session.scalars(select(Call).order_by(Call.id.desc()).limit(1)).one())
    session.commit()


def test_nothing_is_loaded_before_the_texts_of_every_language_can_be_read(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    catalogue = tmp_path / "es" / "LC_MESSAGES" / "messages.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.touch()
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(tmp_path)
    with stepping_aside():
        result = app.test_cli_runner().invoke(args=["demo", "load"])
    assert (result.exit_code, count(session, Account)) == (1, 0)
    assert "The texts in es are not compiled" in result.output
