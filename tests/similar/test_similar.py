"""Similar proposals by meaning: how well they are found, and that nothing is found which may not be seen."""

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.core.actor import VISITOR
from crowd.core.rules import Publicity
from crowd.core.status import ModerationState, OrganizationRole, ProposalStatus
from crowd.meaning.encoder import encoder
from crowd.organizations.gates import actor_of
from crowd.proposals.models import Proposal, ProposalVector
from crowd.proposals.queries import similar_to_text
from crowd.store.db import transaction, utc_now
from crowd.store.search import index_text
from tests.conftest import Drain
from tests.make import make_account, make_call, make_member, make_organization, make_proposal, make_rules

pytestmark = pytest.mark.one_database

LABELLED = Path(__file__).parent / "labelled.jsonl"


@pytest.fixture(scope="module")
def labelled() -> list[dict[str, str]]:
    return [json.loads(line) for line in LABELLED.read_text().splitlines()]


def lines(path: Path, texts: dict[str, str]) -> Path:
    path.write_text("".join(json.dumps({"id": key, "text": text}) + "\n" for key, text in texts.items()))
    return path


def ask(app: Flask, corpus: Path, queries: Path, *options: str) -> tuple[int, str, str]:
    result = app.test_cli_runner().invoke(args=["similar", str(corpus), "--queries", str(queries), *options])
    return result.exit_code, result.stdout, result.stderr


def test_paraphrases_are_found_and_near_misses_are_not_called_similar(
    app: Flask, tmp_path: Path, labelled: list[dict[str, str]]
) -> None:
    assert len(labelled) == 100
    assert {row["languages"] for row in labelled} == {"en", "es", "mixed"}
    corpus = lines(tmp_path / "corpus.jsonl", {f"{n}": row["text"] for n, row in enumerate(labelled)})
    asked = {f"same-{n}": row["paraphrase"] for n, row in enumerate(labelled)}
    asked |= {f"near-{n}": row["near_miss"] for n, row in enumerate(labelled)}
    code, out, _err = ask(app, corpus, lines(tmp_path / "asked.jsonl", asked), "--top", "5", "--json")
    assert code == 0
    answers = {row["id"]: row["similar"] for row in map(json.loads, out.splitlines())}
    assert list(answers) == list(asked)
    assert {len(rows) for rows in answers.values()} == {5}
    found = sum(f"{n}" in [row["id"] for row in answers[f"same-{n}"]] for n in range(100))
    shown = sum(any(row["shown"] for row in answers[f"same-{n}"]) for n in range(100))
    false_alarms = sum(any(row["shown"] for row in answers[f"near-{n}"]) for n in range(100))
    assert found >= 95
    assert shown >= 80
    assert false_alarms <= 5


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"id": 1, "text": "a"}\nnot json\n', "line 2: not JSON in UTF-8"),
        ('{"id": 1}\n', 'line 1: an object {"id": …, "text": …} is needed'),
        ('{"id": true, "text": "a"}\n', 'line 1: an object {"id": …, "text": …} is needed'),
        ('\n{"id": 1, "text": "a"}\n{"id": 1, "text": "b"}\n', "line 3: the id 1 stands there twice"),
        ('["id", "text"]', 'line 1: an object {"id": …, "text": …} is needed'),
    ],
)
def test_a_malformed_file_is_named_with_its_line(app: Flask, tmp_path: Path, content: str, words: str) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text(content)
    assert ask(app, bad, lines(tmp_path / "good.jsonl", {"q": "a"}), "--json") == (2, "", f"{bad}, {words}\n")


def test_files_that_are_not_there_or_hold_nothing(app: Flask, tmp_path: Path) -> None:
    good, nothing = lines(tmp_path / "good.jsonl", {"q": "a bench"}), lines(tmp_path / "nothing.jsonl", {})
    missing = tmp_path / "missing.jsonl"
    assert ask(app, good, missing) == (2, "", f"{missing}: No such file or directory\n")
    assert ask(app, nothing, good, "--json") == (0, '{"id": "q", "similar": []}\n', "")
    assert ask(app, good, good, "--json") == (0, '{"id": "q", "similar": []}\n', ""), "a text is not like itself"


