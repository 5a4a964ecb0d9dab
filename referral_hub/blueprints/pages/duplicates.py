"""Records that may be listed twice: a list, each pair side by side, and what is decided."""

from uuid import UUID

from flask import Blueprint, render_template, request

from referral_hub.rules.permissions import Permission, require
from referral_hub.schemas.duplicate_forms import (
    TAKE,
    DuplicatesArguments,
    NothingForm,
    Side,
    merge_form,
)
from referral_hub.use_cases.merge_duplicates import (
    merge_duplicates,
    say_not_duplicates,
    unmerge_duplicates,
)
from referral_hub.use_cases.show_duplicates import list_duplicates, show_duplicate
from referral_hub.web.guards import needs, proved, signed_in
from referral_hub.web.hub import actor, now, session, vault
from referral_hub.web.input import load_arguments
from referral_hub.web.submitted import NOTHING, Answer, Submitted, Values, form_page, saved

blueprint = Blueprint("duplicates", __name__, url_prefix="/network/duplicates")


@blueprint.get("")
@signed_in
def duplicates() -> tuple[str, int]:
    """Pairs that wait for a decision, or were decided, page by page."""
    require(actor(), Permission.DUPLICATE_DECIDE)
    values, faults = load_arguments(DuplicatesArguments(), request.args)
    found = list_duplicates(
        session(), actor(), values["state"], values["kind"], page=values["page"]
    )
    shown = render_template(
        "network/duplicates.html", found=found, asked=values, errors=faults, params=request.args
    )
    return shown, 422 if faults else 200


@blueprint.get("/<uuid:pair_id>")
@signed_in
def duplicate(pair_id: UUID) -> str:
    """One pair, side by side."""
    return _page(pair_id, NOTHING)


@blueprint.post("/<uuid:pair_id>/merge")
@proved
@needs(Permission.DUPLICATE_DECIDE)
def merge(pair_id: UUID) -> Answer:
    """Put one record in the place of the other."""
    pair = show_duplicate(session(), actor(), pair_id)

    def act(values: Values) -> None:
        stays = pair.one.id if values["survivor"] is Side.ONE else pair.other.id
        chosen = [
            each.field
            for each in pair.choices
            if values[f"{TAKE}{each.field}"] not in (None, values["survivor"])
        ]
        note = values["note"] or ""
        merge_duplicates(session(), actor(), pair_id, stays, vault(), chosen, note=note, now=now())

    return form_page(
        merge_form(pair.line.table), act,
        lambda: saved("The two are merged. Both addresses lead to the one that stays.",
                      _address(pair_id)),
        lambda sent: _page(pair_id, sent),
    )  # fmt: skip


@blueprint.post("/<uuid:pair_id>/differ")
@proved
@needs(Permission.DUPLICATE_DECIDE)
def differ(pair_id: UUID) -> Answer:
    """Say that the two are not one."""
    return form_page(
        NothingForm(), lambda _: say_not_duplicates(session(), actor(), pair_id, now=now()),
        lambda: saved("They stay two, and are not proposed again.", "/network/duplicates"),
        lambda sent: _page(pair_id, sent),
    )  # fmt: skip


@blueprint.post("/<uuid:pair_id>/unmerge")
@proved
@needs(Permission.DUPLICATE_DECIDE)
def unmerge(pair_id: UUID) -> Answer:
    """Take a merge back."""
    return form_page(
        NothingForm(),
        lambda _: unmerge_duplicates(session(), actor(), pair_id, vault(), now=now()),
        lambda: saved("The merge is taken back. Both are as they were.", _address(pair_id)),
        lambda sent: _page(pair_id, sent),
    )  # fmt: skip


def _page(pair_id: UUID, sent: Submitted) -> str:
    pair = show_duplicate(session(), actor(), pair_id)
    return render_template(
        "network/duplicate.html", pair=pair, errors=sent.faults, form=request.form, take=TAKE
    )


def _address(pair_id: UUID) -> str:
    return f"/network/duplicates/{pair_id}"
