"""How one signs in: password, authenticator app, recovery codes."""

from flask import Blueprint, Response, flash, render_template, request

from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.sign_in import is_proved
from referral_hub.use_cases.account import show_security
from referral_hub.use_cases.change_password import change_password
from referral_hub.use_cases.passkeys import list_passkeys
from referral_hub.use_cases.second_factors import (
    app_to_confirm,
    begin_app,
    confirm_app,
    new_recovery_codes,
    remove_app,
)
from referral_hub.web.browsers import browser
from referral_hub.web.guards import before_second_factor, proved, signed_in
from referral_hub.web.hub import actor, hub, now, person, session, vault
from referral_hub.web.passkey_site import passkey_site
from referral_hub.web.signing_in import to_page, with_marks

blueprint = Blueprint("security", __name__)
HERE = "/account/security"


@blueprint.get(HERE)
@signed_in
@before_second_factor
def security() -> str:
    """Everything at a glance, and what can be changed."""
    return _page({})


@blueprint.post("/account/password")
@proved
@before_second_factor
def new_password() -> Response | tuple[str, int]:
    """Change the password, or set a first one."""
    try:
        marks = change_password(
            session(), actor(), request.form.get("password", ""), browser(),
            vault=vault(), passwords=hub().passwords, now=now(),
        )  # fmt: skip
    except InvalidInput as error:
        return _page(error.fields), 422
    flash("Your new password is set. You were signed out everywhere else.")
    return with_marks(to_page(HERE), marks)


@blueprint.post("/account/security/app/begin")
@proved
@before_second_factor
def begin() -> Response:
    """Begin to set up an authenticator app."""
    begin_app(session(), actor(), vault=vault(), now=now())
    return to_page("/account/security/app")


@blueprint.get("/account/security/app")
@proved
@before_second_factor
def app() -> Response | str:
    """The picture to scan, and a field for the first code."""
    return _app({})


@blueprint.post("/account/security/app")
@proved
@before_second_factor
def finish() -> Response | str | tuple[str, int]:
    """Take the first code; show the recovery codes, once."""
    try:
        codes = confirm_app(
            session(), actor(), request.form.get("code", ""), vault=vault(), now=now()
        )
    except InvalidInput as error:
        page = _app(error.fields)
        return (page, 422) if isinstance(page, str) else page
    if codes:
        return render_template("account/recovery_codes.html", codes=codes)
    flash("Your authenticator app is set up.")
    return to_page(HERE)


@blueprint.post("/account/security/app/remove")
@proved
@before_second_factor
def remove() -> Response:
    """Remove the authenticator app."""
    remove_app(session(), actor(), vault=vault(), now=now())
    flash("Your authenticator app is removed.")
    return to_page(HERE)


@blueprint.post("/account/security/recovery-codes")
@proved
@before_second_factor
def renew_codes() -> str:
    """New recovery codes, shown once."""
    codes = new_recovery_codes(session(), actor(), vault=vault(), now=now())
    return render_template("account/recovery_codes.html", codes=codes)


def _page(errors: dict[str, str]) -> str:
    acting = person()
    return render_template(
        "account/security.html",
        view=show_security(session(), acting),
        passkeys=list_passkeys(session(), acting),
        is_proved=is_proved(acting.proved_at, now()),
        is_missing=acting.second_factor_missing,
        site=passkey_site(),
        errors=errors,
    )


def _app(errors: dict[str, str]) -> Response | str:
    setup = app_to_confirm(session(), actor(), vault=vault())
    if setup is None:
        return to_page(HERE)
    return render_template("account/authenticator_app.html", setup=setup, errors=errors)
