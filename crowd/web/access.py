"""Who may enter a view: each is `@public` or names its permission. Load → permit → two-line view."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, Generic, TypeAlias, TypeVar

from flask import Flask, abort, current_app, g, request
from sqlalchemy.orm import Session

from crowd.core.actor import VISITOR, Actor
from crowd.core.errors import NotAllowed
from crowd.core.permissions import Permission, Permitted, Refused, judge
from crowd.store.db import db, utc_now

View: TypeAlias = Callable[..., Any]
R = TypeVar("R")

ACCESS = "access"
"""Attribute of every view function: "public" or the names of its permissions (a test walks the URL map)."""

QUICK = "quick"


@dataclass(frozen=True)
class Found(Generic[R]):
    """A loaded row with the facts that permissions are asked about."""

    row: R
    facts: Any


Finder: TypeAlias = Callable[[Session, str], Found[R] | None]


def use_actor_loader(app: Flask, load: Callable[[], Actor]) -> None:
    """Given by the factory: how the current actor is loaded, once per request."""
    app.extensions["load_actor"] = load


def current_actor() -> Actor:
    if "actor" not in g:
        load = current_app.extensions.get("load_actor")
        g.actor = load() if load else VISITOR
    actor: Actor = g.actor
    return actor


@contextmanager
def seen_by(actor: Actor) -> Iterator[None]:
    """Draw a page as somebody else would see it, for a preview; nothing is done in their name."""
    own = current_actor()
    g.actor = actor
    try:
        yield
    finally:
        g.actor = own


def forget_actor() -> None:
    """After signing in or out within a request."""
    g.pop("actor", None)


def require(actor: Actor, permission: Permission, subject: object, now: datetime) -> None:
    """Raise NotAllowed unless permitted. Actions call this again on the locked row."""
    judgment = judge(actor, permission, subject, now)
    if isinstance(judgment, Refused):
        raise NotAllowed(judgment.predicate, judgment.opens_at)


def allowed(permission: Permission | str, subject: object = None) -> bool:
    """For templates: may the current actor do this now?"""
    return isinstance(judge(current_actor(), Permission(permission), subject, utc_now()), Permitted)


def refusal(permission: Permission | str, subject: object = None) -> Refused | None:
    judgment = judge(current_actor(), Permission(permission), subject, utc_now())
    return judgment if isinstance(judgment, Refused) else None


def public(view: View) -> View:
    """Mark a view as open to everybody."""
    setattr(view, ACCESS, "public")
    return view


def tried_first(quick: Callable[..., Any]) -> Callable[[View], View]:
    """A view that very many ask for at once. `quick` gets its URL values: it answers where all is in order, and else returns None and has
    done nothing. It comes after the form's token was looked at and before anything is read, so it judges for itself who asks.
    """

    def decorate(view: View) -> View:
        setattr(view, QUICK, quick)
        return view

    return decorate


def try_quickly() -> Any:
    """Before a request reads anything."""
    quick = getattr(current_app.view_functions.get(request.endpoint or ""), QUICK, None)
    return quick(**request.view_args or {}) if quick else None


def requires(permission: Permission) -> Callable[[View], View]:
    """A view that needs a permission without a subject (signed in, site admin)."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            require(current_actor(), permission, None, utc_now())
            return view(*args, **kwargs)

        setattr(guarded, ACCESS, permission.value)
        return guarded

    return decorate


class Gate(Generic[R]):
    """Loads a noun by its URL: 404 if it may not be seen (as if it did not exist), 403 with the reason if it may be seen only.

    A signed-out person who posts is asked to sign in, whatever is there: a session that ended must not cost what was typed.
    The view gets `Found[R]` as its first argument in place of the URL value `parameter`.
    """

    def __init__(self, find: "Finder[R]", view: Permission, parameter: str = "public_id") -> None:
        self.find = find
        self.view_permission = view
        self.parameter = parameter

    def requires(self, *permissions: Permission) -> Callable[[View], View]:
        def decorate(view: View) -> View:
            @wraps(view)
            def guarded(**kwargs: Any) -> Any:
                found = self.load(kwargs.pop(self.parameter))
                for permission in permissions:
                    require(current_actor(), permission, found.facts, utc_now())
                return view(found, **kwargs)

            names = [permission.value for permission in (self.view_permission, *permissions)]
            setattr(guarded, ACCESS, " ".join(names))
            return guarded

        return decorate

    def load(self, key: str) -> Found[R]:
        found = self.find(db.session(), key)
        if found is None or not judge(current_actor(), self.view_permission, found.facts, utc_now()):
            if request.method == "POST" and current_actor().account_id is None:
                raise NotAllowed("signed_in")
            abort(404)
        return found


def views_without_access(app: Flask, ignored: Mapping[str, str]) -> list[str]:
    """Endpoints whose view says neither `@public` nor its permission."""
    return [
        endpoint
        for endpoint, view in app.view_functions.items()
        if not hasattr(view, ACCESS) and endpoint not in ignored
    ]
