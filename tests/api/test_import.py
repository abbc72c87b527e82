"""`flask import pabulib`: a real election becomes a published call at stage results, or nothing does."""

import json
import os
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from crowd.api.actions import BallotForm
from crowd.api.actions.election_rules import rules_of_election
from crowd.api.cli.words import words_in
from crowd.calls.gates import find_call
from crowd.calls.models import Call
from crowd.core.pabulib import read_election
from crowd.core.rules import CountRule, Electorate, VotingMethod, fingerprint
from crowd.core.selection import rule_faults
from crowd.core.stages import faults
from crowd.core.status import CallStatus, ProposalStatus, StageKind
from crowd.notifications.models import Notification
from crowd.proposals.models import Proposal
from crowd.rounds.models import CallRound
from crowd.store.db import utc_now
from crowd.store.models import Event
from crowd.voting.jobs import write_bundles
from crowd.voting.models import Ballot, Tally, Voter
from crowd.voting.queries import latest_tally
from tests.conftest import Drain, stepping_aside
from tests.make import make_account, make_organization

pytestmark = pytest.mark.one_database

SMALL = """META
key;value
description;Ideas for Hinterdorf
instance;2021
num_projects;4
num_votes;5
budget;100
vote_type;approval
rule;greedy
date_begin;07.10.2021
date_end;31.10.2021
max_length;2
currency;CHF
comment;#1: A *starred* comment.
PROJECTS
project_id;cost;votes;name;category
A;60;3;A pond;nature,water
B;50.0;2;"A ""quiet"" bench; oak";nature
C;40;2;Trees;
D;10;0;Nobody's idea;
VOTES
voter_id;vote
1;A,B
2;A
3;A,C
4;B,C
5;
"""
NEAR = [folder / "shared" / "data" for folder in Path(__file__).parents]
DATA = Path(os.environ.get("TEST_DATA") or next((path for path in NEAR if path.is_dir()), NEAR[0])) / "pabulib"
real_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"no real elections at {DATA}; set TEST_DATA")

SMALLER = [path.stem for path in sorted(DATA.glob("*.pb")) if "Lodz" not in path.stem]
MARKS = BallotForm()
Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask, session: Session, tmp_path: Path) -> Run:
    """Imports text or a file into a new organization."""

    def importing(source: str | bytes | Path, slug: str | None = None, *options: str) -> Result:
        path = source if isinstance(source, Path) else tmp_path / "election.pb"
        if not isinstance(source, Path):
            path.write_bytes(source.encode() if isinstance(source, str) else source)
        slug = slug or make_organization().slug
        with stepping_aside():
            result = app.test_cli_runner().invoke(
                args=["import", "pabulib", str(path), "--organization", slug, *options]
            )
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return importing


