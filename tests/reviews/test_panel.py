"""The panel: nobody is led by the others, those whose review is in talk, changed scores are logged, independent criteria count nothing."""

from dataclasses import dataclass, replace
from fractions import Fraction

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.core.rules import Criterion
from crowd.core.scoring import review_mean
from crowd.core.selection import rule_faults
from crowd.mailing.models import Mail
from crowd.proposals.models import Exclusion
from crowd.reviews.models import Juror, Remark, ScoreChange
from crowd.store.db import transaction, utc_now
from tests.conftest import AsUser, Drain
from tests.make import JURY, LEVELS, VOTE, make_account, make_assignment, make_juror, make_member, make_rules
from tests.reviews.conftest import Scene, account_of, make_scene
from tests.reviews.test_reviewing import FULL, review_of


@dataclass
class Pair:
    """Two jurors with their clients and the pages of their review of the first proposal: the first is in, the second is not."""

    jurors: list[Juror]
    clients: list[FlaskClient]
    urls: list[str]


@pytest.fixture
def pair(scene: Scene, as_user: AsUser) -> Pair:
    jurors = [make_juror(scene.round, name=name) for name in ("Rosa Marín", "Jun Ito")]
    urls = [f"/reviews/{make_assignment(juror, scene.proposals[0]).public_id}" for juror in jurors]
    found = Pair(jurors, [as_user(account_of(juror)) for juror in jurors], urls)
    assert found.clients[0].post(urls[0], data=FULL).status_code == 303
    return found


def test_what_the_others_wrote_is_read_only_when_ones_own_review_is_in(
    scene: Scene, pair: Pair, as_user: AsUser
) -> None:
    juror = pair.clients[1]
    early = juror.get(pair.urls[1] + "/panel")
    assert early.status_code == 403
    assert "Hand in your own review first" in early.text
    assert "I would fund half." not in juror.get(pair.urls[1]).text
    juror.post(pair.urls[1], data=FULL)
    page = juror.get(pair.urls[1] + "/panel")
    assert page.status_code == 200
    assert "Rosa Marín" in page.text
    assert "I would fund half." in page.text


def test_those_whose_review_is_in_talk_and_are_told_of_it(
    pair: Pair, as_user: AsUser, session: Session, drain: Drain
) -> None:
    first, second = pair.clients
    refused = second.post(pair.urls[1] + "/panel", data={"text": "Let me in."})
    assert refused.status_code == 403
    second.post(pair.urls[1], data=FULL)
    assert second.post(pair.urls[1] + "/panel", data={"text": "Is oak **needed**?"}).status_code == 303
    assert "Is oak <strong>needed</strong>?" in first.get(pair.urls[0] + "/panel").text
    drain()
    told = session.scalars(select(Mail.account_id).where(Mail.kind == "panel_remark")).all()
    assert told == [pair.jurors[0].account_id]


def test_a_remark_sent_twice_is_said_once(pair: Pair, session: Session) -> None:
    for _ in range(2):
        assert pair.clients[0].post(pair.urls[0] + "/panel", data={"text": "Once."}).status_code == 303
    assert session.scalars(select(Remark.text)).all() == ["Once."]


def test_a_remark_needs_words(scene: Scene, pair: Pair, as_user: AsUser, session: Session) -> None:
    answer = pair.clients[0].post(pair.urls[0] + "/panel", data={"text": "  "})
    assert answer.status_code == 422
    assert "Write something first." in answer.text
    assert session.scalars(select(Remark.id)).all() == []


def test_a_score_changed_after_handing_in_is_logged_for_the_panel(
    scene: Scene, pair: Pair, as_user: AsUser, session: Session
) -> None:
    juror = pair.clients[0]
    juror.post(pair.urls[0], data={**FULL, "version": "1", "score_0": "1"})
    changes = session.execute(select(ScoreChange.criterion, ScoreChange.before, ScoreChange.after)).all()
    assert [tuple(change) for change in changes] == [("benefit", 4, 1)]
    assert "changed “Benefit” from 4 to 1" in juror.get(pair.urls[0] + "/panel").text


def test_drafts_may_change_as_often_as_they_like_without_a_trace(
    scene: Scene, as_user: AsUser, session: Session
) -> None:
    juror = make_juror(scene.round)
    assignment = make_assignment(juror, scene.proposals[0])
    client = as_user(account_of(juror))
    client.post(f"/reviews/{assignment.public_id}", data={**FULL, "act": "save"})
    client.post(f"/reviews/{assignment.public_id}", data={**FULL, "version": "1", "score_0": "1"})
    assert session.scalars(select(ScoreChange.id)).all() == []


def test_the_chair_joins_the_talk_but_not_where_they_have_a_stake(
    scene: Scene, pair: Pair, as_user: AsUser, session: Session
) -> None:
    manager = make_member(scene.organization)
    url = f"{scene.url}/proposals/{scene.proposals[0].public_id}"
    client = as_user(manager)
    assert client.post(f"{url}/remark", data={"text": "Please say more of the costs."}).status_code == 303
    assert "Please say more of the costs." in client.get(url).text
    with transaction() as writing:
        writing.add(Exclusion(proposal_id=scene.proposals[0].id, account_id=manager.id, reason="Sister", at=utc_now()))
    assert client.post(f"{url}/remark", data={"text": "One more thing."}).status_code == 403
    assert "Please say more of the costs." not in client.get(url).text


def test_whoever_steps_back_reads_nothing_of_the_panel_any_more(scene: Scene, pair: Pair, as_user: AsUser) -> None:
    juror = pair.clients[0]
    juror.post(pair.urls[0] + "/recuse", data={"reason": "I know the author."})
    assert juror.get(pair.urls[0] + "/panel").status_code in {403, 404}


def test_an_independent_criterion_changes_no_total() -> None:
    rubric = (*JURY.criteria, Criterion("joy", "Joy", 1, LEVELS, independent=True))
    scores = {"benefit": 4, "feasible": 2, "joy": 0}
    assert review_mean(rubric, scores) == review_mean(JURY.criteria, scores) == Fraction(32, 10)
    only = replace(JURY, criteria=(Criterion("joy", "Joy", 1, LEVELS, independent=True),))
    rules = make_rules()
    faulty = replace(rules, rounds=(rules.rounds[0], only))
    assert "only_independent" in {fault.code for fault in rule_faults(faulty)}


def test_where_the_rules_ask_a_review_says_how_sure_the_reviewer_is(as_user: AsUser, session: Session) -> None:
    scene = make_scene(rounds=(VOTE, replace(JURY, asks_confidence=True)))
    juror = make_juror(scene.round)
    assignment = make_assignment(juror, scene.proposals[0])
    client = as_user(account_of(juror))
    missing = client.post(f"/reviews/{assignment.public_id}", data=FULL)
    assert missing.status_code == 422
    assert "Say how sure you are." in missing.text
    assert client.post(f"/reviews/{assignment.public_id}", data={**FULL, "confidence": "9"}).status_code == 422
    assert client.post(f"/reviews/{assignment.public_id}", data={**FULL, "confidence": "3"}).status_code == 303
    assert review_of(session, assignment).confidence == 3
    assert "Sure: this is my field" in client.get(f"/reviews/{assignment.public_id}/panel").text


def test_strangers_find_no_panel(scene: Scene, pair: Pair, as_user: AsUser) -> None:
    assert as_user(make_account()).get(pair.urls[0] + "/panel").status_code == 404
