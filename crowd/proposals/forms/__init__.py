"""Forms of proposals: parse, and give a frozen command."""

from crowd.proposals.commands import LANGUAGES
from crowd.proposals.forms.entering import EntryForm
from crowd.proposals.forms.handing_in import DeleteForm, HandInForm, WithdrawForm
from crowd.proposals.forms.merging import Part, is_choice, parts_of, resolved
from crowd.proposals.forms.screening import ScreeningForm
from crowd.proposals.forms.similar import DifferenceForm, JoinForm
from crowd.proposals.forms.team import AnswerForm, InviteForm, RolesForm, TeamTable
from crowd.proposals.forms.words import SCREENING_CODES, screening_words
from crowd.proposals.forms.writing import ProposalForm, file_facts, form_of_fields, part_label

__all__ = [
    "LANGUAGES",
    "SCREENING_CODES",
    "AnswerForm",
    "DeleteForm",
    "DifferenceForm",
    "EntryForm",
    "HandInForm",
    "InviteForm",
    "JoinForm",
    "Part",
    "ProposalForm",
    "RolesForm",
    "ScreeningForm",
    "TeamTable",
    "WithdrawForm",
    "file_facts",
    "form_of_fields",
    "is_choice",
    "part_label",
    "parts_of",
    "resolved",
    "screening_words",
]
