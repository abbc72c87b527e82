"""Questions on the call and comments on proposals, in the order in which they were written."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from crowd.calls.models import Call
from crowd.conversation.actions import post_comment
from crowd.conversation.commands import PostComment
from crowd.demo.chance import between
from crowd.demo.house import House
from crowd.demo.opening import Entry, Production
from crowd.demo.reading import Remark
from crowd.proposals.models import Proposal


@dataclass(frozen=True)
class Line:
    at: datetime
    place: Call | Proposal
    remark: Remark
    thread: str


def talk(house: House, show: Production) -> None:
    first: dict[str, str] = {}  # thread → public id of the comment that began it
    for line in sorted((*_questions(house, show), *_remarks(house, show)), key=lambda line: line.at):
        remark = line.remark
        parent = first.get(line.thread) if remark.reply else None
        command = PostComment(remark.text, parent, remark.as_organization)
        actor = house.actor(remark.by)
        comment = post_comment(house.session, line.place, command, actor=actor, now=house.past(line.at))
        house.session.flush()
        first.setdefault(line.thread, comment.public_id)


def _questions(house: House, show: Production) -> Iterator[Line]:
    for place, each in enumerate(show.plan.questions):
        at = (show.call.published_at or house.now) + timedelta(days=between(1, 9, each.text))
        thread = f"call {place}"
        yield Line(at, show.call, Remark(each.by, each.text, reply=False, as_organization=False), thread)
        answered = at + timedelta(hours=between(2, 30, each.answer))
        yield Line(answered, show.call, Remark(each.answered_by, each.answer, reply=True, as_organization=True), thread)


def _remarks(house: House, show: Production) -> Iterator[Line]:
    """A thread begins some days after the proposal is public; answers follow within a day or two."""
    closes = show.call.submission_closes_at or house.now
    for entry in show.entries:
        public = max(entry.at, closes) if show.rules.publicity != "at_once" else entry.at
        yield from _threads(entry, min(public, house.now - timedelta(days=4)))


def _threads(entry: Entry, since: datetime) -> Iterator[Line]:
    at, thread = since, ""
    for place, remark in enumerate(entry.written.remarks):
        if not remark.reply:
            at, thread = since + timedelta(hours=between(5, 60, remark.text)), f"{entry.proposal.id} {place}"
        else:
            at += timedelta(hours=between(1, 15, remark.text))
        yield Line(at, entry.proposal, remark, thread)
