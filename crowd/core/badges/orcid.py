"""ORCID iD: sixteen digits, the last a checksum by ISO 7064 mod 11-2."""

import re

_SHAPE = re.compile(r"(?:https?://(?:www\.)?orcid\.org/)?(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dXx])/?", re.ASCII)


def read_orcid(text: str) -> str:
    """The iD in its usual spelling, `0000-0002-1825-0097`, also from its address. ValueError for anything else."""
    match = _SHAPE.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    digits = "".join(match.groups()).upper()
    if digits[-1] != checksum(digits[:-1]):
        raise ValueError(text)
    return "-".join(digits[start : start + 4] for start in range(0, 16, 4))


def checksum(digits: str) -> str:
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    rest = (12 - total % 11) % 11
    return "X" if rest == 10 else str(rest)


def orcid_url(orcid: str) -> str:
    return f"https://orcid.org/{orcid}"
