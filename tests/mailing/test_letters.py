"""Letters are written in the reader's language, and nothing that people wrote acts in them."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from crowd.mailing.letters import Letter, Recipient, as_html, write_letter
from crowd.web.markup import line, quoted

pytestmark = pytest.mark.one_database

UNTIL = datetime(2026, 5, 12, 18, 0, tzinfo=UTC)


def sign_in_letter(name: str = "Ana Prieto", language: str = "en", zone: str | None = None) -> Letter:
    to = Recipient("ana@demo.example", name, language, time_zone=zone)
    return write_letter("sign_in", to, {"address": "http://localhost/link/abc", "until": UNTIL})


def test_a_letter_has_a_subject_a_text_and_the_same_as_html(session: Session) -> None:
    letter = sign_in_letter()
    assert letter.subject == "Your link to sign in to Apertura"
    assert letter.text.startswith("Hello Ana Prieto,\n\nwith this link")
    assert '<a href="http://localhost/link/abc">http://localhost/link/abc</a>' in letter.html


def test_a_letter_gives_times_in_the_readers_zone(session: Session) -> None:
    assert "Tue 12 May 2026, 12:00 Mexico City" in sign_in_letter(zone="America/Mexico_City").text


def test_a_letter_works_in_a_request_of_somebody_else(app: Flask) -> None:
    with app.test_request_context("/", headers={"Accept-Language": "es"}):
        assert sign_in_letter(language="en").subject == "Your link to sign in to Apertura"


@pytest.mark.parametrize("name", ["<b>Ana</b>", "<script>alert(1)</script>", "[x](http://evil.example)"])
def test_a_name_stays_text_in_html(session: Session, name: str) -> None:
    html = sign_in_letter(name).html
    assert "<b>" not in html
    assert "<script" not in html
    assert 'href="http://evil' not in html


def test_a_name_with_a_line_end_cannot_add_lines_or_headers(session: Session) -> None:
    letter = sign_in_letter("Ana\r\nBcc: all@example.org\n\nPay here")
    assert letter.text.startswith("Hello Ana Bcc: all@example.org Pay here,\n")
    assert "\n" not in letter.subject


def test_a_right_to_left_name_is_isolated_and_its_own_controls_are_gone() -> None:
    assert line("\u202eليلى 2)\u2066") == "\u2068ليلى 2)\u2069"
    assert line("Ana") == "Ana"


def test_only_addresses_of_this_site_become_links(session: Session) -> None:
    html = as_html("see http://localhost/calls now\nor http://localhost.evil.example/x and http://evil.example/")
    assert html == (
        '<p>see <a href="http://localhost/calls">http://localhost/calls</a> now<br>\n'
        "or http://localhost.evil.example/x and http://evil.example/</p>"
    )


def test_an_address_after_a_colon_is_the_link_of_the_words_before_it(session: Session) -> None:
    html = as_html("Read the comment: http://localhost/x\nNot ours: http://evil.example/")
    assert html == '<p><a href="http://localhost/x">Read the comment</a><br>\nNot ours: http://evil.example/</p>'


def test_a_quotation_keeps_its_words_and_loses_its_marks(session: Session) -> None:
    text = quoted("We **like** it.\n\n![p](http://evil.example/p.png) <form>")
    assert text.splitlines()[0] == "> We like it."
    assert all(words.startswith(">") for words in text.splitlines())
    assert "<img" not in as_html(text)
    assert "<form" not in as_html(text)
