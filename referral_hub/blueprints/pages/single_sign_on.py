"""The single sign-on of one's own agency: set up, renewed and disabled by its administrators."""

from flask import Blueprint, Response, flash, render_template, request

from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.sign_in import is_proved
from referral_hub.use_cases.identity_providers import (
    disable_provider,
    renew_client_secret,
    set_up_provider,
)
from referral_hub.use_cases.show_single_sign_on import show_provider
from referral_hub.web.acting import own_agency
from referral_hub.web.guards import proved, signed_in
from referral_hub.web.hub import actor, hub, now, person, session, vault
from referral_hub.web.signing_in import to_page

blueprint = Blueprint("single_sign_on", __name__)
HERE = "/agency/single-sign-on"
Page = Response | tuple[str, int]


@blueprint.get(HERE)
@signed_in
def show() -> str:
    """What is set up, or the form to set it up."""
    return _page({})


@blueprint.post(HERE)
@proved
def set_up() -> Page:
    """Ask the provider whether it can be used, and keep it."""
    name, issuer, client_id, secret = (
        request.form.get(field, "") for field in ("name", "issuer", "client_id", "client_secret")
    )
    try:
        set_up_provider(
            session(), actor(), own_agency(), name, issuer, client_id, secret,
            party=hub().relying_party, vault=vault(), now=now(),
        )  # fmt: skip
    except InvalidInput as error:
        return _page(error.fields), 422
    flash("Single sign-on is set up. Each person links their account, or accepts an invitation.")
    return to_page(HERE)


@blueprint.post(f"{HERE}/secret")
@proved
def renew_secret() -> Page:
    """Take a new client secret."""
    secret = request.form.get("client_secret", "")
    try:
        renew_client_secret(session(), actor(), own_agency(), secret, vault=vault(), now=now())
    except InvalidInput as error:
        return _page(error.fields), 422
    flash("The new client secret is in use.")
    return to_page(HERE)


@blueprint.post(f"{HERE}/disable")
@proved
def disable() -> Response:
    """End it, with all sessions that came through it."""
    disable_provider(session(), actor(), own_agency(), now=now())
    flash("Single sign-on is disabled. Everybody who came through it is signed out.")
    return to_page(HERE)


def _page(errors: dict[str, str]) -> str:
    return render_template(
        "agency/single_sign_on.html",
        view=show_provider(session(), actor(), own_agency(), hub().settings.public_url),
        form=request.form,
        errors=errors,
        is_proved=is_proved(person().proved_at, now()),
    )
