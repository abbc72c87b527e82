"""What changed of a selection after it was published. Part of the script of those bundles that hold changes."""

import json
from collections import Counter
from typing import Any

from crowd.core.verifier.selection import checked, differences, sha256

MOVES = {
    "declined": ("selected", "declined"),
    "taken_up": ("declined", "selected"),
    "moved_up": ("reserve", "selected"),
}


def corrected(archive: Any, votes: list[str]) -> Any:
    """The selection as it was published, then every change: what stood before it, what stands now, and why."""
    yield from checked(archive, votes)
    record, before = json.loads(archive.read("result.json")), sha256(archive.read("result.json"))
    first = {e["proposal"]: {"outcome": e["outcome"], "reason": e["reason"]} for e in record["outcomes"]}
    ranks, free = {row["proposal"]: row["rank"] for row in record["ranking"]}, Counter[str]()
    changed = dict[str, Any]()
    files = sum(name.startswith("corrections/") for name in archive.namelist())
    for version in range(2, 2 + files):
        said = json.loads(archive.read(f"corrections/{version}.json"))
        change, stands = said["change"], first | changed
        known = {"call": record["call"], "version": version, "before_sha256": before}
        yield from differences(f"corrections/{version}.json", known, {key: said[key] for key in known})
        yield f"Change {version}, {said['published_at']}: {told(change)}"
        yield from (f"WRONG: change {version}: {words}" for words in faults(change, stands, ranks, free))
        changed[change["proposal"]] = change["to"]
        yield from differences(f"change {version}, what stands now", changed, said["stands"])
        before = sha256(archive.read(f"corrections/{version}.json"))
    chosen = sum(entry["outcome"] == "selected" for entry in (first | changed).values())
    yield f"{chosen} selected now; free places: {', '.join(free.elements()) or 'none'}"
    yield f"SHA-256 of corrections/{1 + files}.json: {before}"


def told(change: Any) -> str:
    was, now, other = change["from"]["outcome"], change["to"]["outcome"], change["in_place_of"]
    what = (
        f"{was} → {now}" if was != now else f"still {was}, by another reason" if not other else "its place stays empty"
    )
    instead = f" in place of {other}" if other and was != now else ""
    return f"{change['proposal']}, {change['kind']}: {what}{instead}. {change['note'] or 'No note.'}"


def faults(change: Any, stands: Any, ranks: Any, free: Counter[str]) -> Any:
    """What is wrong with a change where it stands; and which places are free after it."""
    name, other, kind = change["proposal"], change["in_place_of"], change["kind"]
    was, now = change["from"]["outcome"], change["to"]["outcome"]
    if change["from"] != stands.get(name):
        yield f"before it stood {stands.get(name)!r:.200}"
    if (was, now) != MOVES.get(kind, (was, now)) or (was != now) != (kind not in ("reason", "left_empty")):
        yield f"{kind!r} does not lead from {was!r} to {now!r}"
    if (kind in ("moved_up", "left_empty")) != bool(other) or (other and not free[other]):
        yield f"the place of {other!r} is not free"
    reserve = [ranks[each] for each in stands if stands[each]["outcome"] == "reserve" and ranks.get(each)]
    best = reserve.count(ranks.get(name)) == 1 and ranks[name] == min(reserve)
    if not change["note"].strip() and kind != "taken_up" and not (kind == "moved_up" and best):
        yield "it has no note"
    free[name] += was == "selected" != now
    settled = other or (name if now == "selected" != was else "")
    free[settled] -= free[settled] > 0
