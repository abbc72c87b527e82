"""Checks a published selection without the software that made it: python3 verify.py SELECTION.zip [VOTE.zip …]

Needs but Python 3.10 or newer, writes nothing, asks nothing of the network. Read it from `main` on, then as it calls. VOTE.zip are the
bundles of the votes that weigh in it: each has a `verify.py` of its own; here they are only compared with what was taken from them.
"""

import hashlib
import json
import sys
import zipfile
from collections import Counter
from fractions import Fraction
from itertools import groupby
from statistics import median
from typing import Any

CANNOT = """What this script cannot know:
- whether result.json is the one that was published: compare its SHA-256 above with the page of the results, and with what others wrote down;
- whether the ballots of a vote were counted rightly: that says the bundle of the vote, with its own script;
- who the reviewers were, what adjusted scores took from their leniency, why they scored as they did, and whether the reasons are good ones."""


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def as_text(number: Any) -> str | None:
    return None if number is None else str(number)


def of_vote(tally: Any) -> dict[str, Any]:
    """Of each candidate what it is compared by, and the numbers that gates look at."""
    found = dict[str, Any]()
    for line in tally["totals"]:
        given = [Fraction(score) for score, count in enumerate(line["points"]) for _ in range(count)]
        total, gates = Fraction(line["total"]), {"least_supports": line["votes"]}
        gates |= {"least_mean": total / len(given), "least_median": median(given)} if given else {}
        found[line["candidate"]] = total, None, gates
    return found


def of_jury(entry: Any) -> dict[str, Any]:
    """The exact weighted mean of the raw scores, where enough reviews are in; or the adjusted score, where there is one."""
    weights, found, told = [criterion["weight"] for criterion in entry["criteria"]], {}, entry.get("adjusted") or {}
    for name in set(entry["candidates"]) - set(entry["without"]):
        raw = entry["scores"].get(name, [])
        reviews = [Fraction(sum(w * s for w, s in zip(weights, each, strict=True)), sum(weights)) for each in raw]
        mean, enough = sum(reviews) / len(raw) if raw else None, bool(raw) and len(raw) >= entry["min_reviews"]
        gates = {"least_reviews": len(raw), "least_mean": mean, "least_median": median(reviews) if raw else None}
        if enough and name in told:
            mean, gates["error"] = Fraction(told[name]["score"]), Fraction(told[name]["standard_error"])
        found[name] = mean if enough else None, None if enough else "incomplete", gates
    return found


def given(entry: Any, rule: Any, said: Any) -> Any:
    """Adjusted scores are taken as given, where the rule asks for them; but the raw means that they adjust must be theirs."""
    key, told = entry["key"], entry.get("adjusted") or {}
    if any(each["round"] == key and each.get("adjusted") for each in rule["components"]):
        yield f"{key}: compared by {'adjusted scores, taken as given' if told else 'raw means: not enough to adjust'}."
    elif told:
        yield f"WRONG: {key}: adjusted scores, for which the rule does not ask"
    means = {name: as_text(each[2]["least_mean"]) for name, each in said.items() if told and each[2]["least_reviews"]}
    yield from differences(f"{key}, raw mean", means, {name: each["raw"] for name, each in told.items()})


def ranking(basis: Any, results: Any) -> list[Any]:
    """Every proposal with its components, its total, the gates it fails, and its rank; best first."""
    rule, names, rows = basis["rule"], [p["id"] for p in basis["proposals"]], list[Any]()
    none: list[Any] = [None, "not_in_round", {}]
    parts = [(c, {n: results.get(c["round"], {}).get(n, none) for n in names}) for c in rule["components"]]
    field = [name for name in names if all(said[name][1] != "not_in_round" for _, said in parts)]
    for name in names:
        cells = [part(component, said, name, field, rule["components"]) for component, said in parts]
        whole = cells and all(cell["contribution"] for cell in cells)
        total = sum(Fraction(cell["contribution"]) for cell in cells) if whole else None
        bad = [f for gate in rule["gates"] if (f := gated(gate, results.get(gate["round"], {}).get(name, none)[2]))]
        row = {"proposal": name, "rank": None, "total": as_text(total), "components": cells, "failed": bad}
        rows.append((total is None or bool(bad), total is None, -(total or 0), name, row))
    rows.sort(key=lambda entry: entry[:4])
    for out, _, less, _, row in rows:
        row["rank"] = None if out else 1 + sum(not other[0] and other[2] < less for other in rows)
    return [entry[-1] for entry in rows]


def part(component: Any, said: Any, name: str, field: list[str], components: Any) -> dict[str, Any]:
    """The share of the others of the field that it beats, ties counting half, times its weight."""
    value, missing, gates = said[name]
    found = {"round": component["round"], "weight": component["weight"], "value": as_text(value), "missing": missing}
    found |= {"beaten": 0, "tied": 0, "others": 0, "share": None, "contribution": None}
    found |= {"standard_error": as_text(e := gates.get("error")), "raw": e if e is None else str(gates["least_mean"])}
    if value is None or name not in field:
        return found
    others = [said[other][0] for other in field if other != name and said[other][0] is not None]
    beaten, tied = sum(other < value for other in others), sum(other == value for other in others)
    share = (beaten + Fraction(tied, 2)) / len(others) if others else Fraction(1)
    weighed = str(share * component["weight"] / sum(each["weight"] for each in components))
    return found | {"beaten": beaten, "tied": tied, "others": len(others), "share": str(share), "contribution": weighed}


