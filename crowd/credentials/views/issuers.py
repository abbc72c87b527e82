"""Who signs credentials, with which keys, and which ones were taken back: as data, at addresses that do not change."""

from typing import Any

from flask import Response, abort

from crowd.core.badges.jws import jwk, write_token
from crowd.core.badges.open_badge import CONTEXTS
from crowd.core.badges.status_list import status_list_credential
from crowd.credentials.queries import (
    get_issuer,
    issuer_of,
    issuer_url,
    key_url,
    last_list,
    list_issuers,
    list_revoked,
    status_list_url,
)
from crowd.credentials.views.blueprint import bp, open_data, open_json
from crowd.organizations.models import Organization
from crowd.store.db import db, utc_now
from crowd.store.issuer_keys import issuer_keys
from crowd.web.access import public
from crowd.web.links import absolute_url

HOUR = 3600


def issuer_or_404(public_id: str) -> Organization:
    found = get_issuer(db.session(), public_id)
    if found is None:
        abort(404)
    return found


def jwks_of(organization: Organization) -> list[dict[str, str]]:
    """All keys an organization ever signed with, the one that signs now first."""
    keys = issuer_keys().keys(organization.public_id)
    return [jwk(key.public, key_url(organization, key)) for key in keys]


@bp.get("/issuers/<public_id>")
@public
def issuer(public_id: str) -> Response:
    """The issuer's profile (Open Badges 3.0) with where its keys are."""
    found = issuer_or_404(public_id)
    keys = absolute_url("credentials.issuer_keys_of", public_id=public_id)
    profile = {"@context": CONTEXTS[:2], **issuer_of(found).profile(), "jwks_uri": keys}
    return open_json(profile, seconds=HOUR)


@bp.get("/issuers/<public_id>/jwks.json")
@public
def issuer_keys_of(public_id: str) -> Response:
    return open_json({"keys": jwks_of(issuer_or_404(public_id))}, media_type="application/jwk-set+json")


@bp.get("/issuers/<public_id>/keys/<name>")
@public
def key(public_id: str, name: str) -> Response:
    """One key at the address that credentials name it by."""
    found = issuer_or_404(public_id)
    wanted = [each for each in jwks_of(found) if each["kid"].rsplit("/", 1)[-1] == name]
    return open_json(wanted[0], media_type="application/jwk+json", seconds=HOUR) if wanted else abort(404)


@bp.get("/.well-known/jwks.json")
@public
def well_known_keys() -> Response:
    """The keys of everybody who signs here."""
    keys = [each for organization in list_issuers(db.session()) for each in jwks_of(organization)]
    return open_json({"keys": keys}, media_type="application/jwk-set+json")


@bp.get("/.well-known/jwt-vc-issuer/issuers/<public_id>")
@public
def well_known_issuer(public_id: str) -> Response:
    """Where verifiers of JWT credentials look for the keys of an issuer that is an address."""
    found = issuer_or_404(public_id)
    return open_json({"issuer": issuer_url(found), "jwks": {"keys": jwks_of(found)}})


def _status_list(public_id: str, number: int) -> tuple[Organization, dict[str, Any]]:
    found, session = issuer_or_404(public_id), db.session()
    newest, taken = last_list(session, found.id)
    if not 1 <= number <= newest or not taken:
        abort(404)
    revoked = list_revoked(session, found.id, number)
    data = status_list_credential(status_list_url(found, number), issuer_url(found), revoked, utc_now())
    return found, data


@bp.get("/issuers/<public_id>/status/<int:number>")
@public
def status_list(public_id: str, number: int) -> Response:
    """A Bitstring Status List, signed anew whenever it is asked for."""
    found, data = _status_list(public_id, number)
    keys, issuer_id = issuer_keys(), found.public_id
    signing = keys.signing_key(issuer_id)
    token = write_token(data, key_url(found, signing), lambda signed: keys.sign(issuer_id, signing, signed))
    return open_data(token, "application/jwt")


@bp.get("/issuers/<public_id>/status/<int:number>.json")
@public
def status_list_data(public_id: str, number: int) -> Response:
    """The same to be read, without its signature."""
    return open_json(_status_list(public_id, number)[1])
