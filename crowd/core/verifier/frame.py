import hashlib
import json
import zipfile
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple

from crowd.core.verifier.ed25519 import is_signed

FILES = (
    "rules.json candidates.json ballots.jsonl exclusions.json leaves.jsonl heads.json tie.json result.json verify.py"
)
CANNOT = """What this script cannot know:
- whether the key and this script are the genuine ones: compare the numbers above with the page of the round, and with what others were shown;
- who the voters were, and whether each had the right to vote: it only sees how many are said to have voted;
- whether a ballot was never entered: that a voter finds out, by looking for the own ballot's id in ballots.jsonl and the receipt in leaves.jsonl;
- what the administrators of the server could see while people voted, and whether anybody was pressed or paid to vote;
- whether the explanations in result.json (`rounds`, `ties`) are right: they are signed, but only what follows from them is counted again here."""


class Wrong(Exception):
    """Something is not as it must be; the message says where and what."""


class Rule(NamedTuple):
    """What is special to a method: its ballots (key, form, how one is read, whom it names) and its count."""

    kind: str
    form: type
    read: Any
    named: Any
    count: Any


class Bundle:
    """The files of the zip. `at` is what is being read, so that a fault can be named."""

    def __init__(self, path: str, rule: Rule) -> None:
        self.zip, self.at, self.rule, self.root = zipfile.ZipFile(path), path, rule, b""
        self.ballots: dict[str, tuple[int, int, bytes]] = {}  # by the leaves
        self.entries: list[tuple[bool, str | None, Any]] = []  # those standing: excluded? group, choices
        self.excluded: set[str] = set()
        self.election: Any = None

    def need(self, condition: object, words: str) -> None:
        if not condition:
            raise Wrong(f"{self.at}: {words}")

    def raw(self, name: str) -> bytes:
        self.at = name
        return self.zip.read(name)

    def json(self, name: str) -> Any:
        return json.loads(self.raw(name))

    def lines(self, name: str) -> Iterator[tuple[bytes, Any]]:
        """Each line as bytes and as an object; there is but one way to write it."""
        with self.zip.open(name) as file:
            for number, line in enumerate(file, start=1):
                self.at = f"{name}, line {number}"
                entry = json.loads(line)
                self.need(isinstance(entry, dict) and line == canonical(entry) + b"\n", "is not written as it must be")
                yield line[:-1], entry
        self.at = name


