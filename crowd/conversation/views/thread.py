"""The threads of a place as the component draws them; `discussion_of` is what templates call."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import request, url_for
from markupsafe import Markup

from crowd.accounts.models import Account
from crowd.calls.models import Call
from crowd.conversation.forms import CommentForm
from crowd.conversation.models import Comment
from crowd.conversation.queries import Thread, ThreadPage, list_threads
from crowd.conversation.views.blueprint import bp
from crowd.core.actor import STAFF, Actor
from crowd.core.credit import OwnRole
from crowd.core.permissions import Permission
from crowd.core.status import ModerationCode, ModerationState
from crowd.core.subjects import CommentFacts, ProposalFacts
from crowd.proposals.models import Contribution, Proposal
from crowd.proposals.queries.contributing import contributions_of
from crowd.store.db import db
from crowd.web.access import Found, allowed, current_actor, refusal
from crowd.web.errors import refused_sentence
from crowd.web.markup import rendered
from crowd.web.text import _, _l
from crowd.web.words import MODERATION_WORDS

CREDITED = {
    OwnRole.IDEA: _l("The authors took an idea from this."),
    OwnRole.FEEDBACK: _l("The authors changed the text because of this."),
}


@dataclass(frozen=True)
class Shown:
    """A comment as `components/comment.html` draws it."""

    id: str
    author: str
    author_url: str | None
    picture: str | None
    at: datetime
    html: Markup | None
    official: str | None
    note: str | None
    acts: list[dict[str, str]]
    credit: str | None = None
    replies: list["Shown"] = field(default_factory=list)


@dataclass(frozen=True)
class Discussion:
    """What `conversation/_discussion.html` needs of one place."""

    comments: list[Shown]
    next_url: str | None
    post_url: str
    form: CommentForm
    reply_to: str | None
    may_write: bool
    speaks: bool
    why_not: str | None


def place_url(row: Call | Proposal, **values: Any) -> str:
    endpoint = "conversation.on_proposal" if isinstance(row, Proposal) else "conversation.on_call"
    return url_for(endpoint, public_id=row.public_id, **values)


@bp.app_template_global()
def discussion_of(found: Found[Any], form: CommentForm | None = None) -> Discussion:
    """The threads of a call or proposal with the form to write; for the page it stands on (loaded through its gate)."""
    row, actor = found.row, current_actor()
    call_id, proposal_id = (row.call_id, row.id) if isinstance(row, Proposal) else (row.id, None)
    page = list_threads(db.session(), call_id, proposal_id, request.args.get("comments_after"))
    reply_to = request.args.get("reply")
    refused = refusal(Permission.COMMENT_CREATE, found.facts)
    viewer = _Viewer(found, contributions_of(db.session(), page.ids()) if proposal_id and page.threads else {})
    return Discussion(
        comments=[_shown(thread, viewer) for thread in page.threads],
        next_url=place_url(row, comments_after=page.next) if page.next else None,
        post_url=place_url(row),
        form=form or CommentForm(formdata=None, parent=reply_to, as_organization=_speaks_for(actor, found)),
        reply_to=_name_of(page, reply_to, viewer.unnamed),
        may_write=refused is None,
        speaks=_speaks_for(actor, found),
        why_not=refused_sentence(refused) if refused is not None else None,
    )


def _speaks_for(actor: Actor, found: Found[Any]) -> bool:
    call = found.facts.call if isinstance(found.row, Proposal) else found.facts
    return actor.roles.get(call.organization.id) in STAFF


class _Viewer:
    """What the current person may do with the comments of one place, judged without a query per comment."""

    def __init__(self, found: Found[Any], credited: Mapping[int | None, Contribution]) -> None:
        self.credited = credited
        proposal = isinstance(found.row, Proposal)
        self.call = found.facts.call if proposal else found.facts
        self.proposal = found.facts if proposal else None
        self.organization = found.row.call.organization.name if proposal else found.row.organization.name
        self.place = found.row
        self.unnamed = self._unnamed()
        self.may_answer = allowed(Permission.COMMENT_CREATE, found.facts)

    def _unnamed(self) -> frozenset[int]:
        """Authors of the proposal, to a reviewer who may not know who they are."""
        facts: ProposalFacts | None = self.proposal
        if facts is None or allowed(Permission.PROPOSAL_AUTHORS, facts):
            return frozenset()
        return facts.team_ids | facts.pending_ids | ({facts.lead_id} if facts.lead_id else frozenset())

    def facts(self, comment: Comment) -> CommentFacts:
        deleted = comment.deleted_at is not None
        return CommentFacts(comment.id, self.call, self.proposal, comment.author_id, comment.moderation, deleted)

    def acts(self, comment: Comment) -> list[dict[str, str]]:
        facts, acts = self.facts(comment), []
        standing = comment.deleted_at is None and comment.moderation is ModerationState.VISIBLE
        if standing and self.may_answer:
            target = place_url(self.place, reply=comment.public_id, _anchor="write")
            acts.append({"label": _("Answer"), "url": target, "method": "get"})
        if allowed(Permission.COMMENT_EDIT, facts):
            acts.append(_act(_("Edit"), "edit", comment))
            acts.append(_act(_("Delete"), "delete", comment, "post"))
        acts += self._acts_of_credit(comment, facts)
        if allowed(Permission.COMMENT_HIDE, facts) and comment.author_id != current_actor().account_id:
            hidden = comment.moderation is ModerationState.HIDDEN
            moderate = url_for("moderation.comment", public_id=comment.public_id)
            acts.append({"label": _("Hidden: look again") if hidden else _("Hide"), "url": moderate, "method": "get"})
        elif allowed(Permission.COMMENT_REPORT, facts):
            target = url_for("moderation.report_comment", public_id=comment.public_id)
            acts.append({"label": _("Report"), "url": target, "method": "get"})
        return acts

    def _acts_of_credit(self, comment: Comment, facts: CommentFacts) -> list[dict[str, str]]:
        row = self.credited.get(comment.id)
        if allowed(Permission.CONTRIBUTION_MARK, facts):
            if row is None:
                return [_act(_("Credit"), "credit", comment)]
            return [_act(_("Take the credit back"), "uncredit", comment, "post")]
        if row is not None and allowed(Permission.CONTRIBUTION_OWN, facts) and not self.call.results_published:
            if row.unnamed_at is None:
                return [_act(_("Do not name me for it"), "be_unnamed", comment, "post")]
            return [_act(_("Name me for it"), "be_named", comment, "post")]
        return []

    def credit(self, comment: Comment) -> str | None:
        row = self.credited.get(comment.id)
        return str(CREDITED[row.role]) if row is not None else None

    def reads_hidden(self, comment: Comment) -> bool:
        """What moderation hid is still shown to its author and to the organization."""
        actor = current_actor()
        mine = actor.account_id is not None and comment.author_id == actor.account_id
        return mine or actor.roles.get(self.call.organization.id) in STAFF


def _act(label: str, endpoint: str, comment: Comment, method: str = "get") -> dict[str, str]:
    url = url_for(f"conversation.{endpoint}", public_id=comment.public_id)
    return {"label": label, "url": url, "method": method}


def _shown(thread: Thread, viewer: _Viewer) -> Shown:
    comment = thread.comment
    html, note = _words(comment, full=viewer.reads_hidden(comment))
    author = comment.author if html is not None else None
    hidden = author is not None and author.id in viewer.unnamed
    author = None if hidden else author
    return Shown(
        id=comment.public_id,
        author=author.name if author else _("An author of this proposal") if hidden else _("Someone"),
        picture=_picture(author) if author else None,
        author_url=url_for("pages.person", public_id=author.public_id) if author and author.profile_public else None,
        at=comment.created_at,
        html=html,
        official=viewer.organization if comment.as_organization else None,
        note=note,
        acts=viewer.acts(comment),
        credit=viewer.credit(comment),
        replies=[_shown(reply, viewer) for reply in thread.replies],
    )


def _picture(author: Account) -> str | None:
    key = author.picture_small_key
    return url_for("accounts.person_picture", public_id=author.public_id, key=key) if key else None


def _words(comment: Comment, *, full: bool) -> tuple[Markup | None, str | None]:
    if comment.deleted_at is not None:
        return None, _("The author removed this comment.")
    if comment.moderation is ModerationState.HIDDEN:
        kind = MODERATION_WORDS[comment.hidden_code or ModerationCode.OTHER]
        if not full:
            return None, _("Hidden by a moderator: %(kind)s", kind=kind)
        note = _(
            "Hidden by a moderator from everybody else (%(kind)s): %(reason)s", kind=kind, reason=comment.hidden_reason
        )
        return rendered(comment.body), note
    return rendered(comment.body), _("Edited") if comment.edited_at else None


def _name_of(page: ThreadPage, public_id: str | None, unnamed: Collection[int]) -> str | None:
    """Whom a reply answers, if the comment is on this page."""
    waiting: list[Thread] = list(page.threads)
    while public_id and waiting:
        thread = waiting.pop()
        if thread.comment.public_id == public_id:
            author = thread.comment.author
            if author and author.id in unnamed:
                return _("An author of this proposal")
            return author.name if author else _("Someone")
        waiting += thread.replies
    return None
