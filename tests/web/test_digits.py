"""Numbers in the reader's language."""

from fractions import Fraction

import pytest
from flask import Flask

from crowd.selection.views.words import decimal, percent

pytestmark = pytest.mark.one_database


def test_exact_numbers_wear_the_readers_decimal_sign(app: Flask) -> None:
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        assert (decimal(Fraction(13, 4)), percent(Fraction(2, 3))) == ("3.25", "66.7\u00a0%")
    with app.test_request_context("/", headers={"Accept-Language": "es"}):
        assert (decimal(Fraction(13, 4)), percent(Fraction(2, 3))) == ("3,25", "66,7\u00a0%")
    with app.test_request_context("/", headers={"Accept-Language": "es"}):
        assert (decimal(Fraction(3)), percent(Fraction(1))) == ("3", "100\u00a0%")


def test_a_number_written_in_a_template_is_in_the_language_of_each_reader(app: Flask) -> None:
    drawn = app.jinja_env.from_string('{{ 12000|number }} · {{ 12000|money("EUR") }}')
    for language, words in (("en", "12,000 · 12,000 EUR"), ("es", "12.000 · 12.000 EUR")):
        with app.test_request_context("/", headers={"Accept-Language": language}):
            assert drawn.render() == words
