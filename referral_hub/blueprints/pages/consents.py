"""What a client agreed to share: listed, recorded, taken back."""

from uuid import UUID

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from referral_hub.rules.consent import LABEL, METHOD_LABEL, SENSITIVE, Category, ConsentState
from referral_hub.rules.consent_words import (
    CHOSEN_REVOCATIONS,
    EXPLAINED,
    REVOKED_BY_LABEL,
    SIGNER_LABEL,
)
from referral_hub.rules.languages import LANGUAGE_NAME, LANGUAGES_OF_CONSENT
from referral_hub.rules.permissions import Permission, require
from referral_hub.schemas.consent_forms import ConsentForm, RevokeForm
from referral_hub.use_cases.consent_views import RevocationEffects
from referral_hub.use_cases.consents import (
    choices_for_consent,
    list_consents,
    record_consent,
    revoke_consent,
    show_consent,
)
from referral_hub.use_cases.steps.new_consent import NewConsent
from referral_hub.web.guards import needs, signed_in
from referral_hub.web.hub import actor, now, session, vault
from referral_hub.web.own_path import own_path
from referral_hub.web.presentation import counted
from referral_hub.web.submitted import Answer, Submitted, Values, form_page, saved

blueprint = Blueprint("consents", __name__, url_prefix="/clients/<uuid:client_id>/consents")
SETS = ("categories", "recipients", "forwarders")
PLACE = [*ConsentForm().fields, "form"]
"""Fields in the order of the page."""
WORDS = {
    "category_label": LABEL,
    "explained": EXPLAINED,
    "method_label": METHOD_LABEL,
    "signer_label": SIGNER_LABEL,
    "revoked_by_label": REVOKED_BY_LABEL,
    "language_name": LANGUAGE_NAME,
    "state": ConsentState,
}


@blueprint.get("")
@signed_in
def consents(client_id: UUID) -> str:
    """All consents of a client."""
    page = list_consents(session(), actor(), client_id, vault(), now=now())
    return render_template("consents/list.html", page=page, **WORDS)


@blueprint.route("/new", methods=["GET", "POST"])
@signed_in
@needs(Permission.CONSENT_RECORD)
def new(client_id: UUID) -> Answer:
    """Write down a consent."""

    def act(values: Values) -> None:
        sets = {name: frozenset(values[name]) for name in SETS}
        written = NewConsent(**(values | sets))
        record_consent(session(), actor(), client_id, written, vault(), now=now())

    def page(sent: Submitted) -> str:
        choices = choices_for_consent(session(), actor(), client_id, vault(), now=now())
        return _new_page(choices, sent)

    return form_page(ConsentForm(), act, lambda: _recorded(client_id), page)


@blueprint.get("/<uuid:consent_id>")
@signed_in
def consent(client_id: UUID, consent_id: UUID) -> str:
    """One consent."""
    page = show_consent(session(), actor(), client_id, consent_id, vault(), now=now())
    return render_template("consents/consent.html", page=page, consent=page.consents[0], **WORDS)


@blueprint.route("/<uuid:consent_id>/revoke", methods=["GET", "POST"])
@signed_in
@needs(Permission.CONSENT_RECORD)
def revoke(client_id: UUID, consent_id: UUID) -> Answer:
    """Take a consent back."""
    done: list[RevocationEffects] = []

    def act(values: Values) -> None:
        by = values["revoked_by"]
        done.append(revoke_consent(session(), actor(), client_id, consent_id, by, now=now()))

    def page(sent: Submitted) -> str:
        require(actor(), Permission.CONSENT_RECORD)
        found = show_consent(session(), actor(), client_id, consent_id, vault(), now=now())
        return _revoke_page(found, sent)

    return form_page(
        RevokeForm(), act, lambda: saved(_told(done[0]), f"{_all(client_id)}/{consent_id}"), page
    )


def _recorded(client_id: UUID) -> Response:
    """Back to what the consent is for; where it is for nothing yet, to all consents."""
    wanted = request.form.get("next")
    return saved("Consent is recorded.", own_path(wanted) if wanted else _all(client_id))


def _all(client_id: UUID) -> str:
    return f"/clients/{client_id}/consents"


def _new_page(choices: object, sent: Submitted) -> str:
    return render_template(
        "consents/new.html",
        choices=choices,
        plain=[each for each in Category if each not in SENSITIVE],
        sensitive=[each for each in Category if each in SENSITIVE],
        methods=[(each.value, label, "") for each, label in METHOD_LABEL.items()],
        signers=[(each.value, label, "") for each, label in SIGNER_LABEL.items()],
        languages=[(code, LANGUAGE_NAME[code]) for code in LANGUAGES_OF_CONSENT],
        errors={name: sent.faults[name] for name in sorted(sent.faults, key=PLACE.index)},
        form=request.form,
        asked_for=request.args.get("agency", ""),
        next_path=request.values.get("next", ""),
        **WORDS,
    )


def _revoke_page(page: object, sent: Submitted) -> str:
    return render_template(
        "consents/revoke.html",
        page=page,
        ways=[(each.value, REVOKED_BY_LABEL[each], "") for each in CHOSEN_REVOCATIONS],
        errors=sent.faults,
        form=request.form,
        **WORDS,
    )


def _told(effects: RevocationEffects) -> str:
    """What taking back did."""
    told = "Consent is taken back. Nothing more is shared."
    if effects.withdrawn:
        told += f" {counted(len(effects.withdrawn), 'referral is', 'referrals are')} withdrawn."
    if effects.kept:
        kept = counted(len(effects.kept), "accepted referral goes", "accepted referrals go")
        told += f" {kept} on; that agency keeps its own record."
    return told