def done(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
    return found


def ballots_kept(session: Session) -> list[Any]:
    """What the stored ballots say, by the file's project ids."""
    names = {key: name or "" for key, name in session.execute(select(Proposal.public_id, Proposal.external_id))}

    def said(kind: str, value: Any) -> Any:
        if kind == "rank":
            return [[names[key] for key in tier] for tier in value]
        if kind == "approve":
            return sorted(names[key] for key in value)
        return {name: value[key] for name, key in sorted((names[key], key) for key in value)}

    kept = [json.loads(text or "") for text in session.scalars(select(Ballot.choices))]
    return sorted(({kind: said(kind, value) for kind, value in ballot.items()} for ballot in kept), key=repr)


def outcomes(session: Session) -> dict[str | None, ProposalStatus]:
    return {p.external_id: p.status for p in session.scalars(select(Proposal).order_by(Proposal.number))}


def test_an_election_becomes_a_call_at_stage_results(run: Run, session: Session) -> None:
    said = done(run(SMALL))
    found = find_call(session, said["call"])
    assert found is not None
    assert said == {"call": found.row.public_id, "proposals": 4, "ballots": 5}
    assert (found.row.title, found.row.status) == ("Ideas for Hinterdorf 2021", CallStatus.PUBLISHED)
    assert found.facts.position(utc_now()).kind is StageKind.RESULTS
    assert found.row.imported_from == "election.pb"
    assert found.row.rules_sha256 == fingerprint(found.facts.rules)
    assert found.facts.rules.rounds[0].electorate is Electorate.ROLL
    proposals = session.scalars(select(Proposal).order_by(Proposal.number)).all()
    assert [(p.external_id, p.title, p.cost, p.summary) for p in proposals] == [
        ("A", "A pond", 60, "nature, water"),
        ("B", 'A "quiet" bench; oak', 50, "nature"),
        ("C", "Trees", 40, ""),
        ("D", "Nobody's idea", 10, ""),
    ]


@pytest.mark.parametrize(
    ("stated", "options", "language", "words"),
    [
        ("es", (), "es", "Esta elección se celebró en otro lugar"),
        ("pl", ("--language", "es"), "es", "Esta elección se celebró en otro lugar"),
        ("pl", (), "en", "This election was held elsewhere"),
    ],
)
def test_what_it_says_of_itself_is_in_one_language(
    run: Run, session: Session, stated: str, options: tuple[str, ...], language: str, words: str
) -> None:
    said = done(run(SMALL.replace("instance;2021", f"instance;2021\nlanguage;{stated}"), None, *options))
    found = find_call(session, said["call"])
    assert found is not None
    assert (found.facts.rules.language, words in found.facts.rules.eligibility) == (language, True)


def test_its_rules_are_complete_and_agree(run: Run) -> None:
    election = read_election(SMALL.encode().splitlines(keepends=True))
    rules = rules_of_election(election, MARKS, words_in("en", election, MARKS, "small.pb"), utc_now())
    assert rule_faults(rules) == []
    assert faults(rules.stages) == []
    assert [stage.opens_at.date().isoformat() for stage in rules.stages] == ["2021-10-06", "2021-10-07", "2021-11-01"]
    assert (rules.selection.count, rules.selection.budget) == (CountRule.GREEDY, 100)


@pytest.mark.parametrize(
    ("begin", "end", "opens", "closes"),
    [
        ("2020", "2020", "2020-01-01", "2021-01-01"),
        ("03.2020", "04.2020", "2020-03-01", "2020-05-01"),
        ("31.02.2020", "07.03.2020", "2020-03-07", "2020-03-08"),
        ("09.03.2020", "07.03.2020", "2020-03-07", "2020-03-08"),
    ],
)
def test_dates_are_read_as_far_as_the_file_gives_them(begin: str, end: str, opens: str, closes: str) -> None:
    text = SMALL.replace("07.10.2021", begin).replace("31.10.2021", end)
    election = read_election(text.encode().splitlines(keepends=True))
    stage = rules_of_election(election, MARKS, words_in("en", election, MARKS, "small.pb"), utc_now()).stage("voting")
    assert stage.closes_at is not None
    assert (stage.opens_at.date().isoformat(), stage.closes_at.date().isoformat()) == (opens, closes)


@pytest.mark.both_databases
def test_a_vote_dated_in_the_future_is_over_now(run: Run, session: Session) -> None:
    said = done(run(SMALL.replace("31.10.2021", "31.10.2190")))
    found = find_call(session, said["call"])
    assert found is not None
    assert found.facts.position(utc_now()).kind is StageKind.RESULTS


def marks_by_project(session: Session) -> Counter[str]:
    """External id of a project → on how many stored ballots it is marked."""
    names = {key: name or "" for key, name in session.execute(select(Proposal.public_id, Proposal.external_id))}
    texts = session.scalars(select(Ballot.choices))
    return Counter(names[key] for text in texts for key in json.loads(text or "")["approve"])


def test_ballots_hang_on_a_roll_and_one_count_is_stored(run: Run, session: Session) -> None:
    done(run(SMALL))
    roll = session.scalars(select(Voter).order_by(Voter.id)).all()
    assert [(voter.voter_ref, voter.account_id, voter.ballot) for voter in roll] == [
        (str(n), None, None) for n in range(1, 6)
    ]
    [tally] = session.scalars(select(Tally)).all()
    titles = {p.public_id: p.external_id for p in session.scalars(select(Proposal))}
    votes = {titles[line["candidate"]]: line["votes"] for line in json.loads(tally.result)["totals"]}
    assert votes == {"A": 3, "B": 2, "C": 2, "D": 0}
    assert json.loads(tally.result)["ballots"] == 5


def test_greedy_takes_what_fits_in_turn_and_says_why(run: Run, session: Session) -> None:
    done(run(SMALL))
    assert outcomes(session) == {
        "A": ProposalStatus.SELECTED,
        "B": ProposalStatus.NOT_SELECTED,
        "C": ProposalStatus.SELECTED,
        "D": ProposalStatus.NOT_SELECTED,
    }
    reasons = session.scalars(select(Proposal.outcome_reason).order_by(Proposal.number)).all()
    assert reasons[0] == "3 votes. Taken in its turn: its cost of 60 CHF fitted, and 40 CHF were left after it."
    assert reasons[1] == "2 votes. Passed over: it costs 50 CHF, and 40 CHF were left when its turn came."


@pytest.mark.parametrize("rule", ["greedy-threshold", "equalshares", "unknown"])
def test_without_the_greedy_rule_no_outcome_is_stated_and_the_call_says_why(
    run: Run, session: Session, client: FlaskClient, rule: str
) -> None:
    said = done(run(SMALL.replace("rule;greedy", f"rule;{rule}")))
    assert set(outcomes(session).values()) == {ProposalStatus.ELIGIBLE}
    found = find_call(session, said["call"])
    assert found is not None
    assert f"The rule of the file is “{rule}”. It is not applied here" in found.facts.rules.decides


def test_the_round_says_that_its_ballots_were_imported(run: Run, client: FlaskClient) -> None:
    said = done(run(SMALL))
    page = client.get(f"/calls/{said['call']}/rounds/vote").text
    assert "Imported ballots" in page
    assert "election.pb" in page
    assert "5</b>ballots imported" in page.replace("\n", "")
    assert page.index("A pond") < page.index("Trees") < page.index("Nobody&#39;s idea")


def test_the_bundle_of_an_imported_vote_is_counted_again_and_says_that_there_is_no_tree(
    run: Run, app: Flask, session: Session, client: FlaskClient, tmp_path: Path
) -> None:
    said = done(run(SMALL))
    vote = f"/calls/{said['call']}/rounds/vote"
    assert f'href="{vote}/ledger"' in client.get(vote).text
    assert write_bundles() == 1
    session.expire_all()
    page = client.get(f"{vote}/ledger").text
    assert "There is no ledger to check, because no ballot was cast here" in page
    assert f'href="{vote}/bundle.zip"' in page
    assert "Is my ballot in it?" not in page
    assert client.get(f"{vote}/ledger/heads.json").status_code == 404
    bundle = tmp_path / "bundle.zip"
    bundle.write_bytes(client.get(f"{vote}/bundle.zip").data)
    with zipfile.ZipFile(bundle) as archive:
        names, rules = set(archive.namelist()), json.loads(archive.read("rules.json"))
        ballots = [json.loads(line) for line in archive.read("ballots.jsonl").splitlines()]
        script = archive.read("verify.py")
    assert not names & {"leaves.jsonl", "heads.json", "tie.json"}
    assert (rules["ledger"], rules["electorate"]) == (False, {"kind": "roll", "size": None, "voted": 5})
    assert [set(ballot) for ballot in ballots] == [{"ballot", "approve"}] * 5
    (tmp_path / "verify.py").write_bytes(script)
    command = [sys.executable, "-I", "-S", str(tmp_path / "verify.py"), str(bundle)]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (told.returncode, told.stderr) == (0, "")
    assert "none: there is no tree to check, because the votes were cast elsewhere" in told.stdout
    assert "Elected: 'A pond'" in told.stdout
    assert "no receipts and no" in told.stdout
    verified = app.test_cli_runner().invoke(args=["verify", str(bundle)])
    assert verified.exit_code == 0
    assert "All that can be checked is right." in verified.stdout
    assert "is the one of this installation" in verified.stdout


def test_nobody_votes_in_an_imported_call(run: Run, client: FlaskClient, as_user: Callable[..., FlaskClient]) -> None:
    said = done(run(SMALL))
    assert "The vote is closed" in client.get(f"/calls/{said['call']}/vote").text
    voter = as_user(make_account())
    assert voter.post(f"/calls/{said['call']}/vote/cast").status_code == 403


@pytest.mark.both_databases
def test_nobody_is_told_of_a_vote_that_was_held_elsewhere(run: Run, session: Session, drain: Drain) -> None:
    make_account()
    done(run(SMALL))
    drain()
    assert session.scalar(select(func.count(Notification.id))) == 0
    assert session.scalar(select(func.count(Event.id)).where(Event.delivered_at.is_(None))) == 0


def test_unknown_projects_are_reported_by_line_and_the_ballot_kept(run: Run, session: Session) -> None:
    result = run(SMALL.replace("2;A\n", "2;A,Z\n"))
    assert done(result)["ballots"] == 5
    lines = [line for line in result.stderr.splitlines() if line.startswith("line ")]
    assert lines == ["line 24: the project Z is not listed; its mark is dropped and the ballot kept"]
    assert sum(marks_by_project(session).values()) == 7


def test_votes_of_the_file_that_its_ballots_do_not_give_are_reported(run: Run) -> None:
    result = run(SMALL.replace("A;60;3;", "A;60;4;"))
    done(result)
    assert "the file says 4 votes for the project A, its ballots give 3" in result.stderr.splitlines()


def test_costs_are_kept_in_whole_units_and_it_is_said(run: Run, session: Session) -> None:
    result = run(SMALL.replace("C;40;2", "C;39.5;2"))
    done(result)
    assert "the cost of the project C is kept in whole units: 40" in result.stderr.splitlines()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (SMALL.replace("vote_type;approval", "vote_type;stones"), "the kind of ballot is not known"),
        (SMALL.replace("PROJECTS\n", ""), "the section PROJECTS is missing"),
        (SMALL.replace("A;60;3", "A;much;3"), "cost must be a number"),
        (SMALL.replace("A;60;3", "A;3000000000;3"), "costs more than"),
        (SMALL.replace("5;\n", "5;A;B\n"), "2 columns were expected"),
        ("not an election\n", "this is no Pabulib file"),
        (SMALL.replace("A pond", "A p\xf3nd").encode("latin-1"), "the file is not UTF-8 text"),
        (b"\x00\x01\x02", "the file is not text"),
        ("", "this is no Pabulib file"),
    ],
)
def test_a_bad_file_is_refused_in_one_line_and_nothing_is_stored(
    run: Run, session: Session, text: str | bytes, words: str
) -> None:
    result = run(text)
    assert (result.exit_code, result.stdout) == (2, "")
    [line] = result.stderr.strip().splitlines()
    assert words in line
    for model in (Call, Proposal, Voter, Ballot, Event):
        assert session.scalar(select(func.count()).select_from(model)) == 0


