"""What two of the calls ask beyond the text: every kind of answer between them."""

from crowd.core.fields import AnswerKind, Counted, CustomField, SeenBy
from crowd.core.status import StageKind as K

GARDEN_QUESTIONS = (
    CustomField(
        "corner",
        AnswerKind.CHOICE,
        "Where in the yard?",
        help="The plan with the four parts hangs in the library.",
        required=True,
        choices=("South wall", "Under the walnut", "Open paving", "Street side"),
    ),
    CustomField(
        "readers",
        AnswerKind.CHOICES,
        "Who is it for above all?",
        choices=("Children", "Students", "Older readers", "People with disabilities", "People at work"),
        most_choices=3,
    ),
    CustomField(
        "upkeep",
        AnswerKind.LONG,
        "Who looks after it in the third year?",
        longest=60,
        counted=Counted.WORDS,
        seen_by=SeenBy.REVIEWERS,
    ),
    CustomField("area", AnswerKind.NUMBER, "Square metres it takes", least="0.5", most="400", decimals=1),
    CustomField("ready", AnswerKind.DATE, "Could be ready by", least="2026-01-01"),
    CustomField("example", AnswerKind.LINK, "Something like it elsewhere"),
    CustomField("drawing", AnswerKind.FILE, "A drawing"),
    CustomField(
        "telephone",
        AnswerKind.SHORT,
        "A telephone number for the building team",
        help="Asked of those whom the jury reads.",
        required_from=K.REVIEW.value,
        frozen_from=K.RESULTS.value,
        longest=40,
        seen_by=SeenBy.ORGANIZERS,
    ),
)

SOMBRA_QUESTIONS = (
    CustomField(
        "da", AnswerKind.CHOICE, "¿Qué da, sobre todo?", required=True, choices=("Sombra", "Agua", "Un lugar fresco")
    ),
    CustomField("lugar", AnswerKind.SHORT, "Lugar exacto", help="Calle y esquina, o el nombre del lugar.", longest=80),
    CustomField("personas", AnswerKind.NUMBER, "Personas por día, más o menos", least="1", most="20000"),
    CustomField("antes", AnswerKind.LONG, "¿Se probó algo parecido antes?", longest=400),
    CustomField(
        "telefono",
        AnswerKind.SHORT,
        "Teléfono de quien coordina",
        required_from=K.VOTING.value,
        frozen_from=K.SELECTION.value,
        longest=40,
        seen_by=SeenBy.ORGANIZERS,
    ),
)
