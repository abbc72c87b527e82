"""Whether a column is one of a list, which is given as one value however long it is: a statement of it is written, and planned, once."""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Integer, String, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class among(FunctionElement[bool]):  # noqa: N801 (a function where it is used)
    """`name`: of the parameter, whose value `listed` makes."""

    type = Boolean()
    inherit_cache = True

    def __init__(self, column: ColumnElement[Any], name: str) -> None:
        super().__init__(column, bindparam(name, type_=String))


def listed(values: Iterable[str | int]) -> str:
    return json.dumps(sorted(values))


@compiles(among, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    column, values = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 (a column and a placeholder)


@compiles(among, "postgresql")
def _on_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    column, values = (compiler.process(clause, **options) for clause in element.clauses)
    kind = "integer" if isinstance(next(iter(element.clauses)).type, Integer) else "text"
    return f"{column} = ANY(CAST(ARRAY(SELECT json_array_elements_text(CAST({values} AS json))) AS {kind}[]))"
