"""The plain sections of authoring: basics, taking part, outcome. And the form that begins a call."""

from collections.abc import Sequence
from typing import Any

from babel.numbers import list_currencies
from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.validators import Length, ValidationError

from crowd.calls.commands import Basics, Outcome, TakingPart
from crowd.calls.forms.fields import Lines, language_choices, radio, whole_number, zone_choices
from crowd.calls.forms.section import SectionForm
from crowd.core.outline import Shape
from crowd.core.rules import Audience, CallRules, Entrants, Publicity, ResultsPublicity
from crowd.organizations.models import Organization
from crowd.web.forms import BaseForm, choice, long_text, one_line
from crowd.web.text import _, _l
from crowd.web.words import AUDIENCES, ENTRANTS, PUBLICITIES, RESULTS_PUBLICITIES, SHAPES

MOST_TAGS = 8
LONGEST_TAG = 40
MARKDOWN = _l("You can use **bold**, lists, links and tables (Markdown).")


class NewCallForm(BaseForm):
    """What a call begins with; all of it can be changed until it is published."""

    organization = SelectField(_l("Organization"))
    title = one_line(_l("Title"), most=150)
    shape = RadioField(
        _l("Who decides?"), default=Shape.BOTH, coerce=Shape, description=_l("You can change this later.")
    )
    language = SelectField(_l("Language of the call"))
    time_zone = SelectField(_l("Time zone of its dates"))

    def __init__(self, organizations: Sequence[Organization], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organization.choices = [choice(each.slug, each.name) for each in organizations]
        self.shape.choices = [choice(shape.value, label) for shape, label in SHAPES.items()]
        self.language.choices, self.time_zone.choices = language_choices(), zone_choices()


class BasicsForm(SectionForm):
    title = one_line(_l("Title"), most=150, needed=False)
    lead = long_text(
        _l("Lead"),
        most=300,
        needed=False,
        description=_l("One or two sentences under the title: what is asked, for whom."),
    )
    body = long_text(_l("What is asked and why"), most=20_000, needed=False, description=MARKDOWN)
    tags = StringField(_l("Tags"), description=_l("Parted by commas, at most eight."))
    language = SelectField(_l("Language of the call"))

    def initial(self, rules: CallRules) -> dict[str, Any]:
        return {
            "title": rules.title,
            "lead": rules.lead,
            "body": rules.body,
            "tags": ", ".join(rules.tags),
            "language": rules.language,
        }

    def prepare(self) -> None:
        self.language.choices = language_choices()

    def validate_tags(self, field: StringField) -> None:
        tags = split_tags(field.data or "")
        if len(tags) > MOST_TAGS:
            raise ValidationError(_("At most %(most)d tags.", most=MOST_TAGS))
        if any(len(tag) > LONGEST_TAG for tag in tags):
            raise ValidationError(_("A tag has at most %(most)d characters.", most=LONGEST_TAG))

    def change(self) -> Basics:
        return Basics(
            self.title.data or "",
            self.lead.data or "",
            self.body.data or "",
            split_tags(self.tags.data or ""),
            self.language.data,
        )


def split_tags(text: str) -> tuple[str, ...]:
    """Lower case, without #, each once, in the order written."""
    tags = (" ".join(part.replace("#", " ").split()).casefold() for part in text.split(","))
    return tuple(dict.fromkeys(tag for tag in tags if tag))


class TakingPartForm(SectionForm):
    audience = radio(_l("Who may see the call?"), Audience, AUDIENCES)
    entrants = radio(_l("Who may hand in?"), Entrants, ENTRANTS)
    eligibility = long_text(
        _l("Who may take part, in words"),
        most=2000,
        needed=False,
        description=_l("Age, place, profession, teams: whatever counts."),
    )
    own_people_may_enter = BooleanField(_l("The organization's own people may enter too"))
    paper_days = whole_number(
        _l("Days to enter what came on paper"),
        0,
        60,
        description=_l("After the deadline; for proposals that reached you in time on paper or by telephone."),
    )
    most_as_lead = whole_number(
        _l("Most proposals one person may hand in"), 1, 1000, description=_l("As lead. Leave it empty for no limit.")
    )
    most_in_team = whole_number(
        _l("Most proposals one person may stand in"),
        1,
        1000,
        description=_l("Lead or team member, all counted. Leave it empty for no limit."),
    )
    handed_in = long_text(
        _l("What is handed in"),
        most=4000,
        needed=False,
        description=_l("Form, length, files: what a proposal must hold."),
    )
    asks_cost = BooleanField(_l("Each proposal states what it costs"))
    currency = StringField(_l("Currency"), [Length(max=3)], description=_l("Three letters, such as EUR or MXN."))
    max_attachments = whole_number(_l("Files per proposal"), 0, 10, description=_l("0 to 10; 0 means none."))
    declarations = Lines(
        _l("What people declare when handing in"),
        [Length(max=4000, message=_l("At most %(max)d characters."))],
        description=_l("One sentence in each line. Each is ticked on its own."),
    )
    licence = one_line(
        _l("Licence of proposals"),
        most=200,
        needed=False,
        description=_l("For example CC BY 4.0, or “stays with the authors”."),
    )
    publicity = radio(_l("When are proposals shown to everybody?"), Publicity, PUBLICITIES)

    def initial(self, rules: CallRules) -> dict[str, Any]:
        names = [name for name in TakingPart.__dataclass_fields__ if name != "declarations"]
        return {name: getattr(rules, name) for name in names} | {"declarations": "\n".join(rules.declarations)}

    def validate_currency(self, field: StringField) -> None:
        field.data = (field.data or "").strip().upper()
        if field.data not in list_currencies():
            raise ValidationError(_("Write the three letters of a currency, such as EUR."))

    def validate_max_attachments(self, field: Any) -> None:
        if field.data is None:
            raise ValidationError(_("This is needed."))

    def change(self) -> TakingPart:
        return TakingPart(
            audience=self.audience.data,
            entrants=self.entrants.data,
            eligibility=self.eligibility.data or "",
            own_people_may_enter=self.own_people_may_enter.data,
            paper_days=self.paper_days.data or 0,
            most_as_lead=self.most_as_lead.data,
            most_in_team=self.most_in_team.data,
            handed_in=self.handed_in.data or "",
            asks_cost=self.asks_cost.data,
            currency=self.currency.data or "",
            max_attachments=self.max_attachments.data or 0,
            declarations=self.declarations.lines(),
            licence=self.licence.data or "",
            publicity=self.publicity.data,
        )


class OutcomeForm(SectionForm):
    prize = long_text(
        _l("Prize"), most=1000, needed=False, description=_l("What the selected get. A prize or a credit is needed.")
    )
    credit = long_text(
        _l("Credit"),
        most=1000,
        needed=False,
        description=_l("How and where the authors of what is selected are named."),
    )
    results_publicity = radio(_l("What do results show of those not selected?"), ResultsPublicity, RESULTS_PUBLICITIES)
    contact = one_line(_l("Contact"), most=200, needed=False, description=_l("An address that somebody reads."))
    answer_days = whole_number(_l("We answer within … working days"), 1, 365)

    def initial(self, rules: CallRules) -> dict[str, Any]:
        return {name: getattr(rules, name) for name in Outcome.__dataclass_fields__}

    def change(self) -> Outcome:
        return Outcome(
            self.prize.data or "",
            self.credit.data or "",
            self.results_publicity.data,
            self.contact.data or "",
            self.answer_days.data,
        )


def reason_field() -> Any:
    """The public reason that every use of power leaves."""
    return long_text(
        _l("Reason"),
        most=1000,
        description=_l("Public: it stands in the history of the call and in the notice to those concerned."),
    )
