"""What the page of a round tells of its count: who won, why this one and not that one, pictures with their tables."""

import csv
import html
import io
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from crowd.core.rules import Publicity, ResultsPublicity, VotingMethod
from crowd.core.status import ModerationState, ProposalStatus
from crowd.core.tally.choices import Why
from crowd.core.tally.profile import Kind
from crowd.store.db import transaction
from crowd.voting.actions.sealing import tie_seed
from tests.conftest import AsUser, CountQueries
from tests.make import make_member, round_row
from tests.rounds.closed import USUAL, Said, closed_vote

pytestmark = pytest.mark.one_database

WHY: dict[VotingMethod, str] = {
    VotingMethod.APPROVAL: "“Ash” won and “Birch” did not. “Ash” has 4 votes, “Birch” has 2 votes.",
    VotingMethod.SCORE: "“Ash” won and “Birch” did not. “Ash” has 14 points, “Birch” has 7 points.",
    VotingMethod.STAR: "“Ash” won and “Birch” did not. Both reached runoff 1 with their points (14 and 7). "
    "There 2 ballots prefer “Ash” and 0 ballots prefer “Birch”.",
    VotingMethod.IRV: "“Ash” won and “Birch” did not. In the last round “Ash” has 3 votes and “Birch” has 1 vote.",
    VotingMethod.STV: "“Ash” won and “Birch” did not. “Ash” reached the quota of 3 in round 1, with 3 votes. "
    "“Birch” was left with 1 vote when the last seat was filled.",
    VotingMethod.SCHULZE: "“Ash” won and “Birch” did not. In their duel “Ash” stands before “Birch” on 4 ballots and behind on 1. "
    "No chain of won duels leads back.",
    VotingMethod.MAJORITY_JUDGMENT: "“Ash” won and “Birch” did not. The middle grade of “Ash” is “excellent”, that of “Birch” is “good”. "
    "At least “excellent” was given to the first by 2 voters, to the second by 0 voters.",
    VotingMethod.CUMULATIVE: "“Ash” won and “Birch” did not. “Ash” got 8 dots from 3 voters, “Birch” got 3 dots from 2 voters.",
    VotingMethod.QUADRATIC: "“Ash” won and “Birch” did not. “Ash” got 8 bought votes from 3 voters, “Birch” got 3 bought votes from 2 voters.",
    VotingMethod.PB_GREEDY: "“Birch” won and “Cedar” did not. “Birch” has 2 votes, “Cedar” has 1 vote. “Cedar” costs 6\u00a0EUR, and at its turn "
    "only 1\u00a0EUR were left.",
    VotingMethod.EQUAL_SHARES: "“Birch” won and “Cedar” did not.",
    VotingMethod.BRADLEY_TERRY: "“Ash” won and “Birch” did not. “Ash” was preferred in 18 of 18 comparisons and stands at",
}
PICTURES = {
    VotingMethod.SCORE: 2,
    VotingMethod.STAR: 2,
}