SHADE = (
    "Trees along Harbour Street",
    "Plant forty lime trees so that the pavement is in shade during hot summer days.",
)
SOMBRA = (
    "Sombra en la calle del Puerto",
    "Plantar cuarenta tilos para que la acera tenga sombra en los días calurosos de verano.",
)
DRILLS = (
    "A shed of tools",
    "A store where neighbours borrow drills, ladders and saws for a few days instead of buying them.",
)
QUERY = "Shade for Harbour Street. Plant about forty trees along the pavement so that summer days are bearable."


def written(call: Call, text: tuple[str, str], **options: object) -> Proposal:
    """A proposal with this title and summary, indexed as if it had been handed in."""
    proposal = make_proposal(call, title=text[0], **options)  # type: ignore[arg-type]
    with transaction(proposal) as session:
        proposal.summary = text[1]
        index_text(session, "proposal", proposal.id, text[0], text[1])
    return proposal


def found(session: Session, call: Call, actor: Account | None = None, *, by_words: bool = False) -> list[str]:
    session.expire_all()
    who = actor_of(session, actor.id) if actor else VISITOR
    model = None if by_words else encoder()
    return [
        row.proposal.title for row in similar_to_text(session, call.id, QUERY, actor=who, now=utc_now(), model=model)
    ]


def test_texts_are_understood_by_a_job_and_found_across_languages(session: Session, drain: Drain) -> None:
    call, other = make_call(), make_call()
    english, _spanish, _tools = written(call, SHADE), written(call, SOMBRA), written(call, DRILLS)
    written(other, SHADE)
    assert found(session, call) == [SHADE[0]], "before the job by its words"
    drain()
    assert found(session, call) == [SHADE[0], SOMBRA[0]]
    assert session.scalars(select(ProposalVector.stale)).all() == [False] * 4
    with transaction(english):
        english.title, english.summary, english.version = "Bins", "Put more bins into the park near the pond.", 2
    with transaction() as writing:
        writing.get_one(ProposalVector, english.id).stale = True
    drain()
    assert found(session, call) == [SOMBRA[0]]


def test_only_what_may_be_seen_is_found(session: Session, drain: Drain) -> None:
    organization = make_organization()
    call = make_call(organization, make_rules(publicity=Publicity.AT_ONCE))
    author = make_account()
    seen = written(call, SHADE, author=author)
    for status in (ProposalStatus.DRAFT, ProposalStatus.WITHDRAWN, ProposalStatus.INELIGIBLE):
        written(call, (f"{status} {SHADE[0]}", SHADE[1]), status=status, author=author)
    hidden = written(call, ("Hidden shade", SHADE[1]), author=author)
    with transaction(hidden):
        hidden.moderation, hidden.hidden_reason = ModerationState.HIDDEN, "Off topic"
    drain()
    assert session.get(ProposalVector, seen.id) is not None
    assert found(session, call) == [SHADE[0]]
    assert found(session, call, by_words=True) == [SHADE[0]]
    moderator = make_member(organization, OrganizationRole.MODERATOR)
    assert sorted(found(session, call, moderator)) == ["Hidden shade", SHADE[0]]
    quiet = make_call(organization, make_rules(publicity=Publicity.AFTER_RESULTS))
    written(quiet, SHADE, author=author)
    drain()
    assert found(session, quiet) == found(session, quiet, by_words=True) == []
    assert found(session, quiet, author) == [SHADE[0]]


def test_many_that_may_not_be_seen_do_not_crowd_out_one_that_may(session: Session, drain: Drain) -> None:
    call = make_call()
    author = make_account()
    for _ in range(70):
        proposal = written(call, ("Shade for Harbour Street", QUERY), author=author)
        with transaction(proposal):
            proposal.moderation, proposal.hidden_reason = ModerationState.HIDDEN, "Off topic"
    written(call, SHADE)
    drain()
    assert found(session, call) == [SHADE[0]]
