"""Run migrations on the application's own engine."""

import logging
from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from flask import current_app

logging.getLogger("alembic").setLevel(logging.WARNING)
database = current_app.extensions["migrate"].db
ENGINE_OWN = ("search_index",)
VECTOR = {("index", "ix_search_documents_vector"), ("column", "vector")}


def render_item(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Plain types in migrations: they must not import the application."""
    if kind == "type" and isinstance(item, sa.TypeDecorator):
        return f"sa.{type(item.impl_instance).__name__}(timezone=True)"
    return False


def include_name(name: str | None, kind: str, _parents: Any) -> bool:
    """Leave out what one database keeps for itself (the full-text index)."""
    return not (kind in {"table", "index"} and name is not None and name.startswith(ENGINE_OWN))


def include_object(_item: Any, name: str | None, kind: str, reflected: bool, _other: Any) -> bool:
    return not (reflected and (kind, name) in VECTOR)


with database.engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=database.metadata,
        render_item=render_item,
        include_name=include_name,
        include_object=include_object,
        compare_server_default=False,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