def test_a_fault_in_the_last_line_stores_nothing(run: Run, session: Session) -> None:
    result = run(SMALL + "6;A;too;many\n")
    assert (result.exit_code, len(result.stderr.strip().splitlines())) == (2, 1)
    assert session.scalar(select(func.count()).select_from(Call)) == 0


def test_an_unknown_organization_or_file_is_said_in_words(run: Run, tmp_path: Path) -> None:
    unknown = run(SMALL, "nobody")
    assert (unknown.exit_code, unknown.stderr.strip()) == (2, "election.pb: there is no organization called nobody")
    missing = run(tmp_path / "missing.pb")
    assert (missing.exit_code, missing.stderr.strip()) == (2, "missing.pb: No such file or directory")


@pytest.mark.both_databases
def test_running_twice_gives_a_second_call(run: Run, session: Session) -> None:
    slug = make_organization().slug
    first, second = done(run(SMALL, slug)), done(run(SMALL, slug))
    assert first["call"] != second["call"]
    assert session.scalar(select(func.count(Ballot.key))) == 10


@real_data
@pytest.mark.parametrize(
    ("name", "proposals", "ballots"),
    [
        ("France_Toulouse_2022", 199, 4532),
        ("Netherlands_Amsterdam_252", 85, 8520),
        ("Poland_Warszawa_2023_Bemowo", 83, 5180),
    ],
)
def test_real_elections_keep_their_official_votes_and_outcomes(
    run: Run, session: Session, name: str, proposals: int, ballots: int
) -> None:
    path = DATA / f"{name}.pb"
    said = done(run(path))
    assert (said["proposals"], said["ballots"]) == (proposals, ballots)
    with path.open("rb") as file:
        official = {project.id: project for project in read_election(file).projects}
    rows = session.execute(select(Proposal.external_id, Proposal.supports, Proposal.status)).all()
    assert {key: (votes, votes) for key, votes, _ in rows} == {
        key: (project.votes, project.votes) for key, project in official.items()
    }
    marks = marks_by_project(session)
    assert [marks[key or ""] for key, _, _ in rows] == [votes for _, votes, _ in rows]
    for key, _, status in rows:
        selected = official[key or ""].selected
        assert selected is None or (status is ProposalStatus.SELECTED) == selected
    assert Counter(status for _, _, status in rows)[ProposalStatus.SELECTED] > 0


