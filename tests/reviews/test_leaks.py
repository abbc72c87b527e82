"""What a blind or recused reviewer may not know stands in no response of the whole site, in no notice and in no mail."""

import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from crowd.accounts.models import Account
from crowd.conversation.models import Comment
from crowd.core.rules import Blindness
from crowd.core.status import JurorStatus, MemberStatus
from crowd.files.storage import file_store
from crowd.mailing.models import Mail
from crowd.notifications.models import Notification
from crowd.proposals.actions import declare_conflict
from crowd.proposals.models import Attachment, Proposal, ProposalVersion, TeamMember
from crowd.reviews.models import Assignment, Juror
from crowd.store.db import transaction, utc_now
from tests.conftest import AsUser, Drain
from tests.make import JURY, VOTE, make_account, make_assignment, make_juror, make_member
from tests.reviews.conftest import Scene, account_of, make_scene

NAMES = ("Zenobia", "Orsolya", "zenobia-quill")
TITLE = "A bench around the old tree"


@dataclass(frozen=True)
class Stage:
    """A scene in which the bench has a second author, an attachment, two versions and comments by its authors."""

    scene: Scene
    file: Attachment
    comments: list[Comment]
    jurors: list[Juror]
    reviews: list[Assignment]

    @property
    def bench(self) -> Proposal:
        return self.scene.proposals[0]

    def values(self, rule: Rule) -> Mapping[str, list[Any]]:
        """What may stand in the places of an address."""
        call, proposals = self.scene.call.public_id, [proposal.public_id for proposal in self.scene.proposals[:1]]
        people = [account.public_id for account in (self.scene.manager, *map(account_of, self.jurors[:1]))]
        of = {
            "calls": [call],
            "proposals": proposals,
            "files": [self.file.public_id],
            "comments": [comment.public_id for comment in self.comments],
            "people": people,
            "reviews": [review.public_id for review in self.reviews],
        }
        first = rule.rule.split("/")[1]
        return {
            "public_id": of.get(first, [call]),
            "slug": [self.scene.organization.slug],
            "juror_id": [self.jurors[1].public_id],
            "proposal_id": proposals,
            "filename": ["file.txt"],
            "key": ["jury", "crowd"],
            "number": [1, 2],
            "section": ["basics", "deciding"],
            "kind": ["csv", "xlsx", "zip"],
            "side": ["before", "after"],
        }


def staged(*, blindness: Blindness = Blindness.DOUBLE) -> Stage:
    scene = make_scene(rounds=(VOTE, replace(JURY, blindness=blindness)))
    bench, now = scene.proposals[0], utc_now()
    second = make_account("Orsolya Fenn")
    _rename(scene.authors[0], "Zenobia Quill")
    with transaction() as session:
        session.add(
            TeamMember(
                proposal_id=bench.id,
                account_id=second.id,
                name=second.name,
                email=second.email,
                email_folded=second.email_folded,
                share=0,
                status=MemberStatus.ACCEPTED,
            )
        )
        file = Attachment(
            proposal_id=bench.id,
            filename="zenobia-quill.txt",
            media_type="text/plain",
            size=5,
            sha256="0" * 64,
            storage_key=file_store().put(b"plans"),
            uploaded_by_id=scene.authors[0].id,
            uploaded_at=now,
        )
        files = [{"name": "zenobia-quill.txt", "size": 5, "sha256": "0" * 64}]
        version = ProposalVersion(
            proposal_id=bench.id, number=2, at=now, by_id=second.id, title=TITLE, summary="New", body="", files=files
        )
        session.add_all([file, version])
    jurors = [make_juror(scene.round, name=f"Juror {number}", chair=number == 0) for number in range(3)]
    asked = _comment(bench, account_of(jurors[1]), None)
    answer = _comment(bench, scene.authors[0], asked)
    reviews = [make_assignment(jurors[1], bench), make_assignment(jurors[2], scene.proposals[1])]
    return Stage(scene, file, [asked, answer], jurors, reviews)


def _rename(account: Account, name: str) -> None:
    with transaction(account):
        account.name, account.profile_public = name, True


def _comment(proposal: Proposal, author: Account, parent: Comment | None) -> Comment:
    with transaction() as session:
        comment = Comment(
            call_id=proposal.call_id,
            proposal_id=proposal.id,
            author_id=author.id,
            parent_id=parent.id if parent else None,
            root_id=parent.id if parent else None,
            body="Which oak?",
            created_at=utc_now(),
        )
        session.add(comment)
    return comment


