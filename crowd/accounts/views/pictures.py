"""One's picture: drawn anew in two sizes, stored under keys that change with it, so that browsers may keep it for good."""

from datetime import timedelta

from flask import Response as FlaskResponse
from flask import abort, flash, redirect, render_template, url_for
from sqlalchemy import or_, select
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from crowd.accounts.actions import set_picture
from crowd.accounts.commands import Picture
from crowd.accounts.forms import PictureForm
from crowd.accounts.models import Account
from crowd.accounts.views.blueprint import bp, client
from crowd.accounts.views.settings import own_account
from crowd.core.errors import DomainError, InvalidInput
from crowd.core.permissions import Permission
from crowd.files.pictures import clean_picture
from crowd.files.serving import file_response
from crowd.files.storage import file_store
from crowd.store import limits
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import public, requires
from crowd.web.forms import fill_errors
from crowd.web.text import _

Reply = Response | str | tuple[str, int]

LARGE, SMALL = 320, 96
"""Pixels on each side."""
MOST_MEGABYTES = 5
MOST_BYTES = MOST_MEGABYTES * 1024 * 1024
TYPES = frozenset({"image/png", "image/jpeg", "image/webp"})
UPLOADS = limits.Limit("picture", 20, timedelta(hours=1))


@bp.app_template_global()
def picture_of(account: Account, *, large: bool = False) -> str | None:
    """The address of a person's picture, if they have one."""
    key = account.picture_key if large else account.picture_small_key
    return url_for("accounts.person_picture", public_id=account.public_id, key=key) if key else None


@bp.get("/people/<public_id>/picture/<key>")
@public
def person_picture(public_id: str, key: str) -> FlaskResponse:
    """A picture that was replaced or removed is gone, and so is that of somebody who is shut out."""
    account = db.session.scalar(
        select(Account).where(
            Account.public_id == public_id,
            or_(Account.picture_key == key, Account.picture_small_key == key),
            Account.blocked_at.is_(None),
        )
    )
    if account is None or account.picture_type is None:
        abort(404)
    return file_response(key, account.picture_type, key, key, cache="private, max-age=31536000, immutable")


@bp.get("/settings/picture")
@requires(Permission.SIGNED_IN)
def picture() -> str:
    return render_template("accounts/picture.html", account=own_account(), form=PictureForm(formdata=None))


@bp.post("/settings/picture")
@requires(Permission.SIGNED_IN)
def save_picture() -> Reply:
    account, form = own_account(), PictureForm()
    if form.validate():
        try:
            limits.take(limits.counted(client().secret_key, UPLOADS, account.public_id), now=utc_now())
            _store(account, form.picture.data)
            flash(_("Your picture is saved."), "success")
            return redirect(url_for("accounts.picture"), 303)
        except DomainError as error:
            fill_errors(form, error)
    return render_template("accounts/picture.html", account=account, form=form), 422


@bp.post("/settings/picture/remove")
@requires(Permission.SIGNED_IN)
def remove_picture() -> Response:
    account = own_account()
    with transaction(account):
        left = set_picture(account, None)
    _throw_away(left)
    flash(_("Your picture is gone. Your initials stand in its place."), "success")
    return redirect(url_for("accounts.picture"), 303)


def _store(account: Account, upload: FileStorage) -> None:
    """Drawn before the transaction; what fails leaves no file behind."""
    name, data = upload.filename or "", upload.read(MOST_BYTES + 1)
    upload.close()
    if len(data) > MOST_BYTES:
        raise InvalidInput("file_too_large", "picture", name=name, most=MOST_MEGABYTES)
    large = clean_picture(data, name=name, longest=LARGE, square=True, types=TYPES)
    small = clean_picture(large.data, name=name, longest=SMALL, square=True, types=TYPES)
    store = file_store()
    kept = Picture(store.put(large.data), store.put(small.data), large.media_type)
    try:
        with transaction(account):
            left = set_picture(account, kept)
    except BaseException:
        _throw_away([kept.key, kept.small_key])
        raise
    _throw_away(left)


def _throw_away(keys: list[str]) -> None:
    for key in keys:
        file_store().delete(key)