@real_data
@pytest.mark.soak
def test_the_largest_election_takes_under_a_minute(run: Run) -> None:
    assert done(run(DATA / "Poland_Lodz_2022.pb"))["ballots"] == 90494


@real_data
@pytest.mark.parametrize("name", SMALLER)
def test_every_real_election_opens_for_visitors_in_both_languages(run: Run, client: FlaskClient, name: str) -> None:
    said = done(run(DATA / f"{name}.pb"))
    for language in ("en", "es"):
        for page in ("", "/results", "/rounds/vote", "/results.json"):
            opened = client.get(f"/calls/{said['call']}{page}", headers={"Accept-Language": language})
            assert (page, language, opened.status_code) == (page, language, 200)


@pytest.mark.both_databases
@real_data
def test_a_real_election_by_rankings_is_ranked_by_schulze(run: Run, session: Session) -> None:
    result = run(DATA / "US_Stanford_Dataset_Merced_Peoples_Budget_Ballot_2019_vote_rankings.pb")
    assert done(result)["ballots"] == 100
    assert "the file says" not in result.stderr
    [stored] = session.scalars(select(Tally)).all()
    names = {p.public_id: p.external_id for p in session.scalars(select(Proposal))}
    ranking = sorted(json.loads(stored.result)["totals"], key=lambda line: -int(line["total"]))
    assert [names[line["candidate"]] for line in ranking] == "1108 1105 1103 1107 1109 1110 1104 1106".split()
    assert set(outcomes(session).values()) == {ProposalStatus.ELIGIBLE}


