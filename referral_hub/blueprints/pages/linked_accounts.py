"""Accounts at one's agency that sign one in here: linked and unlinked by their person."""

from uuid import UUID

from flask import Blueprint, Response, flash, render_template, request

from referral_hub.rules.errors import NotFound
from referral_hub.rules.permissions import NOTHING_HERE
from referral_hub.rules.sign_in import is_proved
from referral_hub.use_cases.identities import show_links, unlink_account
from referral_hub.use_cases.single_sign_on import begin_link
from referral_hub.web.browsers import browser
from referral_hub.web.guards import before_second_factor, proved, signed_in
from referral_hub.web.hub import actor, hub, now, person, session, vault
from referral_hub.web.signing_in import to_page
from referral_hub.web.to_provider import to_provider

blueprint = Blueprint("linked_accounts", __name__)
HERE = "/account/security/agency-accounts"


@blueprint.get(HERE)
@signed_in
@before_second_factor
def accounts() -> str:
    """What is linked, and what could be."""
    return render_template(
        "account/agency_accounts.html",
        view=show_links(session(), actor()),
        is_proved=is_proved(person().proved_at, now()),
    )


@blueprint.post(HERE)
@proved
@before_second_factor
def link() -> Response:
    """Go on to the agency's provider, to show there which account is one's own."""
    try:
        provider_id = UUID(request.form.get("provider", ""))
    except ValueError as error:
        raise NotFound(NOTHING_HERE) from error
    address = begin_link(
        session(), actor(), provider_id, browser(), hub().relying_party,
        vault=vault(), public_url=hub().settings.public_url, now=now(),
    )  # fmt: skip
    return to_provider(address)


@blueprint.post(f"{HERE}/<uuid:identity_id>/remove")
@proved
@before_second_factor
def unlink(identity_id: UUID) -> Response:
    """Unlink one."""
    unlink_account(session(), actor(), identity_id, vault=vault(), now=now())
    flash("That account is unlinked. It does not sign you in any more.")
    return to_page(HERE)
