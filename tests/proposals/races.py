"""Two requests at the same moment: threads that start together, each with a client of its own."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from tests.conftest import stepping_aside


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each act returned, in the order given; raises what an act raised."""
    start = threading.Barrier(len(acts))
    answers: list[Any] = [None] * len(acts)
    faults: list[BaseException] = []

    def run(place: int, act: Callable[[], Any]) -> None:
        start.wait(timeout=20)
        try:
            answers[place] = act()
        except BaseException as fault:  # noqa: BLE001 (shown by the test)
            faults.append(fault)

    with stepping_aside():
        threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
    if faults:
        raise faults[0]
    return answers


def codes(answers: Sequence[Any]) -> list[int]:
    return sorted(answer.status_code for answer in answers)
