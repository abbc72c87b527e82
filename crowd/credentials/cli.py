"""`flask issuers …`: the keys with which organizations sign credentials."""

import click
from flask.cli import AppGroup
from sqlalchemy import select

from crowd.credentials.actions import rotate
from crowd.organizations.models import Organization
from crowd.store.db import db, transaction, utc_now
from crowd.store.issuer_keys import issuer_keys

issuers = AppGroup("issuers", help="Keys with which organizations sign credentials.")


def _organization(slug: str) -> Organization:
    found = db.session.scalar(select(Organization).where(Organization.slug == slug))
    if found is None:
        raise click.BadParameter("there is no such organization", param_hint="SLUG")
    return found


@issuers.command("rotate")
@click.argument("slug")
def rotate_key(slug: str) -> None:
    """Make a new key for the organization SLUG. The old private key is destroyed, its public key stays published."""
    organization = _organization(slug)
    with transaction(organization) as session:
        key = rotate(session, organization, issuer_keys(), now=utc_now())
    click.echo(f"{organization.name} signs with key {key.name} from now on. What earlier keys signed stays valid.")


@issuers.command("keys")
@click.argument("slug")
def list_keys(slug: str) -> None:
    """Name the keys of the organization SLUG, the one that signs first."""
    found = issuer_keys().keys(_organization(slug).public_id)
    for place, key in enumerate(found):
        click.echo(f"{key.name}  {'signs' if place == 0 else 'retired'}")
    if not found:
        click.echo("No credential was signed yet.")
