"""Forms of proposals: parse, and give a frozen command."""

from crowd.proposals.forms.writing import LANGUAGES, ProposalForm, file_facts, part_label

__all__ = ["LANGUAGES", "ProposalForm", "file_facts", "part_label"]
