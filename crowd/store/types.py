"""Column types and shapes shared by all models."""

import secrets
from datetime import UTC, datetime
from enum import Enum
from typing import Annotated, Any, TypeAlias

from sqlalchemy import DateTime, Dialect, ForeignKey, String, Text, TypeDecorator
from sqlalchemy import Enum as SqlEnum
from sqlalchemy.orm import mapped_column

ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"


class UtcDateTime(TypeDecorator[datetime]):
    """Aware times only, kept in UTC; SQLite's naive values come back aware."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            message = "a time without a zone"
            raise ValueError(message)
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def enum_type(kind: type[Enum]) -> SqlEnum:
    """An enum stored by value as text, checked by a named constraint."""
    return SqlEnum(kind, values_callable=lambda k: [member.value for member in k], native_enum=False, length=32)


def new_public_id() -> str:
    """Twelve characters of an unambiguous alphabet: about 58 bits, enough for an id that is not a secret."""
    return "".join(secrets.choice(ALPHABET) for _ in range(12))


_FAIR = 256 - 256 % len(ALPHABET)
_LETTERS = bytes(ord(ALPHABET[byte % len(ALPHABET)]) for byte in range(256))


def new_public_ids(count: int) -> list[str]:
    """Very many of the same at once."""
    letters = ""
    while len(letters) < 12 * count:
        letters += secrets.token_bytes(12 * count).translate(_LETTERS, bytes(range(_FAIR, 256))).decode()
    return [letters[start : start + 12] for start in range(0, 12 * count, 12)]


Json: TypeAlias = dict[str, Any] | list[Any]

Id = Annotated[int, mapped_column(primary_key=True)]
PublicId = Annotated[str, mapped_column(String(16), unique=True, default=new_public_id)]
Moment = Annotated[datetime, mapped_column(UtcDateTime)]
MaybeMoment = Annotated[datetime | None, mapped_column(UtcDateTime)]
Short = Annotated[str, mapped_column(String(300))]
Long = Annotated[str, mapped_column(Text)]


def owned_by(target: str, *, index: bool = True) -> Any:
    """A foreign key that goes with its owner."""
    return mapped_column(ForeignKey(target, ondelete="CASCADE"), index=index)


def kept_without(target: str, *, index: bool = True) -> Any:
    """A foreign key that becomes empty when its target goes."""
    return mapped_column(ForeignKey(target, ondelete="SET NULL"), index=index)
