"""`flask users …`: the first administrator, before there is anybody to ask."""

import click
from email_validator import EmailNotValidError, validate_email
from flask import current_app
from flask.cli import AppGroup

from crowd.accounts.actions import mail_link, make_account, make_link, verify_account
from crowd.accounts.commands import SignUp
from crowd.accounts.models import LinkPurpose
from crowd.accounts.queries import get_account_by_address
from crowd.config import Settings
from crowd.store.db import transaction, utc_now

users = AppGroup("users", help="People of this installation.")


@users.command("create-admin")
@click.argument("email")
@click.option("--name", default="Administrator", show_default=True, help="Used when the account is new.")
def create_admin(email: str, name: str) -> None:
    """Make EMAIL a site administrator and hand out a link that signs in once."""
    settings: Settings = current_app.extensions["settings"]
    _check(email)
    now = utc_now()
    with transaction() as session:
        account = get_account_by_address(session, email)
        if account is None:
            account = make_account(session, SignUp(email, name, "en"), now=now)
        account.is_admin, account.blocked_at = True, None
        verify_account(session, account, now=now)
        if settings.mail_url:
            mail_link(session, account, LinkPurpose.SIGN_IN, next_path="/admin", now=now)
            words = f"A link that signs in was mailed to {email}."
        else:
            link = make_link(session, account, LinkPurpose.SIGN_IN, next_path="/admin", now=now)
            words = f"Sign in once, within two hours, with this link:\n{link}"
    click.echo(f"{email} is a site administrator.\n{words}")


def _check(email: str) -> None:
    try:
        validate_email(email, check_deliverability=False)
    except EmailNotValidError as error:
        raise click.BadParameter(str(error), param_hint="EMAIL") from error
