"""A stage on which names could leak, and a walk over every address of the site that looks for them."""

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from crowd.accounts.models import Account
from crowd.conversation.models import Comment
from crowd.core.rules import Blindness
from crowd.core.status import MemberStatus
from crowd.files.storage import file_store
from crowd.mailing.models import Mail
from crowd.notifications.models import Notification
from crowd.proposals.models import Attachment, Proposal, ProposalVersion, TeamMember
from crowd.reviews.models import Assignment, Juror
from crowd.store.db import transaction, utc_now
from tests.make import JURY, VOTE, make_account, make_assignment, make_juror
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
