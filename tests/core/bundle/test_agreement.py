"""What is counted for the page and what the script counts agree, by every method, on rounds made at random."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crowd.core.verifier import RULES
from tests.core.bundle.checking import verify
from tests.core.bundle.elections import rounds
from tests.core.bundle.making import bundle_of

few = pytest.param(10, id="few")
many = pytest.param(1500, id="many", marks=[pytest.mark.soak, pytest.mark.timeout(1800)])


@pytest.mark.parametrize("method", RULES)
@pytest.mark.parametrize("examples", [few, many])
def test_the_script_counts_the_same(method: str, examples: int) -> None:
    @settings(max_examples=examples, deadline=None)
    @given(st.data())
    def holds(data: st.DataObject) -> None:
        bundle, _ = bundle_of(data.draw(rounds(method)).contents)
        code, words = verify(bundle, method)
        assert (code, [line for line in words.splitlines() if line.startswith("WRONG")]) == (0, [])

    holds()


@pytest.mark.parametrize("method", RULES)
@pytest.mark.parametrize("examples", [few, many])
def test_without_a_ledger_it_counts_the_same_and_settles_ties_by_the_order_of_the_list(
    method: str, examples: int
) -> None:
    @settings(max_examples=examples, deadline=None)
    @given(st.data())
    def holds(data: st.DataObject) -> None:
        bundle, _ = bundle_of(data.draw(rounds(method, ledger=False)).contents)
        code, words = verify(bundle, method, ledger=False)
        assert (code, [line for line in words.splitlines() if line.startswith("WRONG")]) == (0, [])

    holds()
