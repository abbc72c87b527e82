"""The calls of the cooperative, in Spanish."""

from crowd.core.rules import (
    CallRules,
    Component,
    CountRule,
    Publicity,
    Round,
    RoundKind,
    SelectionRules,
    TieBreak,
    VotingMethod,
)
from crowd.core.status import StageKind as K
from crowd.demo.calls.questions import SOMBRA_QUESTIONS
from crowd.demo.people import MONTEVIDEO
from crowd.demo.plans import Plan, Question, spans

OWN_WORK = "La propuesta es nuestra y todas las personas nombradas están de acuerdo."
LICENCE = "El texto puede publicarse con nuestros nombres bajo la licencia CC BY 4.0."
CONTACT = "convocatorias@sol-del-arroyo.example"

EXCEDENTE = Plan(
    key="excedente",
    organization="cooperative",
    manager="ramon",
    published=-58,
    rules=CallRules(
        title="¿En qué invertimos el excedente de este año?",
        lead="Quedaron 45.000 dólares después de pagar todo. Son de todos: propongamos, discutamos y votemos.",
        body="El año cerró con 45.000 dólares de excedente. La asamblea resolvió que no se repartan y que el barrio diga en qué se usan.\n\n"
        "Puede ser algo que genere energía, que la ahorre o que ayude a quien le cuesta pagarla. "
        "**Cada propuesta dice cuánto cuesta y quién se hace cargo después.**\n\n"
        "### Cómo sigue\n\n"
        "1. Discutimos aquí y en dos asambleas abiertas.\n"
        "2. Cada socia y cada socio da de 0 a 5 puntos a cada propuesta.\n"
        "3. La comisión publica el resultado con un motivo para cada una.",
        tags=("energía", "presupuesto"),
        language="es",
        time_zone=MONTEVIDEO,
        eligibility="Cualquier persona del barrio, sea socia o no. Votan todas las cuentas confirmadas.",
        own_people_may_enter=True,
        handed_in="Qué se hace, dónde, cuánto cuesta en dólares y quién lo cuida.",
        asks_cost=True,
        currency="USD",
        declarations=(OWN_WORK, LICENCE),
        prize="Las propuestas elegidas se realizan en doce meses, hasta sumar 45.000 dólares.",
        credit="Los nombres del equipo quedan en la obra, en este sitio y en un certificado.",
        licence="CC BY 4.0",
        contact=CONTACT,
        answer_days=8,
        publicity=Publicity.AT_ONCE,
        decides="Decide el voto por puntos. La comisión puede apartarse del orden solo con un motivo público.",
        rounds=(Round("vote", RoundKind.VOTE, K.VOTING.value, "Voto por puntos", method=VotingMethod.SCORE),),
        selection=SelectionRules(
            components=(Component("vote", 100),), places=10, budget=45_000, tie_break=TieBreak.ALL_TIED_PASS
        ),
    ),
    spans=spans(
        -55, (K.SUBMISSION, -24), (K.SCREENING, -15), (K.DISCUSSION, 66), (K.VOTING, 87), (K.SELECTION, 97), results=97
    ),
    questions=(
        Question(
            "dolores",
            "¿Se puede proponer que una parte quede guardada para emergencias?",
            "ramon",
            "Sí. Hay que decir cuánto, para qué y quién la administra.",
        ),
        Question(
            "aurelio",
            "¿Las asambleas son presenciales?",
            "ramon",
            "Las dos son en el salón comunal, y se pueden seguir por la radio.",
        ),
    ),
)

SOMBRA = Plan(
    key="sombra",
    organization="cooperative",
    manager="ramon",
    published=-74,
    rules=CallRules(
        title="Calles más frescas: sombra y agua para el verano",
        lead="Treinta mil dólares para que el próximo enero se pueda caminar por el barrio al mediodía.",
        body="El verano pasado hubo diecinueve días con más de 35 grados. En las calles sin árboles, el piso pasó de 50.\n\n"
        "Buscamos cosas concretas que den **sombra, agua o un lugar fresco**, que se puedan terminar antes de enero "
        "y que alguien quiera cuidar.",
        tags=("clima", "espacio público"),
        language="es",
        time_zone=MONTEVIDEO,
        eligibility="Cualquier persona, con o sin cuenta en la cooperativa.",
        own_people_may_enter=True,
        handed_in="Qué, dónde, cuánto cuesta en dólares y quién lo cuida.",
        asks_cost=True,
        currency="USD",
        custom_fields=SOMBRA_QUESTIONS,
        declarations=(OWN_WORK, LICENCE),
        prize="Se realiza todo lo que alcance con 30.000 dólares, de la más votada hacia abajo.",
        credit="Una chapa con los nombres en cada lugar, y un certificado.",
        licence="CC BY 4.0",
        contact=CONTACT,
        answer_days=8,
        publicity=Publicity.AFTER_SUBMISSION,
        decides="Decide el voto: cada persona llena una canasta de hasta cinco propuestas con lo que pagan 30.000 dólares, "
        "y se financia de la más votada hacia abajo lo que entre en el presupuesto.",
        rounds=(
            Round(
                "vote",
                RoundKind.VOTE,
                K.VOTING.value,
                "Voto del barrio",
                method=VotingMethod.PB_GREEDY,
                max_choices=5,
                budget=30_000,
            ),
        ),
        selection=SelectionRules(components=(Component("vote", 100),), count=CountRule.ELECTED),
    ),
    spans=spans(-70, (K.SUBMISSION, -36), (K.SCREENING, -20), (K.VOTING, 68), (K.SELECTION, 78), results=78),
    ballots=27,
    questions=(
        Question(
            "valentina",
            "¿Puede votar quien tiene menos de dieciocho años?",
            "ramon",
            "Sí, con una cuenta confirmada. La calle también es suya.",
        ),
    ),
)
