from typing import Any

from crowd.core.verifier.ed25519 import is_signed
from crowd.core.verifier.frame import Bundle, said, sha256

CANNOT = """What this script cannot know:
- whether the key and this script are the genuine ones: compare the numbers above with the page of the round, and with what others were shown;
- who the voters were, and whether each had the right to vote: it sees only how many are said to have voted;
- whether a ballot was never entered: that a voter finds out, by looking for the own ballot in ballots.jsonl and the receipt in leaves.jsonl;
- what the administrators of the server could see while people voted, and whether anybody was pressed or paid to vote."""


def kept(b: Bundle, rules: Any) -> Any:
    """Of each ballot which numbers its leaves have (a bit for each), the highest, and what that one says; and the seed."""
    heads, key, tree = b.json("heads.json"), bytes.fromhex(b.json("signature.json")["key"]), []
    ballots, roots, size = dict[str, Any](), dict.fromkeys([head["size"] for head in heads], sha256(b"")), 0
    for size, (data, leaf) in enumerate(b.lines("leaves.jsonl"), start=1):
        tree.append((1, sha256(b"\x00" + data)))  # RFC 9162: sizes and roots of the complete parts so far
        while len(tree) > 1 and tree[-1][0] == tree[-2][0]:
            (half, left), (_, right) = tree[-2:]
            tree[-2:] = [(2 * half, sha256(b"\x01" + left + right))]
        if size in roots:
            roots[size] = tree[-1][1]
            for _, left in tree[-2::-1]:
                roots[size] = sha256(b"\x01" + left + roots[size])
        if leaf["act"] == "beat":
            continue
        number, (turns, highest, content) = leaf["n"], ballots.get(leaf["ballot"], (0, 0, b""))
        b.need(type(number) is int and 0 < number < 10**6 and not turns >> (number - 1) & 1, "its `n` is wrong")
        if number > highest:
            highest, content = number, said(leaf) if leaf["act"] != "withdraw" else b""
        ballots[leaf["ballot"]] = turns | 1 << (number - 1), highest, content
    b.need(not any(turns & (turns + 1) for turns, _, _ in ballots.values()), "lacks a change of a ballot")
    b.at = "heads.json"
    b.need(heads and heads[-1]["size"] == size, f"its last head is not that of all {size} leaves")
    for head in heads:
        b.need(head["root"] == roots[head["size"]].hex(), f"the first {head['size']} leaves have another root")
        note = f"apertura-head-1\n{rules['origin']}\n{head['size']}\n{head['root']}\n{head['at']}\n"
        b.need(is_signed(key, note.encode(), bytes.fromhex(head["signature"])), f"head {head['size']} is not signed so")
    yield "right: the leaves grow into a hash tree with just the roots of the heads, and each head is signed by that key"
    root, secret = roots[size], bytes.fromhex((tie := b.json("tie.json"))["secret"])
    b.need(sha256(secret).hex() == tie["commitment"] == rules["tie_commitment"], "holds another secret than promised")
    b.need(tie["root"] == root.hex() and tie["seed"] == sha256(secret + root).hex(), "its root or its seed is wrong")
    yield "right: what settles ties was fixed before the first ballot (commitment), unknown before the last (root)"
    return ballots, bytes.fromhex(tie["seed"]), "just those that the leaves leave standing, and "
