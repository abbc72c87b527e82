"""Faults with values. Their sentences, in both languages, live in `crowd.web.errors`."""

from datetime import datetime


class DomainError(Exception):
    """Something the rules refuse. `code` names the sentence, `values` fill it, `status` is the HTTP answer."""

    status = 409

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


class NotAllowed(DomainError):
    """The actor may not do this now. `code` is the name of the predicate that refused."""

    status = 403

    def __init__(self, code: str, opens_at: datetime | None = None) -> None:
        super().__init__(code, opens_at=opens_at)
        self.opens_at = opens_at


class StaleVersion(DomainError):
    """The form was opened on an older version of the row: somebody else saved in between."""

    def __init__(self, opened: int, current: int) -> None:
        super().__init__("stale_version", opened=opened, current=current)


class IllegalMove(DomainError):
    """The move does not start from where the noun stands now (double submit, two editors)."""

    def __init__(self, move: str, status: str) -> None:
        super().__init__("illegal_move", move=move, status=status)


class Gone(DomainError):
    """The row was deleted by somebody else while this one looked at it."""

    status = 404

    def __init__(self) -> None:
        super().__init__("gone")


class InvalidInput(DomainError):
    """A value that the form could not know to be wrong; shown beside `field` when there is one."""

    status = 422

    def __init__(self, code: str, field: str | None = None, **values: object) -> None:
        super().__init__(code, **values)
        self.field = field


class TooManyAttempts(DomainError):
    """A rate limit. `code` names the sentence."""

    status = 429

    def __init__(self, code: str = "too_many_attempts", **values: object) -> None:
        super().__init__(code, **values)
