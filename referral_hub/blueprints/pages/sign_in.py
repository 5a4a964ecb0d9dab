"""Signing in, proving anew who one is, signing out."""

from flask import Blueprint, Response, flash, render_template, request
from flask import session as notes

from referral_hub.rules.actor import Person
from referral_hub.rules.errors import InvalidInput, SignInNeeded
from referral_hub.rules.sign_in import Method
from referral_hub.use_cases.confirm_identity import (
    confirm_with_code,
    confirm_with_password,
    ways_to_confirm,
)
from referral_hub.use_cases.sessions import end_session
from referral_hub.use_cases.sign_in import (
    sign_in_with_code,
    sign_in_with_password,
    waiting_sign_in,
)
from referral_hub.web.browsers import browser
from referral_hub.web.form_tokens import browser_secret
from referral_hub.web.guards import before_second_factor, public, signed_in
from referral_hub.web.hub import actor, hub, now, person, session, vault
from referral_hub.web.own_path import own_path
from referral_hub.web.passkey_site import passkey_site
from referral_hub.web.signing_in import after_sign_in, after_sign_out, to_page

blueprint = Blueprint("sign_in", __name__)
Page = Response | str | tuple[str, int]


@blueprint.get("/sign-in")
@public
def sign_in() -> Page:
    """The form; who is signed in already goes on."""
    aim = own_path(request.args.get("next"))
    return to_page(aim) if isinstance(actor(), Person) else _form(aim, "", {})


@blueprint.post("/sign-in")
@public
def enter() -> Page:
    """Take e-mail address and password."""
    aim, email = own_path(request.form.get("next")), request.form.get("email", "")
    password = request.form.get("password", "")
    blank = {"email": "Enter your e-mail address."} if not email.strip() else {}
    blank |= {"password": "Enter your password."} if not password else {}
    if blank:
        return _form(aim, email, blank), 422
    try:
        signed = sign_in_with_password(
            session(), actor(), email, password, browser(), aim,
            vault=vault(), passwords=hub().passwords, now=now(),
        )  # fmt: skip
    except InvalidInput as error:
        return _form(aim, email, error.fields), 422
    return after_sign_in(signed) if signed else to_page("/sign-in/code")


@blueprint.get("/sign-in/code")
@public
def code() -> Page:
    """The second step, after a right password."""
    return _second_step("code", {})


@blueprint.post("/sign-in/code")
@public
def enter_code() -> Page:
    """Take the code of the authenticator app."""
    return _take("code", Method.AUTHENTICATOR_APP)


@blueprint.get("/sign-in/recovery")
@public
def recovery() -> Page:
    """The second step for people who do not have their phone at hand."""
    return _second_step("recovery", {})


@blueprint.post("/sign-in/recovery")
@public
def enter_recovery() -> Page:
    """Take a recovery code."""
    return _take("recovery", Method.RECOVERY_CODE)


@blueprint.get("/sign-in/confirm")
@signed_in
@before_second_factor
def confirm() -> Page:
    """Ask somebody who is signed in to prove anew who they are."""
    return _confirmation(own_path(request.args.get("next")), {})


@blueprint.post("/sign-in/confirm")
@signed_in
@before_second_factor
def enter_confirm() -> Page:
    """Take the password or a code."""
    aim = own_path(request.form.get("next"))
    try:
        if request.form.get("code"):
            confirm_with_code(session(), actor(), request.form["code"], vault=vault(), now=now())
        else:
            confirm_with_password(
                session(), actor(), request.form.get("password", ""),
                passwords=hub().passwords, now=now(),
            )  # fmt: skip
    except InvalidInput as error:
        return _confirmation(aim, error.fields), 422
    return to_page(aim)


@blueprint.post("/sign-out")
@signed_in
@before_second_factor
def sign_out() -> Response:
    """End the session of this browser."""
    acting = person()
    if acting.session_id is not None:
        end_session(session(), acting, acting.session_id, now=now())
    notes.clear()
    return after_sign_out()


def _form(aim: str, email: str, errors: dict[str, str]) -> str:
    return render_template(
        "sign_in/sign_in.html", next_path=aim, email=email, errors=errors, site=passkey_site()
    )


def _second_step(name: str, errors: dict[str, str]) -> Page:
    try:
        waiting = waiting_sign_in(session(), actor(), browser_secret(), now=now())
    except SignInNeeded as error:
        return _start_again(error)
    if name == "code" and not waiting.app and not (waiting.passkey and passkey_site()):
        return to_page("/sign-in/recovery")
    return render_template(
        f"sign_in/{name}.html", waiting=waiting, errors=errors, site=passkey_site()
    )


def _take(name: str, method: Method) -> Page:
    try:
        signed = sign_in_with_code(
            session(), actor(), method, request.form.get("code", ""), browser(),
            vault=vault(), now=now(),
        )  # fmt: skip
    except SignInNeeded as error:
        return _start_again(error)
    except InvalidInput as error:
        page = _second_step(name, error.fields)
        return (page, 422) if isinstance(page, str) else page
    return after_sign_in(signed)


def _start_again(error: SignInNeeded) -> Response:
    flash(error.message)
    return to_page("/sign-in")


def _confirmation(aim: str, errors: dict[str, str]) -> str:
    ways = ways_to_confirm(session(), actor())
    return render_template(
        "sign_in/confirm.html", next_path=aim, ways=ways, errors=errors, site=passkey_site()
    )
