"""Reviews far apart: once all are in, the panel's discussion opens by itself, and only those who may read it learn of it."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.core.events import EventKind
from crowd.mailing.models import Mail
from crowd.proposals.models import Exclusion
from crowd.reviews.models import Assignment, Discussion, Juror
from crowd.store.db import transaction, utc_now
from crowd.store.models import Event
from tests.conftest import AsUser, Drain
from tests.make import make_assignment, make_juror, make_member
from tests.reviews.conftest import Scene, account_of
from tests.reviews.test_reviewing import FULL

pytestmark = pytest.mark.one_database

HIGH = {**FULL, "score_0": "5", "score_1": "5"}
LOW = {**FULL, "score_0": "1", "score_1": "2"}
NAMES = ("Rosa Marín", "Jun Ito", "Ada Mori")


class Table:
    """Three jurors with the first proposal to review."""

    def __init__(self, scene: Scene, as_user: AsUser) -> None:
        self.scene, self.as_user = scene, as_user
        self.jurors = [make_juror(scene.round, name=name) for name in NAMES]
        self.work: list[Assignment] = [make_assignment(juror, scene.proposals[0]) for juror in self.jurors]

    def account(self, place: int) -> Account:
        return account_of(self.jurors[place])

    def hand_in(self, place: int, form: dict[str, str]) -> None:
        page = f"/reviews/{self.work[place].public_id}"
        assert self.as_user(self.account(place)).post(page, data=form).status_code == 303

    def panel(self, place: int) -> str:
        return self.as_user(self.account(place)).get(f"/reviews/{self.work[place].public_id}/panel").text


@pytest.fixture
def table(scene: Scene, as_user: AsUser) -> Table:
    return Table(scene, as_user)


def opened(session: Session) -> list[int]:
    session.expire_all()
    return list(session.scalars(select(Discussion.proposal_id)))


def told(session: Session) -> set[int | None]:
    return set(session.scalars(select(Mail.account_id).where(Mail.kind == "panel_opened")))


SIGN = "The reviews lie far apart"


def test_it_opens_once_when_the_last_review_is_in_and_tells_its_reviewers_and_the_manager(
    table: Table, session: Session, drain: Drain
) -> None:
    table.hand_in(0, HIGH)
    table.hand_in(1, LOW)
    assert opened(session) == []
    assert SIGN not in table.panel(0)
    table.hand_in(2, HIGH)
    assert opened(session) == [table.scene.proposals[0].id]
    table.hand_in(2, {**HIGH, "version": "1", "score_0": "4"})
    drain()
    assert opened(session) == [table.scene.proposals[0].id]
    assert len(session.scalars(select(Event.id).where(Event.kind == EventKind.PANEL_OPENED)).all()) == 1
    assert told(session) == {*(juror.account_id for juror in table.jurors), table.scene.manager.id}
    assert SIGN in table.panel(0)
    mine = table.as_user(table.account(0)).get(f"{table.scene.url}?view=mine").text
    assert "Talk about it with the panel" in mine
    chair = table.as_user(table.scene.manager).get(f"{table.scene.url}?show=discussed").text
    assert "the panel is asked to talk" in chair
    assert "A pond for frogs" not in chair


@pytest.mark.both_databases
def test_where_the_reviews_are_near_each_other_nothing_opens_until_one_moves_away(
    table: Table, session: Session
) -> None:
    for place in range(3):
        table.hand_in(place, HIGH)
    assert opened(session) == []
    table.hand_in(1, {**LOW, "version": "1"})
    assert opened(session) == [table.scene.proposals[0].id]


def test_it_opens_when_the_work_that_was_awaited_is_recused_and_who_stepped_back_learns_nothing(
    table: Table, session: Session, drain: Drain
) -> None:
    table.hand_in(0, HIGH)
    table.hand_in(1, LOW)
    page = f"/reviews/{table.work[2].public_id}"
    table.as_user(table.account(2)).post(f"{page}/recuse", data={"reason": "I know the author."})
    drain()
    assert opened(session) == [table.scene.proposals[0].id]
    assert told(session) == {table.jurors[0].account_id, table.jurors[1].account_id, table.scene.manager.id}
    own = table.as_user(table.account(2))
    assert SIGN not in own.get(f"{page}/panel").text
    assert "A bench around the old tree" not in own.get(f"{table.scene.url}?view=mine").text


@pytest.mark.parametrize("way", ["take_back", "remove"])
def test_it_opens_when_the_awaited_work_is_taken_back_or_its_juror_leaves(
    table: Table, session: Session, drain: Drain, way: str
) -> None:
    table.hand_in(0, HIGH)
    table.hand_in(1, LOW)
    manager = table.as_user(table.scene.manager)
    work = f"{table.scene.url}/assignments/{table.work[2].public_id}/take-back?round=jury"
    juror = f"{table.scene.url}/jurors/{table.jurors[2].public_id}/remove?round=jury"
    assert manager.post(work if way == "take_back" else juror).status_code == 303
    drain()
    assert opened(session) == [table.scene.proposals[0].id]


def test_a_recused_review_counts_for_nothing_in_it(table: Table, session: Session, drain: Drain) -> None:
    table.hand_in(0, HIGH)
    table.hand_in(1, LOW)
    table.as_user(table.account(1)).post(f"/reviews/{table.work[1].public_id}/recuse", data={"reason": "A friend."})
    table.hand_in(2, HIGH)
    drain()
    assert opened(session) == []


@pytest.mark.both_databases
def test_the_chair_is_told_in_place_of_managers_and_nobody_with_a_stake_is(
    table: Table, scene: Scene, session: Session, drain: Drain
) -> None:
    chair = make_juror(scene.round, name="Chair", chair=True)
    staked = make_juror(scene.round, name="Chair with a stake", chair=True)
    manager = make_member(scene.organization)
    with transaction() as writing:
        for id_ in (staked.account_id, manager.id):
            writing.add(Exclusion(proposal_id=scene.proposals[0].id, account_id=id_, reason="Sister", at=utc_now()))
    for place, form in enumerate((HIGH, LOW, HIGH)):
        table.hand_in(place, form)
    drain()
    assert told(session) == {*(juror.account_id for juror in table.jurors), chair.account_id}
    assert "the panel is asked to talk" in table.as_user(account_of(chair)).get(scene.url).text
    for account in (account_of(staked), manager):
        assert "the panel is asked to talk" not in table.as_user(account).get(scene.url).text


def test_one_review_alone_lies_apart_from_nothing(scene: Scene, as_user: AsUser, session: Session) -> None:
    juror: Juror = make_juror(scene.round)
    work = make_assignment(juror, scene.proposals[0])
    assert as_user(account_of(juror)).post(f"/reviews/{work.public_id}", data=HIGH).status_code == 303
    assert opened(session) == []
