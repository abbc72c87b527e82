"""Several people decide the same thing at the same moment: the lock lets one come first, the others are told in words, nothing is done twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.core.status import OrganizationRole, ProposalStatus
from crowd.organizations.models import Organization
from crowd.proposals.models import Proposal
from crowd.selection.models import Correction, Credit, PublishedResult
from tests.conftest import AsUser, stepping_aside
from tests.make import make_member
from tests.selection.test_places import codes, decline, lead_of, published
from tests.selection.test_publish import all_decided, fingerprint_in, status_of
from tests.voting.test_casting import text_of

Act = Callable[[], TestResponse]


def at_once(*acts: Act) -> list[TestResponse]:
    """All of them, let go at the same moment, each in a thread of its own."""
    gate = Barrier(len(acts))

    def one(act: Act) -> TestResponse:
        gate.wait(30)
        return act()

    with stepping_aside(), ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def second_manager(session: Session, call: Call) -> Account:
    return make_member(session.get_one(Organization, call.organization_id), OrganizationRole.MANAGER)


def filling(client: FlaskClient, call: Call, vacated: Proposal, chosen: Proposal) -> Act:
    page = f"/calls/{call.public_id}/results/places"
    data = {"vacated": vacated.public_id, "chosen": chosen.public_id, "note": "It needs no crane."}
    return lambda: client.post(page, data=data)


def told(answers: list[TestResponse], status: int) -> list[str]:
    return [text_of(answer.text) for answer in answers if answer.status_code == status]


def versions(session: Session) -> list[int | None]:
    session.expire_all()
    return list(session.scalars(select(Correction.version).order_by(Correction.id)))


def test_of_two_who_fill_one_place_one_comes_first_and_the_other_reads_that_it_is_settled(
    session: Session, as_user: AsUser
) -> None:
    call, proposals, manager = published(as_user)
    decline(as_user(lead_of(session, proposals[0])), proposals[0])
    clients = [as_user(manager), as_user(second_manager(session, call))]
    answers = at_once(*(filling(clients[n], call, proposals[0], proposals[2 + n]) for n in range(2)))
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert all("This place is settled already" in page for page in told(answers, 409))
    assert status_of(session, proposals).count(ProposalStatus.SELECTED) == 2
    assert versions(session) == [2, 3]
    session.refresh(call)
    assert call.free_places == 0


def test_of_two_who_publish_one_publishes_and_the_other_reads_that_it_is_done(
    session: Session, as_user: AsUser
) -> None:
    call, proposals, manager = all_decided("SSRN")
    clients = [as_user(manager), as_user(second_manager(session, call))]
    page = f"/calls/{call.public_id}/decisions/publish"
    datas = [{"fingerprint": fingerprint_in(client.get(page).text)} for client in clients]
    answers = at_once(*(lambda n=n: clients[n].post(page, data=datas[n]) for n in range(2)))
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert all(
        "The results are already published: somebody was a moment faster." in page for page in told(answers, 409)
    )
    assert len(session.scalars(select(PublishedResult)).all()) == 1
    assert len(session.scalars(select(Credit)).all()) == 2
    assert status_of(session, proposals) == ["selected", "selected", "reserve", "not_selected"]


def test_a_winner_who_takes_the_place_up_again_and_a_reserve_that_moves_up_do_not_both_have_it(
    session: Session, as_user: AsUser
) -> None:
    call, proposals, manager = published(as_user)
    lead = as_user(lead_of(session, proposals[0]))
    decline(lead, proposals[0])
    up = f"/proposals/{proposals[0].public_id}/take-up"
    moving = filling(as_user(manager), call, proposals[0], proposals[2])
    answers = at_once(lambda: lead.post(up), moving)
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    [said] = told(answers, 409)
    assert "This place is settled already" in said or "It can no longer be taken up" in said
    assert status_of(session, proposals).count(ProposalStatus.SELECTED) == 2
    kept = [any(codes(session, proposals[n]).values()) for n in (0, 2)]
    assert kept == [proposals[n].status is ProposalStatus.SELECTED for n in (0, 2)]


def test_a_winner_who_declines_while_another_place_is_filled_leaves_one_place_more(
    session: Session, as_user: AsUser
) -> None:
    call, proposals, manager = published(as_user)
    decline(as_user(lead_of(session, proposals[0])), proposals[0])
    other, away = as_user(lead_of(session, proposals[1])), f"/proposals/{proposals[1].public_id}/decline"
    moving = filling(as_user(manager), call, proposals[0], proposals[2])
    answers = at_once(lambda: other.post(away, data={"reason": "No time."}), moving)
    assert [answer.status_code for answer in answers] == [303, 303]
    assert status_of(session, proposals)[:3] == ["declined", "declined", "selected"]
    assert versions(session) == [2, 3, 4]
    session.refresh(call)
    assert call.free_places == 1


def test_of_two_tabs_that_decline_one_declines(session: Session, as_user: AsUser) -> None:
    _call, proposals, _manager = published(as_user)
    lead = lead_of(session, proposals[0])
    tabs, away = [as_user(lead), as_user(lead)], f"/proposals/{proposals[0].public_id}/decline"
    answers = at_once(*(lambda n=n: tabs[n].post(away, data={"reason": f"Reason {n}."}) for n in range(2)))
    assert sorted(answer.status_code for answer in answers) == [303, 403]
    assert all("This proposal is not selected, or no longer." in page for page in told(answers, 403))
    assert versions(session) == [2]


def test_a_winner_who_declines_while_the_outcome_is_corrected_gives_one_of_the_two(
    session: Session, as_user: AsUser
) -> None:
    _call, proposals, manager = published(as_user)
    lead, managing = as_user(lead_of(session, proposals[0])), as_user(manager)
    page = f"/proposals/{proposals[0].public_id}"
    wrong = {"outcome": "not_selected", "reason": "Not own work.", "note": "Copied.", "version": proposals[0].version}
    answers = at_once(
        lambda: lead.post(f"{page}/decline", data={"reason": "No time."}),
        lambda: managing.post(f"{page}/correction", data=wrong),
    )
    done = [answer.status_code == 303 for answer in answers]
    assert sorted(done) == [False, True]
    assert status_of(session, proposals)[0] == ("declined" if done[0] else "not_selected")
    assert versions(session) == [2]


def test_whoever_was_slower_finds_the_next_free_place_with_what_was_written(session: Session, as_user: AsUser) -> None:
    call, proposals, manager = published(as_user)
    for n in range(2):
        decline(as_user(lead_of(session, proposals[n])), proposals[n])
    managing = as_user(manager)
    assert filling(managing, call, proposals[0], proposals[2])().status_code == 303
    late = filling(managing, call, proposals[0], proposals[3])()
    assert late.status_code == 409
    said = text_of(late.text)
    assert "This place is settled already" in said
    assert "The place of “Proposal 2” is free" in said
    assert f'value="{proposals[1].public_id}"' in late.text
    assert "It needs no crane." in late.text
