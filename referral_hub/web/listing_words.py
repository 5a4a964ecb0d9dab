"""Words of listings for templates."""

from flask import Flask

from referral_hub.rules.listing_sections import Options
from referral_hub.rules.listing_state import MOVES, STATE_LABEL, STATE_MEANING
from referral_hub.rules.listing_words import TABLE_LABEL
from referral_hub.rules.listings import ListingAct, ListingKey
from referral_hub.rules.visibility import WHY_READ_LABEL, WHY_SHOWN_LABEL

KINDS = {
    "services": "service",
    "organizations": "organization",
    "programs": "program",
    "locations": "location",
}
"""The tables of listings by what addresses call them."""
ACT_LABEL = {
    ListingAct.EDIT: "Edited",
    ListingAct.UNDO: "Taken back",
    ListingAct.CORRECTION: "Corrected as proposed",
    ListingAct.IMPORT: "Imported",
    ListingAct.MERGE: "Merged",
    ListingAct.VERIFY: "Confirmed",
}
CAPACITY_LABEL = {
    "open": "Takes referrals", "limited": "Few places", "waiting_list": "Waiting list",
    "closed": "Takes none", "": "Not said",
}  # fmt: skip


def listing_address(listing: ListingKey) -> str:
    """Where a listing's own page is."""
    if listing.table == "service":
        return f"/listings/{listing.id}"
    kind = next(kind for kind, table in KINDS.items() if table == listing.table)
    return f"/listings/{kind}/{listing.id}"


def listing_kind(listing: ListingKey) -> str:
    """What kind of listing it is, in a word."""
    return TABLE_LABEL[listing.table]


def with_chosen(options: Options, chosen: str) -> Options:
    """Options and what is chosen, which a source may have written in its own way."""
    known = not chosen or any(value == chosen for value, _ in options)
    return options if known else (*options, (chosen, chosen))


def chosen_words(options: Options, text: str) -> str:
    """What is chosen as the form calls it, a choice a line; what is no choice as it is."""
    return "\n".join(dict(options).get(line, line) for line in text.splitlines())


def with_meaning(options: Options) -> list[tuple[str, str, str]]:
    """Options as boxes to tick want them."""
    return [(value, label, "") for value, label in options]


def register_listing_words(app: Flask) -> None:
    """Give templates the labels of states, moves and acts, and the addresses of listings."""
    app.add_template_global(listing_address)
    app.add_template_global(listing_kind)
    app.add_template_global(with_chosen)
    app.add_template_global(with_meaning)
    app.add_template_global(chosen_words)
    app.jinja_env.globals |= {
        "listing_state_label": STATE_LABEL,
        "listing_state_meaning": STATE_MEANING,
        "listing_moves": MOVES,
        "listing_act_label": ACT_LABEL,
        "listing_capacity_label": CAPACITY_LABEL,
        "why_read_options": list(WHY_READ_LABEL.items()),
        "why_shown_options": list(WHY_SHOWN_LABEL.items()),
    }
