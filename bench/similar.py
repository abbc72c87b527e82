"""How long the search for similar proposals takes in a call of 10,000: `.venv/bin/python -m bench.similar [COUNT]`.

On an empty SQLite database in a temporary folder, through the application, as a visitor who writes (the text of the form in, the
list out). Prints median and 95th percentile of 100 different questions.
"""

import random
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import numpy as np
from flask_migrate import upgrade

from crowd.config import Settings
from crowd.core.similar import as_bytes
from crowd.core.status import ProposalStatus
from crowd.factory import create_app
from crowd.meaning.encoder import MODEL, encoder
from crowd.proposals.models import Proposal, ProposalVector
from crowd.store.db import db, transaction, utc_now
from crowd.store.search import index_text
from tests.make import make_account, make_call

PLACES = "park school library station market river square bridge hall museum garden street harbour pool theatre".split()
ACTS = "plant build open paint repair lend teach clean light share grow collect record visit restore".split()
THINGS = "trees benches books bicycles lamps tools songs murals fountains gardens beds meals maps toys paths".split()
TIMES = "in summer|at night|on Saturdays|every week|for a year|before winter|with pupils|with neighbours".split("|")


def words(chance: random.Random) -> tuple[str, str]:
    act, thing, place = chance.choice(ACTS), chance.choice(THINGS), chance.choice(PLACES)
    more = f"{chance.choice(ACTS)} {chance.choice(THINGS)} near the {chance.choice(PLACES)} {chance.choice(TIMES)}"
    return f"{act} {thing} at the {place}".capitalize(), f"We want to {act} {thing} at the {place} and {more}."


def fill(count: int, chance: random.Random) -> str:
    call, author, now = make_call(), make_account(), utc_now()
    model = encoder()
    for start in range(0, count, 500):
        texts = [words(chance) for _ in range(start, min(start + 500, count))]
        vectors = as_bytes(model.encode([f"{title}. {summary}" for title, summary in texts])) if model else []
        with transaction() as session:
            for place, (title, summary) in enumerate(texts):
                keys = {f"shuffle_{n}": chance.getrandbits(62) for n in range(1, 9)}
                row = Proposal(
                    call_id=call.id, number=start + place + 1, lead_id=author.id, status=ProposalStatus.ELIGIBLE
                )
                for name, value in {**keys, "title": title, "summary": summary, "body": summary}.items():
                    setattr(row, name, value)
                row.created_at = row.edited_at = row.submitted_at = now
                session.add(row)
                session.flush()
                index_text(session, "proposal", row.id, title, summary)
                if model:
                    session.add(
                        ProposalVector(
                            proposal_id=row.id,
                            call_id=call.id,
                            model=MODEL,
                            vector=vectors[place].tobytes(),
                            stale=False,
                            made_at=now,
                        )
                    )
    return call.public_id


def main() -> None:
    count, chance = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000, random.Random(7)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        settings = Settings(path, f"sqlite:///{path}/bench.sqlite", "s" * 40, "http://localhost", testing=True)
        app = create_app(settings)
        app.config["WTF_CSRF_ENABLED"] = False
        with app.app_context():
            upgrade()
            key = fill(count, chance)
            db.session.remove()
        client, taken, cpu = app.test_client(), [], []
        for _ in range(105):
            title, summary = words(chance)
            began, used = time.perf_counter(), time.process_time()
            answer = client.post(f"/calls/{key}/similar", data={"title": title, "summary": summary, "part": "list"})
            taken.append(time.perf_counter() - began)
            cpu.append(time.process_time() - used)
            if answer.status_code != 200:
                raise SystemExit(answer.text)
    for name, values in (("wall", taken[5:]), ("processor", cpu[5:])):
        middle, late = np.percentile(values, [50, 95]) * 1000
        print(f"{count:,} proposals, {name}: median {middle:.0f} ms, 95th percentile {late:.0f} ms")


if __name__ == "__main__":
    main()