class Election:
    """What is counted. `ballots`: of each its weight and its choices; `scale`: what stands for 1 in sums of weights."""

    def __init__(self, rules: Any, candidates: Any, seed: bytes) -> None:
        self.method, self.terms, self.seed = rules["method"], rules["terms"], seed
        self.listed = {entry["id"]: entry["id"] for entry in candidates}
        self.ids = [entry["id"] for entry in candidates if not entry["struck"]]
        self.running = set(self.ids)
        self.costs = {entry["id"]: Fraction(entry["cost"] or 0) for entry in candidates}
        self.ballots: list[tuple[int, Any]] = []
        self.published: Any = {}
        self.scale, self.invalid = 1, 0

    def take(self, entries: list[tuple[str | None, Any]]) -> None:
        """Count these, given as group and choices. All of a group weigh as much together as the rules say."""
        valid = [entry for entry in entries if entry[1] is not None]
        many, percent = Counter(group for group, _ in valid), self.terms["member_percent"]
        members, public = max(1, many["members"]), max(1, many["public"])
        self.scale, self.invalid = members * public if percent else 1, len(entries) - len(valid)
        weights = {None: 1, "members": (percent or 0) * public, "public": (100 - (percent or 0)) * members}
        self.ballots = [(weights[group], choices) for group, choices in valid]

    def by_lot(self, tied: Any) -> list[str]:
        return sorted(tied, key=lambda name: sha256(self.seed + name.encode()))

    def tiers(self, value: Any, names: Any = None) -> list[list[str]]:
        """Candidates by value, highest first, those of the same value together."""
        groups: dict[Any, list[str]] = {}
        for name in self.ids if names is None else names:
            groups.setdefault(value(name), []).append(name)
        return [groups[key] for key in sorted(groups, reverse=True)]

    def first(self, tiers: Any) -> list[str]:
        """Who gets the seats; among those tied for the last ones the lot decides."""
        winners: list[str] = []
        for tied in tiers if self.ballots else []:
            winners += self.by_lot(tied)[: (self.terms["seats"] or 1) - len(winners)]
        return winners

    def scaled(self, sums: Any) -> dict[str, str]:
        return {name: str(Fraction(number) / self.scale) for name, number in sums.items()}

    def found(self, ranking: Any, scores: Any, winners: Any = None, **more: Any) -> dict[str, Any]:
        usual = {"ballots": len(self.ballots), "invalid": self.invalid, "exhausted": 0}
        winners = self.first(ranking) if winners is None else winners
        return {"winners": winners, "ranking": ranking, "scores": scores, **usual, **more}


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def canonical(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def said(entry: Any) -> bytes:
    """What a ballot, or a leaf about it, says of the choices."""
    return canonical({key: value for key, value in entry.items() if key not in {"act", "n", "nonce", "voter"}})


def root_of(tree: list[tuple[int, bytes]]) -> bytes:
    node = tree[-1][1] if tree else sha256(b"")
    for _, left in reversed(tree[:-1]):
        node = sha256(b"\x01" + left + node)
    return node


def check_files(b: Bundle) -> None:
    """The zip holds the files that manifest.json names, and each is as it was when the manifest was written."""
    b.at = "the zip"
    b.need(
        sorted(b.zip.namelist()) == sorted([*FILES.split(), "manifest.json", "signature.json"]),
        "other files than there should be",
    )
    named = b.json("manifest.json")["files"]
    b.need(sorted(named) == sorted(FILES.split()), "names other files than there should be")
    for b.at in FILES.split():
        digest = hashlib.sha256()
        with b.zip.open(b.at) as file:
            while part := file.read(1 << 20):
                digest.update(part)
        b.need(digest.hexdigest() == named[b.at], "was changed: its SHA-256 is not the one in manifest.json")


def check_signature(b: Bundle) -> None:
    """The manifest is signed, by the key whose fingerprint stands in the rules."""
    signature = b.json("signature.json")
    key, print_of_key = bytes.fromhex(signature["key"]), b.json("rules.json")["key_fingerprint"]
    b.need(sha256(key).hex() == print_of_key, "names a key of another fingerprint than signature.json holds")
    manifest = b.raw("manifest.json")
    b.need(is_signed(key, manifest, bytes.fromhex(signature["signature"])), "is not what was signed in signature.json")


def check_ledger(b: Bundle) -> None:
    """The leaves grow into a hash tree (RFC 9162) with just the roots that were published, each signed with that key."""
    origin, heads = b.json("rules.json")["origin"], b.json("heads.json")
    key = bytes.fromhex(b.json("signature.json")["key"])
    tree: list[tuple[int, bytes]] = []
    roots, size, wanted = {0: root_of(tree)}, 0, {head["size"] for head in heads}
    for leaf, entry in b.lines("leaves.jsonl"):
        height, node, size = 0, sha256(b"\x00" + leaf), size + 1
        while tree and tree[-1][0] == height:
            height, node = height + 1, sha256(b"\x01" + tree.pop()[1] + node)
        tree.append((height, node))
        if size in wanted:
            roots[size] = root_of(tree)
        replay(b, entry)
    for turns, _, _ in b.ballots.values():
        b.need(turns & (turns + 1) == 0, "a change of a ballot is missing")
    b.at = "heads.json"
    b.need(heads and heads[-1]["size"] == size, f"the last head is not that of all {size} leaves")
    b.need(heads == sorted(heads, key=lambda head: (head["size"], head["at"])), "the heads are not in order")
    for number, head in enumerate(heads, start=1):
        b.at, b.root = f"heads.json, head {number}", bytes.fromhex(head["root"])
        b.need(roots[head["size"]] == b.root, f"the first {head['size']} lines of leaves.jsonl have another root")
        signed = f"apertura-head-1\n{origin}\n{head['size']}\n{head['root']}\n{head['at']}\n"
        b.need(is_signed(key, signed.encode(), bytes.fromhex(head["signature"])), "the signature is not right")


def replay(b: Bundle, leaf: Any) -> None:
    """Remember of each ballot which numbers its leaves had (a bit for each) and what the highest said."""
    number, act = leaf["n"], leaf["act"]
    turns, highest, content = b.ballots.get(leaf["ballot"], (0, 0, b""))
    b.need(type(number) is int and 0 < number <= 1_000_000 and not turns >> (number - 1) & 1, "has a wrong number `n`")
    b.need(act in {"cast", "change", "withdraw"} and (number > 1 or act == "cast"), "is a wrong `act`")
    if number > highest:
        highest, content = number, b"" if act == "withdraw" else said(leaf)
    b.ballots[leaf["ballot"]] = turns | 1 << (number - 1), highest, content


def check_lot(b: Bundle) -> None:
    """What settles ties was fixed before the first ballot (the commitment) and could not be known before the last (the root)."""
    tie, commitment = b.json("tie.json"), b.json("rules.json")["tie_commitment"]
    secret, b.at = bytes.fromhex(tie["secret"]), "tie.json"
    b.need(sha256(secret).hex() == tie["commitment"] == commitment, "the secret is not the one that was committed to")
    b.need(tie["root"] == b.root.hex(), "the root is not that of the last head")
    b.need(sha256(secret + b.root).hex() == tie["seed"], "the seed is not SHA-256 of secret and root")


def check_ballots(b: Bundle) -> None:
    """The ballots are just those that the leaves leave standing, and as many as are said to have voted."""
    rules, seed, left_out = b.json("rules.json"), bytes.fromhex(b.json("tie.json")["seed"]), b.json("exclusions.json")
    b.election = Election(rules, b.json("candidates.json"), seed)
    b.excluded, last = {entry["ballot"] for entry in left_out}, ""
    for _, ballot in b.lines("ballots.jsonl"):
        name, choices = ballot["ballot"], ballot[b.rule.kind]
        b.need(name > last, "is not in the order of the ids")
        b.need(b.ballots.pop(name, ("",))[-1] == said(ballot), "is not what the last leaf of this ballot says")
        b.need(type(choices) is b.rule.form and ("voter" in ballot) != rules["secret"], "is not a ballot of this round")
        b.need(
            ballot.get("group") in ({"members", "public"} if rules["terms"]["member_percent"] else {None}),
            "is of no group",
        )
        b.entries.append((name in b.excluded, ballot.get("group"), b.rule.read(choices, b.election)))
        last = name
    missing = [name for name, (_, _, content) in b.ballots.items() if content]
    b.need(not missing, f"lacks ballots that leaves.jsonl holds, such as {missing[:1]}")
    voted, size = rules["electorate"]["voted"], rules["electorate"]["size"]
    b.need(len(b.entries) == voted, f"has {len(b.entries)} ballots, and {voted} are said to have voted")
    b.at = "exclusions.json"
    b.need(
        len(left_out) == len(b.excluded) == sum(out for out, _, _ in b.entries),
        "leaves out what is no ballot, or twice",
    )
    b.at = "rules.json"
    b.need(size is None or voted <= size, "more have voted than could")


def check_result(b: Bundle) -> None:
    """Counted again by the rule of this method, the ballots give the same numbers, the same order and the same winners."""
    result = b.json("result.json")
    counted = {"outcome": [entry[1:] for entry in b.entries if not entry[0]]}
    counted |= {"with_excluded": [entry[1:] for entry in b.entries]} if b.excluded else {}
    b.need(b.excluded or result["with_excluded"] is None, "counts ballots as excluded, and none are")
    for part, entries in counted.items():
        theirs = result[part]
        b.election.take(entries)
        b.election.published = theirs["count"]
        count = {"method": b.election.method, **b.rule.count(b.election)}
        for key, value in count.items():
            b.need(theirs["count"][key] == value, f"{part}: `{key}` is not what the ballots give: {value}")
        for key, value in outcome(b.election, count["winners"], b.rule).items():
            b.need(theirs[key] == value, f"{part}: `{key}` is not what the ballots give: {value}")


def outcome(e: Election, winners: list[str], rule: Rule) -> dict[str, Any]:
    """Who is elected, once it is asked whether enough have voted and enough have named them."""
    on = dict.fromkeys(e.ids, 0)
    for weight, choices in e.ballots:
        for name in set(rule.named(choices, e)):
            on[name] += weight
    least = Fraction(e.terms["threshold"] or 0) / 100 * sum(weight for weight, _ in e.ballots)
    enough = len(e.ballots) >= (e.terms["quorum"] or 0)
    elected = [name for name in winners if enough and on[name] >= least]
    return {"ballots": len(e.ballots), "named": e.scaled(on), "quorum_met": enough, "elected": elected}


def main(arguments: list[str], rule: Rule, script: bytes) -> int:
    if len(arguments) != 2:
        print(f"Usage: python3 {arguments[0]} BUNDLE.zip")
        return 2
    try:
        b = Bundle(arguments[1], rule)
    except (OSError, zipfile.BadZipFile, ValueError) as error:
        print(f"{arguments[1]} cannot be opened: {error}")
        return 2
    good = True
    for check in (check_files, check_signature, check_ledger, check_lot, check_ballots, check_result):
        try:
            check(b)
            print(f"right: {check.__doc__}")
        except Exception as error:  # noqa: BLE001 (damage can show in any way, and must be named)
            words = error if isinstance(error, Wrong) else f"{b.at}: is damaged ({type(error).__name__} {error!s:.200})"
            print(f"WRONG: {words}\n       So this could not be confirmed: {check.__doc__}")
            good = False
            if check not in {check_files, check_signature}:
                print("       What would come after it was not checked.")
                break
    try:
        tell(b)
    except Exception as error:  # noqa: BLE001
        print(f"WRONG: {b.at}: is damaged ({type(error).__name__} {error!s:.200})")
        good = False
    print(f"SHA-256 of this script:     {sha256(script).hex()}\n\n{CANNOT}\n")
    print("Everything that can be checked is right." if good else "THIS BUNDLE IS NOT AS IT MUST BE.")
    return 0 if good else 1


def tell(b: Bundle) -> None:
    rules, names = b.json("rules.json"), {entry["id"]: entry["name"] for entry in b.json("candidates.json")}
    result, key = b.json("result.json")["outcome"], bytes.fromhex(b.json("signature.json")["key"])
    print(f"\n{rules['call_title']}, {rules['round_title']}: {rules['method']}, {result['ballots']} ballots counted")
    print("Elected:", ", ".join(f"{names[name]} ({name})" for name in result["elected"]) or "nobody")
    print(f"Rules of the call, SHA-256: {rules['rules_sha256']}\nFingerprint of the key:     {sha256(key).hex()}")
