"""Passkeys: to sign in, to prove anew who one is, and to look after."""

from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, flash, render_template, request

from referral_hub.rules.errors import InvalidInput
from referral_hub.use_cases.passkey_sign_in import (
    begin_passkey_sign_in,
    confirm_with_passkey,
    sign_in_with_passkey,
)
from referral_hub.use_cases.passkeys import (
    add_passkey,
    begin_passkey,
    remove_passkey,
    rename_passkey,
)
from referral_hub.web.browsers import browser
from referral_hub.web.form_tokens import browser_secret
from referral_hub.web.guards import before_second_factor, proved, public, signed_in
from referral_hub.web.hub import actor, now, session, vault
from referral_hub.web.own_path import own_path
from referral_hub.web.passkey_site import require_passkey_site
from referral_hub.web.signing_in import after_sign_in, to_page

blueprint = Blueprint("passkeys", __name__)
HERE = "/account/security"


@blueprint.post("/sign-in/passkey/options")
@public
def options() -> Response:
    """What the browser needs to let a passkey sign."""
    wanted = begin_passkey_sign_in(
        session(), actor(), browser(), require_passkey_site(), own_path(request.form.get("next")),
        vault=vault(), now=now(),
    )  # fmt: skip
    return _as_json(wanted)


@blueprint.post("/sign-in/passkey")
@public
def sign_in() -> Response:
    """Sign in with what the passkey signed."""
    try:
        signed = sign_in_with_passkey(
            session(), actor(), request.form.get("answer", ""), browser(), require_passkey_site(),
            vault=vault(), now=now(),
        )  # fmt: skip
    except InvalidInput as error:
        flash(error.message)
        return _again("/sign-in")
    return after_sign_in(signed)


@blueprint.post("/sign-in/confirm/passkey")
@signed_in
@before_second_factor
def confirm() -> Response:
    """Prove anew who one is."""
    try:
        confirm_with_passkey(
            session(), actor(), request.form.get("answer", ""), browser_secret(),
            require_passkey_site(), now=now(),
        )  # fmt: skip
    except InvalidInput as error:
        flash(error.message)
        return _again("/sign-in/confirm")
    return to_page(own_path(request.form.get("next")))


@blueprint.post("/account/security/passkeys/options")
@proved
@before_second_factor
def new_options() -> Response:
    """What the browser needs to make a passkey."""
    wanted = begin_passkey(
        session(), actor(), browser_secret(), require_passkey_site(), vault=vault(), now=now()
    )
    return _as_json(wanted)


@blueprint.post("/account/security/passkeys")
@proved
@before_second_factor
def add() -> Response | str:
    """Keep the new passkey; show recovery codes where there were none, once."""
    try:
        codes = add_passkey(
            session(), actor(), request.form.get("name", ""), request.form.get("answer", ""),
            browser_secret(), require_passkey_site(), vault=vault(), now=now(),
        )  # fmt: skip
    except InvalidInput as error:
        flash(error.message)
        return to_page(HERE)
    if codes:
        return render_template("account/recovery_codes.html", codes=codes)
    flash("Your passkey is ready.")
    return to_page(HERE)


@blueprint.post("/account/security/passkeys/<uuid:passkey_id>/rename")
@signed_in
@before_second_factor
def rename(passkey_id: UUID) -> Response:
    """Give a passkey another name."""
    rename_passkey(session(), actor(), passkey_id, request.form.get("name", ""), now=now())
    return to_page(HERE)


@blueprint.post("/account/security/passkeys/<uuid:passkey_id>/remove")
@proved
@before_second_factor
def remove(passkey_id: UUID) -> Response:
    """Remove a passkey."""
    remove_passkey(session(), actor(), passkey_id, vault=vault(), now=now())
    flash("The passkey is removed.")
    return to_page(HERE)


def _again(path: str) -> Response:
    return to_page(f"{path}?{urlencode({'next': own_path(request.form.get('next'))})}")


def _as_json(options: str) -> Response:
    return Response(options, mimetype="application/json")
