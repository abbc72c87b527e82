"""Words of this area for every template."""

from datetime import date
from decimal import Decimal

from babel.numbers import format_decimal as exact_decimal
from flask import url_for
from flask_babel import format_date, format_decimal, get_locale

from crowd.core.credit import percent_text
from crowd.proposals.forms import screening_words
from crowd.proposals.models import TeamMember
from crowd.proposals.views.blueprint import bp
from crowd.web.text import in_digits


@bp.app_template_filter("screening_code")
def screening_code(code: str) -> str:
    return screening_words(code)


@bp.app_template_filter("percent")
def percent(points: int) -> str:
    """Hundredths of a percent as `33.33 %`."""
    return in_digits(f"{percent_text(points)} %")


@bp.app_template_filter("exact_number")
def exact_number(text: str) -> str:
    """An exact decimal in the reader's grouping, with every digit it has."""
    return str(exact_decimal(Decimal(text), locale=get_locale() or "en", decimal_quantization=False))


@bp.app_template_filter("plain_day")
def plain_day(text: str) -> str:
    """A day without a time, `12 May 2026` in the reader's language; what is no date as it is."""
    try:
        return str(format_date(date.fromisoformat(text), "d MMMM y", rebase=False))
    except ValueError:
        return text


@bp.app_template_filter("team_person")
def team_person(member: TeamMember) -> dict[str, str | None]:
    """A member as the components that list people want it; `account` must be loaded."""
    account = member.account
    public = account is not None and account.profile_public and account.blocked_at is None
    url = url_for("pages.person", public_id=account.public_id) if account and public else None
    return {"name": account.name if account else member.name, "url": url}


@bp.app_template_filter("file_size")
def file_size(size: int) -> str:
    """`340 kB`, `2.1 MB`, in the reader's grouping."""
    if size < 1_000_000:
        return f"{format_decimal(max(size // 1000, 1))} kB"
    return f"{format_decimal(round(size / 1_000_000, 1))} MB"
