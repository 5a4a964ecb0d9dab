"""Clients from a file: looked through first, then loaded as a whole or not."""

from flask import Blueprint, render_template, request

from referral_hub.rules.errors import ImportFailed, InvalidInput
from referral_hub.rules.permissions import Permission
from referral_hub.schemas.client_forms import LoadClientsForm
from referral_hub.use_cases.clients import client_choices
from referral_hub.use_cases.import_clients import import_clients, preview_clients
from referral_hub.web.client_input import packed, require_change, sent_file, unpacked
from referral_hub.web.guards import needs, signed_in
from referral_hub.web.hub import actor, now, session, vault
from referral_hub.web.submitted import Answer, Submitted, Values, form_page, saved

blueprint = Blueprint("client_import", __name__, url_prefix="/clients/import")


@blueprint.route("", methods=["GET", "POST"])
@signed_in
@needs(Permission.CLIENT_CHANGE)
def look() -> Answer:
    """Choose a file and see what it would do."""
    require_change()
    if request.method != "POST":
        return render_template("clients/import.html", errors={})
    try:
        return _preview(sent_file("file"), {})
    except (ImportFailed, InvalidInput) as error:
        return render_template("clients/import.html", errors=error.fields), 422


@blueprint.post("/load")
@signed_in
@needs(Permission.CLIENT_CHANGE)
def load() -> Answer:
    """Load the file that was looked through."""
    said: list[str] = []

    def act(values: Values) -> None:
        try:
            said.append(_load(values))
        except ImportFailed as error:
            raise InvalidInput(error.message, {"content": error.message}) from error

    return form_page(LoadClientsForm(), act, lambda: saved(said[0], "/clients"), _again)


def _load(values: Values) -> str:
    done = import_clients(
        session(), actor(), unpacked(values["content"]), vault(), team_id=values["team_id"],
        worker_id=values["worker_id"], doubles_too=values["doubles_too"], now=now(),
    )  # fmt: skip
    left_out = done.rows - done.added
    return f"Clients added: {done.added}. Left out, since they may be here already: {left_out}."


def _again(sent: Submitted) -> str:
    try:
        return _preview(unpacked(request.form.get("content", "")), sent.faults)
    except (ImportFailed, InvalidInput):
        return render_template("clients/import.html", errors=sent.faults)


def _preview(content: bytes, errors: dict[str, str]) -> str:
    found = preview_clients(session(), actor(), content, vault(), now=now())
    return render_template(
        "clients/preview.html", found=found, content=packed(content), errors=errors,
        choices=client_choices(session(), actor(), vault()), form=request.form,
    )  # fmt: skip