def gated(gate: Any, said: Any) -> dict[str, Any] | None:
    value, least = said.get(gate["kind"]), Fraction(gate["least"])
    found = {"gate": gate["kind"], "round": gate["round"], "least": str(least), "value": as_text(value)}
    return found if value is None or value < least else None


class Line:
    """Goes down the ranking: places, budget, quotas, and what settles a tie that stands across the line."""

    def __init__(self, basis: Any, rows: list[Any]) -> None:
        self.rule, self.known = basis["rule"], {p["id"]: p for p in basis["proposals"]}
        self.places = 10**9 if self.rule["places"] is None else self.rule["places"]
        self.money, self.quotas = self.rule["budget"], self.rule["quotas"]
        self.steps, self.straddling, self.after = list[Any](), list[str](), False
        own = {name: {tag.casefold() for tag in p["tags"]} for name, p in self.known.items()}
        self.serves = {n: tuple(i for i, q in enumerate(self.quotas) if q["tag"].casefold() in own[n]) for n in own}
        self.taken, self.greedy = Counter[int](), self.rule["count"] == "greedy"
        self.ranks = {row["proposal"]: row["rank"] for row in rows if row["rank"] is not None}
        self.ahead = Counter(self.serves[name] for name in self.ranks)

    def visit(self, group: list[str]) -> None:
        left = group if self.places < 1 or self.after else [name for name in group if not self.passed_over(name)]
        fitting = [name for name in left if not self.after and self.together([name])]
        tied = left if fitting and not self.greedy else fitting
        if self.together(tied):
            self.all(tied, "in")
        elif tied:
            self.straddle(tied)
        for name in [name for name in left if name not in tied]:
            self.all([name], "out")
            self.after = self.after or not self.greedy

    def passed_over(self, name: str) -> bool:
        full, kept = self.full([name]), self.kept([name])
        if full or kept:
            self.all([name], "quota_full" if full else "place_kept", full or kept)
        return bool(full or kept)

    def straddle(self, group: list[str]) -> None:
        self.straddling += [name for name in group if name not in self.straddling]
        at = {name: self.known[name]["submitted_at"] or "" for name in group}
        times = [list(tied) for _, tied in groupby(sorted(group, key=lambda name: (at[name], name)), at.get)]
        if self.rule["tie_break"] == "all_tied_pass":
            self.all(group, "in")
        elif self.rule["tie_break"] != "earlier_submission" or len(times) == 1 or not all(at.values()):
            self.all(group, "tied")
            self.after = True
        else:
            for tied in times:
                self.visit(tied)

    def together(self, group: list[str]) -> bool:
        costs = [self.known[name]["cost"] for name in group]
        paid = self.money is None or (None not in costs and sum(costs) <= self.money)
        return paid and not (self.full(group) or self.kept(group) or len(group) > self.places)

    def full(self, group: list[str]) -> list[str]:
        more = Counter(n for name in group for n in self.serves[name])
        most = {n: quota["most"] for n, quota in enumerate(self.quotas) if quota["most"] is not None}
        return [self.quotas[n]["tag"] for n in most if more[n] and self.taken[n] + more[n] > most[n]]

    def kept(self, group: list[str]) -> list[str]:
        """The tags for which the places are kept that these would take."""
        more = self.taken + Counter(n for name in group for n in self.serves[name])
        supply = self.ahead - Counter(self.serves[name] for name in group)
        able = Counter(n for serves, count in supply.items() for n in serves for _ in range(count))
        lacking = +Counter({n: min(q["least"] - more[n], able[n]) for n, q in enumerate(self.quotas)})
        left, places = Counter(lacking), 0
        while left:
            best = max(sorted(supply), key=lambda serves: sum(n in left for n in serves))
            supply = supply - Counter([best])
            left, places = left - Counter(n for n in best if n in left), places + 1
        return [] if self.places - len(group) >= places else [self.quotas[n]["tag"] for n in sorted(lacking)]

    def all(self, group: list[str], fate: str, quotas: Any = ()) -> None:
        for name in group:
            self.ahead[self.serves[name]] -= 1
            if fate == "in":
                self.taken.update(self.serves[name])
                self.places -= 1
                self.money = None if self.money is None else self.money - (self.known[name]["cost"] or 0)
            self.steps.append((name, fate, list(quotas)))


