"""Corrections: a form for everybody on each service, and the lists of who decides."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, render_template, request

from referral_hub.rules.corrections import ListingField
from referral_hub.rules.listings import ListingKey
from referral_hub.rules.permissions import Permission
from referral_hub.schemas.freshness_forms import AcceptForm, ConfirmForm, ProposalForm, RefuseForm
from referral_hub.use_cases.corrections import (
    CorrectionPage,
    accept_correction,
    list_corrections,
    list_unanswered_corrections,
    propose_correction,
    refuse_correction,
    show_correction_form,
)
from referral_hub.use_cases.verify_listing import review_queue, verify_listing
from referral_hub.web.acting import own_agency
from referral_hub.web.call_limits import caller, limit_calls
from referral_hub.web.guards import needs, public, signed_in
from referral_hub.web.hub import actor, now, session, vault
from referral_hub.web.paging import page_number
from referral_hub.web.spam import is_bait_taken, require_read_form, shown_at
from referral_hub.web.submitted import NOTHING, Answer, Submitted, Values, form_page, saved

blueprint = Blueprint("corrections", __name__)
OWN, NETWORK, FRESHNESS = "/listings/corrections", "/network/corrections", "/network/freshness"


@blueprint.route("/services/<uuid:service_id>/correction", methods=["GET", "POST"])
@public
def propose(service_id: UUID) -> Answer:
    """Propose that a service should say something else."""

    def act(values: Values) -> None:
        limit_calls("correction")
        if is_bait_taken(values["nickname"]):
            return
        require_read_form(values["shown"])
        propose_correction(
            session(), actor(), service_id, values["field"], values["proposed"], values["note"],
            caller=caller(), now=now(),
        )  # fmt: skip

    def page(sent: Submitted) -> str:
        return render_template(
            "listings/propose.html",
            view=show_correction_form(session(), actor(), service_id),
            fields=tuple(ListingField),
            shown=request.form.get("shown") if "shown" not in sent.faults and sent.faults
            else shown_at(now()),
            errors=sent.faults,
            form=request.form,
        )  # fmt: skip

    thanks = "Thank you. Whoever answers for this service looks at what you sent."
    return form_page(
        ProposalForm(), act, lambda: saved(thanks, f"/services/{service_id}/correction"), page
    )


@blueprint.get(OWN)
@signed_in
def own() -> str:
    """The proposals that wait for one's own agency."""
    return _own(NOTHING)


@blueprint.get(NETWORK)
@signed_in
def of_nobody() -> str:
    """The proposals for listings that no agency answers for."""
    return _of_nobody(NOTHING)


@blueprint.post(f"{OWN}/<uuid:correction_id>/accept")
@signed_in
@needs(Permission.CORRECTION_DECIDE)
def accept(correction_id: UUID) -> Answer:
    """Change the listing as proposed."""
    return _decide(correction_id, OWN)


@blueprint.post(f"{OWN}/<uuid:correction_id>/refuse")
@signed_in
@needs(Permission.CORRECTION_DECIDE)
def refuse(correction_id: UUID) -> Answer:
    """Leave the listing as it is."""
    return _refuse(correction_id, OWN)


@blueprint.post(f"{NETWORK}/<uuid:correction_id>/accept")
@signed_in
@needs(Permission.LISTING_REVIEW)
def accept_for_nobody(correction_id: UUID) -> Answer:
    """Change a listing that no agency answers for."""
    return _decide(correction_id, NETWORK)


@blueprint.post(f"{NETWORK}/<uuid:correction_id>/refuse")
@signed_in
@needs(Permission.LISTING_REVIEW)
def refuse_for_nobody(correction_id: UUID) -> Answer:
    """Leave a listing that no agency answers for as it is."""
    return _refuse(correction_id, NETWORK)


@blueprint.get(FRESHNESS)
@signed_in
def freshness() -> str:
    """The listings that nobody confirms."""
    return _freshness(NOTHING)


@blueprint.post(FRESHNESS)
@signed_in
@needs(Permission.LISTING_REVIEW)
def confirm() -> Answer:
    """Say for the network that a listing is still true."""

    def act(values: Values) -> None:
        listing = ListingKey(values["table"], values["listing_id"])
        verify_listing(session(), actor(), listing, now=now())

    return form_page(
        ConfirmForm(), act, lambda: saved("The listing is confirmed.", FRESHNESS), _freshness
    )


def _decide(correction_id: UUID, where: str) -> Answer:
    def act(values: Values) -> None:
        accept_correction(
            session(), actor(), correction_id, vault(), seen=request.form.get("seen", ""),
            value=values["value"], now=now(),
        )  # fmt: skip

    return form_page(AcceptForm(), act, lambda: saved("Accepted.", where), _list_at(where))


def _refuse(correction_id: UUID, where: str) -> Answer:
    def act(values: Values) -> None:
        refuse_correction(session(), actor(), correction_id, values["reason"], now=now())

    return form_page(
        RefuseForm(), act, lambda: saved("Refused. The listing stays as it is.", where),
        _list_at(where),
    )  # fmt: skip


def _freshness(sent: Submitted) -> str:
    found = review_queue(session(), actor(), page=page_number(request.args), now=now())
    return render_template("network/freshness.html", found=found, errors=sent.faults)


def _list_at(where: str) -> Callable[[Submitted], str]:
    return _own if where == OWN else _of_nobody


def _own(sent: Submitted) -> str:
    page = page_number(request.args)
    found = list_corrections(session(), actor(), own_agency(), page=page)
    return _list(found, OWN, sent)


def _of_nobody(sent: Submitted) -> str:
    page = page_number(request.args)
    found = list_unanswered_corrections(session(), actor(), page=page, now=now())
    return _list(found, NETWORK, sent)


def _list(found: CorrectionPage, where: str, sent: Submitted) -> str:
    return render_template(
        "listings/corrections.html", found=found, where=where, errors=sent.faults,
        form=request.form, acting=(request.view_args or {}).get("correction_id"),
    )  # fmt: skip
