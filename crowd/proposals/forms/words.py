"""Words for values of this area."""

from crowd.proposals.commands import ScreeningCode
from crowd.web.text import _l

SCREENING_CODES = {
    ScreeningCode.OFF_TOPIC: _l("Does not answer what the call asks"),
    ScreeningCode.INCOMPLETE: _l("Something required is missing or unreadable"),
    ScreeningCode.NOT_ENTITLED: _l("Its authors may not take part under the rules"),
    ScreeningCode.DUPLICATE: _l("The same proposal was handed in before"),
    ScreeningCode.RIGHTS: _l("Rights of others stand against it"),
    ScreeningCode.UNLAWFUL: _l("It breaks the law or the terms of use"),
    ScreeningCode.OTHER: _l("Another reason"),
}


def screening_words(code: str) -> str:
    """A reason in the reader's language; an unknown code as it is."""
    known = {member.value: words for member, words in SCREENING_CODES.items()}
    return str(known.get(code, code))
