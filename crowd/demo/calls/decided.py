"""The calls of the libraries that are being decided, or are."""

from crowd.core.rules import (
    CallRules,
    Component,
    Gate,
    GateKind,
    Publicity,
    Round,
    RoundKind,
    SelectionRules,
    TieBreak,
    VotingMethod,
)
from crowd.core.status import ObjectionKind
from crowd.core.status import StageKind as K
from crowd.demo.calls.library import BENEFIT, CONTACT, FEASIBLE, LICENCE, OWN_WORK, UPKEEP
from crowd.demo.people import DUBLIN
from crowd.demo.plans import Juror, Plan, Protest, Question, spans

THINGS = Plan(
    key="things",
    organization="library",
    manager="manager",
    published=-100,
    rules=CallRules(
        title="Library of things: what shall we lend next?",
        lead="Beside books we lend 140 things, from drills to tents. 12,000 EUR are there for more.",
        body="A good thing to lend is used seldom, costs too much for one household, survives strangers and fits behind the desk.\n\n"
        "Tell us **what, how many, and what could go wrong**. You need not own or make it; you only have to know why it belongs here.",
        tags=("lending", "libraries"),
        time_zone=DUBLIN,
        eligibility="Anybody with or without a library card.",
        handed_in="What we should lend, what it costs, what has to be looked after.",
        asks_cost=True,
        declarations=(OWN_WORK, LICENCE),
        prize="What is chosen is bought and lent from next spring. You are the first to borrow it.",
        credit="Your name on the thing, in the catalogue and on a certificate.",
        licence="CC BY 4.0",
        contact=CONTACT,
        answer_days=10,
        publicity=Publicity.AT_ONCE,
        decides="The public gives each proposal 0 to 5 points, four jurors score it; both count half. "
        "Whatever stays under a mean of 1.5 with the jury is not bought.",
        rounds=(
            Round("vote", RoundKind.VOTE, K.VOTING.value, "Points from everybody", method=VotingMethod.SCORE),
            Round(
                "jury",
                RoundKind.REVIEW,
                K.REVIEW.value,
                "Jury of four",
                criteria=(BENEFIT, FEASIBLE, UPKEEP),
                min_reviews=2,
                show_jurors=True,
            ),
        ),
        selection=SelectionRules(
            components=(Component("vote", 50), Component("jury", 50)),
            gates=(Gate(GateKind.LEAST_MEAN, "jury", "1.5"),),
            places=8,
            budget=12_000,
        ),
    ),
    spans=spans(
        -96, (K.SUBMISSION, -66), (K.SCREENING, -56), (K.VOTING, -34), (K.REVIEW, -9), (K.SELECTION, 66), results=66
    ),
    jurors=(Juror("reviewer2", chair=True), Juror("reviewer1"), Juror("odile"), Juror("siobhan")),
    ballots=34,
    questions=(
        Question(
            "milan",
            "Do you lend things that need fuel?",
            "manager",
            "No. Batteries yes, petrol no: the cellar has no ventilation.",
        ),
    ),
)

ACCESS = Plan(
    key="access",
    organization="library",
    manager="manager",
    published=-154,
    rules=CallRules(
        title="What keeps you out? Small changes for an easier library",
        lead="A step, a sound, a form, a label: name one thing that keeps people out and how to change it.",
        body="In autumn we asked 300 people who never come why. Few answers had to do with books.\n\n"
        "We have 15,000 EUR for small changes that can be made **within a year and by ourselves**. "
        "Large ones are welcome too: we hand them to the city's building programme with the jury's word.\n\n"
        "Everything that is proposed gets an answer, also what is not chosen.",
        tags=("accessibility", "libraries"),
        time_zone=DUBLIN,
        eligibility="Everybody, above all those whom this is about.",
        handed_in="What keeps whom out, what would change it, what it costs.",
        asks_cost=True,
        declarations=(OWN_WORK, LICENCE),
        prize="What is selected is made within a year. 300 EUR for each team that helps with it.",
        credit="The names of the team, with their parts and shares, on this site and on a certificate.",
        licence="CC BY 4.0",
        contact=CONTACT,
        answer_days=10,
        publicity=Publicity.AT_ONCE,
        decides="Everybody votes for up to six proposals (40 parts in a hundred). Five jurors, four of them disabled, score each "
        "proposal (60 parts). The libraries decide on these numbers and say why.",
        rounds=(
            Round("vote", RoundKind.VOTE, K.VOTING.value, "Public vote", max_choices=6),
            Round(
                "jury",
                RoundKind.REVIEW,
                K.REVIEW.value,
                "Jury of five",
                criteria=(BENEFIT, FEASIBLE, UPKEEP),
                min_reviews=3,
                show_jurors=True,
            ),
        ),
        selection=SelectionRules(
            components=(Component("vote", 40), Component("jury", 60)),
            places=7,
            budget=15_000,
            tie_break=TieBreak.ORGANIZATION_DECIDES,
        ),
    ),
    spans=spans(
        -150,
        (K.SUBMISSION, -115),
        (K.SCREENING, -104),
        (K.VOTING, -80),
        (K.REVIEW, -45),
        (K.SELECTION, -34),
        (K.OBJECTION, -18),
        results=-18,
    ),
    jurors=(
        Juror("reviewer1", chair=True),
        Juror("reviewer2"),
        Juror("sunita"),
        Juror("odile"),
        Juror("wei"),
    ),
    protests=(
        Protest(
            "emre",
            "Doors that open before the rain does",
            ObjectionKind.FACTS,
            "The reason says that the motors need a new power line. Two of the three doors I named have one: the old till stood there.",
            "The socket can be seen in the photograph of the Hill Street branch on your own site.",
            "george",
            upheld=False,
            answer="I looked at both doors with the electrician. The sockets are there, but on a circuit that carries the lights: "
            "a motor needs its own. The reason stands. We note the photograph for the building programme.",
        ),
        Protest(
            "kwame",
            None,
            ObjectionKind.RULES,
            "The rules say that everything too large goes to the city with the jury's word. The results name the archive but not the aisles.",
            "Rules, first paragraph; ranking, the last lines.",
            "george",
            upheld=True,
            answer="That is right. The aisles were handed to the city on the same day as the archive, and we forgot to say so. "
            "No outcome changes; the letter to the city lists both.",
        ),
    ),
    ballots=38,
    justification="The lift to the archive stands fifth in the ranking and costs more than is left after the first four. "
    "We handed it to the city and went on down the ranking with those that fit: the sixth, the seventh and the eighth.",
    questions=(
        Question(
            "kwame",
            "Does a lift count as a small change?",
            "manager",
            "It does not fit the budget, but hand it in all the same: what is large goes to the city with the jury's recommendation.",
        ),
        Question(
            "ngoc",
            "I am not good at writing. May I send photographs with one sentence each?",
            "moderator",
            "Yes. One juror said that she would be grateful.",
        ),
    ),
)
