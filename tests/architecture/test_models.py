"""What every table keeps to, so that nobody has to remember it."""

from typing import Any

from flask import Flask
from sqlalchemy import DateTime, Float, ForeignKeyConstraint, PrimaryKeyConstraint, Table, UniqueConstraint
from sqlalchemy.orm import configure_mappers

from crowd.store.db import Base
from crowd.store.types import UtcDateTime


def tables() -> list[Table]:
    return Base.metadata.sorted_tables


def columns() -> list[tuple[str, Any]]:
    return [(f"{table.name}.{column.name}", column) for table in tables() for column in table.columns]


def test_every_foreign_key_says_what_happens_when_its_target_goes(application: Flask) -> None:
    keys = [
        constraint
        for table in tables()
        for constraint in table.constraints
        if isinstance(constraint, ForeignKeyConstraint)
    ]
    assert len(keys) > 10
    assert [key.name for key in keys if key.ondelete is None] == []


def test_every_constraint_has_a_name(application: Flask) -> None:
    nameless = [table.name for table in tables() for constraint in table.constraints if constraint.name is None]
    assert nameless == []


def test_no_name_is_too_long_for_postgresql(application: Flask) -> None:
    names = [str(c.name) for t in tables() for c in t.constraints] + [str(i.name) for t in tables() for i in t.indexes]
    assert [name for name in names if len(name) > 63] == []


def test_every_time_is_kept_in_utc(application: Flask) -> None:
    assert [name for name, column in columns() if isinstance(column.type, DateTime)] == []
    assert [name for name, column in columns() if isinstance(column.type, UtcDateTime)] != []


def test_no_number_that_decides_is_a_float(application: Flask) -> None:
    assert [name for name, column in columns() if isinstance(column.type, Float)] == []


def test_every_foreign_key_that_leads_back_is_indexed(application: Flask) -> None:
    """A cascade or a list of what belongs to a row would read the whole table else."""
    bare = []
    for table in tables():
        keyed = [c.columns for c in table.constraints if isinstance(c, PrimaryKeyConstraint | UniqueConstraint)]
        firsts = {next(iter(columns.keys())) for columns in [*keyed, *(index.columns for index in table.indexes)]}
        bare += [f"{table.name}.{key.parent.name}" for key in table.foreign_keys if key.parent.name not in firsts]
    assert bare == []


def test_no_relationship_loads_by_itself(application: Flask) -> None:
    configure_mappers()
    lazy = [
        f"{mapper.class_.__name__}.{relation.key}"
        for mapper in Base.registry.mappers
        for relation in mapper.relationships
        if relation.lazy not in {"raise", "raise_on_sql"}
    ]
    assert lazy == []
