"""The calls of the libraries in which proposals are written, screened and reviewed."""

from crowd.core.rules import (
    Audience,
    Blindness,
    CallRules,
    Component,
    CountRule,
    Criterion,
    Entrants,
    Publicity,
    ResultsPublicity,
    Round,
    RoundKind,
    SelectionRules,
    TieBreak,
)
from crowd.core.status import StageKind as K
from crowd.demo.calls.questions import GARDEN_QUESTIONS
from crowd.demo.people import DUBLIN
from crowd.demo.plans import Juror, Plan, Question, spans

BENEFIT = Criterion(
    "benefit",
    "Benefit to readers",
    50,
    (
        "Helps nobody we can name",
        "Pleasant, for few",
        "Useful to some, or a little to many",
        "Clearly useful to many, or decisive for some",
        "Changes how people use the library",
    ),
)
FEASIBLE = Criterion(
    "feasible",
    "Can it be done",
    30,
    (
        "Not within a year",
        "Only with help that is not in sight",
        "Yes, with open questions",
        "Yes, the plan is sound",
        "Yes, and it can begin next week",
    ),
)
UPKEEP = Criterion(
    "upkeep",
    "Who looks after it later",
    20,
    (
        "Nobody",
        "Left to goodwill",
        "Named, not agreed",
        "Agreed for the first years",
        "Agreed, paid and hard to break",
    ),
)
OWN_WORK = "This proposal is our own work, and everybody named in it has agreed."
LICENCE = "The text may be published under CC BY 4.0 with our names."
CONTACT = "calls@alderbay-libraries.example"

MORNINGS = Plan(
    key="mornings",
    organization="library",
    manager="manager",
    published=None,
    rules=CallRules(
        title="Quieter mornings: ideas from our own staff",
        lead="What could we leave out, move or mend so that the hour before opening is calm? For everybody who works in the nine branches.",
        body="Between eight and nine we unpack, sort, switch on, answer the first calls and look for the key of the bicycle shed.\n\n"
        "We would like to hear from those who do it. **One change that would help, in your branch or in all.** "
        "It may be small. It may cost up to 1,500 EUR.",
        tags=("staff", "work"),
        time_zone=DUBLIN,
        audience=Audience.MEMBERS,
        entrants=Entrants.MEMBERS,
        own_people_may_enter=True,
        eligibility="Everybody who works for the Alder Bay libraries, volunteers included.",
        handed_in="A few sentences; a photograph if it helps.",
        asks_cost=True,
        declarations=(OWN_WORK,),
        licence="For use inside the libraries",
        contact=CONTACT,
        screening=False,
        publicity=Publicity.AT_ONCE,
        selection=SelectionRules(count=CountRule.NONE),
    ),
    spans=spans(14, (K.SUBMISSION, 35), (K.SELECTION, 49), results=49),
)

GARDEN = Plan(
    key="garden",
    organization="library",
    manager="manager",
    published=-24,
    rules=CallRules(
        title="Ideas for the reading garden at Quay Street",
        lead="Behind the main library lie 900 square metres of paving. What should stand, grow or happen there?",
        body="The car park behind Quay Street closed in spring. Since then there is a walnut, a bicycle shed and a lot of paving.\n\n"
        "We want a garden to read in, open whenever the library is. There are **60,000 EUR**, and the walnut stays.\n\n"
        "### What we look for\n\n"
        "- things that work in February too, or make good use of July\n"
        "- room for people who cannot sit, see, hear or climb as others do\n"
        "- an honest word on who looks after it later\n\n"
        "### What we cannot do\n\n"
        "No building with foundations deeper than a metre: the old quay wall is below. No music after nine.",
        tags=("garden", "building", "libraries"),
        time_zone=DUBLIN,
        eligibility="Anybody, alone or in a team, wherever you live. People who work for the libraries may comment but not enter.",
        handed_in="A text of up to two pages with what it costs. Drawings are welcome, up to three files.",
        asks_cost=True,
        custom_fields=GARDEN_QUESTIONS,
        most_as_lead=3,
        declarations=(OWN_WORK, LICENCE, "We have read what cannot be built there."),
        prize="The best proposals are built, together as far as 60,000 EUR go. Each team receives 500 EUR for helping with the plans.",
        credit="Names and parts of everybody in the team on a plate in the garden, on this site and on a certificate.",
        licence="CC BY 4.0",
        contact=CONTACT,
        answer_days=10,
        publicity=Publicity.AT_ONCE,
        decides="Everybody with a confirmed account votes for up to five proposals. Five jurors score what is eligible. "
        "Vote and jury count 40 and 60 parts in a hundred; the libraries decide on these numbers and give a reason for each outcome.",
        rounds=(
            Round("vote", RoundKind.VOTE, K.VOTING.value, "Public vote", max_choices=5),
            Round(
                "jury", RoundKind.REVIEW, K.REVIEW.value, "Jury", criteria=(BENEFIT, FEASIBLE, UPKEEP), min_reviews=3
            ),
        ),
        selection=SelectionRules(
            components=(Component("vote", 40), Component("jury", 60)),
            places=12,
            budget=60_000,
            tie_break=TieBreak.ORGANIZATION_DECIDES,
        ),
    ),
    cover="Drawing: a brick wall, a walnut tree with a bench beneath it, and beds of lavender in front.",
    spans=spans(
        -20, (K.SUBMISSION, 75), (K.SCREENING, 85), (K.VOTING, 105), (K.REVIEW, 130), (K.SELECTION, 145), results=145
    ),
    screened=11,
    questions=(
        Question(
            "ngoc",
            "May a proposal use the wall to the car park next door?",
            "manager",
            "Yes. The owner has agreed in writing to anything that can be unscrewed again.",
        ),
        Question(
            "emre",
            "How much wind does the yard get?",
            "manager",
            "More than we would like. The building team measured gusts of 70 km/h at the north corner last winter.",
        ),
        Question(
            "leila",
            "Will there be light after closing time?",
            "moderator",
            "Until nine in the evening, yes: the gate is on its own lock.",
        ),
    ),
)

