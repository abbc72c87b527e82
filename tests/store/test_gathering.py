"""Writes of several threads in one commit: each is answered, once, and a failure is nobody else's."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, Thread
from time import sleep

from crowd.store.gathering import MOST, Gathering


def test_everybody_is_answered_once_with_their_own_answer() -> None:
    batches: list[list[int]] = []

    def write(take: Callable[[], Sequence[int]]) -> list[int]:
        batches.append(list(take()))
        sleep(0.001)
        return [item * 2 for item in batches[-1]]

    gathering, gate = Gathering(write), Barrier(16)

    def one(thread: int) -> list[tuple[int, int | None]]:
        gate.wait(30)
        return [(item, gathering("round", item)) for item in range(thread * 100, thread * 100 + 20)]

    with ThreadPoolExecutor(16) as pool:
        answered = [pair for pairs in pool.map(one, range(16)) for pair in pairs]
    assert all(answer == item * 2 for item, answer in answered)
    assert sorted(item for batch in batches for item in batch) == sorted(item for item, _answer in answered)
    assert len(batches) < len(answered)


def test_those_who_come_while_one_is_writing_are_written_by_the_next_together() -> None:
    begun, go, batches = Event(), Event(), list[list[str]]()

    def write(take: Callable[[], Sequence[str]]) -> list[str]:
        batches.append(list(take()))
        begun.set()
        go.wait(30)
        return batches[-1]

    gathering = Gathering(write)
    threads = [Thread(target=gathering, args=("round", name)) for name in "abcd"]
    threads[0].start()
    begun.wait(30)
    for thread in threads[1:]:
        thread.start()
    while sum(len(line) for line in gathering._lines.values()) < len(threads) - 1:
        sleep(0.001)
    go.set()
    for thread in threads:
        thread.join(30)
    assert [sorted(batch) for batch in batches] == [["a"], ["b", "c", "d"]]


def test_lines_of_different_keys_do_not_wait_for_each_other() -> None:
    go = Event()

    def write(take: Callable[[], Sequence[str]]) -> Sequence[str]:
        items = take()
        return items if "fast" in items or go.wait(30) else []

    gathering = Gathering(write)
    slow = Thread(target=gathering, args=("one", "slow"))
    slow.start()
    assert gathering("other", "fast") == "fast"
    go.set()
    slow.join(30)


def test_a_failure_answers_none_and_the_next_ones_are_written() -> None:
    def write(take: Callable[[], Sequence[int]]) -> Sequence[int]:
        if 13 in (items := take()):
            raise ValueError
        return items

    gathering = Gathering(write)
    assert [gathering("round", item) for item in (1, 13, 2)] == [1, None, 2]


def test_one_who_fails_before_taking_leaves_nobody_waiting() -> None:
    def write(_take: Callable[[], Sequence[int]]) -> Sequence[int]:
        raise OSError

    gathering, gate = Gathering(write), Barrier(MOST)

    def one(item: int) -> int | None:
        gate.wait(30)
        return gathering("round", item)

    with ThreadPoolExecutor(MOST) as pool:
        assert set(pool.map(one, range(MOST))) == {None}
