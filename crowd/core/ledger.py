"""The hash tree of RFC 9162, section 2.1: it grows only at its end, and anybody can check that.

A leaf is any bytes. `Frontier` is all that growing takes: the roots of the complete parts so far, at most one of each height, so
a job can put it away and go on later. Proofs are made from the hashes of the leaves, and checked without them.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Self

Range = tuple[int, int]
"""The leaves from the first number up to, not with, the second."""

EMPTY = hashlib.sha256().digest()
HEIGHT = 10
BLOCK = 1 << HEIGHT


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass
class Frontier:
    """`parts`: the roots of the complete subtrees, the largest first; the bits of `size` say how large each is."""

    size: int = 0
    parts: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.size.bit_count() != len(self.parts):
            raise ValueError(f"a tree of {self.size} leaves has {self.size.bit_count()} complete parts")

    @classmethod
    def kept(cls, size: int, parts: Iterable[str]) -> Self:
        """The inverse of `size` and `texts`."""
        return cls(size, [bytes.fromhex(part) for part in parts])

    @property
    def texts(self) -> list[str]:
        return [part.hex() for part in self.parts]

    @property
    def root(self) -> bytes:
        if not self.parts:
            return EMPTY
        *larger, found = self.parts
        for part in reversed(larger):
            found = node_hash(part, found)
        return found

    def append(self, leaf: bytes) -> None:
        """Add the hash of a leaf."""
        self._add(leaf, 0)

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add many: a level at a time where a whole block of them fits, which is twice as fast."""
        rest = iter(leaves)
        while block := list(islice(rest, BLOCK - self.size % BLOCK)):
            if len(block) == BLOCK:
                self._add(_root_of_block(block), HEIGHT)
            else:
                for leaf in block:
                    self._add(leaf, 0)

    def append_block(self, root: bytes) -> None:
        """Add the root over `BLOCK` leaves, where whole blocks are all that stands so far."""
        if self.size % BLOCK:
            raise ValueError("a block begins where a block ends")
        self._add(root, HEIGHT)

    def _add(self, node: bytes, height: int) -> None:
        size = self.size >> height
        while size & 1:
            node = node_hash(self.parts.pop(), node)
            size >>= 1
        self.parts.append(node)
        self.size += 1 << height


def _root_of_block(nodes: list[bytes]) -> bytes:
    while len(nodes) > 1:
        pairs = iter(nodes)
        nodes = [hashlib.sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=True)]
    return nodes[0]


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root of a tree, from the hashes of its leaves."""
    tree = Frontier()
    tree.extend(leaves)
    return tree.root


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """The parts of the tree whose roots prove that a leaf is in it, from the leaf upwards: for who keeps roots of parts."""
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    return list(_around(index, 0, size))[::-1]


def inclusion_proof(leaves: Sequence[bytes], index: int, size: int) -> list[bytes]:
    """RFC 9162, 2.1.3.1, for the tree of the first `size` leaves."""
    return [root_of(leaves[first:end]) for first, end in inclusion_ranges(index, _within(leaves, size))]


def consistency_ranges(old: int, new: int) -> list[Range]:
    """The parts of the tree whose roots prove that the tree of `new` leaves begins with the tree of `old` ones."""
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} leaves cannot begin with one of {old}")
    return list(_beside(old, 0, new, whole=True))[::-1] if 0 < old < new else []


def consistency_proof(leaves: Sequence[bytes], old: int, new: int) -> list[bytes]:
    """RFC 9162, 2.1.4.1; empty where nothing need be proven (equal trees, or nothing before)."""
    return [root_of(leaves[first:end]) for first, end in consistency_ranges(old, _within(leaves, new))]


def includes(root: bytes, size: int, leaf: bytes, index: int, proof: Sequence[bytes]) -> bool:
    """RFC 9162, 2.1.3.2: whether the proof leads from the leaf's hash to the root."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for part in proof:
        if not last:
            return False
        if place & 1 or place == last:
            found = node_hash(part, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, part)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def is_consistent(old_root: bytes, old: int, new_root: bytes, new: int, proof: Sequence[bytes]) -> bool:
    """RFC 9162, 2.1.4.2: whether the larger tree begins with the smaller one."""
    if old == new:
        return not proof and old_root == new_root
    if not 0 < old < new:
        return old == 0 < new and not proof and old_root == EMPTY
    path = [old_root, *proof] if old.bit_count() == 1 else list(proof)
    if not path:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = path[0]
    for part in path[1:]:
        if not last:
            return False
        if place & 1 or place == last:
            before, after = node_hash(part, before), node_hash(part, after)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            after = node_hash(after, part)
        place, last = place >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root


def _within(leaves: Sequence[bytes], size: int) -> int:
    if size > len(leaves):
        raise ValueError(f"there are {len(leaves)} leaves, not {size}")
    return size


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def _around(index: int, first: int, end: int) -> Iterator[Range]:
    """From the top down: at each fork the side on which the leaf is not."""
    while end - first > 1:
        middle = first + _split(end - first)
        if index < middle:
            yield middle, end
            end = middle
        else:
            yield first, middle
            first = middle


def _beside(old: int, first: int, end: int, *, whole: bool) -> Iterator[Range]:
    """SUBPROOF of the RFC, from the top down. `whole`: the old tree is all of what is left of it, its root being known."""
    while old != end:
        middle = first + _split(end - first)
        if old <= middle:
            yield middle, end
            end = middle
        else:
            yield first, middle
            first, whole = middle, False
    if not whole:
        yield first, end
