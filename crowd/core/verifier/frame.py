import hashlib
import json
import zipfile
from collections import namedtuple
from fractions import Fraction
from typing import Any

from crowd.core.verifier.ed25519 import is_signed


class Bundle:
    """The files of the zip. `at` is what is being read, so that a fault can be named."""

    def __init__(self, path: str) -> None:
        self.zip, self.at = zipfile.ZipFile(path), path

    def need(self, condition: object, words: str) -> None:
        if not condition:
            raise ValueError(words)

    def json(self, name: str) -> Any:
        self.at = name
        return json.loads(self.zip.read(name))

    def lines(self, name: str) -> Any:
        """Each line as bytes and as an object; there is but one way to write it."""
        with self.zip.open(name) as file:
            for number, line in enumerate(file, start=1):
                self.at = f"{name}, line {number}"
                entry = json.loads(line)
                self.need(isinstance(entry, dict) and line == canonical(entry) + b"\n", "is not written as it must be")
                yield line[:-1], entry
        self.at = name


class Election:
    """What is counted. `ballots`: of each its weight, and a dict of whom it names and what it gives them."""

    def __init__(self, rules: Any, candidates: Any, seed: bytes) -> None:
        self.method, self.terms, self.candidates, self.seed = rules["method"], rules["terms"], candidates, seed
        self.listed = {entry["id"]: "" if entry["struck"] else entry["id"] for entry in candidates}
        self.ids = [entry["id"] for entry in candidates if not entry["struck"]]
        self.ballots, self.scale, self.invalid, self.published = list[Any](), 1, 0, dict[str, Any]()
        self.ties, self.by = list[Any](), "seed" if seed else "order"  # ties that were settled, and by what

    def given(self, values: dict[str, int]) -> dict[str, int] | None:
        """What a ballot gives to whom, without those struck off; None, invalid, if it names strangers or too many."""
        many, most = sum(map(bool, values.values())), self.terms["max_choices"]
        if not values.keys() <= self.listed.keys() or (most is not None and many > most):
            return None
        return {own: value for name, value in values.items() if value and (own := self.listed[name])}

    def scaled(self, sums: Any) -> dict[str, str]:
        return {name: str(Fraction(number) / self.scale) for name, number in sums.items()}

    def by_lot(self, tied: Any) -> list[str]:  # without a seed as listed
        return sorted(tied, key=lambda name: self.seed and sha256(self.seed + name.encode()))


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def canonical(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def said(entry: Any) -> bytes:  # what a ballot, or a leaf about it, says of the choices
    return canonical({key: value for key, value in entry.items() if key not in {"act", "n", "nonce", "voter"}})


def sealed(b: Bundle) -> Any:
    rules, hashes = b.json("rules.json"), b.json("manifest.json")["files"]
    names, b.at = sorted([*hashes, "manifest.json", "signature.json"]), "the zip"
    b.need(names == sorted(b.zip.namelist()), "lacks a file that manifest.json names, or has one too many")
    for b.at in hashes:
        b.need(sha256(b.zip.read(b.at)).hex() == hashes[b.at], "was changed: manifest.json has another SHA-256 for it")
    yield "right: all files are there, and each is as it was when manifest.json was written"
    [(_, signature)] = b.lines("signature.json")
    key, signed = bytes.fromhex(signature["key"]), bytes.fromhex(signature["signature"])
    b.need(signature == {"key": key.hex(), "signature": signed.hex()}, "is not written as it must be")
    b.need(is_signed(key, b.zip.read("manifest.json"), signed), "does not sign this manifest.json")
    b.need(sha256(key).hex() == rules["key_fingerprint"], "holds another key than rules.json names")
    yield "right: manifest.json is signed, by the key that rules.json names"


def counted(b: Bundle, rule: Any) -> Any:
    exclusions, rules = [entry["ballot"] for entry in b.json("exclusions.json")], b.json("rules.json")
    b.need(rules["method"] == rule.method, f"names another method than {rule.method}, which this script is for")
    leaves, seed, those = yield from rule.kept(b, rules)
    e, ballots = Election(rules, b.json("candidates.json"), seed), list[Any]()
    excluded, grouped = set(exclusions), e.terms["member_percent"] is not None
    for _, ballot in b.lines("ballots.jsonl"):
        name, group, choices = ballot["ballot"], ballot.get("group"), ballot[rule.kind]
        b.need(not seed or leaves.pop(name, [""])[-1] == said(ballot), "is not what the last leaf of this ballot says")
        b.need(type(choices) is rule.form and ("voter" in ballot) != rules["secret"], "has not the form it should have")
        b.need(group in ("members", "public") if grouped else group is None, "has a wrong group")
        ballots.append((name in excluded, group, rule.read(choices, e)))
    left, voted = [name for name in leaves if leaves[name][-1]], rules["electorate"]["voted"]
    b.need(not left, f"lacks ballots that leaves.jsonl holds, such as {left[:1]}")
    b.need(len(ballots) == voted, f"holds {len(ballots)} ballots, and {voted} are said to have voted")
    b.need(voted <= (rules["electorate"]["size"] or voted), "holds more ballots than there are voters")
    b.at, out = "exclusions.json", sum(out for out, _, _ in ballots)
    b.need(len(exclusions) == len(excluded) == out, "names what is no ballot, or one twice")
    yield f"right: the ballots are {those}as many as are said to have voted"
    result = b.json("result.json")
    b.need(excluded or result["with_excluded"] is None, "counts excluded ballots, and there are none")
    for part in ["outcome", "with_excluded"] if excluded else ["outcome"]:
        taken = [(group, choices) for out, group, choices in ballots if not out or part == "with_excluded"]
        e.published, e.ties = result[part], []
        for key, ours in outcome(e, rule, taken).items():
            b.need(e.published[key] == ours, f"{part}: `{key}` is not what the ballots give: {str(ours)[:500]}")
    yield "right: counted again by the rule of the method, the ballots give the same numbers, order and winners"


def outcome(e: Election, rule: Any, taken: list[Any]) -> dict[str, Any]:
    """The count, and who of its winners is elected: if enough have voted, whom enough have named."""
    valid = [entry for entry in taken if entry[1] is not None]
    (e.ballots, e.scale), e.invalid = rule.weighed(valid, e.terms["member_percent"]), len(taken) - len(valid)
    named = {name: sum(weight for weight, choices in e.ballots if name in choices) for name in e.ids}
    least = Fraction(e.terms["threshold"] or 0) / 100 * sum(weight for weight, _ in e.ballots)
    winners, ranking, scores, more = rule.count(e)
    found = {"method": e.method, "winners": winners, "ranking": ranking, "scores": scores, "ballots": len(valid)}
    found |= {"invalid": e.invalid, "exhausted": 0, **more, "counted": len(valid), "named": e.scaled(named)}
    enough = len(valid) >= (e.terms["quorum"] or 0)
    return found | {"quorum_met": enough, "elected": [name for name in winners if enough and named[name] >= least]}


def told(b: Bundle, rule: Any, script: bytes) -> Any:
    rules, names = b.json("rules.json"), {entry["id"]: entry["name"] for entry in b.json("candidates.json")}
    result, key = b.json("result.json")["outcome"], bytes.fromhex(b.json("signature.json")["key"])
    yield f"\n{rules['call_title']!r}, {rules['round_title']!r}: {rules['method']!r}, {result['counted']!r} ballots counted"
    yield "Elected: " + (", ".join(f"{names[name]!r} ({name!r})" for name in result["elected"]) or "nobody")
    yield f"SHA-256 of the call's rules:     {rules['rules_sha256']!r}\nSHA-256 (fingerprint) of the key: {sha256(key).hex()}"
    yield f"SHA-256 of this script:          {sha256(script).hex()}\n\n{rule.cannot}\n"


Rule = namedtuple("Rule", "method kind form read weighed count kept cannot")  # noqa: PYI024


def main(arguments: list[str], rule: Rule, script: bytes) -> int:
    try:
        b, good = Bundle(arguments[1]), True
    except Exception as error:  # noqa: BLE001
        print(f"Usage: python3 verify.py BUNDLE.zip ({error!r:.200})")
        return 2
    for part in sealed(b), counted(b, rule), told(b, rule, script):
        try:
            for words in part:
                print(words)
        except Exception as error:  # noqa: BLE001 (damage shows in many ways, and each must be told in words)
            print(f"WRONG: {b.at}:", error if type(error) is ValueError else f"is damaged ({error!r:.200})")
            good = False
    print("All that can be checked is right." if good else "THIS BUNDLE IS NOT AS IT MUST BE.")
    return 0 if good else 1
