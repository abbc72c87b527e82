"""What refusals of this area say."""

from crowd.web.text import _l

SENTENCES: dict[str, object] = {
    "answer_no_text": _l("Write text."),
    "answer_many_characters": _l("At most %(most)s characters; these are %(count)s."),
    "answer_many_words": _l("At most %(most)s words; these are %(count)s."),
    "answer_few_characters": _l("At least %(least)s characters; these are %(count)s."),
    "answer_few_words": _l("At least %(least)s words; these are %(count)s."),
    "answer_not_offered": _l("“%(value)s” is not among the choices."),
    "answer_many_choices": _l("Choose at most %(most)s; these are %(count)s."),
    "answer_no_number": _l("Write a number, such as 1200 or 12.5."),
    "answer_not_whole": _l("Write a whole number."),
    "answer_decimals": _l("At most %(most)s decimals."),
    "answer_below": _l("Not below %(least)s."),
    "answer_above": _l("Not above %(most)s."),
    "answer_early": _l("Not before %(least)s."),
    "answer_late": _l("Not after %(most)s."),
    "answer_no_date": _l("Write a date as 2026-05-12."),
    "answer_no_link": _l("Write the address of a web page, such as https://example.org."),
    "answer_file": _l("A file is attached here, not written."),
    "answer_frozen": _l("“%(label)s” can no longer be changed."),
    "import_done": _l("This file was imported already."),
    "sheet_too_large": _l("The file is larger than %(most)s MB."),
    "sheet_too_long": _l("The file has more than %(most)s lines. Part it."),
    "sheet_empty": _l("The file has no line of data."),
    "sheet_encoding": _l("The letters of the file cannot be read. Save it as UTF-8."),
    "sheet_broken": _l("Line %(line)s begins a text in quotes that does not end properly."),
    "sheet_column_twice": _l("The column “%(column)s” stands there twice."),
    "sheet_no_title": _l("There is no column “title”. The first line names the columns."),
    "sheet_cells": _l("More cells than the first line has columns."),
    "sheet_line_twice": _l("The same proposal stands in line %(line)s."),
    "sheet_email": _l("This is not an e-mail address."),
    "sheet_cost": _l("Write a whole amount, such as 1200."),
    "entry_changed": _l(
        "The team of this proposal was changed meanwhile, so it can no longer be taken over by this link."
    ),
    "too_many_led": _l(
        "You have handed in as many proposals as one person may (%(most)s). Withdraw one of them first; this draft is kept."
    ),
    "too_many_joined": _l("%(name)s already stands in as many proposals of this call as one person may (%(most)s)."),
    "too_many_drafts": _l("You have %(most)s drafts in this call. Finish or delete one of them first."),
    "too_much_text": _l("This is too long to be kept without an account."),
    "too_many_texts": _l(
        "Very many texts were begun from here without an account. Sign in to save yours, or wait an hour: it stays on this page."
    ),
    "part_missing": _l("This is needed."),
    "nothing_corrected": _l("Nothing is changed yet. Make the correction first, then send it."),
    "not_complete": _l("A required part is still missing. Your draft is kept."),
    "not_declared": _l("Each of these is needed to hand in."),
    "code_needed": _l("Choose the reason."),
    "reason_needed": _l("The authors need a reason in words."),
    "due_needed": _l("Choose a day from today on."),
    "due_too_late": _l("At most %(days)s days from today."),
    "screening_over": _l(
        "This can no longer be undone: the screening is over, or a round has the proposal on its list."
    ),
    "already_in_team": _l("This person is in the team already."),
    "team_full": _l("A team has at most %(most)s members."),
    "share_too_large": _l("This is more than your own share. Change the shares first."),
    "shares_not_whole": _l("The shares together have to make 100 %."),
    "terms_changed": _l("What is proposed was changed meanwhile. Look at it once more, then answer."),
    "invitation_expired": _l("This invitation is over. Ask for a new one."),
    "team_changed": _l("The team was changed meanwhile. Look at it once more."),
    "asked_already": _l("You have asked this team already."),
    "too_many_differences": _l("At most %(most)s such explanations. Take one back first."),
    "file_empty": _l("“%(name)s” is empty."),
    "file_too_large": _l("“%(name)s” is larger than %(most)s MB."),
    "file_with_scripts": _l(
        "“%(name)s” is a web page or a drawing that can carry scripts (HTML, SVG). Send it as PDF or PNG."
    ),
    "file_kind": _l("“%(name)s” is of a kind that is not taken here."),
    "file_misnamed": _l("“%(name)s” is not what its name says: its content is %(kind)s. Give it the right ending."),
    "pdf_locked": _l("“%(name)s” is protected by a password. Send it without one."),
    "pdf_long": _l("“%(name)s” has more than 500 pages. Send a shorter one."),
    "pdf_broken": _l("“%(name)s” cannot be read as a PDF. Save it anew and try once more."),
    "document_locked": _l("“%(name)s” is protected by a password. Send it without one."),
    "document_bomb": _l("“%(name)s” unpacks to far more than it should. Save it anew or send it as PDF."),
    "document_macros": _l("“%(name)s” contains macros or other programs. Save it without them or send it as PDF."),
    "document_reaches_out": _l("“%(name)s” loads parts from elsewhere. Take those links out or send it as PDF."),
    "document_broken": _l("“%(name)s” cannot be read as a document. Save it anew and try once more."),
    "picture_kind": _l("“%(name)s” is not a PNG, JPEG, WebP or GIF picture."),
    "picture_too_large": _l("“%(name)s” has too many pixels. Make it smaller."),
    "picture_moves": _l("“%(name)s” moves. Send a still picture."),
    "picture_broken": _l("“%(name)s” cannot be read as a picture."),
    "too_many_files": _l("At most %(most)s files. Take one away first."),
    "handed_in_meanwhile": _l("This proposal was handed in meanwhile. Use the button to save a new version."),
    "saved_elsewhere": _l(
        "This was saved in another window meanwhile. Go on writing: your text stays here. Press “Save draft” to compare both."
    ),
    "saved_by_other": _l(
        "%(name)s saved a change meanwhile. Go on writing: your text stays here. Press “Save draft” to compare both."
    ),
}