def test_the_results_show_the_files_own_votes_marked_as_imported(run: Run, client: FlaskClient) -> None:
    said = done(run(SMALL))
    results = client.get(f"/calls/{said['call']}/results.json").json
    assert results is not None
    assert (results["call"], results["ballots"]) == (said["call"], 5)
    found = [(p["external_id"], p["votes"], p["cost"], p["rank"], p["outcome"]) for p in results["proposals"]]
    assert found == [
        ("A", 3, 60, 1, "selected"),
        ("B", 2, 50, 2, "not_selected"),
        ("C", 2, 40, 2, "selected"),
        ("D", 0, 10, 4, "not_selected"),
    ]
    for page in ("", "/results", "/rounds/vote"):
        assert "mported from" in client.get(f"/calls/{said['call']}{page}").text or page == "/rounds/vote"


def test_without_a_known_rule_the_results_hold_votes_and_no_outcome(run: Run, client: FlaskClient) -> None:
    said = done(run(SMALL.replace("rule;greedy", "rule;unknown")))
    results = client.get(f"/calls/{said['call']}/results.json").json
    assert results is not None
    assert [(p["votes"], p["outcome"], p["reason"]) for p in results["proposals"]] == [
        (votes, None, None) for votes in (3, 2, 2, 0)
    ]
    assert "no outcome is shown" in client.get(f"/calls/{said['call']}/results").text


@pytest.mark.both_databases
def test_a_large_import_is_counted_by_how_large_the_tables_are_now(run: Run, session: Session) -> None:
    """PostgreSQL: what it knows of the tables is renewed on the way, however small they were when it last looked."""
    if session.get_bind().dialect.name != "postgresql":
        pytest.skip("SQLite plans by the indexes alone")
    done(run(SMALL))
    session.commit()
    session.execute(text("ANALYZE ballots, voters, proposals"))
    session.commit()
    lines = SMALL[: SMALL.index("\n1;A,B") + 1] + "".join(f"{number};A,B\n" for number in range(3000))
    done(run(lines))
    sizes = text("SELECT relname, reltuples FROM pg_class WHERE relname IN ('ballots', 'voters')")
    assert dict(iter(session.execute(sizes))) == {"ballots": 3005, "voters": 3005}


