"""A juror at work: the queue and the reviewing screen."""

from tests.conftest import AsUser
from tests.make import make_assignment, make_juror
from tests.reviews.conftest import Scene, account_of


def test_a_juror_sees_the_assigned_proposals_and_no_others(scene: Scene, as_user: AsUser) -> None:
    juror = make_juror(scene.round)
    make_assignment(juror, scene.proposals[0])
    page = as_user(account_of(juror)).get(scene.url)
    assert page.status_code == 200
    assert "A bench around the old tree" in page.text
    assert "A pond for frogs" not in page.text
