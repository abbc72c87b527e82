"""Corrections in public, and certificates that verify."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.core.status import ProposalStatus
from crowd.mailing.models import Mail
from crowd.proposals.models import Exclusion, Proposal
from crowd.selection.models import Correction, Credit
from crowd.store.db import transaction, utc_now
from tests.conftest import AsUser, Drain
from tests.make import make_account
from tests.selection.test_results import published

pytestmark = pytest.mark.one_database


def correction_data(session: Session, proposal: Proposal, **changes: str) -> dict[str, str]:
    session.expire_all()
    row = session.get_one(Proposal, proposal.id)
    return {
        "outcome": row.status.value,
        "reason": row.outcome_reason,
        "note": "We mixed up two sheets.",
        "version": str(row.version),
        **changes,
    }


def test_a_corrected_reason_keeps_the_earlier_one_in_public(session: Session, as_user: AsUser, drain: Drain) -> None:
    call, proposals, manager = published(as_user)
    data = correction_data(session, proposals[3], reason="The jury found the budget too small.")
    assert as_user(manager).post(f"/proposals/{proposals[3].public_id}/correction", data=data).status_code == 303
    page = as_user(make_account()).get(f"/calls/{call.public_id}/results").text
    assert "The jury found the budget too small." in page
    assert "Reason of Proposal 4." in page
    assert "We mixed up two sheets." in page
    drain()
    letters = session.scalars(select(Mail).where(Mail.kind == "outcome_corrected")).all()
    assert [letter.account_id for letter in letters] == [proposals[3].lead_id]


@pytest.mark.both_databases
def test_a_selection_by_correction_brings_a_credit_and_taking_it_back_revokes_it(
    session: Session, as_user: AsUser
) -> None:
    _, proposals, manager = published(as_user)
    client, url = as_user(manager), f"/proposals/{proposals[2].public_id}/correction"
    assert client.post(url, data=correction_data(session, proposals[2], outcome="selected")).status_code == 303
    credit = session.scalars(select(Credit).where(Credit.proposal_id == proposals[2].id)).one()
    assert client.get(f"/certificates/{credit.code}.pdf").status_code == 200
    assert client.post(url, data=correction_data(session, proposals[2], outcome="reserve")).status_code == 303
    assert client.get(f"/certificates/{credit.code}.pdf").status_code == 404
    assert "This certificate was taken back" in client.get(f"/certificates/{credit.code}").text
    assert client.post(url, data=correction_data(session, proposals[2], outcome="selected")).status_code == 303
    again = session.scalars(select(Credit).where(Credit.proposal_id == proposals[2].id)).one()
    session.refresh(again)
    assert (again.code, again.revoked_at) == (credit.code, None)


@pytest.mark.parametrize("change", [{"note": ""}, {"reason": ""}, {}])
def test_a_correction_needs_a_note_a_reason_and_a_difference(
    session: Session, as_user: AsUser, change: dict[str, str]
) -> None:
    _, proposals, manager = published(as_user)
    data = correction_data(session, proposals[3], **change)
    assert as_user(manager).post(f"/proposals/{proposals[3].public_id}/correction", data=data).status_code == 422
    assert session.scalars(select(Correction)).all() == []


def test_a_stale_correction_shows_what_is_published_now(session: Session, as_user: AsUser) -> None:
    _, proposals, manager = published(as_user)
    data = correction_data(session, proposals[3], reason="Mine.")
    client, url = as_user(manager), f"/proposals/{proposals[3].public_id}/correction"
    client.post(url, data={**data, "reason": "Theirs."})
    answer = client.post(url, data=data)
    assert answer.status_code == 409
    assert "Theirs." in answer.text
    assert "Mine." in answer.text


def test_nobody_with_a_stake_corrects(session: Session, as_user: AsUser) -> None:
    _, proposals, manager = published(as_user)
    with transaction() as writing:
        writing.add(Exclusion(proposal_id=proposals[3].id, account_id=manager.id, at=utc_now()))
    data = correction_data(session, proposals[3], outcome="selected")
    assert as_user(manager).post(f"/proposals/{proposals[3].public_id}/correction", data=data).status_code == 403
    assert as_user(make_account()).post(f"/proposals/{proposals[3].public_id}/correction", data=data).status_code == 403
    session.expire_all()
    assert session.get_one(Proposal, proposals[3].id).status is ProposalStatus.NOT_SELECTED


def credit_of(session: Session, proposal: Proposal) -> Credit:
    return session.scalars(select(Credit).where(Credit.proposal_id == proposal.id)).one()


def test_the_certificate_says_who_what_and_whether_it_holds(session: Session, as_user: AsUser) -> None:
    call, proposals, _ = published(as_user)
    credit = credit_of(session, proposals[0])
    page = as_user(make_account()).get(f"/certificates/{credit.code}").text
    assert "This certificate holds" in page
    assert "<bdi>Iris Okafor</bdi>" in page
    assert "Proposal 1" in page
    assert call.title in page
    assert f"http://localhost/certificates/{credit.code}" in page
    winner, address = session.get_one(Account, credit.account_id), f'href="/certificates/{credit.code}"'
    own, results = f"/proposals/{proposals[0].public_id}", f"/calls/{call.public_id}/results"
    assert [as_user(winner).get(path).text.count(address) for path in (own, results)] == [1, 2]
    assert address not in as_user(make_account()).get(own).text


@pytest.mark.parametrize(
    "name",
    [
        "Iris Okafor",
        "محمد العربي 12)",
        "שרה לוי",
        "Ana " * 70,
        "Zoë Ångström-Łukasz",
        "日本 太郎",
        '#import "x" *b* $1$',
    ],
)
def test_the_pdf_is_made_for_every_name(session: Session, as_user: AsUser, name: str) -> None:
    _, proposals, _ = published(as_user)
    with transaction() as writing:
        writing.merge(credit_of(session, proposals[0])).name = name.strip()
        writing.merge(proposals[0]).title = "כותרת 7)" if name.startswith("ש") else "A bench " * 20
    answer = as_user(make_account()).get(f"/certificates/{credit_of(session, proposals[0]).code}.pdf")
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")
    assert b"StructTreeRoot" in answer.data
    assert (b"pdfuaid" in answer.data) is ("日" not in name)


def test_an_unknown_code_is_nothing(session: Session, as_user: AsUser) -> None:
    client = as_user(make_account())
    assert client.get("/certificates/nothing").status_code == 404
    assert client.get("/certificates/nothing.pdf").status_code == 404
    assert client.get("/certificates/nothing/correct").status_code == 404


def test_a_credit_is_corrected_with_a_note_that_stays(session: Session, as_user: AsUser, drain: Drain) -> None:
    call, proposals, manager = published(as_user)
    credit = credit_of(session, proposals[0])
    data = {"name": "Iris N. Okafor", "share": "50", "roles": "software", "note": "She signs with her second name."}
    client = as_user(manager)
    assert client.post(f"/certificates/{credit.code}/correct", data=data).status_code == 303
    page = as_user(make_account()).get(f"/certificates/{credit.code}").text
    assert "Iris N. Okafor" in page
    assert "She signs with her second name." in page
    session.refresh(credit)
    assert (credit.share, credit.roles) == (5_000, ["software"])
    assert "She signs with her second name." in client.get(f"/calls/{call.public_id}/results").text
    drain()
    letters = session.scalars(select(Mail).where(Mail.kind == "credit_corrected")).all()
    assert [letter.account_id for letter in letters] == [credit.account_id]
    assert as_user(make_account()).post(f"/certificates/{credit.code}/correct", data=data).status_code == 403


@pytest.mark.parametrize("share", ["101", "many", "-1", ""])
def test_a_share_that_is_no_percentage_is_refused(session: Session, as_user: AsUser, share: str) -> None:
    _, proposals, manager = published(as_user)
    credit = credit_of(session, proposals[0])
    data = {"name": "Iris", "share": share, "note": "Wrong."}
    assert as_user(manager).post(f"/certificates/{credit.code}/correct", data=data).status_code == 422