EVENINGS = Plan(
    key="evenings",
    organization="library",
    manager="manager",
    published=-50,
    rules=CallRules(
        title="One late evening a month: who fills it?",
        lead="From autumn the main library stays open until ten on every last Thursday. We give the room, you give the evening.",
        body="Twelve evenings, from eight to ten, in the reading room. Up to eighty people, free for everybody.\n\n"
        "We look for people who do something **with** those who come, not only in front of them. "
        "You get the room, chairs, a screen, somebody who makes tea, and a fee.\n\n"
        "Everything ends at ten: the building cannot be staffed through the night.",
        tags=("events", "evenings", "libraries"),
        time_zone=DUBLIN,
        eligibility="People and groups in the county. Nothing may be sold at an evening.",
        handed_in="What happens on one evening, minute by minute if you like, and what you need from us.",
        declarations=(OWN_WORK, LICENCE),
        prize="400 EUR for each evening and up to 150 EUR for material.",
        credit="You are named on the programme, in the archive of evenings and on a certificate.",
        licence="CC BY 4.0",
        contact=CONTACT,
        answer_days=15,
        publicity=Publicity.AFTER_SUBMISSION,
        results_publicity=ResultsPublicity.TITLE_AND_RANK,
        decides="Moderators check that a proposal is an evening, free and over by ten. Then five jurors score it. "
        "The twelve best become the programme.",
        rounds=(Round("jury", RoundKind.REVIEW, K.REVIEW.value, "Jury", criteria=(BENEFIT, FEASIBLE), min_reviews=3),),
        selection=SelectionRules(components=(Component("jury", 100),), places=12),
    ),
    spans=spans(-48, (K.SUBMISSION, -6), (K.SCREENING, 70), (K.REVIEW, 95), (K.SELECTION, 105), results=105),
    questions=(
        Question(
            "wayan",
            "Can the ceiling lights be dimmed?",
            "moderator",
            "In four steps, down to almost nothing. The emergency signs stay on.",
        ),
    ),
)

RESEARCH = Plan(
    key="research",
    organization="library",
    manager="manager",
    published=-80,
    rules=CallRules(
        title="Small grants for questions about this town",
        lead="Up to 6,000 EUR for anybody who wants to find something out about Alder Bay and to publish how.",
        body="You need no degree and no institute. You need a question, a way to answer it and the will to show your working.\n\n"
        "We have 24,000 EUR, a reading room, nine branches full of people to ask, and the county's archive across the yard.\n\n"
        "What you find is published openly, *also when it is not what you hoped for*.",
        tags=("research", "local history", "grants"),
        time_zone=DUBLIN,
        eligibility="Everybody over 16. Staff of the libraries may not enter.",
        handed_in="The question, the way, the costs and what is left at the end, on two pages.",
        asks_cost=True,
        declarations=(OWN_WORK, "Results are published under an open licence."),
        prize="Up to 6,000 EUR for a grant, 24,000 EUR in all.",
        credit="Authors are named with their parts in the catalogue, on this site and on a certificate.",
        licence="CC BY 4.0",
        contact=CONTACT,
        answer_days=20,
        publicity=Publicity.AFTER_SUBMISSION,
        decides="Six jurors from outside read three to eight proposals each, never those of people they are close to. "
        "Their weighted mean makes the ranking; the libraries decide and give reasons.",
        rounds=(
            Round(
                "jury",
                RoundKind.REVIEW,
                K.REVIEW.value,
                "Jury of six",
                criteria=(
                    Criterion(
                        "question",
                        "Question",
                        40,
                        (
                            "Not clear what is asked",
                            "Clear, but answered before",
                            "Worth asking",
                            "Worth asking here and now",
                            "We did not know that we needed this",
                        ),
                    ),
                    Criterion(
                        "method",
                        "Method",
                        40,
                        (
                            "Does not lead to an answer",
                            "Might lead there, with luck",
                            "Sound in outline",
                            "Sound in every step",
                            "Others will copy it",
                        ),
                        comment_required=True,
                    ),
                    Criterion(
                        "open",
                        "What is left for others",
                        20,
                        ("Nothing", "A talk", "A text", "Text and data", "Text, data and a way to go on"),
                    ),
                ),
                min_reviews=2,
                show_jurors=True,
                blindness=Blindness.DOUBLE,
            ),
        ),
        selection=SelectionRules(components=(Component("jury", 100),), places=6, budget=24_000),
    ),
    spans=spans(-76, (K.SUBMISSION, -40), (K.SCREENING, -28), (K.REVIEW, 66), (K.SELECTION, 80), results=80),
    jurors=(
        Juror("reviewer1", chair=True),
        Juror("reviewer2"),
        Juror("kenji"),
        Juror("amal"),
        Juror("sunita"),
        Juror("matheus"),
    ),
    questions=(
        Question(
            "priya",
            "Does a grant cover my own hours?",
            "manager",
            "Yes, if you say how many and what you reckon for each.",
        ),
    ),
)
