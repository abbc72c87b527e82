"""Where a text tells who wrote it, for calls whose reviewers may not know. It warns and never forbids: names have other uses too."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

SHORTEST = 4
"""Of a family name that is looked for alone: shorter ones are words too often."""


class Telling(StrEnum):
    NAME = "name"
    EMAIL = "email"
    PROFILE = "profile"
    ORCID = "orcid"


@dataclass(frozen=True)
class Hint:
    """`where`: the part it stands in, as it was called; `found`: the words themselves."""

    telling: Telling
    where: str
    found: str


_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63})+")
_ORCID = re.compile(r"\b\d{4}-\d{4}-\d{4}-\d{3}[\dX]\b")
_PROFILE = re.compile(
    r"(?:https?://)?(?:[\w-]+\.)?(?:linkedin\.com/in|github\.com|gitlab\.com|codeberg\.org|twitter\.com|x\.com|instagram\.com"
    r"|facebook\.com|threads\.net|bsky\.app/profile|tiktok\.com|youtube\.com/@|behance\.net|researchgate\.net/profile"
    r"|academia\.edu|scholar\.google\.[a-z.]{2,6}/citations)[/?]?[\w@%.~=&?/-]{2,80}",
    re.IGNORECASE,
)


def hints(parts: Iterable[tuple[str, str]], names: Iterable[str]) -> list[Hint]:
    """What tells who the authors are. `parts`: (what it is called, its text); `names`: of the team. Each finding once per part."""
    wanted = [name for name in dict.fromkeys(names) if name.strip()]
    found = (hint for where, text in parts for hint in _in_part(where, text, wanted))
    return list(dict.fromkeys(found))


def _in_part(where: str, text: str, names: list[str]) -> Iterator[Hint]:
    for telling, pattern in ((Telling.EMAIL, _EMAIL), (Telling.ORCID, _ORCID), (Telling.PROFILE, _PROFILE)):
        for match in pattern.finditer(text):
            yield Hint(telling, where, match[0].rstrip(".,;:)"))
    folded = f" {' '.join(_words(text))} "
    capitals = {_fold(word) for word in re.findall(r"[^\W\d_]+", text) if word[0].isupper()}
    for name in names:
        words = _words(name)
        whole = f" {' '.join(words)} " in folded
        family = words[-1] if words else ""
        if whole and words:
            yield Hint(Telling.NAME, where, name)
        elif len(words) > 1 and len(family) >= SHORTEST and family in capitals:
            yield Hint(Telling.NAME, where, name.split()[-1])


def _fold(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def _words(text: str) -> list[str]:
    return [_fold(word) for word in re.findall(r"[^\W_]+", text)]