def addresses(app: Flask, stage: Stage) -> Iterator[str]:
    """Every address that answers GET, with everything in its places that exists."""
    for rule in app.url_map.iter_rules():
        values = stage.values(rule)
        if "GET" not in (rule.methods or ()) or not rule.arguments <= set(values):
            continue
        names = sorted(rule.arguments)
        for chosen in itertools.product(*(values[name] for name in names)):
            try:
                built = rule.build(dict(zip(names, chosen, strict=True)))
            except ValueError:
                continue
            if built is not None:
                yield built[1]


def telling(app: Flask, stage: Stage, client: FlaskClient, words: tuple[str, ...], below: str = "/") -> set[str]:
    """The addresses (those that begin so) whose answers, read to the end, contain one of the words, in body or headers."""
    found = set()
    for address in filter(re.compile(below).match, addresses(app, stage)):
        response = client.get(address)
        said = response.data + str(response.headers).encode()
        if any(word.encode() in said for word in words):
            found.add(address)
    return found


def told(session: Session, account: Account, words: tuple[str, ...]) -> list[str]:
    """Mails and notices to this person that contain one of the words."""
    session.expire_all()
    mails = session.scalars(select(Mail).where(Mail.to_email == account.email)).all()
    notices = session.scalars(select(Notification).where(Notification.account_id == account.id)).all()
    texts = [f"{mail.subject}\n{mail.text}" for mail in mails] + [str(notice.data) for notice in notices]
    return [text for text in texts if any(word in text for word in words)]


def _juror(stage: Stage) -> Account:
    return account_of(stage.jurors[1])


def _another_juror(stage: Stage) -> Account:
    return account_of(stage.jurors[2])


def _chair(stage: Stage) -> Account:
    return account_of(stage.jurors[0])


def _invited(stage: Stage) -> Account:
    person = make_account("Someone Asked")
    make_juror(stage.scene.round, email=person.email, status=JurorStatus.INVITED)
    return person


def _manager_on_the_jury(stage: Stage) -> Account:
    person = make_member(stage.scene.organization)
    make_juror(stage.scene.round, person)
    return person


@pytest.mark.parametrize(
    "who",
    [
        _juror,
        pytest.param(_manager_on_the_jury, marks=pytest.mark.one_database),
        *(pytest.param(who, marks=pytest.mark.soak) for who in (_another_juror, _chair, _invited)),
    ],
)
def test_no_answer_of_the_site_tells_a_blind_reviewer_who_the_authors_are(
    app: Flask, session: Session, as_user: AsUser, drain: Drain, who: Callable[[Stage], Account]
) -> None:
    stage = staged()
    viewer = who(stage)
    client = as_user(viewer)
    client.post(f"/proposals/{stage.bench.public_id}/comments", data={"body": "And the birds?"})
    mine = session.scalars(select(Comment).where(Comment.author_id == viewer.id).order_by(Comment.id.desc())).first()
    if mine is not None:
        reply = {"body": "They like it.", "parent": mine.public_id}
        as_user(stage.scene.authors[0]).post(f"/proposals/{stage.bench.public_id}/comments", data=reply)
    drain()
    assert telling(app, stage, client, NAMES) == set()
    assert told(session, viewer, NAMES) == []
    by_name = client.get(f"/calls/{stage.scene.call.public_id}/proposals?q=Zenobia")
    assert TITLE not in by_name.text
    profile = client.get(f"/people/{stage.scene.authors[0].public_id}")
    assert TITLE not in profile.text
    assert client.get(f"/proposals/{stage.bench.public_id}").status_code == 200


@pytest.mark.one_database
def test_the_same_walk_finds_the_names_for_everybody_else(app: Flask, session: Session, as_user: AsUser) -> None:
    """So that the walk above is known to look where names are."""
    stage = staged()
    bench = f"/proposals/{stage.bench.public_id}"
    public = {bench, f"{bench}/comments", f"{bench}/history", f"/calls/{stage.scene.call.public_id}/proposals"}
    where = f"{bench}(/|$)|/calls/[^/]+/proposals"
    assert telling(app, stage, app.test_client(), NAMES, where) >= public
    assert telling(app, stage, as_user(stage.scene.manager), NAMES, f"{where}|/calls/[^/]+/desk") > public
    single = staged(blindness=Blindness.SINGLE)
    its_page = f"/proposals/{single.bench.public_id}"
    assert telling(app, single, as_user(_juror(single)), NAMES, f"{its_page}$") == {its_page}


