"""The sentences of every refusal and fault, and the pages that show them."""

from datetime import date, datetime
from typing import Any

import structlog
from flask import Flask, current_app, flash, redirect, render_template, request, url_for
from flask_login import logout_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, SecurityError
from werkzeug.wrappers import Response

from crowd.core.errors import DomainError, NotAllowed
from crowd.core.permissions import Refused
from crowd.store.db import db
from crowd.web.incoming import swallow
from crowd.web.kept import keep_form, kept_form, typed_text
from crowd.web.negotiate import problem, wants_json
from crowd.web.text import _, _l
from crowd.web.times import absolute, day

log = structlog.get_logger()

SENTENCES: dict[str, Any] = {
    "gone": _l("This was deleted in the meantime."),
    # who
    "signed_in": _l("Sign in to go on."),
    "terms_accepted": _l("Accept the terms first: they have changed, or you have not seen them yet."),
    "verified": _l("Confirm your e-mail address first: the link is in the mail we sent you."),
    "site_admin": _l("Only a site administrator may do this."),
    "member": _l("Only members of this organization may do this."),
    "staff": _l("Only the organization's own people may do this."),
    "manager": _l("Only a manager of this organization may do this."),
    "owner": _l("Only an owner of this organization may do this."),
    # organization and call
    "organization_approved": _l("This organization is still waiting for approval."),
    "call_draft": _l("This call is published: its rules are frozen."),
    "amending": _l("No amendment of this call is being written."),
    "call_published": _l("This call is not published yet."),
    "call_running": _l("This call is over."),
    "call_not_paused": _l("This call is paused."),
    "audience": _l("This call is only for members of the organization, or for those invited."),
    "submission_open": _l("This call does not take proposals now."),
    "ideas_open": _l("No vote is open to which proposals may be added."),
    "late_permit": _l("There is no permit to hand in late, or its time is over."),
    "may_enter": _l("The rules of this call do not let you hand in a proposal: see who may take part."),
    "results_published": _l("The results are not published yet."),
    "results_unpublished": _l("The results are published: this can no longer be changed."),
    "selection_begun": _l("The decision begins when the stages before it are over."),
    # proposal
    "author": _l("Only the authors may do this."),
    "lead": _l("Only the lead author may do this."),
    "unrecused": _l("You stepped back from it for a conflict of interest."),
    "sighted": _l("You review in this call without knowing who the authors are, so this page waits until the results."),
    "no_stake": _l("You have a stake in this proposal, so somebody else has to decide about it."),
    "handed_in": _l("This proposal has not been handed in."),
    "standing": _l("This proposal is no longer in the running."),
    "selected": _l("This proposal is not selected, or no longer."),
    "declined": _l("Its authors have not declined."),
    "draft": _l("This proposal has already been handed in."),
    "editable_status": _l("This proposal can no longer be edited."),
    "led": _l("Nobody with an account leads this proposal."),
    "not_in_team": _l("You are in this team already, or an invitation waits for your answer."),
    "growing_team": _l("The team of this proposal can no longer be changed."),
    "correction_asked": _l("No correction was asked for."),
    "entering_open": _l("Proposals can no longer be entered on behalf of somebody, or not yet."),
    "on_behalf": _l(
        "The authors change their proposal themselves; the organization corrects what it entered for somebody until that person takes it over."
    ),
    "off_the_list": _l("It stands on a list that is voted on or reviewed, so its text stays as it is."),
    "questions_open": _l("Nothing more is asked of this proposal now."),
    "correction_open": _l("The time for the correction is over."),
    "not_merged": _l("This proposal was merged into another: write there."),
    "not_withdrawn": _l("This proposal was withdrawn, or merged into another."),
    "reader": _l("This proposal is not assigned to you."),
    "unhidden": _l("This was hidden by a moderator."),
    "public_status": _l("This proposal is not public."),
    "publicity": _l("The call does not show proposals yet."),
    # rounds
    "round_opened": _l("The list of candidates is not confirmed yet."),
    "round_open": _l("This round is not open now."),
    "account_old_enough": _l("Your account is too young for this vote: see who may vote."),
    "code_holder": _l("This vote is opened by a code: type yours on the page of the vote."),
    "electorate": _l("You are not in this round's electorate: see who may vote."),
    "counts_shown": _l("Counts stay hidden until the round closes, so that nobody follows the crowd."),
    "juror": _l("Only the jury of this round may see this."),
    "chair": _l("Only the chair of the jury may do this."),
    "assigned": _l("This proposal is not assigned to you."),
    "own_review_in": _l("Hand in your own review first: then you read what the others wrote."),
    "review_open": _l("The review round is not open now."),
    "objections_open": _l("Objections are not taken now."),
    "took_part": _l("Objections are open to those who handed in a proposal or voted here."),
    "objector": _l("Only whoever objected may do this."),
    "unanswered": _l("This objection is answered already, or was taken back."),
    "not_decider": _l("You took part in deciding this, so somebody else answers the objection."),
    "not_objector": _l("This is your own objection: somebody else answers it."),
    "place_public": _l("The place of this comment is not public."),
    "place_of_author": _l("The place of this comment is not open to you."),
    "comment_author": _l("Only the author of a comment may change it."),
    "comment_standing": _l("This comment is no longer there."),
    # credit
    "credited": _l("Only whoever is credited may do this."),
    "credited_beside": _l("Only managers of the organization and people credited beside may do this."),
    "not_credited": _l("This is your own credit: others say something of it."),
    "credit_standing": _l("This credit was taken back."),
    "credit_named": _l("Nobody is named for this credit."),
    "no_rehearsal": _l("This is a rehearsal: nothing of it counts."),
    "endorsed": _l("Only whoever it is about may do this."),
    "endorser": _l("Only whoever wrote it may do this."),
    "endorsement_standing": _l("These words are no longer there."),
    "not_in_endorsement": _l("You wrote these words, or they are about you, so somebody else decides."),
    "author_of_place": _l("Only the authors of the proposal may do this."),
    "from_outside": _l("Comments of the team itself earn no credit of their own."),
    "comment_writer": _l("Only whoever wrote the comment may do this."),
    # faults
    "stale_version": _l(
        "Somebody else saved a change while you were writing. Nothing of yours is lost: compare both texts below."
    ),
    "illegal_move": _l("This was already done, or is no longer possible from here."),
    "bad_cursor": _l("This page link is not valid."),
    "too_many_attempts": _l("Too many attempts. Try again in a few minutes."),
}
UNREAD = frozenset({413})
"""Refused before the form was read."""
SERVER_FAULT = 500
MEGABYTE = 1024 * 1024
OPENS = _l("It opens on %(when)s.")


