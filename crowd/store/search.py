"""Full-text search behind one module: FTS5 on SQLite, tsvector on PostgreSQL.

Both are given the same words, folded and parted here. Beside its words a title is indexed by every end of each of them, marked, so
that a part of a word is found by an index too; and a row by what it is within (a call), so that a search reads what is there only.
"""

import re
import sqlite3
import unicodedata
from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Engine,
    Float,
    Integer,
    Select,
    Subquery,
    TableClause,
    Text,
    and_,
    cast,
    column,
    delete,
    event,
    false,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.orm import Session, aliased

from crowd.store.models import SearchDocument

_WORD = re.compile(r"[^\W_]+")
MOST_WORDS = 12
LONGEST_WORD = 60
"""Of longer ones the beginning counts."""
END, WITHIN = "+", "#"
"""Marks before words of the index that nobody can type: no word holds a sign."""


def fold(words: str) -> str:
    """Lower case without accents: `Señalización` and `SEN\u0303ALIZACION` become `senalizacion`."""
    if words.isascii():
        return words.lower()
    decomposed = unicodedata.normalize("NFKD", words.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _words(text_of_people: str) -> list[str]:
    return [word[:LONGEST_WORD] for word in _WORD.findall(fold(text_of_people))]


def indexed(title: str, words: str, within: int | None) -> dict[str, str]:
    """The two columns of a document."""
    of_title = _words(title)
    ends = {END + word[start:] for word in of_title for start in range(len(word))}
    place = [] if within is None else [f"{WITHIN}{within}"]
    return {"title": " ".join([*of_title, *sorted(ends), *place]), "text": " ".join(_words(words))}


def index_text(session: Session, noun: str, noun_id: int, title: str, words: str, *, within: int | None = None) -> None:
    """Put or replace the searchable text of one row, in the same transaction as the row."""
    document = session.scalar(
        select(SearchDocument).where(SearchDocument.noun == noun, SearchDocument.noun_id == noun_id)
    )
    columns = indexed(title, words, within)
    if document is None:
        session.add(SearchDocument(noun=noun, noun_id=noun_id, **columns))
    else:
        document.title, document.text = columns["title"], columns["text"]


def index_new(session: Session, noun: str, rows: Iterable[tuple[int, str, str]], *, within: int | None = None) -> None:
    """Put the searchable texts of many rows that are new: id, title, words."""
    made = [{"noun": noun, "noun_id": noun_id, **indexed(title, words, within)} for noun_id, title, words in rows]
    if made:
        session.execute(insert(SearchDocument), made)


def forget_text(session: Session, noun: str, noun_id: int) -> None:
    session.execute(delete(SearchDocument).where(SearchDocument.noun == noun, SearchDocument.noun_id == noun_id))


def matches(session: Session, noun: str, noun_id: ColumnElement[int], query: str) -> ColumnElement[bool]:
    """True for rows whose text has words beginning with each word of `query`, or whose title has them anywhere inside.

    Signs such as `%`, `_` and quotes only part words; a query without any word finds nothing.
    """
    return noun_id.in_(_hits(session, noun, query, None))


def holds(session: Session, columns: Iterable[ColumnElement[Any]], words: str) -> ColumnElement[bool]:
    """True for rows of which one column has `words` anywhere inside, in any case, with accents or without; signs are plain
    characters. Every row is read: for lists of the few who administrate.
    """
    return or_(*(_folded(session, column).contains(fold(words), autoescape=True) for column in columns))


def _folded(session: Session, column: ColumnElement[Any]) -> ColumnElement[str]:
    if _on_sqlite(session):
        return func.fold(column, type_=Text)
    decomposed = func.normalize(column, literal_column("NFKD"))
    return func.lower(func.regexp_replace(decomposed, "[\u0300-\u036f]", "", "g"), type_=Text)


@event.listens_for(Engine, "connect")
def _teach_folding(connection: Any, _record: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.create_function("fold", 1, lambda words: words and fold(words), deterministic=True)


def hits(session: Session, noun: str, query: str, *, within: int | None = None) -> Subquery:
    """The ids (`.c.id`) that `matches` is true for, to be joined: a limit stops the reading.

    The offset keeps PostgreSQL from asking row after row for its words where it expects few rows.
    """
    found = _hits(session, noun, query, within)
    return (found if _on_sqlite(session) else found.offset(0)).subquery("hits")


def among_hits(
    session: Session, noun: str, noun_id: ColumnElement[int], query: str, *, within: int | None = None
) -> ColumnElement[bool]:
    """`matches`, asked of rows that another index leads to: the hits are read once, whatever their number, and looked up.

    Said so that PostgreSQL cannot turn it into a join: it would ask each row for its words, or read all hits again for each row.
    """
    if _on_sqlite(session):
        return (noun_id + 0).in_(_hits(session, noun, query, within))
    return led_by_hits(session, noun, noun_id, query, within=within).is_(True)


def led_by_hits(
    session: Session, noun: str, noun_id: ColumnElement[int], query: str, *, within: int | None = None
) -> ColumnElement[bool]:
    """`matches` for a page of few hits in any order: they are fetched and sorted."""
    found = _hits(session, noun, query, within)
    if _on_sqlite(session):
        return noun_id.in_(found)
    return noun_id.in_(select(func.unnest(func.array(found.scalar_subquery()))))


def in_words(noun: str, noun_id: ColumnElement[int], query: str) -> ColumnElement[bool]:
    """`matches`, asked of each row by reading its words: of few rows, however many are found elsewhere."""
    words = _words(query)[:MOST_WORDS]
    if not words:
        return false()
    document = aliased(SearchDocument)
    title = literal(" ").concat(document.title)
    every = title.concat(" ").concat(document.text)
    ways = (and_(*(held.contains(f" {mark}{word}") for word in words)) for held, mark in ((every, ""), (title, END)))
    found = select(document.id).where(document.noun == noun, document.noun_id == noun_id, or_(*ways))
    return found.scalar_subquery().is_not(None)


def _on_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def _hits(session: Session, noun: str, query: str, within: int | None) -> Select[int]:
    words = _words(query)[:MOST_WORDS]
    if _on_sqlite(session):
        index = _index(noun)
        ids = select((index.c.rowid + 0).label("id"))  # else asked once for each row of another table
        return ids.where(_matching(index, _fts5(words, within))) if words else ids.where(false())
    ids = select(SearchDocument.noun_id.label("id")).where(SearchDocument.noun == noun)
    return ids.where(_holding(_tsquery(words, within)) if words else false())


def _fts5(words: list[str], within: int | None) -> str:
    ways = (" AND ".join(f'"{mark}{word}"*' for word in words) for mark in ("", END))
    either = " OR ".join(f"({way})" for way in ways)
    return either if within is None else f'"{WITHIN}{within}" AND ({either})'


def _tsquery(words: list[str], within: int | None) -> str:
    ways = (" & ".join(f"'{mark}{word}':*" for word in words) for mark in ("", END))
    either = " | ".join(f"({way})" for way in ways)
    return either if within is None else f"'{WITHIN}{within}' & ({either})"


def _index(noun: str) -> TableClause:
    """The table of FTS5 that holds one noun; its rows are numbered as the noun's."""
    name = f"search_index_{noun}"
    return table(name, column("rowid", Integer), column("rank", Float), column(name, Text))


def _matching(index: TableClause, phrase: str) -> ColumnElement[bool]:
    return index.c[index.name].op("MATCH", is_comparison=True)(phrase)


_VECTOR: ColumnElement[str] = literal_column(
    "search_documents.vector", TSVECTOR
)  # PostgreSQL's own, so not in the model


def _holding(query: str) -> ColumnElement[bool]:
    return _VECTOR.op("@@", is_comparison=True)(cast(query, TSQUERY))


def resembling(session: Session, noun: str, query: str, within: Select[int], most: int) -> list[int]:
    """Ids among `within` whose text has any of the longest words of `query`, the most telling matches first."""
    words = sorted(set(_words(query)), key=lambda word: (-len(word), word))[:MOST_WORDS]
    if not words:
        return []
    if _on_sqlite(session):
        index = _index(noun)
        phrase = " OR ".join(f'"{word}"' for word in words)
        ranked = select(index.c.rowid).where(_matching(index, phrase), index.c.rowid.in_(within)).order_by(index.c.rank)
    else:
        asked = " | ".join(f"'{word}'" for word in words)
        ranked = (
            select(SearchDocument.noun_id)
            .where(SearchDocument.noun == noun, SearchDocument.noun_id.in_(within), _holding(asked))
            .order_by(func.ts_rank(_VECTOR, cast(asked, TSQUERY)).desc(), SearchDocument.noun_id)
        )
    return list(session.scalars(ranked.limit(most)))
