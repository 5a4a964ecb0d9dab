"""The settings of the network."""

from flask import Blueprint, render_template, request
from werkzeug.datastructures import MultiDict

from referral_hub.rules.errors import InvalidInput
from referral_hub.use_cases.network_settings import change_settings, list_settings
from referral_hub.web.guards import proved
from referral_hub.web.hub import actor, now, session
from referral_hub.web.submitted import Answer, saved

blueprint = Blueprint("network_settings", __name__, url_prefix="/network")


@blueprint.get("/settings")
@proved
def settings() -> Answer:
    """Every setting with its value and its meaning."""
    return _page({}, None)


@blueprint.post("/settings")
@proved
def change() -> Answer:
    """Change the settings, all or none."""
    try:
        changed = change_settings(session(), actor(), request.form.to_dict(flat=False), now=now())
    except InvalidInput as error:
        return _page(error.fields, request.form), 422
    return saved("The settings are saved." if changed else "Nothing changed.", "/network/settings")


def _page(faults: dict[str, str], typed: MultiDict[str, str] | None) -> str:
    groups = list_settings(session(), actor())
    return render_template("network/settings.html", groups=groups, errors=faults, typed=typed)
