"""A title with accents is found by every spelling and by parts of its words, wherever one may search; signs are plain characters."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from crowd.calls.models import Call
from crowd.core.actor import VISITOR
from crowd.mailing.actions import Recipient, send_letter
from crowd.mailing.models import Mail
from crowd.meaning.encoder import encoder
from crowd.proposals.queries import similar_to_text
from crowd.store.db import transaction, utc_now
from crowd.store.search import index_text
from tests.conftest import AsUser, Drain
from tests.make import make_account, make_call, make_member, make_organization, make_proposal, make_rules

TITLE = "Señalización rápida en Peñíscola"
OTHER = "A bench under_lime 100%"
WHOLE = (
    TITLE,
    "senalizacion rapida en peniscola",
    TITLE.upper(),
    unicodedata.normalize("NFD", TITLE),
    unicodedata.normalize("NFD", TITLE.upper()),
)
PARTS = ("Peñíscola", "SEÑAL", "ÑALIZ", "naliz", "iscola")
SIGNS = ("%", "_", "'", '"', "\\", "*", "?", "%%", "' OR 1=1 --")


@dataclass(frozen=True)
class Place:
    """`found(words)`: which of the two titles the page names."""

    client: FlaskClient
    path: str

    def found(self, words: str) -> list[str]:
        page = self.client.get(self.path, query_string={"q": words})
        assert page.status_code == 200
        main = re.sub(r"<input[^>]*>|<option.*?</option>", "", page.text)
        return [title for title in (TITLE, OTHER) if title in main]


@pytest.fixture
def places(session: Session, client: FlaskClient, as_user: AsUser) -> dict[str, Place]:
    """One of each title: as a proposal, a call, a person and the subject of a mail."""
    house = make_organization()
    call = make_call(house)
    for title in (TITLE, OTHER):
        proposal, other = make_proposal(call, title=title), make_call(rules=make_rules(title=title))
        make_account(title)
        with transaction() as writing:
            index_text(writing, "proposal", proposal.id, title, "", within=call.id)
            index_text(writing, "call", other.id, title, "")
            letter: Mail = send_letter(
                writing,
                "sign_in",
                Recipient("a@demo.example", "Ana", "en"),
                {"address": "http://localhost/", "until": utc_now()},
                now=utc_now(),
                has_secret=True,
            )
            letter.subject, letter.organization_id = title, house.id
    manager, admin = as_user(make_member(house)), as_user(make_account("Root", admin=True))
    return {
        "list": Place(client, f"/calls/{call.public_id}/proposals"),
        "desk": Place(manager, f"/calls/{call.public_id}/desk/proposals"),
        "calls": Place(client, "/calls"),
        "people": Place(admin, "/admin/people"),
        "outbox": Place(admin, "/outbox"),
    }


@pytest.mark.parametrize("name", ["list", "desk", "calls", "people", "outbox"])
def test_every_spelling_finds_it_and_signs_are_signs(places: dict[str, Place], name: str) -> None:
    place = places[name]
    assert place.found("") == [TITLE, OTHER]
    assert {words: place.found(words) for words in (*WHOLE, *PARTS)} == {key: [TITLE] for key in (*WHOLE, *PARTS)}
    assert [sign for sign in SIGNS if TITLE in place.found(sign)] == []
    assert place.found("nowhere") == []


@pytest.mark.parametrize("by", ["words", "meaning"])
def test_every_spelling_of_the_text_resembles_it(session: Session, drain: Drain, by: str) -> None:
    call: Call = make_call()
    text = f"{TITLE}. Carteles y flechas nuevas para las calles del casco antiguo."
    row, other = make_proposal(call, title=TITLE), make_proposal(call, title=OTHER)
    with transaction(row) as writing:
        row.summary = text
        for each in (row, other):
            index_text(writing, "proposal", each.id, each.title, each.summary, within=call.id)
    drain()
    model = encoder() if by == "meaning" else None

    def found(words: str) -> list[str]:
        session.expire_all()
        seen = similar_to_text(session, call.id, words, actor=VISITOR, now=utc_now(), model=model)
        return [similar.proposal.title for similar in seen]

    spellings: dict[str, Callable[[str], str]] = {
        "plain": lambda words: unicodedata.normalize("NFD", words).encode("ascii", "ignore").decode(),
        "capitals": str.upper,
        "combining": lambda words: unicodedata.normalize("NFD", words),
    }
    assert {name: found(spelled(text)) for name, spelled in spellings.items()} == {key: [TITLE] for key in spellings}
    assert found("%%% ___ '\"") == []


@pytest.mark.parametrize("name", ["people", "outbox"])
def test_signs_between_letters_stand_for_themselves_where_parts_of_a_line_are_sought(
    places: dict[str, Place], name: str
) -> None:
    assert [places[name].found(words) for words in ("Se%a", "Se_al", "under_lime", "100%")] == [
        [],
        [],
        [OTHER],
        [OTHER],
    ]
