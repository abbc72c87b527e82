"""What arrives, made fit for both databases: no zero character in text (PostgreSQL keeps none), no number beyond 32 bits in an address."""

from typing import Any

from flask import Flask, Request, abort, request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.routing import IntegerConverter, ValidationError
from werkzeug.utils import cached_property

ZERO = "\0"
MOST_DIGITS = 9
PIECE = 64 * 1024
MOST_SWALLOWED = 256 * 1024 * 1024
Values = MultiDict[str, str]


class CleanRequest(Request):
    """Fields and the address's query without zero characters, which nobody types and no browser means."""

    @cached_property
    def args(self) -> Values:
        return _without_zeros(super().args)

    def _load_form_data(self) -> None:
        loaded = "form" in self.__dict__
        super()._load_form_data()
        if not loaded:
            self.__dict__["form"] = _without_zeros(self.__dict__["form"])


def _without_zeros(values: Values) -> Values:
    if not any(ZERO in name or ZERO in value for name, value in values.items(multi=True)):
        return values
    return ImmutableMultiDict(
        (name.replace(ZERO, ""), value.replace(ZERO, "")) for name, value in values.items(multi=True)
    )


class Whole(IntegerConverter):
    """`<int:…>` in a route: what a column of numbers can hold."""

    def to_python(self, value: str) -> int:
        if len(value) > MOST_DIGITS:
            raise ValidationError
        return int(super().to_python(value))


def swallow(stream: Any, announced: int) -> None:
    """Read a body to its announced end, at most MOST_SWALLOWED bytes, and keep nothing of it."""
    left = min(announced, MOST_SWALLOWED)
    while left > 0:
        piece = stream.read(min(left, PIECE))
        if not piece:
            break
        left -= len(piece)


def configure(app: Flask) -> None:
    app.request_class = CleanRequest
    app.url_map.converters["int"] = Whole
    app.before_request(_refuse_zeros)


def _refuse_zeros() -> None:
    """Nothing has such an address."""
    if ZERO in request.path:
        abort(404)
