"""A new password by a link in a mail."""

from flask import Blueprint, Response, flash, render_template, request

from referral_hub.rules.errors import InvalidInput
from referral_hub.use_cases.reset_password import ask_for_reset, reset_password
from referral_hub.web.browsers import browser
from referral_hub.web.guards import public
from referral_hub.web.hub import actor, hub, now, session, vault
from referral_hub.web.signing_in import to_page, with_marks

blueprint = Blueprint("passwords", __name__)
IS_SET = "Your new password is set. Sign in with it."


@blueprint.get("/forgot-password")
@public
def forgot() -> str:
    """Ask for the e-mail address."""
    return render_template("sign_in/forgot_password.html", errors={}, email="")


@blueprint.post("/forgot-password")
@public
def ask() -> str | tuple[str, int]:
    """Send a link; the answer is the same whether there is an account or not."""
    email = request.form.get("email", "")
    if not email.strip():
        errors = {"email": "Enter your e-mail address."}
        return render_template("sign_in/forgot_password.html", errors=errors, email=email), 422
    ask_for_reset(session(), actor(), email, browser(), vault=vault(), now=now())
    return render_template("sign_in/link_sent.html", email=email)


@blueprint.get("/set-password")
@public
def choose() -> str:
    """The form behind the link: what is secret in it stands behind the #, and is sent by POST."""
    return _form({})


@blueprint.post("/set-password")
@public
def set_password() -> Response | tuple[str, int]:
    """Set the new password; then sign in with it."""
    token = request.form.get("token", "").rpartition("#")[2]
    try:
        marks = reset_password(
            session(), actor(), token, request.form.get("password", ""), browser(),
            vault=vault(), passwords=hub().passwords, now=now(),
        )  # fmt: skip
    except InvalidInput as error:
        return _form(error.fields, token), 422
    flash(IS_SET)
    return with_marks(to_page("/sign-in"), marks)


def _form(errors: dict[str, str], token: str = "") -> str:
    return render_template("sign_in/set_password.html", errors=errors, token=token)
