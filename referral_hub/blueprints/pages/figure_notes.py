"""Notes that are pinned to charts: all of them, and where the forms under charts are sent."""

from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from referral_hub.rules.figure_notes import PAGES
from referral_hub.rules.permissions import Permission
from referral_hub.schemas.improvement_forms import FigureNoteForm
from referral_hub.use_cases.figure_notes import list_notes, pin_note, withdraw_note
from referral_hub.web.figure_views import view_of
from referral_hub.web.guards import needs, signed_in
from referral_hub.web.hub import actor, now, session, vault
from referral_hub.web.submitted import Answer, Submitted, Values, form_page, saved

blueprint = Blueprint("figure_notes", __name__, url_prefix="/supervision/notes")
LIST = "/supervision/notes"


@blueprint.get("")
@signed_in
def notes() -> str:
    """The latest notes, with the charts that they are pinned to."""
    found = list_notes(session(), actor(), vault())
    return render_template("supervision/notes.html", notes=found)


@blueprint.post("")
@signed_in
@needs(Permission.FIGURES_FOLLOW)
def pin() -> Answer:
    """Pin a note, and go back to the chart."""
    view = view_of(request.form.get("back"))

    def act(values: Values) -> None:
        parts = urlsplit(view or "")
        pin_note(
            session(), actor(), vault(), parts.path, values["chart"], dict(parse_qsl(parts.query)),
            values["text"], about_on=values["about_on"], now=now(),
        )  # fmt: skip

    return form_page(
        FigureNoteForm(), act, lambda: saved("The note is pinned.", view or PAGES),
        lambda sent: _page(sent, view),
    )  # fmt: skip


@blueprint.post("/<uuid:note_id>/withdraw")
@signed_in
@needs(Permission.FIGURES_FOLLOW)
def withdraw(note_id: UUID) -> Response:
    """Take back a note of one's own, and go back to where it was seen."""
    withdraw_note(session(), actor(), note_id, now=now())
    return saved("The note is taken back.", _back())


def _back() -> str:
    """Where to go back to: the list of notes or a page with figures, and nowhere else."""
    back = request.form.get("back")
    return LIST if back == LIST else view_of(back) or PAGES


def _page(sent: Submitted, view: str | None) -> str:
    return render_template(
        "supervision/note.html", errors=sent.faults, form=request.form, view=view, overview=PAGES
    )
