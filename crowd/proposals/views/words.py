"""Words of this area for every template."""

from crowd.core.credit import percent_text
from crowd.proposals.forms import screening_words
from crowd.proposals.views.blueprint import bp


@bp.app_template_filter("screening_code")
def screening_code(code: str) -> str:
    return screening_words(code)


@bp.app_template_filter("percent")
def percent(points: int) -> str:
    """Hundredths of a percent as `33.33 %`."""
    return f"{percent_text(points)} %"
