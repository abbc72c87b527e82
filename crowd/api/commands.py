"""What an import is told beside the file."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ElectionWords:
    """What the call says of itself, in its `language`; titles stay as in the file, whose name is `source`."""

    source: str
    language: str
    lead: str
    body: str
    eligibility: str
    handed_in: str
    credit: str
    licence: str
    decides: str
    vote: str
