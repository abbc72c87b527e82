"""The forms of authoring, one for each section, and of the acts upon the schedule."""

from crowd.calls.forms.deciding import DecidingForm
from crowd.calls.forms.questions import QuestionsForm
from crowd.calls.forms.rounds import RoundForm
from crowd.calls.forms.section import SectionForm
from crowd.calls.forms.sections import BasicsForm, NewCallForm, OutcomeForm, TakingPartForm
from crowd.calls.forms.stages import StagesForm

__all__ = [
    "BasicsForm",
    "DecidingForm",
    "NewCallForm",
    "OutcomeForm",
    "QuestionsForm",
    "RoundForm",
    "SectionForm",
    "StagesForm",
    "TakingPartForm",
]
