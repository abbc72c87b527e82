"""Who did what, and whose share it is: CRediT roles and shares in basis points (hundredths of a percent)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

P = TypeVar("P")
WHOLE = 10_000
_PERCENT = re.compile(r"(\d{1,3})(?:[.,](\d{1,2}))?", re.ASCII)


class CreditRole(StrEnum):
    """The 14 roles of CRediT, ANSI/NISO Z39.104-2022; the values are the slugs of credit.niso.org. Stored; never rename."""

    CONCEPTUALIZATION = "conceptualization"
    DATA_CURATION = "data-curation"
    FORMAL_ANALYSIS = "formal-analysis"
    FUNDING_ACQUISITION = "funding-acquisition"
    INVESTIGATION = "investigation"
    METHODOLOGY = "methodology"
    PROJECT_ADMINISTRATION = "project-administration"
    RESOURCES = "resources"
    SOFTWARE = "software"
    SUPERVISION = "supervision"
    VALIDATION = "validation"
    VISUALIZATION = "visualization"
    WRITING_ORIGINAL_DRAFT = "writing-original-draft"
    WRITING_REVIEW_EDITING = "writing-review-editing"

    @property
    def url(self) -> str:
        return f"https://credit.niso.org/contributor-roles/{self.value}/"


class OwnRole(StrEnum):
    """What the platform credits beside them: what somebody outside of the team gave. Stored; never rename."""

    IDEA = "idea"
    FEEDBACK = "feedback"  # it changed the text


@dataclass(frozen=True)
class ShareFault:
    """What is wrong with a team's shares: `no_people`, `negative`, `not_whole` (value: the sum in basis points)."""

    code: str
    person: str | None = None
    value: int | None = None


def equal_shares(people: Sequence[P], lead: P | None = None) -> dict[P, int]:
    """The default: equal shares that sum to 10000, what does not divide going one point each to the lead, then in order.

    ValueError for nobody, or somebody twice, or a lead who is not among them.
    """
    if not people or len(set(people)) != len(people) or (lead is not None and lead not in people):
        message = "shares need at least one person, each once, the lead among them"
        raise ValueError(message)
    base, rest = divmod(WHOLE, len(people))
    ordered = sorted(people, key=lambda person: person != lead)
    points = {person: base + (place < rest) for place, person in enumerate(ordered)}
    return {person: points[person] for person in people}


def accepted_shares(shares: Mapping[str, int], lead: str | None = None) -> dict[str, int]:
    """What those who accepted receive when others did not answer: their agreed shares grown in proportion to a whole.

    What does not divide goes one point each to the largest remainders, equal ones to the lead first, then in order. Agreed
    shares that are all 0 become equal. ValueError for nobody.
    """
    total = sum(shares.values())
    if total == 0:
        return equal_shares(list(shares), lead if lead in shares else None)
    exact = {person: divmod(share * WHOLE, total) for person, share in shares.items()}
    rest = WHOLE - sum(whole for whole, _ in exact.values())
    order = sorted(shares, key=lambda person: (-exact[person][1], person != lead))
    favoured = set(order[:rest])
    return {person: whole + (person in favoured) for person, (whole, _) in exact.items()}


def share_faults(shares: Mapping[str, int]) -> tuple[ShareFault, ...]:
    """All that is wrong with shares in basis points. A share of 0 is allowed: named, with nothing to receive."""
    if not shares:
        return (ShareFault("no_people"),)
    found = [ShareFault("negative", person, share) for person, share in shares.items() if share < 0]
    if (total := sum(shares.values())) != WHOLE:
        found.append(ShareFault("not_whole", value=total))
    return tuple(found)


def read_percent(text: str) -> int:
    """Basis points from a percentage with up to two decimals, by point or comma: "33.33" → 3333. ValueError otherwise."""
    match = _PERCENT.fullmatch(text.strip().removesuffix("%").rstrip())
    if not match:
        message = f"not a percentage: {text!r}"
        raise ValueError(message)
    return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))


def percent_text(points: int) -> str:
    """Basis points as a percentage without needless decimals: 5000 → "50", 3333 → "33.33"."""
    whole, rest = divmod(abs(points), 100)
    sign = "-" if points < 0 else ""
    return f"{sign}{whole}.{rest:02d}".rstrip("0").rstrip(".") if rest else f"{sign}{whole}"
