"""The list of a call's proposals: what it shows to whom, filters, search, orders, paging."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.calls.models import Call
from crowd.core.actor import Actor
from crowd.core.rules import LeftOut, Publicity, ResultsPublicity
from crowd.core.status import ModerationState, OrganizationRole, ProposalStatus, StageKind
from crowd.proposals.actions import add_version
from crowd.proposals.models import ProposalTag
from crowd.rounds.models import CallRound
from crowd.store.db import transaction, utc_now
from tests.conftest import AsUser, CountQueries
from tests.make import (
    JURY,
    VOTE,
    make_account,
    make_call,
    make_many_proposals,
    make_member,
    make_organization,
    make_proposal,
    make_rules,
    open_all,
)

pytestmark = pytest.mark.usefixtures("session")
LINK = re.compile(r'class="row-title"><a href="/proposals/(\w+)"')
NEXT = re.compile(r'href="([^"]*after=[^"]*)"')


def titles(html: str) -> list[str]:
    return re.findall(r'class="row-title"><a [^>]*><bdi>([^<]*)</bdi>', html)


def walk(client: FlaskClient, address: str) -> list[str]:
    """The ids met from the first page to the last."""
    met: list[str] = []
    for _ in range(20):
        page = client.get(address).text
        met += LINK.findall(page)
        following = [link for link in NEXT.findall(page) if "seed" in link or "sort" in link]
        if not following:
            return met
        address = following[-1].replace("&amp;", "&")
    raise AssertionError("the list has no end")


@pytest.mark.parametrize("query", ["", "?sort=newest", "?utm_source=letter&status=eligible"])
def test_a_shuffled_list_of_95_is_met_once_each_in_an_order_that_stays(
    client: FlaskClient, as_user: AsUser, query: str
) -> None:
    call = make_call(open_stage=StageKind.VOTING)
    make_many_proposals(call, 95)
    address = f"/calls/{call.public_id}/proposals{query}"
    readers = [client, as_user(make_account()), as_user(make_account())]
    walks = [walk(reader, address) for reader in readers]
    for met in walks:
        assert len(met) == len(set(met)) == 95
    assert [walk(reader, address) for reader in readers] == walks
    if "newest" not in query:
        readers += [as_user(make_account()) for _ in range(5)]
        orders = {tuple(LINK.findall(reader.get(address).text)) for reader in readers}
        assert len(orders) >= 6, "of eight readers two may happen to start at the same place"
        assert "shuffled for you" in client.get(address).text


def test_a_mailed_second_page_leads_on_in_the_same_order(client: FlaskClient, as_user: AsUser) -> None:
    call = make_call(open_stage=StageKind.VOTING)
    make_many_proposals(call, 95)
    first = as_user(make_account()).get(f"/calls/{call.public_id}/proposals").text
    link = next(link for link in NEXT.findall(first) if "seed" in link).replace("&amp;", "&")
    met = LINK.findall(first) + walk(client, link)
    assert len(met) == len(set(met)) == 95


def test_voting_on_the_way_and_going_back_leave_the_order_as_it_was(as_user: AsUser) -> None:
    call = make_call(open_stage=StageKind.VOTING)
    make_many_proposals(call, 95)
    open_all(call)
    reader, address = as_user(make_account()), f"/calls/{call.public_id}/proposals?utm_source=letter"
    undisturbed = walk(reader, address)
    pages: dict[str, list[str]] = {}
    while address:
        page = reader.get(address).text
        pages[address] = LINK.findall(page)
        cast = reader.post(f"/calls/{call.public_id}/vote/cast?round=crowd", data={"support": pages[address][:2]})
        assert cast.status_code == 303
        assert {back: LINK.findall(reader.get(back).text) for back in pages} == pages
        address = next((link.replace("&amp;", "&") for link in NEXT.findall(page) if "seed" in link), "")
    assert [key for rows in pages.values() for key in rows] == undisturbed
    assert len(set(undisturbed)) == 95


def test_newest_comes_first_when_nobody_votes(client: FlaskClient) -> None:
    call = make_call()
    make_many_proposals(call, 30)
    assert titles(client.get(f"/calls/{call.public_id}/proposals").text)[:2] == ["Proposal 000", "Proposal 001"]


def test_a_spoiled_cursor_is_refused_in_words(client: FlaskClient) -> None:
    call = make_call(open_stage=StageKind.VOTING)
    for after in ("x", "WzBd", "WzAsIjEiLDFd", "e30"):
        answer = client.get(f"/calls/{call.public_id}/proposals?sort=shuffled&seed=a&after={after}")
        assert answer.status_code == 422


@pytest.mark.parametrize("count", [3, 300])
def test_the_number_of_questions_does_not_depend_on_the_number_of_rows(
    as_user: AsUser, count_queries: CountQueries, count: int
) -> None:
    reader = as_user(make_account())
    asked = []
    for rows in (1, count):
        for stage in (StageKind.SUBMISSION, StageKind.VOTING):
            call = make_call(open_stage=stage)
            make_many_proposals(call, rows)
            with count_queries() as statements:
                assert reader.get(f"/calls/{call.public_id}/proposals").status_code == 200
            asked.append(len(statements))
    assert asked[:2] == asked[2:]


SPELLINGS = [
    "Señalización",
    "senalizacion",
    "SEÑALIZACIÓN",
    "sen\u0303alizacio\u0301n",
    "peniscola",
    "ñaliz",
    "rapida peñ",
]


@pytest.mark.parametrize("words", SPELLINGS)
def test_every_spelling_finds_it(client: FlaskClient, session: Session, words: str) -> None:
    call, author = make_call(), make_account()
    proposal = make_proposal(call, author, title="Señalización rápida en Peñíscola")
    make_proposal(call, title="A bench")
    with transaction(proposal) as db_session:
        add_version(db_session, proposal, actor=Actor(account_id=author.id), now=utc_now())
    page = client.get(f"/calls/{call.public_id}/proposals", query_string={"q": words}).text
    assert titles(page) == ["Señalización rápida en Peñíscola"]


@pytest.mark.parametrize("sign", ["%", "_", "'", '"', "\\", "*", "%%' OR 1=1 --", ")", "^", ":*"])
def test_wildcard_signs_are_plain_characters(client: FlaskClient, sign: str) -> None:
    call, author = make_call(), make_account()
    proposal = make_proposal(call, author, title="Señalización rápida")
    with transaction(proposal) as db_session:
        add_version(db_session, proposal, actor=Actor(account_id=author.id), now=utc_now())
    answer = client.get(f"/calls/{call.public_id}/proposals", query_string={"q": sign})
    assert answer.status_code == 200
    assert titles(answer.text) == []


def test_search_finds_nothing_that_may_not_be_seen(client: FlaskClient, as_user: AsUser) -> None:
    call, author = make_call(rules=make_rules(publicity=Publicity.NEVER)), make_account()
    proposal = make_proposal(call, author, title="Secret garden")
    with transaction(proposal) as db_session:
        add_version(db_session, proposal, actor=Actor(account_id=author.id), now=utc_now())
    address = f"/calls/{call.public_id}/proposals?q=secret"
    assert titles(client.get(address).text) == []
    assert titles(as_user(author).get(address).text) == ["Secret garden"]


@pytest.mark.parametrize(
    ("publicity", "words"),
    [
        (Publicity.AFTER_SUBMISSION, "2 proposals are not shown: this call shows all when submission closes"),
        (Publicity.SHORTLISTED, "2 proposals are not shown: this call shows those that reach a round."),
        (Publicity.AFTER_RESULTS, "2 proposals are not shown: this call shows proposals with the results."),
        (Publicity.NEVER, "2 proposals are not shown: in this call only authors and the organization see them."),
    ],
)
def test_hidden_rows_are_counted_and_not_listed(client: FlaskClient, publicity: Publicity, words: str) -> None:
    call = make_call(rules=make_rules(publicity=publicity))
    make_proposal(call, title="Not yet for all")
    make_proposal(call, title="Nor this one")
    make_proposal(call, title="A private draft", status=ProposalStatus.DRAFT)
    page = client.get(f"/calls/{call.public_id}/proposals").text
    assert titles(page) == []
    assert words in page
    assert "Not yet for all" not in page


def test_drafts_are_only_among_mine(as_user: AsUser) -> None:
    call, author = make_call(), make_account()
    make_proposal(call, author, title="My draft", status=ProposalStatus.DRAFT)
    make_proposal(call, author, title="My proposal")
    make_proposal(call, title="Of somebody else")
    client = as_user(author)
    assert set(titles(client.get(f"/calls/{call.public_id}/proposals").text)) == {"My proposal", "Of somebody else"}
    mine = client.get(f"/calls/{call.public_id}/proposals?mine=1").text
    assert set(titles(mine)) == {"My draft", "My proposal"}


def test_filters_by_status_and_tag_stand_in_the_address_with_their_counts(
    client: FlaskClient, session: Session
) -> None:
    call = make_call()
    tree, pond = make_proposal(call, title="A tree"), make_proposal(call, title="A pond")
    make_proposal(call, title="Being checked", status=ProposalStatus.SUBMITTED)
    with transaction() as db_session:
        db_session.add_all(ProposalTag(proposal_id=row.id, tag="garden") for row in (tree, pond))
        db_session.add(ProposalTag(proposal_id=pond.id, tag="water"))
    page = client.get(f"/calls/{call.public_id}/proposals").text
    assert re.search(r'#garden <span class="n">2</span>', page)
    assert titles(client.get(f"/calls/{call.public_id}/proposals?tag=water").text) == ["A pond"]
    assert titles(client.get(f"/calls/{call.public_id}/proposals?status=submitted").text) == ["Being checked"]
    assert titles(client.get(f"/calls/{call.public_id}/proposals?status=nonsense").text) != []


def test_what_a_moderator_hid_is_not_in_the_list(client: FlaskClient) -> None:
    call = make_call()
    proposal = make_proposal(call, title="Hidden words")
    with transaction(proposal):
        proposal.moderation, proposal.hidden_reason = ModerationState.HIDDEN, "Spam."
    page = client.get(f"/calls/{call.public_id}/proposals").text
    assert "Hidden words" not in page
    assert "1 proposal is not shown" in page


def _with_supports(hidden_counts: bool, stage: StageKind) -> tuple[Call, list[str]]:  # noqa: FBT001
    vote = type(VOTE)(**{**VOTE.__dict__, "hidden_counts": hidden_counts})
    call = make_call(rules=make_rules(stage, rounds=(vote, JURY)))
    names = [make_proposal(call, title=f"Idea {number}") for number in range(6)]
    with transaction(*names) as session:
        for place, proposal in enumerate(names):
            proposal.supports, proposal.in_round = 10 * (place * 7 % 5 + 1), True
        round_row = session.scalars(
            select(CallRound).where(CallRound.call_id == call.id, CallRound.key == "crowd")
        ).one()
        round_row.opened_at = utc_now()
    return call, [row.title for row in sorted(names, key=lambda row: (-row.supports, -row.id))]


def test_most_supported_is_an_order_where_counts_are_open(client: FlaskClient) -> None:
    call, order = _with_supports(hidden_counts=False, stage=StageKind.VOTING)
    page = client.get(f"/calls/{call.public_id}/proposals?sort=supported").text
    assert titles(page) == order
    assert '<span class="figure">50</span>' in page


def test_hidden_counts_leak_neither_by_number_nor_by_order(client: FlaskClient, as_user: AsUser) -> None:
    call, order = _with_supports(hidden_counts=True, stage=StageKind.VOTING)
    for reader in (client, as_user(make_account())):
        plain = reader.get(f"/calls/{call.public_id}/proposals").text
        asked = reader.get(f"/calls/{call.public_id}/proposals?sort=supported").text
        assert titles(asked) == titles(plain)
        assert 'class="figure"' not in plain + asked
        assert "sort=supported" not in plain
    assert titles(client.get(f"/calls/{call.public_id}/proposals?sort=newest").text) != order


def test_who_was_left_out_is_not_told_before_the_results(client: FlaskClient, as_user: AsUser) -> None:
    organization = make_organization()
    call = make_call(organization, make_rules(StageKind.REVIEW, left_out=LeftOut.WITH_RESULTS))
    author = make_account()
    proposal = make_proposal(call, author, title="Left out", status=ProposalStatus.NOT_ADVANCED)
    for reader in (client, as_user(author)):
        for address in (f"/calls/{call.public_id}/proposals", f"/proposals/{proposal.public_id}"):
            assert "Did not advance" not in reader.get(address).text
    assert titles(client.get(f"/calls/{call.public_id}/proposals?status=not_advanced").text) == []
    assert titles(client.get(f"/calls/{call.public_id}/proposals?status=eligible").text) == ["Left out"]
    staff = as_user(make_member(organization, OrganizationRole.MODERATOR))
    assert titles(staff.get(f"/calls/{call.public_id}/proposals?status=not_advanced").text) == ["Left out"]


def test_results_as_numbers_name_nobody_who_was_not_selected(client: FlaskClient, as_user: AsUser) -> None:
    call = make_call(rules=make_rules(StageKind.RESULTS, results_publicity=ResultsPublicity.NUMBERS))
    author = make_account()
    proposal = make_proposal(call, author, title="Tried", status=ProposalStatus.NOT_SELECTED)
    with transaction(call, proposal):
        call.results_published_at = utc_now()
        proposal.outcome_reason = "The jury missed a plan for the winter."
    page = client.get(f"/proposals/{proposal.public_id}").text
    assert "Not selected" not in page
    assert "missed a plan" not in page
    assert "Not selected" not in client.get(f"/calls/{call.public_id}/proposals").text
    own = as_user(author).get(f"/proposals/{proposal.public_id}").text
    assert "Not selected" in own
    assert "missed a plan" in own


def test_cards_show_the_same_proposals(client: FlaskClient) -> None:
    call = make_call()
    make_proposal(call, title="On a card")
    page = client.get(f"/calls/{call.public_id}/proposals?view=cards").text
    assert '<ul class="cards">' in page
    assert "<bdi>On a card</bdi>" in page


def test_a_members_call_shows_its_list_to_members_only(client: FlaskClient, as_user: AsUser) -> None:
    organization = make_organization()
    call = make_call(organization, make_rules(audience="members"))
    make_proposal(call, title="Inside")
    assert client.get(f"/calls/{call.public_id}/proposals").status_code == 404
    member = as_user(make_member(organization, OrganizationRole.MEMBER))
    assert titles(member.get(f"/calls/{call.public_id}/proposals").text) == ["Inside"]
