"""What the forms of milestones and of updates have in common: a page, an act on the locked row, and back to the proposal."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import abort, flash, redirect, render_template, url_for
from sqlalchemy import select

from crowd.core.errors import DomainError
from crowd.followups.forms import MilestoneForm, UpdateForm
from crowd.followups.models import Milestone, Update
from crowd.proposals.gates import proposal_gate
from crowd.proposals.models import Proposal
from crowd.store.db import db, transaction, utc_now
from crowd.web.access import Found, current_actor
from crowd.web.forms import fill_errors
from crowd.web.text import _

T = TypeVar("T", Milestone, Update)


@dataclass(frozen=True)
class Kind(Generic[T]):
    """One kind of entry on a selected proposal: its row, its form, its template, and the actions on it."""

    name: str
    model: type[T]
    form: type[MilestoneForm | UpdateForm]
    add: Callable[..., T]
    edit: Callable[..., None]
    remove: Callable[..., None]
    added: Any

    def blank(self, found: Found[Proposal]) -> str:
        return self._page(found, self.form(formdata=None))

    def save(self, found: Found[Proposal]) -> Any:
        form = self.form()
        if not form.validate_on_submit():
            return self._page(found, form), 422
        with transaction(found.row) as session:
            self.add(session, found.row, form.command(), actor=current_actor(), now=utc_now())
        return _back(found, self.added)

    def filled(self, found: Found[Proposal], key: str) -> str:
        row = self._row(found, key)
        form = self.form(formdata=None, obj=row)
        form.version.data = str(row.version)
        return self._page(found, form, row)

    def save_edit(self, found: Found[Proposal], key: str) -> Any:
        row, form = self._row(found, key), self.form()
        if not form.validate_on_submit():
            return self._page(found, form, row), 422
        try:
            with transaction(row) as session:
                self.edit(session, row, form.command(), actor=current_actor(), now=utc_now())
        except DomainError as error:
            if error.status not in {409, 422}:
                raise
            again = proposal_gate.load(found.row.public_id)
            row = self._row(again, key)
            form.version.data = str(row.version)
            fill_errors(form, error)
            return self._page(again, form, row), error.status
        return _back(found, _("Saved. What it said before can still be read."))

    def take_off(self, found: Found[Proposal], key: str) -> Any:
        row = self._row(found, key)
        with transaction(row) as session:
            self.remove(session, row, actor=current_actor(), now=utc_now())
        return _back(found, _("Removed. The page says that it was."))

    def _page(self, found: Found[Proposal], form: MilestoneForm | UpdateForm, row: T | None = None) -> str:
        page, values = f"followups/{self.name}.html", {self.name: row}
        return render_template(page, found=found, proposal=found.row, form=form, **values)

    def _row(self, found: Found[Proposal], key: str) -> T:
        kept = select(self.model).where(self.model.proposal_id == found.row.id, self.model.removed_at.is_(None))
        return db.session.scalar(kept.where(self.model.public_id == key)) or abort(404)


def _back(found: Found[Proposal], said: Any) -> Any:
    flash(str(said), "success")
    return redirect(url_for("pages.proposal", public_id=found.row.public_id, _anchor="became"), 303)