@pytest.mark.parametrize(
    "who", [_chair, *(pytest.param(who, marks=pytest.mark.soak) for who in (_juror, _another_juror))]
)
def test_a_recused_reviewer_meets_the_proposal_nowhere(
    app: Flask, session: Session, as_user: AsUser, drain: Drain, who: Callable[[Stage], Account]
) -> None:
    stage = staged(blindness=Blindness.SINGLE)
    viewer = who(stage)
    drain()
    client = as_user(viewer)
    before = telling(app, stage, client, (TITLE, stage.bench.public_id))
    client.post(f"{stage.scene.url}/conflicts?round=jury", data={"conflict": stage.bench.public_id})
    drain()
    client.get(stage.scene.url + "?round=jury&view=mine")  # says that it is stored
    assert len(before) > 5
    assert telling(app, stage, client, (TITLE,)) == set()
    assert TITLE not in client.get(f"/calls/{stage.scene.call.public_id}/proposals?q=bench").text
    as_user(stage.scene.authors[0]).post(f"/proposals/{stage.bench.public_id}/comments", data={"body": "Any news?"})
    drain()
    assert told(session, viewer, (TITLE,)) == []
    assert TITLE in as_user(stage.scene.manager).get(f"/proposals/{stage.bench.public_id}").text


def test_what_was_hidden_comes_with_the_results(app: Flask, session: Session, as_user: AsUser) -> None:
    stage = staged()
    with transaction(stage.scene.call) as writing:
        declare_conflict(writing, stage.bench, account_of(stage.jurors[2]).id, reason="", actor_id=None, now=utc_now())
        stage.scene.call.results_published_at = utc_now()
    for juror in stage.jurors[1:]:
        assert "Zenobia Quill" in as_user(account_of(juror)).get(f"/proposals/{stage.bench.public_id}").text


def test_a_text_without_names_is_all_that_blind_reviewers_read(app: Flask, session: Session, as_user: AsUser) -> None:
    stage = staged()
    with transaction(stage.bench):
        stage.bench.summary, stage.bench.body = "Zenobia draws benches.", "I, Zenobia Quill, drew it."
    page = f"{stage.scene.url}/proposals/{stage.bench.public_id}/text"
    manager = as_user(stage.scene.manager)
    assert "I, Zenobia Quill, drew it." in manager.get(page).text
    form = {"summary": "A round bench.", "body": "The author drew it.", "files_kept_back": "y"}
    assert manager.post(page, data=form).status_code == 303
    reviewer = as_user(account_of(stage.jurors[1]))
    assert telling(app, stage, reviewer, NAMES) == set()
    assert "The author drew it." in reviewer.get(f"/proposals/{stage.bench.public_id}").text
    assert "A round bench." in reviewer.get(f"/calls/{stage.scene.call.public_id}/proposals").text
    assert reviewer.get(f"/proposals/{stage.bench.public_id}/history").status_code == 404
    assert reviewer.get(f"/files/{stage.file.public_id}/x.txt").status_code == 404
    everybody = app.test_client().get(f"/proposals/{stage.bench.public_id}").text
    assert "I, Zenobia Quill, drew it." in everybody
    session.expire_all()
    assert stage.bench.body == "I, Zenobia Quill, drew it."
    manager.post(page, data={"act": "drop"})
    assert "I, Zenobia Quill, drew it." in reviewer.get(f"/proposals/{stage.bench.public_id}").text


def test_nobody_with_a_stake_and_no_plain_reviewer_stores_a_text_for_the_others(
    app: Flask, session: Session, as_user: AsUser
) -> None:
    stage = staged()
    page = f"{stage.scene.url}/proposals/{stage.bench.public_id}/text"
    make_juror(stage.scene.round, stage.scene.authors[0], chair=True)
    form = {"summary": "", "body": "Nothing."}
    for person in (account_of(stage.jurors[1]), stage.scene.authors[0], stage.scene.authors[1]):
        assert as_user(person).post(page, data=form).status_code in {403, 404}
    single = staged(blindness=Blindness.SINGLE)
    elsewhere = f"{single.scene.url}/proposals/{single.bench.public_id}/text"
    assert as_user(single.scene.manager).post(elsewhere, data=form).status_code == 404


def test_what_was_told_before_a_conflict_is_told_no_more(
    app: Flask, session: Session, as_user: AsUser, drain: Drain
) -> None:
    stage = staged(blindness=Blindness.SINGLE)
    viewer = account_of(stage.jurors[1])
    client, thread = as_user(viewer), f"/proposals/{stage.bench.public_id}/comments"
    reply = {"body": "An old one.", "parent": stage.comments[0].public_id}
    as_user(stage.scene.authors[0]).post(thread, data=reply)
    drain()
    assert "has an answer" in client.get("/notifications").text
    letters = select(Mail.kind).where(Mail.account_id == viewer.id, Mail.kind == "answer_to_mine")
    assert len(session.scalars(letters).all()) == 1
    client.post(f"{stage.scene.url}/conflicts?round=jury", data={"conflict": stage.bench.public_id})
    drain()
    as_user(stage.scene.authors[0]).post(thread, data=reply | {"body": "Older than the library."})
    drain()
    assert "has an answer" not in client.get("/notifications").text
    assert session.scalars(letters).all() == []
