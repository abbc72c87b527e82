"""What hypothesis draws: the same few examples in each run of the suite, so that it never goes red by chance; in `make soak`
many more, and new ones each time."""

from typing import Any

import hypothesis
from hypothesis import HealthCheck, settings

SUITE, SOAK = "suite", "soak"
FEW, TIMES = 40, 50

# No deadline: a busy machine is no fault.
_COMMON: dict[str, Any] = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}


def register() -> None:
    settings.register_profile(SUITE, max_examples=FEW, derandomize=True, **_COMMON)
    settings.register_profile(SOAK, max_examples=FEW * TIMES, derandomize=False, print_blob=True, **_COMMON)
    settings.load_profile(SUITE)  # `--hypothesis-profile soak` loads the other one before a test is read


def soaking() -> bool:
    return settings.get_current_profile_name().startswith(SOAK)


def draws(count: int) -> hypothesis.settings:
    """So many examples in the suite, fifty times as many in the soak."""
    return settings(max_examples=count * TIMES if soaking() else count)
