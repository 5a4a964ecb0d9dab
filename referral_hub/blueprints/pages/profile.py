"""One's own name, languages and e-mail address, to change."""

from flask import Blueprint, render_template, request

from referral_hub.schemas.invitation_forms import token_of
from referral_hub.schemas.profile_forms import (
    ConfirmEmailForm,
    EmailForm,
    LanguagesForm,
    NameForm,
)
from referral_hub.use_cases.account import show_account
from referral_hub.use_cases.profile import (
    ask_for_email,
    change_languages,
    change_name,
    confirm_email,
)
from referral_hub.web.guards import proved, signed_in
from referral_hub.web.hub import actor, now, session, vault
from referral_hub.web.submitted import NOTHING, Answer, Submitted, Values, form_page, saved

blueprint = Blueprint("profile", __name__, url_prefix="/account/profile")
ACCOUNT = "/account"
IS_SENT = "We sent a link to the new address. Open it to confirm; until then nothing changes."


@blueprint.get("")
@proved
def profile() -> str:
    """The forms."""
    return _page(NOTHING)


@blueprint.post("/name")
@proved
def name() -> Answer:
    """Change the name."""

    def act(values: Values) -> None:
        change_name(session(), actor(), values["name"], vault=vault(), now=now())

    return form_page(NameForm(), act, lambda: saved("Your name is changed.", ACCOUNT), _page)


@blueprint.post("/languages")
@proved
def languages() -> Answer:
    """Say which languages one speaks."""

    def act(values: Values) -> None:
        change_languages(session(), actor(), values["languages"], now=now())

    return form_page(
        LanguagesForm(), act, lambda: saved("Your languages are saved.", ACCOUNT), _page
    )


@blueprint.post("/email")
@proved
def email() -> Answer:
    """Send a link to a new address."""

    def act(values: Values) -> None:
        ask_for_email(session(), actor(), values["email"], vault=vault(), now=now())

    return form_page(EmailForm(), act, lambda: saved(IS_SENT, ACCOUNT), _page)


@blueprint.route("/confirm", methods=["GET", "POST"])
@signed_in
def confirm() -> Answer:
    """The page behind the link: what is secret in it stands behind the #, and is sent by POST."""

    def act(values: Values) -> None:
        token = token_of(values["token"])
        confirm_email(session(), actor(), token, vault=vault(), now=now())

    return form_page(
        ConfirmEmailForm(), act, lambda: saved("Your e-mail address is changed.", ACCOUNT),
        lambda sent: render_template("account/confirm_email.html", errors=sent.faults),
    )  # fmt: skip


def _page(sent: Submitted) -> str:
    view = show_account(session(), actor(), vault=vault())
    return render_template("account/profile.html", view=view, errors=sent.faults, form=request.form)
