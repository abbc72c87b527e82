"""`flask erase`: an account, on request, where its person cannot do it."""

import click

from crowd.accounts.queries import get_account_by_address
from crowd.core.errors import DomainError
from crowd.files.storage import file_store
from crowd.privacy.actions import erase_account
from crowd.privacy.commands import Asked
from crowd.privacy.queries.erasing import what_blocks
from crowd.store.db import db, transaction, utc_now
from crowd.web.errors import sentence


@click.command("erase")
@click.argument("email")
@click.option("--reason", required=True, help="Why, without naming the person: it stays on record.")
@click.option("--withdraw-comments", is_flag=True, help="Their words in discussions go, too.")
@click.option("--all-the-same", is_flag=True, help="Although nobody has taken over what only they hold.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(email: str, reason: str, *, withdraw_comments: bool, all_the_same: bool, yes: bool) -> None:
    """Erase the account of EMAIL at once and for good. What counts stays, as a contributor's."""
    account = get_account_by_address(db.session(), email)
    if account is None:
        message = f"No account has the address {email}."
        raise click.ClickException(message)
    blockers = [f"{one.obstacle.value} {one.name}".strip() for one in what_blocks(db.session(), account)]
    if blockers and not all_the_same:
        message = f"Somebody has to take over first ({', '.join(blockers)}); --all-the-same goes on."
        raise click.ClickException(message)
    if not yes:
        click.confirm(f"Erase {email} for good?", abort=True)
    asked = Asked(withdraw_comments, reason=reason, all_the_same=all_the_same)
    try:
        with transaction() as session:
            files = erase_account(session, account.id, asked, clock=utc_now)
    except DomainError as error:
        raise click.ClickException(sentence(error.code)) from error
    for key in files:
        file_store().delete(key)
    click.echo("Erased.")
