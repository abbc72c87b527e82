"""The hash tree: the roots of the reference implementation of certificate transparency, and proofs of any leaf in any tree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowd.core.ledger import (
    EMPTY,
    Frontier,
    consistency_proof,
    consistency_ranges,
    includes,
    inclusion_proof,
    inclusion_ranges,
    is_consistent,
    leaf_hash,
    node_hash,
    root_of,
)

DATA = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [leaf_hash(b"%d" % number) for number in range(2100)]
sizes = st.integers(1, 130) | st.sampled_from([1023, 1024, 1025, 2047, 2048, 2100])


@pytest.mark.parametrize("size", range(1, 9))
def test_the_reference_trees_have_their_roots(size: int) -> None:
    assert root_of(leaf_hash(bytes.fromhex(data)) for data in DATA[:size]).hex() == ROOTS[size - 1]


def test_a_tree_without_leaves_has_the_hash_of_nothing() -> None:
    assert Frontier().root == EMPTY
    assert EMPTY.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_the_proofs_of_the_rfc_for_seven_leaves() -> None:
    """RFC 9162, 2.1.5: the tree of d0 … d6."""
    assert inclusion_ranges(0, 7) == [(1, 2), (2, 4), (4, 7)]
    assert inclusion_ranges(3, 7) == [(2, 3), (0, 2), (4, 7)]
    assert inclusion_ranges(4, 7) == [(5, 6), (6, 7), (0, 4)]
    assert inclusion_ranges(6, 7) == [(4, 6), (0, 4)]
    assert consistency_ranges(3, 7) == [(2, 3), (3, 4), (0, 2), (4, 7)]
    assert consistency_ranges(4, 7) == [(4, 7)]
    assert consistency_ranges(6, 7) == [(4, 6), (6, 7), (0, 4)]


@given(sizes, st.data())
def test_a_tree_can_be_put_away_and_go_on(size: int, data: st.DataObject) -> None:
    tree = Frontier()
    tree.extend(LEAVES[: data.draw(st.integers(0, size))])
    kept = Frontier.kept(tree.size, tree.texts)
    kept.extend(LEAVES[kept.size : size])
    one_by_one = Frontier()
    for leaf in LEAVES[:size]:
        one_by_one.append(leaf)
    assert kept == one_by_one
    assert len(kept.parts) == size.bit_count()


def test_a_frontier_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="2 complete parts"):
        Frontier(3, [EMPTY])


@given(sizes, st.data())
def test_every_leaf_is_proved_to_be_in_and_nothing_else(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof, root = inclusion_proof(LEAVES, index, size), root_of(LEAVES[:size])
    assert includes(root, size, LEAVES[index], index, proof)
    assert not includes(root, size, leaf_hash(b"another"), index, proof)
    assert not includes(
        root, size, LEAVES[index], data.draw(st.integers(-1, 2 * size).filter(lambda at: at != index)), proof
    )
    assert not includes(EMPTY, size, LEAVES[index], index, proof)
    assert not includes(root, size, LEAVES[index], index, [*proof, EMPTY])
    if proof:
        broken = data.draw(st.integers(0, len(proof) - 1))
        assert not includes(root, size, LEAVES[index], index, [*proof[:broken], EMPTY, *proof[broken + 1 :]])
        assert not includes(root, size, LEAVES[index], index, proof[:-1])


@given(sizes, st.data())
def test_a_larger_tree_is_proved_to_begin_with_a_smaller_one(size: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(0, size))
    proof, root, before = consistency_proof(LEAVES, old, size), root_of(LEAVES[:size]), root_of(LEAVES[:old])
    assert is_consistent(before, old, root, size, proof)
    assert not is_consistent(leaf_hash(b"another"), old, root, size, proof)
    assert old == 0 or not is_consistent(before, old, leaf_hash(b"another"), size, proof)
    assert not is_consistent(before, old, root, size, [*proof, EMPTY])
    if proof:
        broken = data.draw(st.integers(0, len(proof) - 1))
        assert not is_consistent(before, old, root, size, [*proof[:broken], EMPTY, *proof[broken + 1 :]])
        assert not is_consistent(before, old, root, size, proof[:-1])


def test_a_rewritten_history_has_no_proof() -> None:
    rewritten = [leaf_hash(b"rewritten"), *LEAVES[1:50]]
    proof = consistency_proof(rewritten, 20, 50)
    assert not is_consistent(root_of(LEAVES[:20]), 20, root_of(rewritten), 50, proof)


def test_a_leaf_cannot_pass_for_a_node() -> None:
    assert leaf_hash(LEAVES[0] + LEAVES[1]) != node_hash(LEAVES[0], LEAVES[1])


def test_proofs_of_what_is_not_there_are_refused() -> None:
    with pytest.raises(ValueError, match="5 leaves has no leaf 5"):
        inclusion_proof(LEAVES, 5, 5)
    with pytest.raises(ValueError, match="a tree of 5 leaves cannot begin with one of 6"):
        consistency_proof(LEAVES, 6, 5)
    with pytest.raises(ValueError, match="there are 2100 leaves"):
        inclusion_proof(LEAVES, 0, 2101)
