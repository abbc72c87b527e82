"""A posted act of a manager on a round: done, or the page again with what is wrong beside its field."""

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from crowd.core.errors import InvalidInput
from crowd.rounds.models import CallRound
from crowd.store.db import transaction
from crowd.web.forms import BaseForm, fill_errors

T = TypeVar("T")


def attempt(
    row: CallRound, form: BaseForm, act: Callable[[Session], T], page: Callable[[], str]
) -> tuple[T | None, Any]:
    """What the act gave, on the locked round, and None; or None and the answer that refuses. `page` reads everything anew."""
    if not form.validate():
        return None, (page(), 422)
    try:
        with transaction(row) as session:
            return act(session), None
    except InvalidInput as error:
        fill_errors(form, error)
        return None, (page(), error.status)
