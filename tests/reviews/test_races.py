"""Two things at once: the row under the lock decides."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.calls.models import CallStage
from crowd.core.events import EventKind
from crowd.core.status import AssignmentStatus
from crowd.reviews.models import Assignment, Review
from crowd.store.db import transaction
from crowd.store.models import Event
from tests.conftest import AsUser
from tests.make import make_assignment, make_juror
from tests.reviews.conftest import Scene, account_of
from tests.reviews.test_reviewing import FULL


def test_a_round_that_closes_while_a_review_is_sent_takes_it_not(
    scene: Scene, as_user: AsUser, session: Session
) -> None:
    juror = make_juror(scene.round)
    assignment = make_assignment(juror, scene.proposals[0])
    client, url = as_user(account_of(juror)), f"/reviews/{assignment.public_id}"
    session.commit()
    statuses: list[int] = []
    sender = threading.Thread(target=lambda: statuses.append(client.post(url, data=FULL).status_code))
    with transaction(scene.call) as writing:
        sender.start()
        time.sleep(0.5)  # the sender has read the page's facts and waits for the lock
        for stage in writing.scalars(select(CallStage).where(CallStage.call_id == scene.call.id)):
            stage.opens_at -= timedelta(days=6)
            stage.closes_at = stage.closes_at - timedelta(days=6) if stage.closes_at else None
    sender.join(timeout=30)
    session.expire_all()
    assert statuses == [403]
    assert assignment.status is AssignmentStatus.ASSIGNED
    assert session.scalars(select(Review)).all() == []


def test_two_presses_at_once_hand_in_once(scene: Scene, as_user: AsUser, session: Session) -> None:
    juror = make_juror(scene.round)
    assignment = make_assignment(juror, scene.proposals[0])
    clients = [as_user(account_of(juror)) for _ in range(2)]
    url = f"/reviews/{assignment.public_id}"
    session.commit()

    def send(client: FlaskClient) -> int:
        return client.post(url, data=FULL).status_code

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(send, clients)) == [303, 303]
    session.expire_all()
    assert session.scalars(select(Review.version)).all() == [1]
    assert len(session.scalars(select(Event).where(Event.kind == EventKind.REVIEW_SUBMITTED)).all()) == 1


def test_two_chairs_assign_the_same_at_once(scene: Scene, as_user: AsUser, session: Session) -> None:
    juror = make_juror(scene.round)
    clients = [as_user(scene.manager) for _ in range(2)]
    url = f"{scene.url}/jurors/{juror.public_id}/assign"
    data = {"picked": [proposal.public_id for proposal in scene.proposals]}
    session.commit()

    def send(client: FlaskClient) -> int:
        return client.post(url, data=data).status_code

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(send, clients)) == [303, 303]
    session.expire_all()
    assert len(session.scalars(select(Assignment)).all()) == 3