def sentence(code: str, **values: object) -> str:
    """The sentence of a code, filled with `values`, in the reader's language. Unknown codes are a fault of ours: KeyError.

    `opens_at` adds when it opens, in the time zone called `zone` or the reader's own. Days are told as the reader writes them.
    """
    values = {name: day(value) if type(value) is date else value for name, value in values.items()}
    text = SENTENCES[code]
    words = str(text) % values if values and "%(" in str(text) else str(text)
    opens_at, zone = values.get("opens_at"), values.get("zone")
    if not isinstance(opens_at, datetime):
        return words
    return f"{words} {OPENS % {'when': absolute(opens_at, zone if isinstance(zone, str) else None)}}"


def add_sentences(sentences: dict[str, Any]) -> None:
    """An area's own codes. A code has one sentence."""
    doubled = SENTENCES.keys() & sentences.keys()
    if doubled:
        raise ValueError(sorted(doubled))
    SENTENCES.update(sentences)


def refused_sentence(refused: Refused) -> str:
    return sentence(refused.predicate, opens_at=refused.opens_at)


def register(app: Flask) -> None:
    app.register_error_handler(NotAllowed, _not_allowed)
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(SecurityError, _foreign_host)
    app.register_error_handler(RequestEntityTooLarge, _too_large)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)


def _not_allowed(error: NotAllowed) -> Any:
    if error.code == "signed_in" and not wants_json():
        return to_sign_in()
    return _page(403, sentence(error.code, **error.values))


def to_sign_in() -> Response:
    """Send to the sign-in page and back; what was being posted is kept and offered again afterwards."""
    logout_user()  # where an account was shut meanwhile, nothing could be kept in its name
    if request.method == "POST":
        target = url_for("pages.kept", token=keep_form())
        flash(str(_l("You were signed out. What you wrote is kept: sign in and send it again.")), "warning")
    else:
        target = request.full_path.rstrip("?")
    return redirect(url_for("accounts.sign_in", next=target), 303)


def _domain_error(error: DomainError) -> Any:
    return _page(error.status, sentence(error.code, **error.values))


def _csrf_error(error: CSRFError) -> Any:
    """Nothing is stored without a valid token; what was typed is shown again with a fresh one."""
    if wants_json():
        return problem(400, str(_l("The form's safety token was missing or out of date. Nothing was stored.")))
    return render_template("errors/token.html", kept=kept_form(keep_form())), 400


def _foreign_host(_error: SecurityError) -> Any:
    """No page can be built for a host that is not ours, since none of its links could be."""
    base_url = current_app.extensions["settings"].base_url
    return Response(_("This site is at %(url)s", url=base_url) + "\n", 400, mimetype="text/plain")


def _too_large(_error: RequestEntityTooLarge) -> Any:
    """The rest is read and thrown away: a browser that is still sending would see a broken connection, not this page."""
    swallow(request.environ["wsgi.input"], request.content_length or 0)
    most = current_app.config["MAX_CONTENT_LENGTH"] // MEGABYTE
    reason = _("What you sent is larger than %(most)d MB in all, more than can be taken at once.", most=most)
    return _page(413, reason, most=most)


def _http_error(error: HTTPException) -> Any:
    if error.response is not None or (error.code or 500) < 400:
        return error
    return _page(error.code or 500, None)


def _unexpected(error: Exception) -> Any:
    if current_app.testing:
        raise error
    log.error("unexpected error", rule=str(request.url_rule), exc_info=error)  # the path itself may hold a secret
    db.session.rollback()
    return _page(500, None)


def _page(status: int, reason: str | None, **values: Any) -> Any:
    """The page that refuses shows what was typed, so that no word is lost whatever the reason is."""
    if wants_json():
        return problem(status, reason)
    written = typed_text() if request.method == "POST" and status not in UNREAD else []
    token = keep_form() if written and status < SERVER_FAULT else None
    return render_template(
        "errors/error.html", status=status, reason=reason, written=written, token=token, **values
    ), status
