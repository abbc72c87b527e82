"""The blueprint of one's own data, and whose it is."""

from flask import Blueprint

from crowd.accounts.gates import current_account
from crowd.accounts.models import Account
from crowd.core.errors import NotAllowed

bp = Blueprint("privacy", __name__)


def own_account() -> Account:
    account = current_account()
    if account is None:
        raise NotAllowed("signed_in")
    return account
