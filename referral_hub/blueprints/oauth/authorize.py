"""Where people say whether an application may act in their name."""

from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, request

from referral_hub.auth.authorization import (
    Asked,
    Step,
    after_proof,
    next_step,
    read_authorization,
    send_back_refused,
    send_back_with_code,
)
from referral_hub.auth.messages import OAuth2Error
from referral_hub.auth.provider import AUTHORIZE
from referral_hub.auth.token_sources import Consent
from referral_hub.rules.actor import Person
from referral_hub.rules.errors import InvalidInput, SecondFactorNeeded
from referral_hub.rules.redirect_uris import form_targets_of, origin_of
from referral_hub.rules.scopes import MEANING
from referral_hub.use_cases.application_consent import (
    allow_application,
    allowed_before,
    show_consent,
)
from referral_hub.use_cases.sessions import act_for
from referral_hub.web.guards import public
from referral_hub.web.hub import actor, now, person, session, vault
from referral_hub.web.oauth import oauth_request, server, to_response
from referral_hub.web.security_headers import let_form_lead_to

blueprint = Blueprint("oauth_authorize", __name__)
PROVED = "proved"
"""Marks the address of somebody who comes from the sign-in form."""


@blueprint.get(AUTHORIZE)
@public
def authorize() -> Response:
    """Ask the person who is there, or send them on where nothing is to be asked."""
    asked = _asked()
    step, allowed = _step(asked)
    if step in (Step.SIGN_IN, Step.CONFIRM):
        return _to_proof(step)
    if step is Step.GO_ON and allowed is not None:
        return _onward(_with_code(asked, allowed))
    view = show_consent(session(), actor(), vault(), asked.client.id, asked.scopes)
    let_form_lead_to(form_targets_of(asked.redirect_uri))
    page = render_template(
        "oauth/consent.html", consent=view, meaning=MEANING, back=origin_of(asked.redirect_uri)
    )
    return make_response(page)


@blueprint.post(AUTHORIZE)
@public
def decide() -> Response:
    """What the person said; the request stands in the address as before."""
    asked = _asked()
    step, _ = _step(asked)
    if step in (Step.SIGN_IN, Step.CONFIRM):
        return _to_proof(step)
    match request.form.get("decision"):
        case "allow":
            allowed = allow_application(
                session(), actor(), asked.client.id, asked.scopes, now=now()
            )
            return _with_code(asked, allowed)
        case "refuse":
            return to_response(send_back_refused(server(), asked))
        case "switch":
            act_for(session(), actor(), _agency(), now=now())
            return make_response(redirect(f"{AUTHORIZE}?{urlencode(_parameters())}", 303))
    raise InvalidInput("Choose whether the application may do this.")


@blueprint.errorhandler(OAuth2Error)
def refused(error: OAuth2Error) -> Response:
    """Back with the error if that address is known to be the application's, else a page."""
    if error.redirect_uri:
        return to_response(server().answer_error(error))
    page = render_template(
        "oauth/refused.html", code=error.error, detail=error.get_error_description()
    )
    return make_response(page, 400)


def _asked() -> Asked:
    return read_authorization(server(), oauth_request(AUTHORIZE, _parameters()))


def _step(asked: Asked) -> tuple[Step, UUID | None]:
    found = actor()
    who = found if isinstance(found, Person) else None
    allowed = None
    if who is not None and not who.second_factor_missing:
        allowed = allowed_before(session(), who, asked.client.id, asked.scopes)
    step = next_step(asked, who, allowed, now())
    if step is Step.SECOND_FACTOR:
        raise SecondFactorNeeded("Your role needs a second step to sign in. Set one up first.")
    return step, allowed


def _parameters() -> list[tuple[str, str]]:
    return list(request.args.items(multi=True))


def _to_proof(step: Step) -> Response:
    """To sign in, or to prove it anew, and back to this request."""
    where = "/sign-in" if step is Step.SIGN_IN else "/sign-in/confirm"
    back = f"{AUTHORIZE}?{urlencode([*after_proof(_parameters()), (PROVED, '1')])}"
    code = 303 if request.method == "POST" else 302
    return make_response(redirect(f"{where}?{urlencode({'next': back})}", code))


def _with_code(asked: Asked, allowed: UUID) -> Response:
    held = person().session_id
    if held is None:  # a person in a browser always has one
        raise InvalidInput("Sign in again.")
    return to_response(send_back_with_code(server(), asked, Consent(allowed, held)))


def _onward(response: Response) -> Response:
    """By a page instead of a redirect for who comes from the sign-in form.

    Browsers hold redirects against the page of the form, and that one leads nowhere else.
    """
    if PROVED not in request.args:
        return response
    page = render_template("oauth/onward.html", address=response.headers["Location"])
    return make_response(page)


def _agency() -> UUID | None:
    """The agency that was chosen; nothing stands for the network."""
    chosen = request.form.get("agency", "")
    try:
        return UUID(chosen) if chosen else None
    except ValueError as error:
        raise InvalidInput("Choose an agency.") from error