def text_of(source: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", source)).split(" ")).strip()


def answer_of(page: str) -> str:
    [said] = re.findall(r'<p class="answer">(.*?)</p>', page, re.DOTALL)
    return html.unescape(said)


def outcome_of(page: str) -> str:
    return " ".join(
        text_of(page[page.index('id="outcome"') : page.index("</section>", page.index('id="outcome"'))]).split()
    )


@pytest.mark.parametrize("method", VotingMethod)
def test_every_method_says_why_the_last_winner_won_and_the_next_did_not(
    method: VotingMethod, session: Session, client: FlaskClient
) -> None:
    page = client.get(closed_vote(method).url).text
    assert answer_of(page).startswith(WHY[method])
    drawn = re.findall(r'<svg viewBox="0 0 400 [\d.]+" role="img" aria-labelledby="([\w-]+) ([\w-]+)">', page)
    assert len(drawn) == PICTURES.get(method, 1)
    for title, description in drawn:
        assert page.count(f'id="{title}"') == page.count(f'id="{description}"') == 1
    assert 'id="count-caption"' in page


@pytest.mark.parametrize("method", VotingMethod)
def test_where_results_keep_figures_back_the_page_tells_the_rule_and_no_figure_but_to_managers(
    method: VotingMethod, session: Session, client: FlaskClient, as_user: AsUser
) -> None:
    kept = {"results_publicity": ResultsPublicity.TITLE_AND_RANK}
    vote = closed_vote(method, call=kept, quorum=2)
    page = client.get(vote.url + f"?a={vote.keys[0]}&b={vote.keys[1]}").text
    assert "so the vote stands." in outcome_of(page)
    assert "keeps the figures of single proposals to itself" in outcome_of(page)
    for told in (
        'class="answer"',
        'role="img" aria-labelledby="plot',
        "won</span>",
        "Say why",
        "Votes",
        "Points",
        "Estimate",
    ):
        assert told not in page
    manager = make_member(vote.organization)
    assert answer_of(as_user(manager).get(vote.url).text).startswith(WHY[method])


def test_any_two_can_be_compared_and_the_order_of_asking_changes_nothing(session: Session, client: FlaskClient) -> None:
    vote = closed_vote(VotingMethod.APPROVAL)
    ash, birch, cedar = vote.keys
    told = "Neither “Birch” nor “Cedar” won. “Birch” has 2 votes, “Cedar” has 1 vote."
    assert answer_of(client.get(f"{vote.url}?a={birch}&b={cedar}").text) == told
    page = client.get(f"{vote.url}?a={cedar}&b={birch}").text
    assert answer_of(page) == told
    assert re.findall(r'<option value="(\w+)" selected>', page) == [cedar, birch]
    assert "Choose two different proposals." in client.get(f"{vote.url}?a={ash}&b={ash}").text
    assert answer_of(client.get(f"{vote.url}?a=nobody&b={ash}").text) == WHY[VotingMethod.APPROVAL]


@pytest.mark.both_databases
def test_who_is_hidden_or_not_public_is_a_number_in_everything_that_is_told(
    session: Session, client: FlaskClient
) -> None:
    vote = closed_vote(VotingMethod.IRV, titles=("Ash", "A secret title", "Cedar"))
    with transaction(vote.proposals[1]):
        vote.proposals[1].moderation, vote.proposals[1].hidden_reason = ModerationState.HIDDEN, "Off topic"
    page = client.get(vote.url).text
    assert "A secret title" not in page
    assert answer_of(page).startswith("“Ash” won and “Number 2” did not.")
    closed = closed_vote(
        VotingMethod.SCHULZE, titles=("Ash", "A secret title", "Cedar"), call={"publicity": Publicity.NEVER}
    )
    told = client.get(closed.url).text
    assert answer_of(told).startswith("“Number 1” won and “Number 2” did not.")
    assert [name for name in ("Ash", "A secret title", "Cedar") if name in told] == []


def test_a_vote_that_only_ranks_calls_nobody_a_winner(session: Session, client: FlaskClient) -> None:
    page = client.get(closed_vote(VotingMethod.APPROVAL, [{0: 1, 1: 1}, {2: 1}, {2: 1}], seats=None).url).text
    assert answer_of(page).startswith("“Cedar” stands before “Ash” in this count.")
    assert "won" not in outcome_of(page)
    level = client.get(closed_vote(VotingMethod.APPROVAL, [{0: 1, 1: 1}], seats=None).url).text
    assert answer_of(level).endswith("are level in this count. Both have 1 vote.")


def test_without_quorum_nobody_wins_and_the_page_says_so(session: Session, client: FlaskClient) -> None:
    page = client.get(closed_vote(VotingMethod.SCORE, quorum=9).url).text
    assert "Nobody won." in outcome_of(page)
    assert "At least 9 valid ballots are needed; there are only 3, so nobody wins." in outcome_of(page)
    assert answer_of(page).startswith(
        "Neither “Ash” nor “Birch” won. The rules ask for at least 9 valid ballots and there are 3,"
    )


def test_a_winner_below_the_threshold_is_named_and_nobody_comes_in_its_place(
    session: Session, client: FlaskClient
) -> None:
    page = client.get(closed_vote(VotingMethod.CUMULATIVE, [{0: 9}, {1: 1}, {1: 1}], threshold=50).url).text
    assert "Nobody won." in outcome_of(page)
    assert "“Ash” won a place in the count, but is named on only 1 ballot of 3" in outcome_of(page)


def test_a_tie_is_told_with_what_settled_it(session: Session, client: FlaskClient) -> None:
    vote = closed_vote(VotingMethod.APPROVAL, [{0: 1, 1: 1}], titles=("Ash", "Birch"))
    told = outcome_of(client.get(vote.url).text)
    assert re.search("Tied for a place: “(Ash|Birch)” and “(Ash|Birch)”. It went to “(Ash|Birch)”.", told)
    assert "The tie was settled by lot, by the seed published with this count." in told
    seed = tie_seed(session, round_row(vote.call))
    assert seed is not None
    assert seed.hex() in told


def test_votes_weighed_by_group_are_told_in_percent(session: Session, client: FlaskClient) -> None:
    ballots: list[Any] = [{0: 1}, {1: 1}, {1: 1}, {1: 1}]
    vote = closed_vote(VotingMethod.APPROVAL, ballots, members=[True, False, False, False], member_percent=60)
    page = client.get(vote.url).text
    assert "Members' ballots weigh 60 % together, all others' 40 %" in outcome_of(page)
    assert answer_of(page) == "“Ash” won and “Birch” did not. “Ash” has 60 %, “Birch” has 40 %."


@pytest.mark.both_databases
@pytest.mark.parametrize(("aside", "told"), [((0, 1, 2), "would be another"), ((3,), "would be the same")])
def test_ballots_set_aside_are_counted_once_more_with_them(
    aside: tuple[int, ...], told: str, session: Session, client: FlaskClient
) -> None:
    ballots = [{0: 1}, {0: 1}, {0: 1}, {1: 1}, {1: 1}]
    page = client.get(closed_vote(VotingMethod.APPROVAL, ballots, set_aside=aside).url).text
    section = page[page.index('id="aside"') :]
    assert told in section
    assert "Ballots with them" in section
    assert 'id="aside"' not in client.get(closed_vote(VotingMethod.APPROVAL, ballots).url).text


def test_the_vote_of_a_budget_shows_each_in_its_turn(session: Session, client: FlaskClient) -> None:
    page = client.get(closed_vote(VotingMethod.PB_GREEDY).url).text
    table = page[page.index("Each in its turn") :]
    assert table.index("Ash") < table.index("Birch") < table.index("Cedar")
    assert "did not fit" in table[: table.index("</table>")]
    assert "9\u00a0EUR of 10\u00a0EUR are spent, 1\u00a0EUR are left." in page


def test_of_many_the_first_are_drawn_and_all_are_in_the_table(session: Session, client: FlaskClient) -> None:
    titles = [f"Tree {number:02}" for number in range(1, 21)]
    ballots = [dict.fromkeys(range(count), 1) for count in range(1, 20)]
    vote = closed_vote(VotingMethod.SCORE, ballots, titles=titles)
    page = client.get(vote.url).text
    [first, _second] = re.findall(r"<figure.*?</figure>", page, re.DOTALL)
    assert first.count("<g ") == 12
    assert "8 more proposals stand in the table." in first
    assert page.count("Tree 20</bdi>") >= 2


def test_the_page_asks_the_same_number_of_questions_however_many_stand(
    session: Session, client: FlaskClient, count_queries: CountQueries
) -> None:
    def asked(size: int) -> int:
        vote = closed_vote(VotingMethod.STV, titles=[f"Tree {number}" for number in range(size)])
        client.get(vote.url)
        with count_queries() as statements:
            assert client.get(vote.url).status_code == 200
        return len(statements)

    assert asked(3) == asked(9)


def test_an_empty_vote_has_no_winner_and_no_picture_to_trip_over(session: Session, client: FlaskClient) -> None:
    for method in VotingMethod:
        page = client.get(closed_vote(method, []).url)
        assert page.status_code == 200
        assert "No valid ballot was cast, so nobody wins." in answer_of(page.text)


def test_one_candidate_alone_is_compared_with_nobody(session: Session, client: FlaskClient) -> None:
    for method in VotingMethod:
        ballots: list[Any] = [] if method is VotingMethod.BRADLEY_TERRY else [{0: 1}]
        page = client.get(closed_vote(method, ballots, titles=["Ash"]).url)
        assert (page.status_code, 'class="answer"' in page.text) == (200, False)


def test_the_page_reads_in_spanish(session: Session, client: FlaskClient) -> None:
    vote = closed_vote(VotingMethod.APPROVAL)
    page = client.get(vote.url, headers={"Accept-Language": "es"}).text
    assert answer_of(page) == "“Ash” ganó y “Birch” no. “Ash” tiene 4 votos; “Birch”, 2 votos."


def test_the_usual_grades_are_read_in_the_readers_language_and_those_of_the_rules_as_they_stand(
    session: Session, client: FlaskClient
) -> None:
    vote, spanish = closed_vote(VotingMethod.MAJORITY_JUDGMENT), {"Accept-Language": "es"}
    page = client.get(vote.url, headers=spanish).text
    assert "“excelente”" in answer_of(page)
    for word in ("excellent", "very good", "to reject"):
        assert word not in page
    assert "excelente, muy buena, buena" in client.get(f"/calls/{vote.call.public_id}", headers=spanish).text
    own = closed_vote(VotingMethod.MAJORITY_JUDGMENT, grades=("excellent", "good", "so so", "bad"))
    assert "“excellent”" in answer_of(client.get(own.url, headers=spanish).text)


def test_tables_of_pairs_and_of_rounds_end_somewhere_and_say_so(session: Session, client: FlaskClient) -> None:
    titles = [f"Tree {number:02}" for number in range(64)]
    ballots: list[Any] = [{number: 1} for number in range(64) for _more in range(number + 1)]
    for method in (VotingMethod.SCHULZE, VotingMethod.STV):
        page = client.get(closed_vote(method, ballots, titles=titles).url).text
        assert "These are the first 60 of 64; the data of the count hold them all." in page
        assert "48 more proposals stand in the table." in page


def test_all_duels_can_be_had_as_a_table_by_whom_the_page_shows_figures(
    session: Session, client: FlaskClient, as_user: AsUser
) -> None:
    titles = [f"Tree {number:02}" for number in range(64)]
    ballots: list[Any] = [{number: 1} for number in range(64) for _more in range(number + 1)]
    vote = closed_vote(VotingMethod.SCHULZE, ballots, titles=titles)
    assert f'href="{vote.url}/duels.csv"' in client.get(vote.url).text
    first, *rows = csv.reader(io.StringIO(client.get(f"{vote.url}/duels.csv").text))
    order = vote.keys[::-1]
    assert first == ["id", "title", *order]
    for place, row in enumerate(rows):
        votes = str(64 - place)
        assert row == [order[place], f"Tree {63 - place:02}", *("" if own == place else votes for own in range(64))]
    assert len(rows) == 64
    assert client.get(f"{closed_vote(VotingMethod.APPROVAL).url}/duels.csv").status_code == 404
    kept = closed_vote(VotingMethod.SCHULZE, call={"results_publicity": ResultsPublicity.TITLE_AND_RANK})
    assert client.get(f"{kept.url}/duels.csv").status_code == 404
    assert as_user(make_member(kept.organization)).get(f"{kept.url}/duels.csv").status_code == 200


def test_duels_weighed_by_group_are_percent_and_who_is_hidden_is_a_number(
    session: Session, client: FlaskClient
) -> None:
    vote = closed_vote(
        VotingMethod.SCHULZE, titles=("Ash", "A secret title", "Cedar"), call={"publicity": Publicity.NEVER}
    )
    table = client.get(f"{vote.url}/duels.csv")
    assert "secret" not in table.text
    assert "Number 2" in table.text
    ballots: list[Any] = [{0: 1}, {1: 1}, {1: 1}, {1: 1}]
    weighed = closed_vote(VotingMethod.SCHULZE, ballots, members=[True, False, False, False], member_percent=60)
    _first, *rows = csv.reader(io.StringIO(client.get(f"{weighed.url}/duels.csv").text))
    assert [row[1:] for row in rows] == [["Ash", "", "60", "60"], ["Birch", "40", "", "40"], ["Cedar", "0", "0", ""]]


UNSURE: list[Said] = [
    *USUAL[Kind.PAIR],
    [(0, 1), (0, 2, Why.UNKNOWN)],
    [(0, 1), (2, 0, Why.UNKNOWN), (1, 2, Why.EQUAL)],
    [(0, 2, Why.UNLIKE)],
    [(0, 2, Why.EQUAL), (1, 2, Why.EQUAL)],
]


def undecided_of(page: str) -> str:
    start = page.index('id="undecided"')
    return " ".join(text_of(page[start : page.index("</section>", start)]).split())


def test_what_voters_could_not_decide_is_told_in_numbers_and_counts_for_neither(
    session: Session, client: FlaskClient
) -> None:
    told = undecided_of(client.get(closed_vote(VotingMethod.BRADLEY_TERRY, UNSURE).url).text)
    assert (
        "4 voters could not decide between “Ash” and “Cedar”: 2 know too little about them, 1 finds both equally good, "
        "1 says they cannot be compared. Such answers count for neither." in told
    )
    assert "Ash · Cedar 4 1 2 1 Birch · Cedar 2 2 0 0" in told
    decided: list[Said] = [*USUAL[Kind.PAIR], [(0, 1)], [(0, 1)], [], []]
    pages = [client.get(closed_vote(VotingMethod.BRADLEY_TERRY, ballots).url).text for ballots in (UNSURE, decided)]
    assert ["Hard to decide" in page for page in pages] == [True, False]
    drawn = [text_of(page[page.index('id="pictures"') :].partition("</section>")[0]) for page in pages]
    assert drawn[0] == drawn[1]
    assert outcome_of(pages[0]) == outcome_of(pages[1])


def test_a_ballot_set_aside_or_a_proposal_struck_off_is_no_part_of_what_was_hard_to_decide(
    session: Session, client: FlaskClient
) -> None:
    vote = closed_vote(VotingMethod.BRADLEY_TERRY, UNSURE, set_aside=[11])
    with transaction() as write:
        write.merge(vote.proposals[1]).status = ProposalStatus.WITHDRAWN
    told = undecided_of(client.get(vote.url).text)
    assert "3 voters could not decide between “Ash” and “Cedar”" in told
    assert "Birch" not in told
