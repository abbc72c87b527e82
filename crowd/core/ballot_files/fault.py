"""What reading a file can give: a profile with remarks, or one fault."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from crowd.core.tally.profile import MOST_WEIGHT, Profile


class FileFault(ValueError):
    """A file that cannot be read: the line (0: the file as a whole) and what is wrong, in one line of words."""

    def __init__(self, words: str, line: int = 0) -> None:
        said = " ".join(words.split())
        super().__init__(f"line {line}: {said}" if line else said)
        self.line = line


@dataclass(frozen=True)
class Reading:
    """`remarks`: what was mended or does not agree, a line of words each."""

    profile: Profile
    remarks: tuple[str, ...] = ()


def decoded(lines: Iterable[bytes]) -> Iterator[tuple[int, str]]:
    """Lines of UTF-8 text, numbered from 1, without their ends. A byte order mark is dropped."""
    for number, line in enumerate(lines, start=1):
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise FileFault("the file is not UTF-8 text", number) from error
        if "\0" in text:
            raise FileFault("the file is not text", number)
        yield number, text.rstrip("\r\n")


def whole(text: str, what: str, line: int, *, least: int = 0, most: int = MOST_WEIGHT) -> int:
    """A whole number within bounds."""
    if not (text.isascii() and text.isdigit() and len(text) <= 20 and least <= int(text) <= most):
        raise FileFault(f"{what} must be a whole number from {least} to {most}, not {text[:40]!r}", line)
    return int(text)
