"""Files that no row names any more: left behind by a crash between storing and committing, or by rows that are gone."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from crowd.files.storage import file_store
from crowd.store.db import db, in_chunks, utc_now

SPARED = timedelta(days=1)
"""A file so young may belong to a row that is being written."""
MOST = 20_000
"""Files looked at in a run."""


def remove_orphans(columns: Sequence[InstrumentedAttribute[str | None]], others: Iterable[str] = ()) -> int:
    """Delete the files that none of these columns names, nor `others`. Returns how many."""
    store, before, spared = file_store(), utc_now() - SPARED, set(others)
    old = (key for key, at in islice(store.stored(), MOST) if at < before and key not in spared)
    removed = 0
    for keys in in_chunks(list(old)):
        named = {key for column in columns for key in db.session.scalars(select(column).where(column.in_(keys)))}
        for key in set(keys) - named:
            store.delete(key)
            removed += 1
    return removed
