"""The demo's proposals as they are written in `texts/*.md`.

    ## Title
    by: somebody 60, another 40          team with shares in percent; the first leads
    tags: one, two
    cost: 1200
    <a blank line, the summary as one paragraph, then the body>

    ~ somebody: a comment
    ~~ somebody: a reply to it           `org/somebody` writes in the organization's name
    ! for: a juror's word to the authors

Other headers: `draft: yes` · `screen:`, `code:`, `reason:` (screening) · `asked:` (a correction that was made) · `was:` (`old => new`:
what the first version said) · `pull: 7/8` (liked by the crowd, by the jury) · `verdict:` with `reason:` · `recuse: juror why` ·
`leaves: why` (withdrawn while the vote is open) · `answer_KEY:` (to a custom field) · `pending: somebody` (a co-author who has not answered).
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

TEXTS = Path(__file__).parent / "texts"
_HEADER = re.compile(r"([a-z_]+): (.*)")
_REMARK = re.compile(r"(~~?) (org/)?(\w+): (.*)")
_NOTE = re.compile(r"! (for|against): (.*)")


@dataclass(frozen=True)
class Author:
    """`share` in percent; None: equal parts."""

    key: str
    share: int | None = None


@dataclass(frozen=True)
class Remark:
    by: str
    text: str
    reply: bool
    as_organization: bool


@dataclass(frozen=True)
class Written:
    """One proposal; `headers` are those that only some have."""

    title: str
    team: tuple[Author, ...]
    tags: tuple[str, ...]
    cost: int | None
    summary: str
    body: str
    language: str
    headers: dict[str, str] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_draft(self) -> bool:
        return "draft" in self.headers

    @property
    def pull(self) -> tuple[int, int]:
        """How much the crowd and the jury like it, 1 to 10."""
        crowd, _, jury = self.headers.get("pull", "5").partition("/")
        return int(crowd), int(jury or crowd)

    @property
    def answers(self) -> dict[str, str]:
        """To custom fields, as they would be typed."""
        return {name.removeprefix("answer_"): text for name, text in self.headers.items() if name.startswith("answer_")}

    @property
    def was(self) -> tuple[str, str] | None:
        old, arrow, new = self.headers.get("was", "").partition(" => ")
        return (old, new) if arrow else None


def written_for(key: str, language: str) -> list[Written]:
    """The proposals of a call, in the order of the file; none when there is no file."""
    path = TEXTS / f"{key}.md"
    if not path.exists():
        return []
    pieces = re.split(r"^## ", path.read_text("utf-8"), flags=re.MULTILINE)
    return [read(piece, language) for piece in pieces if piece.strip()]


def read(piece: str, language: str) -> Written:
    title, *lines = piece.strip().splitlines()
    headers, lines = _headers(lines)
    text = [line for line in lines if not line.startswith(("~", "!"))]
    paragraphs = re.split(r"\n{2,}", "\n".join(text).strip())
    own = headers.pop("language", None) or ("es" if _is_spanish(paragraphs) else language)
    return Written(
        title=title,
        team=tuple(_author(part) for part in headers.pop("by").split(", ")),
        tags=tuple(headers.pop("tags", "").split(", ")),
        cost=int(headers.pop("cost")) if "cost" in headers else None,
        summary=paragraphs[0],
        body="\n\n".join(paragraphs[1:]),
        language=own,
        headers=headers,
        remarks=tuple(_remark(found) for line in lines if (found := _REMARK.fullmatch(line))),
        notes=tuple(found[2] for line in lines if (found := _NOTE.fullmatch(line))),
    )


def _headers(lines: list[str]) -> tuple[dict[str, str], list[str]]:
    headers: dict[str, str] = {}
    for place, line in enumerate(lines):
        found = _HEADER.fullmatch(line)
        if found is None:
            return headers, lines[place:]
        headers[found[1]] = found[2]
    return headers, []


def _author(part: str) -> Author:
    key, _, share = part.partition(" ")
    return Author(key, int(share) if share else None)


def _remark(found: re.Match[str]) -> Remark:
    return Remark(by=found[3], text=found[4], reply=found[1] == "~~", as_organization=found[2] is not None)


def _is_spanish(paragraphs: list[str]) -> bool:
    words = re.findall(r"\w+", " ".join(paragraphs).lower())
    return sum(word in {"el", "la", "los", "las", "una", "que", "con", "y"} for word in words) > len(words) / 8
