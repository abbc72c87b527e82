"""Full-text search behind one module: FTS5 on SQLite, tsvector on PostgreSQL, accents folded before indexing on both."""

import re
import unicodedata
from collections.abc import Iterable

from sqlalchemy import (
    ColumnElement,
    Float,
    Integer,
    Select,
    and_,
    column,
    delete,
    false,
    func,
    insert,
    literal_column,
    or_,
    select,
    table,
    text,
)
from sqlalchemy.orm import Session

from crowd.store.models import SearchDocument

_WORD = re.compile(r"\w+", re.UNICODE)
MOST_WORDS = 12


def fold(words: str) -> str:
    """Lower case without accents: `Señalización` and `SEN\u0303ALIZACION` become `senalizacion`."""
    decomposed = unicodedata.normalize("NFKD", words.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def index_text(session: Session, noun: str, noun_id: int, title: str, words: str) -> None:
    """Put or replace the searchable text of one row, in the same transaction as the row."""
    document = session.scalar(
        select(SearchDocument).where(SearchDocument.noun == noun, SearchDocument.noun_id == noun_id)
    )
    if document is None:
        session.add(SearchDocument(noun=noun, noun_id=noun_id, title=fold(title), text=fold(words)))
    else:
        document.title, document.text = fold(title), fold(words)


def index_new(session: Session, noun: str, rows: Iterable[tuple[int, str, str]]) -> None:
    """Put the searchable texts of many rows that are new: id, title, words."""
    made = [
        {"noun": noun, "noun_id": noun_id, "title": fold(title), "text": fold(words)} for noun_id, title, words in rows
    ]
    if made:
        session.execute(insert(SearchDocument), made)


def forget_text(session: Session, noun: str, noun_id: int) -> None:
    session.execute(delete(SearchDocument).where(SearchDocument.noun == noun, SearchDocument.noun_id == noun_id))


def matches(session: Session, noun: str, noun_id: ColumnElement[int], query: str) -> ColumnElement[bool]:
    """True for rows whose text has words beginning with each word of `query`, or whose title has them anywhere inside.

    Signs such as `%`, `_` and quotes only part words; a query without any word finds nothing.
    """
    return or_(*ways_to_find(session, noun, noun_id, query))


def ways_to_find(session: Session, noun: str, noun_id: ColumnElement[int], query: str) -> list[ColumnElement[bool]]:
    """The conditions of `matches` one by one, each answered by reading all that it finds: for few rows out of many.

    Joined by "or" in one place, PostgreSQL would split every text of the table into its words.
    """
    words = _words(query)
    if not words:
        return [false()]
    found = select(SearchDocument.noun_id).where(SearchDocument.noun == noun)
    ways = (_in_full_text(session, words), _in_title(words))
    return [noun_id.in_(found.where(way)) for way in ways]


def matches_row(session: Session, noun: str, noun_id: ColumnElement[int], query: str) -> ColumnElement[bool]:
    """`matches`, asked of each row that is read: for pages of which many rows match."""
    words = _words(query)
    if not words:
        return false()
    of_row = (SearchDocument.noun == noun, SearchDocument.noun_id == noun_id)
    found = select(SearchDocument.id).where(*of_row, or_(_in_full_text(session, words), _in_title(words)))
    return found.scalar_subquery().is_not(None)


def _words(query: str) -> list[str]:
    return _WORD.findall(fold(query).replace("_", " "))[:MOST_WORDS]


def _in_title(words: list[str]) -> ColumnElement[bool]:
    return and_(*(SearchDocument.title.contains(word, autoescape=True) for word in words))


def _in_full_text(session: Session, words: list[str]) -> ColumnElement[bool]:
    if session.get_bind().dialect.name == "sqlite":
        phrase = " ".join(f'"{word}"*' for word in words)
        rows = (
            select(literal_column("rowid", Integer))
            .select_from(text("search_index"))
            .where(text("search_index MATCH :phrase").bindparams(phrase=phrase))
        )
        return SearchDocument.id.in_(rows)
    query = func.to_tsquery(literal_column("'simple'"), " & ".join(f"{word}:*" for word in words))
    return _vector().op("@@", is_comparison=True)(query)


def _vector() -> ColumnElement[str]:
    return func.to_tsvector(
        literal_column("'simple'"), SearchDocument.title.concat(literal_column("' '")).concat(SearchDocument.text)
    )


def resembling(session: Session, noun: str, query: str, within: Select[int], most: int) -> list[int]:
    """Ids among `within` whose text has any of the longest words of `query`, the most telling matches first."""
    distinct = set(_WORD.findall(fold(query).replace("_", " ")))
    words = sorted(distinct, key=lambda word: (-len(word), word))[:MOST_WORDS]
    if not words:
        return []
    ids = select(SearchDocument.noun_id).where(SearchDocument.noun == noun, SearchDocument.noun_id.in_(within))
    if session.get_bind().dialect.name == "sqlite":
        index = table("search_index", column("rowid", Integer), column("rank", Float))
        phrase = " OR ".join(f'"{word}"' for word in words)
        ranked = (
            ids.join(index, SearchDocument.id == index.c.rowid)
            .where(text("search_index MATCH :phrase").bindparams(phrase=phrase))
            .order_by(index.c.rank)
        )
    else:
        asked = func.to_tsquery(literal_column("'simple'"), " | ".join(words))
        ranked = ids.where(_vector().op("@@", is_comparison=True)(asked)).order_by(
            func.ts_rank(_vector(), asked).desc(), SearchDocument.noun_id
        )
    return list(session.scalars(ranked.limit(most)))