def line(basis: Any, rows: list[Any], tallies: Any) -> dict[str, Any]:
    drawn, rule = Line(basis, rows), basis["rule"]
    if rule["count"] == "elected":
        tally = tallies.get(rule["components"][0]["round"], {})
        elected = [name for name in tally.get("outcome", {}).get("elected", ()) if name in drawn.ranks]
        others = [name for name in drawn.ranks if tally and name not in elected]
        drawn.steps = [(name, "in", []) for name in elected] + [(name, "out", []) for name in others]
    elif rule["count"] != "none" and (rule["places"] is not None or rule["budget"] is not None):
        for _, tied in groupby(drawn.ranks, drawn.ranks.get):
            drawn.visit(list(tied))
    out = sorted((name for name, fate, _ in drawn.steps if fate != "in"), key=lambda name: drawn.ranks[name])
    size, waits = rule["reserve"], any(fate == "tied" for _, fate, _ in drawn.steps)
    last = drawn.ranks[out[size - 1]] if size and len(out) >= size else len(drawn.ranks)
    tie = "organization_decides" if waits else rule["tie_break"] if drawn.straddling else None
    reserve = [name for name in out if drawn.ranks[name] <= last] if size and not waits else []
    passed = [{"proposal": name, "why": fate, "quotas": tags} for name, fate, tags in drawn.steps if tags]
    found = {"proposed": [name for name, fate, _ in drawn.steps if fate == "in"], "straddling": drawn.straddling}
    return found | {"settled_by": tie, "reserve": reserve, "passed_over": passed}


def differences(name: str, ours: Any, theirs: Any) -> Any:
    if isinstance(ours, list) and isinstance(theirs, list) and dict in map(type, ours):
        ours, theirs = dict(enumerate(ours, start=1)), dict(enumerate(theirs, start=1))
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key in {**ours, **theirs}:
            yield from differences(f"{name}, {key}", ours.get(key), theirs.get(key))
    elif ours != theirs:
        yield f"WRONG: {name}: {theirs!r:.120} is published, and {ours!r:.120} follows"


def counted(archive: Any, basis: Any, record: Any, tallies: Any) -> Any:
    """What each round gives: a jury by its raw scores, a vote by the count whose SHA-256 the record names."""
    results = dict[str, Any]()
    for entry in basis["rounds"]:
        key, named = entry["key"], {each["key"]: each["tally_sha256"] for each in record["rounds"]}[entry["key"]]
        if entry["kind"] == "review":
            results[key] = of_jury(entry)
            yield from given(entry, basis["rule"], results[key])
        elif named:
            data = archive.read(f"tallies/{key}.json")
            yield from differences(f"tallies/{key}.json, SHA-256", sha256(data), named)
            results[key] = of_vote(tallies.setdefault(key, json.loads(data)))
    rows, by_name = ranking(basis, results), {row["proposal"]: row for row in record["ranking"]}
    yield from differences("the order", [row["proposal"] for row in rows], list(by_name))
    for row in rows:
        yield from differences(f"proposal {row['proposal']}", row, by_name.get(row["proposal"], {}))
    yield from differences("the line", drawn := line(basis, rows, tallies), record["line"])
    decided = {entry["proposal"]: entry["outcome"] for entry in record["outcomes"]}
    yield from differences("who is decided", sorted(row["proposal"] for row in rows), sorted(decided))
    yield from (f"WRONG: {e['proposal']} has no reason" for e in record["outcomes"] if not e["reason"].strip())
    chosen = {name for name in decided if decided[name] == "selected"}
    free = not drawn["proposed"] or drawn["settled_by"] == "organization_decides"
    odd = [] if free else sorted(chosen ^ set(drawn["proposed"]))
    yield f"{len(chosen)} selected, {len(drawn['proposed'])} proposed; decided otherwise: {', '.join(odd) or 'nobody'}"
    if odd and not record["justification"].strip():
        yield "WRONG: the selection departs from the numbers, and does not say why"


def checked(archive: Any, votes: list[str]) -> Any:
    basis, record = (json.loads(archive.read(name)) for name in ("basis.json", "result.json"))
    yield f"SHA-256 of result.json: {sha256(archive.read('result.json'))}\n"
    yield from differences("basis.json, SHA-256", sha256(archive.read("basis.json")), record["basis_sha256"])
    yield from differences("basis.json, rule", basis["rule"], record["rule"])
    yield from counted(archive, basis, record, tallies := dict[str, Any]())
    for vote in map(zipfile.ZipFile, votes):
        key, outcome = json.loads(vote.read("rules.json"))["round"], json.loads(vote.read("result.json"))["outcome"]
        ours = {name: value for name, value in tallies[key]["outcome"].items() if name != "with_excluded"}
        yield from differences(f"the vote {key}", outcome, ours)


def main(arguments: list[str], check: Any = checked) -> int:
    if not arguments[1:] or not zipfile.is_zipfile(arguments[1]):
        print("Usage: python3 verify.py SELECTION.zip [VOTE.zip …]")
        return 2
    good = True
    try:
        for words in check(zipfile.ZipFile(arguments[1]), arguments[2:]):
            print(words)
            good = good and not words.startswith("WRONG")
    except Exception as error:  # noqa: BLE001 (damage shows in many ways, and each must be told)
        print(f"WRONG: a file is damaged ({error!r:.200})")
        good = False
    print(f"\n{CANNOT}\n")
    print("All that can be checked is right." if good else "THIS SELECTION IS NOT AS IT MUST BE.")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv))
