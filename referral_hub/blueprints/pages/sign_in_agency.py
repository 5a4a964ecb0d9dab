"""Signing in with one's agency: at the agency's own provider, and back."""

from uuid import UUID

from flask import Blueprint, Response, flash, render_template, request

from referral_hub.rules.errors import InvalidInput, SingleSignOnRefused
from referral_hub.rules.single_sign_on import Answer, Refusal
from referral_hub.use_cases.show_single_sign_on import agencies_with_sign_in
from referral_hub.use_cases.single_sign_on import begin_single_sign_on, finish_single_sign_on
from referral_hub.web.browsers import browser
from referral_hub.web.guards import public
from referral_hub.web.hub import actor, hub, now, session, vault
from referral_hub.web.own_path import own_path
from referral_hub.web.signing_in import after_sign_in, to_page
from referral_hub.web.to_provider import to_provider

blueprint = Blueprint("sign_in_agency", __name__)
CHOOSE = "Choose your agency."


@blueprint.get("/sign-in/sso")
@public
def choose() -> str:
    """The agencies that have a sign-in of their own."""
    return _choice(own_path(request.args.get("next")), {})


@blueprint.post("/sign-in/sso")
@public
def begin() -> Response | tuple[str, int]:
    """Go on to the agency's provider, to sign in or to accept an invitation."""
    aim = own_path(request.form.get("next"))
    try:
        address = begin_single_sign_on(
            session(), actor(), _provider(request.form.get("provider", "")), browser(),
            hub().relying_party, aim, request.form.get("invitation", ""),
            vault=vault(), public_url=hub().settings.public_url, now=now(),
        )  # fmt: skip
    except InvalidInput as error:
        return _choice(aim, error.fields), 422
    return to_provider(address)


@blueprint.get("/sign-in/sso/<uuid:provider_id>/answer")
@public
def answer(provider_id: UUID) -> Response:
    """Take what the provider sent along. What changes is bound to a form sent from here before."""
    signed = finish_single_sign_on(
        session(), actor(), provider_id, _answer(), browser(), hub().relying_party,
        vault=vault(), public_url=hub().settings.public_url, now=now(),
    )  # fmt: skip
    if signed is None:
        flash("Your agency’s sign-in is linked. You can sign in with it from now on.")
        return to_page("/account/security/agency-accounts")
    return after_sign_in(signed)


def _answer() -> Answer:
    """Each parameter at most once: two of a kind are an attempt to be read in two ways."""
    sent = {name: request.args.getlist(name) for name in ("state", "code", "iss", "error")}
    if any(len(values) > 1 for values in sent.values()):
        raise SingleSignOnRefused("The answer of your agency cannot be read.", Refusal.ANSWER)
    state, code, issuer, error = ("".join(values) for values in sent.values())
    return Answer(state, code, issuer, error)


def _choice(aim: str, errors: dict[str, str]) -> str:
    return render_template(
        "sign_in/sso.html",
        agencies=agencies_with_sign_in(session(), actor()),
        next_path=aim,
        errors=errors,
    )


def _provider(typed: str) -> UUID:
    """The provider that was chosen."""
    try:
        return UUID(typed)
    except ValueError as error:
        raise InvalidInput(CHOOSE, {"provider": CHOOSE}) from error
