"""An order of one's own for every reader."""

from hypothesis import given
from hypothesis import strategies as st

from crowd.core.shuffle import KEY_BITS, Shuffle, seed_for, shuffled

KEYS = st.lists(st.integers(0, 2**KEY_BITS - 1), max_size=50, unique=True)


@given(st.text(), st.text(), KEYS)
def test_a_reader_sees_each_thing_once_and_always_in_the_same_order(reader: str, thing: str, keys: list[int]) -> None:
    once = shuffled(keys, Shuffle.of(seed_for(reader, thing)), lambda key: key)
    again = shuffled(reversed(keys), Shuffle.of(seed_for(reader, thing)), lambda key: key)
    assert sorted(once) == sorted(keys)
    assert once == again


@given(KEYS, st.text())
def test_the_order_walks_the_keys_from_the_start_and_wraps_round(keys: list[int], reader: str) -> None:
    shuffle = Shuffle.of(reader)
    walk = sorted(keys, reverse=shuffle.descending)
    from_start = [key for key in walk if (key <= shuffle.start if shuffle.descending else key >= shuffle.start)]
    assert shuffled(keys, shuffle, lambda key: key) == [*from_start, *(key for key in walk if key not in from_start)]


def test_readers_differ_and_every_thing_comes_first_for_somebody() -> None:
    keys = [step * 2**KEY_BITS // 12 for step in range(12)]
    firsts = {shuffled(keys, Shuffle.of(seed_for(f"reader {n}", "call")), lambda key: key)[0] for n in range(400)}
    assert firsts == set(keys)
