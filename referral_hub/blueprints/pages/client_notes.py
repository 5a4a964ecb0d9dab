"""Notes about a client, and what is to be done for them."""

from uuid import UUID

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from referral_hub.rules.errors import NotFound
from referral_hub.rules.permissions import NOTHING_HERE, Permission
from referral_hub.schemas.client_forms import ChangeTaskForm, DoneForm, NoteForm, TaskForm
from referral_hub.use_cases.client_notes import add_note
from referral_hub.use_cases.clients import client_choices, show_client
from referral_hub.use_cases.show_check_ins import my_check_ins
from referral_hub.use_cases.tasks import add_task, change_task, list_tasks, mark_task
from referral_hub.web.client_input import require_change
from referral_hub.web.guards import needs, signed_in
from referral_hub.web.hub import actor, now, person, session, vault
from referral_hub.web.submitted import Answer, Submitted, Values, form_page, saved

blueprint = Blueprint("client_notes", __name__, url_prefix="/clients")


@blueprint.get("/tasks")
@signed_in
def tasks() -> str:
    """What one has to do, for all clients."""
    return render_template(
        "clients/tasks.html",
        tasks=list_tasks(session(), actor(), vault(), now=now()),
        actions=my_check_ins(session(), actor(), vault(), now=now()).actions,
    )


@blueprint.route("/<uuid:client_id>/notes/add", methods=["GET", "POST"])
@signed_in
@needs(Permission.CLIENT_CHANGE)
def new_note(client_id: UUID) -> Answer:
    """Write a note."""
    require_change()

    def act(values: Values) -> None:
        add_note(session(), actor(), client_id, vault=vault(), **values, now=now())

    return form_page(
        NoteForm(), act, lambda: _saved("The note is written.", client_id, "notes"),
        lambda sent: _note_page(client_id, sent),
    )  # fmt: skip


@blueprint.route("/<uuid:client_id>/tasks/add", methods=["GET", "POST"])
@signed_in
@needs(Permission.CLIENT_CHANGE)
def new_task(client_id: UUID) -> Answer:
    """Add a task."""
    require_change()

    def act(values: Values) -> None:
        add_task(session(), actor(), client_id, vault=vault(), **values, now=now())

    return form_page(
        TaskForm(), act, lambda: _saved("The task is added.", client_id, "tasks"),
        lambda sent: _task_page(client_id, None, sent),
    )  # fmt: skip


@blueprint.route("/<uuid:client_id>/tasks/<uuid:task_id>", methods=["GET", "POST"])
@signed_in
@needs(Permission.CLIENT_CHANGE)
def task(client_id: UUID, task_id: UUID) -> Answer:
    """Say anew how a task presses, until when, and who does it."""
    require_change()

    def act(values: Values) -> None:
        change_task(session(), actor(), client_id, task_id, **values, now=now())

    return form_page(
        ChangeTaskForm(), act, lambda: _saved("The task is changed.", client_id, "tasks"),
        lambda sent: _task_page(client_id, task_id, sent),
    )  # fmt: skip


@blueprint.post("/<uuid:client_id>/tasks/<uuid:task_id>/mark")
@signed_in
@needs(Permission.CLIENT_CHANGE)
def mark(client_id: UUID, task_id: UUID) -> Answer:
    """Say that a task is done, or is not."""

    def act(values: Values) -> None:
        mark_task(session(), actor(), client_id, task_id, done=values["done"], now=now())

    return form_page(
        DoneForm(), act, lambda: _saved("The task is changed.", client_id, "tasks"),
        lambda sent: _task_page(client_id, task_id, sent),
    )  # fmt: skip


def _note_page(client_id: UUID, sent: Submitted) -> str:
    view = show_client(session(), actor(), client_id, vault(), now=now())
    asked = request.values.get("corrects_id", "")
    corrected = next((each for each in view.notes if str(each.id) == asked), None)
    if asked and corrected is None:
        raise NotFound(NOTHING_HERE)
    return render_template(
        "clients/note.html", client=view, corrected=corrected, errors=sent.faults,
        form=request.form,
    )  # fmt: skip


def _task_page(client_id: UUID, task_id: UUID | None, sent: Submitted) -> str:
    view = show_client(session(), actor(), client_id, vault(), now=now())
    found = next((each for each in view.tasks if each.id == task_id), None)
    if task_id is not None and found is None:
        raise NotFound(NOTHING_HERE)
    return render_template(
        "clients/task.html", client=view, task=found, errors=sent.faults, form=request.form,
        choices=client_choices(session(), actor(), vault()), me=person().person_id,
    )  # fmt: skip


def _saved(note: str, client_id: UUID, section: str) -> Response:
    return saved(note, f"/clients/{client_id}#{section}")