RANKED = SMALL.replace("vote_type;approval", "vote_type;ordinal")
GIVEN = SMALL[: SMALL.index("VOTES")].replace("vote_type;approval", "vote_type;cumulative\nmax_sum_points;10")
POINTED = GIVEN.replace("num_votes;5", "num_votes;3") + "VOTES\nvoter_id;vote;points\n1;A,B;1,9\n2;A;4\n3;C,D;3,0\n"


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("greedy", "The rule of the file is another, “greedy”"),
        ("unknown", "the file does not say by which rule it was decided"),
    ],
)
def test_rankings_are_kept_and_counted_by_schulze_and_nobody_is_said_to_have_won(
    run: Run, session: Session, client: FlaskClient, rule: str, words: str
) -> None:
    said = done(run(RANKED.replace("rule;greedy", f"rule;{rule}")))
    assert ballots_kept(session) == [
        {"rank": [["A"], ["B"]]},
        {"rank": [["A"], ["C"]]},
        {"rank": [["A"]]},
        {"rank": [["B"], ["C"]]},
        {"rank": []},
    ]
    found = find_call(session, said["call"])
    assert found is not None
    assert found.facts.rules.rounds[0].method is VotingMethod.SCHULZE
    assert rule_faults(found.facts.rules) == []
    assert "by the method of Schulze" in found.facts.rules.decides
    assert words in found.facts.rules.decides
    results = client.get(f"/calls/{said['call']}/results.json").json
    assert results is not None
    told = [(p["external_id"], p["votes"], p["rank"], p["outcome"]) for p in results["proposals"]]
    assert told == [("A", 3, 1, None), ("B", 2, 2, None), ("C", 2, 3, None), ("D", 0, 4, None)]
    pages = client.get(f"/calls/{said['call']}/rounds/vote").text + client.get(f"/calls/{said['call']}/results").text
    assert "Why this one and not that one" in pages
    assert [
        words for words in ("obody won", ">won<", "The organization cho", "organization chooses") if words in pages
    ] == []


def test_an_official_result_that_the_rankings_do_not_bear_out_is_reported(run: Run) -> None:
    selected = RANKED.replace("votes;name", "votes;selected;name").replace("A;60;3;", "A;60;3;0;")
    for line in ("B;50.0;2;", "C;40;2;", "D;10;0;"):
        selected = selected.replace(line, f"{line}1;")
    result = run(selected)
    done(result)
    assert [line for line in result.stderr.splitlines() if line.startswith("the file says")] == [
        "the file says that the project A was not selected; counted by Schulze it comes first"
    ]


def test_an_official_result_that_the_rule_does_not_give_is_reported(run: Run) -> None:
    selected = SMALL.replace("votes;name", "votes;selected;name").replace("A;60;3;", "A;60;3;0;")
    for line in ("B;50.0;2;", "C;40;2;"):
        selected = selected.replace(line, f"{line}1;")
    result = run(selected.replace("D;10;0;", "D;10;0;;"))
    done(result)
    assert [line for line in result.stderr.splitlines() if line.startswith("the file says")] == [
        "the file says that the project A was not selected; by its rule and ballots it is selected",
        "the file says that the project B was selected; by its rule and ballots it is not",
    ]


def test_points_are_kept_added_up_and_compared_with_the_file(run: Run, session: Session, client: FlaskClient) -> None:
    with_scores = POINTED.replace("votes;name;category", "votes;name;score").replace("nature,water", "5")
    result = run(with_scores.replace('bench; oak";nature', 'bench; oak";8'))
    said = done(result)
    assert ballots_kept(session) == [{"points": {"A": 1, "B": 9}}, {"points": {"A": 4}}, {"points": {"C": 3}}]
    found = find_call(session, said["call"])
    assert found is not None
    vote = found.facts.rules.rounds[0]
    assert (vote.method, vote.points, vote.max_choices) == (VotingMethod.CUMULATIVE, 10, None)
    assert rule_faults(found.facts.rules) == []
    assert [line for line in result.stderr.splitlines() if line.startswith("the file says")] == [
        "the file says 3 votes for the project A, its ballots give 2",
        "the file says 2 votes for the project B, its ballots give 1",
        "the file says 8 points for the project B, its ballots give 9",
        "the file says 2 votes for the project C, its ballots give 1",
    ]
    assert "most points first" in found.facts.rules.decides
    taken = {key for key, status in outcomes(session).items() if status is ProposalStatus.SELECTED}
    assert taken == {"B", "C", "D"}
    reason = session.scalars(select(Proposal.outcome_reason).where(Proposal.external_id == "B")).one()
    assert reason == "9 points. Taken in its turn: its cost of 50 CHF fitted, and 50 CHF were left after it."
    assert client.get(f"/calls/{said['call']}/rounds/vote").status_code == 200


