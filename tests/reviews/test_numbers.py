"""The chair's numbers: raw beside adjusted, the cut line, criteria and reviewers; hidden where the viewer has a stake."""

import csv
import io
from collections.abc import Mapping
from fractions import Fraction

import pytest
from sqlalchemy.orm import Session

from crowd.core.status import OrganizationRole
from crowd.reviews.models import Juror
from crowd.reviews.queries import Numbers, numbers_of
from tests.conftest import AsUser, CountQueries
from tests.make import JURY, make_assignment, make_juror, make_member
from tests.reviews.conftest import Scene, account_of

pytestmark = pytest.mark.one_database


def score(scene: Scene, table: Mapping[str, tuple[int | None, ...]]) -> list[Juror]:
    """Each juror's score of the three proposals, the same in both criteria."""
    jurors = []
    for name, scores in table.items():
        juror = make_juror(scene.round, name=name)
        jurors.append(juror)
        for proposal, value in zip(scene.proposals, scores, strict=True):
            if value is not None:
                make_assignment(juror, proposal, scores={"benefit": value, "feasible": value})
    return jurors


FULL = {"Kind": (3, 4, 5), "Even": (2, 3, 4), "Strict": (1, 2, 3)}


def numbers(session: Session, scene: Scene, places: int, own: set[int] | None = None) -> Numbers:
    return numbers_of(session, scene.round.id, JURY, own or set(), places)


def test_who_met_only_generous_reviewers_does_not_lead_for_it(scene: Scene, session: Session) -> None:
    score(scene, {"Kind": (4, None, 5), "Even": (3, 3, 4), "Strict": (None, 2, 3), "Other": (3, 3, 4)})
    table = numbers(session, scene, 1)
    bench, pond, lights = scene.proposals
    assert [line.proposal.id for line in table.lines] == [lights.id, bench.id, pond.id]
    raw = {line.proposal.id: line.score.mean for line in table.lines}
    assert raw == {bench.id: Fraction(10, 3), pond.id: Fraction(8, 3), lights.id: Fraction(4)}
    adjusted = {line.proposal.id: line.calibrated.adjusted or 0 for line in table.lines if line.calibrated}
    assert 0 < adjusted[bench.id] - adjusted[pond.id] < 0.2
    order = [line.name for line in table.reviewers]
    assert (order[0], order[-1]) == ("Kind", "Strict")


def test_the_cut_says_who_is_in_out_or_undecided(scene: Scene, session: Session) -> None:
    score(scene, FULL)
    table = numbers(session, scene, 1)
    assert [(line.proposal.title, line.verdict) for line in table.lines] == [
        ("Lights along the path", "in"),
        ("A pond for frogs", "out"),
        ("A bench around the old tree", "out"),
    ]
    assert [line.verdict for line in numbers(session, scene, 3).lines] == ["in"] * 3
    assert [line.verdict for line in numbers(session, scene, 0).lines] == ["out"] * 3


def test_equals_cannot_be_told_apart_and_stay_undecided(scene: Scene, session: Session) -> None:
    score(scene, {"Ana": (3, 3, 2), "Bo": (2, 3, 3), "Cy": (3, 2, 3)})
    table = numbers(session, scene, 1)
    assert table.tied == [(1, 3)]
    assert {line.verdict for line in table.lines} == {"undecided"}


def test_too_few_reviews_show_raw_scores_only(scene: Scene, session: Session, as_user: AsUser) -> None:
    score(scene, {"Ana": (4, None, None), "Bo": (None, 2, None)})
    table = numbers(session, scene, 1)
    assert (table.adjusted, table.tied) == (False, [])
    assert [line.proposal.title for line in table.lines[:2]] == ["A bench around the old tree", "A pond for frogs"]
    page = as_user(scene.manager).get(f"{scene.url}/numbers").text
    assert "Until then only raw scores are shown." in page
    assert "No review yet" in page


def test_the_page_shows_both_scores_the_criteria_and_the_reviewers(scene: Scene, as_user: AsUser) -> None:
    score(scene, FULL)
    page = as_user(scene.manager).get(f"{scene.url}/numbers?places=2")
    assert page.status_code == 200
    for words in ("Raw mean", "Standard error", 'data-step="4"', "+1.00", "-1.00", "<tr data-cut>", 'value="2"'):
        assert words in page.text
    assert page.text.count("style=") == 0


def test_reviews_far_apart_ask_to_be_talked_about(scene: Scene, session: Session) -> None:
    score(scene, {"Ana": (0, 3, 3), "Bo": (5, 3, 3), "Cy": (3, 4, 3)})
    wide = {line.proposal.title: line.wide for line in numbers(session, scene, 1).lines}
    assert wide == {"A bench around the old tree": True, "A pond for frogs": False, "Lights along the path": False}


def test_the_sheet_holds_what_the_page_shows(scene: Scene, as_user: AsUser) -> None:
    score(scene, FULL)
    answer = as_user(scene.manager).get(f"{scene.url}/numbers.csv?places=1")
    assert answer.content_type == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [(row["title"], row["raw_mean"], row["cut"], row["criterion_benefit"]) for row in rows] == [
        ("Lights along the path", "4.000", "in", "4.000"),
        ("A pond for frogs", "3.000", "out", "3.000"),
        ("A bench around the old tree", "2.000", "out", "2.000"),
    ]


def test_a_chair_sees_nothing_of_what_they_have_a_stake_in(scene: Scene, as_user: AsUser) -> None:
    score(scene, FULL)
    chair = make_juror(scene.round, scene.authors[2], chair=True)
    client = as_user(account_of(chair))
    page, sheet = client.get(f"{scene.url}/numbers").text, client.get(f"{scene.url}/numbers.csv").text
    assert "1 proposal is not shown, because you have a stake in it." in page
    for text in (page, sheet):
        assert scene.proposals[2].title not in text
        assert scene.proposals[1].title in text


@pytest.mark.parametrize("places", ["", "-1", "many", "999999999"])
def test_a_cut_that_makes_no_sense_breaks_nothing(scene: Scene, as_user: AsUser, places: str) -> None:
    score(scene, FULL)
    assert as_user(scene.manager).get(f"{scene.url}/numbers?places={places}").status_code == 200


def test_only_a_chair_sees_the_numbers(scene: Scene, as_user: AsUser) -> None:
    jurors = score(scene, FULL)
    for account in (
        account_of(jurors[0]),
        make_member(scene.organization, OrganizationRole.MODERATOR),
        scene.authors[0],
    ):
        for path in ("numbers", "numbers.csv"):
            assert as_user(account).get(f"{scene.url}/{path}").status_code == 403


def test_more_reviews_cost_no_more_queries(scene: Scene, as_user: AsUser, count_queries: CountQueries) -> None:
    client = as_user(scene.manager)
    asked = []
    for name in ("Ana", "Bo", "Cy"):
        score(scene, {name: (1, 2, 3)})
        with count_queries() as statements:
            assert client.get(f"{scene.url}/numbers").status_code == 200
        asked.append(len(statements))
    assert len(set(asked[1:])) == 1
