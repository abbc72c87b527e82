"""Who looks, for orders that stay the same for one reader: the person, or this browser."""

import secrets

from flask import session

from crowd.web.access import current_actor

_SESSION = "order"


def reader_seed() -> str:
    """The seed of this reader's shuffles. A browser keeps its own, so that signing in does not turn the order round."""
    if _SESSION not in session:
        actor = current_actor()
        if actor.account_id is not None:
            return actor.public_id
        session[_SESSION] = secrets.token_hex(8)
    return str(session[_SESSION])