def test_more_points_than_the_file_allows_are_kept_and_reported(run: Run, session: Session) -> None:
    result = run(POINTED.replace("2;A;4", "2;A;14"))
    line = POINTED.splitlines().index("2;A;4") + 1
    assert done(result)["ballots"] == 3
    assert f"line {line}: 14 points are given, max_sum_points is 10; the ballot is kept" in result.stderr.splitlines()
    [tally] = session.scalars(select(Tally)).all()
    assert (json.loads(tally.result)["ballots"], json.loads(tally.result)["invalid"]) == (3, 0)


@pytest.mark.parametrize("kind", ["cumulative", "scoring"])
def test_points_of_nought_and_one_are_marks(run: Run, session: Session, kind: str) -> None:
    text = POINTED.replace("vote_type;cumulative", f"vote_type;{kind}").replace("1,9", "1,0").replace(";4\n", ";1\n")
    done(run(text.replace("3,0", "1,1")))
    assert ballots_kept(session) == [{"approve": ["A"]}, {"approve": ["A"]}, {"approve": ["C", "D"]}]


@pytest.mark.parametrize(
    ("points", "words"),
    [("2.5", "points must be whole numbers to be counted, not 2.5"), ("2000000", "more than 1,000,000 points")],
)
def test_points_that_cannot_be_counted_are_refused_in_one_line_and_nothing_is_stored(
    run: Run, session: Session, points: str, words: str
) -> None:
    result = run(POINTED.replace("2;A;4", f"2;A;{points}"))
    line = POINTED.splitlines().index("2;A;4") + 1
    assert (result.exit_code, result.stdout) == (2, "")
    [told] = result.stderr.strip().splitlines()
    assert told.startswith(f"election.pb: line {line}: {words}")
    assert session.scalar(select(func.count()).select_from(Call)) == 0


@pytest.mark.parametrize(
    ("rule", "bounds", "method"),
    [
        ("greedy", "", VotingMethod.PB_GREEDY),
        ("unknown", "", VotingMethod.APPROVAL),
        ("greedy", "categorys;nature\nbudget_per_category;90\n", VotingMethod.APPROVAL),
    ],
)
def test_baskets_are_counted_by_the_budget_where_a_round_can_follow_the_file(
    run: Run, session: Session, client: FlaskClient, rule: str, bounds: str, method: VotingMethod
) -> None:
    knapsack = SMALL.replace("max_length;2", f"max_sum_cost;100\n{bounds}".strip()).replace("nature,water", "nature")
    said = done(run(knapsack.replace("rule;greedy", f"rule;{rule}")))
    found = find_call(session, said["call"])
    assert found is not None
    vote = found.facts.rules.rounds[0]
    assert (vote.method, vote.budget) == (method, 100 if method is VotingMethod.PB_GREEDY else None)
    assert rule_faults(found.facts.rules) == []
    [tally] = session.scalars(select(Tally)).all()
    names = {p.public_id: p.external_id for p in session.scalars(select(Proposal))}
    totals = json.loads(tally.result)["totals"]
    assert {names[line["candidate"]]: line["votes"] for line in totals} == {"A": 3, "B": 2, "C": 2, "D": 0}
    if method is VotingMethod.PB_GREEDY:
        found_elected = latest_tally(session, session.scalars(select(CallRound.id)).one())
        assert found_elected is not None
        elected = {names[key] for key in found_elected.tally.elected}
        assert elected == {key for key, status in outcomes(session).items() if status is ProposalStatus.SELECTED}
    assert client.get(f"/calls/{said['call']}/rounds/vote").status_code == 200
    assert client.get(f"/calls/{said['call']}/results").status_code == 200
