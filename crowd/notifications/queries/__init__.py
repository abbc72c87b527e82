"""Whom a notice is for, and what a person is told."""

from crowd.notifications.queries.afterwards import AFTERWARDS
from crowd.notifications.queries.mails import count_mails_of_call, get_mail_of_call, list_mails_of_call
from crowd.notifications.queries.notices import (
    Subjects,
    channels_of,
    choices_of,
    count_unread,
    due_readers,
    list_due,
    list_notifications,
    other_title,
    outcome_words,
    reachable,
    recused_from,
    still_said,
    subjects_of,
    thing_of,
    told_already,
)
from crowd.notifications.queries.recipients import RECIPIENTS as BEFORE

RECIPIENTS = {**BEFORE, **AFTERWARDS}

__all__ = [
    "RECIPIENTS",
    "Subjects",
    "channels_of",
    "choices_of",
    "count_mails_of_call",
    "count_unread",
    "due_readers",
    "get_mail_of_call",
    "list_due",
    "list_mails_of_call",
    "list_notifications",
    "other_title",
    "outcome_words",
    "reachable",
    "recused_from",
    "still_said",
    "subjects_of",
    "thing_of",
    "told_already",
]
